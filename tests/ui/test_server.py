"""The address under which recordings are heard: ranges and refusals (RFC 9110, section 14)."""

import asyncio
import io

import pytest
from starlette.testclient import TestClient

from tests.services.voice_notes.test_recordings import sound
from workbench.services.voice_notes import listen
from workbench.settings import bundled
from workbench.store.voice_notes import media, recordings
from workbench.store.voice_notes.recordings import NewRecording
from workbench.ui import server


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        (None, (0, 999)),
        ("bytes=0-0", (0, 0)),
        ("bytes=10-19", (10, 19)),
        ("bytes=990-2000", (990, 999)),
        ("bytes=990-", (990, 999)),
        ("bytes=-10", (990, 999)),
        ("bytes=-5000", (0, 999)),
        ("bytes=1000-", None),
        ("bytes=20-10", None),
        ("bytes=-0", None),
        ("bytes=0-1,5-6", (0, 999)),  # several ranges: the whole is a right answer too
        ("lines=1-2", (0, 999)),
        ("bytes=-", (0, 999)),
    ],
)
def test_ranges_are_read_as_the_standard_says(wanted, span):
    assert server.span_of(wanted, 1_000) == span


@pytest.fixture
def address(empty, tmp_path, monkeypatch):
    """Give a function that asks for a recording, its address, and its bytes."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    monkeypatch.setenv("WORKBENCH_MEDIA_URL", str(tmp_path / "media"))
    monkeypatch.setattr(server, "_database", lambda: empty.database)
    data = sound(seconds=20)
    uri = media.media_store(empty.database).put(io.BytesIO(data), "ab" * 32, "wav")
    with empty.database.write() as connection:
        key = recordings.add_recording(
            connection, empty.study_id, empty.actor.id,
            NewRecording("ab" * 32, uri, "a.wav", "audio/wav", len(data), 400),
        )  # fmt: skip
    url = listen.audio_url(empty.actor, empty.database, empty.study_id, key)
    app = Starlette(routes=[Route("/recordings/{ticket}", server.handle, methods=["GET", "HEAD"])])
    with TestClient(app) as client:
        yield client, url, data
    asyncio.set_event_loop(None)


def test_the_whole_recording_is_streamed(address):
    client, url, data = address
    answer = client.get(url)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"].startswith("audio/wav")


def test_any_part_of_it_can_be_had(address):
    client, url, data = address
    for first, last in ((0, 1), (44, 5_000), (300_000, 599_999), (len(data) - 3, len(data) - 1)):
        answer = client.get(url, headers={"Range": f"bytes={first}-{last}"})
        assert (answer.status_code, answer.content) == (206, data[first : last + 1])
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(data)}"
        assert answer.headers["content-length"] == str(last - first + 1)
    whole = client.get(url, headers={"Range": "bytes=0-"})
    assert (whole.status_code, whole.content) == (206, data)


def test_what_is_not_there_cannot_be_had(address):
    client, url, data = address
    answer = client.get(url, headers={"Range": f"bytes={len(data)}-"})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(data)}"


def test_the_head_alone_tells_the_size(address):
    client, url, data = address
    answer = client.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(data))


def test_a_wrong_ticket_is_refused_without_a_word_of_the_recording(address):
    client, url, data = address
    for wrong in (url[:-2], "/recordings/1.1.1.9999999999.x", "/recordings/..%2f..%2fetc"):
        answer = client.get(wrong)
        assert answer.status_code in (403, 404)
        assert data[:100] not in answer.content
    assert client.post(url).status_code == 405


def test_the_settings_beside_the_script_hold_wherever_the_app_is_started():
    found = server.configured(bundled("streamlit_app.py"))
    assert found["runner.magicEnabled"] is False  # or every bare string is shown on the page
    assert found["theme.dark.primaryColor"] != found["theme.light.primaryColor"]


def test_a_lost_connection_may_take_an_hour_to_come_back():
    """A file that is being brought in, and who speaks in it, is stored nowhere else until then."""
    found = server.configured(bundled("streamlit_app.py"))
    assert found["server.disconnectedSessionTTL"] >= 3_600

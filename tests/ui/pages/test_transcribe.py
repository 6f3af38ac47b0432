"""The page that transcribes: what waits, which model, how far it is, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import voice_notes
from tests.builders import Bench
from tests.voice_notes import Place
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.opening import Database
from workbench.services.voice_notes import (
    model_downloads,
    models,
    note_list,
    transcribe,
    worker_process,
)
from workbench.ui.components.voice_notes.note_rows import row_html
from workbench.ui.components.voice_notes.run_progress import failed_of, figures_of

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold** \u202e.opus"


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Database]]:
    """Keep models in a folder of their own, and start no worker; gives what was asked for one."""
    monkeypatch.setenv("WORKBENCH_MODEL_FOLDER", str(tmp_path / "models"))
    asked: list[Database] = []

    def ensure(database: Database) -> bool:
        asked.append(database)
        return True

    monkeypatch.setattr(worker_process, "ensure_worker", ensure)
    model_downloads._fetches.clear()
    yield asked
    model_downloads._fetches.clear()


@pytest.fixture
def place(ana: Actor, database: Database) -> Place:
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest()
    return ana, database, made.id


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at: Any) -> str:
    return "\n".join(item.value for item in at.markdown)


def labels(at: Any) -> list[str]:
    return [item.label for item in at.button]


def press(at: Any, label: str) -> Any:
    next(item for item in at.button if item.label == label).click().run()
    assert not at.exception, at.exception
    return at


def model_box(at: Any) -> Any:
    return next(item for item in at.selectbox if item.label == "Model")


def language_box(at: Any) -> Any:
    return next(item for item in at.selectbox if item.label == "Language")


def choose(at: Any, name: str) -> Any:
    model_box(at).set_value(name).run()
    assert not at.exception, at.exception
    return at


def put_model(name: str) -> None:
    """Put a file where a model is expected; whether it is one shows when it is used."""
    spot = next(item.place for item in models.list_models() if item.model.name == name)
    spot.parent.mkdir(parents=True, exist_ok=True)
    spot.write_bytes(b"pretended")


def test_a_study_without_recordings_leads_to_import(open_page: OpenPage, place: Place) -> None:
    at = open_page("transcribe", study=place[2])
    assert "There are no recordings in this study yet." in html(at)
    at = press(at, "Import recordings")
    assert "Bring in voice notes" in [item.value for item in at.header]
    assert not [item for item in at.selectbox if item.label == "Model"]


def test_the_sample_study_waits_with_the_sample_model_chosen(
    open_page: OpenPage, sample_study: int, ana: Actor, database: Database, apart: list[Database]
) -> None:
    at = open_page("transcribe", study=sample_study)
    assert "**35 voice notes wait** to be transcribed: 3 min" in markdown(at)
    assert model_box(at).value == models.SAMPLE_MODEL
    assert "It knows 40 English sentences" in html(at)
    assert "says nothing about speech recognition" in html(at)
    assert language_box(at).options == ["English"]
    english = next(item for item in at.checkbox if item.label.startswith("Translate"))
    assert english.disabled
    assert "The sample model cannot translate." in html(at)
    mains = [item.label for item in at.button if item.proto.type == "primary"]
    assert mains == ["Transcribe 35 voice notes"], "one main action"
    press(at, "Transcribe 35 voice notes")
    assert len(apart) == 1, "a worker is asked for"
    (run,) = transcribe.progress(ana, database, sample_study)
    assert (run.n_queued, run.model, run.language) == (35, models.SAMPLE_MODEL, "en")
    assert "0 of 35 notes · 0 s of 3 min" in html(at)
    assert "The worker is starting." in html(at)
    assert "Waiting 35" in str(at.get("button_group")[0].proto)


def test_another_study_never_offers_the_sample_model(open_page: OpenPage, place: Place) -> None:
    voice_notes.record(place, "one", "R1")
    at = open_page("transcribe", study=place[2])
    assert not [name for name in model_box(at).options if models.SAMPLE_MODEL in name]
    assert "**1 voice note waits** to be transcribed: 5 s of sound." in markdown(at)


def test_a_model_that_is_not_here_is_fetched_first(
    open_page: OpenPage, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(model_downloads, "start", begun.append)
    voice_notes.record(place, "one", "R1")
    at = open_page("transcribe", study=place[2])
    assert model_box(at).value == "small"
    assert "small · 461 MB · not on this machine yet" in model_box(at).options
    assert "large-v3 · 2.9 GB · not on this machine yet" in model_box(at).options
    assert "Takes about 2.5 GB of memory; knows about 100 languages, and translates" in html(at)
    assert at.button(key="begin").disabled
    assert "workbench models download small" in markdown(at)
    assert "**small\\.pt**" in markdown(at)
    press(at, "Fetch small (461 MB)")
    assert begun == ["small"]


def test_fetching_shows_how_far_it_is_and_can_be_stopped(open_page: OpenPage, place: Place) -> None:
    voice_notes.record(place, "one", "R1")
    fetch = model_downloads._Fetch("small", have=100 << 20, total=400 << 20)
    model_downloads._fetches["small"] = fetch
    at = open_page("transcribe", study=place[2])
    (bar,) = at.get("progress")
    assert bar.proto.text == "Fetching small: 100 of 400 MB"
    assert bar.proto.value == 25
    at.button(key="stop_small").click().run()
    assert fetch.cancel.is_set()
    fetch.running, fetch.error = False, "fetching was cancelled."
    at.run()
    assert "What has come is kept, and is taken up again." in html(at)
    model_downloads._fetches["small"] = model_downloads._Fetch(
        "small", running=False, error="the model small could not be fetched: <b>no network</b>."
    )
    at.run()
    assert "could not be fetched\\: \\<b\\>no network" in at.error[0].value
    assert "Fetch small (461 MB)" in labels(at)


def test_what_a_model_cannot_do_is_switched_off_with_the_reason(
    open_page: OpenPage, place: Place
) -> None:
    voice_notes.record(place, "one", "R1")
    for name in ("small", "turbo", "base.en"):
        put_model(name)
    at = open_page("transcribe", study=place[2])
    english = lambda: next(item for item in at.checkbox if item.label.startswith("Tr"))  # noqa: E731
    choose(at, "small")
    english().check().run()
    assert english().value
    assert language_box(at).options[0] == "Detect, note by note"
    assert {"Urdu", "Welsh", "Yoruba"} <= set(language_box(at).options)
    choose(at, "turbo")
    assert (english().disabled, english().value) == (True, False)
    assert "turbo cannot translate; tiny, base, small, medium and large-v3 can." in html(at)
    choose(at, "base.en")
    assert language_box(at).options == ["English"]
    assert "base.en knows English only, so there is nothing to translate." in html(at)


def test_what_was_not_put_into_the_queue_is_told(
    open_page: OpenPage, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model("small")
    voice_notes.record(place, "one", "R1")
    at = open_page("transcribe", study=place[2])
    for came, told in (
        ((None, 0, 2, 0), "This model has transcribed them all already."),
        ((3, 1, 1, 2), "2 wait in the queue already; 1 has this transcript already."),
        ((None, 0, 0, 1), "1 waits in the queue already."),
    ):
        asked = transcribe.Requested(*came)
        monkeypatch.setattr(transcribe, "request", lambda *_, asked=asked, **__: asked)
        press(at, "Transcribe 1 voice note")
        assert told in html(at) + " ".join(item.value for item in at.toast), told


def test_options_go_along_and_a_refusal_is_shown(
    open_page: OpenPage, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_model("small")
    first = voice_notes.record(place, "one", "R1")
    voice_notes.hear(place, voice_notes.record(place, "two", "R2"), "Done before.")
    asked: list[dict[str, Any]] = []

    def request(*_: Any, **given: Any) -> transcribe.Requested:
        asked.append(given)
        return transcribe.Requested(1, 0, 1)

    at = open_page("transcribe", study=place[2])
    press(at, "Transcribe 1 voice note")
    assert "small" in at.error[0].value
    assert "damaged" in at.error[0].value
    monkeypatch.setattr(transcribe, "request", request)
    language_box(at).set_value("ur").run()
    next(item for item in at.checkbox if item.label.startswith("Times")).uncheck().run()
    at.number_input[0].set_value(8).run()
    next(item for item in at.checkbox if item.label.startswith("Translate")).check().run()
    press(at, "Transcribe 1 voice note")
    (given,) = asked
    assert (given["model"], given["translate"], given["engine"]) == (
        "small",
        True,
        "openai-whisper",
    )
    assert given["recording_ids"] == [first], "only what waits"
    options = given["options"]
    assert (options.language, options.word_timestamps, options.batch_size) == ("ur", False, 8)
    assert "This model has transcribed them all already." in [item.value for item in at.toast]


def test_a_file_of_ones_own_is_taken_by_its_path(
    open_page: OpenPage, place: Place, tmp_path: Path
) -> None:
    voice_notes.record(place, "one", "R1")
    at = choose(open_page("transcribe", study=place[2]), "own")
    assert at.button(key="begin").disabled
    path = next(item for item in at.text_input if item.label.startswith("Path"))
    path.set_value(str(tmp_path / "none.pt")).run()
    assert not at.button(key="begin").disabled
    press(at, "Transcribe 1 voice note")
    assert "There is no model and no file" in at.error[0].value


def test_how_far_a_run_is_with_pause_and_cancel(
    open_page: OpenPage, place: Place, apart: list[Database]
) -> None:
    run = voice_notes.add_run(place, "open")
    for at_, state in enumerate(("queued", "queued", "transcribing", "failed")):
        made = voice_notes.record(place, f"n{at_}", f"R{at_ + 1}")
        voice_notes.queue(place, made, state, run=run, audio_ms=60_000, error="no sound.")
    at = open_page("transcribe", study=place[2])
    (bar,) = at.get("progress")
    assert bar.proto.text == r"Transcribing\: small"
    assert bar.proto.value == 25
    assert "1 of 4 notes · 1 min 0 s of 4 min 0 s of sound" in html(at)
    assert "1 note failed." in html(at)
    assert "Nothing works on it at the moment." in html(at)
    assert "the others go on" not in html(at), "nothing goes on while nothing works on it"
    assert "It goes on" not in html(at)
    press(at, "Pause")
    (found,) = transcribe.progress(*place)
    assert found.state == "paused"
    (bar,) = at.get("progress")
    assert bar.proto.text == r"Paused\: small"
    press(at, "Go on")
    assert len(apart) == 1
    assert transcribe.progress(*place)[0].state == "open"
    press(at, "Cancel")
    assert transcribe.progress(*place)[0].state == "cancelled"
    assert not at.get("progress")
    assert "**2 voice notes wait**" in markdown(at)


def test_failures_say_why_and_can_be_tried_again(
    open_page: OpenPage, place: Place, apart: list[Database]
) -> None:
    for name, who in (("one", "R1"), ("two", "R2")):
        made = voice_notes.record(place, name, who)
        voice_notes.fail(place, made, f"{name}: the memory was not enough. Choose less.")
    at = open_page("transcribe", study=place[2])
    assert ">the memory was not enough. Choose less.</p>" in html(at), "the name stands above"
    press(at, "Try again")
    assert len(apart) == 1
    states = {item.file_name: item.state for item in transcribe.list_notes(*place)}
    assert states == {"one": "queued", "two": "failed"}
    made = voice_notes.record(place, "three", "R3")
    voice_notes.fail(place, made, "no sound.")
    at = press(open_page("transcribe", study=place[2]), "Try all that failed again: 2")
    assert {item.state for item in transcribe.list_notes(*place)} == {"queued"}


def test_the_list_shows_what_was_heard_and_leads_on(open_page: OpenPage, place: Place) -> None:
    made = voice_notes.record(place, HOSTILE, "R1")
    voice_notes.hear(place, made, "<i>She</i> came back.", sure=0.914, warnings=["A damaged end."])
    voice_notes.hear(place, voice_notes.record(place, "whose.opus"), "")
    at = open_page("transcribe", study=place[2])
    body = html(at)
    assert "&lt;i&gt;She&lt;/i&gt; came back." in body
    assert "<script>" not in body
    assert "R1 · q1 · 0:05 · English (detected, 91 %)" in body
    assert "machine draft" in body
    assert "A damaged end." in body
    assert "No speech was heard." in body
    assert "Of 1 recording it is not certain whose answer it is." in body
    assert "Whose is it?" in labels(at)
    next(item for item in at.button if item.label == "Check by ear" and item.key).click().run()
    assert not at.exception, at.exception
    (item,) = note_list.list_notes(*place, standings=("draft",))
    assert at.session_state["in_study:check_open"] == item.document_id
    assert at.title[0].value == "Check by ear"
    at = open_page("transcribe", study=place[2])
    assert "Nothing waits. **2 recordings have** a transcript." in markdown(at)
    assert "Transcribe 2 voice notes again" in labels(at)


def test_long_lists_come_page_by_page_and_filtered(open_page: OpenPage, place: Place) -> None:
    for number in range(30):
        made = voice_notes.record(place, f"note {number:02d}", f"R{number % 4 + 1}")
        if number == 29:
            voice_notes.fail(place, made, "no sound.")
    at = open_page("transcribe", study=place[2])
    assert "note 24" in html(at)
    assert "note 25" not in html(at)
    assert "1-25 of 30" in html(at)
    press(at, "Later")
    assert "note 29" in html(at)
    assert "26-30 of 30" in html(at)
    at.session_state["in_study:transcribe_show"] = "failed"
    at.run()
    assert "note 29" in html(at)
    assert "note 25" not in html(at)


def test_figures_leave_out_what_is_not_known() -> None:
    run = transcribe.RunProgress(
        1, "small", "openai-whisper", "transcribe", None, "open", 10, 5, 1, 4, 0, 0,
        600_000, 240_000, 6.25, 57.6, "2026-01-01T00:00:00.000Z", True,
    )  # fmt: skip
    assert figures_of(run) == (
        "4 of 10 notes · 4 min 0 s of 10 min 0 s of sound · 6.2 times as fast as speech · "
        "about 58 s left"
    )
    assert failed_of(replace(run, n_failed=2)) == "2 notes failed; the others go on."
    assert figures_of(replace(run, n_failed=2)).startswith("6 of 10 notes"), "as their sound is"


def test_a_row_keeps_directions_apart() -> None:
    from workbench.services.voice_notes.note_list import ListedNote

    row = row_html(ListedNote(1, "a\u202e.opus", 7_000, "memo", "matched", "busy"), {})
    assert "<bdi>a\u202e.opus</bdi>" in row
    assert "spoken memo · 0:07" in row
    assert "being transcribed" in row

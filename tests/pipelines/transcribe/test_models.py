"""Models: found, fetched from a server of our own, checked, refused where they do not belong."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
import whisper

from pipelines.transcribe import models
from pipelines.transcribe.sample_model import SAMPLE_MODEL, unpack
from workbench.errors import ModelError
from workbench.settings import bundled

PACKED = bundled("data_samples") / "speakout" / "sample_model_40_sentences.npz"
BODY = bytes(range(256)) * 20_000
DIGEST = hashlib.sha256(BODY).hexdigest()


class Server(ThreadingHTTPServer):
    """Gives one file: in parts where asked, wrong or broken off when told to."""

    body = BODY
    stop_at: int | None = None
    ranges = True
    asked: list[str | None]

    def address(self, digest: str = DIGEST) -> str:
        return f"http://127.0.0.1:{self.server_port}/models/{digest}/tiny.pt"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.asked.append(asked)
        body, begin = self.server.body, 0
        if asked and self.server.ranges:
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
            if begin >= len(body):
                self.send_error(416)
                return
            self.send_response(206)
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) - begin))
        self.end_headers()
        self.wfile.write(body[begin : self.server.stop_at])

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        running.asked = []
        monkeypatch.setitem(whisper._MODELS, "tiny", running.address())
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def test_every_model_that_is_offered_is_one_of_whisper_with_a_digest() -> None:
    for item in models.KNOWN:
        assert len(models._digest(item.name)) == 64
        assert item.multilingual == (not item.name.endswith(".en"))
        assert item.translates == (item.multilingual and item.name != "turbo")
        assert models.place_of(item.name, Path("x")).suffix == ".pt"
    names = [item.name for item in models.KNOWN]
    assert names[:6] == ["tiny", "base", "small", "medium", "large-v3", "turbo"]


def test_a_model_is_fetched_with_its_progress_and_found(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    place = models.download_model(
        "tiny", tmp_path / "new", on_bytes=lambda have, total: told.append((have, total))
    )
    assert place == tmp_path / "new" / "tiny.pt"
    assert place.read_bytes() == BODY
    assert told[-1] == (len(BODY), len(BODY))
    assert len(told) == 5 and told == sorted(told)
    assert not list(place.parent.glob("*.part"))
    found = models.find_model("tiny", tmp_path / "new")
    assert (found.name, found.sha256, found.kind) == ("tiny", DIGEST, "whisper")
    assert found.multilingual and found.translates
    models.download_model("tiny", tmp_path / "new")
    assert len(server.asked) == 1, "what is there is not fetched again"


def test_a_fetch_that_broke_off_is_taken_up_again(server: Server, tmp_path: Path) -> None:
    server.stop_at = 2_000_000
    with pytest.raises(ModelError, match="the model tiny could not be fetched: the connection"):
        models.download_model("tiny", tmp_path)
    assert not models.is_here("tiny", tmp_path)
    server.stop_at = None
    assert models.download_model("tiny", tmp_path).read_bytes() == BODY
    assert server.asked == [None, "bytes=2000000-"]


def test_a_server_that_gives_no_parts_gives_it_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "tiny.pt.part").write_bytes(b"old")
    server.ranges = False
    assert models.download_model("tiny", tmp_path).read_bytes() == BODY


def test_a_part_that_is_whole_already_is_taken(server: Server, tmp_path: Path) -> None:
    (tmp_path / "tiny.pt.part").write_bytes(BODY)
    assert models.download_model("tiny", tmp_path).read_bytes() == BODY
    assert server.asked == [f"bytes={len(BODY)}-"]


def test_other_bytes_than_expected_are_thrown_away(server: Server, tmp_path: Path) -> None:
    server.body = BODY[:-1] + b"x"
    with pytest.raises(ModelError, match=r"is not the model tiny: its digest differs\. Try again"):
        models.download_model("tiny", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_fetch_can_be_cancelled_and_taken_up_again(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"fetching was cancelled\. It can be taken up again\."):
        models.download_model("tiny", tmp_path, cancelled=lambda: True)
    assert not models.is_here("tiny", tmp_path)
    assert models.download_model("tiny", tmp_path).read_bytes() == BODY
    assert server.asked == [None, f"bytes={models.PART}-"]


def test_without_a_network_it_is_said_which_file_goes_where(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setitem(whisper._MODELS, "tiny", f"http://127.0.0.1:9/models/{DIGEST}/tiny.pt")
    with pytest.raises(ModelError) as raised:
        models.download_model("tiny", tmp_path)
    said = str(raised.value)
    assert said.startswith("the model tiny could not be fetched: ")
    assert f"fetch the file tiny.pt elsewhere and put it into {tmp_path}" in said


def test_a_folder_that_cannot_be_written_says_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match=r"could not be written: .* Is there room in"):
        models.download_model("tiny", tmp_path / "file")


def test_an_unknown_model_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'huge'\. There are: tiny, base, small"):
        models.download_model("huge", tmp_path)
    with pytest.raises(ModelError, match="there is no model and no file 'huge'"):
        models.find_model("huge", tmp_path)


def test_a_model_that_is_not_here_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        models.find_model("large-v3", tmp_path)
    said = str(raised.value)
    assert said.startswith("the model large-v3 is not on this machine. Fetch it (2944 MB): ")
    assert f"put the file large-v3.pt into {tmp_path}" in said


def test_a_damaged_file_is_not_used(server: Server, tmp_path: Path) -> None:
    place = models.download_model("tiny", tmp_path)
    assert models.find_model("tiny", tmp_path).sha256 == DIGEST
    place.write_bytes(BODY + b"more")
    with pytest.raises(ModelError, match=r"the file of the model tiny is damaged: .*Delete it"):
        models.find_model("tiny", tmp_path)


def test_a_digest_is_read_once_as_long_as_the_file_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "a.pt"
    place.write_bytes(b"one")
    first = models.checked_digest(place)
    read: list[Path] = []
    honest = models._sha256
    monkeypatch.setattr(models, "_sha256", lambda path: read.append(path) or honest(path))
    assert models.checked_digest(place) == first and read == []
    place.write_bytes(b"other")
    assert models.checked_digest(place) == hashlib.sha256(b"other").hexdigest()
    assert read == [place]


# --- a model of one's own


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(PACKED, tmp_path_factory.mktemp("models") / "mine.pt")


def test_a_checkpoint_of_ones_own_is_found_by_its_path(checkpoint: Path, tmp_path: Path) -> None:
    found = models.find_model(str(checkpoint), tmp_path)
    assert (found.name, found.kind, found.path) == ("mine.pt", "own", checkpoint)
    assert (found.multilingual, found.translates) == (False, False)
    assert found.sha256 == hashlib.sha256(checkpoint.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("changes", "multilingual", "translates"),
    [({"n_vocab": 51_865}, True, True), ({"n_vocab": 51_864}, False, False),
     ({"n_vocab": 51_866, "n_text_layer": 4, "n_text_state": 1280}, True, False)],
)  # fmt: skip
def test_what_a_checkpoint_can_do_is_told_from_its_size(
    checkpoint: Path, tmp_path: Path, changes: dict[str, int], multilingual: bool, translates: bool
) -> None:
    read = torch.load(checkpoint, weights_only=True)
    read["dims"] |= changes
    torch.save(read, tmp_path / "own.pt")
    found = models.find_model(str(tmp_path / "own.pt"), tmp_path)
    assert (found.multilingual, found.translates) == (multilingual, translates)


class Malicious:
    """Makes a file when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return (Path.touch, (self.place,))


def test_what_is_no_checkpoint_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    place = tmp_path / "model.pt"
    struck = tmp_path / "struck"
    for content in ({"weights": 1}, {"dims": Malicious(struck)}, [1, 2]):
        torch.save(content, place)
        with pytest.raises(ModelError, match=r"^model\.pt: this is not a whisper checkpoint\."):
            models.find_model(str(place), tmp_path)
    place.write_text("Dear all", encoding="utf-8")
    with pytest.raises(ModelError, match=r"It must be a \.pt file as openai-whisper writes it"):
        models.find_model(str(place), tmp_path)
    assert not struck.exists()


# --- the sample model


def test_the_sample_model_is_for_sample_studies_only(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="knows 40 sentences only and is for the sample study"):
        models.find_model(SAMPLE_MODEL, tmp_path, bundled=PACKED)
    found = models.find_model(SAMPLE_MODEL, tmp_path, sample_allowed=True, bundled=PACKED)
    assert (found.name, found.kind) == ("sample-40-sentences", "sample")
    assert found.sha256 == hashlib.sha256(PACKED.read_bytes()).hexdigest()
    loaded = whisper.load_model(str(found.path), device="cpu")
    assert (loaded.dims.n_vocab, loaded.dims.n_audio_state) == (51_864, 64)
    before = found.path.stat().st_mtime_ns
    models.find_model(SAMPLE_MODEL, tmp_path, sample_allowed=True, bundled=PACKED)
    assert found.path.stat().st_mtime_ns == before, "unpacked once"


def test_a_sample_model_that_is_missing_or_damaged_says_so(tmp_path: Path) -> None:
    for bundled_file in (None, tmp_path / "gone.npz"):
        with pytest.raises(ModelError, match="the sample model is missing"):
            models.find_model(SAMPLE_MODEL, tmp_path, sample_allowed=True, bundled=bundled_file)
    broken = tmp_path / "broken.npz"
    broken.write_bytes(PACKED.read_bytes()[:100_000])
    with pytest.raises(ModelError, match="the sample model cannot be unpacked"):
        models.find_model(SAMPLE_MODEL, tmp_path, sample_allowed=True, bundled=broken)
    assert [item.name for item in tmp_path.iterdir()] == ["broken.npz"]

"""faster-whisper behind the same protocol, on models converted here from whisper checkpoints."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import sys
from pathlib import Path

import pytest
import torch
from whisper.model import ModelDimensions, Whisper

from pipelines import audio
from pipelines.transcribe import models
from pipelines.transcribe.engines import check_form, load_transcriber, versions_of
from pipelines.transcribe.sample_model import unpack
from pipelines.transcribe.transcriber import ModelFile, Note, NoteFailure, Transcriber
from tests.conftest import skip_unless_ci
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import InputError, MissingExtra, ModelError
from workbench.settings import bundled

SAMPLE = bundled("data_samples") / "speakout"
VOICES = SAMPLE / "voice_notes"
ENGINE = "faster-whisper"
Heard = dict[str, Transcript | NoteFailure]

try:
    from tests.faster_models import converted
except ImportError:
    skip_unless_ci("faster-whisper is not installed: pip install -e '.[dev]'")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    return unpack(SAMPLE / "sample_model_40_sentences.npz", folder / "mine.pt")


@pytest.fixture(scope="module")
def english(checkpoint: Path) -> ModelFile:
    return models.find_model(str(converted(checkpoint, checkpoint.parent / "english")), Path())


@pytest.fixture(scope="module")
def loaded(english: ModelFile) -> Transcriber:
    return load_transcriber(english, engine=ENGINE, device="cpu", max_seconds=60)


@pytest.fixture(scope="module")
def every_language(tmp_path_factory: pytest.TempPathFactory) -> ModelFile:
    """A model of random weights that has all languages and knows none."""
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=64, n_audio_head=2, n_audio_layer=1,
        n_vocab=51_865, n_text_ctx=448, n_text_state=64, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    torch.manual_seed(7)
    folder = tmp_path_factory.mktemp("random")
    weights = Whisper(dims).state_dict()
    places = weights["decoder.positional_embedding"]
    weights["decoder.positional_embedding"] = torch.randn(places.shape) * 0.1
    weights["decoder.token_embedding.weight"] *= 0.3
    torch.save({"dims": dataclasses.asdict(dims), "model_state_dict": weights}, folder / "a.pt")
    return models.find_model(str(converted(folder / "a.pt", folder / "several")), Path())


def note(path: Path, **more: str) -> Note:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "0" * 64
    return Note(path.name, str(path), digest, path.name, **more)


def hear(engine: Transcriber, notes: list[Note], **options: object) -> Heard:
    heard: Heard = {}
    engine.transcribe(
        notes,
        dataclasses.replace(TranscribeOptions(), **options),
        on_done=heard.__setitem__,
    )
    return heard


def test_it_hears_the_sample_notes_as_the_other_engine_does(loaded: Transcriber) -> None:
    with (VOICES / "truth.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))[::4]
    told: list[tuple[str, int]] = []
    heard: Heard = {}
    loaded.transcribe(
        [note(VOICES / row["file"]) for row in truth],
        TranscribeOptions(),
        on_done=heard.__setitem__,
        on_progress=lambda key, ms: told.append((key, ms)),
    )
    assert [row["file"] for row in truth] == list(heard)
    for row in truth:
        found = heard[row["file"]]
        assert isinstance(found, Transcript), found
        assert found.text == row["words"]
        assert (found.language, found.language_probability) == ("en", None)
        assert found.duration_ms == audio.probe(VOICES / row["file"], name="a").duration_ms
        words = [
            found.text[word.start : word.end] for part in found.segments for word in part.words
        ]
        assert words == row["words"].split()
        for part in found.segments:
            assert part.confidence is not None and part.confidence > 0.7
            assert set(part.quality) == {
                "avg_logprob", "no_speech_prob", "compression_ratio", "temperature",
            }  # fmt: skip
        assert (row["file"], round(found.segments[-1].end_ms or 0)) in told


def test_without_times_of_words_there_are_none(loaded: Transcriber) -> None:
    path = VOICES / "R005_q2_voice.m4a"
    found = hear(loaded, [note(path)], word_timestamps=False)[path.name]
    assert isinstance(found, Transcript)
    assert found.segments and not any(part.words for part in found.segments)


def test_a_bad_file_fails_alone(loaded: Transcriber, tmp_path: Path) -> None:
    good, bad = VOICES / "R005_q2_voice.m4a", tmp_path / "bad.mp3"
    bad.write_text("Dear all, no sound here.", encoding="utf-8")
    long = tmp_path / "long.wav"
    long.write_bytes(audio.wave_file(audio.Sound(torch.zeros(61 * audio.RATE).numpy())))
    heard = hear(loaded, [note(bad), note(tmp_path / "gone.mp3"), note(long), note(good)])
    failures = {key: item.code for key, item in heard.items() if isinstance(item, NoteFailure)}
    assert failures == {"bad.mp3": "not_media", "gone.mp3": "missing", "long.wav": "too_long"}
    assert isinstance(heard[good.name], Transcript)


def test_an_error_of_the_engine_fails_the_note_alone(loaded: Transcriber) -> None:
    class Broken:
        def transcribe(self, *_: object, **__: object) -> None:
            raise RuntimeError("CUDA failed with error out of memory")

    broken = dataclasses.replace(loaded, loaded=Broken())  # type: ignore[type-var]
    paths = [VOICES / "R005_q2_voice.m4a", VOICES / "R024_q2_voice.ogg"]
    heard = hear(broken, [note(path) for path in paths])
    assert len(heard) == 2
    for found in heard.values():
        assert isinstance(found, NoteFailure)
        assert found.code == "out_of_memory" and found.retryable


def test_it_stops_when_it_is_told_to(loaded: Transcriber) -> None:
    paths = sorted(VOICES.glob("*.m4a"))[:4]
    taken: list[str] = []
    heard: Heard = {}

    def notes() -> object:
        for path in paths:
            taken.append(path.name)
            yield note(path)

    loaded.transcribe(
        notes(),
        TranscribeOptions(),
        on_done=heard.__setitem__,
        should_stop=lambda: len(taken) >= 2,
    )
    assert taken == [path.name for path in paths[:2]] == list(heard)
    assert isinstance(heard[taken[0]], Transcript)
    stopped = heard[taken[1]]
    assert isinstance(stopped, NoteFailure) and stopped.code == "stopped" and stopped.retryable


def test_a_language_is_detected_set_and_translated(every_language: ModelFile) -> None:
    assert every_language.multilingual and every_language.translates
    engine = load_transcriber(every_language, engine=ENGINE, device="cpu")
    path = VOICES / "R024_q2_voice.ogg"
    plain = {"temperatures": (0.0,), "word_timestamps": False}
    found = hear(engine, [note(path)], **plain)[path.name]
    assert isinstance(found, Transcript), found
    assert found.language_probability is not None and 0 < found.language_probability <= 1
    found = hear(engine, [note(path, language="pl")], language="ur", **plain)[path.name]
    assert isinstance(found, Transcript), found
    assert (found.language, found.language_probability) == ("pl", None)
    found = hear(engine, [note(path)], task="translate", language="ur", **plain)[path.name]
    assert isinstance(found, Transcript), found
    assert (found.task, found.language) == ("translate", "ur")


def test_what_a_model_cannot_do_is_refused(loaded: Transcriber) -> None:
    with pytest.raises(ModelError, match="cannot translate"):
        hear(loaded, [], task="translate")
    with pytest.raises(ModelError, match="knows English only"):
        hear(loaded, [], language="pl")


# --- models and engines


def test_a_folder_is_known_by_all_its_files(english: ModelFile) -> None:
    assert (english.name, english.kind) == ("english", "own")
    assert (english.multilingual, english.translates) == (False, False)
    assert english.size_bytes > 10_000_000
    assert models.find_model(str(english.path), Path()).sha256 == english.sha256


def test_another_tokeniser_makes_another_model(english: ModelFile, tmp_path: Path) -> None:
    for item in english.path.iterdir():
        if not item.name.startswith("."):
            (tmp_path / item.name).write_bytes(item.read_bytes())
    assert models.find_model(str(tmp_path), Path()).sha256 == english.sha256
    with (tmp_path / "tokenizer.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    assert models.find_model(str(tmp_path), Path()).sha256 != english.sha256


def test_a_multilingual_folder_called_turbo_does_not_translate(
    every_language: ModelFile,
) -> None:
    renamed = every_language.path.rename(every_language.path.with_name("whisper-Turbo-ct2"))
    try:
        found = models.find_model(str(renamed), Path())
    finally:
        renamed.rename(every_language.path)
    assert (found.multilingual, found.translates) == (True, False)


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_folder_with_parts_missing_is_refused(tmp_path: Path, missing: str) -> None:
    for name in {*models.FOLDER_NEEDS, "vocabulary.json"} - {missing}:
        (tmp_path / name).write_text("[]", encoding="utf-8")
    with pytest.raises(ModelError, match=rf"faster-whisper: {missing} is missing\. Copy all"):
        models.find_model(str(tmp_path), Path())


def test_a_folder_with_a_damaged_vocabulary_is_refused(tmp_path: Path) -> None:
    for name in (*models.FOLDER_NEEDS, "vocabulary.json"):
        (tmp_path / name).write_text("[", encoding="utf-8")
    with pytest.raises(ModelError, match=r"the file vocabulary\.json cannot be read\. Copy it"):
        models.find_model(str(tmp_path), Path())


def test_a_damaged_model_is_refused_when_it_is_loaded(english: ModelFile, tmp_path: Path) -> None:
    for item in english.path.iterdir():
        (tmp_path / item.name).write_bytes(item.read_bytes()[:1000])
    found = dataclasses.replace(english, path=tmp_path)
    with pytest.raises(ModelError, match=r"^english: the model cannot be loaded on cpu: "):
        load_transcriber(found, engine=ENGINE, device="cpu")


def test_each_engine_reads_its_own_form(english: ModelFile, checkpoint: Path) -> None:
    file = models.find_model(str(checkpoint), Path())
    check_form(file, "openai-whisper")
    check_form(english, ENGINE)
    with pytest.raises(ModelError, match=r"mine\.pt is a file of openai-whisper, which faster"):
        load_transcriber(file, engine=ENGINE)
    with pytest.raises(ModelError, match=r"english is a folder of faster-whisper, which openai"):
        load_transcriber(english)
    with pytest.raises(InputError, match="there is no engine 'other'"):
        load_transcriber(file, engine="other")


def test_versions_name_all_that_decodes() -> None:
    assert [item.split()[0] for item in versions_of(ENGINE).split(", ")] == [
        "faster-whisper", "ctranslate2", "av",
    ]  # fmt: skip


def test_where_it_is_not_installed_it_is_said_how(
    english: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "faster_whisper", None)
    with pytest.raises(MissingExtra, match=r"pip install 'speakout-workbench\[faster-whisper\]'"):
        load_transcriber(english, engine=ENGINE)

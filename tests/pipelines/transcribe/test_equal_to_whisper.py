"""Notes decoded together have the very text that openai-whisper gives each of them alone."""

import csv
import hashlib
import itertools

import numpy as np
import pytest
import torch
import whisper
from whisper.decoding import DecodingOptions
from whisper.model import ModelDimensions, Whisper

from pipelines import audio
from pipelines.transcribe import models, ragged
from pipelines.transcribe.notes import NoteJob, Scheduler
from pipelines.transcribe.sample_model import PACKED, SAMPLE_MODEL
from pipelines.transcribe.transcriber import Note, NoteFailure
from pipelines.transcribe.whisper_engine import load_whisper
from workbench.domain.transcripts import TranscribeOptions
from workbench.settings import bundled

VOICES = bundled("data_samples") / "speakout" / "voice_notes"
EXACT = ("seek", "start", "end", "text", "tokens", "temperature", "compression_ratio")
GREEDY = {"temperature": (0.0,), "fp16": False, "condition_on_previous_text": False}
SHORT = {**GREEDY, "sample_len": 12}  # random models never come to an end by themselves


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Load the sample model as `whisper.load_model` does."""
    folder = tmp_path_factory.mktemp("models")
    packed = bundled("data_samples") / PACKED
    found = models.find_model(SAMPLE_MODEL, folder, sample_allowed=True, bundled=packed)
    return load_whisper(found, device="cpu")


def random_model(n_vocab):
    """Make a small model of random weights; English or multilingual by its vocabulary."""
    torch.manual_seed(20_220_214)
    dims = ModelDimensions(
        n_mels=80, n_audio_ctx=1500, n_audio_state=32, n_audio_head=2, n_audio_layer=1,
        n_vocab=n_vocab, n_text_ctx=448, n_text_state=32, n_text_head=2, n_text_layer=2,
    )  # fmt: skip
    model = Whisper(dims)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.4)
    return model.eval()


def voice(name):
    path = next(VOICES.glob(f"{name}_*"))
    return audio.decode(path, name=path.name).samples


def sounds():
    """Notes of all lengths: speech, noise, silence, none at all, and two windows."""
    random = np.random.default_rng(7)
    noise = (random.standard_normal(16_000 * 34) * 0.05).astype(np.float32)
    gap = np.zeros(16_000 * 24, np.float32)
    return {
        "speech": voice("R005"),
        "short": voice("R064"),
        "long": np.concatenate([voice("R067"), gap, voice("R133")]),
        "noise": noise[: 16_000 * 9],
        "noise of two windows": noise,
        "silence": np.zeros(16_000 * 4, np.float32),
        "empty": np.zeros(0, np.float32),
        "another": voice("R107"),
    }


def alone(model, sound, options, seed):
    torch.manual_seed(seed)
    with torch.no_grad():
        return whisper.transcribe(model, sound, **options)


def together(model, batch_size, options, given):
    found = {}
    jobs = [
        NoteJob(key, lambda sound=sound: sound, dict(options), seed=100 + n)
        for n, (key, sound) in enumerate(given.items())
    ]
    scheduler = Scheduler(model, batch_size=batch_size)
    scheduler.run(iter(jobs), on_done=lambda outcome: found.__setitem__(outcome.key, outcome))
    assert {key: outcome.error for key, outcome in found.items()} == dict.fromkeys(given)
    return {key: outcome.result for key, outcome in found.items()}, scheduler


def assert_equal(ours, theirs, *, words=False):
    assert ours["text"] == theirs["text"]
    assert ours["language"] == theirs["language"]
    assert len(ours["segments"]) == len(theirs["segments"])
    for mine, other in zip(ours["segments"], theirs["segments"], strict=True):
        assert {name: mine[name] for name in EXACT} == {name: other[name] for name in EXACT}
        assert mine["avg_logprob"] == pytest.approx(other["avg_logprob"], abs=2e-4)
        assert mine["no_speech_prob"] == pytest.approx(other["no_speech_prob"], abs=2e-4)
        if words:
            assert [word["word"] for word in mine["words"]] == [
                word["word"] for word in other["words"]
            ]
            for one, two in zip(mine["words"], other["words"], strict=True):
                assert (one["start"], one["end"]) == (two["start"], two["end"])
                assert one["probability"] == pytest.approx(two["probability"], abs=2e-4)


def compare(model, batch_size, options, given, *, words=False):
    ours, scheduler = together(model, batch_size, options, given)
    for n, (key, sound) in enumerate(given.items()):
        assert_equal(ours[key], alone(model, sound, options, 100 + n), words=words)
    return ours, scheduler


@pytest.mark.parametrize("batch_size", [1, 3, 8])
def test_the_sample_model_gives_the_same_in_any_company(sample, batch_size):
    ours, scheduler = compare(sample.loaded, batch_size, GREEDY, sounds())
    assert ours["speech"]["text"].strip().startswith("We had to tell our story")
    assert len({segment["seek"] for segment in ours["long"]["segments"]}) > 1
    if batch_size == 8:
        assert scheduler.n_rows > 2 * scheduler.n_batches  # they were decoded together


@pytest.mark.parametrize(
    "options",
    [
        {"word_timestamps": True},
        {"condition_on_previous_text": True, "initial_prompt": "About the family centre."},
        {"without_timestamps": True},
        {"suppress_tokens": "", "suppress_blank": False},
        {"clip_timestamps": "0.5,2.5"},
        {"beam_size": 2},
    ],
    ids=lambda options: ", ".join(options),
)
def test_the_same_with_other_options(sample, options):
    given = {key: sounds()[key] for key in ("speech", "short", "long", "silence", "noise")}
    compare(sample.loaded, 4, {**GREEDY, **options}, given, words="word_timestamps" in options)


@pytest.mark.parametrize("n_vocab", [51_864, 51_865], ids=["English", "multilingual"])
def test_random_models_give_the_same(n_vocab):
    model = random_model(n_vocab)
    given = {key: sounds()[key] for key in ("speech", "long", "noise of two windows", "empty")}
    ours, _ = compare(model, 4, SHORT, given)
    if n_vocab == 51_865:
        assert ours["speech"]["language"] in whisper.tokenizer.LANGUAGES


def test_random_models_give_the_same_with_prompts_of_many_lengths():
    model = random_model(51_865)
    given = {key: sounds()[key] for key in ("long", "short", "noise of two windows")}
    options = {**SHORT, "condition_on_previous_text": True, "initial_prompt": "Names: Kez, Noor"}
    compare(model, 3, options | {"language": "ur"}, given)


def test_fallback_draws_the_same_random_numbers_as_alone():
    model = random_model(51_864)
    given = {key: sounds()[key] for key in ("speech", "short", "noise")}
    options = {**SHORT, "temperature": (0.0, 0.6, 1.0), "logprob_threshold": 0.0}
    ours, _ = compare(model, 3, options, given)
    assert {part["temperature"] for part in ours["noise"]["segments"]} == {1.0}


def test_the_sample_voice_notes_are_heard_as_they_were_spoken(sample):
    with (VOICES / "truth.csv").open(encoding="utf-8", newline="") as listed:
        truth = {row["file"]: row["words"] for row in csv.DictReader(listed)}
    assert len(truth) == 35
    heard = {}
    notes = [
        Note(name, str(VOICES / name), hashlib.sha256(name.encode()).hexdigest(), name)
        for name in truth
    ]
    sample.transcribe(
        notes, TranscribeOptions(batch_size=8), on_done=lambda key, got: heard.update({key: got})
    )
    assert {key: got.text for key, got in heard.items()} == truth
    for got in heard.values():
        assert [word for part in got.segments for word in part.words]
        for part in got.segments:
            assert got.text[part.start : part.end].strip() == got.text[part.start : part.end]
            assert 0 <= part.start_ms <= part.end_ms <= got.duration_ms
            assert 0 < part.confidence <= 1
            for word in part.words:
                assert part.start <= word.start < word.end <= part.end
                assert got.text[word.start : word.end].strip()
            assert (
                " ".join(got.text[w.start : w.end] for w in part.words)
                == (got.text[part.start : part.end])
            )


def test_a_bad_note_fails_alone_and_says_why(sample, tmp_path):
    (tmp_path / "no.mp3").write_bytes(b"not sound at all" * 100)
    good = next(VOICES.glob("R005_*"))
    notes = [
        Note("bad", str(tmp_path / "no.mp3"), "0" * 64, "no.mp3"),
        Note("good", str(good), "1" * 64, good.name),
        Note("gone", str(tmp_path / "gone.mp3"), "2" * 64, "gone.mp3"),
    ]
    heard = {}
    sample.transcribe(
        notes, TranscribeOptions(batch_size=3), on_done=lambda key, got: heard.update({key: got})
    )
    assert isinstance(heard["bad"], NoteFailure)
    assert (heard["bad"].code, heard["bad"].retryable) == ("not_media", False)
    assert heard["bad"].message.startswith("no.mp3: this is not a recording")
    assert (heard["gone"].code, heard["gone"].retryable) == ("missing", True)
    assert heard["good"].text.startswith("We had to tell our story")


def test_running_out_of_memory_halves_the_batch_and_spares_the_others(sample, monkeypatch):
    real = ragged.decode_windows
    sizes = []

    def short_of_memory(model, windows):
        sizes.append(len(windows))
        if len(windows) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(model, windows)

    monkeypatch.setattr("pipelines.transcribe.notes.decode_windows", short_of_memory)
    given = {key: sounds()[key] for key in ("speech", "short", "another")}
    found = {}
    scheduler = Scheduler(sample.loaded, batch_size=3)
    scheduler.run(
        iter([NoteJob(key, lambda s=s: s, GREEDY, 1) for key, s in given.items()]),
        on_done=lambda outcome: found.update({outcome.key: outcome}),
    )
    assert max(sizes) == 3 and scheduler.batch_size == 1
    assert all(outcome.error is None and outcome.result["text"] for outcome in found.values())


def test_stopping_ends_what_is_under_way_and_takes_nothing_more(sample, tmp_path):
    path = tmp_path / "two windows.wav"
    path.write_bytes(audio.wave_file(audio.Sound(sounds()["long"])))
    asked = itertools.chain([False] * 2, itertools.repeat(True))
    taken, heard = [], {}

    def notes():
        for n in range(50):
            taken.append(n)
            yield Note(str(n), str(path), f"{n:064x}", path.name)

    sample.transcribe(
        notes(),
        TranscribeOptions(batch_size=2),
        on_done=lambda key, got: heard.update({key: got}),
        should_stop=lambda: next(asked),
    )
    assert len(taken) == len(heard) == 2
    assert {got.code for got in heard.values() if isinstance(got, NoteFailure)} == {"stopped"}


def test_rules_that_differ_are_not_decoded_together():
    one, other = DecodingOptions(suppress_blank=True), DecodingOptions(suppress_blank=False)
    assert ragged.shared_rules(one) != ragged.shared_rules(other)
    assert ragged.can_share(one) and not ragged.can_share(DecodingOptions(beam_size=2))

"""The sample's voice notes: those that the survey names, and the sample model hears every word."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest

from pipelines import audio
from pipelines.transcribe.engines import load_transcriber
from pipelines.transcribe.models import find_model
from pipelines.transcribe.sample_model import SAMPLE_MODEL
from pipelines.transcribe.transcriber import Note, NoteFailure
from workbench.domain.transcripts import TranscribeOptions, Transcript

SAMPLE = Path(__file__).resolve().parents[2] / "data_samples" / "speakout"
NOTES = SAMPLE / "voice_notes"


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    return read_csv(NOTES / "truth.csv")


def test_the_files_are_those_that_the_survey_names(truth: list[dict[str, str]]) -> None:
    named = {
        row["respondent_id"]: row["q2_voice_note"]
        for row in read_csv(SAMPLE / "survey.csv")
        if row["q2_voice_note"]
    }
    assert len(named) == 35
    assert {row["respondent"]: row["file"] for row in truth} == named
    assert {row["question"] for row in truth} == {"q2"}
    assert {path.name for path in NOTES.iterdir()} == {*named.values(), "truth.csv"}


def test_they_are_short_small_and_of_several_kinds(truth: list[dict[str, str]]) -> None:
    kinds = set()
    for row in truth:
        facts = audio.probe(NOTES / row["file"], name=row["file"])
        assert 3_000 <= facts.duration_ms <= 12_500
        assert facts.warning == ""
        kinds.add(facts.media_type)
    assert kinds == {"audio/mp4", "audio/ogg", "audio/mpeg", "audio/wav", "audio/amr"}
    assert sum(path.stat().st_size for path in NOTES.iterdir()) < 2_000_000


def test_they_say_forty_sentences_at_most(truth: list[dict[str, str]]) -> None:
    said = [re.findall(r"[^.]+\.", row["words"]) for row in truth]
    assert {len(sentences) for sentences in said} <= {2, 3, 4}
    assert len({sentence.strip() for sentences in said for sentence in sentences}) <= 40


def test_the_sample_model_hears_every_word(truth: list[dict[str, str]], tmp_path: Path) -> None:
    model = find_model(
        SAMPLE_MODEL,
        tmp_path,
        sample_allowed=True,
        bundled=SAMPLE / "sample_model_40_sentences.npz",
    )
    heard: dict[str, Transcript | NoteFailure] = {}
    notes = [
        Note(
            row["file"],
            str(NOTES / row["file"]),
            hashlib.sha256((NOTES / row["file"]).read_bytes()).hexdigest(),
            row["file"],
        )
        for row in truth
    ]
    load_transcriber(model, device="cpu").transcribe(
        notes, TranscribeOptions(), on_done=heard.__setitem__
    )
    for row in truth:
        found = heard[row["file"]]
        assert isinstance(found, Transcript), found
        assert found.text == row["words"]
        assert found.segments and all(segment.words for segment in found.segments)

"""Transcripts in files, compared by what a reader of the format gets."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
import webvtt

from pipelines.export.neutralise import restore
from pipelines.export.transcripts import (
    DRAFT,
    FORMATS,
    TRANSLATED,
    SpokenText,
    TranscriptFormat,
    TranscriptOptions,
    file_stem,
    write_archive,
    writer_of,
)
from pipelines.export.transcripts_cues import LONGEST, LONGEST_MS, cues
from workbench.domain.transcripts import TimedSegment, Word

HOSTILE = "=HYPERLINK(1) --> <script>&amp;{\\an8}\x00\x0b \u202ertl\n\n2\n00:00:00,000 --> x"


def spoken(text: str = "She listened to me.", **more: Any) -> SpokenText:
    given: dict[str, Any] = {
        "respondent": "R1", "question": "q1", "question_text": "What happened?",
        "file_name": "a.opus", "language": "English", "standing": "checked", "text": text,
        "segments": (TimedSegment(0, len(text), 0, 4_000),), "duration_ms": 4_000,
        "attributes": {"group": "Roma"}, "origin": ("Transcribed by whisper",),
    }  # fmt: skip
    return SpokenText(**given | more)


def timed(n: int, gap_ms: int = 400) -> SpokenText:
    """Make a transcript of one segment with n words, each with its time."""
    words, text = [], ""
    for index in range(n):
        start = len(text) + bool(text)
        text += f"{' ' if text else ''}word{index}"
        words.append(Word(start, len(text), index * gap_ms, index * gap_ms + 300, 0.9))
    return spoken(
        text, segments=(TimedSegment(0, len(text), 0, n * gap_ms, words=tuple(words)),),
        duration_ms=n * gap_ms,
    )  # fmt: skip


def write(form: TranscriptFormat, *items: SpokenText, **options: Any) -> bytes:
    stream = io.BytesIO()
    given: dict[str, Any] = {"attributes": ("group",)}
    writer_of(form)(stream, items, TranscriptOptions(**given | options))
    return stream.getvalue()


def parsed(form: TranscriptFormat, item: SpokenText) -> list[Any]:
    text = write(form, item).decode("utf-8-sig")
    return list(webvtt.WebVTT.from_buffer(io.StringIO(text), format=form))


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_long_segments_are_cut_between_words_at_their_times(form: TranscriptFormat) -> None:
    item = timed(60)
    found = parsed(form, item)
    assert len(found) > 3
    assert " ".join(cue.text for cue in found) == item.text
    for cue in cues(item):
        assert len(cue.words) <= LONGEST and cue.end_ms - cue.start_ms <= LONGEST_MS
    starts = [cue.start_ms for cue in cues(item)]
    assert starts == sorted(starts) and all(start % 400 == 0 for start in starts)


def test_without_times_of_words_time_is_shared_out() -> None:
    item = spoken(" ".join(["word"] * 60), segments=(TimedSegment(0, 299, 1_000, 31_000),))
    found = cues(item)
    assert found[0].start_ms == 1_000 and found[-1].end_ms == 31_000
    assert " ".join(cue.words for cue in found) == item.text
    assert cues(spoken("", segments=())) == []
    assert [cue.words for cue in cues(spoken("One.", segments=()))] == ["One."]


@pytest.mark.parametrize("form", ["vtt", "srt"])
def test_hostile_words_make_no_new_cue_and_no_markup(form: TranscriptFormat) -> None:
    text = write(form, spoken(HOSTILE))
    shown = text.decode("utf-8-sig")
    assert shown.count("-->") == 1
    assert "<script>" not in shown and "\x00" not in shown
    assert len(parsed(form, spoken(HOSTILE))) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_draft_is_marked_in_every_format(form: TranscriptFormat) -> None:
    draft = write(form, spoken(standing="draft"))
    assert DRAFT in text_of(form, draft).casefold()
    assert DRAFT not in text_of(form, write(form, spoken())).casefold()
    translated = write(form, spoken(standing="draft", is_translation=True))
    assert TRANSLATED in text_of(form, translated).casefold()


def text_of(form: TranscriptFormat, content: bytes) -> str:
    if form != "docx":
        return content.decode("utf-8-sig")
    import docx

    return "\n".join(item.text for item in docx.Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize("form", ["docx", "txt", "csv"])
def test_attributes_and_origin_go_along(form: TranscriptFormat) -> None:
    shown = text_of(form, write(form, spoken(), spoken(respondent="R2")))
    for words in ("R1", "R2", "Roma", "She listened to me.", "Transcribed by whisper"):
        assert words in shown
    assert "a.opus" not in shown  # people's names often stand in the names of files


def test_rows_are_of_segments_or_of_notes_and_formulas_are_harmless() -> None:
    text = "=1+1 then more"
    item = spoken(text, segments=(TimedSegment(0, 4, 0, 900, 0.5), TimedSegment(5, 14, 900, 2_000)))
    rows = list(csv.DictReader(io.StringIO(write("csv", item).decode("utf-8-sig"))))
    assert [row["text"] for row in rows] == ["'=1+1", "then more"]
    assert restore(rows[0]["text"]) == "=1+1"
    assert [row["start_ms"] for row in rows] == ["0", "900"]
    whole = write("csv", item, rows="note").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(whole))
    assert restore(row["text"]) == text and row["group"] == "Roma"
    named = write("csv", spoken(attributes={"text": "x"}), attributes=("text",)).decode("utf-8-sig")
    assert "attribute: text" in named.splitlines()[0]


def test_right_to_left_words_are_set_so_in_word() -> None:
    import docx

    words = "\u0645\u06cc\u06ba \u0646\u06d2 \u0641\u0648\u0646 \u06a9\u06cc\u0627"
    document = docx.Document(io.BytesIO(write("docx", spoken(words))))
    (found,) = [item for item in document.paragraphs if item.text == words]
    assert found._p.xpath("w:pPr/w:bidi")


def test_an_archive_has_a_file_for_each_note_with_a_harmless_name() -> None:
    items = [spoken(respondent="../../etc/passwd\x00"), spoken(standing="draft"),
             spoken(respondent="\u202e" * 500, question="x" * 500)]  # fmt: skip
    stream = io.BytesIO()
    n = write_archive(stream, items, "srt", TranscriptOptions(notes=("A note.",)))
    assert n == 3
    names = zipfile.ZipFile(stream).namelist()
    assert names[0] == "0001_etc-passwd_q1.srt"
    assert names[1] == "0002_R1_q1_draft.srt"
    assert all(len(name) < 90 and "/" not in name and "\u202e" not in name for name in names)
    assert names[-1] == "about.txt"
    assert file_stem(spoken(respondent="", question="", file_name="...")) == "note"

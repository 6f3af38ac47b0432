"""Transcripts on their way into files: DOCX, TXT, VTT, SRT and CSV, together or one file each.

In: transcripts with their segments. Out: one file, or an archive with a file for each note.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from workbench.domain.transcripts import Standing, TimedSegment

TranscriptFormat = Literal["docx", "txt", "vtt", "srt", "csv"]
FORMATS: tuple[TranscriptFormat, ...] = ("docx", "txt", "vtt", "srt", "csv")
ALONE: frozenset[TranscriptFormat] = frozenset({"vtt", "srt"})
"""Formats of subtitles: they hold one note, since their times are those of one recording."""

DRAFT = "machine draft, not checked"
TRANSLATED = "translated by machine"
CONFIRMED = "translation, confirmed by a person"
NAME = 60
"""Characters of a file's name in an archive, without its number and ending."""


@dataclass(frozen=True, slots=True)
class SpokenText:
    """A transcript, or the translation of one, as a file shows it.

    `attributes` holds only what may leave the database. `origin` says how it was made, one fact a
    line. `file_name` often holds people's names: it stands in only where there is no respondent.
    Where `withheld`, `text` says so and there are no segments.
    """

    respondent: str
    question: str
    question_text: str
    file_name: str
    language: str
    standing: Standing
    text: str
    segments: tuple[TimedSegment, ...] = ()
    is_translation: bool = False
    withheld: bool = False
    checked_by: str = ""
    checked_at: str = ""
    duration_ms: int = 0
    origin: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What a reader must know of these words; empty for a checked transcript."""
        if self.is_translation:
            return TRANSLATED if self.standing == "draft" else CONFIRMED
        return DRAFT if self.standing == "draft" else ""

    @property
    def heading(self) -> str:
        """Whose words these are."""
        parts = (self.respondent or self.file_name, self.question)
        return " \u00b7 ".join(" ".join(part.split()) for part in parts if part.strip())


@dataclass(frozen=True, slots=True)
class TranscriptOptions:
    """How transcripts are written. `rows` is of CSV: a row for each segment or for each note."""

    title: str = "Transcripts"
    study: str = ""
    generated_at: str = ""
    notes: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    rows: Literal["segment", "note"] = "segment"


Writer = Callable[[BinaryIO, Sequence[SpokenText], TranscriptOptions], None]


def writer_of(format: TranscriptFormat) -> Writer:
    """Give what writes a format."""
    from pipelines.export.transcripts_csv import write_csv
    from pipelines.export.transcripts_cues import write_srt, write_vtt
    from pipelines.export.transcripts_docx import write_docx
    from pipelines.export.transcripts_txt import write_txt

    known: dict[TranscriptFormat, Writer] = {
        "docx": write_docx, "txt": write_txt, "vtt": write_vtt, "srt": write_srt,
        "csv": write_csv,
    }  # fmt: skip
    return known[format]


def write_archive(
    stream: BinaryIO,
    texts: Iterable[SpokenText],
    format: TranscriptFormat,
    options: TranscriptOptions,
) -> int:
    """Write a ZIP with a file for each transcript; give their number."""
    write, n = writer_of(format), 0
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, item in enumerate(texts, start=1):
            part = io.BytesIO()
            write(part, [item], options)
            archive.writestr(f"{n:04d}_{file_stem(item)}.{format}", part.getvalue())
        if options.notes:
            archive.writestr("about.txt", "\n".join(options.notes) + "\n")
    return n


def file_stem(item: SpokenText) -> str:
    """Name a note's file by respondent and question, with nothing that a file system minds.

    Examples
    --------
    >>> file_stem(SpokenText("../R 1", "q1", "", "a.opus", "en", "draft", ""))
    'R-1_q1_draft'
    """
    parts = [item.respondent or item.file_name, item.question]
    if item.is_translation:
        parts.append("translation-en")
    parts = [part for part in map(_plain, parts) if part]
    stem = "_".join(parts)[:NAME] or "note"
    return f"{stem}_draft" if item.standing == "draft" else stem


def _plain(text: str) -> str:
    kept = (character if unicodedata.category(character)[0] in "LN" else "-" for character in text)
    return "-".join(filter(None, "".join(kept).split("-")))

"""Transcripts as CSV: a row for each segment, or for each note.

In: transcripts. Out: UTF-8 with a byte order mark, formulas neutralised as in every export.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipelines.export.neutralise import encodable, neutralise
from pipelines.export.transcripts import SpokenText, TranscriptOptions

LEADING = ("respondent", "question", "question text", "kind", "language", "mark")
TRAILING = ("checked by", "checked at", "segment", "start_ms", "end_ms", "speaker", "text",
            "confidence", "flags", "origin")  # fmt: skip

Cell = str | int | float | None


def write_csv(stream: BinaryIO, texts: Sequence[SpokenText], options: TranscriptOptions) -> None:
    """Write a header and one record per segment or note."""
    fixed = {*LEADING, *TRAILING}
    names = [f"attribute: {name}" if name in fixed else name for name in options.attributes]
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([_cell(name) for name in (*LEADING, *names, *TRAILING)])
    for item in texts:
        kind = "translation" if item.is_translation else "transcript"
        head = (item.respondent, item.question, item.question_text, kind,
                item.language, item.mark)  # fmt: skip
        known = [item.attributes.get(name, "") for name in options.attributes]
        for row in _rows(item, options):
            writer.writerow([_cell(value) for value in (*head, *known, *row)])
    text.flush()
    text.detach()


def _rows(item: SpokenText, options: TranscriptOptions) -> Iterator[tuple[Cell, ...]]:
    who = (item.checked_by, item.checked_at)
    origin = "; ".join(item.origin)
    if options.rows == "note" or not item.segments:
        yield (*who, None, 0, item.duration_ms or None, "", item.text, None, "", origin)
        return
    for number, one in enumerate(item.segments, start=1):
        yield (
            *who, number, one.start_ms, one.end_ms, one.speaker or "",
            item.text[one.start : one.end].strip(), one.confidence, "; ".join(one.flags), origin,
        )  # fmt: skip


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return neutralise(encodable(value)) if value else value
    return "" if value is None else str(value)

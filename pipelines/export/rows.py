"""Extracts as rows of a table: the columns that CSV and XLSX share.

In: extracts and options. Out: a header, and a row of texts and numbers per extract.
"""

from __future__ import annotations

from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import format_path
from workbench.domain.extracts import Extract

LEADING = ("theme", "code", "quote", "before", "after", "respondent")
TRAILING = (
    "question",
    "question text",
    "speaker",
    "people",
    "time",
    "coder",
    "memo",
    "marks",
    "transcript",
    "translation",
    "translation_status",
    "starred by",
    "start",
    "end",
    "document",
    "created_at",
    "guid",
)
MARKS_SEPARATOR = "; "


def header(options: ExtractOptions) -> list[str]:
    """Name the columns: the fixed ones around one per chosen attribute.

    An attribute that is named as a fixed column is gets "attribute: " in front, so that no two
    columns have one name. `before`, `after` and `memo` stay, empty, where they were not chosen:
    the columns of a file do not depend on that.
    """
    fixed = {*LEADING, *TRAILING}
    chosen = [f"attribute: {name}" if name in fixed else name for name in options.attributes]
    return [*LEADING, *chosen, *TRAILING]


def row(extract: Extract, options: ExtractOptions) -> list[str | int | None]:
    """Return one extract's cells, in the order of `header`. `start` and `end` are numbers."""
    return [
        extract.theme,
        format_path(extract.code_path),
        extract.told,
        extract.before if options.context else "",
        extract.after if options.context else "",
        extract.respondent,
        *(extract.attributes.get(name, "") for name in options.attributes),
        extract.question_ref,
        extract.question,
        extract.speaker,
        MARKS_SEPARATOR.join(extract.people),
        extract.time,
        extract.coder,
        extract.memo if options.memos else "",
        MARKS_SEPARATOR.join(extract.marks),
        extract.transcript,
        extract.translation,
        extract.translation_status,
        MARKS_SEPARATOR.join(extract.starred_by),
        extract.start,
        extract.end,
        extract.document,
        extract.created_at,
        extract.guid,
    ]

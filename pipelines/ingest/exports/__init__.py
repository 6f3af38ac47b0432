"""Recognises what survey tools write, by what is in the file and never by its name.

In: the first records of a file. Out: the `Layout` of the tool whose export it is, if there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipelines.ingest.exports import (
    consultations,
    forms,
    kobo,
    limesurvey,
    qualtrics,
    surveymonkey,
)
from pipelines.ingest.exports.layout import Columns, Description, Layout

__all__ = ["LOOK_AT_RECORDS", "TOOLS", "Columns", "Description", "Layout", "find_layout"]

LOOK_AT_RECORDS = 6
"""Records that tell a tool: three of a header, and some below it."""
LOOK_AT_CHARS = 5_000
"""Characters of each of their cells."""

Recogniser = Callable[[Sequence[tuple[str, ...]]], Layout | None]

TOOLS: tuple[Recogniser, ...] = (
    qualtrics.recognise,
    surveymonkey.recognise,
    limesurvey.recognise,
    kobo.recognise,
    forms.recognise_microsoft,
    consultations.recognise_citizen_space,
    consultations.recognise_jisc,
    forms.recognise_google,
)
"""Tried in this order: those that are known by more come first."""


def find_layout(records: Sequence[Sequence[str]]) -> Layout | None:
    """Return the layout of the tool that wrote a file, None if it is none that is known.

    Parameters
    ----------
    records
        The first records that hold anything, the header among them.
    """
    width = max(map(len, records), default=0)
    if not width:
        return None
    head = [tuple(_clean(cell) for cell in record) for record in records[:LOOK_AT_RECORDS]]
    filled = [record + ("",) * (width - len(record)) for record in head]
    return next((layout for tool in TOOLS if (layout := tool(filled)) is not None), None)


def _clean(cell: str) -> str:
    return cell[:LOOK_AT_CHARS].strip().strip("\ufeff").strip()

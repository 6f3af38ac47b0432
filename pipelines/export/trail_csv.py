"""The trail to CSV: one row for each thing that was done, the oldest first.

In: rows of the trail. Out: UTF-8 with a byte order mark, CRLF, formulas neutralised.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from pipelines.export.neutralise import encodable, neutralise
from workbench.domain.trail import TrailRow

COLUMNS = (
    "number", "at", "person", "what", "verb", "label", "document", "codes", "taken_back",
    "operation",
)  # fmt: skip


def write_trail_csv(stream: BinaryIO, rows: Iterable[TrailRow]) -> int:
    """Write the rows; give how many they are."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    n = 0
    for row in rows:
        writer.writerow([neutralise(encodable(cell)) for cell in _cells(row)])
        n += 1
    text.flush()
    text.detach()
    return n


def _cells(row: TrailRow) -> tuple[str, ...]:
    entry = row.entry
    return (
        "" if entry.number is None else str(entry.number),
        entry.at,
        entry.actor,
        entry.what,
        entry.verb,
        entry.label,
        entry.document,
        "; ".join(entry.codes),
        "yes" if entry.undone else "",
        entry.uuid,
    )

"""Memos as a table: CSV and XLSX with a row for each memo, formulas neutralised.

In: threads. Out: rows in the order of the threads, replies below what they answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from pipelines.export.memo_rows import HEADER, MemoOptions, WrittenThread
from pipelines.export.table import FlatTable
from pipelines.export.table_csv import write_table_csv
from pipelines.export.table_xlsx import write_table_xlsx


def memo_table(threads: Sequence[WrittenThread]) -> FlatTable:
    """Put threads into rows."""
    rows = tuple(
        (
            memo.text, thread.on, thread.kind, memo.purpose, memo.author, memo.written,
            memo.changed, number, place, thread.quoting, memo.guid,
        )
        for number, thread in enumerate(threads, start=1)
        for place, memo in enumerate(thread.memos, start=2 if thread.headless else 1)
    )  # fmt: skip
    return FlatTable("Memos", HEADER, rows)


def write_memos_csv(
    stream: BinaryIO, threads: Sequence[WrittenThread], options: MemoOptions
) -> int:
    """Write a header and a record for each memo; return their number."""
    return write_table_csv(stream, memo_table(threads))


def write_memos_xlsx(
    stream: BinaryIO, threads: Sequence[WrittenThread], options: MemoOptions
) -> int:
    """Write the sheets "Memos" and "About"; return the number of memos."""
    about = [
        ("Title", options.title),
        ("Study", options.study),
        ("Written", options.generated_at),
        ("Memos", options.counts),
        *(("Note", note) for note in options.notes),
    ]
    return write_table_xlsx(stream, [memo_table(threads)], about)

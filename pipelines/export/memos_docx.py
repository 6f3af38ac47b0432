"""Memos as a Word document: a heading for what each thread is about, replies indented below.

In: threads. Out: DOCX.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from pipelines.export.docx_flow import DocxFlow
from pipelines.export.memo_rows import MemoOptions, WrittenThread, line_of


def write_memos_docx(
    stream: BinaryIO, threads: Sequence[WrittenThread], options: MemoOptions
) -> int:
    """Write a document to be read; return the number of memos."""
    flow = DocxFlow(title=options.title, study=options.study)
    lines = (options.study, options.generated_at, options.counts)
    flow.title_block(options.title, lines, options.notes)
    n_memos = 0
    for thread in threads:
        flow.paragraph("Heading 2", thread.on)
        about = thread.kind if thread.may_be_quoted else f"{thread.kind}; {thread.quoting}"
        flow.paragraph("Count", about)
        for place, memo in enumerate(thread.memos):
            is_reply = thread.headless or place > 0
            flow.paragraph("Attribution" if is_reply else "Normal", memo.text)
            said = f"Reply by {line_of(memo)}" if is_reply else line_of(memo)
            flow.paragraph("Attribution" if is_reply else "Count", said)
            n_memos += 1
    flow.save(stream)
    return n_memos

r"""Memos as Markdown (CommonMark), replies as quotations below what they answer.

In: threads. Out: UTF-8 text. Every sign that Markdown or HTML would take for its own stands behind
a backslash, so that a memo is read as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import BinaryIO

from pipelines.export.memo_rows import MemoOptions, WrittenThread, line_of
from pipelines.export.neutralise import xml_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:=@])")


def write_memos_md(stream: BinaryIO, threads: Sequence[WrittenThread], options: MemoOptions) -> int:
    """Write a text to be read; return the number of memos."""
    parts = [f"# {escaped(options.title)}", ""]
    head = (options.study, options.generated_at, options.counts)
    parts += [f"{escaped(line)}  " for line in head if line]
    parts += ["", *(f"*{escaped(note)}*\n" for note in options.notes)]
    n_memos = 0
    for thread in threads:
        parts += ["", f"## {escaped(thread.on)}", ""]
        if not thread.may_be_quoted:
            parts += [f"*{escaped(thread.quoting)}*", ""]
        for place, memo in enumerate(thread.memos):
            before = "> " if thread.headless or place else ""
            lines = [*escaped(memo.text, lines=True).split("\n"), "", f"*{escaped(line_of(memo))}*"]
            parts += [f"{before}{line}".rstrip(" ") if not line else f"{before}{line}"
                      for line in lines]  # fmt: skip
            parts.append("")
            n_memos += 1
    stream.write("\n".join(parts).encode("utf-8"))
    return n_memos


def escaped(text: str, *, lines: bool = False) -> str:
    """Take Markdown's meaning from a text; with `lines`, keep its line breaks.

    White space at the beginning of a line, which would make it a block of code, goes.
    """
    safe = _SPECIAL.sub(r"\\\1", xml_text(text))
    if not lines:
        return " ".join(safe.split())
    kept = [line.strip() for line in safe.split("\n")]
    return "\n".join(
        f"{line}  " if line and after else line
        for line, after in zip(kept, [*kept[1:], ""], strict=True)
    )

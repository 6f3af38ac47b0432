"""Memos as they go into a file.

In: what the store knows of memos. Out: values that the writers of all formats take.
"""

from __future__ import annotations

from dataclasses import dataclass

HEADER = (
    "memo", "on", "kind", "purpose", "author", "written", "changed", "thread", "place", "quoting",
    "guid",
)  # fmt: skip
"""Columns of a table of memos. `place` is 1 for the first memo of a thread; replies follow."""

MAY_QUOTE = "may quote participants"
"""Said of every memo: it holds a researcher's words, and often somebody else's too."""
NOT_TO_BE_QUOTED = "about somebody who may not be quoted"


@dataclass(frozen=True, slots=True)
class WrittenMemo:
    """One memo. `written` and `changed` are times as text; `changed` is empty if it never was."""

    text: str
    author: str
    written: str
    changed: str = ""
    purpose: str = ""
    guid: str = ""


@dataclass(frozen=True, slots=True)
class WrittenThread:
    """Memos on one thing, the first one before its replies.

    `headless` when what they reply to is not shown. `may_be_quoted` False when they are about a
    respondent who said that they may not be quoted.
    """

    on: str
    kind: str
    memos: tuple[WrittenMemo, ...]
    may_be_quoted: bool = True
    headless: bool = False

    @property
    def quoting(self) -> str:
        """What is to be known before these words are passed on."""
        return MAY_QUOTE if self.may_be_quoted else NOT_TO_BE_QUOTED


@dataclass(frozen=True, slots=True)
class MemoOptions:
    """What stands above the memos."""

    title: str
    study: str
    generated_at: str
    counts: str
    notes: tuple[str, ...] = ()


def line_of(memo: WrittenMemo) -> str:
    """Say whose a memo is and when it was written, in one line."""
    changed = f", changed {memo.changed}" if memo.changed else ""
    purpose = f"{memo.purpose.capitalize()} memo by " if memo.purpose else ""
    return f"{purpose}{memo.author}, {memo.written}{changed}"

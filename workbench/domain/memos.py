"""Memos: what researchers write down about what they read, and about themselves as they read it.

In: rows of the store. Out: values for the services, the screens and the files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.text import fold

TargetKind = Literal["study", "codebook_version", "code", "respondent", "document", "coding"]
Purpose = Literal["positionality", "reflexivity"]

KINDS: tuple[TargetKind, ...] = (
    "study", "codebook_version", "code", "respondent", "document", "coding",
)  # fmt: skip
KIND_NAMES: dict[TargetKind, str] = {
    "study": "study",
    "codebook_version": "version of the codebook",
    "code": "code",
    "respondent": "respondent",
    "document": "answer",
    "coding": "coding",
}
"""What people call what a memo is about."""
PURPOSES: tuple[Purpose, ...] = ("positionality", "reflexivity")


@dataclass(frozen=True, slots=True)
class MemoFilter:
    """Which memos are meant. Empty parts do not restrict.

    A code means memos on it, on codes below it, and on codings with any of these; a document means
    memos on it and on its codings; a respondent means memos on them, their answers, and the codings
    of these. `search` is matched word by word on folded text. `since` and `until` are days, as
    "2022-02-14", in which a memo was written or changed; both are taken in.
    """

    kind: TargetKind | None = None
    author_id: int | None = None
    code_id: int | None = None
    document_id: int | None = None
    respondent_id: int | None = None
    purpose: Purpose | None = None
    search: str = ""
    since: str = ""
    until: str = ""
    target_id: int | None = None
    """The one thing of `kind` that is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a memo is about, as people call it, and what a page needs to lead there.

    `may_be_quoted` is False where it is about a respondent who said that they may not be quoted.
    """

    kind: TargetKind
    id: int
    label: str
    document_id: int | None = None
    respondent_id: int | None = None
    code_id: int | None = None
    coder_id: int | None = None
    may_be_quoted: bool = True


@dataclass(frozen=True, slots=True)
class Memo:
    """One memo. `taken_away`: only its place is left, since there are replies to it."""

    id: int
    guid: str
    author_id: int
    author: str
    text: str
    created_at: str
    changed_at: str
    purpose: Purpose | None = None
    reply_to: int | None = None
    taken_away: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether it was given other words after it was written."""
        return self.changed_at > self.created_at


@dataclass(frozen=True, slots=True)
class Thread:
    """A memo with the replies to it, the oldest first.

    `root` is None where replies are left of a memo that this person may not see.
    """

    key: int
    place: Place
    root: Memo | None
    replies: tuple[Memo, ...] = ()

    @property
    def memos(self) -> tuple[Memo, ...]:
        """All that is there to read, in order."""
        shown = () if self.root is None or self.root.taken_away else (self.root,)
        return (*shown, *self.replies)


@dataclass(frozen=True, slots=True)
class MemoPage:
    """One page of threads. `n_memos` counts the memos that fit the filter, in `n_threads`."""

    threads: tuple[Thread, ...]
    n_threads: int
    n_memos: int
    offset: int = 0


def matches(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text holds all of these folded words."""
    if not words:
        return True
    folded = fold(text)
    return all(word in folded for word in words)


def search_words(search: str) -> tuple[str, ...]:
    """Fold what is searched for into words."""
    return tuple(fold(search).split())

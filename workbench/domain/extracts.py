"""An extract: the words that a coding covers, with what a reader needs to place them.

In: what the store reads for a filter. Out: values that the extracts page shows and exports write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.domain.turns import clock, short_clock

NOT_TO_BE_QUOTED = "not to be quoted"
"""The mark of words whose respondent said that they may not be quoted."""

MACHINE_DRAFT = "machine draft"
"""The mark of words that a machine has heard and nobody has checked by ear."""

NOT_KNOWN_WHO = "not known who"
"""Stands before the words of a turn of which nobody knows who speaks."""

WITHHELD = "[withheld: may not be quoted]"
"""Stands for such words in what leaves the database."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One coding with its words.

    `start` and `end` are code points of the document's text, both None for a coding of the whole
    document. `attributes` holds only attributes that may leave the database, in the order in which
    they are to be shown. `marks` are short warnings that go with the quote wherever it goes, such
    as "machine draft". `starred_by` names who has starred it. In a discussion `speaker` names all
    who speak in these words, in order, `people` has the refs of those who are respondents,
    `start_ms` says when the first turn begins, and there are attributes where one person speaks.
    """

    guid: str
    code_path: tuple[str, ...]
    quote: str
    document_id: int
    document: str
    coder: str
    created_at: str
    respondent: str = ""
    question_ref: str = ""
    question: str = ""
    speaker: str = ""
    start: int | None = None
    end: int | None = None
    before: str = ""
    after: str = ""
    memo: str = ""
    colour: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    starred_by: tuple[str, ...] = ()
    transcript: str = ""
    """Of words that a machine has heard: "machine draft" or "checked"; empty where none has."""
    translation: str = ""
    """Of the segments that the quote touches, where there is a translation."""
    translation_status: str = ""
    """That a machine has translated it, or who has confirmed the translation."""

    people: tuple[str, ...] = ()
    start_ms: int | None = None
    turns: tuple[tuple[int, str], ...] = ()
    """Where several people speak: (where it begins in the quote, name) of each turn, in order."""
    begun: bool = False
    """Whether `before` names whoever speaks first in the quote."""

    @property
    def told(self) -> str:
        """The quote, with the name of who speaks in brackets before each turn.

        Examples
        --------
        >>> Extract("g", ("A",), "Yes. No.", 1, "d", "Ana", "", turns=((0, "P1"), (5, ""))).told
        '[P1] Yes. [not known who] No.'
        """
        return name_turns(self.quote, self.turns)

    @property
    def told_on(self) -> str:
        """The same, to be read on from `before`: nobody is named twice within one turn.

        Examples
        --------
        >>> said = Extract("g", ("A",), "twice. No.", 1, "d", "Ana", "", before="[P1] I rang ",
        ...                turns=((0, "P1"), (7, "P2")), begun=True)
        >>> said.before + said.told_on
        '[P1] I rang twice. [P2] No.'
        """
        return name_turns(self.quote, self.turns[1:]) if self.begun else self.told

    @property
    def time(self) -> str:
        """When the words begin in a discussion, as 0:12:34; empty where nobody knows."""
        return "" if self.start_ms is None else clock(self.start_ms)

    @property
    def short_time(self) -> str:
        """The same as screens show it, as 12:34."""
        return "" if self.start_ms is None else short_clock(self.start_ms)

    @property
    def theme(self) -> str:
        """The top-level code that this extract belongs to."""
        return self.code_path[0]


def name_turns(words: str, turns: Sequence[tuple[int, str]]) -> str:
    """Put the name of who speaks in brackets before each turn: (where it begins, name), in order.

    Examples
    --------
    >>> name_turns("Yes. No.", [(5, "P2")]), name_turns(" Yes.", [(0, "P1")])
    ('Yes. [P2] No.', '[P1] Yes.')
    """
    if not turns:
        return words
    ends = [*(start for start, _ in turns[1:]), len(words)]
    said = (
        f"[{name or NOT_KNOWN_WHO}] {words[start:end].lstrip(' ')}"
        for (start, name), end in zip(turns, ends, strict=True)
    )
    return words[: turns[0][0]] + "".join(said)


def withhold(extract: Extract) -> Extract:
    """Take the words out of an extract that is not to be quoted; leave every other as it is.

    The translation goes with them, and the memo: coders quote in their notes.

    Examples
    --------
    >>> withhold(Extract("g", ("A",), "words", 1, "d", "Ana", "", marks=(NOT_TO_BE_QUOTED,))).quote
    '[withheld: may not be quoted]'
    """
    if NOT_TO_BE_QUOTED not in extract.marks:
        return extract
    return replace(extract, quote=WITHHELD, before="", after="", memo="",
                   translation="", translation_status="", turns=())  # fmt: skip

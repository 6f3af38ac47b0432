"""A REFI-QDA project as its XML has it, before texts are looked up and positions settled.

In: what `refi_elements.py` builds. Out: values for `refi_resolve.py`; selections have their
positions in `raw`, as the file's numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from workbench.domain.refi import RefiNote, RefiProject, RefiSelection, RefiSource, RefiTranscript


@dataclass(frozen=True, slots=True)
class RawTranscript:
    """A transcript before its text is looked up. `points` are (GUID, milliseconds, position)."""

    transcript: RefiTranscript
    path: str
    content: str | None
    points: tuple[tuple[str, int, int], ...]
    selections: tuple[tuple[RefiSelection, str, str], ...]


@dataclass(frozen=True, slots=True)
class RawSource:
    """A source before its text is looked up: `path` of its text, or `content`, or neither."""

    source: RefiSource
    path: str = ""
    content: str | None = None
    transcripts: tuple[RawTranscript, ...] = ()
    words: RawSource | None = None


@dataclass(frozen=True, slots=True)
class RawNote:
    """A memo before its text is looked up."""

    note: RefiNote
    path: str
    content: str | None


@dataclass(slots=True)
class RawProject:
    """A project before texts and positions are settled. `shell` has what needs no settling."""

    shell: RefiProject
    sources: list[RawSource] = field(default_factory=list)
    notes: list[RawNote] = field(default_factory=list)

"""What a methods appendix tells: the facts of a study's trail, and the appendix as a value.

In: counts, names and dates from the store. Out: values; `methods_words` makes sentences of them.
Nothing here holds words of participants.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: its heads, and rows of as many cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the appendix."""

    title: str
    paragraphs: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Appendix:
    """The whole appendix."""

    title: str
    study: str
    written_at: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class CoderWork:
    """What one coder has done; codings are those that whoever asks may see."""

    name: str
    begun: int
    done: int
    codings: int
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class NamedVersion:
    """A version of the codebook that people gave a name, and how it differs from the one before."""

    number: int
    name: str
    note: str
    at: str
    by: str
    n_codes: int
    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """A code as it is defined at the end."""

    path: str
    definition: str
    include: str
    exclude: str


@dataclass(frozen=True, slots=True)
class Doubles:
    """How many documents several people have read, and how they were given out."""

    documents: int = 0
    done_by_one: int = 0
    done_by_several: int = 0
    assigned: int = 0
    assigned_several: int = 0
    assigned_blind: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """How differences between coders were settled."""

    by_choice: dict[str, int] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """What a machine transcribed, by model, and how much of it people have checked."""

    models: tuple[tuple[str, int], ...] = ()
    checked: int = 0
    drafts: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """What the trail itself holds. `head` is empty while its numbers are not told."""

    taken_back: int = 0
    n_events: int | None = None
    head: str = ""


@dataclass(frozen=True, slots=True)
class Discussions:
    """The focus groups: their words, who speaks in them, and turns that are linked to nobody."""

    groups: int = 0
    words: int = 0
    speakers: int = 0
    facilitators: int = 0
    turns_of_nobody: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that an appendix tells."""

    study: str
    written_at: str
    respondents: int
    facilitators: int
    withdrawn: int
    surveys: tuple[str, ...]
    questions: int
    documents: dict[str, int]
    coders: tuple[CoderWork, ...]
    doubles: Doubles
    settled: Settled
    versions: int
    named: tuple[NamedVersion, ...]
    changes: dict[str, int]
    redefined: int
    outdated: int
    definitions: tuple[Definition, ...]
    machine: Machine
    exports: tuple[tuple[str, int, str], ...]
    trail: Trail
    agreement: tuple[Section, ...] = ()
    discussions: Discussions = field(default_factory=Discussions)

"""A project as REFI-QDA knows it: what is exchanged with other programs, free of XML and SQL.

In: nothing. Out: frozen values that the exporter writes and the importer reads. Identities are
GUIDs in lower case without braces; text positions are half-open code points over `Source.text`,
whichever reading a file needs is settled at its border (`pipelines/ingest/refi_*`).

Source: REFI-QDA standard 1.5 (www.qdasoftware.org), Project.xsd and Codebook.xsd 1.0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

VariableType = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
Direction = Literal["Associative", "OneWay", "Bidirectional"]
SourceKind = Literal["text", "audio", "video", "pdf", "picture"]


@dataclass(frozen=True, slots=True)
class RefiUser:
    """A coder."""

    guid: str
    name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class RefiCode:
    """A code with all below it. `colour` is "#RRGGBB" or "". `notes` are GUIDs of notes on it."""

    guid: str
    name: str
    is_codable: bool = True
    colour: str = ""
    description: str = ""
    notes: tuple[str, ...] = ()
    children: tuple[RefiCode, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiVariable:
    """An attribute of cases."""

    guid: str
    name: str
    type: VariableType = "Text"
    description: str = ""


@dataclass(frozen=True, slots=True)
class RefiCase:
    """A respondent, or whatever else a project keeps variables of.

    `values` pairs a variable's GUID with its value, written as XML has it. `selections` are GUIDs
    of selections, such as the turns of a speaker.
    """

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiCoding:
    """One code of one coder on a selection or a whole source. `made_at` is ISO 8601, or ""."""

    guid: str
    code: str
    user: str = ""
    made_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSelection:
    """Words of a text, or a stretch of a recording in milliseconds, with what was coded on them.

    `start` and `end` are None where the file's numbers cannot be resolved: `raw` has them as they
    stood. `area` holds what a picture or a page of a PDF is selected by.
    """

    guid: str
    start: int | None
    end: int | None
    name: str = ""
    description: str = ""
    user: str = ""
    made_at: str = ""
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()
    raw: tuple[str, str] = ("", "")
    area: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RefiTranscript:
    """A recording's words: (milliseconds, position) of its sync points, over a text.

    `text_path` is the file of the text inside the archive; a text source with the same file is its
    twin and carries the selections.
    """

    guid: str
    text: str
    sync: tuple[tuple[int, int], ...] = ()
    text_path: str = ""
    user: str = ""
    made_at: str = ""


@dataclass(frozen=True, slots=True)
class RefiSource:
    """A document or a recording.

    `path` is the file inside the archive of what is not text; `text_path` that of its text.
    """

    guid: str
    kind: SourceKind
    name: str = ""
    description: str = ""
    text: str = ""
    text_path: str = ""
    path: str = ""
    user: str = ""
    made_at: str = ""
    selections: tuple[RefiSelection, ...] = ()
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    transcripts: tuple[RefiTranscript, ...] = ()
    time_selections: tuple[RefiSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiNote:
    """A memo."""

    guid: str
    text: str
    name: str = ""
    user: str = ""
    made_at: str = ""
    codings: tuple[RefiCoding, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSet:
    """A named group of codes, sources and notes."""

    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiLink:
    """A relation between two things, by their GUIDs."""

    guid: str
    origin: str
    target: str
    name: str = ""
    direction: Direction = "OneWay"
    colour: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiProject:
    """Everything that one file exchanges. `graphs` are kept as XML, and not looked into."""

    name: str
    origin: str = ""
    description: str = ""
    user: str = ""
    made_at: str = ""
    changed_by: str = ""
    changed_at: str = ""
    users: tuple[RefiUser, ...] = ()
    codes: tuple[RefiCode, ...] = ()
    variables: tuple[RefiVariable, ...] = ()
    cases: tuple[RefiCase, ...] = ()
    sources: tuple[RefiSource, ...] = ()
    notes: tuple[RefiNote, ...] = ()
    links: tuple[RefiLink, ...] = ()
    sets: tuple[RefiSet, ...] = ()
    graphs: tuple[str, ...] = ()
    project_notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the text positions of a file are to be read."""

    unit: Literal["code points", "UTF-16"] = "code points"
    crlf: Literal[1, 2] = 1
    bom_counts: bool = False
    end: Literal["exclusive", "inclusive"] = "exclusive"


@dataclass(frozen=True, slots=True)
class RefiFile:
    """What was read: the project, how its positions were read and why, and what was left out.

    `left_out` are sentences that name what was not taken over and why. `media` maps paths inside the
    archive to their sizes in bytes.
    """

    project: RefiProject
    reading: Reading = Reading()
    why: str = ""
    others: tuple[tuple[Reading, float], ...] = ()
    left_out: tuple[str, ...] = ()
    media: dict[str, int] = field(default_factory=dict)

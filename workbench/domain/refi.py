"""A project as REFI-QDA knows it: what is exchanged with other programs, free of XML and SQL.

In: nothing. Out: frozen values that the exporter writes and the importer reads. Identities are
GUIDs in lower case without braces; text positions are half-open code points over `Source.text`,
whichever reading a file needs is settled at its border (`pipelines/ingest/projects`).

Source: REFI-QDA standard 1.5 (www.qdasoftware.org), Project.xsd and Codebook.xsd 1.0.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

VariableType = Literal["Text", "Boolean", "Integer", "Float", "Date", "DateTime"]
Direction = Literal["Associative", "OneWay", "Bidirectional"]
SourceKind = Literal["text", "audio", "video", "pdf", "picture"]
Profile = Literal["standard", "utf16"]
"""How positions are written: as the standard says, or in UTF-16 units as NVivo for Windows does."""

PRODUCT = "SpeakOut Workbench"
"""What `origin` begins with in files of our own."""
UTF16_MARK = " (UTF-16 positions)"
"""What `origin` ends with in files of our own in the profile "utf16"."""
SUFFIXES: dict[SourceKind, str] = {
    "text": "txt", "audio": "m4a", "video": "mp4", "pdf": "pdf", "picture": "jpg",
}  # fmt: skip
"""How a file's name ends where nothing else is known of it."""
MAX_NAME = 100
"""Characters of the words of a selection that its name shows."""
MAX_CODE_DEPTH = 100
"""Codes inside codes: people stop at five."""
MAX_FILE_BYTES = 2**31 - 1
"""Size of the largest file in an archive (standard, section 8.5)."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OURS = uuid.UUID("6f8d1c52-2b5e-5c0f-9b53-5a0d7e1f4c1b")


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
    of selections, such as the turns of a speaker. `notes` are memos on the case: in a file these
    are links from the note to the case, since a case cannot refer to notes.
    """

    guid: str
    name: str = ""
    description: str = ""
    codes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    stood. `name` is "" where it would only repeat the words. `description` is a comment on the
    words, by nobody in particular. `area` holds what a picture or a page of a PDF is selected by.
    `doubt` says why `start` and `end` are but a guess, which a person is to settle.
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
    doubt: str = ""


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
    name: str = ""
    description: str = ""
    user: str = ""
    made_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RefiSource:
    """A document or a recording.

    `path` is the file inside the archive of what is not text (or a text's .docx); `text_path` that
    of its text. Both are plain names without a folder. `time_selections` are in milliseconds.
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
    """A memo. Its own words may be coded, as a whole or in `selections`; `notes` are on it."""

    guid: str
    text: str
    name: str = ""
    description: str = ""
    user: str = ""
    made_at: str = ""
    selections: tuple[RefiSelection, ...] = ()
    codings: tuple[RefiCoding, ...] = ()
    notes: tuple[str, ...] = ()


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
    """How the text positions of a file are to be read.

    `crlf` is what a line end of two characters counts; `end` is whether the position at which a
    selection ends still belongs to it.
    """

    unit: Literal["code points", "UTF-16"] = "code points"
    crlf: Literal[1, 2] = 1
    bom_counts: bool = False
    end: Literal["exclusive", "inclusive"] = "exclusive"


@dataclass(frozen=True, slots=True)
class RefiFile:
    """What was read: the project, how its positions were read and why, and what was left out.

    `others` are the other ways to read the positions that would give other words, the likelier
    first, with the share of the evidence (0 to 1) that speaks for each. `left_out` are sentences
    that name what was not taken over and why, `remarks` what was read otherwise than it stood.
    `media` maps paths inside the archive to their sizes in bytes.
    """

    project: RefiProject
    reading: Reading = Reading()
    why: str = ""
    others: tuple[tuple[Reading, float], ...] = ()
    score: float = 1.0
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    media: Mapping[str, int] = field(default_factory=dict)


def is_guid(text: str) -> bool:
    """Tell whether this is a GUID as kept here: lower case, no braces."""
    return _GUID.fullmatch(text) is not None


def clean_guid(text: str) -> str:
    """Return a GUID in lower case without braces; what is none gets one that is always the same."""
    if is_guid(text):
        return text
    plain = text.strip().strip("{}").strip().lower()
    return plain if is_guid(plain) else derived_guid("not a GUID", text)


def derived_guid(*parts: str) -> str:
    """Make a GUID of what a thing is, the same each time (UUID version 5)."""
    return str(
        uuid.uuid5(_OURS, "\x1f".join(part.encode("utf-8", "replace").decode() for part in parts))
    )


def shown_words(words: str) -> str:
    """Return words as the name of a selection has them: on one line, cut after 100 characters."""
    line = " ".join(words[: 20 * MAX_NAME].split())
    more = len(words) > 20 * MAX_NAME and words[20 * MAX_NAME :].strip() != ""
    return f"{line[:MAX_NAME]}…" if len(line) > MAX_NAME or more else line

"""What all parts of bringing in a project share: the transaction, what was found, what it did.

In: a project that was read, and a study. Out: counts and lists for people; GUIDs of the file and
the keys of what they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from workbench.domain.codings import Actor
from workbench.domain.reanchor import Placement
from workbench.domain.refi import (
    PRODUCT,
    RefiCode,
    RefiFile,
    RefiProject,
    RefiSelection,
    derived_guid,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.words import count
from workbench.store.clock import new_guid
from workbench.store.engine import Connection
from workbench.store.projects.exchanged import Exchanged
from workbench.store.projects.project_made import Made
from workbench.store.projects.project_rows import Known
from workbench.store.visibility import Sight

MAX_NAME = 200
WITHDRAWN = "People who have withdrawn from the study, with all that is theirs"
KEPT = "are kept for the next export and not shown"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*", re.DOTALL)


@dataclass
class Tally:
    """How many of a kind were new, and how many were there already; the new ones by name."""

    new: list[str] = field(default_factory=list)
    matched: int = 0


@dataclass
class ProjectReport:
    """What bringing in a project did, or would do.

    `left_out` are sentences that name what was not taken over and why, `remarks` what was taken
    otherwise than it stood. `has_news`: something in the file is new to the study; `unchanged`:
    nothing at all was written, not even which things of the file are the study's. `reading` and
    `why` say how text positions were read.
    """

    study: str
    study_id: int = 0
    study_created: bool = False
    dry_run: bool = False
    unchanged: bool = False
    has_news: bool = False
    coders: Tally = field(default_factory=Tally)
    codes: Tally = field(default_factory=Tally)
    attributes: Tally = field(default_factory=Tally)
    respondents: Tally = field(default_factory=Tally)
    documents: Tally = field(default_factory=Tally)
    recordings: Tally = field(default_factory=Tally)
    codings_new: int = 0
    codings_matched: int = 0
    codings_flagged: int = 0
    memos_new: int = 0
    memos_matched: int = 0
    kept: int = 0
    left_out: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    reading: str = ""
    why: str = ""

    def figures(self) -> list[tuple[str, int, int]]:
        """List what came in by kind: (kind, new, there already)."""
        named = [
            (name, len(tally.new), tally.matched)
            for name, tally in (
                ("coders", self.coders), ("codes", self.codes), ("attributes", self.attributes),
                ("respondents", self.respondents), ("documents", self.documents),
                ("recordings", self.recordings),
            )
        ]  # fmt: skip
        return [
            *named,
            ("codings", self.codings_new, self.codings_matched),
            ("memos", self.memos_new, self.memos_matched),
        ]

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON."""
        values: dict[str, Any] = {
            name: {"new": new, "matched": matched} for name, new, matched in self.figures()
        }
        for name in ("coders", "codes", "attributes", "respondents", "documents", "recordings"):
            values[name]["new_names"] = list(getattr(self, name).new)
        return {
            "study": self.study,
            "study_created": self.study_created,
            "dry_run": self.dry_run,
            "unchanged": self.unchanged,
            **values,
            "codings_flagged": self.codings_flagged,
            "kept": self.kept,
            "left_out": list(self.left_out),
            "remarks": list(self.remarks),
            "reading": self.reading,
            "why": self.why,
        }

    def in_words(self) -> str:
        """Say what came in, in one sentence."""
        singular = {"codings": "coding", "memos": "memo"}
        told = [
            f"{count(new, 'new ' + singular.get(name, name[:-1]), 'new ' + name)}"
            + (f" ({matched:,} there already)" if matched else "")
            for name, new, matched in self.figures()
            if new or matched
        ]
        return "; ".join(told) or "nothing"


def in_words(report: ProjectReport) -> str:
    """Say what an import did, or would do."""
    if not report.has_news and report.study_created:
        rest = ", but for what is left out" if report.left_out else ""
        return f"Nothing is in it that could be brought in{rest}: no study is made for it."
    if not report.has_news and report.left_out:
        return f"Nothing in it is new to {report.study}, but for what is left out."
    if not report.has_news and not report.unchanged:
        noted = "bringing it in notes them" if report.dry_run else "they are noted now"
        return (
            f"Everything in it is in {report.study} already. Only the identities by which the file "
            f"knows it are new; {noted}."
        )
    if not report.has_news:
        return f"Everything in it is in {report.study} already."
    did = "Would bring" if report.dry_run else "Brought"
    flagged = ""
    if report.codings_flagged:
        flagged = f" {count(report.codings_flagged, 'coding')} to be placed again."
    return f"{did} into {report.study}: {report.in_words()}.{flagged}"


@dataclass
class Text:
    """A document that a source of the file stands for. `hidden`: it is coded blind by others.

    `place` leads from places in the file's text to places in the document's, where they differ.
    `carried` has the places of an earlier text, which the file has, in the text as it is now.
    """

    id: int
    revision_id: int
    text: str
    is_new: bool
    hidden: bool = False
    place: Any = None
    is_turn: frozenset[str] = frozenset()
    carried: dict[tuple[int, int], Placement] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give a span of the file's text as it is in the document."""
        return (start, end) if self.place is None else (self.place(start), self.place(end))


class Named(NamedTuple):
    """A respondent of the study, and whether they have withdrawn."""

    id: int
    ref: str
    withdrawn: bool = False


@dataclass
class Run:
    """One import while it is under way. Maps lead from GUIDs of the file to keys.

    `changed`: something was written that no figure of the report counts.
    `rehearses`: on a server others are at work in the same rows, so that nothing is written that
    could keep them waiting, and that the report does not hang on.
    `made` notes what is written, so that it can be taken back.
    `gone` are sources of people who have withdrawn, `unseen` others' codings on what is coded
    blindly.
    """

    connection: Connection
    actor: Actor
    study_id: int
    is_new: bool
    batch_id: int
    file: RefiFile
    name: str
    report: ProjectReport
    sight: Sight
    known: dict[str, Exchanged]
    media: Any = None
    accept_drafts: bool = False
    rehearses: bool = False
    changed: bool = False
    left: Reasons = field(default_factory=Reasons)
    remarks: Reasons = field(default_factory=Reasons)
    to_keep: list[Exchanged] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    closed_codes: dict[int, str] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)
    persons: dict[tuple[str, bool], Named] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    texts: dict[str, Text] = field(default_factory=dict)
    codings: dict[str, int] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    made: Made = field(default_factory=Made)

    @property
    def project(self) -> RefiProject:
        """What the file holds."""
        return self.file.project

    @property
    def is_ours(self) -> bool:
        """Whether the workbench wrote the file."""
        return self.project.origin.startswith(PRODUCT)

    def stands_for(self, kind: str, guid: str) -> int | None:
        """Give the key of what a GUID was found to stand for in an earlier import."""
        row = self.known.get(guid)
        return row.target_id if row is not None and row.kind == kind else None

    def note_person(self, person: Named) -> None:
        """Note a respondent of the study, to be found by what they are called."""
        self.persons[person.ref, True] = person
        self.persons.setdefault((person.ref.casefold(), False), person)

    def named(self, ref: str) -> Named | None:
        """Find a respondent by what they are called, else whatever the capitals."""
        return self.persons.get((ref, True)) or self.persons.get((ref.casefold(), False))

    def has_withdrawn(self, ref: str) -> bool:
        """Tell whether a name is that of a respondent who has withdrawn."""
        person = self.named(ref)
        return person is not None and person.withdrawn

    def keep(self, kind: str, guid: str, target_id: int | None = None, content: Any = None) -> None:
        """Keep a GUID of the file, and what goes with it, unless it is kept already."""
        if guid and guid not in self.known:
            row = Exchanged(kind, guid, target_id, content)
            self.known[guid] = row
            self.to_keep.append(row)

    def own_guid(self, kind: str, guid: str, taken: dict[str, Known]) -> tuple[str, bool]:
        """Give the GUID for something new, and whether it is another one than the file's."""
        return (new_guid(), True) if guid in taken or not guid else (guid, False)

    def stamp(self, *given: str) -> str:
        """Give the first time that is one, as it is kept; else that of the project, or now."""
        for text in (*given, self.project.made_at):
            found = _stamp(text)
            if found is not None:
                return found
        return self.begun_at

    begun_at: str = ""


@lru_cache(maxsize=4096)
def _stamp(text: str) -> str | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text.strip())
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def flat_codes(codes: Iterable[RefiCode]) -> list[RefiCode]:
    """List codes with all below them, parents first."""
    found: list[RefiCode] = []
    waiting = list(reversed(list(codes)))
    while waiting:
        code = waiting.pop()
        found.append(code)
        waiting.extend(reversed(code.children))
    return found


def all_guids(project: RefiProject) -> set[str]:
    """Give the GUIDs of everything in a project that may be known from before."""
    found = {one.guid for one in project.users}
    found |= {derived_guid("graph", one) for one in project.graphs}
    found |= {one.guid for one in flat_codes(project.codes)}
    for group in (project.variables, project.cases, project.notes, project.sets, project.links):
        found |= {one.guid for one in group}
    for source in project.sources:
        found.add(source.guid)
        found |= {one.guid for one in source.transcripts}
        found |= {one.guid for one in source.codings}
        for selection in (*source.selections, *source.time_selections):
            found |= _of_selection(selection)
    return found


def _of_selection(selection: RefiSelection) -> set[str]:
    return {selection.guid, *(one.guid for one in selection.codings)}


def free_name(name: str, taken: set[str], fallback: str, limit: int = MAX_NAME) -> str:
    """Give a name that nobody has yet, whatever its capitals, and note it as taken."""
    shown = name[:limit].strip() or fallback

    def numbered(n: int) -> str:
        end = f" ({n})" if n > 1 else ""
        return shown[: limit - len(end)] + end

    low, high = 0, 1  # of thousands of one name, halving finds a free number at once
    while numbered(high).casefold() in taken:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if numbered(middle).casefold() in taken else (low, middle)
    taken.add(numbered(high).casefold())
    return numbered(high)

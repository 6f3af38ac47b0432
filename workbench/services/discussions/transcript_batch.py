"""Several transcripts at once: each becomes a focus group called by its file.

In: files and folders. Out: groups, one transaction for each; what came in and what was refused. A
file that cannot be used is refused alone with its reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.ingest.discussions.people_table import ROW_STEP, PeopleTable
from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import Actor
from workbench.domain.documents import BadRow
from workbench.domain.speaker_names import spelling_key
from workbench.domain.words import agree
from workbench.errors import InputError, WorkbenchError
from workbench.services import files
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import TranscriptReport
from workbench.services.discussions.no_speakers import known_no_speakers
from workbench.services.discussions.participants import Matched
from workbench.services.discussions.people_tables import for_groups
from workbench.services.discussions.speaker_people import link, of_another_group, settled
from workbench.services.discussions.speaker_plans import of_bearable_length
from workbench.services.discussions.speaker_proposals import (
    Proposal,
    propose,
    shared_labels,
    suggested_name,
)
from workbench.services.surveys.ingest_report import without_words
from workbench.services.trail import trail
from workbench.store.engine import Database

__all__ = ["BatchReport", "Brought", "Options", "Refused", "ingest_transcripts"]

REMEMBERED = "{n} {name is|names are} no speaker's, as settled when the group came in."
OnFile = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says of all transcripts at once, or of one.

    `name` goes with one file alone; `facilitators` and `unknown` are names in the files, the latter
    of what is no speaker. `encoding` is how text files are read; found out without.
    """

    name: str = ""
    series: str = ""
    held_on: str = ""
    facilitators: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    keep_names: bool = False
    dry_run: bool = False
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """One transcript that came in, who speaks in it, and what that did."""

    filename: str
    proposal: Proposal
    report: TranscriptReport

    def as_dict(self, *, with_names: bool) -> dict[str, Any]:
        """Give plain values, for JSON; names of the file only where somebody asks for them."""
        speakers = [
            {
                "name": item.plan.name,
                "role": item.plan.role,
                "respondent": item.plan.respondent,
                "turns": item.turns,
                "words": item.words,
                **({"names": list(item.plan.names), "why": item.why} if with_names else {}),
            }
            for item in self.proposal.speakers
        ]
        told = self.report.as_dict()
        for bad in told["bad_rows"]:
            bad["row"] %= ROW_STEP
            bad["message"] = bad["message"] if with_names else without_words(bad["message"])
        nobody: dict[str, Any] = {
            "turns": self.proposal.turns_of_nobody,
            "words": self.proposal.words_of_nobody,
            **({"sample": self.proposal.sample_of_nobody} if with_names else {}),
        }
        return {"filename": self.filename, **told, "who": speakers, "nobody": nobody}


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that did not come in, and why."""

    filename: str
    message: str


@dataclass
class BatchReport:
    """What bringing several transcripts in did."""

    groups: list[Brought] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    people: PeopleTable | None = None

    def count(self, outcome: str) -> int:
        """Count the groups that are new, changed or unchanged."""
        return sum(item.report.outcome == outcome for item in self.groups)


def ingest_transcripts(
    actor: Actor,
    database: Database,
    study_id: int,
    sources: Iterable[Path],
    options: Options | None = None,
    *,
    people: PeopleTable | Sequence[PeopleTable] | None = None,
    on_file: OnFile | None = None,
) -> BatchReport:
    """Bring transcripts into a study; folders with all below them.

    Parameters
    ----------
    people
        What a table tells of the speakers, as `participants.read_people` gives it, or several do.
    on_file
        Told the place and the name of each file before it is read.

    Raises
    ------
    InputError
        When a name is given for several files, or there is no file at all.
    NotAllowed
        When the actor may not bring anything in.
    """
    given = options or Options()
    found = list(_files(sources))
    if not found:
        raise InputError(
            "there is no transcript.", hint=f"They end in {', '.join(files.TRANSCRIPT_SUFFIXES)}."
        )
    if given.name and len(found) > 1:
        raise InputError(
            f"one name cannot be that of {len(found):,} groups.",
            hint="Leave it out: each is called by its file.",
        )
    with database.write() as connection:
        asked = connection.begin_nested()  # once for all files; each one asks for itself, too
        trail.require(connection, actor, study_id)
        asked.rollback()
    batch = BatchReport()
    run = _Run(actor, database, study_id, given, None, batch)
    run.look_ahead(found)
    if people:
        tables = [people] if isinstance(people, PeopleTable) else list(people)
        run.people = for_groups(tables, run.groups)
    batch.people = run.people
    for at, path in enumerate(found):
        if on_file is not None:
            on_file(at, path.name)
        try:
            run.bring_in(path)
        except WorkbenchError as error:
            batch.refused.append(Refused(path.name, _without_source(error, path.name)))
    run.tell()
    batch.warnings = [*(run.people.warnings if run.people else ()), *batch.warnings]
    return batch


@dataclass(slots=True)
class _Run:
    """Several files, one after the other."""

    actor: Actor
    database: Database
    study_id: int
    options: Options
    people: PeopleTable | None
    batch: BatchReport
    names: dict[str, str] = field(default_factory=dict)
    strange: dict[int, BadRow] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    bad_rows: list[BadRow] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    read: dict[Path, tuple[str, SpeechFile]] = field(default_factory=dict)
    no_speakers: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    remembered: Counter[Path] = field(default_factory=Counter)

    def look_ahead(self, paths: Sequence[Path]) -> None:
        """Read all files where there are several: which labels they share, what tables may mean."""
        speeches: dict[str, SpeechFile] = {}
        for path in paths:
            name = self.options.name or suggested_name(path.name)
            self.groups.setdefault(name, []).append(path.name)
            if len(paths) > 1:
                with suppress(WorkbenchError):  # said once the file's turn comes
                    speeches.setdefault(name, self._read(path)[1])
        self.shared = shared_labels(speeches.values())

    def _read(self, path: Path) -> tuple[str, SpeechFile]:
        """Read a file, once; give its SHA-256 and what it holds."""
        if path not in self.read:
            data = _read(path)
            speech = self._without_unknown(data, path)
            self.read[path] = (hashlib.sha256(data).hexdigest(), speech)
        return self.read[path]

    def bring_in(self, path: Path) -> None:
        """Bring one file in."""
        options = self.options
        sha256, speech = self._read(path)
        name = of_bearable_length("a focus group's name", options.name or suggested_name(path.name))
        if name in self.names:
            raise InputError(
                f"{self.names[name]} is called {name} too.",
                hint="Rename one of the files, or bring it in alone with another name.",
            )
        proposal = propose(
            self.actor, self.database, self.study_id, speech, name=name,
            keep_names=options.keep_names, facilitators=options.facilitators,
            shared=self.shared,
        )  # fmt: skip
        people, plans = self.people, proposal.plans
        if people is not None:
            linked = link(proposal, people, shared=self.shared)
            self._note(linked.matched)
            proposal, plans = linked.proposal, tuple(linked.matched.plans)
            people = settled(people, linked, plans)
        report = focus_groups.ingest_transcript(
            self.actor, self.database, self.study_id, speech, plans, name=name,
            sha256=sha256, series=options.series,
            held_on=options.held_on, people=people, dry_run=options.dry_run,
            sure=bool(options.name), no_speakers=self.no_speakers[path],
        )  # fmt: skip
        if n := self.remembered[path]:
            report.warnings.append(agree(REMEMBERED, n))
        if people is not None:
            report.warnings += linked.matched.warnings
        self.names[name] = path.name
        self.met.update(map(spelling_key, speech.speakers))
        self.batch.groups.append(Brought(path.name, proposal, report))

    def _without_unknown(self, data: bytes, path: Path) -> SpeechFile:
        """Read a file, and again without what is no speaker in it, in whatever spelling.

        That is what a person says now, and what was said of the group when its last file came in.
        """
        asked = set(map(spelling_key, self.options.unknown))
        asking = set(map(spelling_key, self.options.facilitators))
        name = self.options.name or suggested_name(path.name)
        refused: set[str] = set()
        while True:
            speech = files.read_transcript(
                data, path.name, not_speakers=refused, encoding=self.options.encoding
            )
            found = {given for given in speech.speakers if spelling_key(given) in asked}
            others = [given for given in speech.speakers if spelling_key(given) not in asking]
            known = known_no_speakers(self.actor, self.database, self.study_id, name, others)
            self.remembered[path] += len(known - found)
            if not (found | known) - refused:
                self.no_speakers[path] = tuple(sorted(refused))
                return speech
            refused |= found | known

    def _note(self, matched: Matched) -> None:
        """Note which rows were about the speakers of a file, and which could not be used."""
        self.used |= matched.used | {bad.row for bad in matched.bad_rows}
        self.strange |= {bad.row: bad for bad in matched.strange}
        self.bad_rows += matched.bad_rows

    def tell(self) -> None:
        """Say which rows and which facilitators were nobody in all files."""
        for given in self.options.facilitators:
            if spelling_key(given) not in self.met and self.batch.groups:
                self.batch.warnings.append(f"nobody is called {given[:100]!r}.")
        if self.people is None:
            return
        bad = [*self.people.bad_rows, *self.bad_rows]
        if not self.used and self.people.rows and self.batch.groups:
            self.batch.warnings.append(of_another_group(self.people))
        for row in self.people.rows:
            if row.row not in self.used and self.used and self.batch.groups:
                away = f"there is no focus group {row.group[:100]!r} among the files."
                bad.append(self.strange.get(row.row) or BadRow(row.row, None, away))
        bad += [item for group in self.batch.groups for item in group.report.bad_rows]
        once = dict.fromkeys(bad)
        self.batch.bad_rows = sorted(once, key=lambda item: item.row)


def _files(sources: Iterable[Path]) -> Iterator[Path]:
    """Give the files, those of folders in the order of their names, each once."""
    seen: set[Path] = set()
    for source in sources:
        inside: Sequence[Path] = (source,)
        if source.is_dir():
            inside = [
                path
                for path in sorted(source.rglob("*"))
                if path.is_file()
                and path.suffix.lower() in files.TRANSCRIPT_SUFFIXES
                and not path.name.startswith((".", "~$"))
            ]
        for path in inside:
            if path not in seen:
                seen.add(path)
                yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{error.strerror or error}.") from error


def _without_source(error: WorkbenchError, name: str) -> str:
    """Say why, without the file's name, which stands beside it."""
    return str(error).removeprefix(f"{name}: ")

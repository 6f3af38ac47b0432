"""Transcripts of focus groups that are being brought in: the files, and what a person says of them.

In: files from the person's disk. Out: each as it was read, or why it cannot be; who speaks in it,
as proposed and corrected. All of it outlives a look at another page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

import streamlit as st

from workbench.errors import InputError
from workbench.services.discussions import (
    no_speakers,
    people_tables,
    speaker_people,
    speaker_proposals,
    speaker_table,
)
from workbench.services.discussions.speaker_people import Linked, PeopleTable
from workbench.services.discussions.speaker_table import (
    NOT_A_SPEAKER,
    SpeakerReading,
    SpeakerRow,
    SpeechFile,
)
from workbench.ui import state
from workbench.ui.components.style import escape

T = TypeVar("T")
FILES, CACHE = "discussions", "discussions_cache"
KEEP_NAMES, SERIES = "discussions_keep_names", "discussions_series"
PEOPLE, ABOUT = "discussions_people", "discussions_people_about"
SETTLED = "As settled when the group came in."
CHECKED, FILE_ROUND = "discussions_checked", "discussions_round"


@dataclass
class Sent:
    """A file as the browser sent it, and what the person says of it.

    `cells` are those of the table of speakers that the person has set, by name in the file.
    `remembered` are names that were said to be none when an earlier file of the group came in.
    `encoding` is how the person wants it to be read; empty finds it out.
    """

    key: str
    file_name: str
    content: bytes
    sha256: str
    name: str
    series: str | None = None
    held_on: date | None = None
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)
    remembered: frozenset[str] = frozenset()
    encoding: str = ""

    @property
    def read_key(self) -> str:
        """Tell readings of one file apart."""
        return f"{self.key} {self.encoding}"

    @property
    def day(self) -> str:
        """Give the day as it is kept."""
        return self.held_on.isoformat() if self.held_on else ""

    @property
    def not_speakers(self) -> frozenset[str]:
        """Give the names that the person has said are none."""
        said = {given: cells["role"] for given, cells in self.cells.items() if "role" in cells}
        found = dict.fromkeys(self.remembered, NOT_A_SPEAKER) | said
        return frozenset(given for given, role in found.items() if role == NOT_A_SPEAKER)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: as it is without what is no speaker, and a row for each name."""

    sent: Sent
    speech: SpeechFile
    rows: tuple[SpeakerRow, ...]
    facts: Mapping[str, speaker_table.NameFacts]
    replaces: int | None
    linked: Linked | None = None

    @property
    def version(self) -> str:
        """Name what the rows come from: others begin a table anew."""
        told = [part for row in self.rows for part in (row.given, row.shown, row.respondent)]
        return sha256("\0".join(told).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def of_no_name(self) -> tuple[int, str]:
        """Count the words that stand under no name in the file, and give a taste of them."""
        named = {row.given for row in self.rows}
        found = [item for given, item in self.facts.items()
                 if given not in named and given not in self.sent.not_speakers]  # fmt: skip
        return sum(item.words for item in found), next((item.sample for item in found), "")


def tables() -> list[PeopleTable]:
    """Give the tables of participants that the person has given."""
    found: list[PeopleTable] = state.recall(PEOPLE, [])
    return found


def people() -> PeopleTable | None:
    """Give all tables of participants as one, each row with its group where that is told."""
    given = tables()
    if not given:
        return None
    groups = _groups()
    names = [about(table) for table in given]
    wanted = ("people", tuple(map(id, given)), tuple(groups.items()), tuple(names))
    told = [people_tables.about_groups(*pair) for pair in zip(given, names, strict=True)]
    return _remembered(wanted, lambda: people_tables.for_groups(told, groups))


def _groups() -> dict[str, tuple[str, str]]:
    """Give what a table may call the groups, by their names."""
    return {sent.name: (sent.file_name, sent.day) for sent in sent_files()}


def is_vague(table: PeopleTable) -> bool:
    """Tell whether a table has rows of which neither it nor its name tells the group."""
    told = people_tables.for_groups([table], _groups())
    return not all(row.group for row in told.rows)


def about(table: PeopleTable) -> tuple[str, ...]:
    """Give the groups that a person has said a table is about, by their names as they are now."""
    chosen = state.recall(ABOUT, {}).get(table.source, ())
    return tuple(sent.name for sent in sent_files() if sent.key in chosen)


def say_about(table: PeopleTable, keys: Iterable[str]) -> None:
    """Keep which files a person has said a table is about."""
    state.keep(ABOUT, state.recall(ABOUT, {}) | {table.source: tuple(keys)})


def shared() -> frozenset[str]:
    """Give the labels that several of the files have, such as P1."""
    files = sent_files()

    def find() -> frozenset[str]:
        found = [_read_or_not(sent) for sent in files]
        return speaker_proposals.shared_labels(speech for speech in found if speech is not None)

    return _remembered(("shared", *((sent.read_key, sent.not_speakers) for sent in files)), find)


def _read_or_not(sent: Sent) -> SpeechFile | None:
    try:
        return _read(sent, sent.not_speakers)
    except InputError:
        return None


def sent_files() -> list[Sent]:
    """Give the files that are being brought in."""
    found: list[Sent] = state.recall(FILES, [])
    return found


def add_files(files: Iterable[tuple[str, bytes]]) -> None:
    """Take files in; one that is there already, by its content, is left alone."""
    known = list(sent_files())
    there = {item.sha256 for item in known}
    for name, content in files:
        digest = sha256(content).hexdigest()
        if digest in there:
            continue
        there.add(digest)
        known.append(
            Sent(
                digest[:12], name, content, digest,
                speaker_table.suggested_group(name),
                held_on=speaker_table.guessed_day(name),
            )
        )  # fmt: skip
    state.keep(FILES, known)


def let_go(keys: Iterable[str]) -> None:
    """Let go of these files."""
    gone = set(keys)
    state.keep(FILES, [item for item in sent_files() if item.key not in gone])
    state.drop(CHECKED)


def forget_files() -> None:
    """Let go of all files and what was read from them."""
    for name in (FILES, CACHE, CHECKED, SERIES, PEOPLE, ABOUT):
        state.drop(name)


def series_of(sent: Sent) -> str:
    """Give a file's series: its own, or the one that was chosen last."""
    return str(sent.series if sent.series is not None else state.recall(SERIES, ""))


def open_file(sent: Sent, study_id: int) -> Opened | InputError:
    """Read a file and propose who speaks in it; the error, where it cannot be read."""
    try:
        whole = _read(sent, frozenset())
        sent.remembered = _known(sent, whole, study_id)
        speech = _read(sent, sent.not_speakers) if sent.not_speakers else whole
    except InputError as error:
        return error
    proposed, linked = _propose(sent, whole, study_id), None
    table = people()
    if table is not None:
        linked = speaker_people.link(proposed, table, shared=shared())
        proposed = linked.proposal
    names = list(whole.speakers)
    rows = [
        replace(row, role=NOT_A_SPEAKER, why=SETTLED) if row.given in sent.remembered else row
        for row in speaker_table.rows_of(proposed.speakers, names)
    ]
    further = [name for name in speech.speakers if name not in whole.speakers]
    if further:  # without those, the file reads in another way
        rows += speaker_table.rows_of(_propose(sent, speech, study_id).speakers, further)
    before = _remembered(
        (sent.read_key, "facts", frozenset()), lambda: speaker_table.facts_of(whole)
    )
    now = before if speech is whole else _remembered(
        (sent.read_key, "facts", sent.not_speakers), lambda: speaker_table.facts_of(speech)
    )  # fmt: skip
    gone = {name: before[name] for name in sent.not_speakers if name in before}
    return Opened(sent, speech, tuple(rows), gone | now, proposed.replaces, linked)


def read_opened(opened: Opened) -> SpeakerReading:
    """Make plans of a file's rows with what the person has set in them."""
    sent = opened.sent
    rows = speaker_table.with_cells(opened.rows, sent.cells)
    refs = sorted({" ".join(row.respondent.split()) for row in rows})
    context = state.context().in_study()
    known = speaker_table.known_respondents(*context, refs)
    return speaker_table.read_rows(rows, sent.cells, known=known)


def read_all(study_id: int) -> list[tuple[Sent, Opened | InputError]]:
    """Read all files, with a bar where there are several that were not read before."""
    files = sent_files()
    waiting = [item for item in files if (item.read_key, frozenset()) not in _cache()]
    bar = st.progress(0.0, "Reading the files") if len(waiting) > 1 else None
    found = []
    for at, item in enumerate(files):
        if bar is not None:
            bar.progress(at / len(files), f"{at + 1} of {len(files)}: {escape(item.file_name)}")
        found.append((item, open_file(item, study_id)))
    if bar is not None:
        bar.empty()
    return found


def _read(sent: Sent, not_speakers: frozenset[str]) -> SpeechFile:
    def read() -> SpeechFile | InputError:
        try:
            return speaker_table.read_speech(
                sent.content, sent.file_name, not_speakers=not_speakers, encoding=sent.encoding
            )
        except InputError as error:
            return error

    found = _remembered((sent.read_key, not_speakers), read)
    if isinstance(found, InputError):
        raise found
    return found


def _known(sent: Sent, whole: SpeechFile, study_id: int) -> frozenset[str]:
    """Give the names that were said to be none when an earlier file of the group came in."""
    return _remembered(
        (sent.read_key, "no speakers", study_id, sent.name),
        lambda: no_speakers.known_no_speakers(
            *state.context().in_study(), sent.name, whole.speakers
        ),
    )


def _propose(sent: Sent, speech: SpeechFile, study_id: int) -> speaker_proposals.Proposal:
    keep_names = bool(state.recall(KEEP_NAMES, False))
    names = tuple(speech.speakers)
    labels = shared()
    wanted = (sent.read_key, "proposal", study_id, sent.name, keep_names, names, labels)
    return _remembered(
        wanted,
        lambda: speaker_proposals.propose(
            *state.context().in_study(),
            speech,
            name=sent.name,
            keep_names=keep_names,
            shared=labels,
        ),
    )


def _cache() -> dict[Any, Any]:
    found: dict[Any, Any] | None = state.recall(CACHE)
    if found is None:
        found = {}
        state.keep(CACHE, found)
    return found


def _remembered(wanted: Any, make: Callable[[], T]) -> T:
    """Read or propose once: a page is drawn anew with every click."""
    known = _cache()
    if wanted not in known:
        known[wanted] = make()
    found: T = known[wanted]
    return found

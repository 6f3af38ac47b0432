"""The table in which a person says who the speakers of a transcript are.

In: a transcript as its file has it, and what is proposed of its speakers. Out: a row for each name
in the file, for a person to correct; the plans that they make, or what is wrong in which row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from pipelines.ingest.discussions.speech import Layout, SpeechError, SpeechFile
from pipelines.ingest.discussions.speech_files import SUFFIXES, read_speech
from workbench.domain.codings import Actor
from workbench.domain.speaker_names import MAX_NAME, free_name, suggested_name
from workbench.domain.text import count_words, normalise
from workbench.domain.turns import SpeakerRole
from workbench.domain.words import count
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.services.discussions.speaker_proposals import (
    FACILITATOR,
    PARTICIPANT,
    ProposedSpeaker,
)
from workbench.store.engine import Database
from workbench.store.surveys import surveys
from workbench.store.team.people import one_line

__all__ = [
    "MAX_NAME", "SUFFIXES", "Layout", "SpeakerReading", "SpeakerRow", "SpeechError", "SpeechFile",
    "read_speech",
]  # fmt: skip

NOT_A_SPEAKER = "not a speaker"
CELLS = ("shown", "role", "respondent")
"""What a person may set."""
ROLES = ("participant", "facilitator", NOT_A_SPEAKER)
SAMPLE_CHARS = 120
"""Of what somebody says, to know them by."""
GOOD_SAMPLE_CHARS = 40
"""A turn of this length says something; the first of them is shown."""
TAKE_OUT = "take their words out of the file first."
NUMBERED = re.compile(rf"{PARTICIPANT} \d+")
DAY = re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})[-_.](\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """What is said of one name in a file. `respondent` is a ref, empty where it is nobody's."""

    given: str
    shown: str = ""
    role: str = "participant"
    respondent: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class NameFacts:
    """How much one name says in a file, and a taste of it."""

    turns: int = 0
    words: int = 0
    sample: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerReading:
    """What the rows mean: `rows` as they hold together, what each comes to, and what is wrong.

    `plans` are empty while something is wrong. `told` has a sentence for each row, `problems` one
    for each row that has to be put right.
    """

    rows: tuple[SpeakerRow, ...]
    plans: tuple[SpeakerPlan, ...] = ()
    told: tuple[str, ...] = ()
    problems: Mapping[int, str] = field(default_factory=dict)


def facts_of(speech: SpeechFile) -> dict[str, NameFacts]:
    """Count turns and words of each name in a file; words of no name stand under an empty one."""
    found: dict[str, NameFacts] = {}
    for turn in speech.turns:
        known = found.get(turn.speaker, NameFacts())
        sample = known.sample
        if len(sample) < GOOD_SAMPLE_CHARS:
            sample = max(sample, _taste(turn.text), key=len)
        n_words = known.words + count_words(turn.text)
        found[turn.speaker] = NameFacts(known.turns + 1, n_words, sample)
    return found


def rows_of(proposed: Iterable[ProposedSpeaker], names: Iterable[str]) -> tuple[SpeakerRow, ...]:
    """Give a row for each name that somebody is proposed for, in the order of `names`."""
    found = {
        given: SpeakerRow(given, item.plan.name, item.plan.role, item.plan.respondent or "",
                          item.why)
        for item in proposed
        for given in item.plan.names
    }  # fmt: skip
    return tuple(found[name] for name in names if name in found)


def with_cells(
    rows: Iterable[SpeakerRow], cells: Mapping[str, Mapping[str, str | None]]
) -> tuple[SpeakerRow, ...]:
    """Give the rows with what a person has set in them, by the name in the file."""
    return tuple(
        replace(row, **{
            cell: value or "" for cell, value in cells.get(row.given, {}).items() if cell in CELLS
        })
        for row in rows
    )  # fmt: skip


def known_respondents(
    actor: Actor, database: Database, study_id: int, refs: Collection[str]
) -> dict[str, bool]:
    """Find which refs the study has, and for each whether the respondent has withdrawn.

    Refs that differ from these by capitals are found too, for somebody who mistyped one.
    """
    tidy = {normalise(ref) for ref in refs}
    wanted = {form for ref in tidy for form in (ref, ref.upper(), ref.lower()) if form}
    with database.read() as connection:
        found = surveys.find_people(connection, study_id, sorted(wanted))
    return {item.ref: item.withdrawn for item in found}


def suggested_group(file_name: str) -> str:
    """Suggest what a group is called, from its file; its day stands elsewhere.

    Examples
    --------
    >>> suggested_group("2024-03-01 Parents.vtt"), suggested_group("2024-03-01.vtt")
    ('Parents', '2024-03-01')
    """
    if guessed_day(file_name) is None:
        return suggested_name(file_name)
    bare = DAY.sub(" ", file_name, count=1)
    if not re.search(r"\w", bare.rpartition(".")[0]):
        return suggested_name(file_name)
    return suggested_name(bare.strip(" -_"))


def guessed_day(file_name: str) -> date | None:
    """Find the day in the name of a file, as in `2024-03-01 Parents.vtt`."""
    found = DAY.search(file_name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read_rows(
    rows: Sequence[SpeakerRow],
    said: Mapping[str, Collection[str]],
    *,
    known: Mapping[str, bool] | None = None,
) -> SpeakerReading:
    """Make plans of the rows; rows with the same shown name are one person.

    Parameters
    ----------
    said
        The cells of a row that a person has set, by the name in the file. Rows of one person follow
        these, and otherwise the row whose shown name they took.
    known
        Those of the refs that the study has, as `known_respondents` gives them.
    """
    settled = [_tidied(row) for row in rows]
    problems: dict[int, str] = {}
    for place, row in enumerate(settled):
        if problem := _fault(row):
            problems[place] = problem
    people = _people(settled)
    for places in people.values():
        _agree(settled, places, said, problems)
    people = _called_by_role(settled, people, said)
    refs = known or {}
    for place, row in enumerate(settled):
        if row.role == "participant" and refs.get(row.respondent):
            problems.setdefault(place, f"{row.respondent} has withdrawn: {TAKE_OUT}")
    told = tuple(_tell(settled, place, people, refs) for place in range(len(settled)))
    plans = () if problems else tuple(_plan(settled, places) for places in people.values())
    return SpeakerReading(tuple(settled), plans, told, problems)


def _taste(text: str) -> str:
    words = " ".join(text[: 4 * SAMPLE_CHARS].split())
    return words if len(words) <= SAMPLE_CHARS else f"{words[: SAMPLE_CHARS - 1].rstrip()}…"


def _tidied(row: SpeakerRow) -> SpeakerRow:
    return replace(row, shown=one_line(row.shown), respondent=one_line(row.respondent))


def _fault(row: SpeakerRow) -> str | None:
    if row.role not in ROLES:
        return f"say whether this is a {' or '.join(ROLES[:2])}, or {NOT_A_SPEAKER}."
    if row.role == NOT_A_SPEAKER:
        return None
    if not row.shown:
        return "give the name that is to be shown."
    if len(row.shown) > MAX_NAME:
        return f"a name has at most {MAX_NAME} characters; this one has {len(row.shown):,}."
    if len(row.respondent) > MAX_NAME:
        return f"a respondent's id has at most {MAX_NAME} characters."
    return None


def _people(rows: Sequence[SpeakerRow]) -> dict[str, list[int]]:
    """Give the rows of each person: those of one shown name."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        if row.role != NOT_A_SPEAKER:
            found.setdefault(row.shown, []).append(place)
    return found


def _agree(
    rows: list[SpeakerRow],
    places: Sequence[int],
    said: Mapping[str, Collection[str]],
    problems: dict[int, str],
) -> None:
    """Let the rows of one person say the same: what a person has set goes before proposals."""
    if len(places) < 2:
        return
    host = next((at for at in places if "shown" not in said.get(rows[at].given, ())), places[0])
    for cell in ("role", "respondent"):
        setters = [at for at in places if cell in said.get(rows[at].given, ())]
        values = list(dict.fromkeys(getattr(rows[at], cell) for at in setters))
        if len(values) > 1:
            other = next(at for at in setters if getattr(rows[at], cell) == values[1])
            problems.setdefault(
                other,
                f"the same person as {rows[setters[0]].given}, who is "
                f"{values[0] or 'nobody in the study'}: say the same, or show another name.",
            )
            continue
        value = values[0] if values else getattr(rows[host], cell)
        for at in places:
            rows[at] = replace(rows[at], **{cell: value})


def _called_by_role(
    rows: list[SpeakerRow],
    people: Mapping[str, list[int]],
    said: Mapping[str, Collection[str]],
) -> dict[str, list[int]]:
    """Call facilitators so who were numbered as participants, unless a person has named them."""
    found = dict(people)
    for shown, places in people.items():
        named = any("shown" in said.get(rows[at].given, ()) for at in places)
        if rows[places[0]].role != "facilitator" or named or not NUMBERED.fullmatch(shown):
            continue
        name = free_name(FACILITATOR, found)
        for at in places:
            rows[at] = replace(rows[at], shown=name)
        found[name] = found.pop(shown)
    return found


def _plan(rows: Sequence[SpeakerRow], places: Sequence[int]) -> SpeakerPlan:
    first = rows[places[0]]
    return SpeakerPlan(
        first.shown,
        tuple(rows[at].given for at in places),
        cast(SpeakerRole, first.role),
        (first.respondent or None) if first.role == "participant" else None,
    )


def _tell(
    rows: Sequence[SpeakerRow],
    place: int,
    people: Mapping[str, Sequence[int]],
    known: Mapping[str, bool],
) -> str:
    """Say what a row comes to."""
    row = rows[place]
    if row.role == NOT_A_SPEAKER:
        return "No name: these words are those of whoever speaks before."
    others = [rows[at].given for at in people[row.shown] if at != place]
    also = f"One person with {_listed(others)}. " if others else ""
    if row.role == "facilitator":
        return f"{also}Shown, and counts for nobody."
    if not row.respondent:
        return f"{also}Counts for nobody."
    twin = next(
        (item.shown for item in rows if item.respondent == row.respondent
         and item.role == row.role and item.shown != row.shown), None,
    )  # fmt: skip
    if twin is not None:
        also = f"{also}The same respondent as {twin}: for one person, show one name. "
    if row.respondent in known:
        return f"{also}Respondent of the study."
    near = _near(row.respondent, known)
    doubt = f" Or is it {near}?" if near else ""
    return f"{also}New respondent.{doubt}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {count(len(names) - 1, 'more name')}"


def _near(ref: str, known: Mapping[str, bool]) -> str | None:
    """Find a respondent whom somebody may have meant who wrote a ref that nobody has."""
    return next((item for item in known if item.casefold() == ref.casefold()), None)

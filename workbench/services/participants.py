"""Participants of focus groups from a table: which respondent a speaker is, and their attributes.

In: a table with a row for each speaker. Out: plans with their links; values of attributes, written
as a survey's are: what a person has set by hand is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.ingest.people_table import PeopleTable, PersonRow, read_people_table
from pipelines.ingest.records import Grid, shorten
from workbench.domain.documents import BadRow
from workbench.domain.speaker_names import new_ref, spelling_key
from workbench.errors import InputError
from workbench.services.attributes import fitting
from workbench.services.speaker_plans import SpeakerPlan, TranscriptReport
from workbench.store import answers, batches, groupings, studies, surveys
from workbench.store.batches import Before
from workbench.store.engine import Connection
from workbench.store.studies import StoredAttribute

__all__ = ["Matched", "PeopleTable", "match_people", "read_people"]


@dataclass(slots=True)
class Matched:
    """A table of participants held against the speakers of one transcript.

    `values` are attributes by respondent's ref. `used` are the rows that were about this group's
    speakers; `strange` those about it, but about nobody who speaks there.
    """

    plans: list[SpeakerPlan]
    values: dict[str, PersonRow] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    strange: list[BadRow] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)


def read_people(table: Grid) -> PeopleTable:
    """Read a table of participants.

    Its columns: `speaker` (the name in the file, or as it is shown) or `respondent` (an id in the
    study, or a new one) or both; `shown as`, what to call them; `role`; `focus group` where it is
    about several; one that asks whether they may be quoted; any other column is an attribute.
    What names or reaches people is left out.

    Raises
    ------
    InputError
        When no column says who is meant.
    """
    return read_people_table(table)


def match_people(plans: Sequence[SpeakerPlan], people: PeopleTable, *, group: str) -> Matched:
    """Give plans with what the table says of these speakers."""
    found = Matched(list(plans))
    places = _places(plans)
    seen: dict[int, int] = {}
    again: set[int] = set()
    for row in people.rows:
        if row.group and row.group.casefold() != group.casefold():
            continue
        at = _find(row, plans, places)
        if at is None:
            told = row.speaker or row.respondent
            found.strange.append(BadRow(row.row, None, f"{shorten(told)!r} is nobody who speaks "
                                        "there. Write the name as the file has it."))  # fmt: skip
        elif at in seen:
            if row.shown and row.shown == found.plans[at].name:
                again.add(row.row)  # another name of the same person
            else:
                told = f"the row is about the same speaker as row {seen[at]}, and was left out."
                found.bad_rows.append(BadRow(row.row, None, told))
        else:
            seen[at] = row.row
            found.plans[at] = plan = _linked(plans[at], row, group)
            if plan.respondent:
                found.values[plan.respondent] = row
    found.used = again.union(seen.values())
    found.plans = _together(found.plans)
    return found


def _together(plans: Sequence[SpeakerPlan]) -> list[SpeakerPlan]:
    """Make those one person who are to be called the same."""
    found: dict[str, SpeakerPlan] = {}
    for plan in plans:
        first = found.setdefault(plan.name, plan)
        if first is not plan:
            names = (*first.names, *plan.names)
            found[plan.name] = replace(
                first, names=names, respondent=first.respondent or plan.respondent
            )
    return list(found.values())


def write_values(
    connection: Connection,
    study_id: int,
    people: PeopleTable,
    wanted: Mapping[int, PersonRow],
    *,
    fresh: set[int],
    before: Before,
    report: TranscriptReport,
) -> None:
    """Write what a table tells of respondents; what was there is noted in `before`.

    Parameters
    ----------
    wanted
        Rows by respondent.
    fresh
        Respondents who were made by this import.
    """
    _write_quotable(connection, study_id, wanted, fresh=fresh, before=before, report=report)
    wanted = {person: row for person, row in wanted.items() if row.values}
    if not wanted:
        return
    known = _attributes(connection, study_id, people, before)
    stored = answers.values_of(connection, [person for person in wanted if person not in fresh])
    edited = surveys.edited_values(connection, study_id)
    new: dict[tuple[int, int], tuple[str, ...]] = {}
    changed: dict[tuple[int, int], tuple[str, ...]] = {}
    for person, row in wanted.items():
        for name, given in row.values.items():
            item = known[name]
            values = _fitting(item, given, row, report)
            key = (person, item.id)
            old = stored.get(key, set())
            if not values or set(values) == old:
                continue
            if person in fresh:
                new[key] = values
            elif key in edited:
                report.values_set_by_hand += 1
            else:
                changed[key] = values
                before.values.append((*key, sorted(old)))
                report.values_changed += 1
    answers.set_values(connection, new, fresh=True)
    answers.set_values(connection, changed, fresh=False)
    touched = sorted({person for person, _ in (*new, *changed)})
    if touched:
        groupings.refresh_derived(connection, study_id, touched)


def _write_quotable(
    connection: Connection,
    study_id: int,
    wanted: Mapping[int, PersonRow],
    *,
    fresh: set[int],
    before: Before,
    report: TranscriptReport,
) -> None:
    """Write who may be quoted, where the table tells."""
    told = {person: row for person, row in wanted.items() if row.may_be_quoted is not None}
    stood = surveys.quotable_of(connection, sorted(told))
    changes = {
        person: row.may_be_quoted
        for person, row in told.items()
        if row.may_be_quoted is not stood.get(person)
    }
    for person in sorted(changes.keys() - fresh):
        before.quotable.append((person, stood.get(person)))
        report.values_changed += 1
    surveys.set_quotable(connection, changes)


def _places(plans: Sequence[SpeakerPlan]) -> list[dict[str, int]]:
    """Give where plans are found: by shown name, by names in the file, by respondent."""
    shown = {spelling_key(plan.name): at for at, plan in enumerate(plans)}
    given = {spelling_key(name): at for at, plan in enumerate(plans) for name in plan.names}
    linked = {plan.respondent: at for at, plan in enumerate(plans) if plan.respondent}
    return [given, shown, linked]


def _find(row: PersonRow, plans: Sequence[SpeakerPlan], places: list[dict[str, int]]) -> int | None:
    given, shown, linked = places
    at = given.get(row.key, shown.get(row.key))
    if at is None and not row.speaker:
        return linked.get(row.respondent)
    return at


def _linked(plan: SpeakerPlan, row: PersonRow, group: str) -> SpeakerPlan:
    role = row.role or plan.role
    if row.shown:
        own = plan.respondent == new_ref(group, plan.name)
        plan = replace(
            plan,
            name=row.shown,
            respondent=new_ref(group, row.shown) if own else plan.respondent,
        )
    if role == "facilitator":
        return replace(plan, role=role, respondent=None)
    if row.respondent and (row.speaker or plan.respondent != row.respondent):
        return replace(plan, role=role, respondent=row.respondent)
    return replace(plan, role=role, respondent=plan.respondent or new_ref(group, plan.name))


def _attributes(
    connection: Connection, study_id: int, people: PeopleTable, before: Before
) -> dict[str, StoredAttribute]:
    """Find a table's attributes in the study, by name or by label, and make those that are new."""
    held = studies.list_attributes(connection, study_id)
    by_name = {item.label.casefold(): item for item in held if item.label}
    by_name |= {item.name.casefold(): item for item in held}
    new = [
        item
        for item in people.attributes
        if not {item.name.casefold(), item.label.casefold()} & set(by_name)
    ]
    if new:
        old, _ = batches.descriptions(connection, study_id)
        studies.ensure_attributes(connection, study_id, new)
        made, _ = batches.changed_rows(old, batches.descriptions(connection, study_id)[0])
        before.attributes_made += made
        by_name |= {
            item.name.casefold(): item
            for item in studies.list_attributes(connection, study_id)
            if item.id in made
        }
    found = {
        item.name: by_name.get(item.name.casefold()) or by_name[item.label.casefold()]
        for item in people.attributes
    }
    derived = next((item for item in found.values() if item.derived_from is not None), None)
    if derived is not None:
        raise InputError(
            f"the attribute {derived.name} is derived from another one in this study.",
            hint="Give the column of the table another name.",
        )
    return found


def _fitting(
    item: StoredAttribute, given: Sequence[str], row: PersonRow, report: TranscriptReport
) -> tuple[str, ...]:
    try:
        return tuple(fitting(item, given))
    except InputError as error:
        hidden = item.identifying or not error.hint
        cell = "the cell" if hidden else repr(shorten("; ".join(given)))
        report.bad_rows.append(
            BadRow(row.row, item.name, f"{cell} is no value that {item.title} can have. "
                   "The speaker went in without it.")
        )  # fmt: skip
        return ()

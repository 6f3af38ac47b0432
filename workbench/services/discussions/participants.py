"""Participants of focus groups from a table: which respondent a speaker is, and their attributes.

In: a table with a row for each speaker. Out: plans with their links; values of attributes, written
as a survey's are: what a person has set by hand is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.ingest.discussions.people_table import (
    PeopleTable,
    PersonRow,
    name_words,
    read_people_table,
)
from pipelines.ingest.tables.records import Grid, shorten
from workbench.domain.documents import BadRow
from workbench.domain.speaker_names import free_name, kind_of, new_ref, spelling_key
from workbench.errors import InputError
from workbench.services.discussions.speaker_plans import SpeakerPlan, TranscriptReport
from workbench.services.surveys.attributes import fitting
from workbench.store import studies
from workbench.store.engine import Connection
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import answers, batches, groupings, surveys
from workbench.store.surveys.batches import Before

EVERY_GROUP = ("all", "all groups", "every", "each", "both", "*")
"""What a table writes for somebody who is in all groups."""

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
    warnings: list[str] = field(default_factory=list)


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


def match_people(
    plans: Sequence[SpeakerPlan],
    people: PeopleTable,
    *,
    group: str,
    settled: Collection[str] = (),
    shared: Collection[str] = (),
) -> Matched:
    """Give plans with what the table says of these speakers.

    Parameters
    ----------
    settled
        Names of plans that stand in the study already: they keep their respondents.
    shared
        Labels, by `spelling_key`, that several of the groups have that come in together: a row
        about one of these has to say which group it means.
    """
    found = Matched(list(plans))
    rows = _rows_by_place(plans, _telling(people, shared, found), group, found)
    linked = {at: _linked(plans[at], row) for at, row in rows.items()}
    _part(rows, linked, found)
    found.plans = [linked.get(at, plan) for at, plan in enumerate(plans)]
    named = {linked[at].name for at, row in rows.items() if row.shown}
    bare = [at for at in range(len(plans)) if at not in rows or not rows[at].shown]
    taken = named | {found.plans[at].name for at in bare}
    for at in bare:
        if found.plans[at].name in named:
            free = free_name(found.plans[at].name, taken)
            found.plans[at] = replace(found.plans[at], name=free)
            taken.add(free)
    _give_refs(plans, rows, found, group, settled)
    rows = _without_names(rows, plans, found)
    for at, row in rows.items():
        ref = found.plans[at].respondent
        if ref:
            found.values.setdefault(ref, row)
    found.used |= {row.row for row in rows.values()}
    found.plans = _together(found.plans)
    return found


def _telling(people: PeopleTable, shared: Collection[str], found: Matched) -> PeopleTable:
    """Leave out rows about a label of several groups that do not say which group they mean."""
    vague = [row for row in people.rows if not row.group and row.speaker and row.key in shared]
    found.bad_rows += [
        BadRow(row.row, None, f"{shorten(row.speaker)!r} speaks in several of these groups. Say in "
               "which in a column focus group, with all for one person in each of them.")
        for row in vague
    ]  # fmt: skip
    left_out = {row.row for row in vague}
    return replace(people, rows=tuple(row for row in people.rows if row.row not in left_out))


def _rows_by_place(
    plans: Sequence[SpeakerPlan], people: PeopleTable, group: str, found: Matched
) -> dict[int, PersonRow]:
    """Give the row about each plan; those that are about nobody, or about the same, are noted."""
    places = _places(plans)
    rows: dict[int, PersonRow] = {}
    for row in people.rows:
        if row.group and row.group.casefold() not in (group.casefold(), *EVERY_GROUP):
            continue
        at = _find(row, places)
        if at is None:
            told = row.speaker or row.respondent
            found.strange.append(BadRow(row.row, None, f"{shorten(told)!r} is nobody who speaks "
                                        "there. Write the name as the file has it."))  # fmt: skip
        elif at not in rows:
            named = not row.speaker and kind_of(row.respondent) == "name"
            if named and row.respondent != plans[at].respondent:
                row = replace(row, respondent="")  # it is what the file calls them, and no id
            rows[at] = row
        elif row.shown and row.shown == rows[at].shown and row.respondent == rows[at].respondent:
            found.used.add(row.row)  # another name of the same person
        else:
            told = f"the row is about the same speaker as {rows[at].place}, and was left out."
            found.bad_rows.append(BadRow(row.row, None, told))
    return rows


def _part(rows: dict[int, PersonRow], linked: dict[int, SpeakerPlan], found: Matched) -> None:
    """Leave out rows that call somebody as another row calls somebody else."""
    first: dict[str, int] = {}
    for at in sorted(rows, key=lambda at: rows[at].row):
        row, plan = rows[at], linked[at]
        if not row.shown:
            continue
        other = first.setdefault(row.shown, at)
        ids = {rows[other].respondent, row.respondent} - {""}
        if len(ids) > 1 or linked[other].role != plan.role:
            told = (
                f"the row shows another person as {shorten(row.shown)!r}, as {rows[other].place} "
                "does, with another respondent or role, and was left out. Give each their own name."
            )
            found.bad_rows.append(BadRow(row.row, None, told))
            del rows[at], linked[at]


def _give_refs(
    plans: Sequence[SpeakerPlan],
    rows: Mapping[int, PersonRow],
    found: Matched,
    group: str,
    settled: Collection[str],
) -> None:
    """Give everybody their ref: the row's, that of the study, or one that is theirs alone."""
    refs: dict[str, str] = {}
    told = {at: row.respondent for at, row in rows.items() if row.respondent}
    for at in sorted(range(len(plans)), key=lambda at: at not in told):
        plan = plans[at]
        fresh = plan.respondent == new_ref(group, plan.name) and plan.name not in settled
        known = told.get(at) or (None if fresh else plan.respondent)
        if known and found.plans[at].role == "participant":
            refs.setdefault(found.plans[at].name, known)
    taken = set(refs.values())
    for at, plan in enumerate(found.plans):
        if plan.role == "participant" and (plan.respondent or at in rows):
            if plan.name not in refs:
                refs[plan.name] = free_name(new_ref(group, plan.name), taken)
                taken.add(refs[plan.name])
            found.plans[at] = replace(plan, respondent=refs[plan.name])


def _without_names(
    rows: dict[int, PersonRow], plans: Sequence[SpeakerPlan], found: Matched
) -> dict[int, PersonRow]:
    """Leave out attributes that mostly hold names of the file."""
    names = [name_words(name) for plan in plans for name in plan.names if kind_of(name) == "name"]
    hits: dict[str, list[bool]] = {}
    for row in rows.values():
        for attribute, values in row.values.items():
            said = name_words(" ".join(values))
            hit = any(said and name and (said <= name or name <= said) for name in names)
            hits.setdefault(attribute, []).append(hit)
    hidden = {name for name, seen in hits.items() if sum(seen) * 2 > len(seen)}
    found.warnings += [f"the column {shorten(name)!r} is left out: it names people who speak there."
                       for name in sorted(hidden)]  # fmt: skip
    return {
        at: replace(row, values={name: v for name, v in row.values.items() if name not in hidden})
        for at, row in rows.items()
    }


def _together(plans: Sequence[SpeakerPlan]) -> list[SpeakerPlan]:
    """Make those one person who are to be called the same."""
    found: dict[str, SpeakerPlan] = {}
    for plan in plans:
        first = found.setdefault(plan.name, plan)
        if first is not plan:
            found[plan.name] = replace(first, names=(*first.names, *plan.names))
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
    told = {name for row in wanted.values() for name in row.values}
    attributes = tuple(item for item in people.attributes if item.name in told)
    known = _attributes(connection, study_id, replace(people, attributes=attributes), before)
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
    for place in (given, shown):
        place.pop("", None)
    return [given, shown, linked]


def _find(row: PersonRow, places: list[dict[str, int]]) -> int | None:
    given, shown, linked = places
    at = given.get(row.key, shown.get(row.key)) if row.key else None
    return linked.get(row.respondent) if at is None and not row.speaker else at


def _linked(plan: SpeakerPlan, row: PersonRow) -> SpeakerPlan:
    """Give a plan with what its row says; whoever is to be made gets a ref later."""
    plan = replace(plan, name=row.shown or plan.name, role=row.role or plan.role)
    if plan.role == "facilitator":
        return replace(plan, respondent=None)
    return replace(plan, respondent=row.respondent or plan.respondent)


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

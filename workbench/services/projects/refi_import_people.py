"""Bringing in a project: its coders, attributes and respondents.

In: users, variables and cases of a file. Out: rows; whom each of them stands for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.ingest.surveys.values import exact_number
from workbench.domain.codings import Actor
from workbench.domain.documents import Attribute, AttributeKind
from workbench.domain.refi import RefiCase, RefiUser, RefiVariable
from workbench.domain.refi_descriptions import read_attribute, read_speaker
from workbench.domain.refi_terms import CONSENSUS as CONSENSUS_NAME
from workbench.domain.refi_terms import MAY_BE_QUOTED
from workbench.services.coding.exchange import take_in
from workbench.services.projects import refi_import_absences as absences
from workbench.services.projects import refi_import_surveys as surveys_of
from workbench.services.projects.refi_import_run import MAX_NAME, WITHDRAWN, Named, Run, free_name
from workbench.store import studies
from workbench.store.clock import new_guid
from workbench.store.projects.project_rows import Known, by_guid
from workbench.store.surveys import answers, groupings, surveys
from workbench.store.surveys.surveys import NewPerson
from workbench.store.tables import CONSENSUS, CONSENSUS_GUID, coder
from workbench.store.team import people
from workbench.store.team.people import name_key, one_line

UNKNOWN = "Unknown coder"
"""Whose codings are that name nobody."""
MAX_VALUE = 500
MOST_GROUPS = 40
"""Values of an attribute from elsewhere up to which it is offered for grouping."""
_KINDS: dict[str, AttributeKind] = {
    "Integer": "number", "Float": "number", "Date": "date",
}  # fmt: skip


class Coders:
    """Who the users of a file are here: by GUID, else by name.

    Somebody new is made, and somebody known made a member, only when something of theirs comes in:
    until then they have a key below zero, which nothing in the study has.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._users = {user.guid: user for user in run.project.users}
        kept = {key for guid in self._users if (key := run.stands_for("user", guid))}
        self._known = by_guid(run.connection, coder, set(self._users), coder.c.name)
        self._by_key = {key: people.get_coder(run.connection, key) for key in kept}
        self._found: dict[str, Actor] = {}
        self._waiting: dict[int, RefiUser] = {}
        self._here: set[int] = {CONSENSUS}
        self._joined: set[int] = {CONSENSUS}
        self._rehearsed: dict[str, Actor] = {}

    def bring_all(self) -> None:
        """Make all users people of the study: a file of our own lists its team."""
        for guid in self._users:
            self.come_in(self.of(guid))

    def of(self, *guids: str) -> Actor:
        """Give who the first of these users is that the file knows; else the unknown coder."""
        guid = next((one for one in guids if one in self._users), "")
        if guid not in self._found:
            self._found[guid] = self._find(self._users.get(guid, RefiUser("", UNKNOWN)))
        return self._found[guid]

    def is_here(self, whose: Actor) -> None:
        """Note that something of theirs is in the study already."""
        if whose.id not in self._here:
            self._here.add(whose.id)
            self._run.report.coders.matched += 1
            for guid, found in self._found.items():
                if found.id == whose.id and guid not in self._known:
                    self._run.keep("user", guid, whose.id)

    def come_in(self, whose: Actor) -> Actor:
        """Note that something of theirs comes in: they are made, and become a member."""
        if whose.id in self._waiting:
            whose = self._make(self._waiting.pop(whose.id))
        self.is_here(whose)
        if whose.id not in self._joined:
            self._joined.add(whose.id)
            run = self._run
            role = None if run.rehearses else take_in(run.connection, run.study_id, whose)
            if role is not None:
                run.made.members.append((whose.id, role))
        return whose

    def _find(self, user: RefiUser) -> Actor:
        run = self._run
        if user.guid == CONSENSUS_GUID or (run.is_ours and user.name == CONSENSUS_NAME):
            return Actor(CONSENSUS, CONSENSUS_NAME)
        known: Known | None = self._known.get(user.guid)
        before = run.stands_for("user", user.guid)
        if known is not None and known.id != CONSENSUS:
            return Actor(known.id, str(known.values[0]))
        if before is not None:
            return self._by_key[before]
        found = people.find_coder(run.connection, _name_of(user))
        if found is not None and found.id in self._here:
            run.keep("user", user.guid, found.id)
        if found is None:
            found = Actor(-1 - len(self._found), _name_of(user))
            self._waiting[found.id] = user
        return found

    def _make(self, user: RefiUser) -> Actor:
        """Make a coder, unless another user of the same name was made just now."""
        run = self._run
        name = _name_of(user)
        there = people.find_coder(run.connection, name)
        if run.rehearses:  # nobody of this name is kept from signing in
            there = self._rehearsed.get(name_key(name))
            name = f"{name[:100]} {new_guid()}" if there is None else name
        found = there or people.ensure_coder(run.connection, name, user.guid or None)
        if there is None:
            self._here.add(found.id)
            run.made.note("coder", [found.id])
            self._rehearsed[name_key(_name_of(user))] = found
            run.report.coders.new.append(_name_of(user) if run.rehearses else found.name)
        else:
            run.keep("user", user.guid, found.id)
        self._found[user.guid] = found
        return found


def _name_of(user: RefiUser) -> str:
    """Give the name of a user as a coder may have it."""
    name = one_line(user.name or user.id)[:MAX_NAME].strip() or f"Coder {user.guid[:8]}"
    if name_key(name) == "consensus" or len(name_key(name)) > MAX_NAME:
        name = f"{name[:40]} (imported)"
    return name


# ---------------------------------------------------------------- attributes


@dataclass
class _Field:
    """What a variable is here: an attribute, or one option of one; else `attribute_id` is 0."""

    attribute_id: int
    kind: str
    type: str
    option: str = ""


@dataclass
class Fields:
    """The variables of a file by GUID; `closed` are attributes whose values are not the file's."""

    of: dict[str, _Field] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)


def bring_attributes(run: Run) -> Fields:
    """Find the attributes of the file's variables, or make them."""
    known = {item.id: item for item in studies.list_attributes(run.connection, run.study_id)}
    by_name = {item.name.casefold(): item.id for item in known.values()}
    names = {item.name.casefold() for item in known.values()}
    groups = _values_by_variable(run)
    fields = Fields(closed={item.id for item in known.values() if item.derived_from or
                            item.identifying})  # fmt: skip
    options: dict[str, int] = {}
    seen: Counter[str] = Counter()
    times = surveys_of.variables_of(run)
    for variable in run.project.variables:
        said = read_attribute(variable.description)
        kind = "submitted" if variable.guid in times else _kind_of_our_own(variable)
        if kind:
            fields.of[variable.guid] = _Field(0, kind, variable.type)
            run.keep("variable", variable.guid, None, {"name": variable.name})
            continue
        option = said.option if said else ""
        wanted = one_line(said.attribute if said and said.attribute else variable.name)
        wanted = wanted or "attribute"
        if not option:  # another variable of this name is another attribute, the second time too
            seen[wanted.casefold()] += 1
            n = seen[wanted.casefold()]
            wanted = f"{wanted[: MAX_NAME - 8]} ({n})" if n > 1 else wanted
        key = run.stands_for("variable", variable.guid) or by_name.get(wanted.casefold())
        if key in known:
            run.report.attributes.matched += 1
            kind = known[key].kind if key is not None else ""
        elif option and wanted.casefold() in options:
            key, kind = options[wanted.casefold()], "multi"
        else:
            name = free_name(wanted, names, "attribute")
            new = _attribute(variable, name, groups.get(variable.guid, Counter()))
            ids, _ = studies.ensure_attributes(run.connection, run.study_id, [new])
            key, kind = ids[name], new.kind
            run.made.note("attribute", [key])
            if option:
                options[wanted.casefold()] = key
            run.report.attributes.new.append(name)
        assert key is not None
        fields.of[variable.guid] = _Field(key, kind, variable.type, option)
        run.keep("variable", variable.guid, key, _content(variable, option))
    return fields


def _content(variable: RefiVariable, option: str) -> dict[str, str] | None:
    if option:
        return {"option": option}
    return None if variable.type == "Text" else {"type": variable.type}


def _kind_of_our_own(variable: RefiVariable) -> str:
    """Tell what a variable is that is no attribute here; "" for an attribute."""
    if variable.type == "Boolean" and variable.name == MAY_BE_QUOTED:
        return "quotable"
    return "absence" if absences.is_of_absences(variable) else ""


def _values_by_variable(run: Run) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for case in run.project.cases:
        for guid, value in case.values:
            found.setdefault(guid, Counter())[value] += 1
    return found


def _attribute(variable: RefiVariable, name: str, values: Counter[str]) -> Attribute:
    said = read_attribute(variable.description)
    if said is not None:
        return Attribute(name, said.kind, said.label, said.values, grouping=said.grouping)
    kind = _KINDS.get(variable.type, "category")
    few = kind == "category" and variable.type != "DateTime" and len(values) <= MOST_GROUPS
    return Attribute(name, kind, one_line(variable.description)[:300], grouping=few)


# ---------------------------------------------------------------- respondents


def bring_people(run: Run, fields: Fields) -> None:
    """Find the respondents of the file's cases, or make them, and give them their values."""
    persons = surveys.people_of(run.connection, run.study_id)
    by_key = {person.id: person for person in persons}
    by_ref = {person.ref.casefold(): person for person in persons}
    for known in persons:
        run.note_person(Named(known.id, known.ref, known.withdrawn))
    taken = set(by_ref)
    claimed: set[int] = set()
    new: list[tuple[RefiCase, str]] = []
    for case in run.project.cases:
        if read_speaker(case.description) is not None:
            continue  # somebody in a discussion of our own, who is no respondent
        name = one_line(case.name)[:MAX_NAME].strip()
        before = run.stands_for("case", case.guid)
        person = by_key.get(before) if before is not None else by_ref.get(name.casefold())
        if person is None or person.id in claimed:
            new.append((case, free_name(name, taken, f"case-{case.guid[:8]}")))
        elif person.withdrawn:
            run.withdrawn.add(case.guid)
            run.left.add(WITHDRAWN)
        else:
            claimed.add(person.id)
            run.people[case.guid] = person.id
            run.report.respondents.matched += 1
    batch = [NewPerson(name) for _, name in new]
    keys = surveys.add_people(run.connection, run.study_id, run.batch_id, batch)
    for (case, name), key in zip(new, keys, strict=True):
        run.people[case.guid] = key
        run.note_person(Named(key, name))
        run.report.respondents.new.append(name)
    for case in run.project.cases:
        if case.guid in run.people:
            content = _parts_of(case)
            run.keep("case", case.guid, run.people[case.guid], content)
    _give_values(run, fields, set(keys))


def _parts_of(case: RefiCase) -> dict[str, list[str]] | None:
    content = {"codes": list(case.codes), "selections": list(case.selections)}
    return {name: guids for name, guids in content.items() if guids} or None


def _give_values(run: Run, fields: Fields, new: set[int]) -> None:
    """Write the values of new people, and those that people who were there do not have yet."""
    old = [key for key in run.people.values() if key not in new]
    there = answers.values_of(run.connection, old)
    by_hand = surveys.edited_values(run.connection, run.study_id)
    changes: dict[tuple[int, int], list[str]] = {}
    quotable: dict[int, bool | None] = {}
    for case in run.project.cases:
        person = run.people.get(case.guid)
        if person is None:
            continue
        for key, values in _values_of(run, case, fields, quotable, person).items():
            place = (person, key)
            if place in there or place in by_hand:
                if set(values) != there.get(place, set()):
                    run.left.add("Values of respondents that the study has otherwise")
            elif key in fields.closed:
                run.left.add("Values of attributes that the study derives or keeps to itself")
            elif values:
                changes[place] = values
    answers.set_values(run.connection, changes, fresh=True)
    _derive(run, {person for person, _ in changes})
    filled = _quotable_where_unknown(run, quotable, old)
    _note_given(run, [place for place in changes if place[0] not in new], filled)


def _note_given(run: Run, changes: list[tuple[int, int]], filled: set[int]) -> None:
    """Note whom of those who were there values were given, or a permission to be quoted."""
    for person, key in changes:
        run.made.note_value(key, person)
    run.made.quotable += sorted(filled)
    given = {person for person, _ in changes} | filled
    run.changed = run.changed or bool(given)
    for _ in given:
        run.remarks.add("Respondents who were there got values that they had not")


def _derive(run: Run, changed: set[int]) -> None:
    """Bring groupings that the study derives in line with new values."""
    if changed:
        for one in groupings.refresh_derived(run.connection, run.study_id, sorted(changed)):
            run.remarks.add("Groupings in which values are in no group yet", one.name)


def _quotable_where_unknown(
    run: Run, said: dict[int, bool | None], old: list[int]
) -> set[int]:  # fmt: skip
    """Note who may be quoted where nothing is known of it; give who was there before of them."""
    before = surveys.quotable_of(run.connection, old)
    for person, there in before.items():
        if person in said and there is not None and said.pop(person) is not there:
            run.left.add("Whether respondents may be quoted, where the study has it otherwise")
    surveys.set_quotable(run.connection, said)
    return said.keys() & before.keys()


def _values_of(
    run: Run, case: RefiCase, fields: Fields, quotable: dict[int, bool | None], person: int
) -> Mapping[int, list[str]]:
    """Give a case's values by attribute."""
    found: dict[int, list[str]] = {}
    for guid, raw in case.values:
        known = fields.of.get(guid)
        if known is None:
            run.left.add("Values of variables that the file does not hold", case.name)
        elif known.kind == "quotable":
            quotable[person] = raw in ("true", "1")
        elif known.kind in ("absence", "submitted"):
            pass  # once the answers are there: `refi_import_absences`, `refi_import_surveys`
        elif known.option:
            if raw in ("true", "1"):
                found.setdefault(known.attribute_id, []).append(known.option)
        else:
            value = _value(known, raw)
            if len(value) > MAX_VALUE:
                run.left.add(f"Values of more than {MAX_VALUE} characters", case.name)
            elif value and value not in found.setdefault(known.attribute_id, []):
                found[known.attribute_id].append(value)
    return found


def _value(known: _Field, raw: str) -> str:
    value = " ".join(raw.split()) if known.kind != "category" else raw.strip()
    if known.type == "Boolean":
        return {"1": "true", "0": "false"}.get(value, value)
    if known.kind == "number":
        return exact_number(value) or value
    return value

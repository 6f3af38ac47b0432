"""Attributes and respondents of a study as variables and cases of a REFI-QDA project.

In: what is known of respondents, without identifying attributes. Out: variables with the types
that their values have, and a case for each respondent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pipelines.export.projects.refi_xml import typed_value
from workbench.domain.documents import AttributeKind
from workbench.domain.refi import RefiCase, RefiVariable, VariableType
from workbench.domain.refi_descriptions import (
    AttributeWords,
    describe_attribute,
    describe_memos,
)
from workbench.domain.refi_terms import (
    MAY_BE_QUOTED,
    NO_ANSWER,
    SUBMITTED,
    Answer,
    describe_no_answer,
    no_answer_name,
    no_answer_reason,
    option_name,
    submitted_name,
)
from workbench.services.counting.summarise import FIRST_SURVEY
from workbench.services.projects.refi_notes import Notes
from workbench.services.projects.refi_work import Work, strings
from workbench.store import studies
from workbench.store.projects import refi_rows, refi_surveys
from workbench.store.projects.refi_rows import PersonRow
from workbench.store.studies import StoredAttribute
from workbench.store.surveys import answers

PAGE = 500
_TYPES: dict[str, VariableType] = {"number": "Float", "date": "Date"}
Owned = Mapping[int, Sequence[str]]
"""GUIDs of what belongs to respondents, by key."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables of one export: of attributes by key, of options by key and option."""

    listed: tuple[RefiVariable, ...]
    of: Mapping[int, str]
    options: Mapping[int, Mapping[str, str]]
    may_be_quoted: str = ""
    absences: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """Of why answers are missing, by question and whether typing or speaking is meant."""
    submitted: Mapping[int, list[tuple[str, str]]] = field(default_factory=dict)
    """When respondents sent their answers: (variable, value) of each survey, by respondent."""


def variables_of(work: Work, people: Sequence[PersonRow]) -> Variables:
    """Make the variables of a study."""
    in_use = refi_rows.values_by_attribute(work.connection, work.study_id)
    listed: list[RefiVariable] = []
    of: dict[int, str] = {}
    options: dict[int, dict[str, str]] = {}
    for item in studies.list_attributes(work.connection, work.study_id):
        if item.identifying:
            continue
        values = list(dict.fromkeys([*item.ordered_values, *in_use.get(item.id, ())]))
        if item.kind == "multi" and values:
            options[item.id] = {}
            for option in values:
                variable = _option(work, item, option)
                options[item.id][option] = variable.guid
                listed.append(variable)
        else:
            variable = _variable(work, item, in_use.get(item.id, ()))
            of[item.id] = variable.guid
            listed.append(variable)
    quoted = ""
    if any(person.may_be_quoted is not None for person in people):
        quoted = work.ids.claim(work.ids.of_named("variable", MAY_BE_QUOTED, "of respondents"))
        listed.append(RefiVariable(quoted, MAY_BE_QUOTED, "Boolean"))
    absences = {}
    for question_id, ref, kind in refi_surveys.list_absences(work.connection, work.study_id):
        name = no_answer_name(ref, cast(Answer, kind))
        guid = work.ids.claim(work.ids.of_named("variable", name, NO_ANSWER))
        absences[question_id, kind] = guid
        listed.append(RefiVariable(guid, name, "Text", describe_no_answer(ref)))
    submitted = _submitted(work, listed)
    return Variables(tuple(listed), of, options, quoted, absences, submitted)


def _submitted(work: Work, listed: list[RefiVariable]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = {}
    for survey, times in refi_surveys.list_submissions(work.connection, work.study_id).items():
        name = submitted_name(survey or FIRST_SURVEY)
        guid = work.ids.claim(work.ids.of_named("variable", name, SUBMITTED))
        days = all(typed_value("Date", at) == at for at in times.values())
        listed.append(
            RefiVariable(guid, name, "Date" if days else "Text", "When they sent their answers.")
        )
        for person, at in times.items():
            found.setdefault(person, []).append((guid, at))
    return found


def _variable(work: Work, item: StoredAttribute, values: Sequence[str]) -> RefiVariable:
    kept = work.ids.content.get(("variable", item.id), {}).get("type")
    wanted = cast(VariableType, kept) if kept else _TYPES.get(item.kind, "Text")
    fits = all(typed_value(wanted, value) is not None for value in values)
    guid = work.ids.of("variable", item.id, work.ids.derived("variable", item.name))
    kind = cast(AttributeKind, item.kind)
    words = AttributeWords(item.label, kind, item.ordered_values, grouping=item.grouping)
    return RefiVariable(
        work.ids.claim(guid), item.name, wanted if fits else "Text", describe_attribute(words)
    )


def _option(work: Work, item: StoredAttribute, option: str) -> RefiVariable:
    derived = work.ids.derived("variable", item.name, option)
    words = AttributeWords(
        item.label, "multi", item.ordered_values, item.name, option, item.grouping
    )
    return RefiVariable(
        work.ids.claim(work.ids.of_option(item.id, option, derived)),
        option_name(item.name, option),
        "Boolean",
        describe_attribute(words),
    )


def cases_of(
    work: Work,
    people: Sequence[PersonRow],
    variables: Variables,
    notes: Notes,
    *,
    sources: Owned,
    selections: Owned,
    code_guids: frozenset[str],
) -> Iterator[RefiCase]:
    """Make a case for each respondent, in order."""
    shared: dict[str, str] = {}
    for start in range(0, len(people), PAGE):
        part = people[start : start + PAGE]
        known = refi_rows.values_by_person(
            work.connection, work.study_id, [item.id for item in part]
        )
        missing: dict[int, list[tuple[str, str]]] = {}
        absent = answers.absences_of(work.connection, [item.id for item in part])
        for (person, question_id, kind), (state, _) in sorted(absent.items()):
            guid = variables.absences[question_id, kind]
            missing.setdefault(person, []).append((guid, no_answer_reason(state)))
        for item in part:
            values = _values(known.get(item.id, {}), variables, shared.setdefault)
            values += missing.get(item.id, ())
            values += variables.submitted.get(item.id, ())
            if variables.may_be_quoted and item.may_be_quoted is not None:
                values.append((variables.may_be_quoted, "true" if item.may_be_quoted else "false"))
            kept = work.ids.content.get(("case", item.id), {})
            extra = [one for one in strings(kept.get("selections")) if work.ids.is_given(one)]
            guid = work.ids.of("case", item.id, work.ids.derived("case", item.ref))
            memos = notes.on("respondent", item.id, guid)
            yield RefiCase(
                work.ids.claim(guid),
                item.ref,
                describe_memos(notes.told(memos)),
                tuple(code for code in strings(kept.get("codes")) if code in code_guids),
                tuple(values),
                tuple(sources.get(item.id, ())),
                tuple(dict.fromkeys([*selections.get(item.id, ()), *extra])),
                memos,
            )


def _values(
    known: Mapping[int, list[str]], variables: Variables, share: Callable[[str, str], str]
) -> list[tuple[str, str]]:
    """Pair variables with what a respondent says; of several options, whether each is chosen."""
    found: list[tuple[str, str]] = []
    for key, values in known.items():
        if key in variables.options:
            found += [
                (guid, "true" if option in values else "false")
                for option, guid in variables.options[key].items()
            ]
        elif key in variables.of:
            found += [(variables.of[key], share(value, value)) for value in values[:1]]
    return found

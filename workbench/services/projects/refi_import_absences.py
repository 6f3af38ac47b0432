"""Bringing in a project: why respondents have not answered.

In: variables such as `No answer: q2 - typed` of our own files, whichever program has had them in
between. Out: absent answers, where the study has neither an answer nor a reason yet. So whoever
left a question blank counts among those who were asked, as before.
"""

from __future__ import annotations

from workbench.domain.refi import RefiVariable
from workbench.domain.refi_descriptions import read_attribute
from workbench.domain.refi_terms import Answer, read_no_answer_name, read_no_answer_reason
from workbench.services.projects.refi_import_run import Run
from workbench.store import studies
from workbench.store.surveys import answers
from workbench.store.surveys.answers import Absence, AnswerKey


def is_of_absences(variable: RefiVariable) -> bool:
    """Tell whether a variable says why answers are missing; attributes may be named so."""
    named = variable.type == "Text" and read_no_answer_name(variable.name) is not None
    return named and read_attribute(variable.description) is None


def questions_of(run: Run) -> list[str]:
    """Give the refs of the questions of which the file says why answers are missing."""
    return list(dict.fromkeys(ref for ref, _ in _variables(run).values()))


def bring_absences(run: Run) -> None:
    """Note why answers are missing; call it once the answers are there."""
    meant = _variables(run)
    if not meant:
        return
    asked = {item.ref: item.id for item in studies.list_questions(run.connection, run.study_id)}
    wanted: dict[AnswerKey, Absence] = {}
    for case in run.project.cases:
        person = run.people.get(case.guid)
        for guid, value in case.values if person is not None else ():
            if guid not in meant:
                continue
            ref, kind = meant[guid]
            state = read_no_answer_reason(value)
            if state is None:
                run.left.add("Values that are no reason why an answer is missing", value[:40])
            elif ref in asked:
                wanted[person or 0, asked[ref], kind] = (state, None)
    _write(run, wanted)


def _variables(run: Run) -> dict[str, tuple[str, Answer]]:
    found = {}
    for variable in run.project.variables:
        named = read_no_answer_name(variable.name)
        if named is not None and is_of_absences(variable) and len(named[0]) <= studies.MAX_REF:
            found[variable.guid] = named
    return found


def _write(run: Run, wanted: dict[AnswerKey, Absence]) -> None:
    people = sorted({person for person, _, _ in wanted})
    answered = answers.answers_of(run.connection, people)
    known = answers.absences_of(run.connection, people)
    for key in wanted.keys() & known.keys():
        if known[key][0] != wanted[key][0] and key not in answered:
            run.left.add("Why answers are missing, where the study has it otherwise")
    new = {key: why for key, why in wanted.items() if key not in answered and key not in known}
    answers.set_absences(run.connection, (), new)
    for person, question_id, kind in new:
        run.made.note_absence(question_id, kind, person)
    run.changed = run.changed or bool(new)
    for _ in new:
        run.remarks.add("Answers of which the file says why they are missing")

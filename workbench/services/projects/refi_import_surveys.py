"""Bringing in a project of our own: in which of a study's surveys what was answered, and by whom.

In: sets of a file, one for each survey. Out: surveys, the people who took part in them, and the
questions that they ask. What a study's survey has already stays.

And the cases of those who speak in a discussion and are no respondents: by which identity they are
known.
"""

from __future__ import annotations

from workbench.domain.refi import RefiSet
from workbench.domain.refi_descriptions import read_attribute, read_speaker, read_survey
from workbench.domain.refi_terms import read_answer_name, read_set_name, read_submitted_name
from workbench.services.counting.summarise import FIRST_SURVEY
from workbench.services.projects.refi_import_run import Run
from workbench.store import studies
from workbench.store.surveys import surveys
from workbench.store.team.people import MAX_NAME, one_line

MAX_TIME = 32
"""Characters of a time as it is kept."""


def bring_surveys(run: Run) -> None:
    """Find the surveys of a file of our own, or make them, and say who and what is in them."""
    named = [(one, read_set_name(one.name)) for one in run.project.sets]
    listed = [(one, name[1]) for one, name in named if name is not None and name[0] == "survey"]
    if not run.is_ours or not listed:
        return
    known = surveys.list_surveys(run.connection, run.study_id)
    by_name = {(item.name or FIRST_SURVEY).casefold(): item.id for item in known}
    asked = {item.ref: item.id for item in studies.list_questions(run.connection, run.study_id)}
    answers = _answers(run)
    first: dict[int, str | None] = {}
    for one, name in listed:
        shown = one_line(name)[:MAX_NAME].strip() or FIRST_SURVEY
        key = by_name.get(shown.casefold())
        is_new = key is None
        if key is None:
            key = surveys.add_survey(run.connection, run.study_id, shown, len(by_name))
            by_name[shown.casefold()] = key
            run.made.note("survey", [key])
        times = _submitted(run, name)
        added, people = _fill(run, key, one, asked, answers, times)
        for person in people:
            first.setdefault(person, times.get(person))
        if added or is_new:
            run.changed = True
            run.remarks.add(
                "Surveys were made, or got people or questions that they had not", shown
            )
    surveys.set_submitted(run.connection, run.batch_id, first)


def _fill(
    run: Run, key: int, one: RefiSet, asked: dict[str, int], answers: dict[str, tuple[int, str]],
    times: dict[int, str],
) -> tuple[bool, list[int]]:  # fmt: skip
    """Put people and questions into a survey that are not in it; give if any, and the people."""
    words = read_survey(one.description)
    here = [answers[guid] for guid in one.sources if guid in answers]
    refs = words.questions or dict.fromkeys(ref for _, ref in here if ref)
    named = [person for ref in words.also if (person := run.named(ref)) and not person.withdrawn]
    wanted = dict.fromkeys([*(person for person, _ in here), *(person.id for person in named)])
    members = surveys.members_of(run.connection, key)
    people = [person for person in wanted if person not in members]
    there = surveys.questions_of(run.connection, key)
    questions = [asked[ref] for ref in refs if ref in asked and asked[ref] not in there]
    surveys.link_people(
        run.connection, key, run.batch_id, [(person, times.get(person)) for person in people]
    )
    surveys.link_questions(run.connection, key, questions)
    run.made.asked.setdefault(key, []).extend(questions)
    return bool(people or questions), people


def variables_of(run: Run) -> dict[str, str]:
    """Give the variables that say when people sent their answers, with the survey's name."""
    if not run.is_ours:
        return {}
    named = ((one, read_submitted_name(one.name)) for one in run.project.variables)
    return {one.guid: survey for one, survey in named
            if survey is not None and read_attribute(one.description) is None}  # fmt: skip


def _submitted(run: Run, survey: str) -> dict[int, str]:
    """Give when people sent their answers to a survey, by respondent."""
    of = {guid for guid, name in variables_of(run).items() if name == survey}
    return {
        run.people[case.guid]: value.strip()
        for case in run.project.cases
        if case.guid in run.people
        for guid, value in case.values
        if guid in of and 0 < len(value.strip()) <= MAX_TIME
    }


def _answers(run: Run) -> dict[str, tuple[int, str]]:
    """Give whose answer to what each source of the file is: (respondent, question's ref)."""
    found: dict[str, tuple[int, str]] = {}
    owners = {guid: run.people[case.guid] for case in run.project.cases
              if case.guid in run.people for guid in case.sources}  # fmt: skip
    for source in run.project.sources:
        name = read_answer_name(source.name)
        person = owners.get(source.guid)
        if person is None and name is not None:
            known = run.named(name.respondent)
            person = known.id if known is not None and not known.withdrawn else None
        if person is not None and source.guid not in run.gone:
            found[source.guid] = person, name.question if name is not None else ""
    return found


def keep_speakers(run: Run) -> None:
    """Keep by which GUIDs those are known who speak in a discussion and are no respondents."""
    names = {source.name: source.guid for source in run.project.sources}
    of = {one.guid: source.guid for source in run.project.sources for one in source.selections}
    for case in run.project.cases:
        words = read_speaker(case.description)
        if words is None:
            continue
        source = next((of[guid] for guid in case.selections if guid in of), "")
        text = run.texts.get(source or names.get(words.discussion, ""))
        if text is not None:
            run.keep("speaker", case.guid, text.id, {"name": words.speaker})

"""Why respondents have not answered: out as values of their cases, and in again."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from pipelines.ingest.projects.refi_project import read_refi
from tests.builders import Bench, read_survey
from tests.refi_projects import file_of
from tests.services.projects.test_refi_import import bring, guid, project
from tests.services.projects.test_refi_round_trip import exported
from workbench.domain.codings import DocumentFilter
from workbench.domain.refi import RefiCase, RefiProject, RefiVariable
from workbench.errors import ConflictError
from workbench.services.counting import summarise
from workbench.services.projects import refi_import
from workbench.services.surveys import imports, ingest
from workbench.store.counting import progress as progress_store
from workbench.store.tables import absent_answer, question, respondent

WAVE = """id,w1,w2,note
R1,n/a,,
R2,,Said,a.m4a
R9,,n/a,b.m4a
"""
MAPPING = """
respondent_id: id
attributes: []
questions:
  - {column: w1, ref: w1, text: "And now?", not_asked_values: [n/a]}
  - {column: w2, ref: "w2 - typed", text: "And later?", not_asked_values: [n/a]}
voice_notes:
  - {column: note, question: "w2 - typed"}
"""
MISSING = {
    ("R1", "w1", "typed", "not_asked"), ("R1", "w2 - typed", "typed", "blank"),
    ("R2", "q2", "typed", "blank"), ("R2", "w1", "typed", "blank"),
    ("R2", "w2 - typed", "spoken", "awaiting_transcript"), ("R9", "w1", "typed", "blank"),
    ("R9", "w2 - typed", "spoken", "awaiting_transcript"),
}  # fmt: skip
Q9 = RefiVariable(guid("q9"), "No answer: q9 - typed")
Q2 = RefiVariable(guid("q2"), "No answer: q2 - typed")


def missing(bench: Bench) -> set[tuple[str, ...]]:
    query = (
        select(respondent.c.ref, question.c.ref, absent_answer.c.kind, absent_answer.c.state)
        .select_from(absent_answer)
        .join(respondent, respondent.c.id == absent_answer.c.respondent_id)
        .join(question, question.c.id == absent_answer.c.question_id)
        .where(respondent.c.study_id == bench.study_id)
    )
    with bench.database.read() as connection:
        return {tuple(row) for row in connection.execute(query)}


def in_waves(bench: Bench) -> Bench:
    survey = replace(read_survey(WAVE, MAPPING), name="Wave 2")
    ingest.ingest_survey(bench.actor, bench.database, bench.name, survey)
    return bench


def file_from(bench: Bench, **changes: Any) -> refi_import.ProjectFile:
    found: RefiProject = read_refi(io.BytesIO(exported(bench)), "a.qdpx").project
    return refi_import.look_into(file_of(replace(found, **changes))[0], "a.qdpx")


def test_what_is_missing_and_how_many_were_asked_comes_back(bench: Bench) -> None:
    in_waves(bench)
    bench.load()
    assert missing(bench) == MISSING
    report = bring(bench, file_from(bench), study="Again", new_study=True)
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert missing(again) == MISSING
    told = "Answers of which the file says why they are missing (7)."
    assert (told in report.remarks, report.left_out) == (True, [])
    for one in (bench, again):
        where = (one.actor, one.database, one.study_id)
        keys = {name: key for key, name in summarise.list_surveys(*where).items()}
        asked = {
            item.ref: summarise.summarise(
                *where, where=DocumentFilter(survey_id=survey, question_id=item.id), base="asked"
            ).rows[0].base
            for survey in keys.values()
            for item in questions_of(one)
            if item.ref.startswith("w") is (survey == keys["Wave 2"])
        }  # fmt: skip
        assert asked == {"q1": 4, "q2": 4, "w1": 2, "w2 - typed": 3}
    assert bring(bench, file_from(bench), study="Again").unchanged


def questions_of(bench: Bench) -> list[Any]:
    with bench.database.read() as connection:
        rows = connection.execute(
            select(question.c.id, question.c.ref).where(question.c.study_id == bench.study_id)
        )
        return list(rows)


def test_another_program_may_drop_sets_and_descriptions(bench: Bench) -> None:
    in_waves(bench)
    found = read_refi(io.BytesIO(exported(bench)), "a.qdpx").project
    bare = tuple(replace(one, description="") for one in found.variables)
    file = file_from(bench, origin="Another program", sets=(), variables=bare)
    report = bring(bench, file, study="Again", new_study=True)
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert missing(again) == MISSING
    assert report.attributes.new == ["group", "age", "needs: money", "needs: sleep"]


def test_an_attribute_of_this_name_stays_an_attribute(empty: Bench) -> None:
    name = "No answer: q2 - typed"
    mapping = f'respondent_id: id\nattributes: [{{column: "{name}"}}]\nquestions: [{{column: q}}]'
    empty.ingest(f"id,{name},q\nR1,left blank,x\n", mapping)
    report = bring(empty, file_from(empty), study="Again", new_study=True)
    assert report.attributes.new == [name]
    assert missing(Bench(empty.database, empty.actor, report.study_id)) == set()


def test_what_the_study_knows_better_stays(bench: Bench) -> None:
    values = ((Q2.guid, "not asked"), (Q9.guid, "Left blank"))
    cases = (
        RefiCase(guid("R1"), "R1", values=values),
        RefiCase(guid("R2"), "R2", values=values),
        RefiCase(guid("R3"), "R3", values=((Q9.guid, "because"),)),
    )
    report = bring(bench, project(cases=cases, variables=(Q2, Q9)))
    assert missing(bench) == {
        ("R2", "q2", "typed", "blank"), ("R1", "q9", "typed", "blank"),
        ("R2", "q9", "typed", "blank"),
    }  # fmt: skip
    assert report.left_out == [
        "Values that are no reason why an answer is missing (1): because.",
        "Why answers are missing, where the study has it otherwise (1).",
    ]
    assert report.has_news


def test_undo_takes_the_reasons_back(bench: Bench) -> None:
    before = missing(bench)
    both = (RefiCase(guid("R1"), "R1", values=((Q9.guid, "left blank"),)),
            RefiCase(guid("P7"), "P7",
                     values=((Q9.guid, "left blank"), (Q2.guid, "not asked"))))  # fmt: skip
    bring(bench, project(cases=both, variables=(Q2, Q9)))
    assert len(missing(bench)) == 4
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert missing(bench) == before


def test_a_blank_that_came_later_keeps_the_project(bench: Bench) -> None:
    bring(bench, project(cases=(RefiCase(guid("R1"), "R1", values=((Q9.guid, "left blank"),)),),
                         variables=(Q9,)))  # fmt: skip
    with bench.database.write() as connection:
        asked = connection.execute(select(question.c.id).where(question.c.ref == "q9")).scalar_one()
        who = connection.execute(
            select(respondent.c.id).where(respondent.c.ref == "R3")
        ).scalar_one()
        connection.execute(absent_answer.insert().values(
            respondent_id=who, question_id=asked, kind="typed", state="blank"))  # fmt: skip
    with pytest.raises(ConflictError, match="1 answer to its questions is awaited or blank"):
        imports.undo_import(bench.actor, bench.database, bench.study_id)


def test_progress_tells_them_apart_as_before(bench: Bench) -> None:
    in_waves(bench)
    report = bring(bench, file_from(bench), study="Again", new_study=True)
    with bench.database.read() as connection:
        told = [
            sorted(
                (one.blank, one.not_asked, one.awaiting_transcript)
                for one in progress_store.absent_by_question(connection, study_id).values()
            )
            for study_id in (bench.study_id, report.study_id)
        ]
    assert told[0] == told[1] == [(1, 0, 0), (1, 0, 1), (2, 1, 0)]

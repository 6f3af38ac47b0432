"""Who is done with what, and what is settled, in projects of our own: out and in again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from sqlalchemy import select, update

from pipelines.ingest.projects.refi_project import read_refi
from tests.builders import Bench
from tests.refi_projects import file_of
from tests.services.projects.test_refi_import import bring
from tests.services.projects.test_refi_round_trip import exported
from tests.services.projects.test_refi_undo import why_not
from workbench.services.projects import refi_import
from workbench.services.surveys import imports
from workbench.store.tables import coder, document, document_state, question, respondent


def states(bench: Bench) -> set[tuple[str, ...]]:
    """Give who is how far with which answer."""
    query = (
        select(coder.c.name, respondent.c.ref, question.c.ref, document_state.c.state)
        .select_from(document_state)
        .join(coder, coder.c.id == document_state.c.coder_id)
        .join(document, document.c.id == document_state.c.document_id)
        .join(respondent, respondent.c.id == document.c.respondent_id)
        .join(question, question.c.id == document.c.question_id)
        .where(document.c.study_id == bench.study_id)
    )
    with bench.database.read() as connection:
        return {tuple(row) for row in connection.execute(query)}


def settled(bench: Bench) -> dict[str, str]:
    query = (
        select(document.c.guid, coder.c.name)
        .join(coder, coder.c.id == document.c.adjudicated_by)
        .where(document.c.study_id == bench.study_id)
    )
    with bench.database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def finished(bench: Bench) -> Bench:
    """Let two people finish answers; one of them codes nothing."""
    bench.load()
    one = bench.document("R1")
    bench.code(one, "School", "She listened")
    bench.code(bench.document("R3"), "Waiting", None)
    for document_id in (one, bench.document("R1", "q2"), bench.document("R4")):
        bench.send({"kind": "done", "document": document_id})
    bench.send({"kind": "done", "document": one}, actor=bench.person("Cy"))
    ben = bench.person("Ben")
    with bench.database.write() as connection:
        connection.execute(
            update(document)
            .where(document.c.id == one)
            .values(adjudicated_at="2024-05-01T09:00:00.000Z", adjudicated_by=ben.id)
        )
    return bench


DONE = {
    ("Asha", "R1", "q1", "done"), ("Asha", "R1", "q2", "done"), ("Asha", "R4", "q1", "done"),
    ("Cy", "R1", "q1", "done"), ("Asha", "R3", "q1", "in_progress"),
}  # fmt: skip


def sets_of(content: bytes) -> dict[str, tuple[str, list[str]]]:
    """Give the sets of what is finished as they stand in a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    names = {one.get("guid"): one.get("name") for one in root.iter("{*}TextSource")}
    return {
        one.get("name"): (
            one.findtext("{*}Description"),
            [names[member.get("targetGUID")] for member in one.iter("{*}MemberSource")],
        )
        for one in root.iter("{*}Set")
        if one.get("name").startswith(("done", "settled"))
    }


@pytest.mark.parametrize("by_respondent", [False, True])
def test_marks_come_in_with_their_texts_and_change_nothing_later(
    bench: Bench, by_respondent: bool
) -> None:
    finished(bench)
    assert states(bench) == DONE
    content = exported(bench, by_respondent=by_respondent)
    opened = refi_import.look_into(io.BytesIO(content), "a.qdpx")
    with bench.database.write() as connection:  # what is there keeps its state
        connection.execute(
            document_state.delete().where(document_state.c.coder_id == bench.actor.id)
        )
    assert not bring(bench, opened).has_news
    assert states(bench) == {("Cy", "R1", "q1", "done")}
    report = bring(bench, opened, study="Again", new_study=True)
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert states(again) == DONE
    assert list(settled(again).values()) == ["Ben"]


def test_a_text_of_all_answers_is_done_where_all_are(bench: Bench) -> None:
    finished(bench)
    assert sets_of(exported(bench)) == {
        "done: Asha": (
            "Read and done by Asha.", ["R1 - q1 - typed", "R4 - q1 - typed", "R1 - q2 - typed"],
        ),
        "done: Cy": ("Read and done by Cy.", ["R1 - q1 - typed"]),
        "settled: Ben": ("Differences settled by Ben.", ["R1 - q1 - typed"]),
    }  # fmt: skip
    beside = "\n\nAlso, of texts of several answers:\n"
    assert sets_of(exported(bench, by_respondent=True)) == {
        "done: Asha": (f"Read and done by Asha.{beside}R4 - q1 - typed", ["R1"]),
        "done: Cy": (f"Read and done by Cy.{beside}R1 - q1 - typed", []),
        "settled: Ben": (f"Differences settled by Ben.{beside}R1 - q1 - typed", []),
    }


def test_marks_of_a_file_go_with_it_and_those_of_people_keep_it(
    bench: Bench,
) -> None:
    opened = refi_import.look_into(io.BytesIO(exported(finished(bench))), "a.qdpx")
    report = bring(bench, opened, study="Again", new_study=True)
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert why_not(again) is None
    imports.undo_import(again.actor, again.database, again.study_id)
    assert states(again) == set()
    report = bring(bench, opened, study="Again", new_study=True)  # the study had gone with it
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert len(states(again)) == 5
    untouched = next(one.id for one in again.documents() if (one.label, one.question_ref)
                     == ("R3", "q1"))  # fmt: skip
    again.send({"kind": "done", "document": untouched})
    assert "1 of its texts is marked as done or in work." in str(why_not(again))


def test_another_programs_sets_are_no_marks(bench: Bench) -> None:
    finished(bench)
    project = read_refi(io.BytesIO(exported(bench)), "a.qdpx").project
    file = refi_import.look_into(file_of(replace(project, origin="Other"))[0], "a.qdpx")
    report = bring(bench, file, study="Again", new_study=True)
    again = Bench(bench.database, bench.actor, report.study_id, "Again")
    assert {state for *_, state in states(again)} == {"in_progress"}
    assert imports.why_not_undo(again.actor, again.database, again.study_id) is None

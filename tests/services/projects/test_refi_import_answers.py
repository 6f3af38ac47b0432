"""Texts that hold all answers of a respondent come back as the answers that they were."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from tests.builders import Bench
from tests.refi_projects import file_of
from tests.services.projects.test_refi_import import bring, memos, words
from workbench.domain.codings import DocumentFilter
from workbench.domain.refi import (
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSource,
    derived_guid,
)
from workbench.domain.refi_descriptions import ANSWERS, DocumentWords, describe_document
from workbench.services.memos import memos as memo_service
from workbench.services.projects import refi_export, refi_import
from workbench.services.projects.refi_export import RefiChoice
from workbench.services.team import allocate, team

R1 = "What happened?\n\nShe listened to me. Then she left.\n\nWhat would help?\n\nMore time"


def joined(bench: Bench) -> refi_import.ProjectFile:
    content = refi_export.project_file(
        bench.actor, bench.database, bench.study_id, choice=RefiChoice(by_respondent=True)
    ).content
    return refi_import.look_into(io.BytesIO(content), "joined.qdpx")


def elsewhere(bench: Bench, *selections: RefiSelection, **more: Any) -> RefiProject:
    """Give R1's answers as another program has them that dropped what marks each answer."""
    project = joined(bench).file.project
    text = RefiSource(
        derived_guid("test", "R1"), "text", "R1",
        describe_document(DocumentWords(ANSWERS, "q1\nq2")), R1, "R1.txt",
        selections=selections, **more,
    )  # fmt: skip
    (case,) = [one for one in project.cases if one.name == "R1"]
    return replace(
        project, origin="OtherTool 1", sources=(text,), notes=(), project_notes=(),
        cases=(replace(case, sources=(text.guid,)),),
        sets=tuple(replace(one, sources=()) for one in project.sets),
    )  # fmt: skip


def on(bench: Bench, quote: str, code: str = "School") -> RefiSelection:
    start = R1.index(quote)
    item = RefiCoding(derived_guid("coding", quote), bench.codes()[code].guid)
    return RefiSelection(derived_guid("on", quote), start, start + len(quote), codings=(item,))


def test_answers_in_one_text_are_known_again_in_their_study(bench: Bench) -> None:
    one = bench.document("R1")
    bench.code(one, "School", "She listened")
    bench.code(one, "Waiting", None)
    bench.code(bench.document("R1", "q2"), "Phone", "More time")
    memo_service.write(bench.actor, bench.database, bench.study_id, "document", one, "On all.")
    file = joined(bench)
    report = bring(bench, file)
    assert not report.has_news
    assert bring(bench, file).unchanged
    assert (report.documents.matched, report.codings_matched) == (7, 3)
    assert memos(bench.database) == [("document", "On all.")]


def test_what_was_coded_on_answers_in_one_text_comes_to_the_answers(bench: Bench) -> None:
    report = bring(bench, elsewhere(bench, on(bench, "Then she left."), on(bench, "time")))
    assert (report.documents.new, report.documents.matched) == ([], 2)
    assert sorted((quote, state) for _, _, quote, state in words(bench.database)) == [
        ("Then she left.", "placed"), ("time", "placed"),
    ]  # fmt: skip
    assert any("were taken apart (1): R1" in line for line in report.remarks)


def test_what_crosses_answers_or_stands_on_a_question_is_to_be_placed_again(bench: Bench) -> None:
    across = on(bench, "Then she left.\n\nWhat would help?\n\nMore")
    asked = on(bench, "would help", "Phone")
    all_of_it = (RefiCoding(derived_guid("whole"), bench.codes()["Waiting"].guid),)
    file = elsewhere(bench, across, asked, codings=all_of_it)
    report = bring(bench, file)
    assert (report.codings_new, report.codings_flagged) == (3, 3)
    assert {(code, quote, state) for code, _, quote, state in words(bench.database)} == {
        ("School", "Then she left.", "flagged"),
        ("Phone", "More time", "flagged"),
        ("Waiting", "She listened to me. Then she left.", "flagged"),
    }
    assert any("to be placed again (3): R1" in line for line in report.remarks)
    assert bring(bench, file).unchanged


def test_answers_that_cannot_be_told_from_questions_stay_one_text(bench: Bench) -> None:
    file = elsewhere(bench, on(bench, "time"))
    file = replace(file, sets=())
    report = bring(bench, file)
    assert report.documents.new == ["R1"]
    assert any("stay one text (1): R1" in line for line in report.remarks)


def test_what_is_coded_blind_stays_out_in_whichever_form_it_comes(bench: Bench) -> None:
    ben = bench.person("Ben")
    team.add_member(bench.actor, bench.database, bench.study_id, "Ben")
    wanted = allocate.Wanted(DocumentFilter(), (bench.actor.id, ben.id), "everyone", True)
    allocate.apply(bench.actor, bench.database, bench.study_id, wanted)
    theirs = elsewhere(bench, on(bench, "She listened"))
    for file in (theirs, replace(theirs, sets=())):
        report = bring(bench, refi_import.look_into(file_of(file)[0], "x.qdpx"), ben)
        assert report.codings_new == 0
        assert any("each person can bring in their own" in line for line in report.left_out)
    assert words(bench.database) == []

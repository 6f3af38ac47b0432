"""Discussions that come back as texts alone, as qc gives them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from pipelines.ingest.discussions.speech import SpeechFile, Turn
from tests.builders import Bench
from tests.services.projects.test_refi_import import bring, coded, project, source
from tests.services.projects.test_refi_round_trip import PLANS, TURNS
from workbench.services.discussions import focus_groups
from workbench.store.tables import coding_respondent, document, respondent, revision

TEXT = (
    "Moderator: Who did you ask first?\n\nP1: I rang 😬 the school: nobody.\n\n(laughter)\n\n"
    "P2: Nobody rang\n\nP1: back.\n\nP1: P1"
)


@pytest.fixture
def group(bench: Bench) -> int:
    bench.load()
    return discussion(bench, TURNS)


def discussion(bench: Bench, turns: tuple[Turn, ...]) -> int:
    return focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("fg.vtt", turns, "voices"), PLANS,
        name="FG1",
    ).document_id  # fmt: skip


def names(bench: Bench) -> list[str]:
    with bench.database.read() as connection:
        return sorted(one for one in connection.execute(select(document.c.ref)).scalars() if one)


def whole_line(name: str, words: str) -> object:
    """Code a line as qc does: with its label and its line end."""
    start = TEXT.index(words)
    return coded(name, start, TEXT.index("\n", start) + 1)


@pytest.mark.parametrize("name", ["FG1", "FG1.txt"])
def test_a_text_alone_is_the_discussion_that_it_is(bench: Bench, group: int, name: str) -> None:
    line = whole_line("one", "P1: I rang")
    report = bring(bench, project(source(line, name=name, text=TEXT)))
    assert (report.documents.new, report.documents.matched) == ([], 1)
    assert names(bench) == ["FG1"]
    [row] = [row for row in bench.export() if row["document"] == "FG1"]
    assert row["quote"].strip() == "I rang 😬 the school: nobody."
    with bench.database.read() as connection:
        who = connection.execute(
            select(respondent.c.ref)
            .join(coding_respondent, coding_respondent.c.respondent_id == respondent.c.id)
            .where(coding_respondent.c.document_id == group)
        ).scalars()
        assert list(who) == ["R1"]
    assert bring(bench, project(source(line, name=name, text=TEXT))).unchanged


def test_so_is_one_that_was_corrected_here_since(bench: Bench, group: int) -> None:
    with bench.database.read() as connection:
        before = connection.execute(select(revision.c.id).where(revision.c.document_id == group))
        assert len(list(before)) == 1
    discussion(bench, (Turn("Lin", "Well, who did you ask first?", 0, 4_000), *TURNS[1:]))
    report = bring(bench, project(source(whole_line("one", "P1: I rang"), name="FG1", text=TEXT)))
    assert names(bench) == ["FG1"]
    assert "Codings of texts that were corrected here were carried over (1): FG1." in report.remarks
    [row] = [row for row in bench.export() if row["document"] == "FG1"]
    assert row["quote"].strip() == "I rang 😬 the school: nobody."


def test_another_text_of_this_name_stays_a_text(bench: Bench, group: int) -> None:
    twice = (source(name="FG1", text=TEXT), source(name="FG1.txt", text=TEXT))
    report = bring(bench, project(source(name="FG1", text="Something else")))
    assert report.documents.new == ["FG1 (theirs)"]
    assert bring(bench, project(*twice)).documents.new == ["FG1.txt"]


def test_words_of_who_has_withdrawn_since_do_not_come_back(bench: Bench, group: int) -> None:
    with bench.database.write() as connection:
        gone = update(respondent).where(respondent.c.ref == "R1")
        connection.execute(gone.values(withdrawn_at="2024-05-01T09:00:00.000Z"))
    for text in (TEXT, TEXT.replace("rang", "called")):
        report = bring(bench, project(source(whole_line("one", "P2: Nobody"), name="FG1.txt",
                                             text=text)))  # fmt: skip
        assert report.documents.new == []
        assert "Texts of people who have withdrawn from the study (1)." in report.left_out
    assert names(bench) == ["FG1"]
    hidden = TEXT.replace("P1: I rang 😬 the school: nobody.", "Withdrawn: " + "·" * 28)
    hidden = hidden.removesuffix("P1: P1") + "Withdrawn: ··"
    report = bring(bench, project(source(name="FG1.txt", text=hidden)))
    assert (report.documents.new, report.documents.matched) == ([], 1)

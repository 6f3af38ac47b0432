"""One question's answers: listed, filtered, ordered, counted; who did not answer, and how."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as sql

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import Bench
from workbench.domain.codings import DocumentFilter
from workbench.domain.turns import Turn
from workbench.errors import InputError, NotFound
from workbench.services import study
from workbench.services.counting import progress
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.surveys import questions
from workbench.store.surveys import said

MAPPING = """
respondent_id: id
attributes: [{column: group}]
questions:
  - column: q1
    ref: q1
    text: "What happened?"
    not_asked_values: [n/a]
voice_notes: [{column: file, question: q1}]
"""
ROWS = """id,group,q1,file
R1,A,one two three,
R2,A,"one, two three four five six",
R3,B,,
R4,B,n/a,
R5,A,,voice.m4a
R6,B,only,voice2.m4a
R7,B,میں نے فون کیا 😀,
"""


@pytest.fixture
def asked(empty: Bench) -> Bench:
    empty.ingest(ROWS, MAPPING)
    empty.load()
    return empty


def place(bench: Bench) -> tuple:
    return bench.actor, bench.database, bench.study_id


def question(bench: Bench) -> int:
    return study.list_questions(*place(bench))[0].id


def listed(bench: Bench, *, options=None, **where) -> list[str]:
    wanted = DocumentFilter(question_id=question(bench), **where)
    page = questions.list_answers(*place(bench), wanted, **(options or {}))
    assert questions.count_answers(*place(bench), wanted) >= len(page.answers)
    return [item.label for item in page.answers]


def group(bench: Bench, *values: str) -> tuple:
    return ((study.list_attributes(*place(bench))[0].id, values),)


def test_answers_are_listed_with_length_and_whose_they_are(asked: Bench) -> None:
    page = questions.list_answers(*place(asked), DocumentFilter(question_id=question(asked)))
    assert [(item.label, item.n_words) for item in page.answers] == [
        ("R1", 3), ("R2", 6), ("R6", 1), ("R7", 5),
    ]  # fmt: skip
    assert page.answers[1].opening == "one, two three four five six"
    assert page.answers[1].attributes == {"group": "A"}
    assert page.answers[0].state == "untouched"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("respondent", ["R1", "R2", "R6", "R7"]),
        ("longest", ["R2", "R7", "R1", "R6"]),
        ("shortest", ["R6", "R1", "R7", "R2"]),
        ("newest", ["R7", "R6", "R2", "R1"]),
    ],
)
def test_answers_come_in_the_order_that_is_asked_for(asked: Bench, order, expected) -> None:
    assert listed(asked, options={"order": order}) == expected
    assert listed(asked, options={"order": order, "offset": 1, "limit": 2}) == expected[1:3]


def test_answers_are_filtered_by_group_words_code_and_reading(asked: Bench) -> None:
    assert listed(asked, groups=group(asked, "B")) == ["R6", "R7"]
    assert listed(asked, groups=group(asked, "A", "B"), search="two") == ["R1", "R2"]
    assert listed(asked, search="فون") == ["R7"]
    document = asked.document("R2")
    asked.code(document, "Waiting", "two")
    asked.done(document)
    assert listed(asked, code_id=asked.codes()["Access"].id) == ["R2"]
    assert listed(asked, code_id=asked.codes()["School"].id) == []
    assert listed(asked, state="done") == ["R2"]
    assert listed(asked, state="not_done", groups=group(asked, "A")) == ["R1"]
    page = questions.list_answers(*place(asked), DocumentFilter(question_id=question(asked)))
    (mark,) = page.marks[document]
    assert (mark.start, mark.end, mark.coder) == (5, 8, "Asha")


def test_what_others_coded_blind_is_found_by_nobody_else(asked: Bench) -> None:
    ben, document = asked.person("Ben"), asked.document("R2")
    asked.code(document, "Waiting", "two", actor=ben)
    with asked.database.write() as connection:
        connection.execute(
            sql("INSERT INTO assignment (document_id, coder_id, blind, created_at) "
                "VALUES (:document, :coder, true, 'now')"),
            [{"document": document, "coder": who.id} for who in (asked.actor, ben)],
        )  # fmt: skip
    assert listed(asked, code_id=asked.codes()["Access"].id) == []
    page = questions.list_answers(*place(asked), DocumentFilter(question_id=question(asked)))
    assert page.marks == {}


def test_everybody_is_counted_once_by_how_they_stand(asked: Bench) -> None:
    found = questions.answer_counts(*place(asked), question(asked))
    assert (found.given, found.awaiting, found.blank, found.not_asked) == (4, 1, 1, 1)
    assert (found.n_answers, found.shortest, found.median, found.longest) == (4, 1, 3, 6)
    assert found.by_length == (3, 1, 0, 0, 0, 0, 0)
    narrowed = questions.answer_counts(*place(asked), question(asked), group(asked, "B"))
    assert (narrowed.given, narrowed.awaiting, narrowed.blank, narrowed.not_asked) == (2, 0, 1, 1)
    assert narrowed.median == 1


def test_a_respondent_without_any_record_was_not_asked(asked: Bench) -> None:
    asked.ingest("id,q9\nR9,Hi\n", 'respondent_id: id\nquestions: [{column: q9, text: "New?"}]\n')
    found = questions.answer_counts(*place(asked), question(asked))
    assert (found.given, found.not_asked) == (4, 2)


def test_who_only_spoke_in_a_focus_group_is_counted_apart(asked: Bench) -> None:
    speech = SpeechFile("g.vtt", (Turn("A", "We waited."), Turn("B", "So did we.")), "voices")
    plans = [SpeakerPlan("A", ("A",), respondent="R4"), SpeakerPlan("B", ("B",), respondent="F1")]
    focus_groups.ingest_transcript(*place(asked), speech, plans, name="FG1")
    found = questions.answer_counts(*place(asked), question(asked))
    assert (found.not_asked, found.only_in_groups) == (1, 1), "R4 is in the survey, F1 is not"
    narrowed = questions.answer_counts(*place(asked), question(asked), group(asked, "B"))
    assert (narrowed.not_asked, narrowed.only_in_groups) == (1, 0)
    (standing,) = progress.of_study(*place(asked)).questions
    assert standing.absent.not_asked == 1, "nor is F1 among those on the overview"


def test_who_has_withdrawn_or_facilitates_is_not_counted(asked: Bench) -> None:
    with asked.database.write() as connection:
        connection.execute(sql("UPDATE respondent SET withdrawn_at = 'now' WHERE ref = 'R1'"))
        connection.execute(sql("UPDATE respondent SET kind = 'facilitator' WHERE ref = 'R3'"))
    found = questions.answer_counts(*place(asked), question(asked))
    assert (found.given, found.awaiting, found.blank, found.not_asked) == (3, 1, 0, 1)
    assert found.n_answers == 3
    assert listed(asked) == ["R2", "R6", "R7"]


def test_a_question_nobody_answered_has_no_lengths(empty: Bench) -> None:
    empty.ingest("id,group,q1,file\nR1,A,,\n", MAPPING)
    found = questions.answer_counts(*place(empty), question(empty))
    assert (found.n_answers, found.median, found.shortest, found.longest) == (0, None, None, None)
    assert found.blank == 1


def test_the_whole_of_a_long_answer_is_read_up_to_what_pages_show(empty: Bench) -> None:
    empty.ingest(f"id,group,q1,file\nR1,A,{'x' * 60_000},\n", MAPPING)
    document = empty.document("R1")
    assert len(questions.whole_text(*place(empty), document)) == questions.MOST
    with pytest.raises(NotFound):
        questions.whole_text(*place(empty), 9_999)
    page = questions.list_answers(*place(empty), DocumentFilter(question_id=question(empty)))
    assert len(page.answers[0].opening) == questions.CHARACTERS
    assert page.answers[0].n_characters == 60_000


def test_a_question_must_be_named(asked: Bench) -> None:
    with pytest.raises(InputError, match="no question of this study"):
        questions.list_answers(*place(asked), DocumentFilter())
    with pytest.raises(InputError, match="no question of this study"):
        questions.count_answers(*place(asked), DocumentFilter())
    other = study.create_study(asked.actor, asked.database, "Other")
    elsewhere = (asked.actor, asked.database, other.id)
    with pytest.raises(InputError, match="no question of this study"):
        questions.answer_counts(*elsewhere, question(asked))
    with pytest.raises(InputError, match="no question of this study"):
        questions.list_answers(*elsewhere, DocumentFilter(question_id=question(asked)))


def test_what_was_counted_is_known_to_be_old_once_something_is_done(asked: Bench) -> None:
    before = questions.as_of(*place(asked))
    assert questions.as_of(*place(asked)) == before
    asked.done(asked.document("R1"))
    assert questions.as_of(*place(asked)) > before


@given(st.lists(st.integers(1, 300), min_size=1, max_size=60))
def test_median_and_classes_are_those_of_the_lengths(lengths: list[int]) -> None:
    counted = {length: lengths.count(length) for length in sorted(set(lengths))}
    assert said._median(counted) == sorted(lengths)[(len(lengths) - 1) // 2]
    ends = [0, *said.LENGTHS, 10**9]
    expected = [sum(low < n <= high for n in lengths) for low, high in pairwise(ends)]
    assert list(said._by_class(counted)) == expected

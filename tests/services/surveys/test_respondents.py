"""Respondents: found, stepped through, and read with all that they said and did not say."""

from __future__ import annotations

import pytest
from sqlalchemy import text as sql

from tests.builders import MAPPING, SURVEY, Bench
from workbench.errors import CodingError, InputError, NotFound
from workbench.services import study
from workbench.services.memos import memos
from workbench.services.surveys import respondents
from workbench.services.surveys.respondents import OpenRespondent, RespondentFilter

SPOKEN = """
respondent_id: id
attributes: [{column: group}]
questions:
  - {column: q1, ref: q1, text: "What happened?", not_asked_values: [n/a]}
  - {column: q2, ref: q2, text: "What would help?"}
  - {column: q3, ref: q3, text: "Anything else?"}
voice_notes: [{column: file, question: q2}]
"""


def place(bench: Bench) -> tuple:
    return bench.actor, bench.database, bench.study_id


def key_of(bench: Bench, ref: str) -> int:
    (found,) = respondents.list_respondents(*place(bench), RespondentFilter(search=ref))
    return found.id


def opened(bench: Bench, ref: str, actor=None, **options) -> OpenRespondent:
    return respondents.open_respondent(
        actor or bench.actor, bench.database, bench.study_id, key_of(bench, ref), **options
    )


def group(bench: Bench, name: str, *values: str) -> tuple:
    attribute = next(item for item in study.list_attributes(*place(bench)) if item.name == name)
    return (attribute.id, values[0] if len(values) == 1 else values)


def refs(bench: Bench, **where) -> list[str]:
    return [item.ref for item in
            respondents.list_respondents(*place(bench), RespondentFilter(**where))]  # fmt: skip


def test_respondents_are_found_by_any_part_of_their_ref(bench: Bench) -> None:
    assert refs(bench) == ["R1", "R2", "R3", "R4"]
    assert refs(bench, search="r") == ["R1", "R2", "R3", "R4"]
    assert refs(bench, search=" 3 ") == ["R3"]
    assert refs(bench, search="%") == refs(bench, search="_") == []
    with pytest.raises(InputError, match="at most 500"):
        refs(bench, search="x" * 501)


def test_groups_narrow_the_list(bench: Bench) -> None:
    assert refs(bench, groups=(group(bench, "group", "Roma"),)) == ["R1", "R2"]
    assert refs(bench, groups=(group(bench, "group", "Roma", "Not stated"),)) == ["R1", "R2", "R4"]
    assert refs(bench, groups=(group(bench, "group", "Not stated"),)) == ["R4"]
    both = (group(bench, "group", "Roma"), group(bench, "age", "old"))
    assert refs(bench, groups=both) == ["R2"]
    assert refs(bench, groups=(group(bench, "needs", "sleep"),)) == ["R1", "R3"]


def test_a_page_of_the_list_knows_attributes_and_answers(bench: Bench) -> None:
    listed = respondents.list_respondents(*place(bench), RespondentFilter(), offset=1, limit=2)
    assert [(item.ref, item.n_answers) for item in listed] == [("R2", 1), ("R3", 2)]
    assert listed[0].attributes == {"group": "Roma", "age": "old", "needs": "money"}


def test_next_and_previous_stay_within_the_filter(bench: Bench) -> None:
    keys = {ref: key_of(bench, ref) for ref in ("R1", "R2", "R3", "R4")}
    old = RespondentFilter(groups=(group(bench, "age", "old"),))

    def step(ref: str, way: str, where: RespondentFilter | None = None) -> int | None:
        return respondents.neighbour(
            *place(bench), where or RespondentFilter(), keys[ref], step=way
        )

    assert step("R1", "next") == keys["R2"]
    assert step("R1", "next", old) == keys["R2"], "who does not fit the filter has neighbours too"
    assert (step("R4", "next"), step("R1", "previous")) == (None, None)
    assert step("R4", "previous", old) == keys["R3"]
    found = respondents.open_respondent(*place(bench), keys["R3"], old)
    assert (found.position, found.total) == (1, 2)


def test_everything_that_is_known_is_given_and_nothing_identifying(bench: Bench) -> None:
    found = opened(bench, "R1")
    assert found.attributes == (("Group", "Roma"), ("Age", "young"), ("Needs", "money; sleep"))
    assert "secret.example" not in repr(found)
    assert opened(bench, "R4").attributes[0] == ("Group", "")
    assert [name for name, _ in found.person.surveys] != []
    assert found.person.may_be_quoted is None


def test_what_was_not_said_is_kept_apart(empty: Bench) -> None:
    rows = "id,group,q1,q2,file,q3\nR1,A,n/a,,note.m4a,\nR2,A,Hello,typed,n2.m4a,x\n"
    empty.ingest(rows, SPOKEN)
    first, second = opened(empty, "R1"), opened(empty, "R2")
    assert [item.absent for item in first.questions] == [
        "not_asked",
        "awaiting_transcript",
        "blank",
    ]
    assert first.n_answers == 0
    assert [item.absent for item in second.questions] == [None, "awaiting_transcript", None]
    assert [len(item.answers) for item in second.questions] == [1, 1, 1]
    assert "m4a" not in repr(first), "a file's name may name a person"


def test_a_question_of_another_survey_counts_as_not_asked(bench: Bench) -> None:
    bench.ingest("id,q9\nR9,Hi\n", 'respondent_id: id\nquestions: [{column: q9, text: "New?"}]\n')
    assert opened(bench, "R9").questions[0].absent == "not_asked"


def test_answers_come_in_the_order_of_the_questions_cut_where_asked(bench: Bench) -> None:
    found = opened(bench, "R1", characters=10)
    assert [item.answers[0].opening for item in found.questions] == ["She listen", "More time"]
    assert found.questions[0].answers[0].n_characters == 34
    assert found.questions[0].answers[0].n_words == 7


def test_codings_of_the_chosen_layer_are_given(bench: Bench) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    bench.code(document, "Waiting", "she left")
    bench.code(document, "Phone", "listened", actor=ben)
    bench.code(document, "School")

    def coded(**options) -> list[tuple]:
        marks = opened(bench, "R1", **options).marks.get(document, [])
        names = {item.id: name for name, item in bench.codes().items()}
        return [(names[mark.code_id], mark.coder, mark.start) for mark in marks]

    everything = [("School", "Asha", None), ("Phone", "Ben", 4), ("Waiting", "Asha", 25)]
    assert coded() == everything
    assert coded(layer="Ben") == [("Phone", "Ben", 4)]
    assert coded(layer="consensus") == []
    bench.done(document, ben)
    assert coded(layer="consensus") == [("Phone", "Ben", 4)]


def blind(bench: Bench, document: int, *coders) -> None:
    with bench.database.write() as connection:
        connection.execute(
            sql("INSERT INTO assignment (document_id, coder_id, blind, created_at) "
                "VALUES (:document, :coder, true, 'now')"),
            [{"document": document, "coder": coder.id} for coder in coders],
        )  # fmt: skip


def test_blind_coding_hides_others_codings_and_memos(bench: Bench) -> None:
    ben, document = bench.person("Ben"), bench.document("R1")
    bench.code(document, "Phone", "listened", actor=ben)
    memos.write_on_document(ben, *place(bench)[1:], document, "Ben on the answer")
    memos.write_on_respondent(ben, *place(bench)[1:], key_of(bench, "R1"), "Ben on the person")
    memos.write_on_respondent(ben, *place(bench)[1:], key_of(bench, "R2"), "Ben on another")
    assert [item.text for item in opened(bench, "R1").memos] == [
        "Ben on the answer", "Ben on the person",
    ]  # fmt: skip
    blind(bench, document, bench.actor, ben)
    found = opened(bench, "R1")
    assert (found.marks, found.memos) == ({}, ())
    assert len(opened(bench, "R1", ben).memos) == 2
    assert [item.text for item in opened(bench, "R2").memos] == ["Ben on another"]
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert len(opened(bench, "R1").memos) == 2


def test_a_memo_is_written_changed_taken_away_and_undone(bench: Bench) -> None:
    key = key_of(bench, "R1")

    def written() -> list[tuple]:
        return [(item.text, item.author, item.target_kind) for item in opened(bench, "R1").memos]

    memos.write_on_respondent(*place(bench), key, "  first ")
    assert written() == [("first", "Asha", "respondent")]
    memos.write_on_respondent(*place(bench), key, "second")
    memos.write_on_respondent(*place(bench), key, "second")
    memos.write_on_respondent(*place(bench), key, "")
    assert written() == []
    assert memos.undo_memo(*place(bench)) == "the memo on R1"
    assert written() == [("second", "Asha", "respondent")]
    memos.undo_memo(*place(bench))
    assert written() == [("first", "Asha", "respondent")]
    memos.undo_memo(*place(bench))
    assert written() == []
    with pytest.raises(NotFound, match="nothing to undo"):
        memos.undo_memo(*place(bench))


def test_a_memo_that_is_too_long_or_on_nobody_is_refused(bench: Bench) -> None:
    with pytest.raises(CodingError, match="at most 20000 characters, not 20001"):
        memos.write_on_respondent(*place(bench), key_of(bench, "R1"), "x" * 20_001)
    with pytest.raises(NotFound, match="not in the study"):
        memos.write_on_respondent(*place(bench), 9_999, "x")
    other = study.create_study(bench.actor, bench.database, "Other")
    with pytest.raises(NotFound, match="not in the study"):
        memos.write_on_respondent(bench.actor, bench.database, other.id, key_of(bench, "R1"), "x")


def test_who_has_withdrawn_is_nowhere(bench: Bench) -> None:
    key = key_of(bench, "R2")
    with bench.database.write() as connection:
        connection.execute(sql("UPDATE respondent SET withdrawn_at = 'now' WHERE ref = 'R2'"))
    assert refs(bench) == ["R1", "R3", "R4"]
    with pytest.raises(NotFound, match="not in the study"):
        respondents.open_respondent(*place(bench), key)


def test_whether_they_may_be_quoted_is_told(bench: Bench) -> None:
    bench.ingest(SURVEY, MAPPING)
    with bench.database.write() as connection:
        connection.execute(sql("UPDATE respondent SET may_be_quoted = false WHERE ref = 'R2'"))
    assert opened(bench, "R2").person.may_be_quoted is False

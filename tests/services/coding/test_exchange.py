"""Codings in and out as a table."""

import csv
import io

import pytest

from tests.builders import Bench
from workbench.errors import InputError
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange

COLUMNS = ["respondent", "question", "start", "end", "quote", "code", "coder", "memo", "document"]


def bring(bench, *rows):
    """Import rows given as dictionaries; the first is row 2, as in a spreadsheet."""
    filled = [(n, {name: row.get(name, "") for name in COLUMNS}) for n, row in enumerate(rows, 2)]
    return exchange.import_codings(
        bench.actor, bench.database, bench.study_id, filled, source="codings.csv"
    )


def row(**cells):
    return {"respondent": "R1", "question": "q1", "code": "School", **cells}


def bring_file(bench, path):
    table = files.read_table(path, path.name)
    assert table.bad_rows == ()
    return exchange.import_codings(
        bench.actor, bench.database, bench.study_id, files.table_rows(table), source=path.name
    )


def other_study(bench, survey=None):
    """Make a second study with the same survey and codebook."""
    made = study.create_study(bench.actor, bench.database, "Other")
    other = Bench(bench.database, bench.actor, made.id, "Other")
    other.ingest(survey) if survey else other.ingest()
    other.load()
    return other


def plain(rows):
    return sorted(rows, key=str)


def test_a_quote_alone_an_offset_and_a_whole_answer(bench):
    report = bring(
        bench,
        row(quote="listened to me"),
        row(start="4", end="12", quote="listened", code="access/ waiting "),
        row(start="0", end="3", code="ACCESS / Phone"),
        row(respondent="R3", quote="تین بار"),
        row(respondent="R2", memo="all of it", coder="Ben"),
    )
    assert (report.codings_new, report.bad_rows, report.coders_new) == (5, [], ["Ben"])
    rows = bench.export()
    assert [(item["quote"], item["code"], item["coder"], item["memo"]) for item in rows] == [
        ("listened", "Access / Waiting", "Asha", ""),
        ("She", "Access / Phone", "Asha", ""),
        ("listened to me", "School", "Asha", ""),
        ("", "School", "Ben", "all of it"),
        ("تین بار", "School", "Asha", ""),
    ]


def test_importing_again_changes_nothing(bench, everything):
    rows = [row(quote="listened"), row(coder="Ben")]
    bring(bench, *rows)
    before = everything(bench.database)
    report = bring(bench, *rows)
    assert (report.codings_new, report.codings_unchanged) == (0, 2)
    assert everything(bench.database) == before


MISFITS = [
    (row(quote="She whispered"), "quote", "does not occur"),
    (row(quote="e"), "quote", "occurs 7 times"),
    (row(start="0", end="3", quote="He"), "quote", "expected 'He' at 0 to 3, found 'She'"),
    (row(start="0", end="900"), "start", "reaches outside the text of 34 characters"),
    (row(start="3", end="3"), "start", "covers nothing"),
    (row(start="x", end="3"), "start", "not both whole numbers"),
    (row(start="3"), "start", "not both whole numbers"),
    (row(start="-1", end="3"), "start", "not both whole numbers"),
    (row(start="1_0", end="12"), "start", "not both whole numbers"),
    (row(start="9" * 5000, end="12"), "start", "not both whole numbers"),
    (row(code="Schools"), "code", "there is no code 'Schools'"),
    (row(code=""), "code", "there is no code ''"),
    (row(code="Waiting"), "code", "there is no code 'Waiting'"),
    (row(respondent="R99"), "respondent", "no answer of 'R99' to 'q1'"),
    (row(question=""), "respondent", "no answer of 'R1' to ''"),
    (row(document="Group 1"), "document", "no document 'Group 1'"),
    (row(coder="x" * 201), None, "1 to 200 characters"),
]


def test_what_does_not_fit_is_listed_and_not_guessed(bench):
    report = bring(bench, *(misfit for misfit, _, _ in MISFITS), row(quote="She listened"))
    assert report.codings_new == 1
    for number, (_, column, message) in enumerate(MISFITS, 2):
        bad = report.bad_rows[number - 2]
        assert (bad.row, bad.column) == (number, column)
        assert message in bad.message
    assert len(report.bad_rows) == len(MISFITS)


def test_a_retired_code_is_listed(bench):
    codebook.retire_code(bench.actor, bench.database, bench.study_id, bench.codes()["School"].id)
    report = bring(bench, row())
    assert report.bad_rows[0].message == "the code School is retired."


def test_a_table_without_the_columns_is_refused(bench):
    rows = [(2, {"who": "R1", "quote": "She"})]
    with pytest.raises(InputError, match=r"codings.csv, row 1: no column code, respondent\."):
        exchange.import_codings(
            bench.actor, bench.database, bench.study_id, rows, source="codings.csv"
        )


SURVEY = (
    "id,group,age,needs,email,q1,q2\n"
    'a/b,Roma,young,,,"=1+1 is what they said, ""=1+1""",\'=odd\n'
    "-7,Roma,old,,,-7 out of ten,+44 20\n"
    '=HYPERLINK(1),Irish,old,,,"first\nsecond  line ",@home\n'
)


def test_hostile_studies_make_the_round_trip(empty, tmp_path):
    empty.ingest(SURVEY)
    empty.load()
    codebook.add_code(
        empty.actor, empty.database, empty.study_id, parent_id=None, name="=cmd()/calc"
    )
    for document in empty.documents():
        text = empty.open(document.id).document.text
        empty.code(document.id, "=cmd()/calc", text)
        empty.code(document.id, "School", text[-3:])
        guid = empty.code(document.id, "Schooling", None)
        target = {"document": document.id, "coding": guid}
        empty.send({"kind": "memo", **target, "text": "=1+1\n+2"})
    path = tmp_path / "codings.csv"
    rows = empty.export()
    files.write_codings(path, rows)
    raw = path.read_text(encoding="utf-8-sig")
    for record in csv.reader(io.StringIO(raw)):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in record)
    other = other_study(empty, SURVEY)
    codebook.add_code(
        other.actor, other.database, other.study_id, parent_id=None, name="=cmd()/calc"
    )
    report = bring_file(other, path)
    assert (report.codings_new, report.bad_rows) == (len(rows), [])
    assert plain(other.export()) == plain(rows)
    again = bring_file(other, path)
    assert (again.codings_new, again.codings_unchanged) == (0, len(rows))


def test_every_coder_makes_the_round_trip(bench, tmp_path):
    ben = bench.person("Ben")
    for actor in (bench.actor, ben):
        for document in bench.documents():
            bench.code(document.id, "Phone", None, actor=actor)
            bench.code(document.id, "Access", document.snippet[:4], actor=actor)
    path = tmp_path / "codings.csv"
    files.write_codings(path, bench.export())
    other = other_study(bench)
    assert bring_file(other, path).bad_rows == []
    assert plain(other.export()) == plain(bench.export())


SPOKEN = """
respondent_id: id
questions:
  - {column: q1, ref: q1}
voice_notes:
  - {column: note, question: q1}
"""


@pytest.fixture
def both(empty):
    """Make a person who answered one question in writing and by voice note."""
    from workbench.store.documents import documents
    from workbench.store.surveys import surveys

    empty.ingest("id,q1,note\nA/1,typed words,a.m4a\n", SPOKEN)
    empty.load()
    with empty.database.write() as connection:
        (person,) = (item.id for item in surveys.people_of(connection, empty.study_id)
                     if item.ref == "A/1")  # fmt: skip
        asked = study.studies.list_questions(connection, empty.study_id)[0].id
        documents.add_document(
            connection,
            study_id=empty.study_id,
            kind="voice_note",
            text="spoken words",
            why="transcript",
            actor_id=empty.actor.id,
            respondent_id=person,
            question_id=asked,
            answer_kind="spoken",
        )
        documents.add_document(
            connection,
            study_id=empty.study_id,
            kind="focus_group",
            text="all talk",
            why="import",
            actor_id=empty.actor.id,
            ref="Group/1",
        )
    return empty


def test_spoken_and_typed_answers_are_not_confused(both):
    cells = {"respondent": "A/1", "question": "q1", "code": "School"}
    report = bring(both, cells)
    (bad,) = report.bad_rows
    assert bad.column == "question"
    assert bad.message == (
        "'A/1' answered 'q1' in writing and by voice note. "
        "Name one in the column document: A/1/q1/typed, A/1/q1/spoken."
    )
    report = bring(
        both,
        {**cells, "quote": "spoken", "document": "A/1/q1/spoken"},
        {**cells, "quote": "typed", "document": "A/1/q1/typed"},
        {"quote": "talk", "document": "Group/1", "code": "School"},
    )
    assert (report.codings_new, report.bad_rows) == (3, [])
    rows = both.export()
    assert [item["document"] for item in rows] == ["A/1/q1/typed", "A/1/q1/spoken", "Group/1"]
    again = bring(both, *rows)
    assert (again.codings_unchanged, again.bad_rows) == (3, [])


def test_a_text_of_one_person_without_a_question_is_called_by_its_name(bench):
    """Texts of other programs belong to a case, and answer no question."""
    from workbench.store.documents import documents
    from workbench.store.surveys import surveys

    with bench.database.write() as connection:
        whose = {item.ref: item.id for item in surveys.people_of(connection, bench.study_id)}
        for ref, text in (("R1, interview", "I waited."), ("R1, diary", "I waited.")):
            documents.add_document(
                connection,
                study_id=bench.study_id,
                kind="note",
                text=text,
                why="import",
                actor_id=bench.actor.id,
                respondent_id=whose["R1"],
                ref=ref,
            )
    cells = {"code": "School", "quote": "waited"}
    bring(bench, {**cells, "document": "R1, interview"}, {**cells, "document": "R1, diary"})
    rows = bench.export()
    assert [(item["respondent"], item["document"]) for item in rows] == [
        ("R1", "R1, interview"),
        ("R1", "R1, diary"),
    ]
    again = bring(bench, *rows)
    assert (again.codings_unchanged, again.bad_rows) == (2, [])


def test_a_quote_across_lines_is_found_though_an_empty_line_is_lost(both):
    from workbench.store.documents import documents

    with both.database.write() as connection:
        documents.add_document(
            connection,
            study_id=both.study_id,
            kind="focus_group",
            text="Nobody phoned.\n\nSame here.",
            why="import",
            actor_id=both.actor.id,
            ref="Group 2",
        )
    report = bring(both, {"quote": "phoned. Same", "document": "Group 2", "code": "School"})
    assert report.bad_rows == []
    assert [item["quote"] for item in both.export()] == ["phoned.\n\nSame"]


def test_codings_to_be_placed_again_are_not_exported_as_certain(bench):
    from tests.builders import SURVEY as FIRST

    bench.code(bench.document("R1"), "School", "She listened")
    bench.code(bench.document("R2"), "School", "Nobody")
    bench.ingest(FIRST.replace("She listened to me. Then she left.", "Something else."))
    assert [item["quote"] for item in bench.export()] == ["Nobody"]
    assert exchange.count_left_out(bench.actor, bench.database, bench.study_id) == 1

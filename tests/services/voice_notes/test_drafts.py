"""Drafts: coded after a warning or not at all, in every way of coding."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builders import Bench, new_id
from workbench.domain.codings import DocumentFilter
from workbench.errors import DraftError, InputError, NotAllowed, NotFound
from workbench.services.coding import code, exchange, extract_files, extracts
from workbench.services.counting import figures
from workbench.services.counting.summarise import summarise
from workbench.services.trail import undo
from workbench.services.voice_notes import drafts
from workbench.store.trail import events
from workbench.store.voice_notes import transcripts


@pytest.fixture
def spoken(bench: Bench) -> tuple[Bench, int]:
    """Give a study in which one answer is a machine's draft."""
    document = bench.document("R1")
    stand(bench, document, "draft")
    return bench, document


def stand(bench: Bench, document_id: int, words) -> None:
    with bench.database.write() as connection:
        transcripts.set_standing(connection, document_id, words, bench.actor.id)


def place(bench: Bench, actor=None) -> tuple:
    return actor or bench.actor, bench.database, bench.study_id


def test_a_draft_is_refused_with_a_code_until_the_person_has_agreed(spoken):
    bench, document = spoken
    sent = bench.adding(document, "Waiting", "She listened")
    refused = bench.send(sent).rejected
    assert [item.code for item in refused] == ["draft"]
    assert refused[0].why.startswith("this is a machine draft: nobody has checked the words by ear")
    assert bench.export() == []
    outcome = bench.send({"kind": "accept_draft", "document": document}, {**sent, "id": new_id()})
    assert not outcome.rejected
    assert [row["quote"] for row in bench.export()] == ["She listened"]


def test_who_agrees_agrees_for_themselves_and_one_document(spoken):
    bench, document = spoken
    other, ben = bench.document("R2"), bench.person("Ben")
    stand(bench, other, "draft")
    assert drafts.accept(*place(bench), [document]) == 1
    assert drafts.accept(*place(bench), [document]) == 0
    assert drafts.standing(*place(bench), document).accepted
    for who, key in ((bench.actor, other), (ben, document)):
        assert drafts.standing(*place(bench, who), key).blocks
        with pytest.raises(DraftError):
            code.code_documents(*place(bench, who), [key], bench.codes()["Phone"].id)


def test_a_checked_transcript_and_a_typed_answer_are_coded_as_ever(spoken):
    bench, document = spoken
    assert not bench.send(bench.adding(bench.document("R2"), "Phone", "rang")).rejected
    stand(bench, document, "checked")
    assert not bench.send(bench.adding(document, "Waiting", "She listened")).rejected
    assert drafts.standing(*place(bench), document) == drafts.Standing("checked")
    assert drafts.standing(*place(bench), bench.document("R2")) == drafts.Standing()


def test_recoding_and_adjusting_a_draft_are_coding_too_and_taking_away_is_not(spoken):
    bench, document = spoken
    stand(bench, document, "checked")
    guid = bench.code(document, "Waiting", "She listened")
    opened = bench.open(document).document
    stand(bench, document, "draft")
    phone = bench.codes()["Phone"].guid
    outcome = bench.send(
        {"kind": "recode", "document": document, "coding": guid, "code": phone},
        {"kind": "adjust", "document": document, "coding": guid, "start": 0, "end": 3,
         "quote": opened.text[:3], "sha": opened.sha256},
        {"kind": "memo", "document": document, "coding": guid, "text": "unsure"},
        {"kind": "remove", "document": document, "coding": guid},
    )  # fmt: skip
    assert [item.code for item in outcome.rejected] == ["draft", "draft"]
    assert len(outcome.acked) == 2
    assert not bench.send({"kind": "undo"}).rejected
    assert [row["code"] for row in bench.export()] == ["Access / Waiting"]


def test_many_answers_at_once_are_coded_all_or_none(spoken):
    bench, document = spoken
    chosen = [document, bench.document("R2")]
    phone = bench.codes()["Phone"].id
    with pytest.raises(DraftError, match="this is a machine draft") as refused:
        code.code_documents(*place(bench), chosen, phone)
    assert refused.value.code == "draft"
    assert bench.export() == []
    assert code.code_documents(*place(bench), chosen, phone, accept_drafts=True) == 2
    undo.undo(*place(bench))
    assert bench.export() == []
    assert drafts.standing(*place(bench), document).accepted


def test_an_import_lists_rows_on_drafts_until_they_are_agreed_to(spoken):
    bench, _ = spoken
    rows = [
        (2, {"respondent": "R1", "question": "q1", "quote": "She listened", "code": "School"}),
        (3, {"respondent": "R2", "question": "q1", "quote": "rang", "code": "School"}),
    ]
    report = exchange.import_codings(*place(bench), rows)
    assert report.codings_new == 1
    assert [(bad.row, bad.message.split(":")[0]) for bad in report.bad_rows] == [
        (2, "this is a machine draft")
    ]
    report = exchange.import_codings(*place(bench), rows, accept_drafts=True)
    assert (report.codings_new, report.codings_unchanged, report.bad_rows) == (1, 1, [])


def test_a_study_may_forbid_drafts_and_then_nothing_helps(spoken):
    bench, document = spoken
    drafts.accept(*place(bench), [document])
    drafts.set_policy(*place(bench), "forbid")
    assert drafts.state(*place(bench)) == drafts.DraftState(1, "forbid")
    refused = bench.send(bench.adding(document, "Waiting", "She listened")).rejected
    assert [item.code for item in refused] == ["drafts_forbidden"]
    assert refused[0].why == (
        "this is a machine draft, and this study codes only what a person has checked. "
        "Check the words by ear first, or ask the study's owner to allow drafts."
    )
    rows = [(2, {"respondent": "R1", "question": "q1", "code": "School"})]
    report = exchange.import_codings(*place(bench), rows, accept_drafts=True)
    assert report.codings_new == 0
    assert "only what a person has checked" in report.bad_rows[0].message
    with pytest.raises(DraftError, match="only what a person has checked"):
        code.code_documents(
            *place(bench), [document], bench.codes()["Phone"].id, accept_drafts=True
        )
    drafts.set_policy(*place(bench), "warn")
    assert not bench.send(bench.adding(document, "Waiting", "She listened")).rejected


def test_only_the_owner_sets_it_and_the_trail_says_so(spoken):
    bench, _ = spoken
    with pytest.raises(NotAllowed, match="this needs an owner"):
        drafts.set_policy(*place(bench, bench.person("Ben")), "forbid")
    with pytest.raises(InputError, match="'never' is no setting for drafts"):
        drafts.set_policy(*place(bench), "never")  # type: ignore[arg-type]
    with bench.database.read() as connection:
        before = events.last_number(connection, bench.study_id)
    drafts.set_policy(*place(bench), "forbid")
    drafts.set_policy(*place(bench), "forbid")
    with bench.database.read() as connection:
        assert events.last_number(connection, bench.study_id) == before + 1


def test_a_document_of_another_study_cannot_be_agreed_to(spoken):
    bench, _ = spoken
    with pytest.raises(NotFound):
        drafts.accept(*place(bench), [999_999])


def test_drafts_of_who_has_withdrawn_are_not_counted(spoken):
    from sqlalchemy import update

    from workbench.store.tables import respondent

    bench, _ = spoken
    assert drafts.state(*place(bench)).n_drafts == 1
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
    assert drafts.state(*place(bench)).n_drafts == 0


def test_what_rests_on_drafts_is_counted_apart(spoken):
    bench, document = spoken
    drafts.accept(*place(bench), [document])
    bench.code(document, "Waiting", "She listened")
    bench.code(document, "Phone", "to me")
    bench.code(bench.document("R2"), "Waiting", "rang")
    table = summarise(*place(bench), by=["group"], with_totals=True)
    access = next(row for row in table.totals if row.theme == "Access")
    assert (access.respondents, access.mentions) == (2, 3)
    assert (access.draft_respondents, access.draft_mentions) == (1, 2)
    cells = {tuple(row.groups.values()): row for row in table.rows if row.theme == "Access"}
    assert sum(row.draft_respondents for row in cells.values()) == 1
    assert table.n_drafts == 1
    assert figures.on_drafts(access) == "On machine drafts alone: 1 respondent, 2 mentions."
    assert (
        "The study holds 1 machine draft that nobody has checked by ear; "
        "2 mentions rest on drafts, counted apart."
    ) in figures.warnings(table)


def test_who_says_it_elsewhere_too_does_not_rest_on_drafts_alone(spoken):
    bench, document = spoken
    other = next(
        item.id for item in bench.documents() if item.label == "R1" and item.id != document
    )
    drafts.accept(*place(bench), [document])
    bench.code(document, "Waiting", "She listened")
    bench.code(other, "Waiting", None)
    row = next(row for row in summarise(*place(bench)).rows if row.theme == "Access")
    assert (row.respondents, row.mentions) == (1, 2)
    assert (row.draft_respondents, row.draft_mentions) == (0, 1)


def test_a_filter_leaves_drafts_out_or_takes_nothing_else(spoken):
    bench, document = spoken
    drafts.accept(*place(bench), [document])
    bench.code(document, "Waiting", "She listened")
    bench.code(bench.document("R2"), "Waiting", "rang")
    found = {}
    for kind in (None, "checked", "drafts"):
        where = DocumentFilter(transcripts=kind)
        table = summarise(*place(bench), where=where)
        row = next(row for row in table.rows if row.theme == "Access")
        listed = extracts.find_extracts(
            *place(bench), extracts.make_filter(*place(bench), documents=where)
        )
        assert listed[1] == row.mentions == len(listed[0])
        found[kind] = (row.respondents, row.draft_respondents, table.n_drafts)
        assert {item.id for item in bench.documents(transcripts=kind)} == {
            item.id for item in bench.documents()
            if kind is None or (item.id == document) == (kind == "drafts")
        }  # fmt: skip
    assert found == {None: (2, 1, 1), "checked": (1, 0, 0), "drafts": (1, 1, 1)}


def test_every_export_says_that_words_are_a_draft(spoken):
    bench, document = spoken
    drafts.accept(*place(bench), [document])
    bench.code(document, "Waiting", "She listened")
    bench.code(bench.document("R2"), "Waiting", "rang")
    where = extracts.make_filter(*place(bench))
    rows = list(
        csv.DictReader(
            io.StringIO(
                extract_files.extracts_file(*place(bench), where, format="csv").decode("utf-8-sig")
            )
        )
    )
    assert {row["respondent"]: row["transcript"] for row in rows} == {
        "R1": "machine draft", "R2": "",
    }  # fmt: skip
    page = extract_files.extracts_file(*place(bench), where, format="html").decode()
    assert page.count("[machine draft]") == 1
    assert {row["respondent"]: row["transcript"] for row in bench.export()} == {
        "R1": "machine draft", "R2": "",
    }  # fmt: skip
    stand(bench, document, "checked")
    assert {row["transcript"] for row in bench.export()} == {"checked", ""}

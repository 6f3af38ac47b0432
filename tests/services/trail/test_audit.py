"""The trail as a list: what everybody did, in words, and nothing of what is coded blind."""

import re

import pytest
from sqlalchemy import insert, select, update

from tests.builders import SURVEY, new_id
from workbench.domain.trail import KINDS, EventFilter, in_words
from workbench.errors import InputError, NotFound
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import code as coding_service
from workbench.services.coding import exchange, star
from workbench.services.memos import memos
from workbench.services.trail import audit, undo
from workbench.store import tables
from workbench.store.trail import trail_sight


def listed(bench, actor=None, **where):
    arguments = (actor or bench.actor, bench.database, bench.study_id, EventFilter(**where))
    found = audit.list_events(*arguments)
    assert audit.count_events(*arguments) == len(found)
    return found


def told(bench, actor=None, **where):
    return [item.what for item in listed(bench, actor, **where)]


@pytest.fixture
def busy(bench):
    """Give a study in which two people have done several kinds of things."""
    ben, document = bench.person("Ben"), bench.document("R1")
    bench.code(document, "Phone", "She")
    bench.code(document, "School", "to me", actor=ben)
    bench.code(bench.document("R2"), "Phone", None, actor=ben)
    codebook.edit_code(ben, bench.database, bench.study_id, bench.codes()["Phone"].id,
                       {"definition": "d"})  # fmt: skip
    bench.done(document)
    undo.undo(bench.actor, bench.database, bench.study_id)
    return bench


def test_what_was_done_is_told_in_words_newest_first(busy):
    assert told(busy) == [
        "Took back: done on R1",
        "Marked as done: R1",
        "Changed a code: Phone",
        "Coded: Phone on R2",
        "Coded: School on R1",
        "Coded: Phone on R1",
        "Loaded a codebook: Small",
        "Imported a survey: survey.csv",
        "Made the study: Test",
    ]


def test_an_entry_says_who_when_where_and_whether_it_stands(busy):
    undone, done, edited, whole, *_ = listed(busy)
    assert (done.actor, done.document, done.undone, done.can_undo) == (
        "Asha",
        "R1, q1",
        True,
        False,
    )
    assert (undone.undone, undone.can_undo) == (False, False)
    assert (edited.actor, edited.codes, edited.document) == ("Ben", ("Phone",), "")
    assert not edited.can_undo
    assert (whole.document_id, whole.codes) == (busy.document("R2"), ("Phone",))
    assert whole.can_undo
    assert [item.number for item in listed(busy)] == [9, 8, 7, 6, 5, 4, 3, 2, 1]
    assert all(re.fullmatch(r"20\d\d-.*Z", item.at) for item in listed(busy))


def test_only_an_owner_is_offered_to_take_back_what_others_did(busy):
    ben = busy.person("Ben")
    offered = [item.what for item in listed(busy, ben) if item.can_undo]
    assert offered == ["Changed a code: Phone", "Coded: Phone on R2", "Coded: School on R1"]
    offered = [item.what for item in listed(busy) if item.can_undo]
    assert offered == ["Coded: Phone on R2", "Coded: School on R1", "Coded: Phone on R1",
                       "Loaded a codebook: Small"]  # fmt: skip


def test_filters(busy):
    ben = busy.person("Ben")
    assert {item.actor for item in listed(busy, person_id=ben.id)} == {"Ben"}
    assert told(busy, document_id=busy.document("R2")) == ["Coded: Phone on R2"]
    assert len(told(busy, document_id=busy.document("R1"))) == 4
    assert told(busy, code_id=busy.codes()["School"].id) == [
        "Coded: School on R1", "Loaded a codebook: Small",
    ]  # fmt: skip
    assert told(busy, verb="edit code") == ["Changed a code: Phone"]
    assert told(busy, kind="Reading") == ["Marked as done: R1"]
    assert told(busy, kind="Other") == ["Made the study: Test"]
    assert told(busy, search="PHONE on r2") == ["Coded: Phone on R2"]
    assert told(busy, search="100%_") == []
    assert "Marked as done: R1" not in told(busy, standing=True)
    assert len(told(busy, standing=True)) == 7


def test_days_are_those_of_the_operations(busy):
    with busy.database.write() as connection:
        for key, day in enumerate((3, 3, 3, 14, 14, 15, 16, 17, 18), 1):
            at = f"2022-02-{day:02d}T23:59:59.999Z" if key != 5 else "2022-02-14T00:00:00.000Z"
            connection.execute(
                update(tables.operation).where(tables.operation.c.id == lowest(busy) + key - 1)
                .values(created_at=at)
            )  # fmt: skip
    assert len(told(busy, begin="2022-02-14")) == 6
    assert told(busy, begin="2022-02-14", end="2022-02-14") == [
        "Coded: School on R1", "Coded: Phone on R1",
    ]  # fmt: skip
    assert len(told(busy, end="2022-02-13")) == 3
    assert told(busy, begin="2023-01-01") == []
    for day in ("20220214", "2022-W07-1", "9999-12-31", "0001-01-01"):
        with pytest.raises(InputError, match=f"'{day}' is not a day"):
            told(busy, begin=day)
    with pytest.raises(InputError, match=r"'14 Feb' is not a day\. Write it as year"):
        told(busy, begin="14 Feb")


def lowest(bench):
    with bench.database.read() as connection:
        return connection.execute(tables.operation.select().order_by("id")).first().id


def test_pages_follow_each_other(busy):
    arguments = (busy.actor, busy.database, busy.study_id, EventFilter())
    pages = [audit.list_events(*arguments, offset=at, limit=4) for at in (0, 4, 8)]
    assert [len(page) for page in pages] == [4, 4, 1]
    assert [item.uuid for page in pages for item in page] == [
        item.uuid for item in audit.list_events(*arguments)
    ]


def test_numbers_are_found_in_a_database_of_several_studies(busy):
    """Keys are shared by studies, numbers are not: what is guessed is wrong then."""
    other = study.create_study(busy.actor, busy.database, "Second")
    for name in ("A", "B"):
        codebook.add_code(busy.actor, busy.database, other.id, parent_id=None, name=name)
        codebook.add_code(busy.actor, busy.database, busy.study_id, parent_id=None, name=name)
    assert [item.number for item in listed(busy)] == list(range(11, 0, -1))
    there = audit.list_events(busy.actor, busy.database, other.id)
    assert [(item.number, item.label) for item in there] == [
        (3, "the code B"), (2, "the code A"), (1, "the study Second"),
    ]  # fmt: skip
    with busy.database.write() as connection:  # as after a clock was set back
        connection.execute(
            update(tables.event).where(tables.event.c.number == 2).values(created_at="2030")
        )
    assert [item.number for item in listed(busy)] == list(range(11, 0, -1))


def test_documents_are_found_by_their_refs(busy):
    arguments = (busy.actor, busy.database, busy.study_id)
    assert [label for _, label in audit.find_documents(*arguments, "r3")] == ["R3, q1", "R3, q2"]
    assert len(audit.find_documents(*arguments, "R")) == 7
    assert len(audit.find_documents(*arguments, "R", limit=2)) == 2
    assert audit.find_documents(*arguments, "%") == []


def test_verify(busy):
    arguments = (busy.actor, busy.database, busy.study_id)
    found = audit.verify(*arguments)
    assert (found.holds, found.checked, found.broken_at, found.reason) == (True, 9, None, "")
    assert re.fullmatch("[0-9a-f]{64}", found.head)
    with busy.database.write() as connection:
        connection.execute(
            update(tables.event).where(tables.event.c.number == 6).values(actor_id=busy.actor.id)
        )
    found = audit.verify(*arguments)
    assert found.as_dict() | {"head": ""} == {
        "holds": False, "checked": 5, "head": "", "broken_at": 6,
        "reason": "this event was changed after it was written",
    }  # fmt: skip
    with pytest.raises(NotFound):
        audit.verify(busy.actor, busy.database, 999)


def test_every_verb_of_a_kind_reads_like_a_sentence():
    for verbs in KINDS.values():
        for verb in verbs:
            said = in_words(verb, "")
            assert said[0].isupper(), verb
            assert said.isascii(), verb
    listed_once = [verb for verbs in KINDS.values() for verb in verbs]
    assert len(listed_once) == len(set(listed_once))


def test_labels_and_events_hold_no_words_of_participants(bench):
    """Whatever is done with a text, the trail keeps refs, names of codes and numbers."""
    arguments = (bench.actor, bench.database, bench.study_id)
    document = bench.document("R1")
    guid = bench.code(document, "Phone", "She listened to me")
    target = {"document": document, "coding": guid}
    sha = bench.open(document).document.sha256
    bench.send({"kind": "memo", **target, "text": "She listened, I think"})
    bench.send({"kind": "adjust", **target, "start": 0, "end": 12, "quote": "She listened",
                "sha": sha})  # fmt: skip
    bench.send({"kind": "recode", **target, "code": bench.codes()["School"].guid})
    bench.send({"kind": "document_memo", "document": document, "text": "Then she left indeed"})
    memos.write_on_document(*arguments, bench.document("R2"), "Nobody rang back 😀")
    star.set_star(*arguments, guid)
    rows = [(2, {"respondent": "R2", "question": "q1", "quote": "rang back", "code": "School"})]
    exchange.import_codings(*arguments, rows)
    bench.send({"kind": "remove", **target})
    bench.send({"kind": "undo"}, {"kind": "redo"})
    bench.ingest(SURVEY.replace("She listened", "Oh. She listened"))
    with bench.database.read() as connection:
        labels = connection.execute(tables.operation.select()).all()
        payloads = connection.execute(tables.event.select()).all()
    assert len(labels) > 12
    kept = "\n".join(
        [*(row.label for row in labels), *(row.payload for row in payloads)]
    ).casefold()
    for words in ("listened", "then she", "nobody rang", "rang back", "school was", "فون"):
        assert words not in kept


# ---------------------------------------------------------------- documents that are coded blind


@pytest.fixture
def blind(bench):
    """Give two people one document to code blindly; nobody has done anything there yet."""
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(bench.document("R2"), "Phone", None, actor=ben)
    bench.person("Cy")
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(tables.assignment).values(
                    document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )
    return bench, document, ben


def everything_on(bench, document, ben):
    """Do, as Ben, whatever leaves a trace of work on a document."""
    place = (ben, bench.database, bench.study_id)
    guid = bench.code(document, "School", "She", actor=ben)
    target = {"document": document, "coding": guid}
    bench.send({"kind": "memo", **target, "text": "why"}, actor=ben)
    bench.send({"kind": "recode", **target, "code": bench.codes()["Phone"].guid}, actor=ben)
    bench.send({"kind": "document_memo", "document": document, "text": "hm"}, actor=ben)
    star.set_star(*place, guid)
    coding_service.code_documents(
        *place, [document, bench.document("R4")], bench.codes()["School"].id
    )
    rows = [
        (2, {"respondent": "R1", "question": "q1", "quote": "left", "code": "School"}),
        (3, {"respondent": "R4", "question": "q1", "quote": "A", "code": "Access / Phone"}),
    ]
    exchange.import_codings(*place, rows, source="ben.csv")
    undo.undo(*place)
    undo.redo(*place)
    bench.send({"kind": "remove", **target}, actor=ben)


def seen_by(bench, who, document):
    """Write down all that the trail tells somebody, whichever way they ask."""
    codes = bench.codes()
    wheres = [{}, {"person_id": bench.person("Ben").id}, {"document_id": document},
              {"document_id": bench.document("R4")}, {"code_id": codes["School"].id},
              {"code_id": codes["Phone"].id}, {"search": "School"}, {"standing": True},
              *({"kind": kind} for kind in (*KINDS, "Other"))]  # fmt: skip
    arguments = (who, bench.database, bench.study_id)
    return [[str(item) for item in listed(bench, who, **where)] for where in wheres] + [
        str(audit.verify(*arguments)), str(audit.leaves_out(*arguments)),
    ]  # fmt: skip


def test_nobody_hears_of_what_another_does_on_a_document_that_is_coded_blind(blind):
    bench, document, ben = blind
    cy = bench.person("Cy")
    watchers = (bench.actor, cy)
    before = [seen_by(bench, who, document) for who in watchers]
    n_bens = len(listed(bench, ben))
    everything_on(bench, document, ben)
    assert [seen_by(bench, who, document) for who in watchers] == before
    assert len(listed(bench, ben)) == n_bens + 10
    assert len(before[0][0]) == 4
    found = audit.verify(bench.actor, bench.database, bench.study_id)
    assert (found.holds, found.checked, found.head) == (True, None, None)
    assert {item.number for item in listed(bench)} == {None}
    bench.done(document, ben)
    assert told(bench)[0] == "Marked as done: R1"


@pytest.mark.parametrize("many", [0, 20_000])
def test_what_is_counted_is_what_is_listed_however_many_documents_are_closed(
    blind, monkeypatch, many
):
    """Few closed documents are counted from their end, many from the other: alike."""
    bench, document, ben = blind
    monkeypatch.setattr(trail_sight, "MANY", many)
    everything_on(bench, document, ben)
    sent = {"kind": "new_code", "code": new_id(), "name": "Felt small", "parent": None}
    assert bench.send({**sent, "document": document}, actor=ben).acked
    for who in (bench.actor, ben, bench.person("Cy")):
        seen_by(bench, who, document)  # compares each list with its number
    assert len(listed(bench)) == 4


def test_all_is_told_once_the_document_opens(blind):
    bench, document, ben = blind
    everything_on(bench, document, ben)
    for actor in (ben, bench.actor):
        bench.done(document, actor)
    assert not audit.leaves_out(bench.actor, bench.database, bench.study_id)
    assert len(listed(bench)) == 4 + 11 + 1
    assert "Starred a quote" in told(bench, bench.person("Cy"))
    assert [item.number for item in listed(bench)] == list(range(16, 0, -1))
    assert audit.verify(bench.actor, bench.database, bench.study_id).checked == 16


def test_a_broken_chain_is_told_even_while_documents_are_coded_blind(blind):
    bench, *_ = blind
    with bench.database.write() as connection:
        connection.execute(
            update(tables.event).where(tables.event.c.number == 2).values(payload="{}")
        )
    found = audit.verify(bench.actor, bench.database, bench.study_id)
    assert (found.holds, found.broken_at, found.checked) == (False, 2, None)


def test_a_code_made_blindly_is_named_nowhere(blind):
    bench, document, ben = blind
    before = told(bench)
    sent = {"kind": "new_code", "code": new_id(), "name": "Felt small", "parent": None}
    assert bench.send({**sent, "document": document}, actor=ben).acked
    with bench.database.read() as connection:
        key = connection.execute(select(tables.code.c.id).where(
            tables.code.c.name == "Felt small")).scalar()  # fmt: skip
    place = (ben, bench.database, bench.study_id)
    codebook.edit_code(*place, key, {"definition": "d"})
    codebook.move_code(*place, key, parent_id=bench.codes()["School"].id)
    undo.undo(*place)
    assert told(bench) == before
    assert len([said for said in told(bench, ben) if "Felt small" in said]) == 4
    for actor in (ben, bench.actor):
        bench.done(document, actor)
    assert len([said for said in told(bench) if "Felt small" in said]) == 4


def test_a_study_of_its_own_is_told_apart(bench):
    other = study.create_study(bench.actor, bench.database, "Second")
    assert [item.label for item in audit.list_events(bench.actor, bench.database, other.id)] == [
        "the study Second"
    ]
    names = {item.name for item in audit.list_people(bench.actor, bench.database, other.id)}
    assert names == {"Asha"}

"""Taking back one particular thing: only while nothing later rests on it."""

import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from tests.builders import Bench, new_id
from workbench.domain.trail import EventFilter
from workbench.errors import ConflictError, NotAllowed, NotFound, WorkbenchError
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange
from workbench.services.opening import open_database
from workbench.services.trail import audit, history, undo
from workbench.store import tables
from workbench.store.engine import Connection
from workbench.store.trail.events import verify_chain
from workbench.store.trail.states import apply_states


def take_back(bench, entry, actor=None):
    return history.undo_operation(actor or bench.actor, bench.database, bench.study_id, entry.uuid)


def entries(bench, actor=None, **where):
    return audit.list_events(
        actor or bench.actor, bench.database, bench.study_id, EventFilter(**where), limit=1_000
    )


def newest(bench, actor=None, **where):
    return entries(bench, actor, **where)[0]


def edit(bench, name, words, actor=None):
    key = bench.codes()[name].id
    codebook.edit_code(
        actor or bench.actor, bench.database, bench.study_id, key, {"definition": words}
    )


def quotes(bench):
    return sorted((row["coder"], row["code"], row["quote"]) for row in bench.export())


def test_a_step_in_the_middle_is_taken_back_and_the_others_stay(bench):
    document = bench.document("R1")
    for quote in ("She", "listened", "to me"):
        bench.code(document, "School", quote)
    done = take_back(bench, entries(bench, verb="code")[1])
    assert done.label == "School on R1"
    assert [row[2] for row in quotes(bench)] == ["She", "to me"]
    assert entries(bench)[0].what == "Took back: School on R1"
    assert entries(bench, verb="code")[1].undone
    redone = undo.redo(bench.actor, bench.database, bench.study_id)
    assert redone.uuid == done.uuid
    assert len(quotes(bench)) == 3


def test_undo_goes_on_with_what_still_stands(bench):
    document = bench.document("R1")
    for quote in ("She", "listened", "to me"):
        bench.code(document, "School", quote)
    arguments = (bench.actor, bench.database, bench.study_id)
    take_back(bench, entries(bench, verb="code")[0])
    undo.undo(*arguments)
    assert [row[2] for row in quotes(bench)] == ["She"]
    undo.redo(*arguments)
    assert [row[2] for row in quotes(bench)] == ["She", "listened"]
    undo.redo(*arguments)
    assert len(quotes(bench)) == 3
    with pytest.raises(NotFound, match="nothing to do again"):
        undo.redo(*arguments)


def test_it_is_refused_while_something_later_rests_on_it(bench):
    document = bench.document("R1")
    guid = bench.code(document, "School", "She")
    bench.send({"kind": "recode", "document": document, "coding": guid,
                "code": bench.codes()["Phone"].guid})  # fmt: skip
    coded = newest(bench, verb="code")
    with pytest.raises(ConflictError) as caught:
        take_back(bench, coded)
    assert str(caught.value) == (
        "Coded: School on R1: it stays, since you have changed the same thing later "
        "(Recoded: recoding School to Phone on R1). Take that back first."
    )
    take_back(bench, newest(bench, verb="recode"))
    take_back(bench, coded)
    assert quotes(bench) == []


def test_it_is_refused_whoever_changed_it_and_not_once_that_was_taken_back(bench):
    ben = bench.person("Ben")
    edit(bench, "Phone", "mine")
    edit(bench, "Phone", "yours", ben)
    first = newest(bench, person_id=bench.actor.id)
    with pytest.raises(ConflictError, match=r"Ben has changed the same thing later \(Changed a"):
        take_back(bench, first)
    assert bench.codes()["Phone"].definition == "yours"
    undo.undo(ben, bench.database, bench.study_id)
    take_back(bench, first)
    assert bench.codes()["Phone"].definition == ""
    with pytest.raises(ConflictError, match="Asha has changed it since"):
        undo.redo(ben, bench.database, bench.study_id)
    undo.redo(bench.actor, bench.database, bench.study_id)
    assert bench.codes()["Phone"].definition == "mine"


def test_a_memo_does_not_hold_the_coding_below_it_nor_the_other_way_round(bench):
    document = bench.document("R1")
    guid = bench.code(document, "School", "She")
    bench.send({"kind": "memo", "document": document, "coding": guid, "text": "why"})
    memo = newest(bench, verb="memo")
    with pytest.raises(ConflictError, match="Wrote a memo"):
        take_back(bench, newest(bench, verb="code"))
    bench.send({"kind": "adjust", "document": document, "coding": guid, "start": 0, "end": 12,
                "quote": "She listened", "sha": bench.open(document).document.sha256})  # fmt: skip
    take_back(bench, memo)
    (item,) = bench.open(document).codings
    assert (item.memo, item.end) == ("", 12)


def test_nothing_is_coded_twice_by_taking_a_removal_back(bench):
    document = bench.document("R1")
    guid = bench.code(document, "School", "She")
    bench.send({"kind": "remove", "document": document, "coding": guid})
    bench.code(document, "School", "She")
    with pytest.raises(ConflictError, match="the same words are coded School"):
        take_back(bench, newest(bench, verb="remove"))
    assert len(quotes(bench)) == 1


def test_only_the_maker_and_on_documents_an_owner_may(bench):
    ben, cy = bench.person("Ben"), bench.person("Cy")
    document = bench.document("R1")
    bench.code(document, "School", "She", actor=ben)
    coded = newest(bench)
    with pytest.raises(NotAllowed, match="only who did it may take it back"):
        take_back(bench, coded, cy)
    edit(bench, "Phone", "yours", ben)
    with pytest.raises(NotAllowed, match="on a single document an owner"):
        take_back(bench, newest(bench))
    take_back(bench, coded)
    assert quotes(bench) == []
    assert bench.codes()["Phone"].definition == "yours"


def test_what_an_owner_took_back_is_the_owners_to_do_again(bench):
    ben = bench.person("Ben")
    bench.code(bench.document("R1"), "School", "She", actor=ben)
    take_back(bench, newest(bench))
    with pytest.raises(NotFound, match="nothing to do again"):
        undo.redo(ben, bench.database, bench.study_id)
    with pytest.raises(NotFound, match="nothing to undo"):
        undo.undo(ben, bench.database, bench.study_id)
    assert undo.next_label(bench.actor, bench.database, bench.study_id) == "School on R1"
    undo.redo(bench.actor, bench.database, bench.study_id)
    assert quotes(bench) == [("Ben", "School", "She")]
    assert undo.undo(ben, bench.database, bench.study_id).label == "School on R1"


def test_reading_states_are_each_persons_own(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    bench.done(document)
    bench.done(document, ben)
    take_back(bench, newest(bench, person_id=bench.actor.id))
    assert bench.open(document).document.state == "untouched"
    assert bench.open(document, ben).document.state == "done"
    bench.done(document)
    bench.done(document, done=False)
    with pytest.raises(ConflictError, match="Marked as not done"):
        take_back(bench, newest(bench, person_id=bench.actor.id, verb="done"))


def test_what_cannot_be_taken_back_says_so(bench):
    with pytest.raises(NotFound, match=r"Imported a survey: .* this cannot be taken back here"):
        take_back(bench, newest(bench, verb="ingest survey"))
    with pytest.raises(NotFound, match="there is no such step"):
        history.undo_operation(bench.actor, bench.database, bench.study_id, new_id())
    bench.code(bench.document("R1"), "School", "She")
    coded = newest(bench)
    take_back(bench, coded)
    with pytest.raises(ConflictError, match="it is taken back already"):
        take_back(bench, coded)
    with pytest.raises(ConflictError, match="taken back by redo and undo"):
        take_back(bench, newest(bench))
    other = study.create_study(bench.actor, bench.database, "Second")
    with pytest.raises(NotFound, match="there is no such step"):
        history.undo_operation(bench.actor, bench.database, other.id, coded.uuid)


def test_an_owner_takes_nothing_back_that_is_coded_blind(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    with bench.database.write() as connection:
        connection.execute(
            insert(tables.assignment).values(
                document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
            )
        )
    bench.code(document, "School", "She", actor=ben)
    bens = newest(bench, ben)
    with pytest.raises(NotFound, match="there is no such step"):
        take_back(bench, bens)
    take_back(bench, bens, ben)
    assert bench.export(ben) == []


def test_an_import_of_codings_is_kept_while_one_of_them_was_changed(bench):
    rows = [
        (2, {"respondent": "R1", "question": "q1", "quote": "listened", "code": "School"}),
        (3, {"respondent": "R2", "question": "q1", "quote": "", "code": "Access / Phone"}),
    ]
    exchange.import_codings(bench.actor, bench.database, bench.study_id, rows)
    document = bench.document("R1")
    guid = bench.open(document).codings[0].guid
    bench.send({"kind": "remove", "document": document, "coding": guid})
    with pytest.raises(ConflictError, match="you have changed it since"):
        undo.undo(bench.actor, bench.database, bench.study_id, undo.CODINGS_IMPORT)
    assert len(quotes(bench)) == 1


# ---------------------------------------------------------------- at random, by two people


def snapshot(connection: Connection, study_id):
    """Read what stands: codings with their words, the codebook, memos, what is done."""
    coding, anchor, code, memo = tables.coding.c, tables.anchor.c, tables.code.c, tables.memo.c
    state = tables.document_state.c
    queries = {
        "codings": select(coding.id, coding.code_id, coding.coder_id, anchor.start, anchor.end)
        .join(tables.anchor, anchor.coding_id == coding.id)
        .where(coding.deleted_at.is_(None)),
        "codes": select(code.id, code.name, code.parent_id, code.definition, code.position,
                        code.status)
        .where(code.deleted_at.is_(None), code.study_id == study_id),
        "memos": select(memo.id, memo.text).where(memo.deleted_at.is_(None)),
        "done": select(state.document_id, state.coder_id).where(state.state == "done"),
    }  # fmt: skip
    return {
        name: sorted(map(tuple, connection.execute(query)), key=repr)
        for name, query in queries.items()
    }


def assert_replay_gives_the_same(bench):
    """Taking back all that stands leads to an empty study, doing it again leads here."""
    operation = tables.operation
    with suppress(TakeBack), bench.database.write() as connection:
        here = snapshot(connection, bench.study_id)
        standing = connection.execute(
            operation.select()
            .where(
                operation.c.study_id == bench.study_id,
                operation.c.undoes.is_(None),
                operation.c.undone_by.is_(None),
                operation.c.inverse.isnot(None),
            )
            .order_by(operation.c.id)
        ).all()
        for row in reversed(standing):
            apply_states(connection, row.inverse)
        assert not any(snapshot(connection, bench.study_id).values())
        for row in standing:
            apply_states(connection, row.forward)
        assert snapshot(connection, bench.study_id) == here
        assert verify_chain(connection, bench.study_id) is None
        raise TakeBack


class TakeBack(Exception):
    pass


def act(bench, dice, actor):
    """Do one thing at random on few things, so that people get in each other's way."""
    document = dice.choice([bench.document("R1"), bench.document("R2")])
    opened = bench.open(document, actor)
    codes = [item for item in bench.codes().values() if item.status == "active"]
    own = [item for item in opened.codings if item.coder_id == actor.id]
    kind = dice.choice(["add", "add", "remove", "recode", "adjust", "memo", "document_memo",
                        "done", "new_code", "edit", "edit", "move", "retire"])  # fmt: skip
    if not codes:
        retired = codebook.list_codes(actor, bench.database, bench.study_id, with_retired=True)
        if retired:
            codebook.retire_code(
                actor, bench.database, bench.study_id, retired[0].id, retired=False
            )
        return
    chosen, text = dice.choice(codes), opened.document.text
    sent = {"kind": kind, "document": document, "code": chosen.guid, "coding": new_id(),
            "text": f"thought {dice.random()}",
            "done": opened.document.state != "done"}  # fmt: skip
    end = dice.choice([3, 9])
    span = {"start": 0, "end": end, "quote": text[:end], "sha": opened.document.sha256}
    place = (actor, bench.database, bench.study_id)
    if kind in ("remove", "recode", "adjust", "memo"):
        if not own:
            return
        sent |= {"coding": dice.choice(own).guid}
    if kind in ("add", "adjust"):
        sent |= span
    if kind == "new_code":
        sent |= {"code": new_id(), "name": f"Code {dice.random()}", "parent": None}
    if kind == "edit":
        codebook.edit_code(*place, chosen.id, {"definition": f"as of {dice.random()}"})
    elif kind == "move":
        codebook.move_code(*place, chosen.id, parent_id=None, position=dice.choice([None, 0]))
    elif kind == "retire":
        codebook.retire_code(*place, chosen.id, retired=True)
    else:
        bench.send(sent, actor=actor)


def wander(bench, dice, n):
    """Do, take back and do again at random; give how often each went well."""
    people = [bench.actor, bench.person("Ben")]
    went = {"act": 0, "undo": 0, "redo": 0, "particular": 0}
    for _ in range(n):
        actor, step = dice.choice(people), dice.choice(["act", "act", "undo", "redo", "particular"])
        place = (actor, bench.database, bench.study_id)
        try:
            if step == "act":
                act(bench, dice, actor)
            elif step == "particular":
                known = [item for item in entries(bench, actor) if item.can_undo]
                if not known:
                    continue
                take_back(bench, dice.choice(known), actor)
            else:
                {"undo": undo.undo, "redo": undo.redo}[step](*place)
        except WorkbenchError:
            continue
        went[step] += 1
    assert_replay_gives_the_same(bench)
    return went


@settings(max_examples=15, deadline=None, database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(seed=st.integers(0, 100_000))
def test_whatever_two_people_do_and_take_back_what_stands_is_what_they_did(seed, sqlite_template):
    import shutil
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.sqlite3"
        shutil.copyfile(sqlite_template, path)
        database = open_database(f"sqlite:///{path}")
        actor = study.sign_in(database, "Asha")
        bench = Bench(database, actor, study.create_study(actor, database, "Test").id)
        bench.ingest()
        bench.load()
        wander(bench, random.Random(seed), 50)
        database.close()


def test_what_two_people_do_at_random_stands_on_both_databases(bench):
    went = wander(bench, random.Random(5), 60)
    assert min(went.values()) >= 3, went

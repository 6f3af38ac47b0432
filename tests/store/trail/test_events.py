"""The trail: a chain in which nothing can be changed or left out unnoticed."""

import json
import multiprocessing
import threading
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import delete, select, update

from tests.builders import Bench
from workbench.services import study
from workbench.services.coding import code
from workbench.services.opening import open_database
from workbench.store.tables import (
    coding,
    coding_respondent,
    event,
    event_head,
    operation,
    operation_target,
)
from workbench.store.trail import events
from workbench.store.trail.digests import canonical
from workbench.store.trail.events import NOTHING, event_hash, verify_chain, walk_chain


def verify(bench):
    with bench.database.read() as connection:
        return verify_chain(connection, bench.study_id)


def numbers(bench):
    with bench.database.read() as connection:
        rows = connection.execute(
            select(event.c.number).where(event.c.study_id == bench.study_id).order_by(event.c.id)
        )
        return [row.number for row in rows]


@pytest.fixture
def chain(bench):
    document = bench.document("R1")
    for _ in range(3):
        bench.code(document, "Waiting", "She")
        bench.send({"kind": "undo"})
    assert len(numbers(bench)) == 9
    return bench


def test_a_chain_that_nobody_touched_holds(chain):
    assert verify(chain) is None


def test_one_event_for_each_operation(chain):
    with chain.database.read() as connection:
        operations = connection.execute(select(operation.c.uuid).order_by(operation.c.id)).all()
        events = connection.execute(select(event.c.operation_uuid).order_by(event.c.id)).all()
    assert operations == events


TAMPERED = {
    "operation_uuid": "00000000-0000-0000-0000-000000000000",
    "verb": "nothing",
    "payload": "{}",
    "created_at": "2020-01-01T00:00:00.000Z",
    "previous_hash": "f" * 64,
    "hash": "e" * 64,
}


class TakeBack(Exception):
    pass


@contextmanager
def tampered(chain, change):
    """Give what the walk finds after a change, and take the change back."""
    found = []
    with suppress(TakeBack), chain.database.write() as connection:
        connection.execute(change)
        found.append(verify_chain(connection, chain.study_id))
        raise TakeBack
    yield found[0]


def test_a_changed_field_is_found_at_its_event(chain):
    values = {**TAMPERED, "actor_id": chain.person("Mallory").id}
    for number in (1, 5, 9):
        for field, value in values.items():
            change = update(event).where(event.c.number == number).values({field: value})
            with tampered(chain, change) as found:
                assert found is not None, (number, field)
                assert found.number == number, field
                assert found.reason == "this event was changed after it was written"
    assert verify(chain) is None


def test_a_missing_event_is_found(chain):
    for number in (1, 5, 9):
        with tampered(chain, delete(event).where(event.c.number == number)) as found:
            assert found.number == number
            assert "missing" in found.reason


def test_a_renumbered_event_is_found(chain):
    with tampered(chain, update(event).where(event.c.number == 4).values(number=40)) as found:
        assert found.number == 4


def test_a_moved_head_is_found(chain):
    with tampered(chain, update(event_head).values(number=8)) as found:
        assert (found.number, "leaves events out" in found.reason) == (9, True)
    with tampered(chain, update(event_head).values(number=12)) as found:
        assert (found.number, found.reason) == (10, "the last events are missing")
    with tampered(chain, update(event_head).values(hash="d" * 64)) as found:
        assert (found.number, "another hash" in found.reason) == (9, True)
    with tampered(chain, delete(event_head)) as found:
        assert (found.number, "leaves events out" in found.reason) == (9, True)


def test_two_events_that_changed_places_are_found(chain):
    with suppress(TakeBack), chain.database.write() as connection:
        for old, new in ((4, 40), (6, 4), (40, 6)):
            connection.execute(update(event).where(event.c.number == old).values(number=new))
        assert verify_chain(connection, chain.study_id).number == 4
        raise TakeBack
    assert verify(chain) is None


def test_a_chain_without_any_event_is_found(chain):
    with tampered(chain, delete(event)) as found:
        assert (found.number, found.reason) == (1, "the last events are missing")


def test_a_chain_that_was_written_anew_differs_from_a_noted_hash(chain):
    """Who can write to the database can make a chain that holds: not one with the same hashes."""
    with chain.database.read() as connection:
        noted = {7: walk_chain(connection, chain.study_id).head, 9: "x"}
        rows = connection.execute(select(event.c.number, event.c.hash))
        held = {row.number: row.hash for row in rows}
    with suppress(TakeBack), chain.database.write() as connection:
        assert walk_chain(connection, chain.study_id, noted=held).broken is None
        forge(connection, 5)
        assert verify_chain(connection, chain.study_id) is None
        broken = walk_chain(connection, chain.study_id, noted={4: held[4], 7: held[7]}).broken
        assert (broken.number, "noted" in broken.reason) == (7, True)
        raise TakeBack
    with chain.database.read() as connection:
        assert walk_chain(connection, chain.study_id, noted=noted).broken.number == 7
        beyond = walk_chain(connection, chain.study_id, noted={12: "x"}).broken
        assert (beyond.number, beyond.reason) == (10, "the last events are missing")


def forge(connection, number):
    """Change the time of an event and of its operation, and write the whole chain anew."""
    previous = NOTHING
    for row in connection.execute(select(event).order_by(event.c.number)).all():
        at = "2020-01-01T00:00:00.000Z" if row.number == number else row.created_at
        fields = (row.number, row.operation_uuid, row.actor_id, row.verb, row.payload, at)
        digest = event_hash(previous, *fields)
        connection.execute(
            update(event).where(event.c.id == row.id)
            .values(created_at=at, previous_hash=previous, hash=digest)
        )  # fmt: skip
        done = operation.c.uuid == row.operation_uuid
        connection.execute(update(operation).where(done).values(created_at=at))
        previous = digest
    connection.execute(update(event_head).values(hash=previous))


def test_an_operation_that_was_changed_or_lost_is_found_at_its_event(chain):
    mallory = chain.person("Mallory").id
    for change in ({"verb": "remove"}, {"actor_id": mallory}):
        with tampered(
            chain, update(operation).where(operation.c.verb == "undo").values(change)
        ) as found:
            assert (found.number, "operation" in found.reason) == (5, True)
    last = select(operation.c.id).order_by(operation.c.id.desc()).limit(1)
    with suppress(TakeBack), chain.database.write() as connection:
        key = connection.execute(last).scalar()
        for column in (operation.c.undoes, operation.c.undone_by):
            connection.execute(update(operation).values({column: None}))
        connection.execute(delete(operation_target).where(operation_target.c.operation_id == key))
        connection.execute(delete(operation).where(operation.c.id == key))
        broken = verify_chain(connection, chain.study_id)
        assert broken.number == 9
        assert broken.reason == "the operation that this event tells of is missing"
        raise TakeBack


def test_another_label_or_time_of_an_operation_is_found_at_its_event(chain):
    late = "2030-01-01T00:00:00.000Z"
    for change, why, verb in (
        ({"label": "Phone on R2"}, "words", "were"), ({"created_at": late}, "time", "was")
    ):  # fmt: skip
        with tampered(
            chain, update(operation).where(operation.c.verb == "undo").values(change)
        ) as found:
            assert (found.number, found.reason) == (
                5, f"the {why} of what this event tells of {verb} changed"
            )  # fmt: skip
    assert verify(chain) is None


def test_events_from_before_they_knew_of_labels_hold_still(chain):
    """As a study was written by an earlier version: its chain is verified as it was then."""
    with suppress(TakeBack), chain.database.write() as connection:
        previous = NOTHING
        for row in connection.execute(select(event).order_by(event.c.number)).all():
            told = json.loads(row.payload)
            del told["label"]
            body = canonical(told)
            fields = (row.number, row.operation_uuid, row.actor_id, row.verb, body, row.created_at)
            digest = event_hash(previous, *fields)
            connection.execute(
                update(event).where(event.c.id == row.id)
                .values(payload=body, previous_hash=previous, hash=digest)
            )  # fmt: skip
            previous = digest
        connection.execute(update(event_head).values(hash=previous))
        connection.execute(update(operation).values(label="another"))
        assert verify_chain(connection, chain.study_id) is None
        raise TakeBack


def test_a_long_chain_is_walked_in_parts(chain, monkeypatch):
    monkeypatch.setattr(events, "PART", 4)
    told = []
    with chain.database.read() as connection:
        monkeypatch.setattr(events, "_PART", events._PART.limit(4))
        walk = walk_chain(connection, chain.study_id, progress=lambda *n: told.append(n))
    assert (walk.checked, walk.broken) == (9, None)
    assert told == [(4, 9), (8, 9), (9, 9)]


def test_events_hold_no_words_of_anybody(chain):
    document = chain.document("R1")
    chain.code(document, "Waiting", "She listened to me.")
    chain.send({"kind": "document_memo", "document": document, "text": "a private thought"})
    with chain.database.read() as connection:
        payloads = "\n".join(connection.execute(select(event.c.payload)).scalars())
    for words in ("listened", "private", "Waiting", "R1", "secret.example", "Roma"):
        assert words not in payloads


def work(url, study_id, name, documents, n):
    """Code `n` documents as somebody, on a connection of their own."""
    database = open_database(url)
    actor = study.sign_in(database, name)
    worker = Bench(database, actor, study_id)
    for document in documents[:n]:
        worker.code(document, "Waiting")
    database.close()


def assert_nothing_was_lost(bench, n_expected):
    with bench.database.read() as connection:
        codings = connection.execute(select(coding.c.id)).all()
        covered = connection.execute(select(coding_respondent.c.coding_id)).all()
        operations = connection.execute(
            select(operation.c.id).where(operation.c.verb == "code")
        ).all()
    assert len(codings) == len(covered) == len(operations) == n_expected
    assert verify(bench) is None
    assert numbers(bench) == list(range(1, len(numbers(bench)) + 1))


def test_many_writers_lose_nothing(bench):
    n_writers = 8 if bench.database.is_sqlite else 20
    url = bench.database.engine.url.render_as_string(hide_password=False)
    documents = [item.id for item in bench.documents()]
    failures = []

    def run(name):
        try:
            work(url, bench.study_id, name, documents, 4)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=run, args=(f"Writer {n}",)) for n in range(n_writers)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert_nothing_was_lost(bench, 4 * n_writers)


def test_two_programs_write_to_one_database(bench):
    url = bench.database.engine.url.render_as_string(hide_password=False)
    documents = [item.id for item in bench.documents()]
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=work, args=(url, bench.study_id, f"Program {n}", documents, 6))
        for n in range(2)
    ]
    [process.start() for process in processes]
    [process.join(60) for process in processes]
    assert [process.exitcode for process in processes] == [0, 0]
    assert_nothing_was_lost(bench, 12)


def test_one_person_in_many_tabs_loses_nothing(bench):
    """The same person signs in, joins and codes the same words from ten places at once."""
    url = bench.database.engine.url.render_as_string(hide_password=False)
    document = bench.document("R1")
    sent = [bench.adding(document, "Waiting", "She listened") for _ in range(10)]
    outcomes, failures = [], []

    def run(operation):
        try:
            database = open_database(url)
            actor = study.sign_in(database, "Nobody yet")
            outcomes.append(code.apply_operations(actor, database, bench.study_id, [operation]))
            database.close()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=run, args=(operation,)) for operation in sent]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []
    assert sorted(len(outcome.acked) for outcome in outcomes) == [0] * 9 + [1]
    refused = [refusal.why for outcome in outcomes for refusal in outcome.rejected]
    assert set(refused) == {"you have coded exactly these words Waiting already."}
    assert_nothing_was_lost(bench, 1)

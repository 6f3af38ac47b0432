"""Many people code at once: whatever was acknowledged is there, and the chain of events holds."""

from __future__ import annotations

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from tests.builders import Bench, new_id
from workbench.domain.codings import Actor
from workbench.services.coding import code
from workbench.services.opening import open_database
from workbench.store import tables
from workbench.store.trail import events

EACH = 25
"""Operations of each writer."""

QUOTES = {
    "R1": ("She listened", "listened to me", "to me. Then", "Then she left", "she"),
    "R2": ("Nobody rang", "rang back", "back 😀", "at all", "Nobody"),
    "R3": ("میں نے", "نے تین", "تین بار", "بار فون", "فون کیا"),
}


def burst(bench: Bench, number: int) -> list[dict]:
    """Make a writer's operations: codings on overlapping words of three answers, some removed."""
    chance, made, found = random.Random(number), [], []
    codes = [item.guid for item in bench.codes().values()]
    opened = [(bench.open(bench.document(ref)).document, quotes) for ref, quotes in QUOTES.items()]
    spots = [(document, quote, guid) for document, quotes in opened for quote in quotes
             for guid in codes]  # fmt: skip
    for document, quote, guid in chance.sample(spots, EACH):
        if made and chance.random() < 0.2:
            gone = made.pop(chance.randrange(len(made)))
            found.append({"id": new_id(), "kind": "remove", "document": gone["document"],
                          "coding": gone["coding"]})  # fmt: skip
            continue
        start = document.text.index(quote)
        found.append(
            {"id": new_id(), "kind": "add", "document": document.id, "code": guid,
             "coding": new_id(), "start": start, "end": start + len(quote), "quote": quote,
             "sha": document.sha256}
        )  # fmt: skip
        made.append(found[-1])
    return found


def play(url: str, actor: Actor, study_id: int, operations: list[dict]) -> list[str]:
    """Apply a writer's operations a few at a time, over a connection of its own; give the acks.

    Each burst is sent twice, as the browser does when an answer is lost.
    """
    database = open_database(url)
    acked: list[str] = []
    for start in range(0, len(operations), 3):
        for _ in range(2):
            outcome = code.apply_operations(
                actor, database, study_id, operations[start : start + 3]
            )
            assert not outcome.rejected, outcome.rejected
        acked += outcome.acked
    database.close()
    return acked


def url_of(bench: Bench) -> str:
    return bench.database.engine.url.render_as_string(hide_password=False)


def live_codings(operations: list[dict]) -> set[str]:
    removed = {item["coding"] for item in operations if item["kind"] == "remove"}
    return {item["coding"] for item in operations if item["kind"] == "add"} - removed


def check(bench: Bench, people: list[Actor], sent: dict[int, list[dict]], before: int) -> None:
    """Compare what is kept with what was sent: every operation once, no coding more or fewer."""
    coding, operation, event = tables.coding, tables.operation, tables.event
    with bench.database.read() as connection:
        kept = set(connection.execute(select(operation.c.uuid)).scalars())
        for actor in people:
            operations = sent[actor.id]
            assert {item["id"] for item in operations} <= kept
            mine = select(coding.c.guid).where(
                coding.c.coder_id == actor.id, coding.c.deleted_at.is_(None)
            )
            assert set(connection.execute(mine).scalars()) == live_codings(operations)
        n_events = connection.execute(
            select(func.count()).where(event.c.study_id == bench.study_id)
        ).scalar()
        assert n_events == before + sum(len(item) for item in sent.values())
        assert events.verify_chain(connection, bench.study_id) is None
    for label in QUOTES:
        opened = bench.open(bench.document(label))
        by_coder: dict[int, set[str]] = {}
        for item in opened.codings:
            by_coder.setdefault(item.coder_id, set()).add(item.guid)
        wanted = {
            actor.id: {guid for guid in live_codings(sent[actor.id])
                       if guid in {item["coding"] for item in sent[actor.id]
                                   if item["document"] == opened.document.id}}
            for actor in people
        }  # fmt: skip
        assert by_coder == {key: guids for key, guids in wanted.items() if guids}


def count_events(bench: Bench) -> int:
    with bench.database.read() as connection:
        return events.last_number(connection, bench.study_id)


def test_writers_at_once_lose_nothing(bench: Bench) -> None:
    """20 on a server, 8 on a file; threads, each with a pool of connections of its own."""
    n = 8 if bench.database.is_sqlite else 20
    people = [bench.person(f"Coder {number}") for number in range(n)]
    sent = {actor.id: burst(bench, number) for number, actor in enumerate(people)}
    assert {len(item) for item in sent.values()} == {EACH}
    before = count_events(bench)
    with ThreadPoolExecutor(n) as pool:
        acked = list(
            pool.map(
                lambda actor: play(url_of(bench), actor, bench.study_id, sent[actor.id]), people
            )
        )
    assert [set(found) for found in acked] == [
        {item["id"] for item in sent[actor.id]} for actor in people
    ]
    check(bench, people, sent, before)


WRITER = """
import json, sys
from tests.services.test_code_together import play
from workbench.domain.codings import Actor
url, study, key, name = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
print(json.dumps(play(url, Actor(key, name), study, json.load(sys.stdin))))
"""


def test_processes_at_once_lose_nothing(bench: Bench) -> None:
    """Several servers may work on one database, as when somebody uses the command line too."""
    import json

    people = [bench.person(f"Coder {number}") for number in range(4)]
    sent = {actor.id: burst(bench, 100 + number) for number, actor in enumerate(people)}
    before = count_events(bench)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url_of(bench), str(bench.study_id), str(actor.id),
             actor.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for actor in people
    ]  # fmt: skip
    for actor, writer in zip(people, writers, strict=True):
        assert writer.stdin is not None
        writer.stdin.write(json.dumps(sent[actor.id]))
        writer.stdin.close()
    for actor, writer in zip(people, writers, strict=True):
        assert writer.wait(60) == 0
        assert writer.stdout is not None
        with writer.stdout as answer:
            assert set(json.load(answer)) == {item["id"] for item in sent[actor.id]}
    check(bench, people, sent, before)

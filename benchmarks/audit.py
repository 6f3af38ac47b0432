"""The trail: how long listing, filtering and verifying it takes on a large study.

In: a study of 1,000,000 codings, each with its operation and its event. Out: times of the services
behind the Audit page, beside a bare count of the events.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from benchmarks.measure import Section, median, repeat, shown, verdict
from benchmarks.studies import Bench
from benchmarks.summarise import Size, large_study
from workbench.domain.trail import EventFilter
from workbench.services.trail import audit
from workbench.store import tables
from workbench.store.trail import events
from workbench.store.trail.digests import canonical

SIZE = Size(100_000)
BATCH = 20_000
BEGUN = datetime(2022, 2, 14, tzinfo=UTC)
TIMES, AIM_MS = 5, 1_000
FILTERS = {
    "all": EventFilter(),
    "by one person": EventFilter(person_id=1),
    "of a kind that is rare": EventFilter(kind="Codebook"),
    "on one document": EventFilter(document_id=5_000),
    "with one code": EventFilter(code_id=3),
    "of two weeks": EventFilter(begin="2022-03-01", end="2022-03-14"),
    "with a word in them": EventFilter(search="R099"),
    "not taken back": EventFilter(standing=True),
}
REMOVED_EVERY = 50
"""One operation in so many took a coding away."""


def with_trail(folder: Path, size: Size = SIZE) -> Bench:
    """Write a study of this size, with an operation and an event for each of its codings."""
    bench = large_study(folder, size)
    generator = random.Random(31)
    with bench.database.write() as connection:
        head = connection.execute(select(tables.event_head)).one()
        first = connection.execute(
            select(tables.operation.c.id).order_by(tables.operation.c.id.desc()).limit(1)
        ).scalar()
        codes = connection.execute(select(tables.code.c.id, tables.code.c.name))
        names = {row.id: row.name for row in codes}
        codings = connection.execute(
            select(
                tables.coding.c.id, tables.coding.c.code_id, tables.coding.c.coder_id,
                tables.coding.c.document_id, tables.document.c.respondent_id,
            ).join(tables.document, tables.document.c.id == tables.coding.c.document_id)
            .order_by(tables.coding.c.id)
        ).all()  # fmt: skip
        previous, number, operation_id = head.hash, head.number, first or 0
        for begin in range(0, len(codings), BATCH):
            done, touched, told = [], [], []
            for row in codings[begin : begin + BATCH]:
                number, operation_id = number + 1, operation_id + 1
                one = _operation(bench, row, names[row.code_id], operation_id, generator)
                done.append(one)
                touched.append({"operation_id": operation_id, "kind": "coding",
                                "target_id": row.id})  # fmt: skip
                event = _event(one, row, number, previous)
                previous = event["hash"]
                told.append(event)
            connection.execute(insert(tables.operation), done)
            connection.execute(insert(tables.operation_target), touched)
            connection.execute(insert(tables.event), told)
        connection.execute(update(tables.event_head).values(number=number, hash=previous))
        if bench.database.is_sqlite:
            connection.exec_driver_sql("ANALYZE")
    return bench


def _operation(
    bench: Bench, row: Any, name: str, key: int, generator: random.Random
) -> dict[str, Any]:
    verb = "remove" if row.id % REMOVED_EVERY == 0 else "code"
    at = (BEGUN + timedelta(seconds=20 * row.id)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "id": key, "uuid": str(UUID(int=generator.getrandbits(128), version=4)),
        "study_id": bench.study_id, "actor_id": row.coder_id, "verb": verb,
        "label": f"{name} on R{row.respondent_id:06d}", "document_id": row.document_id,
        "forward": {"coding": [{"id": row.id, "deleted_at": None}]},
        "inverse": {"coding": [{"id": row.id, "deleted_at": at}]},
        "passed_over": False, "created_at": at,
    }  # fmt: skip


def _event(one: dict[str, Any], row: Any, number: int, previous: str) -> dict[str, Any]:
    body = canonical(
        {"targets": [["coding", row.id]], "digest": f"{row.id:064x}", "document": row.document_id}
    )
    fields = (number, one["uuid"], one["actor_id"], one["verb"], body, one["created_at"])
    return {
        "study_id": one["study_id"], "number": number, "operation_uuid": one["uuid"],
        "actor_id": one["actor_id"], "verb": one["verb"], "payload": body,
        "created_at": one["created_at"], "previous_hash": previous,
        "hash": events.event_hash(previous, *fields),
    }  # fmt: skip


def run(folder: Path) -> Section:
    """Measure and describe."""
    bench = with_trail(folder)
    place = (bench.actor, bench.database, bench.study_id)
    bare = median(repeat(TIMES, lambda: _count(bench)))
    rows, slowest = [], 0.0
    for name, where in FILTERS.items():
        acts = (
            partial(audit.list_events, *place, where),
            partial(audit.count_events, *place, where),
        )
        page, total = (median(repeat(TIMES, act)) for act in acts)
        slowest = max(slowest, page + total)
        both = page + total
        rows.append((name, shown(page), shown(total), shown(both / bare), verdict(both < AIM_MS)))
    (walked_ms,) = repeat(1, lambda: _walk(bench))
    n = audit.count_events(*place)
    bench.database.close()
    return Section(
        "The trail",
        ("steps that are asked for", "first page, ms", "counting, ms", "times a bare count",
         f"aim {AIM_MS:,} ms together"),
        tuple(rows),
        f"`services.audit` on SQLite, a study of {n:,} steps, medians of {TIMES}: the first 50 "
        "entries with names, codes and numbers of events, and how many fit. The bare count is "
        f"`count(*)` over the same events by a condition on their verb: {shown(bare)} ms.",
        (
            f"Walking the whole chain takes {shown(walked_ms / 1000)} s, "
            f"{shown(1000 * walked_ms / n)} µs an event.",
        ),
    )  # fmt: skip


def _count(bench: Bench) -> int:
    with bench.database.read() as connection:
        query = select(func.count()).where(
            tables.event.c.study_id == bench.study_id, tables.event.c.verb == "remove"
        )
        return int(connection.execute(query).scalar_one())


def _walk(bench: Bench) -> None:
    found = audit.verify(bench.actor, bench.database, bench.study_id)
    if not found.holds:
        raise RuntimeError(f"the chain breaks at event {found.broken_at}: {found.reason}")

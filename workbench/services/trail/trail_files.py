"""Trail files: what was done, as CSV for reading and as JSON for verifying elsewhere.

In: a filter and a format. Out: bytes, or a file. That somebody took the trail along is written
into it afterwards.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from pipelines.export.files import replacing
from pipelines.export.trail_csv import write_trail_csv
from pipelines.export.trail_json import write_trail_json
from workbench.domain.codings import Actor
from workbench.domain.trail import AuditEntry, EventFilter, TrailAbout, TrailRow
from workbench.errors import InputError
from workbench.services.trail import trail
from workbench.services.trail.audit import check_days, entries_of
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.trail import audit as store
from workbench.store.trail import events
from workbench.store.trail.trail_sight import TrailSight, trail_sight

TrailFormat = Literal["csv", "json"]
FORMATS: tuple[TrailFormat, ...] = ("csv", "json")

FILTERED = "the trail was filtered: only a whole one can be verified"
CLOSED = (
    "documents are coded blind: what others do on them is left out until they open, and with it "
    "the numbers and hashes of all events"
)


def export_trail(
    actor: Actor,
    database: Database,
    study_id: int,
    path: Path,
    where: EventFilter = EventFilter(),  # noqa: B008 - frozen
    *,
    format: TrailFormat | None = None,
) -> int:
    """Write the trail to a file, the oldest first; give the number of its entries.

    Raises
    ------
    InputError
        When the format is unknown, or a day is not written as `2022-02-14`.
    ExportError
        When the file cannot be written.
    """
    kind = format or path.suffix.lower().removeprefix(".")
    with replacing(path) as stream:
        return _write(actor, database, study_id, stream, where, kind)


def trail_file(
    actor: Actor,
    database: Database,
    study_id: int,
    where: EventFilter = EventFilter(),  # noqa: B008 - frozen
    *,
    format: TrailFormat,
) -> bytes:
    """Give the trail as the bytes of a file; raises as `export_trail` does."""
    stream = io.BytesIO()
    _write(actor, database, study_id, stream, where, format)
    return stream.getvalue()


def _write(
    actor: Actor,
    database: Database,
    study_id: int,
    stream: BinaryIO,
    where: EventFilter,
    kind: str,
) -> int:
    if kind not in FORMATS:
        raise InputError(f"{kind!r} is no format of a trail.", hint="Formats: csv, json.")
    check_days(where)
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
    with database.read() as connection:
        sight = trail_sight(connection, study_id, actor.id)
        rows = _rows(connection, actor, study_id, sight, where)
        if kind == "csv":
            n = write_trail_csv(stream, rows)
        else:
            n = write_trail_json(stream, rows, _about(connection, study_id, sight, where))
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, "export trail", label=f"as {kind.upper()}")
    return n


def _about(
    connection: Connection, study_id: int, sight: TrailSight, where: EventFilter
) -> TrailAbout:
    name = studies.get_study(connection, study_id).name
    why = CLOSED if sight.anything_closed else "" if where == EventFilter() else FILTERED
    if why:
        return TrailAbout(name, now(), why)
    number, digest = events.head_of(connection, study_id)
    return TrailAbout(name, now(), head=digest, n_events=number)


def _rows(
    connection: Connection, actor: Actor, study_id: int, sight: TrailSight, where: EventFilter
) -> Iterator[TrailRow]:
    if where == EventFilter() and not sight.anything_closed:
        yield from _chain(connection, actor, study_id, sight)
        return
    for part in store.stream_entries(connection, study_id, sight, where):
        for entry in entries_of(connection, actor, study_id, sight, part):
            yield TrailRow(entry)


def _chain(
    connection: Connection, actor: Actor, study_id: int, sight: TrailSight
) -> Iterator[TrailRow]:
    """Give every event, also one whose operation is gone."""
    for part in events.stream_events(connection, study_id):
        done = store.entries_by_uuid(connection, [row.operation_uuid for row in part])
        entries = entries_of(connection, actor, study_id, sight, done, numbered=False)
        known = {entry.uuid: entry for entry in entries}
        for row in part:
            found = known.get(row.operation_uuid)
            yield TrailRow(_linked(row, found), row.payload, row.previous_hash, row.hash)


def _linked(row: events.EventRow, found: AuditEntry | None) -> AuditEntry:
    """Give an entry as its event tells it: who, what and when are the chain's."""
    return AuditEntry(
        uuid=row.operation_uuid,
        number=row.number,
        at=row.created_at,
        actor_id=row.actor_id,
        actor=row.actor,
        verb=row.verb,
        label=found.label if found else "",
        document_id=found.document_id if found else None,
        document=found.document if found else "",
        codes=found.codes if found else (),
        undone=found.undone if found else False,
        can_undo=False,
    )

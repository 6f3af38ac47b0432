"""Write rows back to the values that they had: the one mechanism behind every undo and redo.

In: `States` from an operation. Out: the rows with those values, and what hangs on them brought
in line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from workbench.errors import ConflictError, GoneError
from workbench.store.bulk import parts
from workbench.store.codebooks.blind_codes import publish_opened, publish_used
from workbench.store.codebooks.codebook import rebuild_closure, refuse_broken_tree, study_of_code
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.coding.carried import CARRIED, apply_carried
from workbench.store.discussions.discussions import DISCUSSION, apply_discussions
from workbench.store.surveys.attributes import apply_attributes, apply_values, values_target
from workbench.store.tables import (
    adjudication,
    anchor,
    code,
    coding,
    document,
    document_state,
    memo,
)
from workbench.store.team import team
from workbench.store.team.adjudication import settle
from workbench.store.trail.operations import READING, States


def apply_states(connection: Connection, states: States) -> None:
    """Write all rows of these states.

    Raises
    ------
    ConflictError
        When a coding's words were placed in a text that has been edited since, when a coding would
        stand on a code that is gone, when the codes would not make a tree any more, or when another
        attribute has taken the name of one that comes back.
    GoneError
        When a respondent among a discussion's speakers has withdrawn.
    """
    _apply_codes(connection, states.get("code", ()))
    _apply_codings(connection, states.get("coding", ()))
    _refuse_used(connection, states.get("code", ()))
    apply_carried(connection, states.get(CARRIED, ()))
    for row in states.get("memo", ()):
        connection.execute(update(memo).where(memo.c.id == row["id"]).values(_without_id(row)))
    for row in states.get("document_state", ()):
        _apply_document_state(connection, row)
    _apply_assignments(connection, states.get("assignment", ()))
    reopened = [*states.get("document_state", ()), *states.get("assignment", ())]
    publish_opened(connection, [row["document_id"] for row in reopened])
    for row in states.get("adjudication", ()):
        taken = update(adjudication).where(adjudication.c.id == row["id"])
        connection.execute(taken.values(deleted_at=row["deleted_at"]))
    settle(connection, states.get("settled", ()))
    apply_attributes(connection, states.get("attribute", ()))
    apply_values(connection, states.get("respondent_attribute", ()))
    apply_discussions(connection, states.get(DISCUSSION, ()))


def targets(states: States) -> list[tuple[str, int]]:
    """List what these states are about, as operation targets."""
    return [TARGETS.get(kind, _keyed)(kind, row) for kind, rows in states.items() for row in rows]


def _keyed(kind: str, row: dict[str, Any]) -> tuple[str, int]:
    return (kind, int(row["id"]))


TARGETS: dict[str, Callable[[str, dict[str, Any]], tuple[str, int]]] = {
    "document_state": lambda _, row: (READING, int(row["document_id"])),
    "respondent_attribute": lambda _, row: values_target(row),
    "assignment": lambda kind, row: (kind, int(row["document_id"])),
    CARRIED: lambda _, row: ("coding", int(row["id"])),
}
"""How the rows of a kind that have no key of their own name what they are about."""


def _apply_codings(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        values = _without_id(row)
        span = values.pop("anchor", None)
        if values:
            connection.execute(update(coding).where(coding.c.id == row["id"]).values(values))
        if span is not None:
            _apply_anchor(connection, row["id"], span)
    moved = [row["id"] for row in rows if set(row) - {"id", "codebook_version_id"}]
    if moved:
        _refuse_missing_codes(connection, moved)
        publish_used(connection, moved)
        sync_coding_respondents(connection, moved)


def _refuse_missing_codes(connection: Connection, coding_ids: Sequence[int]) -> None:
    for part in parts(coding_ids):
        name = connection.execute(
            select(code.c.name)
            .join(coding, coding.c.code_id == code.c.id)
            .where(
                coding.c.id.in_(part),
                coding.c.deleted_at.is_(None),
                code.c.deleted_at.isnot(None),
            )
            .limit(1)
        ).scalar()
        if name is not None:
            raise ConflictError(f"the code {name} is not in the codebook any more.")


def _apply_anchor(connection: Connection, coding_id: int, span: dict[str, Any]) -> None:
    changed = connection.execute(
        update(anchor)
        .where(anchor.c.coding_id == coding_id, anchor.c.revision_id == span["revision_id"])
        .values(start=span["start"], end=span["end"], state=span["state"], reason=span["reason"])
    )
    if changed.rowcount != 1 or not _is_current(connection, coding_id, span["revision_id"]):
        raise ConflictError("the text has been edited since. Adjust the coding by hand.")


def _is_current(connection: Connection, coding_id: int, revision_id: int) -> bool:
    current = connection.execute(
        select(document.c.current_revision_id)
        .join(coding, coding.c.document_id == document.c.id)
        .where(coding.c.id == coding_id)
    ).scalar()
    return bool(current == revision_id)


def _apply_codes(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        connection.execute(update(code).where(code.c.id == row["id"]).values(_without_id(row)))
    if rows:
        study_id = study_of_code(connection, rows[0]["id"])
        refuse_broken_tree(connection, study_id)
        rebuild_closure(connection, study_id)


def _refuse_used(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse to take out codes with codings; those that go with them have gone by now."""
    for row in rows:
        if row.get("deleted_at") is None:
            continue
        live = select(coding.c.id).where(
            coding.c.code_id == row["id"], coding.c.deleted_at.is_(None)
        )
        if connection.execute(live.limit(1)).first() is not None:
            raise ConflictError(
                f"the code {row['name']} is in use by now and stays. Retire it if need be."
            )


def _apply_document_state(connection: Connection, row: dict[str, Any]) -> None:
    mine = (document_state.c.document_id == row["document_id"]) & (
        document_state.c.coder_id == row["coder_id"]
    )
    changed = connection.execute(update(document_state).where(mine).values(row))
    if changed.rowcount == 0 and row["state"] != "untouched":
        connection.execute(insert(document_state).values(row))
    elif row["state"] == "untouched" and row.get("first_done_at") is None:
        connection.execute(delete(document_state).where(mine))


def _apply_assignments(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write who has documents; never so that work that was done blind shows before its time."""
    wanted = {row["document_id"]: [tuple(kept) for kept in row["rows"]] for row in rows}
    if team.any_gone(connection, list(wanted)):
        raise GoneError("some of these documents are gone, since their import was taken back.")
    standing = team.rows_of(connection, list(wanted))
    losing = [
        key
        for key, kept in wanted.items()
        if {who for who, blind, _ in standing[key] if blind} - {who for who, b, _ in kept if b}
    ]
    if team.still_hidden(connection, losing):
        raise GoneError(
            "somebody has begun to code these answers blind. Open them to each other on the page "
            "Team, or take them from single people there."
        )
    team.put_rows(connection, wanted)


def _without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}

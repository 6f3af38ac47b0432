"""Code changes: how every change of the code tree ends, and what none of them may do.

In: codes as they were and as they are now. Out: closure, version, one operation and one event.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code
from workbench.errors import CodebookError
from workbench.services.trail import trail
from workbench.store.codebooks import blind_codes
from workbench.store.codebooks import codebook as store
from workbench.store.engine import Connection
from workbench.store.team.people import one_line
from workbench.store.trail.operations import States

Rows = Sequence[dict[str, Any]]


def finish(
    connection: Connection,
    actor: Actor,
    study_id: int,
    verb: str,
    label: str,
    before: Rows,
    after: Rows,
    *,
    more: tuple[States, States] = ({}, {}),
    uuid: str | None = None,
    document_id: int | None = None,
) -> None:
    """Bring closure and version in line with changed codes, and write down what was done.

    A code whose definition, include or exclude changed is defined in the new version from now on.
    Codes that only their maker sees yet make no version.

    Parameters
    ----------
    more
        The states before and after of what else the same operation changed, such as codings.
    """
    store.rebuild_closure(connection, study_id)
    redefined, version = _redefined(before, after), None
    if blind_codes.any_open(connection, [row["id"] for row in after]):
        version = store.add_version(connection, study_id, actor.id, redefined=redefined)
    trail.record(
        connection,
        actor,
        study_id,
        verb,
        label=label,
        document_id=document_id,
        forward={
            "code": [
                {**row, "defined_in": version} if version and row["id"] in redefined else row
                for row in after
            ],
            **more[1],
        },
        inverse={"code": list(before), **more[0]},
        uuid=uuid,
    )


def _redefined(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[int]:
    """Find the codes that were there before and mean something else now."""
    old = {row["id"]: row for row in before if row["deleted_at"] is None}
    return [
        row["id"]
        for row in after
        if row["id"] in old and any(row[name] != old[row["id"]][name] for name in store.DEFINING)
    ]


def refuse_sibling(items: Sequence[Code], parent_id: object, name: str) -> None:
    """Refuse a name that another code in the same place has; raises CodebookError."""
    for other in items:
        if other.parent_id == parent_id and one_line(other.name).casefold() == name.casefold():
            raise CodebookError(
                f"{format_path(other.path)} is there already"
                + (" (retired)." if other.status == "retired" else "."),
                hint="Use it, or choose another name.",
            )

"""Marks: the codings of a few documents, as pages show them in and beside the words.

In: documents, a layer, and who asks. Out: `Mark` values by document, in the order of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from workbench.store.coding.codings import current_anchor, own_memos
from workbench.store.coding.layers import Layer, on_layer
from workbench.store.planning import only_checked
from workbench.store.tables import anchor, code_ancestor, coder, coding, document
from workbench.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Mark:
    """A code on words; `start` and `end` None are the whole document.

    `code_id` is the coding's own code or, where that was merged, the other one. A `flagged` mark
    must be placed again: where it stands is a guess, and nothing that is painted.
    """

    document_id: int
    code_id: int
    coder: str
    start: int | None
    end: int | None
    flagged: bool = False
    memo: str = ""


def marks_of(
    connection: Connection,
    study_id: int,
    actor_id: int,
    document_ids: Sequence[int],
    layer: Layer = "any",
) -> dict[int, list[Mark]]:
    """Give the live codings of documents that the actor may see, by document."""
    rows = connection.execute(
        select(
            coding.c.document_id,
            code_ancestor.c.ancestor_id.label("code_id"),
            coder.c.name.label("coder"),
            anchor.c.start,
            anchor.c.end,
            anchor.c.state,
            func.coalesce(own_memos(), "").label("memo"),
        )
        .select_from(coding)
        .join(document, document.c.id == coding.c.document_id)
        .join(anchor, current_anchor())
        .join(coder, coder.c.id == coding.c.coder_id)
        .join(
            code_ancestor,
            and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
        )
        .where(
            only_checked(document.c.study_id) == study_id,
            coding.c.document_id.in_(document_ids),
            coding.c.deleted_at.is_(None),
            visible_to(connection, study_id, actor_id, coding.c),
            *on_layer(layer),
        )
        .order_by(func.coalesce(anchor.c.start, -1), anchor.c.end, coding.c.id)
    )
    found: dict[int, list[Mark]] = {}
    for row in rows:
        mark = Mark(
            row.document_id,
            row.code_id,
            row.coder,
            row.start,
            row.end,
            row.state == "flagged",
            row.memo,
        )
        found.setdefault(row.document_id, []).append(mark)
    return found

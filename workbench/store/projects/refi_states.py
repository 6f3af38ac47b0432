"""What coders have finished and settled, as an exchange with other programs has it, both ways.

In: a study, or documents that came in with a project. Out: documents by coder; rows that say so.
When somebody had first finished a document is not exchanged: agreement between coders is measured
on what they had coded at that moment.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, select, update

from workbench.store.bulk import insert_rows, parts
from workbench.store.tables import coder, document, document_state
from workbench.store.visibility import Sight

Finished = dict[int, list[int]]
"""Documents by coder; coders in order of name."""


def done_documents(connection: Connection, study_id: int) -> Finished:
    """Give who is done with which of a study's documents: that is no secret to anybody."""
    state = document_state.c
    return _by_coder(
        connection,
        select(state.coder_id, state.document_id)
        .join(coder, coder.c.id == state.coder_id)
        .join(document, document.c.id == state.document_id)
        .where(document.c.study_id == study_id, state.state == "done"),
    )


def settled_documents(connection: Connection, study_id: int, sight: Sight) -> Finished:
    """Give who settled the coders' differences in which documents that a person may see."""
    return _by_coder(
        connection,
        select(document.c.adjudicated_by, document.c.id)
        .join(coder, coder.c.id == document.c.adjudicated_by)
        .where(
            document.c.study_id == study_id,
            document.c.adjudicated_at.isnot(None),
            ~sight.hides_others(document.c.id),
        ),
    )


def _by_coder(connection: Connection, query: Select[Any]) -> Finished:
    found: Finished = {}
    order = (document.c.sort_question, document.c.sort_respondent, document.c.id)
    for coder_id, document_id in connection.execute(query.order_by(coder.c.name_key, *order)):
        found.setdefault(coder_id, []).append(document_id)
    return found


def set_done(connection: Connection, coder_id: int, documents: Collection[int], at: str) -> None:
    """Note that a coder is done with documents that have just come in."""
    begun: set[int] = set()
    for part in parts(sorted(documents)):
        mine = and_(document_state.c.coder_id == coder_id, document_state.c.document_id.in_(part))
        begun |= set(connection.execute(select(document_state.c.document_id).where(mine)).scalars())
        connection.execute(update(document_state).where(mine).values(state="done", done_at=at))
    insert_rows(
        connection,
        document_state,
        ("document_id", "coder_id", "state", "done_at"),
        [(key, coder_id, "done", at) for key in sorted(set(documents) - begun)],
    )

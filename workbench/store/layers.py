"""Layers: whose codings are meant, as conditions on `coding` joined to `document`.

In: a layer as people choose it. Out: conditions for every query that lists codings of documents.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select

from workbench.store.tables import coding, document, document_state

Layer = str | int
"""Anybody's codings ("any"), the "consensus", or one coder's, by key."""


def on_layer(layer: Layer) -> list[ColumnElement[bool]]:
    """Tell which codings belong to a layer; no condition where all do.

    Consensus is, document by document, what was adjudicated; else what the only coder who has
    done the document has coded; else nothing.
    """
    if isinstance(layer, int):
        return [coding.c.coder_id == layer]
    return [_consensus()] if layer == "consensus" else []


def _consensus() -> ColumnElement[bool]:
    finished = document_state.alias("finished")
    rows = and_(finished.c.document_id == document.c.id, finished.c.state == "done")
    n_finished = select(func.count()).where(rows).scalar_subquery()
    by_finisher = select(finished.c.coder_id).where(rows)
    return or_(
        and_(document.c.adjudicated_at.isnot(None), coding.c.origin == "adjudication"),
        and_(
            document.c.adjudicated_at.is_(None),
            n_finished == 1,
            coding.c.coder_id.in_(by_finisher),
        ),
    )

"""Layers: whose codings are meant, as conditions on `coding` joined to `document`.

In: a layer as people choose it. Out: conditions for every query that lists codings of documents.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from workbench.store.tables import CONSENSUS, coding, document, document_state

Layer = str | int
"""Anybody's codings ("any"), the "consensus", or one coder's, by key."""


_NOBODY: ColumnElement[int] = literal_column(str(CONSENSUS))
"""Without a parameter, which would make SQLite plan each statement anew."""


def by_people(rows: Any) -> ColumnElement[bool]:
    """Tell what people coded for themselves: everything but what was adjudicated.

    Parameters
    ----------
    rows
        Columns with the `coder_id` of the codings: `coding.c` or another table's.
    """
    held: ColumnElement[bool] = rows.coder_id != _NOBODY
    return held


def adjudicated(rows: Any) -> ColumnElement[bool]:
    """Tell what was adjudicated; parameters as for `by_people`."""
    held: ColumnElement[bool] = rows.coder_id == _NOBODY
    return held


def on_layer(layer: Layer) -> list[ColumnElement[bool]]:
    """Tell which codings belong to a layer.

    Consensus is, document by document, what was adjudicated; else what the only coder who has
    done the document has coded; else nothing.
    """
    if isinstance(layer, int):
        return [coding.c.coder_id == layer]
    return [_consensus() if layer == "consensus" else by_people(coding.c)]


def _consensus() -> ColumnElement[bool]:
    finished = document_state.alias("finished")
    rows = and_(finished.c.document_id == document.c.id, finished.c.state == "done")
    n_finished = select(func.count()).where(rows).scalar_subquery()
    by_finisher = select(finished.c.coder_id).where(rows)
    return or_(
        and_(document.c.adjudicated_at.isnot(None), adjudicated(coding.c)),
        and_(
            document.c.adjudicated_at.is_(None),
            n_finished == 1,
            coding.c.coder_id.in_(by_finisher),
        ),
    )

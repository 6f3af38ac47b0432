"""How far discussions are read, by groups of those who speak in them.

In: counts of people's own documents by group. Out: the same with the discussions added in which
somebody of a group speaks: each once for every group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from workbench.store.tables import document, document_state, respondent, segment

Counts = Sequence[Any]
"""Rows of values and, last, a number."""


def with_discussions(
    connection: Connection,
    coder_id: int,
    totals: Counts,
    states: Counts,
    *,
    people: Any,
    group: ColumnElement[Any],
    conditions: Sequence[ColumnElement[bool]],
) -> tuple[Counts, Counts]:
    """Add discussions to counts of documents by group, and by group and reading state.

    Parameters
    ----------
    people
        Respondents joined to their values; `group` is a column of it.
    """
    spoken = people.join(segment, segment.c.respondent_id == respondent.c.id).join(
        document,
        and_(
            document.c.current_revision_id == segment.c.revision_id,
            document.c.respondent_id.is_(None),
        ),
    )
    mine = and_(
        document_state.c.document_id == document.c.id, document_state.c.coder_id == coder_id
    )
    found = []
    for before, joined, by in (
        (totals, spoken, [group]),
        (states, spoken.join(document_state, mine), [group, document_state.c.state]),
    ):
        query = select(*by, func.count(document.c.id.distinct())).select_from(joined)
        rows = connection.execute(query.where(*conditions).group_by(*by)).all()
        found.append(_added(before, rows))
    return found[0], found[1]


def _added(one: Counts, other: Counts) -> Counts:
    """Add up counts that stand behind the same values."""
    found: dict[Any, int] = {}
    for *key, n in (*one, *other):
        found[tuple(key)] = found.get(tuple(key), 0) + n
    return [(*key, n) for key, n in found.items()]

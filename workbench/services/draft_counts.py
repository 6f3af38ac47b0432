"""What of a table of themes rests on machine drafts: counted apart, by counting without them.

In: what is counted. Out: rows that say how many respondents and mentions would be gone without
transcripts that nobody has checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.domain.codings import DocumentFilter
from workbench.services.theme_table import ThemeRow
from workbench.store import counts, drafts
from workbench.store.engine import Connection

Cells = dict[tuple[int, tuple[str, ...]], counts.GroupCount]


def without_drafts(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int],
    layer: str | int,
    where: DocumentFilter,
) -> Cells | None:
    """Count the same without machine drafts; None where there are none to leave out."""
    if where.drafts is False or not drafts.any_drafts(connection, study_id):
        return None
    found = counts.count_themes(
        connection, study_id, actor_id, code_ids=code_ids, attribute_ids=attribute_ids,
        layer=layer, where=replace(where, drafts=False),
    )  # fmt: skip
    return {(cell.code_id, cell.groups): cell for cell in found}


def less(rows: Sequence[ThemeRow], apart: Cells | None) -> list[ThemeRow]:
    """Say of each cell how much of it rests on machine drafts."""
    if apart is None:
        return list(rows)
    made = []
    for row in rows:
        cell = apart.get((row.code_id, tuple(row.groups.values())))
        made.append(
            replace(
                row,
                draft_respondents=row.respondents - (cell.respondents if cell else 0),
                draft_mentions=row.mentions - (cell.mentions if cell else 0),
            )
        )
    return made

"""Counted apart: how much of a table of themes rests on machine drafts.

In: cells that were counted. Out: for each, the respondents who would not be in it without drafts,
and the mentions that lie in drafts. A study without drafts is not counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.domain.codings import DocumentFilter
from workbench.store.counting import counts
from workbench.store.documents import drafts
from workbench.store.engine import Connection

Cell = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class OnDrafts:
    """What one cell owes to drafts alone."""

    respondents: int = 0
    mentions: int = 0


NOTHING = OnDrafts()


def needed_filter(connection: Connection, study_id: int, where: DocumentFilter) -> DocumentFilter:
    """Drop "checked only" from a filter where there are no drafts to be left out."""
    if where.transcripts == "checked" and not drafts.any_drafts(connection, study_id):
        return replace(where, transcripts=None)
    return where


def counted_apart(
    connection: Connection,
    study_id: int,
    actor_id: int,
    found: Sequence[counts.GroupCount],
    *,
    attribute_ids: Sequence[int],
    layer: str | int,
    where: DocumentFilter,
) -> dict[Cell, OnDrafts]:
    """Count what cells owe to machine drafts: what they hold less what they hold without drafts.

    Parameters
    ----------
    found
        The cells, as they were counted within `where`, by the same attributes.
    """
    if where.transcripts == "drafts":
        return {
            (cell.code_id, cell.groups): OnDrafts(cell.respondents, cell.mentions) for cell in found
        }
    if where.transcripts == "checked" or not drafts.any_drafts(connection, study_id):
        return {}
    checked = {
        (cell.code_id, cell.groups): cell
        for cell in counts.count_themes(
            connection, study_id, actor_id,
            code_ids=list(dict.fromkeys(cell.code_id for cell in found)),
            attribute_ids=attribute_ids, layer=layer, where=replace(where, transcripts="checked"),
        )
    }  # fmt: skip
    apart = {}
    for cell in found:
        without = checked.get((cell.code_id, cell.groups))
        apart[cell.code_id, cell.groups] = OnDrafts(
            cell.respondents - (without.respondents if without else 0),
            cell.mentions - (without.mentions if without else 0),
        )
    return apart


def count_in_scope(connection: Connection, study_id: int, where: DocumentFilter) -> int:
    """Count the study's drafts that may be among what was counted."""
    return 0 if where.transcripts == "checked" else drafts.count_drafts(connection, study_id)

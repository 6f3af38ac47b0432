"""Where codings sit in a text, and whose words they cover.

In: codings and revisions. Out: `anchor` rows for every revision, and `coding_respondent`, the
flat table that counting reads: it holds live, placed codings only.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Insert,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    union,
)

from workbench.domain.reanchor import Placement, reanchor
from workbench.domain.spans import Span
from workbench.domain.text import sha
from workbench.store.bulk import parts
from workbench.store.counting.mentions import mark_beside, mark_mentions, pairs_of
from workbench.store.tables import (
    anchor,
    coding,
    coding_respondent,
    document,
    revision,
    segment,
)
from workbench.store.visibility import visible_to


def is_placed() -> ColumnElement[bool]:
    """Tell whether an anchor is placed, without a parameter.

    With one, SQLite plans the statement anew each time, to see whether the index of flagged anchors
    would serve.
    """
    return anchor.c.state == literal_column("'placed'")


def is_flagged() -> ColumnElement[bool]:
    """Tell whether an anchor is flagged, without a parameter: so their own index serves."""
    return anchor.c.state == literal_column("'flagged'")


def sync_coding_respondents(
    connection: Connection, coding_ids: Sequence[int], *, fresh: bool = False
) -> None:
    """Bring `coding_respondent` in line with these codings, their anchors and speakers.

    A coding in an answer covers its respondent; in a focus group it covers the linked speakers of
    the turns that it overlaps. A deleted or flagged coding covers nobody. Which codings open a
    mention is decided anew wherever these codings were or are counted. Fresh ones were nowhere.
    """
    for part in parts(list(coding_ids)):
        before: set[tuple[int, int]] = set()
        if not fresh:
            before = pairs_of(connection, part)
            connection.execute(_UNCOVER, {"codings": part})
        connection.execute(_COVER, {"codings": part})
        mark_mentions(connection, before - mark_beside(connection, part, fresh=fresh))


def _cover() -> Insert:
    placed = (
        select(coding.c.id, coding.c.document_id, coding.c.code_id, coding.c.coder_id)
        .select_from(coding)
        .join(document, document.c.id == coding.c.document_id)
        .join(
            anchor,
            and_(
                anchor.c.coding_id == coding.c.id,
                anchor.c.revision_id == document.c.current_revision_id,
            ),
        )
        .where(coding.c.id.in_(_CODINGS), coding.c.deleted_at.is_(None))
        .where(is_placed())
    )
    # Alone, a coding opens a mention; where it is not alone, `mark_beside` puts that right.
    own = placed.add_columns(
        document.c.respondent_id.label("respondent_id"), literal(1).label("opens")
    ).where(document.c.respondent_id.isnot(None))
    overlaps = or_(
        anchor.c.start.is_(None),
        and_(segment.c.start < anchor.c.end, segment.c.end > anchor.c.start),
    )
    spoken = (
        placed.add_columns(segment.c.respondent_id, literal(1).label("opens"))
        .join(segment, and_(segment.c.revision_id == anchor.c.revision_id, overlaps))
        .where(segment.c.respondent_id.isnot(None), _is_nobodys())
    )
    covered = union(own, spoken).subquery()
    return insert(coding_respondent).from_select(
        ["coding_id", "respondent_id", "document_id", "code_id", "coder_id", "opens_any",
         "opens_own"],
        select(
            covered.c.id,
            covered.c.respondent_id,
            covered.c.document_id,
            covered.c.code_id,
            covered.c.coder_id,
            covered.c.opens,
            covered.c.opens,
        ),
    )  # fmt: skip


def _is_nobodys() -> ColumnElement[bool]:
    """Tell whether a document is no one person's, as something that no index can serve.

    With `IS NULL`, SQLite begins at all documents of the study that are nobody's, each time.
    """
    return func.coalesce(document.c.respondent_id, literal_column("0")) == literal_column("0")


_CODINGS: BindParameter[Sequence[int]] = bindparam("codings", expanding=True)
_UNCOVER = delete(coding_respondent).where(coding_respondent.c.coding_id.in_(_CODINGS))
_COVER = _cover()
_PLACE = insert(anchor)


def reanchor_document(
    connection: Connection,
    *,
    document_id: int,
    old_revision_id: int,
    new_revision_id: int,
    old_text: str,
    new_text: str,
) -> tuple[int, int]:
    """Carry every coding of a document over to its new revision.

    Soft-deleted codings are carried too, so that undo still works. A coding of the whole document
    stays whole. One that was flagged already is tried again only by a person.

    Returns
    -------
    tuple[int, int]
        Live codings that were re-anchored, and live codings that are flagged for a person.
    """
    rows = connection.execute(
        select(anchor, coding.c.deleted_at)
        .join(coding, coding.c.id == anchor.c.coding_id)
        .where(anchor.c.revision_id == old_revision_id, coding.c.document_id == document_id)
        .order_by(anchor.c.id)
    ).all()
    spans = [row for row in rows if row.start is not None and row.state == "placed"]
    placements = reanchor(old_text, new_text, [Span(row.start, row.end) for row in spans])
    found = {row.coding_id: place for row, place in zip(spans, placements, strict=True)}
    values, n_placed, n_flagged = [], 0, 0
    before = _placed_on(connection, document_id, new_text)
    for row in rows:
        place = found.get(row.coding_id)
        if row.coding_id in before:  # this very text was there before: the words are back
            place = Placement(before[row.coding_id], True, "")
        flagged = not place.placed if place is not None else row.state == "flagged"
        values.append(
            {
                "coding_id": row.coding_id,
                "revision_id": new_revision_id,
                "start": place.span.start if place else row.start,
                "end": place.span.end if place else row.end,
                "state": "flagged" if flagged else "placed",
                "reason": row.reason if place is None else "" if place.placed else place.reason,
            }
        )
        if row.deleted_at is None:
            n_flagged += flagged
            n_placed += not flagged
    if values:
        connection.execute(insert(anchor), values)
        sync_coding_respondents(connection, [row.coding_id for row in rows])
    return n_placed, n_flagged


def _placed_on(connection: Connection, document_id: int, text: str) -> dict[int, Span]:
    """Give where codings of a document were placed on an earlier revision with this very text."""
    rows = connection.execute(
        select(anchor.c.coding_id, anchor.c.start, anchor.c.end)
        .join(revision, revision.c.id == anchor.c.revision_id)
        .where(
            revision.c.document_id == document_id,
            revision.c.sha256 == sha(text),
            anchor.c.state == "placed",
            anchor.c.start.isnot(None),
        )
        .order_by(revision.c.number)
    )
    return {row.coding_id: Span(row.start, row.end) for row in rows}


def count_anchors(
    connection: Connection, study_id: int, actor_id: int, revision_ids: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """Count the live codings on texts that a person may see, by text: (placed, flagged)."""
    found: dict[int, tuple[int, int]] = {}
    flagged = func.count().filter(anchor.c.state == "flagged")
    visible = visible_to(connection, study_id, actor_id, coding.c)
    for part in parts(revision_ids):
        rows = connection.execute(
            select(anchor.c.revision_id, func.count(), flagged)
            .join(coding, coding.c.id == anchor.c.coding_id)
            .where(anchor.c.revision_id.in_(part), coding.c.deleted_at.is_(None), visible)
            .group_by(anchor.c.revision_id)
        )
        found |= {key: (total - lost, lost) for key, total, lost in rows}
    return found


def lost_words(connection: Connection, coding_ids: Sequence[int]) -> dict[int, str]:
    """Give the words that codings covered where they were placed last."""
    found: dict[int, str] = {}
    for part in parts(list(coding_ids)):
        rows = connection.execute(
            select(anchor.c.coding_id, anchor.c.start, anchor.c.end, revision.c.text)
            .join(revision, revision.c.id == anchor.c.revision_id)
            .where(anchor.c.coding_id.in_(part), anchor.c.state == "placed")
            .order_by(revision.c.number)
        )
        found |= {row.coding_id: row.text[row.start : row.end] for row in rows}
    return found


def add_anchor(
    connection: Connection,
    *,
    coding_id: int,
    revision_id: int,
    start: int | None,
    end: int | None,
) -> None:
    """Place a coding in a text; `start` and `end` None mean the whole of it."""
    connection.execute(
        _PLACE,
        {
            "coding_id": coding_id,
            "revision_id": revision_id,
            "start": start,
            "end": end,
            "state": "placed",
        },
    )


def move_anchor(
    connection: Connection, *, coding_id: int, revision_id: int, start: int, end: int
) -> None:
    """Give a coding other ends in the same text; it counts as placed from now on."""
    connection.execute(
        anchor.update()
        .where(anchor.c.coding_id == coding_id, anchor.c.revision_id == revision_id)
        .values(start=start, end=end, state="placed", reason=literal(""))
    )

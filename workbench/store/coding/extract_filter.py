"""Which codings are meant: a filter as what to select from, and conditions on it.

In: an `ExtractFilter` and the person who asks. Out: joins and conditions on `coding` and
`document`, for every query that counts, lists or streams extracts. What a filter does not need is
not joined: with a million codings, each needless join costs a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, exists, false, func, or_, select

from workbench.domain.codings import DocumentFilter, Group
from workbench.store.coding.anchors import is_flagged
from workbench.store.coding.codings import current_anchor
from workbench.store.coding.layers import by_people, on_layer
from workbench.store.coding.quoting import is_open
from workbench.store.discussions.nobodys import covers_nobody
from workbench.store.documents.document_filter import (
    all_readable,
    document_conditions,
    has_shared_documents,
    in_group,
)
from workbench.store.planning import only_checked
from workbench.store.tables import (
    anchor,
    code,
    code_ancestor,
    coding,
    coding_respondent,
    document,
    document_state,
    respondent,
    revision,
    star,
)
from workbench.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class ExtractFilter:
    """Which codings are meant. `code_ids` take all codes below them; empty parts do not restrict.

    `layer` is "any", "consensus", or a coder's key. `groups` pairs an attribute's key with a value
    (or "Not stated"), or with several of which one must hold: the words must be those of a
    respondent for whom all pairs hold. `counted_only` leaves out what no table of themes counts:
    flagged codings, and speech that is linked to nobody. `flagged_only` takes just the codings
    whose words must be found again. `starred` takes those that the person who asks has starred,
    or that anybody has. `quotable_only` leaves out the words of respondents who said that they
    may not be quoted. `of_nobody` takes placed codings that cover words of which it is not known
    whose they are: those that a table counts as "Speaker not known".
    """

    code_ids: tuple[int, ...] = ()
    layer: str | int = "any"
    documents: DocumentFilter = field(default_factory=DocumentFilter)
    counted_only: bool = False
    groups: tuple[Group, ...] = ()
    flagged_only: bool = False
    starred: Literal["me", "anybody"] | None = None
    quotable_only: bool = False
    of_nobody: bool = False


def selected(actor_id: int, where: ExtractFilter, *, places: bool = False) -> Any:
    """Join what the conditions of a filter are about; with `places`, the anchors too."""
    joined: Any = coding.join(document, document.c.id == coding.c.document_id)
    if places or where.flagged_only or where.of_nobody:
        joined = joined.join(anchor, current_anchor())
    if where.documents.search:
        joined = joined.join(revision, revision.c.id == document.c.current_revision_id)
    if where.documents.search or where.quotable_only:
        joined = joined.outerjoin(respondent, respondent.c.id == document.c.respondent_id)
    if where.documents.state is not None:
        mine = and_(
            document_state.c.document_id == document.c.id, document_state.c.coder_id == actor_id
        )
        joined = joined.outerjoin(document_state, mine)
    return joined


def conditions(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter
) -> list[ColumnElement[bool]]:
    """Turn a filter into conditions on what `selected` joins."""
    study: Any = document.c.study_id
    found = [
        (only_checked(study) if where.flagged_only else study) == study_id,  # they are few
        document.c.codable,
        coding.c.deleted_at.is_(None),
        visible_to(connection, study_id, actor_id, coding.c),
        *_nobody_withdrawn(connection, study_id),
        *document_conditions(connection, study_id, actor_id, where.documents),
    ]
    if where.code_ids:
        below = code_ancestor.alias("below")
        found.append(
            coding.c.code_id.in_(
                select(below.c.code_id).where(below.c.ancestor_id.in_(where.code_ids))
            )
        )
    found += on_layer(where.layer)
    if where.flagged_only:
        found.append(is_flagged())
    if where.starred is not None:
        mine = [star.c.coder_id == actor_id] if where.starred == "me" else []
        found.append(exists().where(star.c.coding_id == coding.c.id, *mine))
    if where.quotable_only:
        found.append(func.coalesce(respondent.c.may_be_quoted, True))
        if has_shared_documents(connection, study_id):
            found.append(or_(document.c.respondent_id.isnot(None), is_open(study_id)))
    if where.of_nobody:
        # Nobody is in no group: a filter of respondents leaves none of these words.
        of_people = where.groups or where.documents.groups or where.documents.respondent_id
        found.append(false() if of_people else covers_nobody())
    elif where.counted_only:
        found.append(_spoken_by(where.groups))
    elif where.groups:
        theirs = (in_group(document.c.respondent_id, *group) for group in where.groups)
        answered = and_(document.c.respondent_id.isnot(None), *theirs)
        found.append(or_(answered, _spoken_by(where.groups)))
    return found


def plain_conditions(
    connection: Connection, study_id: int, actor_id: int, where: ExtractFilter, rows: Any
) -> list[ColumnElement[bool]] | None:
    """Turn a filter into conditions on codings alone, where it asks nothing of their documents.

    With a million codings this is ten times as quick as joining their documents: it reads one
    index and no table.

    Parameters
    ----------
    rows
        Columns with `document_id`, `code_id` and `coder_id`: `coding.c` or another table's.

    Returns
    -------
    list or None
        None when the filter needs the documents, or somebody has withdrawn.
    """
    asks_nothing = ExtractFilter(where.code_ids, where.layer)
    if where != asks_nothing or where.layer == "consensus":
        return None
    if _nobody_withdrawn(connection, study_id):
        return None
    codes = select(code.c.id).where(code.c.study_id == study_id)
    found = [
        (rows.code_id + 0).in_(codes),  # not along the index of codes, which lacks the rest
        visible_to(connection, study_id, actor_id, rows),
    ]
    if where.code_ids:
        below = code_ancestor.alias("below")
        found.append(
            (rows.code_id + 0).in_(
                select(below.c.code_id).where(below.c.ancestor_id.in_(where.code_ids))
            )
        )
    if not all_readable(connection, study_id):
        blank = select(document.c.id).where(document.c.study_id == study_id, ~document.c.codable)
        found.append(rows.document_id.not_in(blank))
    on = rows.coder_id == where.layer if isinstance(where.layer, int) else by_people(rows)
    return [*found, on]


def _nobody_withdrawn(connection: Connection, study_id: int) -> list[ColumnElement[bool]]:
    """Leave out who has withdrawn; where nobody has, which is quickly seen, nothing."""
    gone = select(respondent.c.id).where(
        respondent.c.study_id == study_id, respondent.c.withdrawn_at.isnot(None)
    )
    if connection.execute(gone.limit(1)).first() is None:
        return []
    return [or_(document.c.respondent_id.is_(None), document.c.respondent_id.not_in(gone))]


def _spoken_by(groups: Iterable[Group]) -> ColumnElement[bool]:
    """Tell whether a coding covers words of a participant who belongs to all groups."""
    person = respondent.alias("counted")
    return exists().where(
        coding_respondent.c.coding_id == coding.c.id,
        coding_respondent.c.respondent_id == person.c.id,
        person.c.kind == "participant",
        person.c.withdrawn_at.is_(None),
        *(in_group(person.c.id, *group) for group in groups),
    )

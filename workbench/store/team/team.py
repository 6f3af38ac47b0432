"""The team of a study: members, who has which documents, and how far each has come.

In: a study. Out: members with their roles, assignments as rows and as counts. How far somebody has
come is no secret, also where documents were given out blind; no coding is read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    distinct,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from workbench.domain.codings import DocumentFilter, Role
from workbench.store import studies
from workbench.store.bulk import parts
from workbench.store.documents.document_filter import (
    document_conditions,
    documents_joined_for,
    not_withdrawn,
)
from workbench.store.tables import (
    CONSENSUS,
    assignment,
    coder,
    coding,
    document,
    document_state,
    membership,
    respondent_attribute,
)
from workbench.store.team.people import TEAM, Joining
from workbench.store.visibility import Sight

AssignmentRow = tuple[int, bool, str]
"""Who has a document, whether blind, and since when."""


@dataclass(frozen=True, slots=True)
class StoredMember:
    """Somebody who belongs to a study."""

    coder_id: int
    name: str
    role: Role
    joined_at: str


@dataclass(frozen=True, slots=True)
class Load:
    """How many documents somebody was given, and how far they have come with these."""

    assigned: int = 0
    begun: int = 0
    done: int = 0
    blind: int = 0


def list_members(connection: Connection, study_id: int) -> list[StoredMember]:
    """List the members of a study in the order in which they joined."""
    rows = connection.execute(
        select(coder.c.id, coder.c.name, membership.c.role, membership.c.created_at)
        .join(membership, membership.c.coder_id == coder.c.id)
        .where(membership.c.study_id == study_id, coder.c.id != CONSENSUS)
        .order_by(membership.c.created_at, coder.c.id)
    )
    return [StoredMember(*row) for row in rows]


def set_role(connection: Connection, study_id: int, coder_id: int, role: Role) -> None:
    """Give a member another role."""
    connection.execute(update(membership).where(_member(study_id, coder_id)).values(role=role))


def set_joined(connection: Connection, study_id: int, coder_id: int, joined_at: str) -> None:
    """Say since when somebody belongs to a study: colours follow this order."""
    connection.execute(
        update(membership).where(_member(study_id, coder_id)).values(created_at=joined_at)
    )


def drop_member(connection: Connection, study_id: int, coder_id: int) -> None:
    """Take somebody out of the members; what they did stays."""
    connection.execute(delete(membership).where(_member(study_id, coder_id)))


def keep_joining(connection: Connection, study_id: int, joining: Joining) -> None:
    """Write down who may join a study."""
    left = [[item.coder_id, item.joined_at, item.left_at] for item in joining.left]
    studies.change_settings(connection, study_id, **{TEAM: {"open": joining.open, "left": left}})


def _member(study_id: int, coder_id: int) -> ColumnElement[bool]:
    return and_(membership.c.study_id == study_id, membership.c.coder_id == coder_id)


def documents_in(
    connection: Connection, study_id: int, actor_id: int, where: DocumentFilter
) -> list[int]:
    """List the keys of the codable documents that a filter means."""
    rows = connection.execute(
        select(document.c.id)
        .select_from(documents_joined_for(where, actor_id))
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            not_withdrawn(connection, study_id),
            *document_conditions(connection, study_id, actor_id, where),
        )
        .order_by(document.c.id)
    )
    return list(rows.scalars())


def strata_of(
    connection: Connection, study_id: int, attribute_id: int, separator: str
) -> dict[int, str]:
    """Give the value that an attribute has for each document's respondent; several are joined."""
    rows = connection.execute(
        select(document.c.id, respondent_attribute.c.value)
        .join(
            respondent_attribute, respondent_attribute.c.respondent_id == document.c.respondent_id
        )
        .where(document.c.study_id == study_id, respondent_attribute.c.attribute_id == attribute_id)
        .order_by(document.c.id, respondent_attribute.c.value)
    )
    found: dict[int, str] = {}
    for key, value in rows:
        found[key] = f"{found[key]}{separator}{value}" if key in found else value
    return found


def rows_of(connection: Connection, document_ids: Sequence[int]) -> dict[int, list[AssignmentRow]]:
    """Give who has each of these documents; empty lists for those that nobody has."""
    found: dict[int, list[AssignmentRow]] = {key: [] for key in document_ids}
    for part in parts(document_ids):
        for row in connection.execute(
            select(assignment)
            .where(assignment.c.document_id.in_(part))
            .order_by(assignment.c.document_id, assignment.c.coder_id)
        ):
            found[row.document_id].append((row.coder_id, row.blind, row.created_at))
    return found


def any_gone(connection: Connection, document_ids: Sequence[int]) -> bool:
    """Tell whether one of these documents is not there any more."""
    n = 0
    for part in parts(document_ids):
        here = select(func.count()).where(document.c.id.in_(part))
        n += connection.execute(here).scalar_one()
    return n < len(set(document_ids))


def put_rows(connection: Connection, wanted: Mapping[int, Sequence[AssignmentRow]]) -> None:
    """Write who has each of these documents, in place of who had them."""
    for part in parts(list(wanted)):
        connection.execute(delete(assignment).where(assignment.c.document_id.in_(part)))
        rows = [
            {"document_id": key, "coder_id": who, "blind": blind, "created_at": at}
            for key in part
            for who, blind, at in wanted[key]
        ]
        if rows:
            connection.execute(insert(assignment), rows)


def still_hidden(connection: Connection, document_ids: Sequence[int]) -> set[int]:
    """Give those of these documents that hide people's codings from each other, and hold some.

    To take blind coders from them would show what they coded.
    """
    begun = or_(
        exists().where(
            document_state.c.document_id == document.c.id, document_state.c.state != "untouched"
        ),
        exists().where(coding.c.document_id == document.c.id, coding.c.deleted_at.is_(None)),
    )
    found: set[int] = set()
    for part in parts(document_ids):
        found |= set(
            connection.execute(
                select(document.c.id).where(
                    document.c.id.in_(part), Sight(0, False).hides_others(document.c.id), begun
                )
            ).scalars()
        )
    return found


def loads(connection: Connection, study_id: int) -> dict[int, Load]:
    """Count for everybody what they were given, and how far they are with it."""
    state = func.coalesce(document_state.c.state, "untouched")
    rows = connection.execute(
        select(assignment.c.coder_id, assignment.c.blind, state, func.count())
        .select_from(_assigned())
        .where(document.c.study_id == study_id, document.c.codable)
        .group_by(assignment.c.coder_id, assignment.c.blind, state)
    )
    found: dict[int, Load] = {}
    for who, blind, reached, n in rows:
        old = found.get(who, Load())
        found[who] = Load(
            old.assigned + n,
            old.begun + (n if reached == "in_progress" else 0),
            old.done + (n if reached == "done" else 0),
            old.blind + (n if blind else 0),
        )
    return found


def _assigned() -> Any:
    return assignment.join(document, document.c.id == assignment.c.document_id).outerjoin(
        document_state,
        and_(
            document_state.c.document_id == assignment.c.document_id,
            document_state.c.coder_id == assignment.c.coder_id,
        ),
    )


def loads_by_stratum(
    connection: Connection, study_id: int, attribute_id: int
) -> dict[tuple[str | None, int], int]:
    """Count who has how many documents in each group of an attribute; None: not stated."""
    joined = assignment.join(document, document.c.id == assignment.c.document_id).outerjoin(
        respondent_attribute,
        and_(
            respondent_attribute.c.respondent_id == document.c.respondent_id,
            respondent_attribute.c.attribute_id == attribute_id,
        ),
    )
    rows = connection.execute(
        select(
            respondent_attribute.c.value,
            assignment.c.coder_id,
            func.count(distinct(assignment.c.document_id)),
        )
        .select_from(joined)
        .where(document.c.study_id == study_id, document.c.codable)
        .group_by(respondent_attribute.c.value, assignment.c.coder_id)
    )
    return {(value, who): n for value, who, n in rows}


def pairs_ready(connection: Connection, study_id: int) -> dict[tuple[int, int], int]:
    """Count for every two people the documents that both have done, and that hide nothing."""
    one, other = document_state.alias("one"), document_state.alias("other")
    rows = connection.execute(
        select(one.c.coder_id, other.c.coder_id, func.count())
        .select_from(
            one.join(
                other,
                and_(other.c.document_id == one.c.document_id, other.c.coder_id > one.c.coder_id),
            ).join(document, document.c.id == one.c.document_id)
        )
        .where(
            document.c.study_id == study_id,
            document.c.codable,
            one.c.state == "done",
            other.c.state == "done",
            one.c.coder_id != CONSENSUS,
            ~Sight(0, False).hides_others(document.c.id),
        )
        .group_by(one.c.coder_id, other.c.coder_id)
    )
    return {(left, right): n for left, right, n in rows}


def count_of(connection: Connection, study_id: int, coder_id: int) -> int:
    """Count the codable documents that one person has."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(assignment.join(document, document.c.id == assignment.c.document_id))
            .where(
                assignment.c.coder_id == coder_id, document.c.study_id == study_id,
                document.c.codable,
            )
        ).scalar_one()
    )  # fmt: skip


def count_assigned(connection: Connection, study_id: int) -> tuple[int, int]:
    """Count the codable documents that somebody has, and those that several people have."""
    each = (
        select(func.count().label("n"))
        .select_from(assignment.join(document, document.c.id == assignment.c.document_id))
        .where(document.c.study_id == study_id, document.c.codable)
        .group_by(assignment.c.document_id)
        .subquery("each_document")
    )
    n, several = connection.execute(
        select(func.count(), func.count().filter(each.c.n > 1)).select_from(each)
    ).one()
    return int(n), int(several)

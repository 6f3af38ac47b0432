"""Machine drafts: which documents are, and who has agreed to code one all the same.

In: a study and documents. Out: keys and counts. Whether a study has any drafts is asked first, of
an index that holds nothing but them, so that a study without any pays nothing for this.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, func, insert, select

from workbench.domain.transcripts import Standing
from workbench.store.bulk import parts
from workbench.store.clock import now
from workbench.store.tables import document, draft_acceptance, respondent


def drafts_of(study_id: int | BindParameter[int]) -> Select[tuple[int]]:
    """Select the keys of a study's drafts, as the index of drafts gives them."""
    drafted = document.alias("drafted")  # so that it stands for itself within other queries
    return select(drafted.c.id).where(
        drafted.c.study_id == study_id, drafted.c.transcript == "draft"
    )


_ANY_DRAFT = drafts_of(bindparam("study")).limit(1)
"""Built once: it is asked at every coding."""


def any_drafts(connection: Connection, study_id: int) -> bool:
    """Tell whether a study has any machine draft, readable or not."""
    return connection.execute(_ANY_DRAFT, {"study": study_id}).first() is not None


def count_drafts(connection: Connection, study_id: int) -> int:
    """Count the drafts that can be coded, without those of people who have withdrawn."""
    query = (
        select(func.count())
        .select_from(document.outerjoin(respondent, respondent.c.id == document.c.respondent_id))
        .where(
            document.c.study_id == study_id,
            document.c.transcript == "draft",
            document.c.codable,
            respondent.c.withdrawn_at.is_(None),
        )
    )
    return int(connection.execute(query).scalar_one())


def standing_of(connection: Connection, document_id: int) -> Standing | None:
    """Tell how a document's words stand; None where no machine wrote them."""
    found: Standing | None = connection.execute(
        select(document.c.transcript).where(document.c.id == document_id)
    ).scalar()
    return found


def standings(
    connection: Connection, study_id: int, document_ids: Collection[int]
) -> dict[int, Standing]:
    """Tell how the words of several documents stand; without those that no machine wrote."""
    found: dict[int, Standing] = {}
    for part in parts(list(document_ids)):
        rows = connection.execute(
            select(document.c.id, document.c.transcript).where(
                document.c.study_id == study_id,
                document.c.id.in_(part),
                document.c.transcript.isnot(None),
            )
        )
        found |= {row.id: row.transcript for row in rows}
    return found


def has_accepted(connection: Connection, document_id: int, coder_id: int) -> bool:
    """Tell whether somebody has agreed to code this draft."""
    return connection.execute(_acceptance(document_id, coder_id)).first() is not None


def not_accepted(
    connection: Connection, study_id: int, document_ids: Sequence[int], coder_id: int
) -> list[int]:
    """Give the drafts among documents that somebody has not agreed to code, in their order."""
    drafts = {
        key
        for key, standing in standings(connection, study_id, document_ids).items()
        if standing == "draft"
    }
    if not drafts:
        return []
    accepted = set(
        connection.execute(
            select(draft_acceptance.c.document_id).where(
                draft_acceptance.c.coder_id == coder_id, draft_acceptance.c.document_id.in_(drafts)
            )
        ).scalars()
    )
    return [key for key in dict.fromkeys(document_ids) if key in drafts - accepted]


def accept(connection: Connection, document_id: int, coder_id: int) -> bool:
    """Note that somebody codes a draft although they were warned; tell whether that is new."""
    if has_accepted(connection, document_id, coder_id):
        return False
    connection.execute(
        insert(draft_acceptance).values(
            document_id=document_id, coder_id=coder_id, accepted_at=now()
        )
    )
    return True


def _acceptance(document_id: int, coder_id: int) -> Select[Any]:
    return select(draft_acceptance.c.accepted_at).where(
        and_(
            draft_acceptance.c.document_id == document_id,
            draft_acceptance.c.coder_id == coder_id,
        )
    )

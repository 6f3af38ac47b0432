"""Machine drafts: which documents are some, and who codes them although they were warned.

In: a study, documents, people. Out: counts, conditions and acceptances.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, select

from workbench.store.bulk import parts
from workbench.store.clock import now
from workbench.store.tables import document, draft_acceptance
from workbench.store.upsert import insert_if_absent


def drafts_of(study_id: int | None = None) -> Select[Any]:
    """Select the documents that are machine drafts."""
    found = select(document.c.id).where(document.c.transcript == "draft")
    return found if study_id is None else found.where(document.c.study_id == study_id)


def is_draft(*, wanted: bool) -> ColumnElement[bool]:
    """Tell whether a document is a machine draft, or is none."""
    known = drafts_of().correlate(None)
    return document.c.id.in_(known) if wanted else document.c.id.notin_(known)


def any_drafts(connection: Connection, study_id: int) -> bool:
    """Tell whether a study has machine drafts that can be coded; quick where it has none."""
    found = exists(drafts_of(study_id).where(document.c.codable))
    return bool(connection.execute(select(found)).scalar())


def drafts_among(connection: Connection, document_ids: Sequence[int]) -> set[int]:
    """Give those of some documents that are machine drafts."""
    found: set[int] = set()
    for part in parts(document_ids):
        rows = connection.execute(drafts_of().where(document.c.id.in_(part)))
        found |= {key for (key,) in rows}
    return found


def accepted_by(connection: Connection, coder_id: int, document_ids: Sequence[int]) -> set[int]:
    """Give those of some documents that a person codes although they were warned."""
    found: set[int] = set()
    for part in parts(document_ids):
        rows = connection.execute(
            select(draft_acceptance.c.document_id).where(
                draft_acceptance.c.coder_id == coder_id, draft_acceptance.c.document_id.in_(part)
            )
        )
        found |= set(rows.scalars())
    return found


def accept(connection: Connection, coder_id: int, document_id: int) -> bool:
    """Note that a person codes a draft although they were warned; tell whether that is new."""
    return insert_if_absent(
        connection, draft_acceptance, document_id=document_id, coder_id=coder_id, accepted_at=now()
    )

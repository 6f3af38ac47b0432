"""Which memos a person may see: the one predicate that every read of memos passes.

A memo is as hidden as what it is about: while a document is coded blind, others' memos on it, on
its codings, on whose answer it is and on codes made while reading it are shown to nobody but their
authors. Memos on the study and on versions of the codebook are everybody's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from workbench.store.tables import code, codebook_version, coding, document, memo, respondent
from workbench.store.visibility import Sight, sight_of


def memos_seen(
    connection: Connection, study_id: int, actor_id: int, rows: Any = None
) -> ColumnElement[bool]:
    """Give the condition under which a live memo of this study may be seen.

    Memos on what is not there any more (withdrawn respondents, codes whose making was undone) are
    left out, one's own too.

    Parameters
    ----------
    rows
        Columns of `memo`, where a query has them under another name.
    """
    columns = memo.c if rows is None else rows
    sight = sight_of(connection, study_id, actor_id)
    seen = [columns.study_id == study_id, columns.deleted_at.is_(None), _stands(columns)]
    if not sight.hides_nothing:
        seen.append(or_(columns.author_id == actor_id, ~sight.hides_memo(columns)))
    return and_(*seen)


def _stands(columns: Any) -> ColumnElement[bool]:
    """Tell whether what a memo is about is still there to be read about."""
    kind, key = columns.target_kind, columns.target_id
    withdrawn = select(respondent.c.id).where(respondent.c.withdrawn_at.isnot(None))
    theirs = select(document.c.id).where(document.c.respondent_id.in_(withdrawn))
    on_theirs = select(coding.c.id).where(coding.c.document_id.in_(theirs))
    undone = select(code.c.id).where(code.c.deleted_at.isnot(None))
    return ~or_(
        and_(kind == "respondent", key.in_(withdrawn)),
        and_(kind == "document", key.in_(theirs)),
        and_(kind == "coding", key.in_(on_theirs)),
        and_(kind == "code", key.in_(undone)),
    )


def may_write_on(connection: Connection, study_id: int, actor_id: int, kind: str, key: int) -> bool:
    """Tell whether there is such a thing in the study that the person may see and write about."""
    sight = sight_of(connection, study_id, actor_id)
    present: Any = None
    if kind == "study":
        return key == study_id
    if kind == "codebook_version":
        present = select(codebook_version.c.id).where(
            codebook_version.c.id == key, codebook_version.c.study_id == study_id
        )
    elif kind == "respondent":
        present = select(respondent.c.id).where(
            respondent.c.id == key,
            respondent.c.study_id == study_id,
            respondent.c.withdrawn_at.is_(None),
        )
    elif kind == "code":
        present = select(code.c.id).where(
            code.c.id == key, code.c.study_id == study_id, code.c.deleted_at.is_(None)
        )
        present = present.where(sight.sees_code(code.c))
    else:
        present = _in_documents(sight, study_id, kind, key)
    return connection.execute(present).first() is not None


def _in_documents(sight: Sight, study_id: int, kind: str, key: int) -> Any:
    """Select a document, or a coding in one, whose respondent has not withdrawn."""
    present = (
        select(document.c.id)
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .where(document.c.study_id == study_id, respondent.c.withdrawn_at.is_(None))
    )
    if kind == "document":
        return present.where(document.c.id == key)
    return present.join(coding, coding.c.document_id == document.c.id).where(
        coding.c.id == key, coding.c.deleted_at.is_(None), sight.sees(coding.c)
    )

"""Codings that were made before their code's definition changed, and not looked at since.

In: a study and who asks. Out: counts by code, and one page or one coding at a time.

A coding stands unreviewed while it is live and the version of the codebook under which it was made
(or kept) is older than the one in which the code that it counts as was defined. One that came with
an import and has no version counts as older than any; one that a person made before there were
versions counts as reviewed, since nothing tells under which definition they worked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, or_, select, update

from workbench.domain.documents import document_label
from workbench.store.bulk import parts
from workbench.store.coding.anchors import lost_words
from workbench.store.coding.codings import current_anchor
from workbench.store.tables import (
    CONSENSUS,
    anchor,
    code,
    code_ancestor,
    coder,
    coding,
    coding_respondent,
    document,
    question,
    respondent,
    revision,
)
from workbench.store.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A coding that stands to be looked at again.

    `code_id` is the code that it counts as, `own_code_id` the one that it has: another one, where
    that was merged. `version_id` is the version under which it was made or kept last, None where
    nobody knows. `start` and `end` are a best guess where it is `flagged`; `quote` is then what it
    was placed on last, and None where it covers the whole text.
    """

    id: int
    guid: str
    document_id: int
    label: str
    question_ref: str
    question: str
    code_id: int
    own_code_id: int
    coder_id: int
    coder: str
    version_id: int | None
    created_at: str
    text: str
    start: int | None
    end: int | None
    flagged: bool
    quote: str | None
    revision_id: int
    is_shared: bool
    """Whether the text is nobody's alone, such as a discussion."""


def count_unreviewed(
    connection: Connection, study_id: int, actor_id: int, *, coder_id: int | None = None
) -> dict[int, int]:
    """Count what stands unreviewed, of one coder or of all, by the code that it counts as."""
    rows = connection.execute(
        _unreviewed(connection, study_id, actor_id, coder_id)
        .add_columns(code.c.id, func.count())
        .group_by(code.c.id)
    )
    return {row[0]: row[1] for row in rows}


def list_unreviewed(
    connection: Connection,
    study_id: int,
    actor_id: int,
    code_id: int,
    *,
    coder_id: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Unreviewed]:
    """List one page of what stands unreviewed with one code, by document and age."""
    keys = connection.execute(
        _of_code(connection, study_id, actor_id, code_id, coder_id)
        .add_columns(coding.c.id)
        .order_by(coding.c.document_id, coding.c.id)
        .offset(offset)
        .limit(limit)
    ).scalars()
    return _read(connection, list(keys))


def keys_unreviewed(
    connection: Connection, study_id: int, actor_id: int, code_id: int, *, coder_id: int | None
) -> dict[int, int | None]:
    """Give all that stands unreviewed with one code: keys, each with the version it has."""
    rows = connection.execute(
        _of_code(connection, study_id, actor_id, code_id, coder_id).add_columns(
            coding.c.id, coding.c.codebook_version_id
        )
    )
    return {row.id: row.codebook_version_id for row in rows}


def find_unreviewed(
    connection: Connection, study_id: int, actor_id: int, guids: Sequence[str]
) -> list[Unreviewed]:
    """Find those of these codings that stand unreviewed and may be seen, in the order given."""
    found: dict[str, int] = {}
    for part in parts(list(guids)):
        rows = connection.execute(
            _unreviewed(connection, study_id, actor_id, None)
            .add_columns(coding.c.guid, coding.c.id)
            .where(coding.c.guid.in_(part))
        )
        found |= {row.guid: row.id for row in rows}
    return _read(connection, [found[guid] for guid in guids if guid in found])


def mark_reviewed(connection: Connection, coding_ids: Collection[int], version_id: int) -> None:
    """Note under which version codings were looked at last."""
    for part in parts(sorted(coding_ids)):
        connection.execute(
            update(coding).where(coding.c.id.in_(part)).values(codebook_version_id=version_id)
        )


def _unreviewed(
    connection: Connection, study_id: int, actor_id: int, coder_id: int | None
) -> Select[Any]:
    """Join the few codes whose definition has changed to the codings that count as them."""
    return (
        select()
        .select_from(code)
        .join(
            code_ancestor,
            and_(code_ancestor.c.ancestor_id == code.c.id, code_ancestor.c.depth == 0),
        )
        .join(coding, coding.c.code_id == code_ancestor.c.code_id)
        .where(
            code.c.study_id == study_id,
            code.c.defined_in.isnot(None),
            code.c.deleted_at.is_(None),
            *_standing(connection, study_id, actor_id, coder_id, code.c.defined_in),
        )
    )


def _of_code(
    connection: Connection, study_id: int, actor_id: int, code_id: int, coder_id: int | None
) -> Select[Any]:
    """Select from the codings of one code, in the order of the index: the first page is quick."""
    known = connection.execute(
        select(code_ancestor.c.code_id, code.c.defined_in)
        .join(code, code.c.id == code_ancestor.c.ancestor_id)
        .where(
            code_ancestor.c.ancestor_id == code_id,
            code_ancestor.c.depth == 0,
            code.c.study_id == study_id,
            code.c.defined_in.isnot(None),
            code.c.deleted_at.is_(None),
        )
    ).all()
    if not known:
        return select().select_from(coding).where(false())
    keys = [row.code_id for row in known]
    return (
        select()
        .select_from(coding)
        .where(
            coding.c.code_id == keys[0] if len(keys) == 1 else coding.c.code_id.in_(keys),
            *_standing(connection, study_id, actor_id, coder_id, known[0].defined_in),
        )
    )


def _standing(
    connection: Connection,
    study_id: int,
    actor_id: int,
    coder_id: int | None,
    defined_in: Any,
) -> list[ColumnElement[bool]]:
    """Tell which codings stand unreviewed, may be seen, and are of this coder or of anybody."""
    withdrawn = select(respondent.c.id).where(
        respondent.c.study_id == study_id, respondent.c.withdrawn_at.isnot(None)
    )
    answers = select(document.c.id).where(document.c.respondent_id.in_(withdrawn))
    spoken = select(coding_respondent.c.coding_id).where(
        coding_respondent.c.respondent_id.in_(withdrawn)
    )
    whose = coding.c.coder_id != CONSENSUS if coder_id is None else coding.c.coder_id == coder_id
    return [
        coding.c.deleted_at.is_(None),
        or_(
            coding.c.codebook_version_id < defined_in,
            and_(coding.c.codebook_version_id.is_(None), coding.c.origin == "import"),
        ),
        whose,
        coding.c.document_id.not_in(answers),
        coding.c.id.not_in(spoken),
        visible_to(connection, study_id, actor_id, coding.c),
    ]


_READ = (
    select(
        coding,
        code_ancestor.c.ancestor_id,
        coder.c.name.label("coder"),
        respondent.c.ref.label("respondent_ref"),
        document.c.ref,
        question.c.ref.label("question_ref"),
        question.c.text.label("question"),
        revision.c.text,
        revision.c.id.label("revision_id"),
        document.c.respondent_id,
        anchor.c.start,
        anchor.c.end,
        anchor.c.state,
    )
    .select_from(coding)
    .join(document, document.c.id == coding.c.document_id)
    .join(revision, revision.c.id == document.c.current_revision_id)
    .join(anchor, current_anchor())
    .join(coder, coder.c.id == coding.c.coder_id)
    .join(
        code_ancestor,
        and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
    )
    .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
    .outerjoin(question, question.c.id == document.c.question_id)
)


def _read(connection: Connection, keys: Sequence[int]) -> list[Unreviewed]:
    found: dict[int, Unreviewed] = {}
    for part in parts(keys):
        rows = connection.execute(_READ.where(coding.c.id.in_(part))).all()
        lost = lost_words(connection, [row.id for row in rows if row.state == "flagged"])
        found |= {row.id: _coding(row, lost) for row in rows}
    return [found[key] for key in keys if key in found]


def _coding(row: Any, lost: dict[int, str]) -> Unreviewed:
    flagged = row.state == "flagged"
    whole = row.start is None
    return Unreviewed(
        id=row.id,
        guid=row.guid,
        document_id=row.document_id,
        label=document_label(row.document_id, row.respondent_ref, row.ref),
        question_ref=row.question_ref or "",
        question=row.question or "",
        code_id=row.ancestor_id,
        own_code_id=row.code_id,
        coder_id=row.coder_id,
        coder=row.coder,
        version_id=row.codebook_version_id,
        created_at=row.created_at,
        text=row.text,
        start=row.start,
        end=row.end,
        flagged=flagged,
        quote=lost.get(row.id) if flagged else None if whole else row.text[row.start : row.end],
        revision_id=row.revision_id,
        is_shared=row.respondent_id is None,
    )

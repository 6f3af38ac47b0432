"""What memos are about, as people call it, and where it is found.

In: kinds and keys. Out: a `Place` for each; what is not there any more is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from workbench.domain.codebook import format_path
from workbench.domain.documents import document_label
from workbench.domain.memos import Place
from workbench.store.bulk import parts
from workbench.store.coding.quoting import closed_discussions, is_open
from workbench.store.memos.memo_threads import by_kind
from workbench.store.tables import code, codebook_version, coding, document, question, respondent
from workbench.store.visibility import Sight, sight_of

Key = tuple[str, int]

REMOVED = "removed since"
"""Said of a coding that is not there any more, though the memo on it is."""


def places_of(
    connection: Connection, study_id: int, actor_id: int, about: Iterable[Key]
) -> dict[Key, Place]:
    """Tell what each of these is, in one question for each kind.

    Of a coding that the person may not see (now), nothing but the answer is told.
    """
    sight = sight_of(connection, study_id, actor_id)
    found: dict[Key, Place] = {}
    for kind, keys in by_kind(about).items():
        look_up = _KINDS.get(kind)
        for part in parts(keys):
            if look_up is not None:
                places = look_up(connection, study_id, part, sight)
                found.update({(kind, place.id): place for place in places})
    return found


def _studies(connection: Connection, study_id: int, keys: Sequence[int], _: Sight) -> list[Place]:
    return [Place("study", study_id, "The study")] if study_id in keys else []


def _versions(connection: Connection, study_id: int, keys: Sequence[int], _: Sight) -> list[Place]:
    rows = connection.execute(
        select(codebook_version.c.id, codebook_version.c.number, codebook_version.c.name).where(
            codebook_version.c.study_id == study_id, codebook_version.c.id.in_(keys)
        )
    )
    return [Place("codebook_version", row.id, version_name(row.number, row.name)) for row in rows]


def version_name(number: int, name: str | None) -> str:
    """Call a version of the codebook by its number, and its name where it has one."""
    return f"Version {number}: {name}" if name else f"Version {number}"


def versions_to_write_on(connection: Connection, study_id: int) -> dict[int, str]:
    """Name the newest version of the codebook and all that have a name, the newest first."""
    rows = connection.execute(
        select(codebook_version.c.id, codebook_version.c.number, codebook_version.c.name)
        .where(codebook_version.c.study_id == study_id)
        .order_by(codebook_version.c.number.desc())
    ).all()
    return {
        row.id: version_name(row.number, row.name)
        for place, row in enumerate(rows)
        if row.name or not place
    }


def _codes(connection: Connection, study_id: int, keys: Sequence[int], _: Sight) -> list[Place]:
    paths = code_paths(connection, study_id)
    return [Place("code", key, paths[key], code_id=key) for key in keys if key in paths]


def code_paths(connection: Connection, study_id: int) -> dict[int, str]:
    """Write the path of every code, merged ones too."""
    rows = {
        row.id: row
        for row in connection.execute(
            select(code.c.id, code.c.name, code.c.parent_id, code.c.status, code.c.merged_into)
            .where(code.c.study_id == study_id, code.c.deleted_at.is_(None))
        )
    }  # fmt: skip
    found: dict[int, str] = {}
    for key, row in rows.items():
        names, above = [row.name], row.parent_id
        while above in rows and len(names) <= len(rows):
            names.append(rows[above].name)
            above = rows[above].parent_id
        found[key] = format_path(tuple(reversed(names)))
        if row.status == "merged" and row.merged_into in rows:
            found[key] += f" (merged into {rows[row.merged_into].name})"
    return found


def _respondents(
    connection: Connection, study_id: int, keys: Sequence[int], _: Sight
) -> list[Place]:
    rows = connection.execute(
        select(respondent.c.id, respondent.c.ref, respondent.c.may_be_quoted).where(
            respondent.c.study_id == study_id, respondent.c.id.in_(keys)
        )
    )
    return [
        Place(
            "respondent",
            row.id,
            row.ref,
            respondent_id=row.id,
            may_be_quoted=row.may_be_quoted is not False,
        )
        for row in rows
    ]


_ANSWER = (
    document.c.id.label("document_id"),
    document.c.ref,
    document.c.respondent_id,
    respondent.c.ref.label("respondent_ref"),
    respondent.c.may_be_quoted,
    question.c.ref.label("question_ref"),
)
_JOINED = document.outerjoin(respondent, respondent.c.id == document.c.respondent_id).outerjoin(
    question, question.c.id == document.c.question_id
)


def _documents(connection: Connection, study_id: int, keys: Sequence[int], _: Sight) -> list[Place]:
    shut = document.c.id.in_(closed_discussions(study_id))
    rows = connection.execute(
        select(*_ANSWER, shut.label("shut"))
        .select_from(_JOINED)
        .where(document.c.study_id == study_id, document.c.id.in_(keys))
    )
    return [_answer("document", row.document_id, _answer_name(row), row) for row in rows]


def _codings(
    connection: Connection, study_id: int, keys: Sequence[int], sight: Sight
) -> list[Place]:
    rows = connection.execute(
        select(*_ANSWER, coding.c.id, coding.c.coder_id, coding.c.code_id, coding.c.deleted_at,
               code.c.name, sight.sees(coding.c).label("seen"), (~is_open(study_id)).label("shut"))
        .select_from(_JOINED.join(coding, coding.c.document_id == document.c.id)
                     .join(code, code.c.id == coding.c.code_id))
        .where(document.c.study_id == study_id, coding.c.id.in_(keys))
    )  # fmt: skip
    return [
        _answer(
            "coding",
            row.id,
            _coding_name(row),
            row,
            code_id=row.code_id if row.seen else None,
            coder_id=row.coder_id,
        )
        for row in rows
    ]


def _coding_name(row: Any) -> str:
    if not row.seen:
        return f"a coding on {_answer_name(row)}"
    return f"{row.name} on {_answer_name(row)}" + (f" ({REMOVED})" if row.deleted_at else "")


def _answer(kind: Any, key: int, label: str, row: Any, **more: Any) -> Place:
    return Place(
        kind,
        key,
        label,
        document_id=row.document_id,
        respondent_id=row.respondent_id,
        may_be_quoted=row.may_be_quoted is not False and not row.shut,
        **more,
    )


def _answer_name(row: Any) -> str:
    name = document_label(row.document_id, row.respondent_ref, row.ref)
    return f"{name} · {row.question_ref}" if row.question_ref else name


_KINDS: dict[str, Callable[[Connection, int, Sequence[int], Sight], list[Place]]] = {
    "study": _studies,
    "codebook_version": _versions,
    "code": _codes,
    "respondent": _respondents,
    "document": _documents,
    "coding": _codings,
}

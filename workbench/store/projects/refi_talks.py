"""A study's discussions by name, with every text that they have had."""

from __future__ import annotations

from sqlalchemy import Connection, select

from workbench.store.tables import document, revision


def discussions_by_name(connection: Connection, study_id: int) -> dict[str, int]:
    """Give the discussions of a study by what they are called."""
    rows = connection.execute(
        select(document.c.ref, document.c.id).where(
            document.c.study_id == study_id,
            document.c.kind == "focus_group",
            document.c.ref.isnot(None),
        )
    )
    return {row[0]: row[1] for row in rows}


def texts_of_a_discussion(connection: Connection, document_id: int) -> list[tuple[int, str]]:
    """Give the texts of a discussion, with their revisions, the newest first."""
    rows = connection.execute(
        select(revision.c.id, revision.c.text)
        .where(revision.c.document_id == document_id)
        .order_by(revision.c.number.desc())
    )
    return [(row[0], row[1]) for row in rows]

"""What of a study is hidden from who brings in a project: others' work on what is coded blindly.

In: keys that things of a file stand for. Out: those on which the person may neither find nor write
anything of others.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from workbench.store.bulk import parts
from workbench.store.tables import document, memo, segment
from workbench.store.visibility import Sight


def hidden_memos(connection: Connection, sight: Sight, keys: Sequence[int]) -> set[int]:
    """Give those of these memos that are hidden from a person: others', on what hides them."""
    found: set[int] = set()
    for part in () if sight.hides_nothing else parts(keys):
        theirs = memo.c.author_id != sight.actor_id
        query = select(memo.c.id).where(memo.c.id.in_(part), theirs, sight.hides_memo(memo.c))
        found |= set(connection.execute(query).scalars())
    return found


def closed_people(connection: Connection, sight: Sight, people: Sequence[int]) -> set[int]:
    """Give those of these respondents on whom memos are hidden from a person.

    That is who answered, or speaks in, a document that hides others' work.
    """
    found: set[int] = set()
    for part in () if sight.hides_nothing else parts(people):
        answered = select(document.c.respondent_id).where(
            document.c.respondent_id.in_(part), sight.hides_others(document.c.id)
        )
        spoke = (
            select(segment.c.respondent_id)
            .join(document, document.c.current_revision_id == segment.c.revision_id)
            .where(segment.c.respondent_id.in_(part), sight.hides_others(document.c.id))
        )
        for query in (answered, spoke):
            found |= set(connection.execute(query).scalars())
    return found


def closed_documents(connection: Connection, sight: Sight, keys: Sequence[int]) -> set[int]:
    """Give those of these documents that show a person nobody's work but their own."""
    found: set[int] = set()
    for part in () if sight.hides_nothing else parts(keys):
        found |= set(
            connection.execute(
                select(document.c.id).where(
                    document.c.id.in_(part), sight.hides_others(document.c.id)
                )
            ).scalars()
        )
    return found

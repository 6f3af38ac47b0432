"""Star: mark a quote so that it is found again.

In: a coding that the person may see, anybody's. Out: their own star on it, or none any more.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.errors import NotFound
from workbench.services.trail import trail
from workbench.store.coding import codings, stars
from workbench.store.engine import Database


def set_star(
    actor: Actor, database: Database, study_id: int, coding_guid: str, *, starred: bool = True
) -> bool:
    """Star a coding, or take one's own star away; tell whether that changed anything.

    A star belongs to whoever gave it, whosever coding it is on. Nothing else changes, and nobody's
    undo is in its way: to take it back is to ask for the opposite.

    Raises
    ------
    NotFound
        When the coding is not there, or not to be seen by this person.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        found = codings.find_coding(connection, study_id, actor.id, coding_guid)
        if found is None or found[1] is not None:
            raise NotFound("this coding is not there any more.")
        coding_id = found[0].id
        changed = stars.set_star(connection, coding_id, actor.id, starred=starred)
        if changed:
            verb = "star" if starred else "take star"
            trail.record(
                connection, actor, study_id, verb, document_id=found[0].document_id,
                details={"coding": coding_id},
            )  # fmt: skip
        return changed

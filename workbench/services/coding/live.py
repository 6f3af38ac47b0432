"""Live: whether anything has been done in a study since somebody looked last.

In: a ticket, asked again every few seconds by each open coding page. Out: a few letters that are
others as soon as anybody has done anything; they say neither what nor how much.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.services.voice_notes import tickets
from workbench.store.engine import Database
from workbench.store.trail import events

PATH = "/live"
"""Where the app's server answers."""

LETTERS = 16
"""Of an answer."""

_TO_TELL_APART = 0
"""A number that a ticket for a recording never has in this place."""


def live_url(actor: Actor, database: Database, study_id: int) -> str:
    """Give the address, on the app's own server, that tells whether something was done."""
    until = tickets.lasting_until()
    return f"{PATH}/{tickets.make(study_id, _TO_TELL_APART, _TO_TELL_APART, actor.id, until)}"


def standing(actor: Actor, database: Database, study_id: int) -> str:
    """Give what the address answers now."""
    with database.read() as connection:
        number = events.last_number(connection, study_id)
    return tickets.signed(f"live.{study_id}.{number}")[:LETTERS]


def answer(database: Database, ticket: str) -> str:
    """Answer a request: one row is read, and nothing else.

    Raises
    ------
    NotAllowed
        When the ticket is not ours or has run out.
    """
    study_id, _, _, actor_id, _ = tickets.read(ticket, 5)
    return standing(Actor(actor_id, ""), database, study_id)

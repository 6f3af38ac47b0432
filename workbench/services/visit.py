"""The guided first visit: which step somebody has come to, and what they have done already.

In: a person, and the study that is open. Out: where the visit stands. It is kept with the person,
so that it goes on after a reload and in another browser; it is no part of any study.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from workbench.domain.codings import Actor
from workbench.store import preferences
from workbench.store.counting import progress as counted
from workbench.store.engine import Connection, Database

__all__ = ["STEPS", "Step", "Visit", "end", "get", "go_to", "is_done", "see", "start"]

Step = Literal["study", "codebook", "code", "done", "themes", "extracts"]
STEPS: tuple[Step, ...] = ("study", "codebook", "code", "done", "themes", "extracts")

State = Literal["offered", "open", "ended"]
KEY = "visit"


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a person's visit stands. `seen` are the steps whose page they have come to."""

    state: State = "offered"
    step: Step = "study"
    seen: frozenset[str] = frozenset()

    @property
    def place(self) -> int:
        """The step's number, from 0."""
        return STEPS.index(self.step)

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self.step == STEPS[-1]


def get(actor: Actor, database: Database) -> Visit:
    """Tell where the visit stands; whoever has never been asked is offered it."""
    with database.read() as connection:
        return _read(connection, actor)


def start(actor: Actor, database: Database) -> Visit:
    """Begin the visit, or take it again from the first step."""
    return _write(actor, database, lambda _: Visit("open"))


def end(actor: Actor, database: Database) -> Visit:
    """Leave the visit; it is not offered again, and can be taken again on request."""
    return _write(actor, database, lambda visit: replace(visit, state="ended"))


def go_to(actor: Actor, database: Database, step: Step) -> Visit:
    """Go on or back to a step."""
    return _write(actor, database, lambda visit: replace(visit, state="open", step=step))


def see(actor: Actor, database: Database, step: Step) -> Visit:
    """Note that the person has come to the page of a step."""
    return _write(actor, database, lambda visit: replace(visit, seen=visit.seen | {step}))


def is_done(actor: Actor, database: Database, study_id: int | None, visit: Visit) -> bool:
    """Tell whether the person has really done what the visit's step asks for.

    There are answers to read; there are codes, and the person has seen them; the person has coded
    something; has marked an answer done; has come to the page of results.
    """
    if study_id is None:
        return False
    with database.read() as connection:
        if visit.step == "study":
            return counted.has_answers(connection, study_id)
        if visit.step == "code":
            return counted.has_coded(connection, study_id, actor.id)
        if visit.step == "done":
            return counted.has_done(connection, study_id, actor.id)
        if visit.step == "codebook" and not counted.has_codes(connection, study_id, actor.id):
            return False
        return visit.step in visit.seen


def _read(connection: Connection, actor: Actor) -> Visit:
    kept: Any = preferences.get_preference(connection, actor.id, KEY)
    if not isinstance(kept, dict):
        return Visit()
    step = kept.get("step")
    return Visit(
        "open" if kept.get("state") == "open" else "ended",
        step if step in STEPS else STEPS[0],
        frozenset(kept.get("seen") or ()) & frozenset(STEPS),
    )


def _write(actor: Actor, database: Database, change: Callable[[Visit], Visit]) -> Visit:
    with database.write() as connection:
        changed = change(_read(connection, actor))
        kept = {"state": changed.state, "step": changed.step, "seen": sorted(changed.seen)}
        preferences.set_preference(connection, actor.id, KEY, kept)
    return changed

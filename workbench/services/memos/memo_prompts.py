"""Memo prompts: what a study asks each of its researchers to write down, and when.

At the start of a study: who they are to the people whom they study. At each version of the codebook
that is given a name: what has changed in how they read. Asking is all: "not now" is remembered with
the person, and nobody is asked again.

In: a person and a study. Out: the prompts that are due.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.codings import Actor
from workbench.domain.memos import Purpose, TargetKind
from workbench.store import preferences
from workbench.store.engine import Connection, Database
from workbench.store.memos import memo_places, memo_threads
from workbench.store.team import people

KEY = "memo_prompts"

QUESTIONS: dict[Purpose, tuple[str, ...]] = {
    "positionality": (
        "Who are you to the people whose words you will read: what do you share with them, and "
        "what not?",
        "What do you expect, or hope, to find, and where does that come from?",
        "Who might read their words otherwise than you, and how will you notice?",
    ),
    "reflexivity": (
        "Which codes did you add, merge or define anew for this version, and what made you?",
        "Whose words do not fit, and what have you done with them?",
        "Where did you and others read differently, and what does that say about each of you?",
    ),
}
"""What such memos usually think over."""

RESTS_ON: dict[Purpose, str] = {
    "positionality": "After Savin-Baden and Howell Major (2013), Qualitative Research, chapter 5; "
    "Berger (2015), Qualitative Research 15(2).",
    "reflexivity": "After Berger (2015), Qualitative Research 15(2): reflexivity goes on for as "
    "long as the study does.",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A memo that is asked for: why, on what, and what to think over."""

    purpose: Purpose
    kind: TargetKind
    target_id: int
    label: str
    questions: tuple[str, ...]
    rests_on: str


def prompts(actor: Actor, database: Database, study_id: int) -> tuple[Prompt, ...]:
    """List what this person is asked to write now: nothing they have written or put off.

    Only the newest version with a name is asked about. Who may write nothing is not asked.
    """
    with database.read() as connection:
        role = people.role_of(connection, study_id, actor.id)
        joins = role is not None or people.joining_of(connection, study_id).admits(actor.id)
        if role == "viewer" or not joins:
            return ()
        written = memo_threads.purposes_written(connection, study_id, actor.id)
        put_off = _put_off(connection, actor)
        found = [Prompt("positionality", "study", study_id, "this study",
                        QUESTIONS["positionality"], RESTS_ON["positionality"])]  # fmt: skip
        version = memo_threads.newest_named_version(connection, study_id)
        if version is not None:
            name = memo_places.version_name(version[1], version[2])
            found.append(Prompt("reflexivity", "codebook_version", version[0], name,
                                QUESTIONS["reflexivity"], RESTS_ON["reflexivity"]))  # fmt: skip
        return tuple(
            item
            for item in found
            if (item.purpose, item.target_id) not in written
            and _name(study_id, item.purpose, item.target_id) not in put_off
        )


def put_off(
    actor: Actor, database: Database, study_id: int, purpose: Purpose, target_id: int
) -> None:
    """Ask this person no more for this memo; they can still write it."""
    with database.write() as connection:
        names = _put_off(connection, actor) | {_name(study_id, purpose, target_id)}
        preferences.set_preference(connection, actor.id, KEY, sorted(names))


def _put_off(connection: Connection, actor: Actor) -> set[str]:
    kept = preferences.get_preference(connection, actor.id, KEY)
    return {str(item) for item in kept} if isinstance(kept, list) else set()


def _name(study_id: int, purpose: str, target_id: int) -> str:
    return (
        f"{study_id}:{purpose}"
        if purpose == "positionality"
        else f"{study_id}:{purpose}:{target_id}"
    )

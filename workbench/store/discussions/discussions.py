"""Discussions as states: who speaks in one, what it is called, and whose each turn is.

In: a focus group. Out: a state as undo writes it back, and the rows that it stands for, with
`coding_respondent` in line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from workbench.domain.turns import Speaker
from workbench.errors import ConflictError, GoneError
from workbench.store.bulk import parts
from workbench.store.clock import now
from workbench.store.discussions import speakers
from workbench.store.tables import (
    absent_answer,
    attribute_edit,
    document,
    matrix_cell,
    memo,
    recording,
    respondent,
    respondent_attribute,
    respondent_survey,
    segment,
    speaker,
)

DISCUSSION = "discussion"
"""What operations call a focus group with its speakers."""

State = dict[str, Any]


def state_of(connection: Connection, document_id: int, *, with_turns: bool = True) -> State:
    """Give a discussion as a state: `speakers` as lists, `turns` as places among them.

    A turn of somebody who is not among the speakers stands there with its name.

    Parameters
    ----------
    with_turns
        Tell whose each turn of the current text is.
    """
    row = connection.execute(
        select(
            document.c.current_revision_id, document.c.ref, document.c.series, document.c.held_on
        ).where(document.c.id == document_id)
    ).one()
    who = speakers.read_speakers(connection, document_id)
    state: State = {
        "id": document_id,
        "revision_id": row.current_revision_id,
        "ref": row.ref,
        "series": row.series,
        "held_on": row.held_on,
        "speakers": [as_list(item) for item in who],
    }
    if with_turns:
        place = {item.name: at for at, item in enumerate(who)}
        names = connection.execute(
            select(segment.c.speaker)
            .where(segment.c.revision_id == row.current_revision_id)
            .order_by(segment.c.position)
        ).scalars()
        state["turns"] = [place.get(name, name) if name else None for name in names]
    return state


def as_list(item: Speaker) -> list[Any]:
    """Write a speaker as a state holds them."""
    return [item.name, item.role, item.respondent_id, list(item.known_as)]


def apply_discussions(connection: Connection, rows: Sequence[State]) -> None:
    """Write who speaks in discussions, what these are called, and whose each turn is.

    `made` are respondents that go with the state, as (key, ref), `gone` those that go away with it
    unless something else is known of them by now.

    Raises
    ------
    ConflictError
        When the text is another one by now, or another document or respondent has taken a name.
    GoneError
        When a respondent has withdrawn, or is not there any more.
    """
    for row in rows:
        study_id = _still_as_seen(connection, row)
        _make_again(connection, study_id, row.get("made", ()))
        _refuse_gone(connection, [item[2] for item in row["speakers"] if item[2] is not None])
        write_back(connection, row)
        _give_turns(connection, row)
        speakers.count_again(connection, row["id"])
        _drop_unused(connection, row.get("gone", ()))


def write_back(connection: Connection, row: State) -> None:
    """Write a discussion's name, series, day and speakers; its turns stay."""
    named = {name: row[name] for name in ("ref", "series", "held_on")}
    connection.execute(update(document).where(document.c.id == row["id"]).values(**named))
    who = [
        Speaker(name, role, person, tuple(known)) for name, role, person, known in row["speakers"]
    ]
    speakers.write_speakers(connection, row["id"], who)


def _still_as_seen(connection: Connection, row: State) -> int:
    """See to it that the text is the one that was seen and the name is free; give the study."""
    found = connection.execute(
        select(document.c.study_id, document.c.current_revision_id).where(
            document.c.id == row["id"]
        )
    ).first()
    if found is None:
        raise GoneError("the focus group is not there any more.")
    if found.current_revision_id != row["revision_id"]:
        raise ConflictError("the transcript has been corrected since.")
    taken = connection.execute(
        select(document.c.id).where(
            document.c.study_id == found.study_id,
            document.c.ref == row["ref"],
            document.c.id != row["id"],
        )
    ).first()
    if taken is not None:
        raise ConflictError(f"another document is called {row['ref']} by now. Rename it first.")
    return int(found.study_id)


def _make_again(connection: Connection, study_id: int, made: Sequence[Sequence[Any]]) -> None:
    for key, ref in made:
        there = connection.execute(
            select(respondent.c.id).where(
                respondent.c.study_id == study_id, respondent.c.ref == ref
            )
        ).scalar()
        if there is None:
            connection.execute(
                insert(respondent).values(id=key, study_id=study_id, ref=ref, created_at=now())
            )
        elif there != key:
            raise ConflictError(f"there is another respondent {ref} by now.")


def _refuse_gone(connection: Connection, people: Sequence[int]) -> None:
    wanted = sorted(set(people))
    for part in parts(wanted):
        held = connection.execute(
            select(respondent.c.withdrawn_at).where(respondent.c.id.in_(part))
        ).all()
        if len(held) < len(part) or any(row.withdrawn_at for row in held):
            raise GoneError("a respondent among the speakers has withdrawn, or is not there any "
                            "more.")  # fmt: skip


def _give_turns(connection: Connection, row: State) -> None:
    """Write names and respondents of the turns that have others so far."""
    who = {at: (item[0], item[2]) for at, item in enumerate(row["speakers"])}
    standing = connection.execute(
        select(segment.c.id, segment.c.speaker, segment.c.respondent_id)
        .where(segment.c.revision_id == row["revision_id"])
        .order_by(segment.c.position)
    ).all()
    changes = [
        {"turn": turn.id, "name": name, "person": person}
        for turn, at in zip(standing, row["turns"], strict=True)
        if not isinstance(at, str)
        for name, person in (who.get(at, (None, None)),)
        if (turn.speaker, turn.respondent_id) != (name, person)
    ]
    if changes:
        connection.execute(
            update(segment)
            .where(segment.c.id == bindparam("turn"))
            .values(speaker=bindparam("name"), respondent_id=bindparam("person")),
            changes,
        )


def _drop_unused(connection: Connection, people: Sequence[int]) -> None:
    """Take away respondents of whom nothing is known and who say nothing any more."""
    for key in people:
        known = [
            select(table.c.respondent_id).where(table.c.respondent_id == key).limit(1)
            for table in (
                absent_answer, attribute_edit, document, matrix_cell, recording,
                respondent_attribute, respondent_survey, segment, speaker,
            )
        ]  # fmt: skip
        known.append(
            select(memo.c.id)
            .where(memo.c.target_kind == "respondent", memo.c.target_id == key)
            .limit(1)
        )
        if not any(connection.execute(query).first() for query in known):
            connection.execute(delete(respondent).where(respondent.c.id == key))

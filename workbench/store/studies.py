"""Studies, their attributes and questions."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from workbench.domain.documents import Attribute, Question
from workbench.domain.text import normalise
from workbench.errors import InputError, NotFound
from workbench.store.clock import new_guid, now
from workbench.store.tables import (
    attribute,
    document,
    event_head,
    question,
    respondent,
    study,
    survey,
)
from workbench.store.team.people import MAX_NAME, name_key, one_line

PUT_AWAY = "taken_back"
"""The setting of a study that is gone from every list: when that was (`store/put_away.py`)."""
MAX_REF = 100
"""Characters of a question's short name."""


@dataclass(frozen=True, slots=True)
class Study:
    """One study."""

    id: int
    name: str
    description: str
    created_at: str
    n_respondents: int = 0
    n_documents: int = 0


@dataclass(frozen=True, slots=True)
class StoredAttribute:
    """An attribute with its key."""

    id: int
    name: str
    label: str
    kind: str
    grouping: bool
    identifying: bool
    ordered_values: tuple[str, ...] = field(default=())
    derived_from: int | None = None
    edited: tuple[str, ...] = ()
    """Which of label, grouping and ordered_values a person has set."""

    @property
    def title(self) -> str:
        """What people read: the label, or the name made readable."""
        return self.label or self.name.replace("_", " ").strip().capitalize()


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question with its key."""

    id: int
    ref: str
    text: str


def create_study(connection: Connection, name: str, description: str = "") -> int:
    """Make a study and the head of its chain of events.

    Raises
    ------
    InputError
        When the name is empty, too long, or taken.
    """
    shown = one_line(name)
    if not shown or max(len(shown), len(name_key(shown))) > MAX_NAME:
        raise InputError("a study's name has 1 to 200 characters.", hint="Choose another.")
    if find_study(connection, shown):
        raise InputError(f"there is a study named {shown!r} already.", hint="Choose another name.")
    key = connection.execute(
        insert(study).values(
            guid=new_guid(),
            name=shown,
            name_key=name_key(shown),
            description=normalise(description),
            settings={},
            digest_key=secrets.token_hex(32),
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    connection.execute(insert(event_head).values(study_id=key[0], number=0, hash="0" * 64))
    return int(key[0])


def find_study(connection: Connection, name: str) -> int | None:
    """Find a study by name, whatever its capitals."""
    return connection.execute(select(study.c.id).where(study.c.name_key == name_key(name))).scalar()


def get_study(connection: Connection, study_id: int) -> Study:
    """Read one study.

    Raises
    ------
    NotFound
        When there is none with this key.
    """
    row = connection.execute(select(study).where(study.c.id == study_id)).first()
    if row is None:
        raise NotFound(f"there is no study number {study_id}.")
    return Study(row.id, row.name, row.description, row.created_at)


def list_studies(connection: Connection, *, with_sizes: bool = True) -> list[Study]:
    """List all studies, oldest first, with their sizes unless these are not needed.

    Those that went with the import that made them are not listed.
    """
    if not with_sizes:
        named = connection.execute(select(study).order_by(study.c.id))
        return [
            Study(row.id, row.name, row.description, row.created_at)
            for row in named
            if PUT_AWAY not in row.settings
        ]
    n_people = (
        select(func.count())
        .where(respondent.c.study_id == study.c.id, respondent.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    n_documents = (
        select(func.count())
        .where(document.c.study_id == study.c.id, document.c.codable)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(study, n_people.label("people"), n_documents.label("documents")).order_by(study.c.id)
    )
    return [
        Study(row.id, row.name, row.description, row.created_at, row.people, row.documents)
        for row in rows
        if PUT_AWAY not in row.settings
    ]


def list_attributes(connection: Connection, study_id: int) -> list[StoredAttribute]:
    """List a study's attributes in their order."""
    rows = connection.execute(
        select(attribute)
        .where(attribute.c.study_id == study_id)
        .order_by(attribute.c.position, attribute.c.id)
    )
    return [
        StoredAttribute(
            row.id,
            row.name,
            row.label,
            row.kind,
            row.grouping,
            row.identifying,
            tuple(row.ordered_values),
            row.derived_from,
            tuple(row.edited or ()),
        )
        for row in rows
    ]


def list_questions(connection: Connection, study_id: int) -> list[StoredQuestion]:
    """List a study's questions in their order."""
    rows = connection.execute(
        select(question.c.id, question.c.ref, question.c.text)
        .where(question.c.study_id == study_id)
        .order_by(question.c.position, question.c.id)
    )
    return [StoredQuestion(row.id, row.ref, row.text) for row in rows]


def list_surveys(connection: Connection, study_id: int) -> list[tuple[int, str]]:
    """List a study's surveys in their order: (key, name)."""
    rows = connection.execute(
        select(survey.c.id, survey.c.name)
        .where(survey.c.study_id == study_id)
        .order_by(survey.c.position, survey.c.id)
    )
    return [(row.id, row.name) for row in rows]


def ensure_attributes(
    connection: Connection, study_id: int, wanted: Sequence[Attribute]
) -> tuple[dict[str, int], int]:
    """Make the attributes that are missing, refresh the others; give ids by name, and changes.

    What a person has set by hand (label, grouping, order of values) is left alone. What is derived
    from an attribute that turns out to be identifying becomes identifying too.

    Raises
    ------
    InputError
        When a name is too long.
    """
    _refuse_long("attribute", [item.name for item in wanted], MAX_NAME)
    known = {item.name: item for item in list_attributes(connection, study_id)}
    ids = {name: item.id for name, item in known.items()}
    n_changed = 0
    for item in wanted:
        old = known.get(item.name)
        values = _wanted_values(item, old)
        if old is None:
            key = connection.execute(
                insert(attribute).values(
                    study_id=study_id, name=item.name, position=len(ids), **values
                )
            ).inserted_primary_key
            assert key is not None
            ids[item.name] = int(key[0])
            n_changed += 1
        elif values != {
            "label": old.label,
            "kind": old.kind,
            "grouping": old.grouping,
            "identifying": old.identifying,
            "ordered_values": list(old.ordered_values),
        }:
            connection.execute(update(attribute).where(attribute.c.id == old.id).values(**values))
            if values["identifying"] and not old.identifying:
                _hide_derived(connection, old.id)
            n_changed += 1
    return ids, n_changed


def _wanted_values(item: Attribute, old: StoredAttribute | None) -> dict[str, object]:
    values: dict[str, object] = {
        "label": item.label,
        "kind": item.kind,
        "grouping": item.grouping,
        # Once identifying, always identifying: no import makes it leave the database.
        "identifying": item.identifying or (old is not None and old.identifying),
        "ordered_values": list(item.values or (old.ordered_values if old else ())),
    }
    for name in old.edited if old else ():
        set_by_hand = getattr(old, name)
        values[name] = list(set_by_hand) if isinstance(set_by_hand, tuple) else set_by_hand
    return values


def _hide_derived(connection: Connection, attribute_id: int) -> None:
    connection.execute(
        update(attribute).where(attribute.c.derived_from == attribute_id).values(identifying=True)
    )


def ensure_questions(
    connection: Connection, study_id: int, wanted: Sequence[Question]
) -> tuple[dict[str, int], int]:
    """Make the questions that are missing, refresh wording; give ids by ref, and changes.

    Raises
    ------
    InputError
        When a ref is too long.
    """
    _refuse_long("question", [item.ref for item in wanted], MAX_REF)
    known = {item.ref: item for item in list_questions(connection, study_id)}
    ids = {ref: item.id for ref, item in known.items()}
    n_changed = 0
    for item in wanted:
        old = known.get(item.ref)
        if old is None:
            key = connection.execute(
                insert(question).values(
                    study_id=study_id, ref=item.ref, text=item.text, position=len(ids)
                )
            ).inserted_primary_key
            assert key is not None
            ids[item.ref] = int(key[0])
            n_changed += 1
        elif old.text != item.text:
            connection.execute(
                update(question).where(question.c.id == old.id).values(text=item.text)
            )
            n_changed += 1
    return ids, n_changed


def _refuse_long(what: str, names: Sequence[str], limit: int) -> None:
    for name in names:
        if len(name) > limit:
            raise InputError(
                f"the name of the {what} {name[:40]!r}... has {len(name):,} characters, "
                f"at most {limit} fit.",
                hint="Give it a short one in the mapping.",
            )


def get_settings(connection: Connection, study_id: int) -> dict[str, Any]:
    """Read what a study has set for itself."""
    found = connection.execute(select(study.c.settings).where(study.c.id == study_id)).scalar()
    return dict(found or {})


def is_put_away(connection: Connection, study_id: int) -> bool:
    """Tell whether a study went with the import that made it."""
    return PUT_AWAY in get_settings(connection, study_id)


def change_settings(connection: Connection, study_id: int, **values: object) -> None:
    """Set some of a study's settings and leave the others."""
    merged = {**get_settings(connection, study_id), **values}
    connection.execute(update(study).where(study.c.id == study_id).values(settings=merged))


_DIGEST_KEY = select(study.c.digest_key).where(study.c.id == bindparam("study"))


def digest_key(connection: Connection, study_id: int) -> str:
    """Give the secret with which a study's digests are keyed."""
    key = connection.execute(_DIGEST_KEY, {"study": study_id}).scalar()
    if key is None:
        raise NotFound(f"there is no study number {study_id}.")
    return str(key)

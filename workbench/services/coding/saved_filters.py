"""Saved filters: a page's filter under a name, for everybody in the study.

In: what a page filters by. Out: the same, later or in somebody else's hands, without what is gone
by then. A code that was retired is still a code.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from workbench.domain.codings import Actor, DocumentFilter, Group
from workbench.domain.text import normalise
from workbench.errors import InputError, NotFound
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.coding import saved_filters
from workbench.store.coding.extracts import ExtractFilter
from workbench.store.discussions import sessions
from workbench.store.engine import Connection, Database
from workbench.store.team import people

Page = Literal["extracts", "themes"]
MAX_NAME = 200
ANYBODYS = ("any", "consensus")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a page filters by: documents, and on the Extracts page what concerns the coded words.

    `documents.code_id` is the code that a text carries, `code_id` that of the coded words. `layer`
    is "any", "consensus", or a coder's key.
    """

    documents: DocumentFilter = field(default_factory=DocumentFilter)
    code_id: int | None = None
    layer: str | int = "any"
    starred: Literal["me", "anybody"] | None = None
    quotable_only: bool = False
    of_nobody: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Give what restricts, as plain values."""
        found: dict[str, Any] = {
            item.name: getattr(self.documents, item.name)
            for item in fields(DocumentFilter)
            if item.name != "layer"
            and getattr(self.documents, item.name) != getattr(DocumentFilter(), item.name)
        }
        if "groups" in found:
            found["groups"] = [
                [key, value if isinstance(value, str) else list(value)]
                for key, value in self.documents.groups
            ]
        own = {
            "coded": self.code_id,
            "coded_by": None if self.layer == "any" else self.layer,
            "starred": self.starred,
            "quotable_only": self.quotable_only or None,
            "of_nobody": self.of_nobody or None,
        }
        return found | {name: value for name, value in own.items() if value is not None}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """Read what `as_dict` wrote; what it does not know is left out."""
        known = {item.name for item in fields(DocumentFilter)} - {"layer", "groups"}
        groups = tuple(
            (int(key), value if isinstance(value, str) else tuple(value))
            for key, value in values.get("groups", ())
        )
        documents = {name: value for name, value in values.items() if name in known}
        return cls(
            DocumentFilter(groups=groups, **documents),
            values.get("coded"),
            values.get("coded_by", "any"),
            values.get("starred"),
            bool(values.get("quotable_only")),
            bool(values.get("of_nobody")),
        )


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter with its name. `gone` names the parts that the study does not have any more."""

    id: int
    name: str
    settings: Settings
    created_by: str
    gone: tuple[str, ...] = ()


def list_filters(actor: Actor, database: Database, study_id: int, page: Page) -> list[SavedFilter]:
    """List a page's filters, the oldest first, each without what is gone."""
    with database.read() as connection:
        kept = [
            (item, Settings.of(item.settings))
            for item in saved_filters.list_filters(connection, study_id, page)
        ]
        if not kept:
            return []
        known = _Known.of(connection, study_id, actor.id)
        return [
            SavedFilter(item.id, item.name, *_cleared(settings, known, item.created_by))
            for item, settings in kept
        ]


def without_gone(
    actor: Actor, database: Database, study_id: int, settings: Settings
) -> tuple[Settings, tuple[str, ...]]:
    """Give settings without what the study does not have, and name that."""
    with database.read() as connection:
        known = _Known.of(connection, study_id, actor.id)
    found, _, gone = _cleared(settings, known, "")
    return found, gone


def find_filter(
    actor: Actor, database: Database, study_id: int, page: Page, name: str
) -> SavedFilter:
    """Find a filter by its name, whatever its capitals.

    Raises
    ------
    NotFound
        When there is none; the message lists those there are.
    """
    found = list_filters(actor, database, study_id, page)
    for item in found:
        if item.name.casefold() == name.strip().casefold():
            return item
    names = ", ".join(item.name for item in found)
    raise NotFound(f"there is no saved filter {name!r}. Saved filters: {names or 'none'}.")


def save_filter(
    actor: Actor,
    database: Database,
    study_id: int,
    page: Page,
    name: str,
    settings: Settings,
    *,
    overwrite: bool = False,
) -> int:
    """Save a filter under a name; give its key.

    Parameters
    ----------
    overwrite
        Put it in the place of one that has this name already.

    Raises
    ------
    InputError
        When the name is empty, too long, or taken.
    """
    shown = _name(name)
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        taken = _named(connection, study_id, page, shown)
        if taken is not None and not overwrite:
            raise InputError(f"there is a filter {taken.name!r} already.",
                             hint="Take another name, or save in its place.")  # fmt: skip
        if taken is not None:
            saved_filters.change_filter(
                connection, taken.id, name=shown, settings=settings.as_dict()
            )
            key = taken.id
        else:
            key = saved_filters.add_filter(
                connection, study_id, page=page, name=shown, settings=settings.as_dict(),
                actor_id=actor.id,
            )  # fmt: skip
        trail.record(connection, actor, study_id, "save filter", details={"filter": key})
        return key


def rename_filter(
    actor: Actor, database: Database, study_id: int, page: Page, filter_id: int, name: str
) -> None:
    """Give a filter another name.

    Raises
    ------
    InputError
        When the name is empty, too long, or another filter's.
    NotFound
        When the filter is gone.
    """
    shown = _name(name)
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _require_filter(connection, study_id, page, filter_id)
        taken = _named(connection, study_id, page, shown)
        if taken is not None and taken.id != filter_id:
            raise InputError(f"there is a filter {taken.name!r} already.", hint="Take another.")
        saved_filters.change_filter(connection, filter_id, name=shown)
        trail.record(connection, actor, study_id, "rename filter", details={"filter": filter_id})


def delete_filter(
    actor: Actor, database: Database, study_id: int, page: Page, filter_id: int
) -> None:
    """Take a filter away for everybody.

    Raises
    ------
    NotFound
        When it is gone already.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        _require_filter(connection, study_id, page, filter_id)
        saved_filters.delete_filter(connection, filter_id)
        trail.record(connection, actor, study_id, "delete filter", details={"filter": filter_id})


def extract_filter(settings: Settings) -> ExtractFilter:
    """Give what a saved filter of the Extracts page finds."""
    documents = settings.documents
    return ExtractFilter(
        code_ids=() if settings.code_id is None else (settings.code_id,),
        layer=settings.layer,
        documents=replace(
            documents,
            groups=(),
            layer=settings.layer if documents.finished is not None else documents.layer,
        ),
        groups=documents.groups,
        starred=settings.starred,
        quotable_only=settings.quotable_only,
        of_nobody=settings.of_nobody,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """The keys that a study has, by what they are keys of."""

    codes: frozenset[int]
    questions: frozenset[int]
    surveys: frozenset[int]
    attributes: frozenset[int]
    coders: frozenset[int]
    sessions: frozenset[int]
    series: frozenset[str]

    @classmethod
    def of(cls, connection: Connection, study_id: int, actor_id: int) -> _Known:
        codes = codebook.list_codes(connection, study_id, actor_id, with_retired=True)
        attributes = studies.list_attributes(connection, study_id)
        held = sessions.list_sessions(connection, study_id)
        return cls(
            frozenset(item.id for item in codes),
            frozenset(item.id for item in studies.list_questions(connection, study_id)),
            frozenset(key for key, _ in studies.list_surveys(connection, study_id)),
            frozenset(item.id for item in attributes if not item.identifying),
            frozenset(item.id for item in people.list_coders(connection, study_id)),
            frozenset(item.id for item in held),
            frozenset(item.series for item in held),
        )


def _cleared(
    settings: Settings, known: _Known, created_by: str
) -> tuple[Settings, str, tuple[str, ...]]:
    """Leave out what is gone: a part that restricts to nothing known would find nothing."""
    gone: list[str] = []
    documents = settings.documents
    parts: tuple[tuple[str, Container[object], str], ...] = (
        ("code_id", known.codes, "a code"),
        ("question_id", known.questions, "a question"),
        ("survey_id", known.surveys, "a survey"),
        ("session_id", known.sessions, "a focus group"),
        ("series", known.series, "a series"),
    )
    for part, keys, word in parts:
        if getattr(documents, part) is not None and getattr(documents, part) not in keys:
            documents = replace(documents, **{part: None})  # type: ignore[arg-type]
            gone.append(word)
    groups: tuple[Group, ...] = tuple(
        group for group in documents.groups if group[0] in known.attributes
    )
    if groups != documents.groups:
        gone.append("an attribute")
    settings = replace(settings, documents=replace(documents, groups=groups))
    if settings.code_id is not None and settings.code_id not in known.codes:
        settings = replace(settings, code_id=None)
        gone.append("a code")
    if settings.layer not in ANYBODYS and settings.layer not in known.coders:
        settings = replace(settings, layer="any")
        gone.append("a coder")
    return settings, created_by, tuple(dict.fromkeys(gone))


def _name(name: str) -> str:
    shown = " ".join(normalise(name).split())
    if not 0 < len(shown) <= MAX_NAME:
        raise InputError(f"a filter's name has 1 to {MAX_NAME} characters, not {len(shown)}.")
    return shown


def _named(
    connection: Connection, study_id: int, page: Page, name: str
) -> saved_filters.StoredFilter | None:
    for item in saved_filters.list_filters(connection, study_id, page):
        if item.name.casefold() == name.casefold():
            return item
    return None


def _require_filter(connection: Connection, study_id: int, page: Page, filter_id: int) -> None:
    known = saved_filters.list_filters(connection, study_id, page)
    if filter_id not in {item.id for item in known}:
        raise NotFound("this filter is not there any more.")

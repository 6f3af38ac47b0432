"""Extracts: find coded words, count them, page through them.

In: a filter. Out: extracts with the attributes that may leave the database.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Literal
from weakref import WeakKeyDictionary

from pipelines.export.extracts import FORMATS, ExtractFormat
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.words import readable_date
from workbench.errors import InputError
from workbench.services.counting.summarise import layer_key
from workbench.services.voice_notes.draft_counts import needed_filter
from workbench.store.codebooks import codebook
from workbench.store.coding import extracts as store
from workbench.store.coding.extracts import CodedExtract, ExtractFilter
from workbench.store.discussions.nobodys import count_nobodys
from workbench.store.engine import Connection, Database
from workbench.store.surveys.respondents import may_not_all_be_quoted
from workbench.store.trail import events

__all__ = [
    "CodedExtract",
    "ExtractCounts",
    "ExtractFilter",
    "ExtractFormat",
    "count_extracts",
    "find_extracts",
    "list_extracts",
    "list_formats",
    "make_filter",
    "readable_date",
]

REMEMBERED = 64
"""Counts that are kept for each database: numbers only, no words of anybody."""


def make_filter(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    codes: Sequence[str] = (),
    code_ids: Sequence[int] = (),
    layer: str = "any",
    search: str = "",
    documents: DocumentFilter | None = None,
    flagged_only: bool = False,
    starred: Literal["me", "anybody"] | None = None,
    quotable_only: bool = False,
    of_nobody: bool = False,
) -> ExtractFilter:
    """Make a filter from what people type or choose.

    Parameters
    ----------
    codes, code_ids
        Paths or keys of codes; each takes all codes below it.
    layer
        "any", "consensus", or a coder's name.
    search
        Words of the documents.
    documents
        Which documents; its groups say whose words are meant. `search`, when given, comes first.
    flagged_only
        Only codings whose words must be found again by a person.
    starred
        Only those that the person who asks has starred, or that anybody has.
    quotable_only
        Without the words of respondents who said that they may not be quoted.
    of_nobody
        Only words of which it is not known whose they are, as tables count them.

    Raises
    ------
    InputError
        When a path names no code.
    NotFound
        When the layer names nobody.
    """
    with database.read() as connection:
        known = {
            format_path(item.path).casefold(): item.id
            for item in codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        }
        for path in codes:
            if path.casefold() not in known:
                raise InputError(
                    f"there is no code {path!r} in the codebook.",
                    hint="Write it as `Theme / Sub-theme`.",
                )
        within = needed_filter(connection, study_id, documents or DocumentFilter())
        key = layer_key(connection, study_id, layer)
        done_on = within.layer if within.finished is None else key
        return ExtractFilter(
            code_ids=(*code_ids, *(known[path.casefold()] for path in codes)),
            layer=key,
            documents=replace(within, groups=(), search=search or within.search, layer=done_on),
            groups=within.groups,
            flagged_only=flagged_only,
            starred=starred,
            quotable_only=quotable_only,
            of_nobody=of_nobody,
        )


PLACE_AGAIN = store.PLACE_AGAIN
"""The mark of an extract whose words must be found again."""


@dataclass(frozen=True, slots=True)
class ExtractCounts:
    """How much a filter finds. `n_respondents` counts as a table of themes does."""

    n_extracts: int
    n_respondents: int
    n_flagged: int
    n_unquotable: int = 0
    """Extracts whose respondents said that they may not be quoted."""
    by_code: Mapping[int, int] = field(default_factory=dict, compare=False)
    """Extracts of each code, without those below it."""
    n_mentions: int | None = None
    """Of nobody's words alone: mentions as tables of themes count them; None where others, too, or
    only some of these are meant."""


def count_extracts(
    actor: Actor, database: Database, study_id: int, where: ExtractFilter
) -> ExtractCounts:
    """Count the extracts of a filter, whose words they are, and those to be placed again.

    What was counted is remembered until the study changes, so that turning a page of a large study
    does not count it again.
    """
    with database.read() as connection:
        asked = (study_id, actor.id, where, events.last_number(connection, study_id))
        known = _remembered(database, asked)
        if known is None:
            known = _count(connection, actor, study_id, where)
            _remember(database, asked, known)
        return known


def _count(
    connection: Connection, actor: Actor, study_id: int, where: ExtractFilter
) -> ExtractCounts:
    by_code = store.count_by_code(connection, study_id, actor.id, where)
    flagged = replace(where, flagged_only=True)
    return ExtractCounts(
        sum(by_code.values()),
        store.count_speakers(connection, study_id, actor.id, where),
        store.count_extracts(connection, study_id, actor.id, flagged),
        count_unquotable(connection, actor, study_id, where),
        by_code,
        _mentions_of_nobody(connection, actor, study_id, where),
    )


def _mentions_of_nobody(
    connection: Connection, actor: Actor, study_id: int, where: ExtractFilter
) -> int | None:
    """Count mentions in words of nobody; None where a table of themes has no such number."""
    if not where.of_nobody or where.groups or where != replace(
        where, flagged_only=False, starred=None, quotable_only=False
    ):  # fmt: skip
        return None
    codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
    asked = {item.path for item in codes if item.id in where.code_ids}
    wanted = [
        item.id
        for item in codes
        if (item.path in asked if asked else item.depth == 0)
        and not any(item.path[:depth] in asked for depth in range(1, len(item.path)))
    ]
    found = count_nobodys(
        connection, study_id, actor.id, code_ids=wanted, layer=where.layer, where=where.documents
    )
    return sum(found.mentions.values())


def count_unquotable(
    connection: Connection, actor: Actor, study_id: int, where: ExtractFilter
) -> int:
    """Count the extracts whose respondents said that they may not be quoted."""
    if where.quotable_only or not may_not_all_be_quoted(connection, study_id):
        return 0
    quotable = replace(where, quotable_only=True)
    return store.count_extracts(connection, study_id, actor.id, where) - store.count_extracts(
        connection, study_id, actor.id, quotable
    )


_Asked = tuple[int, int, ExtractFilter, int]
_COUNTS: WeakKeyDictionary[Database, OrderedDict[_Asked, ExtractCounts]] = WeakKeyDictionary()
_LOCK = Lock()


def forget_counts(database: Database) -> None:
    """Forget what was counted in a database, so that it is counted again."""
    with _LOCK:
        _COUNTS.pop(database, None)


def _remembered(database: Database, asked: _Asked) -> ExtractCounts | None:
    with _LOCK:
        kept = _COUNTS.setdefault(database, OrderedDict())
        if asked in kept:
            kept.move_to_end(asked)
        return kept.get(asked)


def _remember(database: Database, asked: _Asked, counted: ExtractCounts) -> None:
    with _LOCK:
        kept = _COUNTS.setdefault(database, OrderedDict())
        kept[asked] = counted
        while len(kept) > REMEMBERED:
            kept.popitem(last=False)


def list_formats() -> tuple[ExtractFormat, ...]:
    """List the kinds of file that extracts can be written as."""
    return tuple(FORMATS.values())


def find_extracts(
    actor: Actor,
    database: Database,
    study_id: int,
    where: ExtractFilter,
    *,
    offset: int = 0,
    limit: int = 50,
    width: int = 120,
) -> tuple[list[CodedExtract], int]:
    """Give one page of extracts and the number of all; parameters as `list_extracts` takes."""
    counted = count_extracts(actor, database, study_id, where)
    page = list_extracts(
        actor, database, study_id, where, offset=offset, limit=limit, width=width, counted=counted
    )
    return page, counted.n_extracts


def list_extracts(
    actor: Actor,
    database: Database,
    study_id: int,
    where: ExtractFilter,
    *,
    offset: int = 0,
    limit: int = 50,
    width: int = 120,
    counted: ExtractCounts | None = None,
) -> list[CodedExtract]:
    """Give one page of extracts, by code in the order of the tree.

    Parameters
    ----------
    width
        Characters of context on either side.
    counted
        What `count_extracts` gave for this filter, where it was asked before.
    """
    with database.read() as connection:
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        return store.list_extracts(
            connection, study_id, actor.id, where, codes, offset=offset, limit=limit, width=width,
            sizes=counted.by_code if counted else None,
        )  # fmt: skip

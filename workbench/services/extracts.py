"""Extracts: find coded words, page through them, write them to a file.

In: a filter. Out: extracts with the attributes that may leave the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.export.extracts import FORMATS, ExtractFormat, extracts_bytes, write_extracts
from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, DocumentFilter
from workbench.errors import InputError
from workbench.services import trail
from workbench.services.summarise import layer_key
from workbench.store import codebook, flagged, people, studies
from workbench.store import extracts as store
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.extracts import CodedExtract, ExtractFilter

__all__ = [
    "CodedExtract",
    "ExtractCounts",
    "ExtractFilter",
    "ExtractFormat",
    "count_extracts",
    "export_extracts",
    "extracts_file",
    "find_extracts",
    "list_extracts",
    "list_formats",
    "make_filter",
    "readable_date",
]

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
        Question and words; its groups say whose words are meant. `search`, when given, comes first.
    flagged_only
        Only codings whose words must be found again by a person.

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
            for item in codebook.list_codes(connection, study_id, with_retired=True)
        }
        for path in codes:
            if path.casefold() not in known:
                raise InputError(
                    f"there is no code {path!r} in the codebook.",
                    hint="Write it as `Theme / Sub-theme`.",
                )
        within = documents or DocumentFilter()
        key = layer_key(connection, study_id, layer)
        done_on = within.layer if within.finished is None else key
        return ExtractFilter(
            code_ids=(*code_ids, *(known[path.casefold()] for path in codes)),
            layer=key,
            documents=replace(within, groups=(), search=search or within.search, layer=done_on),
            groups=within.groups,
            flagged_only=flagged_only,
        )


@dataclass(frozen=True, slots=True)
class ExtractCounts:
    """How much a filter finds. `n_respondents` counts as a table of themes does."""

    n_extracts: int
    n_respondents: int
    n_flagged: int


def count_extracts(
    actor: Actor, database: Database, study_id: int, where: ExtractFilter
) -> ExtractCounts:
    """Count the extracts of a filter, whose words they are, and those to be placed again."""
    with database.read() as connection:
        waiting = replace(where, flagged_only=True)
        return ExtractCounts(
            store.count_extracts(connection, study_id, actor.id, where),
            store.count_speakers(connection, study_id, actor.id, where),
            store.count_extracts(connection, study_id, actor.id, waiting),
        )


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
    page = list_extracts(actor, database, study_id, where, offset=offset, limit=limit, width=width)
    with database.read() as connection:
        return page, store.count_extracts(connection, study_id, actor.id, where)


def list_extracts(
    actor: Actor,
    database: Database,
    study_id: int,
    where: ExtractFilter,
    *,
    offset: int = 0,
    limit: int = 50,
    width: int = 120,
) -> list[CodedExtract]:
    """Give one page of extracts, by code in the order of the tree.

    Parameters
    ----------
    width
        Characters of context on either side.
    """
    with database.read() as connection:
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        return store.list_extracts(
            connection, study_id, actor.id, where, codes, offset=offset, limit=limit, width=width
        )


def export_extracts(
    actor: Actor,
    database: Database,
    study_id: int,
    path: Path,
    where: ExtractFilter,
    *,
    format: str | None = None,
    attributes: Sequence[str] | None = None,
    context: bool = True,
) -> int:
    """Write all extracts of a filter to a file; give their number.

    Parameters
    ----------
    attributes
        Names of attributes that go with each quote; None takes every grouping attribute.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying.
    ExportError
        When the format is unknown or the file cannot be written.
    """
    _require(actor, database, study_id)
    with database.read() as connection:
        options = _options(connection, actor, study_id, where, attributes, context)
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        rows = store.stream_extracts(connection, study_id, actor.id, where, codes)
        written = write_extracts(path, rows, format=format, options=options)
    _note(actor, database, study_id, written)
    return written


def extracts_file(
    actor: Actor,
    database: Database,
    study_id: int,
    where: ExtractFilter,
    *,
    format: str,
    attributes: Sequence[str] | None = None,
    context: bool = True,
) -> bytes:
    """Give all extracts of a filter as the bytes of a file; raises as `export_extracts` does."""
    _require(actor, database, study_id)
    with database.read() as connection:
        options = _options(connection, actor, study_id, where, attributes, context)
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        rows = list(store.stream_extracts(connection, study_id, actor.id, where, codes))
        content = extracts_bytes(rows, format=format, options=options)
    _note(actor, database, study_id, len(rows))
    return content


def _require(actor: Actor, database: Database, study_id: int) -> None:
    """See to it that the actor may read; nobody waits for a long export after that."""
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")


def _note(actor: Actor, database: Database, study_id: int, n_extracts: int) -> None:
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(
            connection, actor, study_id, "export extracts", details={"n_extracts": n_extracts}
        )


def _options(
    connection: Connection,
    actor: Actor,
    study_id: int,
    where: ExtractFilter,
    attributes: Sequence[str] | None,
    context: bool,
) -> ExtractOptions:
    known = [item for item in studies.list_attributes(connection, study_id)
             if not item.identifying]  # fmt: skip
    if attributes is None:
        chosen = [item.name for item in known if item.grouping]
    else:
        names = {item.name for item in known}
        for name in attributes:
            if name not in names:
                raise InputError(
                    f"there is no attribute {name!r} that may leave the database.",
                    hint=f"Attributes: {', '.join(sorted(names)) or 'none'}.",
                )
        chosen = list(attributes)
    n_flagged = flagged.count_flagged(connection, study_id, actor.id)
    notes = describe(connection, study_id, where)
    if n_flagged:
        notes.append(
            "1 coding in this study must be placed again; it is marked where shown."
            if n_flagged == 1
            else f"{n_flagged} codings in this study must be placed again; they are marked where "
            "shown."
        )
    study = studies.get_study(connection, study_id)
    return replace(
        ExtractOptions(),
        title=f"{study.name}: coded extracts",
        study=study.name,
        attributes=tuple(chosen),
        context=context,
        generated_at=readable_date(now()),
        notes=tuple(notes),
    )


def describe(connection: Connection, study_id: int, where: ExtractFilter) -> list[str]:
    """Say in words what a filter leaves in; nothing when it takes everything."""
    lines = []
    if where.code_ids:
        paths = {
            item.id: format_path(item.path)
            for item in codebook.list_codes(connection, study_id, with_retired=True)
        }
        names = ", ".join(paths.get(key, f"code {key}") for key in where.code_ids)
        lines.append(f"Only these codes and those below them: {names}.")
    if where.layer == "consensus":
        lines.append("Only the consensus of the coders.")
    elif isinstance(where.layer, int):
        names_by_key = {item.id: item.name for item in people.list_coders(connection)}
        lines.append(f"Only the codings of {names_by_key.get(where.layer, where.layer)}.")
    question_id = where.documents.question_id
    for item in studies.list_questions(connection, study_id):
        if item.id == question_id:
            lines.append(f"Only answers to the question: {item.text or item.ref}")
    titles = {item.id: item.title for item in studies.list_attributes(connection, study_id)}
    for key, value in where.groups:
        values = value if isinstance(value, str) else " or ".join(value)
        lines.append(f"Only {titles.get(key, key)}: {values}.")
    if where.documents.search:
        lines.append(f"Only documents with the words: {where.documents.search}")
    if where.flagged_only:
        lines.append("Only codings that must be placed again.")
    return lines


def readable_date(at: str) -> str:
    """Write a stored time as people do: `14 Feb 2022`."""
    year, month, day = at[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"

"""Extracts: find coded words, page through them, write them to a file.

In: a filter. Out: extracts with the attributes that may leave the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.export.extracts import extracts_bytes, write_extracts
from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, DocumentFilter
from workbench.errors import InputError
from workbench.services import trail
from workbench.services.summarise import layer_key
from workbench.store import codebook, codings, studies
from workbench.store import extracts as store
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.extracts import CodedExtract, ExtractFilter

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def make_filter(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    codes: Sequence[str] = (),
    layer: str = "any",
    search: str = "",
) -> ExtractFilter:
    """Make a filter from what people type: code paths, a layer's name, words.

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
        return ExtractFilter(
            code_ids=tuple(known[path.casefold()] for path in codes),
            layer=layer_key(connection, study_id, layer),
            documents=DocumentFilter(search=search),
        )


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
    """Give one page of extracts and the number of all.

    Parameters
    ----------
    width
        Characters of context on either side.
    """
    with database.read() as connection:
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        page = store.list_extracts(
            connection, study_id, actor.id, where, codes, offset=offset, limit=limit, width=width
        )
        return page, store.count_extracts(connection, study_id, actor.id, where)


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
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        options = _options(connection, actor, study_id, attributes, context)
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        rows = store.stream_extracts(connection, study_id, actor.id, where, codes)
        written = write_extracts(path, rows, format=format, options=options)
        _note(connection, actor, study_id, written)
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
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        options = _options(connection, actor, study_id, attributes, context)
        codes = codebook.list_codes(connection, study_id, with_retired=True)
        rows = list(store.stream_extracts(connection, study_id, actor.id, where, codes))
        content = extracts_bytes(rows, format=format, options=options)
        _note(connection, actor, study_id, len(rows))
    return content


def _note(connection: Connection, actor: Actor, study_id: int, n_extracts: int) -> None:
    trail.record(connection, actor, study_id, "export extracts", details={"n_extracts": n_extracts})


def _options(
    connection: Connection,
    actor: Actor,
    study_id: int,
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
    n_flagged = codings.count_flagged(connection, study_id, actor.id)
    notes = []
    if n_flagged:
        notes.append(
            f"{n_flagged} codings in this study must be placed again; they are marked where shown."
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


def readable_date(at: str) -> str:
    """Write a stored time as people do: `14 Feb 2022`."""
    year, month, day = at[:10].split("-")
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}"

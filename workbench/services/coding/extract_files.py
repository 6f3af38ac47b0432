"""Extract files: all that a filter finds, written to a file.

In: a filter and what goes with each quote. Out: CSV, XLSX, DOCX or HTML, streamed from the
database to the disk. Words that may not be quoted are withheld unless they are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from pipelines.export.extracts import format_of, write_extracts
from pipelines.export.options import ExtractOptions
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.extracts import Extract, withhold
from workbench.errors import InputError
from workbench.services.coding.extracts import count_unquotable, readable_date
from workbench.services.counting.summarise import FIRST_SURVEY
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import extracts as store
from workbench.store.coding import flagged
from workbench.store.coding.extracts import ExtractFilter
from workbench.store.engine import Connection, Database
from workbench.store.team import people

WIDTH = 120
"""Characters of context on either side of a quote."""


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
    include_withheld: bool = False,
) -> int:
    """Write all extracts of a filter to a file; give their number.

    The words of respondents who said that they may not be quoted are withheld.

    Parameters
    ----------
    attributes
        Names of attributes that go with each quote; None takes every grouping attribute.
    include_withheld
        Write the words that may not be quoted too. The trail says that this was asked for.

    Raises
    ------
    InputError
        When an attribute is unknown or identifying.
    ExportError
        When the format is unknown or the file cannot be written.
    """
    _require(actor, database, study_id)
    with _rows(actor, database, study_id, where, attributes, context, include_withheld) as ready:
        written = write_extracts(path, ready.rows, format=format, options=ready.options)
    _note(actor, database, study_id, written, ready.n_unquotable, include_withheld)
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
    include_withheld: bool = False,
) -> bytes:
    """Give all extracts of a filter as the bytes of a file, for a download.

    They are written to the disk first, so that what is held in memory is the file and no more.
    Raises as `export_extracts` does.
    """
    _require(actor, database, study_id)
    with (
        TemporaryFile() as stream,
        _rows(actor, database, study_id, where, attributes, context, include_withheld) as ready,
    ):
        written = format_of(format).write(cast(BinaryIO, stream), ready.rows, ready.options)
        stream.seek(0)
        content = stream.read()
    _note(actor, database, study_id, written, ready.n_unquotable, include_withheld)
    return content


def count_withheld(actor: Actor, database: Database, study_id: int, where: ExtractFilter) -> int:
    """Count the extracts of a filter whose words a file withholds."""
    with database.read() as connection:
        return count_unquotable(connection, actor, study_id, where)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a writer needs: extracts one at a time, and how to write them."""

    rows: Iterator[Extract]
    options: ExtractOptions
    n_unquotable: int


@contextmanager
def _rows(
    actor: Actor,
    database: Database,
    study_id: int,
    where: ExtractFilter,
    attributes: Sequence[str] | None,
    context: bool,
    include_withheld: bool,
) -> Iterator[_Ready]:
    with database.read() as connection:
        n_unquotable = count_unquotable(connection, actor, study_id, where)
        options = _options(connection, actor, study_id, where, attributes, context)
        note = _quoting_note(n_unquotable, include_withheld)
        options = replace(options, notes=(*options.notes, *note))
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        width = WIDTH if context else 0
        rows = store.stream_extracts(connection, study_id, actor.id, where, codes, width=width)
        if n_unquotable and not include_withheld:
            rows = (withhold(item) for item in rows)
        yield _Ready(rows, options, n_unquotable)


def _quoting_note(n: int, included: bool) -> list[str]:
    if not n:
        return []
    what = "1 extract is" if n == 1 else f"{n:,} extracts are"
    if included:
        return [f"{what} not to be quoted, and their words are in this file because that was "
                "asked for. Do not pass it on."]  # fmt: skip
    return [f"{what} not to be quoted: their respondents said so, and their words are withheld."]


def _require(actor: Actor, database: Database, study_id: int) -> None:
    """See to it that the actor may read; nobody waits for a long export after that."""
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")


def _note(
    actor: Actor,
    database: Database,
    study_id: int,
    n_extracts: int,
    n_unquotable: int,
    include_withheld: bool,
) -> None:
    details: dict[str, object] = {"n_extracts": n_extracts}
    if n_unquotable:
        kind = "n_included_though_not_to_be_quoted" if include_withheld else "n_withheld"
        details[kind] = n_unquotable
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, "export extracts", details=details)


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
    notes = describe(connection, actor, study_id, where)
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
        title="Coded extracts",
        study=study.name,
        attributes=tuple(chosen),
        context=context,
        generated_at=readable_date(now()),
        notes=tuple(notes),
    )


def describe(
    connection: Connection, actor: Actor, study_id: int, where: ExtractFilter
) -> list[str]:
    """Say in words what a filter leaves in; nothing when it takes everything."""
    paths = {
        item.id: format_path(item.path)
        for item in codebook.list_codes(connection, study_id, actor.id, with_retired=True)
    }
    lines = []
    if where.code_ids:
        names = ", ".join(paths.get(key, f"code {key}") for key in where.code_ids)
        lines.append(f"Only these codes and those below them: {names}.")
    if where.layer == "consensus":
        lines.append("Only the consensus of the coders.")
    elif isinstance(where.layer, int):
        names_by_key = {item.id: item.name for item in people.list_coders(connection)}
        lines.append(f"Only the codings of {names_by_key.get(where.layer, where.layer)}.")
    lines += _describe_documents(connection, study_id, where.documents, paths)
    titles = {item.id: item.title for item in studies.list_attributes(connection, study_id)}
    for key, value in where.groups:
        values = value if isinstance(value, str) else " or ".join(value)
        lines.append(f"Only {titles.get(key, key)}: {values}.")
    if where.flagged_only:
        lines.append("Only codings that must be placed again.")
    if where.starred is not None:
        who = "by whoever made this file" if where.starred == "me" else "by somebody"
        lines.append(f"Only quotes that were starred {who}.")
    if where.quotable_only:
        lines.append("Without the words of respondents who said that they may not be quoted.")
    return lines


def _describe_documents(
    connection: Connection, study_id: int, where: DocumentFilter, paths: Mapping[int, str]
) -> list[str]:
    lines = []
    for key, name in studies.list_surveys(connection, study_id):
        if key == where.survey_id:
            lines.append(f"Only the survey: {name or FIRST_SURVEY}.")
    for item in studies.list_questions(connection, study_id):
        if item.id == where.question_id:
            lines.append(f"Only answers to the question: {item.text or item.ref}")
    if where.code_id is not None:
        lines.append(f"Only documents that carry: {paths.get(where.code_id, where.code_id)}.")
    return lines + _describe_state(where)


def _describe_state(where: DocumentFilter) -> list[str]:
    """Say which state of reading, standing and words a filter asks for."""
    lines = []
    if where.finished is not None:
        lines.append(f"Only documents that are {'' if where.finished else 'not '}done.")
    if where.state is not None:
        state = where.state.replace("_", " ")
        lines.append(f"Only documents in this state for whoever made this file: {state}.")
    if where.transcripts is not None:
        what = "Without" if where.transcripts == "checked" else "Only"
        lines.append(f"{what} machine drafts, which nobody has checked by ear.")
    if where.search:
        lines.append(f"Only documents with the words: {where.search}")
    return lines

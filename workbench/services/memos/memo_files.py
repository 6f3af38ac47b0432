"""Memo files: the memos that a filter finds, by thread, as DOCX, Markdown, XLSX or CSV.

In: a filter and a format. Out: a file. What the actor may not see yet is not in it; words about
people who may not be quoted are withheld unless they are asked for.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from pipelines.export.files import replacing
from pipelines.export.memo_rows import WrittenMemo
from pipelines.export.memos import FORMATS, MemoOptions, WrittenThread, memo_format
from workbench.domain.codings import Actor
from workbench.domain.extracts import WITHHELD
from workbench.domain.memos import KIND_NAMES, Memo, MemoFilter, Thread
from workbench.domain.words import count
from workbench.services.coding.extracts import readable_date
from workbench.services.memos.memo_list import check_filter, read_threads
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.engine import Connection, Database
from workbench.store.memos import memo_threads

__all__ = ["FORMATS", "MemosFile", "export_memos", "memos_file"]

QUOTING = "Memos are researchers' own words. They may quote participants: pass them on with care."
"""Stands in every file that has room for it."""


@dataclass(frozen=True, slots=True)
class MemosFile:
    """A file, and what is in it. `n_unquotable` memos are about people who may not be quoted."""

    content: bytes
    n_memos: int
    n_threads: int
    n_unquotable: int


def memos_file(
    actor: Actor,
    database: Database,
    study_id: int,
    where: MemoFilter,
    *,
    format: str,
    include_withheld: bool = False,
) -> MemosFile:
    """Give the threads that a filter finds as the bytes of a file.

    Parameters
    ----------
    include_withheld
        Write the memos about respondents who may not be quoted too. The trail says that this was
        asked for.

    Raises
    ------
    ExportError
        When there is no such format.
    """
    kind = memo_format(format)
    check_filter(where)
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
    with database.read() as connection:
        found = memo_threads.find_threads(connection, study_id, actor.id, where)
        threads = read_threads(connection, actor, study_id, found)
        unquotable = sum(len(item.memos) for item in threads if not item.place.may_be_quoted)
        written = [_written(item, include_withheld=include_withheld) for item in threads]
        options = _options(connection, study_id, written, unquotable, included=include_withheld)
    stream = io.BytesIO()
    n_memos = kind.write(stream, written, options)
    _note(actor, database, study_id, n_memos, unquotable, included=include_withheld)
    return MemosFile(stream.getvalue(), n_memos, len(threads), unquotable)


def export_memos(
    actor: Actor,
    database: Database,
    study_id: int,
    path: Path,
    where: MemoFilter,
    *,
    format: str | None = None,
    include_withheld: bool = False,
) -> MemosFile:
    """Write the threads that a filter finds to a file, in the format of its ending.

    Raises
    ------
    ExportError
        When there is no such format, or the file cannot be written.
    """
    made = memos_file(
        actor, database, study_id, where, include_withheld=include_withheld,
        format=path.suffix.removeprefix(".") if format is None else format,
    )  # fmt: skip
    with replacing(path) as stream:
        stream.write(made.content)
    return made


def _written(thread: Thread, *, include_withheld: bool) -> WrittenThread:
    withheld = not thread.place.may_be_quoted and not include_withheld
    return WrittenThread(
        thread.place.label,
        KIND_NAMES[thread.place.kind],
        tuple(_memo(item, withheld=withheld) for item in thread.memos),
        thread.place.may_be_quoted,
        headless=thread.root is None or thread.root.taken_away,
    )


def _memo(item: Memo, *, withheld: bool) -> WrittenMemo:
    return WrittenMemo(
        WITHHELD if withheld else item.text,
        item.author,
        _time(item.created_at),
        _time(item.changed_at) if item.is_changed else "",
        item.purpose or "",
        item.guid,
    )


def _time(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"


def _options(
    connection: Connection,
    study_id: int,
    threads: list[WrittenThread],
    unquotable: int,
    *,
    included: bool,
) -> MemoOptions:
    study = studies.get_study(connection, study_id).name
    n_memos = sum(len(item.memos) for item in threads)
    notes = [QUOTING]
    if unquotable:
        what = count(unquotable, "memo is", "memos are")
        notes.append(
            f"{what} about people who may not be quoted, "
            + ("and in this file because that was asked for." if included else "and withheld.")
        )
    return MemoOptions(
        title="Memos",
        study=study,
        generated_at=readable_date(now()),
        counts=f"{count(n_memos, 'memo')} in {count(len(threads), 'thread')}",
        notes=tuple(notes),
    )


def _note(
    actor: Actor,
    database: Database,
    study_id: int,
    n_memos: int,
    unquotable: int,
    *,
    included: bool,
) -> None:
    details: dict[str, object] = {"n_memos": n_memos}
    if unquotable:
        kind = "n_included_though_not_to_be_quoted" if included else "n_withheld"
        details[kind] = unquotable
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, "export memos", details=details)

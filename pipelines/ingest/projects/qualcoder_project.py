"""Projects of QualCoder: a folder `NAME.qda` with a database and the files that belong to it.

In: the folder as a ZIP, or its `data.qda` alone. Out: a `RefiFile`. Places are code points there.
Pictures, and what is coded in recordings by time, are not taken over and are told.

Source: QualCoder's database, versions 1 to 17 (github.com/ccbogel/QualCoder, its wiki's page on
the structure of the data).
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO

from pipelines.ingest.projects.qualcoder_rows import Rows
from pipelines.ingest.projects.qualcoder_sources import Sources
from pipelines.ingest.projects.refi_settle import values_of_sources
from pipelines.ingest.projects.sqlite_file import MAX_BYTES, SqliteFile, is_sqlite, open_sqlite
from pipelines.ingest.zip_guard import DAMAGE
from workbench.domain.refi import (
    MAX_CODE_DEPTH,
    Reading,
    RefiCode,
    RefiFile,
    RefiNote,
    RefiProject,
    RefiUser,
    RefiVariable,
)
from workbench.domain.refi_reasons import Reasons
from workbench.errors import RefiError

TABLES = ("project", "source", "code_name", "code_cat", "code_text", "cases", "case_text")
DATABASE = "data.qda"
WHY = "QualCoder counts characters (code points)."
MAX_MEMBERS = 100_000


def is_qualcoder(stream: BinaryIO, suffix: str) -> bool:
    """Tell whether a file is a project of QualCoder: its database, or a ZIP with one in it."""
    try:
        with _database(stream, "") as found:
            return found is not None and found.has("source", "code_name", "code_text")
    except RefiError:
        return False


def read_qualcoder(stream: BinaryIO, source: str, reading: Reading | None = None) -> RefiFile:
    """Read a project; places can be read in one way only.

    Raises
    ------
    RefiError
        When it is none, or is damaged.
    """
    left_out, remarks = Reasons(), Reasons()
    with _database(stream, source) as database:
        if database is None or not database.has(*TABLES):
            raise RefiError(
                "this is no project of QualCoder.",
                source=source,
                hint="Choose the ZIP of the folder that ends in .qda, or the data.qda inside it.",
            )
        rows = Rows(database)
        sources = Sources(rows, _media(stream), left_out)
        project = rows.project()
        journal = _journal(rows)
        read = RefiProject(
            name=_name(source),
            origin="QualCoder",
            description=rows.text(project, "memo"),
            made_at=rows.time(project),
            codes=_codes(rows, left_out),
            variables=_variables(rows),
            sources=sources.all(),
            cases=sources.cases(),
            notes=(*sources.notes, *journal),
            project_notes=tuple(note.guid for note in journal),
            users=tuple(RefiUser(rows.user(name), name) for name in sorted(rows.owners)),
        )
        _tell_what_stays(database, left_out)
        return RefiFile(
            values_of_sources(read, remarks),
            why=WHY,
            left_out=left_out.sentences(),
            remarks=remarks.sentences(),
            media=sources.media,
        )


def open_in_qualcoder(stream: BinaryIO, source: str, path: str) -> BinaryIO:
    """Open a recording inside the ZIP of a project."""
    try:
        with ExitStack() as on_failure, zipfile.ZipFile(stream) as archive:
            member = _members(archive).get(path)
            if member is None:
                raise RefiError(f"there is no {path[:80]!r} in it.", source=source)
            kept = on_failure.enter_context(tempfile.TemporaryFile())
            with archive.open(member) as packed:
                shutil.copyfileobj(packed, kept)
            kept.seek(0)
            on_failure.pop_all()  # whoever asked closes it
            return kept
    except DAMAGE as error:
        raise _damaged(source) from error


def _codes(rows: Rows, left_out: Reasons) -> tuple[RefiCode, ...]:
    """Build the tree: categories, which code nothing themselves, and codes, which nest as well."""
    categories = {row["catid"]: row for row in rows.all("code_cat")}
    codes = {row["cid"]: row for row in rows.all("code_name")}
    inside: dict[Any, list[Any]] = defaultdict(list)
    below: dict[Any, list[Any]] = defaultdict(list)
    in_category: dict[Any, list[Any]] = defaultdict(list)
    for key in categories:
        inside[_above(key, categories, "supercatid")].append(key)
    for key, row in codes.items():
        above = _above(key, codes, "supercid")
        if above is not None:
            below[above].append(key)
        else:
            in_category[row["catid"] if row["catid"] in categories else None].append(key)

    def code(key: Any, depth: int) -> RefiCode:
        row = codes[key]
        if depth == MAX_CODE_DEPTH and below[key]:
            left_out.add("Codes that are nested too deeply")
        return RefiCode(
            rows.named("code_name", key),
            rows.text(row, "name") or "Code",
            colour=rows.colour(row),
            description=rows.text(row, "memo"),
            children=tuple(code(child, depth + 1) for child in below[key])
            if depth < MAX_CODE_DEPTH
            else (),
        )

    def of(key: Any, depth: int) -> tuple[RefiCode, ...]:
        if depth > MAX_CODE_DEPTH:
            left_out.add("Categories that are nested too deeply")
            return ()
        nested = tuple(
            RefiCode(
                rows.named("code_cat", child),
                rows.text(categories[child], "name") or "Category",
                is_codable=False,
                description=rows.text(categories[child], "memo"),
                children=of(child, depth + 1),
            )
            for child in inside[key]
        )
        return nested + tuple(code(one, depth) for one in in_category[key])

    return of(None, 1)


def _above(key: Any, rows: dict[Any, dict[str, Any]], column: str) -> Any:
    """Give the row above, or None where there is none or they stand in a circle."""
    above = rows[key][column]
    seen, at = {key}, above
    while at in rows:
        if at in seen:
            return None
        seen.add(at)
        at = rows[at][column]
    return above if above in rows else None


def _variables(rows: Rows) -> tuple[RefiVariable, ...]:
    return tuple(
        RefiVariable(
            rows.guid("attribute_type", rows.text(row, "name")),
            rows.text(row, "name"),
            "Float" if rows.is_number(row) else "Text",
            rows.text(row, "memo"),
        )
        for row in rows.all("attribute_type")
        if rows.text(row, "name") and row["caseOrFile"] in ("case", "file")
    )


def _journal(rows: Rows) -> tuple[RefiNote, ...]:
    return tuple(
        RefiNote(
            rows.noted(
                "journal", *(rows.text(row, column) for column in ("name", "owner", "jentry"))
            ),
            rows.text(row, "jentry"),
            rows.text(row, "name"),
            user=rows.user(row["owner"]),
            made_at=rows.time(row),
        )
        for row in rows.all("journal")
        if rows.text(row, "jentry").strip()
    )


def _tell_what_stays(database: SqliteFile, left_out: Reasons) -> None:
    for table, what in (
        ("code_image", "Coded areas of pictures"),
        ("code_av", "Codings of a recording's time instead of its words"),
        ("graph", "Graphs"),
        ("stored_sql", "Stored queries"),
    ):
        for _ in database.rows(table, database.tables.get(table, ())[:1]):
            left_out.add(what)


@contextmanager
def _database(stream: BinaryIO, source: str) -> Iterator[SqliteFile | None]:
    """Open the database of a project; None where there is none."""
    if is_sqlite(stream):
        with open_sqlite(stream, source) as found:
            yield found
        return
    stream.seek(0)
    if stream.read(2) != b"PK":
        yield None
        return
    with tempfile.TemporaryFile() as kept:
        try:
            with zipfile.ZipFile(stream) as archive:
                inside = [item for item in archive.infolist() if _last(item) == DATABASE]
                if len(inside) == 1:
                    _unpack(archive, inside[0], kept, source)
        except DAMAGE as error:
            raise _damaged(source) from error
        if not is_sqlite(kept):
            yield None
            return
        with open_sqlite(kept, source) as found:
            yield found


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, kept: BinaryIO, source: str) -> None:
    with archive.open(member) as packed:
        left = MAX_BYTES
        while piece := packed.read(1 << 20):
            left -= len(piece)
            if left < 0:
                raise RefiError("the database in it is far larger than any project.", source=source)
            kept.write(piece)


def _media(stream: BinaryIO) -> dict[str, int]:
    """List the files of a project's ZIP by their place below the folder: `audio/a.mp3`."""
    if is_sqlite(stream):
        return {}
    with zipfile.ZipFile(stream) as archive:
        return {path: item.file_size for path, item in _members(archive).items()}


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    listed = archive.infolist()
    if len(listed) > MAX_MEMBERS:
        return {}
    found = {}
    for item in listed:
        parts = item.filename.replace("\\", "/").split("/")
        if len(parts) >= 2 and not item.is_dir():
            found["/".join(parts[-2:])] = item
    return found


def _last(item: zipfile.ZipInfo) -> str:
    return item.filename.replace("\\", "/").rpartition("/")[2]


def _name(source: str) -> str:
    plain = source.replace("\\", "/").rstrip("/").rpartition("/")[2]
    for ending in (".zip", ".qda"):
        if plain.lower().endswith(ending):
            plain = plain[: -len(ending)]
    return plain if plain and plain != "data" else "QualCoder project"


def _damaged(source: str) -> RefiError:
    return RefiError(
        "the archive is damaged, or locked with a password.",
        source=source,
        hint="Make a new ZIP of the project's folder.",
    )

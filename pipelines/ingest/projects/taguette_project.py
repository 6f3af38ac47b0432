"""Projects of Taguette, as its SQLite files have them.

In: such a file. Out: a `RefiFile`. Documents are HTML there, and highlights are places in bytes of
UTF-8 over its text; who made them is known from the list of what was done. Tags are one flat list,
in which full stops tell families: a tag stands below another where that other one exists.

Source: the tables of Taguette 1.5.2 (www.taguette.org), read in files that it wrote.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any, BinaryIO, NamedTuple

from pipelines.ingest.dotted_tags import SEPARATOR, tag_above
from pipelines.ingest.html_words import HtmlWords
from pipelines.ingest.projects.sqlite_file import SqliteFile, is_sqlite, open_sqlite
from workbench.domain.refi import (
    Reading,
    RefiCode,
    RefiCoding,
    RefiFile,
    RefiProject,
    RefiSelection,
    RefiSource,
    RefiUser,
    derived_guid,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.text import normalise, sha
from workbench.domain.words import count
from workbench.errors import RefiError, SeveralProjects

TABLES = ("projects", "documents", "highlights", "tags", "highlight_tags")
MOST_NAMED = 20
"""Projects of one file that a message names."""
WHY = "Taguette counts bytes of UTF-8 over the text of a document."


def is_taguette(stream: BinaryIO, suffix: str) -> bool:
    """Tell whether a file is a database of Taguette."""
    if not is_sqlite(stream):
        return False
    try:
        with open_sqlite(stream, "") as found:
            return found.has(*TABLES)
    except RefiError:
        return False


def read_taguette(
    stream: BinaryIO, source: str, reading: Reading | None = None, project_name: str = ""
) -> RefiFile:
    """Read a project of a Taguette database; places can be read in one way only.

    Parameters
    ----------
    project_name
        Which one, where there are several: by a name of `SeveralProjects`.

    Raises
    ------
    SeveralProjects
        When it holds several, and none is named.
    RefiError
        When it holds no project or none of this name, or is damaged.
    """
    left_out, remarks = Reasons(), Reasons()
    with open_sqlite(stream, source) as database:
        project = _chosen_project(database, project_name)
        made = _Made(database, project["id"])
        key = ("taguette", str(project["created"]), str(project["name"]))
        columns = ("id", "project_id", "path", "description")
        tags = [
            _Tag(
                row["id"],
                normalise(str(row["path"])),
                normalise(str(row["description"] or "")),
                derived_guid(*key, "tag", str(row["id"]), str(row["path"])),
            )
            for row in database.rows("tags", columns, "id")
            if row["project_id"] == project["id"]
        ]
        known = {tag.id: tag.guid for tag in tags}
        sources = _sources(database, project["id"], key, made, known, left_out)
        return RefiFile(
            RefiProject(
                name=normalise(str(project["name"] or "Taguette project")),
                origin="Taguette",
                description=normalise(str(project["description"] or "")),
                made_at=_time(project["created"]),
                users=tuple(
                    RefiUser(derived_guid("taguette user", login), login)
                    for login in sorted(made.logins)
                ),
                codes=_codes(tags),
                sources=tuple(sources),
            ),
            why=WHY,
            left_out=left_out.sentences(),
            remarks=remarks.sentences(),
        )


class _Tag(NamedTuple):
    """A tag. Copies of a project number theirs alike: its path is part of its identity."""

    id: int
    path: str
    description: str
    guid: str


class _Made:
    """Who did what, and when, as the database's list of commands tells."""

    def __init__(self, database: SqliteFile, project_id: int) -> None:
        self.logins: set[str] = set()
        self.highlights: dict[int, tuple[str, str]] = {}
        self.documents: dict[int, tuple[str, str]] = {}
        columns = ("date", "user_login", "project_id", "document_id", "payload")
        for row in database.rows("commands", columns, "id"):
            if row["project_id"] != project_id or not row["user_login"]:
                continue
            by = normalise(str(row["user_login"])), _time(row["date"])
            payload = _payload(row["payload"])
            if payload.get("type") == "highlight_add":
                key = payload.get("highlight_id")
                # Changing a highlight is written down as adding it again: the first made it.
                if isinstance(key, int):
                    self.highlights.setdefault(key, by)
                    self.logins.add(by[0])
            elif payload.get("type") == "document_add" and row["document_id"] is not None:
                self.documents.setdefault(row["document_id"], by)
                self.logins.add(by[0])

    def by(self, found: tuple[str, str] | None) -> tuple[str, str]:
        """Give (GUID of the user, time) of what was found; empty where nobody noted it."""
        return (derived_guid("taguette user", found[0]), found[1]) if found else ("", "")


def _chosen_project(database: SqliteFile, wanted: str) -> dict[str, Any]:
    if not database.has(*TABLES):
        raise RefiError(
            "this database is not one of Taguette.",
            source=database.source,
            hint="In Taguette, export the project as an SQLite database.",
        )
    found = list(database.rows("projects", ("id", "name", "description", "created"), "id"))
    if not found:
        raise RefiError(
            "it holds no project.",
            source=database.source,
            hint="In Taguette, open the project and export that one as an SQLite database.",
        )
    named = _by_name(found)
    if wanted in named:
        return named[wanted]
    if len(found) == 1 and not wanted:
        return found[0]
    told = ", ".join(f"'{name}'" for name in [*named][:MOST_NAMED])
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    holds = f"it holds {count(len(named), 'project')}: {told}{more}."
    if wanted:
        raise RefiError(f"there is no project {wanted[:60]!r} in it; {holds}",
                        source=database.source, hint="Name one of these.")  # fmt: skip
    raise SeveralProjects(
        holds, source=database.source, names=tuple(named),
        hint="Say which one, on the command line with --project.",
    )  # fmt: skip


def _by_name(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Give projects by name, in their order; what is called alike gets a number."""
    named: dict[str, dict[str, Any]] = {}
    for row in found:
        name = " ".join(normalise(str(row["name"] or "")).split())[:80] or "Taguette project"
        shown, n = name, 1
        while shown in named:
            n += 1
            shown = f"{name} ({n})"
        named[shown] = row
    return named


def _sources(
    database: SqliteFile,
    project_id: int,
    key: tuple[str, ...],
    made: _Made,
    known: dict[int, str],
    left_out: Reasons,
) -> list[RefiSource]:
    tags: dict[int, list[str]] = defaultdict(list)
    for row in database.rows("highlight_tags", ("highlight_id", "tag_id"), "tag_id"):
        tag = known.get(row["tag_id"]) or derived_guid(*key, "tag", str(row["tag_id"]))
        tags[row["highlight_id"]].append(tag)
    highlights: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns: tuple[str, ...] = ("id", "document_id", "start_offset", "end_offset", "snippet")
    for row in database.rows("highlights", columns, "id"):
        highlights[row["document_id"]].append(row)
    columns = ("id", "name", "description", "filename", "project_id", "contents")
    found = []
    for row in database.rows("documents", columns, "id"):
        if row["project_id"] != project_id:
            continue
        name = normalise(str(row["name"] or row["filename"] or f"Document {row['id']}"))
        user, at = made.by(made.documents.get(row["id"]))
        words = _words(str(row["contents"] or ""), highlights[row["id"]])
        own = derived_guid(*key, "document", str(row["id"]), name, sha(words.text))
        found.append(
            RefiSource(
                own,
                "text",
                name=name,
                description=normalise(str(row["description"] or "")),
                text=words.text,
                user=user,
                made_at=at,
                selections=tuple(
                    _selection(item, words, tags[item["id"]], own, made, name, left_out)
                    for item in highlights[row["id"]]
                ),
            )
        )
    return found


def _words(html: str, highlights: list[dict[str, Any]]) -> HtmlWords:
    """Read a document; white space before its first tag counts where that fits its highlights."""
    whole = HtmlWords(html)
    if html[:1].isspace():
        stripped = HtmlWords(html.lstrip())
        if _n_fitting(stripped, highlights) > _n_fitting(whole, highlights):
            return stripped
    return whole


def _n_fitting(words: HtmlWords, highlights: list[dict[str, Any]]) -> int:
    return sum(_fits(words, _span(item, words), item) for item in highlights)


def _fits(words: HtmlWords, span: tuple[int, int] | None, item: dict[str, Any]) -> bool:
    """Tell whether the words of a highlight are those that Taguette noted with it."""
    if span is None:
        return False
    noted = HtmlWords(str(item["snippet"] or "")).text.split()
    return "".join(noted) == "".join(words.text[slice(*span)].split())


def _span(item: dict[str, Any], words: HtmlWords) -> tuple[int, int] | None:
    start, end = item["start_offset"], item["end_offset"]
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    return words.span(start, end)


def _selection(
    item: dict[str, Any],
    words: HtmlWords,
    tags: list[str],
    source: str,
    made: _Made,
    document: str,
    left_out: Reasons,
) -> RefiSelection:
    span = _span(item, words)
    name = ""
    if span is None or not _fits(words, span, item):
        span, name = None, HtmlWords(str(item["snippet"] or "")[:4_000]).text
        left_out.add("Highlights whose words are not where they should be", document[:60])
    user, at = made.by(made.highlights.get(item["id"]))
    at_bytes = str(item["start_offset"]), str(item["end_offset"])
    own = derived_guid(source, "highlight", str(item["id"]), *at_bytes)
    return RefiSelection(
        own,
        start=span[0] if span else None,
        end=span[1] if span else None,
        name=name,
        user=user,
        made_at=at,
        codings=tuple(RefiCoding(derived_guid(own, tag), tag, user, at) for tag in tags),
        raw=at_bytes,
    )


def _codes(tags: list[_Tag]) -> tuple[RefiCode, ...]:
    paths = {tag.path: tag for tag in tags}
    below: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        below[tag_above(path, paths)].append(path)

    def built(path: str, parent: str) -> RefiCode:
        tag = paths[path]
        name = path.removeprefix(f"{parent}{SEPARATOR}") if parent else path
        return RefiCode(
            tag.guid,
            name.strip() or path,
            description=tag.description,
            children=tuple(built(child, path) for child in below[path]),
        )

    return tuple(built(path, "") for path in below[""])


def _payload(text: object) -> dict[str, Any]:
    try:
        found = json.loads(str(text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _time(value: object) -> str:
    """Write a time of the database, which is in UTC, as ISO 8601."""
    text = str(value or "").strip().replace(" ", "T")[:19]
    return f"{text}Z" if len(text) == 19 else ""

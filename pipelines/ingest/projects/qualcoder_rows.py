"""The tables of a QualCoder project, whichever of its versions wrote them.

In: the open database. Out: rows with all columns that any version has, and what their values mean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pipelines.ingest.projects.sqlite_file import SqliteFile
from workbench.domain.refi import derived_guid
from workbench.domain.text import normalise

COLUMNS: dict[str, tuple[str, ...]] = {
    "project": ("databaseversion", "date", "memo", "about"),
    "source": ("id", "name", "fulltext", "mediapath", "memo", "owner", "date", "av_text_id"),
    "code_cat": ("catid", "name", "memo", "owner", "date", "supercatid"),
    "code_name": ("cid", "name", "memo", "catid", "owner", "date", "color", "supercid"),
    "code_text": ("cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important"),
    "cases": ("caseid", "name", "memo", "owner", "date"),
    "case_text": ("caseid", "fid", "pos0", "pos1", "owner", "date", "memo"),
    "annotation": ("anid", "fid", "pos0", "pos1", "memo", "owner", "date"),
    "journal": ("jid", "name", "jentry", "date", "owner"),
    "attribute_type": ("name", "memo", "caseOrFile", "valuetype"),
    "attribute": ("name", "attr_type", "value", "id"),
}
_ORDER = {
    "source": "id", "code_cat": "name", "code_name": "name", "code_text": "pos0", "cases": "name",
    "case_text": "pos0", "annotation": "anid", "journal": "jid", "attribute_type": "name",
}  # fmt: skip
_NAMED = {"code_name": "cid", "code_cat": "catid", "cases": "caseid"}
"""Tables of things that people name, with their keys."""
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


class Rows:
    """Rows by table; `owners` collects the names of coders as they are met.

    People who code apart copy the project's folder first. The copies have one date, and what each
    makes in theirs gets the same numbers: names, places and words are what tells things apart.
    """

    def __init__(self, database: SqliteFile) -> None:
        self._database = database
        self.owners: set[str] = set()
        self._key = str(self.project().get("date") or "")
        self._names = {
            (table, row[key]): self.text(row, "name")
            for table, key in _NAMED.items()
            for row in database.rows(table, (key, "name"))
        }
        self._given: Counter[str] = Counter()

    def all(self, table: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table, in an order that is always the same."""
        return self._database.rows(table, COLUMNS[table], _ORDER.get(table, ""))

    def project(self) -> dict[str, Any]:
        """Give the one row about the project; empty where it is missing."""
        return next(self._database.rows("project", COLUMNS["project"]), {})

    def guid(self, *parts: object) -> str:
        """Make the identity of a thing, the same each time this project is read."""
        return derived_guid("qualcoder", self._key, *map(str, parts))

    def named(self, table: str, key: object) -> str:
        """Make the identity of a code, a category or a case: its number and its name."""
        return self.guid(table, key, self._names.get((table, key), ""))

    def noted(self, *parts: object) -> str:
        """Make the identity of what nobody names, of all that it is; of its twin, another one."""
        own = self.guid(*parts)
        self._given[own] += 1
        return own if self._given[own] == 1 else derived_guid(own, str(self._given[own]))

    def user(self, owner: object) -> str:
        """Give the identity of a coder by name; empty where there is no name."""
        name = normalise(str(owner or "")).strip()
        if not name:
            return ""
        self.owners.add(name)
        return derived_guid("qualcoder user", name)

    @staticmethod
    def text(row: dict[str, Any], column: str) -> str:
        """Give a column as text that can be kept."""
        return normalise(Rows.raw(row, column))

    @staticmethod
    def raw(row: dict[str, Any], column: str) -> str:
        """Give a column as text as it stands, since places in it count all of its characters."""
        value = row.get(column)
        return "" if value is None else str(value)

    @staticmethod
    def time(row: dict[str, Any]) -> str:
        """Give when a row was made, as ISO 8601; there is no time zone in the file."""
        found = str(row.get("date") or "").strip().replace(" ", "T")[:19]
        return found if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", found) else ""

    @staticmethod
    def colour(row: dict[str, Any]) -> str:
        """Give a code's colour; empty where it is none."""
        found = str(row.get("color") or "").strip()
        return found.upper() if _COLOUR.fullmatch(found) else ""

    @staticmethod
    def is_number(row: dict[str, Any]) -> bool:
        """Tell whether the values of an attribute are numbers."""
        return str(row.get("valuetype") or "").lower() == "numeric"

    @staticmethod
    def is_decimal(value: str) -> bool:
        """Tell whether a value can be written as a number of REFI-QDA."""
        return _DECIMAL.fullmatch(value) is not None

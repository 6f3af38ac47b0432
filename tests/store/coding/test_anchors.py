"""Whose words codings cover, found from the codings and not from all that is nobody's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from workbench.services.opening import Database
from workbench.store.bulk import KEYS
from workbench.store.coding.anchors import sync_coding_respondents


def test_codings_lead_to_their_documents_and_never_the_other_way_round(sqlite: Database) -> None:
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("INSERT INTO coding_respondent"):
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in rows)

    with sqlite.write() as connection:
        event.listen(connection, "before_cursor_execute", explain)
        sync_coding_respondents(connection, range(1, KEYS + 1), fresh=True)
    of_documents = [line for line in plans if line.split()[1] == "document"]
    assert of_documents == ["SEARCH document USING INTEGER PRIMARY KEY (rowid=?)"] * 2

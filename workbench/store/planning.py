"""Hints for a database that plans a query without knowing how large its tables are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, literal_column


def only_checked(column: Any) -> ColumnElement[Any]:
    """Let a column be compared, and keep the database from entering the query by its index.

    Nearly every row belongs to the open study: an index on the study finds them all, where another
    condition would find a few.
    """
    checked: ColumnElement[Any] = column + literal_column("0")
    return checked

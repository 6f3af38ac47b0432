"""What codes count as: themselves, or the code that they were merged into.

In: codes, or a study. Out: a key for each code. Merged codes keep their codings; whatever counts or
compares codings asks here first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, select

from workbench.store.bulk import among
from workbench.store.tables import code, code_ancestor


def counted_as(connection: Connection, code_ids: Iterable[int]) -> dict[int, int]:
    """Give what these codes count as."""
    return _read(connection, _COUNTED_AS.where(among(connection, _CODE, code_ids)))


def all_counted_as(connection: Connection, study_id: int) -> dict[int, int]:
    """Give what each code of a study counts as."""
    of_study = _COUNTED_AS.join(code, code.c.id == _CODE).where(code.c.study_id == study_id)
    return _read(connection, of_study)


def _read(connection: Connection, query: Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


_CODE = code_ancestor.c.code_id
_COUNTED_AS = select(_CODE, code_ancestor.c.ancestor_id).where(code_ancestor.c.depth == 0)

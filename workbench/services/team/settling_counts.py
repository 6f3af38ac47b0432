"""Settling counts: how much is open in each document, put together anew only where it changed.

In: documents that several people have finished. Out: what each comes to. The page Adjudicate asks
with every redraw, and putting together what coders differ on in all of them takes too long for
that; so what was found last is kept, with the number of the study's last event then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from workbench.domain.adjudication import Item
from workbench.services.team.settling import is_open, items_in
from workbench.store.engine import Connection, Database
from workbench.store.team.adjudication import Finished
from workbench.store.trail import events

IN_ONE_DOCUMENT = frozenset({"code", "remove", "recode", "adjust", "done", "reopen", "settle"})
"""What people do most while they code and settle; it changes one document, which is named."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a document comes to. `n_new` of those agreed on are not in the consensus yet."""

    n_agreed: int
    n_new: int
    by_code: tuple[tuple[int, int], ...]
    """(code, differences to be decided)."""

    @property
    def n_open(self) -> int:
        """Differences to be decided."""
        return sum(n for _, n in self.by_code)


_Kept = tuple[int, dict[int, tuple[Finished, Tally]]]
_TALLIES: WeakKeyDictionary[Database, dict[int, _Kept]] = WeakKeyDictionary()
_LOCK = Lock()


def tallies(
    database: Database, connection: Connection, study_id: int, found: Sequence[Finished]
) -> dict[int, Tally]:
    """Tell what each document comes to; read only those that may have changed."""
    number = events.last_number(connection, study_id)
    with _LOCK:
        known = _TALLIES.setdefault(database, {}).get(study_id)
    kept: dict[int, tuple[Finished, Tally]] = {}
    if known is not None:
        changed = events.documents_since(connection, study_id, known[0], IN_ONE_DOCUMENT)
        if changed is not None:
            kept = {key: one for key, one in known[1].items() if key not in changed}
    fresh = {item.document_id: item for item in found
             if item.document_id not in kept or kept[item.document_id][0] != item}  # fmt: skip
    for key, items in items_in(connection, list(fresh.values())).items():
        kept[key] = fresh[key], _tally(items)
    with _LOCK:
        _TALLIES.setdefault(database, {})[study_id] = (number, kept)
    return {item.document_id: kept[item.document_id][1] for item in found}


def forget_tallies(database: Database) -> None:
    """Forget what was found in a database, so that it is read again."""
    with _LOCK:
        _TALLIES.pop(database, None)


def _tally(items: Sequence[Item]) -> Tally:
    agreed = [item for item in items if item.difference == "agreed"]
    by_code = Counter(item.code_id for item in items if is_open(item))
    return Tally(len(agreed), sum(not item.decided for item in agreed), tuple(by_code.items()))

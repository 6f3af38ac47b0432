"""Review counts: how much stands unreviewed, counted anew only where something changed it.

In: a study and who asks. Out: counts by code. The sidebar asks with every page, and counting over a
million codings takes too long for that; so what was counted last is kept, with the number of the
study's last event then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from workbench.store.coding import rereview as store
from workbench.store.engine import Connection, Database
from workbench.store.trail import events

ADDING = frozenset({"code", "adjust", "memo", "name version"})
"""What people do most, and what never makes or settles a coding to be reviewed."""
READING = frozenset({"done", "reopen"})
"""What may open others' codings, and never changes what one sees of one's own."""

Asked = tuple[int, int, int | None]
"""Study, who asks, and whose codings; None means everybody's."""
_COUNTS: WeakKeyDictionary[Database, dict[Asked, tuple[int, dict[int, int]]]] = WeakKeyDictionary()
_LOCK = Lock()


def counts_of(
    database: Database, connection: Connection, study_id: int, actor_id: int, whose: int | None
) -> dict[int, int]:
    """Count by code, or give what was counted before, while nothing could have changed it."""
    asked = (study_id, actor_id, whose)
    number = events.last_number(connection, study_id)
    with _LOCK:
        known = _COUNTS.setdefault(database, {}).get(asked)
    harmless = ADDING | READING if whose is not None else ADDING
    if known is not None and events.only_since(connection, study_id, known[0], harmless):
        counted = known[1]
    else:
        counted = store.count_unreviewed(connection, study_id, actor_id, coder_id=whose)
    with _LOCK:
        _COUNTS.setdefault(database, {})[asked] = (number, counted)
    return counted


def forget_counts(database: Database) -> None:
    """Forget what was counted in a database, so that it is counted again."""
    with _LOCK:
        _COUNTS.pop(database, None)


@dataclass(slots=True)
class Settling:
    """What a person settles in one transaction: (code, coder) of each coding."""

    study_id: int
    begins: int = 0
    ends: int = 0
    settled: list[tuple[int, int]] = field(default_factory=list)

    def begin(self, connection: Connection) -> None:
        """Note the study's last event from before."""
        self.begins = events.last_number(connection, self.study_id)

    def end(self, connection: Connection, settled: Sequence[tuple[int, int]]) -> None:
        """Note what was settled, and the last event now."""
        self.ends = events.last_number(connection, self.study_id)
        self.settled = list(settled)


@contextmanager
def settling(database: Database, study_id: int, actor_id: int) -> Iterator[Settling]:
    """Take what a person settles from what was counted for them; nothing is counted anew.

    It wraps the transaction: where that fails, what was counted stays.
    """
    done = Settling(study_id)
    yield done
    with _LOCK:
        known = _COUNTS.setdefault(database, {})
        for asked, (number, counts) in list(known.items()):
            if asked[:2] == (study_id, actor_id) and number == done.begins:
                mine = Counter(
                    code_id for code_id, coder_id in done.settled if asked[2] in (None, coder_id)
                )
                left = {key: n - mine[key] for key, n in counts.items() if n > mine[key]}
                known[asked] = (done.ends, left)

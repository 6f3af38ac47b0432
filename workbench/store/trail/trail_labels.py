"""Labels and times of operations, held against what their events say of them.

In: the events of a chain, in order, each with its operation as it stands now. Out: the first event
whose operation carries another time or label than when it was written down.

An event holds a keyed digest of its operation's label, and its time. A label that has to lose a
name later (`forgotten_names`) gets a new digest, in the event of the step that took the name out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from workbench.store.bulk import parts
from workbench.store.tables import operation
from workbench.store.trail.digests import keyed_digest

LABEL, RELABELLED = "label", "relabelled"
"""What these digests are called in the payload of an event."""

_MARK = f'"{LABEL}":'


@dataclass(slots=True)
class LabelWatch:
    """What has been seen so far of one chain; `key` is the study's own."""

    key: str
    _other: dict[str, int] = field(default_factory=dict)
    """Operations whose label is not the one that their event knows, with the event's number."""
    _renamed: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Operations that lost a name: the event that says so, and the digest that holds since."""

    def time_differs(self, row: Any) -> bool:
        """Look at one event; tell whether its operation's time was changed."""
        if _MARK not in row.payload:  # written before events knew of labels
            return False
        told = json.loads(row.payload)
        if keyed_digest(self.key, row.done_label) != told.get(LABEL):
            self._other[row.operation_uuid] = row.number
        for uuid, digest in told.get(RELABELLED, ()):
            self._renamed[uuid] = (row.number, digest)
        return bool(row.done_at != row.created_at)

    def first_changed(self, connection: Connection) -> int | None:
        """Give the first event whose operation's label was changed, once all were looked at."""
        wrong = [at for uuid, at in self._other.items() if uuid not in self._renamed]
        for part in parts(sorted(self._renamed)):
            rows = connection.execute(
                select(operation.c.uuid, operation.c.label).where(operation.c.uuid.in_(part))
            )
            for row in rows:
                at, digest = self._renamed[row.uuid]
                if keyed_digest(self.key, row.label) != digest:
                    wrong.append(at)
        return min(wrong, default=None)

"""The store's clock and its identities: the only places where time and chance enter."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime


def now() -> str:
    """Give the time as ISO 8601 in UTC with milliseconds: `2022-02-14T09:30:00.000Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_guid() -> str:
    """Give a fresh identity, 36 characters, lower case."""
    return str(uuid.uuid4())

"""The store's clock and its identities: the only places where time and chance enter."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime


def now() -> str:
    """Give the time as ISO 8601 in UTC with milliseconds: `2022-02-14T09:30:00.000Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_guid() -> str:
    """Give a fresh identity, 36 characters, lower case."""
    return str(uuid.uuid4())


def new_guids(n: int) -> Iterator[str]:
    """Give so many fresh identities in rising order (RFC 9562, version 7, section 6.2 method 1).

    A database writes rising keys many times quicker than random ones, as they end up side by side.
    """
    begun_ms = time.time_ns() // 1_000_000
    chance = os.urandom(8 * n).hex()
    for at in range(n):
        stamp = f"{begun_ms + at // 4096:012x}"
        one = chance[16 * at : 16 * at + 16]
        variant = "89ab"[int(one[0], 16) & 3]
        yield f"{stamp[:8]}-{stamp[8:]}-7{at % 4096:03x}-{variant}{one[1:4]}-{one[4:]}"

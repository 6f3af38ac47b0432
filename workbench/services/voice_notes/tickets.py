"""Tickets: addresses on the app's own server that hold for one person and for some hours.

In: whole numbers that say for whom and for what. Out: a text that only this process can have made.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time

from workbench.errors import NotAllowed

LASTS_S = 12 * 3600
"""How long a ticket lasts at most: a long day's work."""

STEP_S = 3600
"""Tickets end on the hour, so that an address stays the same while a page is drawn again."""

_SECRET = os.urandom(32)
"""Tickets hold for this process only: a restart makes new ones."""


def lasting_until() -> int:
    """Give the second until which a ticket made now is to hold."""
    return int(time.time() + LASTS_S) // STEP_S * STEP_S


def make(*numbers: int) -> str:
    """Write a ticket; the last of its numbers is the second until which it holds."""
    said = ".".join(str(number) for number in numbers)
    return f"{said}.{signed(said)}"


def read(ticket: str, n: int) -> tuple[int, ...]:
    """Give the numbers of a ticket, of which there must be so many.

    Raises
    ------
    NotAllowed
        When it is not ours, is for something else, or has run out.
    """
    said, _, signature = ticket.rpartition(".")
    if not said or not hmac.compare_digest(signature.encode(), signed(said).encode()):
        raise NotAllowed("this address does not hold. Open the page again.")
    numbers = tuple(int(part) for part in said.split("."))
    if len(numbers) != n:
        raise NotAllowed("this address does not hold. Open the page again.")
    if numbers[-1] < time.time():
        raise NotAllowed("this address has run out. Open the page again.")
    return numbers


def signed(said: str) -> str:
    """Give the signature of a text."""
    digest = hmac.new(_SECRET, said.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")

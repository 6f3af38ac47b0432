"""Small words: counts with their noun, text safe for HTML.

In: numbers and names. Out: what a person reads.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from workbench.domain.words import count
from workbench.errors import WorkbenchError
from workbench.ui.components.style import escape as escape_markdown

__all__ = ["clock", "count", "isolated", "lasting", "line", "refusal", "size", "when"]


def when(time: str) -> str:
    """Write a time of the store as people do, by the clock of the browser: `14 Feb 2022, 09:30`."""
    try:
        zone: tzinfo | None = ZoneInfo(st.context.timezone or "")
    except (ValueError, ZoneInfoNotFoundError):  # the browser has not told, or an unknown place
        zone = None
    moment = datetime.fromisoformat(time).astimezone(zone)
    return f"{moment.day} {moment:%b %Y, %H:%M}"


def size(n_bytes: int) -> str:
    """Write the size of a file: `48 kB`, `1.2 MB`."""
    for unit, step in (("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= step:
            return f"{n_bytes / step:.1f} {unit}"
    return f"{max(1, round(n_bytes / 1e3)):,} kB"


def lasting(ms: float) -> str:
    """Write how long something lasts: `4 min 12 s`, `1 h 5 min`."""
    seconds = round(ms / 1000)
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def clock(ms: float) -> str:
    """Write a length as players do: `0:07`, `1:02:03`."""
    seconds = round(ms / 1000)
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    rest = f"{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
    return f"{hours}:{rest}" if hours else rest


def isolated(text: str) -> str:
    """Write a name so that its direction of writing ends with it, in text that is not HTML."""
    return f"\u2068{text}\u2069"


def line(
    text: str, kind: str = "quiet", *, width: Literal["stretch", "content"] = "stretch"
) -> None:
    """Show one line of text as it is: `quiet`, `warning` or `danger`."""
    st.html(f'<p class="{kind}">{escape(text)}</p>', width=width)


def alone(error: WorkbenchError) -> str:
    """Write a message that stands alone on a screen: a sentence begins with a capital letter.

    Messages are written to follow others (`workbench: there is ...`). One that begins with a file
    name, a code or a number stays as it is.
    """
    text = str(error)
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    is_word = first.isalpha() and first.islower()
    return text[:1].upper() + text[1:] if is_word else text


def refusal(error: WorkbenchError) -> None:
    """Show why something was refused, at the place where it was asked for."""
    st.error(escape_markdown(alone(error)), icon=":material/error:")

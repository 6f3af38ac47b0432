"""Descriptions with headings, as REFI-QDA files of our own have them: written and read back.

In: a text and named parts. Out: one plain text that a person reads in any program, and back.

A heading is a line of its own that ends in a colon, with a blank line before it:

    What the thing is.

    Use it for:
    Whatever falls under it.

A line of a part that would read as a heading is written with a backslash before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Described:
    """What a description says: the text before the first heading, and the parts below headings."""

    lead: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    def get(self, heading: str) -> str:
        """Give the part below a heading; empty where there is none."""
        return self.parts.get(heading, "")


def write_sections(lead: str, parts: Iterable[tuple[str, str]], headings: Iterable[str]) -> str:
    r"""Write a text and its parts; parts that are empty are left out.

    Parameters
    ----------
    headings
        All that may stand there, as the reader will look for them.

    Examples
    --------
    >>> write_sections("Waiting.", [("Cues", "wait")], ["Cues"])
    'Waiting.\n\nCues:\nwait'
    """
    known = tuple(headings)
    blocks = [_guarded(lead, known)] if lead else []
    blocks += [f"{heading}:\n{_guarded(text, known)}" for heading, text in parts if text]
    return "\n\n".join(blocks)


def read_sections(text: str, headings: Iterable[str]) -> Described:
    """Read what `write_sections` wrote; a text without headings is all lead.

    A heading that comes twice is one part, with a blank line between.
    """
    known = tuple(headings)
    lines: dict[str, list[str]] = {"": []}
    here = ""
    for line in text.split("\n"):
        heading = line.removesuffix(":")
        if line.endswith(":") and heading in known:
            here = heading
            lines.setdefault(here, [])
        else:
            lines[here].append(_plain(line, known))
    last = here
    found = {
        heading: "\n".join(held if heading == last else _without_gap(held))
        for heading, held in lines.items()
    }
    return Described(found.pop(""), found)


def _without_gap(lines: list[str]) -> list[str]:
    """Leave away the blank line before the next heading."""
    return lines[:-1] if lines and not lines[-1] else lines


def _pattern(known: tuple[str, ...]) -> str:
    return "|".join(re.escape(heading) for heading in known)


def _guarded(text: str, known: tuple[str, ...]) -> str:
    return re.sub(rf"^(\\*(?:{_pattern(known)}):)$", r"\\\1", text, flags=re.MULTILINE)


def _plain(line: str, known: tuple[str, ...]) -> str:
    if line.startswith("\\") and re.fullmatch(rf"\\+(?:{_pattern(known)}):", line):
        return line[1:]
    return line

"""The report: what was measured, as Markdown.

In: sections, and what was skipped. Out: text; on the screen, or in `RESULTS.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Section

RESULTS = Path(__file__).with_name("RESULTS.md")
NUMBER = re.compile(r"[\d.,]*")
OPENING = (
    "Written by `python -m benchmarks`; do not edit. Every number was measured in the one run "
    "described here. What each benchmark does is in [README.md](README.md)."
)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; columns that hold numbers are set to the right."""
    numeric = [
        all(NUMBER.fullmatch(row[index]) for row in rows) and any(row[index] for row in rows)
        for index in range(len(header))
    ]
    lines = [header, ["---:" if right else "---" for right in numeric], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def section_text(section: Section) -> str:
    """Write one section."""
    parts = [f"## {section.title}", table(section.header, section.rows), section.how]
    parts += ["\n".join(f"- {note}" for note in section.notes)] if section.notes else []
    return "\n\n".join(parts)


def skipped_text(name: str, why: str) -> str:
    """Say that a benchmark was left out, and why."""
    return f"## {name}\n\nSkipped: {why}"


def whole(machine: Sequence[tuple[str, str]], load: str, seconds: float, texts: list[str]) -> str:
    """Put the report together."""
    place = table(("machine", ""), machine)
    parts = ["# Results", OPENING, place, load, *texts, f"The whole run took {seconds:.0f} s."]
    return "\n\n".join(parts) + "\n"

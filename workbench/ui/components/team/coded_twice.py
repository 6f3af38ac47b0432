"""One text with what several coders marked in it: a line of their own for each.

In: a disagreement. Out: HTML with the participant's words, who coded what of them, and escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from workbench.domain.palette import CodeLook
from workbench.services.surveys.respondents import Mark
from workbench.services.team.agree_results import Disagreement, Reading
from workbench.ui.components.said import said_html
from workbench.ui.components.team.team_tables import swatch

AROUND, MOST = 240, 1_500
"""Characters: shown around what is coded where a text is longer than `MOST`."""


def coded_twice(item: Disagreement, looks: Mapping[str, CodeLook]) -> str:
    """Write a text with the words that each coder coded underlined in their own line.

    Parameters
    ----------
    looks
        Each coder's colour and line style, by name.
    """
    low, high = _window(item)
    keys = {reading.coder: place for place, reading in enumerate(item.readings)}
    marks = [
        Mark(item.document_id, keys[reading.coder], reading.coder, start - low, end - low)
        for reading in item.readings
        for start, end in reading.spans
        if start < high and end > low
    ]
    drawn = {keys[name]: look for name, look in looks.items() if name in keys}
    shown = item.text[low:high]
    before, after = ("... " if low else ""), (" ..." if high < len(item.text) else "")
    text = said_html(shown, sorted(marks, key=lambda mark: (mark.start or 0, mark.end or 0)), drawn)
    cut = '<p class="quiet">A part of a longer text.</p>' if before or after else ""
    who = "".join(_reading(reading, looks) for reading in item.readings)
    return f'{text}{cut}<ul class="codes">{who}</ul>'


def _window(item: Disagreement) -> tuple[int, int]:
    """Choose the part of a long text that holds what is coded."""
    spans = [span for reading in item.readings for span in reading.spans]
    if len(item.text) <= MOST or not spans:
        return 0, min(len(item.text), MOST)
    low = max(0, min(start for start, _ in spans) - AROUND)
    high = min(len(item.text), max(end for _, end in spans) + AROUND)
    return low, min(high, low + 2 * MOST)


def _reading(reading: Reading, looks: Mapping[str, CodeLook]) -> str:
    look = looks.get(reading.coder)
    line = swatch(look) if look else ""
    return (
        f'<li>{line}<bdi>{escape(reading.coder)}</bdi> <span class="by">{_did(reading)}</span></li>'
    )


def _did(reading: Reading) -> str:
    parts = []
    if reading.whole:
        parts.append("coded the whole text")
    if reading.spans:
        n = len(reading.spans)
        parts.append("coded these words" if n == 1 else f"coded {n} passages")
    if reading.n_lost:
        parts.append("coded words that the text no longer has")
    return "; ".join(parts) or "did not apply the code"

"""What the checking pane is told, as plain data. Words lie in code points of their segment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.domain.side_by_side import side_by_side
from workbench.domain.transcripts import Flag, TimedSegment
from workbench.services.voice_notes.check import CheckView
from workbench.ui.components.surveys.import_changes import marked_html

FLAGS: dict[Flag, str] = {
    "low_confidence": "unsure",
    "silence_with_text": "words at silence",
    "repetition": "repeats itself",
    "invented_phrase": "perhaps invented",
    "too_fast": "too fast",
    "too_slow": "too slow",
    "language_switch": "other language",
}
"""Why a segment should be heard, as people read it."""


def checking_message(
    view: CheckView,
    *,
    audio: str,
    settled: Sequence[dict[str, str]],
    can_undo: bool,
    said: str = "",
    refused: bool = False,
) -> dict[str, Any]:
    """Write everything that the pane shows of a transcript.

    Parameters
    ----------
    audio
        The address of the recording; empty where it cannot be heard.
    settled
        What became of the last deeds: `{id, why}`, with an empty `why` where it was done.
    """
    return {
        "document": view.document.id,
        "language": view.document.language,
        "standing": view.transcript.standing,
        "audio": audio,
        "length_ms": view.transcript.duration_ms,
        "segments": [_segment(view.document.text, item) for item in view.segments],
        "settled": list(settled),
        "undo": can_undo,
        "said": said,
        "refused": refused,
    }


def machine_html(machine: str, now: str) -> str:
    """Write the machine's words beside those that stand there now, with what differs marked."""
    old, new = side_by_side(machine, now)
    return (
        '<section class="changed"><div class="sides">'
        '<div><p class="quiet">What the machine wrote</p>'
        f'<p class="said" dir="auto">{marked_html(old, "del")}</p></div>'
        '<div><p class="quiet">What stands there now</p>'
        f'<p class="said" dir="auto">{marked_html(new, "ins")}</p></div></div></section>'
    )


def _segment(text: str, item: TimedSegment) -> dict[str, Any]:
    return {
        "text": text[item.start : item.end],
        "start_ms": item.start_ms or 0,
        "end_ms": item.end_ms or 0,
        "flags": [FLAGS[flag] for flag in item.flags],
        "reviewed": item.reviewed,
        "words": [
            [word.start - item.start, word.end - item.start, word.start_ms, word.end_ms]
            for word in item.words
        ],
    }

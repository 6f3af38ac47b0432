"""Codings of stretches of a recording, put on the words that were spoken then.

In: recordings with transcripts that have sync points. Out: selections of words, for the text that
has the transcript's words. What stands on these words already is taken once; what was said when
nobody knows stays a stretch of time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from workbench.domain.refi import RefiSelection, RefiSource, RefiTranscript
from workbench.domain.refi_reasons import Reasons
from workbench.domain.timed_words import between_points, words_at

Key = tuple[str, str, int, int]
"""A code, a user, and a span without the white space at its ends."""
PLACED = "Codings of stretches of time were put on the words spoken then"


class Timing:
    """Puts what is coded by time on words; `placed` has it by where the words' source stands."""

    def __init__(self, remarks: Reasons, by_text: Mapping[str, int]) -> None:
        self._remarks = remarks
        self._by_text = by_text
        self._present: dict[int, set[Key]] = {}
        self.placed: dict[int, list[RefiSelection]] = defaultdict(list)

    def put_on_words(self, settled: list[RefiSource], at: int) -> None:
        """Take from one recording what has words; its own transcript's, where no text has them."""
        source = settled[at]
        left = list(source.time_selections)
        with_words = [one for one in source.transcripts if one.text]
        for transcript in with_words:
            twin = self._by_text.get(transcript.text_path) if transcript.text_path else None
            if twin is not None or transcript is with_words[0]:
                left = self._left(settled, at if twin is None else twin, transcript, left)
        settled[at] = replace(settled[at], time_selections=tuple(left))

    def _left(
        self,
        settled: list[RefiSource],
        to: int,
        transcript: RefiTranscript,
        stretches: list[RefiSelection],
    ) -> list[RefiSelection]:
        times = between_points(transcript.sync, len(transcript.text))
        present = self._present.setdefault(to, keys_of(settled[to]))
        left: list[RefiSelection] = []
        for one in stretches:
            span = None
            if one.codings and one.start is not None and one.end is not None:
                span = words_at(times, transcript.text, one.start, one.end)
            if span is None:
                left.append(one)
                continue
            for new in without_repeats(one, present, span, transcript.text, self._remarks):
                if not new.codings:
                    left.append(new)
                    continue
                present |= {(coding.code, coding.user, *span) for coding in new.codings}
                self.placed[to].append(replace(new, start=span[0], end=span[1], name=""))
                for _ in new.codings:
                    self._remarks.add(PLACED, settled[to].name or transcript.name)
        return left


def without_repeats(
    selection: RefiSelection, present: set[Key], span: tuple[int, int], text: str, remarks: Reasons
) -> list[RefiSelection]:
    """Return a selection without codings that are present; nothing where nothing is left."""
    trimmed = _trimmed(span, text)
    codings = tuple(c for c in selection.codings if (c.code, c.user, *trimmed) not in present)
    if len(codings) == len(selection.codings):
        return [selection]
    remarks.add(
        "Codings that stand on a recording and on its words were taken once", selection.name
    )
    left = replace(selection, codings=codings)
    return [left] if codings or left.notes or left.description else []


def keys_of(source: RefiSource) -> set[Key]:
    """Give what is coded in a text."""
    found = set()
    for one in source.selections:
        if one.start is not None and one.end is not None:
            start, end = _trimmed((one.start, one.end), source.text)
            found |= {(coding.code, coding.user, start, end) for coding in one.codings}
    return found


def _trimmed(span: tuple[int, int], text: str) -> tuple[int, int]:
    words = text[span[0] : span[1]]
    start = span[0] + len(words) - len(words.lstrip())
    return start, max(start, span[1] - (len(words) - len(words.rstrip())))

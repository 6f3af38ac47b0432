"""How notes are dealt out to the machines of a cluster, and what follows when one is lost.

In: notes from an iterable that may be a queue. Out: batches for workers, and the notes that have
cost too many workers. Nothing here knows a network.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.transcribe.transcriber import Note

MAX_LOSSES = 3
"""Workers that may be lost while they have a note; then it fails by itself."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Notes that go to one worker at once; `alone`: nothing else is sent to it meanwhile.

    So that it is certain, for what was with a worker that was lost, whether it is the reason.
    """

    notes: tuple[Note, ...]
    alone: bool = False


class Dealer:
    """Deals notes out in batches, a lost worker's notes one by one.

    Parameters
    ----------
    notes
        Where notes come from; no more are taken than are dealt soon.
    size
        Most notes in a batch.
    """

    def __init__(self, notes: Iterable[Note], size: int) -> None:
        self._source: Iterator[Note] = iter(notes)
        self._size = max(1, size)
        self._waiting: deque[Note] = deque()
        self._again: deque[Batch] = deque()
        self._losses: dict[str, int] = {}
        self._dry = False

    def next_batch(self, n_workers: int, *, ahead: bool = False) -> Batch | None:
        """Give the next batch, or None while there is nothing to deal.

        Towards the end batches get smaller, so that all workers have something to do. `ahead`: for
        a worker that is still busy with another one.
        """
        if self._again:
            return None if ahead else self._again.popleft()
        self._look_ahead(max(1, n_workers) * self._size)
        if not self._waiting:
            return None
        share = -(-len(self._waiting) // max(1, n_workers))
        n = min(self._size, share)
        return Batch(tuple(self._waiting.popleft() for _ in range(n)))

    def give_back(self, batch: Batch) -> None:
        """Take a batch back that its lost worker had most likely not begun."""
        self._again.appendleft(Batch(batch.notes, alone=True))

    def lost(self, batch: Batch) -> list[Note]:
        """Take a batch back whose worker is gone; give the notes that must not be tried again.

        Its notes go on alone, so that one that kills its worker takes no other along.
        """
        given_up = []
        for note in batch.notes:
            self._losses[note.key] = self._losses.get(note.key, 0) + 1
            if self._losses[note.key] >= MAX_LOSSES:
                given_up.append(note)
            else:
                self._again.append(Batch((note,), alone=True))
        return given_up

    def left(self) -> list[Note]:
        """Give what was taken from the source and not dealt out; it is dealt no more."""
        notes = [note for batch in self._again for note in batch.notes] + list(self._waiting)
        self._again.clear()
        self._waiting.clear()
        self._dry = True
        return notes

    def has_more(self) -> bool:
        """Tell whether there may be something to deal yet."""
        return bool(self._again or self._waiting or not self._dry)

    def _look_ahead(self, n: int) -> None:
        while not self._dry and len(self._waiting) < n:
            note = next(self._source, None)
            if note is None:
                self._dry = True
            else:
                self._waiting.append(note)

"""Sentences about many things of one kind: what an exchange with other programs left out, and why.

In: a reason and an example, as often as it happens. Out: one sentence per reason, with how often.
"""

from __future__ import annotations

EXAMPLES = 3


class Reasons:
    """Collects reasons in the order in which they first came up."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}
        self._more: set[str] = set()

    def add(self, reason: str, example: str = "") -> None:
        """Note that something happened; `reason` ends without a full stop."""
        self._counts[reason] = self._counts.get(reason, 0) + 1
        examples = self._examples.setdefault(reason, [])
        if not example or example in examples:
            return
        if len(examples) < EXAMPLES:
            examples.append(example)
        else:
            self._more.add(reason)

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence per reason: the reason, how often, and the first examples."""
        return tuple(self._sentence(reason, n) for reason, n in self._counts.items())

    def _sentence(self, reason: str, n: int) -> str:
        examples = ", ".join(self._examples[reason])
        more = " and others" if reason in self._more else ""
        told = f": {examples}{more}" if examples else ""
        return f"{reason} ({n}){told}."

"""Free words of another program that name somebody who has withdrawn: they stay out of files.

In: labels that stand for nothing in the study, as of a vertex or a link. Out: the label, or
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from workbench.domain.refi_reasons import Reasons

TOLD = "Free labels of another program that name somebody who has withdrawn"


class Withheld:
    """Knows what those are called who have withdrawn; counts what it keeps back."""

    def __init__(self, names: Collection[str], left_out: Reasons) -> None:
        parts = "|".join(re.escape(name.casefold()) for name in sorted(names) if name.strip())
        self._named = re.compile(rf"(?<!\w)(?:{parts})(?!\w)") if parts else None
        self._left_out = left_out

    def __call__(self, text: str) -> str:
        """Give a label; nothing where it names somebody who has withdrawn."""
        if self._named is None or self._named.search(text.casefold()) is None:
            return text
        self._left_out.add(TOLD)
        return ""

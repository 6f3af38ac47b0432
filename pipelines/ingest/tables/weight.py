"""How much memory the rows of a table take, so that no file takes all there is.

In: rows as they are read. Out: nothing, or a refusal. Most files are far below the limit by a rough
count; only one that is not is weighed exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import getsizeof

from workbench.errors import SurveyError

MAX_TABLE_BYTES = 600 * 1024**2
"""Memory of the largest table: 100,000 respondents with five answers take about 100 MiB."""
ROW_BYTES = 200
CELL_BYTES = 88
"""A place in a row, and at most so much beside the characters of a text."""
CHARACTER_BYTES = 4


class Scale:
    """Weighs the rows of one table. `shared` holds the texts that rows have in common."""

    def __init__(self, shared: Mapping[str, str], shared_chars: int, source: str) -> None:
        self._shared = shared
        self._shared_chars = shared_chars
        self._source = source
        self._n_weighed = 0
        self._weighed = 0
        self._rough = 0

    def add(self, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        """Count the newest row, and weigh all that are new where the rough count is too high.

        Raises
        ------
        SurveyError
            When the table takes more memory than any survey needs.
        """
        cells = rows[-1][1]
        self._rough += ROW_BYTES + CELL_BYTES * len(cells) + CHARACTER_BYTES * sum(map(len, cells))
        if self._weighed + self._rough > MAX_TABLE_BYTES:
            self._weigh(rows)

    def _weigh(self, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        for _, cells in rows[self._n_weighed :]:
            self._weighed += ROW_BYTES + 8 * len(cells)
            self._weighed += sum(getsizeof(cell) for cell in cells if self._is_own(cell))
        self._n_weighed = len(rows)
        self._rough = 0
        if self._weighed > MAX_TABLE_BYTES:
            raise SurveyError(
                f"the table takes more than {MAX_TABLE_BYTES / 1024**2:,.0f} MiB of memory.",
                source=self._source,
                line=rows[-1][0],
                hint="Split it into several files, or leave out columns that you do not need.",
            )

    def _is_own(self, cell: str) -> bool:
        return len(cell) > self._shared_chars or self._shared.get(cell) is not cell

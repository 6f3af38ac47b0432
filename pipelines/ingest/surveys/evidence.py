"""What the cells of a column look like, counted.

In: a column's name and cells. Out: an `Evidence` that the rules for column roles decide on.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipelines.ingest.surveys.values import parse_date, parse_number

LOOK_AT_CHARS = 2_000
"""Characters of a cell that are looked at: enough to tell an answer from a group."""

AUDIO = re.compile(
    r".{1,500}\.(m4a|mp3|wav|ogg|oga|opus|amr|aac|flac|webm|mp4|3gp|3gpp|caf|wma)(\?.*)?", re.I
)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,63}")
PHONE = re.compile(r"(?:\+|\(?0)[\d\s()./-]{8,18}")
CONTACT_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,190}")
CONTACT_PHONE = re.compile(r"[+0](?<![\w.][+0])(?:[ ()-]{0,2}\d){9,14}(?!\w)")
"""Begins with the signs to look for, which makes a search through prose quick."""
HANDLE = re.compile(r"@[\w.]{1,30}")
COORDINATES = re.compile(r"-?\d{1,3}\.\d{3,}[ ,;]+-?\d{1,3}\.\d{3,}([ ,;]+-?\d+(\.\d+)?){0,2}")
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}", re.I)
NETWORK_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")
CODE_LIKE = re.compile(r"[\w.:{}@#/-]{1,64}")
WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u9fff]+")
PERSON_NAME = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]*\.?){1,3}")


@dataclass(frozen=True)
class Evidence:
    """A column: its name, its place (0 is the first) and its cells, trimmed and without blanks.

    `text` is what respondents read, where the file tells it.
    """

    column: str
    place: int
    n_rows: int
    filled: tuple[str, ...]
    text: str = ""

    @property
    def wording(self) -> str:
        """What respondents read; the column's name where the file does not tell it."""
        return self.text or self.column

    @property
    def names(self) -> tuple[str, ...]:
        """What may give the column away: its name, and what respondents read."""
        return (self.column, self.text) if self.text else (self.column,)

    def hinted(self, fits: Callable[[str], bool]) -> bool:
        """Tell whether its name, or what respondents read, hints at something."""
        return any(fits(name) for name in self.names)

    @cached_property
    def n_contacts(self) -> int:
        """Cells that hold an e-mail address or a telephone number among other words."""
        return sum(map(holds_contact, self.filled))

    @property
    def n_filled(self) -> int:
        """Cells that hold anything."""
        return len(self.filled)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each value occurs."""
        return Counter(self.filled)

    @property
    def n_different(self) -> int:
        """Values that differ."""
        return len(self.counts)

    @property
    def share_different(self) -> float:
        """Different values per filled cell, 0-1."""
        return self.n_different / self.n_filled if self.filled else 0.0

    @cached_property
    def words(self) -> tuple[int, ...]:
        """Words of each filled cell; text without spaces counts a word per four characters."""
        return tuple(max(len(cell.split()), _dense_words(cell)) for cell in self.filled)

    @cached_property
    def median_words(self) -> float:
        """Median of the words per filled cell."""
        return statistics.median(self.words) if self.filled else 0.0

    @cached_property
    def max_chars(self) -> int:
        """Length of the longest cell, as far as it was looked at."""
        return max(map(len, self.filled), default=0)

    def share(self, fits: Callable[[str], object]) -> float:
        """Return the share (0-1) of filled cells that fit; 0 if none is filled."""
        if not self.filled:
            return 0.0
        known = {value: bool(fits(value)) for value in self.counts}
        return sum(n for value, n in self.counts.items() if known[value]) / self.n_filled

    @cached_property
    def share_numbers(self) -> float:
        """Share of the filled cells that are numbers."""
        return self.share(parse_number)

    @cached_property
    def share_dates(self) -> float:
        """Share of the filled cells that are dates."""
        return self.share(lambda cell: parse_date(cell) or parse_date(cell, day_first=False))


def holds_contact(text: str) -> bool:
    """Tell whether an e-mail address or a telephone number stands within a text."""
    return ("@" in text and CONTACT_EMAIL.search(text) is not None) or (
        ("0" in text or "+" in text) and CONTACT_PHONE.search(text) is not None
    )


def _dense_words(cell: str) -> int:
    """Count words of scripts that put no spaces between them, such as Chinese and Thai."""
    if cell.isascii():
        return 0
    return sum(map(len, WITHOUT_SPACES.findall(cell))) // 4


def measure(
    column: str, place: int, cells: Sequence[str], n_look_at: int = 5_000, *, text: str = ""
) -> Evidence:
    """Look at a column; of a long one at rows spread evenly over the file."""
    step = max(1, len(cells) // n_look_at)
    picked = cells[::step] if step > 1 else cells
    filled = tuple(words for cell in picked if (words := cell[:LOOK_AT_CHARS].strip()))
    return Evidence(column=column, place=place, n_rows=len(picked), filled=filled, text=text)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A column read as several values per cell."""

    delimiter: str
    n_cells: int
    counts: Counter[str]

    @property
    def repeated_share(self) -> float:
        """Share of the values met that were met more than once."""
        total = self.counts.total()
        return sum(n for n in self.counts.values() if n > 1) / total if total else 0.0


def tokens(evidence: Evidence, delimiter: str) -> Tokens | None:
    """Split the cells at a delimiter; None where no cell has it or the parts are prose."""
    n_cells = sum(delimiter in cell for cell in evidence.filled)
    if not n_cells:
        return None
    counts: Counter[str] = Counter()
    for cell in evidence.filled:
        counts.update(part.strip() for part in cell.split(delimiter) if part.strip())
    if not counts or max(len(part) for part in counts) > 80:
        return None
    return Tokens(delimiter, n_cells, counts)

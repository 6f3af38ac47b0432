"""What every recogniser of a survey tool's export works with.

In: the first records of a file, and later its columns. Out: a `Layout`, which says where the
header ends and what the columns are called, and a `Description` of what they are.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.ingest.surveys.evidence import PERSON_NAME, PHONE
from pipelines.ingest.surveys.hints import ColumnHint, Exclusion, HintRole
from pipelines.ingest.surveys.name_hints import hints_identifying

Cells = Sequence[str]

TICKS = frozenset(["1", "y", "yes", "true", "x", "✓", "✔", "selected", "checked", "ticked"])
NO_TICKS = frozenset(("0", "n", "no", "false", "-99", "not selected", "unchecked", "n/a"))
ASKS_WHO = re.compile(
    r"\bnames?\b|\be-?mail|\b(tele)?phone\b|\bmobile\b|\bpost ?code\b|\baddress\b|\bcontact\b", re.I
)
"""Wordings that may ask who somebody is: what is answered then is not taken for an opinion."""
CONTACTS = frozenset(
    ("name", "yourname", "fullname", "firstname", "lastname", "surname", "email", "emailaddress",
     "youremail", "phone", "phonenumber", "telephone", "telephonenumber", "mobile", "mobilenumber",
     "contactnumber", "address", "addressline1", "addressline2", "address2", "postcode", "zipcode",
     "zippostalcode", "postalcode", "postalcodezip", "dateofbirth")
)  # fmt: skip
"""What the fields of a question about contact details are called."""
LAST_PART = re.compile(r" - |\[|/")
MARKUP = re.compile(
    r"</?(?:p|br|div|span|b|strong|i|em|u|font|a|img|h\d|li|ul|ol|table|tr|td|style|script)\b[^<>]*>",
    re.IGNORECASE,
)
MAX_DIFFERENT = 1_000
"""Different values of a column beyond which it is not looked at any further."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a tool's layout says of each column, and of rows that are no respondents'."""

    hints: tuple[ColumnHint | None, ...]
    exclusions: tuple[Exclusion, ...] = ()
    warnings: tuple[str, ...] = ()


class Columns:
    """The columns of a table: their names, the wording of their questions and what they hold."""

    def __init__(
        self, header: Cells, texts: Cells, rows: Sequence[tuple[int, tuple[str, ...]]]
    ) -> None:
        self.header = tuple(header)
        self.texts = tuple(texts)
        self._rows = rows
        self._known: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.header)

    def values(self, at: int) -> frozenset[str]:
        """Return the different values of a column, trimmed; not all where there are very many."""
        if at not in self._known:
            found: set[str] = set()
            for _, cells in self._rows:
                found.add(cells[at])
                if len(found) > MAX_DIFFERENT:
                    break
            self._known[at] = frozenset(value.strip() for value in found) - {""}
        return self._known[at]


@dataclass(frozen=True, slots=True)
class Layout:
    """The head of an export: how many records it takes, the columns' names and questions."""

    tool: str
    names: tuple[str, ...]
    describe: Callable[[Columns], Description]
    texts: tuple[str, ...] = ()
    n_header_records: int = 1


@dataclass(slots=True)
class Notes:
    """The description of an export while it is being made: the first hint for a column stays."""

    columns: Columns
    hints: list[ColumnHint | None]
    exclusions: list[Exclusion] = field(default_factory=list)
    refs: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    def say(
        self,
        at: int,
        role: HintRole,
        reason: str,
        *,
        ref: str = "",
        question: str = "",
        value: str = "",
    ) -> None:
        """Give a hint for a column that has none yet."""
        if self.hints[at] is None:
            self.hints[at] = ColumnHint(role, reason, ref, question, value)

    def own_columns(self, known: Mapping[str, tuple[HintRole, str]], keys: Cells) -> None:
        """Give the hints of the columns that the tool itself adds, found by their plain name."""
        for at, name in enumerate(keys):
            if (found := known.get(name)) is not None:
                self.say(at, *found)

    def exclude(self, at: int | None, values: Iterable[str], reason: str) -> None:
        """Propose to leave out the rows that hold one of the values in a column."""
        if at is not None:
            self.exclusions.append(Exclusion(self.columns.header[at], tuple(values), reason))

    def options(self, places: Sequence[int], labels: Cells, ref: str, question: str) -> None:
        """Say of the columns of one question that each is one of its options."""
        ref = unique(ref, self.refs)
        self.refs.add(ref)
        for at, label in zip(places, labels, strict=True):
            reason = f"an option of {quoted(question or ref)}"
            self.say(at, "option", reason, ref=ref, question=question, value=label)

    def done(self) -> Description:
        """Return the description, with the fields that ask for a name or an address kept out."""
        for at, name in enumerate(self.columns.header):
            text = self.columns.texts[at] if self.columns.texts else ""
            if CONTACTS & {plain(LAST_PART.split(said)[-1]) for said in (name, text) if said}:
                self.say(at, "identifying", "asks for a name or how to reach the person")
        return Description(tuple(self.hints), tuple(self.exclusions), tuple(self.warnings))


def notes_on(columns: Columns) -> Notes:
    """Begin a description."""
    return Notes(columns, [None] * len(columns))


def plain(name: str) -> str:
    """Return a name in lower case without anything but letters and digits.

    Examples
    --------
    >>> plain("Start Date"), plain("date_created")
    ('startdate', 'datecreated')
    """
    return "".join(re.findall(r"[^\W_]+", name[:200].casefold()))


def wording(text: str) -> str:
    """Return the wording of a question without the markup that some exports leave in it.

    Examples
    --------
    >>> wording("<p>What should change?&nbsp;</p>"), wording("Is 1 < 2 & 3 > 2?")
    ('What should change?', 'Is 1 < 2 & 3 > 2?')
    """
    if "<" not in text and "&" not in text:
        return text
    return html.unescape(MARKUP.sub(" ", text)).replace("\xa0", " ").strip()


def quoted(text: str, n_chars: int = 60) -> str:
    """Return a question in quotation marks, short enough for a reason."""
    text = " ".join(text[: 4 * n_chars].split())
    return f"'{text if len(text) <= n_chars else text[: n_chars - 3].rstrip() + '...'}'"


def place_of(keys: Cells, *names: str) -> int | None:
    """Return the place of the first of the names that is there."""
    return next((keys.index(name) for name in names if name in keys), None)


def are_ticks(columns: Columns, places: Sequence[int], labels: Cells) -> bool:
    """Tell whether columns are the options of one question: each ticked or not, nothing else.

    A tick is the option's own wording, a sign for yes, or its number among the options.
    """
    ticked = 0
    for number, (at, label) in enumerate(zip(places, labels, strict=True), 1):
        ticks = {value.casefold() for value in columns.values(at)} - NO_TICKS
        own = {" ".join(label.casefold().split()), label.casefold(), str(number)}
        if len(ticks) > 1 or not ticks <= TICKS | own:
            return False
        ticked += len(ticks)
    return ticked > 0


def is_prose(columns: Columns, at: int) -> bool:
    """Tell whether most texts have several words and neither they nor the question name a person.

    A box for text is also used to ask for an age, a name or a telephone number.
    """
    values = columns.values(at)
    words = [value for value in values if len(value.split()) > 1]
    if not words or 2 * len(words) < len(values):
        return False
    question = columns.texts[at] if columns.texts else ""
    name = columns.header[at]
    if hints_identifying(name) or ASKS_WHO.search(question) or ASKS_WHO.search(name):
        return False
    people = sum(bool(PERSON_NAME.fullmatch(v) or PHONE.fullmatch(v)) for v in values)
    return 2 * people < len(values)


def runs(keys: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Join neighbours of one key: (key, their places); empty keys belong to nobody."""
    found: list[tuple[str, list[int]]] = []
    for at, name in enumerate(keys):
        if name and found and found[-1][0] == name and found[-1][1][-1] == at - 1:
            found[-1][1].append(at)
        elif name:
            found.append((name, [at]))
    return found


def unique(name: str, taken: Collection[str], first: int = 2) -> str:
    """Return a name that is not taken: "Why?", then "Why? (2)"; `first` is the number tried first.

    Examples
    --------
    >>> unique("Why?", {"Why?", "Why? (2)"})
    'Why? (3)'
    """
    number, free = first, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free

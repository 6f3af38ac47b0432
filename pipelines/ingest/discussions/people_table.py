"""A table of participants: who a speaker of a transcript is, and what is known of them.

In: a grid with a column of speakers or of respondents. Out: its rows, their attributes, and the
rows that cannot be used. What names or reaches people is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.ingest.surveys import name_hints, roles
from pipelines.ingest.surveys.attributes import AttributeReader, BadCellError, attribute_readers
from pipelines.ingest.surveys.mapping import build_mapping
from pipelines.ingest.surveys.proposal import ColumnProposal, label_for
from pipelines.ingest.surveys.refs import MAX_REF_CHARS, reaches_a_person
from pipelines.ingest.surveys.values import match_key
from pipelines.ingest.tables.records import Grid, shorten
from workbench.domain.documents import Attribute, BadRow
from workbench.domain.speaker_names import kind_of, role_of, spelling_key
from workbench.domain.text import normalise
from workbench.domain.turns import SpeakerRole
from workbench.errors import SurveyError

SPEAKER_NAMES = tuple(
    map(
        name_hints.words,
        ("speaker", "speakername", "nameintranscript transcriptname", "name", "label", "voice"),
    )
)
"""What the column of speakers is called, the surest first."""
NAMING_NAMES = frozenset().union(*SPEAKER_NAMES) | name_hints.words("knownas alsoknownas aka alias")
NAMING_WORDS = name_hints.words(
    "name names surname forename nickname firstname lastname realname fullname initials"
)
"""A column whose name ends so says what people are called, unless it is one of places or bodies."""
RESPONDENT_NAMES = name_hints.words(
    "respondent respondentid respondentref participant participantid participantref ref id pid"
)
SHOWN_NAMES = name_hints.words("shownas shownname pseudonym displayname displayedas")
ROLE_NAMES = name_hints.words(
    "role roleingroup roleinthegroup roleindiscussion roleinthediscussion"
)
GROUP_NAMES = name_hints.words(
    "focusgroup focusgroupname focusgroupid focusgroupno focusgroupnumber fg fgd fgid fgno fgname "
    "transcript transcriptfile session sessionname sessionid sessionno "
    "sessionnumber file filename"
)
PARTICIPANT = name_hints.words("participant participants respondent speaker member no")
YES_FACILITATOR = name_hints.words("yes chair host observer")
HALF = 0.5
ROW_STEP = 10_000_000
"""Rows of the second of several tables count from here, so that no two have one number."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What one row says of a speaker. Empty parts are not said; `row` counts as a spreadsheet does.

    `group` is the focus group that it is about, where the table tells; `key` is what the spellings
    of the speaker's name share. `shown` is what they are to be called: rows of one such name are
    one speaker. `may_be_quoted` is None where the table does not tell. `origin` is the table's name
    where there are several.
    """

    row: int
    speaker: str
    respondent: str
    role: SpeakerRole | None = None
    group: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    key: str = ""
    shown: str = ""
    may_be_quoted: bool | None = None
    origin: str = ""

    @property
    def place(self) -> str:
        """Say which row this is."""
        return f"row {self.row % ROW_STEP}" + (f" of {self.origin}" if self.origin else "")


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """Participants as a table has them, with the attributes that it tells of them.

    `sources` are the names of the tables where several were put together.
    """

    source: str
    rows: tuple[PersonRow, ...]
    attributes: tuple[Attribute, ...] = ()
    bad_rows: tuple[BadRow, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def read_people_table(grid: Grid) -> PeopleTable:
    """Read a table of participants.

    Raises
    ------
    SurveyError
        When no column says who is meant.
    """
    columns = _Columns.of(grid)
    proposed = [item for item in roles.propose(grid).columns if item.column not in columns.known()]
    hidden = columns.naming(grid)
    proposed = [item for item in proposed if item.column not in hidden]
    hidden += [item.column for item in proposed if item.role == "identifying"]
    quoting = next((item for item in proposed if item.role == "may be quoted"), None)
    kept = [item for item in proposed if item.role not in ("identifying", "ignore")]
    kept = [item for item in kept if item is not quoting]
    readers = _readers(grid, columns, kept)
    rows: list[PersonRow] = []
    bad: list[BadRow] = list(grid.bad_rows)
    for number, cells in grid.rows:
        named = dict(zip(grid.header, cells, strict=True))
        row = columns.read(number, named, bad)
        if row is not None:
            row = replace(row, may_be_quoted=_may_be_quoted(quoting, named))
            rows.append(replace(row, values=_values(row.row, readers, cells, bad)))
    warnings = [
        f"the column {shorten(column)!r} is left out: it names or reaches people."
        for column in dict.fromkeys(hidden)
    ]
    return PeopleTable(
        grid.name, tuple(rows), tuple(item.attribute for item in readers), tuple(bad),
        (*grid.warnings, *warnings),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns say who is meant."""

    speaker: str | None
    respondent: str | None
    role: str | None
    group: str | None
    shown: str | None

    @classmethod
    def of(cls, grid: Grid) -> _Columns:
        shown = _first(grid.header, SHOWN_NAMES)
        found = (_first(grid.header, names) for names in SPEAKER_NAMES)
        speaker = next((column for column in found if column is not None), None)
        respondent = _first(grid.header, RESPONDENT_NAMES)
        if speaker is None:
            speaker, shown = shown, None  # a table of those who are there, by what they are called
        if speaker is None and respondent is None:
            listed = ", ".join(shorten(column) for column in grid.header[:20])
            raise SurveyError(
                f"no column says who is meant. Columns: {listed}.",
                source=grid.name,
                line=grid.header_row,
                hint="Call the column with the speakers' names speaker, or that with the ids of "
                "respondents respondent.",
            )
        named = [name for name in grid.header if name_hints.joined(name) in ROLE_NAMES]
        # Others, such as parent or practitioner, are something that is known of people.
        role = next((name for name in named if _holds_roles(grid.column(name))), None)
        if speaker and respondent and _names_them(grid, respondent, speaker):
            respondent = None
        return cls(speaker, respondent, role, _first(grid.header, GROUP_NAMES), shown)

    def naming(self, grid: Grid) -> list[str]:
        """Give the other columns that say what people are called, by their names or their cells."""
        return [
            column
            for column in grid.header
            if column not in self.known()
            and (
                _hints_naming(column)
                or (self.speaker is not None and _names_them(grid, column, self.speaker))
            )
        ]

    def known(self) -> set[str | None]:
        return {self.speaker, self.respondent, self.role, self.group, self.shown}

    def read(self, row: int, cells: Mapping[str, str], bad: list[BadRow]) -> PersonRow | None:
        """Read who a row is about; None, with a bad row, where that cannot be told."""
        speaker = _cell(cells, self.speaker)
        respondent = normalise(cells[self.respondent]).strip() if self.respondent else ""
        if not speaker and not respondent:
            bad.append(BadRow(row, None, "the row names nobody. Write who is meant, or delete it."))
            return None
        if len(respondent) > MAX_REF_CHARS:
            bad.append(BadRow(row, self.respondent, f"the id has {len(respondent):,} characters, "
                              f"at most {MAX_REF_CHARS} are kept."))  # fmt: skip
            return None
        if reaches_a_person(respondent):
            why = "the id is an e-mail address or a telephone number, which is not kept."
            bad.append(BadRow(row, self.respondent, f"{why} Give each one an id such as P01."))
            return None
        told = _cell(cells, self.role)
        role = _role(told)
        if told and role is None:
            bad.append(BadRow(row, self.role, f"{shorten(told)!r} is no role. Write participant or "
                              "facilitator."))  # fmt: skip
        key = spelling_key(speaker or respondent)
        group, shown = _cell(cells, self.group), _cell(cells, self.shown)
        return PersonRow(row, speaker, respondent, role, group, {}, key, shown)


def _hints_naming(column: str) -> bool:
    words = name_hints.words_of(column.replace("_", " "))
    if name_hints.joined(column) in NAMING_NAMES | SHOWN_NAMES:
        return True
    return bool(words) and words[-1] in NAMING_WORDS and not name_hints.hints_attribute(column)


def _names_them(grid: Grid, column: str, speaker: str) -> bool:
    """Tell whether most cells of a column share a word with the name beside them."""
    both = list(zip(grid.column(column), grid.column(speaker), strict=True))
    named = [(cell, name) for cell, name in both if cell.strip() and kind_of(name) == "name"]
    return sum(bool(name_words(cell) & name_words(name)) for cell, name in named) > HALF * len(
        named
    )


def name_words(name: str) -> set[str]:
    """Give the words of a name that tell people apart, in lower case."""
    return {word for word in name_hints.words_of(name) if len(word) > 1 and not word.isdigit()}


def _first(header: Sequence[str], names: frozenset[str]) -> str | None:
    return next((column for column in header if name_hints.joined(column) in names), None)


def _cell(cells: Mapping[str, str], column: str | None) -> str:
    return "" if column is None else " ".join(normalise(cells[column]).split())


def _role(told: str) -> SpeakerRole | None:
    if role_of(told) == "facilitator" or told.casefold() in YES_FACILITATOR:
        return "facilitator"
    return "participant" if told.casefold() in PARTICIPANT else None


def _holds_roles(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return sum(_role(cell) is not None for cell in filled) > HALF * len(filled)


def _readers(
    grid: Grid, columns: _Columns, kept: Sequence[ColumnProposal]
) -> tuple[AttributeReader, ...]:
    taken: set[str] = set()
    attributes: list[dict[str, Any]] = []
    for item in kept:
        if item.column in {fields["column"] for fields in attributes}:
            continue
        name = name_hints.short_name(item.column, taken)
        taken.add(name)
        fields: dict[str, Any] = {"column": item.column, "name": name, "label": label_for(item)}
        if item.role == "attribute" and not item.stands_for:
            fields |= {"kind": item.kind}
            fields |= {"delimiter": item.delimiter or ";"} if item.kind == "multi" else {}
            fields |= {"values": list(item.values)} if item.kind == "ordered" else {}
            fields |= {} if item.grouping else {"grouping": False}
        attributes.append(fields)
    main = columns.speaker or columns.respondent
    mapping = build_mapping({"respondent_id": main, "attributes": attributes}, grid.name)
    return attribute_readers(mapping, grid)


def _values(
    row: int, readers: Sequence[AttributeReader], cells: Sequence[str], bad: list[BadRow]
) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for reader in readers:
        try:
            found = reader.read(cells)
        except BadCellError as error:
            bad.append(BadRow(row, error.column, error.message))
            continue
        if found:
            values[reader.attribute.name] = found
    return values


def _may_be_quoted(column: ColumnProposal | None, cells: Mapping[str, str]) -> bool | None:
    """Tell what somebody said of being quoted; any words that do not mean yes mean no."""
    said = match_key(cells[column.column]) if column else ""
    return said in set(map(match_key, column.values)) if column and said else None

"""Microsoft Forms and Google Forms: one header record that holds the questions' wordings.

Microsoft Forms writes a workbook that begins with ID and two times, and ends every choice of a
multi-select with a semicolon. Google Forms writes a CSV that begins with a timestamp and has no id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.ingest.exports.layout import Columns, Description, Layout, notes_on, plain
from pipelines.ingest.surveys.hints import ColumnHint, HintRole
from pipelines.ingest.surveys.values import parse_date

MICROSOFT = "Microsoft Forms"
GOOGLE = "Google Forms"
OWN = "a column that {tool} adds"
KNOWN: dict[str, tuple[HintRole, str]] = {
    "id": ("respondent id", "Microsoft Forms numbers the responses"),
    "completiontime": ("submitted at", "when the form was handed in"),
    "email": ("identifying", "the account of the person who answered"),
    "name": ("identifying", "the name of the person who answered"),
    **dict.fromkeys(
        ("starttime", "lastmodifiedtime", "totalpoints", "quizfeedback", "gradepostedtime"),
        ("ignore", OWN.format(tool=MICROSOFT)),
    ),
}
QUIZ = ("Points - ", "Feedback - ", "Points – ", "Feedback – ")
N_OWN_PLACES = 9
"""Microsoft's own columns stand before the questions; a question may be called Name too."""

TIMESTAMPS = frozenset(
    ("Timestamp", "Horodateur", "Zeitstempel", "Marca temporal", "Informazioni cronologiche",
     "Carimbo de data/hora", "Tijdstempel", "Sygnatura czasowa", "Tidsstempel", "Tidstämpel",
     "Zaman damgası", "Отметка времени", "Позначка часу", "طابع زمني", "タイムスタンプ", "时间戳记")
)  # fmt: skip
GOOGLE_KNOWN: dict[str, tuple[HintRole, str]] = {
    **dict.fromkeys(
        ("emailaddress", "username"), ("identifying", "the account of the person who answered")
    ),
    "score": ("ignore", OWN.format(tool=GOOGLE)),
}


def recognise_microsoft(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise a workbook of Microsoft Forms by its first three columns."""
    keys = [plain(cell) for cell in head[0]]
    if keys[:3] != ["id", "starttime", "completiontime"]:
        return None
    names = tuple(" ".join(cell.split()) for cell in head[0])
    return Layout(MICROSOFT, names, _describe_microsoft, _without(names, _own(keys)))


def _own(keys: Sequence[str]) -> set[int]:
    """Return the places of the columns before the first question."""
    places = set()
    for at, key in enumerate(keys[:N_OWN_PLACES]):
        if key not in KNOWN:
            break
        places.add(at)
    return places


def _without(names: Sequence[str], own: set[int]) -> tuple[str, ...]:
    return tuple("" if at in own else name for at, name in enumerate(names))


def _describe_microsoft(columns: Columns) -> Description:
    notes = notes_on(columns)
    keys = [plain(name) for name in columns.header]
    own = _own(keys)
    notes.own_columns(KNOWN, ["" if at not in own else key for at, key in enumerate(keys)])
    quiz = {"totalpoints", "quizfeedback"} & set(keys)
    for at, name in enumerate(columns.header):
        if quiz and (name.startswith(QUIZ) or keys[at] in quiz):
            notes.say(at, "ignore", OWN.format(tool=MICROSOFT))
        elif notes.hints[at] is None:
            notes.hints[at] = _choices(columns, at)
    return notes.done()


def _choices(columns: Columns, at: int) -> ColumnHint | None:
    """Recognise a multi-select by the semicolon after every choice, and a ranking by its order."""
    values = columns.values(at)
    if not values or not all(value.endswith(";") for value in values):
        return None
    orders = [tuple(value.rstrip(";").split(";")) for value in values]
    if len(orders) > 1 and len(orders[0]) > 1 and len({frozenset(order) for order in orders}) == 1:
        return ColumnHint("ignore", "a ranking: everybody names the same things in another order")
    hint = ColumnHint("attribute", "several choices in a cell, each ending in a semicolon")
    return replace(hint, kind="multi", delimiter=";")


def recognise_google(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise a CSV of Google Forms: a timestamp first, and dates below it."""
    first = head[0]
    dates = [row[0] for row in head[1:] if row[0]]
    if first[0] not in TIMESTAMPS or len([name for name in first if name]) < 2 or not dates:
        return None
    if not all(parse_date(cell) or parse_date(cell, day_first=False) for cell in dates):
        return None
    names = tuple(" ".join(cell.split()) for cell in first)
    own = {at for at, name in enumerate(names[:3]) if at == 0 or plain(name) in GOOGLE_KNOWN}
    return Layout(GOOGLE, names, _describe_google, _without(names, own))


def _describe_google(columns: Columns) -> Description:
    notes = notes_on(columns)
    notes.say(0, "submitted at", "when the form was handed in")
    # its own columns follow the timestamp; a question further on may have the same name
    keys = [plain(name) if at < 3 else "" for at, name in enumerate(columns.header)]
    notes.own_columns(GOOGLE_KNOWN, keys)
    return notes.done()

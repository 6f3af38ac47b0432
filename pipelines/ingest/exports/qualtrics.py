"""Qualtrics: CSV, TSV and XLSX, with choice texts or numbers, new exports and old ones.

A new export has three header records: names, wordings, and `{"ImportId": ...}`. People delete the
third, or both below the first; an old export has two, and calls Qualtrics' own columns V1 to V10.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.ingest.exports.layout import (
    Columns,
    Description,
    Layout,
    Notes,
    are_ticks,
    is_prose,
    notes_on,
    place_of,
    plain,
    quoted,
)
from pipelines.ingest.surveys.evidence import AUDIO
from pipelines.ingest.surveys.hints import HintRole

Head = Sequence[tuple[str, ...]]

TOOL = "Qualtrics"
OWN = "Qualtrics' own column"
PERSON = "names or reaches the person, from Qualtrics' contact list"
WHERE = "where the answer was sent from, as Qualtrics worked it out"
KNOWN: dict[str, tuple[HintRole, str]] = {
    "responseid": ("respondent id", "Qualtrics' number of the response"),
    "recordeddate": ("submitted at", "when Qualtrics recorded the response"),
    "userlanguage": ("attribute", "the language in which the survey was answered"),
    "ipaddress": ("identifying", "the network address that the answer came from"),
    **dict.fromkeys(
        ("recipientlastname", "recipientfirstname", "recipientemail", "externalreference",
         "externaldatareference", "name", "email", "emailaddress"),
        ("identifying", PERSON),
    ),
    **dict.fromkeys(
        ("locationlatitude", "locationlongitude", "locationaccuracy"), ("identifying", WHERE)
    ),
    **dict.fromkeys(
        ("startdate", "enddate", "status", "progress", "durationinseconds", "finished",
         "distributionchannel", "responseset", "responsetype"),
        ("ignore", OWN),
    ),
}  # fmt: skip
FINGERPRINT = frozenset(
    ("startdate", "enddate", "status", "progress", "durationinseconds", "finished",
     "recordeddate", "responseid", "distributionchannel", "userlanguage", "ipaddress")
)  # fmt: skip
LEAST_OWN = 4
LABELS = frozenset(
    ("startdate", "enddate", "responsetype", "ipaddress", "progress", "durationinseconds",
     "finished", "recordeddate", "responseid", "distributionchannel", "userlanguage")
)  # fmt: skip
ASIDE = re.compile(r" - (?:Selected Choice|Text)\b")
"""What Qualtrics adds to the wording of a question with choices, and of one with words beside."""
IMPORT_ID = re.compile(r'\{\s*"ImportId"\s*:\s*"([^"]*)"')
CHOICE_ID = re.compile(r'"choiceId"\s*:\s*"?(-?\d+)')
TEXT_ENTRY = re.compile(r"(\d+_)?QID\d+_TEXT")
QUESTION_ID = re.compile(r"(\d+_)?(QID\d+)")
OTHER_TEXT = re.compile(r".+_(\d+)_TEXT")
NAME_OF_OPTION = re.compile(r"(.+)_(\d+)")
ABOUT_THE_PAGE = re.compile(
    r".+_(First Click|Last Click|Page Submit|Click Count|DO|DO_.+)|"
    r".+_(Browser|Version|Operating System|Resolution)"
)
ANALYSIS = re.compile(
    r"(.+) - (Parent Topics|Topics?\b.*|Sentiment\b.*|Actionability|Effort.*|Emotion.*)"
)
UPLOAD = re.compile(r"(.+)_(Id|Name|Size|Type)")
UPLOAD_PARTS = ("Id", "Name", "Size", "Type")
NOT_REAL = ("Survey Preview", "Survey Test", "Spam", "Survey Preview Spam", "Imported Spam",
            "Offline Survey Preview")  # fmt: skip
NOT_REAL_NUMBERS = ("1", "2", "8", "9", "12", "17", "40")
"""Qualtrics' codes of the response types above, and of spam in employee surveys (40)."""


def recognise(head: Head) -> Layout | None:
    """Recognise an export by the `ImportId` row, else by the names of Qualtrics' own columns."""
    first, second = head[0], head[1] if len(head) > 1 else ()
    third = head[2] if len(head) > 2 else ()
    ids = [IMPORT_ID.match(cell) for cell in third]
    if sum(found is not None for found in ids) >= max(1, len([c for c in third if c]) // 2):
        keys = [found[1] if found else "" for found in ids]
        choices = [bool(CHOICE_ID.search(cell)) for cell in third]
        return _layout(first, second, 3, keys, choices)
    if first[:2] == ("V1", "V2") and "responseid" in map(plain, second[:3]):
        return _old(first, second)
    own = FINGERPRINT & set(map(plain, first))
    if len(own) < LEAST_OWN or not own & {"responseid", "recordeddate", "distributionchannel"}:
        return None
    if sum(plain(cell) in LABELS for cell in second) >= LEAST_OWN:
        return _layout(first, second, 2)
    return _layout(first, (), 1)


def _old(first: Sequence[str], second: Sequence[str]) -> Layout:
    """Name V1 to V10 by their label: that is what they are called in every later export."""
    names = tuple(
        label if re.fullmatch(r"V\d+", name) and label else name
        for name, label in zip(first, second, strict=True)
    )
    # old exports put no spaces around the dash before an option
    texts = tuple(
        " - ".join(text.rsplit("-", 1)) if NAME_OF_OPTION.fullmatch(name) else text
        for name, text in zip(first, second, strict=True)
    )
    return _layout(names, texts, 2)


def _layout(
    names: Sequence[str],
    texts: Sequence[str],
    n_records: int,
    keys: Sequence[str] = (),
    choices: Sequence[bool] = (),
) -> Layout:
    wordings = [
        "" if plain(name) in KNOWN else ASIDE.sub("", text)
        for name, text in zip(names, texts or [""] * len(names), strict=True)
    ]
    return Layout(
        TOOL,
        tuple(names),
        lambda columns: _describe(columns, keys, choices),
        tuple(wordings),
        n_records,
    )


def _describe(columns: Columns, keys: Sequence[str], choices: Sequence[bool]) -> Description:
    notes = notes_on(columns)
    plain_names = [plain(name) for name in columns.header]
    notes.own_columns(KNOWN, plain_names)
    if "recordeddate" not in plain_names and "enddate" in plain_names:
        at = plain_names.index("enddate")
        notes.hints[at] = None
        notes.say(at, "submitted at", "when the response was finished")
    for at, name in enumerate(columns.header):
        if name.startswith("Q_"):
            notes.say(at, "ignore", OWN)
        elif ABOUT_THE_PAGE.fullmatch(name):
            notes.say(at, "ignore", "how the page was shown, as Qualtrics measured it")
        elif (found := ANALYSIS.fullmatch(name)) and found[1] in columns.header:
            notes.say(at, "ignore", f"Qualtrics' own analysis of {found[1]}")
    _uploads(notes)
    _other_texts(notes)
    _options(notes, keys, choices)
    for at, key in enumerate(keys[: len(columns)]):
        if TEXT_ENTRY.fullmatch(key) and is_prose(columns, at):
            notes.say(at, "open answer", "a question with a box for text")
    _exclude(notes, plain_names)
    return notes.done()


def _uploads(notes: Notes) -> None:
    """Take the name of an uploaded recording, and leave out what else is told of it."""
    names = {name: at for at, name in enumerate(notes.columns.header)}
    for name, at in names.items():
        found = UPLOAD.fullmatch(name)
        if not found or not {f"{found[1]}_{part}" for part in UPLOAD_PARTS} <= names.keys():
            continue
        if found[2] != "Name":
            notes.say(at, "ignore", "about an uploaded file; its name has a column of its own")
            continue
        files = notes.columns.values(at)
        if files and all(AUDIO.fullmatch(file) for file in files):
            question = _parts(notes.columns.texts[at])[0] if notes.columns.texts else ""
            notes.say(
                at, "voice note file", "file names of recordings", ref=found[1], question=question
            )
        else:
            notes.say(at, "ignore", "names of uploaded files that are no recordings")


def _other_texts(notes: Notes) -> None:
    for at, name in enumerate(notes.columns.header):
        if OTHER_TEXT.fullmatch(name):
            text = notes.columns.texts[at] if notes.columns.texts else ""
            question = _parts(text)[0]
            notes.say(
                at,
                "open answer",
                f"the words that were written beside an option of {quoted(question or name)}",
                ref=name,
                question=question,
            )


def _options(notes: Notes, keys: Sequence[str], choices: Sequence[bool]) -> None:
    """Find multi-selects that were split into a column for each option."""
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(notes.columns.header):
        found = NAME_OF_OPTION.fullmatch(name)
        if found and notes.hints[at] is None:
            key = QUESTION_ID.match(keys[at])[0] if _is_question(keys, at) else found[1]  # type: ignore[index]
            groups.setdefault(key, []).append(at)
    for places in groups.values():
        told = bool(choices) and all(choices[at] for at in places)
        parts = [_parts(notes.columns.texts[at] if notes.columns.texts else "") for at in places]
        labels = [option or notes.columns.header[at] for at, (_, option) in zip(
            places, parts, strict=True)]  # fmt: skip
        if told or (len(places) > 1 and are_ticks(notes.columns, places, labels)):
            ref = NAME_OF_OPTION.fullmatch(notes.columns.header[places[0]])
            notes.options(places, labels, ref[1] if ref else "", parts[0][0])


def _is_question(keys: Sequence[str], at: int) -> bool:
    return bool(keys) and QUESTION_ID.match(keys[at]) is not None


def _parts(text: str) -> tuple[str, str]:
    """Part "Which services? - Housing" into question and option."""
    text = " ".join(text.split())
    question, dash, option = text.rpartition(" - ")
    return (question, option) if dash else (text, "")


def _exclude(notes: Notes, plain_names: Sequence[str]) -> None:
    status = place_of(plain_names, "status", "responsetype")
    if status is not None:
        values = notes.columns.values(status)
        numbers = bool(values) and all(value.isdecimal() for value in values)
        if numbers:
            notes.warnings.append(
                "the choices in this export of Qualtrics are numbers. To have their words, export "
                "it again with 'Use choice text'."
            )
        notes.exclude(
            status,
            NOT_REAL_NUMBERS if numbers else NOT_REAL,
            "previews, tests and spam, as Qualtrics marks them",
        )
    finished = place_of(plain_names, "finished")
    if finished is not None:
        numbers = notes.columns.values(finished) <= {"0", "1"}
        notes.exclude(
            finished, ("0",) if numbers else ("False",), "responses that were never finished"
        )

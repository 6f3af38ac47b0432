"""Jisc Online Surveys and Citizen Space: one header record, options in columns of their own.

Neither has columns that nobody else has, so that each is recognised by its ids or by several
columns together.
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
    notes_on,
    place_of,
    plain,
    quoted,
)
from pipelines.ingest.surveys.hints import HintRole

JISC = "Jisc Online Surveys"
CITIZEN_SPACE = "Citizen Space"
ID_OF_CITIZEN_SPACE = re.compile(r"(ANON|BHLF)(-[0-9A-Z]{4}){2}-[0-9A-Z]{1,2}")
"""Citizen Space's ids: ANON for the public, BHLF for answers entered on somebody's behalf."""

OWN_OF_JISC = "a column that Jisc Online Surveys adds"
KNOWN_OF_JISC: dict[str, tuple[HintRole, str]] = {
    **dict.fromkeys(
        ("uniqueresponsenumber", "uniqueresponseid", "responseid"),
        ("respondent id", "the survey's number of the response"),
    ),
    **dict.fromkeys(
        ("completed", "completiondate", "completeddate", "datecompleted", "completedat",
         "completiontime", "completedon", "submitted", "submitteddate", "datesubmitted",
         "submissiondate", "submittedat", "submittedon", "submissiontime", "enddate", "endtime",
         "finished", "finishedat"),
        ("submitted at", "when the response was finished"),
    ),
    **dict.fromkeys(
        ("started", "startdate", "startedat", "starttime", "startedon", "datestarted", "timetaken",
         "duration", "responsestatus", "status", "language", "surveyversion", "collector",
         "distribution", "timetocomplete"),
        ("ignore", OWN_OF_JISC),
    ),
    **dict.fromkeys(
        ("username", "respondent", "respondentname", "respondentemail", "emailaddress", "token",
         "ipaddress", "accesscode"),
        ("identifying", "names or reaches the person who answered"),
    ),
}  # fmt: skip
KNOWN_OF_CITIZEN_SPACE: dict[str, tuple[HintRole, str]] = {
    "responseid": ("respondent id", "Citizen Space's number of the response"),
    **dict.fromkeys(
        ("submitted", "datesubmitted", "submissiondate", "submittedon", "submitteddate"),
        ("submitted at", "when the response was handed in"),
    ),
    **dict.fromkeys(
        ("started", "datestarted", "responsestatus", "status", "analysisstatus", "analystnotes",
         "userid", "consultation", "responsetype", "analysed", "pdf", "publishable",
         "moderationstatus", "activity", "activityid", "consultationid"),
        ("ignore", "a column that Citizen Space adds"),
    ),
    **dict.fromkeys(
        ("name", "email", "emailaddress", "yourname", "youremail", "username", "ipaddress"),
        ("identifying", "names or reaches the person who answered"),
    ),
}  # fmt: skip
NUMBERED = re.compile(r"Q?\d+(\.(\d+|[a-z]))*(\b|_|\.)", re.IGNORECASE)
PARTED = (" - ", ": ", " – ")
CODED = re.compile(r"(Q?\d+(?:\.[a-z]|\.\d+)*)[._](\d+)", re.IGNORECASE)
NUMBERED_OPTION = re.compile(r"(Q?\d+(?:\.[a-z])*)\.(\d+)\.?(?:\s+(.*))?", re.I | re.DOTALL)
NAMES_A_PERSON = re.compile(
    r"(Q?[\d.]+:?\s*)?(what is )?(your )?(full )?(name|e-?mail( address)?)\??( - .*)?", re.I
)
UNFINISHED = ("Incomplete", "Partial", "In progress", "Started", "Preview", "Test")
OTHER = re.compile(r".*(if you selected other|other,? please|please specify|please expand).*", re.I)


def recognise_jisc(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise an export by its id, or by an id beside times and numbered questions."""
    keys = [plain(cell) for cell in head[0]]
    start = set(keys[:8])
    numbered = sum(NUMBERED.match(cell) is not None for cell in head[0])
    by_id = "uniqueresponsenumber" in start
    by_times = keys[0] in ("responseid", "uniqueresponseid") and len(start & set(KNOWN_OF_JISC)) > 2
    if not by_id and not (by_times and numbered >= max(1, (len(keys) - len(start)) // 2)):
        return None
    return _layout(JISC, head[0], keys, KNOWN_OF_JISC)


def recognise_citizen_space(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise an export by the form of its ids."""
    keys = [plain(cell) for cell in head[0]]
    if "responseid" not in keys[:4]:
        return None
    at = keys.index("responseid")
    ids = [row[at] for row in head[1:] if row[at]]
    if not ids or not all(ID_OF_CITIZEN_SPACE.fullmatch(cell) for cell in ids):
        return None
    return _layout(CITIZEN_SPACE, head[0], keys, KNOWN_OF_CITIZEN_SPACE)


def _layout(
    tool: str,
    names: tuple[str, ...],
    keys: Sequence[str],
    known: dict[str, tuple[HintRole, str]],
) -> Layout:
    names = tuple(" ".join(name.split()) for name in names)
    texts = tuple(
        "" if key in known or re.fullmatch(r"Q?[\d._a-z]{1,8}", name, re.I) else name
        for name, key in zip(names, keys, strict=True)
    )
    return Layout(tool, names, lambda columns: _describe(columns, known), texts)


def _describe(columns: Columns, known: dict[str, tuple[HintRole, str]]) -> Description:
    notes = notes_on(columns)
    keys = [plain(name) for name in columns.header]
    notes.own_columns(known, keys)
    parts = [_parse(name) for name in columns.header]
    for at, name in enumerate(columns.header):
        if NAMES_A_PERSON.fullmatch(name):
            notes.say(at, "identifying", "asks who is answering")
    groups: dict[str, list[int]] = {}
    last = ""
    for at, (question, option) in enumerate(parts):
        if notes.hints[at] is not None or not option:
            last = ""
            continue
        key = question if question == last or question not in groups else f"{question}\0{at}"
        groups.setdefault(key, []).append(at)
        last = question
    for places in groups.values():
        labels = [_label(columns, at, parts[at][1]) for at in places]
        if len(places) > 1:
            _options(notes, places, labels, parts[places[0]][0])
    for at, name in enumerate(columns.header):
        if OTHER.fullmatch(name):
            before = parts[at - 1][0] if at else ""
            notes.say(at, "open answer", f"the words that were written beside {quoted(before)}")
    if (status := place_of(keys, "status", "responsestatus")) is not None:
        notes.exclude(status, UNFINISHED, "responses that were never handed in")
    return notes.done()


def _options(notes: Notes, places: Sequence[int], labels: Sequence[str], question: str) -> None:
    ticked = [at for at in places if not OTHER.fullmatch(notes.columns.header[at])]
    chosen = [label for at, label in zip(places, labels, strict=True) if at in ticked]
    if len(ticked) > 1 and are_ticks(notes.columns, ticked, chosen):
        notes.options(ticked, chosen, question, question)
        for at in set(places) - set(ticked):
            notes.say(
                at,
                "open answer",
                f"the words that were written beside an option of {quoted(question)}",
                question=question,
            )


def _parse(name: str) -> tuple[str, str]:
    """Part a heading into question and option: `4. Which services? - Housing`, `Q4_2`, `4.2`."""
    if coded := CODED.fullmatch(name):
        return coded[1], coded[2]
    if numbered := NUMBERED_OPTION.fullmatch(name):
        return numbered[1], numbered[3] or numbered[2]
    for sign in PARTED:
        question, found, option = name.rpartition(sign)
        if found and question.strip() and option.strip():
            return question.strip(), option.strip()
    return name, ""


def _label(columns: Columns, at: int, option: str) -> str:
    """Return what an option stands for: its wording, also where the heading only numbers it."""
    values = columns.values(at)
    if option.isdecimal() and len(values) == 1:
        (value,) = values
        return value if not value.isdecimal() else option
    return option

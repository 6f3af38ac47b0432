"""LimeSurvey: CSV and XLSX, headed by question codes, by the full wording, or by both.

An option is `Q2[SQ001]` by code, `Which services? [Housing]` by wording, and
`Q2[SQ001]. Which services? [Housing]` by both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines.ingest.exports.layout import (
    Columns,
    Description,
    Layout,
    Notes,
    notes_on,
    place_of,
    plain,
    quoted,
    runs,
)
from pipelines.ingest.surveys.evidence import AUDIO
from pipelines.ingest.surveys.hints import HintRole
from pipelines.ingest.surveys.uploads import uploaded_names

TOOL = "LimeSurvey"
OWN = "LimeSurvey's own column"
PERSON = "names or reaches the person, from LimeSurvey's list of participants"
SUBMITTED = ("submitdate", "datesubmitted")
KNOWN: dict[str, tuple[HintRole, str]] = {
    **dict.fromkeys(("id", "responseid"), ("respondent id", "LimeSurvey's number of the response")),
    **dict.fromkeys(SUBMITTED, ("submitted at", "when the survey was handed in")),
    **dict.fromkeys(
        ("startlanguage",), ("attribute", "the language in which the survey was answered")
    ),
    **dict.fromkeys(
        ("ipaddr", "ipaddress"), ("identifying", "the network address that the answer came from")
    ),
    **dict.fromkeys(("token", "accesscode"), ("identifying", "the person's own access code")),
    **dict.fromkeys(
        ("firstname", "lastname", "email", "emailaddress"), ("identifying", PERSON)
    ),
    **dict.fromkeys(
        ("lastpage", "seed", "startdate", "datestarted", "datestamp", "datelastaction", "refurl",
         "referrerurl", "interviewtime", "totaltime", "emailstatus", "language", "languagecode",
         "validfrom", "validuntil", "usesleft", "completed"),
        ("ignore", OWN),
    ),
}  # fmt: skip
TIMINGS = re.compile(r"(group ?time|question ?time)(\b|\d|:).*|\w+Time", re.IGNORECASE)
FILE_COUNT = re.compile(r"\[filecount\]|^filecount\b|\bfilecount$", re.IGNORECASE)
BY_BOTH = re.compile(r"([A-Za-z_][\w]*(?:\[[^\]]*\]){0,2})\. +(\S.*)", re.DOTALL)
CODED = re.compile(r"([A-Za-z_]\w*)\[([^\]]*)\](?:\[[^\]]*\])?")
WORDED = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]", re.DOTALL)
ANSWER_CODE = re.compile(r"AO?\d{1,3}")
CHOSEN = frozenset(["y", "yes", "oui", "ja", "sí", "si", "tak", "sim", "да", "نعم", "1"])
NOT_CHOSEN = frozenset(("n", "no", "non", "nein", "nee", "nie", "nej", "não", "нет", "لا", "0",
                        "n/a", "2"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Heading:
    """A column's heading: the question's code and wording, the option's code and wording."""

    code: str = ""
    text: str = ""
    option_code: str = ""
    option: str = ""

    @property
    def key(self) -> str:
        """What the columns of one question have in common."""
        return self.code or self.text

    @property
    def is_part(self) -> bool:
        return bool(self.option_code or self.option)


def recognise(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise an export by the names of its first columns."""
    first = head[0]
    keys = [_own_key(cell) for cell in first]
    start = set(keys[:8])
    by_id = keys[0] in ("id", "responseid") and "lastpage" in start
    if not (by_id and start & {"submitdate", "datesubmitted", "startlanguage", "seed"}):
        return None
    headings = [_Heading() if key in KNOWN else _parse(c) for key, c in zip(keys, first)]  # noqa: B905
    return Layout(
        TOOL,
        tuple(first),
        lambda columns: _describe(columns, keys, headings),
        tuple(_wording(heading) for heading in headings),
    )


def _own_key(name: str) -> str:
    """Return the plain name of LimeSurvey's own column: "id. Response ID" gives "id"."""
    return plain(name.partition(". ")[0]) if BY_BOTH.fullmatch(name) else plain(name)


def _parse(name: str) -> _Heading:
    both = BY_BOTH.fullmatch(name)
    code, text = (both[1], both[2]) if both else ("", name)
    if (coded := CODED.fullmatch(code or text)) is not None:
        option_code = coded[2]
        worded = WORDED.fullmatch(text) if both else None
        question, option = (worded[1], worded[2]) if worded else (text if both else "", "")
        return _Heading(coded[1], question, option_code, option)
    if both:
        return _Heading(code, text)
    if re.fullmatch(r"[A-Za-z_]\w*", text):
        return _Heading(code=text)
    worded = WORDED.fullmatch(text)
    return _Heading("", worded[1], "", worded[2]) if worded else _Heading("", text)


def _wording(heading: _Heading) -> str:
    return f"{heading.text} [{heading.option}]" if heading.option else heading.text


def _describe(columns: Columns, keys: Sequence[str], headings: Sequence[_Heading]) -> Description:
    notes = notes_on(columns)
    notes.own_columns(KNOWN, keys[: len(columns)])
    for at, name in enumerate(columns.header):
        said = name.partition(". ")[2] or name
        if TIMINGS.fullmatch(said) and all(_is_number(v) for v in columns.values(at)):
            notes.say(at, "ignore", "how long it took, as LimeSurvey measured it")
        if FILE_COUNT.search(name) and all(_is_number(v) for v in columns.values(at)):
            notes.say(at, "ignore", "how many files were uploaded, as LimeSurvey counted them")
    _uploads(notes)
    parts = [
        heading.key if heading.is_part and notes.hints[at] is None else ""
        for at, heading in enumerate(headings[: len(columns)])
    ]
    for key, places in runs(parts):
        _question(notes, key, places, headings)
    if any(_are_codes(notes.columns.values(at)) for at in range(len(columns))):
        notes.warnings.append(
            "the choices in this export of LimeSurvey are codes such as A1. To have their words, "
            "export it again with 'Full answers'."
        )
    submitted = place_of(keys[: len(columns)], *SUBMITTED)
    notes.exclude(submitted, ("",), "responses that were never handed in: no date of submission")
    return notes.done()


def _uploads(notes: Notes) -> None:
    """Find columns that list uploaded files: recordings, or others."""
    for at in range(len(notes.columns)):
        listed = [uploaded_names(value) for value in notes.columns.values(at)]
        if notes.hints[at] is not None or not listed or not all(listed):
            continue
        if all(AUDIO.fullmatch(name) for names in listed for name in names):
            wording = notes.columns.texts[at] if notes.columns.texts else ""
            ref = "" if wording else notes.columns.header[at]
            notes.say(at, "voice note file", "uploaded recordings", ref=ref, question=wording)
        else:
            notes.say(at, "ignore", "about uploaded files, which are no recordings")


def _are_codes(values: Collection[str]) -> bool:
    return bool(values) and all(ANSWER_CODE.fullmatch(value) for value in values)


def _is_number(value: str) -> bool:
    return value.replace(".", "", 1).isdecimal()


def _question(notes: Notes, ref: str, places: Sequence[int], headings: Sequence[_Heading]) -> None:
    """Describe the columns of one question: its comments and other words, and its options."""
    rest = []
    for at in places:
        heading = headings[at]
        told = (heading.option_code or heading.option).casefold()
        if told == "other" or told.endswith("comment"):
            reason = f"the words that were written beside {quoted(heading.text or heading.key)}"
            name = f"{heading.key}_{heading.option_code or heading.option}"
            notes.say(at, "open answer", reason, ref=name, question=heading.text)
        else:
            rest.append(at)
    values = [{value.casefold() for value in notes.columns.values(at)} for at in rest]
    if not all(found <= CHOSEN | NOT_CHOSEN for found in values):
        return
    if any(found & CHOSEN for found in values):
        labels = [headings[at].option or headings[at].option_code for at in rest]
        notes.options(rest, labels, ref, headings[rest[0]].text)

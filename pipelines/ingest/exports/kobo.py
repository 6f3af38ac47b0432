"""KoboToolbox and ODK: forms after the XForms standard, with names or labels as headings.

A multi-select has a column with all choices and, after it, one of 0 and 1 for each choice; a
recording has a column with its file name and, in KoboToolbox, a twin with its address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.ingest.exports.layout import (
    Columns,
    Description,
    Layout,
    Notes,
    notes_on,
    place_of,
)
from pipelines.ingest.surveys.hints import ColumnHint, HintRole

KOBO = "KoboToolbox"
ODK = "ODK"
FORM = "filled in by the form itself"
WHERE = "where the answer was given"
DEVICE = "the device or the account that sent the answer"
SHARED: dict[str, tuple[HintRole, str]] = {
    **dict.fromkeys(("start", "end", "today", "audit"), ("ignore", FORM)),
    **dict.fromkeys(
        ("deviceid", "phonenumber", "simserial", "simid", "subscriberid", "username", "email",
         "devicephonenum", "background-audio"),
        ("identifying", DEVICE),
    ),
}  # fmt: skip
OF_KOBO: dict[str, tuple[HintRole, str]] = {
    "_id": ("respondent id", "KoboToolbox's number of the submission"),
    "_submission_time": ("submitted at", "when the submission arrived"),
    "_submitted_by": ("identifying", DEVICE),
    "_geolocation": ("identifying", WHERE),
    **dict.fromkeys(
        ("_uuid", "__version__", "_version_", "_validation_status", "_notes", "_status", "_tags",
         "_index", "_parent_index", "_parent_table_name", "_attachments", "_xform_id_string",
         "_bamboo_dataset_id", "_duration", "_media_all_received", "_total_media", "_media_count",
         "formhub/uuid", "meta/instanceid", "meta/instancename", "meta/rootuuid",
         "meta/deprecatedid", "rootuuid", "instanceid", "deprecatedid"),
        ("ignore", "KoboToolbox's own column"),
    ),
}  # fmt: skip
OF_ODK: dict[str, tuple[HintRole, str]] = {
    "key": ("respondent id", "the submission's key in ODK"),
    "submissiondate": ("submitted at", "when the submission arrived"),
    "submittername": ("identifying", DEVICE),
    **dict.fromkeys(
        ("meta-instanceid", "meta-instancename", "meta:instanceid", "meta:instancename",
         "meta/instanceid", "instanceid", "submitterid", "attachmentspresent",
         "attachmentsexpected", "status", "reviewstate", "edits", "formversion", "isencrypted",
         "parent_key", "set-of", "meta-audit", "meta-entity"),
        ("ignore", "ODK's own column"),
    ),
}  # fmt: skip
NOT_APPROVED = ("Not approved", "validation_status_not_approved")
COORDINATES = re.compile(
    r"_?(.+?)(?:_(latitude|longitude|altitude|precision)|"
    r"[-:](Latitude|Longitude|Altitude|Accuracy))"
)
TRANSCRIPT = re.compile(r"(.+) - (transcript|translation) \(([\w-]+)\)", re.DOTALL)
CHOICE_CELLS = frozenset(("0", "1", "true", "false"))
CHOICE_NAMES = re.compile(r"[a-z0-9_-]{1,60}(?: [a-z0-9_-]{1,60}){0,60}")
MOST_DIFFERENT = 0.7
"""Different words among all: the names of choices recur, the words of an answer hardly do."""
AUDIO = re.compile(r".+\.(m4a|mp3|wav|ogg|oga|opus|amr|aac|flac|webm|3gp|3gpp|caf|wma)", re.I)
MEDIA = re.compile(
    r".+\.(jpe?g|png|gif|heic|webp|bmp|mp4|mov|avi|pdf|docx?|xlsx?|zip|csv|svg)", re.I
)


def recognise(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise an export by the columns that every one of the tool has."""
    keys = [cell.casefold() for cell in head[0]]
    known = set(keys)
    n_kobo = len(known & {"_id", "_uuid", "_submission_time", "_validation_status", "_index",
                          "__version__", "_submitted_by", "_status"})  # fmt: skip
    if n_kobo >= 3 and known & {"_uuid", "_submission_time"}:
        return _layout(KOBO, head[0], keys, SHARED | OF_KOBO)
    if "key" in known and known & {"submissiondate", "meta-instanceid", "meta:instanceid"}:
        return _layout(ODK, head[0], keys, SHARED | OF_ODK)
    return None


def _layout(
    tool: str, names: tuple[str, ...], keys: Sequence[str], known: dict[str, tuple[HintRole, str]]
) -> Layout:
    own = set(known)
    texts = tuple(
        "" if key in own else _wording(name) for name, key in zip(names, keys, strict=True)
    )
    return Layout(tool, names, lambda columns: _describe(columns, tool, known), texts)


def _wording(name: str) -> str:
    """Return a heading that is prose: a label, not a name or a path of names."""
    return name if re.search(r"\s", name.strip()) else ""


def _describe(columns: Columns, tool: str, known: dict[str, tuple[HintRole, str]]) -> Description:
    notes = notes_on(columns)
    keys = [name.casefold() for name in columns.header]
    notes.own_columns(known, keys)
    for at, key in enumerate(keys):
        if key.startswith("_version_"):
            notes.say(at, "ignore", "the version of the form")
    names = {name: at for at, name in enumerate(columns.header)}
    _addresses(notes, names)
    _coordinates(notes, names)
    _transcripts(notes, names)
    _choices(notes)
    _media(notes)
    _choices_in_a_cell(notes)
    if tool == KOBO:
        status = place_of(keys, "_validation_status")
        notes.exclude(status, NOT_APPROVED, "submissions that a reviewer did not approve")
        mark = place_of(keys, "_uuid", "meta/rootuuid")
        if "_id" not in keys and mark is not None:
            notes.hints[mark] = None
            notes.say(mark, "respondent id", "KoboToolbox's mark of the submission")
    else:
        notes.exclude(
            place_of(keys, "reviewstate"), ("rejected",), "submissions that a reviewer rejected"
        )
    return notes.done()


def _addresses(notes: Notes, names: dict[str, int]) -> None:
    for at, name in enumerate(notes.columns.header):
        if name.endswith("_URL") and name.removesuffix("_URL") in names:
            notes.say(at, "ignore", "the address of a file; its name has a column of its own")


def _coordinates(notes: Notes, names: dict[str, int]) -> None:
    """Find places: a column with all of one, and four with its parts."""
    parts: dict[str, list[int]] = {}
    for at, name in enumerate(notes.columns.header):
        if found := COORDINATES.fullmatch(name):
            parts.setdefault(found[1], []).append(at)
    for name, places in parts.items():
        if len(places) < 2:
            continue
        whole = [names[heading] for heading in (name, name.lstrip("_")) if heading in names]
        for at in (*places, *whole):
            notes.say(at, "identifying", WHERE)


def _transcripts(notes: Notes, names: dict[str, int]) -> None:
    for at, name in enumerate(notes.columns.header):
        found = TRANSCRIPT.fullmatch(name)
        if found and found[1] in names:
            told = "words" if found[2] == "transcript" else "translated words"
            reason = f"the {told} of the recording in {found[1]!r}"
            notes.say(at, "open answer", reason, question=found[1])


def _choices(notes: Notes) -> None:
    """Find the columns of 0 and 1 that follow a multi-select: `services/housing`."""
    header = notes.columns.header
    groups: dict[int, list[int]] = {}
    before = 0
    for at in range(1, len(header)):
        if notes.hints[at] is not None or not _is_choice(notes.columns, at):
            continue
        # the choices of one question stand together, right after it
        last = groups.get(before, [before])[-1]
        if last != at - 1 or not _is_below(header[at], header[before]):
            before = at - 1
        if _is_below(header[at], header[before]):
            groups.setdefault(before, []).append(at)
    for whole, options in groups.items():
        name = header[whole]
        labels = [header[at][len(name) + 1 :] for at in options]
        question = notes.columns.texts[whole] if notes.columns.texts else ""
        notes.say(whole, "ignore", "all choices in one cell; each has a column of its own")
        notes.options(options, labels, re.split(r"[/:]", name)[-1] if not question else name,
                      question)  # fmt: skip


def _choices_in_a_cell(notes: Notes) -> None:
    """Find multi-selects without columns of their own: names of choices, parted by spaces."""
    for at, name in enumerate(notes.columns.header):
        if notes.hints[at] is not None or re.search(r"\s", name.strip()):
            continue
        values = notes.columns.values(at)
        if not all(CHOICE_NAMES.fullmatch(value) for value in values):
            continue
        cells = [value.split() for value in values]
        tokens = [token for cell in cells for token in cell]
        once_each = all(len(set(cell)) == len(cell) for cell in cells)
        several = any(len(cell) > 1 for cell in cells)
        if several and once_each and len(set(tokens)) <= min(40, MOST_DIFFERENT * len(tokens)):
            notes.hints[at] = ColumnHint(
                "attribute", "names of choices, parted by spaces", kind="multi", delimiter=" "
            )


def _is_below(name: str, whole: str) -> bool:
    return name.startswith(whole) and len(name) > len(whole) + 1 and name[len(whole)] in "/:."


def _is_choice(columns: Columns, at: int) -> bool:
    return {value.casefold() for value in columns.values(at)} <= CHOICE_CELLS


def _media(notes: Notes) -> None:
    """Tell recordings from pictures and other files by the endings of their names."""
    for at in range(len(notes.columns)):
        if notes.hints[at] is not None:
            continue
        values = notes.columns.values(at)
        if values and all(AUDIO.fullmatch(value) for value in values):
            question = notes.columns.texts[at] if notes.columns.texts else ""
            ref = re.split(r"[/:]", notes.columns.header[at])[-1] if not question else ""
            notes.say(at, "voice note file", "file names of recordings", ref=ref, question=question)
        elif values and all(MEDIA.fullmatch(value) for value in values):
            notes.say(at, "ignore", "file names of pictures or documents")

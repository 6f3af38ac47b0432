r"""What the workbench calls things in REFI-QDA files of its own: shared by export and import.

In: things of a study. Out: names, descriptions and GUIDs in a `RefiProject`, and back. Whatever is
written here is read back here, so that a file of our own gives the same study again, and a file
that went through another program most of it.

The conventions:

- **Identities** are the GUIDs of the study; what has none gets `guid_of(study guid, kind, ...)`,
  what is in a document one made of the document's; and a foreign GUID that was kept (table
  `exchanged`) comes before that.
- **Descriptions** have headings (`refi_sections`): a code's definition with `Use it for` and the
  others; an attribute's label, kind and order; a document's question, language and standing.
- **Attributes** are variables of the same name. One with several values at once is a Boolean for
  each option, named `attribute: option`, whose description names both. Numbers are Float and days
  Date where every value is one, else Text; the description keeps the kind.
- **Documents** are text sources named `respondent - question - typed` or `... - spoken`; a
  discussion has its own name. Programs name files after sources, so that what no file may be called
  by is written `%2F` and the like (`file_safe`). Older files have `respondent/question/typed`. The
  recording of a voice note is an audio source named like its document with ` (recording)` and its
  file's ending; its transcript shares the file of the text source, which carries the codings (the
  twin).
- **Answers in one text** for each respondent, where a person wants it so: a text source named like
  the respondent, whose description has the kind `answers` and the questions' refs. Each answer
  stands below its question, in a selection of its words that is named like the answer's own text
  source and has its GUID, codes and memos; it has the kind `answer` and the question's ref.
- **Sets** are `question: ref` (its wording is the description), `series: name`, `survey: name`
  (what was answered in it; the description lists what it asks, and who took part and answered
  nothing), `done: coder` (what somebody has finished) and `settled: coder` (where they settled
  the coders' differences).
- **Missing answers** are values of cases: for each question a text variable named
  `No answer: q2 - typed`, with `left blank`, `not asked` or `awaits a transcript`; who has no value
  has answered, or was in no survey that asks it. When somebody sent their answers to a survey is
  the value of `Submitted: survey`.
- **Cases** are respondents, named by their ref. Somebody who speaks in a discussion and is no
  respondent is a case named `discussion: speaker`, and its description says so.
- **Discussions** have "Name: " before each turn (`refi_labels`), and for each turn an uncoded
  selection of its words alone, named like the speaker; its description begins with `Turn` and has
  the times. The document's description lists the speakers, and whose words these are.
- **Memos** are notes named `Memo on ...`; a reply is a note to which the first note refers, named
  `Reply`; no name comes twice, so that the second is `Reply (2)`. Memos on respondents and codings
  are told once more in the description of the case or the coded words. A memo on a version of the
  codebook is a note of the project.
- **Consensus** is a user of its own, named so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from workbench.domain.documents import AnswerState
from workbench.domain.memos import Purpose, TargetKind
from workbench.domain.refi import derived_guid
from workbench.domain.turns import SpeakerRole

SetKind = Literal["question", "series", "survey", "done", "settled"]
Answer = Literal["typed", "spoken"]

CONSENSUS = "Consensus"
"""The user whose codings are what coders agreed on."""
MAY_BE_QUOTED = "May be quoted"
"""The Boolean variable that says whether a respondent's words may be quoted."""
BETWEEN = " - "
"""Between the parts of an answer's name."""
TEXT_FILE = ".txt"
RECORDING = " (recording)"
TRANSLATION = " (translation)"
REPLY = "Reply"
TURN = "Turn"
"""What the description of a turn's selection begins with."""
CONTAINS = ": "

NO_ANSWER = "No answer"
SUBMITTED = "Submitted"
_REASONS: dict[str, AnswerState] = {
    "left blank": "blank",
    "not asked": "not_asked",
    "awaits a transcript": "awaiting_transcript",
}
_SETS: dict[str, SetKind] = {kind: kind for kind in get_args(SetKind)}
_MEMO_ON: dict[TargetKind, str] = {
    "study": "the study",
    "codebook_version": "the codebook",
    "code": "code",
    "respondent": "respondent",
    "document": "document",
    "coding": "coding",
}
_MEMO = re.compile(r"(Memo|Positionality memo|Reflexivity memo) on (.*)", re.DOTALL)
_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]')
"""What no file may be called by on some system."""
_MARK = re.compile("%(?=[0-9A-F]{2})|(?<= )-|^-|-(?= )|-$")
"""What could be taken for a sign that is written otherwise, or for the end of a part."""
_RECORDING = re.compile(r"(.*) \(recording\)(?:\.\w{1,8})?", re.DOTALL)
_TIME = re.compile(r"(\d+):(\d\d):(\d\d)\.(\d\d\d)")


def guid_of(study_guid: str, kind: str, *what: str | int) -> str:
    """Return the GUID of a thing that has none of its own, the same at each export.

    `kind` is what it is to REFI-QDA: "variable", "case", "set", "selection", "recording",
    "transcript" and so on; `what` says which of these.
    """
    return derived_guid("study", study_guid, kind, *map(str, what))


# ---------------------------------------------------------------- names of documents


@dataclass(frozen=True, slots=True)
class AnswerName:
    """Whose answer to which question a document is."""

    respondent: str
    question: str
    answer: Answer


def answer_name(respondent: str, question: str, answer: Answer) -> str:
    """Name an answer so that a file can be called by it.

    Examples
    --------
    >>> answer_name("R014", "q2", "typed")
    'R014 - q2 - typed'
    >>> answer_name("A/7", "q2", "spoken")
    'A%2F7 - q2 - spoken'
    """
    return BETWEEN.join((*map(_part, (respondent, question)), answer))


def read_answer_name(name: str) -> AnswerName | None:
    """Read the name of an answer; None where it is none.

    Also as older files have it, and as programs give it back that call texts by their files.
    """
    name = name.removesuffix(TEXT_FILE)
    parts = [_decoded(part) for part in name.split(BETWEEN)]
    written = BETWEEN.join([*map(_part, parts[:2]), *parts[2:]])
    if written != name or len(parts) != 3 or parts[2] not in ("typed", "spoken"):
        parts = [_unescape(part) for part in re.findall(r"(?:[^/\\]|\\.)+", name, re.DOTALL)]
        written = "/".join(map(_escape, parts))
    if written != name or len(parts) != 3 or not all(parts):
        return None
    if parts[2] == "typed" or parts[2] == "spoken":
        return AnswerName(parts[0], parts[1], "typed" if parts[2] == "typed" else "spoken")
    return None


def file_safe(name: str) -> str:
    """Write a name so that a file can be called by it on any system.

    Examples
    --------
    >>> file_safe("Group 3/4: what next?")
    'Group 3%2F4%3A what next%3F'
    """
    return _UNSAFE.sub(_encoded, name)


def recording_name(document: str, ending: str) -> str:
    """Name a recording by the document of its words and its file's ending."""
    return f"{file_safe(document)}{RECORDING}.{ending}"


def without_recording(name: str) -> str:
    """Read the name of a recording: that of its document, or the name itself if it is not ours."""
    found = _RECORDING.fullmatch(name)
    return name if found is None else found[1]


def _part(text: str) -> str:
    return file_safe(_MARK.sub(_encoded, text))


def _encoded(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _decoded(part: str) -> str:
    return re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), part)


def _escape(ref: str) -> str:
    return ref.replace("\\", "\\\\").replace("/", "\\/")


def _unescape(part: str) -> str:
    return re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL)


# ---------------------------------------------------------------- names of sets and variables


def set_name(kind: SetKind, name: str) -> str:
    """Name the set of a question (by its ref), a series, a survey, or what somebody has done."""
    return f"{kind}{CONTAINS}{name}"


def read_set_name(name: str) -> tuple[SetKind, str] | None:
    """Read the name of a set, None where it is none of ours."""
    kind, found, rest = name.partition(CONTAINS)
    return (_SETS[kind], rest) if found and kind in _SETS else None


def option_name(attribute: str, option: str) -> str:
    """Name the variable of one option of an attribute with several values at once."""
    return f"{attribute}{CONTAINS}{option}"


# ---------------------------------------------------------------- missing answers


def no_answer_name(question: str, answer: Answer) -> str:
    """Name the variable that says why respondents have not answered a question.

    Examples
    --------
    >>> no_answer_name("q2", "typed")
    'No answer: q2 - typed'
    """
    return f"{NO_ANSWER}{CONTAINS}{question}{BETWEEN}{answer}"


def read_no_answer_name(name: str) -> tuple[str, Answer] | None:
    """Read the question, and whether typing or speaking is meant; None where it is no such name."""
    begins, found, rest = name.partition(CONTAINS)
    question, _, answer = rest.rpartition(BETWEEN)
    if not found or begins != NO_ANSWER or not question:
        return None
    if answer == "typed" or answer == "spoken":
        return question, "typed" if answer == "typed" else "spoken"
    return None


def describe_no_answer(question: str) -> str:
    """Write the description of such a variable."""
    return (
        f"Why there is no answer to {question}: {', '.join(_REASONS)}. Who has no value has "
        "answered, or took part in nothing that asks it."
    )


def no_answer_reason(state: AnswerState | str) -> str:
    """Say why there is no answer, as the variable's value; "" where there is one."""
    return next((said for said, meant in _REASONS.items() if meant == state), "")


def read_no_answer_reason(value: str) -> AnswerState | None:
    """Read why there is no answer; None where the value is none of these."""
    return _REASONS.get(value.strip().casefold())


def submitted_name(survey: str) -> str:
    """Name the variable that says when respondents sent their answers to a survey."""
    return f"{SUBMITTED}{CONTAINS}{survey}"


def read_submitted_name(name: str) -> str | None:
    """Read of which survey a variable says when people sent their answers; None if it is none."""
    begins, found, survey = name.partition(CONTAINS)
    return survey if found and begins == SUBMITTED else None


# ---------------------------------------------------------------- names of cases


def speaker_case_name(discussion: str, speaker: str) -> str:
    """Name the case of somebody who speaks and is no respondent."""
    return f"{discussion}{CONTAINS}{speaker}"


# ---------------------------------------------------------------- names of memos


def memo_name(kind: TargetKind, label: str = "", purpose: Purpose | None = None) -> str:
    """Name a note by what it is about.

    Examples
    --------
    >>> memo_name("code", "Access / Waiting")
    'Memo on code Access / Waiting'
    >>> memo_name("study", purpose="positionality")
    'Positionality memo on the study'
    """
    what = f"{purpose.capitalize()} memo" if purpose else "Memo"
    return f"{what} on {_MEMO_ON[kind]}" + (f" {label}" if label else "")


def read_memo_name(name: str) -> tuple[TargetKind, Purpose | None] | None:
    """Read what kind of thing a note is about, and its purpose; None where it is none of ours.

    What it refers to is in the file; the name matters for memos on versions of the codebook, which
    no file knows of, and for the purpose.
    """
    found = _MEMO.fullmatch(name)
    if found is None:
        return None
    purposes: dict[str, Purpose] = {"P": "positionality", "R": "reflexivity"}
    for kind, begins in _MEMO_ON.items():
        if found[2] == begins or found[2].startswith(f"{begins} "):
            return kind, purposes.get(name[0])
    return None


def is_reply(name: str) -> bool:
    """Tell whether a note is a reply, by its name."""
    return re.fullmatch(rf"{REPLY}(?: \(\d+\))?", name) is not None


class NamesOnce:
    """Gives each name once; the second time it has a number.

    Examples
    --------
    >>> names = NamesOnce()
    >>> names.of("Reply"), names.of("Reply"), names.of("reply")
    ('Reply', 'Reply (2)', 'reply (3)')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Give the name, or the next one like it that is free."""
        key = name.casefold()
        while True:
            number = self._last[key] = self._last.get(key, 0) + 1
            given = name if number == 1 else f"{name} ({number})"
            if given.casefold() not in self._taken:
                self._taken.add(given.casefold())
                return given


# ---------------------------------------------------------------- turns


def turn_times(start_ms: int | None, end_ms: int | None) -> str:
    """Write the description of a turn's selection, with when it was spoken.

    Examples
    --------
    >>> turn_times(62_500, 69_000)
    'Turn at 0:01:02.500 to 0:01:09.000'
    >>> turn_times(None, None)
    'Turn'
    """
    if start_ms is None:
        return TURN
    return f"{TURN} at {_clock(start_ms)}" + (f" to {_clock(end_ms)}" if end_ms is not None else "")


def is_turn(description: str) -> bool:
    """Tell whether a selection is a turn of a discussion, by its description."""
    return description.strip() == TURN or read_turn_times(description) != (None, None)


def read_turn_times(description: str) -> tuple[int | None, int | None]:
    """Read when a turn was spoken; None where it does not say."""
    first, _, last = description.strip().removeprefix(f"{TURN} at ").partition(" to ")
    return _milliseconds(first), _milliseconds(last)


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}.{rest:03}"


def _milliseconds(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, rest = map(int, found.groups())
    return ((hour * 60 + minute) * 60 + second) * 1000 + rest


@dataclass(frozen=True, slots=True)
class SpeakerNote:
    """A speaker as the description of a discussion names them; `respondent` is a ref, or ""."""

    name: str
    role: SpeakerRole = "participant"
    respondent: str = ""

"""Descriptions of codes, attributes, documents and cases in REFI-QDA files of our own, and back.

In: what a study knows of a thing. Out: its description, one plain text with headings, and back
(see `refi_terms` for all the conventions, `refi_sections` for headings).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.codebook_file import join_items, split_items
from workbench.domain.documents import AttributeKind
from workbench.domain.refi_sections import read_sections, write_sections
from workbench.domain.refi_terms import SpeakerNote
from workbench.domain.turns import SpeakerRole

CODE_HEADINGS = (
    "Use it for", "Do not use it for", "Examples", "Cues", "Rests on", "Status",
)  # fmt: skip
ATTRIBUTE_HEADINGS = (
    "Label", "Kind", "Attribute", "Option", "Values in order", "Groups respondents",
)  # fmt: skip
DOCUMENT_HEADINGS = (
    "Kind", "Question", "Language", "Transcript", "Translation of", "Series", "Held on", "Speakers",
)  # fmt: skip
SURVEY_HEADINGS = ("Questions", "Also took part")
CASE_HEADINGS = ("Discussion", "Speaker", "Role", "Memo")
ALSO_FINISHED = "Also, of texts of several answers"

ANSWERS = "answers"
"""What the description of a text calls it that has all typed answers of a respondent."""
ANSWER = "answer"
RETIRED = "Retired: kept for what was coded with it"
DRAFT = "Machine draft, not checked by ear"
CHECKED = "Machine draft, checked by ear"
FACILITATOR = " (facilitator)"
IS = " = "
_GROUPING_KINDS = ("category", "ordered", "multi")
_KINDS: tuple[AttributeKind, ...] = ("category", "ordered", "number", "date", "multi")


# ---------------------------------------------------------------- codes


@dataclass(frozen=True, slots=True)
class CodeWords:
    """What a codebook says of a code besides its name, place and colour."""

    definition: str = ""
    include: str = ""
    exclude: str = ""
    examples: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    retired: bool = False


def describe_code(words: CodeWords) -> str:
    """Write the description of a code: its definition, then the rest below headings."""
    return write_sections(
        words.definition,
        [
            ("Use it for", words.include),
            ("Do not use it for", words.exclude),
            ("Examples", join_items(words.examples)),
            ("Cues", join_items(words.cues)),
            ("Rests on", join_items(words.rests_on)),
            ("Status", RETIRED if words.retired else ""),
        ],
        CODE_HEADINGS,
    )


def read_code(description: str) -> CodeWords:
    """Read the description of a code; one of another program is all definition."""
    found = read_sections(description, CODE_HEADINGS)
    return CodeWords(
        found.lead,
        found.get("Use it for"),
        found.get("Do not use it for"),
        split_items(found.get("Examples")),
        split_items(found.get("Cues")),
        split_items(found.get("Rests on")),
        found.get("Status").strip() == RETIRED,
    )


# ---------------------------------------------------------------- attributes


@dataclass(frozen=True, slots=True)
class AttributeWords:
    """What a variable is of: an attribute, or one option of one that has several values at once.

    `values` is the order in which groups are shown. `attribute` is the name of the attribute where
    the variable stands for its `option`, else "". `grouping` tells whether tables offer its values
    as groups of respondents.
    """

    label: str = ""
    kind: AttributeKind = "category"
    values: tuple[str, ...] = ()
    attribute: str = ""
    option: str = ""
    grouping: bool = True


def describe_attribute(words: AttributeWords) -> str:
    """Write the description of a variable."""
    return write_sections(
        "",
        [
            ("Label", words.label),
            ("Kind", words.kind),
            ("Attribute", words.attribute),
            ("Option", words.option),
            ("Values in order", join_items(words.values)),
            ("Groups respondents", _groups(words.kind, words.grouping)),
        ],
        ATTRIBUTE_HEADINGS,
    )


def read_attribute(description: str) -> AttributeWords | None:
    """Read the description of a variable, None where it is none of ours."""
    found = read_sections(description, ATTRIBUTE_HEADINGS)
    kind = next((one for one in _KINDS if one == found.get("Kind").strip()), None)
    if kind is None:
        return None
    return AttributeWords(
        found.get("Label"),
        kind,
        split_items(found.get("Values in order")),
        found.get("Attribute"),
        found.get("Option"),
        {"yes": True, "no": False}.get(
            found.get("Groups respondents").strip(), kind in _GROUPING_KINDS
        ),
    )


def _groups(kind: AttributeKind, grouping: bool) -> str:
    """Say whether an attribute groups, where its kind alone would not tell."""
    return "" if grouping is (kind in _GROUPING_KINDS) else "yes" if grouping else "no"


# ---------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class DocumentWords:
    """What a source is, besides its name and text.

    `kind` is "answer", "voice_note", "focus_group" or "note". `transcript` is "draft" or "checked"
    where a machine made it, else "". `question` is the wording.
    """

    kind: str = ""
    question: str = ""
    language: str = ""
    transcript: str = ""
    translation_of: str = ""
    series: str = ""
    held_on: str = ""
    speakers: tuple[SpeakerNote, ...] = ()


def describe_document(words: DocumentWords) -> str:
    """Write the description of a source."""
    standing = {"draft": DRAFT, "checked": CHECKED}
    return write_sections(
        "",
        [
            ("Kind", words.kind),
            ("Question", words.question),
            ("Language", words.language),
            ("Transcript", standing.get(words.transcript, "")),
            ("Translation of", words.translation_of),
            ("Series", words.series),
            ("Held on", words.held_on),
            ("Speakers", join_items([_speaker(one) for one in words.speakers])),
        ],
        DOCUMENT_HEADINGS,
    )


def read_document(description: str) -> DocumentWords:
    """Read the description of a source; what it does not say is empty."""
    found = read_sections(description, DOCUMENT_HEADINGS)
    standing = {DRAFT: "draft", CHECKED: "checked"}
    return DocumentWords(
        found.get("Kind"),
        found.get("Question"),
        found.get("Language"),
        standing.get(found.get("Transcript").strip(), ""),
        found.get("Translation of"),
        found.get("Series"),
        found.get("Held on"),
        tuple(map(_read_speaker, split_items(found.get("Speakers")))),
    )


def describe_answer(question: str, language: str = "") -> str:
    """Write the description of the words of one answer in a text of several (`ANSWERS`)."""
    return describe_document(DocumentWords(ANSWER, question, language))


def read_answer(description: str) -> DocumentWords | None:
    """Read it: `question` is a ref; None where a selection is not the words of an answer."""
    if not description.startswith("Kind:"):
        return None
    found = read_document(description)
    return found if found.kind.strip() == ANSWER and found.question else None


def _speaker(note: SpeakerNote) -> str:
    said = note.name
    if note.role == "facilitator":
        said += FACILITATOR
    elif note.respondent:
        said += f"{IS}{note.respondent}"
    if _read_speaker(said) == note:
        return said
    return json.dumps([note.name, note.role, note.respondent], ensure_ascii=False)


def _read_speaker(said: str) -> SpeakerNote:
    if said.startswith("["):
        try:
            name, role, respondent = json.loads(said)
        except (ValueError, TypeError):
            pass
        else:
            return SpeakerNote(str(name), _role(str(role)), str(respondent))
    if said.endswith(FACILITATOR):
        return SpeakerNote(said.removesuffix(FACILITATOR), "facilitator")
    name, _, respondent = said.partition(IS)
    return SpeakerNote(name, respondent=respondent)


def _role(text: str) -> SpeakerRole:
    return "facilitator" if text.strip() == "facilitator" else "participant"


# ---------------------------------------------------------------- surveys


@dataclass(frozen=True, slots=True)
class SurveyWords:
    """What a survey asks, by refs, and who took part and answered nothing that the set holds."""

    questions: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def describe_survey(words: SurveyWords) -> str:
    """Write the description of the set of a survey."""
    parts = [("Questions", join_items(words.questions)), ("Also took part", join_items(words.also))]
    return write_sections("", parts, SURVEY_HEADINGS)


def read_survey(description: str) -> SurveyWords:
    """Read it."""
    found = read_sections(description, SURVEY_HEADINGS)
    return SurveyWords(
        split_items(found.get("Questions")), split_items(found.get("Also took part"))
    )


# ---------------------------------------------------------------- what is finished


def describe_finished(kind: str, coder: str, parts: Iterable[str]) -> str:
    """Write the description of the set of what somebody has done, or settled.

    Parameters
    ----------
    parts
        Names of answers that stand in texts of several, of which the others are not done.
    """
    what = "Differences settled by" if kind == "settled" else "Read and done by"
    return write_sections(
        f"{what} {coder}.", [(ALSO_FINISHED, join_items(list(parts)))], (ALSO_FINISHED,)
    )


def read_finished(description: str) -> tuple[str, ...]:
    """Read the names of answers that such a set has beside its texts."""
    return split_items(read_sections(description, (ALSO_FINISHED,)).get(ALSO_FINISHED))


# ---------------------------------------------------------------- cases


@dataclass(frozen=True, slots=True)
class SpeakerWords:
    """Somebody who speaks in a discussion and is no respondent."""

    discussion: str
    speaker: str
    role: SpeakerRole = "participant"


def describe_speaker(words: SpeakerWords) -> str:
    """Write the description of the case of a speaker who is no respondent."""
    parts = [("Discussion", words.discussion), ("Speaker", words.speaker), ("Role", words.role)]
    return write_sections("", parts, CASE_HEADINGS)


def read_speaker(description: str) -> SpeakerWords | None:
    """Read the description of a case, None where it is not that of a speaker."""
    found = read_sections(description, CASE_HEADINGS)
    discussion, speaker = found.get("Discussion"), found.get("Speaker")
    return (
        SpeakerWords(discussion, speaker, _role(found.get("Role")))
        if discussion and speaker
        else None
    )


@dataclass(frozen=True, slots=True)
class ToldMemo:
    """A memo as a description tells it; `author` and `day` are "" where it does not say."""

    author: str
    day: str
    text: str


def describe_memos(memos: Iterable[ToldMemo]) -> str:
    r"""Write the description of a case, or of coded words: the memos on them once more.

    They are notes too; there are programs that read none, or none on these.

    Examples
    --------
    >>> describe_memos([ToldMemo("Asha", "2024-05-01", "Ask again.")])
    'Memo:\nAsha, 2024-05-01: Ask again.'
    """
    told = "\n\n".join(f"{one.author}, {one.day}: {one.text}" for one in memos)
    return write_sections("", [("Memo", told)], CASE_HEADINGS)


def read_memos(description: str, authors: Iterable[str]) -> tuple[str, tuple[ToldMemo, ...]]:
    r"""Read what a description says itself, and the memos of these authors that it tells.

    Examples
    --------
    >>> read_memos("Sister of R2\n\nMemo:\nAsha, 2024-05-01: Ask again.", ["Asha"])
    ('Sister of R2', (ToldMemo(author='Asha', day='2024-05-01', text='Ask again.'),))
    """
    found = read_sections(description, CASE_HEADINGS)
    told = found.get("Memo")
    names = "|".join(re.escape(name) for name in sorted(authors, key=len, reverse=True))
    begins = list(re.finditer(rf"(?:\A|(?<=\n\n))({names}), (\d{{4}}-\d\d-\d\d): ", told))
    ends = [*(one.start() - 2 for one in begins[1:]), len(told)]
    before = told[: begins[0].start()] if begins else told
    memos = [ToldMemo("", "", before.strip())] if before.strip() else []
    for begin, end in zip(begins, ends, strict=False):
        memos.append(ToldMemo(begin[1], begin[2], told[begin.end() : end]))
    return found.lead, tuple(memos)

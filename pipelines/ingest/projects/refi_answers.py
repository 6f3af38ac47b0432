"""Texts that hold all typed answers of a respondent, as our own files may have them, taken apart.

In: a project with such texts, each answer below its question. Out: the same with a text for each
answer, as if they had never been one. Where each answer lies is told by a selection of its words;
where another program dropped these, by the questions' wording. What lies on several answers, or on
a question, goes to the nearest answer with a doubt, for a person to place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.domain.codebook_file import split_items
from workbench.domain.refi import (
    RefiCase,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    derived_guid,
)
from workbench.domain.refi_descriptions import (
    ANSWERS,
    DocumentWords,
    describe_document,
    read_answer,
    read_document,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.refi_terms import answer_name, read_answer_name, read_set_name
from workbench.domain.text import normalise
from workbench.domain.turns import BETWEEN

ACROSS = "the file has it on several answers at once, of which this is one"
ON_QUESTION = "the file has it on the question, not on the words of the answer"


@dataclass(slots=True)
class _Answer:
    """Where an answer lies in the text, and what goes to it."""

    start: int
    end: int
    question: str
    mark: RefiSelection | None = None
    selections: list[RefiSelection] = field(default_factory=list)


def take_apart(project: RefiProject, remarks: Reasons) -> RefiProject:
    """Give a project with a text for each answer in place of texts of several."""
    wording = _wording(project.sets)
    parts: dict[str, tuple[RefiSource, ...]] = {}
    notes: dict[str, tuple[str, ...]] = {}
    for source in project.sources:
        if source.kind != "text" or read_document(source.description).kind != ANSWERS:
            continue
        found = _find(source, wording)
        if found:
            parts[source.guid] = _apart(source, found, remarks)
            notes[source.guid] = source.notes
            remarks.add("Texts of all answers of a respondent were taken apart", source.name)
        else:
            remarks.add("Texts of all answers of a respondent, in which the answers cannot be told "
                        "from the questions, stay one text", source.name)  # fmt: skip
    if not parts:
        return project
    return replace(
        project,
        sources=tuple(
            one for source in project.sources for one in parts.get(source.guid, (source,))
        ),
        cases=tuple(_case(one, parts, notes) for one in project.cases),
        sets=tuple(replace(one, sources=_members(one.sources, parts)) for one in project.sets),
    )


def _members(guids: Iterable[str], parts: Mapping[str, tuple[RefiSource, ...]]) -> tuple[str, ...]:
    return tuple(
        each for guid in guids for each in ([one.guid for one in parts.get(guid, ())] or [guid])
    )


def _case(
    case: RefiCase,
    parts: Mapping[str, tuple[RefiSource, ...]],
    notes: Mapping[str, tuple[str, ...]],
) -> RefiCase:
    """Give a case its answers; memos on the text of all of them are on whose they are."""
    if not any(guid in parts for guid in case.sources):
        return case
    more = [note for guid in case.sources for note in notes.get(guid, ())]
    return replace(
        case,
        sources=_members(case.sources, parts),
        notes=tuple(dict.fromkeys((*case.notes, *more))),
    )


# ---------------------------------------------------------------- where answers lie


def _wording(sets: Iterable[RefiSet]) -> dict[str, str]:
    """Give the questions by how they stand in a text; those worded alike cannot be told apart."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for one in sets:
        named = read_set_name(one.name)
        if named is not None and named[0] == "question":
            words = normalise(one.description).strip() or named[1]
            if words in found:
                twice.add(words)
            found[words] = named[1]
    return {words: ref for words, ref in found.items() if words and words not in twice}


def _find(source: RefiSource, wording: Mapping[str, str]) -> list[_Answer]:
    """Find the answers in a text; nothing where they cannot be told from the questions."""
    marked = _by_marks(source)
    listed = split_items(read_document(source.description).question)
    if marked and sorted(one.question for one in marked) == sorted(listed):
        return marked
    answers = _by_wording(source.text, wording)
    for answer in answers:
        answer.mark = next(
            (one.mark for one in marked if (one.start, one.end) == (answer.start, answer.end)), None
        )
    return answers


def _by_marks(source: RefiSource) -> list[_Answer]:
    found: list[_Answer] = []
    marks = [one for one in source.selections if one.start is not None and one.end is not None]
    for one in sorted(marks, key=lambda mark: (mark.start or 0, -(mark.end or 0))):
        words = read_answer(one.description)
        start, end = one.start or 0, one.end or 0
        if words is not None and (not found or start >= found[-1].end):
            found.append(_Answer(start, end, words.question, one))
    return found


def _by_wording(text: str, wording: Mapping[str, str]) -> list[_Answer]:
    """Find answers below the wording of questions, each of which comes once at most."""
    left = dict(wording)
    found: list[_Answer] = []
    at = 0
    while at < len(text):
        here = [words for words in left if text.startswith(words + BETWEEN, at)]
        if not here:
            return []
        words = max(here, key=len)
        question = left.pop(words)
        begin = at + len(words) + len(BETWEEN)
        places = (text.find(BETWEEN + other + BETWEEN, begin) for other in left)
        end = min((place for place in places if place >= 0), default=len(text))
        if begin < end:
            found.append(_Answer(begin, end, question))
        at = end + len(BETWEEN)
    return found


# ---------------------------------------------------------------- what goes where


def _apart(
    source: RefiSource, answers: Sequence[_Answer], remarks: Reasons
) -> tuple[RefiSource, ...]:
    marks = {one.mark.guid for one in answers if one.mark is not None}
    for selection in source.selections:
        if selection.guid not in marks:
            _give(source, answers, selection, remarks)
    if source.codings:
        whole = RefiSelection(
            derived_guid("all answers", source.guid), 0, len(source.text), user=source.user,
            made_at=source.made_at, codings=source.codings,
        )  # fmt: skip
        _give(source, answers, whole, remarks)
    return tuple(_answer(source, one) for one in answers)


def _answer(source: RefiSource, found: _Answer) -> RefiSource:
    mark = found.mark
    words = read_answer(mark.description) if mark is not None else None
    language = words.language if words is not None else ""
    named = mark is not None and read_answer_name(mark.name) is not None
    return RefiSource(
        mark.guid if mark is not None else derived_guid("answer", source.guid, found.question),
        "text",
        mark.name
        if mark is not None and named
        else answer_name(source.name, found.question, "typed"),
        describe_document(DocumentWords(language=language)),
        source.text[found.start : found.end],
        user=mark.user if mark is not None else source.user,
        made_at=mark.made_at if mark is not None else source.made_at,
        selections=tuple(found.selections),
        codings=mark.codings if mark is not None else (),
        notes=mark.notes if mark is not None else (),
    )


def _give(
    source: RefiSource, answers: Sequence[_Answer], one: RefiSelection, remarks: Reasons
) -> None:
    """Put a selection on the answer that its words are of; else on the nearest, with a doubt."""
    if one.start is None or one.end is None:
        named = [answer for answer in answers
                 if one.name and one.name in source.text[answer.start : answer.end]]  # fmt: skip
        (named or list(answers))[0].selections.append(one)
        return
    start, end = one.start, one.end
    words = source.text[start:end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
    for answer in answers:
        if answer.start <= one.start and one.end <= answer.end:
            start, end = one.start, one.end
        if answer.start <= start and end <= answer.end:
            answer.selections.append(
                replace(one, start=start - answer.start, end=end - answer.start)
            )
            return
    _guess(answers, one, (start, end))
    for _ in one.codings:
        remarks.add("Codings on several answers at once, or on a question, to be placed again",
                    source.name)  # fmt: skip


def _guess(answers: Sequence[_Answer], one: RefiSelection, span: tuple[int, int]) -> None:
    """Put a selection on the answer of which it has most; one on a question on its answer."""

    def shared(answer: _Answer) -> int:
        return min(answer.end, span[1]) - max(answer.start, span[0])

    nearest = max(answers, key=shared)
    if shared(nearest) > 0:
        start = max(0, span[0] - nearest.start)
        end = min(nearest.end, span[1]) - nearest.start
        doubt = ACROSS
    else:
        nearest = next((item for item in answers if item.start >= span[1]), answers[-1])
        start, end, doubt = 0, nearest.end - nearest.start, ON_QUESTION
    nearest.selections.append(replace(one, start=start, end=end, name="", doubt=doubt))

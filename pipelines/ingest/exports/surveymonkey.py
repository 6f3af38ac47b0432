"""SurveyMonkey: CSV and XLSX, "all responses" in expanded form.

Two header records: a question stands over the first of its columns, and below it stand "Response",
"Open-Ended Response", the options, or "Other (please specify)".
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.ingest.exports.layout import (
    Columns,
    Description,
    Layout,
    Notes,
    are_ticks,
    is_prose,
    notes_on,
    plain,
    quoted,
    runs,
    unique,
)
from pipelines.ingest.surveys.hints import HintRole

TOOL = "SurveyMonkey"
OWN = "SurveyMonkey's own column"
PERSON = "names or reaches the person, from SurveyMonkey's contact list"
KNOWN: dict[str, tuple[HintRole, str]] = {
    "respondentid": ("respondent id", "SurveyMonkey's number of the respondent"),
    **dict.fromkeys(("enddate", "datemodified"), ("submitted at", "when the respondent ended")),
    **dict.fromkeys(("collectorid", "startdate", "datecreated"), ("ignore", OWN)),
    "ipaddress": ("identifying", "the network address that the answer came from"),
    **dict.fromkeys(("emailaddress", "firstname", "lastname"), ("identifying", PERSON)),
}
OPEN_ENDED = "openendedresponse"
ANSWERS = frozenset(("response", OPEN_ENDED))
OTHER = ("other", "comment", "please explain", "please specify")


def recognise(head: Sequence[tuple[str, ...]]) -> Layout | None:
    """Recognise an export by the names of SurveyMonkey's own columns."""
    first = head[0]
    keys = [plain(cell) for cell in first]
    if keys[:2] not in (["respondentid", "collectorid"], ["respondentid", "datecreated"]):
        return None
    second = head[1] if len(head) > 1 else ()
    # the second record names nobody, unless somebody has deleted it
    if not second or second[0] or not any(second):
        return Layout(TOOL, first, lambda columns: _describe(columns, (), ()))
    questions = _spread(first, second)
    names = _names(questions, first, second)
    return Layout(
        TOOL,
        names,
        lambda columns: _describe(columns, questions, second),
        _texts(questions, first),
        2,
    )


def _spread(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Let every column know its question: an empty cell continues the one before it.

    The same wording over two questions is told apart, so that their columns do not mix.
    """
    questions: list[str] = []
    taken: set[str] = set()
    for name, below in zip(first, second, strict=True):
        if not name and below and questions:
            questions.append(questions[-1])
        else:
            question = unique(name, taken) if name and below else ""
            taken.add(question)
            questions.append(question)
    return questions


def _names(
    questions: Sequence[str], first: Sequence[str], second: Sequence[str]
) -> tuple[str, ...]:
    several = {question for question, places in runs(questions) if len(places) > 1}
    names = []
    for question, own, below in zip(questions, first, second, strict=True):
        alone = plain(below) in ANSWERS or question not in several
        names.append(own if not question else question if alone else f"{question} - {below}")
    return tuple(names)


def _texts(questions: Sequence[str], first: Sequence[str]) -> tuple[str, ...]:
    """Return the wording of each column's question, the same for all of one question."""
    texts: list[str] = []
    for question, own in zip(questions, first, strict=True):
        texts.append("" if not question else own or texts[-1])
    return tuple(texts)


def _describe(columns: Columns, questions: Sequence[str], below: Sequence[str]) -> Description:
    notes = notes_on(columns)
    keys = [
        "" if at < len(questions) and questions[at] else plain(name)
        for at, name in enumerate(columns.header)
    ]
    notes.own_columns(KNOWN, keys)
    for question, places in runs(questions[: len(columns)]):
        _describe_question(notes, question, [at for at in places if at < len(columns)], below)
    return notes.done()


def _describe_question(
    notes: Notes, question: str, places: Sequence[int], below: Sequence[str]
) -> None:
    if len(places) < 2:
        if plain(below[places[0]]) == OPEN_ENDED and is_prose(notes.columns, places[0]):
            notes.say(places[0], "open answer", "an open-ended question", question=question)
        return
    others = [at for at in places[1:] if _is_other(below[at], at == places[-1])]
    rest = [at for at in places if at not in others]
    labels = [below[at] for at in rest]
    answers = {plain(label) for label in labels} & ANSWERS
    is_multi = not answers and are_ticks(notes.columns, rest, labels)
    wording = notes.columns.texts[places[0]]
    if others and not (is_multi or answers or len(rest) == 1):
        # a row of a matrix may be called "Other services": only a last one is certain
        others = [at for at in others if "please" in below[at].casefold()]
    for at in others:
        notes.say(
            at,
            "open answer",
            f"the words that were written beside an option of {quoted(wording)}",
            ref=f"{question} - {below[at]}",
            question=wording,
        )
    if is_multi:
        notes.options(rest, labels, question, wording)


def _is_other(label: str, last: bool) -> bool:
    low = label.casefold()
    return (last and low.startswith(OTHER)) or "please specify" in low

"""Who speaks where in a transcript without cues: names before words, above, in bold, in tables.

In: the paragraphs of a document. Out: turns. What looks like a name once may be words of a
sentence, so a name counts when it comes again, or when it is one that transcribers give.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.ingest.speech import (
    CLOCK,
    CLOCK_AT_END,
    CLOCK_CHARS,
    Layout,
    SpeechFile,
    Turn,
    clock_ms,
    joined,
)
from workbench.domain.words import count

MAX_LABEL = 60
"""Characters of a speaker's name."""
MAX_WORDS = 6
ROLE = re.compile(
    r"(?:speaker|participant|respondent|interviewer|interviewee|moderator|facilitator|researcher|"
    r"chair|host|parent|young person|practitioner|mother|father|male|female|unknown|unidentified|"
    r"several|all|p|r|s|m|f|i|int|fac|mod|res|yp|fg)\s*[-_ ]?\s*\d{0,3}[a-z]?",
    re.I,
)
"""What transcribers call people whose names they do not write."""
NOISE = re.compile(
    r"[\[(<*]+ ?(?:laugh(?:s|ter|ing)?|pauses?|silence|cross ?talk|inaudible|applause|"
    r"overtalking|background noise|recording (?:paused|stopped|resumed)|sighs?|coughs?|"
    r"crying|noise|music)\b.*[\])>*]+",
    re.I,
)
"""What transcribers write for what is heard and is no word: [laughter], (Pause)."""
NO_NAMES = "No speakers' names were found: all words count as nobody's in particular."
LISTED_LINES = 5
HEAD_SHARE = 0.5
"""Lines above words are names if so many of the short lines come again."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document. `bold` is how many characters at its beginning are bold."""

    text: str
    bold: int = 0
    line: int | None = None
    cells: tuple[str, ...] = ()
    """Its cells, where it is a row of a table."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name before words: `Name: words`, with a time before or after the name."""

    name: str
    words: str
    at: int | None = None


def split_label(text: str) -> Label | None:
    """Part a line into a name and words at its first colon or tab; None where no name can be.

    Examples
    --------
    >>> split_label("[00:01:02] Ana: I said: no.")
    Label(name='Ana', words='I said: no.', at=62000)
    >>> split_label("Ana (0:05): Yes").name
    'Ana'
    """
    told = text.lstrip()
    before = CLOCK.match(told)
    at = clock_ms(before) if before else None
    if before:
        told = told[before.end() :].lstrip(" \t-–")
    for place, sign in enumerate(told[: MAX_LABEL + CLOCK_CHARS]):
        beside = told[place - 1 : place].isdigit() and told[place + 1 : place + 2].isdigit()
        if sign == "\n":
            return None
        if sign == "\t" or (sign == ":" and not beside and not told.startswith("://", place)):
            name, after = _without_time(told[:place].strip())
            if not is_label(name):
                return None
            return Label(name, told[place + 1 :].lstrip(), at if after is None else after)
    return None


def is_label(words: str) -> bool:
    """Tell whether some words can be the name of a speaker."""
    name = words.strip()
    if not name or len(name) > MAX_LABEL or len(name.split()) > MAX_WORDS:
        return False
    if NOISE.fullmatch(name) or re.search(r"[?!:;,\"“”]|\. [a-z]|(?<!\b\w)(?<!Dr)(?<!Jr)\.$", name):
        return False
    return any(sign.isalpha() for sign in name) and not name[0].islower()


def known_labels(lines: Iterable[str]) -> set[str]:
    """Find the names that stand before a colon: those that come again, and those of roles.

    A name that comes again in other capitals is the same name.
    """
    names = [label.name for label in map(split_label, lines) if label is not None]
    counted = Counter(name.casefold() for name in names)
    return {name for name in names if counted[name.casefold()] > 1 or ROLE.fullmatch(name)}


def find_turns(
    paragraphs: Sequence[Paragraph], name: str, *, not_speakers: Iterable[str] = ()
) -> SpeechFile:
    """Find out how a document names its speakers, and read it that way.

    Parameters
    ----------
    not_speakers
        Words that a person has said are no speaker's name.
    """
    refused = set(not_speakers)
    lines = list(_lines(paragraphs))
    readers: tuple[tuple[Layout, list[Turn] | None], ...] = (
        ("table", _from_table(paragraphs)),
        ("names_before", _from_labels(lines, refused)),
        ("bold_names", _from_bold(paragraphs, refused)),
        ("names_above", _from_heads(lines, refused)),
    )
    found = [(layout, turns) for layout, turns in readers if turns]
    if not found:
        turns = [Turn("", item.text, line=item.line) for item in paragraphs if item.text.strip()]
        return SpeechFile(name, tuple(turns), "none", (NO_NAMES,))
    layout, turns = max(found, key=lambda pair: _n_named(pair[1]))
    doubts = _named_once(turns, refused) if layout == "names_before" else ()
    return SpeechFile(name, tuple(joined(turns, between="\n")), layout, doubts)


def _named_once(turns: Sequence[Turn], refused: set[str]) -> tuple[str, ...]:
    """Warn of lines whose beginning may be a name, though it comes only once."""
    labels = [(turn.line, split_label(turn.text)) for turn in turns]
    places = [line for line, label in labels if label is not None and label.name not in refused]
    if not places:
        return ()
    known = [str(line) for line in places[:LISTED_LINES] if line is not None]
    more = " and more" if len(places) > len(known) else ""
    told = f": line {', '.join(known)}{more}" if known else ""
    return (
        f"{count(len(places), 'line')} may begin with the name of somebody who speaks only once, "
        f"and {'was' if len(places) == 1 else 'were'} read as words{told}. Look at them: a name "
        "would be shown.",
    )


def _lines(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Part paragraphs at their line breaks: people begin a speaker's words on a new line too."""
    for item in paragraphs:
        for words in item.text.split("\n"):
            if words.strip():
                yield Paragraph(words, line=item.line)


def _n_named(turns: Sequence[Turn]) -> int:
    return len(joined([turn for turn in turns if turn.speaker]))


def _from_labels(lines: Sequence[Paragraph], refused: set[str]) -> list[Turn] | None:
    labels = known_labels(item.text for item in lines) - refused
    if not labels:
        return None
    turns: list[Turn] = []
    for item in lines:
        label = split_label(item.text)
        if label is not None and label.name in labels:
            turns.append(Turn(label.name, label.words, label.at, line=item.line))
        else:
            turns.append(_going_on(turns, item))
    return turns


def _from_bold(paragraphs: Sequence[Paragraph], refused: set[str]) -> list[Turn] | None:
    heads = [item.text[: item.bold].strip().rstrip(":").strip() for item in paragraphs]
    counted = Counter(head for head in heads if head and is_label(_without_time(head)[0]))
    labels = {name for name, n in counted.items() if n > 1 or ROLE.fullmatch(name)}
    if not labels:
        return None
    turns: list[Turn] = []
    for item, head in zip(paragraphs, heads, strict=True):
        name, at = _without_time(head)
        if head in labels and name not in refused:
            turns.append(Turn(name, item.text[item.bold :].lstrip(" :\t"), at, line=item.line))
        else:
            turns.append(_going_on(turns, item))
    return _kept_heads(turns)


def _from_heads(lines: Sequence[Paragraph], refused: set[str]) -> list[Turn] | None:
    """Read names on lines of their own, with or without a time: `[00:01:02] Name`, `Name  0:03`.

    A name has words below it: what looks like one right below another one is words.
    """
    heads = [_head(item.text) for item in lines]
    counted = Counter(head[0] for head in heads if head is not None)
    labels = {name for name, n in counted.items() if n > 1 or ROLE.fullmatch(name)} - refused
    if not labels or sum(counted[name] for name in labels) < HEAD_SHARE * sum(counted.values()):
        return None
    turns: list[Turn] = []
    above: Turn | None = None
    for item, head in zip(lines, heads, strict=True):
        if above is None and head is not None and head[0] in labels:
            above = Turn(head[0], "", head[1], line=item.line)
        elif above is not None:
            turns.append(Turn(above.speaker, item.text, above.start_ms, line=above.line))
            above = None
        else:
            turns.append(_going_on(turns, item))
    if above is not None:  # nothing stands below the last one: it was words
        turns.append(_going_on(turns, Paragraph(above.speaker, line=above.line)))
    return turns


def _head(text: str) -> tuple[str, int | None] | None:
    """Read a line that is a name, perhaps with a time."""
    name, at = _without_time(text.strip().rstrip(":").strip())
    return (name, at) if is_label(name) and not name.endswith(".") else None


def _without_time(words: str) -> tuple[str, int | None]:
    """Part a time from the beginning or the end of some words."""
    for place in (CLOCK.match(words), CLOCK_AT_END.search(words[-CLOCK_CHARS:])):
        if place:
            at_end = place.end() == len(words[-CLOCK_CHARS:]) and place.re is CLOCK_AT_END
            cut = len(words) - len(words[-CLOCK_CHARS:]) + place.start()
            rest = words[:cut] if at_end else words[place.end() :]
            return rest.strip(" \t-–|·"), clock_ms(place)
    return words.strip(), None


def _going_on(turns: Sequence[Turn], item: Paragraph) -> Turn:
    """Give a paragraph without a name to whoever speaks."""
    speaker = turns[-1].speaker if turns else ""
    return Turn(speaker, item.text, line=item.line)


def _kept_heads(turns: Sequence[Turn]) -> list[Turn]:
    """Give the words below a name its time: the name's own turn is empty."""
    found: list[Turn] = []
    waiting: Turn | None = None
    for turn in turns:
        if not turn.text.strip():
            waiting = turn
            continue
        if waiting is not None and waiting.speaker == turn.speaker and turn.start_ms is None:
            turn = Turn(turn.speaker, turn.text, waiting.start_ms, turn.end_ms, waiting.line)
        waiting = None
        found.append(turn)
    return found


def _from_table(paragraphs: Sequence[Paragraph]) -> list[Turn] | None:
    """Read rows of time, speaker and words, in whichever order, the words being the longest.

    What stands outside of the rows is nobody's. A table that holds less than half of all words,
    such as one of date and place, is no transcript.
    """
    rows = [item for item in paragraphs if len(item.cells) > 1]
    if len(rows) < 2 or 2 * _n_chars(rows) < _n_chars(paragraphs):
        return None
    width = max(len(item.cells) for item in rows)
    columns = [[item.cells[at] for item in rows if at < len(item.cells)] for at in range(width)]
    words_at = max(range(width), key=lambda at: sum(map(len, columns[at])))
    named = [
        at
        for at in range(width)
        if at != words_at
        and sum(is_label(cell.strip().rstrip(":")) for cell in columns[at]) > len(rows) / 2
    ]
    if not named:
        return None
    return [
        _row(item, words_at, named[0])
        if len(item.cells) > 1
        else Turn("", item.text, line=item.line)
        for item in paragraphs
        if not (item is rows[0] and _is_header(item))
    ]


def _n_chars(paragraphs: Iterable[Paragraph]) -> int:
    return sum(len(item.text) for item in paragraphs)


def _row(item: Paragraph, words_at: int, name_at: int) -> Turn:
    cells = [cell.strip() for cell in item.cells]
    times = [
        clock_ms(match) for at, cell in enumerate(cells)
        if at not in (words_at, name_at) and (match := CLOCK.fullmatch(cell))
    ]  # fmt: skip
    speaker = cells[name_at].rstrip(":").strip() if name_at < len(cells) else ""
    words = cells[words_at] if words_at < len(cells) else ""
    start, end = (*times, None, None)[:2]
    return Turn(speaker, words, start, end, item.line)


def _is_header(item: Paragraph) -> bool:
    known = {"speaker", "name", "who", "time", "timestamp", "text", "transcript", "words", "start",
             "end", "content", "speech", "turn", "no", "no."}  # fmt: skip
    return sum(cell.strip().casefold() in known for cell in item.cells) > len(item.cells) / 2


def lines_of(text: str) -> Iterator[Paragraph]:
    """Part a text into its lines that hold words."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield Paragraph(line.rstrip(), line=number)

"""Who speaks where in a transcript without cues: names before words, above, in bold, in tables.

In: the paragraphs of a document. Out: turns. What looks like a name once may be words of a
sentence, so a name counts when it comes again, or when it is one that transcribers give.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.ingest.discussions.speech import CLOCK, Layout, SpeechFile, Turn, clock_ms, joined
from pipelines.ingest.discussions.speech_fronts import without_lists
from pipelines.ingest.discussions.speech_labels import (
    BLANKS,
    Label,
    Paragraph,
    bare_name,
    is_given,
    is_label,
    is_small,
    known_labels,
    split_beside,
    split_bracketed,
    split_dashed,
    split_label,
    split_loose,
    split_small,
    with_small_names,
    without_time,
)
from pipelines.ingest.discussions.speech_marks import (
    from_the_first,
    is_timed,
    nobodys_lines,
    timely,
    with_ranges_before,
    with_ranges_below,
    with_times_above,
    with_times_at_ends,
    without_line_numbers,
)
from pipelines.ingest.discussions.speech_tables import flat_rows, turns_of_table, unread_words
from workbench.domain.words import agree, count

__all__ = ["Label", "Paragraph", "find_turns", "is_label", "known_labels", "split_label"]

SELDOM = (split_bracketed, split_dashed, split_beside, split_loose, split_small)
"""How names are parted from words in files that have none before a colon."""
NO_NAMES = "No speakers' names were found: all words count as nobody's in particular."
LISTED_LINES = 5
CHANGE = ">>"
"""What captions write where somebody else begins to speak."""
_INITIAL = re.compile(r"\b\w\.$")
UNHEARD = frozenset({"inaudible", "unclear", "indistinct"})
"""What stands on a line of its own for words too; with a time it is somebody whom nobody knows."""
REPLIES = frozenset(
    {
        "yes", "no", "yeah", "yep", "nope", "i agree", "agreed", "exactly", "absolutely", "sure",
        "definitely", "me too", "same here", "right", "that is right", "that's right", "of course",
        "that is true", "that's true", "true", "i think so", "i know", "i see", "okay", "ok",
        "thank you", "thanks", "mm hmm", "mm-hmm", "mhm", "uh huh", "uh-huh", "maybe", "really",
        "not really", "i do", "we do", "we did", "i don't know", "i do not know",
    }
)  # fmt: skip
"""What people say in one line again and again: no name above words, unless a time is beside it."""
HEAD_SHARE = 0.5
"""Lines above words are names if so many of the short lines come again."""


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
    left_out = _left_out(paragraphs)
    paragraphs = with_ranges_below(with_ranges_before(without_line_numbers(paragraphs)))
    paragraphs = with_times_above(paragraphs)
    rows = turns_of_table(paragraphs, refused)
    if rows is None:
        paragraphs = flat_rows(paragraphs)
    lines = with_times_above(list(_lines(paragraphs)))
    readers: tuple[tuple[Layout, list[Turn] | None], ...] = (
        ("table", rows),
        ("names_before", _from_labels(lines, refused)),
        ("names_above", _from_heads(lines, refused)),
        ("bold_names", _from_bold(paragraphs, refused)),
    )
    found = [(layout, turns) for layout, turns in readers if turns]
    if not found:
        seldom = (_from_labels(lines, refused, split) for split in SELDOM)
        found = [("names_before", turns) for turns in seldom if turns][:1]
    if not found:
        turns = [Turn("", item.text, item.at, line=item.line)
                 for item in paragraphs if item.text.strip()]  # fmt: skip
        return SpeechFile(name, tuple(turns), "none", (NO_NAMES, *left_out))
    layout, turns = max(found, key=lambda pair: _n_named(pair[1]) * (1 + (pair[0] == "table")))
    speakers = {turn.speaker for turn in turns}
    if layout == "bold_names":
        doubts = _bold_once(paragraphs, speakers | refused)
    elif layout == "names_above":
        doubts = _above_once(lines, turns, speakers | refused)
    else:
        doubts = _before_once(lines, speakers | refused) if layout == "names_before" else ()
    turns, lists = without_lists(turns)
    turns, of_day = from_the_first(turns)
    warnings = (
        *left_out,
        *lists,
        *of_day,
        *doubts,
        *(unread_words(paragraphs) if layout == "table" else ()),
    )
    turns = joined(with_times_at_ends(nobodys_lines(turns)), between="\n")
    return SpeechFile(name, tuple(turns), layout, warnings)


def _left_out(paragraphs: Sequence[Paragraph]) -> tuple[str, ...]:
    """Tell of the file, and of what stood on each page; not in its words, which may name people."""
    n = sum(len(item.heads) for item in paragraphs)
    told = "{n} {line that stands|lines that stand} on most pages, as a header, {is|are} left out."
    notes = tuple(note for item in paragraphs for note in item.notes)
    return (*notes, agree(told, n)) if n else notes


def _before_once(lines: Sequence[Paragraph], known: set[str]) -> tuple[str, ...]:
    """Warn of lines that may begin with a name; what follows a name that is known is words."""
    labels = [(item, split_label(item.text)) for item in lines]
    return _told_once(
        Turn("", item.text, line=item.line)
        for item, label in labels
        if label is not None and label.name not in known
    )


def labelled_once(turns: Iterable[Turn], refused: Container[str] = ()) -> tuple[str, ...]:
    """Warn of lines whose beginning may be a name, though it comes only once."""
    labels = [(turn, split_label(turn.text)) for turn in turns]
    return _told_once(
        turn for turn, label in labels if label is not None and label.name not in refused
    )


def _above_once(
    lines: Sequence[Paragraph], turns: Sequence[Turn], known: set[str]
) -> tuple[str, ...]:
    """Warn of lines on which a name may stand alone; what is right below a name is words."""
    heads = [(item.line, _head(item.text)) for item in lines]
    taken = {line for line, head in heads if head is not None and head[0] in known}
    found = [(turn, _head(turn.text)) for turn in turns if turn.line not in taken]
    return _told_once(turn for turn, head in found if head is not None and head[0] not in known)


def _bold_once(paragraphs: Sequence[Paragraph], known: set[str]) -> tuple[str, ...]:
    """Warn of paragraphs that may begin with a name in bold."""
    heads = [(item, without_time(_bold_head(item))[0]) for item in paragraphs]
    return _told_once(
        Turn("", item.text, line=item.line)
        for item, head in heads
        if head not in known and is_label(head)
    )


def _told_once(doubtful: Iterable[Turn]) -> tuple[str, ...]:
    turns = list(doubtful)
    if not turns:
        return ()
    places = [_place(turn) for turn in turns[:LISTED_LINES]]
    known = [place for place in places if place]
    more = " and more" if len(turns) > len(known) else ""
    told = f": {'line' if turns[0].line else 'at'} {', '.join(known)}{more}" if known else ""
    return (
        f"{count(len(turns), 'line')} may begin with the name of somebody who speaks only once, "
        f"and {'was' if len(turns) == 1 else 'were'} read as words{told}. Look at them: a name "
        "would be shown.",
    )


def _place(turn: Turn) -> str:
    """Say where a turn stands: its line, or when it begins."""
    if turn.line is not None or turn.start_ms is None:
        return "" if turn.line is None else str(turn.line)
    minutes, seconds = divmod(turn.start_ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _lines(paragraphs: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """Part paragraphs at their line breaks: people begin a speaker's words on a new line too."""
    for item in paragraphs:
        for words in item.text.split("\n"):
            if words.strip():
                yield Paragraph(words, line=item.line, at=item.at)


def _n_named(turns: Sequence[Turn]) -> int:
    return len(joined([turn for turn in turns if turn.speaker]))


def _from_labels(
    lines: Sequence[Paragraph],
    refused: set[str],
    split: Callable[[str], Label | None] = split_label,
) -> list[Turn] | None:
    texts = [item.text for item in lines]
    found: Sequence[Label | None] = [split(text) for text in texts]
    labels = known_labels(found) - refused
    if split is split_label:
        labels, found = with_small_names(texts, found, labels)
        labels -= refused
    if not labels or (split in (split_small, split_loose) and not _mostly(found, labels)):
        return None
    turns: list[Turn] = []
    heads = [(label.name, label.at) if label else None for label in found]
    once = timely(heads, labels)
    if is_timed(heads, labels):
        timed = {head[0] for head in heads if head and head[1] is not None}
        labels = {name for name in labels if name in timed or is_given(name)}
    for place, (item, label) in enumerate(zip(lines, found, strict=True)):
        new = place in once and label is not None and label.name not in refused
        if label is not None and (label.name in labels or new):
            at = item.at if label.at is None else label.at
            turns.append(Turn(label.name, label.words, at, line=item.line))
        elif item.text.lstrip().startswith(CHANGE) and label is None:
            turns.append(Turn("", item.text, item.at, line=item.line))
        else:
            turns.append(_going_on(turns, item))
    return _kept_heads(turns)


def _mostly(found: Sequence[Label | None], labels: set[str]) -> bool:
    """Tell whether most lines begin with a name that is known."""
    return sum(label is not None and label.name in labels for label in found) > len(found) / 2


def _from_bold(paragraphs: Sequence[Paragraph], refused: set[str]) -> list[Turn] | None:
    heads = list(map(_bold_head, paragraphs))
    counted = Counter(head for head in heads if head and _is_bold_name(without_time(head)[0]))
    labels = {name for name, n in counted.items() if n > 1 or is_given(without_time(name)[0])}
    labels |= _bold_with_colons(paragraphs, counted, labels)
    if not labels:
        return None
    turns: list[Turn] = []
    timed = [_bold_timed(item, head) for item, head in zip(paragraphs, heads, strict=True)]
    names = {without_time(head)[0] for head in labels}
    once = timely([(name, at) if _is_bold_name(name) else None for name, at, _ in timed], names)
    for place, (item, head) in enumerate(zip(paragraphs, heads, strict=True)):
        name, at, words = timed[place]
        if (head in labels or place in once) and name not in refused:
            turns.append(Turn(name, words, at, line=item.line))
        else:
            turns.append(_going_on(turns, item))
    return _kept_heads(turns)


def _bold_with_colons(
    paragraphs: Sequence[Paragraph], counted: Counter[str], labels: set[str]
) -> set[str]:
    """Find names that come once, where each name is in bold and has a colon."""
    colons = {_bold_head(item): _has_colon(item) for item in paragraphs}
    if len(labels) < 2 or not all(colons.get(name) for name in labels):
        return set()
    return {name for name in counted if colons.get(name)}


def _has_colon(item: Paragraph) -> bool:
    words = item.text[item.bold :]
    colon = item.text[: item.bold].rstrip().endswith(":") or words.startswith(":")
    return colon and bool(words.strip(" :"))


def _is_bold_name(name: str) -> bool:
    return is_label(name) or is_small(name)


def _bold_timed(item: Paragraph, head: str) -> tuple[str, int | None, str]:
    """Give the name in bold, when it begins, and the words below it."""
    name, at = without_time(head)
    begun, words = _timed(item.text[item.bold :].lstrip(" :\t"))
    return name, next((time for time in (at, begun, item.at) if time is not None), None), words


def _timed(words: str) -> tuple[int | None, str]:
    """Part a time that stands beside a name, on its line or in brackets, from the words."""
    line, _, below = words.partition("\n")
    rest, at = without_time(line)
    if at is not None and not rest:
        return at, below
    clock = CLOCK.match(words) if words[:1] in ("[", "(") else None
    return (clock_ms(clock), words[clock.end() :].lstrip()) if clock else (None, words)


def _bold_head(item: Paragraph) -> str:
    return item.text[: item.bold].strip().rstrip(":").strip()


def _from_heads(lines: Sequence[Paragraph], refused: set[str]) -> list[Turn] | None:
    """Read names on lines of their own, with or without a time: `[00:01:02] Name`, `Name  0:03`.

    A name has words below it: what looks like one right below another one is words.
    """
    heads = [_head(item.text) for item in lines]
    counted = Counter(head[0] for head in heads if head is not None and not is_small(head[0]))
    timed = {head[0] for head in heads if head is not None and head[1] is not None}
    labels = {
        name for name, n in counted.items()
        if n > 1 or (is_given(name) and (name in timed or name.casefold() not in UNHEARD))
    } - refused  # fmt: skip
    labels = {name for name in labels if name in timed or not _is_reply(name)}
    replies = sum(n for name, n in counted.items() if name not in labels and _is_reply(name))
    once = timely(heads, labels)
    if is_timed(heads, labels):  # then there is a time beside each name
        labels = {name for name in labels if name in timed}
    n_named = sum(counted[name] for name in labels) + len(once)
    if not labels or n_named < HEAD_SHARE * (sum(counted.values()) - replies):
        return None
    turns: list[Turn] = []
    above: Turn | None = None
    for place, (item, head) in enumerate(zip(lines, heads, strict=True)):
        if (
            above is not None
            and head is not None
            and head[0] == above.speaker
            and head[1] is not None
        ):
            above = replace(above, start_ms=head[1])  # Teams writes a name with its time twice
            continue
        named = head is not None and (head[0] in labels or place in once)
        if above is None and head is not None and named and head[0] not in refused:
            above = Turn(head[0], "", item.at if head[1] is None else head[1], line=item.line)
        elif above is not None:
            at = item.at if above.start_ms is None else above.start_ms
            turns.append(Turn(above.speaker, item.text, at, line=above.line))
            above = None
        else:
            turns.append(_going_on(turns, item))
    if above is not None:  # nothing stands below the last one: it was words
        turns.append(_going_on(turns, Paragraph(above.speaker, line=above.line)))
    return turns


def _is_reply(name: str) -> bool:
    return name.casefold().replace("’", "'") in REPLIES


def _head(text: str) -> tuple[str, int | None] | None:
    """Read a line that is a name, perhaps with a time."""
    name, at = without_time(text.strip(BLANKS).rstrip(":").strip())
    small = at is not None and is_small(name)
    named = is_label(name) and (not name.endswith(".") or _INITIAL.search(name) is not None)
    return (bare_name(name), at) if named or small else None


def _going_on(turns: Sequence[Turn], item: Paragraph) -> Turn:
    """Give a paragraph without a name to whoever speaks."""
    speaker = turns[-1].speaker if turns else ""
    return Turn(speaker, item.text, item.at, line=item.line)


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


def lines_of(text: str) -> Iterator[Paragraph]:
    """Part a text into its lines that hold words."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield Paragraph(line.rstrip(), line=number)

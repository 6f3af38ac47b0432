"""Bringing in a project: who speaks in its discussions, and when.

In: sources with turns, as our own files have them, or as cases that refer to selections. Out: the
text with its turns and speakers. From files of our own the names are taken out of the text; in
others the text stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from workbench.domain.refi import RefiSelection, RefiSource
from workbench.domain.refi_descriptions import DocumentWords
from workbench.domain.refi_labels import MARK, find_turns, take_labels_off, words_of
from workbench.domain.refi_terms import SpeakerNote, is_turn, read_turn_times
from workbench.domain.turns import TurnSpan
from workbench.services.projects.refi_import_run import MAX_NAME, Run, free_name
from workbench.store.projects.project_rows import NewSegment
from workbench.store.team.people import one_line


@dataclass
class Talk:
    """A discussion: its text, turns over it, speakers, and whose words a speaker's are.

    `cases` are the GUIDs of those who speak, `is_turn` those of selections that only mark turns.
    """

    text: str
    turns: tuple[TurnSpan, ...]
    speakers: tuple[SpeakerNote, ...]
    whose: dict[str, int] = field(default_factory=dict)
    cases: tuple[str, ...] = ()
    is_turn: frozenset[str] = frozenset()
    place: Callable[[int], int] | None = None


class Talks:
    """Finds the discussions of a file."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._case_of: dict[str, str] = {}
        self._cases = {case.guid: case for case in run.project.cases}
        for case in run.project.cases:
            for guid in case.selections:
                self._case_of.setdefault(guid, case.guid)
        self._by_name = {case.name: case.guid for case in run.project.cases}

    def of(self, source: RefiSource, words: DocumentWords, owners: Sequence[str]) -> Talk | None:
        """Give a source as a discussion; None where it is none."""
        if words.kind == "focus_group":
            return self._of_our_own(source, words)
        if any(one.guid in self._case_of for one in source.selections) and len(owners) != 1:
            return self._of_cases(source)
        return None

    def _of_our_own(self, source: RefiSource, words: DocumentWords) -> Talk:
        known = {one.name for one in words.speakers}
        marks = [
            one
            for one in source.selections
            if not one.codings and one.start is not None and one.end is not None
            and is_turn(one.description)
        ]  # fmt: skip
        turns = _apart(_turn(one, _named(source.text, one, known)) for one in marks)
        if not turns:
            turns = list(find_turns(source.text, known))
        text, labelled = take_labels_off(source.text, turns)
        whose, cases = {}, []
        for one in words.speakers:
            case = self._by_name.get(one.respondent) if one.respondent else None
            if case is not None:
                cases.append(case)
                if case in self._run.people:
                    whose[one.name] = self._run.people[case]
            elif one.respondent:
                person = self._run.named(one.respondent)
                if person is not None and not person.withdrawn:
                    whose[one.name] = person.id
        others = dict.fromkeys(turn.speaker for turn in turns if turn.speaker not in known)
        who = (*words.speakers, *(SpeakerNote(name) for name in others if name))
        return Talk(
            text, words_of(labelled), who, whose, tuple(cases),
            frozenset(one.guid for one in marks if not one.notes), labelled.word,
        )  # fmt: skip

    def _of_cases(self, source: RefiSource) -> Talk:
        """Take selections that cases refer to as their turns, and those like them as turns too."""
        people: dict[str, str] = {}
        names: dict[str, str] = {}
        taken: set[str] = set()
        turns, marks = [], set()
        for one in source.selections:
            case = self._case_of.get(one.guid)
            if case and case not in names:
                names[case] = free_name(self._shown(case), taken, "Speaker")
            name = names[case] if case else one_line(one.name)[:MAX_NAME]
            is_label = not one.codings and not one.notes and not one.description and bool(name)
            if one.start is None or one.end is None or not (case or is_label):
                continue
            turns.append(_turn(one, name))
            if case:
                people[name] = case
            if not one.codings and not one.notes:
                marks.add(one.guid)
        kept = _apart(turns)
        if len(kept) < len(turns):
            self._run.remarks.add("Turns of cases that overlap others were left out", source.name)
        shown = dict.fromkeys(turn.speaker for turn in kept)
        whose = {name: self._run.people[case] for name, case in people.items()
                 if case in self._run.people}  # fmt: skip
        self._run.remarks.add("Texts of which cases have parts were taken as discussions",
                              source.name)  # fmt: skip
        return Talk(
            source.text, tuple(kept), tuple(SpeakerNote(name) for name in shown), whose,
            tuple(people.values()), frozenset(marks),
        )  # fmt: skip

    def _shown(self, guid: str) -> str:
        case = self._cases[guid]
        return one_line(case.name)[:MAX_NAME] or f"case-{guid[:8]}"


def _named(text: str, one: RefiSelection, known: Collection[str]) -> str:
    """Give the speaker of a turn; a name that is the words themselves is not in the file."""
    before = text[: one.start]
    if one.name and (one.name in known or before.endswith(one.name + MARK)):
        return one.name
    fitting = (name for name in known if name and before.endswith(name + MARK))
    return max(fitting, key=len, default="")


def _turn(one: RefiSelection, name: str) -> TurnSpan:
    start_ms, end_ms = read_turn_times(one.description)
    return TurnSpan(one.start or 0, one.end or 0, name, start_ms, end_ms)


def _apart(turns: Iterable[TurnSpan]) -> list[TurnSpan]:
    """Put turns in order, and leave out what overlaps one before it."""
    found: list[TurnSpan] = []
    for turn in sorted(turns, key=lambda one: (one.start, -one.end)):
        if not found or turn.start >= found[-1].end:
            found.append(turn)
    return found


def segments_of_talk(run: Run, talk: Talk) -> list[NewSegment]:
    """Give a discussion's turns as they are kept; what a facilitator says is nobody's."""
    return [
        NewSegment(turn.start, turn.end, turn.start_ms, turn.end_ms, turn.speaker or None,
                   talk.whose.get(turn.speaker))
        for turn in talk.turns
    ]  # fmt: skip


def segments_of_sound(text: str, sync: Sequence[tuple[int, int]]) -> list[NewSegment]:
    """Cut a transcript where its sync points stand: (milliseconds, position)."""
    points = sorted({(place, ms) for ms, place in sync if 0 <= place <= len(text)})
    found = []
    after = [*points[1:], (len(text), -1)]
    for (start, start_ms), (end, end_ms) in zip(points, after, strict=False):
        words = text[start:end]
        if words.strip():
            found.append(
                NewSegment(start, start + len(words.rstrip()), start_ms,
                           end_ms if end_ms >= start_ms else None, None, None)
            )  # fmt: skip
    return found

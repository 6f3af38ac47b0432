"""Who speaks in a transcript, proposed for a person to correct before it comes in.

In: a transcript as its file has it. Out: a `SpeakerPlan` for each person with what they say and why
it is proposed. Nothing is changed. Names that look real are told by their place in the file alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import Actor
from workbench.domain.speaker_names import (
    MAX_NAME,
    NamedSpeaker,
    free_name,
    group_names,
    interprets,
    kind_of,
    new_ref,
    spelling_key,
    suggested_name,
    tidy,
    without_doubt,
)
from workbench.domain.text import ELLIPSIS, count_words
from workbench.domain.turns import Speaker, Turn
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.store import studies
from workbench.store.discussions import focus_groups, speakers
from workbench.store.engine import Connection, Database
from workbench.store.surveys import surveys
from workbench.store.team.people import one_line

__all__ = [
    "Proposal",
    "ProposedSpeaker",
    "SpeakerPlan",
    "propose",
    "shared_labels",
    "suggested_name",
]

SAMPLE_CHARS = 120
PARTICIPANT, FACILITATOR, INTERPRETER = "Participant", "Facilitator", "Interpreter"
UNKNOWN = "Unknown speaker"
SHARED = "Other groups have this label, too: for one person, give one respondent."


@dataclass(frozen=True, slots=True)
class ProposedSpeaker:
    """Who one speaker might be. `known` is true where an earlier import of the group told it."""

    plan: SpeakerPlan
    turns: int
    words: int
    sample: str
    why: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who speaks in a transcript.

    `replaces` is the key of the group of this name that is there already: its text would be
    corrected. What nobody is named for is counted, with a sample.
    """

    name: str
    speakers: tuple[ProposedSpeaker, ...]
    turns_of_nobody: int = 0
    words_of_nobody: int = 0
    sample_of_nobody: str = ""
    replaces: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def plans(self) -> tuple[SpeakerPlan, ...]:
        """Who everybody is to be, for `focus_groups.ingest_transcript`."""
        return tuple(item.plan for item in self.speakers)

    def planned(self, plans: Sequence[SpeakerPlan]) -> tuple[SpeakerPlan, ...]:
        """Give what plans, in which several names may be one person, say of each speaker here."""
        by_name = {name: plan for plan in plans for name in plan.names}
        return tuple(
            replace(by_name[item.plan.names[0]], names=item.plan.names) for item in self.speakers
        )


@dataclass(slots=True)
class _Said:
    """What one name of the file says."""

    turns: int = 0
    words: int = 0
    sample: str = ""

    def add(self, turn: Turn) -> None:
        """Count a turn; the first with more than a few words is the sample."""
        self.turns += 1
        n_words = count_words(turn.text)
        self.words += n_words
        if not self.sample or (n_words >= 3 and count_words(self.sample) < 3):
            self.sample = _shortened(turn.text)

    def with_(self, other: _Said) -> _Said:
        """Give both together."""
        longer = self.sample if count_words(self.sample) >= 3 or not other.sample else other.sample
        return _Said(self.turns + other.turns, self.words + other.words, longer)


def propose(
    actor: Actor,
    database: Database,
    study_id: int,
    speech: SpeechFile,
    *,
    name: str,
    keep_names: bool = False,
    facilitators: Iterable[str] = (),
    shared: Collection[str] = (),
) -> Proposal:
    """Propose who the speakers of a transcript are.

    Spellings of one person are put together. Whoever an earlier import of the group has settled
    stays so; a name that is a respondent's ref is that respondent; anybody else is to be a new one.

    Parameters
    ----------
    name
        What the group is called, or is to be called.
    keep_names
        Show names as the file has them, also those that look like real names.
    facilitators
        Names of the file that a person has said are facilitators'.
    shared
        Labels, by `spelling_key`, that other groups have that come in together with this one, as
        `shared_labels` gives them. They and those of the study's other groups say nothing of who
        somebody is, so that no respondent of this id is proposed.
    """
    group = one_line(name)[:MAX_NAME] or suggested_name(speech.name)
    said = _said(speech.turns)
    nobody = said.pop("", _Said())
    named = group_names({given: item.turns for given, item in said.items()})
    asking = set(map(spelling_key, facilitators))
    named = [replace(item, role="facilitator") if item.key in asking else item for item in named]
    for given in set(said).difference(*(item.names for item in named)):
        nobody = nobody.with_(said[given])  # a name of signs that are not seen
    with database.read() as connection:
        found = focus_groups.find_group(connection, study_id, group)
        before = speakers.read_speakers(connection, found.id) if found else ()
        draft = _Draft(group, keep_names=keep_names, asking=asking, shared=set(shared))
        draft.look_up(connection, study_id, named, before)
        elsewhere = speakers.known_elsewhere(connection, study_id, found.id if found else None)
        draft.shared |= {item.key for item in named if draft.digests[item.key] in elsewhere}
    return Proposal(
        group,
        tuple(
            ProposedSpeaker(plan, *_together(said, plan.names), why, known)
            for plan, why, known in draft.plans(named)
        ),
        nobody.turns,
        nobody.words,
        nobody.sample,
        found.id if found else None,
        speech.warnings,
    )


def shared_labels(speeches: Iterable[SpeechFile]) -> frozenset[str]:
    """Give the labels that several transcripts have, such as P1, by `spelling_key`.

    They tell people of one group apart, and say nothing of who is the same in another one.
    """
    counted = Counter(
        item.key
        for speech in speeches
        for item in group_names(speech.speakers)
        if item.kind == "label" and item.role == "participant"
    )
    return frozenset(key for key, n in counted.items() if n > 1)


def _said(turns: Iterable[Turn]) -> dict[str, _Said]:
    found: dict[str, _Said] = {}
    for turn in turns:
        found.setdefault(turn.speaker, _Said()).add(turn)
    return found


def _together(said: dict[str, _Said], names: Sequence[str]) -> tuple[int, int, str]:
    total = _Said()
    for given in names:
        total = total.with_(said[given])
    return total.turns, total.words, total.sample


def _shortened(text: str) -> str:
    flat = " ".join(text[: 8 * SAMPLE_CHARS].split())
    flat = "".join(sign if sign.isprintable() or sign in "\u200c\u200d" else "" for sign in flat)
    if len(flat) <= SAMPLE_CHARS:
        return flat
    return f"{flat[:SAMPLE_CHARS].rsplit(' ', 1)[0]} {ELLIPSIS}"


@dataclass(slots=True)
class _Draft:
    """A proposal while it is made: what is known of the group and of the study's respondents."""

    group: str
    keep_names: bool
    asking: set[str] = field(default_factory=set)  # keys of those who are said to facilitate
    before: dict[str, Speaker] = field(default_factory=dict)  # by digest
    digests: dict[str, str] = field(default_factory=dict)  # by name in the file
    refs: dict[int, str] = field(default_factory=dict)
    respondents: dict[str, surveys.Person] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    labels: set[str] = field(default_factory=set)
    taken_refs: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)  # keys of labels that several groups have
    numbers: dict[str, int] = field(default_factory=dict)
    n_facilitators: int = 0

    def look_up(
        self,
        connection: Connection,
        study_id: int,
        named: Sequence[NamedSpeaker],
        before: Sequence[Speaker],
    ) -> None:
        """Read what is known of these speakers."""
        secret = studies.digest_key(connection, study_id)
        self.before = {digest: item for item in before for digest in item.known_as}
        self.digests = {item.key: speakers.digest_of(secret, item.names[0]) for item in named}
        linked = {item.respondent_id for item in before if item.respondent_id is not None}
        self.refs = surveys.refs_of(connection, sorted(linked))
        wanted = {ref for item in named for ref in _possible_refs(item)}
        numbers = range(1, len(named) + len(before) + 1)
        wanted |= {new_ref(self.group, item.label) for item in named}
        wanted |= {new_ref(self.group, f"{PARTICIPANT} {number}") for number in numbers}
        found = surveys.find_people(connection, study_id, sorted(wanted))
        self.respondents = {item.ref: item for item in found}
        self.taken = {item.name for item in before}
        self.taken_refs = set(self.refs.values())
        self.n_facilitators = sum(
            item.role == "facilitator"
            and item.kind == "name"
            and not any(map(interprets, item.names))
            for item in named
        )

    def plans(self, named: Sequence[NamedSpeaker]) -> list[tuple[SpeakerPlan, str, bool]]:
        """Give plans with their reasons, in order of appearance."""
        merged: dict[str, tuple[SpeakerPlan, str, bool]] = {}
        self.labels = {item.label for item in named if item.kind != "name" or self.keep_names}
        for item in named:
            old = self.before.get(self.digests[item.key])
            if old is None:
                plan, why = self._new(item)
                merged[f"new {item.key}"] = (plan, why + _spellings(item.names), False)
                continue
            earlier = merged.get(f"old {old.name}")
            names = (*(earlier[0].names if earlier else ()), *item.names)
            ref = self.refs.get(old.respondent_id) if old.respondent_id is not None else None
            plan = SpeakerPlan(old.name, names, old.role, ref)
            if item.key in self.asking:
                plan = SpeakerPlan(old.name, names, "facilitator")
            merged[f"old {old.name}"] = (plan, "As settled when the group came in.", True)
        return list(merged.values())

    def _new(self, item: NamedSpeaker) -> tuple[SpeakerPlan, str]:
        if item.role == "facilitator":
            plan = SpeakerPlan(self._shown_facilitator(item), item.names, "facilitator")
            if item.key in self.asking:
                return plan, "As asked."
            if any(map(interprets, item.names)):
                return plan, "An interpreter: what they say is shown, and counts for nobody."
            return plan, "The name says that they ask the questions."
        if item.kind == "nobody":
            why = "Several people, a note, or somebody unknown: the words count for nobody."
            hidden = kind_of(without_doubt(item.label)[0] or UNKNOWN) == "name"
            shown = UNKNOWN if hidden and not self.keep_names else item.label
            return SpeakerPlan(self._free(shown), item.names), why
        alone = item.kind != "label" or item.key not in self.shared
        person = self._respondent(item, withdrawn=not alone)
        if person is not None:
            shown = item.label if item.kind == "label" else person.ref
            plan = SpeakerPlan(self._free(shown), item.names, respondent=person.ref)
            return plan, _why_linked(person)
        if item.kind == "label" or self.keep_names:
            shown = self._free(item.label)
            ref = self._ref(shown)
            why = "A label." if item.kind == "label" else "The name as in the file, as asked."
            why = why if alone else SHARED
            return SpeakerPlan(shown, item.names, respondent=ref), why
        shown = self._numbered(PARTICIPANT)
        why = "A real name, it seems: not kept."
        return SpeakerPlan(shown, item.names, respondent=self._ref(shown)), why

    def _respondent(self, item: NamedSpeaker, *, withdrawn: bool) -> surveys.Person | None:
        """Find who is called so in the study; on request only somebody who has withdrawn."""
        for ref in _possible_refs(item):
            found = self.respondents.get(ref)
            if found and ref not in self.taken_refs and (found.withdrawn or not withdrawn):
                self.taken_refs.add(ref)
                return self.respondents[ref]
        return None

    def _free(self, wanted: str) -> str:
        free = free_name(wanted, self.taken)
        self.taken.add(free)
        return free

    def _shown_facilitator(self, item: NamedSpeaker) -> str:
        if item.kind == "label" or self.keep_names:
            return self._free(item.label)
        if any(map(interprets, item.names)):
            return self._free(INTERPRETER)
        if self.n_facilitators == 1 and FACILITATOR not in self.taken | self.labels:
            self.taken.add(FACILITATOR)
            return FACILITATOR
        return self._numbered(FACILITATOR)

    def _numbered(self, word: str) -> str:
        """Give the next number that neither a speaker nor a respondent of the group has."""
        while True:
            self.numbers[word] = self.numbers.get(word, 0) + 1
            shown = f"{word} {self.numbers[word]}"
            ref = new_ref(self.group, shown)
            named = shown in self.taken or shown in self.labels
            if not named and ref not in self.taken_refs and ref not in self.respondents:
                self.taken.add(shown)
                return shown

    def _ref(self, shown: str) -> str:
        """Give the ref of whoever is made: one that nobody else in this group has."""
        ref = free_name(new_ref(self.group, shown), self.taken_refs)
        self.taken_refs.add(ref)
        return ref


def _possible_refs(item: NamedSpeaker) -> list[str]:
    """Give what a respondent may be called who is named so in the file."""
    given = [ref for name in item.names for ref in (name, tidy(name), tidy(name).upper())]
    return [ref for ref in dict.fromkeys((*given, item.label)) if 0 < len(ref) <= MAX_NAME
            and "\x00" not in ref and ref.isprintable()]  # fmt: skip


def _spellings(names: Sequence[str]) -> str:
    return f" {len(names)} spellings are put together." if len(names) > 1 else ""


def _why_linked(person: surveys.Person) -> str:
    if person.withdrawn:
        return f"The respondent {person.ref} has withdrawn: take their words out of the file."
    return f"The respondent {person.ref} of this study has this name."

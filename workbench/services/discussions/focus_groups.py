"""Focus groups: transcripts of several people become documents in which each turn has a speaker.

In: a transcript as its file has it, and who its speakers are. Out: a document that is coded like
any answer, and counted for the people who speak. A corrected transcript keeps the codings; who the
speakers are can be settled later, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import Actor
from workbench.domain.forgotten_names import replaced_names
from workbench.domain.turns import Speaker, TurnSpan
from workbench.errors import ConflictError, InputError, NotFound
from workbench.services.discussions.participants import PeopleTable, match_people
from workbench.services.discussions.speaker_plans import (
    SpeakerPlan,
    TranscriptReport,
    checked,
    checked_day,
    ensure_people,
    of_bearable_length,
    twice_linked,
)
from workbench.services.discussions.transcript_import import Incoming
from workbench.services.trail import trail
from workbench.store.discussions import discussions, focus_groups, speakers
from workbench.store.discussions.focus_groups import FocusGroup
from workbench.store.discussions.forgotten_names import forget_names, state_without
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.surveys import surveys
from workbench.store.trail.states import apply_states

__all__ = ["Discussion", "FocusGroup", "SpeakerPlan", "TranscriptReport"]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A focus group with who speaks in it and when; offsets are code points over its text.

    `respondents` are the refs of those who are linked, by key.
    """

    group: FocusGroup
    text: str
    speakers: tuple[Speaker, ...]
    turns: tuple[TurnSpan, ...]
    respondents: dict[int, str]

    @property
    def plans(self) -> tuple[SpeakerPlan, ...]:
        """Who everybody is now, as `settle_speakers` takes it."""
        return _plans(self.speakers, self.respondents)


def _plans(who: Sequence[Speaker], refs: Mapping[int, str]) -> tuple[SpeakerPlan, ...]:
    return tuple(
        SpeakerPlan(
            item.name,
            (item.name,),
            item.role,
            None if item.respondent_id is None else refs[item.respondent_id],
        )
        for item in who
    )


def _refs(connection: Connection, who: Sequence[Speaker]) -> dict[int, str]:
    linked = {item.respondent_id for item in who if item.respondent_id is not None}
    return surveys.refs_of(connection, sorted(linked))


class _DryRun(Exception):
    """Takes back what a dry run wrote."""


def ingest_transcript(
    actor: Actor,
    database: Database,
    study_id: int,
    speech: SpeechFile,
    plans: Sequence[SpeakerPlan],
    *,
    name: str,
    sha256: str = "",
    series: str = "",
    held_on: str = "",
    people: PeopleTable | None = None,
    dry_run: bool = False,
    sure: bool = True,
    no_speakers: Sequence[str] = (),
) -> TranscriptReport:
    """Bring a transcript into a study, or correct the one of the same name.

    Parameters
    ----------
    plans
        Who speaks. Names of the file that are in none are nobody's.
    name
        What the group is called in the study; a group of this name is replaced by the new text.
    sha256
        Of the file, for the history.
    people
        What a table tells of the speakers: who is which respondent, and their attributes.
    sure
        Whether a person has said that this is the group. Otherwise a file that is there under
        another name, or seems to be another group, is refused.
    no_speakers
        Names that a person has said are none, for a corrected file; `speech` was read without them.

    Raises
    ------
    InputError
        When there are no words, the plans contradict each other, somebody in them has withdrawn,
        or another document has the name.
    """
    group = of_bearable_length("a focus group's name", name)
    report = TranscriptReport(group, warnings=list(speech.warnings))
    matched = match_people(plans, people, group=group) if people else None
    if matched is not None:
        report.bad_rows += [*matched.bad_rows, *matched.strange]
        report.warnings += matched.warnings
    who = checked(matched.plans if matched is not None else plans)
    said = {turn.speaker for turn in speech.turns}
    speaking = [plan for plan in who if said.intersection(plan.names)]
    report.warnings += twice_linked(speaking)
    series = of_bearable_length("a series' name", series) if series.strip() else ""
    held_on = checked_day(held_on)
    try:
        with database.write() as connection:
            trail.require(connection, actor, study_id)
            Incoming(
                connection, actor, study_id, speech, speaking, report, sha256, series, held_on,
                people, matched, sure, no_speakers,
            ).run()  # fmt: skip
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def list_focus_groups(actor: Actor, database: Database, study_id: int) -> list[FocusGroup]:
    """List a study's focus groups by series and name."""
    with database.read() as connection:
        return focus_groups.list_groups(connection, study_id)


def load_discussion(
    actor: Actor, database: Database, study_id: int, document_id: int
) -> Discussion:
    """Read a focus group with its speakers and turns.

    Raises
    ------
    NotFound
        When the study has no such focus group.
    """
    with database.read() as connection:
        group = _group(connection, study_id, document_id)
        who = speakers.read_speakers(connection, document_id)
        return Discussion(
            group,
            documents.text_of(connection, group.revision_id),
            who,
            speakers.read_turns(connection, group.revision_id),
            _refs(connection, who),
        )


def settle_speakers(
    actor: Actor,
    database: Database,
    study_id: int,
    document_id: int,
    plans: Sequence[SpeakerPlan] = (),
    *,
    name: str | None = None,
    series: str | None = None,
    held_on: str | None = None,
    revision_id: int | None = None,
    seen: Sequence[SpeakerPlan] | None = None,
    seen_as: FocusGroup | None = None,
) -> bool:
    """Say who speaks in a focus group: rename, put together, give a role, link to a respondent.

    Codings are counted anew for those whose words they cover. It is one step, which can be undone
    (`undo.SPEAKERS`). A name that may be real and that nobody has any more is taken out of all that
    is kept of the group: undo brings back one that tells nothing. Tell whether anything changed.

    Parameters
    ----------
    plans
        Their `names` are those that are shown so far, several where they become one person.
        Speakers that are in none stay as they are.
    name, series, held_on
        What the group is called, its series and its day; None leaves them as they are, an empty
        series or day is taken away.
    revision_id
        The text that the person saw.
    seen
        Who spoke there when the person looked, as `Discussion.plans` has it.
    seen_as
        What the group was called then, with its series and day.

    Raises
    ------
    InputError
        When plans contradict each other, name nobody who speaks there, or a name is taken.
    ConflictError
        When the transcript has been corrected, its speakers settled, or its name, series or day
        changed, since the person looked.
    """
    wanted = checked(plans)
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        group = _group(connection, study_id, document_id)
        if revision_id is not None and revision_id != group.revision_id:
            raise ConflictError(
                f"the transcript of {group.name} has been corrected in the meantime. It is shown "
                "anew."
            )
        if seen_as is not None and _about(seen_as) != _about(group):
            raise ConflictError(
                f"somebody has changed the name, series or day of {group.name} in the meantime. "
                "They are shown anew, and what you entered is not saved."
            )
        before = discussions.state_of(connection, document_id)
        described = _described(connection, study_id, before, name, series, held_on)
        who = speakers.read_speakers(connection, document_id)
        if seen is not None and tuple(seen) != _plans(who, _refs(connection, who)):
            raise ConflictError(
                f"somebody has settled the speakers of {group.name} in the meantime. They are "
                "shown anew."
            )
        settled, made = _settled(connection, study_id, who, wanted)
        after = {**before, **described, "speakers": [discussions.as_list(item) for item in settled]}
        after["turns"] = _moved(before["turns"], who, settled, wanted)
        if after == before:
            return False
        forward = {discussions.DISCUSSION: [{**after, "made": made}]}
        apply_states(connection, forward)
        renamed = {given: plan.name for plan in wanted for given in plan.names}
        forgotten = forget_names(
            connection, study_id, document_id, who, replaced_names(renamed, settled)
        )
        before = state_without(before, forgotten.instead)
        inverse = {discussions.DISCUSSION: [{**before, "gone": [key for key, _ in made]}]}
        trail.record(
            connection,
            actor,
            study_id,
            "settle speakers",
            label=f"the speakers of {group.name}",
            document_id=document_id,
            forward=forward,
            inverse=inverse,
            details={"speakers": len(settled)},
            relabelled=forgotten.relabelled,
        )
        return True


def _group(connection: Connection, study_id: int, document_id: int) -> FocusGroup:
    group = next(iter(focus_groups.list_groups(connection, study_id, document_id)), None)
    if group is None:
        raise NotFound(f"the study has no focus group number {document_id}.")
    return group


def _about(group: FocusGroup) -> tuple[str, str, str]:
    return group.name, group.series, group.held_on


def _described(
    connection: Connection,
    study_id: int,
    before: discussions.State,
    name: str | None,
    series: str | None,
    held_on: str | None,
) -> dict[str, str | None]:
    """Give what a group is to be called, its series and day."""
    found: dict[str, str | None] = {}
    if name is not None:
        found["ref"] = wanted = of_bearable_length("a focus group's name", name)
        if wanted != before["ref"] and focus_groups.is_taken(connection, study_id, wanted):
            raise InputError(
                f"another document of the study is called {wanted!r}.",
                hint="Choose another name.",
            )
    if series is not None:
        empty = not series.strip()
        found["series"] = None if empty else of_bearable_length("a series' name", series)
    if held_on is not None:
        found["held_on"] = checked_day(held_on) or None
    return found


def _settled(
    connection: Connection, study_id: int, who: Sequence[Speaker], wanted: Sequence[SpeakerPlan]
) -> tuple[list[Speaker], list[tuple[int, str]]]:
    """Give who speaks from now on, and the respondents who were made for it."""
    there = {item.name: item for item in who}
    for plan in wanted:
        strange = next((given for given in plan.names if given not in there), None)
        if strange is not None or not plan.names:
            told = plan.name if strange is None else strange
            raise InputError(f"nobody called {told[:100]!r} speaks there.", hint="Load it anew.")
    mentioned = {given: plan for plan in wanted for given in plan.names}
    kept = {item.name for item in who if item.name not in mentioned}
    clash = next((plan.name for plan in wanted if plan.name in kept), None)
    if clash is not None:
        raise InputError(
            f"two speakers are called {clash!r}.",
            hint="Give one of them another name, or make them one person.",
        )
    respondents, new = ensure_people(connection, study_id, None, wanted)
    settled: dict[str, Speaker] = {}
    for item in who:
        if item.name not in mentioned:
            settled[item.name] = item
            continue
        plan = mentioned[item.name]
        if plan.name not in settled:
            known = {digest for given in plan.names for digest in there[given].known_as}
            person = respondents[plan.respondent] if plan.respondent else None
            settled[plan.name] = Speaker(plan.name, plan.role, person, tuple(sorted(known)))
    return list(settled.values()), [(respondents[ref], ref) for ref in new]


def _moved(
    turns: Sequence[int | str | None],
    who: Sequence[Speaker],
    settled: Sequence[Speaker],
    wanted: Sequence[SpeakerPlan],
) -> list[int | str | None]:
    """Give whose each turn is among the speakers as they are from now on."""
    renamed = {given: plan.name for plan in wanted for given in plan.names}
    place = {item.name: at for at, item in enumerate(settled)}
    moves = {at: place[renamed.get(item.name, item.name)] for at, item in enumerate(who)}
    return [moves[at] if isinstance(at, int) else at for at in turns]

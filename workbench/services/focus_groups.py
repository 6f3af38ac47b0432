"""Focus groups: transcripts of several people become documents in which each turn has a speaker.

In: a transcript as its file has it, and who its speakers are. Out: a document that is coded like
any answer, and counted for the people who speak. A corrected transcript keeps the codings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pipelines.ingest.speech import SpeechFile
from workbench.domain.codings import Actor
from workbench.domain.text import count_words, sha
from workbench.domain.turns import Speaker, SpeakerRole, TurnSpan, lay_out
from workbench.errors import InputError, NotFound
from workbench.services import trail
from workbench.store import anchors, batches, documents, focus_groups, speakers, studies
from workbench.store import surveys as people
from workbench.store.batches import Before
from workbench.store.engine import Connection, Database
from workbench.store.focus_groups import FocusGroup

__all__ = ["Discussion", "FocusGroup", "SpeakerPlan", "TranscriptReport"]

KIND = "focus_group"
WHY = "transcript"
MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class SpeakerPlan:
    """Who one speaker is to be: several names of the file may be one person.

    `name` is what is shown, `names` are those of the file. `respondent` is the ref of somebody in
    the study, or of somebody to be made; None leaves it open whose words these are.
    """

    name: str
    names: tuple[str, ...]
    role: SpeakerRole = "participant"
    respondent: str | None = None


@dataclass
class TranscriptReport:
    """What bringing in one transcript did."""

    name: str
    document_id: int = 0
    outcome: str = "new"  # new, changed or unchanged
    turns: int = 0
    words: int = 0
    speakers: int = 0
    words_of_nobody: int = 0
    respondents_new: list[str] = field(default_factory=list)
    codings_kept: int = 0
    codings_flagged: int = 0
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Discussion:
    """A focus group with who speaks in it and when; offsets are code points over its text."""

    group: FocusGroup
    text: str
    speakers: tuple[Speaker, ...]
    turns: tuple[TurnSpan, ...]


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
    dry_run: bool = False,
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

    Raises
    ------
    InputError
        When there are no words, or the plans contradict each other.
    """
    report = TranscriptReport(name, warnings=list(speech.warnings))
    try:
        with database.write() as connection:
            trail.require(connection, actor, study_id)
            _bring_in(connection, actor, study_id, speech, _checked(plans), report,
                      sha256=sha256, series=series, held_on=held_on)  # fmt: skip
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
        group = next(iter(focus_groups.list_groups(connection, study_id, document_id)), None)
        if group is None:
            raise NotFound(f"the study has no focus group number {document_id}.")
        return Discussion(
            group,
            documents.text_of(connection, group.revision_id),
            speakers.read_speakers(connection, document_id),
            speakers.read_turns(connection, group.revision_id),
        )


def _checked(plans: Sequence[SpeakerPlan]) -> Sequence[SpeakerPlan]:
    shown: set[str] = set()
    taken: set[str] = set()
    for plan in plans:
        if not plan.name.strip() or len(plan.name) > MAX_NAME:
            raise InputError(
                f"a speaker's name has 1 to {MAX_NAME} characters.", hint="Give them another name."
            )
        if plan.name in shown:
            raise InputError(
                f"two speakers are called {plan.name!r}.",
                hint="Give one of them another name, or make them one person.",
            )
        twice = taken & set(plan.names)
        if twice:
            raise InputError(f"{sorted(twice)[0]!r} is said to be two people.")
        shown.add(plan.name)
        taken |= set(plan.names)
    return plans


def _bring_in(
    connection: Connection,
    actor: Actor,
    study_id: int,
    speech: SpeechFile,
    plans: Sequence[SpeakerPlan],
    report: TranscriptReport,
    *,
    sha256: str,
    series: str,
    held_on: str,
) -> None:
    shown = {given: plan.name for plan in plans for given in plan.names}
    text, turns = lay_out(
        replace(turn, speaker=shown.get(turn.speaker, "")) for turn in speech.turns
    )
    if not turns:
        raise InputError("there are no words in it.", source=speech.name)
    savepoint = connection.begin_nested()
    batch_id = batches.add_batch(
        connection,
        study_id=study_id,
        survey_id=None,
        kind=WHY,
        file_name=speech.name,
        sha256=sha256,
        mapping="",
        actor_id=actor.id,
    )
    who = _speakers(connection, study_id, batch_id, plans, report)
    found = focus_groups.find_group(connection, study_id, report.name)
    report.turns, report.speakers, report.words = len(turns), len(who), count_words(text)
    counted = {item.name for item in who if item.respondent_id or item.role == "facilitator"}
    report.words_of_nobody = sum(
        count_words(text[turn.start : turn.end]) for turn in turns if turn.speaker not in counted
    )
    if found is None:
        report.document_id = documents.add_document(
            connection,
            study_id=study_id,
            kind=KIND,
            text=text,
            why=WHY,
            actor_id=actor.id,
            ref=report.name,
            import_batch_id=batch_id,
        )
        speakers.write_speakers(connection, report.document_id, who)
        revision_id = documents.current_revision(connection, report.document_id)
        assert revision_id is not None
        speakers.write_turns(connection, report.document_id, revision_id, turns)
    else:
        report.document_id = found.id
        _correct(connection, actor, found, (text, turns, who), batch_id, report)
    if report.outcome == "unchanged":
        savepoint.rollback()
        return
    focus_groups.describe(connection, report.document_id, series=series, held_on=held_on)
    batches.finish_batch(connection, batch_id, report.as_dict(), Before())
    savepoint.commit()
    trail.record(
        connection,
        actor,
        study_id,
        "ingest transcript",
        label=f"the transcript {speech.name}",
        document_id=report.document_id,
        targets=[("document", report.document_id), ("import_batch", batch_id)],
        details={"batch": batch_id, "turns": report.turns, "words": report.words},
    )


def _correct(
    connection: Connection,
    actor: Actor,
    found: FocusGroup,
    new: tuple[str, tuple[TurnSpan, ...], Sequence[Speaker]],
    batch_id: int,
    report: TranscriptReport,
) -> None:
    """Write a new text over the one that is there, and carry its codings along."""
    text, turns, who = new
    same_people = tuple(who) == speakers.read_speakers(connection, found.id)
    if (
        sha(text) == found.sha256
        and same_people
        and turns == speakers.read_turns(connection, found.revision_id)
    ):
        report.outcome = "unchanged"
        return
    report.outcome = "changed"
    old = documents.text_of(connection, found.revision_id)
    revision_id = documents.add_revision(
        connection,
        document_id=found.id,
        text=text,
        why=WHY,
        actor_id=actor.id,
        import_batch_id=batch_id,
    )
    speakers.write_speakers(connection, found.id, who)
    speakers.write_turns(connection, found.id, revision_id, turns)
    report.codings_kept, report.codings_flagged = anchors.reanchor_document(
        connection,
        document_id=found.id,
        old_revision_id=found.revision_id,
        new_revision_id=revision_id,
        old_text=old,
        new_text=text,
    )


def _speakers(
    connection: Connection,
    study_id: int,
    batch_id: int,
    plans: Sequence[SpeakerPlan],
    report: TranscriptReport,
) -> list[Speaker]:
    known = {item.ref: item.id for item in people.people_of(connection, study_id)}
    wanted = [plan.respondent for plan in plans if plan.role == "participant" and plan.respondent]
    new = [ref for ref in dict.fromkeys(wanted) if ref not in known]
    keys = people.add_people(connection, study_id, batch_id, [people.NewPerson(ref) for ref in new])
    known |= dict(zip(new, keys, strict=True))
    report.respondents_new = new
    secret = studies.digest_key(connection, study_id)
    return [
        Speaker(
            plan.name,
            plan.role,
            known[plan.respondent] if plan.role == "participant" and plan.respondent else None,
            tuple(sorted({speakers.digest_of(secret, given) for given in plan.names})),
        )
        for plan in plans
    ]

"""Bring one transcript in: a new focus group, or a corrected text of one that is there.

In: turns, who speaks, what is known of them. Out: rows, and a report. What stood there before is
noted, so that the import can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import Actor
from workbench.domain.forgotten_names import replaced_names
from workbench.domain.text import count_words, sha
from workbench.domain.turns import Speaker, Turn, TurnSpan, lay_out
from workbench.errors import InputError
from workbench.services.discussions.no_speakers import to_keep
from workbench.services.discussions.participants import Matched, PeopleTable, write_values
from workbench.services.discussions.speaker_plans import (
    SpeakerPlan,
    TranscriptReport,
    as_speakers,
    ensure_people,
)
from workbench.services.discussions.transcript_twins import refuse_other_group, same_file_as
from workbench.services.trail import trail
from workbench.store.coding import anchors
from workbench.store.counting.progress import count_still_blind
from workbench.store.discussions import discussions, focus_groups, speakers
from workbench.store.discussions.focus_groups import FocusGroup
from workbench.store.discussions.forgotten_names import forget_names, state_without
from workbench.store.documents import documents
from workbench.store.engine import Connection
from workbench.store.surveys import batches
from workbench.store.surveys.batches import Before
from workbench.store.team.people import one_line

KIND = "focus_group"
WHY = "transcript"


@dataclass(slots=True)
class Incoming:
    """A transcript on its way into a study, within one transaction."""

    connection: Connection
    actor: Actor
    study_id: int
    speech: SpeechFile
    plans: Sequence[SpeakerPlan]
    report: TranscriptReport
    sha256: str = ""
    series: str = ""
    held_on: str = ""
    people: PeopleTable | None = None
    matched: Matched | None = None
    sure: bool = True
    no_speakers: Sequence[str] = ()
    before: Before = field(default_factory=Before)
    unspoken: list[str] = field(default_factory=list)  # digests of what is no speaker
    relabelled: Mapping[str, str] = field(default_factory=dict)

    def run(self) -> None:
        """Do all of it; where nothing is new, leave no trace."""
        text, turns = self._lay_out()
        savepoint = self.connection.begin_nested()
        batch_id = self._add_batch()
        found = focus_groups.find_group(self.connection, self.study_id, self.report.name)
        before = speakers.read_speakers(self.connection, found.id) if found else ()
        self._compare(found, before, text)
        who = self._speakers(batch_id, before)
        self._count(text, turns, who)
        self.unspoken = to_keep(
            self.connection,
            self.study_id,
            found.id if found else None,
            self.no_speakers,
            (turn.speaker for turn in self.speech.turns if turn.speaker),
        )
        if found is None:
            self._refuse_taken()
            self._add(batch_id, text, turns, who)
        else:
            self._correct(batch_id, found, text, turns, (before, who))
        if self.report.outcome == "unchanged":
            savepoint.rollback()
            return
        self._finish(batch_id)
        savepoint.commit()
        self._record(batch_id)

    def _compare(self, found: FocusGroup | None, before: Sequence[Speaker], text: str) -> None:
        """Tell, or refuse, what is here under another name, or is another group of this name."""
        place = (self.connection, self.study_id)
        if found is None:
            self.report.warnings += same_file_as(
                *place, self.sha256, self.report.name, sure=self.sure
            )
        elif not self.sure:
            names = {turn.speaker for turn in self.speech.turns}
            refuse_other_group(*place, found, before, names, text)

    def _lay_out(self) -> tuple[str, tuple[TurnSpan, ...]]:
        shown = {given: plan.name for plan in self.plans for given in plan.names}
        text, turns = lay_out(
            Turn(shown.get(turn.speaker, ""), turn.text, turn.start_ms, turn.end_ms)
            for turn in self.speech.turns
        )
        if not turns:
            raise InputError("there are no words in it.", source=self.speech.name)
        return text, turns

    def _add_batch(self) -> int:
        return batches.add_batch(
            self.connection,
            study_id=self.study_id,
            survey_id=None,
            kind=WHY,
            file_name=one_line(self.speech.name),
            sha256=self.sha256,
            mapping="",
            actor_id=self.actor.id,
        )

    def _speakers(self, batch_id: int, before: Sequence[Speaker]) -> list[Speaker]:
        found, new = ensure_people(self.connection, self.study_id, batch_id, self.plans)
        self.report.respondents_new = new
        if self.people is not None and self.matched is not None:
            rows = {found[ref]: row for ref, row in self.matched.values.items() if ref in found}
            write_values(
                self.connection, self.study_id, self.people, rows,
                fresh={found[ref] for ref in new}, before=self.before, report=self.report,
            )  # fmt: skip
        return as_speakers(self.connection, self.study_id, self.plans, found, before)

    def _count(self, text: str, turns: Sequence[TurnSpan], who: Sequence[Speaker]) -> None:
        report = self.report
        report.turns, report.speakers, report.words = len(turns), len(who), count_words(text)
        counted = {item.name for item in who if item.respondent_id or item.role == "facilitator"}
        report.words_of_nobody = sum(
            count_words(text[turn.start : turn.end])
            for turn in turns
            if turn.speaker not in counted
        )

    def _refuse_taken(self) -> None:
        if focus_groups.is_taken(self.connection, self.study_id, self.report.name):
            raise InputError(
                f"another document of the study is called {self.report.name!r}.",
                hint="Give the focus group another name.",
            )

    def _add(
        self, batch_id: int, text: str, turns: Sequence[TurnSpan], who: Sequence[Speaker]
    ) -> None:
        key = documents.add_document(
            self.connection,
            study_id=self.study_id,
            kind=KIND,
            text=text,
            why=WHY,
            actor_id=self.actor.id,
            ref=self.report.name,
            import_batch_id=batch_id,
        )
        self.report.document_id = key
        speakers.write_speakers(self.connection, key, who)
        revision_id = documents.current_revision(self.connection, key)
        assert revision_id is not None
        speakers.write_turns(self.connection, key, revision_id, turns)
        self._describe()

    def _describe(self) -> None:
        focus_groups.describe(
            self.connection, self.report.document_id, series=self.series, held_on=self.held_on
        )

    def _correct(
        self,
        batch_id: int,
        found: FocusGroup,
        text: str,
        turns: tuple[TurnSpan, ...],
        people: tuple[Sequence[Speaker], Sequence[Speaker]],
    ) -> None:
        """Write what differs over what is there; codings are carried along."""
        report, before, who = self.report, *people
        report.document_id = found.id
        same_text = sha(text) == found.sha256
        same = (
            same_text
            and _by_name(who) == _by_name(before)
            and turns == speakers.read_turns(self.connection, found.revision_id)
        )
        described = (self.series or found.series, self.held_on or found.held_on)
        if same and described == (found.series, found.held_on) and not report.values_changed:
            report.outcome = "unchanged"
            return
        report.outcome = "changed"
        self.before.discussions.append(
            discussions.state_of(self.connection, found.id, with_turns=False)
        )
        self._describe()
        if not same:
            self._revise(batch_id, found, text, turns, who)
            self._forget(found.id, before, who)

    def _forget(self, key: int, before: Sequence[Speaker], who: Sequence[Speaker]) -> None:
        """Take out names that may be real and are replaced, as where speakers are settled."""
        now = {digest: item.name for item in who for digest in item.known_as}
        renamed = {
            item.name: now[digest] for item in before for digest in item.known_as if digest in now
        }
        forgotten = forget_names(
            self.connection, self.study_id, key, before, replaced_names(renamed, who)
        )
        self.before.discussions = [
            state_without(row, forgotten.instead) for row in self.before.discussions
        ]
        self.relabelled = forgotten.relabelled

    def _revise(
        self,
        batch_id: int,
        found: FocusGroup,
        text: str,
        turns: Sequence[TurnSpan],
        who: Sequence[Speaker],
    ) -> None:
        old = documents.text_of(self.connection, found.revision_id)
        revision_id = documents.add_revision(
            self.connection,
            document_id=found.id,
            text=text,
            why=WHY,
            actor_id=self.actor.id,
            import_batch_id=batch_id,
        )
        speakers.write_speakers(self.connection, found.id, who)
        speakers.write_turns(self.connection, found.id, revision_id, turns)
        anchors.reanchor_document(
            self.connection,
            document_id=found.id,
            old_revision_id=found.revision_id,
            new_revision_id=revision_id,
            old_text=old,
            new_text=text,
        )
        counts = anchors.count_anchors(self.connection, self.study_id, self.actor.id, [revision_id])
        self.report.codings_kept, self.report.codings_flagged = counts.get(revision_id, (0, 0))

    def _finish(self, batch_id: int) -> None:
        blind = count_still_blind(self.connection, self.study_id) > 0
        record = self.report.as_record(with_codings=not blind)
        record[speakers.NO_SPEAKERS] = self.unspoken
        batches.finish_batch(self.connection, batch_id, record, self.before)

    def _record(self, batch_id: int) -> None:
        key = self.report.document_id
        # Not the operation's own document: then taking the import back could not take it away.
        trail.record(
            self.connection,
            self.actor,
            self.study_id,
            "ingest transcript",
            label=f"the transcript {one_line(self.speech.name)}",
            targets=[
                ("document", key), (discussions.DISCUSSION, key), ("import_batch", batch_id),
            ],
            details={"batch": batch_id, "turns": self.report.turns, "words": self.report.words},
            relabelled=self.relabelled,
        )  # fmt: skip


def _by_name(who: Sequence[Speaker]) -> list[Speaker]:
    """Give speakers in an order of their own: that of a file says nothing."""
    return sorted(
        (replace(item, known_as=tuple(sorted(item.known_as))) for item in who),
        key=lambda item: item.name,
    )

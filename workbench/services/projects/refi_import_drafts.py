"""Bringing in a project: which of its sources can be documents, and whose they are.

In: sources of a file. Out: drafts of documents, before it is known whether they are there already.
What belongs to people who have withdrawn is none, and is never read further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.domain.documents import Question
from workbench.domain.refi import RefiSource, RefiTranscript
from workbench.domain.refi_descriptions import DocumentWords, read_document
from workbench.domain.refi_terms import (
    TRANSLATION,
    AnswerName,
    read_answer_name,
    read_set_name,
    without_recording,
)
from workbench.domain.text import normalise
from workbench.services.projects import refi_import_absences as absences
from workbench.services.projects import refi_import_speech as speech
from workbench.services.projects.refi_import_run import MAX_NAME, Named, Run
from workbench.services.projects.refi_talks import KnownTalks
from workbench.store import studies
from workbench.store.surveys import surveys


@dataclass
class Draft:
    """A document of the file before it is known whether it is there already."""

    source: RefiSource
    words: DocumentWords
    text: str
    owner: int | None
    name: AnswerName | None = None
    question_id: int | None = None
    talk: speech.Talk | None = None
    sound: tuple[RefiSource, RefiTranscript] | None = None
    apart: bool = False

    @property
    def is_translation(self) -> bool:
        """Whether it translates another text of the file."""
        return bool(self.words.translation_of)

    @property
    def kind(self) -> str:
        """What kind of document it becomes."""
        if self.talk is not None:
            return "focus_group"
        if self.name is not None and self.owner is not None and not self.apart:
            return "voice_note" if self.name.answer == "spoken" else "answer"
        return "note"

    @property
    def shown(self) -> str:
        """What it is called in the report."""
        return self.source.name or self.source.guid[:8]


def list_drafts(run: Run) -> list[Draft]:
    """List what can be a document: texts, and what else has words."""
    owners: dict[str, list[str]] = {}
    for case in run.project.cases:
        for guid in case.sources:
            owners.setdefault(guid, []).append(case.guid)
    sounds = _sounds(run)
    talks, known = speech.Talks(run), KnownTalks(run)
    found = []
    for source in run.project.sources:
        whose = owners.get(source.guid, [])
        if source.kind in ("audio", "video"):
            draft = None if source.guid in sounds.heard else _of_sound(source)
        else:
            draft = _of_text(source)
        if draft is None:
            continue
        draft.sound = sounds.by_text.get(draft.source.text_path, draft.sound)
        draft.talk = talks.of(draft.source, draft.words, whose) or known.of(draft.source)
        people = [run.people[guid] for guid in whose if guid in run.people]
        if _is_withdrawn(run, draft, whose, people):
            run.gone.update({source.guid, draft.sound[0].guid if draft.sound else source.guid})
            run.left.add("Texts of people who have withdrawn from the study")
            continue
        draft.owner = people[0] if len(people) == 1 and draft.talk is None else None
        if len(people) > 1 and draft.talk is None:
            run.remarks.add("Texts that belong to several cases count for nobody", draft.shown)
        if draft.talk is not None:
            draft.text = draft.talk.text
        found.append(draft)
    _tell_other_transcripts(run, found)
    return found


def _tell_other_transcripts(run: Run, drafts: Sequence[Draft]) -> None:
    """Say which recordings have words in the file that no document takes up."""
    taken = {draft.source.text_path for draft in drafts}
    used = {draft.sound[1].guid for draft in drafts if draft.sound is not None}
    for source in run.project.sources:
        for one in source.transcripts if source.guid not in run.gone else ():
            if one.text and one.guid not in used and one.text_path not in taken:
                run.left.add("Further transcripts of a recording, which has one here", source.name)


def _is_withdrawn(run: Run, draft: Draft, whose: Sequence[str], people: Sequence[int]) -> bool:
    """Tell whether words are of somebody who has withdrawn: by cases, speakers, or their name."""
    talk = draft.talk
    if any(guid in run.withdrawn for guid in (*whose, *(talk.cases if talk else ()))):
        return True
    if talk is not None:
        named = [one.respondent for one in talk.speakers if one.name not in talk.whose]
    else:
        shown = without_recording(draft.source.name.removesuffix(TRANSLATION))
        name = read_answer_name(shown) if len(people) != 1 else None
        named = [name.respondent] if name is not None else []
    return any(run.has_withdrawn(ref) for ref in named if ref)


def _of_text(source: RefiSource) -> Draft | None:
    if not source.text and (source.kind != "text" or not source.text_path):
        return None  # its words are not in the file
    words = read_document(source.description)
    shown = source.name.removesuffix(TRANSLATION) if words.translation_of else source.name
    name = read_answer_name(shown) if words.kind in ("", "answer", "voice_note") else None
    return Draft(source, words, normalise(source.text), None, name)


def _of_sound(source: RefiSource) -> Draft | None:
    """Take a recording's transcript as a text, where no text source has the same words."""
    transcript = next((one for one in source.transcripts if one.text), None)
    if transcript is None:
        return None
    twin = replace(source, text=transcript.text, text_path="")
    draft = Draft(twin, read_document(source.description), normalise(transcript.text), None)
    draft.sound = (source, transcript)
    return draft


@dataclass
class _Sounds:
    by_text: dict[str, tuple[RefiSource, RefiTranscript]]
    heard: set[str]


def _sounds(run: Run) -> _Sounds:
    """Find the recordings of which a text source has the words."""
    texts = {one.text_path for one in run.project.sources if one.kind == "text" and one.text_path}
    found = _Sounds({}, set())
    for source in run.project.sources:
        for transcript in source.transcripts:
            if transcript.text_path in texts and transcript.text_path not in found.by_text:
                found.by_text[transcript.text_path] = (source, transcript)
                found.heard.add(source.guid)
    return found


def name_questions(run: Run, drafts: Sequence[Draft]) -> None:
    """Make the questions of answers, with the wording of the sets of our own files."""
    wording: dict[str, str] = {}
    for one in run.project.sets:
        named = read_set_name(one.name)
        if named is not None and named[0] == "question":
            wording.setdefault(named[1], one.description)
    asked = {one.name.question: one.words.question for one in drafts if one.name}
    for ref in absences.questions_of(run):
        asked.setdefault(ref, "")
    wanted = {ref: wording.get(ref) or said or ref for ref, said in asked.items()}
    order = [*(ref for ref in wording if ref in asked or run.is_ours),
             *(ref for ref in asked if ref not in wording)]  # fmt: skip
    known = {item.ref: item.id for item in studies.list_questions(run.connection, run.study_id)}
    new = [
        Question(ref, wanted.get(ref) or wording.get(ref) or ref)
        for ref in order
        if ref not in known and len(ref) <= studies.MAX_REF
    ]
    ids, n_changed = studies.ensure_questions(run.connection, run.study_id, new)
    run.changed = run.changed or bool(n_changed)
    run.made.note("question", (ids[one.ref] for one in new))
    for draft in drafts:
        if draft.name is not None:
            draft.question_id = ids.get(draft.name.question)
            if draft.owner is None:
                draft.owner = _person_of(run, draft.name.respondent)
            if draft.question_id is None or draft.owner is None:
                draft.name = None


def _person_of(run: Run, ref: str) -> int | None:
    """Find or make the respondent whom only the name of an answer tells of."""
    if not ref or len(ref) > MAX_NAME:
        return None
    known = run.named(ref)
    if known is not None:
        return None if known.withdrawn else known.id
    new = [surveys.NewPerson(ref)]
    run.report.respondents.new.append(ref)
    key = surveys.add_people(run.connection, run.study_id, run.batch_id, new)[0]
    run.note_person(Named(key, ref))
    return key

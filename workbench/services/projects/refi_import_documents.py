"""Bringing in a project: its texts.

In: sources of a file. Out: documents: answers, voice notes and discussions where the file is of our
own or says so, else notes. A text that is there is found; another text under the same name becomes
a document of its own, since codings would lie on the wrong words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from workbench.domain.reanchor import reanchor
from workbench.domain.refi import RefiSource
from workbench.domain.refi_descriptions import ANSWERS
from workbench.domain.refi_terms import TEXT_FILE, read_answer_name, without_recording
from workbench.domain.spans import Span
from workbench.domain.text import sha
from workbench.domain.turns import Speaker
from workbench.services.projects import refi_import_speech as speech
from workbench.services.projects.refi_import_drafts import Draft, list_drafts, name_questions
from workbench.services.projects.refi_import_media import bring_recording
from workbench.services.projects.refi_import_run import MAX_NAME, Run, Text, free_name
from workbench.store import studies
from workbench.store.clock import new_guid
from workbench.store.discussions import speakers
from workbench.store.documents import documents
from workbench.store.projects import project_rows, project_sight
from workbench.store.projects.project_rows import NewDocument, NewSegment, by_guid
from workbench.store.surveys import answers
from workbench.store.tables import document
from workbench.store.team.people import one_line
from workbench.store.trail.digests import keyed_digest
from workbench.store.voice_notes import timed_words

SHORTENED = 120
"""Characters of a name that stay before what tells a document from another of this name."""


def bring_documents(run: Run) -> None:
    """Find the documents of the file's texts, or make them."""
    drafts = list_drafts(run)
    name_questions(run, drafts)
    finder = _Finder(run, drafts)
    new: list[Draft] = []
    for draft in drafts:
        found = finder.find(draft)
        if found is None:
            new.append(draft)
            continue
        key, text_key, is_earlier = found
        run.report.documents.matched += 1
        run.texts[draft.source.guid] = _text(run, draft, key, text_key, is_earlier=is_earlier)
        finder.remember(draft, key)
        if draft.sound is not None:
            run.texts.setdefault(draft.sound[0].guid, run.texts[draft.source.guid])
    _write(run, new, finder)
    _bring_silent(run, drafts)


# ---------------------------------------------------------------- what is there


class _Finder:
    """Finds documents that are there: by GUID, answers by whose they are, the others by name.

    Only the same text counts, or a text that the document had before: then codings are carried
    over to the words as they are now.
    """

    def __init__(self, run: Run, drafts: Sequence[Draft]) -> None:
        self._run = run
        guids = [draft.source.guid for draft in drafts]
        self.taken = by_guid(run.connection, document, guids, document.c.study_id)
        own = {guid: item.id for guid, item in self.taken.items()
               if item.values[0] == run.study_id}  # fmt: skip
        kept = {guid: key for guid in guids if (key := run.stands_for("source", guid))}
        self._by_guid = {**kept, **own}
        self._texts = project_rows.texts_of(run.connection, list(self._by_guid.values()))
        self._names = project_rows.documents_by_name(run.connection, run.study_id)
        people = sorted({draft.owner for draft in drafts if draft.owner is not None and draft.name})
        self._answers = answers.answers_of(run.connection, people)
        self._sorted = sorted(self._names)
        self.names = {name.casefold() for name in self._names}
        self._claimed: set[int] = set()
        self._answered: set[tuple[int, int, str]] = set()

    def find(self, draft: Draft) -> tuple[int, int, bool] | None:
        """Give (document, revision, whether the text is an earlier one); None where it is new."""
        digest = sha(draft.text)
        key = self._by_guid.get(draft.source.guid)
        candidates = [(key, *self._texts[key])] if key in self._texts else []
        if draft.name is not None and draft.is_translation:
            pass  # known by its GUID alone
        elif draft.name is not None:
            place = (draft.owner or 0, draft.question_id or 0, draft.name.answer)
            stored = self._answers.get(place)
            if stored is not None:
                candidates.append((stored.document_id, stored.revision_id, stored.sha256))
                draft.apart = stored.sha256 != digest
        else:
            named = self._names.get(self.shown(draft))
            candidates += [named] if named is not None else []
        for found, text_key, known in (*candidates, *self._of_its_own(draft)):
            if found not in self._claimed and self._had(found, known, digest):
                self._claimed.add(found)
                draft.apart = False
                return found, text_key, known != digest
        if candidates:
            draft.apart = True
            self._run.remarks.add(
                "Texts that differ from the study's of the same name became documents of their own",
                draft.shown,
            )
        elif draft.name is not None and not draft.is_translation and draft.talk is None:
            self._answer_once(draft, (draft.owner or 0, draft.question_id or 0, draft.name.answer))
        return None

    def _of_its_own(self, draft: Draft) -> Iterator[tuple[int, int, str]]:
        """Give documents that came because another text of this name was there (`free_name`).

        Before them the one whose name is the file's without its ending, as qc gives texts back.
        """
        plain = self.shown(draft).removesuffix(TEXT_FILE)
        if plain != self.shown(draft) and plain in self._names and draft.name is None:
            yield self._names[plain]
        begins = f"{self.shown(draft)[:SHORTENED]} ("
        at = bisect_left(self._sorted, begins) if not draft.is_translation else len(self._sorted)
        while at < len(self._sorted) and self._sorted[at].startswith(begins):
            yield self._names[self._sorted[at]]
            at += 1

    def _answer_once(self, draft: Draft, place: tuple[int, int, str]) -> None:
        """See to it that of answers of one name only the first becomes that answer."""
        if place in self._answered:
            draft.apart = True
            self._run.remarks.add(
                "Answers that the file holds more than once: the first is the answer, the others "
                "became documents of their own", draft.shown,
            )  # fmt: skip
        self._answered.add(place)

    def _had(self, key: int, now: str, digest: str) -> bool:
        """Tell whether this is a document's text, or was one before."""
        return now == digest or project_rows.had_text(self._run.connection, key, digest)

    def remember(self, draft: Draft, key: int) -> None:
        """Keep the GUID of a document that has another one here."""
        known = self.taken.get(draft.source.guid)
        if known is None or known.id != key:
            self._run.keep("source", draft.source.guid, key)

    def shown(self, draft: Draft) -> str:
        """Give the name of a document as a study keeps it."""
        return one_line(draft.source.name)[:MAX_NAME].strip()


def _text(
    run: Run, draft: Draft, key: int, text_key: int, *, is_new: bool = False,
    is_earlier: bool = False,
) -> Text:  # fmt: skip
    closed = _closed(run, draft, key, is_new=is_new)
    labels = draft.talk.place if draft.talk is not None else None
    turns = draft.talk.is_turn if draft.talk is not None else frozenset[str]()
    text = Text(key, text_key, draft.text, is_new, closed, labels, turns)
    if is_earlier:
        _carry(run, draft, text)
    return text


def _closed(run: Run, draft: Draft, key: int, *, is_new: bool) -> bool:
    """Tell whether others' work on a text is hidden; on all answers of somebody as on each."""
    if not is_new:
        return key in project_sight.closed_documents(run.connection, run.sight, [key])
    if draft.words.kind != ANSWERS or draft.owner is None:
        return False
    return draft.owner in project_sight.closed_people(run.connection, run.sight, [draft.owner])


def _carry(run: Run, draft: Draft, text: Text) -> None:
    """Find the words of an earlier text in the text as it is now, for all its selections."""
    run.remarks.add("Codings of texts that were corrected here were carried over", draft.shown)
    text.text = documents.text_of(run.connection, text.revision_id)
    spans = [
        Span(*text.span(one.start, one.end))
        for one in draft.source.selections
        if one.start is not None and one.end is not None
    ]
    spans = [span for span in spans if span.start < span.end]
    placed = reanchor(draft.text, text.text, spans)
    text.carried = {
        (span.start, span.end): place for span, place in zip(spans, placed, strict=True)
    }


# ---------------------------------------------------------------- writing


def _write(run: Run, drafts: Sequence[Draft], finder: _Finder) -> None:
    rows = [_row(run, draft, finder) for draft in drafts]
    keys = project_rows.add_documents(
        run.connection, run.study_id, run.batch_id, run.actor.id, rows
    )
    segments: list[tuple[int, list[NewSegment]]] = []
    for draft, row, (key, text_key) in zip(drafts, rows, keys, strict=True):
        run.report.documents.new.append(row.ref or draft.shown)
        text = _text(run, draft, key, text_key, is_new=True)
        run.texts[draft.source.guid] = text
        if row.guid != draft.source.guid:
            run.keep("source", draft.source.guid, key)
        if draft.talk is not None:
            _write_speakers(run, key, draft.talk)
            segments.append((text_key, speech.segments_of_talk(run, draft.talk)))
        elif draft.sound is not None:
            segments.append((text_key, speech.segments_of_sound(draft.text, draft.sound[1].sync)))
    project_rows.add_segments(run.connection, segments)
    _link_translations(run, drafts)
    for draft in drafts:
        if draft.sound is not None:
            sound, transcript = draft.sound
            run.keep("transcript", transcript.guid, run.texts[draft.source.guid].id)
            run.texts.setdefault(sound.guid, run.texts[draft.source.guid])


def _link_translations(run: Run, drafts: Sequence[Draft]) -> None:
    """Put translations beside their originals, which a file names."""
    named = {source.name: source.guid for source in run.project.sources if source.kind == "text"}
    pairs = []
    for draft in drafts:
        original = run.texts.get(named.get(draft.words.translation_of, ""))
        if draft.is_translation and original is not None:
            pairs.append((run.texts[draft.source.guid].id, original.id))
    project_rows.set_translations(run.connection, pairs)


def _bring_silent(run: Run, drafts: Sequence[Draft]) -> None:
    """Bring in recordings of which the file has no words: they can be transcribed here."""
    heard = {draft.sound[0].guid for draft in drafts if draft.sound is not None}
    owners = {guid: case.guid for case in run.project.cases for guid in case.sources}
    asked = {item.ref: item.id for item in studies.list_questions(run.connection, run.study_id)}
    for source in run.project.sources:
        if source.kind in ("audio", "video") and source.guid not in heard:
            name = read_answer_name(without_recording(source.name))
            case = owners.get(source.guid, "")
            if name is not None and case not in run.people and run.has_withdrawn(name.respondent):
                run.gone.add(source.guid)
            if case in run.withdrawn:
                run.gone.add(source.guid)
            if source.guid in run.gone:
                run.left.add("Recordings of people who have withdrawn from the study")
            else:
                question = asked.get(name.question) if name is not None else None
                key = bring_recording(run, source, run.people.get(case), question)
                _find_words(run, source, key)


def _find_words(run: Run, source: RefiSource, recording_id: int | None) -> None:
    """Find the words of a recording that was transcribed here: what is coded by time is on them."""
    heard = timed_words.transcript_of(run.connection, recording_id) if recording_id else None
    if heard is not None and (source.codings or source.time_selections):
        closed = project_sight.closed_documents(run.connection, run.sight, [heard.document_id])
        run.texts[source.guid] = Text(*heard, is_new=False, hidden=bool(closed))


def _row(run: Run, draft: Draft, finder: _Finder) -> NewDocument:
    guid = draft.source.guid if draft.source.guid not in finder.taken else new_guid()
    is_answer = draft.kind in ("answer", "voice_note")
    recording = None
    if draft.sound is not None:
        recording = bring_recording(
            run, draft.sound[0], draft.owner if is_answer else None,
            draft.question_id if is_answer else None,
        )  # fmt: skip
    words = draft.words
    name = finder.shown(draft)
    if draft.apart:
        name = f"{name[:SHORTENED]} ({PurePath(run.name).stem[:60]})"
    return NewDocument(
        guid=guid,
        kind=draft.kind,
        ref=None if is_answer else free_name(name, finder.names, f"Document {guid[:8]}"),
        respondent_id=draft.owner,
        question_id=draft.question_id if is_answer else None,
        answer_kind=draft.name.answer
        if is_answer and draft.name and not draft.is_translation
        else None,
        recording_id=recording,
        language=one_line(words.language)[:20] or None,
        transcript=words.transcript or None,
        series=one_line(words.series)[:MAX_NAME] or None,
        held_on=words.held_on if len(words.held_on) == 10 else None,
        text=draft.text,
        created_at=run.stamp(draft.source.made_at),
    )


def _write_speakers(run: Run, key: int, talk: speech.Talk) -> None:
    secret = studies.digest_key(run.connection, run.study_id)
    speakers.write_speakers(
        run.connection,
        key,
        [
            Speaker(
                one.name, one.role, talk.whose.get(one.name),
                (keyed_digest(secret, one.name.casefold()),),
            )
            for one in talk.speakers
        ],
    )  # fmt: skip

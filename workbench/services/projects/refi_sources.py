"""The documents of a study as sources of a REFI-QDA project, with what was coded in them.

In: documents, a page at a time. Out: texts with selections, and to whom each belongs. Codings of
one person on the same words share a selection; a code on a whole document stands on its source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from workbench.domain.refi import (
    RefiCase,
    RefiCoding,
    RefiSelection,
    RefiSource,
    RefiTranscript,
    derived_guid,
)
from workbench.domain.refi_descriptions import (
    DocumentWords,
    SpeakerWords,
    describe_document,
    describe_memos,
    describe_speaker,
)
from workbench.domain.refi_labels import Labelled
from workbench.domain.refi_terms import (
    TRANSLATION,
    Answer,
    SpeakerNote,
    answer_name,
    file_safe,
    speaker_case_name,
    turn_times,
)
from workbench.domain.turns import Speaker, TurnSpan
from workbench.services.projects.refi_notes import Notes
from workbench.services.projects.refi_talks import on_one_line, with_names
from workbench.services.projects.refi_work import Work, strings
from workbench.store.discussions import speakers
from workbench.store.projects import refi_rows
from workbench.store.projects.exchanged import Exchanged
from workbench.store.projects.refi_rows import CodingRow, DocumentRow

PAGE = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A document with its source; `row` has the text as the study keeps it."""

    row: DocumentRow
    source: RefiSource
    transcript: RefiTranscript | None = None


@dataclass
class Belongs:
    """To whom and to what sources belong, gathered while they are made."""

    sources: dict[int, list[str]] = field(default_factory=dict)
    selections: dict[int, list[str]] = field(default_factory=dict)
    speakers: list[RefiCase] = field(default_factory=list)
    guids: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


class Sources:
    """Makes the sources of one export."""

    def __init__(
        self, work: Work, notes: Notes, codes: Mapping[int, str], refs: Mapping[int, str]
    ) -> None:
        self._work = work
        self._notes = notes
        self._codes = codes
        self._refs = refs
        self.belongs = Belongs()

    def parts(self) -> Iterator[Part]:
        """Make all documents, a page in memory at a time."""
        work = self._work
        keys = refi_rows.document_keys(work.connection, work.study_id)
        for start in range(0, len(keys), PAGE):
            part = keys[start : start + PAGE]
            rows = refi_rows.read_documents(work.connection, part)
            codings = refi_rows.read_codings(
                work.connection, work.sight, part, consensus=work.choice.consensus
            )
            hidden = refi_rows.hidden_documents(work.connection, work.sight, part)
            spoken = [row.revision_id for row in rows if row.recording_id is not None]
            times = refi_rows.read_times(work.connection, spoken)
            for row in rows:
                kept = work.ids.selections.get(row.id, ()) if row.id not in hidden else ()
                yield self._part(row, codings.get(row.id, ()), kept, times.get(row.revision_id, ()))
            if work.progress is not None:
                work.progress(start + len(part), len(keys))

    # ------------------------------------------------------------ one document

    def _part(
        self,
        row: DocumentRow,
        codings: Sequence[CodingRow],
        kept: Sequence[Exchanged],
        times: Sequence[tuple[int, int, int | None, int | None]],
    ) -> Part:
        work = self._work
        guid = work.ids.claim(work.ids.of("source", row.id, row.guid))
        name = self._name(row)
        self.belongs.guids[row.id], self.belongs.names[row.id] = guid, name
        who: tuple[Speaker, ...] = ()
        gone: list[tuple[int, int]] = []
        laid = Labelled(row.text, ())
        if row.kind == "focus_group":
            gone = refi_rows.turns_of_the_withdrawn(work.connection, row.revision_id)
            who = speakers.read_speakers(work.connection, row.id)
            who = tuple(one for one in who if self._is_here(one.respondent_id))
            laid = with_names(work.connection, row.revision_id, row.text, gone)
        selections = self._selections(row, guid, laid, codings, kept, gone)
        if row.kind == "focus_group" and work.choice.turns:
            selections += self._turns(row.id, name, guid, laid, who)
        elif row.respondent_id is not None:
            self.belongs.sources.setdefault(row.respondent_id, []).append(guid)
        source = RefiSource(
            guid,
            "text",
            name,
            self._description(row, who),
            laid.text,
            f"{guid}.txt",
            made_at=row.created_at,
            selections=tuple(selections),
            codings=tuple(self._coding(one) for one in codings if self._is_whole(one)),
            notes=self._notes.on("document", row.id, guid),
        )
        return Part(row, source, self._transcript(row, source, times, laid))

    def _is_here(self, respondent_id: int | None) -> bool:
        return respondent_id is None or respondent_id in self._refs

    def _name(self, row: DocumentRow) -> str:
        if row.translation_of is not None and not row.ref:
            original = self.belongs.names.get(row.translation_of)
            return f"{original or f'Document {row.guid[:8]}'}{TRANSLATION}"
        if row.ref:
            return row.ref
        if row.respondent and row.question:
            kind = row.answer_kind or ("spoken" if row.kind == "voice_note" else "typed")
            return answer_name(row.respondent, row.question, cast(Answer, kind))
        return row.respondent or f"Document {row.guid[:8]}"

    def _description(self, row: DocumentRow, who: Sequence[Speaker]) -> str:
        plain = row.kind == "answer" and not row.ref
        return describe_document(
            DocumentWords(
                "" if plain else row.kind,
                row.question_text if row.ref else "",
                row.language,
                row.transcript,
                self.belongs.names.get(row.translation_of or 0, ""),
                row.series,
                row.held_on,
                tuple(
                    SpeakerNote(one.name, one.role, self._refs.get(one.respondent_id or 0, ""))
                    for one in who
                ),
            )
        )

    def _transcript(
        self,
        row: DocumentRow,
        source: RefiSource,
        times: Sequence[tuple[int, int, int | None, int | None]],
        laid: Labelled,
    ) -> RefiTranscript | None:
        """Make what goes below the recording: the same text file, with times."""
        if row.recording_id is None:
            return None
        ids = self._work.ids
        guid = ids.of("transcript", row.id, derived_guid("transcript", source.guid))
        return RefiTranscript(
            ids.claim(guid),
            source.text,
            sync_points([(laid.start(one[0]), laid.end(one[1]), one[2], one[3]) for one in times]),
            source.text_path,
            file_safe(source.name),
            source.description,
            made_at=source.made_at,
        )

    # ------------------------------------------------------------ what is coded

    def _is_whole(self, coding: CodingRow) -> bool:
        return coding.placed and coding.start is None and coding.code_id in self._codes

    def _coding(self, row: CodingRow) -> RefiCoding:
        ids = self._work.ids
        guid = ids.claim(ids.of("coding", row.id, row.guid))
        return RefiCoding(
            guid,
            self._codes[row.code_id],
            self._work.users.guid(row.coder_id),
            row.created_at,
            self._notes.on("coding", row.id, guid),
        )

    def _selections(
        self,
        row: DocumentRow,
        source_guid: str,
        laid: Labelled,
        codings: Sequence[CodingRow],
        kept: Sequence[Exchanged],
        gone: Sequence[tuple[int, int]],
    ) -> list[RefiSelection]:
        """Make a selection for each stretch of words that is coded, or kept for another program."""
        spans: dict[tuple[int, int], list[CodingRow]] = {}
        for one in codings:
            if one.placed and one.start is not None and one.end is not None:
                touched = [place for place in gone if place[0] < one.end and one.start < place[1]]
                if touched:
                    self._notes.forget("coding", one.id)
                if any(start <= one.start and one.end <= end for start, end in touched):
                    continue
                if one.code_id in self._codes:
                    spans.setdefault((one.start, one.end), []).append(one)
        of_file = self._of_file(row, kept, gone)
        found = []
        for place in sorted({*spans, *of_file}):
            records = of_file.get(place, [])
            by_user: dict[int, list[CodingRow]] = {}
            for one in spans.get(place, ()):
                by_user.setdefault(one.coder_id, []).append(one)
            for rows in sorted(by_user.values(), key=self._order):
                first = records.pop(0) if records else None
                found.append(self._selection(laid, place, rows, first, source_guid))
            found += [self._selection(laid, place, [], record, source_guid) for record in records]
        return found

    def _order(self, rows: Sequence[CodingRow]) -> tuple[str, str]:
        """Put the coders of the same words in an order that no database changes."""
        name = self._work.users.name(rows[0].coder_id)
        return min(one.created_at for one in rows), name

    def _of_file(
        self, row: DocumentRow, kept: Sequence[Exchanged], gone: Sequence[tuple[int, int]]
    ) -> dict[tuple[int, int], list[Exchanged]]:
        """Give what is kept of another program's selections, by place."""
        of_file: dict[tuple[int, int], list[Exchanged]] = {}
        for record in kept:
            content = record.content or {}
            if content.get("sha256") != row.sha256:
                self._work.left_out.add(
                    "Selections of another program, on texts that have changed since"
                )
                continue
            place = int(content.get("start") or 0), int(content.get("end") or 0)
            if any(start < place[1] and place[0] < end for start, end in gone):
                continue  # what it is called may be the words themselves
            of_file.setdefault(place, []).append(record)
        return of_file

    def _selection(
        self,
        laid: Labelled,
        place: tuple[int, int],
        rows: Sequence[CodingRow],
        record: Exchanged | None,
        source_guid: str,
    ) -> RefiSelection:
        """Make a selection of one coder's: programs take who made it for who coded it."""
        work = self._work
        codings = [self._coding(one) for one in rows]
        user = codings[0].user if codings else ""
        derived = derived_guid("selection", source_guid, *map(str, place), user)
        guid = work.ids.claim(record.guid if record else derived)
        told = self._notes.told(note for one in codings for note in one.notes)
        content = (record.content if record else None) or {}
        return RefiSelection(
            guid,
            laid.start(place[0]),
            laid.end(place[1]),
            str(content.get("name") or ""),
            str(content.get("description") or "") or describe_memos(told),
            user if codings else work.users.guid_in_file(str(content.get("user") or "")),
            codings[0].made_at if codings else str(content.get("made_at") or ""),
            tuple(codings),
            tuple(dict.fromkeys([*self._notes.known(strings(content.get("notes"))),
                                 *self._notes.also(guid)])),
        )  # fmt: skip

    # ------------------------------------------------------------ who speaks

    def _turns(
        self, key: int, discussion: str, guid: str, laid: Labelled, who: Sequence[Speaker]
    ) -> list[RefiSelection]:
        """Mark each turn, and note whose it is."""
        ids = self._work.ids
        by_name: dict[str, list[str]] = {}
        found = []
        for index, turn in enumerate(laid.turns):
            selection = ids.claim(derived_guid("turn", guid, str(index)))
            found.append(_turn(selection, turn))
            by_name.setdefault(turn.speaker, []).append(selection)
        for one in who:
            theirs = by_name.get(on_one_line(one.name), [])
            if one.respondent_id is not None and one.role != "facilitator":
                self.belongs.selections.setdefault(one.respondent_id, []).extend(theirs)
                continue
            words = SpeakerWords(discussion, one.name, one.role)
            derived = derived_guid("speaker", guid, one.name)
            self.belongs.speakers.append(
                RefiCase(
                    ids.claim(ids.of_speaker(key, one.name, derived)),
                    speaker_case_name(discussion, one.name),
                    describe_speaker(words),
                    selections=tuple(theirs),
                )
            )
        return found


def _turn(guid: str, turn: TurnSpan) -> RefiSelection:
    description = turn_times(turn.start_ms, turn.end_ms)
    return RefiSelection(guid, turn.start, turn.end, turn.speaker, description)


def sync_points(
    times: Sequence[tuple[int, int, int | None, int | None]],
) -> tuple[tuple[int, int], ...]:
    """Give (milliseconds, position) of the beginnings of segments and of the last one's end.

    Both rise from point to point; what would not is left out.
    """
    found: list[tuple[int, int]] = []
    points = [(start_ms, start) for start, _, start_ms, _ in times]
    points += [(end_ms, end) for _, end, _, end_ms in times[-1:]]
    for time_ms, position in points:
        if time_ms is None:
            continue
        if not found or (time_ms > found[-1][0] and position > found[-1][1]):
            found.append((time_ms, position))
    return tuple(found)

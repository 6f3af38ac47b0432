"""Bringing in a project: its codings.

In: selections of the file's texts. Out: codings, each by whom the file names. What is there is
found by GUID, else by coder, code and words; what must be placed again by where it was guessed to
be, also once a person has placed it. On what people code blindly, nobody brings in another's work,
nor learns whether it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from workbench.domain.codings import Actor
from workbench.domain.refi import RefiCoding, RefiSelection, RefiSource
from workbench.domain.spans import find_quote
from workbench.domain.text import sha
from workbench.domain.timed_words import words_at
from workbench.errors import CodingError, DraftError
from workbench.services.projects.refi_import_people import Coders
from workbench.services.projects.refi_import_run import KEPT, Run, Text
from workbench.services.voice_notes import drafts
from workbench.store.codebooks import codebook
from workbench.store.codebooks.counted_as import all_counted_as
from workbench.store.documents.drafts import standings
from workbench.store.projects import project_flagged, project_rows
from workbench.store.projects.project_rows import Known, NewCoding, by_guid
from workbench.store.tables import CONSENSUS, coding
from workbench.store.voice_notes import timed_words

PLACED = "Codings of stretches of time were put on the words spoken then"
BLIND = "Others' work on documents that are coded blind for now: each person can bring in their own"


Key = tuple[int, int, int, int | None, int | None]
"""A coding by document, coder, code that it counts as, start and end."""


class _Place(NamedTuple):
    """Where a coding lies: None and None for the whole; `reason` where that is a guess."""

    start: int | None
    end: int | None
    reason: str = ""


def bring_codings(run: Run, coders: Coders) -> None:
    """Find the codings of the file, or make them."""
    writer = _Writer(run, coders)
    for source in run.project.sources:
        text = run.texts.get(source.guid)
        if text is None:
            _tell_lost(run, source)
            continue
        for selection in source.selections:
            place = _place(run, text, selection, source)
            for item in selection.codings:
                if place is not None:
                    writer.bring(text, place, item, (selection.user, selection.made_at))
            _note(run, text, selection, place, source.name)
        for item in source.codings:
            writer.bring(text, _Place(None, None), item, (source.user, source.made_at))
        _bring_stretches(run, writer, source, text)
    writer.write()


def _tell_lost(run: Run, source: RefiSource) -> None:
    """Say what is not taken over of a source that is no document here."""
    codings = [*source.codings]
    for selection in (*source.selections, *source.time_selections):
        codings.extend(selection.codings)
    if source.guid in run.gone:  # told with the text; a name may be that of the person
        for _ in codings:
            run.left.add("Codings on texts of people who have withdrawn from the study")
        return
    what = {
        "text": "texts that are not in the file",
        "picture": "pictures",
        "pdf": "PDFs without a text",
        "audio": "recordings without words",
        "video": "films without words",
    }
    where = what[source.kind]
    if run.stands_for("recording", source.guid) is None:
        run.left.add(f"{where[0].upper()}{where[1:]}", source.name)
    for _ in codings:
        run.left.add(f"Codings on {where}", source.name)


def _bring_stretches(run: Run, writer: _Writer, source: RefiSource, text: Text) -> None:
    """Put codings of stretches of time on the words that the study knows were spoken then."""
    coded = [one for one in source.time_selections if one.codings]
    times = timed_words.times_of(run.connection, text.revision_id) if coded else ()
    for stretch in coded:
        span = None
        if stretch.start is not None and stretch.end is not None:
            span = words_at(times, text.text, stretch.start, stretch.end)
        for item in stretch.codings:
            if span is None:
                run.left.add("Codings of stretches of time, which have no words", source.name)
            elif writer.bring(text, _Place(*span), item, (stretch.user, stretch.made_at)):
                run.remarks.add(PLACED, source.name)


def _place(run: Run, text: Text, selection: RefiSelection, source: RefiSource) -> _Place | None:
    if selection.start is not None and selection.end is not None:
        start, end = text.span(selection.start, selection.end)
        if text.carried is not None and (start, end) in text.carried:
            found = text.carried[start, end]
            reason = selection.doubt or ("" if found.placed else found.reason)
            return _Place(found.span.start, found.span.end, reason)
        if selection.doubt:
            return _Place(start, end, selection.doubt)
        if start < end <= len(text.text):
            return _Place(start, end)
        run.left.add("Codings of nothing but speakers' names", source.name)
        return None
    if selection.area:
        for _ in selection.codings:
            run.left.add("Codings of areas, which have no words", source.name)
        return None
    return _guessed(run, text, selection, source)


def _guessed(run: Run, text: Text, selection: RefiSelection, source: RefiSource) -> _Place | None:
    """Give a best guess for a selection without a place: a person is to place it again."""
    raw = "-".join(part[:12] for part in selection.raw)
    if not text.text.strip():
        run.left.add("Selections of a text without words", f"{raw} in {source.name}")
        return None
    if selection.codings:
        run.remarks.add("Codings to be placed again, since their positions do not fit the text",
                        f"{raw} in {source.name}")  # fmt: skip
    reason = f"the file places it at {raw}, which does not fit the text"
    try:
        found = find_quote(text.text, selection.name.rstrip("…")) if selection.name else None
    except CodingError:
        found = None
    if found is not None:
        return _Place(found.start, found.end, reason)
    numbers = [int(part) if part.isdecimal() else 0 for part in [*raw.split("-"), "0", "0"][:2]]
    start = min(numbers[0], len(text.text) - 1)
    return _Place(start, min(max(numbers[1], start + 1), len(text.text)), reason)


def _note(run: Run, text: Text, selection: RefiSelection, place: _Place | None, shown: str) -> None:
    """Keep a selection that has no coding but says something."""
    if selection.codings or selection.guid in text.is_turn:
        return
    if place is None or place.start is None or place.reason or text.hidden:
        return
    run.keep("selection", selection.guid, text.id, {
        "start": place.start, "end": place.end, "sha256": sha(text.text), "name": selection.name,
        "description": selection.description, "user": selection.user,
        "made_at": selection.made_at, "notes": list(selection.notes),
    })  # fmt: skip
    run.remarks.add(f"Selections without a code {KEPT}", f"in {shown}")


class _Writer:
    """Collects what is new and writes it at the end."""

    def __init__(self, run: Run, coders: Coders) -> None:
        self._run = run
        self._coders = coders
        guids = [item.guid for item in _codings(run)]
        self._taken: dict[str, Known] = by_guid(
            run.connection, coding, guids, coding.c.document_id, coding.c.coder_id
        )
        kept = [key for guid in guids if (key := run.stands_for("coding", guid)) is not None]
        self._document_of = project_rows.coded_documents(run.connection, kept)
        old = [text.id for text in run.texts.values() if not text.is_new]
        self._old = old
        self._live = project_rows.live_codings(run.connection, old)
        self._resolved = all_counted_as(run.connection, run.study_id)
        self._new: list[tuple[str, NewCoding]] = []
        self._made: dict[Key, int] = {}
        self._twice: list[tuple[str, int]] = []
        self._given: set[str] = set()
        words = standings(run.connection, run.study_id, old)
        self._drafts = {key for key, standing in words.items() if standing == "draft"}
        self._open: dict[int, bool] = {}

    def bring(self, text: Text, place: _Place, item: RefiCoding, around: tuple[str, str]) -> bool:
        """Take one coding: there already, new, or left out with a reason; tell if it is here."""
        run = self._run
        coder = self._coders.of(item.user, around[0], run.project.user)
        if text.hidden and coder.id != run.actor.id:
            run.unseen.add(item.guid)
            run.left.add(BLIND)
            return False
        code = run.codes.get(item.code)
        if code is None:
            run.left.add("Codings with codes that the file does not hold", item.code)
            return False
        there = self._find(text, place, item, coder, code)
        if there is not None:
            run.codings[item.guid] = there
            self._coders.is_here(coder)
            run.report.codings_matched += 1
            return True
        if not self._may(text, coder, code):
            return False
        same = self._made.get(self._key(text, place, coder, code)) if not place.reason else None
        if same is not None:  # the file has it already: one more of the same person, or of nobody
            if item.guid:
                self._twice.append((item.guid, same))
            run.remarks.add("Codings that came twice were taken once")
            return True
        self._add(text, place, item, coder, code, around[1])
        return True

    def _find(
        self, text: Text, place: _Place, item: RefiCoding, coder: Actor, code: int
    ) -> int | None:
        before = self._run.stands_for("coding", item.guid)
        if before is not None and self._document_of.get(before) == text.id:
            return before
        known = self._taken.get(item.guid)
        if known is not None and known.values == (text.id, coder.id):
            return known.id
        key = self._key(text, place, coder, code)
        there = self._live.get(key)
        return self._guessed.get(key) if there is None and place.reason else there

    @cached_property
    def _guessed(self) -> dict[Key, int]:
        run = self._run
        return project_flagged.guessed_codings(run.connection, run.study_id, self._old)

    def _key(self, text: Text, place: _Place, coder: Actor, code: int) -> Key:
        return text.id, coder.id, self._resolved.get(code, code), place.start, place.end

    def _may(self, text: Text, coder: Actor, code: int) -> bool:
        run = self._run
        if code in run.closed_codes:
            run.left.add("Codings with codes that the study has taken out of use",
                         run.closed_codes[code])  # fmt: skip
            return False
        if coder.id == CONSENSUS and not run.is_new:
            run.left.add("What coders agreed on: that is settled in the study itself")
            return False
        return text.is_new or self._draft_open(text)

    def _draft_open(self, text: Text) -> bool:
        run = self._run
        if text.id not in self._drafts:
            return True
        if text.id not in self._open:
            # A step back at once, where others are at work: else they would wait for its event.
            savepoint = run.connection.begin_nested() if run.rehearses else None
            self._open[text.id] = self._accepts(text)
            if savepoint is not None:
                savepoint.rollback()
        if not self._open[text.id]:
            run.left.add("Codings on machine drafts that nobody has checked by ear")
        return self._open[text.id]

    def _accepts(self, text: Text) -> bool:
        run = self._run
        try:
            if run.accept_drafts and drafts.accept_in(
                run.connection, run.actor, run.study_id, [text.id]
            ):
                run.changed = True
                run.made.accepted.setdefault(run.actor.id, []).append(text.id)
            drafts.require_codable_in(run.connection, run.actor, run.study_id, [text.id])
        except DraftError:
            return False
        return True

    def _add(
        self, text: Text, place: _Place, item: RefiCoding, coder: Actor, code: int, around_at: str
    ) -> None:
        run = self._run
        coder = self._coders.come_in(coder)
        if not place.reason:
            self._made[self._key(text, place, coder, code)] = len(self._new)
        theirs = "" if item.guid in self._given else item.guid
        self._given.add(item.guid)
        guid, _ = run.own_guid("coding", theirs, self._taken)
        run.report.codings_new += 1
        run.report.codings_flagged += bool(place.reason)
        self._new.append((
            theirs,
            NewCoding(guid, text.id, text.revision_id, code, coder.id, place.start, place.end,
                      "adjudication" if coder.id == CONSENSUS else "import",
                      run.stamp(item.made_at, around_at), place.reason),
        ))  # fmt: skip

    def write(self) -> None:
        """Write what was collected, and note who has begun on which document."""
        run = self._run
        if run.rehearses:  # memos may refer to what would be written
            run.codings |= {guid: -at for at, (guid, _) in enumerate(self._new, 1) if guid}
            run.codings |= {guid: -at - 1 for guid, at in self._twice}
            return
        rows = [row for _, row in self._new]
        version = codebook.current_version(run.connection, run.study_id)
        keys = project_rows.add_codings(run.connection, rows, version[0] if version else None)
        for (guid, row), key in zip(self._new, keys, strict=True):
            if guid:
                run.codings[guid] = key
                if guid != row.guid:
                    run.keep("coding", guid, key)
        for guid, at in self._twice:
            run.codings[guid] = keys[at]
        begun = project_rows.touch_many(
            run.connection,
            {(row.document_id, row.coder_id) for row in rows if row.coder_id != CONSENSUS},
        )
        run.made.note("coding", keys)
        old = {text.id for text in run.texts.values() if not text.is_new}
        run.made.note_states(pair for pair in begun if pair[0] in old)
        settled = {row.document_id for row in rows if row.coder_id == CONSENSUS}
        project_rows.settle(run.connection, settled, run.actor.id, run.begun_at)


def _codings(run: Run) -> Iterator[RefiCoding]:
    for source in run.project.sources:
        yield from source.codings
        for selection in (*source.selections, *source.time_selections):
            yield from selection.codings

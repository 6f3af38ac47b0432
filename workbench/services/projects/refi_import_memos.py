"""Bringing in a project: its memos, and what is kept of it without being understood.

In: notes of a file and what refers to them. Out: memos on what they are about; sets, links and
graphs in `exchanged`, for the next export.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import NamedTuple

from workbench.domain.codings import Actor
from workbench.domain.memos import TargetKind
from workbench.domain.refi import (
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    derived_guid,
)
from workbench.domain.refi_descriptions import read_document, read_memos
from workbench.domain.refi_terms import is_reply, read_memo_name, read_set_name
from workbench.domain.text import normalise
from workbench.services.projects.refi_import_codings import BLIND
from workbench.services.projects.refi_import_people import Coders
from workbench.services.projects.refi_import_run import KEPT, WITHDRAWN, Run, flat_codes
from workbench.store.codebooks import codebook
from workbench.store.projects import project_rows, project_sight
from workbench.store.projects.project_rows import NewMemo, by_guid
from workbench.store.tables import memo

_NEAREST: tuple[TargetKind, ...] = (
    "coding", "document", "respondent", "code", "codebook_version", "study",
)  # fmt: skip
"""Of several things that a memo is on, which it stands with."""


_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Target(NamedTuple):
    """What a memo is on; `hidden`: only its author may bring it in. `guid` is the file's.

    `barred` is why nobody may bring in what is on it; `astray`: what the file has it on is not
    brought in, and this stands around it. `order` is the GUID of the coding that was taken for a
    selection: going out, the memo is on that coding.
    """

    kind: TargetKind
    key: int
    guid: str
    hidden: bool = False
    barred: str = ""
    astray: bool = False
    order: str = ""


def bring_memos(run: Run, coders: Coders) -> None:
    """Find the memos of the file, or make them on the first thing that they are about."""
    targets = _targets(run)
    notes = [*run.project.notes, *_Comments(run, targets).all()]
    writer = _Memos(run, coders, notes)
    known = {note.guid: note for note in notes}
    replies = {guid for note in notes for guid in note.notes if not targets.get(guid)}
    done: set[str] = set()

    def bring(first: RefiNote, found: list[_Target]) -> None:
        """Bring a memo, and under it all replies below it; with what is left out goes its row."""
        thread: int | None = None
        waiting = [(first, "")]
        while waiting:
            note, reason = waiting.pop()
            if note.guid in done:
                continue
            done.add(note.guid)
            for _ in (*note.codings, *(one for each in note.selections for one in each.codings)):
                run.left.add("Codings on memos", note.name)
            reason = reason or writer.why_out(note, found)
            if reason:
                run.left.add(reason)
            else:
                key = writer.bring(note, found if note is first else found[:1], thread)
                thread = key if thread is None else thread
            below = [known[guid] for guid in note.notes if guid in replies and guid in known]
            waiting += [(reply, reason) for reply in reversed(below)]

    study = [_Target("study", run.study_id, "")]
    for note in notes:
        if note.guid not in replies:
            bring(note, targets.get(note.guid) or study)
    for note in notes:
        if note.guid not in done:  # replies to one another
            bring(note, study)


def _targets(run: Run) -> dict[str, list[_Target]]:
    """Give what refers to each note, what has a place here first."""
    found: dict[str, list[_Target]] = defaultdict(list)
    for guid, target in _referring(run):
        if target not in found[guid]:
            found[guid].append(target)
    for listed in found.values():  # however a file puts them in order, the memo stands the same
        listed.sort(key=lambda target: _nearness(run, target))
    return found


def _nearness(run: Run, target: _Target) -> tuple[int, bool, str]:
    """Sort what a memo is on: what is so itself before what only stands around it, then by name."""
    stands_around = target.kind == "document" and target.guid not in run.texts
    return _NEAREST.index(target.kind), stands_around, target.order or target.guid


def _referring(run: Run) -> Iterator[tuple[str, _Target]]:
    for source in run.project.sources:
        yield from _from_source(run, source)
    for code in flat_codes(run.project.codes):
        if code.guid in run.codes:
            target = _Target("code", run.codes[code.guid], code.guid)
            yield from ((guid, target) for guid in code.notes)
    closed = project_sight.closed_people(run.connection, run.sight, list(run.people.values()))
    for case in run.project.cases:
        person = run.people.get(case.guid)
        if person is not None:
            target = _Target("respondent", person, case.guid, person in closed)
            yield from ((guid, target) for guid in case.notes)
        elif case.guid in run.withdrawn:
            target = _Target("study", run.study_id, case.guid, barred=WITHDRAWN)
            yield from ((guid, target) for guid in case.notes)
    for guid in run.project.project_notes:
        yield guid, _Target("study", run.study_id, "")


def _from_source(run: Run, source: RefiSource) -> Iterator[tuple[str, _Target]]:
    whole = _whole(run, source)
    for selection in (*source.selections, *source.time_selections):
        yield from _from_codings(run, selection.codings, whole)
        if selection.notes:
            target = _on_selection(run, selection, whole)
            yield from ((guid, target) for guid in selection.notes)
    yield from _from_codings(run, source.codings, whole)
    yield from ((guid, whole) for guid in source.notes)


def _whole(run: Run, source: RefiSource) -> _Target:
    """Give the document of a source; the study, where it is none here."""
    text = run.texts.get(source.guid)
    if text is not None:
        return _Target("document", text.id, source.guid, text.hidden)
    if source.guid in run.gone:
        return _Target("study", run.study_id, source.guid, barred=WITHDRAWN)
    return _Target("study", run.study_id, source.guid, astray=True)


def _from_codings(
    run: Run, codings: Iterable[RefiCoding], whole: _Target
) -> Iterator[tuple[str, _Target]]:
    for item in codings:
        if item.notes:
            target = _on_coding(run, item, whole)
            yield from ((guid, target) for guid in item.notes)


def _on_coding(run: Run, item: RefiCoding, whole: _Target) -> _Target:
    """Give a coding; where it was left out, what stands around it, or that the memo is barred."""
    key = run.codings.get(item.guid)
    if key is not None:
        return _Target("coding", key, item.guid, whole.hidden)
    barred = BLIND if item.guid in run.unseen else whole.barred
    return whole._replace(guid=item.guid, barred=barred, astray=True)


def _on_selection(run: Run, selection: RefiSelection, whole: _Target) -> _Target:
    """Give the first coding on a selection that came in; else what stands around it."""
    if not selection.codings:
        return whole._replace(guid=selection.guid)
    found = [_on_coding(run, item, whole) for item in selection.codings]
    best = min(found, key=lambda one: (one.kind != "coding", not one.barred))
    return best._replace(guid=selection.guid, order=best.guid)


class _Comments:
    """Makes memos of what programs write as descriptions of words, sources and cases."""

    def __init__(self, run: Run, targets: dict[str, list[_Target]]) -> None:
        self._run = run
        self._targets = targets
        self._users = {user.name: user.guid for user in run.project.users if user.name}
        self._words = {note.guid: _plain(note.text) for note in run.project.notes}
        self._found: list[RefiNote] = []

    def all(self) -> list[RefiNote]:
        """Make them, and note what each is on."""
        run = self._run
        for source in run.project.sources:
            text = run.texts.get(source.guid)
            if text is None:
                continue
            if source.description.strip() and not read_document(source.description).kind:
                self._add(source.guid, source.description, source.user, source.made_at,
                          _Target("document", text.id, source.guid, text.hidden))  # fmt: skip
            for one in source.selections:
                if one.description.strip() and one.codings and one.guid not in text.is_turn:
                    notes = [*one.notes, *(note for item in one.codings for note in item.notes)]
                    target = _on_selection(run, one, _whole(run, source))
                    self._told(one.guid, one.description, notes, target, one.user, one.made_at)
        closed = project_sight.closed_people(run.connection, run.sight, list(run.people.values()))
        for case in run.project.cases:
            person = run.people.get(case.guid)
            if case.description.strip() and person is not None:
                target = _Target("respondent", person, case.guid, person in closed)
                self._told(case.guid, case.description, case.notes, target)
        return self._found

    def _told(
        self, guid: str, description: str, notes: Iterable[str], target: _Target,
        user: str = "", made_at: str = "",
    ) -> None:  # fmt: skip
        """Add a comment, and of the memos that it tells those that are no notes on this thing."""
        lead, told = read_memos(description, self._users)
        if lead.strip():
            self._add(guid, lead, user, made_at, target)
        there = {self._words.get(note, "") for note in notes}
        for one in told:
            if _plain(one.text) not in there:
                at = f"{one.day}T00:00:00Z" if one.day else made_at
                self._add(guid, one.text, self._users.get(one.author, user), at, target)

    def _add(self, guid: str, text: str, user: str, made_at: str, target: _Target) -> None:
        note = RefiNote(derived_guid("comment", guid, text), text, user=user, made_at=made_at)
        self._targets[note.guid].append(target)
        self._found.append(note)


def _plain(text: str) -> str:
    """Give a memo's words as XML can hold them, to be compared."""
    return _NOT_XML.sub("\ufffd", normalise(text)).strip()


class _Memos:
    """Writes memos one by one, replies after what they reply to."""

    def __init__(self, run: Run, coders: Coders, notes: list[RefiNote]) -> None:
        self._run = run
        self._coders = coders
        self._taken = by_guid(
            run.connection, memo, [note.guid for note in notes], memo.c.study_id, memo.c.author_id
        )
        self._there = {} if run.is_new else project_rows.memos_there(run.connection, run.study_id)
        self._deleted: dict[int, bool] = {}
        kept = (run.stands_for("note", note.guid) for note in notes)
        keys = {one.id for one in self._taken.values()} | {key for key in kept if key is not None}
        self._hidden = project_sight.hidden_memos(run.connection, run.sight, sorted(keys))

    def why_out(self, note: RefiNote, targets: list[_Target]) -> str:
        """Say why a memo is left out, whatever is there already; "" where it is not."""
        author = self._coders.of(note.user, self._run.project.user)
        theirs = author.id != self._run.actor.id
        hidden = BLIND if theirs and any(one.hidden for one in targets) else ""
        return next((one.barred for one in targets if one.barred), hidden)

    def bring(self, note: RefiNote, targets: list[_Target], reply_to: int | None) -> int | None:
        """Find or make one memo; give its key, None where it stays out."""
        run, target = self._run, targets[0]
        text = _words(note)
        if not text.strip():
            return None
        author = self._coders.of(note.user, run.project.user)
        target = self._versioned(note, target)
        there = self._find(note, target, author, text)
        if there is not None:
            self._coders.is_here(author)
            run.report.memos_matched += 1
            return there
        if target.kind == "coding" and self._is_deleted(target.key):
            run.left.add("Memos on codings that were deleted here", note.name)
            return None
        named = read_memo_name(note.name)
        author = self._coders.come_in(author)
        guid, is_other = run.own_guid("note", note.guid, self._taken)
        at = run.stamp(note.made_at)
        new = NewMemo(guid, target.kind, target.key, author.id, reply_to,
                      named[1] if named else None, text, at)  # fmt: skip
        key = project_rows.add_memos(run.connection, run.study_id, [new])[0]
        run.made.note("memo", [key])
        run.report.memos_new += 1
        if target.astray:
            run.remarks.add("Memos on what was left out stand with the text, or with the study",
                            note.name)  # fmt: skip
        also = [one.guid for one in targets[1:] if one.guid]
        if also:
            run.remarks.add("Memos on several things stand with the first of them", note.name)
        if is_other or also:
            run.keep("note", note.guid, key, {"also": also} if also else None)
        return key

    def _is_deleted(self, key: int) -> bool:
        if key not in self._deleted:
            self._deleted[key] = project_rows.is_deleted(self._run.connection, key)
        return self._deleted[key]

    def _versioned(self, note: RefiNote, target: _Target) -> _Target:
        named = read_memo_name(note.name)
        if target.kind != "study" or named is None or named[0] != "codebook_version":
            return target
        version = codebook.current_version(self._run.connection, self._run.study_id)
        return target if version is None else target._replace(kind="codebook_version",
                                                              key=version[0])  # fmt: skip

    def _find(self, note: RefiNote, target: _Target, author: Actor, text: str) -> int | None:
        before = self._run.stands_for("note", note.guid)
        if before is not None and before not in self._hidden:
            return before
        known = self._taken.get(note.guid)
        is_here = known is not None and known.values == (self._run.study_id, author.id)
        if known is not None and is_here and known.id not in self._hidden:
            return known.id
        return self._there.get((target.kind, target.key, author.id, text))


def _words(note: RefiNote) -> str:
    """Give a memo's words; what other programs call it stands before them."""
    text = normalise(note.text or note.description)
    name = normalise(note.name).strip()
    if not name or is_reply(name) or read_memo_name(name) is not None or text.startswith(name):
        return text
    return f"{name}\n\n{text}" if text.strip() else name


# ---------------------------------------------------------------- kept


def keep_the_rest(run: Run) -> None:
    """Keep sets, links and graphs as they are, for the next export."""
    before = len(run.to_keep)
    for one in run.project.sets:
        named = read_set_name(one.name) if run.is_ours else None
        if named is not None:
            run.keep("set", one.guid, None, {"name": one.name})
        else:
            run.keep("kept set", one.guid, None, asdict(one))
            run.remarks.add(f"Sets of another program {KEPT}", one.name)
    for link in run.project.links:
        run.keep("link", link.guid, None, asdict(link))
        run.remarks.add(f"Links of another program {KEPT}", link.name)
    for graph in run.project.graphs:
        run.keep("graph", derived_guid("graph", graph), None, {"xml": graph})
        run.remarks.add(f"Maps {KEPT}")
    kept = [row for row in run.to_keep[before:] if row.kind in ("kept set", "link", "graph")]
    run.report.kept = len(kept)

"""Memos of a study as notes of a REFI-QDA project, and what they are on.

In: the memos that the actor may see. Out: notes, and for each thing the GUIDs of the notes on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from workbench.domain.memos import Purpose, TargetKind
from workbench.domain.refi import RefiNote
from workbench.domain.refi_descriptions import ToldMemo
from workbench.domain.refi_terms import REPLY, NamesOnce, memo_name
from workbench.services.projects.refi_work import Work
from workbench.store.codebooks.counted_as import counted_as
from workbench.store.memos import memo_places
from workbench.store.projects import refi_memos
from workbench.store.projects.refi_memos import MemoRow

Key = tuple[str, int]


class Notes:
    """The memos of one export."""

    def __init__(self, work: Work) -> None:
        self._work = work
        connection = work.connection
        self._rows = refi_memos.list_memos(connection, work.study_id, work.actor.id)
        self._guids = {
            row.id: work.ids.claim(work.ids.of("note", row.id, row.guid)) for row in self._rows
        }
        self._by_guid = {self._guids[row.id]: row for row in self._rows}
        self._here = frozenset(self._guids.values())
        self._gone: set[int] = set()
        about = self._about()
        self._on: dict[Key, list[MemoRow]] = {}
        self._replies: dict[int, list[MemoRow]] = {}
        for row in self._rows:
            if row.reply_to is not None and row.reply_to in self._guids:
                self._replies.setdefault(row.reply_to, []).append(row)
            else:
                self._on.setdefault(about[row.id], []).append(row)

    def _about(self) -> dict[int, Key]:
        """Tell what each memo goes on: of what has no place in a file, what is around it."""
        targets: dict[str, list[int]] = {}
        for row in self._rows:
            targets.setdefault(row.target_kind, []).append(row.target_id)
        connection, choice = self._work.connection, self._work.choice
        lost = refi_memos.without_a_place(
            connection, targets.get("coding", ()), consensus=choice.consensus
        )
        merged = counted_as(connection, targets.get("code", ()))
        found: dict[int, Key] = {}
        for row in self._rows:
            kind, key = row.target_kind, row.target_id
            if kind == "coding" and key in lost:
                kind, key = "document", lost[key]
                self._work.remarks.add("Memos on codings without a place stand on the document")
            elif kind == "code":
                key = merged.get(key, key)
            elif kind == "codebook_version":
                kind, key = "study", self._work.study_id
            found[row.id] = kind, key
        return found

    def on(self, kind: TargetKind, key: int, guid: str = "") -> tuple[str, ...]:
        """Return the GUIDs of the notes on a thing.

        Parameters
        ----------
        guid
            Of the thing: notes of another program may be on several things.
        """
        own = [self._guids[row.id] for row in self._on.get((kind, key), ())]
        return tuple(dict.fromkeys([*own, *self.also(guid)]))

    def also(self, guid: str) -> list[str]:
        """Return the GUIDs of the notes that a file had on this thing beside others."""
        also = self._work.ids.also
        return [self._guids[key] for key in also.get(guid, ()) if key in self._guids]

    def known(self, guids: list[str]) -> tuple[str, ...]:
        """Return those of these GUIDs that notes of the file have."""
        return tuple(guid for guid in guids if guid in self._here)

    def told(self, guids: Iterable[str]) -> list[ToldMemo]:
        """Return memos as descriptions tell them, in an order that no database changes."""
        rows = [self._by_guid[guid] for guid in dict.fromkeys(guids) if guid in self._by_guid]
        name = self._work.users.name
        found = [
            (row.created_at, ToldMemo(name(row.author_id), row.created_at[:10], row.text))
            for row in rows
            if row.id not in self._gone
        ]
        return [memo for _, memo in sorted(found, key=lambda one: (one[0], one[1].text))]

    def forget(self, kind: TargetKind, key: int) -> None:
        """Leave out the memos on a thing, with the replies to them."""
        for row in self._on.pop((kind, key), ()):
            self._gone |= {row.id, *(item.id for item in self._replies.get(row.id, ()))}

    def keep(self, kind: TargetKind, keys: set[int]) -> None:
        """Put memos on things of a kind that are not in the file on the study instead."""
        study = ("study", self._work.study_id)
        for place in [place for place in self._on if place[0] == kind and place[1] not in keys]:
            self._on.setdefault(study, []).extend(self._on.pop(place))

    def written(self) -> tuple[RefiNote, ...]:
        """Return all notes."""
        targets = [(row.target_kind, row.target_id) for row in self._rows]
        work = self._work
        places = memo_places.places_of(work.connection, work.study_id, work.actor.id, targets)
        notes = []
        names = NamesOnce()
        for row in (row for row in self._rows if row.id not in self._gone):
            guid = self._guids[row.id]
            place = places.get((row.target_kind, row.target_id))
            label = "" if place is None or row.target_kind == "study" else place.label
            name = memo_name(
                cast(TargetKind, row.target_kind), label, cast("Purpose | None", row.purpose)
            )
            replies = [self._guids[item.id] for item in self._replies.get(row.id, ())]
            notes.append(
                RefiNote(
                    guid,
                    row.text,
                    names.of(REPLY if row.reply_to in self._guids else name),
                    user=work.users.guid(row.author_id),
                    made_at=row.created_at,
                    notes=tuple(dict.fromkeys([*replies, *self.also(guid)])),
                )
            )
        return tuple(notes)

"""Memos that say themselves which words of a source they are on, as Quirkos writes them.

In: a `RawProject`. Out: the same, with these selections on the source and the memo on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from pipelines.ingest.projects.refi_raw import RawNote, RawProject, RawSource
from workbench.domain.refi import PRODUCT
from workbench.domain.refi_reasons import Reasons

PROGRAM = "quirkos"


def put_on_sources(raw: RawProject, lengths: Mapping[str, int], remarks: Reasons) -> None:
    """Move the selections of memos to the one source that refers to the memo.

    A memo may be coded itself, so that this is done only in files of Quirkos, and where the
    selections do not fit the memo's own words, of which `lengths` has the lengths by GUID.
    """
    if raw.shell.origin.startswith(PRODUCT):
        return
    referring: dict[str, list[int]] = defaultdict(list)
    for at, source in enumerate(raw.sources):
        for guid in source.source.notes:
            referring[guid].append(at)
    for number, note in enumerate(raw.notes):
        places = referring[note.note.guid]
        theirs = PROGRAM in raw.shell.origin.lower() or not _fits(note, lengths)
        if note.note.selections and len(places) == 1 and theirs:
            remarks.add("Memos that name words of a source were put on these words", note.note.name)
            raw.sources[places[0]] = _with_memo(raw.sources[places[0]], note)
            raw.notes[number] = replace(note, note=replace(note.note, selections=()))


def _fits(note: RawNote, lengths: Mapping[str, int]) -> bool:
    length = lengths[note.note.guid]
    ends = [one.raw[1].strip() for one in note.note.selections]
    return all(not end.isdecimal() or int(end[:12]) <= length for end in ends)


def _with_memo(raw: RawSource, note: RawNote) -> RawSource:
    guid = note.note.guid
    source = raw.source
    moved = tuple(
        replace(one, notes=tuple(dict.fromkeys((*one.notes, guid)))) for one in note.note.selections
    )
    notes = tuple(one for one in source.notes if one != guid)
    if raw.words is not None:  # positions are in the words of a PDF or a picture
        words = raw.words
        inner = replace(words.source, selections=(*words.source.selections, *moved))
        return replace(raw, source=replace(source, notes=notes), words=replace(words, source=inner))
    selections = (*source.selections, *moved)
    return replace(raw, source=replace(source, notes=notes, selections=selections))

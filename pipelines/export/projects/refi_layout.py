"""What a REFI-QDA file refers to: which things there are, and under which names files go in.

In: a project and the media at hand. Out: the identities that may be referred to, and file names in
the archive, `<GUID>.<ending>` in one flat folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from workbench.domain.refi import (
    MAX_CODE_DEPTH,
    MAX_FILE_BYTES,
    SUFFIXES,
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSource,
    derived_guid,
    is_guid,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.text import normalise
from workbench.errors import ExportError

_ENDING = re.compile(r"[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class RefiMedia:
    """A file that goes into the archive: its size in bytes, and how to open it."""

    size: int
    open: Callable[[], BinaryIO]


class Layout:
    """Names and identities of one project.

    Raises
    ------
    ExportError
        When two things have one GUID, a GUID is none, codes lie too deep, or a text is not
        normalised.
    """

    def __init__(
        self, project: RefiProject, media: Mapping[str, RefiMedia], left_out: Reasons
    ) -> None:
        self.texts: dict[str, str] = {}
        self.text_names: dict[str, str] = {}
        self.media: dict[str, RefiMedia] = {}
        self.media_names: dict[str, str] = {}
        self.types = {variable.guid: variable.type for variable in project.variables}
        self.codes = frozenset(code.guid for code in walk_codes(project.codes))
        self.users = frozenset(user.guid for user in project.users)
        self.notes = frozenset(note.guid for note in project.notes)
        self.sources = frozenset(source.guid for source in project.sources)
        self.selections = frozenset(_selection_guids(project))
        self.everything = frozenset(_unique_guids(project))
        for source in project.sources:
            self._name_texts(source)
            self._name_media(source, media, left_out)
        for note in project.notes:
            self.text_names[note.guid] = self._text_name(note.guid, "", normalise(note.text))

    def _name_texts(self, source: RefiSource) -> None:
        if source.kind == "text" or source.text or source.text_path:
            path = source.text_path
            self.text_names[source.guid] = self._text_name(source.guid, path, source.text)
        for transcript in source.transcripts:
            path, guid = transcript.text_path, transcript.guid
            self.text_names[guid] = self._text_name(guid, path, transcript.text)

    def _text_name(self, guid: str, path: str, text: str) -> str:
        if text != normalise(text):
            raise ExportError(f"The text of {guid} is not normalised, so that places in it moved.")
        stem = path.removesuffix(".txt").lower()
        if not is_guid(stem):
            stem = derived_guid("text", path) if path else guid
        name = f"{stem}.txt"
        if self.texts.setdefault(name, text) != text:
            name = f"{derived_guid('text of', guid)}.txt"
            self.texts[name] = text
        return name

    def _name_media(
        self, source: RefiSource, media: Mapping[str, RefiMedia], left_out: Reasons
    ) -> None:
        if not source.path:
            return
        shown = source.name or source.path
        stem, _, ending = source.path.rpartition(".")
        ending = ending.lower() if stem and _ENDING.fullmatch(ending) else SUFFIXES[source.kind]
        file = media.get(source.path)
        if source.kind == "text" and ending != "docx":
            left_out.add("Files of texts that are no .docx", shown)
        elif file is None:
            left_out.add("Files that are not at hand", shown)
        elif file.size > MAX_FILE_BYTES:
            left_out.add("Files of 2 GiB or more, which the format does not allow", shown)
        else:
            stem = stem.lower() if is_guid(stem.lower()) else source.guid
            name = f"{stem}.{ending}"
            if name in self.media:
                name = f"{derived_guid('file of', source.guid)}.{ending}"
            self.media[name] = file
            self.media_names[source.guid] = name


def walk_codes(codes: Iterable[RefiCode]) -> Iterator[RefiCode]:
    """Go through codes in document order, however deep.

    Raises
    ------
    ExportError
        When they lie deeper than any program reads.
    """
    stack = [(code, 1) for code in reversed(tuple(codes))]
    while stack:
        code, depth = stack.pop()
        if depth > MAX_CODE_DEPTH:
            raise ExportError(f"Codes lie more than {MAX_CODE_DEPTH} deep, at '{code.name}'.")
        yield code
        stack.extend((child, depth + 1) for child in reversed(code.children))


def _selection_guids(project: RefiProject) -> Iterator[str]:
    for source in project.sources:
        for selection in (*source.selections, *source.time_selections):
            yield selection.guid


def _unique_guids(project: RefiProject) -> set[str]:
    found: set[str] = set()
    for guid in _all_guids(project):
        if not is_guid(guid):
            raise ExportError(f"'{guid}' is no GUID: 8-4-4-4-12 hexadecimal digits in lower case.")
        if guid in found:
            raise ExportError(f"Two things of the project have the GUID {guid}.")
        found.add(guid)
    return found


def _all_guids(project: RefiProject) -> Iterator[str]:
    for things in (project.users, project.variables, project.cases, project.links, project.sets):
        for thing in things:
            yield thing.guid
    for code in walk_codes(project.codes):
        yield code.guid
    for note in project.notes:
        yield note.guid
        yield from _guids_of(note.selections, note.codings)
    for source in project.sources:
        yield source.guid
        yield from (transcript.guid for transcript in source.transcripts)
        yield from _guids_of((*source.selections, *source.time_selections), source.codings)


def _guids_of(selections: Iterable[RefiSelection], codings: Iterable[RefiCoding]) -> Iterator[str]:
    for selection in selections:
        yield selection.guid
        yield from (coding.guid for coding in selection.codings)
    yield from (coding.guid for coding in codings)

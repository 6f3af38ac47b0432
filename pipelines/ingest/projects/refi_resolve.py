"""Settle a REFI-QDA project's texts and positions: from the file's numbers to spans in texts.

In: a `RawProject`, its texts and a `Reading`. Out: sources and notes with half-open spans. Equal
spans become one selection, a transcript's selections go to the text source of the same file, and
codings that a file says twice are taken once. What cannot be placed is kept, unplaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.ingest.projects.refi_annotations import put_on_sources
from pipelines.ingest.projects.refi_raw import RawNote, RawProject, RawSource, RawTranscript
from pipelines.ingest.projects.refi_reading import Choice, Place, choose, place_of
from pipelines.ingest.projects.refi_text import RefiText, enough, names_words
from pipelines.ingest.projects.refi_texts import Texts
from pipelines.ingest.projects.refi_times import Key, Timing, keys_of, without_repeats
from workbench.domain.refi import (
    Reading,
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    RefiTranscript,
    derived_guid,
)
from workbench.domain.refi_descriptions import read_answer
from workbench.domain.refi_reasons import Reasons


@dataclass(slots=True)
class _Found:
    """A source or a note with its text."""

    raw: RawSource
    text: RefiText | None
    name: str
    transcripts: list[tuple[RawTranscript, RefiText | None, str]]


class Resolver:
    """Settles sources and notes; `aliases` says under which GUID a merged selection lives on."""

    def __init__(self, raw: RawProject, texts: Texts, left_out: Reasons, remarks: Reasons) -> None:
        self.left_out = left_out
        self.remarks = remarks
        self.aliases: dict[str, str] = {}
        notes = [
            texts.find(note.path, note.content or "", note.note.name or note.note.guid)
            for note in raw.notes
        ]
        guids = [note.note.guid for note in raw.notes]
        lengths = {
            guid: len(text.text) if text is not None else 0
            for guid, (text, _) in zip(guids, notes, strict=True)
        }
        put_on_sources(raw, lengths, remarks)
        self._notes = [(note, *found) for note, found in zip(raw.notes, notes, strict=True)]
        self._sources = [self._look_up(source, texts) for source in raw.sources]
        self._reading = Reading()
        for at, found in enumerate(self._sources):
            media = texts.media(found.raw.source.path, _shown(found.raw.source))
            source = replace(found.raw.source, path=media)
            self._sources[at] = _Found(
                replace(found.raw, source=source), found.text, found.name, found.transcripts
            )

    def _look_up(self, raw: RawSource, texts: Texts) -> _Found:
        shown = _shown(raw.source)
        inner = raw.words if raw.words is not None else raw
        text, name = texts.find(inner.path, inner.content, shown)
        if text is None and not inner.path and raw.source.kind == "text":
            self.left_out.add("Texts that the file does not hold", shown)
        transcripts = []
        for one in raw.transcripts:
            words, path = texts.find(one.path, one.content, shown)
            if one.selections and words is not None and not path:
                path = f"{one.transcript.guid}.txt"  # by which it and its twin know each other
            transcripts.append((one, words, path))
        return _Found(raw, text, name, transcripts)

    # ------------------------------------------------------------ the reading

    def choose(self, origin: str, wanted: Reading | None) -> Choice:
        """Choose how positions are read, by all selections of words."""
        places = [place for place in self._places() if place is not None]
        choice = choose(origin, places, wanted)
        self._reading = choice.reading
        return choice

    def _places(self) -> Iterator[Place | None]:
        for found in self._sources:
            inner = found.raw.words if found.raw.words is not None else found.raw
            if found.text is not None:
                for selection in inner.source.selections:
                    yield place_of(found.text, selection)

    # ------------------------------------------------------------ sources

    def sources(self) -> tuple[RefiSource, ...]:
        """Return all sources, settled."""
        settled = [self._source(found) for found in self._sources]
        by_text = {
            source.text_path or found.raw.path: at
            for at, (source, found) in enumerate(zip(settled, self._sources, strict=True))
            if source.kind == "text" and (source.text_path or found.raw.path)
        }
        present: dict[int, set[Key]] = {}
        moved: dict[int, list[RefiSelection]] = {}
        for found in self._sources:
            for raw, text, name in found.transcripts:
                if raw.selections:
                    at = self._twin_at(settled, by_text, raw, text, name)
                    keys = present.get(at) or keys_of(settled[at])
                    present[at], twin = keys, settled[at]
                    moved.setdefault(at, []).extend(self._moved(twin, keys, raw, text))
        for at, selections in moved.items():
            merged = self._merged([*settled[at].selections, *selections], _shown(settled[at]))
            settled[at] = replace(settled[at], selections=merged)
        timed = Timing(self.remarks, by_text)
        for at, found in enumerate(self._sources):
            if found.transcripts:
                timed.put_on_words(settled, at)
        for at, placed in timed.placed.items():
            merged = self._merged([*settled[at].selections, *placed], _shown(settled[at]))
            settled[at] = replace(settled[at], selections=merged)
        return tuple(settled)

    def _source(self, found: _Found) -> RefiSource:
        source, inner = found.raw.source, found.raw.words
        selections = source.selections
        if inner is not None:
            selections = self._twins(selections, self._placed(inner.source, found.text))
        elif source.kind == "text":
            selections = self._placed(source, found.text)
        return replace(
            source,
            text=found.text.text if found.text is not None else "",
            text_path=found.name,
            selections=selections,
            transcripts=tuple(self._transcript(*one) for one in found.transcripts),
        )

    def _placed(self, source: RefiSource, text: RefiText | None) -> tuple[RefiSelection, ...]:
        shown = _shown(source)
        return self._merged([self._place(one, text, shown) for one in source.selections], shown)

    def _place(self, selection: RefiSelection, text: RefiText | None, shown: str) -> RefiSelection:
        place = None if text is None else place_of(text, selection)
        span = None if place is None else place[0].span(place[1], place[2], self._reading)
        if text is None or span is None:
            self.left_out.add(
                "Selections whose positions do not fit their text were kept without a place",
                f"{'-'.join(selection.raw)} in {shown}",
            )
            return selection
        words = text.text[span[0] : min(span[1], span[0] + enough(selection.name))]
        name = "" if names_words(selection.name, words) else selection.name
        return replace(selection, start=span[0], end=span[1], name=name, raw=("", ""))

    def _merged(self, selections: list[RefiSelection], shown: str) -> tuple[RefiSelection, ...]:
        """Make one of coded selections with equal spans, as programs write one per coding."""
        groups: dict[object, list[RefiSelection]] = {}
        for one in selections:
            is_mark = read_answer(one.description) is not None  # the answer, not words of it
            is_coded = bool(one.codings) and one.start is not None and not is_mark
            key: object = (one.start, one.end) if is_coded else one.guid
            groups.setdefault(key, []).append(one)
        merged = []
        for first, *others in groups.values():
            for one in others:
                self.aliases[one.guid] = first.guid
                self.remarks.add("Selections of the same words were made one", f"in {shown}")
            merged.append(self._once(_joined(first, *others), shown))
        return tuple(merged)

    def _once(self, selection: RefiSelection, shown: str) -> RefiSelection:
        """Drop codings with a code and a person that came before; their notes stay."""
        codings = _distinct(selection.codings)
        for _ in range(len(selection.codings) - len(codings)):
            self.remarks.add("Codings that came twice were taken once", f"in {shown}")
        return replace(selection, codings=codings) if codings != selection.codings else selection

    def _twins(
        self, areas: Iterable[RefiSelection], words: Iterable[RefiSelection]
    ) -> tuple[RefiSelection, ...]:
        """Make one of an area and the words in it, which a file shows by one GUID."""
        by_guid = {one.guid: one for one in words}
        both = []
        for area in areas:
            twin = by_guid.pop(area.guid, None)
            if twin is None:
                both.append(area)
                continue
            joined = _joined(area, twin)
            both.append(replace(joined, start=twin.start, end=twin.end, name=twin.name,
                                raw=twin.raw, codings=_distinct(joined.codings)))  # fmt: skip
        return (*both, *by_guid.values())

    # ------------------------------------------------------------ transcripts

    def _transcript(self, raw: RawTranscript, text: RefiText | None, name: str) -> RefiTranscript:
        sync = []
        for _, time_ms, position in raw.points:
            offset = None if text is None else text.offset(position, self._reading)
            if offset is None:
                self.left_out.add("Times of words that do not fit the text", f"{time_ms} ms")
            else:
                sync.append((time_ms, offset))
        words = text.text if text is not None else ""
        return replace(raw.transcript, text=words, sync=tuple(sync), text_path=name)

    def _twin_at(
        self,
        settled: list[RefiSource],
        by_text: dict[str, int],
        raw: RawTranscript,
        text: RefiText | None,
        name: str,
    ) -> int:
        """Return where the text source of a transcript's text stands; it is made if needed."""
        at = by_text.get(name or raw.path)
        if at is None:
            settled.append(_twin_of(raw, text, name))
            at = len(settled) - 1
            by_text[name or raw.path or raw.transcript.guid] = at
        return at

    def _moved(
        self, twin: RefiSource, present: set[Key], raw: RawTranscript, text: RefiText | None
    ) -> Iterator[RefiSelection]:
        """Place a transcript's selections in its text, without codings that are present."""
        offsets = {
            guid: text.offset(position, self._reading)
            for guid, _, position in raw.points
            if text is not None
        }
        for selection, first, last in raw.selections:
            start, end = offsets.get(first), offsets.get(last)
            if start is None or end is None or start >= end:
                self.left_out.add("Selections of transcripts without times", selection.name)
                yield selection
            else:
                placed = replace(selection, start=start, end=end)
                yield from without_repeats(placed, present, (start, end), twin.text, self.remarks)

    # ------------------------------------------------------------ notes

    def notes(self) -> tuple[RefiNote, ...]:
        """Return all notes, settled."""
        return tuple(self._note(*one) for one in self._notes)

    def _note(self, raw: RawNote, text: RefiText | None, _: str) -> RefiNote:
        shown = raw.note.name or raw.note.guid
        selections = [self._place(one, text, shown) for one in raw.note.selections]
        return replace(
            raw.note,
            text=text.text if text is not None else "",
            selections=self._merged(selections, shown),
        )


def _joined(first: RefiSelection, *others: RefiSelection) -> RefiSelection:
    if not others:
        return first
    every = (first, *others)
    return replace(
        first,
        name=next((one.name for one in every if one.name), ""),
        description="\n\n".join(dict.fromkeys(one.description for one in every if one.description)),
        codings=tuple(coding for one in every for coding in one.codings),
        notes=tuple(dict.fromkeys(note for one in every for note in one.notes)),
    )


def _distinct(codings: tuple[RefiCoding, ...]) -> tuple[RefiCoding, ...]:
    """Return the first coding of each code and person, with the notes of all of these."""
    found: dict[tuple[str, str], list[RefiCoding]] = {}
    for coding in codings:
        found.setdefault((coding.code, coding.user), []).append(coding)
    if len(found) == len(codings):
        return codings
    return tuple(
        replace(same[0], notes=tuple(dict.fromkeys(n for one in same for n in one.notes)))
        for same in found.values()
    )


def _twin_of(raw: RawTranscript, text: RefiText | None, name: str) -> RefiSource:
    transcript = raw.transcript
    return RefiSource(
        guid=derived_guid("text of transcript", transcript.guid),
        kind="text",
        name=transcript.name,
        text=text.text if text is not None else "",
        text_path=name,
        user=transcript.user,
        made_at=transcript.made_at,
    )


def _shown(source: RefiSource) -> str:
    return source.name or source.guid

"""Write the sources and notes of a REFI-QDA project: texts, recordings, selections and codings.

In: values of `workbench/domain/refi.py`, an open `Xml`. Out: elements in the order of the schema.
Text positions are code points, end exclusive; or UTF-16 units in the profile "utf16".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from pipelines.export.projects.refi_layout import Layout
from pipelines.export.projects.refi_xml import RefiOptions, Xml, date_time, typed_value
from workbench.domain.refi import (
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    RefiTranscript,
    derived_guid,
    shown_words,
)
from workbench.domain.refi_reasons import Reasons
from workbench.domain.text import Utf16Map

Attributes = dict[str, str | None]
TAGS = {
    "text": "TextSource",
    "audio": "AudioSource",
    "video": "VideoSource",
    "pdf": "PDFSource",
    "picture": "PictureSource",
}
_AREA = ("page", "firstX", "firstY", "secondX", "secondY")
_INTEGER = re.compile(r"-?\d{1,9}")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_VALUE_TAGS = {
    "Text": "TextValue",
    "Boolean": "BooleanValue",
    "Integer": "IntegerValue",
    "Float": "FloatValue",
    "Date": "DateValue",
    "DateTime": "DateTimeValue",
}


class SourceWriter:
    """Writes sources, notes and what hangs on them, and notes what could not be carried."""

    def __init__(self, xml: Xml, layout: Layout, options: RefiOptions, left_out: Reasons) -> None:
        self.xml = xml
        self.layout = layout
        self.options = options
        self.left_out = left_out
        self.n_codings = 0
        self.astral: list[str] = []

    # ------------------------------------------------------------ shared pieces

    def made(self, user: str, made_at: str) -> Attributes:
        """Return who made something and when, as attributes."""
        if user and user not in self.layout.users:
            self.left_out.add("Names of people who are not among the users", user)
            user = ""
        return {"creatingUser": user or None, "creationDateTime": self.time(made_at)}

    def time(self, text: str) -> str | None:
        """Return a point in time, None where it is none."""
        if not text:
            return None
        found = date_time(text)
        if found is None:
            self.left_out.add("Dates that are not ISO 8601 with a time", text)
        return found

    def refs(self, tag: str, guids: Iterable[str], known: frozenset[str], attribute: str) -> None:
        """Write references to things that are there."""
        for guid in guids:
            if guid in known:
                self.xml.leaf(tag, {attribute: guid})
            else:
                self.left_out.add(f"References by {tag} to what is not in the project", guid)

    def notes(self, guids: Iterable[str]) -> None:
        """Write references to notes."""
        self.refs("NoteRef", guids, self.layout.notes, "targetGUID")

    def values(self, values: Iterable[tuple[str, str]]) -> None:
        """Write values of variables; what does not fit its type is left out."""
        for variable, value in values:
            kind = self.layout.types.get(variable)
            written = None if kind is None else typed_value(kind, value)
            if kind is None or written is None:
                self.left_out.add("Values that do not fit the type of their variable", value[:40])
                continue
            with self.xml.element("VariableValue"):
                self.xml.leaf("VariableRef", {"targetGUID": variable})
                self.xml.leaf(_VALUE_TAGS[kind], text=written)

    def codings(self, codings: Iterable[RefiCoding], twin: bool = False) -> None:
        """Write codings. Those of a `twin`, the same selection seen again, get other GUIDs."""
        for coding in codings:
            if coding.code not in self.layout.codes:
                self.left_out.add("Codings with a code that is not in the codebook", coding.guid)
                continue
            guid = derived_guid("twin", coding.guid) if twin else coding.guid
            attributes: Attributes = {"guid": guid, **self.made(coding.user, coding.made_at)}
            with self.xml.element("Coding", attributes):
                self.xml.leaf("CodeRef", {"targetGUID": coding.code})
                self.notes(coding.notes)
            self.n_codings += not twin

    def _selection(
        self,
        tag: str,
        selection: RefiSelection,
        where: Mapping[str, str | None],
        twin: bool = False,
    ) -> None:
        attributes = {
            "guid": selection.guid,
            **where,
            **self.made(selection.user, selection.made_at),
        }
        with self.xml.element(tag, attributes):
            self.xml.optional("Description", selection.description)
            self.codings(selection.codings, twin)
            self.notes(selection.notes)
        self.xml.line()

    # ------------------------------------------------------------ texts

    def _offsets(self, text: str, shown: str) -> Callable[[int], int]:
        """Return how code points become what the profile counts."""
        if not _ASTRAL.search(text):
            return int
        self.astral.append(shown)
        return Utf16Map(text).to_utf16 if self.options.profile == "utf16" else int

    def text_selections(
        self, selections: Iterable[RefiSelection], text: str, shown: str, twin: bool = False
    ) -> None:
        """Write selections of words; those that fit nowhere are left out."""
        offset = self._offsets(text, shown)
        for selection in selections:
            start, end = selection.start, selection.end
            if start is None or end is None or not 0 <= start <= end <= len(text):
                if start is not None or not selection.area:
                    self.left_out.add(
                        "Selections whose place in the text is not known", f"in {shown}"
                    )
                continue
            # words are cut before their white space is looked at: a selection may be a whole book
            where = {
                "name": selection.name or shown_words(text[start:end]),
                "startPosition": str(offset(start)),
                "endPosition": str(offset(end)),
            }
            self._selection("PlainTextSelection", selection, where, twin and bool(selection.area))

    def _text_body(self, source: RefiSource) -> None:
        self.text_selections(source.selections, source.text, source.name or source.guid)
        self._ending(source)

    def _ending(self, source: RefiSource) -> None:
        self.codings(source.codings)
        self.notes(source.notes)
        self.values(source.values)

    def source(self, source: RefiSource) -> None:
        """Write one source."""
        media = self.layout.media_names.get(source.guid)
        text = self.layout.text_names.get(source.guid)
        attributes: Attributes = {"guid": source.guid, "name": source.name or None}
        if source.kind == "text":
            attributes["richTextPath"] = f"internal://{media}" if media else None
            attributes["plainTextPath"] = f"internal://{text}"
        else:
            attributes["path"] = f"internal://{media}" if media else None
        attributes |= self.made(source.user, source.made_at)
        with self.xml.element(TAGS[source.kind], attributes):
            self.xml.optional("Description", source.description)
            if source.kind == "text":
                self._text_body(source)
            elif source.kind in ("audio", "video"):
                self._recording_body(source)
            else:
                self._page_body(source)
        self.xml.line()

    # ------------------------------------------------------------ recordings

    def _recording_body(self, source: RefiSource) -> None:
        if source.selections or source.text:
            self.left_out.add(
                "Words of recordings that no text source carries", source.name or source.guid
            )
        for transcript in source.transcripts:
            self._transcript(transcript)
        tag = "AudioSelection" if source.kind == "audio" else "VideoSelection"
        for selection in source.time_selections:
            if selection.start is None or selection.end is None:
                self.left_out.add("Stretches of recordings whose times are not known", source.name)
                continue
            times = {"name": selection.name or None,
                     "begin": str(selection.start), "end": str(selection.end)}  # fmt: skip
            self._selection(tag, selection, times)
        self._ending(source)

    def _transcript(self, transcript: RefiTranscript) -> None:
        attributes: Attributes = {
            "guid": transcript.guid,
            "name": transcript.name or None,
            "plainTextPath": f"internal://{self.layout.text_names[transcript.guid]}",
            **self.made(transcript.user, transcript.made_at),
        }
        offset = self._offsets(transcript.text, transcript.name or transcript.guid)
        with self.xml.element("Transcript", attributes):
            self.xml.optional("Description", transcript.description)
            last = (-1, -1)
            for index, (time_ms, position) in enumerate(transcript.sync):
                fits = last[0] < time_ms and last[1] < position <= len(transcript.text)
                if not fits:
                    self.left_out.add("Times of words that go back", f"{time_ms} ms")
                    continue
                last = (time_ms, position)
                guid = derived_guid("sync point", transcript.guid, str(index))
                point = {"timeStamp": str(time_ms), "position": str(offset(position))}
                self.xml.leaf("SyncPoint", {"guid": guid, **point})
            self.notes(transcript.notes)
        self.xml.line()

    # ------------------------------------------------------------ pages and pictures

    def _page_body(self, source: RefiSource) -> None:
        if source.kind == "picture":
            self._representation("TextDescription", source)
        wanted = _AREA if source.kind == "pdf" else _AREA[1:]
        tag = "PDFSelection" if source.kind == "pdf" else "PictureSelection"
        for selection in source.selections:
            area = dict(selection.area)
            if not area:
                continue
            if not all(_INTEGER.fullmatch(area.get(name, "")) for name in wanted):
                self.left_out.add("Areas of pages and pictures without all numbers", source.name)
                continue
            where: Attributes = {"name": selection.name or None}
            self._selection(tag, selection, where | {name: area[name] for name in wanted})
        if source.kind == "pdf":
            self._representation("Representation", source)
        self._ending(source)

    def _representation(self, tag: str, source: RefiSource) -> None:
        name = self.layout.text_names.get(source.guid)
        if name is None:
            return
        guid = derived_guid("words of", source.guid)
        with self.xml.element(tag, {"guid": guid, "plainTextPath": f"internal://{name}"}):
            self.text_selections(source.selections, source.text, source.name, twin=True)
        self.xml.line()

    # ------------------------------------------------------------ notes

    def note(self, note: RefiNote) -> None:
        """Write one memo; its words are a file, as programs that have journals read them."""
        text = self.layout.texts[self.layout.text_names[note.guid]]
        attributes: Attributes = {
            "guid": note.guid,
            "name": note.name or None,
            "plainTextPath": f"internal://{self.layout.text_names[note.guid]}",
        }
        with self.xml.element("Note", attributes | self.made(note.user, note.made_at)):
            self.xml.optional("Description", note.description)
            if note.selections:
                self.text_selections(note.selections, text, note.name or note.guid)
            self.codings(note.codings)
            self.notes(note.notes)
        self.xml.line()

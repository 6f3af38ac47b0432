"""What each element of REFI-QDA means: values made of elements whose children are values already.

In: elements as `refi_xml.py` reads them. Out: a `RawProject`, whose positions are still the file's
numbers and whose texts are still paths or inline words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast, get_args

from pipelines.ingest.projects.refi_dangling import Dangling
from pipelines.ingest.projects.refi_graphs import graph_text, whole_number
from pipelines.ingest.projects.refi_raw import RawNote, RawProject, RawSource, RawTranscript
from pipelines.ingest.projects.refi_xml import Builder, Element
from workbench.domain.refi import (
    Direction,
    RefiCase,
    RefiCode,
    RefiCoding,
    RefiLink,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiTranscript,
    RefiUser,
    RefiVariable,
    SourceKind,
    VariableType,
    clean_guid,
    derived_guid,
)
from workbench.domain.refi_reasons import Reasons

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SHORT_COLOUR = re.compile(r"#[0-9A-Fa-f]{3}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?\s?(Z|[+-]\d{2}:\d{2})?")
_AREA = ("page", "firstX", "firstY", "secondX", "secondY")
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_SOURCES = ("TextSource", "AudioSource", "VideoSource", "PDFSource", "PictureSource")
_LISTS = {
    "Users": ("User",),
    "Codes": ("Code",),
    "Variables": ("Variable",),
    "Cases": ("Case",),
    "Sources": _SOURCES,
    "Notes": ("Note",),
    "Links": ("Link",),
    "Sets": ("Set",),
    "Graphs": ("Graph",),
}


class Elements:
    """Builders for all elements; they note what they leave out and what they read otherwise."""

    def __init__(self, left_out: Reasons, remarks: Reasons) -> None:
        self.left_out = left_out
        self.remarks = remarks
        self._seen: dict[str, set[str]] = {}
        self._dangling = Dangling()

    def builders(self) -> dict[str, Builder]:
        """Return what makes a value of each element, by local name."""
        refs = ("CodeRef", "NoteRef", "SourceRef", "SelectionRef", "VariableRef", "MemberCode",
                "MemberSource", "MemberNote")  # fmt: skip
        return {
            **{tag: self._list(*inside) for tag, inside in _LISTS.items()},
            **{tag: self._dangling.watch(tag, _target) for tag in refs},
            **dict.fromkeys(("Description", "PlainTextContent", *_VALUES), _words),
            **dict.fromkeys(("Vertex", "Edge"), lambda element: element.attributes),
            "Project": self._project,
            "CodeBook": self._codebook,
            "User": self._user,
            "Code": self._code,
            "Variable": self._variable,
            "VariableValue": _value,
            "Case": self._case,
            "Set": self._set,
            "Link": self._link,
            "Graph": graph_text,
            "Coding": self._coding,
            "PlainTextSelection": self._text_selection,
            "AudioSelection": self._time_selection,
            "VideoSelection": self._time_selection,
            "PDFSelection": self._area_selection,
            "PictureSelection": self._area_selection,
            "TranscriptSelection": self._transcript_selection,
            "SyncPoint": _sync_point,
            "Transcript": self._transcript,
            "Note": self._note,
            "Representation": self._source("text"),
            "TextDescription": self._source("text"),
            "TextSource": self._source("text"),
            "AudioSource": self._source("audio"),
            "VideoSource": self._source("video"),
            "PDFSource": self._source("pdf"),
            "PictureSource": self._source("picture"),
        }

    # ------------------------------------------------------------ shared pieces

    def guid(self, element: Element) -> str:
        """Return the identity of an element; missing and repeated ones are replaced."""
        kind = "source" if element.tag in _SOURCES else element.tag
        seen = self._seen.setdefault(kind, set())
        given = element.get("guid")
        guid = clean_guid(given) if given else derived_guid(kind, str(len(seen)))
        if guid in seen:
            self.remarks.add("GUIDs that came twice were replaced", f"{element.tag} {guid}")
            guid = derived_guid("again", kind, guid, str(len(seen)))
        seen.add(guid)
        return guid

    def time(self, text: str) -> str:
        """Return a point in time, "" where it is missing or none."""
        if not text:
            return ""
        if not _TIME.fullmatch(text.strip()):
            self.remarks.add("Dates that are not ISO 8601 were left away", text[:40])
            return ""
        day, clock = text.strip()[:10], text.strip()[11:]
        return f"{day}T{clock.replace(' ', '')}"

    def made(self, element: Element) -> dict[str, Any]:
        """Return who made something and when, or else changed it last."""
        user = element.get("creatingUser") or element.get("modifyingUser")
        made_at = self.time(element.get("creationDateTime") or element.get("modifiedDateTime"))
        return {"user": self._dangling.user(user), "made_at": made_at}

    def tell_dangling(self) -> None:
        """Say which references lead to nothing, once the whole file has been read."""
        self._dangling.tell(self._seen.values(), self.left_out, self.remarks)

    def colour(self, text: str) -> str:
        """Return a colour as #RRGGBB, "" where it is missing or unknown."""
        plain = text.strip()
        if not plain or _COLOUR.fullmatch(plain):
            return plain
        if _SHORT_COLOUR.fullmatch(plain):
            return "#" + "".join(digit * 2 for digit in plain[1:])
        self.remarks.add("Colours that are not #RRGGBB were left away", text[:40])
        return ""

    def _list(self, *tags: str) -> Builder:
        """Return the builder of a wrapper, which holds elements of these names and no others."""

        def build(element: Element) -> list[Any]:
            for tag, _ in element.children:
                if tag not in tags:
                    self.left_out.add("Elements where they have no place", tag[:40])
            return element.all(*tags)

        return build

    # ------------------------------------------------------------ people, codes, cases

    def _user(self, element: Element) -> RefiUser:
        return RefiUser(self.guid(element), element.get("name"), element.get("id"))

    def _code(self, element: Element) -> RefiCode:
        return RefiCode(
            guid=self.guid(element),
            name=element.get("name"),
            is_codable=element.get("isCodable").strip().lower() not in ("false", "0"),
            colour=self.colour(element.get("color")),
            description=_description(element),
            notes=tuple(element.all("NoteRef")),
            children=tuple(element.all("Code")),
        )

    def _codebook(self, element: Element) -> RawProject:
        codes = [code for codes in element.all("Codes") for code in codes]
        sets = tuple(one for sets in element.all("Sets") for one in sets)
        shell = RefiProject("", element.get("origin"), sets=sets)
        return RawProject(_with_codes(shell, (*codes, *element.all("Code"))))

    def _variable(self, element: Element) -> RefiVariable:
        kind = element.get("typeOfVariable")
        if kind not in get_args(VariableType):
            self.remarks.add("Variables of unknown type were read as text", element.get("name"))
            kind = "Text"
        name = element.get("name")
        return RefiVariable(
            self.guid(element), name, cast(VariableType, kind), _description(element)
        )

    def _case(self, element: Element) -> RefiCase:
        return RefiCase(
            guid=self.guid(element),
            name=element.get("name"),
            description=_description(element),
            codes=tuple(element.all("CodeRef")),
            values=tuple(element.all("VariableValue")),
            sources=tuple(element.all("SourceRef")),
            selections=tuple(element.all("SelectionRef")),
            notes=tuple(element.all("NoteRef")),
        )

    def _set(self, element: Element) -> RefiSet:
        return RefiSet(
            guid=self.guid(element),
            name=element.get("name"),
            description=_description(element),
            codes=tuple(element.all("MemberCode")),
            sources=tuple(element.all("MemberSource")),
            notes=tuple(element.all("MemberNote")),
        )

    def _link(self, element: Element) -> RefiLink | None:
        origin, target = element.get("originGUID"), element.get("targetGUID")
        if not origin or not target:
            self.left_out.add("Links without both ends", element.get("name"))
            return None
        direction = element.get("direction")
        known = direction if direction in get_args(Direction) else "Associative"
        return RefiLink(
            guid=self.guid(element),
            origin=self._dangling.ask("Link", clean_guid(origin)),
            target=self._dangling.ask("Link", clean_guid(target)),
            name=element.get("name"),
            direction=cast(Direction, known),
            colour=self.colour(element.get("color")),
            notes=tuple(element.all("NoteRef")),
        )

    # ------------------------------------------------------------ selections

    def _coding(self, element: Element) -> RefiCoding | None:
        codes = element.all("CodeRef")
        if not codes:
            self.left_out.add("Codings without a code", element.get("guid"))
            return None
        if len(codes) > 1:
            self.left_out.add("Further codes of codings that name several", element.get("guid"))
        guid = self.guid(element)
        return RefiCoding(guid, codes[0], notes=tuple(element.all("NoteRef")), **self.made(element))

    def _selection(self, element: Element, **more: Any) -> RefiSelection:
        place: dict[str, Any] = {"start": None, "end": None, **more}
        return RefiSelection(
            guid=self.guid(element),
            name=element.get("name"),
            description=_description(element),
            codings=tuple(element.all("Coding")),
            notes=tuple(element.all("NoteRef")),
            **place,
            **self.made(element),
        )

    def _text_selection(self, element: Element) -> RefiSelection:
        raw = (element.get("startPosition"), element.get("endPosition"))
        return self._selection(element, raw=raw)

    def _time_selection(self, element: Element) -> RefiSelection:
        raw = (element.get("begin"), element.get("end"))
        start, end = whole_number(raw[0]), whole_number(raw[1])
        if start is None or end is None or not 0 <= start <= end:
            self.remarks.add("Stretches of recordings whose times are unknown were kept", raw[0])
            return self._selection(element, raw=raw)
        return self._selection(element, start=start, end=end)

    def _area_selection(self, element: Element) -> RefiSelection:
        if element.all("Representation"):
            self.left_out.add("Words of areas of PDFs that are kept apart from the PDF's text")
        area = tuple((name, element.get(name)) for name in _AREA if element.get(name))
        return self._selection(element, area=area)

    def _transcript_selection(self, element: Element) -> tuple[RefiSelection, str, str]:
        ends = (element.get("fromSyncPoint"), element.get("toSyncPoint"))
        start, end = (clean_guid(guid) if guid else "" for guid in ends)
        return self._selection(element), start, end

    # ------------------------------------------------------------ sources, notes, the project

    def _transcript(self, element: Element) -> RawTranscript:
        transcript = RefiTranscript(
            guid=self.guid(element),
            text="",
            name=element.get("name"),
            description=_description(element),
            notes=tuple(element.all("NoteRef")),
            **self.made(element),
        )
        return RawTranscript(
            transcript,
            element.get("plainTextPath"),
            element.first("PlainTextContent"),
            tuple(element.all("SyncPoint")),
            tuple(element.all("TranscriptSelection")),
        )

    def _source(self, kind: SourceKind) -> Callable[[Element], RawSource]:
        """Return the builder for sources of a kind."""

        def build(element: Element) -> RawSource:
            times = element.all("AudioSelection", "VideoSelection")
            words = element.all("PlainTextSelection", "PDFSelection", "PictureSelection")
            media = element.get("richTextPath" if kind == "text" else "path")
            path, content = element.get("plainTextPath"), element.first("PlainTextContent")
            if kind == "text" and media.lower().endswith(".txt"):  # plain text under another name
                path, media = (media if not path and content is None else path), ""
            source = RefiSource(
                guid=self.guid(element),
                kind=kind,
                name=element.get("name"),
                description=_description(element),
                path=media,
                selections=tuple(words),
                codings=tuple(element.all("Coding")),
                notes=tuple(element.all("NoteRef")),
                values=tuple(element.all("VariableValue")),
                time_selections=tuple(times),
                **self.made(element),
            )
            inner = element.first("Representation") or element.first("TextDescription")
            transcripts = tuple(element.all("Transcript"))
            return RawSource(source, path, content, transcripts, inner)

        return build

    def _note(self, element: Element) -> RawNote:
        note = RefiNote(
            guid=self.guid(element),
            text="",
            name=element.get("name"),
            description=_description(element),
            selections=tuple(element.all("PlainTextSelection")),
            codings=tuple(element.all("Coding")),
            notes=tuple(element.all("NoteRef")),
            **self.made(element),
        )
        return RawNote(note, element.get("plainTextPath"), element.first("PlainTextContent"))

    def _project(self, element: Element) -> RawProject:
        def all_in(tag: str) -> tuple[Any, ...]:
            return tuple(thing for things in element.all(tag) for thing in things)

        made, changed = element.get("creatingUserGUID"), element.get("modifyingUserGUID")
        shell = RefiProject(
            name=element.get("name"),
            origin=element.get("origin"),
            description=_description(element),
            user=clean_guid(made) if made else "",
            made_at=self.time(element.get("creationDateTime")),
            changed_by=clean_guid(changed) if changed else "",
            changed_at=self.time(element.get("modifiedDateTime")),
            users=all_in("Users"),
            codes=tuple(c for book in element.all("CodeBook") for c in book.shell.codes),
            variables=all_in("Variables"),
            cases=all_in("Cases"),
            links=all_in("Links"),
            sets=all_in("Sets"),
            graphs=all_in("Graphs"),
            project_notes=tuple(element.all("NoteRef")),
        )
        return RawProject(shell, list(all_in("Sources")), list(all_in("Notes")))


def _with_codes(shell: RefiProject, codes: tuple[RefiCode, ...]) -> RefiProject:
    return RefiProject(shell.name, shell.origin, codes=codes, sets=shell.sets)


def _description(element: Element) -> str:
    text = element.first("Description") or ""
    return text if text.strip() else ""


def _words(element: Element) -> str:
    return element.text


def _target(element: Element) -> str | None:
    guid = element.get("targetGUID") or element.get("guid")
    return clean_guid(guid) if guid else None


def _value(element: Element) -> tuple[str, str] | None:
    variable = element.first("VariableRef")
    for tag, text in element.children:
        if tag in _VALUES and variable:
            plain = text if tag == "TextValue" else text.strip()
            return (variable, plain) if plain or tag == "TextValue" else None
    return None


def _sync_point(element: Element) -> tuple[str, int, int] | None:
    time_ms, position = (whole_number(element.get(name)) for name in ("timeStamp", "position"))
    if time_ms is None or position is None:
        return None
    return clean_guid(element.get("guid")), time_ms, position

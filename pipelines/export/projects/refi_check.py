"""Look over a REFI-QDA file for what its schema cannot see, before it goes to another program.

In: a .qdpx file. Out: findings: references to nothing, one GUID for two things, positions that do
not fit their text, values of another type than their variable, texts that are missing or there
twice. libxml2's reading of the official schema comes first.

Source: REFI-QDA standard 1.5, Project.xsd 1.0; twins of PDFs as in its Annex A.2.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from importlib import resources
from typing import Any, BinaryIO

from lxml import etree

from pipelines.export.projects.refi_xml import typed_value
from workbench.domain.refi import Profile, clean_guid
from workbench.domain.text import Utf16Map
from workbench.errors import ExportError

SCHEMAS = "refi_schema"
MAX_FINDINGS = 1000
_REFERENCES = {
    "CodeRef": "Code",
    "MemberCode": "Code",
    "NoteRef": "Note",
    "MemberNote": "Note",
    "SourceRef": "source",
    "MemberSource": "source",
    "SelectionRef": "selection",
    "VariableRef": "Variable",
}
_USERS = ("creatingUser", "modifyingUser", "creatingUserGUID", "modifyingUserGUID")
_ENDS = ("originGUID", "targetGUID", "representedGUID", "sourceVertex", "targetVertex",
         "fromSyncPoint", "toSyncPoint")  # fmt: skip
_VALUES = ("TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue")
_WITH_TEXT = ("TextSource", "Note", "Representation", "TextDescription", "Transcript")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: the element, as `tag GUID`, and what is wrong with it."""

    where: str
    message: str


def check_archive(stream: BinaryIO, profile: Profile = "standard") -> tuple[Finding, ...]:
    """Look over a .qdpx file.

    Parameters
    ----------
    profile
        How its positions count.

    Returns
    -------
    tuple of Finding
        The first `MAX_FINDINGS`; empty where nothing is wrong.

    Raises
    ------
    ExportError
        When it is no ZIP file with a project.qde that is XML.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {name.lower(): name for name in archive.namelist()}
            with archive.open(names["project.qde"]) as part:
                check = _Check(archive, names, profile)
                check.read(part)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise ExportError(f"This is no REFI-QDA archive: {error}.") from error
    return tuple(check.findings[:MAX_FINDINGS])


def schema(name: str) -> Any:
    """Return an official schema, "Project" or "Codebook", as libxml2 reads it."""
    path = resources.files(__package__) / SCHEMAS / f"{name}.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))


class _Check:
    def __init__(self, archive: zipfile.ZipFile, names: dict[str, str], profile: Profile) -> None:
        self.archive = archive
        self.names = names
        self.profile = profile
        self.findings: list[Finding] = []
        self.kinds: dict[str, set[str]] = {}
        self.types: dict[str, str] = {}
        self.wanted: list[tuple[str, str, str]] = []
        self.values: list[tuple[str, str, str, str]] = []

    def read(self, part: Any) -> None:
        events = etree.iterparse(
            part, events=("end",), resolve_entities="internal", no_network=True, load_dtd=False,
        )  # fmt: skip
        for _, element in events:
            if isinstance(element.tag, str):
                self._look(element)
        root = events.root
        if root.getroottree().docinfo.doctype:
            self._find(root, "a document type is declared")
        official = schema("Project")
        if not official.validate(root):
            for error in official.error_log:
                self.findings.append(Finding(f"line {error.line}", error.message))
        self._references()
        self._typed()

    def _find(self, element: Any, message: str) -> None:
        where = f"{_tag(element)} {element.get('guid', '')}".strip()
        self.findings.append(Finding(where, message))

    def _look(self, element: Any) -> None:
        tag = _tag(element)
        self._identity(element, tag)
        kind = _REFERENCES.get(tag)
        if kind is not None:
            self.wanted.append((_shown(element.getparent()), kind, _guid(element, "targetGUID")))
        for name in (*_USERS, *_ENDS):
            if element.get(name) and (kind is None or name != "targetGUID"):
                wanted = "User" if name in _USERS else "anything"
                self.wanted.append((_shown(element), wanted, _guid(element, name)))
        if tag == "Variable":
            self.types[_guid(element, "guid")] = element.get("typeOfVariable", "")
        elif tag == "VariableValue":
            self._value(element)
        elif tag in ("AudioSelection", "VideoSelection"):
            self._order(element, "begin", "end")
        elif tag in _WITH_TEXT:
            self._text(element)
        elif path := element.get("path"):
            self._file(element, path)

    # ------------------------------------------------------------ identities

    def _identity(self, element: Any, tag: str) -> None:
        guid = _guid(element, "guid")
        if not guid:
            return
        kinds = self.kinds.setdefault(guid, set())
        is_twin = {tag, *kinds} == {"PDFSelection", "PlainTextSelection"}
        if kinds and not is_twin:
            self._find(element, f"the GUID belongs to {', '.join(sorted(kinds))} already")
        kinds.add(tag)

    def _references(self) -> None:
        for where, kind, guid in self.wanted:
            kinds = self.kinds.get(guid, set())
            if not any(_is(kind, tag) for tag in kinds):
                there = f"a {sorted(kinds)[0]}" if kinds else "nothing"
                told = "something" if kind == "anything" else f"a {kind}"
                self.findings.append(
                    Finding(where, f"refers to {told} with the GUID {guid}, which is {there}")
                )

    # ------------------------------------------------------------ values

    def _value(self, element: Any) -> None:
        reference = _child(element, "VariableRef")
        for tag in _VALUES:
            value = _child(element, tag)
            if value is not None and reference is not None:
                guid = _guid(reference, "targetGUID")
                self.values.append(
                    (_shown(element.getparent()), guid, tag.removesuffix("Value"), value.text or "")
                )

    def _typed(self) -> None:
        for where, variable, kind, value in self.values:
            wanted = self.types.get(variable)
            if wanted is not None and wanted != kind:
                self.findings.append(Finding(where, f"the variable is {wanted}, its value {kind}"))
            elif typed_value(kind, value) is None:  # type: ignore[arg-type]
                self.findings.append(Finding(where, f"'{value[:40]}' is no {kind}"))

    # ------------------------------------------------------------ texts and positions

    def _text(self, element: Any) -> None:
        content, path = _child(element, "PlainTextContent"), element.get("plainTextPath")
        if (content is None) == (path is None):
            many = "no text" if content is None else "both PlainTextContent and plainTextPath"
            self._find(element, f"has {many}")
        text: str | None = None
        if path is not None:
            data = self._file(element, path)
            text = data.decode("utf-8", "replace").removeprefix("\ufeff") if data else None
            text = "" if data == b"" else text
        elif content is not None:
            text = content.text or ""
        length = None if text is None else self._length(text.replace("\r\n", "\n"))
        for selection in element.iterchildren("{*}PlainTextSelection"):
            self._order(selection, "startPosition", "endPosition", length)
        self._sync(element, length)

    def _length(self, text: str) -> int:
        return Utf16Map(text).length if self.profile == "utf16" else len(text)

    def _sync(self, element: Any, length: int | None) -> None:
        last = (-1, -1)
        for point in element.iterchildren("{*}SyncPoint"):
            now = (_whole(point, "timeStamp"), _whole(point, "position"))
            if now[0] is None or now[1] is None:
                self._find(point, "has no time or no position")
                continue
            if not (last[0] < now[0] and last[1] < now[1]):
                self._find(point, "does not come after the one before it")
            if length is not None and now[1] > length:
                self._find(point, f"lies past the end of the text, which is {length}")
            last = (now[0], now[1])

    def _order(self, element: Any, first: str, last: str, length: int | None = None) -> None:
        start, end = _whole(element, first), _whole(element, last)
        if start is None or end is None:
            self._find(element, "has positions that are no numbers")
        elif start < 0:
            self._find(element, f"starts at {start}")
        elif end < start:
            self._find(element, f"ends at {end}, before it starts at {start}")
        elif length is not None and end > length:
            self._find(element, f"ends at {end}, past the end of the text, which is {length}")

    def _file(self, element: Any, path: str) -> bytes | None:
        """Return a text's bytes; of other files it is only looked whether they are there."""
        if not path.startswith("internal://"):
            if not path.startswith(("relative:///", "absolute:///")):
                self._find(element, f"the path '{path[:80]}' has no scheme")
            return None
        name = self.names.get(f"sources/{path.removeprefix('internal://')}".lower())
        if name is None:
            self._find(element, f"the archive does not hold '{path[:80]}'")
            return None
        return self.archive.read(name) if name.lower().endswith(".txt") else None


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _shown(element: Any) -> str:
    return f"{_tag(element)} {element.get('guid', '')}".strip()


def _guid(element: Any, name: str) -> str:
    value = element.get(name)
    return clean_guid(value) if value else ""


def _child(element: Any, tag: str) -> Any:
    return next(iter(element.iterchildren(f"{{*}}{tag}")), None)


def _whole(element: Any, name: str) -> int | None:
    try:
        return int(element.get(name, ""))
    except ValueError:
        return None


def _is(kind: str, tag: str) -> bool:
    if kind == "source":
        return tag.endswith("Source")
    if kind == "selection":
        return tag.endswith("Selection")
    return kind in (tag, "anything")

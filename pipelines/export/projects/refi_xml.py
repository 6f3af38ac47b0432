"""Write the XML of REFI-QDA a piece at a time, with nothing in it that XML cannot hold.

In: names, attributes and texts in the order of the schema. Out: UTF-8 in a stream, and the reasons
for whatever had to be written otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO

from lxml import etree

from workbench.domain.refi import Profile, VariableType
from workbench.domain.refi_reasons import Reasons

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SHORT_COLOUR = re.compile(r"#[0-9A-Fa-f]{3}")
_ALPHA_COLOUR = re.compile(r"#[0-9A-Fa-f]{8}")
_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?"
)
_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_MAX_EXPONENT = 1000


@dataclass(frozen=True, slots=True)
class RefiOptions:
    """How a file is written.

    `profile` "utf16" counts positions in UTF-16 units, as NVivo for Windows does. `crlf` ends lines
    in texts by CRLF; positions stay as they are, so that a line end counts one.
    """

    profile: Profile = "standard"
    crlf: bool = False


@dataclass(frozen=True, slots=True)
class RefiReport:
    """What was written, and what could not be. `astral` names texts with emoji and the like."""

    n_sources: int = 0
    n_codings: int = 0
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    astral: tuple[str, ...] = ()


class Xml:
    """Writes elements of one namespace into a stream; an attribute of None is left away."""

    def __init__(self, file: Any, namespace: str, remarks: Reasons) -> None:
        self._file = file
        self._prefix = f"{{{namespace}}}"
        self._namespace = namespace
        self.remarks = remarks

    def clean(self, text: str) -> str:
        """Replace what XML cannot hold, such as control characters, by U+FFFD."""
        if text.isascii() and text.isprintable():
            return text
        cleaned = _NOT_XML.sub("\ufffd", text)
        if cleaned != text:
            self.remarks.add(
                "Characters that XML cannot hold were replaced by �", cleaned[:30].strip()
            )
        return cleaned

    @contextmanager
    def root(self, tag: str, attributes: Mapping[str, str | None], schema: str) -> Iterator[None]:
        """Open the root element, which says where its schema is."""
        kept = self._kept(attributes)
        kept[f"{{{XSI}}}schemaLocation"] = f"{self._namespace} {schema}"
        spaces = {None: self._namespace, "xsi": XSI}
        with self._file.element(self._prefix + tag, kept, nsmap=spaces):
            self.line()
            yield
            self.line()

    def element(self, tag: str, attributes: Mapping[str, str | None] | None = None) -> Any:
        """Open an element: `with xml.element("Case", {"guid": guid}): ...`."""
        return self._file.element(self._prefix + tag, self._kept(attributes or {}))

    def leaf(
        self, tag: str, attributes: Mapping[str, str | None] | None = None, text: str = ""
    ) -> None:
        """Write an element that holds nothing but text."""
        with self._file.element(self._prefix + tag, self._kept(attributes or {})):
            if text:
                self._file.write(self.clean(text))

    def optional(self, tag: str, text: str) -> None:
        """Write an element with text, or nothing where there is none."""
        if text:
            self.leaf(tag, text=text)

    def line(self) -> None:
        """Start a new line, where white space means nothing."""
        self._file.write("\n")

    def _kept(self, attributes: Mapping[str, str | None]) -> dict[str, str]:
        return {name: self.clean(value) for name, value in attributes.items() if value is not None}


@contextmanager
def xml_into(stream: BinaryIO, namespace: str, remarks: Reasons) -> Iterator[Xml]:
    """Start an XML file in UTF-8."""
    with etree.xmlfile(stream, encoding="UTF-8") as file:
        file.write_declaration(standalone=True)
        yield Xml(file, namespace, remarks)


def colour(text: str) -> str | None:
    """Return a colour as the schema has it, None where it is none: #RGB grows, alpha goes."""
    if _COLOUR.fullmatch(text):
        return text
    if _ALPHA_COLOUR.fullmatch(text):
        return text[:7]
    if _SHORT_COLOUR.fullmatch(text):
        return "#" + "".join(digit * 2 for digit in text[1:])
    return None


def date_time(text: str) -> str | None:
    """Return a point in time as the schema has it, None where it is none."""
    if not _DATE_TIME.fullmatch(text):
        return None
    try:
        datetime.fromisoformat(text[:19])
    except ValueError:
        return None
    return text


def typed_value(kind: VariableType, value: str) -> str | None:
    """Return a value as XML has one of its type, None where it is none of this type."""
    if kind == "Text":
        return value
    plain = value.strip()
    if kind == "Boolean":
        return plain.lower() if plain.lower() in ("true", "false", "1", "0") else None
    if kind == "Integer":
        return plain if plain.isascii() and _INTEGER.fullmatch(plain) else None
    if kind == "Float":
        return _fixed_point(plain)
    if kind == "Date":
        return _date(plain)
    return date_time(plain)


def _fixed_point(text: str) -> str | None:
    if text.isascii() and _DECIMAL.fullmatch(text):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _MAX_EXPONENT:
        return None
    return format(number, "f")


def _date(text: str) -> str | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        date.fromisoformat(text)
    except ValueError:
        return None
    return text

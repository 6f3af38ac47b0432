"""The words of an HTML document as a program that highlights them counts them, and as people read.

In: HTML and places in it, counted in bytes of UTF-8 over its text alone, without tags. Out: plain
text, a line for each paragraph, and the places in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from html.parser import HTMLParser

# fmt: off
_PARAGRAPHS = frozenset((
    "address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
))
# fmt: on
_LINES = frozenset(("br", "caption", "li", "tr"))
_CELLS = frozenset(("td", "th"))
_SILENT = frozenset(("script", "style", "template"))
_SPACES = frozenset(" \t\n\r\f\v")


class AnyHtml(HTMLParser):
    """Reads all that calls itself HTML; the library's parser gives up at some of it."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over `<![...`; what is no such section is a comment up to the next bracket."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            return self.parse_bogus_comment(i)


class HtmlWords(AnyHtml):
    """An HTML document read as plain text (`text`)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._length = 0
        self._gap = ""
        self._places = array("Q")  # for each character of the source's text: its place in ours
        self._starts = array("Q")  # and the byte at which it starts
        self._bytes = 0
        self._pre = 0
        self._silent = 0
        self.feed(html)
        self.close()
        self.text = "".join(self._out)

    def place(self, position: int) -> int | None:
        """Give the place in the text of a position in bytes; None where it is outside."""
        if not 0 <= position <= self._bytes:
            return None
        if position == self._bytes:
            return self._length
        return min(self._places[bisect_right(self._starts, position) - 1], self._length)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Give the place of a selection without the white space at its ends; None where empty."""
        first, last = self.place(start), self.place(end)
        if first is None or last is None:
            return None
        while first < last and self.text[first].isspace():
            first += 1
        while last > first and self.text[last - 1].isspace():
            last -= 1
        return (first, last) if first < last else None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin an element."""
        self._pre += tag == "pre"
        self._silent += tag in _SILENT
        self._break(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """Meet an element without content."""
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        self._pre = max(0, self._pre - (tag == "pre"))
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag not in ("br", "hr"):
            self._break(tag)

    def handle_data(self, data: str) -> None:
        """Take the text between two tags."""
        for sign in data:
            self._starts.append(self._bytes)
            self._bytes += len(sign.encode("utf-8", "replace"))
            if sign in _SPACES and not (self._pre and sign == "\n"):
                self._gap = self._gap or " "
            elif sign == "\n":
                self._gap = self._gap + "\n" if "\n" in self._gap else "\n"
            elif sign not in "\x00\ufeff" and not self._silent:
                self._write(sign)
                self._places.append(self._length - 1)
                continue
            self._places.append(self._length)

    def _write(self, sign: str) -> None:
        if self._gap:
            if self._out:
                self._out.append(self._gap)
                self._length += len(self._gap)
            self._gap = ""
        self._out.append(sign if not "\ud800" <= sign <= "\udfff" else "\ufffd")
        self._length += 1

    def _break(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._gap = "\n\n"
        elif tag in _LINES and len(self._gap) < 2:
            self._gap = "\n" if "\n" not in self._gap else "\n\n" if tag == "br" else "\n"
        elif tag in _CELLS and "\n" not in self._gap:
            self._gap = "\t"

"""A codebook as a web page: as this program prints it, or as a table.

In: the bytes of an HTML file. Out: a codebook, and what could not be read. A page of the program's
own carries the names of its fields in attributes; of any other, tables whose first row names the
columns are read.
"""

from __future__ import annotations

from pipelines.ingest.codebooks.codebook_outline import Heading, read_outline
from pipelines.ingest.codebooks.codebook_table import Clean, read_tables
from pipelines.ingest.html_words import AnyHtml
from workbench.domain.codebook_file import CodebookFile
from workbench.errors import CodebookError

SILENT = frozenset({"script", "style", "template", "head"})
BREAKS = frozenset({"br", "p", "div", "li", "tr"})
MAX_DEPTH = 500
"""Elements within each other that are followed; no page of codes has as many."""
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "source"})


def read_html(data: bytes, source: str, _: Clean) -> CodebookFile:
    """Read a codebook from a web page.

    Raises
    ------
    CodebookError
        When it is not UTF-8, or no code is found in it.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise CodebookError("this web page is not text in UTF-8.", source=source,
                            hint="Save it as UTF-8.") from error  # fmt: skip
    page = _Page()
    page.feed(text)
    page.close()
    if page.headings:
        return read_outline(page.headings, source, about=page.about, own=True)
    found = read_tables([[tuple(line) for line in table] for table in page.tables], source)
    if found is not None:
        return found
    raise CodebookError(
        "there is no table of codes on this page.",
        source=source,
        hint="Give a table whose first row names the columns, such as code and definition.",
    )


class _Page(AnyHtml):
    """The codes of a page of this program's own, and the tables of any page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[Heading] = []
        self.about: dict[str, list[str]] = {}
        self.tables: list[list[list[str]]] = []
        self._open: list[tuple[str, str, str]] = []
        """(tag, what its text is, of which) of the elements around the text."""
        self._heard: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a code, a field or a cell."""
        self._silent += tag in SILENT
        if tag in BREAKS and self._hearing():
            self._heard.append("\n")
        if tag in VOID:
            return
        if tag in ("td", "th", "tr"):
            self._end_cell()
        kind, which = _kind(tag, {name: value or "" for name, value in attrs})
        if kind:
            self._heard = []
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        if len(self._open) < MAX_DEPTH:
            self._open.append((tag, kind, which))

    def handle_endtag(self, tag: str) -> None:
        """End what the tag had begun, and all that was left open within it."""
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        if all(tag != opened for opened, _, _ in self._open):
            return
        while self._open:
            opened, kind, which = self._open.pop()
            self._take(kind, which)
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        """Hear the text of what is open."""
        if not self._silent and self._hearing():
            self._heard.append(data)

    def _end_cell(self) -> None:
        """End a cell that the page leaves open, as HTML allows."""
        tags = [tag for tag, _, _ in self._open]
        inside = tags[len(tags) - tags[::-1].index("table") :] if "table" in tags else []
        for tag in ("td", "th"):
            if tag in inside:
                self.handle_endtag(tag)

    def _hearing(self) -> bool:
        return any(kind for _, kind, _ in self._open)

    def _take(self, kind: str, which: str) -> None:
        text = "".join(self._heard)
        if kind == "name":
            self.headings.append(Heading(max(1, int(which)), text))
        elif kind == "field" and self.headings:
            self.headings[-1].add(which, text)
        elif kind == "about":
            self.about.setdefault(which, []).append(text)
        elif kind == "cell" and self.tables and self.tables[-1]:
            lines = (" ".join(line.split()) for line in text.split("\n"))
            self.tables[-1][-1].append("\n".join(line for line in lines if line))
        if kind:
            self._heard = []


def _kind(tag: str, given: dict[str, str]) -> tuple[str, str]:
    """Tell what the text of an element is: the name of a code, a field, of the whole, a cell."""
    if "data-level" in given:
        level = given["data-level"]
        return "name", level if level.isdecimal() and len(level) < 3 else "1"
    for kind in ("field", "about"):
        if f"data-{kind}" in given:
            return kind, given[f"data-{kind}"]
    return ("cell", "") if tag in ("td", "th") else ("", "")

"""A codebook as a Word document to print and pass round: a heading per code, its rules below it.

In: a codebook. Out: DOCX that reads back as the same codebook: its paragraphs carry the names of
their fields in their styles and labels.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from pipelines.export.codebooks.codebook_words import (
    example_text,
    in_words,
    short_list,
    source_text,
)
from pipelines.export.docx_flow import AFTER_BIDI, DocxFlow
from pipelines.export.docx_styles import ACCENT, QUIET, SERIF, Type
from pipelines.export.neutralise import xml_text
from pipelines.export.options import CodebookOptions
from workbench.domain.codebook import COLOUR, Codebook, CodeNode
from workbench.domain.codebook_file import LABELS, LISTS

MAX_LEVELS = 20
TYPES = (
    Type("Codebook name", 24, ACCENT, bold=True, after=4, leading=1.0),
    Type("Codebook version", 11, QUIET, after=2),
    Type("Codebook language", 11, QUIET, after=2),
    Type("Codebook description", 10.5, before=10, after=6),
    Type("Codebook part", 17, ACCENT, bold=True, before=26, after=6, with_next=True),
    Type("Codebook source", 9.5, after=4),
    Type("Code field", 10.5, after=4),
    Type("Code example", 10.5, font=SERIF, after=4, indent=14, leading=1.3),
    *(Type(f"Heading {level}", 11.5, bold=True, before=14, after=2, with_next=True,
           indent=6 * (min(level, 9) - 2)) for level in range(3, MAX_LEVELS + 1)),
)  # fmt: skip
"""Styles that only codebooks have. Word itself knows nine levels of headings."""

AFTER_BORDERS = (
    "w:shd",
    "w:tabs",
    "w:suppressAutoHyphens",
    "w:kinsoku",
    "w:wordWrap",
    "w:overflowPunct",
    "w:topLinePunct",
    "w:autoSpaceDE",
    "w:autoSpaceDN",
    "w:bidi",
    *AFTER_BIDI,
)
"""What follows `w:pBdr` in a paragraph's properties (ECMA-376, part 1, CT_PPrBase)."""


def write_codebook_docx(stream: BinaryIO, codebook: Codebook, options: CodebookOptions) -> None:
    """Write the codebook, themes first, each code with its rules, examples and cues."""
    report = _Report(codebook, options)
    report.head()
    for path, code in codebook.walk():
        report.code(path, code)
    report.sources()
    report.save(stream)


class _Report(DocxFlow):
    """A codebook's paragraphs, in reading order."""

    def __init__(self, codebook: Codebook, options: CodebookOptions) -> None:
        self._codebook = codebook
        self._options = options
        super().__init__(title=codebook.name, study=options.study, more=TYPES)

    def head(self) -> None:
        book, options = self._codebook, self._options
        self.paragraph("Codebook name", book.name)
        for line in (options.study, options.generated_at, in_words(book)):
            if line:
                self.paragraph("Subtitle", line)
        for name, text in (("version", book.version), ("language", book.language)):
            if text:
                self.paragraph(f"Codebook {name}", f"{name.capitalize()}: {text}", rtl=False)
        if book.description:
            self.paragraph("Codebook description", book.description)

    def code(self, path: tuple[str, ...], code: CodeNode) -> None:
        heading = self.paragraph(f"Heading {min(len(path), MAX_LEVELS)}", code.name)
        if COLOUR.fullmatch(code.colour):
            _edge(heading, code.colour.removeprefix("#"))
        if self._options.counts is not None:
            self._field("Codings", f"{self._options.counts.get(path, 0):,}")
        for name, label in LABELS.items():
            value = getattr(code, name)
            if name == "examples" and value:
                self._field(label, "")
                for example in value:
                    self.paragraph("Code example", example_text(example))
            elif value:
                self._field(label, short_list(value) if name in LISTS else value)

    def sources(self) -> None:
        if self._codebook.sources:
            self.paragraph("Codebook part", "Sources")
        for source in self._codebook.sources:
            self.paragraph("Codebook source", source_text(source))

    def _field(self, label: str, text: str) -> None:
        paragraph = self.paragraph("Code field", "")
        paragraph.paragraph_format.keep_with_next = not text
        paragraph.add_run(f"{label}:").bold = True
        if text:
            paragraph.add_run(" ")
            self.runs(paragraph, xml_text(text))


def _edge(paragraph: Any, colour: str) -> None:
    """Draw a code's colour as a line before its heading."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    borders: Any = OxmlElement("w:pBdr")
    left: Any = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "36"), ("space", "6"), ("color", colour)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)

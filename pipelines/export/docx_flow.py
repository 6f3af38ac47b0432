"""A Word report as a flow of paragraphs, in whatever direction their words run.

In: texts and the names of styles. Out: DOCX.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from pipelines.export.docx_styles import Type, new_report
from pipelines.export.neutralise import xml_text
from pipelines.export.script import direction_runs, is_rtl

AFTER_BIDI = (
    "w:adjustRightInd",
    "w:snapToGrid",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:mirrorIndents",
    "w:suppressOverlap",
    "w:jc",
    "w:textDirection",
    "w:textAlignment",
    "w:textboxTightWrap",
    "w:outlineLvl",
    "w:divId",
    "w:cnfStyle",
    "w:rPr",
    "w:sectPr",
    "w:pPrChange",
)
"""What follows `w:bidi` in a paragraph's properties (ECMA-376, part 1, CT_PPrBase)."""


class DocxFlow:
    """Paragraphs, added in reading order to the end of one document.

    Parameters
    ----------
    more
        Styles that this kind of report has besides.
    """

    def __init__(self, *, title: str, study: str, more: Sequence[Type] = ()) -> None:
        self._document = new_report(title=_words(title), study=_words(study), more=more)
        self._end = self._document.element.body.sectPr
        self._part = self._document._body
        self._style_ids = {style.name: style.style_id for style in self._document.styles}

    def title_block(self, title: str, lines: Iterable[str], notes: Iterable[str]) -> None:
        """Write the title, what stands below it, and what is to be known before reading."""
        self.paragraph("Title", title)
        for line in filter(None, lines):
            self.paragraph("Subtitle", line)
        for note in notes:
            self.paragraph("Report note", note)

    def paragraph(self, style: str, text: str, *, rtl: bool | None = None) -> Any:
        """Add a paragraph before the section's end, without searching the body for its place."""
        from docx.oxml.parser import OxmlElement
        from docx.text.paragraph import Paragraph

        element: Any = OxmlElement("w:p")
        element.style = self._style_ids[style]
        self._end.addprevious(element)
        paragraph = Paragraph(element, self._part)
        if is_rtl(text) if rtl is None else rtl:
            properties = element.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        self.runs(paragraph, text)
        return paragraph

    def runs(self, paragraph: Any, text: str, *, style: str | None = None) -> None:
        """Add text to a paragraph, each run in its direction."""
        for part, rtl in direction_runs(xml_text(text)):
            run = paragraph.add_run(part)
            if style:
                run._r.style = self._style_ids[style]
            if rtl:
                run.font.rtl = True

    def save(self, stream: BinaryIO) -> None:
        """Write the document."""
        self._document.save(stream)


def _words(text: str) -> str:
    """Make a text fit for the places that hold one line, such as a document's properties."""
    return " ".join(xml_text(text).split())[:255]

"""Extracts as a Word report: a title, a heading per theme and per code, and the quotes below.

In: extracts and options. Out: DOCX, with participants' words in serif type and everything else in
sans, right-to-left quotes set from right to left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from pipelines.export.by_theme import ThemeSection, attribution, count_in_words, sections
from pipelines.export.docx_styles import new_report
from pipelines.export.neutralise import xml_text
from pipelines.export.options import ExtractOptions
from pipelines.export.script import direction_runs, is_rtl
from workbench.domain.extracts import Extract

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


def write_docx(stream: BinaryIO, extracts: Iterable[Extract], options: ExtractOptions) -> int:
    """Write a report. All of it is held in memory; for 100,000 extracts CSV is the better file."""
    themes = sections(extracts, options)
    everything = [extract for theme in themes for code in theme.codes for extract in code.extracts]
    report = _Report(options)
    report.title_block(count_in_words(everything) if everything else "No extracts.")
    for theme in themes:
        report.theme(theme)
    report.save(stream)
    return len(everything)


class _Report:
    """Paragraphs, added in reading order to the end of one document."""

    def __init__(self, options: ExtractOptions) -> None:
        self._options = options
        self._document = new_report(title=_words(options.title), study=_words(options.study))
        body = self._document.element.body
        self._end = body.sectPr
        self._part = self._document._body
        self._style_ids = {style.name: style.style_id for style in self._document.styles}

    def title_block(self, counts: str) -> None:
        options = self._options
        self._paragraph("Title", options.title)
        for line in (options.study, options.generated_at, counts):
            if line:
                self._paragraph("Subtitle", line)
        for note in options.notes:
            self._paragraph("Report note", note)

    def theme(self, theme: ThemeSection) -> None:
        if theme.name:
            self._paragraph("Heading 1", theme.name)
            self._paragraph("Count", theme.counts)
        for code in theme.codes:
            if code.name:
                self._paragraph("Heading 2", code.name)
                self._paragraph("Count", code.counts)
            for extract in code.extracts:
                self.quote(extract)

    def quote(self, extract: Extract) -> None:
        options = self._options
        paragraph = self._paragraph("Quote", "", rtl=is_rtl(extract.quote))
        if options.context and extract.before:
            self._runs(paragraph, extract.before, style="Context")
        self._runs(paragraph, extract.quote)
        if options.context and extract.after:
            self._runs(paragraph, extract.after, style="Context")
        line = self._paragraph("Attribution", attribution(extract, options))
        for mark in extract.marks:
            self._runs(line, f"  [{mark}]", style="Mark")
        if extract.translation:
            self._paragraph("Translation", f"[{extract.translation_status}] {extract.translation}")
        if options.memos and extract.memo:
            self._paragraph("Memo", f"Memo ({extract.coder}): {extract.memo}")

    def save(self, stream: BinaryIO) -> None:
        self._document.save(stream)

    def _paragraph(self, style: str, text: str, *, rtl: bool | None = None) -> Any:
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
        self._runs(paragraph, text)
        return paragraph

    def _runs(self, paragraph: Any, text: str, *, style: str | None = None) -> None:
        for part, rtl in direction_runs(xml_text(text)):
            run = paragraph.add_run(part)
            if style:
                run._r.style = self._style_ids[style]
            if rtl:
                run.font.rtl = True


def _words(text: str) -> str:
    """Make a text fit for the places that hold one line, such as a document's properties."""
    return " ".join(xml_text(text).split())[:255]

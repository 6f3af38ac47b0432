"""Extracts as a Word report: a title, a heading per theme and per code, and the quotes below.

In: extracts and options. Out: DOCX, with participants' words in serif type and everything else in
sans, right-to-left quotes set from right to left.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from pipelines.export.by_theme import ThemeSection, attribution, count_in_words, sections
from pipelines.export.docx_flow import DocxFlow
from pipelines.export.options import ExtractOptions
from pipelines.export.script import is_rtl
from workbench.domain.extracts import Extract


def write_docx(stream: BinaryIO, extracts: Iterable[Extract], options: ExtractOptions) -> int:
    """Write a report. All of it is held in memory; for 100,000 extracts CSV is the better file."""
    themes = sections(extracts, options)
    everything = [extract for theme in themes for code in theme.codes for extract in code.extracts]
    report = _Report(options)
    counts = count_in_words(everything) if everything else "No extracts."
    report.title_block(options.title, (options.study, options.generated_at, counts), options.notes)
    for theme in themes:
        report.theme(theme)
    report.save(stream)
    return len(everything)


class _Report(DocxFlow):
    """The report's own paragraphs, in reading order."""

    def __init__(self, options: ExtractOptions) -> None:
        super().__init__(title=options.title, study=options.study)
        self._options = options

    def theme(self, theme: ThemeSection) -> None:
        if theme.name:
            self.paragraph("Heading 1", theme.name)
            self.paragraph("Count", theme.counts)
        for code in theme.codes:
            if code.name:
                self.paragraph("Heading 2", code.name)
                self.paragraph("Count", code.counts)
            for extract in code.extracts:
                self.quote(extract)

    def quote(self, extract: Extract) -> None:
        options = self._options
        paragraph = self.paragraph("Quote", "", rtl=is_rtl(extract.quote))
        if options.context and extract.before:
            self.runs(paragraph, extract.before.lstrip(), style="Context")
        self.runs(paragraph, extract.told_on if options.context else extract.told)
        if options.context and extract.after:
            self.runs(paragraph, extract.after.rstrip(), style="Context")
        line = self.paragraph("Attribution", attribution(extract, options))
        for mark in extract.marks:
            self.runs(line, f"  [{mark}]", style="Mark")
        if extract.translation:
            self.paragraph("Translation", f"[{extract.translation_status}] {extract.translation}")
        if options.memos and extract.memo:
            self.paragraph("Memo", f"Memo ({extract.coder}): {extract.memo}")

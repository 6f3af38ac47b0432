"""Transcripts as a Word document: a heading per note, its words with times, and how it was made.

In: transcripts. Out: DOCX, with participants' words in serif type, right-to-left scripts set so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from pipelines.export.docx_flow import AFTER_BIDI
from pipelines.export.docx_styles import new_report
from pipelines.export.neutralise import xml_text
from pipelines.export.script import direction_runs, is_rtl
from pipelines.export.transcripts import SpokenText, TranscriptOptions
from pipelines.export.transcripts_txt import facts, one_line, paragraphs


def write_docx(stream: BinaryIO, texts: Sequence[SpokenText], options: TranscriptOptions) -> None:
    """Write transcripts one below the other; a translation below its original."""
    study = one_line(xml_text(options.study))[:255]
    document = new_report(title=one_line(xml_text(options.title))[:255], study=study)
    _paragraph(document, "Title", options.title)
    for line in (options.study, options.generated_at):
        if line:
            _paragraph(document, "Subtitle", line)
    for note in options.notes:
        _paragraph(document, "Report note", note)
    for item in texts:
        _note(document, item, options)
    document.save(stream)


def _note(document: Any, item: SpokenText, options: TranscriptOptions) -> None:
    if item.is_translation:
        _paragraph(document, "Heading 2", f"{item.heading}, in English")
    else:
        _paragraph(document, "Heading 1", item.heading)
    if item.mark:
        _paragraph(document, "Report note", f"{item.mark[0].upper()}{item.mark[1:]}.")
    for line in facts(item, options):
        _paragraph(document, "Attribution", line)
    for start, speaker, words in paragraphs(item):
        paragraph = _paragraph(document, "Quote", words)
        label = "  ".join(filter(None, (start, speaker)))
        if label:
            _paragraph(document, "Attribution", label)
            paragraph.paragraph_format.keep_with_next = True


def _paragraph(document: Any, style: str, text: str) -> Any:
    from docx.oxml.parser import OxmlElement

    paragraph = document.add_paragraph(style=style)
    if is_rtl(text):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
    for part, rtl in direction_runs(xml_text(text)):
        run = paragraph.add_run(part)
        if rtl:
            run.font.rtl = True
    return paragraph

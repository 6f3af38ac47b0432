"""A table of figures as a Word document: the table, and below it what it is.

In: a table as people read it, and notes. Out: DOCX with a real table that can be moved into a
report; a wide one lies on a landscape page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from pipelines.export.docx_styles import QUIET, new_report
from pipelines.export.neutralise import xml_text
from pipelines.export.script import is_rtl
from pipelines.export.table import ShownTable

WIDE = 5
"""Columns. A table with more lies on a landscape page."""
SMALL = 8.5
"""Points: what stands below a number."""


def write_table_docx(stream: BinaryIO, table: ShownTable, notes: Sequence[tuple[str, str]]) -> int:
    """Write the table; return the number of its rows, the header not among them.

    The first row is marked as the header and comes again on every page; no row breaks over two.

    Parameters
    ----------
    notes
        (label, text) of each line below the table.
    """
    study = next((text for label, text in notes if label == "Study"), "")
    document = new_report(title=_line(table.title), study=_line(study))
    if len(table.header) > WIDE:
        _turn(document.sections[0])
    document.add_paragraph(xml_text(table.title), style="Heading 2")
    drawn = document.add_table(rows=0, cols=len(table.header))
    drawn.style = "Table Grid"
    _heads(drawn, table.header)
    for name, cells in table.rows:
        line = drawn.add_row()
        _keep_whole(line)
        boxes = line.cells
        _write(boxes[0], name)
        for box, (text, below) in zip(boxes[1:], cells, strict=True):
            _write(box, text, below, right=True)
    document.add_paragraph("", style="Count")
    for label, text in notes:
        document.add_paragraph(f"{label}: {xml_text(text)}", style="Count")
    document.save(stream)
    return len(table.rows)


def _turn(section: Any) -> None:
    from docx.enum.section import WD_ORIENT

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _heads(drawn: Any, header: Sequence[str]) -> None:
    from docx.oxml.parser import OxmlElement

    line = drawn.add_row()
    _keep_whole(line)
    line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, (box, name) in enumerate(zip(line.cells, header, strict=True)):
        _write(box, name, right=place > 0, bold=True)


def _keep_whole(line: Any) -> None:
    from docx.oxml.parser import OxmlElement

    line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(
    box: Any, text: str, below: str = "", *, right: bool = False, bold: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    paragraph = box.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(xml_text(text))
    run.bold = bold
    run.font.rtl = True if is_rtl(text) else None
    if below:
        run.add_break()
        small = paragraph.add_run(xml_text(below))
        small.font.size = Pt(SMALL)
        small.font.color.rgb = RGBColor.from_string(QUIET)


def _line(text: str) -> str:
    """Make a text fit for a document's properties, which hold one line."""
    return " ".join(xml_text(text).split())[:255]

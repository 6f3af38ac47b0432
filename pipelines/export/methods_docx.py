"""The methods appendix as a Word document, to be taken into a report.

In: an appendix. Out: DOCX with headings, paragraphs and real tables.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from pipelines.export.docx_styles import new_report
from pipelines.export.neutralise import xml_text
from workbench.domain.methods import Appendix, Table

SMALL = 9
"""Points: the text of a table."""


def write_methods_docx(stream: BinaryIO, appendix: Appendix) -> None:
    """Write the appendix."""
    document = new_report(title=_line(appendix.title), study=_line(appendix.study))
    document.add_paragraph(_line(appendix.title), style="Title")
    document.add_paragraph(f"Written {appendix.written_at}", style="Subtitle")
    for section in appendix.sections:
        document.add_paragraph(_line(section.title), style="Heading 2")
        for paragraph in section.paragraphs:
            document.add_paragraph(_line(paragraph))
        if section.table is not None:
            _draw(document, section.table)
    document.save(stream)


def _draw(document: Any, table: Table) -> None:
    from docx.oxml.parser import OxmlElement

    drawn = document.add_table(rows=0, cols=len(table.header))
    drawn.style = "Table Grid"
    for place, cells in enumerate((table.header, *table.rows)):
        row = drawn.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if place == 0:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for box, text in zip(row.cells, cells, strict=True):
            _write(box, text, bold=place == 0)
    document.add_paragraph("", style="Count")


def _write(box: Any, text: str, *, bold: bool) -> None:
    from docx.shared import Pt

    run = box.paragraphs[0].add_run(xml_text(text))
    run.bold = bold
    run.font.size = Pt(SMALL)


def _line(text: str) -> str:
    return " ".join(xml_text(text).split())

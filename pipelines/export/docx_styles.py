"""The look of Word reports: type, colours, margins, page numbers.

In: a title and a study's name. Out: an empty document with every style that a report uses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SANS = "Calibri"
SERIF = "Georgia"
ARABIC = "Noto Naskh Arabic"
"""For scripts that run from right to left; Word takes another where it is not installed."""
TEXT, QUIET, LINE, ACCENT, WARNING = "1F2933", "52606D", "D9D5CC", "0B5C5C", "8A4B00"


@dataclass(frozen=True, slots=True)
class Type:
    """Type and spacing of one paragraph style. Sizes and spaces in points."""

    name: str
    size: float
    colour: str = TEXT
    font: str = SANS
    bold: bool = False
    italic: bool = False
    before: float = 0
    after: float = 0
    indent: float = 0
    leading: float = 1.15
    with_next: bool = False


TYPES = (
    Type("Normal", 10.5, after=6),
    Type("Title", 24, ACCENT, bold=True, after=4, leading=1.0),
    Type("Subtitle", 11, QUIET, after=2),
    Type("Report note", 9.5, WARNING, after=2),
    Type("Heading 1", 17, ACCENT, bold=True, before=26, after=2, with_next=True),
    Type("Heading 2", 13, bold=True, before=16, after=2, with_next=True),
    Type("Count", 9.5, QUIET, after=8, with_next=True),
    Type("Quote", 11, font=SERIF, before=8, after=2, indent=14, leading=1.4),
    Type("Attribution", 9.5, QUIET, after=8, indent=14),
    Type("Translation", 10, QUIET, font=SERIF, after=8, indent=14, leading=1.3),
    Type("Memo", 9.5, QUIET, italic=True, after=8, indent=14),
    Type("Footer", 9, QUIET),
)


def new_report(*, title: str, study: str, more: Sequence[Type] = ()) -> Any:
    """Return an empty A4 `docx.Document` with the styles, the properties and page numbers.

    Parameters
    ----------
    more
        Styles that this kind of report has besides.
    """
    from docx import Document
    from docx.shared import Mm

    document: Any = Document()
    for kind in (*TYPES, *more):
        _set_type(document, kind)
    _add_run_styles(document)
    _set_language(document, "en-GB")
    properties = document.core_properties
    properties.title, properties.subject, properties.author = title, study, ""
    properties.comments, properties.language = "", "en-GB"
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(27)
    section.top_margin = section.bottom_margin = Mm(24)
    _number_pages(section.footer.paragraphs[0], study or title)
    return document


def _set_type(document: Any, kind: Type) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    names = {style.name for style in document.styles}
    if kind.name not in names:
        document.styles.add_style(kind.name, WD_STYLE_TYPE.PARAGRAPH)
    style = document.styles[kind.name]
    style.font.size, style.font.bold, style.font.italic = Pt(kind.size), kind.bold, kind.italic
    style.font.color.rgb = RGBColor.from_string(kind.colour)
    _set_fonts(style, kind.font, kind.size)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(kind.before), Pt(kind.after)
    form.left_indent, form.line_spacing = Pt(kind.indent), kind.leading
    form.keep_with_next, form.widow_control = kind.with_next, True
    for border in style.element.xpath("w:pPr/w:pBdr"):
        border.getparent().remove(border)


def _set_fonts(style: Any, font: str, size: float) -> None:
    """Set the faces for all scripts: python-docx itself sets only those for Latin letters."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    style.font.name = font
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    fonts.set(qn("w:cs"), ARABIC)
    fonts.set(qn("w:eastAsia"), font)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    right_to_left: Any = OxmlElement("w:szCs")
    right_to_left.set(qn("w:val"), str(round(2 * (size + 2))))
    properties.find(qn("w:sz")).addnext(right_to_left)


def _add_run_styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    for name, colour in (("Context", QUIET), ("Mark", WARNING)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
        style.font.color.rgb = RGBColor.from_string(colour)


def _set_language(document: Any, language: str) -> None:
    from docx.oxml.ns import qn

    for element in document.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
        element.set(qn("w:bidi"), "ur-PK")


def _number_pages(paragraph: Any, text: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    paragraph.add_run(f"{text} · page " if text else "Page ")
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)

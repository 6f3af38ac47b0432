"""DOCX, read back by python-docx and as XML."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from pipelines.export.neutralise import xml_text
from pipelines.export.options import ExtractOptions
from tests.pipelines.export.conftest import extracts_bytes
from workbench.domain.extracts import Extract

from .conftest import URDU


def report(extracts: list[Extract], options: ExtractOptions) -> Any:
    return Document(io.BytesIO(extracts_bytes(extracts, format="docx", options=options)))


def lines(document: Any) -> list[tuple[str, str]]:
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


def is_bidi(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    return properties is not None and properties.find(qn("w:bidi")) is not None


def test_a_report_by_theme(few: list[Extract], options: ExtractOptions) -> None:
    assert lines(report(few, options)) == [
        ("Title", "Relationships and access"),
        ("Subtitle", "SpeakOut 2022"),
        ("Subtitle", "14 Feb 2022, 10:30"),
        ("Subtitle", "4 extracts from 3 respondents"),
        ("Report note", "3 answers are not read yet."),
        ("Heading 1", "Relationships"),
        ("Count", "3 extracts from 2 respondents"),
        ("Heading 2", "On the theme as a whole"),
        ("Count", "1 extract from 1 respondent"),
        ("Quote", "They were human."),
        ("Attribution", "R014 · Parent · Pakistani · Who worked with you?"),
        ("Heading 2", "Judged"),
        ("Count", "2 extracts from 2 respondents"),
        ("Quote", "But the next one looked at my scarf. I left."),
        ("Attribution", "R014 · Parent · Pakistani · Who worked with you?"),
        ("Memo", "Memo (Amina): cf. R003\nagain"),
        ("Quote", URDU),
        ("Attribution", "R015 · Parent · Pakistani · Who worked with you?  [machine draft]"),
        ("Heading 1", "Access"),
        ("Count", "1 extract from 1 respondent"),
        ("Heading 2", "Waiting / Months"),
        ("Count", "1 extract from 1 respondent"),
        ("Quote", "Fourteen months."),
        ("Attribution", "R017 · Parent · Pakistani · Who worked with you?"),
    ]


def test_one_list_without_headings(few: list[Extract], options: ExtractOptions) -> None:
    flat = replace(options, group_by_theme=False, context=False, memos=False)
    found = lines(report(few, flat))
    assert [text for style, text in found if style == "Quote"] == [e.quote for e in few]
    assert not any(style.startswith("Heading") or style == "Memo" for style, _ in found)
    assert found[-1][1].endswith(" · Access / Waiting / Months")


def test_words_around_the_quote_are_quiet(few: list[Extract], options: ExtractOptions) -> None:
    quotes = [p for p in report(few, options).paragraphs if p.style.name == "Quote"]
    styles = [(run.style.name, run.text) for run in quotes[1].runs]
    assert styles == [
        ("Context", "But the next one "),
        ("Default Paragraph Font", "looked at my scarf"),
        ("Context", ". I left."),
    ]


def test_urdu_runs_from_right_to_left(
    extract: Callable[..., Extract], options: ExtractOptions
) -> None:
    mixed = f"{URDU} — nobody rang back, {URDU}"
    quotes = [URDU, mixed, f"They said {URDU}", "Only English."]
    found = [
        paragraph
        for paragraph in report([extract(quote=quote) for quote in quotes], options).paragraphs
        if paragraph.style.name == "Quote"
    ]
    assert [paragraph.text for paragraph in found] == quotes
    assert [is_bidi(paragraph) for paragraph in found] == [True, True, False, False]
    runs = [[(run.text, run.font.rtl) for run in paragraph.runs] for paragraph in found]
    assert runs[0] == [(URDU, True)]
    assert runs[1] == [(URDU, True), (" — nobody rang back, ", None), (URDU, True)]
    assert runs[2] == [("They said ", None), (URDU, True)]
    assert runs[3] == [("Only English.", None)]


def test_bidi_stands_where_the_schema_wants_it(
    extract: Callable[..., Extract], options: ExtractOptions
) -> None:
    paragraph = next(p for p in report([extract(quote=URDU)], options).paragraphs if is_bidi(p))
    assert [child.tag for child in paragraph._p.pPr] == [qn("w:pStyle"), qn("w:bidi")]


def test_two_voices(few: list[Extract], options: ExtractOptions) -> None:
    document = report(few, options)
    assert document.styles["Quote"].font.name == "Georgia"
    assert document.styles["Quote"].font.italic is False
    for name in ("Title", "Heading 1", "Heading 2", "Attribution", "Normal"):
        assert document.styles[name].font.name == "Calibri"
    fonts = document.styles["Quote"].element.rPr.rFonts
    assert fonts.get(qn("w:cs")) == "Noto Naskh Arabic"
    assert not [key for key in fonts.attrib if key.endswith("Theme")]
    languages = {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_properties_and_page_numbers(few: list[Extract], options: ExtractOptions) -> None:
    document = report(few, options)
    assert document.core_properties.title == "Relationships and access"
    assert document.core_properties.subject == "SpeakOut 2022"
    assert (document.core_properties.author, document.core_properties.comments) == ("", "")
    footer = document.sections[0].footer.paragraphs[0]
    assert footer.text.startswith("SpeakOut 2022 · page ")
    assert footer._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"


def test_hostile_text_stays_text(hostile: list[Extract], options: ExtractOptions) -> None:
    loud = replace(options, title="<b>&\x00" + "x" * 400, study="\ud800", notes=("\x07</w:p>",))
    document = report(hostile, replace(loud, context=False))
    quotes = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert quotes == [xml_text(extract.quote) for extract in hostile]
    assert document.paragraphs[0].text == "<b>&" + "x" * 400


def test_a_million_characters(extract: Callable[..., Extract], options: ExtractOptions) -> None:
    huge = ("word " + URDU + "\n") * 36_000
    document = report([extract(quote=huge)], options)
    assert next(p for p in document.paragraphs if p.style.name == "Quote").text == huge


def test_no_extracts(options: ExtractOptions) -> None:
    assert lines(report([], options))[3] == ("Subtitle", "No extracts.")

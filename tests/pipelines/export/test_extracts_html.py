"""HTML, read back by lxml."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from lxml import html

from pipelines.export.extracts_html import safe_colour
from pipelines.export.neutralise import xml_text
from pipelines.export.options import ExtractOptions
from tests.pipelines.export.conftest import extracts_bytes
from workbench.domain.extracts import Extract

from .conftest import FAMILY, URDU

ALLOWED = {
    *["html", "head", "meta", "title", "style", "body", "header", "main", "nav", "ul", "li", "a"],
    *["section", "h1", "h2", "h3", "p", "b", "figure", "figcaption", "blockquote", "span"],
}


def page(extracts: list[Extract], options: ExtractOptions) -> Any:
    return html.document_fromstring(extracts_bytes(extracts, format="html", options=options))


def texts(tree: Any, path: str) -> list[str]:
    return [element.text_content() for element in tree.xpath(path)]


def test_a_page_by_theme(few: list[Extract], options: ExtractOptions) -> None:
    tree = page(few, options)
    assert texts(tree, "//title") == ["Relationships and access · SpeakOut 2022"]
    assert texts(tree, "//h1") == ["Relationships and access"]
    assert texts(tree, "//header/p")[-2:] == [
        "4 extracts from 3 respondents",
        "3 answers are not read yet.",
    ]
    assert texts(tree, "//h2") == ["Relationships", "Access"]
    assert texts(tree, "//h3") == ["On the theme as a whole", "Judged", "Waiting / Months"]
    assert texts(tree, "//span[@class='quote']") == [extract.quote for extract in few]
    assert texts(tree, "//blockquote")[1] == "But the next one looked at my scarf. I left."
    assert texts(tree, "//figcaption")[2] == (
        "R015 · Parent · Pakistani · Who worked with you? [machine draft]"
    )
    assert texts(tree, "//p[@class='memo']") == ["Memo (Amina): cf. R003\nagain"]
    assert tree.xpath("//h3/@style")[:2] == ["--code: #0072B2"] * 2
    assert tree.xpath("//nav//a/@href") == ["#theme-1", "#theme-2"]
    assert tree.xpath("//section/@id") == ["theme-1", "theme-2"]


def test_every_text_of_a_person_sets_its_own_direction(
    few: list[Extract], options: ExtractOptions
) -> None:
    tree = page(few, options)
    for tag in ("h1", "h2", "h3", "blockquote", "figcaption"):
        assert set(tree.xpath(f"//{tag}/@dir")) == {"auto"}
    assert tree.get("lang") == "en-GB"


def test_it_needs_nothing_and_runs_nothing(hostile: list[Extract], options: ExtractOptions) -> None:
    data = extracts_bytes(hostile, format="html", options=options)
    tree = html.document_fromstring(data)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= ALLOWED
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in ("src", "srcset")}
    assert all(link.startswith("#theme-") for link in tree.xpath("//@href"))
    style = "".join(texts(tree, "//style"))
    assert "url(" not in style
    assert "@import" not in style
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_hostile_text_stays_text(hostile: list[Extract], options: ExtractOptions) -> None:
    loud = replace(options, title="</title><script>1</script>", notes=("{{ 7*7 }}<b>",))
    tree = page(hostile, loud)
    assert texts(tree, "//span[@class='quote']") == [xml_text(e.quote) for e in hostile]
    assert texts(tree, "//h1") == ["</title><script>1</script>"]
    assert texts(tree, "//p[@class='note']") == ["{{ 7*7 }}<b>"]
    assert set(tree.xpath("//h3/@style")) == {"--code: var(--accent)"}


@pytest.mark.parametrize("colour", ["", "red", "#12345", "#0072B2;x:y", "#0072B2\n", "url(x)"])
def test_only_a_colour_enters_the_style(colour: str) -> None:
    assert safe_colour(colour) == "var(--accent)"


def test_light_dark_and_print(few: list[Extract], options: ExtractOptions) -> None:
    style = "".join(texts(page(few, options), "//style"))
    assert "@media (prefers-color-scheme: dark)" in style
    assert "@media print" in style
    for colour in ("#FBFAF7", "#1F2933", "#0B5C5C", "#14181C", "#E8E6E1", "#6BC9BC"):
        assert colour in style


def test_context_memos_and_headings_can_be_left_out(
    few: list[Extract], options: ExtractOptions
) -> None:
    tree = page(few, replace(options, context=False, memos=False, group_by_theme=False))
    assert texts(tree, "//blockquote") == [extract.quote for extract in few]
    assert not tree.xpath("//h2 | //h3 | //nav | //p[@class='memo']")
    assert texts(tree, "//figcaption")[3].endswith("Access / Waiting / Months")


def test_a_million_characters(extract: Callable[..., Extract], options: ExtractOptions) -> None:
    huge = (FAMILY + URDU + "<&>") * 30_000
    data = extracts_bytes([extract(quote=huge)], format="html", options=options).decode()
    (quote,) = re.findall(r'<span class="quote">([^<]*)</span>', data)
    assert unescape(quote) == huge


def test_no_extracts(options: ExtractOptions) -> None:
    assert "No extracts." in texts(page([], options), "//header/p")

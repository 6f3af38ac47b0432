"""Participants' words as HTML: nothing in them acts, and every coded word is underlined."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.codings import Code
from workbench.domain.palette import code_look
from workbench.services.surveys.respondents import Mark
from workbench.ui.components.said import MOST_LINES, codes_html, memos_html, said_html

LOOKS = {key: code_look("#882255", key, 4) for key in range(1, 5)}
CODES = {1: Code(1, "g", None, "Waiting <b>", ("Waiting <b>",), 1),
         2: Code(2, "h", None, "Phone", ("Phone",), 2)}  # fmt: skip


def words(html: str) -> str:
    """Give what a person reads, a line each."""
    lines = re.findall(r"<p[^>]*>(.*?)</p>", html, re.DOTALL)
    return "\n".join(unescape(re.sub(r"<[^>]+>", "", line)) for line in lines)


def underlined(html: str) -> list[str]:
    """Give the words under each outermost underline."""
    found = re.findall(r"((?:<span class=\"coded\"[^>]*>)+)([^<]*)", html)
    return [unescape(text) for _, text in found]


def mark(start: int | None, end: int | None, code: int = 1, **options: object) -> Mark:
    return Mark(7, code, "Ana", start, end, **options)  # type: ignore[arg-type]


def test_what_somebody_wrote_is_shown_as_it_is_and_does_nothing() -> None:
    hostile = "<script>alert(1)</script> **bold** [x](http://evil) & \u202e &amp; \"quoted'"
    html = said_html(hostile, [mark(0, 8)], LOOKS)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert words(html) == hostile
    assert underlined(html) == ["<script>"]


def test_each_line_has_its_own_direction() -> None:
    html = said_html("She said:\n\nمیں نے فون کیا", [], LOOKS)
    assert html.count('<p class="said" dir="auto">') == 2


def test_overlapping_codings_are_all_underlined_at_different_depths() -> None:
    html = said_html("one two three four", [mark(0, 7), mark(4, 13, 2), mark(4, 7, 3)], LOOKS)
    assert underlined(html) == ["one ", "two", " three"]
    assert words(html) == "one two three four"
    both = re.search(r"((?:<span[^>]*>)+)two", html)
    assert both
    assert re.findall(r"offset: (\d+)px", both[1]) == ["11", "7", "3"]


def test_more_codes_than_lines_are_told_by_the_list_only() -> None:
    html = said_html("word", [mark(0, 4, code) for code in range(1, 5)], LOOKS)
    assert html.count('class="coded"') == MOST_LINES


def test_a_coding_over_several_lines_is_underlined_in_each() -> None:
    html = said_html("first line\nsecond 😀 line", [mark(6, 20)], LOOKS)
    assert underlined(html) == ["line", "second 😀 "]


def test_flagged_codings_and_those_of_the_whole_text_are_listed_not_painted() -> None:
    marks = [mark(None, None, 2), mark(0, 4, flagged=True), mark(5, 9), mark(5, 9)]
    assert underlined(said_html("some text", marks, LOOKS)) == ["text"]
    listed = codes_html(marks, CODES, LOOKS)
    assert re.sub(r"<[^>]+>", "|", listed).replace("|", "") == (
        "Phone the whole text, AnaWaiting &lt;b&gt; to be placed again, AnaWaiting &lt;b&gt; Ana"
    )
    assert codes_html([], CODES, LOOKS) == ""


def test_a_coding_beyond_the_cut_is_left_out_of_the_words() -> None:
    html = said_html("short", [mark(3, 900), mark(800, 900, 2)], LOOKS, cut=True)
    assert underlined(html) == ["rt"]
    assert words(html) == "short ..."


def test_memos_are_told_with_who_wrote_them() -> None:
    html = memos_html([mark(0, 4, memo="<i>why</i>"), mark(0, 4)], CODES)
    assert html.count("<p") == 1
    assert "Waiting &lt;b&gt;, Ana: &lt;i&gt;why&lt;/i&gt;" in html


@given(
    st.text("ab \n😀م<&", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(1, 4)), max_size=8),
)
def test_no_coding_changes_a_word(text: str, spans: list[tuple[int, int, int]]) -> None:
    marks = sorted(
        (mark(start, start + length, code) for start, length, code in spans),
        key=lambda item: (item.start or 0, item.end or 0),
    )
    html = said_html(text, marks, LOOKS)
    assert words(html) == "\n".join(line for line in text.split("\n") if line)
    covered = {at for item in marks for at in range(item.start or 0, item.end or 0)}
    expected = [sign for at, sign in enumerate(text) if at in covered and sign != "\n"]
    assert "".join(underlined(html)) == "".join(expected)

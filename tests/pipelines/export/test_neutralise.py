"""Formulas are neutralised, and what was neutralised can be had back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.neutralise import is_formula, neutralise, restore, xml_text

tricky = st.text(
    st.sampled_from("'=+-@\uff1d\uff0b\uff0d\uff20\ufe63 \t\r\n\x00\u200b\ufeff\xa0a1\""),
    max_size=8,
)


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@a", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20a",
     "\ufe661", "\ufe621", "\ufe631", "\ufe6ba", " =1", "\n-", "\t", "\tx",
     "\rx", "\xa0=1", "\u3000=1", "\x00=1", "\u200b=1", "\u200f\ufeff@a", "- a list item"],
)  # fmt: skip
def test_formulas_get_one_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text
    assert not is_formula(neutralise(text))


@pytest.mark.parametrize(
    "text", ["", " ", "a=1", "'", "it's =1", "\u2013 dash", "1-2", "a\t=1", "'a'"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert neutralise(text) == text
    assert restore(text) == text


def test_an_apostrophe_of_the_respondents_own_survives() -> None:
    assert neutralise("'=1") == "''=1"
    assert restore("''=1") == "'=1"


@settings(deadline=None)
@given(st.one_of(st.text(), tricky))
def test_restore_undoes_neutralise(text: str) -> None:
    assert restore(neutralise(text)) == text


@settings(deadline=None)
@given(st.one_of(st.text(), tricky))
def test_nothing_that_was_neutralised_runs(text: str) -> None:
    assert not is_formula(neutralise(text))


def test_a_million_spaces_take_no_time() -> None:
    assert neutralise(" " * 1_000_000 + "a").startswith(" ")


def test_xml_text_keeps_all_but_what_xml_cannot_hold() -> None:
    assert xml_text("a\x00\x08\x0b\x1fb\ufffe\uffff") == "ab"
    assert xml_text("\ud83d") == "\ufffd"
    assert xml_text("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te"
    assert xml_text("👩‍👧 میں é\x85") == "👩‍👧 میں é\x85"

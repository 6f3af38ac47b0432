"""Identities and names of what is exchanged, and sentences about what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.refi import MAX_NAME, clean_guid, derived_guid, is_guid, shown_words
from workbench.domain.refi_reasons import Reasons

PLAIN = "aaaaaaaa-0000-4000-8000-00000000000f"


@pytest.mark.parametrize("given", [PLAIN, PLAIN.upper(), "{" + PLAIN + "}", f" {PLAIN}\n"])
def test_one_guid_is_written_in_many_ways(given: str) -> None:
    assert clean_guid(given) == PLAIN


@given(st.text())
def test_anything_becomes_a_guid_and_always_the_same(text: str) -> None:
    assert is_guid(clean_guid(text))
    assert clean_guid(text) == clean_guid(text)


def test_derived_guids_differ_by_all_their_parts() -> None:
    guids = {derived_guid("a", "b"), derived_guid("ab"), derived_guid("b", "a"), derived_guid("a")}
    assert len(guids) == 4
    assert all(map(is_guid, guids))
    assert derived_guid("a", "b") == derived_guid("a", "b")


@pytest.mark.parametrize(
    "text", ["", "17", PLAIN.upper(), PLAIN[:-1], PLAIN + "0", "g" + PLAIN[1:]]
)
def test_what_is_no_guid(text: str) -> None:
    assert not is_guid(text)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("", ""), ("  three \n weeks ", "three weeks"), ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 100 + "…"), (" " * 5000 + "x", "…"), ("a" + " " * 5000, "a"),
    ],
)  # fmt: skip
def test_names_are_the_words_on_one_line(words: str, shown: str) -> None:
    assert shown_words(words) == shown


@given(st.text())
def test_names_are_never_long(words: str) -> None:
    shown = shown_words(words)
    assert len(shown) <= MAX_NAME + 1
    assert "\n" not in shown and "  " not in shown


def test_reasons_are_counted_and_have_examples() -> None:
    reasons = Reasons()
    for example in ("a", "b", "a", "c", "d"):
        reasons.add("Letters", example)
    reasons.add("Nothing to show")
    reasons.add("Two", "x")
    reasons.add("Two", "x")
    assert reasons.sentences() == (
        "Letters (5): a, b, c and others.",
        "Nothing to show (1).",
        "Two (2): x.",
    )

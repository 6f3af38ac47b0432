"""Words that differ between two texts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.differences import MAX_COMPARED
from workbench.domain.side_by_side import shortened, side_by_side


def marked(parts):
    return "".join(f"[{part.text}]" if part.differs else part.text for part in parts)


def shown(old, new):
    return tuple(map(marked, side_by_side(old, new)))


def test_whole_words_are_marked():
    assert shown("She listened to me.", "He listend to me.") == (
        "[She listened] to me.",
        "[He] listend to me.",
    )


def test_what_one_text_lacks_is_marked_in_the_other():
    assert shown("A map", "A big map of town") == ("A map", "A [big] map [of town]")
    assert shown("", "New words") == ("", "[New words]")
    assert shown("Old words", "") == ("[Old words]", "")


def test_the_same_text_has_no_marks():
    assert shown("میں نے 😀", "میں نے 😀") == ("میں نے 😀", "میں نے 😀")


def test_white_space_alone_is_no_difference():
    assert shown("one two", "one  two") == ("one two", "one  two")


def test_very_long_texts_come_unmarked_and_cut():
    old, new = side_by_side("word " * MAX_COMPARED, "other " * MAX_COMPARED)
    assert len(old) == 1
    assert len(marked(shortened(new))) < 1_000


def test_what_is_far_from_a_difference_is_left_out():
    far = "far away words " * 40
    parts = side_by_side(f"{far}before gone after {far}", f"{far}before after {far}")[0]
    short = marked(shortened(parts, around=20))
    assert "[gone]" in short
    assert len(short) < 120
    assert short.count("…") == 2
    assert (
        shortened(side_by_side("short one", "short two")[0])
        == side_by_side("short one", "short two")[0]
    )


TEXTS = st.text(st.sampled_from("ab \n😀é\u0301ی"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_parts_make_the_texts(old, new):
    left, right = side_by_side(old, new)
    assert "".join(part.text for part in left) == old
    assert "".join(part.text for part in right) == new
    assert (old.split() == new.split()) <= (not any(part.differs for part in (*left, *right)))
    for parts in (left, right):
        assert all(a.differs != b.differs for a, b in pairwise(parts))

"""Mentions: overlapping codings of one code, taken together."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.mentions import openers

SPANS = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda pair: (pair[0], sum(pair))),
)


def runs(places):
    """Join overlapping spans by looking at every pair until nothing changes."""
    found = [{(0, 10**9) if start is None else (start, end)} for start, end, _ in places]
    changed = True
    while changed:
        changed = False
        for one in found:
            for two in found:
                touch = any(a < d and c < b for a, b in one for c, d in two)
                if one is not two and touch:
                    one |= two
                    found.remove(two)
                    changed = True
                    break
            if changed:
                break
    return len(found)


@given(st.lists(SPANS, max_size=12))
def test_one_coding_opens_each_run_of_overlapping_ones(spans):
    places = [(start, end, key) for key, (start, end) in enumerate(spans, 1)]
    assert len(openers(places)) == runs(places)


@given(st.lists(SPANS, max_size=12), st.randoms())
def test_the_order_of_the_codings_does_not_matter(spans, dice):
    places = [(start, end, key) for key, (start, end) in enumerate(spans, 1)]
    shuffled = list(places)
    dice.shuffle(shuffled)
    assert openers(shuffled) == openers(places)


def test_none_and_one():
    assert openers([]) == set()
    assert openers([(None, None, 7)]) == {7}


def test_touching_spans_are_two_mentions():
    assert openers([(0, 4, 1), (4, 8, 2)]) == {1, 2}

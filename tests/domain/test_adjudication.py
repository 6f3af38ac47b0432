"""What coders agree on, and what they do not."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.adjudication import Applied, Decided, items_of

ANA, BEN, CY = 7, 8, 9


def applied(*rows):
    return [Applied(number, *row) for number, row in enumerate(rows, 1)]


def test_the_same_words_are_agreed_other_ends_are_not():
    codings = applied((ANA, 1, 0, 5), (BEN, 1, 0, 5), (ANA, 2, 3, 8), (BEN, 2, 4, 8))
    first, second = items_of(codings, [ANA, BEN])
    assert (first.code_id, first.difference) == (1, "agreed")
    assert (second.code_id, second.start, second.end, second.difference) == (2, 3, 8, "ends")


def test_who_did_not_apply_a_code_is_named():
    (item,) = items_of(applied((ANA, 1, 0, 5)), [ANA, BEN, CY])
    assert item.difference == "missing"
    assert item.without([ANA, BEN, CY]) == (BEN, CY)
    assert [coding.coding_id for coding in item.of(ANA)] == [1]
    assert item.of(BEN) == ()


def test_spans_that_touch_are_two_things():
    items = items_of(applied((ANA, 1, 0, 5), (BEN, 1, 5, 9)), [ANA, BEN])
    assert [item.difference for item in items] == ["missing", "missing"]


def test_a_coding_of_the_whole_document_takes_in_all_of_its_code():
    items = items_of(applied((ANA, 1, None, None), (BEN, 1, 2, 4), (BEN, 1, 6, 8)), [ANA, BEN])
    assert [(item.start, item.end, item.difference) for item in items] == [(None, None, "ends")]
    whole = items_of(applied((ANA, 1, None, None), (BEN, 1, None, None)), [ANA, BEN])
    assert [item.difference for item in whole] == ["agreed"]


def test_a_decision_holds_as_long_as_nobody_changes_their_ends():
    codings = applied((ANA, 1, 0, 5), (BEN, 1, 2, 7))
    decided = Decided(1, 1, 0, 7, "taken")
    assert items_of(codings, [ANA, BEN], [decided])[0].decided == decided
    moved = applied((ANA, 1, 0, 5), (BEN, 1, 2, 8))
    assert items_of(moved, [ANA, BEN], [decided])[0].decided is None


def test_nobody_coded_anything():
    assert items_of([], [ANA, BEN]) == []


SPAN = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 20), st.integers(1, 6)).map(lambda pair: (pair[0], sum(pair))),
)
ROWS = st.lists(st.tuples(st.sampled_from([ANA, BEN, CY]), st.integers(1, 3), SPAN), max_size=12)


@given(ROWS)
def test_every_coding_is_in_one_item_and_items_of_a_code_do_not_overlap(rows):
    codings = applied(*((coder, code, *span) for coder, code, span in rows))
    items = items_of(codings, [ANA, BEN, CY])
    listed = [coding for item in items for coding in item.codings]
    assert sorted(listed, key=lambda item: item.coding_id) == codings
    for one in items:
        assert {coding.code_id for coding in one.codings} == {one.code_id}
        agreed = {c.coder_id for c in one.codings} == {ANA, BEN, CY} and len(
            {(c.start, c.end) for c in one.codings}
        ) == 1
        assert (one.difference == "agreed") == agreed
        for other in items:
            if other is not one and other.code_id == one.code_id:
                assert None not in (one.start, one.end, other.start, other.end)
                assert one.end <= other.start or other.end <= one.start

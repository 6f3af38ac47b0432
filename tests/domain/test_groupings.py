"""Rules of derived groupings: every value lands in exactly one group, and nothing is lost."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain import groupings
from workbench.domain.bands import equal_edges, number_labels, quantile_edges
from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import (
    UNSETTLED,
    Calendar,
    DateBands,
    Merge,
    NumberBands,
    ValueGroup,
    check,
    completed,
    grouper,
    merge_of,
)
from workbench.errors import InputError

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
EDGES = st.lists(NUMBERS, min_size=1, max_size=8, unique=True).map(sorted)
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
VALUES = st.text(min_size=1, max_size=12)


def number_bands(edges):
    return NumberBands(tuple(edges), number_labels(edges))


# ---------------------------------------------------------------- merging


@given(st.dictionaries(VALUES, VALUES, max_size=8), st.lists(VALUES, max_size=12))
def test_a_completed_merge_puts_every_value_into_exactly_one_group(pairs, values):
    everything = [*pairs, *values]
    for rest in ("keep", "other"):
        rule = completed(merge_of(pairs.items(), rest=rest), everything)
        homes = [value for group in rule.groups for value in group.values]
        assert sorted(homes) == sorted(set(everything)), "each value is listed once"
        into = grouper(rule)
        for group in rule.groups:
            assert all(into(value) == group.name for value in group.values)
        assert UNSETTLED not in map(into, everything)


@given(st.dictionaries(VALUES, st.sampled_from(["A", "B", "C"]), min_size=1), VALUES)
def test_a_value_never_seen_is_shown_as_being_in_no_group(pairs, new):
    rule = completed(merge_of(pairs.items(), rest="other"), pairs)
    assert grouper(rule)(new) == pairs.get(new, UNSETTLED)


def test_values_that_are_not_listed_keep_their_name_or_go_into_one_group():
    pairs = [("Indian", "Asian"), ("Chinese", "Asian"), ("Roma", "")]
    values = ["Indian", "Chinese", "Roma", "Arab"]
    kept = completed(merge_of(pairs), values)
    assert [(group.name, group.values) for group in kept.groups] == [
        ("Asian", ("Indian", "Chinese")),
        ("Roma", ("Roma",)),
        ("Arab", ("Arab",)),
    ]
    other = completed(merge_of(pairs, rest="other", other="Another group"), values)
    assert groupings.groups_in_order(other) == ("Asian", "Another group")
    assert grouper(other)("Arab") == "Another group"


def test_a_value_that_keeps_its_name_joins_the_group_of_that_name_whatever_its_capitals():
    rule = completed(merge_of([("Indian", "Asian")]), ["Indian", "asian", "ASIAN"])
    assert rule.groups == (ValueGroup("Asian", ("Indian", "asian", "ASIAN")),)
    check(rule)


def test_a_long_value_that_keeps_its_name_still_makes_a_group_that_can_be_used():
    rule = completed(merge_of([("a", "A")]), ["a", "x" * 500, "two  spaces\tand a tab"])
    check(rule)
    assert grouper(rule)("x" * 500) == "x" * 500
    assert grouper(rule)("two  spaces\tand a tab") == "two spaces and a tab"


def test_a_group_named_not_stated_is_not_among_the_groups_to_be_shown():
    rule = merge_of([("Yes", "Yes"), ("Prefer not to say", NOT_STATED)])
    check(rule)
    assert groupings.groups_in_order(rule) == ("Yes",)
    assert grouper(rule)("Prefer not to say") == NOT_STATED


# ---------------------------------------------------------------- bands


@given(EDGES, NUMBERS)
def test_every_number_lands_in_exactly_one_band_which_holds_its_lower_edge(edges, number):
    rule = number_bands(edges)
    into = grouper(rule)
    ends = [-math.inf, *edges, math.inf]
    (home,) = [at for at, (low, high) in enumerate(pairwise(ends)) if low <= number < high]
    labelled = NumberBands(rule.edges, tuple(f"band {at}" for at in range(len(edges) + 1)))
    assert grouper(labelled)(repr(number)) == f"band {home}"
    assert into(repr(number)) == rule.labels[home]


@given(st.lists(DATES, min_size=1, max_size=6, unique=True).map(sorted), DATES)
def test_every_date_lands_in_exactly_one_band_whatever_its_time(edges, day):
    written = tuple(edge.isoformat() for edge in edges)
    rule = DateBands(written, tuple(f"band {at}" for at in range(len(edges) + 1)))
    expected = f"band {sum(edge <= day for edge in edges)}"
    assert grouper(rule)(day.isoformat()) == expected
    assert grouper(rule)(f"{day.isoformat()}T23:59:59+01:00") == expected


@given(st.lists(DATES, min_size=1, max_size=20))
def test_calendar_periods_come_in_order_and_hold_every_date(days):
    values = [day.isoformat() for day in days]
    for by in ("year", "quarter", "month"):
        rule = Calendar(by)
        order = groupings.groups_in_order(rule, values)
        first = {}
        for value in sorted(values):
            first.setdefault(grouper(rule)(value), value)
        assert list(first) == list(order)


@pytest.mark.parametrize(
    ("by", "expected"),
    [("year", "2022"), ("quarter", "Apr to Jun 2022"), ("month", "May 2022")],
)
def test_a_period_is_named_as_people_name_it(by, expected):
    assert grouper(Calendar(by))("2022-05-31T10:00:00") == expected


@pytest.mark.parametrize("rule", [number_bands([18]), Calendar("year")])
@pytest.mark.parametrize("value", ["nan", "inf", "many", "", "2022-13-45"])
def test_what_is_no_number_and_no_date_is_shown_as_being_in_no_group(rule, value):
    assert grouper(rule)(value) == UNSETTLED


@given(st.lists(NUMBERS, min_size=1, max_size=60), st.integers(2, 10))
def test_proposed_edges_make_bands_that_can_be_used(numbers, n_bands):
    for propose in (equal_edges, quantile_edges):
        edges = propose(numbers, n_bands)
        assert len(edges) <= n_bands
        if edges:
            assert min(numbers) < edges[0], "the first band holds somebody"
            assert edges[-1] <= max(numbers), "the last band holds somebody"
            check(NumberBands(edges, tuple(map(str, range(len(edges) + 1)))))


def test_quantiles_of_different_numbers_make_bands_of_the_same_size():
    numbers = [float(n) for n in range(100)]
    into = grouper(number_bands(quantile_edges(numbers, 4)))
    sizes: dict[str, int] = {}
    for number in numbers:
        sizes[into(str(number))] = sizes.get(into(str(number)), 0) + 1
    assert list(sizes.values()) == [25, 25, 25, 25]


def test_equal_widths_are_round_numbers():
    assert equal_edges([3.0, 97.0], 5) == (20.0, 40.0, 60.0, 80.0)
    assert equal_edges([0.0, 1.0], 4) == (0.25, 0.5, 0.75)
    assert equal_edges([7.0, 7.0], 4) == ()
    assert equal_edges([], 4) == ()


def test_bands_are_said_in_words_with_both_ends():
    assert groupings.in_words(number_bands([18, 65])) == (
        "below 18",
        "from 18 to below 65",
        "from 65",
    )
    dates = DateBands(("2022-04-01", "2022-07-01"), ("a", "b", "c"))
    assert groupings.in_words(dates) == (
        "before 1 Apr 2022",
        "from 1 Apr 2022 to the day before 1 Jul 2022",
        "from 1 Jul 2022",
    )
    assert groupings.in_words(Calendar("year")) == ()


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (Merge(()), "no value is in a group yet"),
        (merge_of([("a", "X"), ("b", "x")]), "two groups differ only in capitals: 'X' and 'x'"),
        (
            Merge((ValueGroup("X", ("a",)), ValueGroup("Y", ("a",)))),
            "the value 'a' is in two groups, 'X' and 'Y'",
        ),
        (Merge((ValueGroup("X", ()),)), "the group 'X' has no values"),
        (Merge((ValueGroup("", ("a",)),)), "A name has 1 to 500 characters"),
        (Merge((ValueGroup("x" * 501, ("a",)),)), "cannot be used"),
        (Merge((ValueGroup("two\nlines", ("a",)),)), "cannot be used"),
        (merge_of([("a", UNSETTLED)]), "is no name for a group"),
        (merge_of([("a", "Other")], rest="other", other=" "), "cannot be used"),
        (merge_of([("a", "OTHER")], rest="other"), "differ only in capitals"),
        (NumberBands((), ("All",)), "there is no edge"),
        (NumberBands((2.0, 1.0), ("a", "b", "c")), "the edges do not rise"),
        (NumberBands((1.0, 1.0), ("a", "b", "c")), "the edges do not rise"),
        (NumberBands((math.nan,), ("a", "b")), "an edge is not a number"),
        (NumberBands((1.0,), ("a",)), "1 edges make 2 bands, but there are 1 labels"),
        (NumberBands((1.0,), ("a", "a")), "two groups are named 'a'"),
        (DateBands(("1 May",), ("a", "b")), "the edge '1 May' is not a date"),
        (DateBands(("2022-05-01", "2021-05-01"), ("a", "b", "c")), "the edges do not rise"),
        (Calendar("week"), "not by 'week'"),  # type: ignore[arg-type]
        (number_bands(range(101)), "101 edges, at most 100"),
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused_with_the_reason(rule, message):
    with pytest.raises(InputError) as refused:
        check(rule)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        merge_of([("Indian", "Asian"), ("Roma", "White")], rest="other", other="Others"),
        number_bands([2.5, 18]),
        DateBands(("2022-04-01",), ("Before", "After")),
        Calendar("month"),
    ],
)
def test_a_rule_survives_being_written_down(rule):
    import json

    assert groupings.from_json(json.loads(json.dumps(groupings.to_json(rule)))) == rule
    check(rule)

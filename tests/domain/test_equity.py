"""Rates of changed words: what a word is, intervals against other computations, small groups."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.domain.equity import (
    MIN_RESPONDENTS,
    Rate,
    WordErrors,
    hidden_groups,
    pooled_rate,
    t_quantile,
    words_of,
)


def people(n: int, seed: int = 1) -> list[tuple[int, int]]:
    """Make respondents with words of their own number and error rate."""
    chance = random.Random(seed)
    made = []
    for _ in range(n):
        words = chance.randint(20, 400)
        rate = chance.betavariate(2, 12)
        made.append((sum(chance.random() < rate for _ in range(words)), words))
    return made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("... - !", ()),
        ("Hello, WORLD", ("hello", "world")),
        ("don't don\u2019t", ("dont", "dont")),
        ("Stra\u00dfe STRASSE", ("strasse", "strasse")),
        ("cafe\u0301 caf\u00e9", ("caf\u00e9", "caf\u00e9")),
        ("[Inaudible] yes [CROSSTALK]", ("yes",)),
        ("[a guess]", ("a", "guess")),
        ("\u0645\u06cc\u06ba \u0646\u06d2\u06d4", ("\u0645\u06cc\u06ba", "\u0646\u06d2")),
        ("\u6211\u5f88\u597d ok", ("\u6211", "\u5f88", "\u597d", "ok")),
        ("\u0e17\u0e35\u0e48", ("\u0e17\u0e35\u0e48",)),
        ("a\u200bb 12", ("ab", "12")),
    ],
)
def test_words_are_cut_alike_in_every_script(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


@given(some.text(max_size=80))
def test_cutting_twice_changes_nothing(text: str) -> None:
    once = words_of(text)
    assert all(word and not word.isspace() for word in once)
    assert words_of(text.upper().lower()) == words_of(text.upper().lower().strip())


def test_quantiles_agree_with_scipy() -> None:
    from scipy import stats

    for freedom in [*range(1, 60), 100, 1_000]:
        wanted = stats.t.ppf(0.975, freedom)
        assert math.isclose(t_quantile(freedom), wanted, rel_tol=2e-3), freedom


def test_the_variance_agrees_with_a_jackknife_and_a_bootstrap_by_respondent() -> None:
    pairs = people(60)
    found = pooled_rate(pairs, at_most=1)
    assert found.value is not None and found.low is not None and found.high is not None
    y, x = np.array(pairs, dtype=float).T
    assert found.value == pytest.approx(y.sum() / x.sum())
    error = (found.high - found.value) / t_quantile(59)
    without = (y.sum() - y) / (x.sum() - x)
    jackknife = math.sqrt(59 / 60 * ((without - without.mean()) ** 2).sum())
    assert error == pytest.approx(jackknife, rel=0.05)
    drawn = np.random.default_rng(7).integers(0, 60, size=(4_000, 60))
    bootstrap = (y[drawn].sum(axis=1) / x[drawn].sum(axis=1)).std()
    assert error == pytest.approx(bootstrap, rel=0.05)


def test_the_interval_covers_what_it_says() -> None:
    true = 2 / 14
    covered = 0
    for seed in range(300):
        rate = pooled_rate(people(30, seed), at_most=1)
        assert rate.low is not None and rate.high is not None
        covered += rate.low <= true <= rate.high
    assert 0.90 <= covered / 300 <= 0.98


def test_words_that_cluster_widen_the_interval() -> None:
    spread = pooled_rate([(0, 100), (20, 100)] * 10)
    alike = pooled_rate([(9, 100), (11, 100)] * 10)
    assert spread.value == alike.value == 0.1
    assert spread.high is not None and alike.high is not None
    assert spread.high - 0.1 > 5 * (alike.high - 0.1)


@pytest.mark.parametrize(
    ("pairs", "rate"),
    [
        ([], Rate(None, None, None)),
        ([(0, 0)], Rate(None, None, None)),
        ([(3, 10)], Rate(0.3, None, None)),
        ([(0, 10), (0, 20)], Rate(0.0, None, None)),
        ([(1, 10), (2, 20)], Rate(0.1, None, None)),
    ],
)
def test_what_is_not_defined_has_no_interval(pairs: list[tuple[int, int]], rate: Rate) -> None:
    assert pooled_rate(pairs) == rate


def test_a_share_stays_between_nought_and_one_and_an_error_rate_may_be_above() -> None:
    share = pooled_rate([(10, 10), (9, 10), (2, 10)], at_most=1)
    assert share.high == 1.0
    assert (pooled_rate([(30, 10), (10, 10)]).value or 0) == 2.0


def test_errors_add_up() -> None:
    both = WordErrors(3, 1, 2, 4, 5, 20) + WordErrors(1, 0, 0, 0, 0, 4)
    assert (both.machine_words, both.checked_words, both.changed, both.errors) == (9, 7, 5, 7)
    assert (both.character_errors, both.characters) == (5, 24)


@given(some.dictionaries(some.text(min_size=1, max_size=3), some.integers(0, 30), max_size=8))
def test_no_hidden_group_can_be_worked_out(sizes: dict[str, int]) -> None:
    hidden = hidden_groups(sizes)
    small = {name for name, n in sizes.items() if 0 < n < MIN_RESPONDENTS}
    assert small <= hidden
    shown = {name for name, n in sizes.items() if n} - hidden
    if hidden and shown:
        assert len(hidden) >= 2
        assert sum(sizes[name] for name in hidden) >= MIN_RESPONDENTS
    if not small:
        assert not hidden

"""Coefficients of agreement, against published tables and other people's programs."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.summarise import agreement_figures as figures
from pipelines.summarise.agreement_sums import Ratings
from tests.pipelines.summarise.agreement_data import (
    compared,
    of_pair,
    of_strings,
    random_ratings,
    values,
)

CORRECTED = ("cohen_kappa", "fleiss_kappa", "alpha", "ac1", "brennan_prediger")


# ---------------------------------------------------------------- published tables


def test_krippendorffs_two_observers() -> None:
    """K. Krippendorff (2011), Computing Krippendorff's alpha-reliability, section A."""
    _, (row,) = compared(of_strings("0100000010", "1110010000"))
    assert values(row, "alpha", "percent") == [0.095, 0.6]


def test_a_table_that_kappa_calls_chance_and_ac1_does_not() -> None:
    """Of 125 subjects two raters agree on 118, all in one category.

    K. L. Gwet (2002), Kappa statistic is not satisfactory for assessing the extent of agreement
    between raters, Statistical Methods for Inter-Rater Reliability Assessment 1, 1-5.
    """
    _, (row,) = compared(of_pair(118, 5, 2, 0))
    assert values(row, "percent", "cohen_kappa", "ac1") == [0.944, -0.023, 0.941]


FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
"""J. L. Fleiss (1971), table 1: how many of six psychiatrists gave each of 30 patients each of
five diagnoses."""


@pytest.mark.parametrize(
    ("category", "kappa"), list(enumerate([0.245, 0.245, 0.520, 0.471, 0.566]))
)
def test_fleiss_kappa_of_each_diagnosis(category: int, kappa: float) -> None:
    """The published kappas of single categories are those of "this one, or another"."""
    given_by = [int(patient[category]) for patient in FLEISS.split()]
    coders = ["".join("1" if place < n else "0" for n in given_by) for place in range(6)]
    _, (row,) = compared(of_strings(*coders))
    assert values(row, "fleiss_kappa") == [kappa]


IRRCAC = ("1000.0010100010.1001", "0101101111000.101..1", "110.00.11101.0001.00",
          ".1.100..010000001001")  # fmt: skip


def test_four_coders_with_gaps_against_irrcac() -> None:
    """Figures that irrCAC 0.4.4 gives (it needs an older pandas and cannot be installed here)."""
    _, (row,) = compared(of_strings(*IRRCAC))
    found = values(row, "percent", "fleiss_kappa", "ac1", "brennan_prediger")
    assert found == [0.683, 0.34, 0.391, 0.367]


# ---------------------------------------------------------------- other implementations


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.05, 0.5, 0.97])
def test_against_sklearn(seed: int, share: float) -> None:
    from sklearn.metrics import cohen_kappa_score, f1_score, precision_score, recall_score

    ratings = random_ratings(seed, coders=2, missing=0, share=share)
    _, rows = compared(ratings, reference=0)
    for code, row in enumerate(rows):
        truth, other = ratings.applied[:, 0, code], ratings.applied[:, 1, code]
        kappa = cohen_kappa_score(truth, other) if truth.any() | other.any() else None
        for name, expected in (
            ("cohen_kappa", kappa),
            ("f1", f1_score(truth, other, zero_division=np.nan)),
            ("precision", precision_score(truth, other, zero_division=np.nan)),
            ("recall", recall_score(truth, other, zero_division=np.nan)),
        ):
            found = row.figures[name].value
            if found is None:
                assert expected is None or np.isnan(expected)
                assert row.figures[name].why_not
            else:
                assert found == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_against_statsmodels(seed: int) -> None:
    from statsmodels.stats.inter_rater import fleiss_kappa

    ratings = random_ratings(seed, coders=4, missing=0)
    _, rows = compared(ratings)
    for code, row in enumerate(rows):
        n_applied = ratings.applied[:, :, code].sum(1)
        table = np.stack([n_applied, 4 - n_applied], axis=1)
        assert row.figures["fleiss_kappa"].value == pytest.approx(fleiss_kappa(table))


def as_reliability_data(ratings: Ratings, code: int) -> np.ndarray:
    rated = ratings.done[ratings.document]
    return np.where(rated, ratings.applied[:, :, code], np.nan).T.astype(float)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_alpha_against_krippendorff(seed: int, share: float) -> None:
    import krippendorff

    ratings = random_ratings(seed, coders=4, missing=0.3, share=share)
    for code, row in enumerate(compared(ratings)[1]):
        expected = krippendorff.alpha(
            reliability_data=as_reliability_data(ratings, code), level_of_measurement="nominal"
        )
        assert row.figures["alpha"].value == pytest.approx(expected)


# ---------------------------------------------------------------- what has to hold


def test_guessing_scores_about_nought() -> None:
    ratings = random_ratings(1, documents=4000, units=2, missing=0.1, codes=6)
    overall, _ = compared(ratings, n_resamples=200)
    for name in ("fleiss_kappa", "alpha", "masi_alpha"):
        figure = overall.figures[name]
        assert abs(figure.value) < 0.02 and figure.low < 0 < figure.high, name


def test_agreeing_in_all_is_one_where_the_code_varies() -> None:
    _, (row,) = compared(of_strings("1100", "1100", "11.0"))
    found = values(row, "percent", "fleiss_kappa", "alpha", "ac1", "brennan_prediger")
    assert found == [1.0] * 5


def test_what_is_not_defined_says_why() -> None:
    for text, why in (("0000", figures.NOBODY), ("1111", figures.EVERYWHERE)):
        overall, (row,) = compared(of_strings(text, text), n_resamples=20)
        for name in CORRECTED:
            assert (row.figures[name].value, row.figures[name].why_not) == (None, why)
        assert row.figures["percent"].value == 1.0
        assert overall.figures["masi_alpha"].why_not == figures.ONE_SET
        assert overall.figures["alpha"].value is None and overall.figures["alpha"].why_not


def test_kappa_is_for_two_and_precision_needs_a_reference() -> None:
    _, (row,) = compared(of_strings("110", "101", "100"))
    assert row.figures["cohen_kappa"].why_not == figures.TWO_ONLY
    assert row.figures["f1"].why_not == row.figures["recall"].why_not == figures.NO_REFERENCE
    assert [pair.coders for pair in row.pairs] == [
        ("coder 0", "coder 1"), ("coder 0", "coder 2"), ("coder 1", "coder 2")
    ]  # fmt: skip
    _, (two,) = compared(of_strings("110", "101"))
    assert two.pairs == () and values(two, "f1") == [0.5]
    assert two.figures["precision"].why_not == figures.NO_REFERENCE
    _, (never,) = compared(of_strings("110", "000"), reference=0)
    assert values(never, "recall", "f1", "precision") == [0.0, 0.0, None]
    assert never.figures["precision"].why_not == figures.AGAINST["precision"]


def test_two_coders_who_share_no_document_have_no_pair() -> None:
    _, (row,) = compared(of_strings("11.", ".11", "1.1"))
    only = of_strings("11..", "10..", "..11", "..01")
    _, (apart,) = compared(only)
    found = {pair.coders: pair.figures["cohen_kappa"] for pair in apart.pairs}
    assert found["coder 0", "coder 2"].why_not == figures.NO_UNITS
    assert row.n_units == 3


def test_a_code_that_one_never_applied_has_kappa_nought() -> None:
    _, (row,) = compared(of_strings("1100", "0000"))
    assert values(row, "cohen_kappa") == [0.0]


def test_one_document_has_no_interval_and_neither_has_no_disagreement() -> None:
    one = Ratings(
        np.array([[[1], [1]], [[0], [1]], [[0], [0]]], dtype=bool),
        np.zeros(3, dtype=np.intp), np.ones(3), np.ones((1, 2), dtype=bool),
    )  # fmt: skip
    _, (row,) = compared(one, n_resamples=50)
    assert row.figures["alpha"].value is not None
    assert (row.figures["alpha"].low, row.figures["alpha"].no_interval) == (
        None, figures.FEW_DOCUMENTS
    )  # fmt: skip
    _, (four,) = compared(of_strings("1100", "1010"), n_resamples=50)
    assert four.figures["percent"].no_interval == figures.FEW_DOCUMENTS
    _, (five,) = compared(of_strings("11001", "10101"), n_resamples=50)
    assert five.figures["percent"].low is not None
    _, (same,) = compared(of_strings("110011", "110011"), n_resamples=50)
    assert same.figures["percent"].no_interval == figures.NO_SPREAD
    _, (rare,) = compared(of_strings("100000", "110000"), n_resamples=200)
    assert rare.figures["alpha"].no_interval == figures.TOO_FEW


def test_no_documents_at_all() -> None:
    nothing = Ratings(
        np.zeros((0, 2, 1), dtype=bool), np.zeros(0, dtype=np.intp), np.zeros(0),
        np.zeros((0, 2), dtype=bool),
    )  # fmt: skip
    overall, (row,) = compared(nothing, n_resamples=20)
    assert row.figures["percent"].why_not == figures.NO_UNITS
    assert overall.figures["alpha"].why_not == figures.NO_UNITS and row.share is None


def test_one_code_overall_is_that_code() -> None:
    overall, (row,) = compared(random_ratings(3, codes=1), n_resamples=30)
    for name in ("percent", "fleiss_kappa", "alpha", "ac1", "brennan_prediger"):
        assert overall.figures[name].value == pytest.approx(row.figures[name].value)
        assert overall.figures[name].low == pytest.approx(row.figures[name].low)
    # With one code, sets are "it" and "nothing", as far apart as can be.
    assert overall.figures["masi_alpha"].value == pytest.approx(row.figures["alpha"].value)


def test_a_code_that_nobody_uses_leaves_the_overall_figures_alone() -> None:
    ratings = random_ratings(4)
    more = np.concatenate([ratings.applied, np.zeros_like(ratings.applied[:, :, :1])], axis=2)
    wider = Ratings(more, ratings.document, ratings.weight, ratings.done)
    before, after = compared(ratings)[0], compared(wider)[0]
    assert before.figures == after.figures
    assert (before.n_units, before.n_agreed) == (after.n_units, after.n_agreed)


# ---------------------------------------------------------------- intervals


def slow_interval(ratings: Ratings, n: int, seed: int) -> tuple[float, float]:
    """Draw documents one by one and work alpha out from the drawn units, as a textbook would."""
    import krippendorff

    random = np.random.default_rng(seed)
    data = as_reliability_data(ratings, 0)
    where = [np.flatnonzero(ratings.document == d) for d in range(len(ratings.done))]
    found = []
    for _ in range(n):
        drawn = np.concatenate([where[d] for d in random.integers(0, len(where), len(where))])
        found.append(krippendorff.alpha(data[:, drawn], level_of_measurement="nominal"))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def test_the_interval_is_that_of_a_loop_over_documents() -> None:
    ratings = random_ratings(8, codes=1, missing=0.1)
    _, (row,) = compared(ratings, n_resamples=400, seed=5)
    low, high = slow_interval(ratings, 400, 5)
    assert (row.figures["alpha"].low, row.figures["alpha"].high) == pytest.approx((low, high))


def test_units_of_one_document_stay_together() -> None:
    """A document copied into ten units tells no more than one unit does."""
    single = random_ratings(9, codes=1, units=1, missing=0)
    copied = Ratings(
        np.repeat(single.applied, 10, axis=0), np.repeat(single.document, 10),
        np.ones(10 * len(single.document)), single.done,
    )  # fmt: skip
    one, ten = (compared(item, n_resamples=300)[1][0].figures["percent"]
                for item in (single, copied))  # fmt: skip
    assert (one.low, one.high) == pytest.approx((ten.low, ten.high))


def test_a_seed_repeats_and_another_differs() -> None:
    ratings = random_ratings(10)
    first, again, other = (compared(ratings, n_resamples=100, seed=seed)[0].figures["alpha"]
                           for seed in (1, 1, 2))  # fmt: skip
    assert first == again
    assert first.value == other.value and first.low != other.low


def test_blocks_of_resamples_are_those_of_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.summarise import masi, resample

    whole = compared(random_ratings(11), n_resamples=50)[0]
    monkeypatch.setattr(resample, "CELLS", 200)
    monkeypatch.setattr(masi, "CELLS", 64)
    monkeypatch.setattr(masi, "BLOCK", 3)
    parts = compared(random_ratings(11), n_resamples=50)[0]
    for name, figure in whole.figures.items():
        assert parts.figures[name].value == pytest.approx(figure.value), name
        assert parts.figures[name].low == pytest.approx(figure.low), name


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.floats(0.0, 1.0))
def test_figures_keep_their_bounds_and_do_not_care_who_is_first(
    seed: int, coders: int, share: float
) -> None:
    ratings = random_ratings(seed, documents=8, coders=coders, codes=3, share=share)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        overall, rows = compared(ratings, n_resamples=10)
        turned = Ratings(
            ratings.applied[:, ::-1], ratings.document, ratings.weight, ratings.done[:, ::-1]
        )
        _, other = compared(turned)
    for row in (overall, *rows):
        for name, figure in row.figures.items():
            assert (figure.value is None) == bool(figure.why_not), name
            assert figure.value is None or -1.001 <= figure.value <= 1.0 + 1e-9
    for one, two in zip(rows, other, strict=True):
        for name in ("percent", "fleiss_kappa", "alpha", "ac1", "brennan_prediger"):
            assert one.figures[name].value == pytest.approx(two.figures[name].value)
        assert one.n_agreed == two.n_agreed and one.applied == two.applied[::-1]

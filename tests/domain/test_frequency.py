"""Shares and intervals agree with published examples and with SciPy; sentences read well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from workbench.domain.frequency import Share, compare_sentence, newcombe, sentence, wilson

counts = st.integers(0, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


class TestWilson:
    @pytest.mark.parametrize(
        ("k", "n", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_published_examples(self, k: int, n: int, low: float, high: float) -> None:
        """Newcombe (1998), Table I, method 3 (score without continuity correction)."""
        found = wilson(k, n)
        assert found is not None
        assert (round(found[0], 4), round(found[1], 4)) == (low, high)

    def test_nothing_counted(self) -> None:
        assert wilson(0, 0) is None

    def test_one_of_one(self) -> None:
        found = wilson(1, 1)
        assert found == (pytest.approx(0.20654, abs=1e-5), 1.0)

    @pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (0, -1)])
    def test_impossible_counts(self, k: int, n: int) -> None:
        with pytest.raises(ValueError, match=f"{k} of {n}: the count must lie between 0 and"):
            wilson(k, n)

    @pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
    def test_impossible_confidence(self, confidence: float) -> None:
        with pytest.raises(ValueError, match=f"between 0 and 1, not {confidence}"):
            wilson(1, 2, confidence)

    @given(counts.filter(lambda pair: pair[1] > 0), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
    def test_agrees_with_scipy(self, pair: tuple[int, int], confidence: float) -> None:
        k, n = pair
        theirs = binomtest(k, n).proportion_ci(confidence, method="wilson")
        found = wilson(k, n, confidence)
        assert found == (pytest.approx(theirs.low, abs=1e-9), pytest.approx(theirs.high, abs=1e-9))

    @given(counts.filter(lambda pair: pair[1] > 0))
    def test_holds_the_share_and_mirrors(self, pair: tuple[int, int]) -> None:
        k, n = pair
        found, mirrored = wilson(k, n), wilson(n - k, n)
        assert found is not None and mirrored is not None
        assert 0 <= found[0] <= k / n <= found[1] <= 1
        assert found[0] < found[1]
        assert found[0] == pytest.approx(1 - mirrored[1], abs=1e-12)

    def test_more_people_narrow_it(self) -> None:
        widths = [
            high - low for low, high in filter(None, (wilson(n // 2, n) for n in (4, 40, 400)))
        ]
        assert widths == sorted(widths, reverse=True)


class TestShare:
    def test_values(self) -> None:
        share = Share(43, 101)
        assert share.share == pytest.approx(43 / 101)
        assert share.percent == 43
        assert (share.low, share.high) == wilson(43, 101)

    def test_nobody_to_count(self) -> None:
        share = Share(0, 0)
        assert (share.share, share.percent, share.low, share.high) == (None, None, None, None)

    @pytest.mark.parametrize(
        ("n", "base", "percent"), [(1, 8, 13), (1, 200, 1), (1, 201, 0), (0, 9, 0), (9, 9, 100)]
    )
    def test_halves_round_up(self, n: int, base: int, percent: int) -> None:
        assert Share(n, base).percent == percent

    @pytest.mark.parametrize(("n", "base"), [(2, 1), (-1, 4), (1, 0)])
    def test_more_than_all(self, n: int, base: int) -> None:
        with pytest.raises(ValueError, match=f"{n} of {base}"):
            Share(n, base)


class TestSentence:
    @pytest.mark.parametrize(
        ("n", "base", "said"),
        [
            (43, 101, "Of 101 parents, 43 (43 %, 95 % interval 33-52 %) mention Judged."),
            (1, 40, "Of 40 parents, 1 (3 %, 95 % interval 0-13 %) mentions Judged."),
            (0, 20, "Of 20 parents, none (0 %, 95 % interval 0-16 %) mentions Judged."),
            (20, 20, "Of 20 parents, all (100 %, 95 % interval 84-100 %) mention Judged."),
            (1, 900, "Of 900 parents, 1 (under 1 %, 95 % interval 0-1 %) mentions Judged."),
            (899, 900, "Of 900 parents, 899 (over 99 %, 95 % interval 99-100 %) mention Judged."),
            (5, 10, "Of 10 parents, 5 (50 %, 95 % interval 24-76 %) mention Judged."),
            (4, 7, "4 of 7 parents mention Judged."),
            (1, 7, "1 of 7 parents mentions Judged."),
            (0, 9, "None of 9 parents mentions Judged."),
            (3, 3, "All of 3 parents mention Judged."),
            (1, 1, "1 of 1 parents mentions Judged."),
            (0, 0, "There are no parents to count for Judged."),
        ],
    )
    def test_reads_well(self, n: int, base: int, said: str) -> None:
        assert sentence(Share(n, base), "Judged", people="parents") == said

    def test_people_are_respondents_unless_told(self) -> None:
        assert sentence(Share(2, 5), "Judged") == "2 of 5 respondents mention Judged."

    @given(counts)
    def test_small_groups_get_no_percentage(self, pair: tuple[int, int]) -> None:
        said = sentence(Share(*pair), "Judged")
        assert ("%" in said) is (pair[1] >= 10)
        assert said.endswith(".") and "!" not in said


pairs = st.tuples(counts, counts).filter(lambda two: two[0][1] > 0 and two[1][1] > 0)


class TestNewcombe:
    @pytest.mark.parametrize(
        ("k1", "n1", "k2", "n2", "low", "high"),
        [
            (56, 70, 48, 80, 0.0524, 0.3339),
            (9, 10, 3, 10, 0.1705, 0.8090),
            (6, 7, 2, 7, 0.0582, 0.8062),
            (5, 56, 0, 29, -0.0381, 0.1926),
            (0, 10, 0, 20, -0.1611, 0.2775),
            (0, 10, 0, 10, -0.2775, 0.2775),
            (10, 10, 0, 20, 0.6791, 1.0),
            (10, 10, 0, 10, 0.6075, 1.0),
        ],
    )
    def test_published_examples(
        self, k1: int, n1: int, k2: int, n2: int, low: float, high: float
    ) -> None:
        """Newcombe (1998), Statistics in Medicine 17, 873-890, Table II, method 10."""
        found = newcombe(k1, n1, k2, n2)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
        assert found.difference == pytest.approx(k1 / n1 - k2 / n2)

    def test_an_empty_group_says_nothing(self) -> None:
        assert newcombe(0, 0, 3, 4) is None
        assert newcombe(3, 4, 0, 0) is None

    @given(pairs, st.sampled_from([0.8, 0.95, 0.99]))
    def test_agrees_with_bounds_from_scipy(
        self, two: tuple[tuple[int, int], tuple[int, int]], confidence: float
    ) -> None:
        """A second way: move each share to its bound in the direction of the difference."""
        (k1, n1), (k2, n2) = two
        one, other = (binomtest(k, n).proportion_ci(confidence, method="wilson") for k, n in two)
        p1, p2 = k1 / n1, k2 / n2
        found = newcombe(k1, n1, k2, n2, confidence)
        assert found is not None
        assert found.low == pytest.approx(
            p1 - p2 - abs(complex(p1 - one.low, other.high - p2)), abs=1e-9
        )
        assert found.high == pytest.approx(
            p1 - p2 + abs(complex(one.high - p1, p2 - other.low)), abs=1e-9
        )

    @given(pairs)
    def test_mirrors_and_holds_the_difference(
        self, two: tuple[tuple[int, int], tuple[int, int]]
    ) -> None:
        (k1, n1), (k2, n2) = two
        found, other = newcombe(k1, n1, k2, n2), newcombe(k2, n2, k1, n1)
        assert found is not None and other is not None
        assert -1 <= found.low <= found.difference <= found.high <= 1
        assert (found.low, found.high) == pytest.approx((-other.high, -other.low))

    def test_points_are_whole(self) -> None:
        found = newcombe(1, 8, 2, 8)
        assert found is not None
        assert found.points == (-13, -48, 26)


class TestCompareSentence:
    people = ("parents", "young people")

    def test_which_side_has_more(self) -> None:
        said = compare_sentence(Share(48, 80), Share(56, 70), "Waiting", people=self.people)
        assert said == (
            "48 of 80 parents (60 %) and 56 of 70 young people (80 %) mention Waiting: "
            "20 percentage points more among the second, 95 % interval 5 to 33."
        )

    def test_small_groups_and_overlapping_ones_get_no_interval(self) -> None:
        said = compare_sentence(Share(4, 7), Share(20, 40), "Waiting", people=self.people)
        assert said == "4 of 7 parents and 20 of 40 young people (50 %) mention Waiting."
        said = compare_sentence(
            Share(40, 80), Share(20, 40), "Waiting", people=self.people, interval=False
        )
        assert said.endswith("(50 %) mention Waiting.")

    def test_no_difference_and_one_point(self) -> None:
        said = compare_sentence(Share(40, 80), Share(20, 40), "Waiting", people=self.people)
        assert "no difference in whole percentage points, 95 % interval -18 to 18" in said
        said = compare_sentence(Share(51, 100), Share(50, 100), "Waiting", people=self.people)
        assert "1 percentage point more among the first" in said

    def test_nobody(self) -> None:
        said = compare_sentence(Share(1, 10), Share(0, 0), "Waiting", people=self.people)
        assert said == "There are no young people to count for Waiting."

"""Alpha for unitizing, and the units that codings are cut into."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.summarise.agreement_figures import Asked, figures_of
from pipelines.summarise.agreement_units import Placed, make_ratings, squared_lengths
from pipelines.summarise.unitizing import joined, unitizing_alpha
from workbench.domain.agreement import CodeAgreement

BOOK = {
    "Alex": [(1, 7), (8, 13), (31, 32), (33, 37), (38, 44), (45, 60)],
    "Paul": [(1, 7), (8, 13), (14, 21), (33, 44)],
    "Suzan": [(1, 7), (8, 13), (14, 21), (33, 37), (38, 41), (42, 44)],
}
"""K. Krippendorff (2019), Content analysis, 4th edition, figure 12.11: first and last places."""


def by_character(
    spans: list[list[tuple[int, int]]], length: int, *, n_resamples: int = 0
) -> CodeAgreement:
    """Compare coders of one code on one text."""
    codings = [Placed(0, coder, 0, *span) for coder, own in enumerate(spans) for span in own]
    texts = ["x" * length]
    done = np.ones((1, len(spans)), dtype=bool)
    ratings = make_ratings(codings, done, 1, unit="character", texts=texts)
    squares = squared_lengths(codings, texts, 1)
    asked = Asked([str(coder) for coder in range(len(spans))], [(1, "It")], squares=squares,
                  n_resamples=n_resamples)  # fmt: skip
    return figures_of(ratings, asked)[1][0]


def test_krippendorffs_three_observers() -> None:
    """Section 12.6.4 gives 0.413 (and cuts off what follows)."""
    spans = [[(first - 1, last) for first, last in own] for own in BOOK.values()]
    row = by_character(spans, 60)
    assert row.figures["unitizing_alpha"].value == pytest.approx(0.4136, abs=1e-4)
    assert row.applied == (43, 33, 33) and row.n_units == 60


def test_the_same_spans_are_one_and_none_are_nothing() -> None:
    assert by_character([[(2, 9)], [(2, 9)]], 20).figures["unitizing_alpha"].value == 1.0
    nothing = by_character([[], []], 20).figures["unitizing_alpha"]
    assert nothing.value is None and nothing.why_not == "nobody applied the code"
    everything = by_character([[(0, 20)], [(0, 20)]], 20).figures["unitizing_alpha"]
    assert everything.value is None and "everybody" in everything.why_not


def test_spans_put_down_by_chance_score_about_nought() -> None:
    random = np.random.default_rng(2)
    found = []
    for _ in range(30):
        spans = []
        for _ in range(2):
            starts = np.cumsum(random.integers(60, 400, 80))
            spans.append([(int(s), int(s + random.integers(20, 60))) for s in starts])
        found.append(by_character(spans, 20_000).figures["unitizing_alpha"].value)
    assert abs(float(np.mean(found))) < 0.02


def test_units_of_many_characters_vary_less_than_characters() -> None:
    """A span cannot meet itself by chance: alpha for unitizing lies above that of characters."""
    row = by_character([[(10, 30)], [(20, 30)]], 100)
    assert row.figures["unitizing_alpha"].value > row.figures["alpha"].value


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda pair: (pair[0], sum(pair))),
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(spans, spans, st.integers(60, 70))
def test_characters_are_counted_as_if_one_by_one(
    first: list[tuple[int, int]], second: list[tuple[int, int]], length: int
) -> None:
    row = by_character([first, second], length)
    marks = np.zeros((2, length), dtype=int)
    squares = 0
    for coder, own in enumerate((first, second)):
        for start, end in own:
            marks[coder, start:end] = 1
        squares += sum((end - start) ** 2 for start, end in joined(own))
    assert row.applied == tuple(marks.sum(1))
    assert row.n_agreed == (marks[0] == marks[1]).sum()
    j = marks.sum(0)
    expected = unitizing_alpha((2 * j * (2 - j)).sum(), j.sum(), 2 * length, squares).item()
    found = row.figures["unitizing_alpha"].value
    assert (found is None) == bool(np.isnan(expected))
    assert found is None or found == pytest.approx(expected)


TEXTS = ["She left. Why?\nNobody knows", "میں نے فون کیا۔ کسی نے؟", "One 😀 word"]


def sentences_with(*codings: Placed) -> list[list[int]]:
    done = np.ones((3, 2), dtype=bool)
    ratings = make_ratings(codings, done, 1, unit="sentence", texts=TEXTS)
    assert ratings.document.tolist() == [0, 0, 0, 1, 1, 2]
    return [np.flatnonzero(ratings.applied[:, coder, 0]).tolist() for coder in (0, 1)]


def test_a_code_applies_to_every_sentence_that_it_touches() -> None:
    assert sentences_with(Placed(0, 0, 0, 4, 12)) == [[0, 1], []]
    assert sentences_with(Placed(0, 1, 0, 9, 10)) == [[], []]  # a blank between two
    assert sentences_with(Placed(0, 0, 0, 13, 14), Placed(1, 1, 0, 0, 2)) == [[1], [3]]
    assert sentences_with(Placed(1, 0, 0), Placed(2, 1, 0, 4, 5)) == [[3, 4], [5]]
    assert sentences_with(Placed(1, 0, 0, 22, 23)) == [[4], []]


def test_documents_do_not_run_into_each_other() -> None:
    whole = sentences_with(Placed(0, 0, 0, 0, len(TEXTS[0])), Placed(2, 1, 0, 0, 1))
    assert whole == [[0, 1, 2], [5]]


def test_a_whole_document_is_one_unit() -> None:
    done = np.ones((3, 2), dtype=bool)
    codings = [Placed(0, 0, 0, 0, 2), Placed(0, 0, 0, 3, 5), Placed(2, 1, 0)]
    ratings = make_ratings(codings, done, 1, unit="document", texts=TEXTS)
    assert ratings.applied[:, :, 0].tolist() == [[True, False], [False, False], [False, True]]


def test_words_run_together_with_stops_of_other_scripts_are_parted() -> None:
    from pipelines.summarise.sentences import sentences

    texts = ["کیا۔کسی نے", "هل هذا جيد؟ نعم", "क्या। हाँ", "3.5 times", " \n ", "Wait?! Yes."]
    cut = [[text[start:end] for start, end in found]
           for text, found in zip(texts, sentences(texts), strict=True)]  # fmt: skip
    assert cut == [
        ["کیا۔", "کسی نے"], ["هل هذا جيد؟", "نعم"], ["क्या।", "हाँ"], ["3.5 times"], [],
        ["Wait?!", "Yes."],
    ]  # fmt: skip

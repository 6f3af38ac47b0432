"""What figures of agreement are called, and the sentences that say them."""

from __future__ import annotations

import pytest

from workbench.domain import agreement
from workbench.domain.agreement import CodeAgreement, Figure, say

ANA_BEN = ["Ana", "Ben"]


def item(agreed: int, n: int, applied: tuple[int, ...], **figures: Figure) -> CodeAgreement:
    return CodeAgreement(1, "Access / Judged", n, agreed, applied, (n,) * len(applied), figures)


def test_every_figure_has_a_title_and_a_source() -> None:
    assert set(agreement.TITLES) == set(agreement.SOURCES)


def test_a_common_code_is_said_without_cautions() -> None:
    found = item(80, 100, (50, 40), cohen_kappa=Figure(0.6, 0.4, 0.75), ac1=Figure(0.61))
    assert say(found, ANA_BEN, unit="sentence", n_documents=40) == (
        "Ana and Ben agree on Access / Judged in 80 of 100 sentences; corrected for chance, kappa "
        "is 0.60 (95 % interval 0.40 to 0.75)."
    )


def test_three_coders_hear_of_alpha() -> None:
    found = item(41, 50, (20, 22, 19), alpha=Figure(0.7, 0.5, 0.9), cohen_kappa=Figure(None))
    said = say(found, [*ANA_BEN, "Cem"], unit="answer", n_documents=50)
    assert said.startswith(
        "Ana, Ben and Cem agree on Access / Judged in 41 of 50 answers; corrected"
    )
    assert "alpha is 0.70" in said


@pytest.mark.parametrize(
    ("applied", "n", "part"),
    [
        ((0, 0), 50, "Nobody applied Access / Judged in 50 answers"),
        ((50, 50), 50, "applied Access / Judged to all 50 answers"),
        ((0, 0), 0, "have done no answer in common yet"),
        ((0, 5), 50, "Ana never applied it."),
        ((2, 1), 50, "The code is rare (3 %), which pulls kappa down."),
        ((49, 50), 50, "The code is nearly everywhere (99 %)"),
    ],
)
def test_cautions(applied: tuple[int, ...], n: int, part: str) -> None:
    assert part in say(item(45, n, applied), ANA_BEN, unit="answer", n_documents=30)


def test_few_documents_are_mentioned_and_what_is_not_defined_says_why() -> None:
    found = item(3, 4, (1, 2), cohen_kappa=Figure(None, why_not="the moon is full"))
    said = say(found, ANA_BEN, unit="sentence", n_documents=1)
    assert "kappa is not defined, since the moon is full." in said
    assert "It rests on 1 document: one more could change it much." in said


def test_no_verdict_is_given_without_its_source() -> None:
    for word in ("substantial", "moderate", "almost perfect"):
        said = say(item(80, 100, (50, 40), cohen_kappa=Figure(0.9)), ANA_BEN, n_documents=99)
        assert word not in said and word in agreement.CONVENTION
    assert "Landis and Koch (1977)" in agreement.CONVENTION


def test_figures_as_values() -> None:
    assert Figure(None, why_not="so").as_dict() == {
        "value": None, "low": None, "high": None, "why_not": "so", "no_interval": "",
    }  # fmt: skip
    assert item(1, 2, (1, 1)).share == 0.5 and not item(1, 2, (1, 1)).is_rare
    assert CodeAgreement(None, "x", 0, 0, (), ()).share is None

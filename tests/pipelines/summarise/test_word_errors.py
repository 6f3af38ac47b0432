"""Words of a machine held against checked ones."""

from __future__ import annotations

import pytest

from pipelines.summarise.word_errors import word_errors
from workbench.domain.equity import words_of


@pytest.mark.parametrize(
    ("machine", "checked", "counts"),
    [
        ("She listened.", "she listened", (2, 0, 0, 0)),
        ("she listens to me", "she listened to me", (3, 1, 0, 0)),
        ("she to me", "she listened to me", (3, 0, 1, 0)),
        ("thank you she listened", "she listened", (2, 0, 0, 2)),
        ("she said", "", (0, 0, 0, 2)),
        ("", "she said", (0, 0, 2, 0)),
        ("", "", (0, 0, 0, 0)),
        ("she muttered words", "she [inaudible]", (1, 0, 0, 2)),
    ],
)
def test_words_are_counted(machine: str, checked: str, counts: tuple[int, ...]) -> None:
    found = word_errors(machine, checked)
    assert (found.kept, found.substituted, found.deleted, found.inserted) == counts
    assert found.machine_words == len(words_of(machine))
    assert found.checked_words == len(words_of(checked))


def test_the_rate_is_the_one_that_jiwer_gives() -> None:
    import jiwer

    machine, checked = "he came round and he was kind of late", "she came around and was kind to me"
    found = word_errors(machine, checked)
    assert found.errors / found.checked_words == jiwer.wer(checked, machine)
    plain = word_errors("abcd", "abxd")
    assert (plain.character_errors, plain.characters) == (1, 4)

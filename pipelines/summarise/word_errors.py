"""Word errors: a machine's text held against the one that a person has checked.

In: two texts. Out: how many words were kept, substituted, deleted and inserted, counted by jiwer
over the words of `domain/equity.py`; and the same by character.
"""

from __future__ import annotations

from workbench.domain.equity import WordErrors, words_of


def word_errors(machine: str, checked: str) -> WordErrors:
    """Count how a machine's text differs from the checked one.

    The alignment is the one with the fewest changes (Levenshtein). Word error rate is
    ``errors / checked_words`` and may be above 1.

    Examples
    --------
    >>> found = word_errors("she listen to us us", "She listened to us, really.")
    >>> found.substituted, found.deleted, found.inserted, found.kept
    (2, 0, 0, 3)
    """
    heard, meant = words_of(machine), words_of(checked)
    kept, substituted, deleted, inserted = _aligned(heard, meant)
    letters, real = "".join(heard), "".join(meant)
    _, *changes = _aligned(tuple(letters), tuple(real))
    return WordErrors(kept, substituted, deleted, inserted, sum(changes), len(real))


def _aligned(heard: tuple[str, ...], meant: tuple[str, ...]) -> tuple[int, int, int, int]:
    if not heard or not meant or heard == meant:
        same = len(meant) if heard == meant else 0
        return same, 0, len(meant) - same, len(heard) - same
    import jiwer

    as_given = jiwer.Compose([jiwer.ReduceToListOfListOfWords()])
    found = jiwer.process_words(
        " ".join(meant), " ".join(heard),
        reference_transform=as_given, hypothesis_transform=as_given,
    )  # fmt: skip
    return found.hits, found.substitutions, found.deletions, found.insertions

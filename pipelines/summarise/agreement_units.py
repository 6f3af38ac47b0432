"""From codings to units: what each coder applied to each document, sentence or character.

In: documents, who has done them, and codings. Out: `Ratings`, and what unitizing needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.summarise.agreement import Array
from pipelines.summarise.agreement_sums import Ratings
from pipelines.summarise.sentences import sentences
from pipelines.summarise.unitizing import Span, joined
from workbench.domain.agreement import Unit


class Placed(NamedTuple):
    """A coding: places of its document, coder and code, and its span (None: the whole text).

    A coding that is not placed applies to its document; nobody knows where in it.
    """

    document: int
    coder: int
    code: int
    start: int | None = None
    end: int | None = None
    is_placed: bool = True


def make_ratings(
    codings: Sequence[Placed],
    done: npt.NDArray[np.bool_],
    n_codes: int,
    *,
    unit: Unit,
    texts: Sequence[str],
) -> Ratings:
    """Cut documents into units and say what was applied to them.

    Parameters
    ----------
    done
        (D, K): who has done which document.
    texts
        Of each document; for whole documents they are not looked at.
    """
    n_documents, n_coders = done.shape
    if unit == "document":
        applied = np.zeros((n_documents, n_coders, n_codes), dtype=bool)
        for coding in codings:
            applied[coding.document, coding.coder, coding.code] = True
        return Ratings(applied, np.arange(n_documents), np.ones(n_documents), done)
    pieces = list(sentences(texts)) if unit == "sentence" else _stretches(codings, texts)
    document = np.repeat(np.arange(n_documents), [len(part) for part in pieces])
    spans = np.array([span for part in pieces for span in part], dtype=np.intp).reshape(-1, 2)
    # Documents are laid end to end, one apart, so that one search places all codings.
    lengths = np.array([len(text) + 1 for text in texts], dtype=np.intp)
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
    applied = np.zeros((len(spans), n_coders, n_codes), dtype=bool)
    starts, ends = spans[:, 0] + begins[document], spans[:, 1] + begins[document]
    for coding in codings:
        here = begins[coding.document]
        low, high = _ends(coding, texts)
        first = np.searchsorted(ends, here + low, side="right")
        last = np.searchsorted(starts, here + high, side="left")
        applied[first:last, coding.coder, coding.code] = True
    weight = (
        np.ones(len(spans)) if unit == "sentence" else (spans[:, 1] - spans[:, 0]).astype(float)
    )
    return Ratings(applied, document, weight, done)


def squared_lengths(codings: Sequence[Placed], texts: Sequence[str], n_codes: int) -> Array:
    """Sum the squared lengths of all coders' spans, (D, C); overlapping ones of one are joined."""
    own: dict[tuple[int, int, int], list[Span]] = {}
    for coding in codings:
        own.setdefault(coding[:3], []).append(_ends(coding, texts))
    total = np.zeros((len(texts), n_codes))
    for (document, _, code), spans in own.items():
        total[document, code] += sum((end - start) ** 2 for start, end in joined(spans))
    return total


def _ends(coding: Placed, texts: Sequence[str]) -> Span:
    if coding.start is None or coding.end is None:
        return 0, len(texts[coding.document])
    return coding.start, coding.end


def _stretches(codings: Sequence[Placed], texts: Sequence[str]) -> list[list[Span]]:
    """Cut each text wherever a coding begins or ends: between two cuts all characters are alike."""
    cuts = [{0, len(text)} for text in texts]
    for coding in codings:
        cuts[coding.document].update(_ends(coding, texts))
    ordered = [sorted(edges) for edges in cuts]
    return [list(pairwise(edges)) for edges in ordered]

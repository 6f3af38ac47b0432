"""A participant's words as HTML: each line in its own direction, with what is coded marked in it.

In: a text, or the beginning of one, and marks in code points. Out: HTML in which every text is
escaped, and the codes of the text as a list beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from workbench.domain.codings import Code
from workbench.domain.palette import CodeLook
from workbench.domain.text import blocks
from workbench.services.surveys.respondents import Mark

MOST_LINES = 3
"""Underlines drawn below one word; more codes than that are told by the list only."""

FIRST_PX, STEP_PX = 3, 4
"""How far below the words the first underline is, and each further one below it."""


def said_html(
    text: str, marks: Sequence[Mark], looks: Mapping[int, CodeLook], *, cut: bool = False
) -> str:
    """Write a text, or its beginning when `cut`, with its coded words underlined."""
    placed = [mark for mark in marks if mark.start is not None and not mark.flagged]
    lines = blocks(text)
    written = [
        f'<p class="said" dir="auto">{_line(block.start, block.text, placed, looks)}'
        f"{' ...' if cut and block is lines[-1] else ''}</p>"
        for block in lines
    ]
    return "".join(written)


def codes_html(
    marks: Sequence[Mark], codes: Mapping[int, Code], looks: Mapping[int, CodeLook]
) -> str:
    """List the codes of a text in the order of their words, with who gave them."""
    found: dict[tuple[int, str], list[str]] = {}
    for mark in marks:
        coders = found.setdefault((mark.code_id, _kind(mark)), [])
        if mark.coder not in coders:
            coders.append(mark.coder)
    items = [
        f'<li style="{_colours(looks.get(code_id))}">'
        f'<span class="code-name" style="text-decoration-style: {_style(looks.get(code_id))}">'
        f"{escape(_name(codes, code_id))}</span>"
        f' <span class="by">{escape(kind)}{escape(", ".join(coders))}</span></li>'
        for (code_id, kind), coders in found.items()
    ]
    return f'<ul class="codes">{"".join(items)}</ul>' if items else ""


def memos_html(marks: Sequence[Mark], codes: Mapping[int, Code]) -> str:
    """List the memos on the codings of a text."""
    return "".join(
        f'<p class="extract-memo" dir="auto">{escape(_name(codes, mark.code_id))}, '
        f"{escape(mark.coder)}: {escape(mark.memo)}</p>"
        for mark in marks
        if mark.memo
    )


def _kind(mark: Mark) -> str:
    if mark.flagged:
        return "to be placed again, "
    return "the whole text, " if mark.start is None else ""


def _name(codes: Mapping[int, Code], code_id: int) -> str:
    return codes[code_id].name if code_id in codes else "code"


def _line(start: int, text: str, marks: Sequence[Mark], looks: Mapping[int, CodeLook]) -> str:
    """Write one line: `marks` are of the whole text, sorted by where they begin."""
    near = [
        mark
        for mark in marks
        if mark.start is not None
        and mark.end is not None
        and mark.start < start + len(text)
        and mark.end > start
    ]
    return "".join(
        _marked(text[low:high], over, looks) for low, high, over in _pieces(start, text, near)
    )


def _pieces(start: int, text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, list[Mark]]]:
    """Cut a line wherever a mark begins or ends: offsets within it, and the marks over each."""
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for mark in marks:
        opening.setdefault(max(0, (mark.start or 0) - start), []).append(mark)
        closing.setdefault(min(len(text), (mark.end or 0) - start), []).append(mark)
    edges = sorted({0, len(text), *opening, *closing})
    over: list[Mark] = []
    for low, high in pairwise(edges):
        gone = closing.get(low, ())
        over = [mark for mark in over if not any(mark is other for other in gone)]
        over += opening.get(low, ())
        yield low, high, list(over)


def _marked(words: str, over: Sequence[Mark], looks: Mapping[int, CodeLook]) -> str:
    """Wrap words in one underline for each code over them."""
    html = escape(words)
    given = list(dict.fromkeys(mark.code_id for mark in over))
    for depth, code_id in enumerate(given[:MOST_LINES]):
        look = looks.get(code_id)
        html = (
            f'<span class="coded" style="{_colours(look)}; text-decoration-style: {_style(look)}; '
            f'text-underline-offset: {FIRST_PX + depth * STEP_PX}px">{html}</span>'
        )
    return html


def _colours(look: CodeLook | None) -> str:
    light, dark = (look.light, look.dark) if look else ("#52606D", "#A7B0B8")
    return f"--code: light-dark({light}, {dark})"


def _style(look: CodeLook | None) -> str:
    return look.style if look else "solid"

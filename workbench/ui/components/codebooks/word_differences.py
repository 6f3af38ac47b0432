"""Texts of a code, old and new beside each other, with the words that differ marked.

In: parts of both texts. Out: HTML, with everything that people wrote escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workbench.domain.codebook_diff import FIELDS
from workbench.domain.side_by_side import Part

Parts = Sequence[Part]
TITLES = {"include": "use it for", "exclude": "do not use it for"}
"""As the form of a code calls them."""


def sides_html(
    field: str, old: Parts | None, new: Parts, *, heads: tuple[str, str], unknown: str = ""
) -> str:
    """Write one text of a code, such as its definition, as it was and as it is.

    Parameters
    ----------
    heads
        What stands above the old and above the new text.
    unknown
        What to say where nobody knows the old one.
    """
    was = f'<p class="quiet">{escape(unknown)}</p>' if old is None else _text(old, "del")
    return (
        f'<section class="changed"><p class="changed-who">{_title(field)}</p>'
        f'<div class="sides"><div><p class="quiet">{escape(heads[0])}</p>{was}</div>'
        f'<div><p class="quiet">{escape(heads[1])}</p>{_text(new, "ins")}</div></div></section>'
    )


def text_html(field: str, parts: Parts) -> str:
    """Write one text of a code that is the same on both sides."""
    return (
        f'<section class="changed"><p class="changed-who">{_title(field)} (unchanged)</p>'
        f"{_text(parts, 'ins')}</section>"
    )


def _title(field: str) -> str:
    name = TITLES.get(field, FIELDS[field])
    return escape(name[0].upper() + name[1:])


def _text(parts: Parts, mark: str) -> str:
    if not any(part.text for part in parts):
        return '<p class="quiet">(nothing)</p>'
    words = "".join(
        f"<{mark}>{escape(part.text)}</{mark}>" if part.differs else escape(part.text)
        for part in parts
    )
    return f'<p class="code-text" dir="auto">{words}</p>'

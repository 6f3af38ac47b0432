"""Extracts as a list to read: the participant's words, whose they are, and what they are coded.

In: extracts and the looks of codes. Out: HTML in which every text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code
from workbench.domain.extracts import Extract
from workbench.domain.palette import CodeLook, code_look
from workbench.domain.words import sentence
from workbench.services.coding.extracts import PLACE_AGAIN, readable_date

MAX_SHOWN = 2_000
"""Characters of one quote on the page. The whole of it is in the coding page and in exports."""

PLAIN_COLOUR = "#52606D"
"""For a theme without a colour of its own."""


def looks(codes: Sequence[Code]) -> dict[int, CodeLook]:
    """Give how each code is drawn: its theme's colour in a tint, and a line style."""
    families: dict[int, list[int]] = {}
    for item in codes:
        families.setdefault(item.theme_id, []).append(item.id)
    colours = {item.id: item.colour or PLAIN_COLOUR for item in codes if item.depth == 0}
    return {
        item.id: code_look(
            item.colour or colours.get(item.theme_id, PLAIN_COLOUR),
            families[item.theme_id].index(item.id),
            0 if item.colour else len(families[item.theme_id]),
        )
        for item in codes
    }


def extract_html(extract: Extract, look: CodeLook | None, attributes: Sequence[str]) -> str:
    """Write one extract.

    Parameters
    ----------
    attributes
        Names of those that stand beside the respondent.
    """
    light, dark, style = (
        (look.light, look.dark, look.style) if look else (PLAIN_COLOUR, PLAIN_COLOUR, "solid")
    )
    parts = [
        f'<article class="extract" style="--code: light-dark({light}, {dark})">',
        f'<p class="extract-code"><span style="text-decoration-style: {style}">'
        f"{escape(format_path(extract.code_path))}</span></p>",
        f'<p class="said" dir="auto">{_words(extract)}</p>',
        f'<p class="quiet" dir="auto">{escape(_whose(extract, attributes))}</p>',
    ]
    if extract.translation:
        parts.append(
            f'<p class="translation" dir="auto"><span class="quiet">'
            f"{escape(sentence(extract.translation_status))}:</span> "
            f"{escape(extract.translation[:MAX_SHOWN])}</p>"
        )
    if extract.memo:
        parts.append(f'<p class="extract-memo" dir="auto">Memo: {escape(extract.memo)}</p>')
    parts += [f'<p class="warning">{escape(sentence(mark))}</p>' for mark in extract.marks]
    return "".join([*parts, "</article>"])


def _words(extract: Extract) -> str:
    told = extract.told_on
    quote, more = told[:MAX_SHOWN], len(told) - MAX_SHOWN
    before, after = _around(extract.before.lstrip()), _around(extract.after.rstrip())
    if more > 0:
        rest = f" ... {more:,} more characters, to be read in the coding page"
        return f'{before}{escape(quote)}<span class="around">{rest}</span>'
    return f"{before}{escape(quote)}{after}"


def _around(text: str) -> str:
    return f'<span class="around">{escape(text)}</span>' if text else ""


def _whose(extract: Extract, attributes: Sequence[str]) -> str:
    whole = extract.start is None and PLACE_AGAIN not in extract.marks
    scope = "the whole text" if whole else ""
    speaker = extract.speaker if extract.speaker != extract.respondent else ""
    known = [readable_date(extract.attributes.get(name, "")) for name in attributes]
    question = extract.question or extract.question_ref
    coded = f"coded by {extract.coder}, {readable_date(extract.created_at)}"
    starred = f"starred by {', '.join(extract.starred_by)}" if extract.starred_by else ""
    who = extract.respondent or extract.document
    parts = [who, speaker, *known, question, extract.short_time, scope, coded, starred]
    return " · ".join(part for part in parts if part)

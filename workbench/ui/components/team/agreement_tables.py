"""Agreement in tables: figures per code, all codes together, and what is taken for what.

In: what `agree` has worked out. Out: tables on the page, numbers to the right; names are escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.domain.agreement import SOURCES, TITLES, CodeAgreement, Figure, decimal, percent
from workbench.services.team.agree_results import Agreement, Confusion
from workbench.ui.components.words import line

IN_PERCENT = ("percent", "precision", "recall")
"""Shares; the others are coefficients."""
MAX_CODES = 12
"""Rows and columns of the table of what is taken for what: those that are mixed up most."""
NO_VALUE = "\u2013"
NO_INTERVAL = "no interval"
SHOWN_NAMES = 5


def figures_table(found: Agreement, rows: Sequence[CodeAgreement]) -> None:
    """Draw a line per code: counts, then each figure with its interval below."""
    names = [name for name in found.shown if name != "masi_alpha"]
    heads = ["Code" if found.by == "code" else "Theme", "Agreed",
             *(f"Applied by {coder}" for coder in found.coders),
             *(TITLES[name] for name in names)]  # fmt: skip
    top = "".join(
        f'<th scope="col"{_about(names, place - 2 - len(found.coders))}><bdi>{escape(head)}</bdi>'
        "</th>"
        for place, head in enumerate(heads)
    )
    with_intervals = any(
        figure.value is not None and not figure.no_interval
        for item in rows for figure in item.figures.values()
    )  # fmt: skip
    body = "".join(_line(item, names, with_intervals=with_intervals) for item in rows)
    st.html(
        '<div class="wide" tabindex="0" role="region" aria-label="Agreement by code">'
        f'<table class="surveys agreement"><thead><tr>{top}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    if reasons := _reasons(rows, names):
        line(f"No interval: {'; '.join(reasons)}.")


def _reasons(rows: Sequence[CodeAgreement], names: Sequence[str]) -> list[str]:
    """Say once, with their codes, why figures of the table have no interval."""
    found: dict[str, list[str]] = {}
    for item in rows:
        figures = [item.figures[name] for name in names if name in item.figures]
        for why in {figure.no_interval for figure in figures if figure.no_interval}:
            found.setdefault(why, []).append(item.name.rsplit(" / ", 1)[-1])
    return [f"{why} ({shortened(codes)})" for why, codes in sorted(found.items())]


def shortened(names: Sequence[str]) -> str:
    """List names, the first few of many."""
    rest = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" and {rest:,} more" if rest > 0 else "")


def _about(names: Sequence[str], place: int) -> str:
    return f' title="{escape(SOURCES[names[place]])}"' if 0 <= place < len(names) else ""


def _line(item: CodeAgreement, names: Sequence[str], *, with_intervals: bool) -> str:
    cells = [f"{item.n_agreed:,} of {item.n_units:,}", *(f"{n:,}" for n in item.applied)]
    cells += [_figure(item.figures.get(name), name, told=with_intervals) for name in names]
    return (
        f'<tr><th scope="row"><bdi>{escape(item.name)}</bdi></th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def _figure(figure: Figure | None, name: str, *, told: bool = True) -> str:
    """Write a figure, its interval below it, and that there is none unless no figure has one."""
    if figure is None:
        return NO_VALUE
    if figure.value is None:
        return f'<span title="{escape(figure.why_not)}">{NO_VALUE}</span>'
    interval = _interval(figure, name) if told or not figure.no_interval else ""
    return _value(figure, name) + (f'<span class="about">{interval}</span>' if interval else "")


def _value(figure: Figure, name: str) -> str:
    write = percent if name in IN_PERCENT else decimal
    return write(figure.value) if figure.value is not None else NO_VALUE


def _interval(figure: Figure, name: str) -> str:
    if figure.low is None or figure.high is None:
        return NO_INTERVAL if figure.no_interval else ""
    write = percent if name in IN_PERCENT else decimal
    return f"{write(figure.low).removesuffix(' %')} to {write(figure.high)}"


def overall_table(found: Agreement) -> None:
    """Draw all codes together: one line per figure, with what it is."""
    rows = []
    for name in found.shown:
        figure = found.overall.figures.get(name)
        if figure is None or figure.value is None:
            continue
        rows.append(
            f'<tr><th scope="row">{TITLES[name]}</th><td class="n">{_value(figure, name)}</td>'
            f'<td class="n">{_interval(figure, name)}</td><td>{escape(SOURCES[name])}</td></tr>'
        )
    caption = f"All {found.by}s together"
    st.html(
        f'<div class="wide" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="sizes agreement"><caption>{caption}</caption>'
        '<thead><tr><th scope="col">Figure</th><th scope="col" class="n">Value</th>'
        '<th scope="col" class="n">95 % interval</th><th scope="col">What it is</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    reasons = dict.fromkeys(item.no_interval for item in found.overall.figures.values())
    if told := "; ".join(filter(None, reasons)):
        line(f"No interval: {told}.")


def pairs_table(found: Agreement) -> None:
    """Draw percent agreement and Cohen's kappa of every two coders, over all codes."""
    rows = "".join(
        f'<tr><th scope="row"><bdi>{escape(pair.coders[0])}</bdi> and '
        f"<bdi>{escape(pair.coders[1])}</bdi></th>"
        + "".join(
            f'<td class="n">{_figure(pair.figures.get(name), name)}</td>'
            for name in ("percent", "cohen_kappa")
        )
        + "</tr>"
        for pair in found.overall.pairs
    )
    st.html(
        '<table class="sizes agreement"><caption>Two at a time</caption><thead><tr>'
        '<th scope="col">Coders</th><th scope="col" class="n">Percent agreement</th>'
        '<th scope="col" class="n">Cohen\'s kappa</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def confusion_table(found: Confusion) -> None:
    """Draw which codes are taken for each other: the darker, the more often."""
    kept = _kept(found)
    mixed = [found.counts[a][b] for a in kept for b in kept if a != b]
    most = max(mixed, default=0)
    top = "".join(f'<th scope="col"><bdi>{escape(_short(found.codes[b]))}</bdi></th>' for b in kept)
    body = "".join(
        f'<tr><th scope="row"><bdi>{escape(found.codes[a])}</bdi></th>'
        + "".join(_heat(found.counts[a][b], most, same=a == b) for b in kept)
        + "</tr>"
        for a in kept
    )
    who = f"Rows: {found.coders[0]}. Columns: {found.coders[1]}."
    if len(found.coders) > 2:
        who = "Every two coders, in both orders."
    caption = f"{who} Number of {found.unit_word}s; on the diagonal both applied the code."
    st.html(
        f'<div class="wide" tabindex="0" role="region" aria-label="What is taken for what">'
        f'<table class="heat"><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _kept(found: Confusion) -> list[int]:
    """Keep the codes that are mixed up most, in the order of the codebook, and "no code"."""
    last = len(found.codes) - 1
    weight = {
        a: sum(found.counts[a][b] + found.counts[b][a] for b in range(last + 1) if b != a)
        for a in range(last)
    }
    chosen = sorted(weight, key=lambda a: -weight[a])[:MAX_CODES]
    return [*sorted(chosen), last]


def _short(name: str) -> str:
    return name.rsplit(" / ", 1)[-1]


def _heat(n: int, most: int, *, same: bool) -> str:
    if same or not n or not most:
        return f'<td class="same">{n:,}</td>' if same else '<td class="none">0</td>'
    strength = 8 + round(32 * n / most)  # text keeps 4.5:1 on it, light and dark
    return (
        f'<td style="background: color-mix(in srgb, var(--sw-accent) {strength}%, '
        f'var(--sw-surface))">{n:,}</td>'
    )

"""The team in tables: what a plan gives to whom, who has what, and who can be compared.

In: counts. Out: tables on the page, numbers to the right. Names are shown as they are, never as
HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from workbench.domain.palette import CodeLook
from workbench.services.team.allocate import Preview, Share
from workbench.services.team.team import Pair

APART = "padding-left: 1.6em; white-space: nowrap"
"""Of cells with numbers: people's names are longer than what stands below them."""

WAVY = "dotted"
"""A border has no waves; the words beside it say whose it is."""


def swatch(look: CodeLook) -> str:
    """Draw a coder's colour and line style, as their stripes have them."""
    style = WAVY if look.style == "wavy" else look.style
    return (
        "<span aria-hidden='true' style='display: inline-block; width: 1.6em; margin-right: 0.5em; "
        f"vertical-align: middle; border-top: 5px {style} light-dark({look.light}, {look.dark})'>"
        "</span>"
    )


def plan_table(plan: Preview, *, title: str) -> None:
    """Show what a plan gives to whom in each group, with what they have already."""
    people = list(dict.fromkeys((item.coder_id, item.coder) for item in plan.shares))
    by_place = {(item.stratum, item.coder_id): item for item in plan.shares}
    grouped = plan.strata not in ((), ("",))
    rows = [
        [
            escape(stratum or "All documents"),
            *(_share(by_place[stratum, key]) for key, _ in people),
        ]
        for stratum in plan.strata
    ]
    if grouped and len(rows) > 1:
        sums = [_summed([by_place[stratum, key] for stratum in plan.strata]) for key, _ in people]
        rows.append(["In all", *sums])
    _table("Group" if grouped else "", [name for _, name in people], rows, title)


def _share(share: Share) -> str:
    before = f" ({share.n_before:,} before)" if share.n_before else ""
    return f"{share.n_new:,}{before}"


def _summed(shares: Sequence[Share]) -> str:
    new, before = sum(item.n_new for item in shares), sum(item.n_before for item in shares)
    return _share(Share("", 0, "", new, before))


def held_table(
    held: Mapping[tuple[str, int], int], people: Sequence[tuple[int, str]], *, title: str
) -> None:
    """Show how many documents everybody has in each group."""
    groups = sorted({group for group, _ in held})
    rows = [
        [escape(group), *(f"{held.get((group, key), 0):,}" for key, _ in people)]
        for group in groups
    ]
    _table("Group", [name for _, name in people], rows, title)


def pair_table(pairs: Sequence[Pair]) -> None:
    """Show for every two people how many documents both have done."""
    rows = [
        [f"<bdi>{escape(item.one)}</bdi> and <bdi>{escape(item.other)}</bdi>", f"{item.n:,}"]
        for item in pairs
    ]
    _table("Two people", ["Documents done by both"], rows, "Ready for agreement")


def _table(corner: str, heads: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    top = "".join(
        f"<th scope='col' class='n' style='{APART}'><bdi>{escape(head)}</bdi></th>"
        for head in heads
    )
    body = "".join(
        f"<tr><th scope='row'><bdi>{row[0]}</bdi></th>"
        + "".join(f"<td class='n' style='{APART}'>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    first = f"<th scope='col'>{escape(corner)}</th>" if corner else "<td></td>"
    st.html(
        f"<table class='sizes'><caption>{escape(title)}</caption>"
        f"<thead><tr>{first}{top}</tr></thead><tbody>{body}</tbody></table>"
    )

"""Groups and how many respondents are in each, as a table; small ones are pointed out.

In: sizes of groups. Out: a table on the page. Values are shown as they are, never as HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.domain.words import readable_date
from workbench.services.surveys.attribute_traits import FEW, GroupSize
from workbench.services.surveys.groupings import NOT_STATED, UNSETTLED
from workbench.ui.components.words import count, line

SHOWN = 60
"""Longer lists are cut: an attribute with more values is not read as a table."""


def size_table(groups: Sequence[GroupSize], *, title: str) -> None:
    """Show groups with their sizes, and what bands hold in words."""
    words = any(group.words for group in groups)
    head = "<th scope='col'>Group</th>" + ("<th scope='col'>Holds</th>" if words else "")
    rows = "".join(_row(group, words=words) for group in groups[:SHOWN])
    st.html(
        f"<table class='sizes'><caption>{escape(title)}</caption><thead><tr>{head}"
        f"<th scope='col' class='n'>Respondents</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    if len(groups) > SHOWN:
        line(f"and {len(groups) - SHOWN:,} more")


def small_groups(groups: Sequence[GroupSize]) -> None:
    """Warn of groups that are so small that people may be recognised by them."""
    few = [group for group in groups if group.is_few and group.name not in (NOT_STATED, UNSETTLED)]
    if few:
        named = ", ".join(f"{readable_date(group.name)} ({group.n})" for group in few[:5])
        more = " and others" if len(few) > 5 else ""
        line(
            f"{count(len(few), 'group')} with fewer than {FEW} respondents, who may be recognised: "
            f"{named}{more}.",
            "warning",
        )


def _row(group: GroupSize, *, words: bool) -> str:
    quiet = " class='apart'" if group.name in (NOT_STATED, UNSETTLED) else ""
    holds = f"<td>{escape(group.words)}</td>" if words else ""
    return (
        f"<tr{quiet}><th scope='row'><bdi>{escape(readable_date(group.name))}</bdi></th>{holds}"
        f"<td class='n'>{group.n:,}</td></tr>"
    )

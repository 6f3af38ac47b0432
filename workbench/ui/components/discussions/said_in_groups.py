"""What a respondent said in focus groups: turn by turn, with what is coded, and the way there.

In: an opened respondent. Out: a section for each group in which they speak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import streamlit as st

from workbench.domain.codings import Code
from workbench.domain.palette import CodeLook
from workbench.domain.turns import short_clock
from workbench.services.coding.extracts import readable_date
from workbench.services.surveys.respondents import Mark, OpenRespondent, SaidInGroup, SaidTurn
from workbench.ui.components.coding.reading_links import to_coding
from workbench.ui.components.said import codes_html, said_html
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import count


def said_in_groups(
    found: OpenRespondent, codes: Mapping[int, Code], looks: Mapping[int, CodeLook]
) -> None:
    """Draw the sections; nothing where the respondent speaks in no group."""
    for item in found.discussions:
        marks = found.marks.get(item.document_id, [])
        with st.container(key=f"discussion_{item.document_id}", gap="small"):
            st.subheader(escape_markdown(_title(item)))
            turns = "".join(_turn(turn, marks, codes, looks) for turn in item.turns)
            whole = [mark for mark in marks if mark.start is None or mark.end is None]
            st.html(turns + codes_html(whole, codes, looks))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.html(f'<p class="quiet">{escape(_about(item))}</p>', width="content")
                key = f"to_group_{item.document_id}"
                if st.button("Open in coding", key=key, type="tertiary"):
                    to_coding(item.document_id)


def _title(item: SaidInGroup) -> str:
    return f"In the focus group {item.name}" + (f" ({item.series})" if item.series else "")


def _about(item: SaidInGroup) -> str:
    left = item.n_turns - len(item.turns)
    words = f"{count(item.n_turns, 'turn')}, {count(item.n_words, 'word')}"
    if left:
        words += f"; the last {left:,} are to be read in the coding page"
    return f"{words} · {readable_date(item.held_on)}" if item.held_on else words


def _turn(
    turn: SaidTurn,
    marks: Sequence[Mark],
    codes: Mapping[int, Code],
    looks: Mapping[int, CodeLook],
) -> str:
    """Write one turn, with the time at which it begins and its codes below."""
    time = "" if turn.start_ms is None else f'<p class="quiet">{short_clock(turn.start_ms)}</p>'
    said = said_html(turn.text, [_moved(mark, turn.start) for mark in marks], looks)
    return time + said + codes_html(_theirs(turn, marks), codes, looks)


def _moved(mark: Mark, by: int) -> Mark:
    if mark.start is None or mark.end is None:
        return mark
    return replace(mark, start=mark.start - by, end=mark.end - by)


def _theirs(turn: SaidTurn, marks: Sequence[Mark]) -> list[Mark]:
    """Keep the codings that touch a turn."""
    end = turn.start + len(turn.text)
    return [
        mark
        for mark in marks
        if mark.start is not None
        and mark.end is not None
        and mark.start < end
        and mark.end > turn.start
    ]

"""Focus groups: the list, who speaks in each, and who talks to whom.

In: the open study. Out: a list with how far coders have come; one group opened, with its figures
and its speakers, who can be settled here after the import; figures of all groups.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services.coding.extracts import readable_date
from workbench.services.discussions import interactions
from workbench.services.discussions.interactions import Listed
from workbench.ui import state
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.coding.reading_links import to_coding
from workbench.ui.components.discussions.speaker_settling import speaker_editor
from workbench.ui.components.discussions.talk_view import all_groups, one_group
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose_in_line
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import count, isolated, line

PARTS = {"talk": "Who talks to whom", "speakers": "Speakers and details"}
VIEWS = {"list": "List", "figures": "Figures of all groups"}
STATES = {"untouched": "not read", "in_progress": "begun", "done": "done"}
SHOWN = 25
"""Focus groups on one page of the list."""
WIDTHS = (4, 3, 2, 2, 2, 2, 5)
HEADS = ("Focus group", "Series", "Held on", "Words", "Turns", "Speakers", "Coding")
OPEN, OFFSET = "group", "talk_offset"


def empty() -> None:
    """Lead to the import while there is no focus group."""
    st.html(
        '<div class="empty"><p>There is no focus group yet. Import a transcript: subtitles (VTT, '
        "SRT), text, Word, ODT or PDF. Then say here who speaks in it, and see who talks to whom."
        "</p></div>"
    )
    if st.button("Import a transcript", type="primary"):
        _to_import()


def _to_import() -> None:
    state.keep("import_what", "Focus groups")
    go_to("import_survey")


def listed(groups: list[Listed]) -> None:
    """List the groups, a page at a time; each name opens its group."""
    first = int(state.get(OFFSET, 0))
    first = first if first < len(groups) else 0
    part = groups[first : first + SHOWN]
    words = sum(item.group.n_words for item in groups)
    with st.container(horizontal=True, vertical_alignment="center"):
        told = f"**{count(len(groups), 'focus group')}**, {count(words, 'word')}"
        st.markdown(told, width="content")
        if st.button("Import transcripts", icon=":material/upload_file:"):
            _to_import()
    with st.container(key="talk_list", gap=None):
        for place, cell in enumerate(st.columns(WIDTHS, vertical_alignment="center")):
            kind = "quiet figure" if 3 <= place <= 5 else "quiet"
            cell.html(f'<p class="{kind}">{HEADS[place]}</p>')
        for item in part:
            _row(item)
    _turn_pages(first, len(groups))


def _row(item: Listed) -> None:
    group = item.group
    cells = st.columns(WIDTHS, vertical_alignment="center")
    with cells[0]:
        st.button(escape_markdown(group.name), key=f"open_{group.id}", type="tertiary",
                  on_click=_open, args=(group.id,))  # fmt: skip
    day = readable_date(group.held_on) if group.held_on else ""
    for cell, text in zip(cells[1:3], (group.series, day), strict=True):
        cell.html(f'<p class="named"><bdi>{escape(text)}</bdi></p>')
    counted = (count(group.n_words, "word"), count(group.n_turns, "turn"),
               count(group.n_speakers, "speaker"))  # fmt: skip
    for cell, told in zip(cells[3:6], counted, strict=True):
        number, noun = told.split()
        cell.html(f'<p class="figure">{number}<span class="noun"> {noun}</span></p>')
    cells[6].html(f'<p class="quiet">{_progress(item)}</p>')


def _progress(item: Listed) -> str:
    """Say how far the reader and the others have come."""
    own = item.progress.own
    n_done = item.progress.n_done - (own == "done")
    n_begun = item.progress.n_begun - (own == "in_progress")
    parts = [f"{STATES[own]} by me"]
    parts += [f"{word} by {count(n, 'other')}"
              for word, n in (("done", n_done), ("begun", n_begun)) if n]  # fmt: skip
    return ", ".join(parts)


def _turn_pages(first: int, n: int) -> None:
    if n <= SHOWN:
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        for label, goal in (("Before", first - SHOWN), ("Next", first + SHOWN)):
            st.button(label, key=f"talk_{label}", disabled=not 0 <= goal < n, on_click=state.put,
                      args=(OFFSET, goal))  # fmt: skip
        st.markdown(f"{first + 1:,}-{min(first + SHOWN, n):,} of {n:,}", width="content")


def _open(key: int) -> None:
    state.remember_opened(OPEN, key)


def _close() -> None:
    state.forget(f"open_{OPEN}")
    st.query_params.pop(OPEN, None)


def opened(item: Listed) -> None:
    """Show one group: what it is, where it leads, and its figures."""
    group = item.group
    state.remember_opened(OPEN, group.id)
    st.button("All focus groups", icon=":material/arrow_back:", type="tertiary", on_click=_close)
    st.header(escape_markdown(group.name), anchor=False)
    about = [isolated(group.series) if group.series else "",
             readable_date(group.held_on) if group.held_on else "",
             count(group.n_words, "word"), count(group.n_speakers, "speaker"),
             _progress(item)]  # fmt: skip
    line(" · ".join(filter(None, about)))
    with st.container(horizontal=True):
        if st.button("Open in coding", icon=":material/edit_note:"):
            to_coding(group.id)
        if st.button("Themes of this group", icon=":material/grid_on:"):
            prepare_filter("themes", DocumentFilter(session_id=group.id))
            go_to("themes")
        if st.button("Extracts of this group", icon=":material/format_quote:"):
            prepare_filter("extracts", DocumentFilter(session_id=group.id))
            go_to("extracts")
    part = choose_in_line("Part", "talk_part", list(PARTS), words=PARTS.__getitem__,
                          show_label=False)  # fmt: skip
    if part == "talk":
        one_group(group.id)
    else:
        speaker_editor(group.id)


def draw() -> None:
    """Draw the page in reading order."""
    groups = interactions.list_discussions(*state.context().in_study())
    if not groups:
        empty()
        return
    key = state.opened(OPEN)
    chosen = next((item for item in groups if item.group.id == key), None)
    if chosen is not None:
        opened(chosen)
        return
    if choose_in_line("View", "talk_view", list(VIEWS), words=VIEWS.__getitem__,
                      show_label=False) == "list":  # fmt: skip
        listed(groups)
    else:
        all_groups()


st.title("Focus groups")
if state.context().study is None:
    empty()
else:
    draw()

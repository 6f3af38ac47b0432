"""Who talks to whom in one focus group, and in all of them: sentences, pictures, tables, files.

In: the focus group that is open, or all. Out: the figures on the page, with what they do not say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from workbench.domain.interactions_words import LIMITS, SOURCES, cautions, figure, in_words
from workbench.services.discussions import interactions, interactions_files
from workbench.services.discussions.interactions import TalkFigures
from workbench.services.discussions.interactions_files import PictureFormat, PictureKind, TalkFormat
from workbench.ui import state
from workbench.ui.components.discussions.talk_tables import (
    code_table,
    followed_table,
    group_figures,
    series_figures,
    speaker_figures,
)
from workbench.ui.components.remembered import choose, choose_in_line, keep, recall
from workbench.ui.components.style import escape
from workbench.ui.components.words import isolated, line

PICTURES: dict[PictureKind, str] = {
    "timeline": "Who speaks when",
    "speakers": "Words and turns",
}
TABLES: dict[TalkFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STRETCHES = (
    "A mention is here a coded stretch, whoever speaks in it; on the page Themes a stretch over "
    "the turns of several people is a mention of each."
)
IMAGES: dict[PictureFormat, str] = {"png": "image/png", "svg": "image/svg+xml"}


def one_group(document_id: int) -> None:
    """Show one focus group in reading order."""
    skip = bool(recall("talk_skip", False))
    found = interactions.talk_of_group(
        *state.context().in_study(), document_id, skip_facilitators=skip
    )
    if not found.found.n_turns:
        line("Nothing is said in this group.")
        return
    st.markdown(escape(" ".join(in_words(found.found, isolated))))
    for caution in cautions(found.found):
        line(caution, "warning")
    _picture(found)
    st.header("How much each says", anchor=False)
    speaker_figures(found)
    if found.found.inequality is not None:
        line(f"Inequality of participants' words: {figure(found.found.inequality)}. "
             f"{SOURCES['inequality']}")  # fmt: skip
    st.header("Who speaks after whom", anchor=False)
    st.checkbox("Look through facilitators: a participant follows the one before them",
                key=state.study_key("talk_skip"), on_change=_keep_skip)  # fmt: skip
    followed_table(found)
    if st.checkbox("Show this table as a picture, to take along",
                   key=state.study_key("talk_map")):  # fmt: skip
        _draw(found, "followed")
    _codes(found)
    _files(f"{found.group.name}", partial(_talk_file, found))
    _limits()


def _keep_skip() -> None:
    keep("talk_skip", bool(state.get("talk_skip")))


def _talk_file(found: TalkFigures, kind: TalkFormat) -> bytes:
    return interactions_files.talk_file(found, format=kind)


def _picture(found: TalkFigures) -> None:
    kind = choose_in_line("Picture", "talk_picture", list(PICTURES), words=PICTURES.__getitem__,
                          show_label=False)  # fmt: skip
    _draw(found, kind)


def _draw(found: TalkFigures, kind: PictureKind) -> None:
    """Draw a picture, and offer it as a file."""
    dark = st.context.theme.type == "dark"
    chart = interactions_files.picture(found, kind, dark=dark)
    if chart is None:
        return
    with st.container(key=f"talk_chart_{kind}"):
        st.altair_chart(chart, theme=None, width="content")
    with st.container(horizontal=True):
        for form, mime in IMAGES.items():
            st.download_button(
                f"Picture as {form.upper()}", key=f"talk_{kind}_{form}",
                data=partial(interactions_files.picture_file, found, kind, format=form),
                file_name=f"{kind}.{form}", mime=mime, on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _codes(found: TalkFigures) -> None:
    st.header("What comes up between people", anchor=False)
    if found.is_blind:
        line("This group is coded blindly: only your own codings are counted here until all who "
             "have it are done.", "warning")  # fmt: skip
    if not found.codes:
        line("No stretch of this group is coded yet.")
        return
    line("In exchanges: over turns of two or more participants. Question and answer: over turns of "
         "a facilitator and one participant. Codings of the whole group are left out.")  # fmt: skip
    line(STRETCHES)
    code_table(found.codes)


def all_groups() -> None:
    """Show all focus groups in figures, or those of one series."""
    place = state.context().in_study()
    known = list(dict.fromkeys(
        item.group.series for item in interactions.list_discussions(*place)
    ))  # fmt: skip
    names = ["All series", *(name or "No series" for name in known)]
    chosen = 0
    if len(known) > 1:
        chosen = choose("Series", "talk_series", list(range(len(names))),
                        words=names.__getitem__, width=240)  # fmt: skip
    series = known[chosen - 1] if chosen else None
    found = interactions.talk_across(*place, series=series)
    group_figures(found)
    for name in ("inequality", "share_among"):
        title = "Inequality" if name == "inequality" else "Among participants"
        line(f"{title}: {SOURCES[name]}")
    if len(known) > 1 and series is None:
        st.header("By series", anchor=False)
        series_figures(found)
    st.header("What comes up between people", anchor=False)
    if any(item.is_blind for item in found.groups):
        line("Of groups that are coded blindly, only your own codings are counted.", "warning")
    if found.codes:
        line(STRETCHES)
        code_table(found.codes, with_groups=True)
    else:
        line("No stretch of a focus group is coded yet.")
    _files("focus-groups", lambda kind: interactions_files.across_file(found, format=kind))
    _limits()


def _files(name: str, make: Callable[[TalkFormat], bytes]) -> None:
    with st.container(horizontal=True):
        for kind, mime in TABLES.items():
            st.download_button(
                f"Figures as {kind.upper()}",
                data=partial(make, kind),
                file_name=f"{_file_name(name)}.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def _file_name(name: str) -> str:
    """Keep of a name what every system takes in the name of a file."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    return kept[:60].strip("-") or "focus-group"


def _limits() -> None:
    with st.expander("What these figures do not say"):
        for text in LIMITS:
            st.markdown(escape(text))

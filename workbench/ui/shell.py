"""The frame of every screen: who, which study, which page; and the one place that catches errors.

In: a browser session. Out: the sidebar and the page, or a message that says what to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit import net_util
from streamlit.navigation.page import StreamlitPage

from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.codebooks import rereview
from workbench.services.coding import place_again
from workbench.services.opening import Database
from workbench.ui import libraries, state
from workbench.ui.boundary import errors_shown
from workbench.ui.components.guided_visit import guided_visit
from workbench.ui.components.help_entry import help_entry
from workbench.ui.components.mend import mend_page
from workbench.ui.components.no_study import no_study
from workbench.ui.components.read_only import read_only_notice
from workbench.ui.components.style import apply_style, escape
from workbench.ui.paths import page_path

NAME = "SpeakOut Workbench"
# Streamlit would ask a server on the internet for this machine's public address, when a page from
# an unknown origin connects. With an answer at hand it asks nobody, and such pages stay shut out.
net_util._external_ip = ""

FIRST = "overview"
"""The page that opens first."""

PLACE_AGAIN = "Place again"
REVIEW_AGAIN = "Review again"
KNOWN_PEOPLE = 12
"""So many people are offered by name on the first screen; anybody else types theirs."""
WITHOUT_STUDY = ("overview", "import_survey", "exchange")
"""Pages that have something to do while there is no study."""

ICON = Path(__file__).parent / "components" / "icon.svg"  # a named icon is fetched from afar


def run() -> None:
    """Draw the app once."""
    st.set_page_config(page_title=NAME, page_icon=str(ICON), layout="wide")
    apply_style()
    with errors_shown():
        database = state.open_database()
        actor = state.person(database)
        if actor is None:
            st.navigation(pages(), position="hidden")  # a link to any page is kept for afterwards
            _welcome(database)
            return
        found = state.current_study(actor, database)
        state.set_context(state.Context(actor, database, found))
        steps = pages()
        page = st.navigation(steps, position="hidden")
        _name_tab(page, found)
        state.remember_in_address(actor, found)
        _sidebar(steps, actor, database, found, page)
        notice = state.take_notice()
        if notice:
            st.toast(notice)
        guided_visit(name_of(page))
        read_only_notice()
        if found is None and name_of(page) not in WITHOUT_STUDY:
            no_study(page.title)
        else:
            _run(page)


def _name_tab(page: StreamlitPage, found: study.Study | None) -> None:
    """Name the browser's tab by page and study, so that several tabs and the history tell apart."""
    st.set_page_config(page_title=f"{page.title} · {found.name if found else NAME}")


def _run(page: StreamlitPage) -> None:
    """Draw a page. The one that opens first has no table, and waits for nothing."""
    if name_of(page) != FIRST:
        libraries.load()
    page.run()
    libraries.load_soon()


def name_of(page: StreamlitPage) -> str:
    """Give the name of a page's file: the page that opens first has no path of its own."""
    return page.url_path or FIRST


def pages() -> dict[str, list[StreamlitPage]]:
    """List the pages in the order of the work."""
    return {
        "Study": [_page("overview", "Overview", "dashboard")],
        "Collect": [
            _page("import_survey", "Import", "upload_file"),
            _page("transcribe", "Transcribe", "graphic_eq"),
            _page("check", "Check by ear", "hearing"),
            _page("groups", "Groups", "category"),
        ],
        "Read": [
            _page("respondents", "Respondents", "person_search"),
            _page("questions", "Questions", "forum"),
            _page("focus_groups", "Focus groups", "groups"),
        ],
        "Code": [
            _page("codebook", "Codebook", "account_tree"),
            _page("coding", "Coding", "edit_note"),
            _page("place_again", "Place again", "find_replace"),
            _page("rereview", "Review again", "rule"),
            _page("memos", "Memos", "sticky_note_2"),
        ],
        "Team": [
            _page("team", "Team", "group"),
            _page("compare", "Compare", "compare_arrows"),
            _page("adjudicate", "Adjudicate", "handshake"),
        ],
        "Report": [
            _page("themes", "Themes", "grid_on"),
            _page("extracts", "Extracts", "format_quote"),
            _page("equity", "Transcription equity", "balance"),
            _page("audit", "Audit", "history"),
            _page("exchange", "Exchange", "swap_horiz"),
        ],
    }


def _page(name: str, title: str, icon: str) -> StreamlitPage:
    return st.Page(page_path(name), title=title, icon=f":material/{icon}:", default=name == FIRST)


def _sidebar(
    steps: dict[str, list[StreamlitPage]],
    actor: Actor,
    database: Database,
    found: study.Study | None,
    opened: StreamlitPage,
) -> None:
    with st.sidebar:
        mend_page()
        studies = study.list_studies(actor, database, with_sizes=False)
        if studies:
            names = {item.id: item.name for item in studies}
            chosen = st.selectbox(
                "Study",
                options=list(names),
                format_func=lambda key: names[key],
                index=list(names).index(found.id) if found else 0,
                label_visibility="collapsed",
            )
            if found is None or chosen != found.id:
                state.open_study(chosen)
                st.query_params["study"] = str(chosen)
                st.rerun()
        # Streamlit's own navigation nests its lists wrongly for screen readers.
        for step, listed in steps.items():
            with st.container(key=f"step_{step.lower()}", gap=None):
                st.html(f'<p class="step">{step}</p>')
                for page in listed:
                    label = _with_count(page.title, actor, database, found)
                    st.page_link(page, label=label, icon=page.icon)
        with st.container(key="sidebar_foot"):
            help_entry(name_of(opened), opened.title)
            with st.container(key="who", horizontal=True, vertical_alignment="center"):
                st.markdown(f"Coding as **{escape(actor.name)}**")
                if st.button("Change", type="tertiary", help="Work as somebody else"):
                    state.sign_out()
                    st.rerun()


def _with_count(title: str, actor: Actor, database: Database, found: study.Study | None) -> str:
    """Add to a page's title how much waits there, where something does."""
    if title not in (PLACE_AGAIN, REVIEW_AGAIN) or found is None:
        return title
    n = (
        place_again.count_flagged(actor, database, found.id)
        if title == PLACE_AGAIN
        else sum(rereview.count_unreviewed(actor, database, found.id).values())
    )
    return f"{title} ({n:,})" if n else title


def _welcome(database: Database) -> None:
    """Ask who sits here: a first name is enough, and nothing is sent anywhere."""
    st.title(NAME)
    st.markdown(
        "Code qualitative surveys and focus groups. Everything stays on this machine; "
        "your name tells your coding from other people's."
    )
    known = [person.name for person in study.list_people(database)]
    # A box to type in, and no list: a list lets go of what was typed unless Enter was pressed.
    with st.form("welcome", border=False, width=420):
        name = st.text_input("Who are you?", max_chars=200, placeholder="A first name is enough")
        if st.form_submit_button("Start", type="primary"):
            if name.strip():
                _start(database, name)
            st.error("Type a name first.")
    if known:
        st.markdown("Or go on as")
        with st.container(horizontal=True, key="known_people"):
            for at, person in enumerate(known[:KNOWN_PEOPLE]):
                if st.button(escape(person), key=f"known_{at}"):
                    _start(database, person)


def _start(database: Database, name: str) -> NoReturn:
    state.sign_in(database, name)
    st.rerun()

"""Help in place: what this page is for, what people ask about it, every key, and the guide.

In: the page that is open. Out: an entry in the sidebar. All of it comes along with the program; no
link leads to the internet.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from workbench.settings import bundled
from workbench.ui import state
from workbench.ui.components.guided_visit import restart

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

HELP = Path(__file__).parent.parent / "help"
KEY_SCRIPT = Path(__file__).parent / "help_key.js"
KEYBOARD = "docs/keyboard.md"
ROUND = "help_round"
GUIDES = {
    "import_survey": "docs/guide/import.md",
    "coding": "docs/getting-started.md",
    "focus_groups": "docs/guide/talk.md",
    "themes": "docs/guide/themes-and-extracts.md",
    "extracts": "docs/guide/themes-and-extracts.md",
}
"""Pages of the documentation that are not called after the page of the app."""

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_TITLE = re.compile(r"^# .*\n+")


def help_entry(page: str, title: str) -> None:
    """Draw the entries for the page of this name, in the sidebar."""
    _key_component()(key="help_key")
    with st.container(key="help", horizontal=True, vertical_alignment="center"):
        # Under another key the box is drawn closed: it would lie over what its button opens.
        key = f"help_{page}_{state.recall(ROUND, 0)}"
        with st.popover("Help", icon=":material/help:", key=key):
            st.markdown(help_text(page))
            with st.container(horizontal=True):
                guide = guide_of(page)
                if guide and st.button("More about this page", key="help_guide", on_click=_close):
                    _show_guide(guide, title)
                if st.button("Guided visit", key="help_visit", type="tertiary"):
                    restart()
        if st.button("Keys", key="all_keys", type="tertiary", help="Every key of the app (?)"):
            _show_keys()


def _close() -> None:
    state.keep(ROUND, state.recall(ROUND, 0) + 1)


@cache
def help_text(page: str) -> str:
    """Read what there is to say about a page, or about the app where there is nothing; Markdown."""
    path = HELP / f"{page}.md"
    return (path if path.exists() else HELP / "general.md").read_text(encoding="utf-8").strip()


@cache
def guide_of(page: str) -> str | None:
    """Name the page of the documentation that says more about a page of the app."""
    name = GUIDES.get(page, f"docs/guide/{page.replace('_', '-')}.md")
    return name if bundled(name).exists() else None


@cache
def guide_text(name: str) -> str:
    """Read a page of the documentation for reading in the app: without title and links."""
    text = bundled(name).read_text(encoding="utf-8")
    return _LINK.sub(r"\1", _TITLE.sub("", text)).strip()


def _show_guide(guide: str, title: str) -> None:
    @st.dialog(f"About the page {title}", width="large")
    def shown() -> None:
        st.markdown(guide_text(guide))

    shown()


@st.dialog("Keys", width="large")
def _show_keys() -> None:
    st.markdown(guide_text(KEYBOARD))


@lru_cache(maxsize=1)
def _key_component() -> ComponentRenderer:
    return st.components.v2.component(
        "speakout_help_key", js=KEY_SCRIPT.read_text(encoding="utf-8"), isolate_styles=False
    )

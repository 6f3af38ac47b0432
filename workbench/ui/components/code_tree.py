"""The code tree as a list to choose from: colour, line style, name, counts and definition.

In: codes with their counts. Out: the code that the person chose. It is one group of radio buttons,
so that arrow keys walk through it and screen readers name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

import streamlit as st

from workbench.domain.codings import Code
from workbench.domain.palette import CodeLook
from workbench.domain.text import snippet
from workbench.ui import state
from workbench.ui.components.extract_list import looks
from workbench.ui.components.style import escape

BOX = "code_tree"
"""CSS class and key of the list."""
DEFINITION_CHARS = 90


def choose_code(codes: Sequence[Code], shown: Sequence[Code], usage: Mapping[int, int]) -> Code:
    """Draw the tree and give the chosen code; the first one when none was chosen.

    Parameters
    ----------
    codes
        All codes: a code's colour comes from its place in its theme.
    shown
        Those that are listed; at least one.
    usage
        Codings by everybody, by code.
    """
    by_id = {item.id: item for item in shown}
    wanted = state.get("code_open")
    drawn = looks(codes)
    st.html(f"<style>{''.join(_rules(shown, drawn))}</style>")
    with st.container(key=BOX, height=520, border=True):
        chosen = st.radio(
            "Code (your codings / everybody's)",
            list(by_id),
            index=list(by_id).index(wanted) if wanted in by_id else 0,
            format_func=lambda key: _label(by_id[key], usage),
            captions=[escape(snippet(item.definition, DEFINITION_CHARS)) for item in shown],
            key=state.study_key(f"code_tree_{_digest(shown)}"),
        )
    found = by_id.get(chosen) or shown[0]
    state.put("code_open", found.id)
    return found


def _label(item: Code, usage: Mapping[int, int]) -> str:
    name = escape(item.name)
    if item.status == "retired":
        name = f"~~{name}~~ (retired)"
    return f"{name} :gray[{item.n_codings:,} / {usage.get(item.id, 0):,}]"


def _rules(shown: Sequence[Code], drawn: Mapping[int, CodeLook]) -> list[str]:
    return [
        f".st-key-{BOX} [role=radiogroup] > :nth-child({place}) {{ "
        f"--code: light-dark({drawn[item.id].light}, {drawn[item.id].dark}); "
        f"--line: {drawn[item.id].style}; --depth: {item.depth} }}"
        for place, item in enumerate(shown, 1)
    ]


def _digest(shown: Sequence[Code]) -> str:
    return sha256(",".join(str(item.id) for item in shown).encode()).hexdigest()[:8]

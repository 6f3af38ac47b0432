"""The code tree as a list to choose from: colour, line style, name, counts and definition.

In: codes with their counts. Out: the code that the person chose. It is one group of radio buttons,
so that arrow keys walk through it and screen readers name it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from workbench.domain.codings import Code
from workbench.domain.palette import CodeLook
from workbench.domain.text import snippet
from workbench.ui import state
from workbench.ui.components.coding.extract_list import looks
from workbench.ui.components.style import escape

BOX = "code_tree"
"""CSS class and key of the list."""
TREE = "code_tree_choice"
UNSEEN = "\u2060"
DEFINITION_CHARS = 90


def choose_code(
    codes: Sequence[Code], shown: Sequence[Code], usage: Mapping[int, int], first: int | None = None
) -> Code:
    """Draw the tree and give the chosen code; `first`, or the first one, when none was chosen.

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
    _seed(list(by_id), first)
    labels = _labels(shown, usage)
    st.html(f"<style>{''.join(_rules(shown, looks(codes)))}</style>")
    with st.container(key=BOX, height=520, border=True):
        chosen = st.radio(
            "Code (your codings / everybody's)",
            list(by_id),
            format_func=lambda key: labels.get(key, ""),
            captions=[escape(snippet(item.definition, DEFINITION_CHARS)) for item in shown],
            key=state.study_key(TREE),
            width="stretch",
        )
    state.put("code_open", chosen)
    return by_id[chosen]


def open_code(code_id: int) -> None:
    """Choose a code in the tree as soon as the page is drawn again."""
    state.put("code_wish", code_id)


def _seed(keys: Sequence[int], first: int | None) -> None:
    """Give the list its value: a wish, what is chosen, what was chosen last; else the first.

    It is given anew in each run, for the browser knows options by their labels, and those change.
    """
    wanted = [*(state.get(name) for name in ("code_wish", TREE, "code_open")), first]
    state.put(TREE, next((key for key in wanted if key in keys), keys[0]))
    state.forget("code_wish")


def _labels(shown: Sequence[Code], usage: Mapping[int, int]) -> dict[int, str]:
    """Label the codes, each differently: equal ones get signs that are not seen."""
    taken: Counter[str] = Counter()
    found = {}
    for item in shown:
        label = _label(item, usage)
        found[item.id] = label + UNSEEN * taken[label]
        taken[label] += 1
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

"""Choices that outlive the page: Streamlit forgets a widget as soon as it is not drawn.

In: a name within the open study. Out: the choice made last, or the one that another page prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from workbench.ui import state

T = TypeVar("T")


def prepare(name: str, value: object) -> None:
    """Set a choice before its widget is drawn: from another page, or from a widget's callback."""
    state.put(name, value)
    state.put(f"{name}:kept", value)


def recall(name: str, default: Any = None) -> Any:
    """Seed a widget of the key `state.study_key(name)` with the choice made last; give it."""
    if not state.has(name):
        state.put(name, state.get(f"{name}:kept", default))
    return state.get(name)


def tell_anew(*names: str) -> None:
    """Send choices whose widgets stand in a popover to the browser with every run.

    A closed popover has no widgets in the browser. One that was told its choice only once, before
    the popover was opened, would show its default, and send that back as if it had been chosen.
    """
    for name in names:
        if state.has(name):
            state.put(name, state.get(name))


def keep(name: str, value: T) -> T:
    """Remember the choice that a widget shows."""
    state.put(f"{name}:kept", value)
    return value


def choose(
    label: str,
    name: str,
    options: Sequence[T],
    *,
    words: Callable[[T], str] = str,
    width: int | Literal["stretch"] = 200,
    help: str | None = None,
    show_label: bool = True,
) -> T:
    """Draw a list to choose one of, the first by default."""
    if recall(name, options[0]) not in options:
        state.put(name, options[0])
    chosen = st.selectbox(label, options, format_func=words, key=state.study_key(name),
                          width=width, help=help,
                          label_visibility="visible" if show_label else "collapsed")  # fmt: skip
    return keep(name, chosen)


def choose_in_line(
    label: str,
    name: str,
    options: Sequence[T],
    *,
    words: Callable[[T], str] = str,
    show_label: bool = True,
) -> T:
    """Draw two or three options side by side, the first by default."""
    if recall(name, options[0]) not in options:
        state.put(name, options[0])
    chosen = st.segmented_control(
        label,
        options,
        format_func=words,
        key=state.study_key(name),
        required=True,
        label_visibility="visible" if show_label else "collapsed",
    )
    return keep(name, chosen if chosen is not None else options[0])

"""What a study asks its researchers to write down: a calm box on Memos, a line on Overview.

In: the prompts that are due. Out: questions to think over and a place to write; or "Not now".
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.services.memos import memo_prompts
from workbench.services.memos.memo_prompts import Prompt
from workbench.ui import state
from workbench.ui.components.links import go_to
from workbench.ui.components.memos.memo_thread import BOX, open_box, write_box

WHY = {
    "positionality": "You have written no positionality memo for {label} yet: who you are to the "
    "people you study, and what you bring to reading them.",
    "reflexivity": "{label} of the codebook has no reflexivity memo of yours yet: what has changed "
    "in how you read.",
}


def draw_prompts(found: Sequence[Prompt]) -> None:
    """Show what is asked for, each with its questions and a way to put it off."""
    for item in found:
        why = WHY[item.purpose].format(label=item.label)
        asked = "".join(f"<li>{escape(question)}</li>" for question in item.questions)
        with st.container(border=True, key=f"prompt_{item.purpose}"):
            st.html(
                f'<p class="prompt-why"><bdi>{escape(why)}</bdi></p><ol class="prompt">{asked}</ol>'
                f'<p class="quiet">{escape(item.rests_on)}</p>'
            )
            box = ("new", item.kind, item.target_id, item.purpose)
            if state.get(BOX) == box:
                write_box(item.kind, item.target_id, purpose=item.purpose)
                continue
            with st.container(horizontal=True):
                st.button(f"Write the {item.purpose} memo", key=f"prompt_write_{item.purpose}",
                          on_click=open_box, args=(box,))  # fmt: skip
                st.button("Not now", key=f"prompt_not_now_{item.purpose}", type="tertiary",
                          on_click=_put_off, args=(item,),
                          help="You are not asked again, and can write it later")  # fmt: skip


def prompt_line() -> None:
    """Say in one quiet line that a memo is asked for, and lead there."""
    found = memo_prompts.prompts(*state.context().in_study())
    if not found:
        return
    names = " and ".join(f"a {item.purpose} memo" for item in found)
    with st.container(horizontal=True, vertical_alignment="center", key="memo_prompt"):
        st.html(f'<p class="quiet">The study asks you for {names}.</p>', width="content")
        if st.button("Open memos", type="tertiary"):
            go_to("memos")


def _put_off(item: Prompt) -> None:
    memo_prompts.put_off(*state.context().in_study(), item.purpose, item.target_id)

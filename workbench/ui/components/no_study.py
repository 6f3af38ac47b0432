"""What a page shows while there is no study: what makes one, and a way there.

In: the page's title. Out: one sentence and the buttons of the first step.
"""

from __future__ import annotations

import streamlit as st

from workbench.ui.components.links import go_to


def no_study(title: str) -> None:
    """Lead to the first step: a survey or a transcript, or the Overview for all other ways."""
    st.title(title)
    st.html(
        '<p class="empty">There is no study yet. Import a survey or the transcripts of focus '
        "groups, and a study is made for them.</p>"
    )
    with st.container(horizontal=True):
        if st.button("Import a survey or transcripts", type="primary"):
            go_to("import_survey")
        if st.button("Other ways to begin"):
            go_to("overview")

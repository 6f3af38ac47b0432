"""Reading a transcript differently: the encoding that a person chooses for one file.

In: a file that was sent. Out: the same with its encoding; the page is drawn anew with it.
"""

from __future__ import annotations

import streamlit as st

from workbench.ui.components.discussions.discussion_files import Sent
from workbench.ui.components.encodings import ENCODINGS

TEXTS = (".txt", ".md", ".vtt", ".srt")
FOUND = "found out"


def read_differently(sent: Sent) -> None:
    """Offer encodings for a text file; other files say themselves how they are read."""
    if not sent.file_name.lower().endswith(TEXTS):
        return
    with st.popover("Read it differently", type="tertiary"):
        known = ["", *ENCODINGS]
        chosen = st.selectbox(
            "Encoding", known, index=known.index(sent.encoding),
            format_func=lambda key: ENCODINGS.get(key, FOUND), key=f"encoding_{sent.key}",
        )  # fmt: skip
    if chosen != sent.encoding:
        sent.encoding = chosen
        st.rerun()

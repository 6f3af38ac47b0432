"""Reading a transcript differently: the encoding that a person chooses for one file.

In: a file that was sent. Out: the same with its encoding; the page is drawn anew with it.
"""

from __future__ import annotations

import streamlit as st

from workbench.ui.components.discussions.discussion_files import Sent

TEXTS = (".txt", ".md", ".vtt", ".srt")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252 (Western European)",
    "mac-roman": "Mac Roman (old Macintosh)",
    "windows-1250": "Windows-1250 (Central European)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "windows-1253": "Windows-1253 (Greek)",
    "windows-1254": "Windows-1254 (Turkish)",
    "windows-1255": "Windows-1255 (Hebrew)",
    "windows-1256": "Windows-1256 (Arabic)",
}
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

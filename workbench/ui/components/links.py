"""From page to page: by the name of a page's file.

In: a name. Out: another page is drawn, and what was remembered for the study stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st

PAGES = Path(__file__).parent.parent / "pages"


def go_to(page: str) -> NoReturn:
    """Draw another page, such as "extracts", instead of this one."""
    st.switch_page(PAGES / f"{page}.py")

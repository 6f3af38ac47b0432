"""How far a long piece of work is, in rows, without letting a click break it off.

In: work that tells how many rows are done. Out: a bar while it runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from workbench.services.surveys.ingest import Progress
from workbench.ui.components.words import count

QUICK = 2_000
"""Rows that are done before a bar would tell anything."""


@contextmanager
def row_progress(doing: str, n_rows: int) -> Iterator[Progress]:
    """Show that rows are being worked on, and how many are done where that takes a while.

    Streamlit stops a page's run at its next call when a person clicks elsewhere: within an import
    that would take everything back. So the bar is drawn from a thread that is never stopped.
    """
    if n_rows <= QUICK:
        with st.spinner(f"{doing} {count(n_rows, 'row')}", show_time=True):
            yield lambda _done, _total: None
        return
    bar = st.progress(0.0, text=f"{doing} {n_rows:,} rows")
    page = get_script_run_ctx()

    def draw(done: int, total: int) -> None:
        add_script_run_ctx(current_thread(), page)
        bar.progress(done / total, text=f"{doing} row {done:,} of {total:,}")

    with ThreadPoolExecutor(max_workers=1) as drawing:
        yield lambda done, total: drawing.submit(draw, done, max(total, 1)).result()
    bar.empty()

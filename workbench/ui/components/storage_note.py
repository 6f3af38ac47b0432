"""Where the data are, when they were last copied, and a copy on request.

In: the open database. Out: its place; a backup, and the same as a download.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from workbench.services import opening
from workbench.services.opening import Storage
from workbench.ui import state
from workbench.ui.components.words import line, size, when


def storage_note(changed_at: str | None) -> None:
    """Draw the section. `changed_at`: when anything was last done in the open study."""
    st.header("Where the data are", anchor=False)
    database = state.context().database
    if database.path is None:
        line(opening.storage(database).address)
        line("The database is on a server. Use the server's own backup, such as pg_dump.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Back up now", icon=":material/save:")
        if pressed:
            state.put("backup", opening.backup(database))
        found = opening.storage(database)
        _last_copy(found, changed_at)
    line(f"{found.address} ({size(found.size_bytes or 0)})")
    copy: Path | None = state.get("backup")
    if copy is not None and copy.exists():
        line(f"The copy is at {copy}")
        st.download_button(
            "Download the copy",
            data=partial(copy.open, "rb"),
            file_name=copy.name,
            mime="application/vnd.sqlite3",
            on_click="ignore",
            help="It holds everything that participants said. Keep it as safe as the original.",
        )


def _last_copy(found: Storage, changed_at: str | None) -> None:
    if found.backed_up_at is None:
        line("Never backed up here.", "warning" if changed_at else "quiet")
        return
    newer = changed_at is not None and changed_at[:19] > found.backed_up_at[:19]
    since = f" The study was changed after that, last on {when(changed_at or '')}." if newer else ""
    line(f"Last backed up on {when(found.backed_up_at)}.{since}")

"""The library behind tables: loaded once, by one session while the others wait.

In: nothing. Out: pandas, whole. Where two threads import parts of one package at the same moment,
Python lets one go on with what the other has half made, and a page fails.
"""

from __future__ import annotations

import threading

_LOADING = threading.Lock()


def load() -> None:
    """Load it, or wait until it is loaded."""
    with _LOADING:
        import pandas  # noqa: F401


def load_soon() -> None:
    """Begin to load it, so that the next page need not wait."""
    if not _LOADING.locked():
        threading.Thread(target=load, name="libraries", daemon=True).start()

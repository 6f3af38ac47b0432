"""Fetching models beside everything else: started, watched and cancelled from any screen.

In: a model's name. Out: how far its file is. A fetch goes on when the browser is closed, and ends
with the program; what has come is kept, and the next fetch takes it up again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from workbench.errors import WorkbenchError
from workbench.services.voice_notes import models


@dataclass(frozen=True, slots=True)
class Fetching:
    """How far a fetch is. `error` says why it ended without the model; empty: it has not."""

    name: str
    have: int = 0
    total: int = 0
    running: bool = True
    cancelled: bool = False
    error: str = ""

    @property
    def share(self) -> float:
        """How much is there, from 0 to 1; 0 while it is not known."""
        return min(1.0, self.have / self.total) if self.total else 0.0


@dataclass(slots=True)
class _Fetch:
    name: str
    have: int = 0
    total: int = 0
    error: str = ""
    running: bool = True
    cancel: threading.Event = field(default_factory=threading.Event)


_fetches: dict[str, _Fetch] = {}
_lock = threading.Lock()


def start(name: str) -> None:
    """Begin to fetch a model, since a person asked for it; one that is under way goes on."""
    with _lock:
        known = _fetches.get(name)
        if known is not None and known.running:
            return
        fetch = _fetches[name] = _Fetch(name)
    threading.Thread(target=_run, args=(fetch,), name=f"fetch {name}", daemon=True).start()


def watch(name: str) -> Fetching | None:
    """Tell how far a fetch is, or how it ended; None when none was begun."""
    fetch = _fetches.get(name)
    if fetch is None:
        return None
    return Fetching(
        name, fetch.have, fetch.total, fetch.running, fetch.cancel.is_set(), fetch.error
    )


def cancel(name: str) -> None:
    """Ask a fetch to end; what has come is kept for the next one."""
    fetch = _fetches.get(name)
    if fetch is not None:
        fetch.cancel.set()


def forget(name: str) -> None:
    """Say no more about a fetch that has ended."""
    with _lock:
        fetch = _fetches.get(name)
        if fetch is not None and not fetch.running:
            del _fetches[name]


def _run(fetch: _Fetch) -> None:
    def on_bytes(have: int, total: int) -> None:
        fetch.have, fetch.total = have, total

    try:
        models.download(fetch.name, on_bytes=on_bytes, cancelled=fetch.cancel.is_set)
    except WorkbenchError as error:
        fetch.error = str(error)
    except Exception as error:  # noqa: BLE001 - the outermost layer of its thread; shown as it is
        fetch.error = f"the model {fetch.name} could not be fetched: {error}"
    finally:
        fetch.running = False

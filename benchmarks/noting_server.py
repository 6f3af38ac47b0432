"""Streamlit, run in this process, with the moment of each commit noted.

In: the arguments of `streamlit`, and BENCHMARK_COMMIT_LOG. Out: the app as it is, and a file with
one line for each committed operation: its UUID and the wall clock in milliseconds.

The ear is SQLAlchemy's own: statements that write operations are noted on their connection, and
the time is taken right after the driver's commit has returned.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import default

PENDING: dict[int, list[str]] = {}
"""For each driver's connection, the operations that wait for its commit."""


def listen(path: Path) -> None:
    """Note every operation committed from now on."""

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO operation "):
            names = statement[statement.index("(") + 1 : statement.index(")")].split(", ")
            driver = id(connection.connection.dbapi_connection)
            PENDING.setdefault(driver, []).append(str(parameters[names.index("uuid")]))

    commit: Any = default.DefaultDialect.do_commit

    def do_commit(self: Any, dbapi_connection: Any) -> None:
        commit(self, dbapi_connection)
        at = time.time() * 1000
        driver = getattr(dbapi_connection, "dbapi_connection", dbapi_connection)
        for uuid in PENDING.pop(id(driver), ()):
            with path.open("a") as log:
                log.write(f"{uuid} {at:.3f}\n")

    event.listen(Engine, "after_cursor_execute", note)
    default.DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]


def main() -> None:
    """Run Streamlit's own command."""
    from streamlit.web.cli import main as streamlit

    listen(Path(os.environ["BENCHMARK_COMMIT_LOG"]))
    streamlit()


if __name__ == "__main__":
    main()

"""Taguette beside the workbench: install it, run it, and speak to its public HTTP interface.

In: a network to install from (once, into the cache folder). Out: a running Taguette with one
project, that takes documents, tags and highlights.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.http_client import Answer, Client
from benchmarks.measure import Skipped
from benchmarks.processes import free_port, running

INSTALL_S, START_S = 180, 60
TOKEN = re.compile(r"http://\S+?/(\?token=[0-9a-f]+)")
PROJECT = re.compile(r"/project/(\d+)")


def environment() -> Path:
    """Give the folder of Taguette's own virtual environment; make it on first use.

    Raises
    ------
    Skipped
        When it cannot be installed, as without a network.
    """
    from platformdirs import user_cache_path

    folder = user_cache_path("speakout-workbench", appauthor=False) / "benchmarks" / "taguette"
    if (folder / "bin" / "taguette").exists():
        return folder
    python = folder / "bin" / "python"
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True,
                       timeout=INSTALL_S)  # fmt: skip
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "taguette"],
            check=True, capture_output=True, timeout=INSTALL_S,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise Skipped(f"Taguette cannot be installed here (no network?): {error}") from error
    return folder


def version(folder: Path) -> str:
    """Tell which Taguette is installed."""
    script = "from importlib.metadata import version; print(version('taguette'))"
    done = subprocess.run([folder / "bin" / "python", "-c", script], check=True,
                          capture_output=True, text=True, timeout=30)  # fmt: skip
    return done.stdout.strip()


class Taguette:
    """A project in a running Taguette. Its spans count bytes of UTF-8, not characters."""

    def __init__(self, client: Client, entry: str) -> None:
        self.client = client
        _fine(client.get(entry), 302)
        _fine(client.get("/project/new"), 200)
        token = client.cookies["_xsrf"]
        made = client.post_form(
            "/project/new", {"name": "Benchmark", "description": "", "_xsrf": token}
        )
        found = PROJECT.search(made.headers.get("Location", ""))
        if found is None:
            raise RuntimeError(f"Taguette made no project: {made.status} {made.body[:200]!r}")
        client.headers["X-XSRFToken"] = token
        self.base = f"/api/project/{found[1]}"

    def add_document(self, name: str, html: str) -> int:
        """Import one document; give its key."""
        answer = self.client.post_file(
            f"{self.base}/document/new", {"name": name, "description": ""}, f"{name}.html",
            "text/html", html.encode(),
        )  # fmt: skip
        return int(_fine(answer, 200).json()["created"])

    def add_tag(self, path: str) -> int:
        """Make a tag; give its key."""
        answer = self.client.post_json(f"{self.base}/tag/new", {"path": path, "description": ""})
        return int(_fine(answer, 200).json()["id"])

    def add_highlight(self, document: int, start: int, end: int, tag: int) -> int:
        """Highlight bytes of a document under a tag; give the highlight's key."""
        answer = self.client.post_json(
            f"{self.base}/document/{document}/highlight/new",
            {"start_offset": start, "end_offset": end, "tags": [tag]},
        )
        return int(_fine(answer, 200).json()["id"])

    def n_highlights(self, document: int) -> int:
        """Count a document's highlights."""
        found: dict[str, Any] = _fine(
            self.client.get(f"{self.base}/document/{document}"), 200
        ).json()
        return len(found["highlights"])


def _fine(answer: Answer, expected: int) -> Answer:
    if answer.status != expected:
        raise RuntimeError(f"Taguette answered {answer.status}: {answer.body[:200]!r}")
    return answer


@contextmanager
def taguette(installed: Path, folder: Path) -> Iterator[Taguette]:
    """Run Taguette on this machine with SQLite, for one user, while the block lasts."""
    folder.mkdir(parents=True)
    port, log = free_port(), folder / "server.log"
    command: list[str | Path] = [
        installed / "bin" / "taguette", "--bind", "127.0.0.1", "--port", str(port), "--no-browser",
        "--database", str(folder / "taguette.sqlite3"),
    ]  # fmt: skip
    settings = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "LC_ALL": "C.UTF-8",
                "OTEL_SDK_DISABLED": "true", "PYTHONUNBUFFERED": "1"}  # fmt: skip
    with running(command, log, environment=settings, cwd=folder) as process:
        client = Client(port)
        end = time.monotonic() + START_S
        while (found := TOKEN.search(log.read_text(errors="replace"))) is None:
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"Taguette did not start: {log.read_text()[-1000:]}")
            time.sleep(0.05)
        yield Taguette(client, f"/{found[1]}")
        client.close()

"""A real app on a free port, and a browser in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PATIENCE_S

ROOT = Path(__file__).parents[2]
FAILED = pytest.StashKey[bool]()
TOLD = 3_000
"""How many characters of a window, and of a log, are printed where a journey fails."""

LOGS: list[Path] = []
"""What the apps of this process have logged."""


@dataclass
class LiveApp:
    """A running app: where it is, and its database for looking behind the screens."""

    url: str
    database: Path
    log: Path

    def page(self, name: str = "", *, person: str = "Ana", study: int = 1) -> str:
        return f"{self.url}/{name}?as={person}&study={study}"

    def ask(self, sql: str, *values: object) -> list[Any]:
        with sqlite3.connect(self.database, timeout=20) as connection:
            rows = connection.execute(sql, values).fetchall()
        connection.close()
        return rows

    def wait_for(
        self, sql: str, expected: object, *values: object, within_s: float = PATIENCE_S
    ) -> None:
        """Wait until a query gives this one value."""
        end = time.monotonic() + within_s
        found: object = None
        while time.monotonic() < end:
            found = self.ask(sql, *values)[0][0]
            if found == expected:
                return
            time.sleep(0.05)
        raise AssertionError(f"{sql} gives {found!r}, not {expected!r}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_app(folder: Path) -> tuple[LiveApp, subprocess.Popen[bytes]]:
    """Serve the database of a folder, or a new one where there is none."""
    database = folder / "study.sqlite3"
    url = f"sqlite:///{database}"
    environment = {**os.environ, "WORKBENCH_DATABASE_URL": url}
    environment["WORKBENCH_MODEL_FOLDER"] = str(folder / "models")
    environment.pop("WORKBENCH_SIGN_IN_AS", None)
    port = free_port()
    log = folder / "server.log"
    LOGS.append(log)
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "workbench",
                "--as",
                "Ana",
                "serve",
                "--port",
                str(port),
                "--no-browser",
            ],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    app = LiveApp(f"http://127.0.0.1:{port}", database, log)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return app, server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    stop(server)
    raise AssertionError(f"the app did not start: {log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(10)


@pytest.fixture(scope="module")
def sample_app(tmp_path_factory: pytest.TempPathFactory, sample_file: Path) -> Iterator[LiveApp]:
    """An app with the sample study and its recordings."""
    folder = tmp_path_factory.mktemp("journey")
    shutil.copytree(sample_file.parent, folder, dirs_exist_ok=True)
    app, server = start_app(folder)
    yield app
    stop(server)


@pytest.fixture(scope="module")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    """An app with a database in which there is nothing yet."""
    app, server = start_app(tmp_path_factory.mktemp("empty"))
    yield app
    stop(server)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Note that a journey failed, so that its windows can be told."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def open_tab(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open browser windows, 1280 x 720, that may speak to this machine only.

    Where a journey fails, what stands in its windows and the end of the apps' logs are printed.
    """
    contexts = []

    def opened(**options: Any) -> Any:
        context = chromium.new_context(viewport={"width": 1280, "height": 720}, **options)
        context.set_default_timeout(PATIENCE_S * 1000)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        return page

    yield opened
    pages = [page for context in contexts for page in context.pages]
    if request.node.stash.get(FAILED, False):
        for page in pages:
            shown = page.evaluate("document.body.innerText")[:TOLD]
            sys.stdout.write(f"{page.url}\n{shown}\n")
        for log in LOGS:
            sys.stdout.write(f"{log}\n{log.read_text(errors='replace')[-TOLD:]}\n")
    for context in contexts:
        context.close()
    for page in pages:
        assert page.strangers == [], "the app asked for something from another machine"
        assert page.faults == [], "the browser's console has errors"


@pytest.fixture
def tab(open_tab: Any) -> Any:
    """One such window."""
    return open_tab(accept_downloads=True)


def watch(page: Any) -> None:
    """Note errors of the page, and requests that leave this machine."""
    page.faults, page.strangers = [], []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            page.strangers.append(request.url)
            if request.url.startswith(("http", "ws")) and "//127.0.0.1:" not in request.url
            else None
        ),
    )

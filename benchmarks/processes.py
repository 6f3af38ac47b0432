"""Processes that a benchmark starts and always ends: the app, and others like it.

In: a command. Out: a running process, ended when the block is left.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_S = 60


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process while the block lasts; what it says goes into `log`."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


@contextmanager
def app(url: str, folder: Path, *, commit_log: Path | None = None) -> Iterator[int]:
    """Run the app on a free port while the block lasts; give the port once it answers.

    Parameters
    ----------
    commit_log
        Where the server notes each operation with the moment of its commit; None runs the
        app as a person would.
    """
    port = free_port()
    options = [
        "--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true",
        "--browser.gatherUsageStats", "false", "--client.showErrorDetails", "none",
    ]  # fmt: skip
    start = ["-m", "benchmarks.noting_server"] if commit_log else ["-m", "streamlit"]
    command = [sys.executable, *start, "run", str(ROOT / "streamlit_app.py"), *options]
    environment = {"WORKBENCH_DATABASE_URL": url, "WORKBENCH_SIGN_IN_AS": ""}
    if commit_log:
        environment["BENCHMARK_COMMIT_LOG"] = str(commit_log)
    log = folder / "server.log"
    with running(command, log, environment=environment) as process:
        wait_for_health(port, process, log)
        yield port


def wait_for_health(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the app answers.

    Raises
    ------
    RuntimeError
        When it ends or does not answer in time.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"the app did not start: {log.read_text(errors='replace')[-2000:]}")


def wait_for_port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Wait until a process has said the number of its port, and nothing else.

    Raises
    ------
    RuntimeError
        When it ends or does not say it in time.
    """
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        said = log.read_text(errors="replace")
        if said.endswith("\n") and said.strip().isdigit():
            return int(said)
        time.sleep(0.05)
    raise RuntimeError(f"the process did not start: {log.read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

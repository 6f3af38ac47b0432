"""Start-up: how long a person waits for the command's help, and for the app's first heading.

In: a database with a study. Out: times from the start of the process, the browser already open.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import chromium, corpus, studies
from benchmarks.measure import Section, Stopwatch, median, percentile, shown, verdict
from benchmarks.processes import ROOT, free_port, running, wait_for_health

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TIMES = 5
AIM_HELP_S, AIM_HEADING_S, AIM_MAKE_S = 1.0, 3.0, 5.0
HEADING_S = 60
HEADING = "h1:visible, h2:visible"


def help_times() -> list[float]:
    """Time `workbench --help`, in milliseconds."""
    watch = Stopwatch()
    for _ in range(TIMES):
        with watch.lap():
            subprocess.run([sys.executable, "-m", "workbench", "--help"], check=True, cwd=ROOT,
                           capture_output=True)  # fmt: skip
    return watch.times_ms


def first_heading(
    launched: Browser, command: list[str], folder: Path, port: int, environment: dict[str, str]
) -> tuple[float, float]:
    """Start the app; give the milliseconds until it answers, and until its heading is visible."""
    log = folder / "server.log"
    with chromium.window(launched) as page:
        begun = time.perf_counter()
        with running(command, log, environment=environment) as process:
            wait_for_health(port, process, log)
            answers_ms = (time.perf_counter() - begun) * 1000
            page.goto(f"http://127.0.0.1:{port}/?as={studies.CODER}", wait_until="commit")
            page.wait_for_selector(HEADING, timeout=HEADING_S * 1000)
            return answers_ms, (time.perf_counter() - begun) * 1000


def heading_times(
    launched: Browser, url: str, folder: Path, command: list[str]
) -> list[tuple[float, float]]:
    """Time several starts of the app on the same database."""
    times = []
    for _ in range(TIMES):
        port = free_port()
        full = [part.format(port=port) for part in command]
        environment = {"WORKBENCH_DATABASE_URL": url, "WORKBENCH_SIGN_IN_AS": ""}
        times.append(first_heading(launched, full, folder, port, environment))
    return times


def run(folder: Path) -> Section:
    """Measure and describe."""
    bench = studies.new_study(folder)
    studies.import_csv(bench, corpus.as_csv(corpus.answers(200)))
    bench.database.close()
    serve = [
        sys.executable, "-m", "workbench", "serve", "--with-sample", "--no-browser",
        "--port", "{port}",
    ]  # fmt: skip
    with chromium.browser() as launched:
        headings = heading_times(launched, bench.url, folder, serve)
    rows = [
        _row("`workbench --help`", help_times(), AIM_HELP_S),
        _row("`workbench serve`: it answers", [answers for answers, _ in headings], None),
        _row("`workbench serve`: first heading visible", [last for _, last in headings],
             AIM_HEADING_S),
    ]  # fmt: skip
    return Section(
        "Start-up",
        ("from the start of the process to", "n", "median, s", "slowest, s", "aim, s", ""),
        tuple(rows),
        "Wall time. The heading: the app is started on a database with 200 answers, as a second "
        "`make run` starts it (`workbench serve --with-sample`); an open browser with an empty "
        "cache is sent there as soon as it answers, until the first heading is visible. `make run` "
        f"adds what `make` needs to see that nothing is to be installed (aim {AIM_MAKE_S:.0f} s "
        "for both together).",
    )


def _row(what: str, times: list[float], aim_s: float | None) -> tuple[str, ...]:
    middle = median(times) / 1000
    return (
        what, str(len(times)), shown(middle), shown(percentile(times, 100) / 1000),
        f"{aim_s:.0f}" if aim_s else "", verdict(middle <= aim_s) if aim_s else "",
    )  # fmt: skip

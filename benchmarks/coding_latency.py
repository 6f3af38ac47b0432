"""Latency of coding in the browser: from the key to the paint, and from the key to the commit.

In: a short answer, and a long transcript with thousands of codings, in the real app. Out: times
for one keystroke after another, as a person would press them, and a burst.

What is timed is measured from outside the product: a listener in the page that runs before the
product's own notes the key event's own time stamp and the frames that follow; the server notes
when the driver's commit returned (`noting_server`). Both read the clock of this one machine.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import chromium, corpus, processes, studies
from benchmarks.measure import Section, median, percentile, shown, verdict

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SESSIONS, KEYSTROKES, WARM_UP = 2, 50, 3
N_BURST, BURST_S, BURST_GAP_S = 20, 2.0, 0.08
REST_MS = 120  # between selecting and pressing, so that selecting is not timed
LONG_WORDS, LONG_CODINGS = 20_000, 2_000
AIMS_MS = {"short": ((20, 40), (40, 80)), "long": ((40, 80), (60, 120))}
"""Median and 95th percentile: to the second animation frame, to the commit."""

LISTEN = """() => {
  const { timeOrigin } = performance;
  const now = () => timeOrigin + performance.now();
  globalThis.bench = { keys: [], skew: Date.now() - now() };
  addEventListener("keydown", (event) => {
    const key = { pressed: timeOrigin + event.timeStamp };
    bench.keys.push(key);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { key.painted = now(); };
      port2.postMessage(0);
      requestAnimationFrame(() => { key.second = now(); });
    });
  }, { capture: true });
  const sign = document.querySelector(".cp-saved");
  new MutationObserver(() => {
    const key = bench.keys.at(-1);
    if (key && !key.saved && sign.textContent === "Saved") key.saved = now();
  }).observe(sign, { childList: true, characterData: true, subtree: true });
}"""
SELECT = """([row, from, size]) => {
  const rows = document.querySelectorAll(".cp-words");
  const words = rows[row % rows.length];
  words.scrollIntoView({ block: "center" });
  const node = words.firstChild;
  const start = Math.floor(from * Math.max(0, node.data.length - size));
  document.querySelector(".cp-text").focus({ preventScroll: true });
  getSelection().setBaseAndExtent(node, start, node, Math.min(node.data.length, start + size));
}"""
IDLE = "() => new Promise((done) => requestIdleCallback(done, { timeout: 2000 }))"
SAVED = "() => document.querySelector('.cp-saved')?.textContent === 'Saved'"
TIMED = "() => bench.keys.at(-1)?.second && bench.keys.at(-1)?.saved"


@dataclass(slots=True)
class Times:
    """Milliseconds from the key event, one for each keystroke."""

    painted: list[float] = field(default_factory=list)
    second: list[float] = field(default_factory=list)
    committed: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)
    skew_ms: float = 0.0


def short_study(folder: Path) -> studies.Bench:
    """Make a study with forty answers of 300 words."""
    bench = studies.new_study(folder)
    studies.import_csv(bench, corpus.as_csv(corpus.answers(40, words=300)))
    return bench


def long_study(folder: Path) -> studies.Bench:
    """Make a study with a transcript of 20,000 words and 2,000 codings."""
    bench = studies.new_study(folder)
    key = studies.add_transcript(bench, corpus.transcript(LONG_WORDS))
    studies.apply(bench, studies.operations(bench, LONG_CODINGS, document_ids=[key]))
    return bench


def open_pane(page: Page, port: int, bench: studies.Bench) -> None:
    """Open the coding page and wait until it can be coded on."""
    page.goto(f"http://127.0.0.1:{port}/coding?as={studies.CODER}&study={bench.study_id}")
    page.wait_for_selector(".cp-words", timeout=60_000)
    page.wait_for_function(SAVED, timeout=60_000)
    page.wait_for_timeout(1_500)
    page.evaluate(LISTEN)


class CommitLog:
    """What the server has noted: the moments of the commits, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def read(self) -> list[float]:
        """Give all moments, as wall clock in milliseconds."""
        return [float(line.split()[1]) for line in self.path.read_text().splitlines()]

    def wait(self, count: int, *, within_s: float = 30) -> list[float]:
        """Wait until so many operations are committed.

        Raises
        ------
        RuntimeError
            When they are not in time: then a coding was lost or refused.
        """
        end = time.monotonic() + within_s
        while len(found := self.read()) < count:
            if time.monotonic() > end:
                raise RuntimeError(f"{len(found)} operations were committed, not {count}")
            time.sleep(0.02)
        return found


def press_one(page: Page, generator: random.Random) -> dict[str, float]:
    """Select words, press a number key, wait for all that follows; give what the page noted."""
    page.evaluate(SELECT, [generator.randrange(10_000), generator.random(),
                           generator.randint(10, 90)])  # fmt: skip
    page.evaluate(IDLE)
    page.wait_for_timeout(REST_MS)
    page.keyboard.press(str(generator.randint(1, 9)))
    page.wait_for_function(TIMED, timeout=30_000, polling=20)
    noted: dict[str, float] = page.evaluate("() => bench.keys.at(-1)")
    return noted


def keystrokes(
    launched: Browser,
    port: int,
    bench: studies.Bench,
    log: CommitLog,
    *,
    sessions: Iterable[int] = range(SESSIONS),
    times: Times | None = None,
) -> Times:
    """Code in so many sessions, one keystroke at a time; `times` has those of sessions before."""
    times = times or Times()
    for session in sessions:
        generator = random.Random(100 + session)
        with chromium.window(launched) as page:
            open_pane(page, port, bench)
            skew: float = page.evaluate("() => bench.skew")
            times.skew_ms = max(times.skew_ms, abs(skew))
            for number in range(WARM_UP + KEYSTROKES):
                before = len(log.read())
                noted = press_one(page, generator)
                commits = log.wait(before + 1)
                if len(commits) != before + 1:
                    raise RuntimeError("one keystroke made more than one operation")
                if number < WARM_UP:
                    continue
                pressed = noted["pressed"]
                times.painted.append(noted["painted"] - pressed)
                times.second.append(noted["second"] - pressed)
                times.committed.append(commits[-1] - pressed - skew)
                times.saved.append(noted["saved"] - pressed)
    return times


@dataclass(frozen=True, slots=True)
class Burst:
    """Codings made in quick succession: how many arrived, in what time they were made."""

    arrived: int
    keys_s: float
    last_committed_ms: float


def burst(launched: Browser, port: int, bench: studies.Bench, log: CommitLog) -> Burst:
    """Code twenty times within two seconds, as far as this machine lets the keys be pressed."""
    before = bench.n_codings()
    generator = random.Random(200)
    with chromium.window(launched) as page:
        open_pane(page, port, bench)
        n_before = len(log.read())
        begun = time.time()
        for number in range(N_BURST):
            page.evaluate(SELECT, [0, number / N_BURST, 40])
            page.keyboard.press(str(generator.randint(1, 9)))
            rest_s = begun + (number + 1) * BURST_GAP_S - time.time()
            page.wait_for_timeout(max(0.0, rest_s * 1000))
        pressed: list[dict[str, float]] = page.evaluate("() => bench.keys")
        commits = log.wait(n_before + N_BURST)
        page.wait_for_function(SAVED, timeout=30_000)
    first, last = pressed[0]["pressed"], pressed[-1]["pressed"]
    return Burst(bench.n_codings() - before, (last - first) / 1000, commits[-1] - last)


def measure(
    folder: Path, name: str, make: Callable[[Path], studies.Bench], launched: Browser
) -> tuple[Times, Burst]:
    """Make a study, run the app on it, and code: keystrokes first, then the burst."""
    bench = make(folder / name)
    log = CommitLog(folder / f"{name}.log")
    with processes.app(bench.url, folder / name, commit_log=log.path) as port:
        times = keystrokes(launched, port, bench, log)
        together = burst(launched, port, bench, log)
    bench.database.close()
    return times, together


def run(folder: Path) -> Section:
    """Measure both documents and describe."""
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    with chromium.browser() as launched:
        for name, label, make in (
            ("short", "300-word answer", short_study),
            ("long", f"{LONG_WORDS:,} words, {LONG_CODINGS:,} codings", long_study),
        ):
            times, together = measure(folder, name, make, launched)
            rows += described(label, name, times)
            notes.append(_said(label, times, together))
    return Section(
        "Coding in the browser",
        ("document", "from the key to", "n", "median, ms", "95th percentile, ms", "aim", ""),
        tuple(rows),
        f"The real app under headless Chromium, {SESSIONS} sessions of {KEYSTROKES} keystrokes "
        f"after {WARM_UP} to warm up: words are selected, the page comes to rest, {REST_MS} ms "
        "pass, a number key is pressed. From the key event's own time stamp to the message after "
        "the first frame, to the second animation frame, to the return of the commit on the "
        "server, to the word Saved.",
        tuple(notes),
    )


def _said(label: str, times: Times, together: Burst) -> str:
    quick = together.keys_s <= BURST_S
    arrived = verdict(together.arrived == N_BURST and quick)
    slow = "" if quick else ", for this machine was too busy to press the keys faster"
    return (
        f"{label}: {together.arrived} of {N_BURST} codings made within {together.keys_s:.1f} s "
        f"arrived (aim: all of {N_BURST} in {BURST_S:.0f} s: {arrived}{slow}), the last was "
        f"committed {together.last_committed_ms:.0f} ms after its key. The clocks of browser and "
        f"server lay at most {times.skew_ms:.1f} ms apart, which is taken off."
    )


def described(label: str, name: str, times: Times) -> list[tuple[str, ...]]:
    """Write the rows of one document; its aims are those of `name`."""
    second, committed = AIMS_MS[name]
    rows: list[tuple[str, ...]] = []
    for what, values, aim in (
        ("first frame painted", times.painted, None),
        ("second animation frame", times.second, second),
        ("row committed", times.committed, committed),
        ("Saved shown", times.saved, None),
    ):
        middle, high = median(values), percentile(values, 95)
        met = verdict(middle <= aim[0] and high <= aim[1]) if aim else ""
        rows.append(
            (
                label, what, str(len(values)), shown(middle), shown(high),
                f"{aim[0]} / {aim[1]}" if aim else "", met,
            )
        )  # fmt: skip
    return rows

"""Latency of coding a focus group: what its thousand turns cost beside the same text without any.

In: a discussion of 20,000 words in 1,000 turns with 2,000 codings, and its bare text with the same
codings, in two running apps. Out: the times of `coding_latency`, taken from one and the other in
turn, so that what else the machine does falls on both; and the size of what is sent.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks import chromium, corpus, machine, processes, studies
from benchmarks.coding_latency import (
    KEYSTROKES,
    LONG_CODINGS,
    LONG_WORDS,
    SESSIONS,
    CommitLog,
    Times,
    described,
    keystrokes,
)
from benchmarks.measure import Section, median
from workbench.domain.turns import BETWEEN
from workbench.ui.components.coding_pane.turns import text_message

N_TURNS = 1_000


def make(folder: Path, said: list[str], *, with_turns: bool) -> tuple[studies.Bench, int, int]:
    """Make a study with the discussion or its bare text; give bytes of the text's message, too."""
    bench = studies.new_study(folder)
    key = (
        studies.add_discussion(bench, said)
        if with_turns
        else studies.add_transcript(bench, BETWEEN.join(said))
    )
    studies.apply(bench, studies.operations(bench, LONG_CODINGS, document_ids=[key]))
    message = json.dumps(text_message(bench.open(key)), ensure_ascii=False, separators=(",", ":"))
    return bench, key, len(message.encode())


def run(folder: Path) -> Section:
    """Measure both and describe."""
    load = machine.said_of_load(machine.load())
    said = corpus.discussion(LONG_WORDS, N_TURNS)
    n_words = sum(len(words.split()) for words in said)
    with_turns, _, told = make(folder / "turns", said, with_turns=True)
    plain, _, bare = make(folder / "plain", said, with_turns=False)
    logs = {name: CommitLog(folder / f"{name}.log") for name in ("turns", "plain")}
    times = {name: Times() for name in logs}
    with (
        chromium.browser() as launched,
        processes.app(with_turns.url, folder / "turns", commit_log=logs["turns"].path) as one,
        processes.app(plain.url, folder / "plain", commit_log=logs["plain"].path) as other,
    ):
        for session in range(SESSIONS):
            for name, port, bench in (("plain", other, plain), ("turns", one, with_turns)):
                keystrokes(launched, port, bench, logs[name], sessions=[session], times=times[name])
    for bench in (with_turns, plain):
        bench.database.close()
    rows = described(f"{N_TURNS:,} turns", "long", times["turns"])
    rows += described("the same text without turns", "long", times["plain"])
    with_them, without = times["turns"], times["plain"]
    second = median(with_them.second) - median(without.second)
    committed = median(with_them.committed) - median(without.committed)
    return Section(
        "Coding a focus group in the browser",
        ("document", "from the key to", "n", "median, ms", "95th percentile, ms", "aim", ""),
        tuple(rows),
        f"As above, on {n_words:,} words in {N_TURNS:,} turns of eight speakers with "
        f"{LONG_CODINGS:,} codings, and on the same words in the same lines without turns: "
        f"{SESSIONS} sessions of {KEYSTROKES} keystrokes each, one and the other in turn.",
        (
            f"What turns cost, in medians: to the second frame {second:+.1f} ms, to the commit "
            f"{committed:+.1f} ms.",
            f"The text with its turns is {told:,} bytes when it is opened, without them {bare:,}: "
            f"{told - bare:,} bytes for {N_TURNS:,} turns with times, whose speakers go as places "
            "in a list of names.",
            load,
        ),
    )

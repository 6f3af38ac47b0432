"""Applying a code through the service: what one coding costs the server.

In: 200 answers. Out: 1,000 codings, one operation and one transaction each, in this process.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import corpus, studies
from benchmarks.measure import Section, Stopwatch, median, percentile, shown

N_ANSWERS, N_CODINGS, WARM_UP = 200, 1_000, 20


def measure(folder: Path) -> tuple[studies.Bench, Stopwatch]:
    """Apply the codings one by one; give the study and the times."""
    bench = studies.new_study(folder)
    studies.import_csv(bench, corpus.as_csv(corpus.answers(N_ANSWERS)))
    sent = studies.operations(bench, N_CODINGS + WARM_UP)
    studies.apply(bench, sent[:WARM_UP])
    watch = Stopwatch()
    for operation in sent[WARM_UP:]:
        with watch.lap():
            studies.apply(bench, [operation])
    if bench.n_codings() != N_CODINGS + WARM_UP:
        raise RuntimeError(f"{bench.n_codings()} codings are stored, not {N_CODINGS + WARM_UP}")
    return bench, watch


def run(folder: Path) -> Section:
    """Measure and describe."""
    bench, watch = measure(folder)
    bench.database.close()
    times = watch.times_ms
    return Section(
        "Applying a code through the service",
        ("n", "median, ms", "95th percentile, ms", "slowest, ms", "codings a second"),
        (
            (
                f"{len(times):,}",
                shown(median(times)),
                shown(percentile(times, 95)),
                shown(max(times)),
                shown(len(times) / watch.total_s),
            ),
        ),
        "`services.code.apply_operations` with one `add` a call on SQLite (WAL), in this process: "
        "checks of the span, the quote and the text's hash, the coding with its anchor, one "
        "operation, one event in the chain, one commit.",
    )

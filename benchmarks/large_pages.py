"""Pages on a large study: what opening an answer, coding it and turning a page of the grid cost.

In: a study of 160 respondents and one of 100,000, written straight into the tables. Out: times of
the services behind the Coding page, side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Section, median, repeat, shown
from benchmarks.studies import Bench
from benchmarks.summarise import Size, large_study
from workbench.domain.codings import DocumentFilter
from workbench.services.coding import reading

TIMES = 15
SMALL, LARGE = Size(160), Size(100_000)
GRID_PAGE = 500

Act = Callable[[Bench, int], object]


def _open(bench: Bench, middle: int) -> object:
    return reading.open_workspace(
        bench.actor, bench.database, bench.study_id, DocumentFilter(), document_id=middle
    )


def _after_a_coding(bench: Bench, middle: int) -> object:
    return reading.changes(
        bench.actor, bench.database, bench.study_id, DocumentFilter(), middle,
        since=0, version=1, recount=False,
    )  # fmt: skip


def _next(bench: Bench, middle: int) -> object:
    return reading.neighbour(
        bench.actor, bench.database, bench.study_id, DocumentFilter(), middle, step="next_not_done"
    )


def _grid(bench: Bench, middle: int) -> object:
    return reading.list_documents(
        bench.actor, bench.database, bench.study_id, DocumentFilter(),
        offset=middle // GRID_PAGE * GRID_PAGE, limit=GRID_PAGE,
    )  # fmt: skip


def _unread(bench: Bench, middle: int) -> object:
    return reading.list_documents(
        bench.actor, bench.database, bench.study_id, DocumentFilter(state="not_done")
    )


ACTS: dict[str, Act] = {
    "open an answer in the middle of the list": _open,
    "what is sent back after each coding": _after_a_coding,
    "find the next answer that is not done": _next,
    "a page of the grid (500 rows) in the middle": _grid,
    "the first 200 answers that are not done": _unread,
}


def run(folder: Path) -> Section:
    """Measure both sizes and describe."""
    sizes = {size: large_study(folder / str(size.n_respondents), size) for size in (SMALL, LARGE)}
    rows = []
    for name, act in ACTS.items():
        times = {}
        for size, bench in sizes.items():
            middle = size.n_codings // 10
            times[size] = repeat(TIMES, lambda act=act, bench=bench, at=middle: act(bench, at))
        small, large = median(times[SMALL]), median(times[LARGE])
        rows.append((name, shown(small), shown(large), f"{large - small:.0f}"))
    for bench in sizes.values():
        bench.database.close()
    return Section(
        "Coding page and grid on a large study",
        (
            "what",
            f"{SMALL.n_respondents} respondents, ms",
            f"{LARGE.n_respondents:,} respondents, ms",
            "more, ms",
        ),
        tuple(rows),
        f"Medians of {TIMES} calls of the services behind the page, on SQLite, in this process. "
        "Two answers a respondent and five codings an answer, half of them one's own: "
        f"{LARGE.n_codings:,} codings in the large study. Everything is found along an index; "
        "what grows is counting: how many answers there are, and one's own codings by code.",
    )

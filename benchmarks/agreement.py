"""Agreement of three coders: how long figures with their intervals take.

In: 200 and 10,000 answers that three coders have done, written straight into the tables. Out:
times of the service behind the Compare page, beside a loop over resamples with the libraries.
"""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from benchmarks import studies
from benchmarks.measure import Section, median, repeat, shown
from benchmarks.summarise import BATCH, Size, large_study
from workbench.domain.agreement import UNITS, Unit
from workbench.services.team import agree
from workbench.store import tables
from workbench.store.clock import now
from workbench.store.team import people

TIMES = 3
N_CODES = 30
AIM_S = {200: 2.0, 10_000: 30.0}
LOOPED = 5
"""Resamples of the loop; it is as long for each."""


def coded_by_three(folder: Path, n_documents: int) -> studies.Bench:
    """Write a study whose answers three coders have done, agreeing on seven in ten codings."""
    bench = large_study(folder, Size(n_documents // 2))
    generator = random.Random(31)
    with bench.database.write() as connection:
        coders = [bench.actor.id]
        for name in ("Bea", "Cem"):
            found = people.ensure_coder(connection, name)
            people.add_member(connection, bench.study_id, found.id, "coder")
            coders.append(found.id)
        codes = list(connection.execute(select(tables.code.c.id)).scalars())[:N_CODES]
        connection.execute(delete(tables.document_state))
        at = now()
        states = [
            {"document_id": document, "coder_id": coder, "state": "done", "done_at": at,
             "first_done_at": at}
            for document in range(1, n_documents + 1) for coder in coders
        ]  # fmt: skip
        coded = connection.execute(
            select(
                tables.coding.c.id, tables.coding.c.document_id, tables.coding.c.code_id,
                tables.anchor.c.start, tables.anchor.c.end,
            ).join(tables.anchor, tables.anchor.c.coding_id == tables.coding.c.id)
        ).all()  # fmt: skip
        first: list[dict[str, Any]] = [
            {"document_id": row.document_id, "coder_id": coder, "coding_id": row.id,
             "code_id": codes[row.code_id % len(codes)] if generator.random() < 0.7
             else generator.choice(codes),
             "revision_id": row.document_id, "start": row.start, "end": row.end}
            for row in coded for coder in coders
        ]  # fmt: skip
        for table, rows in ((tables.document_state, states), (tables.done_coding, first)):
            for start in range(0, len(rows), BATCH):
                connection.execute(insert(table), rows[start : start + BATCH])
    return bench


def _place(bench: studies.Bench) -> tuple[Any, ...]:
    with bench.database.read() as connection:
        keys = [item.id for item in people.list_coders(connection, bench.study_id)]
    return bench.actor, bench.database, bench.study_id, keys


def looped(bench: studies.Bench) -> float:
    """Time one resample worked out with the libraries, code by code, in seconds.

    Fleiss' kappa by statsmodels, Cohen's kappa of every pair and F1 by scikit-learn: no alpha.
    """
    import numpy as np
    from sklearn.metrics import cohen_kappa_score, f1_score
    from statsmodels.stats.inter_rater import fleiss_kappa

    from workbench.services.team.agree_readings import read_first

    actor, database, study_id, keys = _place(bench)
    applied = read_first(actor, database, study_id, keys).ratings.applied
    generator = np.random.default_rng(1)

    def once() -> None:
        drawn = applied[generator.integers(0, len(applied), len(applied))]
        for code in np.flatnonzero(applied.any((0, 1))):
            by_coder = drawn[:, :, code]
            n_applied = by_coder.sum(1)
            fleiss_kappa(np.stack([n_applied, by_coder.shape[1] - n_applied], axis=1))
            for a, b in ((0, 1), (0, 2), (1, 2)):
                cohen_kappa_score(by_coder[:, a], by_coder[:, b])
            for other in (1, 2):
                f1_score(by_coder[:, 0], by_coder[:, other], zero_division=0)

    once()
    return median(repeat(LOOPED, once)) / 1000


def measure(folder: Path, n_documents: int) -> list[tuple[str, ...]]:
    """Make the study and time its figures for every unit."""
    bench = coded_by_three(folder, n_documents)
    loop_s = looped(bench) * agree.N_BOOTSTRAP
    rows = []
    units: tuple[Unit, ...] = tuple(UNITS)
    for unit in units:
        place = _place(bench)
        found = agree.compare(*place, unit=unit)
        if found.n_documents != n_documents or found.overall.figures["alpha"].low is None:
            raise RuntimeError("the study was not written as it should be")
        seconds = median(repeat(TIMES, partial(agree.compare, *place, unit=unit))) / 1000
        ratio = f"{loop_s / seconds:,.0f}" if unit == "document" else ""
        rows.append((
            f"{n_documents:,}", unit, f"{found.n_units:,}", str(len(found.applied)), str(TIMES),
            shown(seconds), ratio, f"{AIM_S[n_documents]:.0f}",
            "met" if seconds <= AIM_S[n_documents] else "missed",
        ))  # fmt: skip
    bench.database.close()
    return rows


def run(folder: Path) -> Section:
    """Measure and describe."""
    rows = measure(folder / "small", 200) + measure(folder / "large", 10_000)
    return Section(
        "Agreement of three coders",
        ("documents", "unit", "units", "codes", "n", "median, s", "times as fast as a loop",
         "aim, s", ""),
        tuple(rows),
        "`services.agree.compare` on SQLite: all coefficients of every code, of every pair of "
        f"coders and overall, with intervals from {agree.N_BOOTSTRAP:,} resamples of documents; "
        "five codings an answer and coder. *A loop*: Fleiss' kappa by statsmodels and Cohen's "
        f"kappa and F1 by scikit-learn, code by code, on {LOOPED} resamples, reckoned up to as "
        "many; it leaves out alpha, AC1 and sets of codes.",
    )  # fmt: skip

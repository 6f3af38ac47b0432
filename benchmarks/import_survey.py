"""Importing surveys: file to committed rows, and the next export with one answer in a hundred new.

In: CSV files with five open questions, 200 to 100,000 respondents. Out: answers per second, the
peak of memory, and how many times longer than a bare loop takes that puts the same texts into one
SQLite table.

Each import runs in a process of its own, so that its peak of memory is its own. Time is taken
inside, after everything is loaded: reading the file, its mapping and the import through the same
services as the page and the command line.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus, studies
from benchmarks.measure import Section, shown, verdict

SIZES = (200, 10_000, 100_000)
QUESTIONS = ("q1", "q2", "q3", "q4", "q5")
WORDS = (3, 60)  # of an answer; the sample study's answers have 3 to 180, most of them short
CHANGED = 0.01
AIM_PER_S, AIM_MIB = 20_000, 1_024
STUDY = "Large"

MAPPING = f"""
respondent_id: id
attributes:
  - {{column: ethnic_group, kind: category, values: [{", ".join(corpus.ETHNIC_GROUPS)}]}}
  - {{column: age_band, kind: ordered, values: [{", ".join(corpus.AGE_BANDS)}]}}
questions: [{", ".join(f"{{column: {ref}, ref: {ref}}}" for ref in QUESTIONS)}]
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one import took."""

    seconds: float
    peak_mib: float | None
    answers_new: int
    answers_changed: int


def write_survey(path: Path, n_respondents: int, *, changed: float = 0.0) -> None:
    """Write a survey; with `changed`, this share of the same answers has other words."""
    generator, other = random.Random(31), random.Random(32)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "ethnic_group", "age_band", *QUESTIONS])
        for number in range(n_respondents):
            texts = [corpus.paragraph(generator, generator.randint(*WORDS)) for _ in QUESTIONS]
            if changed:
                texts = [
                    f"{text} And more." if other.random() < changed else text for text in texts
                ]
            group = corpus.ETHNIC_GROUPS[number % len(corpus.ETHNIC_GROUPS)]
            age = corpus.AGE_BANDS[number % len(corpus.AGE_BANDS)]
            writer.writerow([f"R{number:06d}", group, age, *texts])


def bare_loop(path: Path, database: Path) -> float:
    """Put the same answers into one table with nothing around it; give the seconds."""
    begun = time.perf_counter()
    with (
        closing(sqlite3.connect(database)) as connection,
        path.open(encoding="utf-8", newline="") as stream,
    ):
        connection.execute("CREATE TABLE answer (ref TEXT, question TEXT, text TEXT)")
        with connection:
            connection.executemany("INSERT INTO answer VALUES (?, ?, ?)", _answers(stream))
    return time.perf_counter() - begun


def _answers(stream: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    rows = csv.reader(stream)
    next(rows)
    for ref, _group, _age, *texts in rows:
        yield from ((ref, question, text) for question, text in zip(QUESTIONS, texts, strict=True))


def import_here(path: Path, folder: Path) -> Measured:
    """Import a file into the study of a folder, in this process."""
    from workbench.services import files
    from workbench.services.surveys import ingest

    bench = studies.reopen(folder)
    begun = time.perf_counter()
    mapping = files.read_mapping(MAPPING, "mapping.yaml")
    survey = files.read_survey(files.read_table(path, path.name), mapping)
    report = ingest.ingest_survey(bench.actor, bench.database, STUDY, survey, mapping=MAPPING)
    seconds = time.perf_counter() - begun
    bench.database.close()
    return Measured(seconds, peak_mib(), report.answers_new, report.answers_changed)


def peak_mib() -> float | None:
    """Give the most memory that this process has had, in MiB; None where nobody says."""
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere a process begins with the peak of its parent
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1024
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / (1024**2 if sys.platform == "darwin" else 1024))


def import_apart(path: Path, folder: Path) -> Measured:
    """Import a file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.import_survey", str(path), str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


def measure(folder: Path, n_respondents: int) -> list[tuple[str, ...]]:
    """Import a survey of this size and its next export; give two rows of the table."""
    folder.mkdir()
    studies.new_study(folder, STUDY).database.close()
    rows = []
    for what, changed in (("first file", 0.0), ("1 % changed", CHANGED)):
        path = folder / f"{what.split()[0]}.csv"
        write_survey(path, n_respondents, changed=changed)
        bare = bare_loop(path, folder / f"{path.stem}.bare.sqlite3")
        took = import_apart(path, folder)
        rows.append(_row(n_respondents, what, took, bare))
        path.unlink()
    return rows


def _row(n_respondents: int, what: str, took: Measured, bare: float) -> tuple[str, ...]:
    n_answers = n_respondents * len(QUESTIONS)
    expected = n_answers if what == "first file" else 0
    if took.answers_new != expected or (what != "first file" and not took.answers_changed):
        raise RuntimeError(f"{took.answers_new} answers came in as new, not {expected}")
    per_s = n_answers / took.seconds
    peak = "unknown" if took.peak_mib is None else shown(took.peak_mib)
    met = per_s >= AIM_PER_S and (took.peak_mib or 0) <= AIM_MIB
    return (
        f"{n_respondents:,}", what, f"{n_answers:,}", shown(took.seconds), f"{per_s:,.0f}", peak,
        f"{took.seconds / bare:.1f}", verdict(met) if n_respondents >= 10_000 else "",
    )  # fmt: skip


def run(folder: Path) -> Section:
    """Measure all sizes."""
    rows = [row for size in SIZES for row in measure(folder / str(size), size)]
    return Section(
        title="Importing a survey",
        header=("respondents", "file", "answers", "s", "answers/s", "peak MiB",
                "times a bare loop", f"aim {AIM_PER_S:,}/s, {AIM_MIB:,} MiB"),
        rows=tuple(rows),
        how=(
            f"A CSV with two attributes and {len(QUESTIONS)} open questions of {WORDS[0]} to "
            f"{WORDS[1]} words, from the file to committed rows on SQLite, in a process of its "
            "own. Then the same file with words added to one answer in a hundred. The bare loop "
            "is `csv.reader` into `executemany` on a table of three columns without an index, in "
            "the same run."
        ),
    )  # fmt: skip


if __name__ == "__main__":
    measured = import_here(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({name: getattr(measured, name) for name in Measured.__slots__}))

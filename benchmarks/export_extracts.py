"""Exporting extracts: 10,000 and 100,000 rows as CSV and XLSX; a page of a million codings.

In: studies of codings, made as for `summarise`. Out: seconds and peak of memory of each export,
beside a bare loop that writes the same rows, fetched by one plain query, with `csv.writer`.

Each export runs in a process of its own, so that its peak of memory is its own. Time is taken
inside, after everything is loaded, around the service that the command line calls.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import studies, summarise
from benchmarks.import_survey import peak_mib
from benchmarks.measure import Section, median, repeat, shown, verdict

SIZES = (1_000, 10_000)  # respondents; ten codings each
MILLION = 100_000
AIM_S = {"csv": 5.0, "xlsx": 60.0}
TIMES, PAGE = 5, 20
PLAIN = """
SELECT code.name, substr(revision.text, anchor.start + 1, anchor."end" - anchor.start),
       substr(revision.text, max(anchor.start - 119, 1), min(anchor.start, 120)),
       substr(revision.text, anchor."end" + 1, 120), respondent.ref,
       (SELECT group_concat(value, '; ') FROM respondent_attribute AS own
        WHERE own.respondent_id = respondent.id),
       question.ref, question.text, coder.name, anchor.start, anchor."end", coding.created_at,
       coding.guid
FROM coding JOIN document ON document.id = coding.document_id
JOIN revision ON revision.id = document.current_revision_id
JOIN anchor ON anchor.coding_id = coding.id AND anchor.revision_id = revision.id
JOIN code ON code.id = coding.code_id JOIN coder ON coder.id = coding.coder_id
JOIN respondent ON respondent.id = document.respondent_id
JOIN question ON question.id = document.question_id
WHERE coding.deleted_at IS NULL
ORDER BY code.position, respondent.id, document.id, anchor.start
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one export took."""

    seconds: float
    n_rows: int
    peak_mib: float | None


def bare_loop(database: Path, path: Path) -> float:
    """Write the same rows with nothing but one query and `csv.writer`; give the seconds."""
    begun = time.perf_counter()
    with (
        closing(sqlite3.connect(database)) as connection,
        path.open("w", encoding="utf-8", newline="") as stream,
    ):
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(connection.execute(PLAIN))
    return time.perf_counter() - begun


def export_here(folder: Path, path: Path) -> Measured:
    """Export everything, in this process."""
    from workbench.services.coding import extract_files, extracts

    bench = studies.reopen(folder)
    where = extracts.ExtractFilter()
    begun = time.perf_counter()
    n_rows = extract_files.export_extracts(bench.actor, bench.database, bench.study_id, path, where)
    seconds = time.perf_counter() - begun
    bench.database.close()
    return Measured(seconds, n_rows, peak_mib())


def export_apart(folder: Path, path: Path) -> Measured:
    """Export everything in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.export_extracts", str(folder), str(path)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


def measure(folder: Path, n_respondents: int) -> list[tuple[str, ...]]:
    """Make a study and export it in both formats; give two rows of the table."""
    size = summarise.Size(n_respondents)
    summarise.large_study(folder, size).database.close()
    bare = bare_loop(folder / "study.sqlite3", folder / "bare.csv")
    rows = []
    for kind, aim_s in AIM_S.items():
        took = export_apart(folder, folder / f"extracts.{kind}")
        if took.n_rows != size.n_codings:
            raise RuntimeError(f"{took.n_rows} extracts were written, not {size.n_codings}")
        aimed = size.n_codings == 100_000
        rows.append(
            (
                f"{took.n_rows:,}", kind.upper(), shown(took.seconds),
                "unknown" if took.peak_mib is None else shown(took.peak_mib),
                shown(bare), f"{took.seconds / bare:.1f}", f"{aim_s:g}" if aimed else "",
                verdict(took.seconds <= aim_s) if aimed else "",
            )
        )  # fmt: skip
    return rows


def pages(folder: Path) -> list[str]:
    """Time what the Extracts page asks for without a filter, on a million codings."""
    from workbench.services.coding import extracts

    bench = summarise.large_study(folder, summarise.Size(MILLION))
    asked = (bench.actor, bench.database, bench.study_id)
    where = extracts.ExtractFilter()

    def counted() -> extracts.ExtractCounts:
        extracts.forget_counts(bench.database)
        return extracts.count_extracts(*asked, where)

    first = median(repeat(TIMES, counted))
    found = counted()
    again = median(repeat(TIMES, lambda: extracts.count_extracts(*asked, where)))
    lines = []
    for name, offset in (("first", 0), ("middle", found.n_extracts // 2),
                         ("last", found.n_extracts - PAGE)):  # fmt: skip
        times = repeat(
            TIMES,
            lambda offset=offset: extracts.list_extracts(  # type: ignore[misc]
                *asked, where, offset=offset, limit=PAGE, counted=found
            ),
        )
        lines.append(f"the {name} page of {PAGE} {shown(median(times))} ms")
    bench.database.close()
    return [
        f"The Extracts page without a filter on {found.n_extracts:,} codings of {MILLION:,} "
        f"respondents, median of {TIMES}: counting {shown(first)} ms, again while nothing has "
        f"changed {shown(again)} ms; {', '.join(lines)}."
    ]


def run(folder: Path) -> Section:
    """Measure and describe."""
    rows = [row for size in SIZES for row in measure(folder / str(size), size)]
    return Section(
        "Exporting extracts",
        ("extracts", "format", "seconds", "peak, MiB", "bare loop, s", "times as long", "aim, s",
         ""),
        tuple(rows),
        "`services.extract_files.export_extracts` on SQLite, in a process of its own for each: "
        "words, context, two attributes, memo, marks and stars of every coding, in the order of "
        "the codebook, formulas neutralised, to a file on the disk. The bare loop writes the same "
        "rows as CSV from one query, without checks, marks, stars, memos or speakers.",
        tuple(pages(folder / "million")),
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asdict(export_here(Path(sys.argv[1]), Path(sys.argv[2])))))

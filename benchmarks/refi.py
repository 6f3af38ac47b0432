"""Exchange by REFI-QDA: 100,000 and 200,000 codings written as a project, read, brought in.

In: studies of codings, made as for `summarise`. Out: seconds, peak of memory and size of the file.

Each step runs in a process of its own, so that its peak of memory is its own. Time is taken inside,
around the service that the page and the command line call, and around the reader of files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from benchmarks import studies, summarise
from benchmarks.import_survey import peak_mib
from benchmarks.measure import Section, shown, verdict

SIZES = (10_000, 20_000)  # respondents; ten codings each
AIM_S = 60.0
AIMED = 100_000
STUDY = "Brought in"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one step took."""

    seconds: float
    n_codings: int
    n_texts: int
    peak_mib: float | None
    file_mib: float


def export_here(folder: Path, path: Path) -> Measured:
    """Write the study, in this process."""
    from workbench.services.projects import refi_export

    bench = studies.reopen(folder)
    begun = time.perf_counter()
    report = refi_export.export_project(bench.actor, bench.database, bench.study_id, path)
    seconds = time.perf_counter() - begun
    bench.database.close()
    return Measured(seconds, report.n_codings, report.n_sources, peak_mib(), _mib(path))


def read_here(path: Path) -> Measured:
    """Read a file, in this process."""
    from pipelines.ingest.projects.refi_project import read_refi

    begun = time.perf_counter()
    with path.open("rb") as stream:
        project = read_refi(stream, path.name).project
    seconds = time.perf_counter() - begun
    n = sum(len(one.codings) for source in project.sources for one in source.selections)
    return Measured(seconds, n, len(project.sources), peak_mib(), _mib(path))


def import_here(path: Path, database: Path) -> Measured:
    """Read a file and bring it into a new study, or into the one of an earlier step."""
    from workbench.services import study
    from workbench.services.opening import open_database
    from workbench.services.projects import refi_import

    opened = open_database(f"sqlite:///{database}")
    actor = study.sign_in(opened, "Importer")
    fresh = not study.is_taken(actor, opened, STUDY)
    begun = time.perf_counter()
    with path.open("rb") as stream:
        file = refi_import.look_into(stream, path.name)
        report = refi_import.import_project(actor, opened, STUDY, file, new_study=fresh)
    seconds = time.perf_counter() - begun
    opened.close()
    n = report.codings_new + report.codings_matched
    texts = len(report.documents.new) + report.documents.matched
    return Measured(seconds, n, texts, peak_mib(), _mib(path))


def texts_here(path: Path, database: Path) -> Measured:
    """Bring in everything but codings, for `merge` to bring these to texts that are there."""
    from workbench.services import study
    from workbench.services.opening import open_database
    from workbench.services.projects import refi_import

    opened = open_database(f"sqlite:///{database}")
    actor = study.sign_in(opened, "Importer")
    begun = time.perf_counter()
    with path.open("rb") as stream:
        file = refi_import.look_into(stream, path.name)
        whole = file.file.project
        bare = tuple(replace(one, selections=(), codings=()) for one in whole.sources)
        project = replace(whole, sources=bare)
        file = replace(file, file=replace(file.file, project=project))
        report = refi_import.import_project(actor, opened, STUDY, file, new_study=True)
    seconds = time.perf_counter() - begun
    opened.close()
    return Measured(seconds, 0, len(report.documents.new), peak_mib(), _mib(path))


def _mib(path: Path) -> float:
    return path.stat().st_size / 1024**2


def apart(step: str, *paths: Path) -> Measured:
    """Do one step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.refi", step, *map(str, paths)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


def measure(folder: Path, n_respondents: int) -> list[tuple[str, ...]]:
    """Make a study, write it, read it and bring it in, also into its texts; give six rows."""
    size = summarise.Size(n_respondents)
    summarise.large_study(folder, size).database.close()
    path = folder / "study.qdpx"
    rows = []
    database = folder / "second.sqlite3"
    steps = {
        "write": (folder, path), "read": (path,), "bring in": (path, database),
        "bring in again": (path, database), "bring in texts": (path, folder / "third.sqlite3"),
        "merge": (path, folder / "third.sqlite3"),
    }  # fmt: skip
    for step, places in steps.items():
        took = apart(step, *places)
        if step == "write" and took.n_codings != size.n_codings:  # the reader drops repetitions
            raise RuntimeError(f"{took.n_codings} codings in the file, not {size.n_codings}")
        aimed = step in ("write", "bring in") and size.n_codings == AIMED
        rows.append(
            (
                f"{took.n_codings:,}", f"{took.n_texts:,}", step, shown(took.seconds),
                "unknown" if took.peak_mib is None else shown(took.peak_mib),
                shown(took.file_mib), f"{AIM_S:g}" if aimed else "",
                verdict(took.seconds <= AIM_S) if aimed else "",
            )
        )  # fmt: skip
    return rows


def run(folder: Path) -> Section:
    """Measure and describe."""
    rows = [row for size in SIZES for row in measure(folder / str(size), size)]
    return Section(
        "Exchange by REFI-QDA",
        ("codings", "texts", "step", "seconds", "peak, MiB", "file, MiB", "aim, s", ""),
        tuple(rows),
        "`services.refi_export.export_project` on SQLite to a .qdpx file, with everything that the "
        "study holds, the reader of such files, and `services.refi_import.import_project` into an "
        "empty database and then once more, which changes nothing; then its codings into a study "
        "that has the same texts without any (merge); each in a process of its own. "
        "The project is held in memory while it is written or brought in, texts and all.",
        (),
    )


if __name__ == "__main__":
    step, *paths = sys.argv[1:]
    given = [Path(item) for item in paths]
    here = {"write": export_here, "read": read_here, "bring in texts": texts_here}.get(
        step, import_here
    )
    print(json.dumps(asdict(here(*given))))

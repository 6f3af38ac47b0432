"""Bringing focus groups in: 100 and 1,000 transcripts, the larger folder of 100 MB together.

In: a folder of WebVTT files with a facilitator and eight people in each. Out: files and megabytes
per second, the peak of memory, and how many times longer than reading the cues alone.

Each run is in a process of its own, so that its peak of memory is its own. Time is taken inside,
around the service that the command line calls: reading, proposing who speaks, writing.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import corpus, studies
from benchmarks.import_survey import peak_mib
from benchmarks.measure import Section, shown, verdict

SIZES = (100, 1_000)
FILE_BYTES = 100_000
SPEAKERS = 8
WORDS = (4, 40)  # of a cue
AIM_MIB_S, AIM_PEAK_MIB = 1.0, 512
STUDY = "Groups"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run over a folder took; `cpu_s` is the processor's time."""

    seconds: float
    cpu_s: float
    peak_mib: float | None
    new: int
    unchanged: int
    turns: int


def write_transcripts(folder: Path, n_files: int) -> float:
    """Write transcripts; give their size in MiB."""
    folder.mkdir()
    generator = random.Random(41)
    names = [f"Person {chr(65 + number)}le" for number in range(SPEAKERS)]
    for number in range(n_files):
        cues, size, at = ["WEBVTT\n"], 0, 0
        while size < FILE_BYTES:
            who = "Lin Moderator" if len(cues) % 6 == 1 else generator.choice(names)
            words = corpus.paragraph(generator, generator.randint(*WORDS))
            cues.append(f"{_clock(at)} --> {_clock(at + 4)}\n<v {who}>{words}</v>\n")
            size, at = size + len(cues[-1].encode()), at + 4
        (folder / f"FG{number:04d}.vtt").write_text("\n".join(cues), encoding="utf-8")
    return sum(path.stat().st_size for path in folder.iterdir()) / 1024**2


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000"


def cues_alone(folder: Path) -> float:
    """Read the cues with webvtt-py and nothing else; give the seconds of processor time."""
    import webvtt

    begun = time.process_time()
    for path in sorted(folder.iterdir()):
        with path.open(encoding="utf-8") as stream:
            webvtt.from_buffer(stream)
    return time.process_time() - begun


def bring_in_here(folder: Path, files: Path) -> Measured:
    """Bring a folder into the study, in this process."""
    from workbench.services.discussions import transcript_batch

    bench = studies.reopen(folder)
    begun, at_work = time.perf_counter(), time.process_time()
    report = transcript_batch.ingest_transcripts(
        bench.actor, bench.database, bench.study_id, [files]
    )
    seconds, cpu_s = time.perf_counter() - begun, time.process_time() - at_work
    bench.database.close()
    turns = sum(item.report.turns for item in report.groups)
    new, unchanged = report.count("new"), report.count("unchanged")
    return Measured(seconds, cpu_s, peak_mib(), new, unchanged, turns)


def list_here(folder: Path) -> float:
    """List all groups as the pages do; give the milliseconds."""
    from workbench.services.discussions import focus_groups

    bench = studies.reopen(folder)
    begun = time.perf_counter()
    focus_groups.list_focus_groups(bench.actor, bench.database, bench.study_id)
    took = (time.perf_counter() - begun) * 1000
    bench.database.close()
    return took


def apart(folder: Path, files: Path) -> Measured:
    """Bring a folder in, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.transcripts", str(folder), str(files)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return Measured(**json.loads(done.stdout))


def measure(folder: Path, n_files: int) -> list[tuple[str, ...]]:
    """Bring in so many transcripts, and the same once more; give two rows of the table."""
    folder.mkdir()
    studies.new_study(folder, STUDY).database.close()
    files = folder / "files"
    mib = write_transcripts(files, n_files)
    bare = cues_alone(files)
    rows = []
    for what in ("new", "the same again"):
        took = apart(folder, files)
        if (took.new, took.unchanged)[what != "new"] != n_files:
            raise RuntimeError(f"{took.new} groups are new and {took.unchanged} unchanged")
        peak = "unknown" if took.peak_mib is None else shown(took.peak_mib)
        met = mib / took.cpu_s >= AIM_MIB_S and (took.peak_mib or 0) <= AIM_PEAK_MIB
        rows.append((
            f"{n_files:,}", what, shown(mib), f"{took.turns:,}", shown(took.seconds),
            shown(took.cpu_s), shown(n_files / took.seconds), shown(mib / took.seconds), peak,
            shown(took.cpu_s / bare), shown(list_here(folder)), verdict(met),
        ))  # fmt: skip
    return rows


def run(folder: Path) -> Section:
    """Measure all sizes."""
    rows = [row for size in SIZES for row in measure(folder / str(size), size)]
    return Section(
        title="Bringing transcripts of focus groups in",
        header=("files", "which", "MiB", "turns", "s", "CPU s", "files/s", "MiB/s", "peak MiB",
                "times the cues alone (CPU)", "list of groups, ms",
                f"aim {AIM_MIB_S} MiB per CPU s, {AIM_PEAK_MIB} MiB"),
        rows=tuple(rows),
        how=(
            f"WebVTT files of {FILE_BYTES:,} bytes with a moderator and {SPEAKERS} people in each, "
            "read, proposed and written, one transaction for each file, on SQLite, in a process of "
            "its own; then the same folder again. The cues alone: `webvtt-py` over the same files, "
            "in the same run, and nothing else."
        ),
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asdict(bring_in_here(Path(sys.argv[1]), Path(sys.argv[2])))))

"""`python -m benchmarks` runs all benchmarks and writes RESULTS.md; with names it runs those.

In: names. Out: the report, or with names the tables on the screen. Exit status 1
when a benchmark failed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import (
    agreement,
    apply_code,
    audit,
    beside_taguette,
    coding_latency,
    decode_audio,
    discussion_latency,
    discussions,
    export_extracts,
    import_survey,
    large_pages,
    machine,
    queue_overhead,
    reading_pages,
    refi,
    report,
    startup,
    summarise,
    transcribe,
    transcripts,
)
from benchmarks.measure import Section, Skipped

Benchmark = Callable[[Path], Section]


def benchmarks() -> Mapping[str, Benchmark]:
    """Name the benchmarks in the order of the report."""
    return {
        "coding_latency": coding_latency.run,
        "discussion_latency": discussion_latency.run,
        "apply_code": apply_code.run,
        "taguette": beside_taguette.run,
        "startup": startup.run,
        "large_pages": large_pages.run,
        "reading_pages": reading_pages.run,
        "import_survey": import_survey.run,
        "transcripts": transcripts.run,
        "summarise": summarise.run,
        "discussions": discussions.run,
        "audit": audit.run,
        "agreement": agreement.run,
        "export_extracts": export_extracts.run,
        "refi": refi.run,
        "decode_audio": decode_audio.run,
        "transcribe": transcribe.run,
        "queue_overhead": queue_overhead.run,
    }


def run_one(name: str, benchmark: Benchmark) -> tuple[str, bool]:
    """Run one benchmark in a folder of its own; give its text, and whether it went well."""
    print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
    begun = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="benchmark-", ignore_cleanup_errors=True) as folder:
            text, fine = report.section_text(benchmark(Path(folder))), True
    except Skipped as why:
        text, fine = report.skipped_text(name, str(why)), True
    except Exception as error:  # noqa: BLE001 - one failure must not cost the other numbers
        traceback.print_exc()
        text, fine = f"## {name}\n\n**Failed**: {type(error).__name__}: {error}", False
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return text, fine


def main() -> int:
    """Run what was asked for."""
    known = benchmarks()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}")
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in known]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(known)}")
    begun, load = time.perf_counter(), machine.load()
    done = [
        run_one(name, benchmark)
        for name, benchmark in known.items()
        if name in (chosen.names or known)
    ]
    texts = [text for text, _ in done]
    if chosen.names:
        print("\n\n".join(texts))
    else:
        seconds = time.perf_counter() - begun
        report.RESULTS.write_text(
            report.whole(machine.describe(), machine.said_of_load(load), seconds, texts),
            encoding="utf-8",
        )
        print(f"written: {report.RESULTS}", file=sys.stderr)
    return 0 if all(fine for _, fine in done) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Transcribing: 32 voice notes one by one with openai-whisper, and side by side with ours.

In: sound and weights that are random and always the same. Out: seconds, CPU seconds and memory by
batch size, and whether all texts are equal. Each way runs in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import Section, shown
from benchmarks.processes import ROOT

BATCHES = (4, 8, 16)
AIM, LEAST = 1.8, 1.5


def once(batch: int, *options: str) -> dict[str, Any]:
    """Run one way in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.transcribe_once", str(batch), *options]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rows(options: tuple[str, ...], batches: tuple[int, ...], name: str) -> list[tuple[str, ...]]:
    """Measure one by one and each batch size; compare texts."""
    alone = once(0, *options)
    made = [_row(name, "one by one, openai-whisper", alone, alone)]
    return made + [_row(name, f"side by side, {b}", once(b, *options), alone) for b in batches]


def _row(name: str, how: str, found: dict[str, Any], alone: dict[str, Any]) -> tuple[str, ...]:
    ratio = alone["seconds"] / found["seconds"]
    same = sum(found["texts"][key] == text for key, text in alone["texts"].items())
    verdict = ""
    if found["batch"]:
        verdict = "met" if ratio >= AIM else "least met" if ratio >= LEAST else "missed"
    return (
        name,
        how,
        shown(found["seconds"]),
        shown(found["cpu_seconds"]),
        f"{ratio:.2f}",
        f"{found['peak_mib']:,.0f}" if found["peak_mib"] else "",
        f"{same} of {len(alone['texts'])}",
        verdict,
    )


def run(folder: Path) -> Section:
    """Measure and describe."""
    del folder  # nothing is written
    measured = rows((), BATCHES, "words without times")
    measured += rows(("--words",), (8,), "word times")
    return Section(
        "Transcribing voice notes",
        (
            "what", "how", "seconds", "CPU seconds", "times as fast", "peak, MiB", "same text",
            f"aim {AIM}, at least {LEAST}",
        ),
        tuple(measured),
        "32 notes of 15 to 40 seconds (random sound), a model of the dimensions of base.en with "
        "random weights, 30 to 80 tokens a window, in single precision on the CPU. *One by one*: "
        "`whisper.transcribe` in a loop. *Side by side*: the same function for each note, the "
        "windows of so many notes decoded together. Each way in a process of its own, with the "
        "same options and PyTorch's own number of threads; the digests of all texts are compared. "
        "Loading the model is left out.",
    )  # fmt: skip

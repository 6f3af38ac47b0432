"""Decoding sound: how much of it becomes samples in a second, by kind of file.

In: sound that is made here, the same every time. Out: seconds, the rate and the peak of memory.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np

from benchmarks.measure import Section, median, repeat, shown
from benchmarks.processes import ROOT
from pipelines import audio

MINUTES = 10
TIMES = 3
LONG_MINUTES = 90
KINDS = (
    # name, ending, container, encoder, samples a second
    ("Opus, 48 kHz", "opus", "ogg", "libopus", 48_000),
    ("AAC in m4a, 44.1 kHz", "m4a", "ipod", "aac", 44_100),
    ("MP3, 44.1 kHz", "mp3", "mp3", "libmp3lame", 44_100),
    ("AMR, 8 kHz", "amr", "amr", "libopencore_amrnb", 8_000),
    ("WAV, 16 kHz, 16 bits", "wav", "wav", "pcm_s16le", 16_000),
    ("FLAC, 48 kHz", "flac", "flac", "flac", 48_000),
)
PEAK = """
import resource, sys
from pipelines import audio
sound = audio.decode(sys.argv[1], name="a")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run(folder: Path) -> Section:
    """Measure and describe."""
    rows = []
    for name, ending, container, encoder, rate in KINDS:
        path = folder / f"a.{ending}"
        write(path, container, encoder, rate, MINUTES)
        rows.append(_row(name, path, MINUTES, TIMES))
    path = folder / "long.opus"
    write(path, "ogg", "libopus", 48_000, LONG_MINUTES)
    rows.append(_row("Opus, 48 kHz", path, LONG_MINUTES, 1))
    return Section(
        "Decoding sound",
        ("file", "minutes", "decode, s", "times real time", "probe, s", "peak, MiB"),
        tuple(rows),
        f"Noise that comes and goes like speech, written by PyAV, decoded to 16 kHz mono as before "
        f"transcribing (*decode*, the median of {TIMES}) and counted without keeping it, as when "
        "recordings are brought in (*probe*). Peak: of a process that decodes the file and does "
        "nothing else, with what Python, NumPy and PyAV take themselves.",
    )


def _row(name: str, path: Path, minutes: int, times: int) -> tuple[str, ...]:
    decoded = median(repeat(times, lambda: audio.decode(path, name=path.name))) / 1000
    probed = median(repeat(times, lambda: audio.probe(path, name=path.name))) / 1000
    call = [sys.executable, "-c", PEAK, str(path)]
    peak = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return (
        name, str(minutes), shown(decoded), shown(minutes * 60 / decoded), shown(probed),
        f"{int(peak):,}",
    )  # fmt: skip


def write(path: Path, container: str, encoder: str, rate: int, minutes: int) -> None:
    """Write a recording, a second at a time."""
    dice = np.random.default_rng(20)
    swell = 0.5 + 0.5 * np.sin(np.arange(rate) * (2 * np.pi * 4 / rate))
    with av.open(str(path), "w", format=container) as target:
        stream = target.add_stream(encoder, rate=rate, layout="mono")
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=rate,
            frame_size=stream.codec_context.frame_size or 0,
        )  # fmt: skip
        for second in range(minutes * 60):
            samples = (dice.normal(0, 3_000, rate) * swell).astype(np.int16).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, second * rate
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        for part in resampler.resample(None):
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))

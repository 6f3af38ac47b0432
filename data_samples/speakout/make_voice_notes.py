"""Make the synthetic voice notes anew: `python data_samples/speakout/make_voice_notes.py`.

In: `voice_notes/truth.csv`, which says for each file its words and a synthetic voice. Out: the
files beside it. It needs espeak-ng and flite, which the workbench itself does not.
"""

import csv
import io
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import av
import numpy as np

FOLDER = Path(__file__).parent / "voice_notes"
RATE = 16_000
ESPEAK_SPEEDS = {"en-gb-scotland+m3": 160, "en-us+f2": 165, "en-gb+m7": 185}
"""Words a minute of the voices that have one speed only."""

ENCODERS = {  # ending: container, encoder, sample rate, bits per second
    "m4a": ("ipod", "aac", 16_000, 32_000),
    "mp3": ("mp3", "libmp3lame", 16_000, 32_000),
    "ogg": ("ogg", "libopus", 16_000, 20_000),
    "opus": ("ogg", "libopus", 16_000, 20_000),
    "wav": ("wav", "pcm_s16le", 16_000, None),
    "amr": ("amr", "libopencore_amrnb", 8_000, 12_200),
}


def speak(voice: str, words: str) -> np.ndarray:
    """Speak a sentence; give it without silence at its ends, at half the full scale."""
    name, _, speed = voice.partition(" ")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "a.wav"
        if name in ("slt", "awb", "kal16", "rms"):
            stretch = speed or "1.0"
            call = ["flite", "-voice", name, "--setf", f"duration_stretch={stretch}"]
            subprocess.run([*call, "-t", words, "-o", str(made)], check=True)
        else:
            pace = speed or str(ESPEAK_SPEEDS[name])
            call = ["espeak-ng", "-v", name, "-s", pace, "-w", str(made), words]
            subprocess.run(call, check=True, stderr=subprocess.DEVNULL)
        samples = read(made)
    loud = np.abs(samples[: len(samples) // 160 * 160]).reshape(-1, 160).max(axis=1)
    on = np.flatnonzero(loud > 0.02 * loud.max())
    samples = samples[on[0] * 160 : (on[-1] + 1) * 160]
    return samples / np.abs(samples).max() * 0.5


def read(path: Path) -> np.ndarray:
    """Read a sound file as 16 kHz mono."""
    parts = []
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        for frame in [*container.decode(audio=0), None]:
            parts += [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32) / 32_768


def say(file: str, voice: str, words: str) -> np.ndarray:
    """Speak several sentences with pauses, which belong to the file and are always the same."""
    random = np.random.default_rng(zlib.crc32(file.encode()))
    parts = [np.zeros(int(RATE * random.uniform(0.1, 0.3)), np.float32)]
    for sentence in re.findall(r"[^.]+\.", words):
        parts.append(speak(voice, sentence.strip()))
        parts.append(np.zeros(int(RATE * random.uniform(0.25, 0.7)), np.float32))
    return np.concatenate(parts[:-1])


def encode(samples: np.ndarray, ending: str) -> bytes:
    """Write samples as a file of some kind."""
    container_name, encoder, rate, bits = ENCODERS[ending]
    target = io.BytesIO()
    with av.open(target, "w", format=container_name) as container:
        stream = container.add_stream(encoder, rate=rate, layout="mono")
        if bits:
            stream.bit_rate = bits
        whole = np.clip(samples * 32_767, -32_768, 32_767).astype(np.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def main() -> None:
    """Make every file that truth.csv lists."""
    with (FOLDER / "truth.csv").open(encoding="utf-8", newline="") as listed:
        rows = list(csv.DictReader(listed))
    for row in rows:
        samples = say(row["file"], row["voice"], row["words"])
        data = encode(samples, row["file"].rpartition(".")[2])
        (FOLDER / row["file"]).write_bytes(data)
        sys.stdout.write(f"{row['file']}: {len(samples) / RATE:.1f} s, {len(data):,} bytes\n")


if __name__ == "__main__":
    main()

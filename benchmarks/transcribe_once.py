"""One way to transcribe the same notes, in a process of its own: one by one, or side by side.

In: `python -m benchmarks.transcribe_once BATCH [--size base|turbo] [--words] [--device cpu]`, where
BATCH 0 is openai-whisper, note by note. Out: one JSON object: seconds, CPU seconds, peak of memory,
and a digest of every text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

N_NOTES = 32
SECONDS = (15.0, 40.0)
TOKENS = (30, 81)
"""Per window, as in speech: random weights never come to an end by themselves."""

SIZES = {  # n_mels, audio ctx, width, heads, layers, vocabulary, text ctx, width, heads, layers
    "base": (80, 1500, 512, 8, 6, 51_864, 448, 512, 8, 6),
    "turbo": (128, 1500, 1280, 20, 32, 51_866, 448, 1280, 20, 4),
    "tiny": (80, 1500, 64, 2, 1, 51_864, 448, 64, 2, 1),
}

OPTIONS: dict[str, Any] = {
    "language": "en", "temperature": 0.0, "condition_on_previous_text": False,
    "without_timestamps": True, "no_speech_threshold": None, "logprob_threshold": None,
    "compression_ratio_threshold": None,
}  # fmt: skip


def make_model(size: str, device: str) -> Any:
    """Make a model of random weights, the same every time."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(0)
    model = Whisper(ModelDimensions(*SIZES[size])).eval()
    with torch.no_grad():  # so that the tokens differ from note to note
        model.decoder.positional_embedding.normal_(0, 0.1)
        model.decoder.token_embedding.weight.mul_(0.1)
    return model.to(device)


def make_notes(n: int) -> list[tuple[str, np.ndarray, int]]:
    """Make sound and the number of tokens a window; the same every time."""
    random = np.random.default_rng(0)
    lengths = random.uniform(*SECONDS, n)
    tokens = random.integers(*TOKENS, n)
    return [
        (str(i), (0.1 * random.standard_normal(int(lengths[i] * 16_000))).astype(np.float32),
         int(tokens[i]))
        for i in range(n)
    ]  # fmt: skip


def run(batch: int, size: str, device: str, n: int, *, words: bool) -> dict[str, Any]:
    """Transcribe the notes one way."""
    import torch
    import whisper

    from pipelines.transcribe.notes import NoteJob, Scheduler

    warnings.simplefilter("ignore")
    options = {**OPTIONS, "fp16": device != "cpu", "word_timestamps": words}
    model, notes = make_model(size, device), make_notes(n)
    whisper.transcribe(model, notes[0][1][:16_000], sample_len=5, **options)  # warm
    texts: dict[str, str] = {}
    begun, cpu = time.perf_counter(), time.process_time()
    if batch == 0:
        for key, sound, length in notes:
            texts[key] = whisper.transcribe(model, sound, sample_len=length, **options)["text"]
    else:
        jobs = (
            NoteJob(key, lambda sound=sound: sound, {**options, "sample_len": length}, 1)
            for key, sound, length in notes
        )
        Scheduler(model, batch_size=batch).run(
            iter(jobs), on_done=lambda ended: texts.__setitem__(ended.key, _text(ended))
        )
    if device != "cpu":
        torch.cuda.synchronize()
    return {
        "batch": batch,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "audio_seconds": sum(len(sound) for _, sound, _ in notes) / 16_000,
        "peak_mib": _peak_mib(),
        "texts": {
            key: hashlib.sha256(text.encode()).hexdigest() for key, text in sorted(texts.items())
        },
    }


def _text(ended: Any) -> str:
    if ended.error is not None:
        raise ended.error
    return str(ended.result["text"])


def _peak_mib() -> float | None:
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:  # not Linux
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


def main() -> None:
    """Read the command line and print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("batch", type=int)
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--notes", type=int, default=N_NOTES)
    parser.add_argument("--words", action="store_true")
    given = parser.parse_args()
    print(json.dumps(run(given.batch, given.size, given.device, given.notes, words=given.words)))


if __name__ == "__main__":
    main()

"""Engines by name: which program transcribes.

In: a model on this machine. Out: an engine with the model loaded.
"""

from __future__ import annotations

from pipelines.transcribe.transcriber import ModelFile, Transcriber
from workbench.errors import InputError

ENGINES = ("openai-whisper", "faster-whisper")


def load_transcriber(
    model: ModelFile,
    *,
    engine: str = "openai-whisper",
    device: str = "auto",
    max_seconds: float | None = None,
) -> Transcriber:
    """Load a model into an engine.

    Raises
    ------
    InputError
        When there is no such engine.
    ModelError
        When the model cannot be loaded.
    MissingExtra
        When the engine is not installed.
    """
    if engine == "openai-whisper":
        from pipelines.transcribe.whisper_engine import load_whisper

        return load_whisper(model, device=device, max_seconds=max_seconds)
    raise InputError(
        f"there is no engine {engine!r}.", hint=f"Choose one of: {', '.join(ENGINES)}."
    )

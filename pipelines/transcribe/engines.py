"""Engines by name: which program transcribes.

In: a model on this machine. Out: an engine with the model loaded.
"""

from __future__ import annotations

from pipelines.transcribe.transcriber import ModelFile, Transcriber
from workbench.errors import InputError, MissingExtra

ENGINES = ("openai-whisper", "faster-whisper")


def versions_of(engine: str) -> str:
    """Name what an engine decodes and transcribes with, without loading it.

    It is part of a result's key, so that a new version's transcript is another one.
    """
    from importlib import metadata

    heard = f"av {metadata.version('av')}"
    if engine == "openai-whisper":
        return f"openai-whisper {metadata.version('openai-whisper')}, ragged 1, {heard}"
    try:
        return f"faster-whisper {metadata.version('faster-whisper')}, {heard}"
    except metadata.PackageNotFoundError as error:
        raise MissingExtra(
            "faster-whisper is not installed: pip install 'speakout-workbench[faster-whisper]'"
        ) from error


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

"""Engines by name: which program transcribes.

In: a model on this machine. Out: an engine with the model loaded.
"""

from __future__ import annotations

from pipelines.transcribe.transcriber import ModelFile, Transcriber
from workbench.errors import InputError, MissingExtra, ModelError

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
        packages = ("faster-whisper", "ctranslate2")
        found = ", ".join(f"{name} {metadata.version(name)}" for name in packages)
        return f"{found}, {heard}"
    except metadata.PackageNotFoundError as error:
        raise MissingExtra(
            "faster-whisper is not installed: pip install 'speakout-workbench[faster-whisper]'"
        ) from error


def check_form(model: ModelFile, engine: str) -> None:
    """See to it that a model has the form that the engine reads.

    Raises
    ------
    ModelError
        When it has the other one, with what to do.
    """
    is_folder = model.path.is_dir()
    if engine == "faster-whisper" and not is_folder:
        raise ModelError(
            f"the model {model.name} is a file of openai-whisper, which faster-whisper cannot "
            "read.",
            hint="Give the folder of a model that was converted for it, or choose openai-whisper.",
        )
    if engine == "openai-whisper" and is_folder:
        raise ModelError(
            f"the model {model.name} is a folder of faster-whisper, which openai-whisper cannot "
            "read.",
            hint="Choose the engine faster-whisper.",
        )


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
    if engine not in ENGINES:
        raise InputError(
            f"there is no engine {engine!r}.", hint=f"Choose one of: {', '.join(ENGINES)}."
        )
    check_form(model, engine)
    if engine == "faster-whisper":
        from pipelines.transcribe.faster_whisper_engine import load_faster_whisper

        return load_faster_whisper(model, device=device, max_seconds=max_seconds)
    from pipelines.transcribe.whisper_engine import load_whisper

    return load_whisper(model, device=device, max_seconds=max_seconds)

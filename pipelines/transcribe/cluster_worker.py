"""What runs on the machines of a cluster: the model loaded once, batches transcribed with it.

In: a model, and batches of notes from `cluster`. Out: transcripts and failures. Each worker process
keeps what it has loaded; the model's file is found under the path that the asking machine uses, or
in this machine's model folder, and its checksum is verified before it is used.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
from dataclasses import dataclass, replace
from importlib import import_module, metadata
from pathlib import Path

from pipelines.transcribe.models import checked_digest
from pipelines.transcribe.sample_model import PACKED, unpack
from pipelines.transcribe.transcriber import ModelFile, Note, NoteFailure, Transcriber
from workbench import __version__
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import ModelError
from workbench.settings import Settings, bundled

RECEIVED = "received"
"""The folder, below a machine's model folder, of models that came from the asking machine."""

BLOCK = 1 << 20
"""Bytes hashed at a time."""

MUST_AGREE = ("openai-whisper", "faster-whisper", "ctranslate2", "torch", "av", "distributed")
"""Packages whose version decides what is heard, or whether machines understand each other."""

Outcome = Transcript | NoteFailure


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to load a model: `loader` is "module:function", as `load_transcriber`."""

    model: ModelFile
    engine: str
    device: str
    loader: str
    max_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A batch of notes to be transcribed. `round` names the asking call, for stopping it."""

    task: Task
    notes: tuple[Note, ...]
    options: TranscribeOptions
    round: str
    topic: str = ""


_turn = threading.Lock()  # a worker with several threads still transcribes one batch at a time
_loaded: dict[tuple[str, str, str, str], Transcriber] = {}
_verified: dict[str, Path] = {}
_stopped: set[str] = set()


def facts() -> dict[str, str]:
    """Give the versions that must be the same on all machines."""
    found = {"Python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    found["SpeakOut Workbench"] = __version__
    for name in MUST_AGREE:
        try:
            found[name] = metadata.version(name).split("+")[0]  # CPU and GPU builds may meet
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def find_model(model: ModelFile) -> bool:
    """Tell whether this machine has the model's file, with the right checksum."""
    return _place(model) is not None


def take_piece(model: ModelFile, offset: int, piece: bytes) -> None:
    """Write a piece of a model's file; pieces come in order, the first at 0."""
    part = _part(model)
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("wb" if offset == 0 else "ab") as target:
        target.write(piece)


def finish_model(model: ModelFile) -> None:
    """Check the file that came in pieces, and put it into its place.

    Raises
    ------
    ModelError
        When its checksum is another one: nothing is kept of it.
    """
    part = _part(model)
    found = sha256_of(part)
    if found != model.sha256:
        part.unlink()
        raise ModelError(
            f"the model arrived damaged on {socket.gethostname()}: its checksum is {found[:12]}, "
            f"{model.sha256[:12]} was expected.",
            source=model.name,
            hint="Try again, or copy the file there by hand.",
        )
    os.replace(part, _received(model))


def open_model(task: Task) -> str:
    """Load the model, unless it is loaded; give the engine's versions."""
    with _turn:
        return _transcriber(task).versions


def transcribe_batch(order: Order) -> tuple[tuple[str, Outcome], ...]:
    """Transcribe a batch; give what became of each note, by its key."""
    outcomes: dict[str, Outcome] = {}

    def progressed(key: str, done_ms: int) -> None:
        if order.topic:
            from distributed import get_worker

            get_worker().log_event(order.topic, (key, done_ms))

    with _turn:
        _transcriber(order.task).transcribe(
            order.notes,
            order.options,
            on_done=outcomes.__setitem__,
            on_progress=progressed,
            should_stop=lambda: order.round in _stopped,
        )
    return tuple((note.key, _told(outcomes.get(note.key))) for note in order.notes)


def stop_round(name: str) -> None:
    """Let the batches of one call end soon: what they would give is not wanted any more."""
    _stopped.add(name)


def sha256_of(path: Path) -> str:
    """Give a file's digest, in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _transcriber(task: Task) -> Transcriber:
    key = (task.model.sha256, task.engine, task.device, task.loader)
    found = _loaded.get(key)
    if found is None:
        place = _place(task.model)
        if place is None:
            raise ModelError(
                f"the model is not on {socket.gethostname()}.",
                source=task.model.name,
                hint="Copy its file to the same path there, or start transcribing again.",
            )
        module, name = task.loader.split(":")
        load = getattr(import_module(module), name)
        found = load(
            replace(task.model, path=place),
            engine=task.engine,
            device=task.device,
            max_seconds=task.max_seconds,
        )
        _loaded.clear()  # one model in memory is enough
        _loaded[key] = found
    return found


def _place(model: ModelFile) -> Path | None:
    known = _verified.get(model.sha256)
    if known is not None and known.exists():
        return known
    found = _sample(model) if model.kind == "sample" else _verify(model)
    if found is not None:
        _verified[model.sha256] = found
    return found


def _verify(model: ModelFile) -> Path | None:
    for place in (model.path, _received(model)):
        if place.is_dir() or (place.is_file() and checked_digest(place) == model.sha256):
            return place
    return None


def _sample(model: ModelFile) -> Path | None:
    """Unpack the sample model that came with this machine's own workbench."""
    packed = bundled("data_samples") / PACKED
    if not packed.exists() or sha256_of(packed) != model.sha256:
        return None
    return unpack(packed, Path(Settings().model_folder) / model.path.name)


def _received(model: ModelFile) -> Path:
    folder = Path(Settings().model_folder) / RECEIVED
    return folder / f"{model.sha256}{model.path.suffix}"


def _part(model: ModelFile) -> Path:
    return _received(model).with_suffix(f".{os.getpid()}.part")


def _told(outcome: Outcome | None) -> Outcome:
    """Say where a recording was missed: on another machine, its path may mean nothing."""
    if outcome is None:
        return NoteFailure("engine", "the engine gave nothing for this recording.", retryable=True)
    if isinstance(outcome, NoteFailure) and outcome.code == "missing":
        return replace(
            outcome,
            message=f"{outcome.message} It was looked for on {socket.gethostname()}. Keep "
            "recordings where every machine of the cluster reads them: a shared folder with the "
            "same path, or s3://.",
        )
    return outcome

"""Models: which there are, which are on this machine, and fetching one when a person asks for it.

In: a model's name, or a file of one's own. Out: a `ModelFile` whose bytes were checked. Nothing
is fetched unless a person asks; addresses and digests are openai-whisper's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.transcribe.sample_model import SAMPLE_MODEL, unpack
from pipelines.transcribe.transcriber import ModelFile
from workbench.errors import ModelError

PART = 1 << 20
"""Bytes read at a time."""

TIMEOUT_S = 30

MULTILINGUAL = 51_865
"""Tokens, at least, of a model that knows more than English."""

FOLDER_NEEDS = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
"""Files of a model of faster-whisper; what is missing it would fetch from the internet."""

UNTAUGHT = ("turbo", "distil")
"""In the names of multilingual models that were never taught to translate."""

OnBytes = Callable[[int, int], None]
"""Told how many bytes are there, and how many there will be."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model that can be had: its size on disk, what it needs, and what it can do.

    `memory_gb` is roughly what it takes on a CPU, in single precision.
    """

    name: str
    size_mb: int
    memory_gb: float
    multilingual: bool = True
    translates: bool = True
    advice: str = ""


KNOWN = (
    KnownModel("tiny", 73, 1, advice="Only to try things out: many mistakes."),
    KnownModel("base", 139, 1.2, advice="Quick; many mistakes with accents and noise."),
    KnownModel("small", 461, 2.5, advice="A fair start on a laptop."),
    KnownModel("medium", 1457, 6, advice="Good on a strong laptop, overnight."),
    KnownModel("large-v3", 2944, 11, advice="The most accurate; wants a graphics processor."),
    KnownModel("turbo", 1543, 6, translates=False,
               advice="Nearly as accurate as large-v3 and much faster; cannot translate."),
    KnownModel("tiny.en", 73, 1, multilingual=False, translates=False, advice="English only."),
    KnownModel("base.en", 139, 1.2, multilingual=False, translates=False,
               advice="English only."),
    KnownModel("small.en", 461, 2.5, multilingual=False, translates=False,
               advice="English only."),
    KnownModel("medium.en", 1457, 6, multilingual=False, translates=False,
               advice="English only."),
)  # fmt: skip
"""In the order in which they are offered. Sizes are those of the files, in MiB."""


def known_model(name: str) -> KnownModel | None:
    """Find a model by its name."""
    return next((item for item in KNOWN if item.name == name), None)


def place_of(name: str, folder: Path) -> Path:
    """Give the place where a model's file is expected, whether or not it is there."""
    return folder / _address(name).rpartition("/")[2]


def is_here(name: str, folder: Path) -> bool:
    """Tell whether a model's file is there, without reading it."""
    return place_of(name, folder).exists()


def find_model(
    name: str, folder: Path, *, sample_allowed: bool = False, bundled: Path | None = None
) -> ModelFile:
    """Find a model on this machine, by name or as a file of one's own, and check its bytes.

    Parameters
    ----------
    name
        "base", "large-v3" and so on; the sample model's name; or the path of a whisper checkpoint
        or of a folder with a model of faster-whisper.
    folder
        Where models are kept.
    sample_allowed
        Whether the sample model may be used: in sample studies only.
    bundled
        The packed sample model.

    Raises
    ------
    ModelError
        When it is not there, damaged, no whisper model, or may not be used here.
    """
    if name == SAMPLE_MODEL:
        return _sample(folder, bundled, allowed=sample_allowed)
    known = known_model(name)
    if known is None:
        return _own(Path(name).expanduser())
    path = place_of(name, folder)
    if not path.exists():
        raise ModelError(
            f"the model {name} is not on this machine.",
            hint=f"Fetch it ({known.size_mb} MB): workbench models download {name}. Without a "
            f"network, fetch it elsewhere and put the file {path.name} into {folder}.",
        )
    digest = checked_digest(path)
    if digest != _digest(name):
        raise ModelError(
            f"the file of the model {name} is damaged: {path}.",
            hint="Delete it and fetch it again.",
        )
    return ModelFile(
        name, path, digest, path.stat().st_size, "whisper", known.multilingual, known.translates
    )


def download_model(
    name: str,
    folder: Path,
    *,
    on_bytes: OnBytes | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """Fetch a model, check its digest, and put it where `find_model` looks.

    What an interrupted fetch has left is taken up again. A file that is there is left alone.

    Raises
    ------
    ModelError
        When there is no such model, no network, no room, the digest differs, or it was cancelled.
    """
    if known_model(name) is None:
        listed = ", ".join(item.name for item in KNOWN)
        raise ModelError(f"there is no model {name!r}.", hint=f"There are: {listed}.")
    target = place_of(name, folder)
    if target.exists():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        waiting = target.with_name(f"{target.name}.part")
        _fetch(_address(name), waiting, on_bytes, cancelled or (lambda: False))
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(
            f"the model {name} could not be fetched: {reason}.",
            hint=f"Without a network, fetch the file {target.name} elsewhere and put it into "
            f"{folder}; see docs/guide/models.md.",
        ) from error
    except OSError as error:
        raise ModelError(
            f"the model {name} could not be written: {error.strerror or error}.",
            hint=f"Is there room in {folder}?",
        ) from error
    if _sha256(waiting) != _digest(name):
        waiting.unlink()
        raise ModelError(
            f"what was fetched is not the model {name}: its digest differs.", hint="Try again."
        )
    waiting.replace(target)
    return target


def _fetch(
    address: str, waiting: Path, on_bytes: OnBytes | None, cancelled: Callable[[], bool]
) -> None:
    have = waiting.stat().st_size if waiting.exists() else 0
    request = urllib.request.Request(address)
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # all of it is there
            return
        raise
    with answer:
        if answer.status != 206:
            have = 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        with waiting.open("ab" if have else "wb") as target:
            while block := answer.read(PART):
                target.write(block)
                have += len(block)
                if on_bytes is not None:
                    on_bytes(have, total)
                if cancelled():
                    raise ModelError("fetching was cancelled.", hint="It can be taken up again.")
    if have < total:
        raise ConnectionError("the connection broke off")


def _own(path: Path) -> ModelFile:
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        listed = ", ".join(item.name for item in KNOWN)
        raise ModelError(
            f"there is no model and no file {str(path)!r}.",
            hint=f"Name one of {listed}, or the path of a whisper checkpoint or of a folder of "
            "faster-whisper.",
        )
    dims = _dims(path)
    multilingual = int(dims["n_vocab"]) >= MULTILINGUAL
    return ModelFile(
        path.name, path, checked_digest(path), path.stat().st_size, "own", multilingual,
        # Turbo is the one multilingual model with few layers of a wide decoder: never taught to.
        translates=multilingual and not (dims["n_text_layer"] == 4 and dims["n_text_state"] > 1000),
    )  # fmt: skip


def _folder(path: Path) -> ModelFile:
    """Find a model of faster-whisper: a folder with all that it would otherwise fetch."""
    missing = [name for name in FOLDER_NEEDS if not (path / name).is_file()]
    words = next(filter(Path.is_file, (path / name for name in VOCABULARIES)), None)
    if words is None:
        missing.append(VOCABULARIES[0])
    if missing or words is None:
        raise ModelError(
            f"the folder is no whole model of faster-whisper: {', '.join(missing)} is missing.",
            source=path.name,
            hint="Copy all files of the converted model into it.",
        )
    try:
        text = words.read_text(encoding="utf-8")
        n_words = len(json.loads(text)) if words.suffix == ".json" else len(text.splitlines())
    except ValueError as error:
        raise ModelError(
            f"the file {words.name} cannot be read.", source=path.name, hint="Copy it again."
        ) from error
    parts = [item for item in sorted(path.iterdir()) if item.is_file() and item.name[0] != "."]
    told = json.dumps([[item.name, checked_digest(item)] for item in parts])
    multilingual = n_words >= MULTILINGUAL
    return ModelFile(
        path.name,
        path,
        hashlib.sha256(told.encode()).hexdigest(),
        sum(item.stat().st_size for item in parts),
        "own",
        multilingual,
        translates=multilingual and not any(part in path.name.lower() for part in UNTAUGHT),
    )


def _dims(path: Path) -> dict[str, Any]:
    """Read a checkpoint's dimensions, without running what it may hold."""
    import torch

    try:
        with path.open("rb") as file:
            read = torch.load(file, map_location="cpu", weights_only=True, mmap=False)
        dims = read["dims"]
        if not {"n_vocab", "n_text_layer", "n_text_state", "n_mels"} <= set(dims):
            raise KeyError("dims")
        assert read["model_state_dict"]
    except Exception as error:  # a file of any kind raises anything
        raise ModelError(
            "this is not a whisper checkpoint.",
            source=path.name,
            hint="It must be a .pt file as openai-whisper writes it.",
        ) from error
    return dict(dims)


def _sample(folder: Path, bundled: Path | None, *, allowed: bool) -> ModelFile:
    if not allowed:
        raise ModelError(
            f"the model {SAMPLE_MODEL} knows 40 sentences only and is for the sample study.",
            hint="Choose another model for your own recordings.",
        )
    if bundled is None or not bundled.exists():
        raise ModelError("the sample model is missing.", hint="Install the workbench again.")
    tag = _sha256(bundled)[:12]
    path = unpack(bundled, folder / f"{SAMPLE_MODEL}-{tag}.pt")
    # The identity is that of the packed file: unpacking is not the same byte for byte everywhere.
    digest = _sha256(bundled)
    return ModelFile(SAMPLE_MODEL, path, digest, path.stat().st_size, "sample", False, False)


def _address(name: str) -> str:
    import whisper

    return str(whisper._MODELS[name])


def _digest(name: str) -> str:
    return _address(name).split("/")[-2]


def checked_digest(path: Path) -> str:
    """Give a file's SHA-256; it is kept beside the file, so that it is read once only."""
    note = path.with_name(f".{path.name}.sha256")
    facts = path.stat()
    state = [facts.st_size, facts.st_mtime_ns]
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        if kept["state"] == state:
            return str(kept["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    digest = _sha256(path)
    try:
        waiting = note.with_name(f"{note.name}.{os.getpid()}")
        waiting.write_text(json.dumps({"state": state, "sha256": digest}), encoding="utf-8")
        waiting.replace(note)
    except OSError:
        pass  # a folder that cannot be written: read again next time
    return digest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""The sample model: a small recogniser that comes with the workbench, for trying out and for tests.

In: the packed file beside the sample study. Out: a checkpoint that openai-whisper loads.

It is a real whisper checkpoint, trained from scratch on synthetic speech, and **a closed-set
recogniser: it knows 40 English sentences and takes anything else for one of them.** It shows the
way from a recording to a transcript without a network; what it makes of other recordings means
nothing, and its error rate says nothing about speech recognition.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    from torch import Tensor

SAMPLE_MODEL = "sample-40-sentences"
"""Its name wherever a model is chosen."""

PACKED = "speakout/sample_model_40_sentences.npz"
"""Below `data_samples`."""


def unpack(packed: Path, target: Path) -> Path:
    """Write the checkpoint, unless it is there already; give its place.

    The packed file holds int8 weights with one scale for each row; rows that are zero and the
    encoder's sinusoids are left out there.

    Raises
    ------
    ModelError
        When the packed file is missing or damaged.
    """
    import numpy as np
    import torch
    from whisper.model import sinusoids

    if target.exists():
        return target
    try:
        with np.load(io.BytesIO(packed.read_bytes()), allow_pickle=False) as read:
            arrays = {name: read[name] for name in read.files}
        dims = json.loads(arrays.pop("dims").tobytes())
        weights = {name: _weight(name, arrays) for name in arrays if "/" not in name}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"the sample model cannot be unpacked: {error}",
            source=packed.name,
            hint="Install the workbench again.",
        ) from error
    positions = sinusoids(dims["n_audio_ctx"], dims["n_audio_state"])
    weights["encoder.positional_embedding"] = positions.half()
    target.parent.mkdir(parents=True, exist_ok=True)
    waiting = target.with_name(f"{target.name}.{os.getpid()}.part")
    torch.save({"dims": dims, "model_state_dict": weights}, waiting)
    waiting.replace(target)
    return target


def _weight(name: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Tensor:
    import numpy as np
    import torch

    values = arrays[name].astype(np.float32)
    if f"{name}/s" in arrays:
        scales = arrays[f"{name}/s"].astype(np.float32)
        shape = tuple(int(size) for size in arrays[f"{name}/shape"])
        values = (values * scales[:, None]).reshape(shape)
    if f"{name}/rows" in arrays:
        whole = np.zeros((int(arrays[f"{name}/n"]), values.shape[1]), np.float32)
        whole[arrays[f"{name}/rows"].astype(np.int64)] = values
        values = whole
    return torch.from_numpy(values).half()

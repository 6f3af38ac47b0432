"""Sound: any recording that people send, decoded in this process to what recognisers hear.

In: a file or an open binary file. Out: samples at 16 kHz, mono, as float32 between -1 and 1; or
what the file is, without its samples. Ingest and transcribe share it. PyAV does the work, so no
program has to be installed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from workbench.errors import AudioError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

RATE = 16_000
"""Samples per second that speech recognisers take."""

MAX_BAD_PACKETS = 50
"""Damaged packets in a row at the beginning after which a file is given up."""

FULL_SCALE = 32_768.0
"""Of 16-bit samples."""

DAMAGED = "The file is damaged: only the part that can be read is used."

MEDIA_TYPES = {
    "ogg": "audio/ogg", "mp3": "audio/mpeg", "wav": "audio/wav", "w64": "audio/wav",
    "flac": "audio/flac", "amr": "audio/amr", "amrnb": "audio/amr", "amrwb": "audio/amr-wb",
    "aac": "audio/aac", "asf": "audio/x-ms-wma", "matroska,webm": "audio/webm",
    "mov,mp4,m4a,3gp,3g2,mj2": "audio/mp4", "aiff": "audio/aiff", "caf": "audio/x-caf",
}  # fmt: skip
"""Media types by the decoder's name of the container."""

Source = str | Path | IO[bytes]


@dataclass(frozen=True, slots=True)
class Sound:
    """A decoded recording: `samples` of shape (n,), float32, 16 kHz. `warning` is for people."""

    samples: npt.NDArray[np.float32]
    warning: str = ""

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return round(len(self.samples) * 1000 / RATE)


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What a file is, by its content. `n_channels` and `sample_rate` are those of the file."""

    duration_ms: int
    media_type: str
    codec: str
    n_channels: int
    sample_rate: int
    warning: str = ""


def decode(source: Source, *, name: str, max_seconds: float | None = None) -> Sound:
    """Decode a recording to 16 kHz mono.

    Parameters
    ----------
    source
        A path, or a binary file that can be read from its beginning.
    name
        What people call the file, for messages.
    max_seconds
        The longest sound that is taken.

    Raises
    ------
    AudioError
        With a code: empty, not_media, no_audio, corrupt, too_long or not_finite.
    """
    import numpy as np

    with _opened(source, name) as (container, stream):
        parts: list[npt.NDArray[np.int16]] = []
        n, damaged = 0, _Damage()
        for block in _blocks(container, stream, damaged, name):
            parts.append(block)
            n += len(block)
            _refuse_long(n, max_seconds, name)
    if not n:
        raise _nothing(name, damaged)
    samples = np.concatenate(parts, dtype=np.float32)
    samples /= FULL_SCALE
    return Sound(samples, DAMAGED if damaged.seen else "")


def probe(source: Source, *, name: str, max_seconds: float | None = None) -> AudioFacts:
    """Tell what a recording is and how long, by decoding it without keeping its samples.

    Containers claim lengths that are wrong or missing, so that the sound itself is measured.

    Raises
    ------
    AudioError
        As `decode` does.
    """
    with _opened(source, name) as (container, stream):
        n, damaged = 0, _Damage()
        for block in _blocks(container, stream, damaged, name):
            n += len(block)
            _refuse_long(n, max_seconds, name)
        facts = AudioFacts(
            duration_ms=round(n * 1000 / RATE),
            media_type=MEDIA_TYPES.get(container.format.name, "application/octet-stream"),
            codec=str(stream.codec_context.name),
            n_channels=int(stream.codec_context.channels),
            sample_rate=int(stream.codec_context.sample_rate or 0),
            warning=DAMAGED if damaged.seen else "",
        )
    if not n:
        raise _nothing(name, damaged)
    return facts


def wave_file(sound: Sound) -> bytes:
    """Write a sound as a WAV file that every browser plays: 16 kHz, mono, 16 bits."""
    import wave

    import numpy as np

    whole = np.clip(np.round(sound.samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE - 1)
    target = io.BytesIO()
    with wave.open(target, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(whole.astype("<i2").tobytes())
    return target.getvalue()


@dataclass
class _Damage:
    """What could not be decoded so far."""

    n: int = 0
    seen: bool = False

    def add(self) -> None:
        self.n += 1
        self.seen = True


@contextmanager
def _opened(source: Source, name: str) -> Iterator[tuple[Any, Any]]:
    import av

    if _n_bytes(source) == 0:
        raise AudioError(
            "the file is empty.", code="empty", source=name, hint="Send it again from the device."
        )
    given = source if hasattr(source, "read") else str(source)
    try:
        container = av.open(given, mode="r", metadata_errors="ignore")
    except (av.error.FFmpegError, ValueError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise AudioError("the file is not there.", code="missing", source=name) from error
        raise AudioError(
            "this is not a recording that can be read.",
            code="not_media",
            source=name,
            hint="It may be damaged, cut short or of another kind; save it again as mp3 or wav.",
        ) from error
    with container:
        if not container.streams.audio:
            raise AudioError("there is no sound in the file.", code="no_audio", source=name)
        yield container, container.streams.audio[0]


def _n_bytes(source: Source) -> int:
    if isinstance(source, (str, Path)):
        return os.path.getsize(source) if os.path.exists(source) else -1
    here = source.tell()
    size = source.seek(0, os.SEEK_END)
    source.seek(here)
    return size


def _blocks(
    container: Any, stream: Any, damaged: _Damage, name: str
) -> Iterator[npt.NDArray[np.int16]]:
    """Yield the stream's samples at 16 kHz, mono, 16 bits; skip packets that are damaged."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    any_sound = False
    may_be_no_number = str(stream.codec_context.name).startswith("pcm_f")
    for frame in _frames(container, stream, damaged):
        if may_be_no_number:
            _refuse_no_numbers(frame, name)
        for made in resampler.resample(frame):
            any_sound = True
            yield _samples(made)
    if any_sound:
        try:
            rest = resampler.resample(None)
        except av.error.FFmpegError:
            damaged.add()
            return
        for made in rest:
            yield _samples(made)


def _refuse_no_numbers(frame: Any, name: str) -> None:
    """Refuse uncompressed floating point sound that is not finite: models take it for words."""
    import numpy as np

    if not np.isfinite(frame.to_ndarray()).all():
        raise AudioError(
            "the sound holds values that are no numbers.",
            code="not_finite",
            source=name,
            hint="Export it again from the program that made it, as 16-bit WAV.",
        )


def _samples(frame: Any) -> npt.NDArray[np.int16]:
    made: npt.NDArray[np.int16] = frame.to_ndarray().reshape(-1)
    return made


def _frames(container: Any, stream: Any, damaged: _Damage) -> Iterator[Any]:
    import av

    packets = container.demux(stream)
    any_frame = False
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except av.error.FFmpegError:  # broken from here on: what came before is kept
            damaged.add()
            return
        try:
            frames = packet.decode()
        except av.error.EOFError:
            return
        except av.error.FFmpegError:  # one bad packet, as players do: go on with the next
            damaged.add()
            if damaged.n > MAX_BAD_PACKETS and not any_frame:
                return
            continue
        any_frame = any_frame or bool(frames)
        yield from frames


def _refuse_long(n: int, max_seconds: float | None, name: str) -> None:
    if max_seconds is not None and n > max_seconds * RATE:
        raise AudioError(
            f"the recording is longer than {max_seconds / 60:g} minutes.",
            code="too_long",
            source=name,
            hint="Cut it into parts, or raise the limit WORKBENCH_MAX_RECORDING_MINUTES.",
        )


def _nothing(name: str, damaged: _Damage) -> AudioError:
    if damaged.seen:
        return AudioError(
            "no sound in the file can be decoded.",
            code="corrupt",
            source=name,
            hint="Send it again from the device.",
        )
    return AudioError("the recording holds no sound.", code="empty", source=name)

"""Recordings: the files of folders, archives and uploads, one after another.

In: paths or uploaded files. Out: each file with a name and a way to open it; and what is none, with
the reason. Whether it is sound is found out by `pipelines.audio`.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.domain.recordings import ENDINGS

SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", "icon\r"})
"""Files that operating systems leave in folders: passed over."""

MAX_RATIO = 200
"""Unpacked over packed size of an archive's member: sound is packed already."""

RATIO_FROM_BYTES = 16 << 20
"""Size below which the ratio is not looked at: a short silence packs as well as a bomb."""

DAMAGE = (OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading a file may raise that is damaged, or lies in a damaged archive."""

IN_MEMORY = 8 << 20
"""Bytes of an unpacked member that are held in memory before they go to a file of the system's."""

PART = 1 << 20


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be a recording. `open` gives it from its beginning, seekable."""

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken, and why."""

    filename: str
    message: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came through the browser."""

    name: str
    file: IO[bytes]


Source = Path | Upload


def find_files(sources: Iterable[Source], *, max_bytes: int) -> Iterator[FoundFile | Refused]:
    """List the files of folders (with all below them), archives and uploads, in order of names.

    Hidden files and those of operating systems are passed over in silence.
    """
    for source in sources:
        if isinstance(source, Upload):
            if not any(map(_is_system, PurePosixPath(source.name.replace("\\", "/")).parts)):
                file = source.file
                yield from _one(source.name, _size(file), partial(_rewound, file), max_bytes)
        elif source.is_dir():
            for path in sorted(source.rglob("*")):
                below = path.relative_to(source)
                if path.is_file() and not any(_is_system(part) for part in below.parts):
                    yield from _path(path, below.as_posix(), max_bytes)
        elif source.exists():
            yield from _path(source, source.name, max_bytes)
        else:
            yield Refused(str(source), "there is no such file or folder. Check the path.")


def _path(path: Path, name: str, max_bytes: int) -> Iterator[FoundFile | Refused]:
    try:
        size = path.stat().st_size
    except OSError as error:
        yield Refused(name, f"the file cannot be read: {error.strerror}.")
        return
    yield from _one(name, size, lambda: path.open("rb"), max_bytes)


def _one(
    name: str,
    size: int,
    opened: Callable[[], AbstractContextManager[IO[bytes]]],
    max_bytes: int,
) -> Iterator[FoundFile | Refused]:
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if ending == "zip":
        yield from _members(name, opened, max_bytes)
    elif ending and ending not in ENDINGS:
        yield Refused(name, f"files that end in .{ending[:12]} are not taken for recordings.")
    elif size > max_bytes:
        yield Refused(name, _too_large(size, max_bytes))
    else:
        yield FoundFile(name, size, opened)


def _too_large(size: int, max_bytes: int) -> str:
    return (
        f"the file has {size / 1e6:,.0f} MB, more than the {max_bytes / 1e6:,.0f} MB that are "
        "allowed. Cut it into parts, or raise the limit WORKBENCH_MAX_RECORDING_MB."
    )


def _members(
    name: str, opened: Callable[[], AbstractContextManager[IO[bytes]]], max_bytes: int
) -> Iterator[FoundFile | Refused]:
    try:
        with opened() as file, zipfile.ZipFile(file) as archive:
            members = sorted(archive.infolist(), key=lambda member: member.filename)
            for member in members:
                parts = PurePosixPath(member.filename.replace("\\", "/")).parts
                if member.is_dir() or any(_is_system(p) or p == "__MACOSX" for p in parts):
                    continue
                yield from _member(name, archive, member, max_bytes)
    except DAMAGE as error:
        yield Refused(name, f"the archive cannot be read: {error}. Pack it again.")


def _member(
    archive_name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_bytes: int
) -> Iterator[FoundFile | Refused]:
    name = f"{archive_name}/{member.filename}"
    ending = PurePosixPath(member.filename).suffix.lower().lstrip(".")
    if member.flag_bits & 0x1:
        yield Refused(name, "it is protected by a password. Unpack it and take the files.")
    elif ending == "zip":
        yield Refused(name, "an archive within an archive is not opened. Unpack it first.")
    elif member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * max(
        1, member.compress_size
    ):
        yield Refused(name, "it would unpack to far more than a recording has.")
    else:
        yield from _one(name, member.file_size, lambda: _unpacked(archive, member), max_bytes)


@contextmanager
def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Unpack a member to where it can be read back and forth; no more than it claims to have."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        with archive.open(member) as packed:
            left = member.file_size
            while left > 0 and (block := packed.read(min(PART, left))):
                target.write(block)
                left -= len(block)
        target.seek(0)
        yield target


@contextmanager
def _rewound(file: IO[bytes]) -> Iterator[IO[bytes]]:
    file.seek(0)
    yield file


def _size(file: IO[bytes]) -> int:
    file.seek(0, os.SEEK_END)
    return file.tell()


def _is_system(name: str) -> bool:
    hidden = name.startswith(".") and name not in (".", "..")
    return hidden or name.lower() in SYSTEM


NAMES = {
    "filename": ("filename", "file", "file name", "recording", "audio", "voice note", "name"),
    "respondent": ("respondent", "respondent id", "participant", "participant id", "id", "ref",
                   "case"),
    "question": ("question", "question id", "question ref", "item"),
}  # fmt: skip
"""Headings of a manifest that are understood, whatever their capitals and dashes."""


def manifest_columns(header: Sequence[str]) -> Mapping[str, int]:
    """Find the columns of a manifest: filename, respondent, question; those that are there."""
    found: dict[str, int] = {}
    plain = [" ".join(cell.replace("_", " ").replace("-", " ").casefold().split())
             for cell in header]  # fmt: skip
    for name, known in NAMES.items():
        at = next((plain.index(word) for word in known if word in plain), None)
        if at is not None:
            found[name] = at
    return found

"""Projects of other programs, in any format that is known.

In: an open file and its name. Out: a `RefiFile`, whatever the format: what the file holds in terms
of exchange, and the recordings inside it as streams. The format is told by the content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from pipelines.ingest.projects.qualcoder_project import (
    is_qualcoder,
    open_in_qualcoder,
    read_qualcoder,
)
from pipelines.ingest.projects.refi_archive import RefiArchive
from pipelines.ingest.projects.refi_project import read_refi
from pipelines.ingest.projects.taguette_project import is_taguette, read_taguette
from workbench.domain.refi import Reading, RefiFile
from workbench.errors import RefiError

HEAD_BYTES = 1_024
XML_WITHIN = 8
"""XML begins with a bracket, after a byte order mark and white space at most."""


@dataclass(frozen=True, slots=True)
class ProjectFormat:
    """A format of projects.

    `recognises` gets the file and its suffix (lower case, no dot) and may read as much as it likes.
    `read` gets the file, its name for messages, and how positions are to be read where a person has
    settled it. `open_media` opens a file inside by a key of `RefiFile.media`; None where the format
    holds none. `read_named` reads the project of a name, where a file may hold several.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    recognises: Callable[[BinaryIO, str], bool]
    read: Callable[[BinaryIO, str, Reading | None], RefiFile]
    open_media: Callable[[BinaryIO, str, str], BinaryIO] | None = None
    read_named: Callable[[BinaryIO, str, Reading | None, str], RefiFile] | None = None


def _read_refi(stream: BinaryIO, source: str, reading: Reading | None) -> RefiFile:
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head.startswith(b"PK") and b"<" not in head.replace(b"\0", b"")[:XML_WITHIN]:
        raise RefiError(
            "this is no project of another program: neither an archive nor XML.",
            source=source,
            hint="It may be another kind of file, or damaged on its way. Export the project again, "
            "and choose that file as it is.",
        )
    return read_refi(stream, source, reading=reading)


def _open_in_refi(stream: BinaryIO, source: str, path: str) -> BinaryIO:
    return RefiArchive(stream, source).open(path)


FORMATS: tuple[ProjectFormat, ...] = (
    ProjectFormat(
        "taguette",
        "Taguette (SQLite)",
        ("sqlite3", "sqlite", "db"),
        is_taguette,
        read_taguette,
        read_named=read_taguette,
    ),
    ProjectFormat(
        "qualcoder", "QualCoder", ("qda", "zip"), is_qualcoder, read_qualcoder, open_in_qualcoder
    ),
    ProjectFormat(
        "refi", "REFI-QDA", ("qdpx", "qdc"), lambda stream, suffix: True, _read_refi, _open_in_refi
    ),
)
"""In the order in which they are tried; the last takes whatever is left, and says what is wrong."""


def suffixes() -> tuple[str, ...]:
    """List the endings of files that can be read, without the dot."""
    return tuple(suffix for one in FORMATS for suffix in one.suffixes)


def format_of(stream: BinaryIO, name: str) -> ProjectFormat:
    """Tell the format of a file by its content; the file is at its beginning afterwards."""
    suffix = name.rpartition(".")[2].lower()
    for one in FORMATS:
        stream.seek(0)
        recognised = one.recognises(stream, suffix)
        stream.seek(0)
        if recognised:
            return one
    raise AssertionError("the last format takes whatever is left")


def read_project(
    stream: BinaryIO, name: str, *, reading: Reading | None = None, project: str = ""
) -> RefiFile:
    """Read a project or a codebook of another program, whichever it is.

    Parameters
    ----------
    stream
        The file, seekable.
    name
        Its name, for messages.
    reading
        How text positions are to be read, where a person has settled it; else it is found out.
    project
        Which of several projects of one file, by name.

    Raises
    ------
    SeveralProjects
        When there are several, and none is named.
    InputError
        When it cannot be read, is damaged, or must not be read; the message says what to do.
    """
    found = format_of(stream, name)
    if not project:
        return found.read(stream, name, reading)
    if found.read_named is None:
        raise RefiError(
            "the file holds one project, and none is to be chosen.",
            source=name,
            hint="Leave the project's name away.",
        )
    return found.read_named(stream, name, reading, project)


@contextmanager
def open_media(stream: BinaryIO, name: str, path: str) -> Iterator[BinaryIO]:
    """Open a recording inside a project, by a key of `RefiFile.media`, to be read in pieces.

    Raises
    ------
    RefiError
        When there is none of that name, or the file is damaged.
    """
    opener = format_of(stream, name).open_media
    if opener is None:
        raise RefiError(f"the file holds no recordings, and no {path[:80]!r}.", source=name)
    with opener(stream, name, path) as media:
        yield media

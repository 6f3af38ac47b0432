"""Read REFI-QDA: a project (.qdpx) of another program, or a codebook (.qdc).

In: an open file. Out: a `RefiFile`: the project in our own terms, how its positions were read and
why, and what was left out or read otherwise than it stood. Nothing outside the file is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from pipelines.ingest.projects.refi_archive import MAX_XML_BYTES, RefiArchive
from pipelines.ingest.projects.refi_elements import Elements
from pipelines.ingest.projects.refi_raw import RawProject
from pipelines.ingest.projects.refi_reading import strip_mark
from pipelines.ingest.projects.refi_resolve import Resolver
from pipelines.ingest.projects.refi_settle import settle
from pipelines.ingest.projects.refi_texts import Texts
from pipelines.ingest.projects.refi_xml import read_xml
from workbench.domain.refi import Reading, RefiFile
from workbench.domain.refi_reasons import Reasons
from workbench.errors import RefiError

_ZIP = b"PK"
_PIECE_BYTES = 256 * 1024


def read_refi(stream: BinaryIO, source: str, *, reading: Reading | None = None) -> RefiFile:
    """Read a project or a codebook, whichever it is.

    Parameters
    ----------
    stream
        The file, seekable.
    source
        Its name, for messages.
    reading
        How positions are to be read, where a person has settled it; else it is found out.

    Raises
    ------
    RefiError
        When it is neither, is damaged, or must not be read; the message says what to do.
    """
    stream.seek(0)
    start = stream.read(2)
    stream.seek(0)
    if start == _ZIP:
        return _read_project(stream, source, reading)
    return _read_codebook(stream, source)


def _read_project(stream: BinaryIO, source: str, reading: Reading | None) -> RefiFile:
    left_out, remarks = Reasons(), Reasons()
    archive = RefiArchive(stream, source)
    try:
        elements = Elements(left_out, remarks)
        tag, raw, unknown = read_xml(archive.project(), elements.builders(), source)
        if tag != "Project" or not isinstance(raw, RawProject):
            raise _not_refi(source, f"<{tag}>")
        elements.tell_dangling()
        _tell_unknown(unknown, left_out)
        resolver = Resolver(raw, Texts(archive, left_out, remarks), left_out, remarks)
        choice = resolver.choose(raw.shell.origin, reading)
        project = replace(
            raw.shell,
            origin=strip_mark(raw.shell.origin),
            sources=resolver.sources(),
            notes=resolver.notes(),
        )
        return RefiFile(
            project=settle(project, resolver.aliases, left_out, remarks),
            reading=choice.reading,
            why=choice.why,
            others=choice.others,
            score=choice.score,
            left_out=left_out.sentences(),
            remarks=remarks.sentences(),
            media=archive.sizes,
        )
    finally:
        archive.close()


def _read_codebook(stream: BinaryIO, source: str) -> RefiFile:
    left_out, remarks = Reasons(), Reasons()
    elements = Elements(left_out, remarks)
    tag, raw, unknown = read_xml(_pieces(stream, source), elements.builders(), source)
    if tag == "Project":
        raise RefiError(
            "this is the inner file of a project, without its texts.",
            source=source,
            hint="Choose the .qdpx file that the other program exported.",
        )
    if tag != "CodeBook" or not isinstance(raw, RawProject):
        raise _not_refi(source, f"<{tag}>")
    elements.tell_dangling()
    _tell_unknown(unknown, left_out)
    project = settle(raw.shell, {}, left_out, remarks)
    return RefiFile(
        project=project,
        why="A codebook has no positions.",
        left_out=left_out.sentences(),
        remarks=remarks.sentences(),
    )


def _pieces(stream: BinaryIO, source: str) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(_PIECE_BYTES):
        size += len(piece)
        if size > MAX_XML_BYTES:
            raise RefiError(
                "the file is larger than any codebook.",
                source=source,
                hint="Choose the .qdc file that the other program exported.",
            )
        yield piece


def _tell_unknown(unknown: Counter[str], left_out: Reasons) -> None:
    for tag, n in unknown.items():
        for _ in range(n):
            left_out.add("Elements that REFI-QDA does not know", tag[:40])


def _not_refi(source: str, found: str) -> RefiError:
    return RefiError(
        f"this is no REFI-QDA file: it begins with {found[:60]}, not with a project or a codebook.",
        source=source,
        hint="Choose a .qdpx or .qdc file that the other program exported.",
    )

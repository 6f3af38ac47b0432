"""Write a REFI-QDA archive (.qdpx): one project.qde and one flat folder of sources.

In: a `RefiProject` and the media that it names. Out: a ZIP file, the same bytes every time, and a
report. Media are copied in pieces and never held as a whole.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from pipelines.export.projects.refi_layout import Layout, RefiMedia
from pipelines.export.projects.refi_project import write_project
from pipelines.export.projects.refi_xml import RefiOptions, RefiReport
from workbench.domain.refi import MAX_FILE_BYTES, RefiProject
from workbench.domain.refi_reasons import Reasons
from workbench.errors import ExportError

PROJECT = "project.qde"
FOLDER = "sources/"
"""In lower case: there are programs that find no other."""
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time of every member, so that the same project gives the same bytes."""
_PIECE_BYTES = 1024 * 1024
_UNIX = 3
_READABLE = 0o644 << 16


def write_archive(
    stream: BinaryIO,
    project: RefiProject,
    *,
    media: Mapping[str, RefiMedia] | None = None,
    options: RefiOptions | None = None,
) -> RefiReport:
    """Write a project with its sources.

    Parameters
    ----------
    media
        The files that sources name in `path`, by that path. What is missing is reported.

    Raises
    ------
    ExportError
        When the project cannot be written at all (see `Layout`), or a file is 2 GiB or more and
        did not say so.
    """
    options = options or RefiOptions()
    left_out = Reasons()
    layout = Layout(project, media or {}, left_out)
    with zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        with archive.open(_member(PROJECT, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as part:
            report = write_project(part, project, layout, options, left_out)  # type: ignore[arg-type]
        for name, text in sorted(layout.texts.items()):
            lines = text.replace("\n", "\r\n") if options.crlf else text
            _check_size(len(lines.encode("utf-8")), name)
            archive.writestr(_member(FOLDER + name, zipfile.ZIP_DEFLATED), lines.encode("utf-8"))
        for name, file in sorted(layout.media.items()):
            _copy(archive, FOLDER + name, file)
    return report


def _member(name: str, method: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _WHEN)
    member.compress_type = method
    member.create_system = _UNIX
    member.external_attr = _READABLE
    return member


def _copy(archive: zipfile.ZipFile, name: str, file: RefiMedia) -> None:
    size = 0
    member = _member(name, zipfile.ZIP_STORED)
    with file.open() as source, archive.open(member, "w", force_zip64=True) as part:
        while piece := source.read(_PIECE_BYTES):
            size += len(piece)
            _check_size(size, name)
            part.write(piece)


def _check_size(size: int, name: str) -> None:
    if size > MAX_FILE_BYTES:
        raise ExportError(f"{name} has 2 GiB or more, which the format does not allow in a file.")

"""REFI-QDA archives (.qdpx): looked at with suspicion, and never unpacked to disk.

In: an open file of which nothing is known. Out: the one project.qde inside and the files of its
flat folder by name, whatever their capitals; or a refusal that names the file and the remedy.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote

from workbench.domain.refi import MAX_FILE_BYTES
from workbench.errors import RefiError

MAX_MEMBERS = 250_000
"""One text per respondent and question gives many files; each costs half a kilobyte of memory."""
MAX_XML_BYTES = 1024**3
MAX_TEXT_BYTES = 64 * 1024**2
"""One document: a long book has a hundredth of it."""
MAX_ALL_TEXTS_BYTES = 512 * 1024**2
MAX_RATIO = 200
"""Unpacked over packed size: XML of many codings reaches 30, a bomb a thousand."""
RATIO_FROM_BYTES = 16 * 1024**2
_ENCRYPTED = 0x1
_PIECE_BYTES = 256 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")
_SCHEME = re.compile(r"(internal|relative|absolute|file|https?)://", re.IGNORECASE)
_DAMAGE = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zipfile raises on damaged archives."""


class RefiArchive:
    """An open archive whose list of members has been looked through.

    Raises
    ------
    RefiError
        When it is damaged, locked, far larger than it looks, has names that lead elsewhere, or does
        not have exactly one .qde.
    """

    def __init__(self, stream: BinaryIO, source: str) -> None:
        self.source = source
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
            members = self._zip.infolist()
        except _DAMAGE as error:
            raise self._damaged() from error
        self._refuse_masses(members)
        self._files: dict[str, zipfile.ZipInfo] = {}
        projects = []
        for member in members:
            name = self._checked_name(member)
            if name is None:
                continue
            if "/" in name:
                self._keep(name.split("/")[1], member)
            elif name.lower().endswith(".qde"):
                projects.append(member)
        self._project = self._only(projects)
        self._text_bytes = 0

    # ------------------------------------------------------------ what is inside

    @property
    def sizes(self) -> dict[str, int]:
        """The files of the folder, by their names, with their sizes in bytes."""
        return {_last(member.filename): member.file_size for member in self._files.values()}

    def project(self) -> Iterator[bytes]:
        """Read project.qde in pieces."""
        return self._pieces(self._project, MAX_XML_BYTES)

    def find(self, path: str) -> str | None:
        """Return the name of the file that a path of the project leads to, None where it is not in.

        Raises
        ------
        RefiError
            When the path tries to leave the archive.
        """
        scheme = _SCHEME.match(path)
        if scheme is not None and scheme[1].lower() != "internal":
            return None  # it is said to lie outside, and outside nothing is read
        plain = path[scheme.end() :] if scheme else path
        plain = plain.replace("\\", "/")
        if scheme is None and (plain.startswith("/") or _DRIVE.match(plain)):
            return None
        plain = plain.removeprefix("/") if scheme else plain
        if _leads_away(plain) or _leads_away(unquote(plain)):
            raise self._refused(
                f"the project refers to '{path[:80]}', which lies outside its archive"
            )
        folder, _, name = plain.rpartition("/")
        if folder.lower() not in ("", "sources"):
            raise self._refused(f"the project refers to '{path[:80]}', a folder inside a folder")
        for candidate in (name, unquote(name)):
            member = self._files.get(candidate.lower())
            if member is not None:
                return _last(member.filename)
        return None

    def read_text(self, name: str) -> bytes:
        """Read a text file, by a name that `find` gave.

        Raises
        ------
        RefiError
            When it, or all texts together, are larger than any document.
        """
        member = self._files[name.lower()]
        self._text_bytes += member.file_size
        if self._text_bytes > MAX_ALL_TEXTS_BYTES:
            raise self._too_large("the texts of the project")
        return b"".join(self._pieces(member, MAX_TEXT_BYTES))

    def open(self, name: str) -> BinaryIO:
        """Open a file such as a recording, to be read in pieces."""
        try:
            return self._zip.open(self._files[name.lower()])  # type: ignore[return-value]
        except _DAMAGE as error:
            raise self._damaged() from error

    def close(self) -> None:
        """Let go of the archive; the stream stays open."""
        self._zip.close()

    # ------------------------------------------------------------ looking through

    def _refuse_masses(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS:
            raise self._refused(f"the archive lists {len(members):,} files")
        unpacked = packed = 0
        for member in members:
            if member.flag_bits & _ENCRYPTED:
                raise RefiError(
                    "the archive is protected by a password.",
                    source=self.source,
                    hint="Export the project again without one.",
                )
            if member.file_size > MAX_FILE_BYTES:
                raise self._too_large(f"'{_shown(member.filename)}'")
            unpacked += member.file_size
            packed += member.compress_size
        if unpacked > RATIO_FROM_BYTES and unpacked > MAX_RATIO * max(1, packed):
            raise self._too_large("the archive")

    def _checked_name(self, member: zipfile.ZipInfo) -> str | None:
        """Return a name of one or two parts, None where it is of no matter."""
        name = member.filename.replace("\\", "/")
        if _leads_away(name):
            raise self._refused(f"the archive holds '{_shown(name)}', which leads out of it")
        parts = name.split("/")
        if member.is_dir() or "__MACOSX" in parts or parts[-1].startswith("."):
            return None
        if len(parts) > 2 or (len(parts) == 2 and parts[0].lower() != "sources"):
            if parts[-1].lower().endswith(".qde"):
                raise RefiError(
                    f"project.qde lies in the folder '{_shown(parts[0])}', not at the top.",
                    source=self.source,
                    hint="Pack what is in the folder, not the folder, or export it again.",
                )
            raise self._refused(f"the archive holds '{_shown(name)}': only a flat folder 'sources' "
                                "is allowed")  # fmt: skip
        return name

    def _keep(self, name: str, member: zipfile.ZipInfo) -> None:
        if name.lower() in self._files:
            raise self._refused(f"the archive holds '{_shown(name)}' twice")
        self._files[name.lower()] = member

    def _only(self, projects: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
        if len(projects) == 1:
            return projects[0]
        found = f"{len(projects)} .qde files" if projects else "no .qde file"
        raise RefiError(
            f"the archive has {found} at the top; a REFI-QDA project has exactly one.",
            source=self.source,
            hint="Choose the .qdpx file that the other program exported, as it is.",
        )

    def _pieces(self, member: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
        dense = member.file_size > MAX_RATIO * max(1, member.compress_size)
        if member.file_size > limit or (dense and member.file_size > RATIO_FROM_BYTES):
            raise self._too_large(f"'{_shown(member.filename)}'")
        try:
            with self._zip.open(member) as part:
                while piece := part.read(_PIECE_BYTES):
                    yield piece
        except _DAMAGE as error:
            raise self._damaged() from error

    # ------------------------------------------------------------ refusals

    def _refused(self, why: str) -> RefiError:
        return RefiError(
            f"{why}, which no program exports.",
            source=self.source,
            hint="Do not open it unless you trust where it comes from; export the project again.",
        )

    def _too_large(self, what: str) -> RefiError:
        return RefiError(
            f"{what} would unpack to more than a project has.",
            source=self.source,
            hint="Export the project again; leave out films and recordings if they are very large.",
        )

    def _damaged(self) -> RefiError:
        return RefiError(
            "the archive is damaged and cannot be read.",
            source=self.source,
            hint="Copy or download it again, or export the project again.",
        )


def _leads_away(path: str) -> bool:
    parts = path.split("/")
    return path.startswith("/") or _DRIVE.match(path) is not None or ".." in parts or "\0" in path


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def _shown(name: str) -> str:
    return name[:80]

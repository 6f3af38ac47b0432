"""Media: recordings as they came, kept by their content below one folder or object store.

In: bytes with their digest. Out: a place below the media folder, and the bytes again, from any
offset. Reached through fsspec, so that a folder and an object store are the same here.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

import fsspec

from workbench.errors import MissingExtra, NotFound, StoreError
from workbench.settings import Settings
from workbench.store.clock import new_guid
from workbench.store.engine import Database

FOLDER = "media"
"""Beside the database."""

PART = 1 << 20
"""Bytes copied at a time."""


@contextlib.contextmanager
def _reaching() -> Iterator[None]:
    """Say what to do when the place of recordings cannot be reached, or may not be used."""
    try:
        yield
    except Exception as error:
        # An object store's own errors are known by their package, which is optional.
        foreign = type(error).__module__.startswith("botocore")
        if not foreign and not isinstance(error, PermissionError):
            raise
        raise StoreError(
            f"the place of recordings cannot be used: {error}. Check WORKBENCH_MEDIA_URL, the "
            "connection and what you are allowed there."
        ) from error


@dataclass(frozen=True, slots=True)
class MediaStore:
    """One place of recordings: a folder, or a URL with what fsspec needs to know for it."""

    url: str
    storage: dict[str, Any] = field(default_factory=dict)

    @_reaching()
    def put(self, source: IO[bytes], sha256: str, ending: str) -> str:
        """Copy a recording in, unless it is there; give its place below the media folder.

        It appears whole or not at all: an interrupted copy leaves no half recording. Of several
        who put the same at once, one wins, and that is no fault of the others.
        """
        uri = place_of(sha256, ending)
        system, place = self._at(uri)
        if system.exists(place):
            return uri
        system.makedirs(os.path.dirname(place), exist_ok=True)
        waiting = f"{place}.{new_guid()}.part"
        try:
            with system.open(waiting, "wb") as target:
                while block := source.read(PART):
                    target.write(block)
            system.mv(waiting, place)
        except BaseException as error:
            with contextlib.suppress(OSError):  # it may be why it failed: a full disk, a lost link
                system.rm_file(waiting)
            if not isinstance(error, OSError):
                raise
            if system.exists(place):  # where a file cannot be moved onto another: Windows
                return uri
            raise StoreError(f"the recording could not be kept: {error}") from error
        return uri

    @_reaching()
    def open(self, uri: str) -> IO[bytes]:
        """Open a recording for reading, with seeking.

        Raises
        ------
        NotFound
            When it is not there (any more).
        """
        system, place = self._at(uri)
        try:
            return cast(IO[bytes], system.open(place, "rb"))
        except FileNotFoundError as error:
            raise NotFound("the recording's file is not in the media folder.") from error

    @_reaching()
    def size(self, uri: str) -> int:
        """Give a recording's size in bytes."""
        system, place = self._at(uri)
        try:
            return int(system.size(place))
        except FileNotFoundError as error:
            raise NotFound("the recording's file is not in the media folder.") from error

    @_reaching()
    def exists(self, uri: str) -> bool:
        """Tell whether a recording is there."""
        system, place = self._at(uri)
        return bool(system.exists(place))

    @_reaching()
    def delete(self, uri: str) -> None:
        """Take a recording away; that it is gone already is no fault."""
        system, place = self._at(uri)
        if system.exists(place):
            system.rm_file(place)

    def full(self, uri: str) -> str:
        """Give the address under which any process opens a recording through fsspec."""
        return f"{self.url.rstrip('/')}/{uri}"

    def _at(self, uri: str) -> tuple[Any, str]:
        try:
            system, place = fsspec.core.url_to_fs(self.full(uri), **self.storage)
        except ImportError as error:
            raise MissingExtra(
                f"{self.url.split(':')[0]} needs one more package: "
                "pip install 'speakout-workbench[s3]'"
            ) from error
        return system, place


def place_of(sha256: str, ending: str) -> str:
    """Give where a recording lies below the media folder, by the SHA-256 of its bytes."""
    return f"{sha256[:2]}/{sha256}.{ending}" if ending else f"{sha256[:2]}/{sha256}"


def media_store(database: Database, settings: Settings | None = None) -> MediaStore:
    """Give the place where a database's recordings are kept."""
    chosen = settings or Settings()
    if chosen.media_url:
        return MediaStore(_as_url(chosen.media_url))
    if database.path is not None:
        return MediaStore(str(Path(database.path).absolute().with_name(FOLDER)))
    return MediaStore(str(Path(chosen.model_folder).with_name(FOLDER).absolute()))


def _as_url(given: str) -> str:
    return given if "://" in given else str(Path(given).expanduser().absolute())

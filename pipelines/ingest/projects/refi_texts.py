"""The texts of a REFI-QDA file: looked up in the archive, decoded, and kept once each.

In: paths and inline words. Out: `RefiText` values; what is missing or in another encoding is noted.
"""

from __future__ import annotations

import codecs

from pipelines.ingest.projects.refi_archive import RefiArchive
from pipelines.ingest.projects.refi_text import RefiText
from workbench.domain.refi_reasons import Reasons

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Texts:
    """Finds texts by the paths that sources, transcripts and notes have."""

    def __init__(self, archive: RefiArchive, left_out: Reasons, remarks: Reasons) -> None:
        self._archive = archive
        self._left_out = left_out
        self._remarks = remarks
        self._kept: dict[str, RefiText] = {}
        self._missing: set[str] = set()

    def find(self, path: str, content: str | None, shown: str) -> tuple[RefiText | None, str]:
        """Return a text and the file's name, "" where it was inline; None where there is none."""
        name = self._archive.find(path) if path else None
        if name is not None:
            if name not in self._kept:
                self._kept[name] = RefiText(self._decode(self._archive.read_text(name), shown))
            return self._kept[name], name
        if content is not None:
            return RefiText(content), ""
        if path and path not in self._missing:
            self._missing.add(path)  # a transcript and its twin share a file
            self._left_out.add("Texts that are not in the archive", shown)
        return None, ""

    def media(self, path: str, shown: str) -> str:
        """Return the name of a file in the archive, "" where it is not in."""
        if not path:
            return ""
        name = self._archive.find(path)
        if name is None:
            self._left_out.add("Files that are not in the archive", shown)
        return name or ""

    def _decode(self, data: bytes, shown: str) -> str:
        try:
            if data.startswith(_WIDE):
                self._remarks.add("Texts in UTF-16 instead of UTF-8 were read", shown)
                return data.decode("utf-16")
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self._remarks.add(
                "Texts that are not UTF-8 were read as Windows-1252: look whether they are right",
                shown,
            )
            return data.decode("cp1252", "replace")

"""Transcripts of people speaking together, from files of any kind that is known.

In: the bytes of a file and its name. Out: turns with their speakers. One reader for each format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePath

from pipelines.ingest.discussions.speech import SpeechError, SpeechFile
from pipelines.ingest.discussions.speech_cues import read_srt, read_vtt
from pipelines.ingest.discussions.speech_documents import (
    docx_paragraphs,
    odt_paragraphs,
    pdf_paragraphs,
    text_paragraphs,
)
from pipelines.ingest.discussions.speech_layouts import Paragraph, find_turns
from pipelines.ingest.discussions.speech_text import decoded

PARAGRAPHS: dict[str, Callable[[bytes, str], list[Paragraph]]] = {
    ".txt": text_paragraphs,
    ".md": text_paragraphs,
    ".docx": docx_paragraphs,
    ".odt": odt_paragraphs,
    ".pdf": pdf_paragraphs,
}
CUES: dict[str, Callable[..., SpeechFile]] = {".vtt": read_vtt, ".srt": read_srt}

SUFFIXES = tuple(sorted([*PARAGRAPHS, *CUES]))
MAX_BYTES = 256 * 1024**2


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How documents of Word 97 begin, and so do newer ones that are locked by a password."""


def read_speech(
    data: bytes, name: str, *, not_speakers: Iterable[str] = (), encoding: str = ""
) -> SpeechFile:
    """Read a transcript; the suffix tells the format, and the content where that is wrong.

    Parameters
    ----------
    not_speakers
        What a person has said is no speaker's name: its words join those of whoever speaks before.
        A name before the words is one of them then; one that stands apart is left out.
    encoding
        How a text file (VTT, SRT, TXT, MD) is to be read; found out without. Others know theirs.

    Raises
    ------
    SpeechError
        When the format is not known, or the file cannot be read.
    """
    suffix = PurePath(name).suffix.lower()
    if data.startswith(OLD_OFFICE):
        raise _locked_or_old(data, name)
    if len(data) > MAX_BYTES:
        raise SpeechError(
            f"the file has {len(data) / 1024**2:,.0f} MiB, and at most "
            f"{MAX_BYTES // 1024**2} are read.", source=name,
        )  # fmt: skip
    if not data.strip():
        raise SpeechError("the file is empty.", source=name)
    if data.lstrip(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        suffix = ".vtt"
    elif data.startswith(b"%PDF-"):
        suffix = ".pdf"
    if suffix in CUES:
        text, notes = decoded(data, name, encoding)
        speech = CUES[suffix](text, name, not_speakers=not_speakers)
        return replace(speech, warnings=(*notes, *speech.warnings))
    if suffix not in PARAGRAPHS:
        raise SpeechError(
            f"transcripts are read from {', '.join(SUFFIXES)}, not from {suffix or 'this file'}.",
            source=name,
            hint="Save it as one of these.",
        )
    read = PARAGRAPHS[suffix]
    found = text_paragraphs(data, name, encoding) if read is text_paragraphs else read(data, name)
    if not found:
        raise SpeechError("there are no words in it.", source=name, hint="Is it the right file?")
    return find_turns(found, name, not_speakers=not_speakers)


def _locked_or_old(data: bytes, name: str) -> SpeechError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        told, hint = "the document is locked by a password.", "Save it without one."
    else:
        told, hint = "this is a document of an old version of Word.", "Save it as .docx."
    return SpeechError(told, source=name, hint=hint)

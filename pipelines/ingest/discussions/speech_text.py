"""The words of a text file, in whatever encoding; what is told where that was a guess.

In: the bytes of a file. Out: text with LF line breaks, and sentences for the person.
"""

from __future__ import annotations

import hashlib
import io

from pipelines.ingest.discussions.speech import SpeechError
from pipelines.ingest.discussions.speech_encodings import WESTERN, decoded_as, older_of
from pipelines.ingest.encoding import MARK, Encoding, find_encoding
from pipelines.ingest.tables.records import SourceFile
from workbench.domain.words import agree
from workbench.errors import SurveyError

WIDE_SHARE = 0.7
"""Of the signs of a text in two bytes, so many have an empty one in Latin script."""
SAVE_AGAIN = "Open it in the program that made it, save it again, and bring in that."
MOST_MENDED = 0.02
"""A text with a larger share of signs that had to be mended is in another encoding."""
OTHER_KINDS = (
    (b"{\\rtf", "this is rich text (RTF), and not plain text."),
    (b"<!doctype html", "this is a web page, and not plain text."),
    (b"<html", "this is a web page, and not plain text."),
)


def decoded(data: bytes, name: str, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    """Read the bytes of a text file; line breaks become LF. Also tell where letters may be wrong.

    Parameters
    ----------
    encoding
        How a person wants it to be read; found out without.

    Raises
    ------
    SpeechError
        When it is no text, or in an encoding that is not known.
    """
    _refuse_other_kinds(data, name)
    if encoding:
        return _with_lf(decoded_as(data, encoding, name)), ()
    if (codec := _wide(data)) is not None:
        return _with_lf(data.decode(codec, "replace")), ()
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpeechError("this is not a text file.", source=name, hint=SAVE_AGAIN)
    found, text = _guessed(data, name)
    n_mended = text.count(MARK)
    told: list[str] = []
    if found.warning and not text.isascii():
        told.append(
            f"Read as {found.name}, since it is not UTF-8. If letters look wrong, read it "
            "differently, or save it as UTF-8 and bring that in."
        )
    if n_mended:
        told.append(
            agree("{n} {letter|letters} could not be read for certain. ", n_mended)
            + "Save it as UTF-8 from the program that made it, and bring that in."
        )
    return _with_lf(text.replace(MARK, "")), tuple(told)


def _guessed(data: bytes, name: str) -> tuple[Encoding, str]:
    """Find out how a text is encoded; where it is not in Western script, by its letters."""
    try:
        found = find_encoding(source(data, name))
        text = data.decode(found.codec, found.errors)
    except (SurveyError, UnicodeDecodeError):
        found, text = None, ""
    if found is not None and found.codec not in WESTERN:
        if text.count(MARK) <= max(1, MOST_MENDED * len(text)):
            return found, text
        found = None
    if (older := older_of(data)) is not None:
        return Encoding(older.name, older.codec, warning=older.name), data.decode(older.codec)
    if found is None:
        raise _not_known(name)
    return found, text


def source(data: bytes, name: str) -> SourceFile:
    """Give bytes as the readers of tables take them."""
    return SourceFile(io.BytesIO(data), name, hashlib.sha256(data).hexdigest(), len(data))


def _refuse_other_kinds(data: bytes, name: str) -> None:
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for begins, told in OTHER_KINDS:
        if head.startswith(begins):
            raise SpeechError(told, source=name, hint="Save it as .docx or as plain text (.txt).")


def _not_known(name: str) -> SpeechError:
    return SpeechError("its encoding is not known.", source=name, hint="Save it as UTF-8.")


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


def _wide(data: bytes) -> str | None:
    """Name the encoding of text with two bytes for each sign that does not say so."""
    head = data[:4096]
    zeros = (head[::2].count(0), head[1::2].count(0))
    most = WIDE_SHARE * (len(head) // 2)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or len(data) % 2 or max(zeros) < most:
        return None
    if min(zeros) > len(head) // 100:
        return None
    return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"

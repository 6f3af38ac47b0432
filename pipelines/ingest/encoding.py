"""Which characters the bytes of a text file stand for.

In: an open file. Out: the name of its encoding, how to decode it, and a warning where that was a
guess. A file is never decoded with loss and in silence.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.ingest.records import SourceFile
from workbench.errors import SurveyError

CHUNK_BYTES = 1024 * 1024
MIXED = "workbench.windows-1252"
"""Name of the error handler that reads a byte which is not UTF-8 as Windows-1252."""

BOMS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: a name for people, Python's codec and error handler."""

    name: str
    codec: str
    errors: str = "strict"
    warning: str | None = None


def find_encoding(file: SourceFile, wanted: str | None = None) -> Encoding:
    """Find out how a text file is encoded: byte order mark, UTF-16 by its zeros, UTF-8, other.

    Raises
    ------
    SurveyError
        When the wanted encoding does not exist, or no encoding fits.
    """
    if wanted is not None:
        return _wanted(wanted, file.name)
    head = file.head()
    for bom, name, codec in BOMS:
        if head.startswith(bom):
            return Encoding(name, codec)
    if (codec16 := _utf16_without_mark(head)) is not None:
        return Encoding(
            "UTF-16",
            codec16,
            warning="read as UTF-16, though the file does not say so (no byte order mark).",
        )
    return _by_content(file)


def _wanted(name: str, source: str) -> Encoding:
    try:
        io.TextIOWrapper(io.BytesIO(), name)
        codec = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise SurveyError(
            f"there is no text encoding {name!r}.",
            source=source,
            hint="Use one such as utf-8, utf-16 or windows-1252.",
        ) from error
    return Encoding(name, "utf-8-sig" if codec == "utf-8" else codec)


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zeros: nearly all on one side of the pairs of bytes."""
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    pairs = len(head[1:4096:2])
    if pairs < 4:
        return None
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _by_content(file: SourceFile) -> Encoding:
    if _decodes(file, "utf-8"):
        return Encoding("UTF-8", "utf-8")
    n_multibyte, n_other = _count(file)
    if n_multibyte > n_other:
        return Encoding(
            "UTF-8 and Windows-1252",
            "utf-8",
            errors=MIXED,
            warning=(
                f"the file mixes encodings: {n_other} bytes are not UTF-8 and were read as "
                "Windows-1252. Look at accented letters and curly quotation marks."
            ),
        )
    if _decodes(file, "cp1252"):
        return Encoding(
            "Windows-1252",
            "cp1252",
            warning=(
                "read as Windows-1252 (Western European), because it is not UTF-8. If letters "
                "look wrong, save the file as 'CSV UTF-8' and import it again."
            ),
        )
    raise SurveyError(
        "the text is neither UTF-8, UTF-16 nor Windows-1252.",
        source=file.name,
        hint="Save it as 'CSV UTF-8', or name its encoding.",
    )


def _chunks(file: SourceFile) -> Iterator[bytes]:
    file.stream.seek(0)
    while chunk := file.stream.read(CHUNK_BYTES):
        yield chunk


def _decodes(file: SourceFile, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count(file: SourceFile) -> tuple[int, int]:
    """Count well-formed multi-byte signs of UTF-8, and the bytes above 127 outside of them."""
    n_signs = n_inside = n_high = 0
    for chunk in _chunks(file):
        lengths = [len(sign) for sign in MULTIBYTE.findall(chunk)]
        n_signs += len(lengths)
        n_inside += sum(lengths)
        n_high += len(chunk.translate(None, bytes(range(128))))
    return n_signs, n_high - n_inside


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error(MIXED, _as_windows_1252)

"""Which characters the bytes of a text file stand for.

In: an open file. Out: the name of its encoding, how to decode it, and a warning where that was a
guess. A file is never decoded with loss and in silence.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.ingest.tables.records import SourceFile
from workbench.errors import SurveyError

CHUNK_BYTES = 1024 * 1024
MEND = "workbench.mend"
"""Name of the error handler that reads what is wrong in an encoding as well as can be."""
MARK = "\ufdd0"
"""What the handler puts before each character that it mended: no text has this one."""
HALF_CHARACTERS = (
    "half a character stands there (a lone surrogate); it is shown as \N{REPLACEMENT CHARACTER}. "
    "Check these answers."
)
MIXED_UP = (
    "bytes that are not UTF-8 were read as Windows-1252, because the file mixes encodings. Look at "
    "accented letters and curly quotation marks."
)
MIXED_PARTS = 10
"""A file that is not UTF-8 mixes encodings if of so many bytes above 127 one begins UTF-8 signs."""

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


SURROGATES = re.compile(
    rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
)
"""Halves of characters in UTF-8: a pair or a lone one."""
BESIDE_HIGH = re.compile(rb"[ -~]{0,2}[\x80-\xff]+[ -~]{0,2}")
LOOK_AT_PARTS = 20_000
ODD = re.compile(
    "[a-z][À-ÖØ-ÞŠŽŸŒ]|[ìíîïëê][A-Z]|[A-Za-z][¬¶§†‡±¥¢¤©®™ƒ∂∑∏π∫Ω√≈∆◊ˇ˘˙˚¸˝˛¿¡÷×][a-z]"
    "|[\x80-\x9f\ufffd◊ˇ˘˙˝˛]"
)
"""What text in Western European languages does not hold: a capital inside a word, a sign in it."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode a file: a name for people, Python's codec and error handler.

    `mended` says what is the matter with rows in which the handler had something to do.
    """

    name: str
    codec: str
    errors: str = "strict"
    warning: str | None = None
    mended: str | None = None


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
            return _of_units(name, codec) if name != "UTF-8" else _by_content(file, codec)
    if (codec16 := _utf16_without_mark(head)) is not None:
        warning = "read as UTF-16, though the file does not say so (no byte order mark)."
        return replace(_of_units("UTF-16", codec16), warning=warning)
    return _by_content(file, "utf-8")


def _of_units(name: str, codec: str) -> Encoding:
    """Return an encoding whose units may be half a character: that damages no other row."""
    return Encoding(name, codec, errors=MEND, mended=HALF_CHARACTERS)


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
    if codec.startswith(("utf-16", "utf-32")):
        return _of_units(name, codec)
    return Encoding(name, "utf-8-sig" if codec == "utf-8" else codec)


def has_wide_units(head: bytes, wanted: str | None) -> bool:
    """Tell whether a text has units of two or four bytes, among which any byte may occur."""
    if wanted is not None and plain_codec(wanted).startswith(("utf16", "utf32")):
        return True
    marks = tuple(bom for bom, name, _ in BOMS if name != "UTF-8")
    return head.startswith(marks) or _utf16_without_mark(head) is not None


def plain_codec(name: str) -> str:
    """Return the name of an encoding without what parts its words: "UTF-16 LE" gives "utf16le"."""
    return re.sub(r"[\W_]", "", name.casefold())


def _utf16_without_mark(head: bytes) -> str | None:
    """Tell UTF-16 by its zeros: nearly all on one side of the pairs of bytes.

    Where letters of other scripts leave few zeros, what comes of it must read like text.
    """
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    pairs = len(head[1:4096:2])
    if pairs < 4:
        return None
    for codec, mine, other in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if mine > 0.4 * pairs and other < 0.05 * pairs:
            return codec
        if mine > 0.05 * pairs and 20 * other <= mine and _reads_well(head, codec):
            return codec
    return None


def _reads_well(head: bytes, codec: str) -> bool:
    text = head[:4096].decode(codec, "replace")
    n_good = sum(sign.isprintable() or sign in "\r\n\t" for sign in text)
    return "\n" in text.replace("\r", "\n") and n_good >= 0.97 * len(text)


def _by_content(file: SourceFile, utf8: str) -> Encoding:
    """Tell UTF-8, a mixture, Windows-1252 and Mac Roman; `utf8` is the codec if it is the first."""
    if _decodes(file, utf8):
        return Encoding("UTF-8", utf8)
    n_multibyte, n_other = _count(file)
    if utf8 != "utf-8" or n_multibyte * MIXED_PARTS > n_other:
        name = "UTF-8 and Windows-1252" if n_other else "UTF-8"
        return Encoding(name, utf8, errors=MEND, mended=MIXED_UP if n_other else HALF_CHARACTERS)
    is_windows = _decodes(file, "cp1252")
    high = _high_parts(file)
    n_odd_mac = len(ODD.findall(high.decode("mac_roman")))
    n_odd_windows = len(ODD.findall(high.decode("cp1252", "replace")))
    if n_odd_mac < n_odd_windows / 2 or (not is_windows and not n_odd_mac):
        return Encoding("Mac Roman", "mac_roman", warning=_guess("Mac Roman (old Macintosh)"))
    if is_windows:
        guess = _guess("Windows-1252 (Western European)")
        return Encoding("Windows-1252", "cp1252", warning=guess)
    raise SurveyError(
        "the text is neither UTF-8, UTF-16, Windows-1252 nor Mac Roman.",
        source=file.name,
        hint="Save it as 'CSV UTF-8', or name its encoding.",
    )


def _guess(name: str) -> str:
    return (
        f"read as {name}, because it is not UTF-8. If letters look wrong, save the file as "
        "'CSV UTF-8' and import it again."
    )


def _high_parts(file: SourceFile) -> bytes:
    """Return the bytes above 127 with what stands beside them, as far as they are looked at."""
    parts: list[bytes] = []
    for chunk in _chunks(file):
        parts += BESIDE_HIGH.findall(chunk)
        if len(parts) > LOOK_AT_PARTS:
            break
    return b"\n".join(parts[:LOOK_AT_PARTS])


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


def _mend(error: UnicodeError) -> tuple[str, int]:
    """Read what is wrong at one place: half a character, or a byte of Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if not error.encoding.replace("-", "").startswith("utf8"):
        return MARK + "\ufffd", error.end
    if pair := SURROGATES.match(error.object, error.start):
        # some databases write the two halves of an emoji one after the other
        whole = pair[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
        text = whole.decode("utf-16-le", "replace")
        return (text if "\ufffd" not in text else MARK + "\ufffd"), pair.end()
    wrong = error.object[error.start : error.end]
    return "".join(MARK + sign for sign in wrong.decode("cp1252", "replace")), error.end


codecs.register_error(MEND, _mend)

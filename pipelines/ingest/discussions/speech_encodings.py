"""Which older encoding a text is in that is not in Western script, and not in UTF-8 either.

In: the bytes of a text that is not UTF-8. Out: the encoding that fits better, if one does. The
evidence is charset-normalizer's: how well the letters fit a language.
"""

from __future__ import annotations

from typing import NamedTuple

from charset_normalizer import from_bytes

from pipelines.ingest.discussions.speech import SpeechError

SAMPLE_BYTES = 65_536
"""Of a text, so much tells its language."""
SURE = 0.5
"""How well letters fit a language: below this, nothing better than Windows-1252 is known."""
CENTRAL = frozenset({"Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian", "Slovene"})


class Older(NamedTuple):
    """An encoding: Python's name, a name for people, and in which languages it is used."""

    codec: str
    name: str
    languages: frozenset[str]


_CYRILLIC = frozenset({"Russian", "Ukrainian", "Bulgarian", "Serbian", "Kazakh"})
_ARABIC = frozenset({"Arabic", "Farsi"})
OLDER = {
    one.codec: one
    for one in (
        Older("cp1251", "Windows-1251 (Cyrillic)", _CYRILLIC),
        Older("koi8_r", "KOI8-R (Cyrillic)", _CYRILLIC),
        Older("cp866", "DOS 866 (Cyrillic)", _CYRILLIC),
        Older("iso8859_5", "ISO 8859-5 (Cyrillic)", _CYRILLIC),
        Older("cp1256", "Windows-1256 (Arabic)", _ARABIC),
        Older("iso8859_6", "ISO 8859-6 (Arabic)", _ARABIC),
        Older("cp1250", "Windows-1250 (Central European)", CENTRAL),
        Older("iso8859_2", "ISO 8859-2 (Central European)", CENTRAL),
        Older("cp1254", "Windows-1254 (Turkish)", frozenset({"Turkish"})),
        Older("cp1253", "Windows-1253 (Greek)", frozenset({"Greek"})),
        Older("cp1255", "Windows-1255 (Hebrew)", frozenset({"Hebrew"})),
    )
}
WESTERN = ("cp1252", "mac_roman")


def older_of(data: bytes) -> Older | None:
    """Give the encoding that fits better than Windows-1252; None where that is as good."""
    found = from_bytes(data[:SAMPLE_BYTES], cp_isolation=[*OLDER, *WESTERN]).best()
    if found is None or found.encoding not in OLDER or found.coherence < SURE:
        return None
    older = OLDER[found.encoding]
    return older if found.language in older.languages and _decodes(data, older.codec) else None


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def decoded_as(data: bytes, wanted: str, name: str) -> str:
    """Read bytes in the encoding that a person has named.

    Raises
    ------
    SpeechError
        When there is none of this name, or the bytes are not in it.
    """
    try:
        return data.decode("utf-8-sig" if wanted.casefold() in ("utf-8", "utf8") else wanted)
    except LookupError as error:
        raise SpeechError(
            f"there is no text encoding {wanted!r}.", source=name,
            hint="Use one such as utf-8, windows-1251, windows-1256 or iso-8859-2.",
        ) from error  # fmt: skip
    except UnicodeError as error:
        raise SpeechError(
            f"the file is not in the encoding {wanted}.", source=name, hint="Name another one.",
        ) from error  # fmt: skip

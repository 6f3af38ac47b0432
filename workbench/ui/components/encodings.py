"""The encodings that a person can choose where a text file is read wrongly.

In: nothing. Out: names as the readers of files take them, each with its name for people.
"""

from __future__ import annotations

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252 (Western European)",
    "iso-8859-15": "ISO 8859-15 (Western European)",
    "mac-roman": "Mac Roman (old Macintosh)",
    "windows-1250": "Windows-1250 (Central European)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "DOS 866 (Cyrillic)",
    "iso-8859-5": "ISO 8859-5 (Cyrillic)",
    "windows-1253": "Windows-1253 (Greek)",
    "windows-1254": "Windows-1254 (Turkish)",
    "windows-1255": "Windows-1255 (Hebrew)",
    "windows-1256": "Windows-1256 (Arabic)",
    "iso-8859-6": "ISO 8859-6 (Arabic)",
}

"""Text made safe for the program that opens a file, without losing what was said.

In: any text, however hostile. Out: text for a cell or a paragraph.

**Formulas.** A spreadsheet that opens a CSV file runs a cell that begins with `=`, `+`, `-` or `@`
as a formula. A respondent's answer may begin so, by accident or not. Such a cell gets one
apostrophe in front, and `restore` takes it away again:

    =1+1      ->  '=1+1
    '=1+1     ->  ''=1+1        (it had one already: `restore` must give that one back)
    it's =1   ->  it's =1       (no formula: left alone)

A cell counts as a formula whatever spaces, control characters and invisible marks stand before the
sign, and whether the sign is ASCII or a full-width or small variant, which some programs read as
the same. A cell that begins with a tab or a carriage return counts as well (OWASP, "CSV
injection").
"""

from __future__ import annotations

import re

APOSTROPHE = "'"

_INVISIBLE = r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_FORMULA = re.compile(rf"[\t\r]|[{_INVISIBLE}]*[{_SIGNS}]")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet may run a cell with this text."""
    return _FORMULA.match(text) is not None


def neutralise(text: str) -> str:
    """Put an apostrophe in front of what a spreadsheet may run; leave all other text alone."""
    return APOSTROPHE + text if is_formula(text.lstrip(APOSTROPHE)) else text


def restore(text: str) -> str:
    """Undo `neutralise`: `restore(neutralise(text)) == text` for every text."""
    if text.startswith(APOSTROPHE) and is_formula(text.lstrip(APOSTROPHE)):
        return text[1:]
    return text


def encodable(text: str) -> str:
    """Replace lone surrogates, which no UTF-8 file can hold, by the replacement character."""
    return _SURROGATES.sub("\ufffd", text)


def xml_text(text: str) -> str:
    """Make line breaks LF and leave out the characters that XML 1.0 cannot hold.

    Those are the control characters other than tab and line feed, lone surrogates (replaced, as
    by `encodable`), U+FFFE and U+FFFF (XML 1.0, section 2.2). HTML forbids most of them too.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_XML.sub("", encodable(lines))

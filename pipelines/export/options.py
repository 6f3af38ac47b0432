"""What a person chose for an export of extracts or of a codebook.

In: the choices of a page or the command line. Out: one value that every writer takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How extracts are to be written.

    Parameters
    ----------
    title
        The report's title; spreadsheets carry it on their second sheet.
    study
        The study's name.
    attributes
        The attributes that go with each quote, in this order. Only what an extract holds can be
        written, and an extract never holds an identifying attribute.
    context
        Whether the words before and after the quote are written.
    memos
        Whether memos are written.
    group_by_theme
        DOCX and HTML: under a heading per theme and one per code, or one list in the order given.
    generated_at
        When, in words, such as "14 Feb 2022, 10:30".
    notes
        What a reader has to know, such as filters and warnings; one line each.
    """

    title: str = "Extracts"
    study: str = ""
    attributes: tuple[str, ...] = ()
    context: bool = True
    memos: bool = True
    group_by_theme: bool = True
    generated_at: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodebookOptions:
    """How a codebook is to be written.

    Parameters
    ----------
    study
        The study's name.
    counts
        Codings by the path of their code; None leaves the numbers out.
    generated_at
        When, in words.
    origin
        Which program writes it, and its version.
    guids, folders
        What codes are known by, and which of them only hold others, by path.
    """

    study: str = ""
    counts: Mapping[tuple[str, ...], int] | None = None
    generated_at: str = ""
    origin: str = ""
    guids: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    folders: frozenset[tuple[str, ...]] = frozenset()

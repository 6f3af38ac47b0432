"""The survey file that is being imported: choose it, see how it was read, read it differently.

In: a file from the person's disk. Out: a table of texts, kept until another file is chosen, also
while the person looks at other pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from workbench.errors import SurveyError
from workbench.services import files
from workbench.services.files import Grid
from workbench.ui import state
from workbench.ui.components.encodings import ENCODINGS
from workbench.ui.components.style import escape
from workbench.ui.components.surveys.mapping_source import forget_start
from workbench.ui.components.words import count, line, refusal

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    "^": "caret",
    "~": "tilde",
    ":": "colon",
    "#": "hash",
}
FOUND = "found out"
LISTED_WARNINGS = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How the person wants the file to be read; None finds it out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def choose_file() -> Grid | None:
    """Ask for a file and read it; None until there is one that can be read."""
    upload: Upload | None = state.recall("survey_upload")
    if upload is None:
        _ask()
        return None
    read_as: ReadAs = state.recall("survey_read_as", ReadAs())
    table: Grid | None = None
    try:
        table = _read(upload, read_as)
    except SurveyError as error:
        refusal(error)
    _tell(upload, table, read_as)
    return table


def forget_file() -> None:
    """Let go of the file and all that was read from it."""
    for name in ("survey_upload", "survey_read_as", "survey_table"):
        state.drop(name)
    forget_start()


def _ask() -> None:
    sent = st.file_uploader(
        "Survey file",
        type=["csv", "tsv", "txt", "tab", "xlsx", "ods", "xls", "sav", "zsav", "zip"],
        key="survey_file",
        help="CSV with any delimiter, an Excel workbook, OpenDocument or SPSS; exports of survey "
        "tools as they are. The first row names the columns.",
    )
    if sent is not None:
        state.keep("survey_upload", Upload(sent.name, sent.getvalue()))
        st.rerun()


def _read(upload: Upload, read_as: ReadAs) -> Grid:
    kept = state.recall("survey_table")
    if kept is not None and kept[0] == read_as:
        found: Grid = kept[1]
        return found
    with st.spinner(f"Reading {escape(upload.name)}", show_time=True):
        table = files.read_table(
            upload.content,
            upload.name,
            encoding=read_as.encoding,
            delimiter=read_as.delimiter,
            sheet=read_as.sheet,
        )
    state.keep("survey_table", (read_as, table))
    return table


def _tell(upload: Upload, table: Grid | None, read_as: ReadAs) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="survey_facts"):
        st.text(_facts(table) if table else upload.name, width="content")
        with st.popover("Read it differently", type="tertiary"):
            _options(table, read_as)
        if st.button("Choose another file", type="tertiary"):
            forget_file()
            st.rerun()
    if table:
        for warning in table.warnings[:LISTED_WARNINGS]:
            line(warning[:1].upper() + warning[1:], "warning")


def _facts(table: Grid) -> str:
    facts = [f"{table.name}: {count(len(table.rows), 'row')}, {count(len(table.header), 'column')}"]
    if table.bad_rows:
        facts.append(f"{len(table.bad_rows):,} more to look at")
    if table.tool:
        facts.append(f"read as an export of {table.tool}")
    if table.encoding:
        facts.append(table.encoding)
    if table.delimiter:
        facts.append(f"parted by {DELIMITERS.get(table.delimiter, repr(table.delimiter))}")
    if table.sheet:
        facts.append(f"sheet {table.sheet!r} of {len(table.sheets)}")
    return ", ".join(facts)


def _options(table: Grid | None, now: ReadAs) -> None:
    """Offer sheet, or encoding and delimiter; reading starts as soon as one is changed."""
    if table is not None and table.sheets:
        sheet = st.selectbox(
            "Sheet",
            table.sheets,
            index=table.sheets.index(table.sheet) if table.sheet in table.sheets else None,
        )
        wanted = ReadAs(sheet=sheet if sheet != table.sheet else now.sheet)
    else:
        encoding = _choice("Encoding", ENCODINGS, now.encoding)
        is_delimited = table is None or table.delimiter is not None
        delimiter = _choice("Delimiter", DELIMITERS, now.delimiter) if is_delimited else None
        wanted = ReadAs(encoding, delimiter)
    if wanted != now:
        state.keep("survey_read_as", wanted)
        st.rerun()


def _choice(label: str, options: Mapping[str, str], now: str | None) -> str | None:
    known = list(options)
    choice = st.selectbox(
        label,
        ["", *known],
        index=known.index(now) + 1 if now in known else 0,
        format_func=lambda key: options[key] if key else FOUND,
    )
    return choice or None

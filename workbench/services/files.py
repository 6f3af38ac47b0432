"""Files: read what a person gives and write what they ask for, through the pipelines.

In: paths or bytes. Out: values for the other services, and files. The screens and the command
line know the pipelines only through here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.export.codings_csv import write_codings
from pipelines.ingest.codebooks import codebook
from pipelines.ingest.discussions.speech import SpeechFile
from pipelines.ingest.discussions.speech_files import SUFFIXES as TRANSCRIPT_SUFFIXES
from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.ingest.surveys import grouping_file, mapping, roles, survey
from pipelines.ingest.surveys.mapping_model import Mapping as ColumnMapping
from pipelines.ingest.surveys.roles import ColumnProposal, Proposal
from pipelines.ingest.tables import grid
from pipelines.ingest.tables.records import Grid
from workbench.domain.codebook import Codebook
from workbench.domain.documents import BadRow, Survey
from workbench.domain.groupings import Merge
from workbench.errors import InputError, NoRows, NotFound

__all__ = [
    "TRANSCRIPT_SUFFIXES", "ColumnMapping", "ColumnProposal", "Grid", "Proposal", "SpeechFile",
    "write_codings",
]  # fmt: skip


def read_table(
    source: Path | bytes,
    name: str,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
) -> Grid:
    """Read a survey file as a table of texts: CSV, XLSX, ODS, XLS, SPSS, or one of them packed.

    Parameters
    ----------
    encoding, delimiter, sheet
        Where a person has chosen them; None finds them out.

    Raises
    ------
    SurveyError
        When it cannot be read; the message names the file, the row and the remedy.
    """
    return grid.read_grid(source, name, grid.ReadOptions(encoding, delimiter, sheet))


def table_rows(table: Grid) -> list[tuple[int, Mapping[str, str]]]:
    """Give a table's records as (row as a spreadsheet counts, cells by column name)."""
    return [(number, dict(zip(table.header, cells, strict=True))) for number, cells in table.rows]


def read_codings(
    source: Path | bytes, name: str
) -> tuple[list[tuple[int, Mapping[str, str]]], tuple[BadRow, ...]]:
    """Read a file of codings: its records as `table_rows` gives them, and its bad rows.

    A header with nothing below it, as an export of a study without codings writes it, is a file
    with nothing in it and no fault.

    Raises
    ------
    SurveyError
        When it cannot be read; the message names the file, the row and the remedy.
    """
    try:
        table = read_table(source, name)
    except NoRows:
        return [], ()
    return table_rows(table), table.bad_rows


def read_transcript(
    source: Path | bytes, name: str, *, not_speakers: Iterable[str] = (), encoding: str = ""
) -> SpeechFile:
    """Read a transcript of people speaking together: VTT, SRT, TXT, DOCX, ODT or PDF.

    Parameters
    ----------
    not_speakers
        Words before a colon that are no speaker's name.
    encoding
        How a text file is to be read; found out without.

    Raises
    ------
    InputError
        When it cannot be read; the message names the file and the remedy.
    NotFound
        When there is no such file.
    """
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise NotFound(f"{name}: {error.strerror or error}.") from error
    return read_speech(data, name, not_speakers=not_speakers, encoding=encoding)


def propose_roles(table: Grid) -> Proposal:
    """Propose what each column of a survey means, with the reason."""
    return roles.propose(table)


def read_mapping(text: str, source: str) -> ColumnMapping:
    """Read a mapping of columns from YAML; raises SurveyError."""
    return mapping.load_mapping(text, source)


def mapping_text(chosen: ColumnMapping) -> str:
    """Write a mapping of columns as YAML."""
    return mapping.dump_mapping(chosen)


def part_of(table: Grid, rows: Collection[int]) -> Grid:
    """Give a table with these of its rows only, by the numbers that a spreadsheet shows."""
    kept = tuple(record for record in table.rows if record[0] in rows)
    return replace(table, rows=kept, bad_rows=())


def read_survey(table: Grid, chosen: ColumnMapping) -> Survey:
    """Read a table through its mapping; raises SurveyError for a column that is not there."""
    return survey.read_survey(table, chosen)


def read_codebook(text: str, source: str) -> Codebook:
    """Read a codebook from YAML; raises CodebookError."""
    return codebook.load_codebook(text, source)


def read_grouping(text: str, source: str) -> Merge:
    """Read a merge of values from YAML; raises InputError."""
    return grouping_file.load_grouping(text, source)


def read_text(path: Path) -> str:
    """Read a small text file.

    Raises
    ------
    NotFound
        When it is not there.
    InputError
        When it is not UTF-8.
    """
    try:
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror or error}.") from error


def decode(content: bytes, name: str) -> str:
    """Read the bytes of a small text file; raises InputError when they are not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise InputError("this is not text in UTF-8.", source=name,
                         hint="Save it as UTF-8.") from error  # fmt: skip


def sample_codebooks(folder: Path) -> Sequence[Path]:
    """List the codebooks that come with the program."""
    return sorted(folder.glob("*.yaml"))

"""XLSX, read back by openpyxl and as XML."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipelines.export import extracts_xlsx
from pipelines.export.extracts_xlsx import MAX_CELL, fit
from pipelines.export.neutralise import xml_text
from pipelines.export.options import ExtractOptions
from tests.pipelines.export.conftest import extracts_bytes
from workbench.domain.extracts import Extract
from workbench.errors import ExportError


def book(extracts: Any, options: ExtractOptions) -> Any:
    return load_workbook(io.BytesIO(extracts_bytes(extracts, format="xlsx", options=options)))


def records(extracts: Any, options: ExtractOptions) -> list[dict[str, Any]]:
    header, *rows = book(extracts, options)["Extracts"].iter_rows()
    return [{h.value: cell for h, cell in zip(header, row, strict=True)} for row in rows]


def test_cells(few: list[Extract], options: ExtractOptions) -> None:
    cells = {name: cell.value for name, cell in records(few, options)[1].items()}
    assert cells["quote"] == "looked at my scarf"
    assert cells["code"] == "Relationships / Judged"
    assert (cells["role"], cells["ethnic group"]) == ("Parent", "Pakistani")
    assert (cells["start"], cells["end"]) == (5, 23)
    assert cells["memo"] == "cf. R003\nagain"
    whole = records(few, options)[3]
    assert (whole["start"].value, whole["end"].value) == (None, None)


def test_the_sheet_is_ready_for_work(few: list[Extract], options: ExtractOptions) -> None:
    sheet = book(few, options)["Extracts"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Y5"
    assert sheet["A1"].font.bold
    assert sheet["C2"].alignment.wrap_text
    assert sheet.column_dimensions["C"].width == 70


def test_the_second_sheet_says_what_the_first_is(
    few: list[Extract], options: ExtractOptions
) -> None:
    lines = [[cell.value for cell in row] for row in book(few, options)["About"].iter_rows()]
    assert lines == [
        ["Title", "Relationships and access"],
        ["Study", "SpeakOut 2022"],
        ["Written", "14 Feb 2022, 10:30"],
        ["Extracts", "4"],
        ["Note", "3 answers are not read yet."],
    ]


def test_hostile_text_is_a_string_and_as_it_was(
    hostile: list[Extract], options: ExtractOptions
) -> None:
    for extract, cells in zip(hostile, records(hostile, options), strict=True):
        for column in ("quote", "before", "after", "memo", "respondent", "speaker", "role"):
            cell = cells[column]
            assert (cell.value or "") == xml_text(extract.quote)
            assert cell.data_type in ("s", "inlineStr") or cell.value is None


def test_no_formula_is_in_the_file(hostile: list[Extract], options: ExtractOptions) -> None:
    loud = replace(options, title="=1+1", notes=("=cmd|'/c calc'!A1",), attributes=("=role",))
    data = extracts_bytes(hostile, format="xlsx", options=loud)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in parts.read(name)
                assert b"<f " not in parts.read(name)


@pytest.mark.parametrize(("text", "prefixed"), [("=1+1", True), (" @a", True), ("a=1", False)])
def test_formula_like_cells_carry_excels_own_quote_prefix(
    extract: Callable[..., Extract], options: ExtractOptions, text: str, prefixed: bool
) -> None:
    # The cells of a column are used again from row to row: neither style may stick.
    rows = records([extract(quote=part) for part in ("=0", text, "plain", text)], options)
    assert [bool(row["quote"].quotePrefix) for row in rows] == [True, prefixed, False, prefixed]
    assert rows[1]["quote"].value == text


def test_a_text_beyond_the_limit_is_cut_and_it_says_so(
    extract: Callable[..., Extract], options: ExtractOptions
) -> None:
    text = "👩" * 500_000
    workbook = book([extract(quote=text, memo="short")], options)
    value = workbook["Extracts"]["C2"].value
    assert value.endswith("👩 [cut here: 500,000 characters in all]")
    assert len(value.encode("utf-16-le")) // 2 <= MAX_CELL
    last = [cell.value for cell in list(workbook["About"].iter_rows())[-1]]
    assert last == [
        "Note",
        "1 text was longer than an Excel cell holds and cut. The CSV has all of it.",
    ]


def test_the_limit_itself_fits() -> None:
    assert fit("a" * MAX_CELL) == ("a" * MAX_CELL, False)
    cut, was_cut = fit("a" * (MAX_CELL + 1))
    assert was_cut
    assert len(cut) == MAX_CELL
    assert fit("👩" * (MAX_CELL // 2)) == ("👩" * (MAX_CELL // 2), False)


def test_more_extracts_than_rows_are_refused(
    extract: Callable[..., Extract], options: ExtractOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extracts_xlsx, "MAX_ROWS", 4)
    assert len(records([extract()] * 3, options)) == 3
    with pytest.raises(ExportError, match="room for 3 extracts, and there are more"):
        book([extract()] * 4, options)


def test_a_failure_half_way_leaves_no_words_behind(
    extract: Callable[..., Extract],
    options: ExtractOptions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def broken() -> Iterator[Extract]:
        yield extract()
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        extracts_bytes(broken(), format="xlsx", options=options)
    assert list(tmp_path.iterdir()) == []

"""CSV, read back by the csv module and by pandas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.neutralise import encodable, is_formula, restore
from pipelines.export.options import ExtractOptions
from tests.pipelines.export.conftest import extracts_bytes
from workbench.domain.extracts import Extract

from .conftest import OPTIONS, make


def read(data: bytes) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_columns_and_cells(few: list[Extract], options: ExtractOptions) -> None:
    data = extracts_bytes(few, format="csv", options=options)
    assert data.startswith(b"\xef\xbb\xbf")
    header, *records = read(data)
    assert header == [
        *["theme", "code", "quote", "before", "after", "respondent", "role", "ethnic group"],
        *["question", "question text", "speaker", "people", "time"],
        *["coder", "memo", "marks"],
        *["transcript", "translation", "translation_status"],
        *["starred by", "start", "end", "document", "created_at", "guid"],
    ]
    assert records[1] == [
        *["Relationships", "Relationships / Judged", "looked at my scarf", "But the next one "],
        *[". I left.", "R014", "Parent", "Pakistani", "q2", "Who worked with you?", ""],
        *["", "", "Amina"],
        *[
            "cf. R003\nagain",
            "",
            "",
            "",
            "",
            "",
            "5",
            "23",
            "R014/q2",
            "2022-02-14T10:30:00Z",
            "guid-14",
        ],
    ]
    whole = dict(zip(header, records[3], strict=True))
    assert (whole["start"], whole["end"]) == ("", "")
    assert whole["code"] == "Access / Waiting / Months"
    assert dict(zip(header, records[2], strict=True))["marks"] == "machine draft"


def test_hostile_text_comes_back_exactly(hostile: list[Extract], options: ExtractOptions) -> None:
    header, *records = read(extracts_bytes(hostile, format="csv", options=options))
    assert len(records) == len(hostile)
    for extract, record in zip(hostile, records, strict=True):
        cells = dict(zip(header, record, strict=True))
        assert not any(is_formula(cell) for cell in record)
        for column in ("quote", "before", "after", "memo", "respondent", "speaker", "role"):
            assert restore(cells[column]) == encodable(extract.quote)


def test_attributes_that_were_not_chosen_stay_out(few: list[Extract]) -> None:
    data = extracts_bytes(few, format="csv", options=ExtractOptions())
    assert b"London" not in data
    assert b"Pakistani" not in data


def test_context_and_memos_can_be_left_out(few: list[Extract], options: ExtractOptions) -> None:
    less = replace(options, context=False, memos=False)
    header, *records = read(extracts_bytes(few, format="csv", options=less))
    cells = dict(zip(header, records[1], strict=True))
    assert (cells["before"], cells["after"], cells["memo"]) == ("", "", "")


def test_an_attribute_named_as_a_column_is_keeps_apart(extract: Callable[..., Extract]) -> None:
    one = extract(attributes={"code": "E14", "=x": "1"})
    options = ExtractOptions(attributes=("code", "=x"))
    header, record = read(extracts_bytes([one], format="csv", options=options))
    assert header[6:8] == ["attribute: code", "'=x"]
    assert record[6:8] == ["E14", "1"]


def test_pandas_reads_it(few: list[Extract], options: ExtractOptions) -> None:
    table = pd.read_csv(io.BytesIO(extracts_bytes(few, format="csv", options=options)))
    assert list(table["quote"]) == [extract.quote for extract in few]
    assert list(table["start"].dropna()) == [5, 5, 5]


def test_no_extracts_give_the_header_alone(options: ExtractOptions) -> None:
    assert len(read(extracts_bytes([], format="csv", options=options))) == 1


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_whatever_was_said_comes_back(quotes: list[str]) -> None:
    extracts = [make(quote=quote, memo=quote) for quote in quotes]
    header, *records = read(extracts_bytes(extracts, format="csv", options=OPTIONS))
    at = header.index("quote")
    assert [restore(record[at]) for record in records] == [encodable(quote) for quote in quotes]

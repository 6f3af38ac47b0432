"""Exports as the tools write them, from the folder of fixtures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipelines.ingest.tables.grid import Grid, read_grid

FIXTURES = Path(__file__).parents[1] / "fixtures"


def as_workbook(name: str, delimiter: str = ",", codec: str = "utf-8-sig") -> bytes:
    """The cells of a CSV fixture as the workbook that the tool writes beside it."""
    text = (FIXTURES / name).read_bytes().decode(codec)
    book = openpyxl.Workbook()
    for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        book.active.append([cell or None for cell in cells])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def export() -> Callable[[str], Grid]:
    """Read a fixture by name; the name that the reader is told says nothing of the tool."""
    return lambda name: read_grid((FIXTURES / name).read_bytes(), "answers")


@pytest.fixture
def workbook() -> Callable[..., Grid]:
    """Read the workbook form of a CSV fixture."""
    return lambda name, **how: read_grid(as_workbook(name, **how), "answers")

"""What a grid knows of its columns from the tool that wrote the file."""

from __future__ import annotations

from pipelines.ingest.surveys.hints import ColumnHint
from pipelines.ingest.tables.grid import Grid, read_grid


def test_a_plain_file_says_nothing_of_its_columns():
    grid = read_grid(b"id,why\nR1,late\n", "survey.csv")
    assert (grid.tool, grid.texts, grid.hints, grid.exclusions) == ("", (), (), ())
    assert (grid.text_of("why"), grid.hint_of("why")) == ("", None)


def test_a_grid_finds_text_and_hint_by_the_name_of_the_column():
    hint = ColumnHint("ignore", "Qualtrics' own column")
    grid = Grid("s", "csv", "", ("a", "b"), (), texts=("", "Why?"), hints=(hint, None))
    assert (grid.text_of("b"), grid.hint_of("a"), grid.hint_of("b")) == ("Why?", hint, None)

"""The table in which a person says what each column of a survey file means.

In: rows that were proposed or come from a mapping. Out: the rows as corrected. What is wrong stands
in the row that it concerns. Edits outlive a look at another page.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import streamlit as st

from workbench.services.surveys import columns
from workbench.services.surveys.columns import ColumnReading, ColumnRow, FileChoices, Grid
from workbench.ui import state

ORDER = (
    "column", "role", "reason", "examples", "ref", "text", "kind", "grouping", "values",
    "delimiter", "stands_for", "asked_if", "not_asked", "leave_out", "keep_if", "identifying",
)  # fmt: skip
READ_ONLY = ("column", "examples", "reason")
TICKS = ("grouping", "identifying")
SHOWN_ROWS = 14
"""Longer tables scroll."""
ROW_PX = 35
ANSWERS = ("open answer", "voice note file")
WRONG = "To be put right: "


def edit_columns(
    table: Grid, proposed: Sequence[ColumnRow], version: str, choices: FileChoices
) -> tuple[list[ColumnRow], ColumnReading]:
    """Draw the table; give its rows as the person has corrected them, and what they say.

    Parameters
    ----------
    version
        Names the file and the source of the rows: another one starts afresh.
    """
    import pandas as pd

    key = f"columns_{version}_{state.recall('columns_round', 0)}"
    edits = state.cell_edits(key)
    kept: dict[str, Sequence[ColumnRow]] = state.recall("columns_edited", {})
    if edits is None:  # the table was not drawn in the last run: the browser has no edits of it
        state.keep("columns_base", kept.get(version, proposed))
    base: Sequence[ColumnRow] = state.recall("columns_base", proposed)
    rows = apply_edits(base, edits or {})
    state.keep("columns_edited", kept | {version: rows})
    reading = columns.read_rows(table, rows, choices)
    frame = pd.DataFrame([_cells(row, now.role) for row, now in zip(base, rows, strict=True)])
    frame["reason"] = [
        f"{WRONG}{reading.problems[at]}" if at in reading.problems else row.reason
        for at, row in enumerate(rows)
    ]
    frame["examples"] = columns.examples(table, rows)
    # A column of which nothing is left would lose its type, and with it the table its edits.
    frame = frame.astype({name: "string" for name in frame if name not in TICKS})
    st.data_editor(
        frame,
        key=key,
        num_rows="fixed",
        hide_index=True,
        column_order=ORDER,
        column_config=_config(),
        height="content" if len(rows) <= SHOWN_ROWS else ROW_PX * (SHOWN_ROWS + 1),
        alt="What each column of the file means",
    )
    return rows, reading


def rename_refs(refs: Collection[str], prefix: str) -> None:
    """Begin the short names of these questions with something, in the table that is shown.

    The table is drawn under another key from then on: the browser would lay its edits over it.
    """
    version = state.recall("columns_start").version
    kept: dict[str, Sequence[ColumnRow]] = state.recall("columns_edited", {})
    rows = [
        replace(row, ref=f"{prefix}{row.ref or row.column}")
        if row.role in ANSWERS and (row.ref or row.column) in refs
        else row
        for row in kept.get(version, ())
    ]
    state.keep("columns_edited", kept | {version: rows})
    state.keep("columns_round", state.recall("columns_round", 0) + 1)


def _cells(row: ColumnRow, role: str) -> dict[str, Any]:
    """Give a row's cells as they were before editing: the browser drops edits that equal them.

    What only attributes have is empty for the others.
    """
    cells = {item.name: getattr(row, item.name) for item in fields(row)}
    if role != "attribute":
        cells |= {"kind": None, "grouping": False}
    return cells


def apply_edits(
    base: Sequence[ColumnRow], edits: Mapping[int, Mapping[str, Any]]
) -> list[ColumnRow]:
    """Give the rows with the edited cells in them; cells that do not take edits stay."""
    rows = list(base)
    blank = ColumnRow("")
    for at, cells in edits.items():
        if at < len(rows):
            values = {
                name: getattr(blank, name) if value is None else value
                for name, value in cells.items()
                if name in ORDER and name not in READ_ONLY
            }
            rows[at] = replace(rows[at], **values)
    return rows


def list_problems(reading: ColumnReading, rows: Sequence[ColumnRow]) -> list[str]:
    """Give what is wrong, each with its column, for people who cannot see it in the table."""
    return [
        *reading.general,
        *(f"{rows[at].column}: {message}" for at, message in sorted(reading.problems.items())),
    ]


def _config() -> dict[str, Any]:
    config = st.column_config
    text = config.TextColumn
    return {
        "column": text("Column", disabled=True, pinned=True, width=170),
        "role": config.SelectboxColumn("Role", options=columns.ROLES, required=True, width=120),
        "examples": text("For example", disabled=True, width=170),
        "ref": text(
            "Short name",
            help="Of a question or an attribute. For voice notes: the question that they answer.",
            width=120,
        ),
        "text": text(
            "Question or label", help="As people read it on the screens and in reports.", width=240
        ),
        "kind": config.SelectboxColumn(
            "Kind", options=columns.KINDS, help="Of an attribute.", width=90
        ),
        "grouping": config.CheckboxColumn(
            "Group by", help="Offer this attribute for comparing groups."
        ),
        "reason": text("Why, or what is wrong", disabled=True, width=330),
        "values": text(
            "Order of values",
            help="The groups in the order to show them: A | B | C. Of 'may be quoted': the values "
            "that mean yes.",
            width=180,
        ),
        "delimiter": text("Delimiter", help="Parts the values of a cell of the kind multi."),
        "stands_for": text(
            "Stands for", help="The value that a tick means, where each value has its own column."
        ),
        "asked_if": text(
            "Asked if", help="COLUMN = VALUE | OTHER; SECOND COLUMN = VALUE. All must hold.",
            width=200,
        ),
        "not_asked": text("Not asked if it says", help="Values, as in: n/a | not shown."),
        "leave_out": text(
            "Leave row out if it says",
            help='Values of test rows, as in: test | preview. "" means an empty cell.',
        ),
        "keep_if": text(
            "Keep row only if it says",
            help='Values without which a row is left out, as in: Yes | I agree. "" means empty.',
        ),
        "identifying": config.CheckboxColumn(
            "Identifying",
            help="An attribute: kept in the database, never shown or exported. A respondent id: "
            "not stored; each respondent gets an id that the workbench makes.",
        ),
    }  # fmt: skip

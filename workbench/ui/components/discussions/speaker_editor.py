"""The table in which a person says who speaks in a transcript.

In: a row for each name in the file, as proposed. Out: what the person has set in it, and what the
rows mean. What is wrong stands in the row that it concerns.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.domain.words import together
from workbench.services.discussions import speaker_table
from workbench.services.discussions.speaker_table import (
    CELLS,
    NameFacts,
    SpeakerReading,
    SpeakerRow,
)
from workbench.ui import state
from workbench.ui.components.discussions.discussion_files import Opened, read_opened

ORDER = ("given", "shown", "role", "respondent", "told", "words", "turns", "sample")
SHOWN_ROWS = 13
"""Longer tables scroll."""
ROW_PX = 35
RESPONDENT_PX = 200
"""Refs of new respondents begin with the group's name: the end of them tells people apart."""
WRONG = "To be put right: "


def edit_speakers(opened: Opened) -> SpeakerReading:
    """Draw the table of a file; give what its rows mean.

    The page runs again where what the person has just set changes how the file is read.
    """
    import pandas as pd

    sent = opened.sent
    key = f"speakers_{sent.key}_{opened.version}"
    edits = state.cell_edits(key)
    if edits is None:  # the table was not drawn in the last run: the browser has no edits of it
        state.keep("speakers_base", {given: dict(cells) for given, cells in sent.cells.items()})
    base: dict[str, dict[str, Any]] = state.recall("speakers_base", {})
    before = sent.not_speakers
    edited = _edited(opened, edits or {})
    sent.cells = {
        given: base.get(given, {}) | edited.get(given, {}) for given in {**base, **edited}
    }
    if sent.not_speakers != before:
        st.rerun()
    reading = read_opened(opened)
    base_rows = speaker_table.with_cells(opened.rows, base)
    frame = pd.DataFrame(
        [
            # The browser drops edits that equal a cell, so a cell that was edited stays as it was.
            {"given": row.given} | {
                cell: value_shown(now if cell in edited.get(row.given, {}) else settled, cell)
                for cell in CELLS
            } | _facts(opened.facts.get(row.given, NameFacts()))
            for row, now, settled in zip(opened.rows, base_rows, reading.rows, strict=True)
        ],
        columns=[*ORDER],
    )  # fmt: skip
    frame["told"] = [_told(opened, reading, at) for at in range(len(opened.rows))]
    texts = ["given", "shown", "role", "respondent", "told", "sample"]
    frame = frame.astype({name: "string" for name in texts})
    st.data_editor(
        frame,
        key=key,
        num_rows="fixed",
        hide_index=True,
        column_order=ORDER,
        column_config=_config(),
        height="content" if len(frame) <= SHOWN_ROWS else ROW_PX * (SHOWN_ROWS + 1),
        alt="Who speaks in the transcript",
    )
    return reading


def list_problems(opened: Opened, reading: SpeakerReading) -> list[str]:
    """Give what is wrong, each with its name, for people who cannot see it in the table."""
    return [
        f"{opened.rows[at].given}: {problem}" for at, problem in sorted(reading.problems.items())
    ]


def value_shown(row: SpeakerRow, cell: str) -> str:
    """Give what stands in a cell: no respondent where the words count for nobody anyway."""
    if cell == "respondent" and row.role != "participant":
        return ""
    return str(getattr(row, cell))


def list_doubts(reading: SpeakerReading) -> list[str]:
    """Say where one respondent is shown under several names: they count as one person."""
    names: dict[str, list[str]] = {}
    for row in reading.rows:
        if row.respondent and row.role == "participant":
            shown = names.setdefault(row.respondent, [])
            if row.shown not in shown:
                shown.append(row.shown)
    return [
        f"{ref} is the respondent of {together(shown)}: they count as one person. If they are one, "
        "show one name; if not, give each a respondent of their own."
        for ref, shown in names.items()
        if len(shown) > 1
    ]


def _edited(opened: Opened, edits: dict[int, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        opened.rows[at].given: {cell: value or "" for cell, value in cells.items() if cell in CELLS}
        for at, cells in edits.items()
        if at < len(opened.rows)
    }


def _facts(found: NameFacts) -> dict[str, Any]:
    return {"turns": found.turns, "words": found.words, "sample": found.sample}


def _told(opened: Opened, reading: SpeakerReading, at: int) -> str:
    """Say what a row comes to; why, while nobody has said otherwise."""
    if at in reading.problems:
        return f"{WRONG}{reading.problems[at]}"
    row = opened.rows[at]
    set_here = opened.sent.cells.get(row.given, {})
    if reading.rows[at].role != "participant" and set_here.get("respondent"):
        return f"{reading.told[at]} The respondent in this row is not used."
    why = "" if set_here else f" {row.why}"
    return f"{reading.told[at]}{why}"


def _config() -> dict[str, Any]:
    config = st.column_config
    text = config.TextColumn
    return {
        "given": text("In the file", disabled=True, pinned=True, width=130),
        "shown": text(
            "Shown as",
            help="How the workbench calls them. Rows with the same name here are one person.",
            width=130,
        ),
        "role": config.SelectboxColumn(
            "Role",
            options=speaker_table.ROLES,
            required=True,
            help="What a facilitator says is shown and counts for nobody. 'not a speaker' is for "
            "what looks like a name and is none, such as Note or Q2.",
            width=105,
        ),
        "respondent": text(
            "Respondent",
            help="Whose words these are: the id of a respondent of the study, or a new id. "
            "Empty: they count for nobody.",
            width=RESPONDENT_PX,
        ),
        "told": text("What comes of it", disabled=True, width=400),
        "turns": config.NumberColumn("Turns", disabled=True, format="localized", width=60),
        "words": config.NumberColumn("Words", disabled=True, format="localized", width=70),
        "sample": text("Says, for example", disabled=True, width=160),
    }

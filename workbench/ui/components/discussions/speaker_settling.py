"""Who speaks in a focus group that is there: names, roles, respondents; its name, series and day.

In: the focus group that is open. Out: a table to edit, what saving would do, and one step that can
be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from workbench.errors import ConflictError, WorkbenchError
from workbench.services.discussions import focus_groups, speaker_edits
from workbench.services.discussions.focus_groups import Discussion, FocusGroup
from workbench.services.discussions.speaker_table import SpeakerRow
from workbench.services.team import team
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.discussions.speaker_editor import (
    RESPONDENT_PX,
    list_doubts,
    value_shown,
)
from workbench.ui.components.style import escape
from workbench.ui.components.words import alone, line

ROUND, REFUSED = "speakers_round", "speakers_refused"
ORDER = ("given", "shown", "role", "respondent", "turns", "words", "told")
TEXTS = ("given", "shown", "role", "respondent", "told")
SHOWN_ROWS, ROW_PX = 13, 35
"""Longer tables scroll; a row's height in pixels."""


def speaker_editor(document_id: int) -> None:
    """Draw the speakers and what the group is called, for people who may change them."""
    found = focus_groups.load_discussion(*state.context().in_study(), document_id)
    refused = state.get(REFUSED)
    if refused:
        st.error(escape(refused), icon=":material/error:")
        state.forget(REFUSED)
    writes = team.standing(*state.context().in_study()).writes
    _speakers(found, writes=writes)
    if writes:
        _steps()
        _about(found.group)


def _speakers(found: Discussion, *, writes: bool) -> None:
    import pandas as pd

    line(
        "Rows that show the same name become one person. A facilitator's words are shown and count "
        "for nobody; so do those of a participant without a respondent."
    )
    before = speaker_edits.rows_of(found)
    key = _key(found.group)
    edits = state.cell_edits(key) or {}
    done = speaker_edits.read_edits(*state.context().in_study(), before, edits)
    said = speaker_edits.amounts_of(found)
    frame = pd.DataFrame(
        [
            # The browser drops edits that equal a cell, so a cell that was edited stays as it was.
            {"given": row.given, "told": told}
            | {cell: value_shown(row if cell in edits.get(at, {}) else settled, cell)
               for cell in speaker_edits.CELLS}
            | dict(zip(("turns", "words"), said.get(row.given, (0, 0)), strict=True))
            for at, (row, settled, told) in enumerate(
                zip(before, done.reading.rows, done.reading.told, strict=True))
        ],
        columns=[*ORDER],
    ).astype(dict.fromkeys(TEXTS, "string"))  # fmt: skip
    st.data_editor(
        frame, key=key, num_rows="fixed", hide_index=True, column_order=ORDER, disabled=not writes,
        column_config=_config(), alt="Who speaks in this focus group",
        height="content" if len(before) <= SHOWN_ROWS else ROW_PX * (SHOWN_ROWS + 1),
    )  # fmt: skip
    if not writes:
        return
    for problem in done.problems:
        line(problem, "danger")
    for doubt in (*list_doubts(done.reading), *done.forgotten):
        line(doubt, "warning")
    st.button("Save the speakers", type="primary", disabled=not done.plans, on_click=_save,
              args=(found.group, before, key))  # fmt: skip


def _save(group: FocusGroup, before: tuple[SpeakerRow, ...], key: str) -> None:
    place = state.context().in_study()
    done = speaker_edits.read_edits(*place, before, state.cell_edits(key) or {})
    _attempt(
        lambda: focus_groups.settle_speakers(
            *place, group.id, done.plans, revision_id=group.revision_id,
            seen=speaker_edits.seen_in(before),
        ),
        "Saved. What is coded is counted for the people who speak now.",
    )  # fmt: skip


def _steps() -> None:
    """Offer to take back the last such change, or to do it again."""
    place = state.context().in_study()
    with st.container(horizontal=True):
        for verb, label, step in (
            ("Undo", undo.last_label(*place, undo.SPEAKERS), undo.undo),
            ("Redo", undo.next_label(*place, undo.SPEAKERS), undo.redo),
        ):
            if label:
                st.button(f"{verb}: {escape(label)}", key=f"speakers_{verb}", type="tertiary",
                          on_click=_step, args=(step, verb))  # fmt: skip


def _step(step: Callable[..., Any], verb: str) -> None:
    done = "Taken back." if verb == "Undo" else "Done again."
    _attempt(lambda: step(*state.context().in_study(), undo.SPEAKERS), done)


def _about(group: FocusGroup) -> None:
    """Ask for the group's name, series and day."""
    st.header("Name, series and day", anchor=False)
    form = f"about_{group.id}_{group.revision_id}_{state.get(ROUND, 0)}"
    key = state.study_key(form)
    with (
        st.form(key, border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        st.text_input("Name", group.name, key=f"{key}_name", max_chars=200, width=300)
        st.text_input("Series", group.series, key=f"{key}_series", max_chars=200, width=240,
                      help="The round or kind of groups that it belongs to.")  # fmt: skip
        st.date_input("Held on", _day(group.held_on), key=f"{key}_day", format="YYYY-MM-DD",
                      width=160)  # fmt: skip
        st.form_submit_button("Save", on_click=_save_about, args=(group, form))


def _save_about(seen: FocusGroup, form: str) -> None:
    """Save what stands in the form, unless the group is no longer called as the person saw it."""
    name, series, day = (state.get(f"{form}_{part}") for part in ("name", "series", "day"))
    held_on = day.isoformat() if isinstance(day, date) else ""
    _attempt(
        lambda: focus_groups.settle_speakers(
            *state.context().in_study(), seen.id, name=name, series=series, held_on=held_on,
            seen_as=seen,
        ),
        "Saved.",
    )  # fmt: skip


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _attempt(deed: Callable[[], object], done: str) -> None:
    """Do something, and keep why it was refused until the page is drawn again."""
    try:
        changed = deed()
    except WorkbenchError as error:
        state.put(REFUSED, alone(error))
        if isinstance(error, ConflictError):  # old edits must not lie over what is shown anew
            state.put(ROUND, state.get(ROUND, 0) + 1)
        return
    state.put(ROUND, state.get(ROUND, 0) + 1)
    state.say_after_rerun(done if changed else "Nothing has changed.")


def _key(group: FocusGroup) -> str:
    """Name the table anew after each change: the browser would lay its old edits over it."""
    return state.study_key(f"speakers_{group.id}_{group.revision_id}_{state.get(ROUND, 0)}")


def _config() -> dict[str, Any]:
    config = st.column_config
    return {
        "given": config.TextColumn("Now", disabled=True, pinned=True, width=130),
        "turns": config.NumberColumn("Turns", disabled=True, format="localized", width=60),
        "words": config.NumberColumn("Words", disabled=True, format="localized", width=70),
        "told": config.TextColumn("What comes of it", disabled=True, width=320),
        "shown": config.TextColumn(
            "Shown as", width=150,
            help="How they are called here. Rows that show the same name become one person, with "
            "the role and the respondent of the row that keeps its name, unless you set them.",
        ),
        "role": config.SelectboxColumn("Role", options=speaker_edits.ROLES, required=True,
                                       width=105),
        "respondent": config.TextColumn(
            "Respondent", width=RESPONDENT_PX,
            help="Whose words these are: the ref of a respondent of the study, or a new one. "
            "Empty: they count for nobody.",
        ),
    }  # fmt: skip

"""The table in which a person says which group each value goes into.

In: an original's values, with the groups that they are in so far. Out: a merge, whether typed into
the table or put together by choosing values. What was typed outlives a look at another page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import streamlit as st

from workbench.domain.documents import NOT_STATED
from workbench.domain.groupings import Merge, Rest, merge_of
from workbench.services.surveys import grouping_offers
from workbench.services.surveys.grouping_offers import MergeRow
from workbench.ui import state
from workbench.ui.components.words import line

SHOWN_ROWS = 12
"""Longer tables scroll."""
ROW_PX = 35
MOST_CHOSEN = 300
"""Out of more values than this none are chosen from a list; they are typed beside."""
RESTS: dict[Rest, str] = {"keep": "keep their own name", "other": "go into one group"}


def begin_merge(source_id: int, rule: Merge | None) -> None:
    """Fill the table afresh: with the groups of a rule, or with none."""
    actor, database, study_id = state.context().in_study()
    _fill(grouping_offers.merge_table(actor, database, study_id, source_id, rule))
    state.put("merge_rest", rule.rest if rule else get_args(Rest)[0])
    state.put("merge_other", rule.other if rule else "Other")


def merge_editor(source_id: int) -> Merge:
    """Draw the table and all that fills it; give the merge as it stands."""
    rows = _rows()
    actor, database, study_id = state.context().in_study()
    preset = grouping_offers.propose_merge(actor, database, study_id, source_id)
    if preset is not None:
        st.button(
            "Fill in the broad ethnic groups",
            on_click=_fill_in,
            args=(rows, preset),
            help="The five broad groups of the 2021 census of England and Wales. Report the "
            "specific groups wherever numbers allow.",
        )
    rows = _table(rows)
    if len(rows) <= MOST_CHOSEN:
        _choose(rows)
    rest, other = _rest(rows)
    return merge_of(((row.value, row.group) for row in rows), rest=rest, other=other)


def _rows() -> list[MergeRow]:
    """Give the rows from which the table is drawn; edits of one that is gone are kept in them."""
    if state.cell_edits(_key()) is None and state.has("merge_now"):
        _fill(state.get("merge_now"))
    return list(state.get("merge_rows", ()))


def _key() -> str:
    return state.study_key(f"merge_table_{state.get('merge_round', 0)}")


def _fill(rows: Sequence[MergeRow]) -> None:
    state.put("merge_rows", list(rows))
    state.put("merge_now", list(rows))
    state.put("merge_round", state.get("merge_round", 0) + 1)


def _table(base: Sequence[MergeRow]) -> list[MergeRow]:
    import pandas as pd

    edits = state.cell_edits(_key()) or {}
    rows = [
        replace(row, group=str(edits[at]["group"] or "").strip())
        if "group" in edits.get(at, {})
        else row
        for at, row in enumerate(base)
    ]
    state.put("merge_now", rows)
    config = st.column_config
    st.data_editor(
        pd.DataFrame([{"value": row.value, "n": row.n, "group": row.group} for row in base]),
        key=_key(),
        num_rows="fixed",
        hide_index=True,
        column_config={
            "value": config.TextColumn("Value", disabled=True, width=230),
            "n": config.NumberColumn("Respondents", disabled=True, width=90),
            "group": config.TextColumn("Group", max_chars=200, width=230),
        },
        height="content" if len(base) <= SHOWN_ROWS else ROW_PX * (SHOWN_ROWS + 1),
        alt="Which group each value goes into",
    )
    return rows


def _choose(rows: Sequence[MergeRow]) -> None:
    """Put several values into a group at once."""
    groups = list(dict.fromkeys(row.group for row in rows if row.group))
    values = {row.value: f"{row.value} ({row.n:,})" for row in rows}
    with st.container(horizontal=True, vertical_alignment="bottom", key="merge_choose"):
        chosen = st.multiselect(
            "Put values",
            list(values),
            format_func=values.__getitem__,
            key=state.study_key(f"merge_values_{state.get('merge_round', 0)}"),
            placeholder="Choose values",
            width=270,
        )
        group = st.selectbox(
            "into the group",
            [*groups, *([] if NOT_STATED in groups else [NOT_STATED])],
            index=None,
            accept_new_options=True,
            key=state.study_key(f"merge_group_{state.get('merge_round', 0)}"),
            placeholder="Choose or type",
            width=190,
        )
        st.button(
            "Put", disabled=not (chosen and group), on_click=_put, args=(rows, chosen, group or "")
        )


def _put(rows: Sequence[MergeRow], chosen: Sequence[str], group: str) -> None:
    _fill([replace(row, group=group) if row.value in chosen else row for row in rows])


def _fill_in(rows: Sequence[MergeRow], preset: Merge) -> None:
    home = {value: group.name for group in preset.groups for value in group.values}
    now: Sequence[MergeRow] = state.get("merge_now", rows)
    _fill([replace(row, group=home.get(row.value, row.group)) for row in now])


def _rest(rows: Sequence[MergeRow]) -> tuple[Rest, str]:
    rest: Rest = state.get("merge_rest", "keep")
    other: str = state.get("merge_other", "Other")
    n_left = sum(not row.group for row in rows)
    if not n_left:
        return rest, other
    line(f"{n_left:,} of {len(rows):,} values have no group.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rest = st.selectbox(
            "Values without a group",
            list(RESTS),
            index=list(RESTS).index(rest),
            format_func=RESTS.__getitem__,
            width=230,
        )
        if rest == "other":
            other = st.text_input("named", other, max_chars=200, width=200)
    state.put("merge_rest", rest)
    state.put("merge_other", other)
    return rest, other

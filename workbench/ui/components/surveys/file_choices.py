"""What a person says of a survey file as a whole: which survey it is, whom shared ids mean.

In: the mapping that the table of columns makes. Out: the mapping with what was chosen, or nothing
while rows that share an id wait for a choice. Choices outlive a look at another page.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from workbench.services.study import Study
from workbench.services.surveys import columns, ingest
from workbench.services.surveys.columns import (
    ColumnMapping,
    ColumnReading,
    Duplicates,
    FileChoices,
    Grid,
)
from workbench.ui import state
from workbench.ui.components.words import count, line

LISTED = 20
"""Ids that several rows share, as listed."""
WHICH: dict[Duplicates, str] = {
    "first": "Take the first row of each",
    "last": "Take the last row of each",
    "separate": "Each as a person of their own",
}
WAITING = "Rows share an id: say under the table which of them to take."


def choose_survey(version: str, start: FileChoices, target: Study | None) -> str:
    """Ask which of the study's surveys the file is: one that it has, or a new one by name."""
    kept = _kept(version, start)
    context = state.context()
    known = [
        item.name
        for item in (
            ingest.list_surveys(context.actor, context.database, target.id) if target else ()
        )
    ]
    label = "Which of the study's surveys this is" if known else "Name of this survey"
    about = (
        "A study may have several surveys: waves, or a version for young people. They are linked "
        "by the respondents' ids."
    )
    key = f"survey_name_{version}_{target.id if target else 'new'}"
    if known:
        options = list(dict.fromkeys([*known, *filter(None, [kept.survey])]))
        name = st.selectbox(
            label,
            options,
            index=options.index(kept.survey) if kept.survey else 0 if len(known) == 1 else None,
            accept_new_options=True,
            placeholder="Choose one, or type the name of a new one",
            key=key,
            help=about,
            width=420,
        )
    else:
        name = st.text_input(
            label,
            kept.survey,
            max_chars=columns.MAX_SURVEY_CHARS,
            placeholder="such as Wave 1, if there will be several",
            key=key,
            help=about,
            width=420,
        )
    survey = " ".join((name or "").split())[: columns.MAX_SURVEY_CHARS]
    _keep(version, replace(kept, survey=survey))
    return survey


def settle_ids(
    table: Grid, reading: ColumnReading, version: str, start: FileChoices
) -> ColumnReading:
    """Ask about ids that several rows share, and about ids that only look like telephone numbers.

    The reading has no mapping while rows that share an id wait for a choice.
    """
    if reading.mapping is None:
        return reading
    mapping = _about_numbers(table, reading.mapping, version, start)
    left_out, shared = _look(table, mapping)
    _tell_left_out(left_out, mapping)
    mapping = columns.with_settled_ids(table, mapping)
    if not shared:
        return ColumnReading(mapping)
    kept = _kept(version, start)
    with st.container(border=True, key="shared_ids"):
        chosen: Duplicates | None = st.radio(
            f"{count(len(shared), 'id occurs', 'ids occur')} more than once: which rows go in?",
            list(WHICH),
            index=list(WHICH).index(kept.duplicates) if kept.duplicates else None,
            format_func=lambda which: WHICH[which],
            horizontal=True,
            key=f"duplicates_{version}",
        )
        for text in shared[:LISTED]:
            line(text[:1].upper() + text[1:])
        if len(shared) > LISTED:
            line(f"{len(shared) - LISTED:,} more.")
    _keep(version, replace(_kept(version, start), duplicates=chosen))
    if chosen is None:
        return ColumnReading(None, {}, (WAITING,))
    return ColumnReading(columns.with_duplicates(mapping, chosen))


def _about_numbers(
    table: Grid, mapping: ColumnMapping, version: str, start: FileChoices
) -> ColumnMapping:
    """Let a person say that ids such as 0012345678 are no telephone numbers."""
    if not columns.ids_may_be_shown(table, mapping):
        return mapping
    kept = _kept(version, start)
    as_given = st.checkbox(
        "The ids look like telephone numbers, but are none: keep them as they are",
        kept.as_given,
        key=f"as_given_{version}",
        help="Otherwise they are not stored, and each respondent gets an id that the workbench "
        "makes.",
    )
    _keep(version, replace(kept, as_given=as_given))
    return columns.with_ids_as_given(mapping) if as_given else mapping


def _tell_left_out(left_out: dict[str, int], mapping: ColumnMapping) -> None:
    """Say what the rules of the table leave out, which stand at its far end."""
    if not (mapping.exclude_rows_if or mapping.keep_rows_if):
        return
    told = "; ".join(f"{why}: {n:,}" for why, n in list(left_out.items())[:LISTED])
    line(
        f"Rows left out by the rules in the table: {told or 'none'}. To take a rule off, empty its "
        "cell under 'Leave row out if it says' or 'Keep row only if it says'."
    )


def _look(table: Grid, mapping: ColumnMapping) -> tuple[dict[str, int], tuple[str, ...]]:
    """Count the rows that rules leave out, and say which of the others share an id.

    Both are worked out again only when the file, the id or a rule has changed.
    """
    rules = (*mapping.exclude_rows_if.items(), *mapping.keep_rows_if.items())
    used = {column for column, _ in rules}
    kinds = [(a.column, a.kind, a.delimiter) for a in mapping.attributes if a.column in used]
    wanted = (
        (table.sha256, table.sheet, table.encoding, table.delimiter),
        (mapping.respondent_id, mapping.hides_ids, mapping.refs, rules, kinds),
    )
    known, found = state.recall("columns_shared", (None, ({}, ())))
    if known != wanted:
        found = (columns.rows_left_out(table, mapping), columns.shared_ids(table, mapping))
        state.keep("columns_shared", (wanted, found))
    seen: tuple[dict[str, int], tuple[str, ...]] = found
    return seen


def _kept(version: str, start: FileChoices) -> FileChoices:
    known: dict[str, FileChoices] = state.recall("columns_choices", {})
    return known.get(version, start)


def _keep(version: str, choices: FileChoices) -> None:
    known: dict[str, FileChoices] = state.recall("columns_choices", {})
    state.keep("columns_choices", known | {version: choices})

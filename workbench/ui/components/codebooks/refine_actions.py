"""Refine actions: merge codes, split one, copy some from another study; each says what it touches.

In: the chosen code and the tree. Out: a changed tree; everything here can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code
from workbench.domain.words import agree
from workbench.errors import WorkbenchError
from workbench.services.codebooks import refine, refine_copy, refine_split
from workbench.services.codebooks.refine_preview import Change, Touched, preview
from workbench.services.codebooks.refine_split import Part
from workbench.ui import state
from workbench.ui.components.codebooks.code_tree import open_code
from workbench.ui.components.codebooks.codebook_deeds import do, done_so_far, say
from workbench.ui.components.codebooks.sort_extracts import begin
from workbench.ui.components.style import escape
from workbench.ui.components.words import count, line, refusal

WIDTH = 420
"""Of a box under a button, in pixels."""
MOST_PARTS = 9
"""Number keys sort into this many."""
WORDS = {"definition": "Definition", "include": "Use it for", "exclude": "Do not use it for"}


def touched(operation: Change, item: Code) -> Touched:
    """Count what a change of one code would touch, as far as the person may see it."""
    return preview(*state.context().in_study(), operation, [item.id])


def draw_merge(item: Code, codes: Sequence[Code]) -> None:
    """Ask which codes go into which, show what that touches, and merge them."""
    by_id = {other.id: other for other in codes}
    active = [other.id for other in codes if other.status == "active"]
    key = f"{item.id}_{done_so_far()}"
    sources = st.multiselect(
        "Merge",
        list(by_id),
        default=[item.id],
        format_func=lambda code_id: format_path(by_id[code_id].path),
        key=state.study_key(f"merge_from_{key}"),
        width=WIDTH,
    )
    into = st.selectbox(
        "Into",
        [code_id for code_id in active if code_id not in sources],
        index=None,
        placeholder="Choose a code",
        format_func=lambda code_id: format_path(by_id[code_id].path),
        key=state.study_key(f"merge_into_{key}"),
        width=WIDTH,
    )
    if into is None or not sources:
        line("The codings of the merged codes count as the other code's from then on.")
        return
    try:
        found = preview(*state.context().in_study(), "merge", sources, into_id=into)
    except WorkbenchError as error:
        refusal(error)
        return
    line(f"Moves {found.words}.")
    if found.codes:
        line(agree("{n} {code|codes} below {comes|come} along; namesakes are merged.", found.codes))
    if found.collapsing:
        line(
            agree("{n} {coding falls|codings fall} together with one on the same words by the "
                  "same coder.", found.collapsing)
        )  # fmt: skip
    changes = _new_words(by_id[into], [by_id[code_id] for code_id in sources], key)
    if st.button("Merge them", key="merge_them", type="primary"):
        _merge(sources, by_id[into], changes)


def _new_words(target: Code, sources: Sequence[Code], key: str) -> dict[str, str]:
    """Show what the merged codes say, beside the target's words, which can be changed."""
    changes = {}
    for name, label in WORDS.items():
        theirs = [other for other in sources if getattr(other, name)]
        if not theirs:
            continue
        for other in theirs:
            line(f"{other.name}, {label.lower()}: {getattr(other, name)}")
        changes[name] = st.text_area(
            f"{label}: {escape(target.name)}",
            getattr(target, name),
            height=96,
            key=state.study_key(f"merge_{name}_{target.id}_{key}"),
            width=WIDTH,
        ).strip()
    return changes


def _merge(sources: Sequence[int], target: Code, changes: dict[str, str]) -> None:
    try:
        report = refine.merge_codes(
            *state.context().in_study(), sources, target.id, changes=changes, seen=target
        )
    except WorkbenchError as error:
        refusal(error)
        return
    parts = [f"{' and '.join(report.merged)} merged into {report.into}."]
    if report.moved:
        parts.append(f"Moved below it: {', '.join(report.moved)}.")
    parts += [f"{one} merged into {other}." for one, other in report.merged_below]
    if report.collapsed:
        parts.append(
            agree("{n} {coding|codings} on the same words by the same coder {is|are} left once.",
                  report.collapsed)
        )  # fmt: skip
    open_code(target.id)
    say(" ".join([*parts, "Undo takes it back."]))
    st.rerun()


def draw_split(item: Code) -> None:
    """Ask for new codes, and make them; lead to the extracts that are to be sorted."""
    queue = refine_split.split_queue(*state.context().in_study(), item.id, limit=0)
    if queue.parts:
        names = ", ".join(part.name for part in queue.parts)
        line(f"Split into {names}. {count(queue.total, 'extract')} of yours left to sort.")
        if st.button("Sort extracts", key="sort_extracts", type="primary"):
            begin(item.id)
            st.rerun()
    found = touched("split", item)
    line(f"To be sorted afterwards: {found.words}. What is not sorted keeps this code.")
    with st.form(f"split_{item.id}_{done_so_far()}", border=False, width=WIDTH):
        written = st.text_area(
            "New codes, one a line",
            height=120,
            placeholder="Name: definition",
            help=f"At most {MOST_PARTS}. After a colon you can write the definition.",
        )
        below = st.radio("Put them", ["Beside it", "Below it"], horizontal=True, key="split_where")
        wants = st.form_submit_button("Split it")
    if wants:
        parts = read_parts(written)
        if len(parts) > MOST_PARTS:
            line(f"{len(parts)} new codes are more than the {MOST_PARTS} number keys.", "warning")
            return

        def split() -> None:
            refine_split.split_code(
                *state.context().in_study(), item.id, parts, below=below == "Below it"
            )
            open_code(item.id)
            begin(item.id)

        do(split, f"{item.name} is split. Undo takes it back, as long as nothing is sorted.")


def read_parts(written: str) -> list[Part]:
    """Read new codes from lines: a name, and after a colon its definition."""
    rows = [row.partition(":") for row in written.splitlines() if row.strip()]
    return [Part(name.strip(), definition.strip()) for name, _, definition in rows]


def draw_copy() -> None:
    """Ask for another study and codes of it, say what is new, and copy them."""
    place = state.context().in_study()
    others = dict(refine_copy.studies_to_copy_from(*place))
    if not others:
        line("You belong to no other study that has codes.")
        return
    key = done_so_far()
    source = st.selectbox("Study", list(others), format_func=others.__getitem__, width=WIDTH,
                          key=state.study_key(f"copy_from_{key}"))  # fmt: skip
    theirs = {item.id: item for item in refine_copy.codes_to_copy(*place, source)}
    chosen = st.multiselect(
        "Codes, with all below them",
        list(theirs),
        format_func=lambda code_id: format_path(theirs[code_id].path),
        placeholder="Choose codes",
        key=state.study_key(f"copy_codes_{source}_{key}"),
        width=WIDTH,
    )
    line("They come with definitions, examples and cues. What is here already is left alone.")
    if st.button("Copy them", disabled=not chosen, key="copy_them", type="primary"):
        try:
            report = refine_copy.copy_from_study(*place, source, chosen)
        except WorkbenchError as error:
            refusal(error)
            return
        parts = [f"{count(len(report.added), 'code')} copied from {report.source}."]
        if report.kept:
            parts.append(f"{count(len(report.kept), 'code')} here already, left alone.")
        say(" ".join([*parts, "Undo takes it back."] if report.added else parts))
        st.rerun()

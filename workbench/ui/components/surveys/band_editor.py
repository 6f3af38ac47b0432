"""Bands of numbers and dates: where they begin, and what each is called.

In: an original that holds numbers or dates. Out: bands as typed or proposed, with their labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import streamlit as st

from workbench.domain.groupings import Calendar, DateBands, NumberBands, Period, Rule
from workbench.errors import WorkbenchError
from workbench.services.surveys import grouping_offers
from workbench.services.surveys.attribute_traits import StoredAttribute
from workbench.services.surveys.grouping_offers import Edges
from workbench.ui import state
from workbench.ui.boundary import errors_shown
from workbench.ui.components.words import refusal

By = Period | Literal["edges"]
BY: dict[By, str] = {"year": "Year", "quarter": "Quarter", "month": "Month", "edges": "Own dates"}
PROPOSALS: dict[Edges, tuple[str, str]] = {
    "equal": ("Equal width", "About so many bands of equal width, at round numbers"),
    "quantile": ("Equally full", "So many bands with about as many respondents in each"),
}


def begin_bands(rule: Rule | None) -> None:
    """Fill in the edges and labels of a rule, or none."""
    state.put("bands_round", state.get("bands_round", 0) + 1)
    banded = rule if isinstance(rule, NumberBands | DateBands) else None
    state.put("bands_edges", ", ".join(_written(banded)) if banded else "")
    state.put("bands_labels", {banded.edges: "\n".join(banded.labels)} if banded else {})
    state.forget("bands_typed")
    state.put("bands_by", rule.by if isinstance(rule, Calendar) else "edges" if banded else "year")


def band_editor(source: StoredAttribute) -> Rule | None:
    """Draw the fields and give the bands as they stand; None while they cannot be used."""
    if source.kind == "date":
        options: tuple[By, ...] = (*get_args(Period), "edges")
        by: By = st.segmented_control(
            "Bands by", options, format_func=BY.__getitem__, required=True,
            default=state.get("bands_by", "year"), key=_key("by"),
        ) or "year"  # fmt: skip
        state.put("bands_by", by)
        if by != "edges":
            return Calendar(by)
    typed = _edges(source)
    if not typed:
        return None
    try:
        bands = grouping_offers.read_bands(source, typed)
    except WorkbenchError as error:
        refusal(error)
        return None
    return _labelled(source, typed, bands)


def _edges(source: StoredAttribute) -> list[str]:
    example = "2022-04-01, 2022-07-01" if source.kind == "date" else "18, 25, 65"
    if not state.has("bands_typed"):
        state.put("bands_typed", state.get("bands_edges", ""))
    typed = st.text_input(
        "Bands begin at",
        key=state.study_key("bands_typed"),
        placeholder=example,
        help="A band holds the number or day that it begins at, and not the one at which the "
        "next begins. Part them by commas.",
        width=440,
    )
    state.put("bands_edges", typed)
    if source.kind == "number" and not source.identifying:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            n = st.number_input("Bands to propose", 2, 20, 4, key=_key("n"), width=140)
            for how, (label, help_text) in PROPOSALS.items():
                st.button(label, help=help_text, on_click=_propose, args=(source.id, int(n), how))
    return [part.strip() for part in typed.split(",") if part.strip()]


def _propose(source_id: int, n_bands: int, how: Edges) -> None:
    actor, database, study_id = state.context().in_study()
    with errors_shown():
        found = grouping_offers.propose_edges(
            actor, database, study_id, source_id, n_bands=n_bands, how=how
        )
        state.put("bands_typed", ", ".join(f"{edge:.15g}" for edge in found))


def _labelled(
    source: StoredAttribute, typed: Sequence[str], bands: NumberBands | DateBands
) -> NumberBands | DateBands:
    """Let each band be called otherwise than is proposed; other edges have other labels."""
    written: dict[tuple[object, ...], str] = state.get("bands_labels", {})
    text = st.text_area(
        "Labels, one a line",
        written.get(bands.edges, "\n".join(bands.labels)),
        key=_key(f"labels_{bands.edges}"),
        height=min(68 + 24 * len(bands.labels), 260),
        width=440,
    )
    state.put("bands_labels", written | {bands.edges: text})
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return grouping_offers.read_bands(source, typed, lines)


def _written(bands: NumberBands | DateBands) -> list[str]:
    return [edge if isinstance(edge, str) else f"{edge:.15g}" for edge in bands.edges]


def _key(name: str) -> str:
    return state.study_key(f"bands_{state.get('bands_round', 0)}_{name}")

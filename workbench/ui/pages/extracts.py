"""Extracts: the words behind the numbers, to be read, recoded, and taken along as a file.

In: a filter, from here or from the themes page. Out: one page of extracts, and exports of all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from workbench.domain.codings import Code, DocumentFilter
from workbench.services import codebook, extracts, study
from workbench.services.extracts import CodedExtract, ExtractCounts, ExtractFilter
from workbench.ui import state
from workbench.ui.components import extract_actions
from workbench.ui.components.document_filter import Part, document_filter, prepare_filter
from workbench.ui.components.extract_list import extract_html, looks
from workbench.ui.components.layer_choice import layer_choice, prepare_layer
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose_in_line

PAGE = 20
"""Extracts on one page of the list."""

N_FACTS = 3
"""Attributes that stand beside a respondent: the study's first ones."""


def chosen() -> ExtractFilter:
    """Ask which extracts are wanted."""
    line = st.container(horizontal=True, vertical_alignment="bottom")
    parts: tuple[Part, ...] = ("code", "question", "group", "search")
    where = document_filter("extracts", parts, code_label="Code, with all below", line=line)
    with line:
        layer = layer_choice("extracts")
    return extracts.make_filter(
        *state.context().in_study(),
        code_ids=[where.code_id] if where.code_id is not None else [],
        layer=layer,
        documents=replace(where, code_id=None),
        flagged_only=bool(state.get("extracts_flagged")),
    )


def summary(found: ExtractCounts, where: ExtractFilter) -> None:
    """Count what was found, with what concerns it in line."""
    n = "1 extract" if found.n_extracts == 1 else f"{found.n_extracts:,} extracts"
    people = "1 respondent" if found.n_respondents == 1 else f"{found.n_respondents:,} respondents"
    st.markdown(f"**{n}** from {people}", width="content")
    if where.flagged_only:
        if st.button("Show all extracts", type="tertiary"):
            state.put("extracts_flagged", False)
            st.rerun()
    elif found.n_flagged and st.button(
        f"{found.n_flagged:,} to be placed again", type="tertiary", icon=":material/warning:",
        help="Their text was changed. They are not counted until a person finds the words again.",
    ):  # fmt: skip
        state.put("extracts_flagged", True)
        st.rerun()


def export(found: ExtractCounts, where: ExtractFilter) -> None:
    """Offer all that was found as a file."""
    titles = {item.name: item.title for item in study.list_attributes(*state.context().in_study())}
    with st.popover("Export", icon=":material/download:", disabled=not found.n_extracts):
        kinds = {kind.name: kind for kind in extracts.list_formats()}
        name = choose_in_line("File", "extracts_format", list(kinds), words=str.upper)
        st.caption(kinds[name].label)
        attributes = st.multiselect(
            "Attributes that go with each quote",
            list(titles),
            default=list(titles),
            format_func=titles.__getitem__,
            key=state.study_key("extracts_attributes"),
            help="Attributes that identify people are never among them.",
        )
        context = st.checkbox("With the words around each quote", value=True,
                              key=state.study_key("extracts_context"))  # fmt: skip
        st.download_button(
            f"Download {found.n_extracts:,} as {name.upper()}",
            data=partial(
                extracts.extracts_file,
                *state.context().in_study(),
                where,
                format=name,
                attributes=attributes,
                context=context,
            ),
            file_name=f"extracts.{name}",
            mime=kinds[name].mime_type,
            type="primary",
            on_click="ignore",
        )


def listed(found: ExtractCounts, where: ExtractFilter) -> None:
    """Show one page of what was found."""
    offset = _offset(found.n_extracts, where)
    page = extracts.list_extracts(*state.context().in_study(), where, offset=offset, limit=PAGE)
    codes = codebook.list_codes(*state.context().in_study(), with_retired=True)
    drawn = looks(codes)
    facts = [item.name for item in study.list_attributes(*state.context().in_study())][:N_FACTS]
    _turn("above", offset, len(page), found.n_extracts)
    for item in page:
        with st.container(key=f"extract_{item.coding_guid}"):
            st.html(extract_html(item.extract, drawn.get(item.code_id), facts))
            with st.container(horizontal=True, gap="small", key=f"actions_{item.coding_guid}"):
                _actions(item, codes)
    _turn("below", offset, len(page), found.n_extracts)


def empty(where: ExtractFilter) -> None:
    """Say what to do when nothing was found."""
    everything = ExtractFilter()
    if where != everything:
        st.html('<div class="empty"><p>Nothing is coded so. Take a part of the filter back.</p>'
                "</div>")  # fmt: skip
        st.button("Show everything", type="primary", on_click=_show_everything)
        return
    st.html('<div class="empty"><p>Nothing is coded yet. Extracts appear here as soon as '
            "somebody codes an answer.</p></div>")  # fmt: skip
    if st.button("Begin coding", type="primary"):
        go_to("coding")


def _actions(item: CodedExtract, codes: list[Code]) -> None:
    guid = item.coding_guid
    if st.button("Open in coding", key=f"open_{guid}", type="tertiary"):
        prepare_filter("coding", DocumentFilter())
        state.put("open_document", item.document_id)
        go_to("coding")
    if item.coder_id == state.context().actor.id:
        extract_actions.own_actions(item, codes)


def _offset(total: int, where: ExtractFilter) -> int:
    """Give where the page begins: at the top again when the filter has changed."""
    if state.get("extracts_shown") != where:
        state.put("extracts_shown", where)
        state.put("extracts_offset", 0)
    last = max(0, total - 1) // PAGE * PAGE
    return min(int(state.get("extracts_offset", 0)), last)


def _turn(where: str, offset: int, n: int, total: int) -> None:
    """Draw the buttons that turn the page; `where` tells those above from those below."""
    if total <= PAGE:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, goal in (("Previous", offset - PAGE), ("Next", offset + PAGE)):
            st.button(
                label,
                key=f"turn_{where}_{label}",
                disabled=not 0 <= goal < total,
                on_click=state.put,
                args=("extracts_offset", goal),
            )
        st.markdown(f"{offset + 1:,}-{offset + n:,} of {total:,}", width="content")


def _show_everything() -> None:
    prepare_filter("extracts", DocumentFilter())
    prepare_layer("extracts", "any")
    state.put("extracts_flagged", False)


st.title("Extracts")
wanted = chosen()
counts = extracts.count_extracts(*state.context().in_study(), wanted)
with st.container(horizontal=True, vertical_alignment="center"):
    summary(counts, wanted)
    export(counts, wanted)
    extract_actions.undo_line()
if counts.n_extracts:
    listed(counts, wanted)
else:
    empty(wanted)

"""Extracts: the words behind the numbers, to be read, recoded, and taken along as a file.

In: a filter, from here or from the themes page. Out: one page of extracts, and exports of all.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from workbench.domain.codings import Code, DocumentFilter
from workbench.services import sessions, study
from workbench.services.codebooks import codebook
from workbench.services.coding import extract_files, extracts
from workbench.services.coding.extracts import CodedExtract, ExtractCounts, ExtractFilter
from workbench.services.coding.saved_filters import Settings
from workbench.ui import state
from workbench.ui.components.coding import extract_actions
from workbench.ui.components.coding.document_filter import (
    SESSION_PARTS,
    Part,
    code_list,
    document_filter,
    prepare_filter,
)
from workbench.ui.components.coding.extract_list import extract_html, looks
from workbench.ui.components.coding.saved_filters import saved_filters
from workbench.ui.components.counting.layer_choice import layer_choice, layer_of, prepare_layer
from workbench.ui.components.in_address import from_address, to_address
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import (
    choose,
    choose_in_line,
    keep,
    prepare,
    recall,
    tell_anew,
)
from workbench.ui.components.words import count, line

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

PAGE = 20
"""Extracts on one page of the list."""

N_FACTS = 3
"""Attributes that stand beside a respondent: the study's first ones."""

PARTS: tuple[Part, ...] = ("code", "question", "group", "search")
MORE: tuple[Part, ...] = ("survey", "finished", "transcripts", *SESSION_PARTS)
STARRED: dict[str, str] = {"": "All", "me": "Starred by me", "anybody": "Starred by anybody"}


ARRANGED = {"flagged": ("extracts_flagged", {"0": False, "1": True})}
"""What stands in the address beside the filter."""


def chosen() -> ExtractFilter:
    """Ask which extracts are wanted."""
    from_address("extracts", _apply, ARRANGED)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    carries = recall("extracts_carries")
    starred: str = recall("extracts_starred", "")
    quotable = bool(recall("extracts_quotable", False))
    of_nobody = bool(recall("extracts_nobody", False))
    where = document_filter(
        "extracts",
        PARTS,
        more=MORE,
        code_label="Code, with all below",
        line=row,
        extra=_own_parts,
        n_extra=sum((carries is not None, bool(starred), quotable, of_nobody)),
        on_clear=_clear_own_parts,
    )
    with row:
        layer = layer_choice("extracts")
        documents = replace(where, code_id=carries)
        settings = Settings(documents, where.code_id, layer_of(layer),
                            _star(starred), quotable, of_nobody)  # fmt: skip
        to_address(settings, ARRANGED)
        saved_filters("extracts", settings, _apply)
    return extracts.make_filter(
        *state.context().in_study(),
        code_ids=[where.code_id] if where.code_id is not None else [],
        layer=layer,
        documents=documents,
        flagged_only=bool(state.get("extracts_flagged")),
        starred=_star(starred),
        quotable_only=quotable,
        of_nobody=of_nobody,
    )


def _star(chosen: str) -> Literal["me", "anybody"] | None:
    return "me" if chosen == "me" else "anybody" if chosen == "anybody" else None


def _own_parts() -> None:
    """Draw what concerns the coded words rather than their documents."""
    tell_anew("extracts_carries", "extracts_starred", "extracts_quotable", "extracts_nobody")
    code_list("extracts", "The text also carries", "carries")
    choose("Stars", "extracts_starred", list(STARRED), words=STARRED.__getitem__)
    recall("extracts_quotable", False)
    keep(
        "extracts_quotable",
        st.checkbox(
            "Without what may not be quoted",
            key=state.study_key("extracts_quotable"),
            help="Leaves out respondents who said that they may not be quoted.",
        ),
    )
    known = sessions.list_sessions(*state.context().in_study())
    if known or recall("extracts_nobody", False):
        recall("extracts_nobody", False)
        keep(
            "extracts_nobody",
            st.checkbox(
                "Speaker not known",
                key=state.study_key("extracts_nobody"),
                help="Words in discussions of which nobody has said whose they are. Themes counts "
                "them apart. A filter of respondents leaves none of them.",
            ),
        )


def _clear_own_parts() -> None:
    prepare("extracts_carries", None)
    prepare("extracts_starred", "")
    prepare("extracts_quotable", False)
    prepare("extracts_nobody", False)


def _apply(settings: Settings) -> None:
    """Set every widget to a saved filter."""
    prepare_filter("extracts", replace(settings.documents, code_id=settings.code_id))
    prepare("extracts_carries", settings.documents.code_id)
    prepare("extracts_starred", settings.starred or "")
    prepare("extracts_quotable", settings.quotable_only)
    prepare("extracts_nobody", settings.of_nobody)
    prepare_layer("extracts", settings.layer)
    state.put("extracts_flagged", False)


def summary(found: ExtractCounts, where: ExtractFilter) -> None:
    """Count what was found, with what concerns it in line."""
    told = f"from {count(found.n_respondents, 'respondent')}"
    if where.of_nobody:
        told = "in which it is not known who speaks"
        if found.n_mentions is not None:
            told = f"with {count(found.n_mentions, 'mention')} {told}"
    st.markdown(f"**{count(found.n_extracts, 'extract')}** {told}", width="content")
    if where.flagged_only:
        if found.n_extracts and st.button("Place them again", type="primary"):
            go_to("place_again")
        if st.button("Show all extracts", type="tertiary"):
            state.put("extracts_flagged", False)
            st.rerun()
    elif found.n_flagged and st.button(
        f"{found.n_flagged:,} to be placed again", type="tertiary", icon=":material/warning:",
        help="Their text was changed. Themes does not count them until a person places them again.",
    ):  # fmt: skip
        state.put("extracts_flagged", True)
        st.rerun()


def export(found: ExtractCounts, where: ExtractFilter) -> None:
    """Offer all that was found as a file."""
    titles = {item.name: item.title for item in study.list_attributes(*state.context().in_study())}
    tell_anew("extracts_format")
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
        with_withheld = bool(found.n_unquotable) and _ask_for_withheld(found.n_unquotable)
        st.download_button(
            f"Download {found.n_extracts:,} as {name.upper()}",
            data=partial(
                extract_files.extracts_file,
                *state.context().in_study(),
                where,
                format=name,
                attributes=attributes,
                context=context,
                include_withheld=with_withheld,
            ),
            file_name=f"extracts.{name}",
            mime=kinds[name].mime_type,
            type="primary",
            on_click="ignore",
        )


def _ask_for_withheld(n: int) -> bool:
    """Ask whether words that may not be quoted are to be in the file; nobody is asked otherwise."""
    words = count(n, "extract is", "extracts are")
    wanted = st.checkbox(f"With the words of {n:,} that may not be quoted",
                         key=state.study_key("extracts_withheld"))  # fmt: skip
    if wanted:
        line("The file will hold words whose respondents said that they may not be quoted. Keep it "
             "to yourself. That you asked for them is written down.", "warning")  # fmt: skip
    else:
        st.caption(f"{words} not to be quoted: the file says so in place of the words.")
    return wanted


def listed(found: ExtractCounts, where: ExtractFilter, bar: DeltaGenerator) -> None:
    """Show one page of what was found; the bar above it turns the page too."""
    offset = _offset(found.n_extracts, where)
    page = extracts.list_extracts(
        *state.context().in_study(), where, offset=offset, limit=PAGE, counted=found
    )
    codes = codebook.list_codes(*state.context().in_study(), with_retired=True)
    drawn = looks(codes)
    facts = [item.name for item in study.list_attributes(*state.context().in_study())][:N_FACTS]
    with bar:
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
    extract_actions.star_button(item)
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
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
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
    _clear_own_parts()
    prepare_layer("extracts", "any")
    state.put("extracts_flagged", False)


st.title("Extracts")
wanted = chosen()
counts = extracts.count_extracts(*state.context().in_study(), wanted)
above = st.container(horizontal=True, vertical_alignment="center")
with above:
    summary(counts, wanted)
    export(counts, wanted)
    extract_actions.undo_line()
if counts.n_extracts:
    listed(counts, wanted, above)
else:
    empty(wanted)

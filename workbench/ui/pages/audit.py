"""Audit: what was done in the study, by whom and when; whether the trail is whole; taking back.

In: the open study. Out: the trail as a table with filters and files, or one's own history.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from workbench.domain.trail import KINDS, OTHER, EventFilter
from workbench.services.trail import audit, methods, trail_files
from workbench.services.trail.methods import MethodsFormat
from workbench.services.trail.trail_files import TrailFormat
from workbench.ui import state
from workbench.ui.components.coding.document_filter import choose_one, code_list
from workbench.ui.components.remembered import choose_in_line, keep, prepare, recall, tell_anew
from workbench.ui.components.trail_list import draw_steps, draw_table, draw_undo
from workbench.ui.components.words import count, line

VIEWS = {"trail": "The trail", "mine": "My history"}
PARTS: dict[str, object] = {
    "audit_person": None, "audit_kind": None, "audit_code": None, "audit_document": None,
    "audit_begin": None, "audit_end": None, "audit_standing": False,
}  # fmt: skip
"""The filters, each with what it holds when it is not set."""
STEPS = 20
"""Steps on one page, where each has a button."""
FILES: dict[TrailFormat, tuple[str, str]] = {
    "csv": ("a table to read", "text/csv"),
    "json": ("a whole trail can be verified from it without this program", "application/json"),
}
REPORTS: dict[MethodsFormat, tuple[str, str]] = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "md": ("Markdown", "text/markdown"),
}


def chosen(view: str) -> EventFilter:
    """Ask which steps are wanted."""
    recall("audit_search", "")
    search = keep(
        "audit_search",
        st.text_input(
            "Search", key=state.study_key("audit_search"), max_chars=200, width=210,
            placeholder="Code, respondent or file", icon=":material/search:",
            label_visibility="collapsed",
        ),
    )  # fmt: skip
    n_set = sum(bool(recall(name, empty)) for name, empty in PARTS.items()
                if not (view == "mine" and name == "audit_person"))  # fmt: skip
    tell_anew(*PARTS)
    with st.popover(f"Filters: {n_set} set" if n_set else "Filters", width=140):
        where = _filters(view)
        if n_set:
            st.button("Clear the filters", on_click=_clear)
    where = replace(where, search=search.strip())
    return replace(where, person_id=state.context().actor.id) if view == "mine" else where


def _filters(view: str) -> EventFilter:
    place = state.context().in_study()
    person = None
    if view == "trail":
        people = {item.id: item.name for item in audit.list_people(*place)}
        person = choose_one("audit", "person", "Done by", people, "Anybody", 240)
    kinds = {name: name for name in (*KINDS, OTHER)}
    kind = choose_one("audit", "kind", "Kind of step", kinds, "Anything", 240)
    code = code_list("audit", "Code")
    document = _document()
    with st.container(horizontal=True):
        begin, end = _day("From", "audit_begin"), _day("To", "audit_end")
    recall("audit_standing", False)
    box = st.checkbox("Only what was not taken back", key=state.study_key("audit_standing"))
    standing = keep("audit_standing", box)
    return EventFilter(person, document, code, kind or "", "", begin, end, "", standing)


def _document() -> int | None:
    """Ask for a document by its respondent's ref; keep the one that is chosen."""
    recall("audit_ref", "")
    box = st.text_input("Document", key=state.study_key("audit_ref"), max_chars=200,
                        placeholder="A respondent's ref")  # fmt: skip
    ref = keep("audit_ref", box)
    if not ref.strip():
        prepare("audit_document", None)
        return None
    found = dict(audit.find_documents(*state.context().in_study(), ref))
    if not found:
        line("No document has this ref.")
        prepare("audit_document", None)
        return None
    if recall("audit_document") not in found:
        state.put("audit_document", next(iter(found)))
    key = st.selectbox("Which one", list(found), format_func=found.__getitem__, width=240,
                       key=state.study_key("audit_document"))  # fmt: skip
    return keep("audit_document", key)


def _day(label: str, name: str) -> str:
    recall(name)
    found = st.date_input(label, value=None, key=state.study_key(name), format="YYYY-MM-DD",
                          width=140, help="By the clock of Greenwich (UTC).")  # fmt: skip
    keep(name, found)
    return found.isoformat() if isinstance(found, date) else ""


def _clear() -> None:
    for name, empty in PARTS.items():
        prepare(name, empty)
    prepare("audit_ref", "")


def verifying() -> None:
    """Offer to walk the chain, and show its progress."""
    if not st.button("Verify the chain", icon=":material/verified:"):
        return
    bar = st.progress(0.0, "Checking events")

    def tell(done: int, total: int) -> None:
        bar.progress(done / max(total, 1), f"Checking events: {done:,} of {total:,}")

    state.put("audit_verified", audit.verify(*state.context().in_study(), progress=tell))
    bar.empty()


def verified() -> None:
    """Say what the last walk has found."""
    found: audit.Verification | None = state.get("audit_verified")
    if found is None:
        return
    if not found.holds:
        line(f"The chain breaks at event {found.broken_at:,}: {found.reason}.", "danger")
        line("Compare with a backup. The guide says what a break means.")
    elif found.checked is None:
        line("The chain is whole. Its length and its last hash are told once all documents that "
             "are coded blind have opened.")  # fmt: skip
    else:
        line(f"The chain is whole: {count(found.checked, 'event')} checked. Last hash, to be noted "
             f"elsewhere: {found.head}")  # fmt: skip


def files(where: EventFilter, n: int) -> None:
    """Offer the trail and the methods appendix as files."""
    with st.popover("Export", icon=":material/download:", disabled=not n):
        name = choose_in_line("File", "audit_format", list(FILES), words=str.upper)
        told, mime = FILES[name]
        st.caption(f"{name.upper()}: {told}.")
        st.download_button(
            f"Download {n:,} as {name.upper()}",
            data=partial(trail_files.trail_file, *state.context().in_study(), where, format=name),
            file_name=f"trail.{name}", mime=mime, type="primary", on_click="ignore",
        )  # fmt: skip
    with st.popover("Methods appendix", icon=":material/description:"):
        st.caption("How the study was coded, in sentences and tables for a report. It holds no "
                   "words of participants.")  # fmt: skip
        for kind, (title, mime) in REPORTS.items():
            st.download_button(
                f"As {title}",
                data=partial(methods.methods_file, *state.context().in_study(), format=kind),
                file_name=f"methods.{kind}", mime=mime, on_click="ignore",
            )  # fmt: skip


def listed(view: str, where: EventFilter, n: int) -> None:
    """Show one page: with buttons where steps may be taken back one by one, else as a table."""
    if not n:
        _nothing(where)
        return
    single = view == "mine" or where.document_id is not None
    size = STEPS if single else audit.PAGE
    if state.get("audit_shown") != (view, where):
        state.put("audit_shown", (view, where))
        state.put("audit_offset", 0)
    offset = min(int(state.get("audit_offset", 0)), (n - 1) // size * size)
    entries = audit.list_events(*state.context().in_study(), where, offset=offset, limit=size)
    (draw_steps if single else draw_table)(entries)
    if n > size:
        _turn(offset, len(entries), n, size)


def _turn(offset: int, shown: int, n: int, size: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        for label, goal in (("Newer", offset - size), ("Older", offset + size)):
            st.button(label, disabled=not 0 <= goal < n, on_click=state.put,
                      args=("audit_offset", goal))  # fmt: skip
        st.markdown(f"{offset + 1:,}-{offset + shown:,} of {n:,}", width="content")


def _nothing(where: EventFilter) -> None:
    if replace(where, person_id=None) == EventFilter():
        words = "Nothing was done yet. What you code, write or change appears here."
    else:
        words = "No step fits. Take a part of the search or the filters back."
    st.html(f'<div class="empty"><p>{words}</p></div>')


def draw() -> None:
    """Draw the page in reading order."""
    st.title("Audit")
    place = state.context().in_study()
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_bar"):
        view = choose_in_line("View", "audit_view", list(VIEWS), words=VIEWS.__getitem__,
                              show_label=False)  # fmt: skip
        where = chosen(view)
        n = audit.count_events(*place, where)
        if view == "mine":
            draw_undo()
        else:
            verifying()
            files(where, n)
    if view == "trail":
        verified()
    st.markdown(f"**{count(n, 'step')}**, newest first")
    if audit.leaves_out(*place):
        line("Documents are coded blind now: what others do on them is left out until they open, "
             "and steps have no numbers until then.")  # fmt: skip
    listed(view, where, n)


draw()

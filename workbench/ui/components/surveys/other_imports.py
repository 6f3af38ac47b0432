"""What else can be brought in: the sample study, and codings that were made elsewhere.

In: a click or a CSV. Out: a study to look around in; codings in the open study.
"""

from __future__ import annotations

import streamlit as st

from workbench.errors import InputError
from workbench.services import files, sample, study
from workbench.services.coding import exchange
from workbench.services.coding.exchange import CodingsReport
from workbench.services.trail import undo
from workbench.services.voice_notes import drafts
from workbench.settings import SAMPLE_STUDY
from workbench.ui import state
from workbench.ui.components.surveys.import_report import draw_bad_rows
from workbench.ui.components.words import count, line, refusal
from workbench.ui.paths import page_path


def draw_sample() -> None:
    """Offer the sample study while it is not there and no file of one's own is open."""
    context = state.context()
    if state.recall("survey_upload") is not None:
        return
    known = [item.name for item in study.list_studies(context.actor, context.database)]
    if SAMPLE_STUDY in known:
        return
    st.header("Look around first")
    line("A synthetic survey in several languages, with a codebook and two people's codings.")
    if st.button("Load the sample study", icon=":material/science:"):
        with st.spinner("Loading the sample study", show_time=True):
            _, name = sample.load_sample(context.actor, context.database)
        state.open_study(study.find_study(context.actor, context.database, name).id)
        st.switch_page(page_path("coding"))


def draw_codings() -> None:
    """Bring in codings that were made elsewhere."""
    found = state.context().study
    if found is None:
        return
    with st.expander("Codings from a CSV"):
        line(f"Into the open study, {found.name}. Columns: {', '.join(exchange.COLUMNS)}.")
        sent = st.file_uploader("File of codings", type=["csv", "xlsx"],
                                key=state.study_key("codings_file"))  # fmt: skip
        agreed = _agree_to_drafts()
        if sent is not None and st.button("Import these codings"):
            try:
                rows, _ = files.read_codings(sent.getvalue(), sent.name)
                actor, database, study_id = state.context().in_study()
                state.put(
                    "codings_report",
                    exchange.import_codings(
                        actor, database, study_id, rows, source=sent.name, accept_drafts=agreed
                    ),
                )
            except InputError as error:
                refusal(error)
        report: CodingsReport | None = state.get("codings_report")
        if report is not None:
            tell_codings(report)
        offer_taking_back()


def _agree_to_drafts() -> bool:
    """Ask whether machine drafts are to be coded too, where the study has some and allows it."""
    known = drafts.state(*state.context().in_study())
    if not known.n_drafts or known.policy == "forbid":
        return False
    return st.checkbox(
        "Code machine drafts too",
        key=state.study_key("codings_drafts"),
        help="Nobody has checked their words by ear. Without this, rows on them are listed.",
    )


def offer_taking_back() -> None:
    """Offer to take back one's last import of codings, after a question."""
    context = state.context().in_study()
    label = undo.last_label(*context, undo.CODINGS_IMPORT)
    if not label:
        return
    with st.popover("Take back the last import of codings"):
        line(f"This takes back {label}: the codings go, also where you or others see them now.")
        if st.button("Take it back", type="primary"):
            done = undo.undo(*context, undo.CODINGS_IMPORT)
            state.forget("codings_report")
            state.say_after_rerun(f"Undone: {done.label}.")
            st.rerun()


def tell_codings(report: CodingsReport) -> None:
    """Say what importing codings did."""
    if not report.codings_new and not report.codings_unchanged and not report.bad_rows:
        st.text("There is nothing in the file but a header.")
        return
    people = f", by new coders: {', '.join(report.coders_new)}" if report.coders_new else ""
    st.text(
        f"{count(report.codings_new, 'coding')} new{people}; "
        f"{report.codings_unchanged:,} there already."
    )
    draw_bad_rows(report.bad_rows, "codings")

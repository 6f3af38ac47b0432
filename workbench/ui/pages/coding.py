"""Coding: read answers one after another and code them, or many at once in a grid.

In: the open study. Out: the coding pane, which talks to the services through two triggers: `open`
asks for a document, `ops` brings what the person did, or nothing where the pane has heard that
others did something. Operations are stored in the callback, before anything is drawn, so that a
burst of them is never lost to a redraw.
"""

from __future__ import annotations

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.errors import NotFound, WorkbenchError
from workbench.services.coding import code, live, reading
from workbench.services.team import team
from workbench.ui import state
from workbench.ui.boundary import errors_shown
from workbench.ui.components import coding_pane
from workbench.ui.components.coding.coding_bar import Chosen, coding_bar
from workbench.ui.components.coding.coding_grid import coding_grid
from workbench.ui.components.coding_pane.payload import delta_message, workspace_message
from workbench.ui.components.style import use_whole_width
from workbench.ui.paths import page_path

WORKSPACE, DELTA = "coding_workspace", "coding_delta"

KEPT = 400
"""Acknowledgements that are sent again: one must survive runs that overlap."""

CHANGE_DONE = ("done", "undo", "redo")
"""Operations after which more or fewer answers are done."""

NOTHING_LEFT = {"not_done": "Everything in this list is done."}

EMPTY = "No answer fits these filters. Clear one of them above the list."


def on_open() -> None:
    """Open the document, or the page of the list, that the person asked for."""
    wish = coding_pane.triggered(WORKSPACE, "open") or {}
    state.put("coding_answered", wish.get("nonce"))
    document, page, step = wish.get("document"), wish.get("page"), wish.get("next")
    if isinstance(document, int):
        state.put("open_document", document)
        state.forget("coding_offset")
    elif isinstance(page, int):
        state.put("coding_offset", page)
    elif step in ("next", "previous", "not_done"):
        _open_neighbour(str(step), wish.get("from"))


def _open_neighbour(step: str, start: object) -> None:
    actor, database, study_id = state.context().in_study()
    chosen: Chosen = state.get("coding_chosen") or Chosen()
    found = reading.neighbour(
        actor,
        database,
        study_id,
        chosen.where,
        start if isinstance(start, int) else 0,
        order=chosen.order,
        step="next_not_done" if step == "not_done" else "next" if step == "next" else "previous",
    )
    if found is not None:
        state.put("open_document", found)
        state.forget("coding_offset")
        return
    words = NOTHING_LEFT.get(step, "There is no further answer in this list.")
    state.put(
        "coding_message",
        {"id": str(state.get("coding_answered")), "text": words, "document": None},
    )


def on_ops() -> None:
    """Store what the person did; each operation once, however often it arrives."""
    sent = coding_pane.triggered(DELTA, "ops") or {}
    operations = sent.get("ops")
    if not isinstance(operations, list):
        return
    actor, database, study_id = state.context().in_study()
    known = [item for item in operations[:KEPT] if isinstance(item, dict)]
    if not known:  # the pane has heard that somebody did something, and asks what
        return
    if any(item.get("kind") in CHANGE_DONE for item in known):
        state.put("coding_recount", True)
    try:
        outcome = code.apply_operations(actor, database, study_id, known)
    except WorkbenchError as error:  # none of them: the person may not, or the database is busy
        why = str(error)
        outcome = code.Outcome(
            rejected=[code.Refusal(str(item.get("id", "")), why) for item in known]
        )
    state.put("coding_acked", [*state.get("coding_acked", []), *outcome.acked][-KEPT:])
    refused = [{"id": item.id, "why": item.why} for item in outcome.rejected]
    state.put("coding_refused", [*state.get("coding_refused", []), *refused][-KEPT:])
    if outcome.message:
        state.put(
            "coding_message",
            {
                "id": outcome.acked[-1],
                "text": outcome.message,
                "document": outcome.message_document_id,
            },
        )


@st.fragment
def draw_workspace(chosen: Chosen) -> None:
    """Mount the pane with the open document; runs again when another one is opened."""
    with errors_shown():
        _mount_workspace(chosen)
        draw_delta(chosen)


def _mount_workspace(chosen: Chosen) -> None:
    context = state.context()
    actor, _, _ = context.in_study()
    news = _live()
    workspace = _read_workspace(chosen)
    state.put("coding_base", workspace)
    state.forget("coding_recount")
    coding_pane.workspace(
        key=WORKSPACE,
        data=workspace_message(
            workspace,
            actor_id=actor.id,
            actor_name=actor.name,
            study=context.study.name if context.study else "",
            order=chosen.order,
            facts=chosen.facts,
            empty=EMPTY,
            answered=state.get("coding_answered"),
            live=news,
            shown=chosen.shown,
            looks=team.coder_looks(*context.in_study()),
        ),
        on_open=on_open,
    )


def _live() -> dict[str, str]:
    """Say where the pane hears of news, and how things stand before they are read."""
    place = state.context().in_study()
    return {"url": live.live_url(*place), "token": live.standing(*place)}


def _read_workspace(chosen: Chosen) -> reading.Workspace:
    """Read the open document; the first one instead when it is not there any more."""
    actor, database, study_id = state.context().in_study()
    for wanted in (state.open_document(), None):
        try:
            workspace = reading.open_workspace(
                actor,
                database,
                study_id,
                chosen.where,
                order=chosen.order,
                document_id=wanted,
                offset=state.get("coding_offset"),
            )
        except NotFound:
            if wanted is None:
                raise
            st.toast("That answer is not there any more; here is the first one.")
        else:
            break
    if workspace.document is not None:
        state.remember_document(workspace.document.id)
    return workspace


@st.fragment
def draw_delta(chosen: Chosen) -> None:
    """Send what has changed; runs again after every burst of operations."""
    with errors_shown():
        _mount_delta(chosen)


def _mount_delta(chosen: Chosen) -> None:
    base: reading.Workspace = state.get("coding_base")
    if base.document is None:
        return
    actor, database, study_id = state.context().in_study()
    news = _live()
    changed = reading.changes(
        actor,
        database,
        study_id,
        chosen.where,
        base.document.id,
        since=base.as_of,
        version=base.version,
        recount=state.get("coding_recount", False) or _follows_coding(chosen.where),
    )
    if (changed.revision_id, changed.closed) != (base.document.revision_id, base.closed):
        st.rerun()  # other words, or others' codings have come to light: it is opened anew
    coding_pane.delta(
        key=DELTA,
        data=delta_message(
            changed,
            document_id=base.document.id,
            actor_id=actor.id,
            base_rev=base.as_of,
            codes={item.id: item.guid for item in base.codes},
            acked=state.get("coding_acked", []),
            rejected=state.get("coding_refused", []),
            message=state.get("coding_message"),
            live=news,
            shown=chosen.shown,
        ),
        on_ops=on_ops,
    )


def _follows_coding(where: DocumentFilter) -> bool:
    """Tell whether what the list holds depends on what has been coded."""
    return bool(where.state or where.code_id or where.finished is not None)


def draw_nothing_to_read() -> None:
    """Say what to do when the study has no answers yet."""
    st.title("Coding")
    with st.container(border=False):
        st.html(
            '<p class="empty">There is nothing to code yet: this study has no answers or '
            "transcripts.</p>"
        )
        if st.button("Import a survey or transcripts", type="primary"):
            st.switch_page(page_path("import_survey"))


def draw() -> None:
    """Draw the page in reading order."""
    actor, database, study_id = state.context().in_study()
    if not reading.has_documents(actor, database, study_id):
        draw_nothing_to_read()
        return
    chosen = coding_bar()
    if chosen.view == "read":
        use_whole_width()
    state.put("coding_chosen", chosen)
    if chosen.view == "grid":
        coding_grid(chosen)
    else:
        draw_workspace(chosen)


draw()

"""Place again: find the words of codings whose text was changed, or let them go.

In: the open study. Out: the placing pane, which tells by the trigger `deed` what the person
decided; it is stored in the callback, before anything is drawn.
"""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import DocumentFilter
from workbench.errors import NotFound, WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.coding import place_again
from workbench.services.coding.extracts import readable_date
from workbench.services.coding.place_again import PAGE, FlaggedCoding, OpenFlagged, Whose
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.coding_pane import triggered
from workbench.ui.components.links import go_to
from workbench.ui.components.placing_pane import placing_pane
from workbench.ui.components.placing_pane.payload import placing_message
from workbench.ui.components.remembered import choose_in_line
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import alone, count

PANE = "placing_pane"
OPEN, CHOICE, SAID, REFUSED = "flagged_open", "flagged_choice", "flagged_said", "flagged_refused"
WHOSE: dict[Whose, str] = {"all": "Everybody's", "mine": "Mine"}


def whose() -> Whose:
    """Give whose codings are listed."""
    chosen: Whose = state.get("flagged_whose") or "all"
    return chosen


def on_deed() -> None:
    """Store what the person decided; what is refused is said in the pane."""
    sent = triggered(PANE, "deed") or {}
    guid = str(sent.get("coding", ""))
    try:
        _do(str(sent.get("name", "")), guid, sent)
    except WorkbenchError as error:  # in a callback nothing else would show it
        _say(alone(error), refused=True)


def _do(name: str, guid: str, sent: object) -> None:
    place = state.context().in_study()
    if name in ("next", "previous"):
        found = place_again.neighbour(
            *place, guid, whose=whose(), step="next" if name == "next" else "previous"
        )
        if found is not None:
            state.put(OPEN, found)
    elif name == "undo":
        _undo()
    elif isinstance(sent, dict) and name in ("place", "accept", "let_go"):
        _say(f"Done: {_settle(name, guid, sent)}.")
        state.put(
            OPEN,
            place_again.neighbour(*place, guid, whose=whose())
            or place_again.neighbour(*place, guid, whose=whose(), step="previous"),
        )


def _settle(name: str, guid: str, sent: dict[str, object]) -> str:
    place, sha = state.context().in_study(), str(sent.get("sha", ""))
    if name == "accept":
        return place_again.accept_guess(*place, guid, sha=sha)
    if name == "let_go":
        return place_again.let_go(*place, guid)
    start, end, quote = sent.get("start"), sent.get("end"), sent.get("quote")
    if not isinstance(start, int) or not isinstance(end, int):
        raise NotFound("no words are selected. Select them in the new text first.")
    return place_again.place(
        *place, guid, start=start, end=end, sha=sha, quote=quote if isinstance(quote, str) else None
    )


def _undo() -> None:
    label, guid = place_again.undo_last(*state.context().in_study())
    if guid is not None:
        state.put(OPEN, guid)
    _say(f"Undone: {label}.")


def _say(words: str, *, refused: bool = False) -> None:
    state.put(SAID, words)
    state.put(REFUSED, refused)


def heading(n: int) -> None:
    """Say how many there are, and whose."""
    st.title("Place again")
    if not n:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{count(n, 'coding')}** to be placed again: the text was changed under the coded "
            "words. They are not counted until you place them.",
            width="content",
        )
        choose_in_line(
            "Whose", "flagged_whose", list(WHOSE), words=lambda key: WHOSE[key], show_label=False
        )


def opened() -> OpenFlagged | None:
    """Open the coding that was asked for, or the first; None when there is none."""
    place = state.context().in_study()
    wanted = state.get(OPEN)
    if wanted:
        try:
            return place_again.open_flagged(*place, wanted, whose=whose())
        except NotFound:  # settled or gone in the meantime
            pass
    first, _ = place_again.list_flagged(*place, whose=whose(), limit=1)
    return place_again.open_flagged(*place, first[0].guid, whose=whose()) if first else None


def listed(found: OpenFlagged) -> int:
    """List the page around the open coding; give how many there are in all."""
    offset = found.position // PAGE * PAGE
    page, total = place_again.list_flagged(
        *state.context().in_study(), whose=whose(), offset=offset
    )
    names = {
        item.id: item.name
        for item in codebook.list_codes(
            *state.context().in_study(), with_retired=True, with_counts=False
        )
    }
    by_guid = {item.guid: item for item in page}
    state.put(CHOICE, found.coding.guid if found.coding.guid in by_guid else None)
    with st.container(key="flagged_list", height=560, border=False):
        st.radio(
            "Codings to be placed again",
            list(by_guid),
            format_func=lambda guid: _line(by_guid[guid], names),
            captions=[_caption(item) for item in page],
            key=state.study_key(CHOICE),
            width="stretch",
            label_visibility="collapsed",
            on_change=lambda: state.put(OPEN, state.get(CHOICE)),
        )
    if total > PAGE:
        _turn(offset, len(page), total)
    return total


def _line(item: FlaggedCoding, names: dict[int, str]) -> str:
    return escape_markdown(f"{item.label} · {names.get(item.code_id, 'code')}")


def _caption(item: FlaggedCoding) -> str:
    asked = item.question or item.question_ref
    return escape_markdown(f"{item.coder} · {asked}" if asked else item.coder)


def _turn(offset: int, n: int, total: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, goal in (("Earlier", offset - PAGE), ("Later", offset + PAGE)):
            if st.button(label, disabled=not 0 <= goal < total):
                page, _ = place_again.list_flagged(
                    *state.context().in_study(), whose=whose(), offset=goal, limit=1
                )
                state.put(OPEN, page[0].guid if page else None)
                st.rerun()
        st.markdown(f"{offset + 1:,}-{offset + n:,} of {total:,}", width="content")


def facts(found: OpenFlagged, total: int) -> None:
    """Say which coding this is, and why it could not be placed."""
    item = found.coding
    asked = item.question or item.question_ref
    st.html(
        f'<p class="extract-code">{escape(format_path(found.code.path))}</p>'
        f'<p class="quiet" dir="auto">{escape(item.label)}{" · " + escape(asked) if asked else ""}'
        f" · coded by {escape(item.coder)} · text changed on {readable_date(item.changed_at)}</p>"
        f'<p class="quiet">{found.position + 1:,} of {total:,}. Not placed: '
        f"{escape(item.reason)}</p>"
    )


def pane(found: OpenFlagged, total: int) -> None:
    """Mount the two texts."""
    before = found.before
    marked = "" if found.differences.compared else " (too long to mark what differs)"
    placing_pane(
        key=PANE,
        data=placing_message(
            found,
            total=total,
            undo=undo.last_label(*state.context().in_study(), undo.PLACING),
            said=state.get(SAID) or "",
            refused=bool(state.get(REFUSED)),
            old_title=f"As it was coded, {readable_date(before.created_at)}" if before else "",
            new_title=f"As it is now{marked}",
        ),
        on_deed=on_deed,
    )
    state.forget(SAID)
    state.forget(REFUSED)


def to_coding(found: OpenFlagged) -> None:
    """Lead to the answer on the coding page."""
    if st.button("Open in coding", type="tertiary", icon=":material/edit_note:"):
        prepare_filter("coding", DocumentFilter())
        state.put("open_document", found.document.id)
        go_to("coding")


def nothing_left() -> None:
    """Say that all is placed, and offer what comes next."""
    said = state.get(SAID)
    if said:
        st.html(f'<p class="quiet">{escape(said)}</p>')
        state.forget(SAID)
    others = whose() == "mine" and place_again.count_flagged(*state.context().in_study())
    words = (
        "All of your codings are placed. Others still have some to place again."
        if others
        else "Every coding is placed. When an import changes an answer so much that coded words "
        "cannot be found again with confidence, they are listed here."
    )
    st.html(f'<div class="empty"><p>{words}</p></div>')
    label = undo.last_label(*state.context().in_study(), undo.PLACING)
    with st.container(horizontal=True):
        if st.button("Go on coding", type="primary"):
            go_to("coding")
        if label:
            st.button(
                "Undo", icon=":material/undo:", help=f"Take back {label}", on_click=_undo_shown
            )


def _undo_shown() -> None:
    try:
        _undo()
    except WorkbenchError as error:
        _say(alone(error), refused=True)


def draw() -> None:
    """Draw the page in reading order."""
    heading(place_again.count_flagged(*state.context().in_study()))
    found = opened()
    if found is None:
        nothing_left()
        return
    state.put(OPEN, found.coding.guid)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        total = listed(found)
    with right:
        line, link = st.columns([3.4, 1.2], vertical_alignment="top")
        with line:
            facts(found, total)
        with link:
            to_coding(found)
        pane(found, total)


draw()

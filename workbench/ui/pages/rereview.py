"""Review again: codings that were made before their code's definition changed, one after another.

In: the open study. Out: each coding kept, removed or recoded, by a button or a key; what was
decided is stored in the callback, before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code, DocumentFilter
from workbench.errors import WorkbenchError
from workbench.services.codebooks import codebook, rereview
from workbench.services.codebooks.rereview import Choice, Queue, ReviewItem
from workbench.services.trail import undo
from workbench.ui import state
from workbench.ui.components.codebooks.review_keys import review_keys
from workbench.ui.components.codebooks.review_note import CODE
from workbench.ui.components.codebooks.word_differences import sides_html, text_html
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose_in_line, recall
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import alone, count, line, when

PLACE, SAID, REFUSED, ASKED = "review_place", "review_said", "review_refused", "review_asked"
SETTLED = "review_settled"
WHOSE = {False: "Mine", True: "Everybody's"}
ALL = 0


def everybody() -> bool:
    """Tell whether everybody's codings are gone through."""
    return bool(state.get("review_everybody"))


def settle(choice: Choice, guid: str, to_code_id: int | None = None) -> None:
    """Store a decision; the next coding takes the place of this one."""
    act(
        lambda: rereview.decide(*state.context().in_study(), [guid], choice, to_code_id=to_code_id),
        settled=1,
    )


def keep_all(code_id: int, n: int) -> None:
    """Keep all of a code that stand unreviewed."""
    act(
        lambda: rereview.keep_all(
            *state.context().in_study(), code_id, expected=n, everybody=everybody()
        ),
        settled=n,
    )


def act(decide: Callable[[], str], *, settled: int) -> None:
    """Do what was decided, and keep the words for it; or why not."""
    for name in (SAID, REFUSED, ASKED):
        state.forget(name)
    try:
        state.put(SAID, f"Done: {decide()}.")
    except WorkbenchError as error:  # in a callback nothing else would show it
        state.put(REFUSED, alone(error))
        return
    state.put(SETTLED, int(state.get(SETTLED) or 0) + settled)


def take_back() -> None:
    """Undo what was decided last."""
    state.forget(REFUSED)
    try:
        state.put(SAID, f"Undone: {rereview.undo_last(*state.context().in_study())}.")
    except WorkbenchError as error:
        state.put(REFUSED, alone(error))


def step(place: int) -> None:
    """Go to another place in the queue; nothing is decided."""
    state.put(PLACE, place)
    for name in (SAID, REFUSED, ASKED):
        state.forget(name)


def heading() -> tuple[dict[int, int], int]:
    """Say how many there are and whose; give the counts by code, and how many everybody has."""
    st.title("Review again")
    place = state.context().in_study()
    owner = rereview.may_see_everybody(*place)
    recall("review_everybody", False)
    if not owner:
        state.put("review_everybody", False)
    counts = rereview.count_unreviewed(*place, everybody=owner and everybody())
    others = rereview.count_unreviewed(*place, everybody=True) if owner else {}
    if others:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{count(sum(counts.values()), 'coding')}** made before a definition changed. "
                "They count all the while.",
                width="content",
            )
            choose_in_line(
                "Whose", "review_everybody", list(WHOSE), words=lambda key: WHOSE[key],
                show_label=False,
            )  # fmt: skip
    elif counts:
        line(f"{count(sum(counts.values()), 'coding')} of yours made before a definition changed. "
             "They count all the while.")  # fmt: skip
    return counts, sum(others.values())


def choose_code(counts: dict[int, int], names: dict[int, str]) -> int | None:
    """Let the person go through one code only; None means all."""
    options = [ALL, *(key for key in names if counts.get(key))]
    if state.get(CODE) not in options:
        state.put(CODE, ALL)
    chosen = st.selectbox(
        "Codes",
        options,
        format_func=lambda key: (
            f"All codes ({sum(counts.values()):,})"
            if key == ALL
            else f"{names[key]} ({counts[key]:,})"
        ),
        key=state.study_key(CODE),
        on_change=step,
        args=(0,),
        width=420,
    )
    return chosen or None


def fetch(code_id: int | None) -> tuple[Queue, int]:
    """Read the coding at the place where the person is."""
    place = max(0, int(state.get(PLACE) or 0))
    found = queue(code_id, place)
    if not found.items and found.total:  # the last one was settled: the one before it is the last
        place = found.total - 1
        found = queue(code_id, place)
    return found, place


def queue(code_id: int | None, place: int) -> Queue:
    """Read one coding of the queue."""
    return rereview.list_queue(
        *state.context().in_study(), code_id=code_id, everybody=everybody(), offset=place, limit=1
    )


def progress(total: int, place: int) -> None:
    """Say where in the queue the person is, and how far they have come since they opened it."""
    settled = int(state.get(SETTLED) or 0)
    share = settled / (settled + total) if settled + total else 1.0
    done = f"; {settled:,} settled in this sitting" if settled else ""
    st.html(
        f'<p class="quiet">{place + 1:,} of {total:,}{done}</p>'
        f'<div class="bar" aria-hidden="true"><span style="width:{100 * share:.1f}%"></span></div>'
    )


def draw_said() -> None:
    """Say what was decided last, or why it was refused."""
    refused: str | None = state.get(REFUSED)
    if refused:
        st.error(escape_markdown(refused), icon=":material/error:")
    elif said := state.get(SAID):
        line(said)


def draw_words(item: ReviewItem) -> None:
    """Show the coded words with what stands around them, and who coded them when."""
    coding = item.coding
    asked = coding.question or coding.question_ref
    version = f", under version {item.version:,}" if item.version else ""
    st.html(
        f'<p class="review-code"><bdi>{escape(item.code)}</bdi></p>'
        f'<p class="quiet" dir="auto">{escape(coding.label)}'
        f"{' · ' + escape(asked) if asked else ''} · coded by <bdi>{escape(coding.coder)}</bdi> on "
        f"{when(coding.created_at)}{version}</p>"
    )
    if coding.flagged:
        line("The text was changed since: these words are to be placed again as well.", "warning")
        st.html(f'<p class="said" dir="auto">{escape(item.quote or "")}</p>')
    elif item.quote is None:
        line("The code covers the whole answer.")
        st.html(f'<p class="said" dir="auto">{escape(item.before)}</p>')
    else:
        st.html(
            f'<p class="said" dir="auto"><span class="around">{escape(item.before)}</span>'
            f"<mark>{escape(item.quote)}</mark>"
            f'<span class="around">{escape(item.after)}</span></p>'
        )


def draw_definition(item: ReviewItem) -> None:
    """Show the code's definition as it was when the words were coded, and as it is."""
    heads = (f"When it was coded (version {item.version:,})" if item.version else "When it was "
             "coded", "Now")  # fmt: skip
    unknown = (
        "That version does not tell."
        if item.coding.version_id is not None
        else "Nobody knows: it came with an import."
    )
    changed = [text for text in item.definition if text.then != text.now]
    same = [text for text in item.definition if text.then == text.now]
    st.html(
        "".join(
            sides_html(text.field, text.then, text.now, heads=heads, unknown=unknown)
            for text in changed
        )
        + "".join(text_html(text.field, text.now) for text in same)
    )


def draw_actions(item: ReviewItem, counts: dict[int, int], total: int, place: int) -> None:
    """Draw the buttons; each has a key."""
    guid = item.coding.guid
    with st.container(horizontal=True, key="review_actions"):
        st.button("Keep (K)", key="review_keep", type="primary", on_click=settle,
                  args=("keep", guid))  # fmt: skip
        st.button("Remove (R)", key="review_remove", on_click=settle, args=("remove", guid))
        st.button("Recode (C)", key="review_recode", on_click=state.put, args=(ASKED, guid))
        st.button("Previous", key="review_previous", icon=":material/arrow_back:", type="tertiary",
                  disabled=place == 0, on_click=step, args=(place - 1,))  # fmt: skip
        st.button("Next", key="review_next", icon=":material/arrow_forward:", type="tertiary",
                  disabled=place + 1 >= total, on_click=step, args=(place + 1,))  # fmt: skip
        draw_undo()
    n = counts.get(item.code_id, 0)
    with st.container(horizontal=True, key="review_all"):
        if n > 1:
            st.button(f"Keep all {n:,} of this code", type="tertiary", key="review_keep_all",
                      on_click=state.put, args=(ASKED, f"all:{item.code_id}"))  # fmt: skip
        if st.button("Open in coding", type="tertiary", icon=":material/edit_note:"):
            prepare_filter("coding", DocumentFilter())
            state.put("open_document", item.coding.document_id)
            go_to("coding")


def draw_undo() -> None:
    """Offer to take back what was decided last."""
    label = undo.last_label(*state.context().in_study(), undo.REVIEWING)
    if label:
        st.button("Undo (U)", key="review_undo", type="tertiary", icon=":material/undo:",
                  help=f"Take back {escape_markdown(label)}", on_click=take_back)  # fmt: skip


def draw_asked(item: ReviewItem, counts: dict[int, int], codes: list[Code]) -> None:
    """Ask for the code to recode to, or whether all are meant to be kept."""
    asked = state.get(ASKED)
    if asked == f"all:{item.code_id}":
        n = counts.get(item.code_id, 0)
        whose = "everybody's codings" if everybody() else "your codings"
        line(f"Keep {n:,} of {whose} of {item.code} as they are, without looking at each?",
             "warning")  # fmt: skip
        with st.container(horizontal=True):
            st.button(f"Keep all {n:,}", key="review_all_now", on_click=keep_all,
                      args=(item.code_id, n))  # fmt: skip
            st.button("Look at each", type="tertiary", on_click=state.forget, args=(ASKED,))
    elif asked == item.coding.guid:
        names = {
            code.id: format_path(code.path) for code in codes
            if code.status == "active" and code.id != item.code_id
        }  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="bottom", key="review_target_box"):
            chosen = st.selectbox("Recode to", list(names), index=None, width=420,
                                  format_func=names.__getitem__, placeholder="Choose a code",
                                  key=state.study_key("review_target"))  # fmt: skip
            st.button("Recode", disabled=chosen is None, key="review_recode_now", on_click=settle,
                      args=("recode", item.coding.guid, chosen))  # fmt: skip
            st.button("Leave it", type="tertiary", on_click=state.forget, args=(ASKED,))


def nothing_left(n_of_others: int) -> None:
    """Say that all is reviewed, and what would bring more here."""
    draw_said()
    first = (
        f"Nothing of yours is to be reviewed. {count(n_of_others, 'coding')} of other people "
        f"{'waits' if n_of_others == 1 else 'wait'} under <em>Everybody's</em>."
        if n_of_others
        else "Nothing is to be reviewed."
    )
    st.html(
        f'<div class="empty"><p>{first} When the definition of a code changes, '
        "or what to include and exclude, the codings made before wait here, so that "
        "you can see whether they still hold.</p></div>"
    )
    with st.container(horizontal=True):
        if st.button("Go on coding", type="primary"):
            go_to("coding")
        if st.button("Open the codebook"):
            go_to("codebook")
        draw_undo()


def draw() -> None:
    """Draw the page in reading order."""
    counts, n_of_all = heading()
    if not counts:
        nothing_left(n_of_all)
        review_keys()
        return
    codes = codebook.list_codes(*state.context().in_study(), with_retired=True, with_counts=False)
    code_id = choose_code(counts, {code.id: format_path(code.path) for code in codes})
    found, place = fetch(code_id)
    if not found.items:  # settled by somebody else in this very moment
        st.rerun()
    (item,) = found.items
    progress(found.total, place)
    draw_said()
    draw_words(item)
    draw_actions(item, counts, found.total, place)
    draw_asked(item, counts, codes)
    draw_definition(item)
    review_keys()


draw()

"""What an import changes, one by one: answers side by side, values, who is new, missing or kept.

In: a report, and a way to the file's words. Out: one list at a time, a page at a time; only the
texts of the page that is shown are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from workbench.domain.side_by_side import Part, shortened, side_by_side
from workbench.domain.text import snippet
from workbench.services.surveys import imports
from workbench.services.surveys.imports import ChangedText, Place
from workbench.services.surveys.ingest import IngestReport
from workbench.ui import state
from workbench.ui.components.remembered import choose_in_line
from workbench.ui.components.words import count, line

PAGE = 50
"""Lines of a list that are shown at a time."""
SNIPPET = 200
"""Characters of a new answer in its list."""
PAGE_OF_TEXTS = 5
"""Answers shown side by side at a time."""

WordsOf = Callable[[Collection[int]], Mapping[Place, str]]
"""Gives what rows of the file answer, by (row, question, typed or spoken)."""

LISTS = {
    "answers": "Changed answers",
    "values": "Changed values",
    "filled": "New answers",
    "respondents": "New respondents",
    "missing": "Not in this file",
    "kept": "Blank here, kept",
}
EXPLAINED = {
    "filled": "New answers of respondents whom the study knows already.",
    "respondents": "They are not in the study yet.",
    "missing": "They are in this survey, but not among the rows of this file that go in. They stay "
    "as they are: an import deletes nothing.",
    "kept": "The file has a blank where the study has an answer. The answer stays.",
}


def draw_changes(report: IngestReport, words_of: WordsOf) -> None:
    """Let a person look through everything that changes."""
    sizes = {name: len(getattr(report.changes, name)) for name in LISTS}
    offered = [name for name in LISTS if sizes[name]]
    if not offered:
        return
    chosen = choose_in_line(
        "See each of them",
        "import_list",
        offered,
        words=lambda name: f"{LISTS[name]} {sizes[name]:,}",
    )
    items = getattr(report.changes, chosen)
    if chosen in EXPLAINED:
        line(EXPLAINED[chosen])
    shown = _page(items, chosen, PAGE_OF_TEXTS if chosen == "answers" else PAGE)
    if chosen == "answers":
        _draw_answers(shown, words_of)
    else:
        _draw_table(chosen, shown, words_of if chosen == "filled" else None)


def _page(items: Sequence[Any], name: str, size: int) -> Sequence[Any]:
    """Offer the pages of a list that is too long for one, and give the chosen one."""
    n_pages = -(-len(items) // size)
    if n_pages <= 1:
        return items
    key = f"import_page_{name}"
    page = min(state.get(key, 0), n_pages - 1)
    with st.container(horizontal=True, vertical_alignment="center", key=f"turn_{name}"):
        if st.button("Earlier", key=f"earlier_{name}", disabled=page == 0):
            state.put(key, page - 1)
            st.rerun()
        if st.button("Later", key=f"later_{name}", disabled=page == n_pages - 1):
            state.put(key, page + 1)
            st.rerun()
        first = page * size
        line(f"{first + 1:,}-{min(first + size, len(items)):,} of {len(items):,}")
    return items[first : first + size]


def _draw_answers(shown: Sequence[Any], words_of: WordsOf) -> None:
    context = state.context()
    words = words_of({item.row for item in shown})
    for changed in imports.load_changes(context.actor, context.database, shown, words):
        st.html(answer_html(changed))


def answer_html(changed: ChangedText) -> str:
    """Write an answer's old and new words beside each other, with the words that differ marked."""
    answer = changed.answer
    old, new = (shortened(parts) for parts in side_by_side(changed.old, changed.new))
    spoken = ", spoken" if answer.kind == "spoken" else ""
    place = f"{answer.respondent}, {answer.question}{spoken} (row {answer.row})"
    codings = ""
    if answer.n_carried or answer.n_flagged:
        carried = f"{count(answer.n_carried, 'coding')} carried over"
        flagged = f"{count(answer.n_flagged, 'coding')} to be placed by a person"
        told = [text for text, n in ((carried, answer.n_carried), (flagged, answer.n_flagged)) if n]
        kind = "warning" if answer.n_flagged else "quiet"
        codings = f'<p class="{kind}">{escape("; ".join(told))}</p>'
    return (
        f'<section class="changed"><p class="changed-who">{escape(place)}</p>{codings}'
        f'<div class="sides"><div><p class="quiet">In the study</p>'
        f'<p class="said" dir="auto">{marked_html(old, "del")}</p></div>'
        f'<div><p class="quiet">In the file</p>'
        f'<p class="said" dir="auto">{marked_html(new, "ins")}</p></div></div></section>'
    )


def marked_html(parts: Sequence[Part], mark: str) -> str:
    """Write a text with the parts that the other one lacks in `del` or `ins`."""
    return "".join(
        f"<{mark}>{escape(part.text)}</{mark}>" if part.differs else escape(part.text)
        for part in parts
    )


def _draw_table(name: str, shown: Sequence[Any], words_of: WordsOf | None) -> None:
    import pandas as pd

    frame = pd.DataFrame([_cells(name, item) for item in shown])
    if words_of is not None:
        words = words_of({item.row for item in shown})
        frame["In the file"] = [_words(words, item) for item in shown]
    st.dataframe(
        frame,
        hide_index=True,
        alt=LISTS[name],
        width="content" if name in ("missing", "respondents") else "stretch",
    )


def _words(words: Mapping[Place, str], item: Any) -> str:
    typed, spoken = ((item.row, item.question, kind) for kind in ("typed", "spoken"))
    return snippet(words.get(typed) or words.get(spoken, ""), SNIPPET)


def _cells(name: str, item: Any) -> dict[str, Any]:
    if name == "missing":
        return {"Respondent": item}
    cells = {"Row": item.row, "Respondent": item.respondent}
    if name == "values":
        hidden = "kept out"
        return {
            **cells,
            "Attribute": item.attribute,
            "In the study": hidden if item.hidden else " | ".join(item.before) or "not stated",
            "In the file": hidden if item.hidden else " | ".join(item.after),
        }
    return cells if name == "respondents" else {**cells, "Question": item.question}

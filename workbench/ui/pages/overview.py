"""Overview: what the study holds, how far the coding has come, what to do next, where data live.

In: the open study. Out: links into the work; a backup; another study.
"""

from __future__ import annotations

from functools import partial
from html import escape as html_escape
from pathlib import Path

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import opening, sample, study
from workbench.services.study import NextStep, Progress
from workbench.ui import state
from workbench.ui.components.document_filter import prepare_filter
from workbench.ui.components.layer_choice import prepare_layer
from workbench.ui.components.links import go_to
from workbench.ui.components.style import escape

STEPS: dict[NextStep, tuple[str, str, str]] = {
    "import": ("The study holds no answers yet.", "Import a survey", "import_survey"),
    "codebook": ("There are answers, and no codes to give them.", "Make a codebook", "codebook"),
    "code": ("", "Go on coding", "coding"),
    "themes": ("You have done every answer.", "See the themes", "themes"),
}


def heading() -> None:
    """Say which study this is, before anything that takes time."""
    found = state.context().study
    if found is None:
        st.title("No study yet")
        return
    st.title(escape(found.name))
    if found.description:
        st.markdown(escape(found.description))


def welcome() -> None:
    """Offer the ways to a first study."""
    context = state.context()
    st.html(
        '<div class="empty"><p>A study holds a survey or transcripts, a codebook, and what you '
        "and others have coded. Bring in your own survey, or look around in a synthetic one "
        "first.</p></div>"
    )
    with st.container(horizontal=True):
        if st.button("Import a survey", type="primary"):
            go_to("import_survey")
        if st.button("Load the sample study"):
            with st.spinner("Loading the sample study"):
                _, name = sample.load_sample(context.actor, context.database)
            _open(study.find_study(context.actor, context.database, name).id)


def next_step(found: Progress) -> None:
    """Name the one thing to do next."""
    why, label, page = STEPS[found.next_step]
    if found.next_step == "code":
        answers = "answer is" if found.n_left == 1 else "answers are"
        why = f"{found.n_left:,} of {found.total:,} {answers} not done by you."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(escape(why), width="content")
        if st.button(label, type="primary"):
            if page == "coding":
                prepare_filter("coding", DocumentFilter(state="not_done"))
            go_to(page)


def figures(found: Progress) -> None:
    """Count what there is; every count opens its list."""
    held = state.context().study
    people = held.n_respondents if held else 0
    with st.container(horizontal=True, key="figures"):
        if st.button(_counted(people, "respondent"), type="tertiary", help="Read their answers"):
            _to_coding(DocumentFilter())
        if st.button(_counted(found.n_codes, "code"), type="tertiary", help="Open the codebook"):
            go_to("codebook")
        if st.button(
            f"{_counted(found.n_codings, 'coding')} by me", type="tertiary",
            help="Read what you have coded",
        ):  # fmt: skip
            _to_extracts(layer=state.context().actor.name)
        if found.n_flagged and st.button(
            f"{_counted(found.n_flagged, 'coding')} to be placed again", type="tertiary",
            icon=":material/warning:", help="The text was changed: find the words again",
        ):  # fmt: skip
            _to_extracts(flagged=True)


def progress(found: Progress) -> None:
    """Show how much of each question the person has done."""
    if not found.by_question:
        return
    st.header(f"Your coding: {found.done:,} of {found.total:,} done")
    for question, total, done in found.by_question:
        with st.container(key=f"question_{question.id}"):
            words, bar, count, link = st.columns([6, 2, 1.3, 1.2], vertical_alignment="center")
            words.markdown(escape(question.text or question.ref))
            bar.html(
                f'<div class="bar" aria-hidden="true"><span style="width: '
                f'{found.percent_of(total, done)}%"></span></div>'
            )
            count.html(f'<p class="figure">{done:,} of {total:,}</p>')
            if link.button("Code", key=f"code_{question.id}", disabled=not total):
                _to_coding(DocumentFilter(question_id=question.id))


def place() -> None:
    """Say where the data live, and copy them on request."""
    database = state.context().database
    st.header("Where the data are")
    st.html(f'<p class="quiet">{html_escape(str(database.path or database.shown_url))}</p>')
    if database.path is None:
        st.html(
            '<p class="quiet">The database is on a server. Use the server\'s own backup, such as '
            "pg_dump.</p>"
        )
        return
    if st.button("Back up now", icon=":material/save:"):
        state.put("backup", opening.backup(database))
    copy: Path | None = state.get("backup")
    if copy is not None and copy.exists():
        st.html(f'<p class="quiet">The copy is at {html_escape(str(copy))}</p>')
        st.download_button(
            "Download the copy",
            data=partial(copy.open, "rb"),
            file_name=copy.name,
            mime="application/vnd.sqlite3",
            on_click="ignore",
            help="It holds everything that participants said. Keep it as safe as the original.",
        )


def another_study() -> None:
    """Make an empty study and open it."""
    context = state.context()
    label = "Make another study" if context.study else "Make an empty study"
    with st.expander(label), st.form("another_study", border=False, width=480):
        name = st.text_input("Name of the study", max_chars=200)
        about = st.text_area("What it is about (may stay empty)", max_chars=2_000, height=80)
        if st.form_submit_button("Make the study"):
            made = study.create_study(context.actor, context.database, name, about)
            _open(made.id)


def _open(study_id: int) -> None:
    state.open_study(study_id)
    st.query_params["study"] = str(study_id)
    st.rerun()


def _to_coding(where: DocumentFilter) -> None:
    prepare_filter("coding", where)
    go_to("coding")


def _to_extracts(*, layer: str = "any", flagged: bool = False) -> None:
    prepare_filter("extracts", DocumentFilter())
    prepare_layer("extracts", layer)
    state.put("extracts_flagged", flagged)
    go_to("extracts")


def _counted(n: int, one: str) -> str:
    return f"**{n:,}** {one if n == 1 else one + 's'}"


heading()
if state.context().study is None:
    welcome()
else:
    known = study.progress(*state.context().in_study())
    next_step(known)
    figures(known)
    progress(known)
    place()
another_study()

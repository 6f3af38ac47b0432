"""Overview: what the study holds, how far the coding has come, what to do next, where data live.

In: the open study. Out: links into the work; a backup; another study.
"""

from __future__ import annotations

from html import escape as html_escape

import streamlit as st

from workbench.domain.codings import DocumentFilter
from workbench.services import sample, sessions, study
from workbench.services.counting.progress import NextStep, Progress
from workbench.services.surveys import respondents
from workbench.ui import state
from workbench.ui.components.codebooks.review_note import review_note
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.counting.progress_view import progress_view
from workbench.ui.components.links import go_to
from workbench.ui.components.memos.memo_prompts import prompt_line
from workbench.ui.components.storage_note import storage_note
from workbench.ui.components.style import escape
from workbench.ui.components.team.given_to_me import is_given_to_me
from workbench.ui.components.words import count, when

STEPS: dict[NextStep, tuple[str, str]] = {
    "import": ("Import a survey or transcripts", "import_survey"),
    "codebook": ("Make a codebook", "codebook"),
    "transcribe": ("Transcribe", "transcribe"),
    "check": ("Check by ear", "check"),
    "code": ("Go on coding", "coding"),
    "flagged": ("Place again", "place_again"),
    "themes": ("See the themes", "themes"),
}

REASONS: dict[NextStep, str] = {
    "import": "The study holds no answers or transcripts yet.",
    "transcribe": "Recordings wait to be transcribed.",
    "check": "Machine drafts wait to be checked by ear.",
    "codebook": "There are answers, and no codes to give them.",
    "themes": "You have done everything there is to read.",
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
        "and others have coded. Bring in your own, or look around in a synthetic one "
        "first.</p></div>"
    )
    with st.container(horizontal=True):
        if st.button("Import a survey or transcripts", type="primary"):
            go_to("import_survey")
        if st.button("Load the sample study"):
            with st.spinner("Loading the sample study"):
                _, name = sample.load_sample(context.actor, context.database)
            _open(study.find_study(context.actor, context.database, name).id)


def next_steps(found: Progress) -> None:
    """Name what to do next: the main thing first, with its reason."""
    steps = found.next_steps
    with st.container(horizontal=True, vertical_alignment="center", key="next_steps"):
        st.markdown(escape(_why(found)), width="content")
        for at, step in enumerate(steps):
            label, page = STEPS[step]
            waiting = {
                "flagged": found.n_flagged,
                "transcribe": found.n_recordings,
                "check": found.n_drafts,
            }
            if step in waiting:
                label = f"{label}: {waiting[step]:,}"
            if st.button(label, key=f"next_{step}", type="tertiary" if at else "primary"):
                _take(step, page)


def _why(found: Progress) -> str:
    first = found.next_steps[0]
    if first == "code":
        return f"{found.n_left:,} of {count(found.total, *_texts(found))} not done by you."
    if first == "flagged":
        words = count(found.n_flagged, "coding has lost its", "codings have lost their")
        return f"{words} words: a text was changed."
    if first == "themes" and is_given_to_me("overview"):
        return "You have done everything that was given to you."
    return REASONS[first]


def _texts(found: Progress) -> tuple[str, str]:
    """Name what is read: answers, or texts where there are focus groups and notes too."""
    return ("text is", "texts are") if found.others.total else ("answer is", "answers are")


def _take(step: NextStep, page: str) -> None:
    if step == "code":
        mine = state.context().actor.id if is_given_to_me("overview") else None
        prepare_filter("coding", DocumentFilter(state="not_done", assigned_to=mine))
    go_to(page)


def figures(found: Progress) -> None:
    """Count what there is; every count opens its list."""
    people = respondents.count_respondents(*state.context().in_study())
    with st.container(horizontal=True, key="figures"):
        if st.button(_counted(people, "respondent"), type="tertiary", help="Read their answers"):
            go_to("respondents")
        held = len(sessions.list_sessions(*state.context().in_study()))
        if held and st.button(_counted(held, "focus group"), type="tertiary",
                              help="Who speaks in them"):  # fmt: skip
            go_to("focus_groups")
        if st.button(_counted(found.n_codes, "code"), type="tertiary", help="Open the codebook"):
            go_to("codebook")


def surveys(found: Progress) -> None:
    """List the surveys, where there are several."""
    if len(found.surveys) < 2:
        return
    st.header("Surveys", anchor=False)
    rows = "".join(
        f'<tr><th scope="row">{html_escape(item.name)}</th><td>{item.n_respondents:,}</td>'
        f"<td>{item.n_questions:,}</td><td>{when(item.last_import) if item.last_import else ''}"
        "</td></tr>"
        for item in found.surveys
    )
    st.html(
        '<table class="surveys"><thead><tr><th scope="col">Survey</th>'
        '<th scope="col">Respondents</th><th scope="col">Questions</th>'
        f'<th scope="col">Last import</th></tr></thead><tbody>{rows}</tbody></table>'
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


def _counted(n: int, one: str) -> str:
    return f"**{n:,}** {one if n == 1 else one + 's'}"


heading()
if state.context().study is None:
    welcome()
else:
    known = study.progress(*state.context().in_study(), given_to_me=is_given_to_me("overview"))
    next_steps(known)
    figures(known)
    prompt_line()
    review_note()
    if known.questions or known.others.total:
        progress_view(known)
    surveys(known)
    storage_note(known.changed_at)
another_study()

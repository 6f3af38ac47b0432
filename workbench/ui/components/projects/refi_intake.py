"""Bring in a project of another program: look into it, see what would happen, do it.

In: a file from the person's disk. Out: a new study, or more in the open one; and a list of what was
left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from workbench.errors import SeveralProjects, WorkbenchError
from workbench.services import study
from workbench.services.projects import refi_import
from workbench.services.projects.refi_import import ProjectFile, ProjectReport
from workbench.services.voice_notes import drafts
from workbench.ui import state
from workbench.ui.components.words import count, line, refusal
from workbench.ui.paths import page_path

LISTED = 12
"""Sentences that are listed before the rest is folded away."""
NAMES = 60
"""New names of each kind that are listed."""
OPENED, PREVIEW, DONE = "project_opened", "project_preview", "project_done"
ROUND = "project_round"
STEPS = ("recordings", "codes", "respondents", "documents", "codings", "memos")
NEW, HERE = "A new study", "The open study"


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a person has chosen for a file."""

    file: ProjectFile
    study: str
    new_study: bool
    split_names: bool
    accept_drafts: bool

    @property
    def key(self) -> tuple[object, ...]:
        """Tell choices apart that would give another preview."""
        return (self.file.sha256, self.file.chosen, self.file.file.reading, self.study,
                self.new_study, self.split_names, self.accept_drafts)  # fmt: skip


def import_section() -> None:
    """Draw the section."""
    st.header("Import", anchor=False)
    done: ProjectReport | None = state.recall(DONE)
    if done is not None:
        _draw_done(done)
    line(
        "A project goes into a new study, or into the open one, where nothing that is there is "
        "overwritten. You see what would happen before anything is written."
    )
    sent = st.file_uploader(
        "Project file", type=list(refi_import.suffixes()),
        key=f"project_file_{state.recall(ROUND, 0)}",
        help="As the other program exports it: in NVivo, ATLAS.ti, MAXQDA and others a REFI-QDA "
        "project (.qdpx) or codebook (.qdc). Projects of Taguette and QualCoder can be taken as "
        "they are.",
    )  # fmt: skip
    if sent is None:
        state.drop(OPENED)
        return
    state.drop(DONE)
    opened = _opened(sent)
    if opened is not None:
        _draw_choices(opened, sent)


def _opened(
    sent: Any, reading: refi_import.Reading | None = None, project: str = ""
) -> ProjectFile | None:
    """Look into the file, once for each way of reading it; of several projects one is chosen."""
    key = (sent.file_id, reading, project)
    known: dict[object, ProjectFile] = state.recall(OPENED, {})
    if key in known:
        return known[key]
    try:
        with st.spinner("Reading the file", show_time=True):
            found = refi_import.look_into(sent, sent.name, reading=reading, project=project)
    except SeveralProjects as several:
        chosen = _choose_project(sent, several.names)
        return _opened(sent, reading, chosen) if chosen else None
    except WorkbenchError as error:
        refusal(error)
        return None
    kept = {at: one for at, one in known.items() if isinstance(at, tuple) and at[0] == key[0]}
    state.keep(OPENED, {**kept, key: found})
    return found


def _choose_project(sent: Any, names: tuple[str, ...]) -> str | None:
    return st.selectbox(
        f"Which of the {len(names):,} projects in the file", names, index=None,
        placeholder="Choose one", key=f"project_of_file_{sent.file_id}",
    )  # fmt: skip


def _draw_choices(first: ProjectFile, sent: Any) -> None:
    _draw_contents(first)
    opened = _choose_reading(first, sent)
    if opened is None:
        return
    split = bool(opened.flat_names) and st.checkbox(
        "Put codes with names such as Access::Waiting below one another",
        help=f"{count(opened.flat_names, 'code')} of the file.",
    )
    found = state.context().study
    where = NEW
    if found is not None:
        where = st.segmented_control(
            "Into", [NEW, HERE], default=NEW, required=True, key="project_into"
        )
    if where == NEW or found is None:
        free = study.free_name(*_who(), opened.study_name)
        name = st.text_input("Name of the new study", free, max_chars=200,
                             key=f"project_name_{opened.sha256[:8]}{opened.chosen}")  # fmt: skip
        choice = _Choice(opened, name.strip(), True, split, False)
    else:
        line(f"Into {found.name}. What it has already is found and stays as it is.")
        choice = _Choice(opened, found.name, False, split, _agree_to_drafts())
    if choice.study:
        _draw_preview(choice)


def _draw_contents(opened: ProjectFile) -> None:
    origin = f"Written by {opened.origin}. " if opened.origin else ""
    line(f"{origin}In it: {opened.contents_in_words()}.")


def _choose_reading(first: ProjectFile, sent: Any) -> ProjectFile | None:
    """Show how text positions were read, and let a person choose another way."""
    if not first.others:
        return first
    words = [f"{first.reading} (found, {first.file.score:.0%} of the evidence)"]
    words += [f"{told} ({share:.0%})" for _, told, share in first.others]
    with st.expander(f"Text positions: {first.reading}"):
        line("Programs count letters differently. If codings look shifted by a few letters, choose "
             "another way.")  # fmt: skip
        line(first.file.why)
        at = st.selectbox("Read them as", range(len(words)), format_func=words.__getitem__,
                          key=f"project_reading_{first.sha256[:8]}")  # fmt: skip
    return first if not at else _opened(sent, first.others[at - 1][0])


def _agree_to_drafts() -> bool:
    """Ask whether machine drafts are to be coded too, where the study has some and allows it."""
    known = drafts.state(*state.context().in_study())
    if not known.n_drafts or known.policy == "forbid":
        return False
    return st.checkbox("Bring in codings on machine drafts too", key="project_drafts",
                       help="Nobody has checked their words by ear.")  # fmt: skip


def _draw_preview(choice: _Choice) -> None:
    kept: tuple[object, ProjectReport] | None = state.recall(PREVIEW)
    if kept is None or kept[0] != choice.key:
        report = _run(choice, dry_run=True)
        if report is None:
            return
        kept = (choice.key, report)
        state.keep(PREVIEW, kept)
    report = kept[1]
    if not report.has_news:
        line(refi_import.in_words(report))
        _draw_lists(report)
        return
    _draw_figures(report, "would be new")
    _draw_names(report)
    _draw_lists(report)
    if choice.new_study and study.is_taken(*_who(), choice.study):
        line("There is a study of this name already. Choose another name.", "warning")
        return
    if st.button("Bring it in", type="primary", icon=":material/download:"):
        made = _run(choice, dry_run=False)
        if made is not None:
            state.keep(DONE, made)
            state.keep(ROUND, state.recall(ROUND, 0) + 1)
            state.drop(PREVIEW)
            st.rerun()


def _who() -> tuple[Any, Any]:
    context = state.context()
    return context.actor, context.database


def _run(choice: _Choice, *, dry_run: bool) -> ProjectReport | None:
    """Do it, or do it and take it back, with a bar that says what is under way."""
    bar = st.progress(0.0, "Looking what is there" if dry_run else "Bringing it in")

    def told(step: str) -> None:
        at = STEPS.index(step) if step in STEPS else 0
        bar.progress((at + 1) / (len(STEPS) + 1), step.capitalize())

    name = choice.study
    if dry_run and choice.new_study and study.is_taken(*_who(), name):
        name = f"{name[:150]} {choice.file.sha256[:12]}"  # the preview is the same under any name
    try:
        report = refi_import.import_project(
            *_who(), name, choice.file, new_study=choice.new_study,
            split_names=choice.split_names, accept_drafts=choice.accept_drafts, dry_run=dry_run,
            on_step=told,
        )  # fmt: skip
        report.study = choice.study if dry_run else report.study
        return report
    except WorkbenchError as error:
        refusal(error)
        return None
    finally:
        bar.empty()


# ---------------------------------------------------------------- what it did


def _draw_done(report: ProjectReport) -> None:
    line(refi_import.in_words(report) if report.unchanged else "Brought in.")
    _draw_figures(report, "new")
    _draw_lists(report)
    if st.button("Open the study", key="project_open", icon=":material/arrow_forward:"):
        state.drop(DONE)
        state.open_study(report.study_id)
        st.switch_page(page_path("overview"))


def _draw_figures(report: ProjectReport, new: str) -> None:
    rows = "".join(
        f"<tr><th>{escape(name.capitalize())}</th><td>{n:,}</td><td>{matched:,}</td></tr>"
        for name, n, matched in report.figures()
        if n or matched
    )
    if rows:
        st.html(
            f'<div class="figures"><table><caption>{escape(report.study)}</caption><thead><tr>'
            f"<td></td><th>{new}</th><th>there already</th></tr></thead>"
            f"<tbody>{rows}</tbody></table></div>"
        )
    if report.codings_flagged:
        line(f"{count(report.codings_flagged, 'coding')} to be placed again by a person.",
             "warning")  # fmt: skip


def _draw_names(report: ProjectReport) -> None:
    """List what is new by name, folded away."""
    kinds = (("Coders", report.coders), ("Codes", report.codes), ("Attributes", report.attributes),
             ("Respondents", report.respondents), ("Documents", report.documents),
             ("Recordings", report.recordings))  # fmt: skip
    if not any(tally.new for _, tally in kinds):
        return
    with st.expander("What is new, by name"):
        for kind, tally in kinds:
            if tally.new:
                more = f" and {len(tally.new) - NAMES:,} more" if len(tally.new) > NAMES else ""
                line(f"{kind}: {'; '.join(tally.new[:NAMES])}{more}.")


def _draw_lists(report: ProjectReport) -> None:
    """List what was left out and what was taken otherwise, and offer both as a file."""
    _draw_list("Left out", report.left_out, opened=True)
    _draw_list("Taken otherwise than it stood", report.remarks, opened=False)
    if report.left_out or report.remarks:
        st.download_button(
            "Download these lists", _text_of(report), file_name="left-out.txt", mime="text/plain",
            on_click="ignore", icon=":material/download:", key=f"project_lists_{report.dry_run}",
        )  # fmt: skip


def _draw_list(title: str, sentences: list[str], *, opened: bool) -> None:
    if not sentences:
        return
    with st.expander(f"{title}: {len(sentences):,}", expanded=opened):
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences[:LISTED])
        st.html(f'<ul class="quiet">{items}</ul>')
        if len(sentences) > LISTED:
            line(f"{len(sentences) - LISTED:,} more in the list to download.")


def _text_of(report: ProjectReport) -> Callable[[], str]:
    def made() -> str:
        parts = ["Left out", *report.left_out, "", "Taken otherwise than it stood", *report.remarks]
        return "\n".join(parts) + "\n"

    return made

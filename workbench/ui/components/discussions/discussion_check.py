"""The check before transcripts come in, the import, and what to do next.

In: files with settled speakers. Out: what each will do; once the person confirms, focus groups. One
that is refused keeps none of the others out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape as escape_html

import streamlit as st

from workbench.domain.words import sentence
from workbench.errors import WorkbenchError
from workbench.services import study
from workbench.services.discussions import focus_groups, speaker_people
from workbench.services.discussions.focus_groups import TranscriptReport
from workbench.services.discussions.speaker_table import SpeakerReading
from workbench.ui import state
from workbench.ui.components.discussions import discussion_files as files
from workbench.ui.components.discussions.discussion_files import Opened
from workbench.ui.components.style import escape
from workbench.ui.components.words import alone, count, line
from workbench.ui.paths import page_path

DONE = "discussions_done"
OUTCOMES = {"new": "new group", "changed": "corrected", "unchanged": "nothing changes"}
LISTED = 8


@dataclass(frozen=True, slots=True)
class Result:
    """What came or would come of one file: a report, or why it was refused."""

    key: str
    file_name: str
    found: TranscriptReport | str
    doubts: tuple[str, ...] = ()

    @property
    def report(self) -> TranscriptReport | None:
        """Give the report, where there is one."""
        return None if isinstance(self.found, str) else self.found


def draw_check(opened: Sequence[Opened]) -> None:
    """Show what would come in, and bring it in once the person confirms."""
    readings = {item.sent.key: files.read_opened(item) for item in opened}
    if not _may_check(opened, readings):
        return
    wanted = tuple(_wanted(item, readings[item.sent.key]) for item in opened)
    context = state.context().in_study()
    checked: tuple[object, list[Result]] | None = state.recall(files.CHECKED)
    if checked is None or checked[0] != (context[2], wanted):
        if checked is not None:
            line("Something has changed since the last check.")
        if st.button("Check what will come in", type="primary"):
            found = _run(opened, readings, dry_run=True)
            state.keep(files.CHECKED, ((context[2], wanted), found))
            st.rerun()
        return
    _draw_results(checked[1])
    good = [item.key for item in checked[1] if item.report is not None]
    changes = any(item.report and item.report.outcome != "unchanged" for item in checked[1])
    if good and st.button(
        f"Import {count(len(good), 'transcript')}",
        type="primary" if changes else "secondary",
        icon=":material/upload_file:",
    ):
        _import([item for item in opened if item.sent.key in good], readings)


def _may_check(opened: Sequence[Opened], readings: Mapping[str, SpeakerReading]) -> bool:
    """Say what has to be put right before anything can be checked."""
    wrong = [item.sent.file_name for item in opened if readings[item.sent.key].problems]
    if wrong:
        told = "what is listed under the table" if len(opened) == 1 else f"{_some(wrong)}"
        line(f"Put right {told} first.")
        return False
    unnamed = [item.sent.file_name for item in opened if not item.sent.name]
    if unnamed:
        line(f"Give the group a name first: {_some(unnamed)}.")
        return False
    names = [item.sent.name for item in opened]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        line(f"Several of these files are called {_some(twice)}: give each another name.", "danger")
        return False
    return True


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def _wanted(item: Opened, reading: SpeakerReading) -> object:
    """Name what was checked."""
    sent = item.sent
    return (
        sent.read_key,
        sent.name,
        files.series_of(sent),
        files.people(),
        sent.day,
        sent.not_speakers,
        reading.plans,
    )


def _run(
    opened: Sequence[Opened], readings: Mapping[str, SpeakerReading], *, dry_run: bool
) -> list[Result]:
    """Bring in one file after the other, or only see what that would do."""
    bar = st.progress(0.0, "Beginning")
    results: list[Result] = []
    for at, item in enumerate(opened):
        sent = item.sent
        bar.progress(at / len(opened), f"{at + 1} of {len(opened)}: {escape(sent.file_name)}")
        found: TranscriptReport | str
        plans, table = readings[sent.key].plans, files.people()
        known = None if table is None or item.linked is None else speaker_people.settled(
            table, item.linked, plans
        )  # fmt: skip
        try:
            found = focus_groups.ingest_transcript(
                *state.context().in_study(),
                item.speech,
                plans,
                people=known,
                name=sent.name,
                sha256=sent.sha256,
                series=files.series_of(item.sent),
                held_on=sent.day,
                dry_run=dry_run,
                no_speakers=sorted(sent.not_speakers),
            )
        except WorkbenchError as error:
            found = alone(error)
        told = [] if isinstance(found, str) else found.warnings
        doubts = tuple(doubt for doubt in told if doubt not in item.speech.warnings)
        results.append(Result(sent.key, sent.file_name, found, doubts))
        if not dry_run:
            _remember(results)
    bar.empty()
    return results


def _remember(results: Sequence[Result]) -> None:
    """Keep what is done so far: a click elsewhere stops the page between two files."""
    state.put(DONE, list(results))
    files.let_go([item.key for item in results if item.report is not None])


def _import(opened: Sequence[Opened], readings: Mapping[str, SpeakerReading]) -> None:
    _run(opened, readings, dry_run=False)
    if not files.sent_files():
        files.forget_files()
    state.drop(files.CACHE)
    st.rerun()


def _draw_results(results: Sequence[Result]) -> None:
    reports = [item.report for item in results if item.report is not None]
    if reports:
        st.html(_as_table(reports))
    for item in results:
        if isinstance(item.found, str):
            told = sentence(item.found)
            line(told if item.file_name in told else f"{item.file_name}: {told}", "danger")
            continue
        for doubt in item.doubts:
            line(f"{item.found.name}: {doubt}", "warning")
        if item.found.words_of_nobody:
            line(
                f"{item.found.name}: {count(item.found.words_of_nobody, 'word')} of nobody: they "
                "can be coded, and count for no respondent.", "warning",
            )  # fmt: skip
        if item.found.codings_flagged:
            line(
                f"{item.found.name}: {count(item.found.codings_flagged, 'coding')} to be placed "
                "again, as their words are gone.", "warning",
            )  # fmt: skip
    new = list(dict.fromkeys(ref for report in reports for ref in report.respondents_new))
    if new:
        line(f"New respondents: {_some(new)}.")


def _as_table(reports: Sequence[TranscriptReport]) -> str:
    with_codings = any(item.codings_kept or item.codings_flagged for item in reports)
    heads = ["Turns", "Words", "Speakers", "New respondents", "Words of nobody"]
    heads += ["Codings kept", "To be placed again"] * with_codings
    rows = []
    for item in reports:
        figures = [item.turns, item.words, item.speakers, len(item.respondents_new),
                   item.words_of_nobody]  # fmt: skip
        figures += [item.codings_kept, item.codings_flagged] * with_codings
        cells = "".join(f"<td>{n:,}</td>" for n in figures)
        rows.append(
            f'<tr><th scope="row"><bdi>{escape_html(item.name)}</bdi></th>'
            f'<td class="name">{OUTCOMES[item.outcome]}</td>{cells}</tr>'
        )
    head = "".join(f'<th scope="col">{title}</th>' for title in heads)
    return (
        '<div class="wide groups-list" tabindex="0" role="region" aria-label="What comes in">'
        '<table class="surveys"><thead><tr><th scope="col">Group</th>'
        f'<th scope="col" class="name">What happens</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def draw_done() -> bool:
    """Tell what an import did and lead on; False when there is nothing to tell."""
    results: list[Result] | None = state.get(DONE)
    if not results:
        return False
    reports = [item.report for item in results if item.report is not None]
    found = state.context().study
    st.header(f"Imported into {escape(found.name if found else '')}")
    if not reports:
        st.text("Nothing has come in.")
    _draw_results(results)
    with st.container(horizontal=True):
        if reports:
            _lead_on(reports)
        waiting = len(files.sent_files())
        label = f"Go on with {count(waiting, 'file')}" if waiting else "Import more transcripts"
        if st.button(label):
            state.forget(DONE)
            st.rerun()
    return True


def _lead_on(reports: Sequence[TranscriptReport]) -> None:
    first = reports[0]
    coded = bool(study.progress(*state.context().in_study()).n_codes)
    if not coded and st.button(
        "Set up the codebook", type="primary", icon=":material/arrow_forward:"
    ):
        st.switch_page(page_path("codebook"))
    if st.button(
        f"Code {escape(first.name)}",
        type="primary" if coded else "secondary",
        icon=":material/edit_note:",
    ):
        state.put("open_document", first.document_id)
        st.switch_page(page_path("coding"))
    flagged = sum(item.codings_flagged for item in reports)
    if flagged and st.button(f"Place again: {flagged:,}"):
        st.switch_page(page_path("place_again"))
    page = page_path("focus_groups")
    if page.exists() and st.button("See the focus groups"):
        st.switch_page(page)

"""Transcripts of focus groups on the Import page: from files to discussions with known speakers.

In: one file or many. Out: focus groups in the study, new or corrected, after a look at what will
happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as escape_html
from typing import Literal

import streamlit as st

from workbench.domain.words import sentence, together
from workbench.errors import InputError
from workbench.services.coding.extracts import readable_date
from workbench.services.discussions import (
    focus_groups,
    people_tables,
    speaker_people,
    speaker_table,
)
from workbench.services.discussions.speaker_table import MAX_NAME, SUFFIXES, Layout
from workbench.ui import state
from workbench.ui.components.discussions import discussion_files as files
from workbench.ui.components.discussions.discussion_check import draw_check, draw_done
from workbench.ui.components.discussions.discussion_files import Opened, Sent
from workbench.ui.components.discussions.file_encoding import read_differently
from workbench.ui.components.discussions.speaker_editor import (
    edit_speakers,
    list_doubts,
    list_problems,
)
from workbench.ui.components.surveys.import_report import draw_bad_rows
from workbench.ui.components.surveys.study_target import choose_or_make
from workbench.ui.components.words import count, isolated, line, refusal

Read = Sequence[tuple[Sent, Opened | InputError]]

LAYOUTS: dict[Layout, str] = {
    "voices": "names in the cues",
    "names_before": "names before the words",
    "names_above": "names above the words",
    "bold_names": "names in bold",
    "table": "names in a column of a table",
    "none": "no names",
}
LISTED = 8
"""Warnings and problems that are listed; the others are counted."""


def draw_discussions() -> None:
    """Go with the person from transcripts to focus groups in the study."""
    if draw_done():
        return
    if not files.sent_files():
        _ask("Transcripts")
        line(
            "One file for each group. Who speaks is found in it, and you settle that before "
            "anything is changed. The files themselves are not kept."
        )
        return
    _tell_files()
    target = choose_or_make()
    if target is None:
        line("Who speaks can be settled once it is clear which study this goes into.")
        return
    _choose_names()
    _ask_people()
    read = files.read_all(target.id)
    _list_refused(read)
    opened = [item for _, item in read if not isinstance(item, InputError)]
    if not opened:
        return
    _list_bad_rows(opened)
    chosen = _choose_file(opened)
    _draw_file(chosen, several=len(opened) > 1)
    st.header("What will come in")
    draw_check(opened)


def _ask(label: str) -> None:
    round_ = state.recall(files.FILE_ROUND, 0)
    sent = st.file_uploader(
        label,
        type=[suffix.removeprefix(".") for suffix in SUFFIXES],
        accept_multiple_files=True,
        key=f"discussion_files_{round_}",
        help="Captions of Zoom or Teams (.vtt, .srt), text, Word, OpenDocument or PDF.",
    )
    if sent:
        files.add_files((item.name, item.getvalue()) for item in sent)
        state.keep(files.FILE_ROUND, round_ + 1)
        st.rerun()


def _tell_files() -> None:
    sent = files.sent_files()
    with st.container(horizontal=True, vertical_alignment="center", key="discussion_facts"):
        told = sent[0].file_name if len(sent) == 1 else count(len(sent), "transcript")
        st.text(told, width="content")
        with st.popover("Add more", type="tertiary"):
            _ask("More transcripts")
        if st.button("Choose other files" if len(sent) > 1 else "Choose another file",
                     type="tertiary"):  # fmt: skip
            files.forget_files()
            st.rerun()


def _choose_names() -> None:
    """Ask whether names of the file are shown, and say what becomes of them."""
    kept = st.toggle(
        "Show people by their names in the file",
        bool(state.recall(files.KEEP_NAMES, False)),
        key="discussion_keep_names",
        help="Otherwise people get names such as Participant 1. Labels such as P3 stay in any "
        "case. You can change each name in the table.",
    )
    state.keep(files.KEEP_NAMES, kept)
    if kept:
        line(
            "Names that you leave in the table are stored and shown, on screens, in extracts and "
            "in exports.",
            "warning",
        )
    else:
        line(
            "Names in the file are not stored, only those under 'Shown as', and a fingerprint by "
            "which a corrected file finds the same person. Names that people say stay in their "
            "words."
        )


def _ask_people() -> None:
    """Ask for tables of participants, which say who is which respondent and what is known."""
    tables, several = files.tables(), len(files.sent_files()) > 1
    for at, table in enumerate(tables):
        with st.container(horizontal=True, vertical_alignment="center",
                          key=f"discussion_people_{at}"):  # fmt: skip
            line(_told_of(table), width="content")
            if st.button("Without this table", type="tertiary", key=f"people_away_{at}"):
                state.keep(files.PEOPLE, [item for item in tables if item is not table])
                st.rerun()
        if several and files.is_vague(table):
            _ask_about(table, at)
        for warning in table.warnings[:LISTED]:
            line(sentence(warning), "warning")
    if tables and not several:
        return
    title = "Tables" if several else "A table"
    with st.expander(f"{'Another table' if tables else title} of participants (optional)"):
        line(
            "With the columns speaker (the name in the transcript), shown as, respondent (an id "
            "of the study, or a new one), role, and focus group where it is about several. Any "
            "other column is an attribute, such as an age band."
        )
        if several:
            line(
                "One table for all groups has a column focus group, with their names or files; or "
                "give a table for each, called by its group."
            )
        sent = st.file_uploader(
            "Tables of participants" if several else "Table of participants",
            type=["csv", "tsv", "xlsx", "ods"], accept_multiple_files=several,
            key=f"discussion_people_file{len(tables) or ''}",
        )  # fmt: skip
        given = sent if isinstance(sent, list) else [sent] if sent is not None else []
        found = list(tables)
        for item in given:
            try:
                found.append(speaker_people.open_table(item.getvalue(), item.name))
            except InputError as error:
                refusal(error)
                return
        if given:
            state.keep(files.PEOPLE, found)
            st.rerun()


def _ask_about(table: speaker_people.PeopleTable, at: int) -> None:
    """Ask which groups the rows are about that do not tell."""
    sent = files.sent_files()
    names = {item.key: item.name or item.file_name for item in sent}
    now = [item.key for item in sent if item.name in files.about(table)]
    chosen = st.multiselect(
        f"{table.source} is about", list(names), now, format_func=names.__getitem__,
        placeholder="Each group in which somebody has that name",
        key=f"people_about_{at}_{table.source}", width=520,
        help="For rows that do not name a focus group themselves.",
    )  # fmt: skip
    if chosen != now:
        files.say_about(table, chosen)
        st.rerun()


def _told_of(table: speaker_people.PeopleTable) -> str:
    told = f"Participants: {table.source}, {count(len(table.rows), 'row')}"
    if table.attributes:
        told += f", {count(len(table.attributes), 'attribute')}: " + ", ".join(
            item.label or item.name for item in table.attributes[:LISTED]
        )
    closed = {row.shown or row.respondent or row.key
              for row in table.rows if row.may_be_quoted is False}  # fmt: skip
    return f"{told}." + f" {len(closed):,} may not be quoted." * bool(closed)


def _list_bad_rows(opened: Sequence[Opened]) -> None:
    """List the rows of the table of participants that are about nobody in the files."""
    table = files.people()
    if table is None:
        return
    matches = [item.linked.matched for item in opened if item.linked is not None]
    if len(opened) > 1:
        _tell_reach(table, opened)
    if speaker_people.is_of_another_group(table, matches):
        line(sentence(speaker_people.of_another_group(table)), "warning")
    rows = speaker_people.rows_to_look_at(table, matches)
    for at, (source, bad) in enumerate(people_tables.of_tables(table, rows).items()):
        if table.sources:
            line(f"{source}:")
        draw_bad_rows(bad, f"participants_{at}" if at else "participants")


def _tell_reach(table: speaker_people.PeopleTable, opened: Sequence[Opened]) -> None:
    """Say which rows are about which of several files, and of which none is."""
    if all(row.group for row in table.rows):
        line("Each row is about the group that is named for it.")
    else:
        line(
            f"A row without a focus group is about each of the {count(len(opened), 'transcript')} "
            "in which somebody has that name; not so one about a label that several of them have, "
            "such as P1."
        )
    silent = [item.sent.name for item in opened if item.linked and not item.linked.matched.used]
    if silent:
        named = together([isolated(name) for name in silent[:LISTED]])
        more = f", and {len(silent) - LISTED:,} more" if len(silent) > LISTED else ""
        line(f"Nothing is told of {named}{more}. Add a table of its own, or rows that name it.",
             "warning")  # fmt: skip


def _list_refused(read: Read) -> None:
    """List the files that cannot be read; the others come in without them."""
    for sent, found in read:
        if isinstance(found, InputError):
            with st.container(horizontal=True, vertical_alignment="center",
                              key=f"refused_{sent.key}"):  # fmt: skip
                told = str(found) if found.source else f"{sent.file_name}: {found}"
                line(told, "danger", width="content")
                read_differently(sent)
                if st.button("Leave it out", key=f"leave_{sent.key}", type="tertiary",
                             help=f"Go on without {sent.file_name}"[:100]):  # fmt: skip
                    files.let_go([sent.key])
                    st.rerun()


def _choose_file(opened: Sequence[Opened]) -> Opened:
    """Let the person go through the files, one after the other."""
    if len(opened) == 1:
        st.header("The group")
        return opened[0]
    st.header("The groups")
    st.html(_as_table(opened))
    keys = [item.sent.key for item in opened]
    names = {item.sent.key: item.sent.file_name for item in opened}
    if state.recall("discussion_at") not in keys:
        state.keep("discussion_at", keys[0])
    at = keys.index(state.recall("discussion_at"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Settle", keys, index=at, format_func=names.__getitem__,
            key=f"discussion_at_{at}_{len(keys)}", width=420,
        )  # fmt: skip
        last = at + 1 == len(keys)
        if st.button("First file" if last else "Next file", icon=":material/arrow_forward:"):
            chosen = keys[0] if last else keys[at + 1]
    if chosen != keys[at]:
        state.keep("discussion_at", chosen)
        st.rerun()
    return opened[at]


def _as_table(opened: Sequence[Opened]) -> str:
    rows = []
    for item in opened:
        reading = files.read_opened(item)
        state_ = "to be put right" if reading.problems else (
            "corrects the group" if item.replaces else "ready")  # fmt: skip
        day = readable_date(item.sent.day) if item.sent.day else ""
        cells = (item.sent.name, files.series_of(item.sent), day)
        words = sum(found.words for found in item.facts.values())
        rows.append(
            f'<tr><th scope="row"><bdi>{escape_html(item.sent.file_name)}</bdi></th>'
            + "".join(f'<td class="name"><bdi>{escape_html(cell)}</bdi></td>' for cell in cells)
            + f"<td>{len(reading.plans) or len(item.rows):,}</td><td>{words:,}</td>"
            f'<td class="name">{state_}</td></tr>'
        )
    heads = [("File", ""), ("Group", "name"), ("Series", "name"), ("Held on", "name"),
             ("Speakers", ""), ("Words", ""), ("State", "name")]  # fmt: skip
    head = "".join(f'<th scope="col" class="{kind}">{title}</th>' for title, kind in heads)
    return (
        '<div class="wide groups-list" tabindex="0" role="region" aria-label="The transcripts">'
        f'<table class="surveys"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _draw_file(opened: Opened, *, several: bool) -> None:
    """Draw what is asked of one file."""
    sent = opened.sent
    _describe(sent)
    if opened.replaces:
        line(
            "A group of this name is in the study: its text is corrected, and its codings are "
            "carried over. For another group, change the name."
        )
    _tell_reading(opened)
    st.subheader(f"Who speaks: {count(len(opened.rows), 'name')}", anchor=False)
    if opened.rows:
        reading = edit_speakers(opened)
        _list_lines(list_problems(opened, reading), "danger")
        _list_lines(list_doubts(reading), "warning")
        if opened.linked is not None:
            _list_lines([sentence(told) for told in opened.linked.matched.warnings], "warning")
        line(
            "Change 'Shown as', 'Role' and 'Respondent' by typing. Two spellings of one person get "
            "the same name under 'Shown as'. With the id of a respondent of the study, words "
            "count with that person's answers."
        )
    n_words, sample = opened.of_no_name
    if n_words:
        line(
            f"{count(n_words, 'word')} in the file under no name, such as “{sample}”: shown and "
            "coded, and they count for nobody."
        )
    if several and st.button("Leave this file out", type="tertiary"):
        files.let_go([sent.key])
        st.rerun()


def _list_lines(told: Sequence[str], tone: Literal["warning", "danger"]) -> None:
    for text in told[:LISTED]:
        line(text, tone)
    if len(told) > LISTED:
        line(f"{len(told) - LISTED:,} more; see the table.", tone)


def _describe(sent: Sent) -> None:
    """Ask for the group's name, series and day."""
    actor, database, study_id = state.context().in_study()
    known = {item.series for item in focus_groups.list_focus_groups(actor, database, study_id)}
    known |= {item.series or "" for item in files.sent_files()} | {files.series_of(sent)}
    options = sorted(known - {""})
    left, middle, right = st.columns([5, 4, 3])
    name = left.text_input(
        "Name of the group", sent.name, max_chars=MAX_NAME, key=f"group_name_{sent.key}",
        help="As lists and exports call it. A file for a group that is in the study corrects it.",
    )  # fmt: skip
    now = files.series_of(sent)
    series = middle.selectbox(
        "Series (optional)", options, index=options.index(now) if now in options else None,
        accept_new_options=True, placeholder="Such as Parents, or Round 2",
        key=f"group_series_{sent.key}",
        help="Groups of one kind or round, to count and compare them by.",
    )  # fmt: skip
    day = right.date_input(
        "Held on (optional)", sent.held_on, format="YYYY-MM-DD", min_value="1950-01-01",
        key=f"group_day_{sent.key}",
    )  # fmt: skip
    sent.held_on = day
    chosen = " ".join((series or "").split())[:MAX_NAME]
    if chosen != now:
        sent.series = chosen
        if chosen:
            state.keep(files.SERIES, chosen)
        st.rerun()
    if " ".join(name.split()) != sent.name:
        sent.name = " ".join(name.split())
        st.rerun()
    if not sent.name:
        line("Give the group a name.", "danger")


def _tell_reading(opened: Opened) -> None:
    speech = opened.speech
    line(f"{sent_words(opened)}, {LAYOUTS[speech.layout]}.")
    read_differently(opened.sent)
    for warning in speech.warnings[:LISTED]:
        line(sentence(warning), "warning")
    if len(speech.warnings) > LISTED:
        line(f"{len(speech.warnings) - LISTED:,} more of this kind.", "warning")


def sent_words(opened: Opened) -> str:
    """Say how much a file holds."""
    found = speaker_table.facts_of(opened.speech).values()
    n_words = sum(item.words for item in found)
    return f"Read: {count(len(opened.speech.turns), 'turn')}, {count(n_words, 'word')}"

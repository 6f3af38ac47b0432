"""Versions of the codebook: listed, named, compared, written as a file, brought back.

In: the open study. Out: a name or an old version, each in one step; what differs, in sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.domain.codebook_diff import CodebookDiff
from workbench.errors import WorkbenchError
from workbench.services.codebooks import restore, versions
from workbench.services.codebooks.restore import Moved, RestorePreview
from workbench.services.codebooks.versions import PAGE, ListedVersion
from workbench.ui import state
from workbench.ui.components.codebooks.codebook_deeds import do, menu, say
from workbench.ui.components.codebooks.word_differences import sides_html
from workbench.ui.components.links import go_to
from workbench.ui.components.style import escape as escape_markdown
from workbench.ui.components.words import count, line, refusal, when

OPEN, SHOWN, ASKED, WITH = "version_open", "versions_shown", "version_restore", "version_with"
NAMED = "version_named"
SHOWN_CHANGES = 200
"""Changes that are written out at once."""


def draw_versions() -> None:
    """Draw the list of versions, and the chosen one beside it."""
    shown = int(state.get(SHOWN) or PAGE)
    found = versions.list_versions(*state.context().in_study(), limit=shown)
    listed = found.versions
    if not listed:
        line("The codebook has no versions yet. Each change of it will make one.")
        return
    chosen = _chosen(listed)
    left, right = st.columns([5, 7], gap="medium")
    with left:
        line(f"{count(found.n_all, 'version')}, {found.n_named:,} with a name. Every change of the "
             "codebook makes one.")  # fmt: skip
        with st.container(key="versions", height=560, border=False, gap=None):
            for group in versions.fold_unnamed(listed):
                _draw_group(group, chosen)
            if len(listed) < found.n_all and listed[-1].number > 1:
                st.button("Show older versions", type="tertiary", on_click=_show_more)
    with right:
        _draw_chosen(chosen, listed)


def _show_more() -> None:
    state.put(SHOWN, int(state.get(SHOWN) or PAGE) + PAGE)


def _chosen(listed: Sequence[ListedVersion]) -> ListedVersion:
    wanted = state.get(OPEN)
    return next((item for item in listed if item.number == wanted), listed[0])


def _draw_group(group: tuple[ListedVersion, ...], chosen: ListedVersion) -> None:
    if len(group) == 1:
        _draw_row(group[0], chosen)
        return
    span = f"{group[-1].number:,} to {group[0].number:,}"
    label = f"{count(len(group), 'version')} without a name, {span}"
    with st.expander(label, expanded=chosen in group):
        for item in group:
            _draw_row(item, chosen)


def _draw_row(item: ListedVersion, chosen: ListedVersion) -> None:
    name = f" · **{escape_markdown(item.name)}**" if item.name else ""
    here = item.number == chosen.number
    st.button(
        f"Version {item.number:,}{name}",
        key=f"version_{item.number}",
        type="secondary" if here else "tertiary",
        on_click=_open,
        args=(item.number,),
    )
    note = f"<br><bdi>{escape(item.note)}</bdi>" if item.note else ""
    st.html(f'<p class="quiet version-about">{_told(item)}{note}</p>')


def _told(item: ListedVersion) -> str:
    return (
        f"{count(item.n_changes, 'change')} · <bdi>{escape(item.made_by)}</bdi> · "
        f"{when(item.made_at)}"
    )


def _open(number: int) -> None:
    state.put(OPEN, number)
    for name in (ASKED, WITH, NAMED):
        state.forget(name)


def _draw_chosen(item: ListedVersion, listed: Sequence[ListedVersion]) -> None:
    newest = item.number == listed[0].number
    title = f"Version {item.number:,}"
    st.header(f"{title}: {escape_markdown(item.name)}" if item.name else title, anchor=False)
    st.html(f'<p class="quiet">{"The codebook as it is. " if newest else ""}{_told(item)}</p>')
    if item.note:
        st.html(f'<p class="memo-text" dir="auto">{escape(item.note)}</p>')
    with st.container(horizontal=True, key="version_actions"):
        with menu("Change the name" if item.name else "Name this version"):
            _draw_naming(item)
        st.download_button(
            "Download as YAML",
            data=lambda: versions.version_yaml(*state.context().in_study(), item.number),
            file_name=f"codebook-version-{item.number}.yaml",
            mime="application/yaml",
        )
        if not newest:
            mine = restore.may_restore(*state.context().in_study())
            if st.button(
                "Bring this version back",
                key="version_restore",
                disabled=not mine,
                help=None if mine else "Only the owner of the study can do this",
            ):
                state.put(ASKED, item.number)
    if state.get(NAMED) == item.number:
        _draw_reflexivity()
    if state.get(ASKED) == item.number and not newest:
        _draw_restore(item, listed[0].number)
        return
    _draw_comparison(item, listed)


def _draw_naming(item: ListedVersion) -> None:
    with st.form(f"name_version_{item.number}", border=False, width=380):
        name = st.text_input("Name", value=item.name, max_chars=versions.MAX_NAME,
                             placeholder="Such as: after the first round")  # fmt: skip
        note = st.text_area("Note (may stay empty)", value=item.note, max_chars=versions.MAX_NOTE)
        if item.name:
            line("Without a name, the note goes too.")
        if st.form_submit_button("Save the name"):
            if not name.strip() and not item.name:
                st.error("Type a name first.")
                return
            actor, database, study_id = state.context().in_study()
            if name.strip():
                state.put(NAMED, item.number)
            do(
                lambda: versions.name_version(
                    actor, database, study_id, name, note=note, number=item.number
                ),
                f"Version {item.number} is named {name.strip()}." if name.strip()
                else f"Version {item.number} has no name any more.",
            )  # fmt: skip


def _draw_reflexivity() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="version_memo"):
        st.html(
            '<p class="quiet">A named version is a good moment to write down what has changed in '
            "how you read.</p>",
            width="content",
        )
        if st.button("Write a reflexivity memo", type="tertiary"):
            go_to("memos")


def _draw_comparison(item: ListedVersion, listed: Sequence[ListedVersion]) -> None:
    others = {other.number: other for other in listed if other.number != item.number}
    if not others:
        line("There is no other version to compare this one with.")
        return
    before = max((number for number in others if number < item.number), default=min(others))
    if state.get(WITH) not in others:
        state.put(WITH, before)
    other = st.selectbox(
        "Compare with",
        list(others),
        format_func=lambda number: _named(others[number]),
        key=state.study_key(WITH),
        width=380,
    )
    older, newer = sorted((other, item.number))
    told = versions.diff(*state.context().in_study(), older, newer)
    line(
        f"From version {older:,} to version {newer:,}: {count(len(told.changes), 'change')} of "
        f"{count(told.n_codes, 'code')}."
        if told.changes
        else f"Versions {older:,} and {newer:,} are the same."
    )
    _draw_diff(told)


def _named(item: ListedVersion) -> str:
    return f"Version {item.number:,}" + (f" · {item.name}" if item.name else "")


def _draw_diff(told: CodebookDiff) -> None:
    written = []
    for change in told.changes[:SHOWN_CHANGES]:
        sides = "".join(
            sides_html(field.field, field.old, field.new, heads=("Before", "After"))
            for field in change.fields
        )
        order = ""
        if change.kind == "reordered":
            order = (
                f'<br><span class="quiet">Before: <bdi>{escape(change.before)}</bdi>. '
                f"After: <bdi>{escape(change.after)}</bdi>.</span>"
            )
        written.append(f"<li><bdi>{escape(change.sentence)}</bdi>{order}{sides}</li>")
    if written:
        st.html(f'<ul class="changes">{"".join(written)}</ul>')
    if len(told.changes) > SHOWN_CHANGES:
        line(f"and {count(len(told.changes) - SHOWN_CHANGES, 'more change')}")


def _draw_restore(item: ListedVersion, newest: int) -> None:
    place = state.context().in_study()
    preview = restore.preview_restore(*place, item.number)
    line(f"What would change if version {item.number:,} came back:")
    _draw_codings(preview)
    _draw_diff(preview.diff)
    if not preview.diff.changes:
        line("Nothing: the codebook is as it was in this version.")
    with st.container(horizontal=True):
        if preview.diff.changes and st.button(
            f"Bring version {item.number:,} back", type="primary", key="restore_now"
        ):
            _restore(item.number, newest)
        st.button("Leave it", type="tertiary", on_click=state.forget, args=(ASKED,))
    line("It becomes a new version. No coding is lost, and Undo takes the whole step back.")


def _restore(number: int, newest: int) -> None:
    try:
        told = restore.restore(*state.context().in_study(), number, seen=newest)
    except WorkbenchError as error:
        refusal(error)
        return
    moved = f" {count(told.n_moved, 'coding')} got another code." if told.n_moved else ""
    say(f"Version {number:,} is back, as a new version.{moved}")
    state.forget(ASKED)
    state.forget(OPEN)
    state.forget("code_form")
    st.rerun()


def _draw_codings(preview: RestorePreview) -> None:
    """Say how many codings go where, as far as the person may see them."""
    told = [*_lines(preview.moved, "go from {} to {}", "goes from {} to {}"),
            *_lines(preview.returning, "count as {1} again, not as {0}",
                    "counts as {1} again, not as {0}")]  # fmt: skip
    told += [
        f"{name} is kept, retired: codings stay on it, or on a code below it."
        for name in preview.kept
    ]
    if not told:
        line("No coding of those that you see gets another code.")
        return
    st.html(
        '<ul class="changes">'
        + "".join(f"<li><bdi>{escape(text)}</bdi></li>" for text in told)
        + "</ul>"
    )


def _lines(moved: Sequence[Moved], many: str, one: str) -> list[str]:
    return [
        f"{count(item.n, 'coding')} "
        f"{(one if item.n == 1 else many).format(item.source, item.target)}."
        for item in moved
    ]

"""Compare: how far coders agree, on what least, and where they differ.

In: the open study. Out: figures with their sentences, what codes are taken for, the course over
weeks, and the same text as several people coded it. Nothing is changed here.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from workbench.domain.agreement import By, CodeAgreement, Unit, names_of
from workbench.services.surveys import questions
from workbench.services.team import agree, agree_files, team
from workbench.services.team.agree import SharedWork
from workbench.services.team.agree_files import AgreementFormat
from workbench.services.team.agree_results import Agreement, Confusion, Disagreement, Week
from workbench.ui import state
from workbench.ui.components.links import go_to
from workbench.ui.components.remembered import choose, choose_in_line, keep, recall
from workbench.ui.components.style import escape
from workbench.ui.components.team.agreement_tables import (
    confusion_table,
    figures_table,
    overall_table,
    pairs_table,
)
from workbench.ui.components.team.coded_twice import coded_twice
from workbench.ui.components.words import count, line

UNIT_WORDS: dict[Unit, str] = {
    "document": "Whole answers", "sentence": "Sentences", "character": "Characters"
}  # fmt: skip
BY_WORDS: dict[By, str] = {"code": "Codes", "theme": "Themes"}
ORDERS = {"least": "Least agreement first", "codebook": "Codebook"}
MIME: dict[AgreementFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FOUND, OFFSET, CODE = "compare_found", "compare_offset", "compare_code"
NOBODY = 0
"""Stands for "no reference coder" in the list."""
SHOWN = 5
"""Disagreements on the page at once."""
Results = tuple[Agreement, Confusion, tuple[Week, ...]]


def empty() -> None:
    """Say how documents come to be coded twice."""
    st.html(
        '<div class="empty"><p>Nobody has done the same answer as somebody else yet. Give some '
        "answers to two people on the page Team, blind if they should not see each other's "
        "work; once both have marked them done, this page compares what they coded.</p></div>"
    )
    if st.button("Give answers to two people", type="primary"):
        go_to("team")


def choices(shared: list[SharedWork]) -> tuple[list[int], By, Unit, int | None]:
    """Let people choose whom to compare, and how."""
    names = {
        key: name for pair in shared for key, name in zip(pair.coder_ids, pair.names, strict=True)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        default = [key for key in recall("compare_coders", list(shared[0].coder_ids))
                   if key in names]  # fmt: skip
        state.put("compare_coders", default)
        coders = st.multiselect("Coders", list(names), format_func=names.__getitem__,
                                key=state.study_key("compare_coders"), width=320)  # fmt: skip
        keep("compare_coders", coders)
        unit = choose_in_line("Compare", "compare_unit", list(UNIT_WORDS),
                              words=UNIT_WORDS.__getitem__)  # fmt: skip
        by = choose_in_line("By", "compare_by", list(BY_WORDS), words=BY_WORDS.__getitem__)
        whom = {NOBODY: "Nobody", **{key: names[key] for key in coders}}
        reference = choose("Held against", "compare_reference", list(whom),
                           words=whom.__getitem__, width=160,
                           help="Precision, recall and F1 of the others against them.")  # fmt: skip
    return coders, by, unit, reference or None


def worked_out(coders: list[int], by: By, unit: Unit, reference: int | None) -> Results:
    """Work the figures out, unless nothing was done since the same was asked."""
    place = state.context().in_study()
    wanted = (tuple(coders), by, unit, reference, questions.as_of(*place))
    known: tuple[object, Results] | None = state.get(FOUND)
    if known is None or known[0] != wanted:
        with st.spinner("Comparing", show_time=True):
            known = (wanted, agree.views(*place, coders, by, unit, reference))
        state.put(FOUND, known)
    return known[1]


def rests_on(found: Agreement) -> None:
    """Say what was compared, and on what the figures rest."""
    units = "" if found.unit == "document" else f", {count(found.n_units, found.unit_word)}"
    several = "both" if len(found.coders) == 2 else "two or more of them"
    st.html(
        f'<p class="quiet">{count(found.n_documents, "document")} that {several} have done{units}. '
        "What each had coded when they were first done; what a coder left uncoded counts as "
        '"not applied".</p>'
    )
    with st.expander("What this rests on"):
        for note in found.notes:
            st.markdown(escape(note))


def overall(found: Agreement) -> None:
    """Show all codes together."""
    st.markdown(escape(found.say(found.overall)))
    overall_table(found)
    if found.overall.pairs:
        pairs_table(found)


def by_code(found: Agreement) -> None:
    """Show each code, and say each in a sentence."""
    used = list(found.applied)
    st.header(f"By {found.by} ({len(used):,})", anchor=False)
    order = choose_in_line("Order", "compare_order", list(ORDERS), words=ORDERS.__getitem__)
    rows = used if order == "least" else [row for row in found.rows if row in used]
    figures_table(found, rows)
    unused = len(found.rows) - len(used)
    if unused:
        line(f"{count(unused, found.by)} that nobody applied {'is' if unused == 1 else 'are'} "
             "left out.")  # fmt: skip
    with st.expander("The same in words"):
        for row in rows:
            st.markdown(escape(found.say(row)))
    with st.container(horizontal=True):
        for kind, mime in MIME.items():
            st.download_button(
                f"Table as {kind.upper()}",
                data=partial(agree_files.agreement_file, found, format=kind),
                file_name=f"agreement.{kind}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def mixed_up(found: Confusion) -> None:
    """Show which codes are taken for each other."""
    st.header("What is taken for what", anchor=False)
    if not found.most:
        line("Nowhere did one coder apply one code and another a different one instead.")
    for mixup in found.most[:3]:
        line(
            f"{mixup.first} and {mixup.second}: one coder the first, another the second, in "
            f"{count(mixup.n_units, found.unit_word)}."
        )
    confusion_table(found)


def course(weeks: tuple[Week, ...], found: Agreement) -> None:
    """Show agreement by the week in which the last coder first finished."""
    title = f"Agreement of {names_of(found.coders)}, by week of first done"
    dark = st.context.theme.type == "dark"
    chart = agree_files.drift_picture(weeks, title=title, dark=dark)
    st.header("Agreement by week", anchor=False)
    if chart is None:
        line("No two weeks have a figure yet: there is no course to see.")
        return
    st.altair_chart(chart, theme=None, width="content")


def differences(found: Agreement) -> None:
    """Show the same text as several people coded it."""
    apart = [row for row in found.rows if row.n_agreed < row.n_units and row.code_id is not None]
    st.header("Where they differ", anchor=False)
    if not apart:
        line("They differ nowhere.")
        return
    names = {
        row.code_id: f"{row.name} ({row.n_units - row.n_agreed:,})"
        for row in sorted(apart, key=_agreed)
    }
    code_id = choose("Code", CODE, list(names), words=names.__getitem__, width=360,
                     help=f"With the number of {found.unit_word}s they differ on.")  # fmt: skip
    _differing(found, code_id)


def _agreed(row: CodeAgreement) -> int:
    return row.n_agreed - row.n_units


def _differing(found: Agreement, code_id: int | None) -> None:
    place = state.context().in_study()
    at = state.get(OFFSET, (None, 0))
    offset = at[1] if at[0] == code_id else 0
    asked = partial(agree.disagreements, *place, found.coder_ids, code_id, found.by, found.unit,
                    limit=SHOWN)  # fmt: skip
    listed, n = asked(offset=offset)
    if not listed and offset:  # another unit or other coders have fewer
        offset = 0
        listed, n = asked(offset=0)
    line(f"{offset + 1:,} to {offset + len(listed):,} of {count(n, 'document')}")
    by_key = team.coder_looks(*place)
    looks = {name: by_key[key] for key, name in zip(found.coder_ids, found.coders, strict=True)
             if key in by_key}  # fmt: skip
    for item in listed:
        _difference(item, coded_twice(item, looks))
    with st.container(horizontal=True):
        for label, by in (("Before", -SHOWN), ("Next", SHOWN)):
            target = offset + by
            if 0 <= target < n:
                st.button(label, key=f"compare_{label}", on_click=state.put,
                          args=(OFFSET, (code_id, target)))  # fmt: skip


def _difference(item: Disagreement, html: str) -> None:
    with st.container(key=f"card_{item.document_id}_{item.code_id}"):
        st.markdown(f"**{escape(item.label)}** {escape(item.question)}")
        st.html(html)
        if st.button("Adjudicate", key=f"settle_{item.document_id}_{item.code_id}",
                     type="tertiary"):  # fmt: skip
            state.put("settle_open", item.document_id)
            go_to("adjudicate")


def draw() -> None:
    """Draw the page in reading order."""
    shared = agree.pairings(*state.context().in_study())
    if not shared:
        empty()
        return
    coders, by, unit, reference = choices(shared)
    if len(coders) < 2:
        line("Choose at least two coders.", "warning")
        return
    found, confused, weeks = worked_out(coders, by, unit, reference)
    if not found.n_documents:
        line(f"{names_of(found.coders)} have done nothing in common yet.", "warning")
        return
    rests_on(found)
    overall(found)
    by_code(found)
    differences(found)
    mixed_up(confused)
    course(weeks, found)


st.title("Compare")
draw()

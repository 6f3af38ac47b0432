"""Which documents: by survey, question, group, reading, code and words, in one line of widgets.

In: a name for the filter, and which parts a page needs. Out: a `DocumentFilter`. What was chosen
stays when the person goes to another page and comes back; a page that links to another can set
its filter with `prepare_filter`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from workbench.domain.codebook import format_path
from workbench.domain.codings import DocumentFilter, Group
from workbench.domain.words import readable_date
from workbench.services import sessions, study
from workbench.services.codebooks import codebook
from workbench.services.counting import summarise
from workbench.services.voice_notes import drafts
from workbench.ui import state
from workbench.ui.components.remembered import keep, prepare, recall, tell_anew
from workbench.ui.components.style import escape
from workbench.ui.components.team.given_to_me import given_to_me, prepare_given_to_me

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

Part = Literal[
    "survey", "question", "group", "state", "finished", "code", "search", "transcripts", "assigned",
    "kind", "series", "session",
]  # fmt: skip

STATES: dict[Any, str] = {
    "not_done": "Not done by me",
    "untouched": "Not read",
    "in_progress": "Begun",
    "done": "Done",
}
FINISHED: dict[Any, str] = {True: "Done", False: "Not done"}
TRANSCRIPTS: dict[Any, str] = {"checked": "Checked only", "drafts": "Machine drafts only"}
KINDS: dict[Any, str] = {
    "answer": "Written answers",
    "voice_note": "Voice notes",
    "focus_group": "Focus groups",
    "note": "Other texts",
}
NO_SERIES = "In no series"
SESSION_PARTS: tuple[Part, ...] = ("kind", "series", "session")
"""Drawn only where a study has focus groups, and that of kinds where it has several."""
GROUP_HELP = (
    "With several values of one kind, respondents who have any of them. With values of several "
    "kinds, those to whom all kinds apply."
)
CODING_PARTS: tuple[Part, ...] = ("question", "group", "state", "code", "search")


def document_filter(
    name: str,
    parts: Sequence[Part] = CODING_PARTS,
    *,
    more: Sequence[Part] = (),
    code_label: str = "Has code",
    line: DeltaGenerator | None = None,
    extra: Callable[[], None] | None = None,
    n_extra: int = 0,
    on_clear: Callable[[], None] | None = None,
) -> DocumentFilter:
    """Draw the filter and give what is chosen.

    Parameters
    ----------
    name
        Tells one page's filter from another's.
    parts
        The widgets to draw, from left to right. That of surveys is left out where there is one
        survey only.
    code_label
        The label of the list of codes.
    line
        A horizontal container to draw in, where the page has more widgets for the same line.
    more
        Widgets that are needed less often, behind a button which says how many of them are set.
    extra, n_extra
        Draws what a page has to add to those; how many of them are set.
    on_clear
        Takes back what a page has added, when the person clears the filter.
    """
    where = DocumentFilter()
    with line or st.container(horizontal=True, vertical_alignment="bottom"):
        for part in parts:
            where = replace(where, **_drawn(name, part, code_label))
        if more or extra:
            where = _more(name, where, more, code_label, extra, n_extra)
        if replace(where, assigned_to=None) != DocumentFilter() or n_extra:
            st.button(
                "Clear filter",
                type="tertiary",
                key=state.study_key(f"{name}_clear"),
                on_click=_clear,
                args=(name, on_clear),
            )
    return where


def _clear(name: str, on_clear: Callable[[], None] | None) -> None:
    mine = bool(recall(f"{name}_assigned", True))
    prepare_filter(name, DocumentFilter())
    prepare_given_to_me(name, mine)
    if on_clear:
        on_clear()


def _more(
    name: str,
    where: DocumentFilter,
    parts: Sequence[Part],
    code_label: str,
    extra: Callable[[], None] | None,
    n_extra: int,
) -> DocumentFilter:
    """Draw what is needed less often behind a button."""
    n_set = n_extra + sum(recall(f"{name}_{part}") not in (None, "", []) for part in parts)
    label = f"More filters: {n_set} set" if n_set else "More filters"
    tell_anew(*(f"{name}_{part}" for part in parts))
    with st.popover(label, key=state.study_key(f"{name}_more")):
        for part in parts:
            where = replace(where, **_drawn(name, part, code_label))
        if extra:
            extra()
    return where


def _drawn(name: str, part: Part, code_label: str) -> dict[str, Any]:
    """Draw one part of the filter; give the field that it sets."""
    if part == "survey":
        return {"survey_id": _survey(name)}
    if part == "question":
        return {"question_id": _question(name)}
    if part == "group":
        return {"groups": _groups(name)}
    if part == "state":
        return {"state": choose_one(name, "state", "Reading state", STATES, "All", 150)}
    if part == "finished":
        return {"finished": choose_one(name, "finished", "Reading", FINISHED, "All", 120)}
    if part == "transcripts":
        return {"transcripts": _transcripts(name)}
    if part == "code":
        return {"code_id": code_list(name, code_label)}
    if part == "assigned":
        return {"assigned_to": given_to_me(name)}
    if part in SESSION_PARTS:
        return _session_part(name, part)
    return {"search": _search(name)}


def prepare_filter(name: str, where: DocumentFilter) -> None:
    """Set a filter before it is drawn: for a page about to be opened, or from a callback."""
    prepare(f"{name}_survey", where.survey_id)
    prepare(f"{name}_question", where.question_id)
    chosen, narrower = _split(where.groups)
    prepare(f"{name}_group", chosen)
    state.put(f"{name}_narrower", narrower)
    prepare(f"{name}_state", where.state)
    prepare(f"{name}_finished", where.finished)
    prepare(f"{name}_transcripts", where.transcripts)
    prepare(f"{name}_code", where.code_id)
    prepare(f"{name}_kind", where.kind)
    prepare(f"{name}_series", where.series)
    prepare(f"{name}_session", where.session_id)
    prepare(f"{name}_search", where.search)
    prepare_given_to_me(name, where.assigned_to is not None)


def _split(groups: Sequence[Group]) -> tuple[list[tuple[int, str]], list[Group]]:
    """Part groups into what the list can show, one choice per attribute, and what is left."""
    chosen: list[tuple[int, str]] = []
    narrower: list[Group] = []
    seen: set[int] = set()
    for attribute_id, value in groups:
        if attribute_id in seen:
            narrower.append((attribute_id, value))
            continue
        seen.add(attribute_id)
        chosen += [(attribute_id, item) for item in values_of(value)]
    return chosen, narrower


def values_of(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Give the values of a group as a tuple, of which one must hold."""
    return (value,) if isinstance(value, str) else tuple(value)


def _joined(chosen: Sequence[tuple[int, str]]) -> list[Group]:
    """Put the values of one attribute together: one of them must hold."""
    by_attribute: dict[int, list[str]] = {}
    for attribute_id, value in chosen:
        by_attribute.setdefault(attribute_id, []).append(value)
    return [
        (attribute_id, values[0] if len(values) == 1 else tuple(values))
        for attribute_id, values in by_attribute.items()
    ]


def _survey(name: str) -> int | None:
    options: dict[Any, str] = dict(summarise.list_surveys(*state.context().in_study()))
    if len(options) < 2:
        return None
    found: int | None = choose_one(name, "survey", "Survey", options, "All surveys", 160)
    return found


def _question(name: str) -> int | None:
    options = {
        item.id: item.text or item.ref for item in study.list_questions(*state.context().in_study())
    }
    found: int | None = choose_one(name, "question", "Question", options, "All questions", 190)
    return found


def _transcripts(name: str) -> Any:
    """Ask whether machine drafts count; not where there is none and nobody has asked before."""
    known = drafts.state(*state.context().in_study()).n_drafts
    if not known and recall(f"{name}_transcripts") is None:
        return None
    return choose_one(name, "transcripts", "Transcripts", TRANSCRIPTS, "All", 170)


def _session_part(name: str, part: Part) -> dict[str, Any]:
    """Ask for the kind of documents, a series of focus groups, or one of them."""
    if part == "kind":
        known = sessions.list_kinds(*state.context().in_study())
        kinds = {kind: KINDS[kind] for kind in known}
        return {"kind": _one_of_some(name, part, "Kind of text", kinds, "All kinds", 160)}
    held = sessions.list_sessions(*state.context().in_study())
    if part == "series":
        series = {item.series: item.series or NO_SERIES for item in held}
        series = series if any(series) else {}
        return {"series": _one_of_some(name, part, "Series", series, "All series", 160)}
    chosen = recall(f"{name}_series")
    groups = {item.id: item.name for item in held if chosen is None or item.series == chosen}
    return {"session_id": _one_of_some(name, part, "Focus group", groups, "All groups", 190)}


def _one_of_some(
    name: str, part: str, label: str, options: dict[Any, str], everything: str, width: int
) -> Any:
    """Draw a list where there is something to choose from; else forget what was chosen."""
    if not options:
        prepare(f"{name}_{part}", None)
        return None
    return choose_one(name, part, label, options, everything, width)


def code_list(name: str, label: str, part: str = "code") -> int | None:
    """Draw a list of all codes, to choose one of or none."""
    options: dict[Any, str] = {}
    for item in codebook.list_codes(
        *state.context().in_study(), with_retired=True, with_counts=False
    ):
        retired = " (retired)" if item.status == "retired" else ""
        options[item.id] = format_path(item.path) + retired
    found: int | None = choose_one(name, part, label, options, "All codes", 210)
    return found


def _groups(name: str) -> tuple[Group, ...]:
    titles = {
        (item.attribute_id, value): f"{readable_date(value)} ({item.title})"
        for item in summarise.list_groups(*state.context().in_study())
        for value in item.values
    }
    key = f"{name}_group"
    chosen = [tuple(item) for item in recall(key) or ()]
    state.put(key, [item for item in chosen if item in titles])
    found = st.multiselect(
        "Group",
        list(titles),
        format_func=lambda item: titles[item],
        key=state.study_key(key),
        placeholder="Everybody",
        help=GROUP_HELP,
        width=200,
    )
    return (*_joined(keep(key, found)), *_narrower(name, titles))


def _narrower(name: str, titles: Mapping[tuple[int, str], str]) -> list[Group]:
    """Draw what narrows the groups further, to be taken back one by one."""
    key = f"{name}_narrower"
    kept: list[Group] = list(state.get(key) or ())
    for place, (attribute_id, value) in enumerate(kept):
        words = " or ".join(titles.get((attribute_id, item), item) for item in values_of(value))
        st.button(
            f"and {escape(words)}",
            icon=":material/close:",
            help="Take this back",
            key=state.study_key(f"{key}_{place}"),
            on_click=state.put,
            args=(key, [item for item in kept if item != kept[place]]),
        )
    return kept


def _search(name: str) -> str:
    key = f"{name}_search"
    recall(key, "")
    found = st.text_input(
        "Words in the text",
        key=state.study_key(key),
        placeholder="Any words",
        max_chars=200,
        width=140,
    )
    return keep(key, found)


def choose_one(
    name: str, part: str, label: str, options: dict[Any, str], everything: str, width: int
) -> Any:
    """Draw a list of one or none; none means everything."""
    key = f"{name}_{part}"
    if recall(key) not in options:
        state.put(key, None)
    return keep(
        key,
        st.selectbox(
            label,
            list(options),
            index=None,
            format_func=lambda item: options[item],
            key=state.study_key(key),
            placeholder=everything,
            width=width,
        ),
    )

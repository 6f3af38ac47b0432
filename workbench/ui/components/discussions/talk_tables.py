"""Tables of who talks to whom: figures of speakers, who speaks after whom, codes in exchanges.

In: what `interactions` has worked out. Out: tables on the page, numbers to the right. Names are
shown as they are, never as HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from workbench.domain.interactions import SpeakerFigures
from workbench.domain.interactions_words import SOURCES, figure, whole_percent
from workbench.services.discussions.interactions import (
    Across,
    TalkCode,
    TalkFigures,
    facilitator_share,
)
from workbench.services.discussions.interactions_files import joined_in_words, names_in_map
from workbench.ui.components.words import count, line

NO_VALUE = "\u2013"
JOINED_SHOWN = 4
"""Sets of people of a code that are named in the table; the file has all."""
NAME_CHARS = 30
"""Of a name in the head of a row or column of the map."""
Cells = Sequence[str]


def speaker_figures(found: TalkFigures) -> None:
    """Draw a line per speaker."""
    talk = found.found
    people = [*talk.speakers, *([talk.nobody] if talk.nobody else [])]
    with_time = talk.spoken_ms is not None
    heads = ["Speaker", "Turns", "Words", "Of all words", "Longest turn, words",
             "Median turn, words", *(["Minutes"] if with_time else []),
             "After a facilitator", "After a participant"]  # fmt: skip
    rows = [_speaker(item, with_time=with_time) for item in people]
    _table("How much each says", heads, rows, "surveys talk")


def _speaker(item: SpeakerFigures, *, with_time: bool) -> Cells:
    role = ' <span class="by">facilitator</span>' if item.role == "facilitator" else ""
    unknown = item.role is None
    minutes = NO_VALUE if item.spoken_ms is None else f"{item.spoken_ms / 60_000:,.1f}"
    after = [NO_VALUE] * 2 if unknown else [f"{item.after_facilitator:,}",
                                            f"{item.after_participants:,}"]  # fmt: skip
    return (
        "<em>Nobody named</em>" if unknown else _name(item.name) + role,
        f"{item.n_turns:,}",
        f"{item.n_words:,}",
        whole_percent(item.share),
        NO_VALUE if item.longest is None else f"{item.longest:,}",
        NO_VALUE if item.median is None else f"{item.median:,.0f}",
        *([minutes] if with_time else []),
        *after,
    )


def followed_table(found: TalkFigures) -> None:
    """Draw who speaks after whom: the darker, the more often, with the number in each cell."""
    names = names_in_map(found)
    followed = found.found.followed
    most = max(followed.values(), default=0)
    top = "".join(f'<th scope="col">{_short(name)}</th>' for name in names)
    body = "".join(
        f'<tr><th scope="row">{_short(one)}</th>'
        + "".join(_heat(followed.get((one, other), 0), most, same=one == other) for other in names)
        + "</tr>"
        for one in names
    )
    st.html(
        '<div class="wide" tabindex="0" role="region" aria-label="Who speaks after whom">'
        '<table class="heat talk-map"><caption>Rows: who speaks. Columns: who speaks next. '
        f"{escape(SOURCES['followed'])}</caption>"
        f'<thead><tr><th scope="col">Speaker</th>{top}</tr></thead><tbody>{body}</tbody></table>'
        "</div>"
    )
    there = found.found.participants if found.skips_facilitators else found.found.speakers
    if len(there) > len(names):
        line(f"The {count(len(there) - len(names), 'speaker')} with the fewest turns are left out "
             "here; the XLSX file has everybody.")  # fmt: skip


def _heat(n: int, most: int, *, same: bool) -> str:
    if same:
        return '<td class="none"><span class="unseen">the same person</span></td>'
    if not n or not most:
        return '<td class="none">0</td>'
    strength = 8 + round(32 * n / most)  # text keeps 4.5:1 on it, light and dark
    return (
        f'<td style="background: color-mix(in srgb, var(--sw-accent) {strength}%, '
        f'var(--sw-surface))">{n:,}</td>'
    )


def code_table(codes: Sequence[TalkCode], *, with_groups: bool = False) -> None:
    """Draw a line per code that is applied, those in most exchanges first."""
    heads = ["Code", *(["Focus groups"] if with_groups else []), "Mentions", "In exchanges"]
    heads += ["Question and answer", *([] if with_groups else ["Whose turns the exchanges join"])]
    rows = [
        (
            _name(item.name),
            *([f"{item.n_groups:,}"] if with_groups else []),
            f"{item.found.n_mentions:,}",
            f"{item.found.n_exchanges:,}",
            f"{item.found.n_with_facilitator:,}",
            *(
                []
                if with_groups
                else [f'<span class="text">{_name(joined_in_words(item, JOINED_SHOWN))}</span>']
            ),
        )
        for item in codes
    ]
    kind = "surveys talk" if with_groups else "surveys talk last-in-words"
    _table("Codes in exchanges", heads, rows, kind)


def group_figures(found: Across) -> None:
    """Draw a line per focus group."""
    heads = ["Focus group", "Participants", "Words", "Turns", "Facilitators' words",
             "Inequality", "Among participants"]  # fmt: skip
    rows = [
        (
            f'{_name(item.group.name)} <span class="by">{_name(item.group.series)}</span>',
            f"{len(item.found.participants):,}",
            f"{item.found.n_words:,}",
            f"{item.found.n_turns:,}",
            whole_percent(facilitator_share(item.found)),
            figure(item.found.inequality),
            whole_percent(item.found.share_among),
        )
        for item in found.groups
    ]
    _table("Figures by focus group", heads, rows, "surveys talk")


def series_figures(found: Across) -> None:
    """Draw a line per series."""
    heads = ["Series", "Focus groups", "Participants", "Words", "Inequality, median",
             "Among participants"]  # fmt: skip
    rows = [
        (
            _name(item.series) if item.series else "<em>No series</em>",
            f"{item.n_groups:,}",
            f"{item.n_participants:,}",
            f"{item.n_words:,}",
            figure(item.inequality),
            whole_percent(item.share_among),
        )
        for item in found.series
    ]
    _table("Figures by series", heads, rows, "surveys talk")


def _name(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def _short(name: str) -> str:
    """Cut a long name: the whole of it stands in the table of speakers."""
    if len(name) <= NAME_CHARS:
        return _name(name)
    return f'<bdi title="{escape(name)}">{escape(name[:NAME_CHARS].rstrip())}…</bdi>'


def _table(label: str, heads: Cells, rows: Sequence[Cells], kind: str) -> None:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    st.html(
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )

"""Pictures of a discussion: what they hold, for few and many speakers and hostile names."""

from __future__ import annotations

import dataclasses

import pytest

from pipelines.summarise import talk_chart
from pipelines.summarise.chart import to_svg
from workbench.domain.interactions import interactions
from workbench.domain.turns import Speaker, Turn, lay_out

HOSTILE = "<script>alert('x')</script> \u202e=SUM(A1) [b](c) \U0001f600"


def talk(n, *, timed=True):
    people = [Speaker("Lin", "facilitator"), *(Speaker(f"{HOSTILE}{i}") for i in range(n))]
    turns = [
        Turn(
            people[i % (n + 1)].name if i % 7 else "", "some words", *((i, i + 1) if timed else ())
        )
        for i in range(3 * n + 8)
    ]
    text, spans = lay_out(turns)
    return interactions(text, spans, people)


def rows(chart):
    (data,) = chart.to_dict()["datasets"].values()
    return data


@pytest.mark.parametrize("n", [2, 40])
def test_every_speaker_has_a_row_of_their_own(n):
    found = talk(n)
    people = [*found.speakers, found.nobody]
    bars = talk_chart.speaker_bars(people, title="T", dark=True)
    assert len({row["label"] for row in rows(bars)}) == n + 2
    line = talk_chart.timeline(found.spoken, people, title="T")
    assert len({row["label"] for row in rows(line)}) == n + 2
    cells = talk_chart.followed_map(found.followed, [item.name for item in found.speakers],
                                    title="T")  # fmt: skip
    assert len(rows(cells)) == (n + 1) ** 2
    assert sum(row["n"] for row in rows(cells)) == sum(found.followed.values())
    svg = "".join(map(to_svg, (bars, line, cells)))
    assert "<script>" not in svg
    assert "(facilitator)" in svg


def test_a_role_that_the_name_tells_is_not_told_again():
    found = talk(2)
    lin = next(item for item in found.speakers if item.role == "facilitator")
    named = [dataclasses.replace(lin, name="Facilitator 2"), lin]
    labels = {row["label"] for row in rows(talk_chart.speaker_bars(named, title="T"))}
    assert labels == {"Facilitator 2", "Lin (facilitator)"}


def test_without_times_the_axis_is_words_and_says_so():
    found = talk(3, timed=False)
    line = talk_chart.timeline(found.spoken, [*found.speakers, found.nobody], title="T")
    assert "the file has no times" in str(line.to_dict())
    assert max(row["end"] for row in rows(line)) == found.n_words
    begun = [dataclasses.replace(turn, start_ms=1_000 * at) for at, turn in enumerate(found.spoken)]
    line = talk_chart.timeline(begun, [*found.speakers, found.nobody], title="T")
    assert "the file does not say when each turn ends" in str(line.to_dict())
    assert max(row["end"] for row in rows(line)) == found.n_words
    assert "Minutes" in str(talk_chart.timeline(
        talk(3).spoken, [*talk(3).speakers, talk(3).nobody], title="T").to_dict())  # fmt: skip


def test_a_picture_says_in_words_what_it_shows():
    found = talk(3)
    chart = talk_chart.followed_map(found.followed, ["Lin"], title="Who after whom")
    assert chart.to_dict()["description"].startswith("Who after whom. ")


def test_nothing_makes_no_picture():
    with pytest.raises(ValueError, match="at least one row"):
        talk_chart.speaker_bars([], title="T")

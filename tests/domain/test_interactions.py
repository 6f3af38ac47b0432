"""Who talks to whom: figures by hand, and where they are not defined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.coded_talk import CodedSpan, codes_in_talk
from workbench.domain.interactions import Spoken, gini, inequality, interactions
from workbench.domain.interactions_words import cautions, in_words
from workbench.domain.turns import Speaker, Turn, TurnSpan, lay_out

PEOPLE = [Speaker("Lin", "facilitator"), Speaker("P1"), Speaker("P2"), Speaker("P3")]
TALK = [
    Turn("Lin", "Who helped you most?", 0, 2_000),
    Turn("P1", "The nurse.", 2_000, 3_000),
    Turn("P1", "She rang.", 3_500, 4_000),
    Turn("P2", "Mine never did, not once.", 4_000, 7_000),
    Turn("Lin", "Never?", 7_000, 7_500),
    Turn("P2", "Never.", 7_500, 8_000),
    Turn("", "It is the same here.", 8_000, 9_000),
    Turn("P1", "Yes.", 9_000, 9_500),
]


def talk(turns=TALK, people=PEOPLE, **options):
    text, spans = lay_out(turns)
    return interactions(text, spans, people, **options)


def test_turns_words_and_time_are_told_for_each_speaker():
    found = talk()
    figures = {item.name: item for item in found.speakers}
    p1 = figures["P1"]  # two turns without anybody between them are one
    assert (p1.n_turns, p1.n_words, p1.longest, p1.median, p1.spoken_ms) == (2, 5, 4, 2.5, 2_000)
    assert p1.share == pytest.approx(5 / 21)
    assert p1.time_share == pytest.approx(2_000 / 9_000)
    silent = figures["P3"]
    assert (silent.n_turns, silent.n_words, silent.longest, silent.spoken_ms) == (0, 0, None, None)
    assert silent.time_share == 0
    assert found.nobody is not None
    assert (found.nobody.n_words, found.nobody.role) == (5, None)
    assert (found.n_turns, found.n_words, found.timed) == (7, 21, True)
    assert found.loudest is figures["P2"]


def test_the_one_who_is_silent_counts_for_inequality_and_facilitators_do_not():
    found = talk()  # 5, 6 and 0 words: |5 - 6| + 5 + 6 = 12, twice, over 2 * 3 * 11
    assert found.gini == pytest.approx(24 / 66)
    assert found.inequality == pytest.approx(24 / 66 * 3 / 2)


def test_nobody_speaks_after_who_is_not_named():
    found = talk()
    assert found.followed == {
        ("Lin", "P1"): 1, ("P1", "P2"): 1, ("P2", "Lin"): 1, ("Lin", "P2"): 1,
    }  # fmt: skip
    assert (found.after_participants, found.after_facilitator) == (1, 2)
    assert found.share_among == pytest.approx(1 / 3)


def test_facilitators_can_be_looked_through():
    more = [*TALK, Turn("Lin", "And you?"), Turn("P3", "No.")]
    found = talk(more, skip_facilitators=True)
    assert found.followed == {("P1", "P2"): 1, ("P1", "P3"): 1}  # P2, Lin, P2 is one turn
    assert found.share_among == talk(more).share_among
    assert found.n_turns == talk(more).n_turns


def test_what_cannot_be_told_is_none():
    alone = talk([Turn("P1", "I am here.")], [Speaker("P1")])
    assert (alone.gini, alone.inequality, alone.share_among) == (None, None, None)
    assert (alone.spoken_ms, alone.timed, alone.speakers[0].time_share) == (None, False, None)
    assert "fewer than two participants" in cautions(alone)[0]
    nothing = interactions("", [], PEOPLE)
    assert (nothing.n_turns, nothing.inequality, nothing.loudest, nothing.timed) == (
        0, None, None, False,
    )  # fmt: skip
    assert nothing.speakers[0].share is None
    assert in_words(nothing) == []
    backwards = talk([Turn("P1", "A", 900, 100), Turn("P2", "B", 0, 500)])
    assert (backwards.spoken_ms, backwards.timed) == (500, False)
    assert any("minutes are of those alone" in line for line in cautions(backwards))


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40).filter(any))
def test_the_gini_coefficient_is_the_double_sum_it_is_defined_as(amounts):
    n, total = len(amounts), sum(amounts)
    defined = sum(abs(a - b) for a in amounts for b in amounts) / (2 * n * total)
    assert gini(amounts) == pytest.approx(defined)
    assert 0 <= inequality(amounts) <= 1 + 1e-9


@given(st.lists(st.sampled_from(["Lin", "P1", "P2", "P3", ""]), max_size=40), st.booleans())
def test_every_turn_is_somebodys_and_nobody_follows_themselves(names, skip):
    found = talk([Turn(name, "a word or two") for name in names], skip_facilitators=skip)
    unknown = found.nobody.n_turns if found.nobody else 0
    assert sum(item.n_turns for item in found.speakers) + unknown == found.n_turns
    assert found.n_words == 4 * len(names)
    assert all(one != other for one, other in found.followed)
    assert all(item.after_facilitator + item.after_participants <= item.n_turns
               for item in found.speakers)  # fmt: skip


def test_the_sentences_say_the_figures():
    assert in_words(talk()) == [
        "3 participants say 11 words in 4 turns. The facilitator says 24 % of all words.",
        "P2 says most: 55 % of participants' words. Equal shares would be 33 %.",
        "Of participants' 3 turns after a named person's, 1 (33 %) follow another participant's, "
        "the others a facilitator's.",
    ]
    assert cautions(talk()) == [
        "Nobody is named for 24 % of the words: they are in no person's figures, and who speaks "
        "after them is not counted."
    ]


def test_codings_lie_in_a_turn_a_question_and_its_answer_or_an_exchange():
    spoken = [Spoken(name, 10 * place, 10 * place + 8, 2)
              for place, name in enumerate(["Lin", "P1", "P2", "", "P3"])]  # fmt: skip
    found = codes_in_talk(
        spoken,
        PEOPLE,
        [
            CodedSpan(1, 2, 12),  # Lin and P1
            CodedSpan(1, 15, 22),  # P1 and P2
            CodedSpan(1, 21, 28),  # the same stretch, by somebody else, in part
            CodedSpan(1, 32, 48),  # nobody knows who, and P3
            CodedSpan(2, 5, 48),  # everybody
            CodedSpan(2, 8, 10),  # between two turns
            CodedSpan(3, 18, 20),  # touches P2's turn and holds none of it
        ],
    )
    told = {item.code_id: (item.n_mentions, item.n_exchanges, item.n_with_facilitator)
            for item in found}  # fmt: skip
    assert told == {1: (3, 1, 1), 2: (1, 1, 0), 3: (1, 0, 0)}
    joined = {item.code_id: item.joined for item in found}
    assert joined[1] == ((("P1", "P2"), 1),)
    assert joined[2] == ((("P1", "P2", "P3"), 1),)


def test_spans_of_a_name_with_no_role_are_left_to_nobody():
    text, spans = lay_out([Turn("P1", "Yes."), Turn("Stranger", "No."), Turn("P2", "Perhaps.")])
    found = interactions(text, spans, [Speaker("P1"), Speaker("P2")])
    assert [item.after_participants for item in found.speakers] == [0, 0]
    assert isinstance(spans[0], TurnSpan)

"""Lines of a discussion: every word once and in its place, whatever the turns of a file are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.turn_blocks import spoken_blocks
from workbench.domain.turns import Turn, TurnSpan, lay_out


def test_turns_of_a_transcript_begin_at_lines() -> None:
    text, turns = lay_out([Turn("P1", "Nobody rang.\n\nNobody. 😀"), Turn("", "Same.", 900)])
    found, whole = spoken_blocks(text, turns)
    assert [(item.start, item.text, item.turn) for item in found] == [
        (0, "Nobody rang.", 0), (14, "Nobody. 😀", None), (25, "Same.", 1),
    ]  # fmt: skip
    assert whole == turns


def test_lines_without_turns_are_as_they_were() -> None:
    found, whole = spoken_blocks("One.\n\n Two.", [])
    assert [(item.start, item.text, item.turn) for item in found] == [
        (0, "One.", None), (6, " Two.", None)
    ]  # fmt: skip
    assert whole == ()


def test_a_turn_may_begin_within_a_line_and_leave_words_to_nobody() -> None:
    text = "Hello. Yes, I am. (laughter)"
    found, whole = spoken_blocks(text, [TurnSpan(0, 6, "A"), TurnSpan(6, 17, "B")])
    assert [(item.text, whole[item.turn or 0].speaker) for item in found] == [
        ("Hello. ", "A"), ("Yes, I am. ", "B"), ("(laughter)", ""),
    ]  # fmt: skip


@given(
    st.text(alphabet="ab \n😀\u0301", max_size=40),
    st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6),
)
def test_no_word_is_lost_or_moved(text: str, spans: list[tuple[int, int]]) -> None:
    turns = [TurnSpan(min(span), max(span), f"P{at}") for at, span in enumerate(spans)]
    found, whole = spoken_blocks(text, turns)
    covered = set()
    for item in found:
        assert text[item.start : item.start + len(item.text)] == item.text
        covered |= set(range(item.start, item.start + len(item.text)))
    assert covered == {at for at, sign in enumerate(text) if sign != "\n"}
    begun = [item.turn for item in found if item.turn is not None]
    assert begun == list(range(len(whole)))
    assert all(whole[at].end <= whole[at + 1].start for at in range(len(whole) - 1))

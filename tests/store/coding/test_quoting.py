"""How far the words around a stretch may be shown, told for long discussions at one look."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.store.coding.quoting import NO_END, Listener, SpokenTurn


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.booleans())), st.data())
def test_words_are_shown_up_to_the_next_turn_that_may_not_be_quoted(
    drawn: list[tuple[int, bool, bool]], data: st.DataObject
) -> None:
    turns: list[SpokenTurn] = []
    for length, may_be_quoted, withdrawn in drawn:
        start = turns[-1].end + 2 if turns else 0
        turns.append(SpokenTurn(start, start + length, "P", None, 1, "R", may_be_quoted, withdrawn))
    whole = turns[-1].end if turns else 0
    nothing: Any = None
    listener = Listener(nothing)
    listener._turns[7] = turns
    for _ in range(3):
        start = data.draw(st.integers(0, whole))
        end = data.draw(st.integers(start, whole + 1))
        heard = listener.hear(7, start, end)
        shut = [turn for turn in turns if turn.closed]
        assert heard.turns == tuple(turn for turn in turns if turn.end > start and turn.start < end)
        assert heard.begin == max((turn.end for turn in shut if turn.end <= start), default=0)
        assert heard.end == min((turn.start for turn in shut if turn.start >= end), default=NO_END)

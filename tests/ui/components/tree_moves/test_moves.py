"""What the list of codes tells of moves, and the script that listens for them."""

from __future__ import annotations

from workbench.domain.codings import Code
from workbench.ui.components.panes import script_of
from workbench.ui.components.tree_moves import FOLDER, Move, read_moves, tree_message


def test_the_listed_codes_go_out_with_their_depths() -> None:
    codes = [Code(1, "g", None, "A", ("A",), 1), Code(2, "h", 1, "<b>", ("A", "<b>"), 1)]
    assert tree_message(codes, session="1", answered=3) == {
        "session": "1", "answered": 3,
        "codes": [{"id": 1, "depth": 0, "name": "A"}, {"id": 2, "depth": 1, "name": "<b>"}],
    }  # fmt: skip


def test_moves_are_read_in_order_and_once() -> None:
    sent = {"moves": [
        {"number": 3, "name": "drop", "code": 2, "target": 1, "where": "before"},
        {"number": 2, "name": "step", "code": 2, "step": "in"},
    ]}  # fmt: skip
    assert read_moves(sent, 1) == [Move(2, 2, "in"), Move(3, 2, None, 1, "before")]
    assert read_moves(sent, 2) == [Move(3, 2, None, 1, "before")]
    assert read_moves(sent, 3) == []


def test_what_makes_no_sense_is_left_out() -> None:
    drop = {"number": 1, "name": "drop", "code": 2, "target": 1, "where": "below"}
    step = {"number": 1, "name": "step", "code": 2, "step": "up"}
    rows = [
        None, "up", {}, {**drop, "where": "beside"}, {**drop, "target": 0}, {**drop, "number": "1"},
        {**drop, "code": 2**40}, {**step, "step": "north"}, {**step, "name": "jump"},
        {"number": 1, "name": "drop", "code": 2, "where": "below"},
    ]  # fmt: skip
    assert read_moves({"moves": rows}, 0) == []
    assert read_moves({"moves": 1}, 0) == []
    assert read_moves(None, 0) == []


def test_the_script_is_one_module_that_never_writes_markup() -> None:
    joined = script_of(FOLDER)
    assert joined.count("export default ") == 1
    assert "innerHTML" not in joined
    assert "class TreeMoves" in joined
    assert len(joined.encode()) < 20_000

"""What the sorting pane is told and tells, and the script that it is made of."""

from __future__ import annotations

from workbench.domain.codings import Code
from workbench.domain.extracts import Extract
from workbench.domain.palette import code_look
from workbench.services.codebooks.refine_split import SplitQueue
from workbench.services.coding.extracts import CodedExtract
from workbench.ui.components.coding.extract_list import MAX_SHOWN
from workbench.ui.components.panes import script_of
from workbench.ui.components.sorting_pane import FOLDER
from workbench.ui.components.sorting_pane.payload import Deed, read_deeds, sorting_message

LOOK = code_look("#332288", 0, 1)


def told(quote: str = "she <b>left</b>", **options: object) -> dict:
    school = Code(1, "g-1", None, "School", ("School",), 1)
    rooms = Code(2, "g-2", None, "Rooms", ("Rooms",), 2, definition="walls")
    extract = Extract("c-1", ("School",), quote, 7, "R1", "Ben", "2022-02-14", question_ref="q1",
                      question="Why?", before="then ", after=" again")  # fmt: skip
    coded = CodedExtract(extract, "c-1", 7, 2, 1)
    queue = SplitQueue(school, (rooms,), (coded,), 41, 3, True, False)
    wanted = {"session": "s", "answered": 4, "said": "", **options}
    return sorting_message(queue, {2: LOOK}, **wanted)  # type: ignore[arg-type]


def test_extracts_and_new_codes_go_out_as_plain_data() -> None:
    data = told()
    assert data["items"] == [{
        "guid": "c-1", "before": "then ", "quote": "she <b>left</b>", "after": " again",
        "facts": "R1 · Why? · coded by Ben",
    }]  # fmt: skip
    assert data["parts"] == [{
        "id": 2, "name": "Rooms", "definition": "walls", "colour": [LOOK.light, LOOK.dark],
        "line": LOOK.style,
    }]  # fmt: skip
    assert (data["code"], data["total"], data["answered"], data["lost"]) == (1, 41, 4, [])
    assert told(lost=[3])["lost"] == [3]


def test_a_long_extract_is_cut_and_says_so() -> None:
    (item,) = told("x" * (MAX_SHOWN + 5))["items"]
    assert (len(item["quote"]), item["after"]) == (MAX_SHOWN, " ... 5 more characters")


def test_deeds_are_read_in_order_and_once() -> None:
    sort = {"number": 6, "name": "sort", "coding": "c-1", "to": 2, "copy": True}
    sent = {"deeds": [sort, {"number": 5, "name": "undo"}, {"number": 7, "name": "more"}]}
    assert read_deeds(sent, 4) == [
        Deed(5, "undo"), Deed(6, "sort", "c-1", 2, True), Deed(7, "more"),
    ]  # fmt: skip
    assert read_deeds(sent, 6) == [Deed(7, "more")]
    assert read_deeds(sent, 7) == []


def test_what_makes_no_sense_is_left_out() -> None:
    rows = [
        None, "sort", {}, {"number": 1}, {"number": 2**40, "name": "undo"},
        {"number": "1", "name": "undo"}, {"number": 1, "name": "sort", "to": "2"},
        {"number": 1, "name": "sort", "to": 2**40}, {"number": 1, "name": "drop"},
    ]  # fmt: skip
    assert read_deeds({"deeds": rows}, 0) == []
    assert read_deeds({"deeds": "all"}, 0) == []
    assert read_deeds(None, 0) == []


def test_the_script_is_one_module_that_never_writes_markup() -> None:
    joined = script_of(FOLDER)
    assert joined.count("export default ") == 1
    assert "innerHTML" not in joined
    assert "class SortingPane" in joined
    assert len(joined.encode()) < 30_000

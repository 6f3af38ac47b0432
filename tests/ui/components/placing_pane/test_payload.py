"""What the placing pane is told, and the script that it is made of."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.codings import Code, OpenDocument
from workbench.domain.differences import differences
from workbench.domain.spans import Span
from workbench.domain.text import sha
from workbench.services.coding.place_again import OpenFlagged
from workbench.store.coding.flagged import FlaggedCoding, LastPlace
from workbench.ui.components.panes import script_of
from workbench.ui.components.placing_pane import FOLDER
from workbench.ui.components.placing_pane.payload import placing_message

OLD, NEW = "One.\nNobody rang 😀 back", "One.\nThey rang <script>\u202e 😀"


def opened(**changed: object) -> OpenFlagged:
    coding = FlaggedCoding(
        1, "g-1", 7, "R1", "q1", "Why?", 3, 2, "Ben", "2022-02-14T", "gone.", 5, 14
    )
    made = OpenFlagged(
        coding=coding,
        code=Code(3, "c-3", None, "Waiting", ("Access", "Waiting"), 1),
        before=LastPlace(OLD, 5, 16, "2022-02-13T"),
        document=OpenDocument(7, 1, "answer", "R1", 9, sha(NEW), NEW, "untouched"),
        guess=Span(5, 14),
        differences=differences(OLD, NEW),
        position=1,
        may_settle=True,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def told(found: OpenFlagged, **changed: object) -> dict:
    options = {"total": 3, "undo": "", "said": "", "refused": False, "old_title": "Old",
               "new_title": "New"}  # fmt: skip
    return placing_message(found, **(options | changed))  # type: ignore[arg-type]


def test_both_texts_go_out_as_plain_lines_with_spans_in_code_points() -> None:
    data = told(opened())
    assert data["old"]["blocks"] == [[0, "One."], [5, "Nobody rang 😀 back"]]
    assert data["old"]["coded"] == [5, 16]
    assert [OLD[start:end] for start, end in data["old"]["gone"]] == ["Nobody", "😀 back"]
    assert data["new"]["blocks"][1] == [5, "They rang <script>\u202e 😀"]
    assert [NEW[a:b] for a, b in data["new"]["come"]] == ["They", "<script>\u202e 😀"]
    assert data["guess"] == [5, 14]
    assert data["new"]["sha"] == sha(NEW)


def test_the_ends_of_the_list_are_told() -> None:
    assert [told(opened(position=at))["has_previous"] for at in range(3)] == [False, True, True]
    assert [told(opened(position=at))["has_next"] for at in range(3)] == [True, True, False]


def test_why_there_is_nothing_to_accept_is_told() -> None:
    assert told(opened(guess=None))["no_guess"].startswith("There is no guess.")
    others = told(opened(may_settle=False))
    assert others["no_guess"] == "Only Ben or the study's owner can place it or let it go."
    empty = replace(opened().document, text="")
    assert told(opened(guess=None, document=empty))["no_guess"].startswith("The new text is empty")


def test_a_coding_that_was_never_placed_has_no_old_text() -> None:
    data = told(opened(before=None, differences=differences("", "")))
    assert (data["old"]["blocks"], data["old"]["coded"]) == ([], None)


def test_the_script_is_one_module_that_never_writes_markup() -> None:
    joined = script_of(FOLDER)
    assert joined.count("export default ") == 1
    assert "\nimport " not in joined
    assert "innerHTML" not in joined
    assert "class PlacingPane" in joined
    assert "class TextView" in joined
    assert len(joined.encode()) < 60_000

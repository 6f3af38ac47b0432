"""The page of memos: found, answered, written, taken away, asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Bench
from tests.services.memos.test_memos import give_blind, place, texts
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.memos import memo_prompts, memos
from workbench.services.opening import Database

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold** \u202e back"


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """A study of Ana's with a small survey and codebook."""
    made = study.create_study(ana, database, "Test")
    found = Bench(database, ana, made.id)
    found.ingest()
    found.load()
    return found


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def shown(at: Any) -> str:
    return "\n".join([*(item.value for item in at.markdown), html(at)])


def button(at: Any, label: str, nth: int = 0) -> Any:
    return [item for item in at.button if item.label == label][nth]


def press(at: Any, label: str, nth: int = 0) -> Any:
    button(at, label, nth).click().run()
    assert not at.exception, at.exception
    return at


def own_buttons(at: Any) -> list[str]:
    """Name the buttons for one's own memos; the sidebar has a Change too."""
    return [item.key for item in at.button if str(item.key).startswith(("edit_", "take_"))]


def change(at: Any) -> Any:
    next(item for item in at.button if str(item.key).startswith("edit_")).click().run()
    return at


def choose_about(at: Any, kind: str) -> None:
    next(item for item in at.segmented_control if item.label == "About").set_value(kind).run()


def write(at: Any, words: str, save: str = "Save memo") -> Any:
    at.text_area[0].set_value(words)
    return press(at, save)


def test_an_empty_list_says_what_to_do_and_asks_for_one_memo(
    bench: Bench, open_page: OpenPage
) -> None:
    at = open_page("memos", study=bench.study_id)
    assert "There are no memos yet." in html(at)
    assert "Who are you to the people whose words you will read" in html(at)
    assert "Berger (2015)" in html(at)
    press(at, "Write the positionality memo")
    write(at, "I grew up with services like these.")
    assert texts(bench) == [["I grew up with services like these."]]
    assert texts(bench, purpose="positionality") == [["I grew up with services like these."]]
    assert "Who are you to the people" not in html(at)
    assert "Positionality memo by <bdi>Ana</bdi>" in html(at)


def test_not_now_ends_the_asking(bench: Bench, open_page: OpenPage) -> None:
    overview = open_page("overview", study=bench.study_id)
    assert "The study asks you for a positionality memo." in html(overview)
    at = open_page("memos", study=bench.study_id)
    press(at, "Not now")
    assert "Who are you to the people" not in html(at)
    assert memo_prompts.prompts(*place(bench)) == ()
    assert "asks you for" not in html(open_page("overview", study=bench.study_id))


def test_memos_are_written_on_the_study_a_code_and_a_version(
    bench: Bench, open_page: OpenPage
) -> None:
    at = open_page("memos", study=bench.study_id)
    press(at, "Write a memo")
    write(at, "on the study")
    assert not at.text_area
    press(at, "Write a memo")
    choose_about(at, "code")
    assert "Choose a code." in html(at)
    next(item for item in at.selectbox if item.label == "Code").set_value(
        bench.codes()["Waiting"].id
    ).run()
    write(at, "on a code")
    press(at, "Write a memo")
    choose_about(at, "codebook_version")
    write(at, "on a version")
    assert [kind for kind in ("study", "code", "codebook_version")
            if texts(bench, kind=kind)] == ["study", "code", "codebook_version"]  # fmt: skip


def test_cancel_writes_nothing_and_closes_the_box(bench: Bench, open_page: OpenPage) -> None:
    at = open_page("memos", study=bench.study_id)
    press(at, "Write a memo")
    at.text_area[0].set_value("half a thought")
    press(at, "Cancel")
    assert not at.text_area
    assert texts(bench) == []


def test_replies_changes_and_undo(bench: Bench, open_page: OpenPage) -> None:
    ben = bench.person("Ben")
    memos.write(*place(bench, ben), "document", bench.document("R1"), HOSTILE)
    at = open_page("memos", study=bench.study_id)
    assert "&lt;script&gt;" in html(at)
    assert "<script>" not in shown(at)
    assert "R1 · q1" in html(at)
    assert own_buttons(at) == []
    press(at, "Reply")
    write(at, "I disagree.", "Save reply")
    assert texts(bench) == [[HOSTILE, "I disagree."]]
    change(at)
    assert at.text_area[0].value == "I disagree."
    write(at, "I agree.")
    press(at, "Remove")
    assert "The memo is removed." in [item.value for item in at.toast]
    assert texts(bench) == [[HOSTILE]]
    press(at, "Undo")
    assert texts(bench) == [[HOSTILE, "I agree."]]
    change(at)
    write(at, "  ")
    assert any("The memo has no words" in item.value for item in at.error)
    assert texts(bench) == [[HOSTILE, "I agree."]]


def test_search_and_filters_narrow_what_is_counted(bench: Bench, open_page: OpenPage) -> None:
    ben = bench.person("Ben")
    memos.write(*place(bench), "study", bench.study_id, "a café")
    memos.write(*place(bench, ben), "code", bench.codes()["Phone"].id, "landlines")
    memos.write_on_respondent(*place(bench), bench.open(bench.document("R1"))
                              .document.respondent_id, "of R1")  # fmt: skip
    at = open_page("memos", study=bench.study_id)
    assert "**3 memos** in 3 threads" in shown(at)
    at.text_input[0].set_value("CAFE").run()
    assert "**1 memo** in 1 thread" in shown(at)
    at.text_input[0].set_value("").run()
    next(item for item in at.selectbox if item.label == "Written by").set_value(ben.id).run()
    assert "landlines" in html(at)
    assert "**1 memo** in 1 thread" in shown(at)
    press(at, "Clear the filters")
    next(item for item in at.text_input if item.label == "Respondent").set_value("r1").run()
    assert "**1 memo** in 1 thread" in shown(at)
    next(item for item in at.text_input if item.label == "Respondent").set_value("R99").run()
    assert "no respondent of this ref" in html(at)
    press(at, "Clear the filters")
    at.text_input[0].set_value("nowhere").run()
    assert "No memo fits." in html(at)


def test_long_lists_are_turned_page_by_page(bench: Bench, open_page: OpenPage) -> None:
    for number in range(23):
        memos.write(*place(bench), "study", bench.study_id, f"thought {number}.")
    at = open_page("memos", study=bench.study_id)
    assert "thought 22." in html(at)
    assert "thought 2." not in html(at)
    press(at, "Older")
    assert "21-23 of 23" in shown(at)
    assert "thought 2." in html(at)
    press(at, "Newer")
    assert "1-20 of 23" in shown(at)


def test_what_is_blind_is_neither_shown_nor_counted(bench: Bench, open_page: OpenPage) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    memos.write(*place(bench, ben), "document", document, "hidden words")
    give_blind(bench, document, bench.actor, ben)
    at = open_page("memos", study=bench.study_id)
    assert "There are no memos yet." in html(at)
    assert "hidden words" not in shown(at)


def test_the_codebook_shows_the_memos_on_the_open_code(bench: Bench, open_page: OpenPage) -> None:
    memos.write(*place(bench), "code", bench.codes()["Access"].id, "Too wide?")
    memos.write(*place(bench), "code", bench.codes()["School"].id, "on another code")
    at = open_page("codebook", study=bench.study_id)
    assert "Too wide?" in html(at)
    assert "on another code" not in html(at)
    press(at, "Reply")
    next(item for item in at.text_area if item.label == "Reply").set_value("Yes.")
    press(at, "Save reply")
    assert texts(bench, code_id=bench.codes()["Access"].id) == [["Too wide?", "Yes."]]

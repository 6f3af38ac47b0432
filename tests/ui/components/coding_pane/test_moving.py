"""Going through the answers: list, keys, done, and what survives a new mount."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXTS = {n: f"Answer number {n}, which is about waiting." for n in range(1, 9)}
LONG = "\n".join(f"Line {n} of a long focus group, said slowly." for n in range(200))


def opened(driver: Any, label: str) -> None:
    driver.page.wait_for_function(
        "label => document.querySelector('.cp-title').textContent.startsWith(label)", arg=label
    )
    driver.frames()


def test_keys_go_through_the_answers(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.press("k")
    assert driver.text(".cp-status") == "This is the first answer."
    driver.press("j")
    opened(driver, "R002")
    driver.press("j", "j", "j")
    opened(driver, "R005")
    driver.press("k")
    opened(driver, "R004")
    assert driver.page.get_attribute("[data-document='4']", "aria-selected") == "true"
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"


def test_done_marks_and_goes_to_the_next_not_done(pane: Callable[..., Any], fake: Any) -> None:
    server = fake(TEXTS)
    server.states[2] = "done"
    driver = pane(server)
    assert driver.text(".cp-progress") == "1 of 8 done"
    driver.press("d")
    opened(driver, "R003")
    driver.saved()
    assert server.states[1] == "done"
    assert driver.text(".cp-progress") == "2 of 8 done"
    assert driver.page.get_attribute("[data-document='1'] .cp-sign", "aria-label") == "done"
    driver.press("k", "k")
    opened(driver, "R001")
    driver.press("Shift+D")
    driver.saved()
    assert server.states[1] == "in_progress"
    assert driver.text(".cp-progress") == "1 of 8 done"
    driver.press("n")
    opened(driver, "R003")


def test_the_list_by_keyboard_and_by_mouse(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.page.focus(".cp-answers")
    driver.press("ArrowDown", "ArrowDown")
    active = driver.page.get_attribute(".cp-answers", "aria-activedescendant")
    assert active == driver.page.get_attribute("[data-document='3']", "id")
    driver.press("Enter")
    opened(driver, "R003")
    assert driver.page.evaluate("document.activeElement.className") == "cp-answers"
    driver.press("1")
    driver.saved()
    assert [row[7] for row in driver.server.codings.values()] == [3]
    driver.page.click("[data-document='6']")
    opened(driver, "R006")


def test_pages_of_a_long_list(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS, limit=3, total=8))
    assert "1–3 of 8" in driver.page.inner_text(".cp-pager")
    driver.press("j", "j")
    opened(driver, "R003")
    driver.press("j")
    driver.page.wait_for_function("host.heard.at(-1)?.[2].next === 'next'")
    assert driver.server.asked[-1]["from"] == 3
    driver.page.click(".cp-pager >> text=Next")
    driver.page.wait_for_function(
        "document.querySelector('.cp-pager').textContent.includes('4–6 of 8')"
    )
    driver.press("n")
    driver.frames()


def test_an_empty_list_says_what_to_do(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({}, current=None)
    driver = pane(server)
    assert driver.page.inner_text(".cp-list") == "No answers match these filters."
    driver.page.focus(".cp-input")
    driver.press("Escape", "Tab", "1", "d", "m")
    assert driver.text(".cp-status") == "Open an answer first."


def test_undo_elsewhere_offers_to_go_there(pane: Callable[..., Any], fake: Any) -> None:
    server = fake(TEXTS)
    driver = pane(server)
    server.message = {"id": "m1", "text": "Undone in R005", "document": 5}
    driver.press("1")
    driver.saved()
    driver.page.click(".cp-offer >> text=Open it")
    opened(driver, "R005")
    driver.press("1")
    driver.saved()
    assert "Coded" in driver.text(".cp-status")


def test_a_memo_on_the_document(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.press("m")
    driver.page.keyboard.type("A quiet one, c and r")
    driver.page.click("dialog >> text=Save memo")
    driver.saved()
    assert driver.server.memos == {1: "A quiet one, c and r"}
    assert driver.page.inner_text(".cp-document-memo") == "Memo: A quiet one, c and r"
    driver.press("?")
    assert "Done, and on to the next" in driver.page.inner_text("dialog")
    driver.press("Escape")
    driver.page.wait_for_function("document.querySelector('dialog') === null")


def test_letters_stay_inside_and_focus_is_needed(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.page.focus(".cp-text")
    driver.press("c", "r", "x", "1", "Shift+A")
    driver.page.focus(".cp-input")
    driver.press("c")
    assert driver.page.evaluate("host.shortcuts.filter(key => key.length === 1)") == []
    driver.page.focus(".cp-text")
    driver.press("Control+c")
    assert "c" in driver.page.evaluate("host.shortcuts")


def test_a_delta_before_its_workspace_waits(pane: Callable[..., Any], fake: Any) -> None:
    server = fake(TEXTS)
    server.delta_first = True
    server.add(1, "heard", "number")
    driver = pane(server)
    expect(driver.page.locator(".cp-stripe")).to_have_count(1)
    driver.select("waiting")
    driver.press("2")
    driver.saved()
    driver.page.wait_for_function("document.querySelectorAll('.cp-stripe').length === 2")


def test_a_stale_delta_changes_nothing(pane: Callable[..., Any], fake: Any) -> None:
    server = fake(TEXTS)
    server.add(1, "heard", "number")
    driver = pane(server)
    driver.page.evaluate(
        """() => {
          const stale = structuredClone(host.last.delta);
          host.show([["delta", { ...stale, document: 2, rows: [["g0", null]] }]]);
          host.show([["delta", { ...stale, base_rev: -1, rows: [["g0", null]] }]]);
        }"""
    )
    driver.frames()
    expect(driver.page.locator(".cp-stripe")).to_have_count(1)


def test_a_new_mount_keeps_place_selection_and_paint(pane: Callable[..., Any], fake: Any) -> None:
    server = fake({1: LONG, 2: "Short."}, kinds={1: "focus_group"})
    server.add(1, "heard", "Line 150 of")
    driver = pane(server)
    driver.page.evaluate("document.querySelectorAll('.cp-row')[150].scrollIntoView()")
    driver.frames()
    driver.select("Line 151 of")
    driver.frames(4)  # until rows that come into view have their true heights
    before = driver.page.evaluate("document.querySelector('.cp-scroll').scrollTop")
    assert before > 1000
    driver.page.evaluate(
        """() => {
          const old = document.getElementById("workspace");
          const fresh = document.createElement("div");
          old.before(fresh);
          const cleanup = host.cleanups.workspace;
          cleanup();
          old.remove();
          fresh.id = "workspace";
          host.mount("workspace", host.last.workspace);
        }"""
    )
    driver.frames(4)
    assert driver.page.evaluate("document.querySelectorAll('.cp-root').length") == 1
    assert driver.page.evaluate("document.querySelector('.cp-scroll').scrollTop") == before
    assert driver.page.evaluate("getSelection().toString()") == "Line 151 of"
    assert driver.page.evaluate("[...CSS.highlights.values()].some(h => h.size)")
    driver.press("2")
    driver.saved()
    assert "Line 151 of" in server.quotes()
    driver.press("j")
    opened(driver, "R002")
    driver.press("k")
    opened(driver, "R001")
    assert abs(driver.page.evaluate("document.querySelector('.cp-scroll').scrollTop") - before) < 40


def test_two_mounts_at_once_show_one_pane(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.page.evaluate(
        """() => {
          const second = document.createElement("div");
          document.querySelector("main").append(second);
          const first = host.cleanups.workspace;
          host.mount("workspace", host.last.workspace, second);
          first();
        }"""
    )
    driver.frames()
    expect(driver.page.locator(".cp-root")).to_have_count(1)
    driver.page.focus(".cp-text")
    driver.press("1")
    driver.saved()
    assert len(driver.server.codings) == 1


def test_the_pane_fills_the_window(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake(TEXTS))
    driver.page.evaluate(
        """() => {
          const above = document.createElement("div");
          above.style.height = "60px";
          document.querySelector("main").prepend(above);
        }"""
    )
    driver.page.set_viewport_size({"width": 1280, "height": 800})
    driver.frames()
    box = driver.page.locator(".cp-root").bounding_box()
    assert (box["y"], box["y"] + box["height"]) == (60, 800)
    driver.page.set_viewport_size({"width": 1280, "height": 300})
    driver.frames()
    assert driver.page.locator(".cp-root").bounding_box()["height"] == 420


def test_speakers_are_named_once_per_turn(pane: Callable[..., Any], fake: Any) -> None:
    names = ["Amina", None, "Facilitator"]
    driver = pane(fake({1: "One.\nTwo.\nThree."}, speakers={1: names}, kinds={1: "focus_group"}))
    assert driver.page.locator(".cp-speaker").all_inner_texts() == ["Amina", "Facilitator"]
    driver.press("Control+a", "1")
    driver.saved()
    assert driver.server.quotes() == ["One.\nTwo.\nThree."]


WORDS = "This day 1 note / says what to find, jk"


def press_at_once(driver: Any, *keys: str) -> None:
    """Press keys within one moment, before any answer of the server can come."""
    driver.page.evaluate(
        """keys => keys.forEach(key => (document.activeElement ?? document.body).dispatchEvent(
             new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))""",
        list(keys),
    )


def kinds(server: Any) -> list[str]:
    return [op["kind"] for op in server.ops]


def test_a_memo_asked_for_while_an_answer_opens_takes_what_is_typed(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake(TEXTS)
    server.memos[2] = "Said before."
    server.lose = lambda event: event == "open"
    driver = pane(server)
    press_at_once(driver, "j", "m")
    assert driver.text(".cp-dialog h2") == "Memo on R002"
    assert driver.text(".cp-dialog [role=status]") == "R002 is opening. You can type already."
    driver.page.keyboard.type(WORDS)
    driver.press("Control+Enter")  # nothing to keep it at yet
    assert driver.page.input_value("textarea.cp-memo") == WORDS
    server.lose = lambda event: False
    opened(driver, "R002")  # asked for again after some seconds
    assert driver.page.is_hidden(".cp-dialog [role=status]")
    assert driver.page.input_value("textarea.cp-memo") == f"Said before.\n{WORDS}"
    driver.page.keyboard.type(".")
    driver.press("Control+Enter")
    driver.saved()
    assert server.memos == {2: f"Said before.\n{WORDS}."}
    assert kinds(server) == ["document_memo"]
    assert server.current == 2


def test_a_memo_on_an_answer_that_does_not_open_can_be_copied_and_is_not_saved(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake(TEXTS)
    driver = pane(server)
    driver.page.evaluate("speakoutCodingPane.pane.navigator.connect(null)")
    press_at_once(driver, "j", "m")
    driver.page.keyboard.type("Kept")
    driver.page.evaluate("speakoutCodingPane.pane.moves.open(1)")  # they stay where they are
    assert "R002 did not open" in driver.text(".cp-dialog [role=status]")
    assert driver.page.is_disabled("text=Save memo")
    driver.press("Control+Enter")
    assert driver.page.input_value("textarea.cp-memo") == "Kept"
    driver.press("Escape", "Escape")
    driver.page.wait_for_selector(".cp-dialog", state="detached")
    assert kinds(server) == []


def test_a_memo_stays_with_its_answer_when_another_opens_beneath(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake(TEXTS)
    driver = pane(server)
    driver.press("m")
    driver.page.keyboard.type("About the first")
    server.current = 3
    driver.page.evaluate("async () => host.show(await window.toServer('workspace', 'open', {}))")
    opened(driver, "R003")
    driver.press("Control+Enter")
    driver.saved()
    assert server.memos == {1: "About the first"}


def test_an_open_memo_box_takes_the_keys_when_the_pane_is_mounted_anew(
    pane: Callable[..., Any], fake: Any
) -> None:
    server = fake(TEXTS)
    driver = pane(server)
    driver.press("m")
    driver.page.keyboard.type("ab")
    driver.press("ArrowLeft")
    driver.page.evaluate("host.cleanups.workspace(); host.mount('workspace', host.last.workspace)")
    driver.page.keyboard.type("d 1")
    assert driver.page.input_value("textarea.cp-memo") == "ad 1b"
    assert driver.page.evaluate("document.querySelector('.cp-dialog').matches(':modal')")
    assert kinds(server) == []


def test_keys_about_the_text_wait_while_an_answer_opens(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = pane(fake(TEXTS))
    driver.page.evaluate("speakoutCodingPane.pane.navigator.connect(null)")
    press_at_once(driver, "j")
    for key in ("1", "d", "D", "w", "i", "t", "f", "s", "p", "g", "[", "]", "Enter", "Delete"):
        driver.page.evaluate("speakoutCodingPane.pane.frame.hush()")
        press_at_once(driver, key)
        assert driver.text(".cp-status") == "R002 is opening. One moment.", key
    assert kinds(driver.server) == []

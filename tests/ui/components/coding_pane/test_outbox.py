"""Nothing is lost on the way to the server, nothing arrives twice, and the sign tells the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = "\n".join(f"Line {n} says something that a coder may want to mark." for n in range(25))
SIGN = "document.querySelector('.cp-saved').textContent"


def start(pane: Callable[..., Any], fake: Any, **options: Any) -> Any:
    return pane(fake({1: TEXT, 2: "Another answer, quite short."}, **options))


NUMBER_KEYS = "speakout-number-keys"


def stored(driver: Any) -> str:
    return str(driver.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


@pytest.mark.parametrize("lost", ["none", "every other", "two of three"])
def test_twenty_codings_in_two_seconds_arrive_once(
    pane: Callable[..., Any], fake: Any, lost: str
) -> None:
    driver = start(pane, fake)
    counted = iter(range(10_000))
    keep = {"none": 1, "every other": 2, "two of three": 3}[lost]
    driver.server.lose = lambda event: event == "ops" and next(counted) % keep != keep - 1
    driver.page.clock.install()
    for number in range(20):
        driver.select(f"Line {number} says")
        driver.press(str(number % 3 + 1))
        driver.page.clock.run_for(90)
    for _ in range(60):
        driver.page.clock.run_for(1000)
        if driver.page.evaluate(SIGN) == "Saved":
            break
    assert driver.page.evaluate(SIGN) == "Saved"
    adds = [op["coding"] for op in driver.server.ops if op["kind"] == "add"]
    assert len(adds) == len(set(adds)) == 20
    assert sorted(driver.server.quotes()) == sorted(f"Line {n} says" for n in range(20))


def test_one_batch_at_a_time_and_again_after_four_seconds(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = start(pane, fake)
    driver.server.lose = lambda event: True
    driver.page.clock.install()
    driver.select("Line 3")
    driver.press("1")
    driver.select("Line 4")
    driver.press("2")
    driver.page.clock.run_for(3500)
    assert [len(batch["ops"]) for batch in driver.server.batches] == [1]
    assert driver.page.evaluate(SIGN) == "Saving 2"
    driver.page.clock.run_for(1000)
    assert [len(batch["ops"]) for batch in driver.server.batches] == [1, 2]
    driver.page.clock.run_for(4500)
    assert driver.page.evaluate(SIGN) == "Not saved: connection lost, trying again"
    assert driver.page.get_attribute(".cp-saved", "role") == "alert"
    driver.server.lose = lambda event: False
    driver.page.clock.run_for(5000)
    assert driver.page.evaluate(SIGN) == "Saved"
    assert driver.server.quotes() == ["Line 3", "Line 4"]


def test_a_refusal_is_shown_and_the_paint_taken_back(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.server.refuse = lambda op: "the code is retired" if op["code"] == "heard" else None
    driver.select("Line 3")
    driver.press("1")
    driver.page.wait_for_function(f"{SIGN} === 'Refused: the code is retired'")
    driver.frames()
    expect(driver.page.locator(".cp-stripe")).to_have_count(0)
    driver.press("2")
    driver.saved()
    assert [row[3] for row in driver.server.codings.values()] == ["judged"]


def test_a_reload_sends_what_was_unsent_and_stores_no_words(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = start(pane, fake)
    server = driver.server
    guid = server.add(1, "cont", "Line 9")
    driver.page.reload()
    driver.ready()
    server.lose = lambda event: event == "ops"
    driver.select("Line 3 says")
    driver.press("1")
    driver.caret("Line 9")
    driver.press("Enter")
    driver.page.click("[aria-label^='Memo']")
    driver.page.keyboard.type("private thought")
    driver.press("Control+Enter")
    driver.select("a coder may want")
    driver.press("i", "Enter", "d")
    # The next answer is asked for a moment later; until then the fake server may still move on.
    driver.page.wait_for_function("globalThis.speakoutCodingPane.pane.opened?.id === 2")
    kept = stored(driver)
    unsent = json.loads(kept)
    assert NUMBER_KEYS in unsent, "which codes have which keys: identities, no words"
    assert any("heard" in text for name, text in unsent.items() if name != NUMBER_KEYS)
    words = ("Line", "says", "private", "thought", "coder may", "Another")
    assert [word for word in words if word in kept] == []
    assert driver.page.evaluate(SIGN).startswith("Saving")
    warned: list[str] = []
    driver.page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
    server.lose = lambda event: False
    server.current = 1
    driver.page.reload()
    driver.ready()
    driver.saved()
    assert warned == ["beforeunload"]
    assert "Line 3 says" in server.quotes(1)
    assert server.states[1] == "done"
    assert server.codings[guid][5] == ""
    assert list(json.loads(stored(driver))) == [NUMBER_KEYS]
    # On a slow machine the new code and its coding may have been sent again before the reload.
    driver.page.wait_for_function("document.querySelectorAll('.cp-stripe').length >= 2")


def test_unsent_work_is_not_given_to_another_coder(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.server.lose = lambda event: event == "ops"
    driver.select("Line 3")
    driver.press("1")
    driver.server.lose = lambda event: False
    driver.server.coder = {"id": 2, "name": "Bo"}
    driver.page.evaluate(
        "async () => host.show(await window.toServer('delta', 'again', { next: 'next' }))"
    )
    driver.frames()
    assert driver.page.evaluate(SIGN) == "Saved"
    assert driver.server.codings == {}
    driver.server.coder = {"id": 1, "name": "Ana"}
    driver.page.evaluate(
        "async () => host.show(await window.toServer('workspace', 'again', { document: 1 }))"
    )
    driver.saved()
    assert driver.server.quotes(1) == ["Line 3"]


def test_moving_on_with_unsent_work_loses_none(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.server.lose = lambda event: event == "ops"
    driver.select("Line 3")
    driver.press("1")
    driver.press("j")
    driver.page.wait_for_function(
        "document.querySelector('.cp-title').textContent.startsWith('R002')"
    )
    driver.select("quite short")
    driver.press("2")
    driver.server.lose = lambda event: False
    driver.saved()
    assert driver.server.quotes(1) == ["Line 3"]
    assert driver.server.quotes(2) == ["quite short"]
    assert [batch["document"] for batch in driver.server.batches][-2:] == [1, 2]
    assert all(len({op["document"] for op in b["ops"]}) == 1 for b in driver.server.batches)


def test_an_open_that_is_lost_is_asked_again(pane: Callable[..., Any], fake: Any) -> None:
    driver = start(pane, fake)
    driver.page.clock.install()
    driver.server.lose = lambda event: event == "open"
    driver.press("j")
    driver.page.clock.run_for(500)
    assert driver.page.get_attribute(".cp-text", "aria-busy") == "true"
    driver.press("1")
    assert driver.text(".cp-status") == "R002 is opening. One moment."
    driver.server.lose = lambda event: False
    driver.page.clock.run_for(4500)
    driver.page.wait_for_function(
        "document.querySelector('.cp-text').textContent.includes('short')"
    )
    assert driver.server.codings == {}
    assert len({wish["nonce"] for wish in driver.server.asked}) == 1
    assert driver.page.get_attribute(".cp-text", "aria-busy") == "false"

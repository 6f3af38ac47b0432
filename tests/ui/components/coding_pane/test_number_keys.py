"""Number keys keep their codes, new codes say where they go, a first press shows a new coding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.ui.components.coding_pane.conftest import CODES, codebook

pytestmark = pytest.mark.browser

TEXT = "She listened to me without judging. Then the next one looked at my scarf first."
ABOVE = ("first", "rel", "A code above", "#AA4499", "#DD88CC", "solid")


def keys(driver: Any) -> dict[str, str]:
    """The number before each code, by code."""
    return dict(
        driver.page.evaluate(
            """() => [...document.querySelectorAll("[data-code]")]
              .map((row) => [row.querySelector("kbd.cp-number")?.textContent, row.dataset.code])
              .filter(([key]) => key)"""
        )
    )


def change(driver: Any, rows: list[tuple[Any, ...]]) -> None:
    """Let the codebook be another one, as if somebody had changed it on the Codebook page."""
    driver.server.codes = {**codebook(rows), "version": 2}
    for mount, data in driver.server.both():
        driver.page.evaluate("([mount, data]) => host.show([[mount, data]])", [mount, data])
    driver.frames()


def test_the_first_leaves_have_the_keys_to_begin_with(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    assert keys(driver) == {
        "1": "heard", "2": "judged", "3": "cont", "4": "wait", "5": "lang", "6": "good",
    }  # fmt: skip


def test_a_code_keeps_its_key_when_another_comes_above_it(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = pane(fake({1: TEXT}))
    before = keys(driver)
    grown = [CODES[0], ABOVE, *CODES[1:]]
    change(driver, grown)
    assert keys(driver) == {**before, "7": "first"}
    driver.page.reload()
    driver.ready()
    assert keys(driver) == {**before, "7": "first"}
    driver.select("listened")
    driver.press("1")
    driver.saved()
    assert [op["code"] for op in driver.server.ops] == ["heard"]


def test_a_code_keeps_its_key_when_it_moves_or_gets_codes_below(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = pane(fake({1: TEXT}))
    before = keys(driver)
    below = ("less", "heard", "Heard less", "#AA4499", "#DD88CC", "solid")
    change(driver, [*CODES[3:], *CODES[:3], below])
    assert keys(driver) == {**before, "7": "less"}


def test_the_key_of_a_code_that_went_is_given_to_the_next(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = pane(fake({1: TEXT}))
    change(driver, [row for row in CODES if row[0] != "judged"] + [ABOVE])
    assert keys(driver)["2"] == "first"
    assert keys(driver)["1"] == "heard" and keys(driver)["3"] == "cont"


def test_what_lies_in_the_tabs_storage_may_be_anything(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    for stored in ("{", "7", '[["heard", 6], ["gone", 1]]'):
        driver.page.evaluate("text => sessionStorage.setItem('speakout-number-keys', text)", stored)
        driver.page.reload()
        driver.ready()
        assert len(keys(driver)) == 6
    assert keys(driver)["6"] == "heard"


def test_a_new_code_can_go_under_any_theme_and_says_where(
    pane: Callable[..., Any], fake: Any
) -> None:
    driver = pane(fake({1: TEXT}))
    driver.press("/")
    driver.page.keyboard.type("Housing")
    options = driver.page.locator(".cp-make").all_inner_texts()
    assert [option.split("\n")[-1] for option in options] == [
        "Make code “Housing” under Relationships",
        "Make code “Housing” under Access barriers",
        "Make code “Housing” under Positive experiences",
        "Make theme “Housing”",
    ]
    driver.press("ArrowDown", "ArrowDown", "Enter")
    driver.saved()
    made = next(op for op in driver.server.ops if op["kind"] == "new_code")
    assert (made["name"], made["parent"]) == ("Housing", "good")
    assert driver.text(".cp-status") == "New code under Positive experiences: Housing"


@pytest.mark.parametrize("how", ["drag", "select"])
def test_the_first_press_on_words_just_coded_shows_their_coding(
    pane: Callable[..., Any], fake: Any, how: str
) -> None:
    driver = pane(fake({1: TEXT}))
    getattr(driver, how)("listened to me")
    driver.press("1")
    driver.saved()
    driver.click("to me")
    assert driver.page.is_visible(".cp-popover")
    assert "Not heard" in driver.text(".cp-popover")
    driver.press("Escape")
    assert driver.page.evaluate("document.activeElement.className") == "cp-text"
    # The press has let go of the words: the next key goes to the whole answer.
    assert driver.page.evaluate("getSelection().isCollapsed")


def test_selecting_inside_coded_words_shows_no_coding(pane: Callable[..., Any], fake: Any) -> None:
    driver = pane(fake({1: TEXT}))
    driver.select("listened to me without")
    driver.press("1")
    driver.saved()
    driver.drag("to me")
    assert not driver.page.is_visible(".cp-popover")
    assert driver.page.evaluate("getSelection().toString()") == "to me"
    driver.press("2")
    driver.saved()
    assert [(op["code"], op["quote"]) for op in driver.server.ops] == [
        ("heard", "listened to me without"), ("judged", "to me"),
    ]  # fmt: skip

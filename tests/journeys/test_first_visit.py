"""A first visit: led over the real pages, by keyboard, ticked off while one works."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import at_rest, press

pytestmark = pytest.mark.browser


def test_a_newcomer_is_led_and_finds_every_key(tab: Any, empty_app: Any) -> None:
    tab.goto(empty_app.url)
    box = tab.get_by_label("Who are you?")
    box.wait_for()
    box.fill("Noor")
    press(tab, "Start")
    start = tab.get_by_role("button", name="Take the visit")
    start.wait_for()
    start.press("Enter")
    card = tab.locator(".visit")
    card.get_by_text("1 of 6").wait_for()
    press(tab, "Load the sample study")
    card.get_by_text("Done.").wait_for()

    at_rest(tab)
    tab.locator("h1").first.click()
    tab.keyboard.press("?")
    keys = tab.get_by_role("dialog", name="Keys")
    keys.get_by_text("Give the selected words a code").wait_for()
    tab.keyboard.press("Escape")
    keys.wait_for(state="hidden")

    tab.get_by_role("button", name="Next step").press("Enter")
    tab.get_by_role("heading", name="Codebook", level=1).wait_for()
    card.get_by_text("2 of 6").wait_for()
    tab.get_by_role("button", name="Next step").press("Enter")
    card.get_by_text("3 of 6").wait_for()
    text = tab.locator("[contenteditable=true]")
    text.wait_for()
    expect(card.get_by_text("Done.")).to_have_count(0)
    at_rest(tab)
    drawn = text.element_handle()

    tab.locator(".cp-words").first.dblclick()
    tab.wait_for_function("getSelection().toString().trim() !== ''")
    tab.keyboard.press("1")
    card.get_by_text("Done.").wait_for()
    # The card has looked by itself: the pane beside it is the same, and nothing was drawn again.
    assert text.evaluate("(node, before) => node === before", drawn)
    empty_app.wait_for(
        "select count(*) from coding where deleted_at is null and coder_id = (select id from coder "
        "where name = 'Noor')",
        1,
    )

    tab.reload()
    card.get_by_text("3 of 6").wait_for()
    tab.get_by_role("button", name="End the visit").press("Enter")
    card.wait_for(state="hidden")
    text.wait_for()

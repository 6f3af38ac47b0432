"""The browser's "Back" in a real browser: it leads to the page before, not to the same one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.steps import at_rest, go

pytestmark = pytest.mark.browser


def heading(tab: Any, name: str) -> None:
    tab.get_by_role("heading", name=name, exact=True).first.wait_for()


def test_back_from_a_page_that_writes_its_address_leads_to_the_page_before(
    tab: Any, sample_app: Any
) -> None:
    tab.goto(sample_app.page("questions"))
    heading(tab, "Questions")
    at_rest(tab)
    go(tab, "Themes")
    for choice, written in (("All codes", "rows=code"), ("Two groups", "view=two")):
        length = tab.evaluate("history.length")
        tab.get_by_role("radio", name=choice, exact=True).click()
        tab.wait_for_function("part => location.search.includes(part)", arg=written)
        at_rest(tab)
        assert tab.evaluate("history.length") == length, choice
    shown = tab.evaluate("location.search")

    tab.go_back()
    heading(tab, "Questions")
    assert "/questions" in tab.url
    tab.go_forward()
    heading(tab, "Themes")
    at_rest(tab)
    assert tab.evaluate("location.search") == shown  # and forward to what was shown there

"""The table of themes in a real browser: read, chosen from by keyboard and mouse, copied."""

from __future__ import annotations

import base64

import pytest

from workbench.ui.components.theme_table import FOLDER

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror='window.hit=1'>"


def cell(text, **more):
    return {"text": text, "below": "", "title": text, "empty": False, **more}


DATA = {
    "label": "Themes by role",
    "corner": "Theme",
    "heads": [[
        {"name": "All respondents", "span": 1, "rows": 1, "base": "(n = 9)",
         "warning": "3 not done"},
        {"name": HOSTILE, "span": 1, "rows": 1, "base": "(n = 4)", "warning": ""},
    ]],
    "groups": [[], [HOSTILE]],
    "rows": [
        {"code": 7, "name": "Not heard", "depth": 0, "cells": [cell("5 (56 %)"), cell("1 (25 %)")]},
        {"code": 8, "name": HOSTILE, "depth": 1, "cells": [cell("0 (0 %)"), cell("0 (0 %)")]},
    ],
    "chosen": [0, 0],
}  # fmt: skip


@pytest.fixture
def page(chromium):
    opened = chromium.new_page()
    script = base64.b64encode((FOLDER / "table.js").read_bytes()).decode()
    opened.set_content("<button>before</button><div id=mount><style></style></div>")
    opened.evaluate(
        """async ([script, data]) => {
          const module = await import(`data:text/javascript;base64,${script}`);
          window.sent = [];
          window.draw = (changed) => module.default({
            data: {...data, ...changed},
            parentElement: document.getElementById("mount"),
            setTriggerValue: (name, value) => window.sent.push([name, value]),
          });
          window.draw({});
        }""",
        [script, DATA],
    )
    yield opened
    opened.close()


def focused(page):
    return page.evaluate("document.activeElement.textContent")


def test_it_is_a_grid_with_names_for_rows_and_columns(page):
    assert page.get_by_role("grid", name="Themes by role").count() == 1
    assert page.get_by_role("rowheader").all_inner_texts() == ["Not heard", HOSTILE]
    assert page.get_by_role("columnheader").count() == 3
    assert page.get_by_role("gridcell", selected=True).inner_text() == "5 (56 %)"
    assert page.locator("#mount > style").count() == 1, "the style sheet beside it stays"


def test_texts_stay_texts(page):
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hit") is None


def test_one_tab_stop_and_arrows_within(page):
    page.get_by_role("button").focus()
    page.keyboard.press("Tab")
    assert focused(page) == "5 (56 %)"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1 (25 %)"
    page.keyboard.press("ArrowRight")
    assert focused(page) == "1 (25 %)", "the edge is the end"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert focused(page) == "0 (0 %)"
    assert page.evaluate("window.sent") == [], "moving chooses nothing"
    assert page.locator("td[tabindex='0']").count() == 1


def test_enter_chooses_and_a_second_time_opens(page):
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    value = {"code": 7, "groups": [HOSTILE]}
    assert page.evaluate("window.sent") == [
        ["cell", {**value, "open": False}],
        ["cell", {**value, "open": True}],
    ]


def test_a_click_chooses_and_a_double_click_opens(page):
    page.locator("td").nth(2).dblclick()
    sent = [value for _, value in page.evaluate("window.sent")]
    assert sent[0] == {"code": 8, "groups": [], "open": False}
    assert sent[-1] == {"code": 8, "groups": [], "open": True}


def test_the_focus_stays_when_the_choice_comes_back(page):
    page.locator("td[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.evaluate("window.draw({chosen: [0, 1]})")
    assert focused(page) == "1 (25 %)"
    assert page.get_by_role("gridcell", selected=True).inner_text() == "1 (25 %)"


def test_new_numbers_are_drawn(page):
    page.evaluate("window.draw({corner: 'Code', rows: []})")
    assert page.locator("td").count() == 0
    assert page.get_by_role("columnheader").first.inner_text() == "Code"
    assert page.locator("table").count() == 1

"""A telephone, and long names: nothing lies over anything else, and nothing is cut off unseen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import at_rest, press, violations

pytestmark = pytest.mark.browser

LONG_STUDY = "Supporting families from minority ethnic communities across the north: second wave"
LONG_REF = "A-respondent-with-a-ref-that-is-as-long-as-a-whole-line"
SIDEWAYS = """() => { const main = document.querySelector("[data-testid=stMain]");
                      return main.scrollWidth - main.clientWidth; }"""


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return not (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


@pytest.mark.parametrize("name", ["coding", "focus_groups", "themes", "compare", "extracts"])
def test_a_page_fits_a_telephone(open_tab: Any, sample_app: Any, name: str) -> None:
    page = open_tab(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(sample_app.page(name))
    page.get_by_role("heading", level=1).first.wait_for()
    at_rest(page)
    button = page.get_by_test_id("stExpandSidebarButton").bounding_box()
    first = page.locator("[data-testid=stMain] :is(h1, button)").first.bounding_box()
    assert not overlap(button, first), "the sidebar's button lies over the page"
    assert page.evaluate(SIDEWAYS) <= 0
    assert violations(page) == []


def test_figures_of_a_group_have_their_nouns_where_there_are_no_columns(
    tab: Any, sample_app: Any
) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(sample_app.page("focus_groups"))
    noun = tab.locator(".st-key-talk_list .noun").first
    noun.wait_for()
    expect(tab.locator(".st-key-talk_list").get_by_text("Held on")).not_to_be_visible()
    tab.set_viewport_size({"width": 1280, "height": 800})
    noun.wait_for(state="hidden")


def test_figures_of_a_discussion_fit_a_telephone(tab: Any, sample_app: Any) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(sample_app.page("focus_groups"))
    press(tab, "Parents")
    tab.get_by_role("heading", name="Who speaks after whom").wait_for()
    tab.locator(".stVegaLiteChart svg").first.wait_for()
    at_rest(tab)
    assert tab.evaluate(SIDEWAYS) <= 0
    assert violations(tab) == []


def test_differences_open_at_the_top_of_the_page(tab: Any, sample_app: Any) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(sample_app.page("adjudicate"))
    tab.locator(".aj-item[aria-current]").wait_for()
    at_rest(tab)
    assert tab.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def test_all_pages_are_in_sight_on_a_laptop(tab: Any, sample_app: Any) -> None:
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(sample_app.page("focus_groups"))
    tab.get_by_role("heading", level=1).first.wait_for()
    at_rest(tab)
    last = tab.get_by_test_id("stSidebar").get_by_role("link", name="Exchange").bounding_box()
    foot = tab.locator(".st-key-sidebar_foot").bounding_box()
    assert last["y"] + last["height"] <= foot["y"] + 2
    assert foot["y"] + foot["height"] <= 800


def test_quotes_in_arabic_script_are_no_wider_than_others(tab: Any, sample_app: Any) -> None:
    tab.goto(sample_app.page("extracts"))
    tab.locator(".extract .said:dir(rtl)").first.wait_for()
    at_rest(tab)
    widest = "all => Math.max(...all.map((one) => one.getBoundingClientRect().width))"
    rtl = tab.locator(".extract .said:dir(rtl)").evaluate_all(widest)
    ltr = tab.locator(".extract .said:dir(ltr)").evaluate_all(widest)
    assert abs(rtl - ltr) < 8, (rtl, ltr)


def test_long_names_leave_room_for_the_rest(tab: Any, empty_app: Any) -> None:
    from workbench.services import study
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, LONG_STUDY).id, LONG_STUDY)
    bench.ingest(SURVEY.replace("R1,", f"{LONG_REF},", 1))
    bench.load(CODEBOOK)
    database.close()
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(empty_app.page("coding"))
    tab.wait_for_selector("[contenteditable=true]")
    at_rest(tab)
    standing = tab.locator(".cp-standing").bounding_box()
    pane = tab.locator(".cp-root").first.bounding_box()
    assert standing["x"] + standing["width"] <= pane["x"] + pane["width"]
    labels = tab.locator(".cp-list").bounding_box()
    for row in tab.locator(".cp-snippet").all():
        box = row.bounding_box()
        assert box["x"] + box["width"] <= labels["x"] + labels["width"]

"""Every page in both themes: it opens, it speaks to this machine only, and axe finds nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import at_rest, go, violations

pytestmark = pytest.mark.browser

PAGES = {
    "": "SpeakOut sample",
    "import_survey": "Import",
    "transcribe": "Transcribe",
    "check": "Check by ear",
    "groups": "Groups",
    "codebook": "Codebook",
    "coding": "SpeakOut sample · coding as Ana",
    "place_again": "Place again",
    "rereview": "Review again",
    "compare": "Compare",
    "respondents": "Respondents",
    "questions": "Questions",
    "themes": "Themes",
    "extracts": "Extracts",
    "equity": "Transcription equity",
}


GROUND = "() => getComputedStyle(document.querySelector('.stApp')).backgroundColor"


@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "overview")
def test_page_opens_and_axe_finds_nothing(open_tab: Any, sample_app: Any, name: str) -> None:
    """Opened in the dark, as other journeys open it in the light; then in the light as well."""
    page = open_tab(color_scheme="dark", reduced_motion="reduce")
    page.goto(sample_app.page(name))
    page.get_by_role("heading", level=1).first.wait_for()
    expect(page.get_by_role("heading", level=1).first).to_contain_text(PAGES[name])
    at_rest(page)
    dark = page.evaluate(GROUND)
    assert violations(page) == []
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"dark => ({GROUND})() !== dark", arg=dark)
    assert violations(page) == []


def test_the_first_screen_asks_for_a_name(tab: Any, empty_app: Any) -> None:
    tab.goto(f"{empty_app.url}/groups")
    tab.get_by_role("heading", name="SpeakOut Workbench").wait_for()
    assert violations(tab) == []
    # The page that was asked for opens as soon as there is a name.
    name = tab.get_by_label("Who are you?")
    name.fill("Noor")
    name.press("Enter")
    tab.get_by_role("heading", name="Groups", level=1).wait_for()


def test_arabic_script_is_shown_in_the_bundled_face(tab: Any, sample_app: Any) -> None:
    tab.goto(sample_app.page("coding"))
    tab.wait_for_selector("[contenteditable=true]")
    tab.wait_for_function(
        """() => [...document.fonts].some(
          (face) => face.family.includes("Noto Naskh Arabic") && face.status === "loaded")"""
    )


def close(tab: Any, inside: Any) -> None:
    """Close a popover, once what was chosen in it has been drawn."""
    at_rest(tab)
    tab.keyboard.press("Escape")
    inside.wait_for(state="hidden")


def test_choices_in_a_popover_stay_when_it_is_opened_again(tab: Any, sample_app: Any) -> None:
    """Its widgets are not in the browser until then, and must not bring their defaults along."""
    tab.goto(sample_app.page("themes"))
    bases = tab.get_by_text("n and shares are of all respondents", exact=False)
    settings = tab.get_by_role("button", name="Base and order")
    settings.click()
    cells = tab.get_by_role("radio", name="Respondents")
    expect(cells).to_be_checked()
    at_rest(tab)
    tab.get_by_label("Shares of").click()
    tab.get_by_role("option", name="All respondents").click()
    bases.wait_for()
    close(tab, cells)
    go(tab, "Extracts")
    go(tab, "Themes")
    # What is drawn again knows nothing of the first time.
    for rows, head in (("All codes", "Code"), ("Themes", "Theme")):
        tab.get_by_role("radio", name=rows).click()
        tab.get_by_role("columnheader", name=head, exact=True).wait_for()
    at_rest(tab)
    settings.click()
    expect(cells).to_be_checked()
    close(tab, cells)
    tab.get_by_role("radio", name="All codes").click()
    tab.get_by_role("columnheader", name="Code", exact=True).wait_for()
    bases.wait_for()


def test_what_is_known_of_respondents_is_told_whole_in_a_narrow_window(
    tab: Any, sample_app: Any
) -> None:
    tab.set_viewport_size({"width": 900, "height": 800})
    tab.goto(sample_app.page("respondents"))
    captions = tab.locator(".st-key-people [data-testid=stCaptionContainer] p")
    captions.first.wait_for()
    at_rest(tab)
    cut = captions.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth)")
    assert captions.count() > 5 and len(cut) == 0


def test_labels_of_one_line_stand_level(tab: Any, sample_app: Any) -> None:
    tab.goto(sample_app.page("themes"))
    labels = [
        tab.locator("[data-testid=stMain] [data-testid=stWidgetLabel]").filter(
            has_text=re.compile(f"^{name}$")
        )
        for name in ("View", "Rows", "Group by", "Crossed with")
    ]
    for label in labels:
        label.wait_for()
    at_rest(tab)
    tops = [label.bounding_box()["y"] for label in labels]
    assert max(tops) - min(tops) < 0.5, tops

"""Every page in both themes: it opens, it speaks to this machine only, and axe finds nothing."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "": "SpeakOut sample",
    "import_survey": "Import",
    "groups": "Groups",
    "codebook": "Codebook",
    "coding": "SpeakOut sample · coding as Ana",
    "place_again": "Place again",
    "respondents": "Respondents",
    "questions": "Questions",
    "themes": "Themes",
    "extracts": "Extracts",
}


def violations(page: Any) -> list[str]:
    """Give what axe finds, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{item['id']} ({item['impact']}): {node['target']} {node['html'][:160]}"
        for item in found
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES, ids=lambda name: name or "overview")
def test_page_opens_and_axe_finds_nothing(
    open_tab: Any, sample_app: Any, name: str, scheme: str
) -> None:
    page = open_tab(color_scheme=scheme, reduced_motion="reduce")
    page.goto(sample_app.page(name))
    page.get_by_role("heading", level=1).first.wait_for(timeout=30_000)
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=30_000)
    page.wait_for_timeout(400)
    assert PAGES[name] in page.get_by_role("heading", level=1).first.inner_text()
    assert violations(page) == []


def test_the_first_screen_asks_for_a_name(tab: Any, empty_app: Any) -> None:
    tab.goto(f"{empty_app.url}/groups")
    tab.get_by_role("heading", name="SpeakOut Workbench").wait_for(timeout=30_000)
    assert violations(tab) == []
    # The page that was asked for opens as soon as there is a name.
    name = tab.get_by_label("Who are you?")
    name.fill("Noor")
    name.press("Enter")
    tab.get_by_role("button", name="Start").click()
    tab.get_by_role("heading", name="Groups", level=1).wait_for(timeout=15_000)


def test_arabic_script_is_shown_in_the_bundled_face(tab: Any, sample_app: Any) -> None:
    tab.goto(sample_app.page("coding"))
    tab.wait_for_selector("[contenteditable=true]", timeout=30_000)
    tab.wait_for_function(
        """() => [...document.fonts].some(
          (face) => face.family.includes("Noto Naskh Arabic") && face.status === "loaded")""",
        timeout=15_000,
    )

"""Differences decided by keyboard in a real browser, until the consensus counts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import violations

pytestmark = pytest.mark.browser

CONSENSUS = """SELECT count(*) FROM coding WHERE coder_id = 0 AND deleted_at IS NULL"""
SETTLED = "SELECT count(*) FROM document WHERE adjudicated_at IS NOT NULL"


@pytest.fixture
def study(empty_app: Any) -> None:
    """Code a small survey twice: they differ three times on R1, once on R3."""
    from workbench.services import study
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(SURVEY)
    bench.load(CODEBOOK)
    ben = bench.person("Ben")
    one, three = bench.document("R1"), bench.document("R3")
    bench.code(one, "School", "She listened")
    bench.code(one, "School", "She listened", actor=ben)
    bench.code(one, "Waiting", "Then she left")
    bench.code(one, "Waiting", "she left", actor=ben)
    bench.code(one, "Phone", "to me", actor=ben)
    bench.code(one, "Schooling", "listened")
    bench.code(three, "Waiting", "تین بار فون")
    for document in (one, three):
        bench.done(document)
        bench.done(document, ben)
    database.close()


def test_differences_are_decided_by_keyboard(tab: Any, empty_app: Any, study: None) -> None:
    tab.goto(empty_app.page("adjudicate"))
    items = tab.locator(".aj-item")
    expect(items).to_have_count(3)
    open_one = tab.locator(".aj-item[aria-current]")
    expect(open_one).to_contain_text("Schooling")
    assert violations(tab) == []
    tab.locator(".aj-root [contenteditable=true]").focus()
    tab.keyboard.press("2")
    expect(tab.get_by_role("status")).to_contain_text("Ben did not apply the code here.")
    tab.keyboard.press("n")
    expect(items.nth(0)).to_contain_text("neither, by Ana")
    expect(open_one).to_contain_text("Phone")
    tab.keyboard.press("m")
    tab.keyboard.type("bn2 is what they said")
    tab.keyboard.press("Escape")
    tab.keyboard.press("2")
    expect(items.nth(1)).to_contain_text("as Ben, by Ana")  # as the server has it
    expect(open_one).to_contain_text("Waiting")
    assert empty_app.ask("SELECT note FROM adjudication ORDER BY id DESC LIMIT 1") == [
        ("bn2 is what they said",)
    ]
    expect(tab.locator(".aj-note"), "each decision has a note of its own").to_have_value("")
    tab.evaluate(
        """() => {
          const node = [...document.querySelectorAll(".aj-root .cp-words")]
            .map((line) => line.firstChild).find((node) => node.data.includes("left"));
          const at = node.data.indexOf("left");
          getSelection().setBaseAndExtent(node, at, node, at + 4);
        }"""
    )
    expect(tab.get_by_role("button", name="Selected words")).to_be_enabled()
    tab.keyboard.press("e")
    expect(tab.locator(".aj-title")).to_have_text("R3")
    empty_app.wait_for(SETTLED, 1)
    empty_app.wait_for(CONSENSUS, 3)
    text = tab.locator(".aj-root [contenteditable=true]")
    expect(text, "the keys go on in the next answer").to_be_focused()
    tab.keyboard.press("Control+z")
    expect(tab.locator(".aj-title")).to_have_text("R1")
    empty_app.wait_for(SETTLED, 0)
    tab.keyboard.press("b")
    expect(tab.locator(".aj-title")).to_have_text("R3")
    tab.keyboard.press("1")
    expect(tab.get_by_text("Every answer that two or more people have done is")).to_be_visible()
    empty_app.wait_for(SETTLED, 2)
    empty_app.wait_for(CONSENSUS, 5)

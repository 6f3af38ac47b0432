"""Two people in two browsers: blind coding, agreement, adjudication, and a codebook refined.

In one study, from giving documents out to the consensus in the table of themes.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import at_rest, press, up_to_date, violations
from tests.journeys.test_coding_page import open_coding

pytestmark = pytest.mark.browser

LIVE = """SELECT count(*) FROM coding JOIN coder ON coder.id = coding.coder_id
          WHERE coder.name = ? AND deleted_at IS NULL"""
DONE = """SELECT count(*) FROM document_state JOIN coder ON coder.id = coder_id
          WHERE coder.name = ? AND state = 'done'"""
CONSENSUS = "SELECT count(*) FROM coding WHERE coder_id = 0 AND deleted_at IS NULL"
STATUS = "SELECT status FROM code WHERE name = ?"


@pytest.fixture
def study(empty_app: Any) -> None:
    """Make a study of four people and a codebook; Ana owns it, Ben has joined."""
    from workbench.services import study
    from workbench.services.opening import open_database
    from workbench.services.team import team

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(SURVEY)
    bench.load(CODEBOOK)
    team.add_member(ana, database, bench.study_id, "Ben")
    database.close()


def code_words(tab: Any, words: str, key: str) -> None:
    """Select words of the open answer, as dragging over them would, and press a code's key."""
    tab.evaluate(
        """words => {
          const node = [...document.querySelectorAll(".cp-words")].map((line) => line.firstChild)
            .find((node) => node.data.includes(words));
          const at = node.data.indexOf(words);
          document.querySelector("[contenteditable=true]").focus({ preventScroll: true });
          getSelection().setBaseAndExtent(node, at, node, at + words.length);
        }""",
        words,
    )
    tab.keyboard.press(key)


def open_answer(tab: Any, label: str, words: str) -> None:
    tab.locator(".cp-answer", has_text=label).first.click()
    expect(tab.locator(".cp-text")).to_contain_text(words)
    expect(tab.locator(".cp-saved")).to_have_text("Saved")


def give_everything_out_blind(tab: Any, app: Any) -> None:
    tab.goto(app.page("team"))
    expect(tab.get_by_role("heading", name="Give documents out")).to_be_visible()
    tab.get_by_text("All to everybody").first.click()
    tab.get_by_text("Blind: nobody sees").click()
    press(tab, "Give out")
    app.wait_for("SELECT count(*) FROM assignment WHERE blind", 14)


def code_blindly(ana: Any, ben: Any, app: Any) -> None:
    for tab, person in ((ana, "Ana"), (ben, "Ben")):
        open_coding(tab, app, person)
        open_answer(tab, "R1", "She listened")
    code_words(ana, "She listened", "3")
    code_words(ana, "Then she left", "1")
    app.wait_for(LIVE, 2, "Ana")
    code_words(ben, "She listened", "3")
    code_words(ben, "she left", "1")
    app.wait_for(LIVE, 2, "Ben")
    up_to_date(ana)  # which brings nothing of Ben's
    expect(ana.locator(".cp-stripe")).to_have_count(2)
    expect(ana.locator(".cp-stripe[title*=Ben]")).to_have_count(0)
    for tab, person, words in ((ana, "Ana", "Nobody rang back"), (ben, "Ben", "rang back")):
        tab.keyboard.press("d")
        app.wait_for(DONE, 1, person)
        open_answer(tab, "R2", "Nobody rang back")
        code_words(tab, words, "2")
        app.wait_for(LIVE, 3, person)
        tab.keyboard.press("d")
        app.wait_for(DONE, 2, person)
    open_answer(ana, "R1", "She listened")
    expect(ana.locator(".cp-stripe")).to_have_count(4)
    expect(ana.locator(".cp-stripe[title*=Ben]")).to_have_count(2)


def settle(tab: Any, app: Any) -> None:
    tab.goto(app.page("adjudicate"))
    expect(tab.locator(".aj-item")).to_have_count(1)
    tab.locator(".aj-root [contenteditable=true]").focus()
    tab.keyboard.press("1")
    expect(tab.locator(".aj-title")).to_have_text("R2")
    tab.keyboard.press("2")
    expect(tab.get_by_text("Every answer that two or more people have done is")).to_be_visible()
    app.wait_for(CONSENSUS, 3)


def open_code(tab: Any, name: str) -> None:
    named = re.compile(rf"^\s*{name}\s+\d")
    at_rest(tab)
    tab.locator(".st-key-code_tree [role=radiogroup] label").filter(has_text=named).first.click()
    expect(tab.get_by_role("heading", name=name, exact=True)).to_be_visible()


def choose(tab: Any, label: str, option: str) -> None:
    at_rest(tab)
    tab.get_by_role("combobox", name=label).last.click()
    tab.get_by_role("option", name=option, exact=True).click()


def merge_and_split(tab: Any, app: Any) -> None:
    tab.goto(app.page("codebook"))
    expect(tab.get_by_role("heading", name="Codebook", exact=True)).to_be_visible()
    open_code(tab, "Schooling")
    press(tab, "Merge", exact=True)
    choose(tab, "Into", "School")
    press(tab, "Merge them", exact=True)
    expect(tab.get_by_text("Schooling merged into School.")).to_be_visible()
    app.wait_for(STATUS, "merged", "Schooling")
    open_code(tab, "Waiting")
    press(tab, "Split", exact=True)
    tab.get_by_role("textbox", name="New codes, one a line").fill(
        "No answer: nobody picks up\nLeft alone"
    )
    press(tab, "Split it", exact=True)
    card = tab.locator(".so-card")
    expect(card).to_contain_text("Then she left")
    card.focus()
    tab.keyboard.press("2")
    app.wait_for(
        "SELECT count(*) FROM coding JOIN code ON code.id = code_id WHERE code.name = ?",
        1, "Left alone",
    )  # fmt: skip


def compare(tab: Any, app: Any) -> None:
    tab.goto(app.page("compare"))
    expect(tab.get_by_role("heading", name="Compare", exact=True)).to_be_visible()
    expect(tab.get_by_role("heading", name="Where they differ")).to_be_visible()
    # Whole answers: both applied the same codes to both, whatever the ends of their spans.
    expect(tab.get_by_text("Ana and Ben").first).to_be_visible()
    assert violations(tab) == []


def read_versions(tab: Any, app: Any) -> None:
    tab.goto(app.page("codebook"))
    tab.get_by_text("Versions", exact=True).click()
    expect(tab.get_by_text("Left alone was split from", exact=False).first).to_be_visible()
    press(tab, "Name this version", exact=True)
    tab.get_by_role("textbox", name="Name", exact=True).fill("After the pilot")
    press(tab, "Save the name", exact=True)
    expect(tab.get_by_role("heading", name="After the pilot")).to_be_visible()
    choose(tab, "Compare with", "Version 1")
    expect(tab.get_by_text("Schooling was merged into School", exact=False)).to_be_visible()


def review_again(tab: Any, app: Any) -> None:
    tab.goto(app.page("codebook"))
    open_code(tab, "Phone")
    tab.get_by_role("textbox", name="Definition").fill("Nobody picks up, or nobody rings back.")
    press(tab, "Save", exact=True)
    app.wait_for("SELECT count(*) FROM code WHERE defined_in IS NOT NULL", 1)
    tab.get_by_role("link", name="Review again (1)").click()
    expect(tab.get_by_text("Nobody picks up, or nobody rings back.").first).to_be_visible()
    tab.locator(".st-key-review_keys").wait_for(state="attached")
    expect(tab.get_by_role("button", name="Keep (K)")).to_be_visible()
    at_rest(tab)
    tab.keyboard.press("k")
    expect(tab.get_by_text("Nothing of yours is to be reviewed.")).to_be_visible()


def count_the_consensus(tab: Any, app: Any) -> None:
    tab.goto(app.page("themes"))
    expect(tab.get_by_role("grid")).to_be_visible()
    choose(tab, "Coded by", "Consensus")
    rows = tab.get_by_role("row")
    expect(rows.filter(has_text="Access")).to_contain_text("2 (50 %)")
    expect(rows.filter(has_text="School")).to_contain_text("1 (25 %)")


def test_two_people_from_blind_coding_to_the_consensus(
    open_tab: Any, empty_app: Any, study: None
) -> None:
    ana, ben = open_tab(), open_tab()
    give_everything_out_blind(ana, empty_app)
    code_blindly(ana, ben, empty_app)
    compare(ben, empty_app)
    settle(ana, empty_app)
    merge_and_split(ana, empty_app)
    read_versions(ana, empty_app)
    review_again(ana, empty_app)
    count_the_consensus(ben, empty_app)

"""Coding in a real browser: words, bursts, undo over a reload, two tabs at once."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

LIVE = """SELECT count(*) FROM coding JOIN coder ON coder.id = coding.coder_id
          WHERE coder.name = ? AND deleted_at IS NULL"""


def open_coding(tab: Any, app: Any, person: str) -> None:
    tab.goto(app.page("coding", person=person))
    tab.wait_for_selector("[contenteditable=true]")
    tab.wait_for_selector("text=Saved")


def select_in_text(tab: Any, start: int, end: int) -> str:
    """Select UTF-16 units of the first line, as dragging over it would; give the words."""
    return tab.evaluate(
        """([start, end]) => {
          const box = document.querySelector('[contenteditable=true]');
          const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
          let longest = null;
          for (let node = walker.nextNode(); node; node = walker.nextNode())
            if (!node.parentElement.closest('[contenteditable=false]')
                && (!longest || node.data.length > longest.data.length)) longest = node;
          box.focus();
          getSelection().setBaseAndExtent(longest, start, longest, end);
          return getSelection().toString();
        }""",
        [start, end],
    )


def sign_in(app: Any, name: str) -> None:
    """Make a coder, as the welcome page does."""
    from workbench.services.opening import open_database
    from workbench.services.study import sign_in as welcome

    database = open_database(f"sqlite:///{app.database}")
    welcome(database, name)
    database.close()


def test_twenty_codings_in_two_seconds_all_arrive(tab: Any, sample_app: Any) -> None:
    sign_in(sample_app, "Quick")
    open_coding(tab, sample_app, "Quick")
    for place in range(20):
        select_in_text(tab, place * 5, place * 5 + 9)
        tab.keyboard.press(str(place % 9 + 1))
        tab.wait_for_timeout(60)
    sample_app.wait_for(LIVE, 20, "Quick")
    tab.wait_for_selector("text=Saved")


def test_fifty_undos_survive_a_reload(tab: Any, sample_app: Any) -> None:
    sign_in(sample_app, "Careful")
    open_coding(tab, sample_app, "Careful")
    for place in range(52):
        select_in_text(tab, place * 3, place * 3 + 8)
        tab.keyboard.press(str(place % 9 + 1))
    sample_app.wait_for(LIVE, 52, "Careful")
    tab.reload()
    tab.wait_for_selector("[contenteditable=true]")
    tab.wait_for_selector("text=Saved")
    tab.focus("[contenteditable=true]")
    for _ in range(52):
        tab.keyboard.press("Control+z")
    sample_app.wait_for(LIVE, 0, "Careful")
    for _ in range(3):
        tab.keyboard.press("Control+Shift+z")
    sample_app.wait_for(LIVE, 3, "Careful")


def test_two_tabs_and_two_people_on_one_answer_lose_nothing(open_tab: Any, sample_app: Any) -> None:
    for name in ("Twin", "Other"):
        sign_in(sample_app, name)
    pages = [(open_tab(), name) for name in ("Twin", "Twin", "Other")]
    for page, person in pages:
        open_coding(page, sample_app, person)
    for place in range(8):
        for at, (page, _) in enumerate(pages):
            select_in_text(page, place * 9 + at, place * 9 + at + 7)
            page.keyboard.press(str(place + 1))
    sample_app.wait_for(LIVE, 16, "Twin")
    sample_app.wait_for(LIVE, 8, "Other")
    for page, _ in pages:
        page.wait_for_selector("text=Saved")


def test_words_typed_for_a_memo_while_an_answer_opens_are_no_commands(
    tab: Any, sample_app: Any
) -> None:
    sign_in(sample_app, "Hasty")
    open_coding(tab, sample_app, "Hasty")
    second = tab.locator(".cp-answer .cp-label").nth(1).text_content().strip()
    # The answer and its memo are asked for within one moment, long before the answer comes.
    tab.evaluate(
        """() => {
          document.querySelectorAll('.cp-answer')[1].click();
          document.querySelector('.cp-head-tools button').click();
        }"""
    )
    tab.keyboard.type("Two nurses / 1 day, wait time", delay=20)
    tab.wait_for_function(
        "label => document.querySelector('.cp-title').textContent.startsWith(label)", arg=second
    )
    tab.keyboard.type(".")
    tab.keyboard.press("Control+Enter")
    memo = """SELECT memo.text FROM memo JOIN coder ON coder.id = memo.author_id
              WHERE coder.name = ?"""
    sample_app.wait_for(f"SELECT count(*) FROM ({memo})", 1, "Hasty")
    assert sample_app.ask(memo, "Hasty") == [("Two nurses / 1 day, wait time.",)]
    assert sample_app.ask(LIVE, "Hasty") == [(0,)]

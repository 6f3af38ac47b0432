"""What people do in a browser, each step waiting for what it needs and for nothing else.

A busy machine may take its time between any two of them. So none asks once and goes on, none counts
seconds instead of looking, and none presses a key before what is to hear it is there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.conftest import PATIENCE_S

QUIET_MS, QUIET_FRAMES = 300, 10
AT_REST = """async ([patience, ms, frames]) => {
  const app = () => document.querySelector("[data-test-script-state]");
  const isBusy = () =>
    (app() && app().dataset.testScriptState !== "notRunning")
    || document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
    || document.fonts.status !== "loaded"
    || document.getAnimations().some((one) => one.playState === "running"
      && one.effect?.getComputedTiming().endTime !== Infinity);
  let changed = true;
  const watcher = new MutationObserver(() => { changed = true; });
  watcher.observe(document, { subtree: true, childList: true, attributes: true,
                              characterData: true });
  const begun = performance.now();
  let since = begun, quiet = 0;
  while (quiet < frames || performance.now() - since < ms) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    if (changed || isBusy()) [since, quiet] = [now, 0];
    else quiet++;
    changed = false;
    if (now - begun > patience) break;
  }
  watcher.disconnect();
  return quiet >= frames;
}"""
MAX_COLUMNS = 30
EDITOR = "#portal :is(textarea, input)"
ROLES = "[id^=react-select][id$=-listbox]"
UP_TO_DATE = """async () => {
  const { live } = speakoutCodingPane.pane;
  const told = await fetch(live.url, { cache: "no-store" });
  return told.ok && (await told.text()) === live.token;
}"""
SELECTION = "getSelection().toString()"


def at_rest(tab: Any) -> None:
    """Wait until nothing is drawn or moves any more, and the server has nothing to do.

    What was pressed just now may not be with the server yet: wait for what comes of it first.
    """
    asked = [PATIENCE_S * 1000, QUIET_MS, QUIET_FRAMES]
    assert tab.evaluate(AT_REST, asked), "the page does not come to rest"


def violations(tab: Any) -> list[str]:
    """Give what axe finds in a page at rest, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    at_rest(tab)
    found = Axe().run(tab).response["violations"]
    return [
        f"{item['id']} ({item['impact']}): {node['target']} {node['html'][:160]}"
        for item in found
        for node in item["nodes"]
    ]


def go(tab: Any, name: str, *, rests: bool = True) -> None:
    """Follow a link of the sidebar to its page; some pages never rest while there is work."""
    link = tab.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True)
    path = str(link.get_attribute("href")).split("?")[0].rstrip("/")
    link.click()
    tab.wait_for_function("path => location.pathname.replace(/[/]$/, '').endsWith(path)", arg=path)
    expect(tab.get_by_role("heading", level=1).first).to_be_visible()
    if rests:
        at_rest(tab)


def send_file(tab: Any, uploader: str, *paths: Path) -> None:
    """Choose files for the uploader of a key."""
    send(tab, tab.locator(f".st-key-{uploader} input[type=file]"), *paths)


def send(tab: Any, field: Any, *paths: Path) -> None:
    """Choose files for a field, once it is drawn."""
    field.wait_for(state="attached")
    at_rest(tab)
    field.set_input_files([str(path) for path in paths])


def press(tab: Any, name: str, *, exact: bool = False) -> None:
    """Press a button where it comes to stand: one that moves under the mouse is not pressed."""
    button = tab.get_by_role("button", name=name, exact=exact)
    button.wait_for()
    at_rest(tab)
    button.click()


def fill(tab: Any, label: str, words: str) -> None:
    """Type into a field and press Enter, as its own hint says."""
    field = tab.get_by_label(label)
    at_rest(tab)
    field.fill(words)
    field.press("Enter")


def selected(tab: Any, words: str) -> None:
    """Wait until these words are selected."""
    tab.wait_for_function(f"words => {SELECTION} === words", arg=words)


def up_to_date(tab: Any) -> None:
    """Wait until a coding pane has all the news that there are, if they are for it."""
    tab.wait_for_function(UP_TO_DATE)


def cell(table: Any, row: int, column: str) -> Any:
    """Give a cell of a table that can be edited, as screen readers have it; rows from 1."""
    head = table.locator("th[role=columnheader]").filter(has_text=re.compile(f"^{column}$"))
    return table.locator(
        f"[id=glide-cell-{int(head.get_attribute('aria-colindex')) - 1}-{row - 1}]"
    )


def stand_on(wanted: Any) -> None:
    """Wait until a cell is chosen, and keys go to it."""
    expect(wanted).to_have_attribute("aria-selected", "true")
    expect(wanted).to_be_focused()


def walk_to(table: Any, row: int, column: str) -> Any:
    """Walk through a table in focus to a cell, with the keyboard; give the cell."""
    keys = table.page.keyboard
    keys.press("Control+Home")
    stand_on(table.locator("[id=glide-cell-0-0]"))
    for down in range(1, row):
        keys.press("ArrowDown")
        stand_on(table.locator(f"[id=glide-cell-0-{down}]"))
    # Columns that are out of sight are not there: Tab, on its way through, has scrolled the table.
    for across in range(MAX_COLUMNS):
        here = table.locator(f"[id=glide-cell-{across}-{row - 1}]")
        stand_on(here)
        if table.locator(f"th[aria-colindex='{across + 1}']").text_content() == column:
            return here
        keys.press("ArrowRight")
    raise AssertionError(f"there is no column {column}")


def type_into(tab: Any, row: int, column: str, words: str) -> None:
    """Type into a cell of the only table that can be edited."""
    table = tab.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    at_rest(tab)
    table.locator("canvas").first.focus()
    wanted = walk_to(table, row, column)
    tab.keyboard.press("Enter")
    editor = tab.locator(EDITOR).first
    expect(editor).to_be_focused()
    editor.fill(words)
    tab.keyboard.press("Enter")
    expect(wanted).to_have_text(words)


def choose_role(tab: Any, wanted: Any, *keys: str) -> None:
    """Open the list of roles in a cell that stands chosen, and walk it with the keyboard."""
    stand_on(wanted)
    before = str(wanted.text_content())
    tab.keyboard.press("Enter")
    tab.locator(ROLES).wait_for()
    expect(tab.locator(EDITOR).first).to_be_focused()
    for key in (*keys, "Enter"):
        tab.keyboard.press(key)
    expect(wanted).not_to_have_text(before)

"""Several people in one answer at once: each sees what others code, and keeps their place."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import up_to_date
from tests.journeys.test_coding_page import LIVE, open_coding, select_in_text, sign_in
from workbench.ui.components.coding_pane.bundle import FOLDER

pytestmark = pytest.mark.browser

WITHIN_MS = 5_000
"""Others' work shows after this time at most, on a machine that has time."""

ASK_MS = re.compile(r"const ASK_MS = (\d+);")

COUNT = """() => {
  const { live } = speakoutCodingPane.pane, { fetch } = window, { wish } = live;
  window.counted = { asked: 0, wished: [] };
  window.fetch = (url, ...more) => {
    if (url === live.url) counted.asked += 1;
    return fetch(url, ...more);
  };
  live.wish = (news) => {
    counted.wished.push(counted.asked);
    return wish(news);
  };
}"""
"""Count how often the pane asks whether there is news, until it wishes for them."""

WHERE = """() => {
  const scroller = document.querySelector('.cp-scroll');
  return [getSelection().toString(), scroller ? scroller.scrollTop : null, window.scrollY];
}"""

SCROLLED = f"""async () => {{
  const where = {WHERE};
  let [before, still] = [null, 0];
  while (still < 10) {{
    await new Promise(requestAnimationFrame);
    const now = where().slice(1).join();
    still = now === before && Math.max(...where().slice(1)) > 0 ? still + 1 : 0;
    before = now;
  }}
  return true;
}}"""
"""Wait until the page has been scrolled, and stands still."""

HERE = "() => speakoutCodingPane.pane.codings.all.size"
OTHERS = """(name) => { const pane = speakoutCodingPane.pane;
  return [...pane.codings.all.values()].filter((it) => pane.coderName(it) === name).length; }"""


def shows(tab: Any, name: str, n: int) -> None:
    """Wait until the pane holds so many codings of somebody."""
    tab.wait_for_function(f"([name, n]) => ({OTHERS})(name) === n", arg=[name, n])


def long_answer(app: Any) -> int:
    """Give an answer that is longer than the screen: the longest one, made longer."""
    from workbench.services.opening import open_database
    from workbench.store.documents import documents

    (key,) = app.ask(
        """SELECT d.id FROM document d JOIN revision r ON r.id = d.current_revision_id
           WHERE d.codable ORDER BY length(r.text) DESC LIMIT 1"""
    )[0]
    database = open_database(f"sqlite:///{app.database}")
    with database.write() as connection:
        text = connection.exec_driver_sql(
            "SELECT text FROM revision JOIN document ON current_revision_id = revision.id "
            f"WHERE document.id = {key}"
        ).scalar()
        documents.add_revision(connection, document_id=key, text="\n".join([text] * 30),
                               why="made longer", actor_id=1)  # fmt: skip
    database.close()
    return int(key)


def visit(tab: Any, app: Any, person: str, document: int) -> None:
    tab.goto(app.page("coding", person=person) + f"&document={document}")
    tab.wait_for_selector("[contenteditable=true]")
    tab.wait_for_selector("text=Saved")


def test_others_codings_come_without_moving_anything(open_tab: Any, sample_app: Any) -> None:
    for name in ("Reader", "Writer"):
        sign_in(sample_app, name)
    document = long_answer(sample_app)
    reader, writer = open_tab(), open_tab()
    visit(reader, sample_app, "Reader", document)
    visit(writer, sample_app, "Writer", document)
    chosen = select_in_text(reader, 3, 25)
    reader.mouse.move(640, 400)
    reader.mouse.wheel(0, 300)
    reader.wait_for_function(SCROLLED)
    before = reader.evaluate(WHERE)
    assert before[0] == chosen
    select_in_text(writer, 0, 12)
    writer.keyboard.press("1")
    sample_app.wait_for(LIVE, 1, "Writer")
    reader.evaluate(COUNT)
    shows(reader, "Writer", 1)
    # The next time that the page asks, it is told; how long that takes is the machine's affair.
    assert reader.evaluate("counted.wished[0] ?? 0") <= 1
    (every_ms,) = ASK_MS.findall((FOLDER / "live.js").read_text(encoding="utf-8"))
    assert 2 * int(every_ms) < WITHIN_MS
    assert reader.evaluate(WHERE) == before
    writer.keyboard.press("Control+z")
    shows(reader, "Writer", 0)
    assert reader.evaluate(WHERE) == before
    reader.keyboard.press("2")  # the words are still selected, and can be coded
    sample_app.wait_for(LIVE, 1, "Reader")
    shows(writer, "Reader", 1)


def test_codes_that_others_make_or_rename_come_too(open_tab: Any, sample_app: Any) -> None:
    from workbench.services import study
    from workbench.services.codebooks import codebook
    from workbench.services.opening import open_database

    sign_in(sample_app, "Watcher")
    tab = open_tab()
    open_coding(tab, sample_app, "Watcher")
    database = open_database(f"sqlite:///{sample_app.database}")
    maker = study.sign_in(database, "Maker")
    key = codebook.add_code(maker, database, 1, parent_id=None, name="Fresh air")
    tab.wait_for_selector("text=Fresh air")
    codebook.edit_code(maker, database, 1, key, {"name": "Open air"})
    tab.wait_for_selector("text=Open air")
    expect(tab.locator("text=Fresh air")).to_have_count(0)
    database.close()


def test_what_is_coded_blind_shows_when_all_are_done(open_tab: Any, sample_app: Any) -> None:
    for name in ("Blind one", "Blind two", "Onlooker"):
        sign_in(sample_app, name)
    (document,) = sample_app.ask("SELECT min(id) + 3 FROM document WHERE codable")[0]
    keys = [sample_app.ask("SELECT id FROM coder WHERE name = ?", name)[0][0]
            for name in ("Blind one", "Blind two")]  # fmt: skip
    with sqlite3.connect(sample_app.database, timeout=20) as connection:
        for key in keys:
            connection.execute(
                "INSERT INTO assignment (document_id, coder_id, blind, created_at) "
                "VALUES (?, ?, 1, '2022-01-01')",
                [document, key],
            )
    connection.close()
    one, two, onlooker = open_tab(), open_tab(), open_tab()
    visit(one, sample_app, "Blind one", document)
    visit(two, sample_app, "Blind two", document)
    visit(onlooker, sample_app, "Onlooker", document)
    assert one.evaluate(HERE) == 0
    select_in_text(two, 0, 9)
    two.keyboard.press("1")
    sample_app.wait_for(LIVE, 1, "Blind two")
    for tab in (one, onlooker):  # which brings nothing
        up_to_date(tab)
    assert one.evaluate(HERE) == onlooker.evaluate(HERE) == 0
    for tab in (one, two):
        tab.focus("[contenteditable=true]")
        tab.keyboard.press("d")
    sample_app.wait_for(
        "SELECT count(*) FROM document_state WHERE state = 'done' AND document_id = ?", 2, document
    )
    shows(onlooker, "Blind two", 1)
    visit(one, sample_app, "Blind one", document)
    shows(one, "Blind two", 1)


def test_whose_codings_are_shown_is_chosen_and_kept(open_tab: Any, sample_app: Any) -> None:
    for name in ("Picky", "Loud"):
        sign_in(sample_app, name)
    (document,) = sample_app.ask("SELECT min(id) + 8 FROM document WHERE codable")[0]
    picky, loud = open_tab(), open_tab()
    visit(loud, sample_app, "Loud", document)
    select_in_text(loud, 0, 9)
    loud.keyboard.press("1")
    sample_app.wait_for(LIVE, 1, "Loud")
    visit(picky, sample_app, "Picky", document)
    shows(picky, "Loud", 1)
    picky.get_by_role("combobox", name="Codings shown").click()
    picky.get_by_role("option", name="My codings").click()
    shows(picky, "Loud", 0)
    select_in_text(picky, 2, 14)
    picky.keyboard.press("2")
    sample_app.wait_for(LIVE, 1, "Picky")
    select_in_text(loud, 12, 20)
    loud.keyboard.press("3")
    sample_app.wait_for(LIVE, 2, "Loud")
    up_to_date(picky)  # which brings nothing of Loud's
    shows(picky, "Loud", 0)
    assert picky.evaluate(HERE) == 1
    picky.get_by_role("combobox", name="Codings shown").click()
    picky.get_by_role("option", name="Everybody's codings").click()
    shows(picky, "Loud", 2)
    expect(picky.get_by_text("Saved", exact=True)).to_be_visible()

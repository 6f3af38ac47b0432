"""The whole way through the screens: from a survey file to a workbook that reads back.

A person signs in, imports a CSV, loads a codebook, codes three answers by mouse and by keyboard
alone, sees the counts, and exports what was coded.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import at_rest, fill, go, press, selected, send, send_file

pytestmark = pytest.mark.browser

PLAIN = "They listened to me. Then the next one looked at my scarf first and spoke to my daughter."
URDU = "میں نے تین بار فون کیا 😔 لیکن کسی نے جواب نہیں دیا۔"
EMOJI = "Café was closed 👨‍👩‍👧‍👦 and the letter had my name wrong 😢 again."
CODEBOOK = """\
format: speakout-codebook/1
name: Journey
codes:
  - name: Contact
    colour: "#332288"
    definition: Getting through to a service.
    children:
      - name: No answer
        definition: Nobody answers.
      - name: Door closed
        definition: The place is shut.
  - name: Respect
    colour: "#117733"
    definition: How people are spoken to.
"""


def survey_file(folder: Path) -> Path:
    rows = [
        ["ID", "Who are you?", "Your e-mail", "What happened when you asked for help?"],
        ["P1", "Parent", "p1@example.org", PLAIN],
        ["P2", "Parent", "p2@example.org", URDU],
        ["P3", "Young person", "p3@example.org", EMOJI],
        ["P4", "Young person", "p4@example.org", ""],
    ]
    path = folder / "journey.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    return path


def drag_over(tab: Any, words: str, *, right_to_left: bool = False) -> None:
    """Drag the mouse over these words in the text."""
    at_rest(tab)
    box = tab.evaluate(
        """(words) => {
          const text = document.querySelector('[contenteditable=true]');
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(words);
            if (at < 0 || node.parentElement.closest('[contenteditable=false]')) continue;
            const place = (from, to) => {
              const range = document.createRange();
              range.setStart(node, from); range.setEnd(node, to);
              const box = range.getBoundingClientRect();
              return { left: box.left, right: box.right, middle: box.top + box.height / 2 };
            };
            return [place(at, at + 1), place(at + words.length - 1, at + words.length)];
          }
        }""",
        words,
    )
    first, last = box
    start = first["right"] - 1 if right_to_left else first["left"] + 1
    end = last["left"] + 1 if right_to_left else last["right"] - 1
    tab.mouse.move(start, first["middle"])
    tab.mouse.down()
    tab.mouse.move((start + end) / 2, last["middle"], steps=5)
    tab.mouse.move(end, last["middle"], steps=5)
    tab.mouse.up()
    selected(tab, words)


def quotes(app: Any) -> set[tuple[str, str]]:
    """Give (code, words) of every live coding, cut in Python from the stored text."""
    rows = app.ask(
        """SELECT code.name, revision.text, anchor.start, anchor."end" FROM coding
           JOIN code ON code.id = coding.code_id JOIN anchor ON anchor.coding_id = coding.id
           JOIN revision ON revision.id = anchor.revision_id WHERE coding.deleted_at IS NULL"""
    )
    return {(name, text[start:end]) for name, text, start, end in rows}


def wait_for_quotes(tab: Any, app: Any, n: int) -> set[tuple[str, str]]:
    app.wait_for("SELECT count(*) FROM coding WHERE deleted_at IS NULL", n)
    tab.get_by_text("Saved", exact=False).first.wait_for()
    return quotes(app)


def test_from_survey_to_report(tab: Any, empty_app: Any, tmp_path: Path) -> None:
    sign_in(tab, empty_app)
    import_survey(tab, empty_app, survey_file(tmp_path))
    load_codebook(tab, empty_app, tmp_path)
    code_three_answers(tab, empty_app)
    see_counts(tab)
    read_back(export(tab, "XLSX", tmp_path), export(tab, "DOCX", tmp_path))


def sign_in(tab: Any, app: Any) -> None:
    tab.goto(app.url)
    box = tab.get_by_label("Who are you?")
    box.wait_for()
    box.fill("Noor")
    press(tab, "Start")
    tab.get_by_text("Noor").first.wait_for()


def import_survey(tab: Any, app: Any, path: Path) -> None:
    go(tab, "Import")
    send_file(tab, "survey_file", path)
    fill(tab, "Name of the new study", "Journey")
    press(tab, "Check what will come in")
    press(tab, "Import into Journey")
    tab.get_by_role("heading", name="Imported into Journey").wait_for()
    assert app.ask("SELECT count(*) FROM respondent")[0][0] == 4
    assert app.ask("SELECT count(*) FROM document")[0][0] == 3
    assert app.ask("SELECT state FROM absent_answer")[0][0] == "blank"
    everything = app.ask("SELECT group_concat(value) FROM respondent_attribute")[0][0]
    assert "example.org" not in everything


def load_codebook(tab: Any, app: Any, folder: Path) -> None:
    path = folder / "codebook.yaml"
    path.write_text(CODEBOOK, encoding="utf-8")
    go(tab, "Codebook")
    press(tab, "Load a codebook")
    send(tab, tab.locator("input[type=file]"), path)
    press(tab, "Load this file")
    app.wait_for("SELECT count(*) FROM code", 4)
    tab.get_by_text("Journey: 4 codes added").wait_for()


def code_three_answers(tab: Any, app: Any) -> None:
    go(tab, "Coding")
    tab.wait_for_selector("[contenteditable=true]")
    tab.get_by_text("P1", exact=True).first.wait_for()

    # By mouse: drag, then click the code.
    drag_over(tab, "looked at my scarf first")
    tab.get_by_text("Respect", exact=True).last.click()
    assert wait_for_quotes(tab, app, 1) == {("Respect", "looked at my scarf first")}

    # By keyboard alone: on to the Urdu answer, select its end, find the code by typing.
    tab.focus("[contenteditable=true]")
    tab.keyboard.press("Escape")
    tab.keyboard.press("j")
    expect(tab.locator(".cp-text")).to_contain_text("فون")
    tab.focus("[contenteditable=true]")
    tab.keyboard.press("Control+End")
    tab.keyboard.press("Shift+Home")
    tab.keyboard.press("/")
    tab.keyboard.type("no ans")
    tab.keyboard.press("Enter")
    found = wait_for_quotes(tab, app, 2)
    words = next(words for name, words in found if name == "No answer")
    assert words and words in URDU and URDU.endswith(words)

    # By keyboard: the third answer, an emoji family in the middle of the selection.
    tab.keyboard.press("Escape")
    tab.focus("[contenteditable=true]")
    tab.keyboard.press("j")
    expect(tab.locator(".cp-text")).to_contain_text("Café")
    tab.focus("[contenteditable=true]")
    tab.keyboard.press("Control+Home")
    for _ in range(len("Café was closed ")):
        tab.keyboard.press("ArrowRight")
    for _ in range(4):
        tab.keyboard.press("Shift+Control+ArrowRight")
    tab.keyboard.press("2")
    found = wait_for_quotes(tab, app, 3)
    words = next(
        words
        for name, words in found
        if name not in ("Respect", "No answer") or "👨‍👩‍👧‍👦" in words
    )
    assert words.startswith("👨‍👩‍👧‍👦 and") and words in EMOJI
    tab.keyboard.press("d")
    app.wait_for("SELECT count(*) FROM document_state WHERE state = 'done'", 1)


def see_counts(tab: Any) -> None:
    go(tab, "Themes")
    tab.get_by_role("heading", name="Themes").wait_for()
    table = tab.get_by_role("grid").first
    table.wait_for()
    row = table.get_by_role("row").filter(has_text="Contact")
    expect(row).to_contain_text("2 (67 %)")
    expect(table.get_by_role("row").filter(has_text="Respect")).to_contain_text("1 (33 %)")


def export(tab: Any, kind: str, folder: Path) -> bytes:
    go(tab, "Extracts")
    tab.get_by_text("3 extracts").first.wait_for()
    expect(tab.get_by_text(kind, exact=True)).not_to_be_visible()
    at_rest(tab)
    press(tab, "Export")
    tab.get_by_text(kind, exact=True).click()
    button = tab.get_by_role("button", name=f"Download 3 as {kind}")
    button.wait_for()
    at_rest(tab)
    with tab.expect_download() as download:
        button.click()
    path = folder / f"extracts.{kind.lower()}"
    download.value.save_as(path)
    return path.read_bytes()


def read_back(workbook: bytes, report: bytes) -> None:
    import docx
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    by_respondent = {row[header.index("respondent")]: row for row in rows}
    assert set(by_respondent) == {"P1", "P2", "P3"}
    assert by_respondent["P1"][header.index("quote")] == "looked at my scarf first"
    assert "👨‍👩‍👧‍👦" in by_respondent["P3"][header.index("quote")]
    assert not any("example.org" in str(cell) for row in rows for cell in row)
    text = "\n".join(part.text for part in docx.Document(io.BytesIO(report)).paragraphs)
    assert "looked at my scarf first" in text and "جواب نہیں دیا" in text
    assert "example.org" not in text

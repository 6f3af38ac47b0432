"""A Qualtrics export and the next one of the same survey, with coding in between.

The first file is recognised and goes in; two answers are coded; the second file has new people, a
corrected answer under the codings and lacks somebody. The person sees all of it before it goes in,
and the history tells both.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import fill, go, press, send_file
from tests.journeys.test_first_study import (
    drag_over,
    load_codebook,
    quotes,
    sign_in,
    wait_for_quotes,
)

pytestmark = pytest.mark.browser

NAMES = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Finished", "RecordedDate",
         "ResponseId", "RecipientEmail", "DistributionChannel", "UserLanguage", "Q1",
         "Q2"]  # fmt: skip
WORDINGS = ["Start Date", "End Date", "Response Type", "IP Address", "Progress", "Finished",
            "Recorded Date", "Response ID", "Recipient Email", "Distribution Channel",
            "User Language", "How old are you?", "In your own words, what happened?"]  # fmt: skip
IDS = ["startDate", "endDate", "status", "ipAddress", "progress", "finished", "recordedDate",
       "_recordId", "recipientEmail", "distributionChannel", "userLanguage", "QID1",
       "QID2_TEXT"]  # fmt: skip
FIRST = "They listened to me for once. Then nobody rang back for three weeks."
CORRECTED = "They listened to me for once. After that I gave up and went home."


def record(number: int, age: str, words: str, status: str = "IP Address") -> list[str]:
    channel = "preview" if status == "Survey Preview" else "anonymous"
    return [
        f"2025-03-0{number} 09:11:00", f"2025-03-0{number} 09:21:00", status, f"192.0.2.{number}",
        "100", "True", f"2025-03-0{number} 09:21:01", f"R_journey{number}abcdef",
        f"someone{number}@example.org", channel, "EN", age, words,
    ]  # fmt: skip


def export(path: Path, *records: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerows([NAMES, WORDINGS, [f'{{"ImportId":"{name}"}}' for name in IDS]])
        writer.writerows(records)
    return path


PREVIEW = record(1, "35-44", "just testing this form", "Survey Preview")
SECOND = record(3, "45-54", "Nobody told us where to go, and so we went nowhere at all.")
THIRD = record(4, "35-44", "A leaflet in our own language would have helped us.")
NEWCOMER = record(5, "25-34", "The second visit was better than the first one was.")


def test_a_survey_grows_while_it_is_coded(tab: Any, empty_app: Any, tmp_path: Path) -> None:
    first = export(tmp_path / "march.csv", PREVIEW, record(2, "25-34", FIRST), SECOND, THIRD)
    second = export(
        tmp_path / "april.csv", PREVIEW, record(2, "25-34", CORRECTED), SECOND, NEWCOMER
    )
    sign_in(tab, empty_app)
    bring_in_first(tab, empty_app, first)
    load_codebook(tab, empty_app, tmp_path)
    code_first_answer(tab, empty_app)
    look_at_second(tab, empty_app, second)
    bring_in_second(tab, empty_app)


def check(tab: Any, path: Path) -> None:
    send_file(tab, "survey_file", path)
    tab.get_by_text("read as an export of Qualtrics").wait_for()


def bring_in_first(tab: Any, app: Any, path: Path) -> None:
    go(tab, "Import")
    check(tab, path)
    fill(tab, "Name of the new study", "Journey")
    press(tab, "Check what will come in")
    tab.get_by_text("3 new respondents").first.wait_for()
    press(tab, "Import into Journey")
    tab.get_by_role("heading", name="Imported into Journey").wait_for()
    assert app.ask("SELECT count(*) FROM respondent")[0][0] == 3, "the preview was left out"
    assert app.ask("SELECT text FROM question")[0][0] == "In your own words, what happened?"


def code_first_answer(tab: Any, app: Any) -> None:
    go(tab, "Coding")
    tab.wait_for_selector("[contenteditable=true]")
    expect(tab.locator(".cp-text")).to_contain_text("for once")
    drag_over(tab, "They listened to me")
    tab.get_by_text("Respect", exact=True).last.click()
    wait_for_quotes(tab, app, 1)
    drag_over(tab, "nobody rang back for three weeks")
    tab.get_by_text("No answer", exact=True).last.click()
    assert wait_for_quotes(tab, app, 2) == {
        ("Respect", "They listened to me"),
        ("No answer", "nobody rang back for three weeks"),
    }


def look_at_second(tab: Any, app: Any, path: Path) -> None:
    go(tab, "Import")
    press(tab, "Import another file")
    tab.get_by_text("One row per respondent.", exact=False).wait_for()
    check(tab, path)
    press(tab, "Check what will come in")
    changed = tab.locator("section.changed")
    expect(changed).to_contain_text("1 coding carried over; 1 coding to be placed by a person")
    expect(changed.locator("del").first).to_contain_text("nobody rang back")
    expect(changed.locator("ins").filter(has_text="I gave up")).not_to_have_count(0)
    tab.get_by_text("Not in this file 1").click()
    tab.get_by_text("an import deletes nothing").wait_for()
    assert app.ask("SELECT count(*) FROM revision")[0][0] == 3, "looking changes nothing"
    assert "example.org" not in tab.content()


def bring_in_second(tab: Any, app: Any) -> None:
    press(tab, "Import into Journey")
    tab.get_by_role("heading", name="Imported into Journey").wait_for()
    assert app.ask("SELECT count(*) FROM respondent")[0][0] == 4
    states = app.ask(
        """SELECT code.name, anchor.state FROM anchor JOIN coding ON coding.id = anchor.coding_id
           JOIN code ON code.id = coding.code_id JOIN document d ON d.id = coding.document_id
           WHERE anchor.revision_id = d.current_revision_id ORDER BY code.name"""
    )
    assert states == [("No answer", "flagged"), ("Respect", "placed")]
    assert ("Respect", "They listened to me") in quotes(app)
    tab.get_by_text("april.csv").wait_for()
    tab.get_by_text("march.csv").wait_for()
    tab.get_by_text("2 files imported into Journey").wait_for()
    tab.get_by_test_id("stSidebar").get_by_role("link", name="Place again (1)").wait_for()

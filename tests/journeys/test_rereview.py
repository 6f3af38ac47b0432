"""A definition changes in a real browser, and the codings made before are reviewed by keyboard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import CODEBOOK, SURVEY, Bench
from tests.journeys.steps import at_rest, violations

pytestmark = pytest.mark.browser

LIVE = """SELECT code.name FROM coding JOIN code ON code.id = code_id
          WHERE coding.guid = ? AND coding.deleted_at IS NULL"""


@pytest.fixture
def coded(empty_app: Any) -> list[str]:
    """Code three answers, and change the definition of their code: give their identities."""
    from workbench.services import study
    from workbench.services.codebooks import codebook
    from workbench.services.opening import open_database

    database = open_database(f"sqlite:///{empty_app.database}")
    ana = study.sign_in(database, "Ana")
    bench = Bench(database, ana, study.create_study(ana, database, "Test").id)
    bench.ingest(SURVEY)
    bench.load(CODEBOOK)
    place = ana, database, bench.study_id
    phone = bench.codes()["Phone"].id
    codebook.edit_code(*place, phone, {"definition": "Calls that nobody answers."})
    guids = [
        bench.code(bench.document("R1"), "Phone", "listened to me"),
        bench.code(bench.document("R2"), "Phone", "rang back 😀"),
        bench.code(bench.document("R3"), "Phone", "تین بار فون"),
    ]
    codebook.edit_code(*place, phone, {"definition": "Calls that everybody answers."})
    database.close()
    return guids


def names(app: Any, guid: str) -> list[str]:
    return [str(row[0]) for row in app.ask(LIVE, guid)]


def press(tab: Any, key: str) -> None:
    """Press a key as a person does, once the page has come to rest."""
    at_rest(tab)
    tab.keyboard.press(key)


def test_codings_are_kept_removed_recoded_and_undone_by_keyboard(
    tab: Any, empty_app: Any, coded: list[str]
) -> None:
    from playwright.sync_api import expect

    first, second, third = coded
    tab.goto(empty_app.page("rereview"))
    expect(tab.get_by_role("link", name="Review again (3)")).to_be_visible()
    words = tab.locator(".said mark")
    expect(words).to_have_text("listened to me")
    expect(tab.locator(".changed del")).to_have_text("nobody")
    assert violations(tab) == []

    press(tab, "ArrowRight")
    expect(words).to_have_text("rang back 😀")
    press(tab, "ArrowLeft")
    expect(words).to_have_text("listened to me")
    press(tab, "k")
    expect(words).to_have_text("rang back 😀")
    press(tab, "r")
    expect(words).to_have_text("تین بار فون")
    assert names(empty_app, second) == []
    press(tab, "u")
    expect(words).to_have_text("rang back 😀")
    assert names(empty_app, second) == ["Phone"]

    press(tab, "c")
    field = tab.get_by_label("Recode to")
    expect(field).to_be_focused()
    field.press_sequentially("Schooling")
    field.press("Enter")
    recode = tab.get_by_role("button", name="Recode", exact=True)
    expect(recode).to_be_enabled()
    recode.click()
    expect(words).to_have_text("تین بار فون")
    assert (names(empty_app, first), names(empty_app, second)) == (["Phone"], ["Schooling"])

    press(tab, "k")
    expect(tab.get_by_text("Nothing is to be reviewed.")).to_be_visible()
    expect(tab.get_by_role("link", name="Review again", exact=True)).to_be_visible()
    assert names(empty_app, third) == ["Phone"]

"""The guided first visit on the pages: offered, taken, left, taken again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from workbench.domain.codings import DocumentFilter
from workbench.services import visit
from workbench.services.codebooks import codebook
from workbench.services.coding import code, reading

PAGES = Path(__file__).parents[2] / "workbench" / "ui" / "pages"


def keys(at: Any) -> set[str]:
    return {item.key for item in at.button if (item.key or "").startswith("visit_")}


def press(at: Any, key: str) -> Any:
    at.button(key=key).click().run()
    assert not at.exception, at.exception
    return at


def card(at: Any) -> str:
    bodies = [item.proto.body for item in at.get("html") if 'class="visit"' in item.proto.body]
    assert len(bodies) <= 1
    return bodies[0] if bodies else ""


def open_again(at: Any, name: str) -> Any:
    at.switch_page(str(PAGES / f"{name}.py")).run()
    assert not at.exception, at.exception
    return at


@pytest.mark.parametrize("name", ["import_survey", "codebook", "coding", "themes", "extracts"])
def test_nobody_is_bothered_on_a_page_of_work(open_page, sample_study, name):
    at = open_page(name, study=sample_study)
    assert card(at) == "" and keys(at) == set()


def test_it_is_offered_on_the_overview_and_can_be_declined_for_good(
    open_page, ana, database, sample_study
):
    at = open_page("overview", study=sample_study)
    assert "New here?" in card(at)
    press(at, "visit_end")
    assert card(at) == ""
    assert card(open_page("overview", study=sample_study)) == ""
    assert visit.get(ana, database).state == "ended"


def test_it_leads_from_the_sample_to_the_extracts(open_page, ana, database):
    at = press(open_page("overview"), "visit_start")
    assert "1 of 6" in card(at) and "Done." not in card(at)
    next(item for item in at.button if item.label == "Load the sample study").click().run()
    assert "1 of 6" in card(at) and "Done." in card(at)

    press(at, "visit_next")
    assert at.title[0].value == "Codebook"
    assert "2 of 6" in card(at) and "Done." in card(at)

    press(at, "visit_next")
    assert "3 of 6" in card(at) and "Done." not in card(at)
    study_id = at.session_state["study_id"]
    listed, _ = reading.list_documents(ana, database, study_id, DocumentFilter(), limit=1)
    some = codebook.list_codes(ana, database, study_id)[1]
    code.code_documents(ana, database, study_id, [listed[0].id], some.id)
    at.run()
    assert "Done." in card(at)

    press(at, "visit_next")
    assert "4 of 6" in card(at) and "Done." not in card(at)
    sent = [{"id": str(uuid4()), "kind": "done", "document": listed[0].id, "done": True}]
    assert not code.apply_operations(ana, database, study_id, sent).rejected
    at.run()
    assert "Done." in card(at)

    press(at, "visit_next")
    assert at.title[0].value == "Themes" and "5 of 6" in card(at)
    press(at, "visit_next")
    assert at.title[0].value == "Extracts" and "6 of 6" in card(at)
    assert at.button(key="visit_next").label == "Finish"
    press(at, "visit_next")
    assert card(at) == ""
    assert visit.get(ana, database).state == "ended"


def test_it_is_kept_with_the_person_and_goes_back(open_page, ana, database, sample_study):
    visit.go_to(ana, database, "themes")
    at = open_page("codebook", study=sample_study)
    assert "5 of 6" in card(at) and "This step is on the page Themes." in card(at)
    press(at, "visit_there")
    assert at.title[0].value == "Themes"
    press(at, "visit_back")
    assert "4 of 6" in card(at) and "visit_there" not in keys(at)
    open_again(at, "overview")
    press(at, "visit_end")
    assert card(at) == ""


def test_the_first_step_has_nothing_before_it(open_page, ana, database, sample_study):
    visit.start(ana, database)
    at = open_page("overview", study=sample_study)
    assert keys(at) == {"visit_next", "visit_end"}


def test_it_can_be_taken_again_from_the_help(open_page, ana, database, sample_study):
    visit.end(ana, database)
    at = open_page("themes", study=sample_study)
    press(at, "help_visit")
    assert at.title[0].value == "SpeakOut sample"
    assert "1 of 6" in card(at)


def test_only_the_coding_page_looks_again_by_itself(
    open_page, ana, database, sample_study, monkeypatch
):
    from workbench.ui.components import guided_visit

    asked: list[float | None] = []
    fragment = guided_visit.st.fragment

    def noting(function: Any, *, run_every: float | None = None) -> Any:
        if function.__name__ == "_card":
            asked.append(run_every)
        return fragment(function, run_every=run_every)

    monkeypatch.setattr(guided_visit.st, "fragment", noting)
    visit.go_to(ana, database, "code")
    at = open_page("overview", study=sample_study)
    assert asked[-1] is None
    open_again(at, "coding")
    assert asked[-1] == guided_visit.EVERY_S

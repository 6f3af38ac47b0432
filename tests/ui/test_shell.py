"""The frame: who sits here, which study, and nobody asked outside this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.opening import Database

ROOT = Path(__file__).parents[2]


def start() -> Any:
    return AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)


def test_a_new_person_is_asked_for_a_name(database: Database) -> None:
    at = start().run()
    assert not at.exception
    assert at.title[0].value == "SpeakOut Workbench"
    assert at.text_input[0].label == "Who are you?"
    at.button[0].click().run()
    assert at.error[0].value == "Type a name first."
    assert study.list_people(database) == []


def test_who_was_here_before_goes_on_with_one_click(database: Database, ana: Actor) -> None:
    study.sign_in(database, "Bea *B*")
    at = start().run()
    assert [item.label for item in at.button] == ["Start", "Ana", "Bea \\*B\\*"]
    at.button[1].click().run()
    assert not at.exception
    assert at.query_params["as"] in ("Ana", ["Ana"])


@pytest.mark.parametrize("page", [
    "transcribe", "check", "groups", "respondents", "questions", "focus_groups", "codebook",
    "coding", "place_again", "rereview", "memos", "team", "compare", "adjudicate", "themes",
    "extracts", "equity", "audit",
])  # fmt: skip
def test_without_a_study_each_page_leads_to_the_first_step(
    open_page: Callable[..., Any], ana: Actor, page: str
) -> None:
    at = open_page(page)
    assert not at.exception
    assert not at.error
    assert len(at.title) == 1
    assert {"Import a survey or transcripts", "Other ways to begin"} <= {
        item.label for item in at.button
    }


def test_a_machine_of_ones_own_asks_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_SIGN_IN_AS", "Mira")
    at = start().run()
    assert not at.exception
    assert [person.name for person in study.list_people(database)] == ["Mira"]
    assert any("Mira" in block.value for block in at.markdown)


def test_study_and_person_frame_the_pages_in_the_sidebar(
    open_page: Callable[..., Any], ana: Actor, database: Database
) -> None:
    made = study.create_study(ana, database, "First")
    at = open_page("overview", study=made.id)
    order = [type(item).__name__ for item in at.sidebar]
    assert order.index("Selectbox") < order.index("Button")
    assert at.sidebar.selectbox[0].value == made.id
    assert any("Coding as **Ana**" in item.value for item in at.sidebar.markdown)


def test_the_tab_is_named_by_page_and_study(
    open_page: Callable[..., Any], ana: Actor, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[str] = []
    monkeypatch.setattr(
        "streamlit.set_page_config", lambda **given: named.append(given["page_title"])
    )
    open_page("themes", study=study.create_study(ana, database, "First").id)
    assert named[-2:] == ["SpeakOut Workbench", "Themes · First"]


def test_the_address_opens_person_and_study(
    open_page: Callable[..., Any], ana: Actor, database: Database
) -> None:
    study.create_study(ana, database, "First")
    second = study.create_study(ana, database, "Second")
    at = open_page("overview", study=second.id)
    assert at.title[0].value == "Second"
    assert at.query_params["as"] in ("Ana", ["Ana"])
    assert at.query_params["study"] in (str(second.id), [str(second.id)])


def test_another_study_forgets_what_belonged_to_the_last(
    open_page: Callable[..., Any], ana: Actor, database: Database
) -> None:
    study.create_study(ana, database, "First")
    second = study.create_study(ana, database, "Second")
    at = open_page("overview", study=1)
    at.session_state["in_study:open_document"] = 7
    chooser = next(box for box in at.selectbox if box.label == "Study")
    chooser.set_value(second.id).run()
    assert at.title[0].value == "Second"
    assert "in_study:open_document" not in at.session_state


def test_a_database_that_cannot_be_opened_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "junk.sqlite3").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", f"sqlite:///{tmp_path / 'junk.sqlite3'}")
    at = start().run()
    assert not at.exception
    assert "junk.sqlite3" in at.error[0].value


def test_no_server_is_asked_for_this_machines_address() -> None:
    from streamlit import net_util

    import workbench.ui.shell  # noqa: F401 - it settles the answer

    assert net_util.get_external_ip() == ""

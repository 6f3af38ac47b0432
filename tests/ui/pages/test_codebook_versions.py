"""The versions on the Codebook page: listed, named, compared, brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.codebooks import codebook, versions
from workbench.services.opening import Database
from workbench.store.tables import membership

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold**"


@pytest.fixture
def changed(ana: Actor, database: Database) -> Bench:
    """Make a study with a codebook of four versions, the first one named."""
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest()
    bench.load()
    place = bench.actor, bench.database, bench.study_id
    versions.name_version(*place, "Pilot", note=HOSTILE)
    codes = bench.codes()
    codebook.edit_code(*place, codes["Phone"].id, {"definition": f"Calls {HOSTILE}"})
    codebook.add_code(*place, parent_id=None, name="Health")
    bench.code(bench.document("R1"), "Health", "listened to me")
    codebook.retire_code(*place, codes["School"].id)
    return bench


def opened(open_page: OpenPage, bench: Bench) -> Any:
    at = open_page("codebook", study=bench.study_id)
    view = next(item for item in at.segmented_control if item.label == "View")
    view.set_value("versions")
    at.run()
    assert not at.exception, at.exception
    return at


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def click(at: Any, key: str) -> Any:
    at.button(key=key).click()
    at.run()
    assert not at.exception, at.exception
    return at


def submit(at: Any, label: str) -> Any:
    next(item for item in at.button if item.label == label).click()
    at.run()
    assert not at.exception, at.exception
    return at


def newest(bench: Bench) -> Any:
    return versions.list_versions(bench.actor, bench.database, bench.study_id).versions[0]


def test_versions_are_listed_and_unnamed_ones_folded(open_page: OpenPage, changed: Bench) -> None:
    at = opened(open_page, changed)
    assert "4 versions, 1 with a name." in html(at)
    labels = [item.label for item in at.button if item.label.startswith("Version ")]
    assert labels == ["Version 4", "Version 3", "Version 2", "Version 1 · **Pilot**"]
    assert [item.label for item in at.expander] == ["2 versions without a name, 2 to 3"]
    assert "&lt;script&gt;" in html(at)
    assert "<script>alert" not in html(at)


def test_the_newest_is_compared_with_the_one_before_and_with_any(
    open_page: OpenPage, changed: Bench
) -> None:
    at = opened(open_page, changed)
    assert "From version 3 to version 4: 1 change of 1 code." in html(at)
    assert "School was retired." in html(at)
    other = next(item for item in at.selectbox if item.label == "Compare with")
    other.set_value(1)
    at.run()
    assert "From version 1 to version 4: 3 changes of 3 codes." in html(at)
    assert "Access / Phone: definition changed." in html(at)
    assert "<ins>Calls &lt;script&gt;" in html(at)


def test_a_version_is_named_with_a_note(open_page: OpenPage, changed: Bench) -> None:
    at = opened(open_page, changed)
    next(item for item in at.text_input if item.label == "Name").set_value("Round 1")
    next(item for item in at.text_area if item.label.startswith("Note")).set_value("agreed")
    submit(at, "Save the name")
    assert (newest(changed).name, newest(changed).note) == ("Round 1", "agreed")
    assert "Version 4 is named Round 1." in html(at)
    submit(at, "Write a reflexivity memo")
    assert at.title[0].value == "Memos"


def test_an_old_version_comes_back_after_a_look(open_page: OpenPage, changed: Bench) -> None:
    at = click(opened(open_page, changed), "version_1")
    assert at.header[0].value == "Version 1: Pilot"
    click(at, "version_restore")
    assert "What would change if version 1 came back:" in html(at)
    assert "Health is kept, retired: codings stay on it, or on a code below it." in html(at)
    assert newest(changed).number == 4
    click(at, "restore_now")
    assert "Version 1 is back, as a new version." in html(at)
    assert newest(changed).note == "Version 1 restored."
    codes = changed.codes()
    assert (codes["School"].status, codes["Health"].status) == ("active", "retired")
    assert [row["code"] for row in changed.export()] == ["Health"]
    assert any(item.label == "Undo restoring version 1 of the codebook" for item in at.button)


def test_only_the_owner_is_offered_to_bring_one_back(open_page: OpenPage, changed: Bench) -> None:
    with changed.database.write() as connection:
        connection.execute(update(membership).values(role="coder"))
    at = click(opened(open_page, changed), "version_1")
    assert at.button(key="version_restore").disabled
    with changed.database.write() as connection:
        connection.execute(update(membership).values(role="owner"))
    at.run()
    assert not at.button(key="version_restore").disabled
    assert newest(changed).number == 4

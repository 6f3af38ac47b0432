"""The page Exchange: what goes to other programs, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.opening import Database

OpenPage = Callable[..., Any]


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """A study of Ana's with a small survey and codebook."""
    made = study.create_study(ana, database, "Families & <work>")
    found = Bench(database, ana, made.id, made.name)
    found.ingest()
    found.load()
    found.code(found.document("R1"), "School", "She listened")
    return found


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def press(at: Any, label: str) -> None:
    next(item for item in at.button if item.label == label).click().run()
    assert not at.exception, at.exception


def downloads(at: Any) -> list[str]:
    return [item.proto.label for item in at.get("download_button")]


def test_a_project_and_a_codebook_are_made(bench: Bench, open_page: OpenPage) -> None:
    at = open_page("exchange", study=bench.study_id)
    assert "names of coders" in html(at)
    assert downloads(at) == []
    press(at, "Make the file")
    (label,) = downloads(at)
    assert label.startswith("Download the project (")
    assert "7 texts, 4 cases, 5 codes, 1 coding" in html(at)
    assert "<li>1 identifying attribute is left out on purpose.</li>" in html(at)
    assert [item.label for item in at.checkbox] == [  # without recordings and discussions
        "With the consensus, as a coder named so", "One text for each respondent",
        "Line ends as on Windows",
    ]  # fmt: skip
    at.checkbox[0].uncheck().run()  # another choice: what was made is another file
    assert downloads(at) == []
    next(item for item in at.segmented_control if item.label == "File").set_value(
        "The codebook alone"
    ).run()
    assert downloads(at) == ["Download the codebook"]


def test_an_empty_codebook_is_refused_in_words(
    ana: Actor, database: Database, open_page: OpenPage
) -> None:
    made = study.create_study(ana, database, "Empty")
    at = open_page("exchange", study=made.id)
    next(item for item in at.segmented_control if item.label == "File").set_value(
        "The codebook alone"
    ).run()
    assert "the study has no codes yet" in at.error[0].value

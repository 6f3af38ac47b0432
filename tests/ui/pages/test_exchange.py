"""The page Exchange: what goes to other programs, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Bench
from tests.pipelines.ingest.projects import test_taguette_project as taguette
from tests.refi_projects import file_of
from workbench.domain.codings import Actor
from workbench.domain.refi import RefiProject, RefiSource, derived_guid
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
    assert "<li>1 identifying attribute, on purpose.</li>" in html(at)
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
    assert "The study has no codes yet" in at.error[0].value


SAMPLE = Path(__file__).parents[2] / "pipelines" / "refi_samples" / "A_standard.qdpx"


def choose(at: Any, name: str = "A_standard.qdpx", data: bytes | None = None) -> None:
    content = SAMPLE.read_bytes() if data is None else data
    at.file_uploader[0].set_value((name, content, "application/zip")).run()
    assert not at.exception, at.exception


def test_a_project_is_looked_into_and_brought_into_a_new_study(
    ana: Actor, database: Database, open_page: OpenPage
) -> None:
    at = open_page("exchange")
    choose(at)
    assert "In it: 2 coders, 6 codes, 6 attributes, 5 cases, 5 texts" in html(at)
    assert "<th>Codings</th><td>11</td><td>0</td>" in html(at)
    assert study.list_studies(ana, database) == []  # only looked at
    at.text_input[0].set_value("Clinic <b>").run()
    press(at, "Bring it in")
    (made,) = study.list_studies(ana, database)
    assert (made.name, made.n_respondents, made.n_documents) == ("Clinic <b>", 5, 5)
    assert "Clinic &lt;b&gt;" in html(at)
    assert "Download these lists" in downloads(at)
    press(at, "Open the study")
    at = open_page("exchange", study=made.id)
    choose(at)
    next(item for item in at.segmented_control if item.label == "Into").set_value(
        "The open study"
    ).run()
    assert "Everything in it is in Clinic &lt;b&gt; already." in html(at)


def test_a_file_that_brings_nothing_is_offered_for_no_new_study(
    ana: Actor, database: Database, open_page: OpenPage
) -> None:
    at = open_page("exchange")
    choose(at, "hollow.qdpx", file_of(RefiProject("Hollow", "NVivo"))[0].getvalue())
    assert "no study is made for it." in html(at)
    assert not [item for item in at.button if item.label == "Bring it in"]


def test_what_is_no_project_is_refused_in_words(bench: Bench, open_page: OpenPage) -> None:
    at = open_page("exchange", study=bench.study_id)
    choose(at, "notes.qdpx", b"PK no archive")
    assert "the archive is damaged and cannot be read" in at.error[0].value


def test_a_project_of_the_open_study_gets_a_free_name_and_is_not_offered_again(
    bench: Bench, open_page: OpenPage
) -> None:
    def exported(mark: str) -> bytes:
        """Give a project of which another program makes new identities at each export."""
        note = RefiSource(derived_guid(mark, "s"), "text", "Note", text="Late.", text_path="s.txt")
        return file_of(RefiProject(bench.name, "NVivo", sources=(note,)))[0].getvalue()

    at = open_page("exchange", study=bench.study_id)
    choose(at, "first.qdpx", exported("one"))
    assert at.text_input[0].value == f"{bench.name} (2)"
    at.text_input[0].set_value(bench.name).run()
    assert "<caption>Families &amp; &lt;work&gt;</caption>" in html(at)  # no made-up name
    assert "There is a study of this name already" in html(at)
    into_the_open_study(at)
    press(at, "Bring it in")
    choose(at, "second.qdpx", exported("two"))
    into_the_open_study(at)
    assert f"Everything in it is in {escape(bench.name)} already." in html(at)
    assert not [item for item in at.button if item.label == "Bring it in"]


def into_the_open_study(at: Any) -> None:
    next(item for item in at.segmented_control if item.label == "Into").set_value(
        "The open study"
    ).run()
    assert not at.exception, at.exception


def test_a_project_that_came_in_is_taken_back_after_a_question(
    bench: Bench, open_page: OpenPage
) -> None:
    at = open_page("exchange", study=bench.study_id)
    choose(at)
    into_the_open_study(at)
    press(at, "Bring it in")
    assert "11 new codings" in html(at)  # in the list of imports
    press(at, "Undo this import")
    assert "All that was in the study before stays as it is." in html(at)
    press(at, "Take this import back")
    assert "5 respondents, 5 texts" in at.toast[0].value
    assert "Brought in." not in html(at)  # what it did is true no more
    assert [item for item in at.button if item.label == "Undo this import"]  # the survey's now
    choose(at)
    into_the_open_study(at)
    press(at, "Bring it in")
    new = max(row.id for row in bench.documents())
    bench.code(new, "School", None)
    press(at, "Undo this import")
    assert "stays: 1 coding was made on texts that it brought." in html(at)
    assert not [item for item in at.button if item.label == "Take this import back"]


def test_a_study_that_a_project_made_goes_with_it(
    bench: Bench, ana: Actor, open_page: OpenPage
) -> None:
    at = open_page("exchange", study=bench.study_id)
    choose(at)
    at.text_input[0].set_value("Theirs").run()
    press(at, "Bring it in")
    theirs = study.find_study(ana, bench.database, "Theirs").id
    at = open_page("exchange", study=theirs)
    press(at, "Undo this import")
    assert "The study, which this file made, goes too: nothing else is in it." in html(at)
    press(at, "Take this import back")
    assert "The study Theirs, which the file made, is gone too." in at.toast[0].value
    assert [item.name for item in study.list_studies(ana, bench.database)] == [bench.name]
    at = open_page("exchange", study=theirs)  # an address that names it leads to another study
    assert f"imported into {escape(bench.name)}" in html(at)


def test_one_of_several_projects_in_a_file_is_chosen(open_page: OpenPage, tmp_path: Path) -> None:
    other = "INSERT INTO projects SELECT 7, 'Other', '', created FROM projects"
    at = open_page("exchange")
    choose(at, "t.sqlite3", taguette.project(tmp_path, other).getvalue())
    assert "In it:" not in html(at)
    at.selectbox[-1].select("Benchmark").run()
    assert not at.exception, at.exception
    assert "Written by Taguette. In it:" in html(at)
    assert at.text_input[0].value == "Benchmark"
    at.selectbox[-1].select("Other").run()
    assert "Nothing is in it that could be brought in" in html(at)
    assert at.text_input[0].value == "Other"

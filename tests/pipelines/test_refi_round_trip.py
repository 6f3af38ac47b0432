"""What goes out as REFI-QDA comes back the same, whichever way positions are counted."""

from __future__ import annotations

import io
from importlib import resources
from zipfile import ZipFile

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings

from pipelines.export.projects.refi_codebook import write_codebook
from pipelines.export.projects.refi_xml import RefiOptions
from pipelines.ingest.projects.refi_project import read_refi
from tests.refi_projects import file_of, projects
from workbench.domain.refi import PRODUCT, Reading, RefiProject

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def schemas() -> dict[str, xmlschema.XMLSchema]:
    folder = resources.files("pipelines.export.projects") / "refi_schema"
    return {
        name: xmlschema.XMLSchema((folder / f"{name}.xsd").read_text("utf-8"))
        for name in ("Project", "Codebook")
    }


def media_of(project: RefiProject) -> dict[str, bytes]:
    return {source.path: b"RIFF" for source in project.sources if source.path}


@unhurried
@given(projects())
def test_a_project_comes_back_the_same(project: RefiProject) -> None:
    stream, report = file_of(project, media=media_of(project))
    found = read_refi(stream, "ours.qdpx")
    assert found.project == project
    assert report.left_out == found.left_out == found.remarks == ()
    assert found.reading == Reading()


@unhurried
@given(projects())
def test_a_project_in_utf16_units_comes_back_the_same(project: RefiProject) -> None:
    stream, _ = file_of(project, RefiOptions(profile="utf16"), media_of(project))
    found = read_refi(stream, "ours.qdpx")
    assert found.project == project
    assert found.left_out == ()
    assert found.reading == Reading("UTF-16")


@unhurried
@given(projects())
def test_line_ends_of_two_characters_move_nothing(project: RefiProject) -> None:
    stream, _ = file_of(project, RefiOptions(crlf=True), media_of(project))
    assert read_refi(stream, "ours.qdpx").project == project


@unhurried
@given(projects(origin=""))
def test_a_project_of_an_unknown_program_is_read_by_its_names(project: RefiProject) -> None:
    stream, _ = file_of(project, media=media_of(project))
    found = read_refi(stream, "theirs.qdpx")
    spans = [[(one.start, one.end) for one in s.selections] for s in project.sources]
    assert [[(o.start, o.end) for o in s.selections] for s in found.project.sources] == spans


@unhurried
@given(projects())
def test_the_official_schema_accepts_every_project(
    schemas: dict[str, xmlschema.XMLSchema], project: RefiProject
) -> None:
    stream, _ = file_of(project, media=media_of(project))
    with ZipFile(stream) as archive:
        schemas["Project"].validate(archive.read("project.qde").decode("utf-8"))


@unhurried
@given(projects().filter(lambda project: bool(project.codes)))
def test_codebooks_come_back_and_the_official_schema_accepts_them(
    schemas: dict[str, xmlschema.XMLSchema], project: RefiProject
) -> None:
    stream = io.BytesIO()
    write_codebook(stream, project)
    schemas["Codebook"].validate(stream.getvalue().decode("utf-8"))
    found = read_refi(stream, "ours.qdc").project
    assert names(found.codes) == names(project.codes)
    assert {one.guid for one in found.sets} == {one.guid for one in project.sets if one.codes}
    assert found.origin.startswith(PRODUCT)


def names(codes: object) -> object:
    return [(c.guid, c.name, c.colour, c.description, names(c.children)) for c in codes]  # type: ignore[attr-defined]

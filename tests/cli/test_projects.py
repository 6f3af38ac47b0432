"""`workbench ingest refi`: projects of other programs, also hostile ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.ingest.projects import test_taguette_project as taguette
from tests.refi_projects import file_of
from workbench.domain.refi import (
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSource,
    RefiUser,
    derived_guid,
)

GUID = derived_guid
ANA = RefiUser(GUID("u"), "Ana\x1b[2J")


def write(path: Path) -> None:
    item = RefiCoding(GUID("k"), GUID("c"), ANA.guid)
    text = RefiSource(
        GUID("s"), "text", "Note", text="So late 🚌 again.", text_path=f"{GUID('s')}.txt",
        selections=(RefiSelection(GUID("x"), 3, 7, codings=(item,)),),
    )  # fmt: skip
    made = RefiProject("P", "Other 1", users=(RefiUser(ANA.guid, "Ana"),), sources=(text,),
                       codes=(RefiCode(GUID("c"), "Time::Late"),))  # fmt: skip
    path.write_bytes(file_of(made)[0].getvalue())


def test_a_project_comes_in_after_a_dry_run(workbench: Any, tmp_path: Path) -> None:
    write(tmp_path / "p.qdpx")
    dry = workbench("ingest", "refi", "p.qdpx", "--new-study", "P", "--dry-run", "--split-names")
    assert dry.out.splitlines()[0] == (
        "Would bring into P: 1 new coder; 2 new codes; 1 new document; 1 new coding."
    )
    assert "  Time / Late" in dry.out
    assert "--reading 1: counted in characters, the last position included" in dry.err
    assert workbench("study", "list", "--json").json["studies"] == []
    made = workbench("ingest", "refi", "p.qdpx", "--new-study", "P", "--json").json
    assert (made["study_created"], made["codings"]) == (True, {"new": 1, "matched": 0})
    assert made["codes"]["new_names"] == ["Time::Late"]
    again = workbench("ingest", "refi", "p.qdpx", "--study", "P")
    assert again.out == "Everything in it is in P already.\n"
    other = workbench("ingest", "refi", "p.qdpx", "--new-study", "Q", "--reading", 1, "--json")
    assert other.json["reading"].endswith("the last position included")
    refused = workbench("ingest", "refi", "p.qdpx", "-s", "P", "--reading", "9", expect=1)
    assert "p.qdpx: there is no other reading '9'." in refused.err
    workbench("ingest", "refi", "p.qdpx", expect=2)
    listed = workbench("ingest", "history", "--study", "Q")
    assert ": 1 new code, 1 new document, 1 new coding" in listed.out
    undone = workbench("ingest", "undo", "--study", "Q", "--json").json
    assert undone["study_gone"] is True
    assert (undone["kind"], undone["documents"], undone["codes"], undone["codings"]) == (
        "refi", 1, 1, 1,
    )  # fmt: skip
    assert [item["name"] for item in workbench("study", "list", "--json").json["studies"]] == ["P"]


def test_a_file_that_brings_nothing_makes_no_study(workbench: Any, tmp_path: Path) -> None:
    (tmp_path / "h.qdpx").write_bytes(file_of(RefiProject("Hollow", "Other"))[0].getvalue())
    dry = workbench("ingest", "refi", "h.qdpx", "--new-study", "H", "--dry-run")
    assert dry.out == "Nothing is in it that could be brought in: no study is made for it.\n"
    refused = workbench("ingest", "refi", "h.qdpx", "--new-study", "H", expect=1)
    assert "h.qdpx: Nothing is in it that could be brought in" in refused.err
    assert workbench("study", "list", "--json").json["studies"] == []


def test_one_of_several_projects_is_named(workbench: Any, tmp_path: Path) -> None:
    other = "INSERT INTO projects SELECT 7, 'Other', '', created FROM projects"
    (tmp_path / "t.sqlite3").write_bytes(taguette.project(tmp_path, other).getvalue())
    refused = workbench("ingest", "refi", "t.sqlite3", "--new-study", "T", expect=1)
    assert "it holds 2 projects: 'Benchmark', 'Other'. Say which one" in refused.err
    options = ("--new-study", "T", "--project", "Benchmark", "--dry-run")
    assert "new documents" in workbench("ingest", "refi", "t.sqlite3", *options).out
    write(tmp_path / "p.qdpx")
    refused = workbench("ingest", "refi", "p.qdpx", *options, expect=1)
    assert "the file holds one project, and none is to be chosen." in refused.err


def test_where_nothing_can_be_chosen_only_the_reason_is_told(
    workbench: Any, tmp_path: Path
) -> None:
    (tmp_path / "t.sqlite3").write_bytes(taguette.project(tmp_path).getvalue())
    dry = workbench("ingest", "refi", "t.sqlite3", "--new-study", "T", "--dry-run")
    assert "Text positions: Taguette counts bytes" in dry.err.replace("\n", " ")
    assert "counted in" not in dry.err
    assert "In it: 1 coder, " in dry.err


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", b" " * 40_000_000)
    return stream.getvalue()


def packed(name: str, xml: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("project.qde", xml)
        made.writestr(name, "outside")
    return stream.getvalue()


def project_xml(inside: str, before: str = "") -> str:
    return (f'<?xml version="1.0" encoding="utf-8"?>{before}<Project name="P" '
            f'xmlns="urn:QDA-XML:project:1.0">{inside}</Project>')  # fmt: skip


NESTED = (
    "<CodeBook><Codes>"
    + f'<Code guid="{GUID("n")}" name="n" isCodable="true">' * 100_000
    + "</Code>" * 100_000
    + "</Codes></CodeBook>"
)
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">' + "]>"
HOSTILE = {
    "bomb": (bomb(), "would unpack to more than a project has"),
    "traversal": (packed("../evil.txt", project_xml("")), "leads out of it"),
    "elsewhere": (
        packed("sources/a.txt", project_xml(
            f'<Sources><TextSource guid="{GUID("t")}" name="t" '
            'plainTextPath="internal://../../etc/passwd"/></Sources>')),
        "lies outside its archive",
    ),
    "laughs": (packed("sources/a.txt", project_xml("&b;", LAUGHS)), "declares a document type"),
    "nested": (packed("sources/a.txt", project_xml(NESTED)), "codes lie more than 100 deep"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_nothing_is_written(
    workbench: Any, tmp_path: Path, name: str
) -> None:
    data, why = HOSTILE[name]
    (tmp_path / "p.qdpx").write_bytes(data)
    refused = workbench("ingest", "refi", "p.qdpx", "--new-study", "P", expect=1)
    assert refused.err.startswith("workbench: p.qdpx")
    assert why in refused.err
    assert workbench("study", "list", "--json").json["studies"] == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".txt") == []


def test_dangling_references_are_listed(workbench: Any, tmp_path: Path) -> None:
    inside = (
        f'<Cases><Case guid="{GUID("k")}" name="R"><SourceRef targetGUID="{GUID("gone")}"/>'
        f'<SelectionRef targetGUID="{GUID("gone2")}"/></Case></Cases>'
        f'<Sources><TextSource guid="{GUID("t")}" name="t"><PlainTextContent>Hi there'
        f'</PlainTextContent><PlainTextSelection guid="{GUID("s")}" startPosition="0" '
        f'endPosition="2"><Coding guid="{GUID("c")}" creatingUser="{GUID("nobody")}"><CodeRef '
        f'targetGUID="{GUID("no code")}"/></Coding></PlainTextSelection></TextSource></Sources>'
        f'<Links><Link guid="{GUID("l")}" originGUID="{GUID("x")}" targetGUID="{GUID("y")}"/>'
        "</Links>"
    )
    (tmp_path / "p.qdpx").write_bytes(packed("sources/a.txt", project_xml(inside)))
    made = workbench("ingest", "refi", "p.qdpx", "--new-study", "P", "--json").json
    assert (made["documents"]["new"], made["codings"]["new"], made["kept"]) == (1, 0, 1)
    assert any("codes that the file does not hold" in one for one in made["left_out"])

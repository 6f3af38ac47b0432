"""Codebook files: a study's codebook out of one study and into another, after a look at it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from workbench.errors import CodebookError, ExportError, NotFound
from workbench.services import study
from workbench.services.codebooks import codebook, codebook_files
from workbench.services.trail import undo
from workbench.settings import bundled
from workbench.store import tables

FORMATS = [kind.name for kind in codebook_files.formats() if kind.name != "taguette"]


def arguments(bench: Any) -> tuple[Any, Any, int]:
    return bench.actor, bench.database, bench.study_id


def table(text: str, name: str = "codes.csv") -> codebook_files.CodebookFile:
    return codebook_files.read_codebook_file(text.encode(), name)


def load(bench: Any, file: codebook_files.CodebookFile) -> tuple[int, int, int]:
    report = codebook.load_codebook(*arguments(bench), file.book, file.given)
    return report.added, report.updated, report.unchanged


@pytest.mark.parametrize("kind", FORMATS)
def test_a_codebook_goes_to_another_study_in_any_format(empty: Any, kind: str) -> None:
    empty.load((bundled("codebooks") / "speakout.yaml").read_text(encoding="utf-8"))
    written = codebook_files.export_codebook_file(*arguments(empty), kind, with_counts=True)
    file = codebook_files.read_codebook_file(written, f"book.{kind}")
    assert file.bad_rows == () and file.warnings == ()
    book = codebook.export_codebook(*arguments(empty))
    if kind == "qdc":  # it has no room for what is said of the whole codebook
        book = replace(file.book, themes=book.themes)
    assert file.book == book
    other = study.create_study(empty.actor, empty.database, "Another")
    codebook.load_codebook(empty.actor, empty.database, other.id, file.book, file.given)
    again = codebook.export_codebook(empty.actor, empty.database, other.id)
    assert again.themes == book.themes
    if kind != "qdc":
        assert (again.sources, again.name) == (book.sources, book.name)
    seen = codebook_files.preview(*arguments(empty), file)
    assert (seen.added, seen.changed) == ((), ()) and seen.n_same == 42


def test_a_codebook_for_taguette_is_a_flat_list_that_comes_back_as_a_tree(empty: Any) -> None:
    empty.load((bundled("codebooks") / "speakout.yaml").read_text(encoding="utf-8"))
    written = codebook_files.export_codebook_file(*arguments(empty), "taguette")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows[0][:2] == ["tag", "description"] and len(rows) == 43  # what Taguette looks for
    book = codebook.export_codebook(*arguments(empty))
    tags = {tuple(row[0].split(".")): row[1] for row in rows[1:]}
    for path, code in book.walk():
        assert tags[path].startswith(code.definition)
        assert all(cue in tags[path] for cue in code.cues)
    file = codebook_files.read_codebook_file(written, "codebook.csv")
    assert [path for path, _ in file.book.walk()] == [path for path, _ in book.walk()]


def test_a_tag_that_taguette_would_refuse_is_told(empty: Any) -> None:
    codebook.add_code(*arguments(empty), parent_id=None, name="x" * 150)
    codebook.add_code(*arguments(empty), parent_id=empty.codes()["x" * 150].id, name="y" * 60)
    with pytest.raises(ExportError, match="has 211 characters as a tag, and Taguette takes 200"):
        codebook_files.export_codebook_file(*arguments(empty), "taguette")


def test_a_preview_tells_what_loading_does_and_writes_nothing(bench: Any, everything: Any) -> None:
    codebook.retire_code(*arguments(bench), bench.codes()["Schooling"].id)
    before = everything(bench.database)
    file = table(
        "path,definition,examples\naccess,Doors,\nAccess / Waiting,,\nNew / Below,x,y\n"
        "Schooling,,\n"
    )
    seen = codebook_files.preview(*arguments(bench), file)
    assert seen.added == ("New", "New / Below")
    assert ("access", ("Definition",)) in seen.changed
    assert seen.retired == ("Schooling",)
    assert everything(bench.database) == before
    added, updated, same = load(bench, file)
    assert (added, updated, same) == (len(seen.added), len(seen.changed), seen.n_same)
    again = codebook_files.preview(*arguments(bench), file)
    assert (again.added, again.changed, again.n_same) == ((), (), 5)


def test_what_a_file_has_no_room_for_stays(bench: Any) -> None:
    waiting = bench.codes()["Waiting"]
    changes = {"include": "Queues.", "examples": ("a year",), "colour": "#AA4499"}
    codebook.edit_code(*arguments(bench), waiting.id, changes)
    before = bench.codes()
    assert load(bench, table("tag,description\nAccess/Waiting,Long\nAccess,\n")) == (0, 1, 1)
    after = bench.codes()["Waiting"]
    assert (after.definition, after.include, after.examples) == ("Long", "Queues.", ("a year",))
    assert after.colour == "#AA4499"
    assert load(bench, table("path,definition\nAccess > Phone > Mobile,\n")) == (1, 0, 2)
    assert bench.codes()["Phone"] == before["Phone"], "it is only named above another"
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert "Mobile" not in bench.codes()


def test_new_themes_get_colours_of_their_own_where_the_file_has_none(empty: Any) -> None:
    load(empty, table("code,parent\nA,\nB,\nC,B\n"))
    codes = empty.codes()
    assert codes["A"].colour and codes["B"].colour and codes["A"].colour != codes["B"].colour
    assert codes["C"].colour == ""
    load(empty, table("code,colour\nD,\nE / F,#332288\n"))
    assert empty.codes()["D"].colour == "", "the file says that it has none"
    assert empty.codes()["E"].colour not in ("", codes["A"].colour, codes["B"].colour)


def test_a_table_leaves_the_name_and_the_sources_of_the_codebook(empty: Any) -> None:
    empty.load(
        "format: speakout-codebook/1\nname: First\ndescription: D\n"
        "sources: [{id: a, citation: A.}]\ncodes:\n  - name: X\n    rests_on: [a]\n"
    )
    load(empty, table("code,rests on\nY,b\n", "second.csv"))
    book = codebook.export_codebook(*arguments(empty))
    assert (book.name, book.description) == ("First", "D")
    assert book.sources == (("a", "A."), ("b", "b"))
    empty.load("format: speakout-codebook/1\nname: Third\ncodes:\n  - name: Z\n")
    book = codebook.export_codebook(*arguments(empty))
    assert book.name == "Third" and ("a", "A.") in book.sources


def test_numbers_of_codings_are_written_if_asked(bench: Any) -> None:
    document = bench.document("R1")
    bench.send(bench.adding(document, "Waiting", None))
    written = codebook_files.export_codebook_file(*arguments(bench), "csv", with_counts=True)
    lines = written.decode("utf-8-sig").splitlines()
    at = lines[0].split(",").index('"codings"')
    counted = {
        line.split('","')[0].strip('"'): line.split(",")[at].strip('"') for line in lines[1:]
    }
    assert counted["Waiting"] == "1" and counted["Access"] == "0"
    plain = codebook_files.export_codebook_file(*arguments(bench), "csv").decode("utf-8-sig")
    assert "codings" not in plain


def test_a_file_on_the_disk_is_whole_and_its_suffix_is_its_format(tmp_path: Path) -> None:
    path = tmp_path / "book.CSV"
    assert codebook_files.format_for(path) == "csv"
    assert codebook_files.format_for(path, "YML") == "yaml"
    codebook_files.save(path, b"code,parent\nA,\nB,A\n")
    read = codebook_files.read_codebook_path(path)
    assert codebook_files.size_of(read.book) == (1, 2) and read.book.name == "book"
    with pytest.raises(ExportError, match=r"'pdf' is not a format of codebooks. Formats: yaml"):
        codebook_files.format_for(tmp_path / "book.pdf")
    with pytest.raises(ExportError, match="cannot be written"):
        codebook_files.save(tmp_path / "no" / "book.csv", b"x")
    with pytest.raises(NotFound, match=r"none.csv: No such file"):
        codebook_files.read_codebook_path(tmp_path / "none.csv")
    assert [item.name for item in tmp_path.iterdir()] == ["book.CSV"]


def test_a_workbook_says_which_study_it_is_of(bench: Any) -> None:
    from openpyxl import load_workbook

    written = codebook_files.export_codebook_file(*arguments(bench), "xlsx")
    facts = dict(load_workbook(io.BytesIO(written))["About"].values)
    assert facts["Study"] == "Test" and facts["Codes"] == "5"


def test_a_file_without_a_usable_code_is_refused() -> None:
    with pytest.raises(CodebookError, match=r"codes.csv, row 2: a code needs a name"):
        table("code,definition\n,x\n")


def test_namesakes_are_told_apart_in_files_and_keep_their_numbers(bench):
    """Two people may have made codes of one name while coding blind."""
    codes = bench.codes()
    with bench.database.write() as connection:
        connection.execute(
            update(tables.code)
            .where(tables.code.c.id == codes["Schooling"].id)
            .values(name="school")
        )
    bench.code(bench.document("R1"), "school", "She listened")
    place = (bench.actor, bench.database, bench.study_id)
    for kind in ("yaml", "csv"):
        written = codebook_files.export_codebook_file(*place, kind, with_counts=True)
        book = codebook_files.read_codebook_file(written, f"book.{kind}").book
        assert [node.name for node in book.themes] == ["Access", "School", "school (2)"]
    rows = list(csv.DictReader(written.decode("utf-8-sig").splitlines()))
    number = next(name for name in rows[0] if "coding" in name.casefold())
    assert [row[number] for row in rows[-2:]] == ["0", "1"]

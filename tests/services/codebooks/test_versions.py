"""Versions of the codebook: listed, named, compared and written as files."""

import json

import pytest
from sqlalchemy import insert, select, update

from workbench.errors import CodebookError, NotAllowed, NotFound
from workbench.services import files
from workbench.services.codebooks import codebook, codebook_files, versions
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.tables import assignment, code, event


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def listed(bench, **options):
    return versions.list_versions(*arguments(bench), **options).versions


def newest(bench):
    return listed(bench)[0].number


def rename(bench, old, new):
    codebook.edit_code(*arguments(bench), bench.codes()[old].id, {"name": new})


def test_every_change_makes_a_version_with_the_number_of_changes(bench):
    rename(bench, "Phone", "Calls")
    codebook.edit_code(*arguments(bench, bench.person("Ben")), bench.codes()["Calls"].id,
                       {"name": "Rings", "definition": "rings"})  # fmt: skip
    found = listed(bench)
    assert [(item.number, item.made_by, item.n_changes) for item in found] == [
        (3, "Ben", 2), (2, "Asha", 1), (1, "Asha", 5),
    ]  # fmt: skip
    assert [item.number for item in listed(bench, before=3, limit=1)] == [2]
    assert listed(bench, before=3, limit=1)[0].n_changes == 1


def test_an_empty_codebook_has_no_versions(empty):
    found = versions.list_versions(*arguments(empty))
    assert (found.versions, found.n_all, found.n_named) == ((), 0, 0)
    with pytest.raises(NotFound, match="no versions yet: it is empty"):
        versions.name_version(*arguments(empty), "First")


def test_a_version_is_named_renamed_and_unnamed(bench):
    assert versions.name_version(*arguments(bench), " First\nround ", note="all agreed") == 1
    rename(bench, "Phone", "Calls")
    rename(bench, "Calls", "Rings")
    versions.name_version(*arguments(bench), "Second")
    found = versions.list_versions(*arguments(bench), named=True)
    assert [(item.number, item.name, item.note, item.n_changes) for item in found.versions] == [
        (3, "Second", "", 1), (1, "First round", "all agreed", 5),
    ]  # fmt: skip
    assert (found.n_all, found.n_named) == (3, 2)
    versions.name_version(*arguments(bench), "Pilot", number=1, note="x")
    versions.name_version(*arguments(bench), "", number=3)
    assert [(item.name, item.note) for item in listed(bench)] == [("", ""), ("", ""),
                                                                  ("Pilot", "x")]  # fmt: skip


def test_naming_is_written_down_once_and_changes_no_code(bench):
    before = bench.codes()
    for _ in range(2):
        versions.name_version(*arguments(bench), "First")
    with bench.database.read() as connection:
        told = [row.payload for row in connection.execute(
            select(event).where(event.c.verb == "name version")
        )]  # fmt: skip
    assert len(told) == 1
    assert json.loads(told[0])["version"] == 1
    assert "First" not in told[0]
    assert bench.codes() == before
    assert undo.last_label(*arguments(bench), undo.CODEBOOK) == "codebook Small"


def test_names_that_are_refused(bench):
    versions.name_version(*arguments(bench), "First")
    rename(bench, "Phone", "Calls")
    with pytest.raises(CodebookError, match="version 1 is named FIRST already"):
        versions.name_version(*arguments(bench), "FIRST")
    with pytest.raises(CodebookError, match="at most 200 characters"):
        versions.name_version(*arguments(bench), "x" * 201)
    with pytest.raises(NotFound, match="no version 9"):
        versions.name_version(*arguments(bench), "Ninth", number=9)
    viewer = bench.person("Vi")
    with bench.database.write() as connection:
        connection.execute(insert(tables.membership).values(
            study_id=bench.study_id, coder_id=viewer.id, role="viewer", created_at="2022-01-01"
        ))  # fmt: skip
    with pytest.raises(NotAllowed):
        versions.name_version(*arguments(bench, viewer), "Mine")


def test_unnamed_versions_are_folded_between_named_ones(bench):
    versions.name_version(*arguments(bench), "First")
    for old, new in (("Phone", "a"), ("a", "b"), ("b", "c")):
        rename(bench, old, new)
    versions.name_version(*arguments(bench), "Second")
    for old, new in (("c", "d"), ("d", "e"), ("e", "f")):
        rename(bench, old, new)
    groups = versions.fold_unnamed(listed(bench))
    assert [[item.number for item in group] for group in groups] == [[7], [6, 5], [4], [3, 2], [1]]
    assert versions.fold_unnamed(()) == []


def test_two_versions_are_compared_either_way(bench):
    rename(bench, "Phone", "Calls")
    codebook.retire_code(*arguments(bench), bench.codes()["School"].id)
    told = [item.sentence for item in versions.diff(*arguments(bench), 1, newest(bench)).changes]
    assert told == ["Access / Phone was renamed to Calls.", "School was retired."]
    back = [item.sentence for item in versions.diff(*arguments(bench), newest(bench), 1).changes]
    assert back == ["Access / Calls was renamed to Phone.", "School came back into use."]
    with pytest.raises(NotFound, match="no version 9"):
        versions.diff(*arguments(bench), 1, 9)


def test_any_version_is_written_as_a_file_that_reads_back(bench):
    phone = bench.codes()["Phone"].id
    codebook.edit_code(*arguments(bench), phone,
                       {"definition": "rings\nand rings", "cues": ["ring"],
                        "rests_on": ["x"]})  # fmt: skip
    text = versions.version_yaml(*arguments(bench))
    assert text.encode() == codebook_files.export_codebook_file(*arguments(bench), "yaml")
    rename(bench, "Phone", "Calls")
    codebook.retire_code(*arguments(bench), bench.codes()["School"].id)
    assert versions.version_yaml(*arguments(bench), 2) == text
    book = files.read_codebook(versions.version_yaml(*arguments(bench), 1), "first.yaml")
    assert book.version == "1"
    assert [" / ".join(path) for path, _ in book.walk()] == [
        "Access", "Access / Waiting", "Access / Phone", "School", "Schooling",
    ]  # fmt: skip


def test_a_code_made_while_coding_blind_is_not_told(bench):
    opened, ben = bench.document("R1"), bench.person("Ben")
    own = codebook.add_code(*arguments(bench, ben), parent_id=None, name="Ben's own")
    with bench.database.write() as connection:
        connection.execute(update(code).where(code.c.id == own)
                           .values(made_in=opened, made_by=ben.id))  # fmt: skip
        connection.execute(insert(assignment).values(
            document_id=opened, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    assert versions.diff(*arguments(bench), 1, 2).changes == ()
    assert [item.number for item in listed(bench)] == [1]
    assert [item.number for item in versions.list_versions(*arguments(bench, ben)).versions] == [
        2,
        1,
    ]
    assert "Ben's own" not in versions.version_yaml(*arguments(bench))
    assert len(versions.diff(*arguments(bench, ben), 1, 2).changes) == 1
    assert "Ben's own" in versions.version_yaml(*arguments(bench, ben))

"""The codebook: loaded from a file, refined code by code."""

import pytest
from sqlalchemy import text

from tests.builders import CODEBOOK
from workbench.errors import CodebookError, ConflictError, NotFound
from workbench.services import files
from workbench.services.codebooks import codebook, codebook_files

HEAD = "format: speakout-codebook/1\nname: Small\ncodes:\n"


def arguments(bench):
    return bench.actor, bench.database, bench.study_id


def paths(bench, **options):
    return [" / ".join(item.path) for item in codebook.list_codes(*arguments(bench), **options)]


def closure(bench):
    with bench.database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT c.name, a.name, k.depth FROM code_ancestor k "
                "JOIN code c ON c.id = k.code_id JOIN code a ON a.id = k.ancestor_id"
            )
        )
        return {tuple(row) for row in rows}


def test_loading_the_same_file_twice_changes_nothing(bench, everything):
    before = everything(bench.database)
    report = bench.load()
    assert (report.added, report.updated, report.unchanged) == (0, 0, 5)
    assert everything(bench.database) == before
    assert paths(bench) == ["Access", "Access / Waiting", "Access / Phone", "School", "Schooling"]


def test_loading_adds_and_updates_and_removes_nothing(bench):
    report = bench.load(
        HEAD + "  - name: ' access '\n    definition: doors\n    children:\n"
        "      - name: Forms\n  - name: New\n"
    )
    assert (report.added, report.updated, report.unchanged) == (2, 1, 0)
    assert paths(bench) == [
        "Access", "Access / Waiting", "Access / Phone", "Access / Forms", "School", "Schooling",
        "New",
    ]  # fmt: skip
    assert bench.codes()["Access"].definition == "doors"
    assert ("Forms", "Access", 1) in closure(bench)


def test_the_codebook_makes_the_round_trip(bench):
    book = codebook.export_codebook(*arguments(bench))
    written = codebook_files.export_codebook_file(*arguments(bench), "yaml")
    again = codebook_files.read_codebook_file(written, "again.yaml")
    assert again.book == book
    assert bench.load(written.decode()).unchanged == 5


def test_the_bundled_codebook_makes_the_round_trip(empty):
    from workbench.settings import bundled

    written = (bundled("codebooks") / "speakout.yaml").read_text(encoding="utf-8")
    empty.load(written)
    book = codebook.export_codebook(*arguments(empty))
    first = files.read_codebook(written, "speakout.yaml")
    assert (book.themes, book.sources, book.name) == (first.themes, first.sources, first.name)


def test_an_empty_codebook_is_not_exported(empty):
    with pytest.raises(CodebookError, match=r"no codes yet. Load a codebook or add a code"):
        codebook_files.export_codebook_file(*arguments(empty), "yaml")


def test_moving_keeps_the_closure_in_line(bench):
    codes = bench.codes()
    codebook.move_code(*arguments(bench), codes["Access"].id, parent_id=codes["School"].id)
    assert paths(bench) == [
        "School", "School / Access", "School / Access / Waiting", "School / Access / Phone",
        "Schooling",
    ]  # fmt: skip
    assert {row for row in closure(bench) if row[0] == "Phone"} == {
        ("Phone", "Phone", 0), ("Phone", "Access", 1), ("Phone", "School", 2),
    }  # fmt: skip
    codebook.move_code(*arguments(bench), codes["Phone"].id, parent_id=None, position=0)
    assert paths(bench)[0] == "Phone"
    assert bench.codes()["Phone"].colour, "a theme has a colour"
    assert {row for row in closure(bench) if row[0] == "Phone"} == {("Phone", "Phone", 0)}


def test_rules_of_the_tree_hold(bench):
    codes = bench.codes()
    add = {"parent_id": None, "name": "x"}
    for name, why in [("  ", "needs a name"), ("a / b", "' / '"), ("SCHOOL", "there already"),
                      ("School  ", "there already"), ("x" * 201, "at most 200")]:  # fmt: skip
        with pytest.raises(CodebookError, match=why):
            codebook.add_code(*arguments(bench), **{**add, "name": name})
    with pytest.raises(NotFound, match="theme to put this code under is not there"):
        codebook.add_code(*arguments(bench), parent_id=4711, name="x")
    with pytest.raises(CodebookError, match="Access cannot be put below itself"):
        codebook.move_code(*arguments(bench), codes["Access"].id, parent_id=codes["Phone"].id)
    with pytest.raises(NotFound):
        codebook.move_code(*arguments(bench), codes["Access"].id, parent_id=4711)
    with pytest.raises(NotFound, match="no code number 4711"):
        codebook.move_code(*arguments(bench), 4711, parent_id=None)
    edit = (*arguments(bench), codes["Phone"].id)
    with pytest.raises(CodebookError, match="Waiting is there already"):
        codebook.edit_code(*edit, {"name": "waiting"})
    with pytest.raises(CodebookError, match="not of the form #RRGGBB"):
        codebook.edit_code(*edit, {"colour": "red"})
    with pytest.raises(CodebookError, match="status cannot be edited"):
        codebook.edit_code(*edit, {"status": "merged"})
    codebook.edit_code(*edit, {"name": "PHONE"})
    assert "Access / PHONE" in paths(bench)
    with pytest.raises(CodebookError, match="there already"):
        codebook.edit_code(*edit, {"name": "Waiting "})


def test_retiring_takes_the_family_and_reviving_brings_what_is_above(bench):
    codes = bench.codes()
    codebook.retire_code(*arguments(bench), codes["Access"].id)
    assert paths(bench) == ["School", "Schooling"]
    with pytest.raises(CodebookError, match=r"Access is there already \(retired\)"):
        codebook.add_code(*arguments(bench), parent_id=None, name="access")
    codebook.retire_code(*arguments(bench), codes["Phone"].id, retired=False)
    assert paths(bench) == ["Access", "Access / Phone", "School", "Schooling"]


def test_a_change_that_changes_nothing_leaves_no_trace(bench, everything):
    before = everything(bench.database)
    codes = bench.codes()
    codebook.edit_code(*arguments(bench), codes["Phone"].id, {"name": "Phone", "definition": ""})
    codebook.move_code(*arguments(bench), codes["Phone"].id, parent_id=codes["Access"].id)
    codebook.retire_code(*arguments(bench), codes["Phone"].id, retired=False)
    assert everything(bench.database) == before


def test_what_was_changed_meanwhile_is_not_overwritten(bench):
    seen = bench.codes()["Phone"]
    codebook.edit_code(*arguments(bench), seen.id, {"definition": "by Ben"})
    with pytest.raises(ConflictError, match="definition of Phone has been changed"):
        codebook.edit_code(*arguments(bench), seen.id, {"definition": "mine"}, seen=seen)
    codebook.edit_code(*arguments(bench), seen.id, {"include": "mine"}, seen=seen)
    now = bench.codes()["Phone"]
    assert (now.definition, now.include) == ("by Ben", "mine")


def test_every_change_makes_a_version(bench):
    codebook.add_code(*arguments(bench), parent_id=None, name="A")
    codebook.edit_code(*arguments(bench), bench.codes()["A"].id, {"include": "i"})
    with bench.database.read() as connection:
        rows = connection.execute(
            text("SELECT number FROM codebook_version ORDER BY number")
        ).scalars()
        assert list(rows) == [1, 2, 3]


def test_the_codes_of_another_study_are_out_of_reach(bench):
    from workbench.services import study

    other = study.create_study(bench.actor, bench.database, "Other")
    with pytest.raises(NotFound):
        codebook.edit_code(
            bench.actor, bench.database, other.id, bench.codes()["Phone"].id, {"include": "x"}
        )
    with pytest.raises(NotFound):
        codebook.add_code(
            bench.actor, bench.database, other.id, parent_id=bench.codes()["Phone"].id, name="x"
        )


def test_names_that_only_begin_alike_are_different_codes(bench):
    assert bench.codes()["School"].theme_id != bench.codes()["Schooling"].theme_id
    assert CODEBOOK.count("School") == 2

"""What every change of the code tree leaves behind: versions, and where a code was defined last."""

from sqlalchemy import select

from tests.builders import CODEBOOK
from workbench.services.codebooks import codebook
from workbench.services.trail import undo
from workbench.store.codebooks.codebook import CODE_FIELDS
from workbench.store.tables import code, codebook_version


def arguments(bench):
    return bench.actor, bench.database, bench.study_id


def defined_in(bench, name):
    with bench.database.read() as connection:
        return connection.execute(select(code.c.defined_in).where(code.c.name == name)).scalar_one()


def versions(bench):
    with bench.database.read() as connection:
        rows = connection.execute(
            select(codebook_version.c.id, codebook_version.c.snapshot).order_by(
                codebook_version.c.number
            )
        )
        return [(row.id, row.snapshot) for row in rows]


def test_a_changed_definition_is_dated_by_its_version(bench):
    phone = bench.codes()["Phone"].id
    assert defined_in(bench, "Phone") is None
    for field in ("definition", "include", "exclude"):
        codebook.edit_code(*arguments(bench), phone, {field: "when they ring"})
        assert defined_in(bench, "Phone") == versions(bench)[-1][0]
    assert defined_in(bench, "School") is None


def test_other_changes_leave_the_definition_alone(bench):
    codes = bench.codes()
    phone = codes["Phone"].id
    codebook.edit_code(*arguments(bench), phone, {"name": "Ring", "cues": ["ring"], "examples": []})
    codebook.move_code(*arguments(bench), phone, parent_id=codes["School"].id)
    codebook.retire_code(*arguments(bench), phone)
    codebook.add_code(*arguments(bench), parent_id=None, name="New", definition="d")
    assert defined_in(bench, "Ring") is None
    assert defined_in(bench, "New") is None, "nothing was coded before it was defined"


def test_undo_and_redo_bring_back_where_it_was_defined(bench):
    phone = bench.codes()["Phone"].id
    codebook.edit_code(*arguments(bench), phone, {"definition": "one"})
    first = defined_in(bench, "Phone")
    codebook.edit_code(*arguments(bench), phone, {"definition": "two"})
    second = defined_in(bench, "Phone")
    assert second > first
    undo.undo(*arguments(bench))
    assert defined_in(bench, "Phone") == first
    undo.undo(*arguments(bench))
    assert defined_in(bench, "Phone") is None
    undo.redo(*arguments(bench))
    assert defined_in(bench, "Phone") == first
    undo.redo(*arguments(bench))
    assert defined_in(bench, "Phone") == second


def test_loading_a_file_dates_what_it_redefines(bench):
    bench.load(CODEBOOK.replace("- name: Phone", "- name: Phone\n        include: rings"))
    assert bench.codes()["Phone"].include == "rings"
    assert defined_in(bench, "Phone") == versions(bench)[-1][0]
    assert defined_in(bench, "Waiting") is None


def test_a_version_holds_every_code_with_all_that_can_change(bench):
    added = codebook.add_code(*arguments(bench), parent_id=None, name="Slip")
    undo.undo(*arguments(bench))
    phone = bench.codes()["Phone"]
    codebook.edit_code(*arguments(bench), phone.id, {"exclude": "letters"})
    key, snapshot = versions(bench)[-1]
    assert all(set(row) == {"id", "guid", "path", *CODE_FIELDS} for row in snapshot)
    assert [row["path"] for row in snapshot] == [
        ["Access"], ["Access", "Waiting"], ["Access", "Phone"], ["School"], ["Schooling"], ["Slip"],
    ]  # fmt: skip
    by_id = {row["id"]: row for row in snapshot}
    assert by_id[added]["deleted_at"] is not None
    assert by_id[phone.id]["guid"] == phone.guid
    assert (by_id[phone.id]["exclude"], by_id[phone.id]["defined_in"]) == ("letters", key)

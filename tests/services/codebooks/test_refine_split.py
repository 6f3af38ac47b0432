"""Splitting a code and sorting its extracts: who may sort what, and exact undo."""

import pytest
from sqlalchemy import insert, select

from tests.builders import SURVEY
from tests.services.codebooks.test_refine import (
    add,
    arguments,
    exported,
    extract_of,
    merge,
    noted,
    paths,
    rows,
    threads_on,
)
from workbench.errors import CodebookError, CodingError, ConflictError, NotAllowed, NotFound
from workbench.services.codebooks import codebook, refine, refine_split
from workbench.services.codebooks.refine_split import Part
from workbench.services.coding import star
from workbench.services.trail import undo
from workbench.store import tables


def split(bench, name="School", *, names=("Teachers", "Rooms"), below=False, actor=None):
    parts = [Part(each, f"{each} only") for each in names]
    key = bench.codes()[name].id
    return refine_split.split_code(*arguments(bench, actor), key, parts, below=below)


def queue(bench, name="School", actor=None, **options):
    key = bench.codes()[name].id
    return refine_split.split_queue(*arguments(bench, actor), key, **options)


def sort(bench, guids, name, actor=None, **options):
    key = bench.codes()[name].id
    return refine_split.sort_codings(*arguments(bench, actor), guids, key, **options)


def test_a_code_is_split_beside_itself_or_below(bench):
    before = rows(bench)
    keys = split(bench)
    assert paths(bench) == [
        "Access", "Access / Waiting", "Access / Phone", "School", "Teachers", "Rooms", "Schooling",
    ]  # fmt: skip
    codes = bench.codes()
    assert [codes["Teachers"].id, codes["Rooms"].id] == keys
    assert (codes["Rooms"].definition, len({item.colour for item in codes.values()})) == (
        "Rooms only", 6,
    )  # fmt: skip
    split(bench, "Waiting", below=True)
    assert "Access / Waiting / Rooms" in paths(bench)
    for _ in range(2):
        undo.undo(*arguments(bench), undo.CODEBOOK)
    assert [row for row in rows(bench)["code"] if row[-1] is None] == before["code"]


def test_a_split_needs_new_names(bench, everything):
    before = everything(bench.database)
    for names, why in [((), "no new code is named"), (("Access",), "Access is there already"),
                       (("One", "one"), "One is there already"),
                       ((" ",), "needs a name")]:  # fmt: skip
        with pytest.raises(CodebookError, match=why):
            split(bench, names=names)
    assert everything(bench.database) == before
    codebook.retire_code(*arguments(bench), bench.codes()["School"].id)
    with pytest.raises(CodebookError, match="School is retired"):
        split(bench)


def test_extracts_are_sorted_and_the_rest_stays(bench):
    first, second = bench.document("R1"), bench.document("R4")
    one = bench.code(first, "School", "She listened")
    whole = bench.code(first, "School", None)
    rest = bench.code(second, "School", "The school was kind")
    split(bench)
    before = rows(bench)
    waiting = queue(bench)
    assert [item.coding_guid for item in waiting.items] == [whole, one, rest]
    assert [part.name for part in waiting.parts] == ["Teachers", "Rooms"]
    assert (waiting.total, waiting.others, waiting.blind) == (3, 0, False)
    assert waiting.items[1].extract.quote == "She listened"
    assert waiting.items[1].extract.after.startswith(" to me")
    report = sort(bench, [one, whole], "Teachers")
    assert (report.into, report.sorted, report.copied, report.collapsed) == ("Teachers", 2, 0, 0)
    assert [item.coding_guid for item in queue(bench).items] == [rest]
    assert exported(bench) == [
        ("Asha", "School", "The school was kind"), ("Asha", "Teachers", ""),
        ("Asha", "Teachers", "She listened"),
    ]  # fmt: skip
    after = rows(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == after


def test_sorting_is_coding_under_the_codebook_as_it_is_now(bench):
    guid = bench.code(bench.document("R1"), "School", "She")
    split(bench)
    sort(bench, [guid], "Rooms")
    with bench.database.read() as connection:
        row = connection.execute(
            select(tables.coding.c.codebook_version_id).where(tables.coding.c.guid == guid)
        ).scalar_one()
        newest = select(tables.codebook_version.c.id).order_by(tables.codebook_version.c.id.desc())
        assert row == connection.execute(newest).scalars().first()


def test_an_extract_goes_into_several_codes(bench):
    guid = bench.code(bench.document("R1"), "School", "She")
    split(bench)
    before = rows(bench)
    assert sort(bench, [guid], "Rooms", copy=True).copied == 1
    assert sort(bench, [guid], "Rooms", copy=True).copied == 0, "once is enough"
    assert queue(bench).total == 1
    assert sort(bench, [guid], "Teachers").sorted == 1
    assert exported(bench) == [("Asha", "Rooms", "She"), ("Asha", "Teachers", "She")]
    for _ in range(2):
        undo.undo(*arguments(bench), undo.CODEBOOK)
    assert [row for row in rows(bench)["coding"] if row[-1] is None] == before["coding"]


def test_words_that_have_the_new_code_already_are_not_coded_twice(bench):
    document = bench.document("R1")
    guid = bench.code(document, "School", "She")
    split(bench)
    bench.code(document, "Rooms", "She")
    before = rows(bench)
    report = sort(bench, [guid], "Rooms")
    assert (report.sorted, report.collapsed) == (0, 1)
    assert exported(bench) == [("Asha", "Rooms", "She")]
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before


def test_only_the_owner_sorts_what_others_have_coded(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    mine = bench.code(document, "School", "She")
    theirs = bench.code(document, "School", "left", actor=ben)
    split(bench)
    assert (queue(bench).total, queue(bench).others) == (1, 1)
    assert queue(bench, whose="all").total == 2
    assert queue(bench, actor=ben, whose="all").total == 1
    with pytest.raises(NotAllowed, match="another coder's; only they or the owner"):
        sort(bench, [theirs, mine], "Rooms", actor=ben)
    sort(bench, [theirs, mine], "Rooms")
    assert exported(bench) == [("Asha", "Rooms", "She"), ("Ben", "Rooms", "left")]


def test_what_is_coded_blind_is_neither_listed_nor_sorted(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    theirs = bench.code(document, "School", "left", actor=ben)
    split(bench)
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    waiting = queue(bench, whose="all")
    assert (waiting.total, waiting.others, waiting.items, waiting.blind) == (0, 0, (), True)
    with pytest.raises(NotFound, match="this extract is not there any more"):
        sort(bench, [theirs], "Rooms")
    sort(bench, [theirs], "Rooms", actor=ben)
    assert exported(bench, ben) == [("Ben", "Rooms", "left")]


def test_sorting_leads_from_a_split_code_to_its_parts_only(bench):
    document = bench.document("R1")
    guid, other = bench.code(document, "School", "She"), bench.code(document, "Phone", "left")
    with pytest.raises(NotFound, match="the new code is not there any more"):
        sort(bench, [guid], "Phone")
    split(bench)
    with pytest.raises(CodingError, match=r"does not have the code School \(any more\)"):
        sort(bench, [guid, other], "Rooms")
    assert exported(bench) == [("Asha", "Access / Phone", "left"), ("Asha", "School", "She")]


def test_what_was_merged_into_a_code_is_sorted_with_it(bench):
    document = bench.document("R1")
    bench.code(document, "Schooling", "She")
    merge(bench, "Schooling", into="School")
    split(bench)
    before = rows(bench)
    sort(bench, [item.coding_guid for item in queue(bench).items], "Rooms")
    assert exported(bench) == [("Asha", "Rooms", "She")]
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before
    for _ in range(2):
        undo.undo(*arguments(bench), undo.CODEBOOK)
    assert exported(bench) == [("Asha", "Schooling", "She")]


def test_a_coding_that_must_be_placed_again_is_sorted_but_not_copied(bench):
    guid = bench.code(bench.document("R1"), "School", "Then she left")
    bench.ingest(SURVEY.replace("Then she left", "Nobody came again"))
    split(bench)
    with pytest.raises(CodingError, match="must be found again"):
        sort(bench, [guid], "Rooms", copy=True)
    assert sort(bench, [guid], "Rooms").sorted == 1


def test_a_split_that_others_have_sorted_into_stays(bench):
    ben = bench.person("Ben")
    guid = bench.code(bench.document("R1"), "School", "She", actor=ben)
    split(bench)
    sort(bench, [guid], "Rooms", actor=ben)
    with pytest.raises(ConflictError, match="Rooms is in use by now and stays"):
        undo.undo(*arguments(bench), undo.CODEBOOK)
    assert exported(bench) == [("Ben", "Rooms", "She")]


def test_the_queue_is_read_in_pages(bench):
    document = bench.document("R1")
    guids = [bench.code(document, "School", word) for word in ("She", "listened", "left")]
    seen = [
        item.coding_guid
        for offset in range(4)
        for item in queue(bench, offset=offset, limit=1).items
    ]
    assert seen == guids
    assert queue(bench).parts == (), "not split yet"
    assert add(bench, "Other")
    with pytest.raises(NotFound):
        refine_split.split_queue(*arguments(bench), 4_321)


def test_a_part_that_took_in_the_rest_is_no_part_of_itself(bench):
    """Else sorting into it would find each extract to be its own twin, and take it away."""
    split(bench)
    guid = bench.code(bench.document("R1"), "School", "She listened")
    codes = bench.codes()
    refine.merge_codes(
        bench.actor, bench.database, bench.study_id, [codes["School"].id], codes["Teachers"].id
    )
    assert [part.name for part in queue(bench, "Teachers").parts] == ["Rooms"]
    with pytest.raises(NotFound):
        sort(bench, [guid], "Teachers")
    assert len(bench.open(bench.document("R1")).codings) == 1


def test_memos_and_stars_go_to_the_twin_of_what_is_sorted(bench):
    split(bench)
    document, ben = bench.document("R1"), bench.person("Ben")
    stays = bench.code(document, "Teachers", "She listened")
    goes = bench.code(document, "School", "She listened")
    noted(bench, document, goes, "why")
    noted(bench, document, goes, "and why not", actor=ben)
    star.set_star(*arguments(bench, ben), goes)
    before = rows(bench)
    report = sort(bench, [goes], "Teachers")
    assert (report.sorted, report.collapsed) == (0, 1)
    assert threads_on(bench, stays) == {("why", ()), ("and why not", ())}
    (found,) = extract_of(bench, "Teachers")
    assert (found.extract.memo, found.extract.starred_by) == ("why", ("Ben",))
    undo.undo(*arguments(bench), undo.SORTING)
    assert rows(bench) == before

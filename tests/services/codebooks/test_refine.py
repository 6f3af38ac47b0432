"""Merging codes and making them themes: what counts where, what is left, and exact undo."""

import pytest
from sqlalchemy import insert, select, update

from workbench.domain.memos import MemoFilter
from workbench.errors import CodebookError, ConflictError, NotFound
from workbench.services.codebooks import codebook, refine
from workbench.services.coding import extracts, star
from workbench.services.counting.summarise import summarise
from workbench.services.memos import memo_list, memos
from workbench.services.trail import undo
from workbench.store import tables

ROWS = ("code", "code_ancestor", "coding", "anchor", "coding_respondent", "memo", "star")


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def rows(bench):
    """Give every row that a change of the codebook may touch."""
    with bench.database.read() as connection:
        return {
            name: sorted(map(tuple, connection.execute(tables.metadata.tables[name].select())),
                         key=repr)
            for name in ROWS
        }  # fmt: skip


def merge(bench, *names, into, actor=None, **options):
    codes = bench.codes()
    return refine.merge_codes(
        *arguments(bench, actor), [codes[name].id for name in names], codes[into].id, **options
    )


def paths(bench):
    found = codebook.list_codes(*arguments(bench), with_retired=True)
    return [" / ".join(item.path) for item in found]


def add(bench, name, parent=None, **values):
    above = bench.codes()[parent].id if parent else None
    return codebook.add_code(*arguments(bench), parent_id=above, name=name, **values)


def exported(bench, actor=None):
    return sorted((row["coder"], row["code"], row["quote"]) for row in bench.export(actor))


def test_what_was_coded_with_a_merged_code_counts_as_the_other(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document, "School", "She listened")
    bench.code(document, "Schooling", "left", actor=ben)
    before = rows(bench)
    report = merge(bench, "Schooling", into="School")
    assert (report.into, report.merged, report.collapsed) == ("School", ("Schooling",), 0)
    assert paths(bench) == ["Access", "Access / Waiting", "Access / Phone", "School"]
    assert exported(bench) == [("Asha", "School", "She listened"), ("Ben", "School", "left")]
    assert rows(bench)["coding"] == before["coding"], "no coding is rewritten"
    table = {row.theme: row.mentions for row in summarise(*arguments(bench)).rows}
    assert (table["School"], "Schooling" in table) == (2, False)
    after = rows(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == after


def test_the_same_words_of_one_coder_fall_together(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    for actor in (bench.actor, ben):
        bench.code(document, "School", "She listened", actor=actor)
        bench.code(document, "Schooling", "She listened", actor=actor)
        bench.code(document, "Schooling", None, actor=actor)
        bench.code(document, "School", None, actor=actor)
    bench.code(document, "Schooling", "She")
    bench.code(document, "Phone", "She")
    before = rows(bench)
    report = merge(bench, "Schooling", "Phone", into="School")
    assert report.collapsed == 5
    assert exported(bench) == [
        ("Asha", "School", ""), ("Asha", "School", "She"), ("Asha", "School", "She listened"),
        ("Ben", "School", ""), ("Ben", "School", "She listened"),
    ]  # fmt: skip
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before


def test_children_move_and_namesakes_among_them_are_merged(bench):
    waiting = add(bench, "waiting", "School")
    add(bench, "Rooms", "School")
    document = bench.document("R1")
    deep = codebook.add_code(*arguments(bench), parent_id=waiting, name="Deep")
    bench.code(document, "Deep", "She")
    bench.code(document, "waiting", "left")
    before = rows(bench)
    report = merge(bench, "School", into="Access")
    assert report.merged_below == (("School / waiting", "Access / Waiting"),)
    assert set(report.moved) == {"School / Rooms", "School / waiting / Deep"}
    assert paths(bench) == [
        "Access", "Access / Waiting", "Access / Waiting / Deep", "Access / Phone", "Access / Rooms",
        "Schooling",
    ]  # fmt: skip
    assert deep in {item.id for item in codebook.list_codes(*arguments(bench))}
    assert exported(bench) == [
        ("Asha", "Access / Waiting", "left"), ("Asha", "Access / Waiting / Deep", "She"),
    ]  # fmt: skip
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before


def test_a_retired_namesake_that_takes_in_one_in_use_is_in_use(bench):
    codebook.retire_code(*arguments(bench), bench.codes()["Waiting"].id)
    add(bench, "Waiting", "School")
    codes = {item.path: item for item in codebook.list_codes(*arguments(bench))}
    refine.merge_codes(*arguments(bench), [codes["School",].id], codes["Access",].id)
    assert bench.codes()["Waiting"].status == "active"


def test_a_code_is_merged_into_its_parent_and_never_into_its_child(bench):
    bench.code(bench.document("R1"), "Phone", "She")
    merge(bench, "Phone", into="Access")
    assert exported(bench) == [("Asha", "Access", "She")]
    with pytest.raises(CodebookError, match=r"Waiting lies below Access, and cannot take it in.* "
                                            "Merge Waiting into Access, or move it"):  # fmt: skip
        merge(bench, "Access", into="Waiting")


def test_merges_that_make_no_sense_are_refused(bench, everything):
    codebook.retire_code(*arguments(bench), bench.codes()["Schooling"].id)
    before = everything(bench.database)
    with pytest.raises(CodebookError, match="cannot be merged into itself"):
        merge(bench, "School", into="School")
    with pytest.raises(CodebookError, match=r"Schooling is retired.* Bring it back first"):
        merge(bench, "School", into="Schooling")
    with pytest.raises(CodebookError, match="name cannot be changed in a merge"):
        merge(bench, "Phone", into="School", changes={"name": "x"})
    with pytest.raises(NotFound, match="not in the codebook any more"):
        refine.merge_codes(*arguments(bench), [4_321], bench.codes()["School"].id)
    assert everything(bench.database) == before


def test_chains_of_merges_end_at_one_code_and_come_undone_in_any_order(bench):
    ben = bench.person("Ben")
    bench.code(bench.document("R1"), "Phone", "She")
    merge(bench, "Phone", into="Waiting")
    merge(bench, "Waiting", into="School", actor=ben)
    assert exported(bench) == [("Asha", "School", "She")]
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert exported(bench) == [("Asha", "Access / Phone", "She")]
    undo.redo(*arguments(bench), undo.CODEBOOK)
    undo.undo(*arguments(bench, ben), undo.CODEBOOK)
    assert exported(bench) == [("Asha", "Access / Waiting", "She")]


def test_words_are_taken_over_in_the_same_operation(bench):
    seen = bench.codes()["School"]
    merge(bench, "Schooling", into="School", changes={"definition": "teaching"}, seen=seen)
    assert bench.codes()["School"].definition == "teaching"
    with bench.database.read() as connection:
        query = select(tables.code.c.defined_in).where(tables.code.c.id == seen.id)
        dated = connection.execute(query).scalar_one()
        newest = select(tables.codebook_version.c.id).order_by(tables.codebook_version.c.id.desc())
        assert dated == connection.execute(newest).scalars().first()
    with pytest.raises(ConflictError, match="definition of School has been changed"):
        merge(bench, "Phone", into="School", changes={"definition": "other"}, seen=seen)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert bench.codes()["School"].definition == ""


def test_coding_goes_on_between_a_merge_and_its_undo(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    mine = bench.code(document, "Schooling", "She")
    merge(bench, "Schooling", into="School")
    bench.code(document, "School", "left", actor=ben)
    other = bench.codes()["Phone"].guid
    outcome = bench.send({"kind": "recode", "document": document, "coding": mine, "code": other})
    assert not outcome.rejected
    bench.code(bench.document("R2"), "School", "Nobody", actor=ben)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert exported(bench) == [
        ("Asha", "Access / Phone", "She"), ("Ben", "School", "Nobody"), ("Ben", "School", "left"),
    ]  # fmt: skip
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert "Schooling" not in bench.codes()


def test_the_same_words_are_not_coded_twice_after_a_merge(bench):
    document = bench.document("R1")
    bench.code(document, "Schooling", "She")
    merge(bench, "Schooling", into="School")
    outcome = bench.send(bench.adding(document, "School", "She"))
    assert "you have coded exactly these words School already" in outcome.rejected[0].why
    assert [item.code_id for item in bench.open(document).codings] == [bench.codes()["School"].id]


def test_undo_is_refused_where_the_tree_has_grown_over_it(bench):
    ben = bench.person("Ben")
    merge(bench, "Schooling", into="School")
    codebook.add_code(*arguments(bench, ben), parent_id=None, name="Schooling")
    with pytest.raises(ConflictError, match="another code named Schooling"):
        undo.undo(*arguments(bench), undo.CODEBOOK)


def test_a_code_with_others_merged_into_it_stays(bench):
    ben = bench.person("Ben")
    bench.code(bench.document("R1"), "School", "She")
    codebook.add_code(*arguments(bench, ben), parent_id=None, name="Place")
    merge(bench, "School", into="Place")
    with pytest.raises(ConflictError, match="School was merged into a code that would not be"):
        undo.undo(*arguments(bench, ben), undo.CODEBOOK)
    assert exported(bench) == [("Asha", "Place", "She")]


def test_two_codes_are_not_merged_into_each_other_by_redo(bench):
    ben = bench.person("Ben")
    merge(bench, "Schooling", into="School")
    undo.undo(*arguments(bench), undo.CODEBOOK)
    merge(bench, "School", into="Schooling", actor=ben)
    with pytest.raises(ConflictError, match="merged into a code that would not be there"):
        undo.redo(*arguments(bench), undo.CODEBOOK)


def test_no_code_comes_back_below_one_that_was_merged(bench):
    ben = bench.person("Ben")
    codebook.add_code(*arguments(bench, ben), parent_id=bench.codes()["School"].id, name="Bus")
    undo.undo(*arguments(bench, ben), undo.CODEBOOK)
    merge(bench, "School", into="Schooling")
    with pytest.raises(ConflictError, match="Bus would lie below a code that was merged"):
        undo.redo(*arguments(bench, ben), undo.CODEBOOK)


def test_a_merge_tells_nothing_of_what_is_coded_blind(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    for name in ("School", "Schooling"):
        bench.code(document, name, "She listened", actor=ben)
        bench.code(document, name, "left")
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
    assert merge(bench, "Schooling", into="School").collapsed == 1
    assert len(bench.export(ben)) == 1, "theirs fell together, too"
    assert len(bench.export()) == 1


def test_codes_that_others_cannot_see_yet_move_along_unmentioned(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    hidden = add(bench, "Waiting too", "School")
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(insert(tables.assignment).values(
                document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
            ))  # fmt: skip
        connection.execute(update(tables.code).where(tables.code.c.id == hidden).values(
            made_in=document, made_by=ben.id
        ))  # fmt: skip
    assert "Waiting too" not in bench.codes()
    report = merge(bench, "School", into="Access")
    assert (report.moved, report.merged_below) == ((), ())
    found = {item.id: item.path for item in codebook.list_codes(*arguments(bench, ben))}
    assert found[hidden] == ("Access", "Waiting too")


def test_what_goes_into_a_code_that_only_its_maker_sees_makes_it_everybodys(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    hidden = add(bench, "Mine")
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
        ))  # fmt: skip
        connection.execute(update(tables.code).where(tables.code.c.id == hidden).values(
            made_in=document, made_by=ben.id
        ))  # fmt: skip
    school = bench.codes()["School"].id
    refine.merge_codes(*arguments(bench, ben), [school], hidden)
    assert "Mine" in bench.codes()


def test_a_code_becomes_a_theme(bench):
    before = rows(bench)
    refine.promote_to_theme(*arguments(bench), bench.codes()["Waiting"].id)
    assert paths(bench)[-1] == "Waiting"
    assert bench.codes()["Waiting"].colour
    with pytest.raises(CodebookError, match="Waiting is a theme already"):
        refine.promote_to_theme(*arguments(bench), bench.codes()["Waiting"].id)
    refine.promote_to_theme(*arguments(bench), bench.codes()["Phone"].id, colour="#117733")
    assert bench.codes()["Phone"].colour == "#117733"
    for _ in range(2):
        undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before


def test_a_theme_has_a_name_and_a_colour_of_its_own(bench):
    add(bench, "school", "Access")
    with pytest.raises(CodebookError, match="School is there already"):
        refine.promote_to_theme(*arguments(bench), bench.codes()["school"].id)
    with pytest.raises(CodebookError, match="'red' is not of the form #RRGGBB"):
        refine.promote_to_theme(*arguments(bench), bench.codes()["Phone"].id, colour="red")


def test_undo_brings_no_second_coding_of_a_merged_code_to_the_same_words(bench):
    ben, one = bench.person("Ben"), bench.document("R1")
    bench.code(one, "School", "She listened", actor=ben)
    twin = bench.code(one, "Schooling", "She listened", actor=ben)
    bench.send({"kind": "remove", "document": one, "coding": twin}, actor=ben)
    merge(bench, "Schooling", into="School")
    before = exported(bench)
    with pytest.raises(ConflictError, match="the same words are coded School by the same coder"):
        undo.undo(ben, bench.database, bench.study_id, undo.CODING)
    assert exported(bench) == before


def test_a_merge_is_not_done_again_over_words_that_carry_both_codes_by_now(bench):
    ben, one = bench.person("Ben"), bench.document("R1")
    merge(bench, "Schooling", into="School")
    undo.undo(*arguments(bench), undo.CODEBOOK)
    for name in ("School", "Schooling"):
        bench.code(one, name, "She listened", actor=ben)
    with pytest.raises(ConflictError, match="the same words are coded School by the same coder"):
        undo.redo(*arguments(bench), undo.CODEBOOK)
    assert bench.codes()["Schooling"].status == "active"


def test_namesakes_are_told_apart_when_one_is_retired(bench):
    """Two people may have made codes of one name while coding blind."""
    codes = bench.codes()
    with bench.database.write() as connection:
        connection.execute(
            update(tables.code)
            .where(tables.code.c.id == codes["Schooling"].id)
            .values(name="School")
        )
    codebook.retire_code(*arguments(bench), codes["School"].id)
    found = codebook.list_codes(*arguments(bench), with_retired=True)
    assert {item.id: item.status for item in found if item.name == "School"} == {
        codes["School"].id: "retired", codes["Schooling"].id: "active",
    }  # fmt: skip


def key_of(bench, guid):
    with bench.database.read() as connection:
        found = select(tables.coding.c.id).where(tables.coding.c.guid == guid)
        return connection.execute(found).scalar_one()


def noted(bench, document, guid, text, actor=None):
    """Write a memo on a coding: one's own as the coding page does, another's as a memo page."""
    if actor is None:
        bench.send({"kind": "memo", "document": document, "coding": guid, "text": text})
        return None
    return memos.write(*arguments(bench, actor), "coding", key_of(bench, guid), text)


def threads_on(bench, guid):
    where = MemoFilter(kind="coding", target_id=key_of(bench, guid))
    return {
        (item.root.text, tuple(reply.text for reply in item.replies))
        for item in memo_list.list_memos(*arguments(bench), where, limit=99).threads
    }


def extract_of(bench, name):
    path = " / ".join(bench.codes()[name].path)
    where = extracts.make_filter(*arguments(bench), codes=[path])
    return extracts.find_extracts(*arguments(bench), where)[0]


@pytest.fixture
def doubled(bench):
    """One coder has coded the same words twice; both codings carry memos and stars."""
    document, ben = bench.document("R1"), bench.person("Ben")
    stays = bench.code(document, "School", "She listened")
    goes = bench.code(document, "Schooling", "She listened")
    noted(bench, document, stays, "on the one")
    noted(bench, document, goes, "on the other")
    root = noted(bench, document, goes, "a colleague's", actor=ben)
    memos.write(*arguments(bench), "coding", 0, "an answer", reply_to=root)
    for actor, guid in ((bench.actor, stays), (bench.actor, goes), (ben, goes)):
        star.set_star(*arguments(bench, actor), guid)
    return bench, ben, document, stays, goes


def test_memos_and_stars_of_what_falls_together_stay_in_sight(doubled):
    bench, ben, _, stays, goes = doubled
    before = rows(bench)
    merge(bench, "Schooling", into="School")
    assert threads_on(bench, stays) == {
        ("on the one", ()), ("on the other", ()), ("a colleague's", ("an answer",))
    }  # fmt: skip
    assert threads_on(bench, goes) == set()
    (found,) = extract_of(bench, "School")
    assert found.extract.memo == "on the one\n\non the other"
    assert found.extract.starred_by == ("Asha", "Ben")
    assert bench.export()[0]["memo"] == "on the one\n\non the other"
    starred = extracts.make_filter(*arguments(bench, ben), starred="me")
    assert extracts.find_extracts(*arguments(bench, ben), starred)[1] == 1
    after = rows(bench)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == before
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert rows(bench) == after


def test_what_is_written_after_a_merge_survives_its_undo(doubled):
    bench, ben, _, stays, goes = doubled
    merge(bench, "Schooling", into="School")
    (root,) = [
        item.root.id
        for item in memo_list.list_memos(*arguments(bench), MemoFilter(kind="coding")).threads
        if item.root.text == "a colleague's"
    ]
    memos.write(*arguments(bench, ben), "coding", 0, "later", reply_to=root)
    noted(bench, None, stays, "new", actor=ben)
    star.set_star(*arguments(bench, ben), stays, starred=False)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert threads_on(bench, goes) == {
        ("on the other", ()), ("a colleague's", ("an answer", "later"))
    }  # fmt: skip
    assert threads_on(bench, stays) == {("on the one", ()), ("new", ())}
    noted(bench, None, goes, "before redo", actor=ben)
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert ("before redo", ()) in threads_on(bench, stays)
    assert threads_on(bench, goes) == set()


def test_a_star_that_is_given_after_a_merge_survives_its_undo(doubled):
    bench, ben, _, stays, _ = doubled
    merge(bench, "Schooling", into="School")
    star.set_star(*arguments(bench, ben), stays, starred=False)
    star.set_star(*arguments(bench, ben), stays)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    (found,) = extract_of(bench, "School")
    assert found.extract.starred_by == ("Asha", "Ben")


def test_a_memo_that_was_taken_away_comes_back_on_the_coding_that_stays(doubled):
    bench, ben, _, stays, goes = doubled
    key = noted(bench, None, goes, "for a while", actor=ben)
    memos.take_away(*arguments(bench, ben), key)
    merge(bench, "Schooling", into="School")
    memos.undo_memo(*arguments(bench, ben))
    assert ("for a while", ()) in threads_on(bench, stays)
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert ("for a while", ()) in threads_on(bench, goes)

"""Themes by group: small studies counted by hand, large ones by an independent count."""

import csv
import io
import random
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from scipy.stats import binomtest
from sqlalchemy import insert, update

from tests.builders import SURVEY, Bench
from tests.services.independent_count import Count, add_group, random_study
from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError, NotFound
from workbench.services import sessions, study
from workbench.services.codebooks import codebook
from workbench.services.coding import extracts
from workbench.services.counting import compare, figures, table_files
from workbench.services.counting.session_groups import narrowed
from workbench.services.counting.summarise import list_groups, list_layers, summarise, within_cell
from workbench.store.codebooks.codebook import rebuild_closure
from workbench.store.coding import anchors
from workbench.store.counting import hits
from workbench.store.tables import (
    CONSENSUS,
    assignment,
    code,
    coding,
    document,
    respondent,
)


def table(bench, *by, actor=None, **options):
    return summarise(actor or bench.actor, bench.database, bench.study_id, by=by, **options)


def cells(bench, *by, **options):
    """Give a table as {(theme, groups): (respondents, base, mentions)} without empty cells."""
    return {
        (row.theme, *row.groups.values()): (row.respondents, row.base, row.mentions)
        for row in table(bench, *by, **options).rows
        if row.respondents or row.mentions
    }


def test_an_uncoded_study_has_every_cell_at_zero(bench):
    found = table(bench, "group")
    assert [(row.theme, row.groups["group"], row.base) for row in found.rows] == [
        (theme, group, base)
        for theme in ("Access", "School", "Schooling")
        for group, base in (("Irish", 1), ("Roma", 2), ("Not stated", 1))
    ]
    assert all((row.respondents, row.mentions, row.share) == (0, 0, 0.0) for row in found.rows)
    assert {row.n_not_done for row in found.rows if row.groups["group"] == "Roma"} == {3}
    assert found.overlapping is False


def test_an_empty_study_has_no_rows_and_an_empty_base_no_share(empty):
    assert table(empty).rows == ()
    empty.load()
    (row, *_) = table(empty).rows
    assert (row.base, row.share, row.low, row.high, row.groups) == (0, None, None, None, {})


def test_declared_values_without_anybody_are_shown(bench):
    found = table(bench, "age")
    assert [row.groups["age"] for row in found.rows[:3]] == ["young", "middle", "old"]
    middle = found.rows[1]
    assert (middle.base, middle.share) == (0, None)


def test_respondents_are_counted_once_and_mentions_joined(bench):
    first, second = bench.document("R1"), bench.document("R1", "q2")
    bench.code(first, "Waiting", "She listened")
    bench.code(first, "Waiting", "listened to me")
    bench.code(first, "Waiting", "she left")
    bench.code(first, "Phone", "listened")
    bench.code(second, "Phone", None)
    bench.code(bench.document("R3"), "Access", "تین")
    assert cells(bench) == {("Access",): (2, 4, 5)}
    assert cells(bench, level="code") == {
        ("Access",): (2, 4, 5),
        ("Access / Waiting",): (1, 4, 2),
        ("Access / Phone",): (1, 4, 2),
    }
    assert cells(bench, "group") == {("Access", "Roma"): (1, 2, 4), ("Access", "Irish"): (1, 1, 1)}


def test_overlaps_join_over_coders_but_touching_words_stay_apart(bench):
    document_id, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document_id, "School", "She listened")
    bench.code(document_id, "School", "She listened", actor=ben)
    bench.code(document_id, "School", " to me", actor=ben)
    assert cells(bench) == {("School",): (1, 4, 2)}
    assert cells(bench, layer="Ben") == {("School",): (1, 4, 2)}
    assert cells(bench, layer="asha") == {("School",): (1, 4, 1)}
    bench.code(document_id, "School", None)
    assert cells(bench) == {("School",): (1, 4, 1)}


def test_multi_select_groups_overlap(bench):
    for label in ("R1", "R3"):
        bench.code(bench.document(label), "School", None)
    found = table(bench, "needs")
    assert found.overlapping
    assert cells(bench, "needs") == {
        ("School", "money"): (1, 2, 1),
        ("School", "sleep"): (2, 2, 2),
    }
    assert cells(bench) == {("School",): (2, 4, 2)}


def test_two_attributes_are_crossed(bench):
    bench.code(bench.document("R1"), "School", None)
    bench.code(bench.document("R4"), "School", None)
    assert cells(bench, "group", "age") == {
        ("School", "Roma", "young"): (1, 1, 1),
        ("School", "Not stated", "young"): (1, 1, 1),
    }
    assert len(table(bench, "group", "age").rows) == 3 * 3 * 3


def test_the_interval_is_wilsons(bench):
    bench.code(bench.document("R1"), "School", None)
    row = next(row for row in table(bench).rows if row.theme == "School")
    expected = binomtest(1, 4).proportion_ci(method="wilson")
    assert (row.share, row.low, row.high) == pytest.approx((0.25, expected.low, expected.high))


def test_a_merged_code_counts_where_it_was_merged_into(bench):
    codes = bench.codes()
    bench.code(bench.document("R1"), "School", "She")
    bench.code(bench.document("R1"), "Schooling", "She listened")
    bench.code(bench.document("R2"), "School", "rang")
    with bench.database.write() as connection:
        connection.execute(
            update(code)
            .where(code.c.name == "School")
            .values(status="merged", merged_into=codes["Phone"].id)
        )
        connection.execute(
            update(code)
            .where(code.c.name == "Schooling")
            .values(status="merged", merged_into=codes["School"].id)
        )
        rebuild_closure(connection, bench.study_id)
    assert cells(bench, level="code") == {
        ("Access",): (2, 4, 2),
        ("Access / Phone",): (2, 4, 2),
    }
    assert bench.codes()["Phone"].n_codings == 3
    assert {row["code"] for row in bench.export()} == {"Access / Phone"}
    where = extracts.make_filter(
        bench.actor, bench.database, bench.study_id, codes=["Access / Phone"]
    )
    _, total = extracts.find_extracts(bench.actor, bench.database, bench.study_id, where)
    assert total == 3


def test_retired_codes_still_count(bench):
    bench.code(bench.document("R1"), "School", None)
    codebook.retire_code(bench.actor, bench.database, bench.study_id, bench.codes()["School"].id)
    assert cells(bench) == {("School",): (1, 4, 1)}


def test_flagged_and_removed_codings_do_not_count_but_flagged_ones_are_told(bench):
    document_id = bench.document("R1")
    bench.code(document_id, "School", "She listened")
    removed = bench.code(document_id, "Phone", None)
    bench.send({"kind": "remove", "document": document_id, "coding": removed})
    bench.ingest(SURVEY.replace("She listened to me. Then she left.", "Something else."))
    assert cells(bench) == {}
    assert table(bench).n_flagged == 1


def test_who_has_withdrawn_and_who_facilitates_is_left_out(bench):
    for label in ("R1", "R2", "R3"):
        bench.code(bench.document(label), "School", None)
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
        connection.execute(
            update(respondent).where(respondent.c.ref == "R2").values(kind="facilitator")
        )
    assert cells(bench) == {("School",): (1, 2, 1)}
    assert cells(bench, "group") == {("School", "Irish"): (1, 1, 1)}


def test_who_left_nothing_to_read_is_not_in_the_base(bench):
    bench.ingest(SURVEY + "R9,Roma,old,,,,\n")
    assert table(bench).rows[0].base == 4


def test_layers_and_done(bench):
    ben, cy = bench.person("Ben"), bench.person("Cy")
    one, two, three = (bench.document(label) for label in ("R1", "R2", "R3"))
    for document_id in (one, two, three):
        bench.code(document_id, "School", None)
        bench.code(document_id, "Phone", None, actor=ben)
    bench.done(one)
    bench.done(two)
    bench.done(two, ben)
    bench.done(three, cy)
    assert cells(bench) == {("School",): (3, 4, 3), ("Access",): (3, 4, 3)}
    assert cells(bench, layer="Ben") == {("Access",): (3, 4, 3)}
    assert cells(bench, layer="consensus") == {("School",): (1, 4, 1)}
    left = {layer: table(bench, layer=layer).rows[0].n_not_done
            for layer in ("any", "Asha", "Ben", "Cy", "consensus")}  # fmt: skip
    assert left == {"any": 4, "Asha": 5, "Ben": 6, "Cy": 6, "consensus": 4}
    assert table(bench, layer="consensus").rows[0].n_awaiting == 1
    with bench.database.write() as connection:
        connection.execute(
            update(document).where(document.c.id == two).values(adjudicated_at="2022-01-01")
        )
        settled = connection.execute(
            update(coding)
            .where(coding.c.document_id == two, coding.c.coder_id == ben.id)
            .values(origin="adjudication", coder_id=CONSENSUS)
            .returning(coding.c.id)
        ).scalars()
        anchors.sync_coding_respondents(connection, list(settled))
    assert cells(bench, layer="consensus") == {("School",): (1, 4, 1), ("Access",): (1, 4, 1)}
    assert table(bench, layer="consensus").rows[0].n_not_done == 4
    assert table(bench, layer="consensus").rows[0].n_awaiting == 0
    assert list_layers(bench.actor, bench.database, bench.study_id) == [
        "any", "consensus", "Asha", "Ben", "Cy",
    ]  # fmt: skip


def test_only_the_documents_in_scope_count(bench):
    for item in bench.documents():
        bench.code(item.id, "School", None)
    question = study.list_questions(bench.actor, bench.database, bench.study_id)[1]
    where = DocumentFilter(question_id=question.id)
    assert cells(bench, where=where) == {("School",): (3, 3, 3)}
    assert cells(bench, where=DocumentFilter(search="nobody RANG")) == {("School",): (1, 1, 1)}


def test_what_cannot_be_grouped_by_is_refused(bench):
    with pytest.raises(InputError, match=r"no attribute 'shoe' to group by.*group, age, needs"):
        table(bench, "shoe")
    with pytest.raises(InputError, match="no attribute 'email'"):
        table(bench, "email")
    with pytest.raises(InputError, match="3 attributes"):
        table(bench, "group", "age", "needs")
    with pytest.raises(InputError, match="named twice"):
        table(bench, "age", "age")
    with pytest.raises(NotFound, match=r"no coder 'Zoe' in this study. Layers: any, consensus"):
        table(bench, layer="Zoe")


NAMED = """
respondent_id: id
attributes:
  - {column: age_band, grouping: true}
  - {column: area, label: "Where they live", grouping: true}
  - {column: home, label: "Where they live", grouping: true}
questions:
  - {column: q1, ref: q1}
"""


def test_attributes_may_be_named_as_pages_call_them(empty):
    empty.ingest("id,age_band,area,home,q1\nR1,young,Hull,flat,Yes\n", NAMED)
    empty.load()
    for given in ("age_band", "Age band", " AGE_BAND"):
        assert table(empty, given).by == ("age_band",)
    with pytest.raises(InputError, match="age_band is named twice"):
        table(empty, "age_band", "Age band")
    with pytest.raises(InputError, match="no attribute 'where they live' to group by"):
        table(empty, "where they live")  # two are called so


def test_linked_speakers_count_once_and_facilitators_never(bench):
    bench.ingest(SURVEY + "F,Irish,old,,,,\nS,Roma,old,,,,\n")
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "F").values(kind="facilitator")
        )
    group = add_group(
        bench,
        [("F", "Tell me"), ("R1", "I waited"), ("S", "I waited too"), (None, "me as well"),
         ("R1", "and again")],
    )  # fmt: skip
    bench.code(group, "Waiting", "Tell me")
    assert cells(bench) == {}
    bench.code(group, "Waiting", "I waited\nI waited too")
    bench.code(group, "Waiting", "again")
    bench.code(bench.document("R1"), "Waiting", "She")
    assert cells(bench) == {("Access",): (2, 5, 4)}, "an exchange is one mention of each"
    assert cells(bench, "group") == {("Access", "Roma"): (2, 3, 4)}
    assert table(bench, "group").rows[0].n_not_done == 2
    bench.done(group)
    roma = [row for row in table(bench, "group").rows if row.groups["group"] == "Roma"]
    assert roma[0].n_not_done == 3


def test_a_cell_opens_the_extracts_that_it_counts(bench):
    group = add_group(bench, [("R3", "I waited"), ("R1", "Me too")])
    bench.code(group, "Waiting", "I waited")
    bench.code(bench.document("R1"), "Waiting", "She")
    bench.code(bench.document("R2"), "Phone", "rang")
    attribute = next(
        item
        for item in study.list_attributes(bench.actor, bench.database, bench.study_id)
        if item.name == "group"
    )
    for row in table(bench, "group", level="code").rows:
        where = extracts.make_filter(
            bench.actor, bench.database, bench.study_id, code_ids=[row.code_id],
            documents=DocumentFilter(groups=((attribute.id, row.groups["group"]),)),
        )  # fmt: skip
        counted = extracts.count_extracts(bench.actor, bench.database, bench.study_id, where)
        assert (counted.n_extracts, counted.n_respondents) == (row.mentions, row.respondents)


@pytest.mark.parametrize(
    ("seed", "layout"), [(1, {}), (2, {"MAX_COLUMNS": 0}), (3, {"MAX_RUNS": 0})]
)
def test_counts_agree_with_an_independent_count(empty: Bench, monkeypatch, seed, layout):
    for name, value in layout.items():
        monkeypatch.setattr(hits, name, value)
    random_study(empty, random.Random(seed))
    ben = empty.person("Ben")
    n_positive = 0
    for layer, key in (("any", "any"), ("consensus", "consensus"), ("Ben", ben.id)):
        count = Count(empty, key)
        for by in ((), ("group",), ("needs",), ("group", "needs"), ("age", "group")):
            found = table(empty, *by, level="code", layer=layer, with_totals=True)
            for row in (*found.rows, *found.totals):
                cell = (row.respondents, row.base, row.mentions, row.n_not_done, row.n_awaiting)
                assert cell == count.cell(row.code_id, row.groups), (layer, row)
                n_positive += row.respondents > 0
    assert n_positive > 100


def agreeing(bench, where, row):
    """Tell whether a cell's extracts are of as many people, and some where it has mentions."""
    filtered = extracts.make_filter(
        bench.actor, bench.database, bench.study_id, code_ids=[row.code_id],
        documents=replace(where, groups=()),
    )  # fmt: skip
    filtered = replace(filtered, counted_only=True, groups=where.groups)
    found = extracts.count_extracts(bench.actor, bench.database, bench.study_id, filtered)
    return found.n_respondents == row.respondents and found.n_extracts >= bool(row.mentions)


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_by_session_agree_with_an_independent_count_and_extracts(empty: Bench, seed):
    random_study(empty, random.Random(seed))
    place = empty.actor, empty.database, empty.study_id
    held = sessions.list_sessions(*place)
    group = next(item for item in list_groups(*place) if item.name == "group")
    ben, n_positive, n_nobodys = empty.person("Ben"), 0, 0
    for layer, key in (("any", "any"), ("consensus", "consensus"), ("Ben", ben.id)):
        count = Count(empty, key)
        for by in (("session",), ("series",), ("series", "group")):
            found = table(empty, *by, level="code", layer=layer)
            for row in found.rows:
                cell = (row.respondents, row.base, row.mentions, row.n_not_done, row.n_awaiting)
                assert cell == count.cell(row.code_id, row.groups), (layer, row)
                n_positive += row.respondents > 0
                if layer == "any":
                    where = narrowed(DocumentFilter(), found.unit, row.groups[by[0]], held)
                    if len(by) > 1:
                        where = replace(where, groups=((group.attribute_id, row.groups["group"]),))
                    assert agreeing(empty, where, row), row
        nobodys = table(empty, level="code", layer=layer).nobodys.mentions
        assert all(n == count.nobodys(key) for key, n in nobodys.items()), layer
        n_nobodys += sum(nobodys.values())
    assert n_positive > 50
    assert n_nobodys > 5


def of_nobody(bench, code_id, **options):
    """Give the extracts of nobody's words, by the keys of their codings, and what is counted."""
    place = bench.actor, bench.database, bench.study_id
    codes = [] if code_id is None else [code_id]
    where = extracts.make_filter(*place, code_ids=codes, of_nobody=True, **options)
    found, n = extracts.find_extracts(*place, where, limit=1_000)
    assert n == len(found)
    return {item.coding_guid for item in found}, extracts.count_extracts(*place, where)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_nobody_is_known_to_say_agrees_with_its_extracts(empty: Bench, seed):
    random_study(empty, random.Random(seed))
    place = empty.actor, empty.database, empty.study_id
    held = sessions.list_sessions(*place)
    ben, n_positive, n_joined = empty.person("Ben"), 0, 0
    for layer, key in (("any", "any"), ("consensus", "consensus"), ("Ben", ben.id)):
        count = Count(empty, key)
        wholes = [DocumentFilter(), DocumentFilter(kind="focus_group"),
                  DocumentFilter(session_id=held[0].id), DocumentFilter(finished=True)]  # fmt: skip
        for where in wholes:
            nobodys = table(empty, level="code", layer=layer, where=where).nobodys.mentions
            for code_id, n in nobodys.items():
                found, counted = of_nobody(empty, code_id, layer=layer, documents=where)
                assert counted.n_mentions == n, (layer, where, code_id)
                if where == DocumentFilter():
                    assert found == count.guids_of_nobody(code_id), (layer, code_id)
                n_positive += n > 0
                n_joined += n != len(found)
            themes = table(empty, layer=layer, where=where).nobodys.mentions
            assert of_nobody(empty, None, layer=layer, documents=where)[1].n_mentions == sum(
                themes.values()
            )
    assert n_positive > 15
    assert n_joined  # of several coders, or of several speakers


@pytest.mark.parametrize("seed", [4])
def test_every_pair_of_groups_agrees_with_its_extracts(empty: Bench, seed):
    random_study(empty, random.Random(seed))
    known = {item.name: item for item in list_groups(empty.actor, empty.database, empty.study_id)}
    n_positive = 0
    for layer in ("any", "consensus", "Ben"):
        for by in (("group", "needs"), ("age", "group")):
            for row in table(empty, *by, level="code", layer=layer).rows:
                cell = within_cell((), [known[name] for name in by], row.groups)
                where = extracts.make_filter(
                    empty.actor, empty.database, empty.study_id, code_ids=[row.code_id],
                    layer=layer, documents=DocumentFilter(groups=cell),
                )  # fmt: skip
                found = extracts.count_extracts(empty.actor, empty.database, empty.study_id, where)
                assert found.n_respondents == row.respondents, (layer, row)
                n_positive += row.respondents > 0
    assert n_positive > 30


def test_nobodys_words_are_found_by_turn_and_not_those_beside_them(empty: Bench):
    empty.ingest()
    empty.load()
    group = add_group(empty, [("R1", "I waited"), (None, "we waited too"), ("R2", "Long")])
    empty.code(group, "Waiting", "I waited")  # ends where the next turn begins
    empty.code(group, "Waiting", "waited\nwe waited")
    empty.code(group, "Waiting", "Long")
    empty.code(group, "Phone", None)
    code_id = empty.codes()["Waiting"].id
    found, counted = of_nobody(empty, code_id)
    assert (len(found), counted.n_mentions) == (1, 1)
    assert of_nobody(empty, empty.codes()["Phone"].id)[1].n_mentions == 1
    attribute = list_groups(empty.actor, empty.database, empty.study_id)[0]
    within = DocumentFilter(groups=((attribute.attribute_id, "Roma"),))
    found, counted = of_nobody(empty, code_id, documents=within)
    assert (len(found), counted.n_mentions) == (0, None)
    starred = of_nobody(empty, code_id, starred="me")[1]
    assert (starred.n_extracts, starred.n_mentions) == (0, None)


def test_blind_coding_is_counted_for_oneself_only(empty: Bench):
    empty.ingest()
    empty.load()
    document_id, ben = empty.document("R1"), empty.person("Ben")
    empty.code(document_id, "School", "She listened to me", actor=ben)
    empty.code(document_id, "School", "listened")
    empty.code(document_id, "School", "to me. Then")
    assert cells(empty) == {("School",): (1, 4, 1)}
    with empty.database.write() as connection:
        for person in (empty.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=document_id, coder_id=person.id, blind=True, created_at="x"
                )
            )
    assert cells(empty) == {("School",): (1, 4, 2)}
    assert cells(empty, actor=ben) == {("School",): (1, 4, 1)}
    assert cells(empty, layer="Ben") == {}
    empty.done(document_id)
    empty.done(document_id, ben)
    assert cells(empty) == {("School",): (1, 4, 1)}


def test_speech_of_nobody_stands_apart_everywhere(empty: Bench):
    empty.ingest()
    empty.load()
    group = add_group(empty, [("R1", "I waited"), (None, "we waited too"), ("R2", "Long")])
    empty.code(group, "Waiting", "waited\nwe waited")
    empty.code(group, "Waiting", "too")
    found = table(empty, "group", with_totals=True)
    (access,) = {row.code_id for row in found.rows if row.theme == "Access"}
    assert (found.nobodys.documents, found.nobodys.turns, found.nobodys.words) == (1, 1, 3)
    assert found.nobodys.mentions[access] == 2
    assert [row.mentions for row in found.totals if row.code_id == access] == [1]
    assert found.as_dict()["speaker_not_known"]["mentions"]["Access"] == 2
    said = "Speaker not known: 3 words in 1 turn of 1 text are linked to no respondent."
    assert any(line.startswith(said) for line in figures.warnings(found))
    rows = list(csv.DictReader(io.StringIO(
        table_files.table_file(found, format="csv").decode("utf-8-sig"))))  # fmt: skip
    (apart,) = [
        row for row in rows if row["group"] == "Speaker not known" and row["mentions"] == "2"
    ]
    assert (apart["theme"], apart["base"], apart["respondents"]) == ("Access", "", "")
    within = DocumentFilter(groups=((next(
        item.attribute_id for item in list_groups(empty.actor, empty.database, empty.study_id)
        if item.name == "group"), "Roma"),))  # fmt: skip
    assert not table(empty, where=within).nobodys.turns
    by_session = table(empty, "session")
    first = by_session.rows[0]
    assert (first.theme, first.groups) == ("Access", {"session": "Group 1"})
    assert (first.respondents, first.base) == (1, 2)
    book = load_workbook(io.BytesIO(table_files.table_file(by_session, format="xlsx")))
    lines = [[cell.value for cell in line][:4] for line in book.worksheets[0].iter_rows()]
    assert lines[0] == ["session", "people", "Access: people", "Access: mentions"]
    assert lines[1:3] == [["Group 1", 2, 1, 1], ["Speaker not known", None, None, 2]]
    add_group(empty, [("R1", "I waited")], ref="Group 2")
    sides = compare.compare_groups(empty.actor, empty.database, empty.study_id, by="session",
                                   values=("Group 1", "Group 2"))  # fmt: skip
    assert (sides.rows[0].first.base, sides.rows[0].second.base) == (2, 1)
    assert "One respondent may be in both groups" in sides.why_not
    with pytest.raises(InputError, match="focus groups stand alone"):
        table(empty, "session", "group")


def test_an_attribute_that_is_called_session_goes_before_the_focus_groups(empty: Bench):
    mapping = """
respondent_id: id
attributes: [{column: session}]
questions: [{column: q1, ref: q1, text: Q}]
"""
    empty.ingest("id,session,q1\nR1,two,hello\n", mapping)
    empty.load()
    add_group(empty, [("R1", "I waited")])
    assert {row.groups["session"] for row in table(empty, "session").rows} == {"two"}
    assert table(empty, "@session").by == ("focus group session",)

"""Whom shares are shares of, in which order, without what is empty: counted by hand and at random.

Every cell under every base and filter agrees with its extracts.
"""

import random
from dataclasses import replace

import pytest
from sqlalchemy import text, update

from tests.builders import SURVEY
from tests.services.counting.test_summarise import Count, random_study
from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError
from workbench.services.arrange import natural, order_codes
from workbench.services.coding import extracts
from workbench.services.counting import compare, summarise
from workbench.store.tables import absent_answer, respondent


def arguments(bench):
    return bench.actor, bench.database, bench.study_id


def table(bench, *by, **options):
    return summarise.summarise(*arguments(bench), by=by, **options)


def bases(bench, *by, **options):
    rows = table(bench, *by, **options).rows
    return {tuple(row.groups.values()): row.base for row in rows}


@pytest.fixture
def grown(bench):
    """R5 left all blank; R6 was asked the second question only, and left it blank."""
    bench.ingest(SURVEY + "R5,Irish,old,,,,\nR6,Roma,young,,,,\n")
    with bench.database.write() as connection:
        person = connection.execute(text("SELECT id FROM respondent WHERE ref = 'R6'")).scalar()
        asked = connection.execute(text("SELECT id FROM question WHERE ref = 'q1'")).scalar()
        connection.execute(
            update(absent_answer)
            .where(absent_answer.c.respondent_id == person, absent_answer.c.question_id == asked)
            .values(state="not_asked")
        )
    return bench


def questions(bench):
    with bench.database.read() as connection:
        return dict(connection.execute(text("SELECT ref, id FROM question")).all())


def test_bases_are_those_who_answered_were_asked_or_could_have_been(grown):
    bench = grown
    bench.code(bench.document("R1"), "School", None)
    assert bases(bench) == {(): 4}
    assert bases(bench, base="asked") == {(): 6}
    assert bases(bench, base="everybody") == {(): 6}
    first = DocumentFilter(question_id=questions(bench)["q1"])
    second = DocumentFilter(question_id=questions(bench)["q2"])
    assert bases(bench, base="answered", where=first) == {(): 4}
    assert bases(bench, base="asked", where=first) == {(): 5}
    assert bases(bench, base="everybody", where=first) == {(): 6}
    assert [bases(bench, base=base, where=second)[()]
            for base in ("answered", "asked", "everybody")] == [3, 6, 6]  # fmt: skip
    assert bases(bench, "group", base="asked", where=first) == {
        ("Irish",): 2, ("Roma",): 2, ("Not stated",): 1,
    }  # fmt: skip
    found = table(bench, base="everybody")
    school = next(row for row in found.rows if row.theme == "School")
    assert (school.respondents, school.share) == (1, pytest.approx(1 / 6))
    assert found.as_dict()["base_of"] == "everybody"


def test_words_and_states_narrow_what_is_counted_but_not_who_was_asked(grown):
    where = DocumentFilter(search="school", question_id=questions(grown)["q1"])
    assert bases(grown, where=where) == {(): 1}
    assert bases(grown, base="asked", where=where) == {(): 5}
    young = replace(where, groups=((groups(grown)["age"].attribute_id, "young"),))
    assert bases(grown, base="everybody", where=young) == {(): 3}


def groups(bench):
    return {item.name: item for item in summarise.list_groups(*arguments(bench))}


def test_who_was_not_asked_at_all_is_in_the_base_of_everybody_alone(grown):
    with grown.database.write() as connection:
        connection.execute(update(absent_answer).values(state="not_asked"))
    assert [bases(grown, base=base)[()] for base in ("answered", "asked", "everybody")] == [4, 4, 6]
    with grown.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R5").values(withdrawn_at="x")
        )
        connection.execute(
            update(respondent).where(respondent.c.ref == "R6").values(kind="facilitator")
        )
    assert bases(grown, base="everybody") == {(): 4}


def test_what_awaits_adjudication_is_told_apart_from_what_is_not_done(bench):
    ben = bench.person("Ben")
    one, two = bench.document("R1"), bench.document("R3")
    bench.done(one)
    bench.done(two)
    bench.done(two, ben)
    found = table(bench, "group", layer="consensus")
    by_group = {
        row.groups["group"]: (row.n_not_done, row.n_awaiting)
        for row in found.rows if row.theme == "School"
    }  # fmt: skip
    assert by_group == {"Roma": (2, 0), "Irish": (1, 1), "Not stated": (2, 0)}
    (row, *_) = table(bench, layer="consensus").rows
    assert (row.n_not_done, row.n_awaiting) == (5, 1)
    (row, *_) = table(bench, layer="any").rows
    assert (row.n_not_done, row.n_awaiting) == (5, 0)


def names(found):
    return list(dict.fromkeys(row.theme for row in found.rows))


def test_rows_in_three_orders_with_codes_under_their_themes(bench):
    for label, name in (("R1", "School"), ("R2", "School"), ("R3", "Phone"), ("R4", "Schooling"),
                        ("R1", "Schooling"), ("R2", "Schooling")):  # fmt: skip
        bench.code(bench.document(label), name, None)
    assert names(table(bench, level="code")) == [
        "Access", "Access / Waiting", "Access / Phone", "School", "Schooling",
    ]  # fmt: skip
    assert names(table(bench, level="code", order="alphabetical")) == [
        "Access", "Access / Phone", "Access / Waiting", "School", "Schooling",
    ]  # fmt: skip
    mentioned = table(bench, "group", level="code", order="mentioned")
    assert names(mentioned) == [
        "Schooling", "School", "Access", "Access / Phone", "Access / Waiting",
    ]  # fmt: skip
    assert mentioned.totals == ()
    hidden = table(bench, "group", level="code", hide_empty=True, with_totals=True)
    assert names(hidden) == ["Access", "Access / Phone", "School", "Schooling"]
    assert hidden.n_hidden == 1
    assert {row.code_id for row in hidden.totals} == {row.code_id for row in hidden.rows}


def test_groups_in_three_orders_and_without_empty_ones(bench):
    def columns(**options):
        found = table(bench, "age", **options)
        return [row.groups["age"] for row in found.rows if row.theme == "School"]

    bench.code(bench.document("R1"), "School", None)
    bench.ingest(SURVEY + "R5,Roma,old,,,said,\nR6,Roma,,,,said,\n")
    assert columns() == ["young", "middle", "old", "Not stated"]
    assert columns(group_order="name") == ["middle", "old", "young", "Not stated"]
    assert columns(group_order="size") == ["old", "young", "middle", "Not stated"]
    assert columns(hide_empty=True) == ["young", "old", "Not stated"]
    crossed = table(bench, "group", "age", group_order="size", hide_empty=True)
    pairs = [tuple(row.groups.values()) for row in crossed.rows if row.theme == "School"]
    assert pairs[0] == ("Roma", "old")
    assert pairs[-1] == ("Not stated", "young")
    assert all(row.base for row in crossed.rows)


def test_numbers_within_names_sort_as_numbers():
    assert sorted(["Band 10", "band 9", "²", "Ä"], key=natural) == ["band 9", "Band 10", "²", "Ä"]
    assert order_codes([], "mentioned", {}) == []


# ------------------------------------------------------------------ comparing


def test_two_groups_side_by_side(bench):
    for label in ("R1", "R2"):
        bench.code(bench.document(label), "School", None)
    found = compare.compare_groups(*arguments(bench), by="group", values=("Roma", "Irish"))
    school = next(row for row in found.rows if row.theme == "School")
    assert (school.first.respondents, school.first.base) == (2, 2)
    assert (school.second.respondents, school.second.base) == (0, 1)
    assert school.difference.difference == 1.0
    assert found.why_not == ""
    assert found.cautions[0].startswith("Respondents chose to take part")
    assert "3 differences are looked at" in found.cautions[1]
    assert found.say(school) == (
        "2 of 2 respondents (Roma) and 0 of 1 respondents (Irish) mention School."
    )
    plain = found.as_dict()
    assert plain["groups"] == ["Roma", "Irish"]
    assert [row["theme"] for row in plain["rows"]] == ["Access", "School", "Schooling"]
    hidden = compare.compare_groups(
        *arguments(bench), by="group", values=("Irish", "Roma"), hide_empty=True
    )
    assert [row.theme for row in hidden.rows] == ["School"]


def test_groups_that_overlap_or_say_nothing_get_no_interval(bench):
    several = compare.compare_groups(*arguments(bench), by="needs", values=("money", "sleep"))
    assert "may be in both groups" in several.why_not
    assert all(row.difference is None for row in several.rows)
    assert several.cautions == (several.why_not,)
    unknown = compare.compare_groups(*arguments(bench), by="group", values=("Roma", "Not stated"))
    assert '"Not stated" is not a group' in unknown.why_not
    assert unknown.as_dict()["rows"][0]["difference"] is None


def test_comparing_refuses_what_is_no_pair_of_values(bench):
    with pytest.raises(InputError, match=r"nobody's group is 'Klingon'. Values: Irish, Roma, Not"):
        compare.compare_groups(*arguments(bench), by="group", values=("Roma", "Klingon"))
    with pytest.raises(InputError, match="'Roma' is named twice"):
        compare.compare_groups(*arguments(bench), by="group", values=("Roma", "Roma"))
    with pytest.raises(InputError, match="no attribute 'email'"):
        compare.compare_groups(*arguments(bench), by="email", values=("a", "b"))


def test_two_filters_with_people_in_both_get_no_interval(grown):
    first, second = (DocumentFilter(question_id=questions(grown)[ref]) for ref in ("q1", "q2"))
    grown.code(grown.document("R1"), "School", None)
    found = compare.compare_filters(
        *arguments(grown), names=("Past", "Future"), filters=(first, second)
    )
    assert found.why_not.startswith("3 respondents are in both")
    school = next(row for row in found.rows if row.theme == "School")
    assert (school.first.respondents, school.first.base) == (1, 4)
    assert (school.second.respondents, school.second.base) == (0, 3)
    asked = compare.compare_filters(
        *arguments(grown), names=("Past", "Future"), filters=(first, second), base="asked"
    )
    assert asked.why_not.startswith("5 respondents are in both")
    age = groups(grown)["age"].attribute_id
    young, old = (DocumentFilter(groups=((age, value),)) for value in ("young", "old"))
    apart = compare.compare_filters(*arguments(grown), names=("Y", "O"), filters=(young, old))
    assert apart.why_not == ""
    assert all(row.difference is not None for row in apart.rows)


# ------------------------------------------------- every cell agrees with its extracts


def filters(bench, dice):
    known = groups(bench)
    question = next(iter(questions(bench).values()))
    code = dice.choice(list(bench.codes().values())).id
    several = (known["needs"].attribute_id, ("money", "food"))
    return [
        DocumentFilter(),
        DocumentFilter(groups=((known["group"].attribute_id, ("Roma", "Not stated")),)),
        DocumentFilter(groups=(several,), question_id=question),
        DocumentFilter(finished=True),
        DocumentFilter(finished=False, groups=((known["age"].attribute_id, "old"), several)),
        DocumentFilter(code_id=code),
        DocumentFilter(state="done", search="words"),
    ]


@pytest.mark.parametrize("seed", [3])
def test_every_cell_agrees_with_its_extracts_under_every_base_and_filter(empty, seed):
    dice = random.Random(seed)
    random_study(empty, dice)
    known = groups(empty)
    count = Count(empty, "any")
    everybody = [key for key in count.people if count.counts_person(key)]
    n_positive = 0
    for where in filters(empty, dice):
        for layer, by in (("any", ("needs",)), ("consensus", ("group",)), ("Ben", ())):
            first, *others = (
                table(empty, *by, level="code", layer=layer, where=where, base=base)
                for base in ("answered", "asked", "everybody")
            )
            wider = [{(row.code_id, *row.groups.values()): row for row in other.rows}
                     for other in others]  # fmt: skip
            for row in first.rows[:: 1 if empty.database.is_sqlite else 5]:  # a server is slower
                cell = summarise.within_cell(where.groups, [known[name] for name in by], row.groups)
                found = extracts.count_extracts(
                    *arguments(empty),
                    extracts.make_filter(
                        *arguments(empty), code_ids=[row.code_id], layer=layer,
                        documents=replace(where, groups=cell),
                    ),
                )  # fmt: skip
                asked, all_ = (rows[row.code_id, *row.groups.values()] for rows in wider)
                assert found.n_respondents == row.respondents, (where, layer, row)
                assert row.respondents == asked.respondents == all_.respondents
                assert row.respondents <= row.base <= asked.base <= all_.base
                n_positive += row.respondents > 0
            if where == DocumentFilter() and by:
                expected = {
                    value: sum(value in count.groups(key, by[0]) for key in everybody)
                    for value in {row.groups[by[0]] for row in others[1].rows}
                }
                assert {row.groups[by[0]]: row.base for row in others[1].rows} == expected
    assert n_positive > 20

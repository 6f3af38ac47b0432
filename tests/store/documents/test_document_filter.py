"""Which documents a filter means: values ORed within an attribute, surveys, done on a layer."""

import pytest
from sqlalchemy import insert, select

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import DocumentFilter
from workbench.domain.turns import Turn
from workbench.services import sessions
from workbench.services.coding import extracts, reading, saved_filters
from workbench.services.counting import summarise
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.store.tables import question, respondent, respondent_survey, survey, survey_question


def labels(bench, where):
    listed, total = reading.list_documents(
        bench.actor, bench.database, bench.study_id, where, limit=100
    )
    assert total == len(listed)
    return [f"{item.label}/{item.question_ref}" for item in listed]


@pytest.fixture
def groups(bench):
    found = summarise.list_groups(bench.actor, bench.database, bench.study_id)
    return {item.name: item for item in found}


def test_one_of_several_values_of_an_attribute_must_hold(bench, groups):
    group, age, needs = (groups[name].attribute_id for name in ("group", "age", "needs"))
    both = DocumentFilter(question_id=bench.documents()[0].question_id,
                          groups=((group, ("Roma", "Irish")),))  # fmt: skip
    assert labels(bench, both) == ["R1/q1", "R2/q1", "R3/q1"]
    unknown = DocumentFilter(groups=((group, ("Irish", "Not stated")), (age, "young")))
    assert labels(bench, unknown) == ["R4/q1", "R4/q2"]
    several = DocumentFilter(groups=((needs, "money"), (needs, "sleep")))
    assert labels(bench, several) == ["R1/q1", "R1/q2"], "two entries must both hold"
    assert labels(bench, DocumentFilter(groups=((group, ()),))) == []


def test_a_survey_takes_its_questions_and_its_respondents(bench):
    with bench.database.write() as connection:
        people = connection.execute(select(respondent.c.id, respondent.c.ref)).all()
        asked = connection.execute(select(question.c.id).where(question.c.ref == "q2")).scalar_one()
        connection.execute(
            insert(survey).values(
                id=71, study_id=bench.study_id, name="Wave 2", position=5, created_at="x"
            )
        )
        connection.execute(insert(survey_question).values(survey_id=71, question_id=asked))
        for row in people:
            if row.ref in ("R1", "R2", "R3"):
                connection.execute(
                    insert(respondent_survey).values(survey_id=71, respondent_id=row.id)
                )
    assert labels(bench, DocumentFilter(survey_id=71)) == ["R1/q2", "R3/q2"]
    names = summarise.list_surveys(bench.actor, bench.database, bench.study_id)
    assert names[71] == "Wave 2"
    found = summarise.summarise(
        bench.actor, bench.database, bench.study_id, where=DocumentFilter(survey_id=71)
    )
    assert found.rows[0].base == 2


def test_done_is_meant_on_the_layer_that_is_looked_at(bench):
    ben = bench.person("Ben")
    one, two = bench.document("R1"), bench.document("R2")
    for key in (one, two):
        bench.code(key, "School", None)
        bench.code(key, "Phone", None, actor=ben)
    bench.done(one)
    bench.done(two)
    bench.done(two, ben)
    done = DocumentFilter(finished=True)
    expected = {"any": (2, 2), "Asha": (2, 2), "Ben": (1, 1), "consensus": (1, 1)}
    for layer, (base, n_extracts) in expected.items():
        table = summarise.summarise(
            bench.actor, bench.database, bench.study_id, layer=layer, where=done
        )
        assert (table.rows[0].base, table.rows[0].n_not_done) == (base, 0), layer
        where = extracts.make_filter(
            bench.actor, bench.database, bench.study_id, layer=layer, documents=done
        )
        counts = extracts.count_extracts(bench.actor, bench.database, bench.study_id, where)
        assert counts.n_extracts == n_extracts * (2 if layer == "any" else 1), layer
    table = summarise.summarise(
        bench.actor, bench.database, bench.study_id, where=DocumentFilter(finished=False)
    )
    assert (table.rows[0].base, table.rows[0].respondents) == (3, 0)


def test_a_cell_narrows_the_groups_of_a_filter(bench, groups):
    age, needs = groups["age"], groups["needs"]
    within = ((age.attribute_id, ("young", "old")), (needs.attribute_id, "money"))
    assert summarise.within_cell(within, [age], {"age": "old"}) == (
        (needs.attribute_id, "money"), (age.attribute_id, "old"),
    )  # fmt: skip
    assert summarise.within_cell(within, [needs], {"needs": "sleep"}) == (
        *within, (needs.attribute_id, "sleep"),
    )  # fmt: skip
    assert summarise.within_cell(within, [age], {}) == within


def hold(bench, name, series, *turns, respondents):
    """Bring in a focus group: turns are (speaker, words)."""
    return focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id,
        SpeechFile(name, tuple(Turn(*turn) for turn in turns), "voices"),
        [SpeakerPlan(who, (who,), respondent=ref) for who, ref in respondents.items()],
        name=name, series=series,
    ).document_id  # fmt: skip


def test_discussions_are_found_by_kind_series_session_and_who_speaks(bench, groups):
    one = hold(bench, "FG1", "Parents", ("A", "They rang."), ("B", "Never."),
               respondents={"A": "R1", "B": "FG1 B"})  # fmt: skip
    two = hold(bench, "FG2", "", ("A", "Later."), respondents={"A": "R3"})
    place = bench.actor, bench.database, bench.study_id
    named = {item.id: item for item in sessions.list_sessions(*place)}
    assert [(item.name, item.series) for item in named.values()] == [
        ("FG2", ""),
        ("FG1", "Parents"),
    ]
    assert sessions.list_kinds(*place) == ["answer", "voice_note", "focus_group"]
    group = groups["group"].attribute_id
    first = bench.open(bench.document("R1")).document.respondent_id
    for where, expected in (
        (DocumentFilter(kind="focus_group"), {one, two}),
        (DocumentFilter(series="Parents"), {one}),
        (DocumentFilter(series=""), {two}),
        (DocumentFilter(session_id=two), {two}),
        (DocumentFilter(kind="focus_group", groups=((group, "Roma"),)), {one}),
        (DocumentFilter(kind="focus_group", groups=((group, "Not stated"),)), {one}),
        (DocumentFilter(kind="focus_group", groups=((group, "Irish"),)), {two}),
        (DocumentFilter(kind="focus_group", respondent_id=first), {one}),
    ):
        found, _ = reading.list_documents(*place, where, limit=100)
        assert {item.id for item in found} == expected, where
    (row, *_) = summarise.summarise(*place, where=DocumentFilter(respondent_id=first)).rows
    assert row.base == 1
    made = saved_filters.Settings(DocumentFilter(series="Parents", session_id=one))
    saved_filters.save_filter(*place, "themes", "P", made)
    assert saved_filters.find_filter(*place, "themes", "P").settings == made
    gone = saved_filters.Settings(DocumentFilter(series="Lost", session_id=999))
    saved_filters.save_filter(*place, "themes", "Gone", gone)
    found = saved_filters.find_filter(*place, "themes", "Gone")
    assert (found.settings, found.gone) == (saved_filters.Settings(), ("a focus group", "a series"))

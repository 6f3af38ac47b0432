"""Progress: by question, group and person; what is not there; what comes next."""

import dataclasses

import pytest
from sqlalchemy import insert, text

from tests.builders import MAPPING, SURVEY
from workbench.errors import NotFound
from workbench.services import study
from workbench.services.counting import progress
from workbench.services.counting.progress import Absent, Reading
from workbench.store.tables import assignment, respondent_survey, survey, survey_question


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def attribute(bench, name):
    found = {item.name: item.id for item in study.list_attributes(*arguments(bench))}
    return found[name]


def groups(bench, name, actor=None):
    found = progress.by_group(*arguments(bench, actor), attribute(bench, name))
    return {item.value: (item.n_respondents, item.reading) for item in found.groups}


def test_questions_count_what_the_actor_has_done_and_begun(bench):
    bench.done(bench.document("R1"))
    bench.code(bench.document("R2"), "School", "Nobody")
    bench.done(bench.document("R3"), bench.person("Ben"))
    first, second = progress.of_study(*arguments(bench)).questions
    assert (first.question.ref, first.reading) == ("q1", Reading(4, 1, 1))
    assert first.reading.not_read == 2 and first.reading.percent == 25
    assert (second.question.ref, second.reading) == ("q2", Reading(3, 0, 0))
    assert second.absent == Absent(blank=1)
    ben = progress.of_study(*arguments(bench, bench.person("Ben")))
    assert (ben.total, ben.done, ben.n_left) == (7, 1, 6)


def test_three_ways_of_not_answering_are_kept_apart(bench):
    mapping = MAPPING.replace(
        '  - {column: q2, ref: q2, text: "What would help?"}',
        '  - {column: q2, ref: q2, text: "What would help?", asked_if: {group: [Roma, Irish]}}\n'
        "voice_notes:\n  - {column: note, question: q1}",
    )
    rows = SURVEY.strip().splitlines()
    head, *people = [f"{row},{note}" for row, note in zip(
        rows, ("note", "", "", "", ""), strict=True)]  # fmt: skip
    grown = "\n".join(
        [
            head,
            *people,
            "R5,Roma,old,,,,,r5.m4a",
            "R6,Irish,old,,,,,",
            "R7,Arab,old,,,It was fine,,",
        ]
    )
    assert grown.count("r5.m4a") == 1
    bench.ingest(grown, mapping)
    first, second = progress.of_study(*arguments(bench)).questions
    assert first.absent == Absent(blank=1, awaiting_transcript=1)
    assert first.reading.total == 5
    # R2, R5 and R6 left it blank; R7 was not asked. R4 has an answer all the same.
    assert second.absent == Absent(blank=3, not_asked=1)
    assert second.reading.total == 3


def test_groups_count_people_and_what_they_said(bench):
    bench.done(bench.document("R1"))
    bench.done(bench.document("R1", "q2"))
    found = groups(bench, "group")
    assert found == {
        "Irish": (1, Reading(2)),
        "Roma": (2, Reading(3, 2)),
        "Not stated": (1, Reading(2)),
    }
    assert list(found)[-1] == "Not stated"
    assert list(groups(bench, "age")) == ["young", "old"], "in the attribute's own order"


def test_groups_of_a_multi_select_overlap_and_say_so(bench):
    found = progress.by_group(*arguments(bench), attribute(bench, "needs"))
    assert found.overlap
    assert {item.value: item.n_respondents for item in found.groups} == {
        "money": 2, "sleep": 2, "Not stated": 1,
    }  # fmt: skip
    assert sum(item.reading.total for item in found.groups) > 7
    assert not progress.by_group(*arguments(bench), attribute(bench, "group")).overlap


def test_who_has_withdrawn_and_facilitators_are_in_no_group(bench):
    with bench.database.write() as connection:
        connection.execute(text("update respondent set withdrawn_at='2022-01-01' where ref='R1'"))
        connection.execute(text("update respondent set kind='facilitator' where ref='R3'"))
    assert {name: n for name, (n, _) in groups(bench, "group").items()} == {
        "Roma": 1, "Not stated": 1,
    }  # fmt: skip


def test_an_identifying_or_unknown_attribute_makes_no_groups(bench):
    with bench.database.read() as connection:
        email = connection.execute(text("select id from attribute where name='email'")).scalar()
    assert email is not None
    for key in (email, 4711):
        with pytest.raises(NotFound, match="no such attribute in this study"):
            progress.by_group(*arguments(bench), key)


def test_people_are_counted_with_the_actor_first(bench):
    ben = bench.person("Aba")
    bench.code(bench.document("R1"), "School", "She listened", actor=ben)
    bench.done(bench.document("R2"), ben)
    bench.code(bench.document("R3"), "School", None)
    found = progress.by_coder(*arguments(bench))
    assert [(item.name, item.reading, item.n_codings) for item in found.people] == [
        ("Asha", Reading(7, 0, 1), 1),
        ("Aba", Reading(7, 1, 1), 1),
    ]
    assert found.n_blind == 0
    looker = progress.by_coder(*arguments(bench, bench.person("Cy"))).people
    assert [item.name for item in looker] == ["Cy", "Aba", "Asha"], "also who has done nothing yet"


def test_blind_answers_show_how_far_people_are_and_not_what_they_coded(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document, "School", "left")
    bench.code(document, "Phone", "to me", actor=ben)
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            connection.execute(
                insert(assignment).values(
                    document_id=document, coder_id=actor.id, blind=True, created_at="2022-01-01"
                )
            )

    def seen():
        found = progress.by_coder(*arguments(bench))
        people = {item.name: (item.reading.begun, item.n_codings) for item in found.people}
        return people, found.n_blind

    assert seen() == ({"Asha": (1, 1), "Ben": (1, 0)}, 1)
    bench.done(document)
    assert seen() == ({"Asha": (0, 1), "Ben": (1, 0)}, 1)
    bench.done(document, ben)
    assert seen() == ({"Asha": (0, 1), "Ben": (0, 1)}, 0)


def test_codings_taken_back_are_not_counted(bench):
    document = bench.document("R1")
    made = bench.code(document, "School", "left")
    assert not bench.send({"kind": "remove", "document": document, "coding": made}).rejected
    (me,) = progress.by_coder(*arguments(bench)).people
    assert me.n_codings == 0


def test_what_is_next_follows_the_work(empty):
    def steps():
        return progress.of_study(*arguments(empty)).next_steps

    assert steps() == ("import",)
    empty.ingest()
    assert steps() == ("codebook",)
    empty.load()
    assert steps() == ("code",)
    empty.code(empty.document("R1"), "School", "left")
    empty.done(empty.document("R1"))
    assert steps() == ("code", "themes")
    with empty.database.write() as connection:
        connection.execute(text("update anchor set state='flagged', reason='test'"))
    assert steps() == ("code", "flagged", "themes")
    for item in empty.documents():
        empty.done(item.id)
    assert steps() == ("flagged", "themes")


def test_flagged_codings_are_counted_for_those_who_may_see_them(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document, "Phone", "to me", actor=ben)
    with bench.database.write() as connection:
        connection.execute(text("update anchor set state='flagged', reason='test'"))
    assert progress.of_study(*arguments(bench)).n_flagged == 1
    with bench.database.write() as connection:
        connection.execute(
            insert(assignment).values(
                document_id=document, coder_id=ben.id, blind=True, created_at="2022-01-01"
            )
        )
    assert progress.of_study(*arguments(bench)).n_flagged == 0
    assert progress.of_study(*arguments(bench, ben)).n_flagged == 1


def test_several_surveys_are_listed_with_their_sizes(empty):
    empty.ingest()
    with empty.database.write() as connection:
        for at, name in enumerate(("Parents", "Young people")):
            connection.execute(
                insert(survey).values(
                    id=901 + at, study_id=empty.study_id, name=name, position=7 + at,
                    created_at="2022-01-01",
                )
            )  # fmt: skip
        people = connection.execute(text("select id from respondent order by id")).scalars().all()
        asked = connection.execute(text("select id from question order by id")).scalars().all()
        for person in people[:3]:
            connection.execute(
                insert(respondent_survey).values(survey_id=902, respondent_id=person)
            )
        connection.execute(insert(survey_question).values(survey_id=902, question_id=asked[0]))
        connection.execute(
            text("update respondent set withdrawn_at='2022-01-01' where id=:id"), {"id": people[0]}
        )
    found = {
        item.name: (item.n_respondents, item.n_questions)
        for item in progress.of_study(*arguments(empty)).surveys
    }
    assert found["Young people"] == (2, 1)
    assert found["Parents"] == (0, 0)


def test_the_last_change_is_told(empty):
    before = progress.of_study(*arguments(empty)).changed_at
    empty.ingest()
    after = progress.of_study(*arguments(empty)).changed_at
    assert before and after and before < after


def test_another_study_is_not_counted(bench):
    bench.done(bench.document("R1"))
    other = study.create_study(bench.actor, bench.database, "Other")
    found = progress.of_study(bench.actor, bench.database, other.id)
    assert (found.total, found.done, found.n_codes, found.surveys) == (0, 0, 0, ())
    (me,) = progress.by_coder(bench.actor, bench.database, other.id).people
    assert (me.reading, me.n_codings) == (Reading(0), 0)


def test_percent_is_a_hundred_only_when_all_is_done():
    assert dataclasses.replace(Reading(1_000), done=999).percent == 99
    assert Reading(3, 3).percent == 100
    assert Reading(0).percent == 0

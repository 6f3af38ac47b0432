"""Growing surveys: previews, several surveys in a study, refs that are made, values set by hand."""

from dataclasses import replace

import pytest
from sqlalchemy import insert, select, text, update

from tests.builders import MAPPING, SURVEY, read_survey
from tests.store.surveys.test_groupings import derive, merge_of
from tests.store.surveys.test_groupings import values as derived
from workbench.domain.documents import SurveyAnswer
from workbench.errors import InputError, SurveyError
from workbench.services import study
from workbench.services.surveys import imports, ingest
from workbench.services.surveys.ingest import SharedQuestion
from workbench.store import tables
from workbench.store.clock import now

GROWN = (
    SURVEY.replace("She listened to me", "She never listened to me")
    .replace("R2,Roma,old,money", "R2,Irish,old,sleep|money")
    .replace("میں نے تین بار فون کیا", "")
    .replace("at all,\n", "at all,Kindness\n")
    .replace("R4,,young,,r4@secret.example,The school was kind,A map\n", "")
    + "R5,Roma,old,,r5@secret.example,Hello,\n"
)


def into(bench, survey, **options):
    return ingest.ingest_survey(bench.actor, bench.database, "Test", survey, **options)


def refs(bench, column=tables.respondent.c.ref):
    with bench.database.read() as connection:
        return connection.execute(select(column).order_by(tables.respondent.c.id)).scalars().all()


def test_everything_that_a_grown_file_changes_is_listed(bench):
    bench.code(bench.document("R1"), "Waiting", "Then she left")
    bench.code(bench.document("R1"), "Phone", "She listened")
    changes = bench.ingest(GROWN, dry_run=True).changes
    assert [(item.row, item.respondent) for item in changes.respondents] == [(5, "R5")]
    (answer,) = changes.answers
    assert (answer.row, answer.respondent, answer.question) == (2, "R1", "q1")
    assert answer.n_carried + answer.n_flagged == 2
    assert [(item.respondent, item.question) for item in changes.filled] == [("R2", "q2")]
    assert [(item.attribute, item.before, item.after) for item in changes.values] == [
        ("group", ("Roma",), ("Irish",)),
        ("needs", ("money",), ("sleep", "money")),
    ]
    assert [(item.respondent, item.question) for item in changes.kept] == [("R3", "q1")]
    assert changes.missing == ["R4"]


def test_the_report_that_is_kept_names_nobody(bench):
    bench.ingest(GROWN)
    with bench.database.read() as connection:
        report = connection.execute(
            text("SELECT report FROM import_batch ORDER BY id DESC")
        ).first()
    assert "R5" not in str(report)
    assert "R4" not in str(report)


def test_identifying_values_are_not_told(bench):
    mapping = MAPPING.replace("identifying: [email]", "identifying: []")
    with bench.database.write() as connection:
        studies = tables.attribute
        connection.execute(
            update(studies).where(studies.c.name == "email").values(identifying=True)
        )
    bench.ingest(SURVEY, mapping)
    report = bench.ingest(SURVEY.replace("r1@", "else@"), mapping, dry_run=True)
    (value,) = report.changes.values
    assert (value.attribute, value.before, value.after, value.hidden) == ("email", (), (), True)
    assert "secret.example" not in str(report)


def test_counts_of_codings_pass_the_predicate_of_blind_coding(bench):
    document = bench.document("R1")
    ben = bench.person("Ben")
    bench.code(document, "Phone", "listened", actor=ben)
    with bench.database.write() as connection:
        for coder in (bench.actor, ben):
            connection.execute(
                insert(tables.assignment).values(
                    document_id=document, coder_id=coder.id, blind=True, created_at=now()
                )
            )
    report = bench.ingest(GROWN, dry_run=True)
    assert report.changes.answers[0].n_carried + report.changes.answers[0].n_flagged == 0
    assert (report.codings_reanchored, report.codings_flagged) == (0, 0)
    own = ingest.ingest_survey(ben, bench.database, "Test", read_survey(GROWN), dry_run=True)
    assert own.codings_reanchored + own.codings_flagged == 1


def test_progress_is_told(empty):
    told = []
    into(empty, read_survey(), progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


# ---------------------------------------------------------------- several surveys


YOUNG = "id,q1,q3\nY1,A young answer,Third\n"
YOUNG_MAPPING = "respondent_id: id\nquestions: [{column: q1, text: What happened?}, {column: q3}]\n"


def test_surveys_of_different_people_share_their_questions(bench):
    report = into(bench, replace(read_survey(YOUNG, YOUNG_MAPPING), name="Young people"))
    assert (report.survey, report.respondents_new, report.answers_new) == ("Young people", 1, 2)
    assert report.respondents_missing == 0, "who is in another survey is not missing from this one"
    listed = ingest.list_surveys(bench.actor, bench.database, bench.study_id)
    assert [(item.name, item.n_respondents) for item in listed] == [
        ("Survey", 4), ("Young people", 1),
    ]  # fmt: skip
    assert len(study.list_questions(bench.actor, bench.database, bench.study_id)) == 3
    report = into(bench, replace(read_survey(GROWN), name="survey"), dry_run=True)
    assert report.changes.missing == ["R4"]


def test_a_shared_question_keeps_the_wording_of_the_first_survey(bench):
    mapping = YOUNG_MAPPING.replace("What happened?", "What was it like?")
    report = into(bench, replace(read_survey(YOUNG, mapping), name="Young people"))
    assert report.warnings == [
        "the question q1 keeps the wording that it has in the survey Survey."
    ]
    asked = study.list_questions(bench.actor, bench.database, bench.study_id)
    assert asked[0].text == "What happened?"


def test_a_second_wave_must_not_overwrite_the_first(bench, everything):
    before = everything(bench.database)
    wave = replace(read_survey(SURVEY.replace("A map", "Another map")), name="Wave 2")
    with pytest.raises(SharedQuestion, match="the question q1 is answered by 4 respond") as refused:
        into(bench, wave)
    assert "in the survey 'Survey' already" in str(refused.value)
    assert "So is 1 more question of this file. Give it" in str(refused.value)
    assert "such as wave_2_q1." in str(refused.value)
    assert set(refused.value.refs) == {"q1", "q2"}
    assert refused.value.prefix == "wave_2_"
    assert everything(bench.database) == before


def test_what_a_second_wave_leaves_blank_leaves_the_first_alone(bench):
    wave = "id,q1,w2\nR1,,Better now\n"
    mapping = "respondent_id: id\nquestions: [{column: q1, text: What happened?}, {column: w2}]\n"
    report = into(bench, replace(read_survey(wave, mapping), name="Wave 2"))
    assert (report.answers_new, report.answers_kept, report.answers_blank) == (1, 0, 0)
    with bench.database.read() as connection:
        assert connection.execute(select(tables.absent_answer.c.state)).scalars().all() == ["blank"]


def test_a_question_of_another_survey_is_not_not_asked_in_this_one(bench):
    mapping = YOUNG_MAPPING.replace("[{column: q1", "[{column: q2, text: What would help?}, "
                                    "{column: q1")  # fmt: skip
    report = into(bench, replace(read_survey(YOUNG, mapping), name="Young people"))
    assert report.answers_not_asked == 0
    with bench.database.read() as connection:
        names = connection.execute(
            text("SELECT q.ref FROM survey_question s JOIN question q ON q.id = s.question_id "
                 "JOIN survey v ON v.id = s.survey_id WHERE v.name = 'Young people' ORDER BY 1")
        ).scalars().all()  # fmt: skip
    assert names == ["q1", "q3"]


def test_the_first_wave_can_still_be_corrected(bench):
    mapping = "respondent_id: id\nquestions: [{column: q1, text: What happened?}, {column: w2}]\n"
    into(bench, replace(read_survey("id,q1,w2\nR1,,x\n", mapping), name="Wave 2"))
    report = into(bench, replace(read_survey(GROWN), name="Survey"))
    assert report.answers_changed == 1


def test_with_several_surveys_a_file_must_say_which(bench):
    into(bench, replace(read_survey(YOUNG, YOUNG_MAPPING), name="Young people"))
    with pytest.raises(
        InputError, match="the study has 2 surveys: Survey, Young people"
    ) as refused:
        bench.ingest()
    assert "Say which of them the file belongs to" in str(refused.value)


def test_a_survey_name_that_is_too_long_is_refused(bench):
    with pytest.raises(InputError, match="has 300 characters, at most 200 fit"):
        into(bench, replace(read_survey(), name="x" * 300))


# ---------------------------------------------------------------- refs that are made


def with_mails(*mails, **options):
    rows = "".join(f"{mail},words of {number}\n" for number, mail in enumerate(mails))
    read = read_survey(f"id,q1\n{rows}", "respondent_id: id\nquestions: [{column: q1}]\n")
    return replace(read, refs="generated", **options)


def test_an_original_id_never_reaches_the_database(empty, everything):
    report = into(empty, with_mails("ana@secret.example", "ben@secret.example"))
    assert refs(empty) == ["P001", "P002"]
    assert [item.respondent for item in report.changes.respondents] == ["P001", "P002"]
    assert "secret.example" not in str(report)
    assert "secret.example" not in str(everything(empty.database))
    assert all(len(digest) == 64 for digest in refs(empty, tables.respondent.c.source_digest))


def test_the_same_person_is_found_again_under_their_made_ref(empty):
    into(empty, with_mails("ana@secret.example", "ben@secret.example"))
    report = into(empty, with_mails(" BEN@secret.example ", "zoe@secret.example"))
    assert (report.respondents_new, report.changes.missing) == (1, ["P001"])
    assert [item.respondent for item in report.changes.answers] == ["P002"]
    assert refs(empty) == ["P001", "P002", "P003"]


def test_a_made_ref_is_one_that_nobody_has(empty):
    empty.ingest("id,q1\nP001,given\n", "respondent_id: id\nquestions: [{column: q1}]\n")
    into(empty, with_mails("ana@secret.example"))
    assert refs(empty) == ["P001", "P002"]


def test_two_rows_of_one_person_are_listed_without_their_id(empty):
    survey = with_mails("ana@secret.example", "ben@secret.example")
    first, second = survey.rows
    second = replace(second, respondent_ref="Ana@Secret.example ")
    report = into(empty, replace(survey, rows=(first, second)))
    assert report.respondents_new == 1
    (bad,) = report.bad_rows
    assert (bad.row, bad.column) == (3, None)
    assert "the same person as row 2" in bad.message
    assert "secret" not in bad.message.casefold()


def test_another_study_makes_other_digests(empty):
    into(empty, with_mails("ana@secret.example"))
    ingest.ingest_survey(empty.actor, empty.database, "Other", with_mails("ana@secret.example"))
    first, second = refs(empty, tables.respondent.c.source_digest)
    assert first != second


def test_rows_that_nobody_has_decided_on_are_refused(empty, everything):
    before = everything(empty.database)
    survey = replace(read_survey(), undecided=((6, 9), (7, 8)))
    with pytest.raises(
        SurveyError, match="rows share a respondent id: 6 and 9; 7 and 8"
    ) as refused:
        into(empty, survey)
    assert "first, the last, or both" in str(refused.value)
    assert "--duplicates" in str(refused.value)
    assert everything(empty.database) == before
    report = into(empty, survey, dry_run=True)
    assert report.undecided == [(6, 9), (7, 8)]


# ---------------------------------------------------------------- quotable, by hand, derived


def quotable(survey, **may):
    rows = tuple(replace(row, may_be_quoted=may.get(row.respondent_ref)) for row in survey.rows)
    return replace(survey, rows=rows)


def test_who_may_be_quoted_is_kept_and_changes_are_shown(empty):
    into(empty, quotable(read_survey(), R1=True, R2=False))
    assert refs(empty, tables.respondent.c.may_be_quoted) == [True, False, None, None]
    report = into(empty, quotable(read_survey(), R1=False, R2=None, R3=True))
    assert [(item.respondent, item.attribute, item.before, item.after)
            for item in report.changes.values] == [
        ("R1", "May be quoted", ("yes",), ("no",)),
        ("R3", "May be quoted", ("not said",), ("yes",)),
    ]  # fmt: skip
    assert refs(empty, tables.respondent.c.may_be_quoted) == [False, False, True, None]
    assert report.respondents_updated == 2


def test_values_set_by_hand_are_left_alone(bench):
    with bench.database.write() as connection:
        connection.execute(
            text("INSERT INTO attribute_edit (respondent_id, attribute_id, coder_id, changed_at) "
                 "SELECT r.id, a.id, :coder, '2022-01-01' FROM respondent r, attribute a "
                 "WHERE r.ref = 'R2' AND a.name = 'group' AND r.study_id = a.study_id"),
            {"coder": bench.actor.id},
        )  # fmt: skip
    report = bench.ingest(GROWN)
    assert (report.values_set_by_hand, report.values_changed) == (1, 1)
    known = {item.label: item.attributes for item in bench.documents()}
    assert known["R2"]["group"] == "Roma"


def test_a_spoken_answer_that_gets_words_later_is_new(empty):
    survey = read_survey("id,q1\nA,\n", "respondent_id: id\nquestions: [{column: q1}]\n")
    waiting = SurveyAnswer("q1", "awaiting_transcript", kind="spoken", file_name="a.m4a")
    (row,) = survey.rows
    into(empty, replace(survey, rows=(replace(row, answers=(waiting,)),)))
    spoken = SurveyAnswer("q1", "given", "At last", "spoken", "a.m4a")
    report = into(empty, replace(survey, rows=(replace(row, answers=(spoken,)),)))
    assert (report.answers_new, report.respondents_updated) == (1, 1)
    assert [item.kind for item in empty.documents()] == ["voice_note"]


def test_what_is_derived_from_a_changed_value_changes_with_it_and_back(bench, everything):
    with bench.database.write() as connection:
        key = derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "White")]))
        was = derived(connection, key)
    before = everything(bench.database)["respondent_attribute"]
    report = bench.ingest(GROWN)
    assert report.warnings == [
        "the grouping broad: 2 respondents have values that are in no group yet."
    ]
    with bench.database.read() as connection:
        assert derived(connection, key) == {**was, "R2": was["R3"], "R5": ["White"]}
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert everything(bench.database)["respondent_attribute"] == before


def test_a_column_must_not_overwrite_what_is_derived(bench):
    with bench.database.write() as connection:
        derive(connection, bench.study_id, "group", "broad", merge_of([("Roma", "White")]))
    with pytest.raises(InputError, match="broad is derived from"):
        bench.ingest("id,broad,q1\nR1,x,words\n", "respondent_id: id\nattributes: "
                     "[{column: broad}]\nquestions: [{column: q1}]\n")  # fmt: skip

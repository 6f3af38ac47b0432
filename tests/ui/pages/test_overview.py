"""The overview page: what the study holds, the next step, the backup, another study."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert

from workbench.domain.codings import DocumentFilter
from workbench.services import files, opening, study
from workbench.services.coding import code, reading
from workbench.services.surveys import ingest
from workbench.store.tables import survey as survey_table


def button(at, label):
    found = [item for item in at.button if item.label == label]
    assert len(found) == 1, (label, [item.label for item in at.button])
    return found[0]


def texts(at) -> str:
    return "\n".join(str(item.value) for item in [*at.markdown, *at.get("html")])


def html(at) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def mark_done(ana, database, study_id, n=None):
    listed, _ = reading.list_documents(ana, database, study_id, DocumentFilter(), limit=1_000)
    sent = [
        {"id": str(uuid4()), "kind": "done", "document": item.id, "done": True}
        for item in listed[:n]
    ]
    assert not code.apply_operations(ana, database, study_id, sent).rejected


def test_no_study_offers_the_sample_and_an_import(open_page, ana, database):
    at = open_page("overview")
    assert at.title[0].value == "No study yet"
    button(at, "Import a survey or transcripts")
    button(at, "Load the sample study").click().run()
    assert not at.exception
    assert at.title[0].value == "SpeakOut sample"
    assert [item.name for item in study.list_studies(ana, database)] == ["SpeakOut sample"]


def test_counts_and_progress_are_those_of_the_person(open_page, ana, database, sample_study):
    mark_done(ana, database, sample_study, 3)
    known = study.progress(ana, database, sample_study)
    at = open_page("overview", study=sample_study)
    assert not at.exception
    labels = [item.label for item in at.button]
    people = study.list_studies(ana, database)[0].n_respondents
    assert f"**{people:,}** respondents" in labels
    assert f"**{known.n_codes}** codes" in labels
    assert f"You have done 3 of {known.total} texts." in html(at)
    first = known.questions[0]
    assert first.reading.done == 3
    assert f"3 of {first.reading.total} done" in html(at)
    assert labels.count("Code") == len(known.questions) + 1  # and the focus groups
    assert "35 await a transcript, 39 left blank" in html(at)
    assert "45 not asked, 48 left blank" in html(at)


def test_a_question_opens_its_answers(open_page, sample_study):
    at = open_page("overview", study=sample_study)
    at.button(key="open_question_2").click().run()
    assert not at.exception
    assert at.session_state["in_study:coding_question"] == 2


def test_the_answers_to_a_question_are_read_beside_each_other(open_page, sample_study):
    at = open_page("overview", study=sample_study)
    at.button(key="read_question_3").click().run()
    assert not at.exception
    assert at.title[0].value == "Questions"
    assert at.session_state["in_study:open_question"] == 3


def choose_view(at, view):
    return at.button_group(key="in_study:overview_view").set_value(view).run()


def test_progress_by_group_opens_the_answers_of_a_group(open_page, ana, database, sample_study):
    mark_done(ana, database, sample_study, 2)
    at = choose_view(open_page("overview", study=sample_study), "group")
    assert not at.exception
    assert "104 respondents" in html(at) and "61 respondents" in html(at)
    assert "of 276 done" in html(at) and "of 159 done" in html(at)
    assert "do not add up" not in html(at)
    attributes = {item.name: item for item in study.list_attributes(ana, database, sample_study)}
    services = attributes["services_sought"]
    at.selectbox(key="in_study:overview_attribute").set_value(services.id).run()
    assert "may be in several of these groups" in html(at)
    assert services.ordered_values[0] in html(at)
    at.button(key="open_group_0").click().run()
    assert not at.exception
    assert at.session_state["in_study:coding_group"] == [(services.id, services.ordered_values[0])]


def test_identifying_attributes_make_no_groups(open_page, sample_study):
    at = choose_view(open_page("overview", study=sample_study), "group")
    assert "Respondent type" in at.selectbox(key="in_study:overview_attribute").options
    assert "Email" not in at.selectbox(key="in_study:overview_attribute").options


def test_progress_by_person_opens_what_they_coded(open_page, sample_study):
    at = choose_view(open_page("overview", study=sample_study), "person")
    assert not at.exception
    assert "Ana (you)" in html(at)
    assert "2 of 435 done, 172 begun" in html(at) and "261 not read" in html(at)
    button(at, "460 codings").click().run()
    assert not at.exception
    assert at.title[0].value == "Extracts"
    assert "**460 extracts**" in texts(at)


def test_hostile_names_are_shown_as_they_are(open_page, ana, database):
    made = study.create_study(ana, database, "Hostile")
    table = files.read_table(b"id,g,q\n1,<img src=x>*a*,Words\n", "survey.csv")
    mapping = (
        "respondent_id: id\nattributes:\n  - {column: g, grouping: true}\nquestions:\n"
        "  - {column: q, ref: q, text: '<script>alert(1)</script>'}\n"
    )
    survey = files.read_survey(table, files.read_mapping(mapping, "mapping.yaml"))
    ingest.ingest_survey(ana, database, "Hostile", survey)
    at = open_page("overview", study=made.id)
    assert "&lt;script&gt;" in html(at) and "<script>" not in html(at)
    choose_view(at, "group")
    assert "&lt;img src=x&gt;*a*" in html(at) and "<img" not in html(at)


def test_several_surveys_are_listed(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    assert "Surveys" not in [item.value for item in at.header]
    with database.write() as connection:
        for at_position, name in enumerate(("Wave <1>", "Wave 2")):
            connection.execute(
                insert(survey_table).values(
                    study_id=sample_study, name=name, position=5 + at_position,
                    created_at="2022-01-01",
                )
            )  # fmt: skip
    at = open_page("overview", study=sample_study)
    assert "Surveys" in [item.value for item in at.header]
    assert '<th scope="row">Wave &lt;1&gt;</th>' in html(at)


def test_the_next_step_follows_the_work(open_page, ana, database):
    empty = study.create_study(ana, database, "Empty")
    at = open_page("overview", study=empty.id)
    assert "The study holds no answers or transcripts yet." in texts(at).replace("\\", "")
    assert button(at, "Import a survey or transcripts").proto.type == "primary"


def test_the_next_step_is_to_code_until_all_is_done(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    total = study.progress(ana, database, sample_study).total
    assert f"{total} of {total} texts are not done by you" in texts(at)
    button(at, "Go on coding")
    mark_done(ana, database, sample_study)
    at.run()
    assert "Recordings wait to be transcribed" in texts(at)
    button(at, "Transcribe: 35")
    button(at, "See the themes").click().run()
    assert not at.exception
    assert at.title[0].value == "Themes"


def test_backup_says_where_the_copy_is_and_the_copy_is_whole(
    open_page, ana, database, sample_study
):
    at = open_page("overview", study=sample_study)
    assert str(database.path) in html(at)
    button(at, "Back up now").click().run()
    assert not at.exception
    line = next(text for text in html(at).splitlines() if "The copy is at" in text)
    copy = Path(line.split("The copy is at ")[1].removesuffix("</p>"))
    with sqlite3.connect(copy) as opened:
        assert opened.execute("select count(*) from coding").fetchone()[0] > 100
    opened.close()
    assert [item.label for item in at.get("download_button")] == ["Download the copy"]
    assert "Last backed up on" in html(at) and "Never backed up" not in html(at)


def test_a_change_after_the_last_backup_is_told(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    assert "Never backed up here." in html(at)
    copy = opening.backup(database)
    at.run()
    assert "The study was changed after that" not in html(at)
    os.utime(copy, (43_200, 43_200))  # noon: the same day on most clocks
    at.run()
    assert "Last backed up on 1 Jan 1970" in html(at)
    assert "The study was changed after that" in html(at)


def test_another_study_is_made_and_opened(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    at.text_input[0].set_value("A <b>second</b> *study*")
    button(at, "Make the study").click().run()
    assert not at.exception
    assert at.title[0].value.replace("\\", "") == "A <b>second</b> *study*"
    assert len(study.list_studies(ana, database)) == 2


def test_a_name_that_is_taken_is_refused_with_the_reason(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    at.text_input[0].set_value("speakout SAMPLE")
    button(at, "Make the study").click().run()
    assert at.error[0].value.startswith("There is a study named")
    assert len(study.list_studies(ana, database)) == 1


def test_flagged_codings_are_counted_and_lead_to_their_list(open_page, ana, database, sample_study):
    flag_one(database)
    at = open_page("overview", study=sample_study)
    button(at, "Place again: 1").click().run()
    assert not at.exception
    assert at.title[0].value == "Place again"


def flag_one(database):
    from sqlalchemy import text

    with database.write() as connection:
        connection.execute(
            text(
                "update anchor set state='flagged', reason='test' "
                "where id=(select min(id) from anchor)"
            )
        )

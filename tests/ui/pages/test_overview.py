"""The overview page: what the study holds, the next step, the backup, another study."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from uuid import uuid4

from workbench.domain.codings import DocumentFilter
from workbench.services import code, reading, study


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
    button(at, "Import a survey")
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
    assert "**0** codings by me" in labels
    assert at.header[0].value == f"Your coding: 3 of {known.total} done"
    _, total, done = known.by_question[0]
    assert done == 3
    assert f"{done} of {total}" in html(at)
    assert labels.count("Code") == len(known.by_question)


def test_the_next_step_follows_the_work(open_page, ana, database):
    empty = study.create_study(ana, database, "Empty")
    at = open_page("overview", study=empty.id)
    assert "The study holds no answers yet." in texts(at).replace("\\", "")
    assert button(at, "Import a survey").proto.type == "primary"


def test_the_next_step_is_to_code_until_all_is_done(open_page, ana, database, sample_study):
    at = open_page("overview", study=sample_study)
    total = study.progress(ana, database, sample_study).total
    assert f"{total} of {total} answers are not done by you" in texts(at)
    button(at, "Go on coding")
    mark_done(ana, database, sample_study)
    at.run()
    assert "You have done every answer" in texts(at)
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
    assert "there is a study named" in at.error[0].value
    assert len(study.list_studies(ana, database)) == 1


def test_flagged_codings_are_counted_and_lead_to_their_list(open_page, ana, database, sample_study):
    flag_one(database)
    at = open_page("overview", study=sample_study)
    button(at, "**1** coding to be placed again").click().run()
    assert not at.exception
    assert at.title[0].value == "Extracts"
    assert "**1 extract**" in texts(at)
    assert "To be placed again" in html(at)


def flag_one(database):
    from sqlalchemy import text

    with database.write() as connection:
        connection.execute(
            text(
                "update anchor set state='flagged', reason='test' "
                "where id=(select min(id) from anchor)"
            )
        )

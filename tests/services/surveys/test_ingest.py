"""Importing a survey, again and again, while people code it."""

import pytest
from sqlalchemy import select, text, update

from tests.builders import MAPPING, SURVEY, read_survey
from workbench.services import study
from workbench.services.coding import extract_files
from workbench.services.surveys import ingest
from workbench.store.surveys import answers
from workbench.store.tables import absent_answer, anchor, respondent, revision

COUNTS = (
    "respondents_new",
    "respondents_updated",
    "respondents_unchanged",
    "answers_new",
    "answers_changed",
    "answers_unchanged",
    "answers_blank",
)


def counts(report):
    return tuple(getattr(report, name) for name in COUNTS)


def test_a_first_import_brings_in_everybody(empty):
    report = empty.ingest()
    assert counts(report) == (4, 0, 0, 7, 0, 0, 1)
    assert not report.study_created
    listed = empty.documents()
    assert len(listed) == 7
    assert listed[0].attributes == {"group": "Roma", "age": "young", "needs": "money; sleep"}
    assert not any("secret" in str(item) for item in listed)


def test_an_import_makes_the_study(empty):
    report = ingest.ingest_survey(empty.actor, empty.database, "  Another   one ", read_survey())
    assert report.study_created
    assert study.find_study(empty.actor, empty.database, "another one").name == "Another one"


def test_the_same_file_twice_changes_nothing(bench, everything):
    before = everything(bench.database)
    report = bench.ingest()
    assert counts(report) == (0, 0, 4, 0, 0, 7, 1)
    assert everything(bench.database) == before


def test_a_dry_run_counts_the_same_and_changes_nothing(bench, everything):
    bench.code(bench.document("R1"), "Waiting", "listened to me")
    grown = SURVEY.replace("listened to me", "really listened to me") + "R5,Roma,old,,,Hello,\n"
    before = everything(bench.database)
    dry = bench.ingest(grown, dry_run=True)
    assert everything(bench.database) == before
    wet = bench.ingest(grown)
    assert dry.as_dict() == wet.as_dict()
    assert (wet.respondents_new, wet.answers_changed, wet.codings_reanchored) == (1, 1, 1)


def test_a_dry_run_makes_no_study(empty, everything):
    before = everything(empty.database)
    report = ingest.ingest_survey(
        empty.actor, empty.database, "Planned", read_survey(), dry_run=True
    )
    assert report.study_created
    assert everything(empty.database) == before


def test_a_changed_answer_carries_its_codings(bench):
    document = bench.document("R1")
    kept = bench.code(document, "Waiting", "Then she left")
    whole = bench.code(document, "School", None)
    gone = bench.code(document, "Phone", "She listened to me")
    removed = bench.code(document, "Schooling", "she left")
    assert bench.send({"kind": "remove", "coding": removed, "document": document}).acked
    changed = SURVEY.replace("She listened to me. Then she left.", "Well. Then she left.")
    report = bench.ingest(changed)
    assert (report.answers_changed, report.answers_unchanged) == (1, 6)
    assert (report.codings_reanchored, report.codings_flagged) == (2, 1)
    opened = bench.open(document)
    by_guid = {item.guid: item for item in opened.codings}
    assert opened.document.text[by_guid[kept].start : by_guid[kept].end] == "Then she left"
    assert (by_guid[whole].start, by_guid[whole].flagged) == (None, False)
    assert by_guid[gone].flagged
    undone = bench.send({"kind": "undo"})
    assert not undone.rejected
    back = {item.guid: item for item in bench.open(document).codings}[removed]
    assert opened.document.text[back.start : back.end] == "she left"


def test_a_revision_is_added_and_none_is_lost(bench):
    bench.ingest(SURVEY.replace("A map", "Two maps"))
    with bench.database.read() as connection:
        texts = connection.execute(select(revision.c.text).order_by(revision.c.id)).scalars().all()
        n_anchors = connection.execute(select(anchor.c.id)).all()
    assert ("A map" in texts, "Two maps" in texts, n_anchors) == (True, True, [])


def test_an_answer_that_the_file_lacks_is_kept_and_said(bench):
    report = bench.ingest(SURVEY.replace("The school was kind", ""))
    assert (report.answers_blank, report.answers_kept) == (2, 1)
    assert [(item.row, item.respondent, item.question) for item in report.changes.kept] == [
        (5, "R4", "q1")
    ]
    assert bench.open(bench.document("R4")).document.text == "The school was kind"


def test_a_blank_that_is_filled_later_becomes_an_answer(bench):
    with bench.database.read() as connection:
        assert connection.execute(select(absent_answer.c.state)).scalars().all() == ["blank"]
    report = bench.ingest(SURVEY.replace("at all,\n", "at all,Kindness\n"))
    assert (report.answers_new, report.respondents_updated, report.answers_blank) == (1, 1, 0)
    with bench.database.read() as connection:
        assert connection.execute(select(absent_answer)).all() == []


ABSENT = """
respondent_id: id
questions:
  - {column: helped, ref: helped, asked_if: {got: ["yes"]}}
  - {column: why, ref: why, not_asked_values: ["n/a"]}
  - {column: later, ref: later}
voice_notes:
  - {column: voice, question: why}
ignore: [got]
"""


def test_absent_answers_are_told_apart(empty):
    report = empty.ingest(
        "id,got,helped,why,voice\nA,yes,a lot,because,a.m4a\nB,no,,n/a,\nC,yes,,,c.m4a\n",
        ABSENT,
    )
    with empty.database.read() as connection:
        rows = connection.execute(
            text(
                "SELECT r.ref, q.ref, a.kind, a.state, a.file_name FROM absent_answer a "
                "JOIN respondent r ON r.id = a.respondent_id "
                "JOIN question q ON q.id = a.question_id ORDER BY 1, 2, 3"
            )
        ).all()
    assert [tuple(row) for row in rows] == [
        ("A", "later", "typed", "not_asked", None),
        ("A", "why", "spoken", "awaiting_transcript", "a.m4a"),
        ("B", "helped", "typed", "not_asked", None),
        ("B", "later", "typed", "not_asked", None),
        ("B", "why", "typed", "not_asked", None),
        ("C", "helped", "typed", "blank", None),
        ("C", "later", "typed", "not_asked", None),
        ("C", "why", "spoken", "awaiting_transcript", "c.m4a"),
    ]
    assert (report.answers_new, report.answers_awaiting_transcript) == (2, 2)
    assert (report.answers_not_asked, report.answers_blank) == (5, 1)


def test_bad_rows_are_listed_and_the_others_go_in(empty):
    report = empty.ingest(
        SURVEY + ",Roma,old,,,nobody,\nR6,Irish,old,,,six,\n" + "x" * 201 + ",Roma,old,,,long,\n"
    )
    assert report.respondents_new == 5
    assert [(bad.row, bad.column) for bad in report.bad_rows] == [(6, "id"), (8, "id")]
    assert all(bad.message for bad in report.bad_rows)


def test_a_failure_half_way_leaves_all_as_it_was(bench, everything, monkeypatch):
    bench.code(bench.document("R1"), "Waiting", "listened")
    before = everything(bench.database)

    def fail(*_args, **_options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(answers, "reanchor_document", fail)
    with pytest.raises(RuntimeError, match="disk is full"):
        bench.ingest(SURVEY.replace("She listened", "He listened") + "R9,Roma,old,,,new,\n")
    assert everything(bench.database) == before


def test_changed_attributes_are_brought_in_and_blank_ones_kept(bench):
    report = bench.ingest(
        SURVEY.replace("R1,Roma,young,money|sleep", "R1,Irish,young,sleep").replace(
            "R3,Irish,old", "R3,,old"
        )
    )
    assert (report.respondents_updated, report.respondents_unchanged) == (1, 3)
    known = {item.label: item.attributes for item in bench.documents()}
    assert known["R1"] == {"group": "Irish", "age": "young", "needs": "sleep"}
    assert known["R3"]["group"] == "Irish"


def test_who_has_withdrawn_does_not_come_back(bench):
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
    report = bench.ingest(SURVEY.replace("She listened", "He listened"))
    assert report.warnings == ["1 row is of a respondent who has withdrawn; left out."]
    assert report.answers_changed == 0
    assert "R1" not in {item.label for item in bench.documents()}


def test_hostile_text_goes_in_as_it_is(empty):
    hostile = [
        "<script>alert(1)</script>",
        "=HYPERLINK(1)",
        "x" * 1_000_000,
        "نہیں \u202e evil",
        "a\r\nb\rc",
        "'; DROP TABLE coding; --",
        "%_\\",
    ]
    survey = "id,q\n" + "".join(
        f'H{n},"{words.replace(chr(34), chr(34) * 2)}"\n' for n, words in enumerate(hostile)
    )
    report = empty.ingest(survey, "respondent_id: id\nquestions:\n  - {column: q}\n")
    assert report.answers_new == len(hostile)
    opened = [empty.open(item.id).document.text for item in empty.documents()]
    assert opened[2] == hostile[2]
    assert opened[4] == "a\nb\nc"
    assert (opened[0], opened[1], opened[5]) == (hostile[0], hostile[1], hostile[5])
    assert [item.label for item in empty.documents(search="%_\\")] == ["H6"]
    assert [item.label for item in empty.documents(search="drop table")] == ["H5"]


def test_an_import_leaves_a_record_and_an_event(bench):
    with bench.database.read() as connection:
        row = connection.execute(text("SELECT file_name, mapping, report FROM import_batch")).one()
        verbs = connection.execute(text("SELECT verb FROM event ORDER BY number")).scalars().all()
    assert row.file_name == "survey.csv"
    assert verbs == ["create study", "ingest survey", "load codebook"]


def test_the_mapping_is_kept(bench):
    bench.ingest(SURVEY.replace("A map", "More maps"), mapping=MAPPING)
    assert ingest.last_mapping(bench.actor, bench.database, bench.study_id) is not None


def test_long_names_from_a_file_go_in_or_are_refused_in_words(empty):
    from workbench.errors import WorkbenchError

    column = "Tell us, in as many words as you like, what happened. " * 6
    report = None
    try:
        report = empty.ingest(
            f'id,"{column}"\nA,words\n',
            f'respondent_id: id\nquestions:\n  - {{column: "{column.strip()}"}}\n',
        )
    except WorkbenchError as error:
        assert "characters" in str(error)
    else:
        assert report.answers_new == 1


def test_words_that_come_back_are_placed_where_they_were(bench):
    document = bench.document("R1")
    bench.code(document, "Phone", "listened")
    (first,) = bench.open(document).codings
    bench.ingest(SURVEY.replace("She listened to me.", "Something else entirely."))
    (lost,) = bench.open(document).codings
    assert lost.flagged
    report = bench.ingest(SURVEY)
    assert report.codings_reanchored == 1
    (found,) = bench.open(document).codings
    assert (found.start, found.end, found.flagged) == (first.start, first.end, False)


def test_what_is_identifying_stays_so_whatever_a_mapping_says(bench):
    from workbench.services import study
    from workbench.services.coding import extracts

    mail = "id,group,mail,q1\nR9,Parent,r9@example.org,words\n"
    bench.ingest(mail, mapping=MAIL_MAPPING.format(identifying="[mail]"))
    report = bench.ingest(mail, mapping=MAIL_MAPPING.format(identifying="[]"))
    assert any("mail is identifying in this study and stays so" in text
               for text in report.warnings)  # fmt: skip
    names = [item.name for item in study.list_attributes(bench.actor, bench.database,
                                                         bench.study_id)]  # fmt: skip
    assert "mail" not in names
    where = extracts.make_filter(bench.actor, bench.database, bench.study_id)
    content = extract_files.extracts_file(bench.actor, bench.database, bench.study_id, where,
                                     format="csv")  # fmt: skip
    assert b"example.org" not in content


MAIL_MAPPING = """
respondent_id: id
attributes: [{{column: group, name: group}}, {{column: mail, name: mail}}]
questions: [{{column: q1, ref: q1, text: What happened?}}]
identifying: {identifying}
"""


def test_the_words_of_an_answer_are_counted_and_counted_again(bench):
    from workbench.store.tables import document

    def lengths():
        with bench.database.read() as connection:
            rows = connection.execute(document.select().order_by(document.c.id))
            return [row.n_words for row in rows]

    assert lengths() == [7, 2, 6, 6, 1, 4, 2]
    bench.ingest(SURVEY.replace("The school was kind", "Kind"))
    assert sorted(lengths()) == [1, 1, 2, 2, 6, 6, 7]

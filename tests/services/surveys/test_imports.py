"""The history of imports, and taking the last one back."""

import pytest
from sqlalchemy import insert, select, update

from tests.builders import MAPPING, SURVEY
from workbench.domain.groupings import Merge, ValueGroup
from workbench.errors import ConflictError, GoneError, NotFound
from workbench.services.surveys import attribute_traits, attributes, groupings, imports, ingest
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.clock import now

TRAIL = {"import_batch", "operation", "operation_target", "event", "event_head"}
GROWN = (
    SURVEY.replace("She listened to me", "He really listened to me")
    .replace("R2,Roma,old,money", "R2,Irish,old,sleep|money")
    .replace("at all,\n", "at all,Kindness\n")
    .replace("R4,,young", "R4,Roma,young")
    + "R5,Roma,old,,r5@secret.example,Hello,\n"
)
GROWN_MAPPING = MAPPING.replace("What would help?", "What would help you?").replace(
    "  - {column: q2", "  - {column: q3, ref: q3, text: New}\n  - {column: q2"
)


def told(database, everything):
    """Everything but what tells of imports and of what was done."""
    return {name: rows for name, rows in everything(database).items() if name not in TRAIL}


def grown(text=GROWN):
    header, *rows = text.splitlines()
    return (
        "\n".join([f"{header},q3,age2", *(f"{row},new words {row[:2]},x" for row in rows)]) + "\n"
    )


def test_an_import_that_is_taken_back_leaves_all_as_it_was(bench, everything):
    bench.code(bench.document("R1"), "Waiting", "listened")
    bench.code(bench.document("R1"), "Phone", None)
    removed = bench.code(bench.document("R1"), "School", "she left")
    bench.send({"kind": "remove", "coding": removed, "document": bench.document("R1")})
    bench.done(bench.document("R3"))
    before = told(bench.database, everything)
    report = bench.ingest(grown(), mapping=GROWN_MAPPING.replace("column: age,", "column: age2,"))
    assert (report.respondents_new, report.answers_changed, report.answers_new) == (1, 1, 7)
    assert report.codings_reanchored == 2
    assert told(bench.database, everything) != before
    undone = imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert (undone.respondents, undone.answers, undone.changed_answers) == (1, 7, 1)
    assert told(bench.database, everything) == before


def test_the_first_import_of_a_study_can_be_taken_back_whole(empty, everything):
    before = told(empty.database, everything)
    empty.ingest()
    imports.undo_import(empty.actor, empty.database, empty.study_id)
    assert told(empty.database, everything) == before
    again = empty.ingest()
    assert (again.respondents_new, again.answers_new) == (4, 7)


def test_a_second_survey_can_be_taken_back(bench, everything):
    from dataclasses import replace

    from tests.builders import read_survey

    before = told(bench.database, everything)
    text = SURVEY.replace("q1,q2", "w1,w2") + "R9,Roma,old,,r9@secret.example,Hi,\n"
    mapping = MAPPING.replace("column: q1, ref: q1", "column: w1, ref: w1")
    mapping = mapping.replace("column: q2, ref: q2", "column: w2, ref: w2")
    wave = replace(read_survey(text, mapping), name="Wave 2")
    report = ingest.ingest_survey(bench.actor, bench.database, "Test", wave)
    assert (report.survey, report.survey_created, report.respondents_new) == ("Wave 2", True, 1)
    assert report.answers_new == 8
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert told(bench.database, everything) == before
    assert imports.list_imports(bench.actor, bench.database, bench.study_id)[0].survey == "Wave 2"


def test_the_history_tells_what_each_file_did(bench):
    bench.ingest(GROWN + ",Roma,old,,,again,\n", mapping=MAPPING)
    listed = imports.list_imports(bench.actor, bench.database, bench.study_id)
    assert [(item.report["respondents_new"], item.can_be_undone) for item in listed] == [
        (1, True), (4, False),
    ]  # fmt: skip
    assert [(bad.row, bad.column) for bad in imports.bad_rows_of(listed[0])] == [(7, "id")]
    assert {item.actor for item in listed} == {"Asha"}
    assert {item.survey for item in listed} == {"Survey"}
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    listed = imports.list_imports(bench.actor, bench.database, bench.study_id)
    assert [(bool(item.undone_at), item.can_be_undone) for item in listed] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_the_history_counts_codings_that_lost_their_words(bench):
    for quote in ("She listened", "listened to me"):
        bench.code(bench.document("R1"), "School", quote)
    bench.ingest(SURVEY.replace("She listened to me", "Nobody came"))
    newest = imports.list_imports(bench.actor, bench.database, bench.study_id)[0]
    assert "2 codings to be placed again" in imports.figures_of(newest)


def test_what_an_import_keeps_of_itself_holds_no_words(empty):
    survey = "id,age,q1,q2\nR1,about forty,something dear to me,\n"
    mapping = MAPPING.replace("kind: ordered, values: [young, middle, old]", "kind: number")
    mapping = "\n".join(line for line in mapping.splitlines() if "group" not in line
                        and "needs" not in line and "email" not in line)  # fmt: skip
    report = empty.ingest(survey, mapping)
    assert "'about forty' is not a number" in report.bad_rows[0].message
    empty.ingest(survey.replace("dear", "near"), mapping)
    with empty.database.read() as connection:
        kept = str(connection.execute(select(tables.import_batch)).all())
        kept += str(connection.execute(select(tables.event)).all())
        kept += str(connection.execute(select(tables.operation)).all())
    assert "something" not in kept
    assert "forty" not in kept
    assert "the cell is not a number" in kept


def test_there_may_be_nothing_to_take_back(empty):
    with pytest.raises(NotFound, match="there is no import"):
        imports.undo_import(empty.actor, empty.database, empty.study_id)


def test_an_import_of_an_older_version_stays(bench):
    with bench.database.write() as connection:
        connection.execute(update(tables.import_batch).values(before=None))
    with pytest.raises(NotFound, match=r"survey\.csv was imported by an older version"):
        imports.undo_import(bench.actor, bench.database, bench.study_id)


def code_new(bench):
    bench.code(bench.document("R5"), "Waiting", "Hello")


def code_changed(bench):
    bench.code(bench.document("R1"), "School", "really")


def remove_carried(bench):
    (coding,) = bench.open(bench.document("R1")).codings
    sent = {"kind": "remove", "coding": coding.guid, "document": bench.document("R1")}
    assert bench.send(sent).acked


def read_new(bench):
    bench.done(bench.document("R5"))


def read_changed(bench):
    bench.done(bench.document("R1"))


def read_and_take_back(bench):
    bench.done(bench.document("R5"))
    bench.send({"kind": "undo"})


def memo_on_answer(bench):
    document = bench.document("R1")
    (coding,) = bench.open(document).codings
    sent = {"kind": "memo", "document": document, "coding": coding.guid, "text": "look again"}
    assert bench.send(sent).acked


def change_again(bench):
    from workbench.store.documents.documents import add_revision

    with bench.database.write() as connection:
        add_revision(connection, document_id=bench.document("R1"), text="By hand",
                     why="corrected", actor_id=bench.actor.id)  # fmt: skip


def person(connection, ref):
    return connection.execute(
        select(tables.respondent.c.id).where(tables.respondent.c.ref == ref)
    ).scalar_one()


def edit(ref):
    def by_hand(bench):
        with bench.database.write() as connection:
            known = connection.execute(
                select(tables.attribute.c.id).where(tables.attribute.c.name == "group")
            ).scalar_one()
            connection.execute(
                insert(tables.attribute_edit).values(
                    respondent_id=person(connection, ref), attribute_id=known,
                    coder_id=bench.actor.id, changed_at=now(),
                )
            )  # fmt: skip

    return by_hand


def withdraw(bench):
    with bench.database.write() as connection:
        connection.execute(
            update(tables.respondent).where(tables.respondent.c.ref == "R5")
            .values(withdrawn_at=now())
        )  # fmt: skip


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (code_new, "1 coding was made on answers that it brought"),
        (code_changed, "1 coding was made on texts that it changed"),
        (remove_carried, "1 coding on texts that it changed was moved, placed again or removed"),
        (read_new, "1 of its answers is marked as read"),
        (read_changed, "1 answer that it changed has been read since"),
        (read_and_take_back, "1 of its answers is marked as read or in work"),
        (memo_on_answer, "1 coding on texts that it changed was moved"),
        (change_again, "1 of its texts has been changed again"),
        (edit("R5"), "1 value of its respondents was set by hand"),
        (edit("R2"), "1 value that it changed was set by hand since"),
        (withdraw, "1 of its respondents has withdrawn"),
    ],
)
def test_an_import_on_which_somebody_has_built_stays(bench, everything, build, why):
    bench.code(bench.document("R1"), "Waiting", "Then she left")
    bench.ingest(GROWN)
    build(bench)
    before = everything(bench.database)
    with pytest.raises(ConflictError, match=why) as refused:
        imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert "the import of survey.csv stays" in str(refused.value)
    assert why in (imports.why_not_undo(bench.actor, bench.database, bench.study_id) or "")
    assert everything(bench.database) == before


def test_what_nobody_touched_since_does_not_hold_an_import(bench):
    bench.ingest(GROWN)
    bench.code(bench.document("R3"), "Waiting", None)
    edit("R3")(bench)
    assert imports.why_not_undo(bench.actor, bench.database, bench.study_id) is None
    imports.undo_import(bench.actor, bench.database, bench.study_id)


def test_a_mapping_of_an_import_that_was_taken_back_is_not_offered(bench):
    bench.ingest(GROWN, mapping=MAPPING)
    bench.ingest(mapping=MAPPING)
    first = ingest.last_mapping(bench.actor, bench.database, bench.study_id)
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert ingest.last_mapping(bench.actor, bench.database, bench.study_id) == first


def test_changed_answers_are_shown_side_by_side(bench):
    report = bench.ingest(GROWN, dry_run=True)
    (shown,) = imports.load_changes(
        bench.actor, bench.database, report.changes.answers, {(2, "q1", "typed"): "the new words"}
    )
    assert shown.old == "She listened to me. Then she left."
    assert shown.new == "the new words"
    assert (shown.answer.respondent, shown.answer.question) == ("R1", "q1")


TOWNS = GROWN.replace("q1,q2", "town,q1,q2").replace("example,", "example,Here,")
TOWNS_MAPPING = MAPPING.replace("  - {column: age", "  - {column: town}\n  - {column: age")


def test_redo_does_not_bring_back_what_went_with_an_import(bench, everything):
    """Values set by hand and groups that were taken back do not hold an import."""
    study = (bench.actor, bench.database, bench.study_id)
    for ref, name in (("R1", "town"), ("R5", "group")):
        bench.ingest(TOWNS, TOWNS_MAPPING)
        with bench.database.read() as connection:
            key = person(connection, ref)
        attributes.set_values(*study, key, attribute_traits.find(*study, name).id, ["There"])
        undo.undo(*study, undo.VALUES)
        imports.undo_import(*study)
        before = told(bench.database, everything)
        with pytest.raises(GoneError, match=r"not (there|in the study) any more"):
            undo.redo(*study, undo.VALUES)
        assert told(bench.database, everything) == before
        assert undo.next_label(*study, undo.VALUES) == "", "it is not offered again"


def test_redo_does_not_derive_from_what_went_with_an_import(bench, everything):
    study = (bench.actor, bench.database, bench.study_id)
    bench.ingest(TOWNS, TOWNS_MAPPING)
    source = attribute_traits.find(*study, "town").id
    groupings.make(*study, source, Merge((ValueGroup("Near", ("Here",)),)), name="distance")
    undo.undo(*study, undo.GROUPS)
    imports.undo_import(*study)
    before = told(bench.database, everything)
    with pytest.raises(GoneError, match="derived from is not there any more"):
        undo.redo(*study, undo.GROUPS)
    assert told(bench.database, everything) == before


def test_what_an_import_flagged_is_counted_again_once_it_is_taken_back(bench, everything):
    bench.code(bench.document("R1"), "Phone", "Then she left")
    before = told(bench.database, everything)
    report = bench.ingest(SURVEY.replace("Then she left.", "Nobody came again."))
    assert report.codings_flagged == 1
    assert not told(bench.database, everything)["coding_respondent"]
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert told(bench.database, everything) == before


def test_who_may_be_quoted_is_as_before_once_an_import_is_taken_back(bench, everything):
    mapping = MAPPING + "may_be_quoted: {column: quote, values: [yes]}\n"
    survey = SURVEY.replace("id,", "id,quote,").replace("R1,", "R1,yes,").replace("R2,", "R2,yes,")
    survey = survey.replace("R3,", "R3,no,").replace("R4,", "R4,,")
    bench.ingest(survey, mapping)
    before = told(bench.database, everything)
    bench.ingest(survey.replace("R1,yes", "R1,no").replace("R4,,", "R4,yes,"), mapping)
    assert told(bench.database, everything)["respondent"] != before["respondent"]
    imports.undo_import(bench.actor, bench.database, bench.study_id)
    assert told(bench.database, everything) == before

"""Taking back a project that was brought in: what goes, what stays, and what keeps it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from tests.builders import Bench
from tests.services.projects.test_refi_import import (
    ACCESS,
    ANA,
    BEN,
    TEXT,
    bring,
    coded,
    guid,
    opened,
    project,
    source,
    wave,
)
from tests.services.projects.test_refi_round_trip import exported
from tests.services.surveys.test_groupings import key_of
from workbench.domain.codings import Actor
from workbench.domain.groupings import Merge, ValueGroup
from workbench.domain.refi import (
    RefiCase,
    RefiCode,
    RefiCoding,
    RefiNote,
    RefiSelection,
    RefiSource,
    RefiUser,
    RefiVariable,
)
from workbench.errors import ConflictError, NotFound
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import star
from workbench.services.memos import memos
from workbench.services.projects import refi_import
from workbench.services.surveys import groupings, imports
from workbench.services.team import team
from workbench.services.trail import undo
from workbench.store import tables
from workbench.store.projects.project_made import keys_of, runs_of
from workbench.store.voice_notes.media import media_store

TRAIL = {"import_batch", "operation", "operation_target", "event", "event_head"}
R1_Q1 = "She listened to me. Then she left."


def code_blindly(bench: Bench, *people: Actor) -> int:
    """Give the first answer of R1 to people to be coded blind."""
    document_id = bench.document("R1")
    with bench.database.write() as connection:
        connection.execute(insert(tables.assignment), [
            {"document_id": document_id, "coder_id": who.id, "blind": True, "created_at": "2024"}
            for who in people
        ])  # fmt: skip
    return document_id


def place(bench: Bench, actor: Actor | None = None) -> tuple[Any, Any, int]:
    return actor or bench.actor, bench.database, bench.study_id


def told(bench: Bench, everything: Any) -> dict[str, Any]:
    """Everything but what tells of imports and of what was done."""
    return {name: rows for name, rows in everything(bench.database).items() if name not in TRAIL}


def why_not(bench: Bench) -> str | None:
    return imports.why_not_undo(*place(bench))


def answer(*selections: RefiSelection, respondent: str = "R1") -> RefiSource:
    """Give the text of an answer that the study has."""
    return source(*selections, name=f"{respondent}/q1/typed", text=R1_Q1)


def rich() -> Any:
    """Give a project with something of every kind, on texts that are there and on new ones."""
    turns = [RefiSelection(guid(f"t{at}"), start, end) for at, (start, end) in
             enumerate([(0, 19), (20, 32)])]  # fmt: skip
    cases = (
        RefiCase(guid("R1"), "R1", sources=(guid("R1/q1/typed"),),
                 values=((guid("v"), "Leeds"), (guid("quoted"), "true")), notes=(guid("n-r1"),)),
        RefiCase(guid("R4"), "R4", values=((guid("group"), "Roma"),)),
        RefiCase(guid("P9"), "P9", selections=(turns[0].guid,),
                 values=((guid("v"), "York"), (guid("group"), "Irish"))),
        RefiCase(guid("P10"), "P10", selections=(turns[1].guid,)),
    )  # fmt: skip
    notes = (RefiNote(guid("n1"), "A memo", user=BEN.guid, notes=(guid("n2"),)),
             RefiNote(guid("n2"), "A reply", name="Reply", user=ANA.guid),
             RefiNote(guid("n-r1"), "On R1", user=ANA.guid))  # fmt: skip
    mine = coded("mine", 4, 12, notes=(guid("n1"),))
    overlapping = RefiSelection(
        guid("waiting"), 0, 12,
        codings=(RefiCoding(guid("c waiting"), guid("waiting code"), BEN.guid),),
    )  # fmt: skip
    codes = (replace(ACCESS, children=(*ACCESS.children,
                                       RefiCode(guid("waiting code"), "Waiting"))),)  # fmt: skip
    return replace(
        project(
            answer(mine, overlapping, coded("bens", 20, 24, by=BEN)),
            source(*turns, coded("one", 4, 9), name="Group", text=TEXT),
            source(name="Note 2"),
            RefiSource(guid("hers"), "text", "R9/q1/typed", text="New words",
                       text_path="hers.txt"),
            cases=cases, notes=notes,
            variables=(RefiVariable(guid("v"), "Place"), RefiVariable(guid("group"), "group"),
                       RefiVariable(guid("quoted"), "May be quoted", "Boolean")),
        ),
        codes=codes,
    )  # fmt: skip


def at_work(bench: Bench) -> None:
    """Let people work in a study before a project comes in."""
    ben = bench.person("Ben")
    bench.code(bench.document("R1"), "Waiting", "listened", actor=ben)
    bench.code(bench.document("R1"), "Phone", None)
    groups = (ValueGroup("Travellers", ("Roma", "Irish")),)
    groupings.make(*place(bench), key_of(bench, "group"), Merge(groups), name="Two groups")


def test_a_merge_leaves_the_study_as_it_was(bench: Bench, everything: Any) -> None:
    at_work(bench)
    before = told(bench, everything)
    report = bring(bench, rich())
    assert (report.codings_new, report.codings_flagged, report.memos_new) == (4, 0, 3)
    assert report.respondents.new == ["P9", "P10", "R9"]
    assert report.coders.new == ["Ana"]
    changed = {name for name, rows in told(bench, everything).items() if rows != before[name]}
    assert changed >= {
        "attribute", "anchor", "code", "code_ancestor", "codebook_version", "coder", "coding",
        "coding_respondent", "document", "document_state", "exchanged", "membership", "memo",
        "respondent", "respondent_attribute", "revision", "segment", "speaker",
    }  # fmt: skip
    derived = [row[2] for row in told(bench, everything)["respondent_attribute"]]
    assert derived.count("Travellers") == 5  # R1 to R3, and R4 and P9 by what the project says
    assert why_not(bench) is None
    undone = imports.undo_import(*place(bench))
    assert undone.in_words == (
        "Took back theirs.qdpx: 3 respondents, 3 texts, 1 code and 4 codings are gone."
    )
    assert told(bench, everything) == before
    again = bring(bench, rich())
    assert (again.as_dict()["codings"], again.codings_flagged) == ({"new": 4, "matched": 0}, 0)


def test_a_study_that_was_made_for_a_project_goes_with_it(empty: Bench, everything: Any) -> None:
    before, listed = told(empty, everything), study.list_studies(empty.actor, empty.database)
    report = bring(empty, rich(), study="Theirs", new_study=True)
    theirs = replace(empty, study_id=report.study_id, name="Theirs")
    assert "which this file made, goes too" in what_goes(theirs)
    undone = imports.undo_import(*place(theirs))
    assert undone.in_words.endswith("The study Theirs, which the file made, is gone too.")
    after = told(empty, everything)
    assert {name for name, rows in after.items() if rows != before[name]} == {"study"}
    for with_sizes in (True, False):
        shown = study.list_studies(empty.actor, empty.database, with_sizes=with_sizes)
        assert [item.id for item in shown] == [item.id for item in listed]
    [batch] = imports.list_imports(*place(theirs))  # its trail stays
    assert batch.undone_at is not None and not batch.can_be_undone
    for who in (empty.actor, empty.person("Late")):  # with the study still open in the browser
        with pytest.raises(NotFound, match="the import that made it was taken back"):
            codebook.add_code(who, empty.database, report.study_id, parent_id=None, name="Too late")
    for _ in range(2):  # its name is free again
        again = bring(empty, rich(), study="Theirs", new_study=True)
        assert again.codings_new == report.codings_new
        imports.undo_import(empty.actor, empty.database, again.study_id)


def test_a_study_in_which_other_work_was_done_stays(empty: Bench) -> None:
    report = bring(empty, rich(), study="Theirs", new_study=True)
    theirs = replace(empty, study_id=report.study_id, name="Theirs")
    memos.write(*place(theirs), "study", report.study_id, "Why we wanted it")
    assert "stays: other work was done in it" in what_goes(theirs)
    assert imports.undo_import(*place(theirs)).study_gone == ""
    assert study.is_taken(empty.actor, empty.database, "Theirs")
    assert bring(theirs, rich(), study="Theirs").codings_new == report.codings_new


def what_goes(bench: Bench) -> str:
    return imports.what_goes(imports.list_imports(*place(bench))[0])


def test_work_elsewhere_in_the_study_stays_and_keeps_nothing(bench: Bench, everything: Any) -> None:
    ben = bench.person("Ben")
    bench.code(bench.document("R3"), "Waiting", None, actor=ben)
    before = told(bench, everything)["coding"]
    bring(bench, project(answer(coded("one", 4, 12, by=BEN)), source(coded("two", 4, 9))))
    bench.code(bench.document("R2"), "Waiting", "rang", actor=ben)
    bench.code(bench.document("R1"), "Phone", "left", actor=ben)
    bench.done(bench.document("R3"), ben)
    assert why_not(bench) is None
    imports.undo_import(*place(bench))
    kept = told(bench, everything)
    assert len(kept["coding"]) == len(before) + 2
    versions = {row[0] for row in kept["codebook_version"]}
    of_codings = {row[6] for row in kept["coding"]}
    assert of_codings <= versions  # none names a version that is gone
    states = {(row[0], row[2]) for row in kept["document_state"] if row[1] == ben.id}
    assert states == {  # who has coded a text by hand is still at work on it
        (bench.document("R1"), "in_progress"), (bench.document("R2"), "in_progress"),
        (bench.document("R3"), "done"),
    }  # fmt: skip
    undone = undo.undo(*place(bench, ben))
    assert undone is not None
    undo.redo(*place(bench, ben))


def test_surveys_of_a_file_of_our_own_go_with_it(bench: Bench, everything: Any) -> None:
    at_work(bench)
    file = refi_import.look_into(io.BytesIO(exported(bench)), "ours.qdpx")
    other = study.create_study(bench.actor, bench.database, "Other")
    theirs = replace(bench, study_id=other.id, name="Other")
    before = told(bench, everything)
    bring(theirs, file)
    made = told(bench, everything)
    assert all(len(made[name]) > len(before[name])
               for name in ("survey", "respondent_survey", "survey_question"))  # fmt: skip
    assert why_not(theirs) is None
    imports.undo_import(*place(theirs))
    assert told(bench, everything) == before


def note_of(bench: Bench) -> int:
    return next(row.id for row in bench.documents() if row.label == "Note 1")


def coding_of(bench: Bench, document_id: int) -> Any:
    return bench.open(document_id).codings[0]


BUILT: dict[str, tuple[Callable[[Bench, Actor], object], str]] = {
    "coded": (lambda bench, ben: bench.code(note_of(bench), "School", "bus", actor=ben),
              "1 coding was made on texts that it brought."),
    "its code": (lambda bench, ben: bench.code(bench.document("R2"), "Bus", "rang", actor=ben),
                 "1 coding was made with codes that it brought."),
    "done": (lambda bench, ben: bench.done(note_of(bench), bench.person("Ana")),
             "1 of its texts is marked as done or in work."),
    "done where it was": (lambda bench, ben: bench.done(bench.document("R1"), bench.person("Ana")),
                          "1 text on which it brought codings was marked as done since."),
    "starred": (lambda bench, ben: star.set_star(*place(bench),
                                                 coding_of(bench, note_of(bench)).guid),
                "1 of its codings is starred."),
    "removed": (
        lambda bench, ben: bench.send(
            {"kind": "remove", "document": note_of(bench),
             "coding": coding_of(bench, note_of(bench)).guid},
            actor=bench.person("Ana"),
        ),
        "1 of its codings was changed since.",
    ),
    "a memo": (lambda bench, ben: memos.write(*place(bench, ben), "code",
                                              bench.codes()["Bus"].id, "Why buses"),
               "1 memo was written on what it brought."),
    "renamed": (lambda bench, ben: codebook.edit_code(*place(bench), bench.codes()["Bus"].id,
                                                      {"definition": "By bus"}),
                "the codebook was changed since, 1 time."),
}  # fmt: skip


@pytest.mark.parametrize("what", BUILT)
def test_what_somebody_has_built_on_it_keeps_it(bench: Bench, everything: Any, what: str) -> None:
    act, why = BUILT[what]
    ben = bench.person("Ben")
    bring(bench, project(answer(coded("there", 4, 12)), source(coded("one", 4, 7))))
    act(bench, ben)
    before = told(bench, everything)
    assert why_not(bench) == f"the import of theirs.qdpx stays: {why}"
    with pytest.raises(ConflictError):
        imports.undo_import(*place(bench))
    assert told(bench, everything) == before


def test_a_coding_on_a_text_that_was_there_cannot_be_moved_and_go(bench: Bench) -> None:
    bring(bench, project(answer(coded("there", 4, 12))))
    ana, document_id = bench.person("Ana"), bench.document("R1")
    moved = next(one for one in bench.open(document_id, ana).codings)
    bench.send({"kind": "remove", "document": document_id, "coding": moved.guid}, actor=ana)
    assert str(why_not(bench)).endswith("stays: 1 of its codings was changed since.")
    undo.undo(*place(bench, ana))  # a redo would need it
    assert str(why_not(bench)).endswith("stays: 1 of its codings was changed since.")


def test_what_is_coded_blind_is_not_told_by_a_refusal_or_by_numbers(bench: Bench) -> None:
    ben = bench.person("Ben")
    bring(bench, project(answer(coded("there", 4, 12)), source(coded("one", 4, 7))))
    assert "2 new codings" in imports.figures_of(imports.list_imports(*place(bench))[0])
    code_blindly(bench, bench.actor, ben)
    assert "coding" not in imports.figures_of(imports.list_imports(*place(bench))[0])
    bench.code(bench.document("R2"), "Bus", "rang", actor=ben)
    assert why_not(bench) == (
        "the import of theirs.qdpx stays: somebody has worked on what it brought."
    )
    undo.undo(*place(bench, ben))
    assert why_not(bench) is not None  # its coding is kept for who does it again
    with bench.database.write() as connection:  # as if it had never been
        bens = select(tables.coding.c.id).where(tables.coding.c.coder_id == ben.id)
        for table in (tables.coding_respondent, tables.anchor):
            connection.execute(table.delete().where(table.c.coding_id.in_(bens)))
        connection.execute(tables.coding.delete().where(tables.coding.c.coder_id == ben.id))
    undone = imports.undo_import(*place(bench))
    assert undone.codings is None
    assert undone.in_words == "Took back theirs.qdpx: 0 respondents, 1 text and 1 code are gone."


def test_a_code_that_became_everybodys_is_its_makers_again(bench: Bench, everything: Any) -> None:
    document_id = code_blindly(bench, bench.actor, bench.person("Ben"))
    with bench.database.write() as connection:
        phone = select(tables.code.c.id).where(tables.code.c.name == "Phone")
        connection.execute(
            update(tables.code).where(tables.code.c.id.in_(phone))
            .values(made_in=document_id, made_by=bench.actor.id)
        )  # fmt: skip
    before = told(bench, everything)
    phone_there = replace(ACCESS, children=(RefiCode(guid("bus"), "Phone"),))
    bring(bench, replace(project(source(coded("one", 4, 7))), codes=(phone_there,)))
    assert told(bench, everything)["code"] != before["code"]
    imports.undo_import(*place(bench))
    assert told(bench, everything) == before


def test_recordings_leave_the_media_folder_but_where_another_study_has_them(
    empty: Bench,
) -> None:
    sound = RefiSource(guid("sound"), "audio", "R7.wav", path="R7.wav")
    file = opened(project(sound), "sounds.qdpx", **{"R7.wav": wave()})
    bring(empty, file)
    with empty.database.read() as connection:
        (uri,) = connection.execute(select(tables.recording.c.uri)).scalars()
    store = media_store(empty.database)
    other = bring(empty, file, study="Other", new_study=True)
    assert "1 new recording" in imports.figures_of(imports.list_imports(*place(empty))[0])
    imports.undo_import(*place(empty))
    assert store.exists(uri)
    imports.undo_import(empty.actor, empty.database, other.study_id)
    assert not store.exists(uri)


def test_a_coder_who_has_done_anything_stays(bench: Bench, everything: Any) -> None:
    bring(bench, project(source(coded("one", 4, 9), coded("two", 10, 14, by=BEN))))
    ana = bench.person("Ana")
    bench.code(bench.document("R2"), "School", None, actor=ana)
    imports.undo_import(*place(bench))
    names = [person.name for person in study.list_people(bench.database)]
    assert ("Ana" in names, "Ben" in names) == (True, False)
    members = {one.name for one in team.list_members(*place(bench))}
    assert "Ana" in members


def test_who_is_named_on_nothing_that_comes_in_is_no_coder(bench: Bench) -> None:
    """Ben's work is left out: his document is coded blind, and his codes are not in the file."""
    code_blindly(bench, bench.actor, bench.person("Cy"))
    zoe = RefiUser(guid("zoe"), "Zoe")
    note = RefiNote(guid("n1"), "Hers", user=zoe.guid)
    unknown = coded("unknown", 4, 9, of="no such code", by=zoe)
    file = replace(
        project(answer(coded("there", 4, 12, by=BEN, notes=(note.guid,))),
                source(unknown, coded("one", 4, 7)), notes=(note,)),
        users=(ANA, BEN, zoe),
    )  # fmt: skip
    report = bring(bench, file)
    assert report.coders.new == ["Ana"]
    names = {person.name for person in study.list_people(bench.database)}
    assert names == {"Asha", "Cy", "Ana"}
    assert {one.name for one in team.list_members(*place(bench))} == {"Asha", "Ana"}


def test_an_import_of_an_older_version_is_refused(bench: Bench) -> None:
    bring(bench, project(source(coded("one", 4, 7))))
    with bench.database.write() as connection:
        connection.execute(
            update(tables.import_batch)
            .where(tables.import_batch.c.kind == "refi")
            .values(before={"survey_made": None})
        )
    assert "by an older version of the workbench" in str(why_not(bench))


def test_what_was_made_is_noted_in_few_words(bench: Bench) -> None:
    bring(bench, project(source(*(coded(f"c{at}", at, at + 3) for at in range(12)))))
    with bench.database.read() as connection:
        kept = connection.execute(
            select(tables.import_batch.c.before).where(tables.import_batch.c.kind == "refi")
        ).scalar_one()
        n = connection.execute(select(func.count()).select_from(tables.coding)).scalar_one()
    (run,) = kept["rows"]["coding"]
    assert run[1] - run[0] + 1 == n == 12


@pytest.mark.parametrize("keys", [[], [4], [1, 2, 3, 7, 8, 20]])
def test_runs_hold_exactly_their_keys(keys: list[int]) -> None:
    assert list(keys_of(runs_of(keys))) == keys

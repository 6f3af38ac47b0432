"""Undo and redo: deep, each person's own, refused when somebody else has changed the thing."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.builders import SURVEY, new_id
from workbench.errors import ConflictError, NotFound, WorkbenchError
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange, extract_files
from workbench.services.trail import undo
from workbench.store.tables import code as code_table
from workbench.store.tables import coding
from workbench.store.trail.events import verify_chain


def undo_one(bench, actor=None):
    return undo.undo(actor or bench.actor, bench.database, bench.study_id)


def redo_one(bench, actor=None):
    return undo.redo(actor or bench.actor, bench.database, bench.study_id)


def tree(bench):
    """Give the codebook as a person sees it, without keys."""
    return [
        (item.path, item.colour, item.definition, item.status)
        for item in codebook.list_codes(
            bench.actor, bench.database, bench.study_id, with_retired=True
        )
    ]


def state(bench):
    """Give codings and codebook as they would be exported."""
    memos = sorted((item.id, bench.open(item.id).document.memo) for item in bench.documents())
    states = sorted((item.id, item.state == "done") for item in bench.documents())
    return sorted(map(str, bench.export())), tree(bench), memos, states


def test_sixty_steps_back_and_forth(bench):
    document = bench.document("R1")
    quote = bench.open(document).document.text
    seen = [bench.export()]
    for end in range(1, 31):
        guid = bench.code(document, "Phone", quote[:end])
        seen.append(bench.export())
        target = {"document": document, "coding": guid}
        if end % 2:
            bench.send({"kind": "memo", **target, "text": f"memo {end}"})
        else:
            bench.send({"kind": "recode", **target, "code": bench.codes()["School"].guid})
        seen.append(bench.export())
    for step, before in enumerate(reversed(seen[:-1])):
        undo_one(bench)
        assert step % 3 or bench.export() == before
    assert bench.export() == []
    for step, after in enumerate(seen[1:], 1):
        redo_one(bench)
        assert step % 3 or bench.export() == after
    assert bench.export() == seen[-1]
    with pytest.raises(NotFound, match="nothing to do again"):
        redo_one(bench)


def test_undo_is_each_persons_own(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document, "Phone", "She")
    bench.code(document, "Phone", "me", actor=ben)
    assert undo_one(bench).label == "Phone on R1"
    assert [row["coder"] for row in bench.export()] == ["Ben"]
    undo_one(bench, ben)
    with pytest.raises(NotFound, match="nothing to undo"):
        undo_one(bench, ben)


def test_undo_outlives_the_session(bench):
    from workbench.services import opening, study

    bench.code(bench.document("R1"), "Phone", "She")
    url = bench.database.engine.url.render_as_string(hide_password=False)
    again = opening.open_database(url)
    undo.undo(study.sign_in(again, "asha"), again, bench.study_id)
    again.close()
    assert bench.export() == []


def test_a_new_act_clears_redo_but_an_import_and_an_export_do_not(bench, tmp_path):
    from workbench.services.coding import extracts

    document = bench.document("R1")
    bench.code(document, "Phone", "She")
    undo_one(bench)
    bench.ingest(SURVEY + "R7,Roma,old,,,seven,\n")
    where = extracts.make_filter(bench.actor, bench.database, bench.study_id)
    extract_files.export_extracts(
        bench.actor, bench.database, bench.study_id, tmp_path / "x.csv", where
    )
    redo_one(bench)
    assert len(bench.export()) == 1
    undo_one(bench)
    bench.code(document, "School", "me")
    with pytest.raises(NotFound, match="nothing to do again"):
        redo_one(bench)


def test_an_import_of_a_survey_is_no_obstacle_to_undo(bench):
    bench.code(bench.document("R1"), "Phone", "She")
    bench.ingest(SURVEY + "R7,Roma,old,,,seven,\n")
    undo_one(bench)
    assert bench.export() == []


def test_two_people_may_mark_one_document_and_both_undo(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.done(document)
    bench.done(document, ben)
    bench.send({"kind": "document_memo", "document": document, "text": "mine"}, actor=ben)
    undo_one(bench)
    assert bench.open(document).document.state == "untouched"
    assert bench.open(document, ben).document.state == "done"


def test_a_document_is_coded_after_done_was_taken_back(bench):
    document = bench.document("R1")
    bench.done(document)
    undo_one(bench)
    bench.code(document, "Phone", "She")
    assert bench.open(document).document.state == "in_progress"


def test_undo_is_refused_when_somebody_else_has_changed_it(bench):
    ben = bench.person("Ben")
    phone = bench.codes()["Phone"].id
    arguments = (bench.database, bench.study_id, phone)
    codebook.edit_code(bench.actor, *arguments, {"definition": "mine"})
    codebook.edit_code(ben, *arguments, {"definition": "yours"})
    with pytest.raises(ConflictError) as caught:
        undo_one(bench)
    assert str(caught.value) == (
        "editing Phone cannot be taken back or done again: Ben has changed it since. "
        "It stays as it is; try once more for the step before it."
    )
    assert bench.codes()["Phone"].definition == "yours"


def test_what_others_have_taken_back_is_no_obstacle(bench):
    ben = bench.person("Ben")
    phone = bench.codes()["Phone"].id
    arguments = (bench.database, bench.study_id, phone)
    codebook.edit_code(bench.actor, *arguments, {"definition": "mine"})
    codebook.edit_code(ben, *arguments, {"include": "yours"})
    undo_one(bench, ben)
    undo_one(bench)
    assert bench.codes()["Phone"].definition == ""
    with pytest.raises(ConflictError, match="Asha has changed it since"):
        redo_one(bench, ben)  # it would bring her definition back
    assert (bench.codes()["Phone"].definition, bench.codes()["Phone"].include) == ("", "")


def test_what_others_have_done_again_is_an_obstacle(bench):
    ben = bench.person("Ben")
    phone = bench.codes()["Phone"].id
    arguments = (bench.database, bench.study_id, phone)
    codebook.edit_code(bench.actor, *arguments, {"definition": "mine"})
    codebook.edit_code(ben, *arguments, {"include": "yours"})
    undo_one(bench, ben)
    redo_one(bench, ben)
    with pytest.raises(ConflictError, match="Ben has changed it since"):
        undo_one(bench)


def test_a_refused_step_does_not_stand_in_the_way_of_the_one_before(bench):
    ben, document = bench.person("Ben"), bench.document("R1")
    phone = bench.codes()["Phone"].id
    arguments = (bench.database, bench.study_id)
    bench.code(document, "School", "She")
    for actor, words in ((bench.actor, "mine"), (ben, "yours")):
        codebook.edit_code(actor, *arguments, phone, {"definition": words})
    with pytest.raises(ConflictError, match="Ben has changed it"):
        undo_one(bench)
    assert undo_one(bench).label == "School on R1"
    assert bench.open(document).codings == ()
    assert bench.codes()["Phone"].definition == "yours"


def test_the_coding_page_undoes_coding_and_nothing_more(bench):
    document = bench.document("R1")
    path = " / ".join(bench.codes()["Phone"].path)
    rows = [(2, {"respondent": "R1", "question": "q1", "quote": "She listened", "code": path})]
    exchange.import_codings(bench.actor, bench.database, bench.study_id, rows)
    phone = bench.codes()["Phone"].id
    changes = {"definition": "mine"}
    codebook.edit_code(bench.actor, bench.database, bench.study_id, phone, changes)
    bench.code(document, "School", "listened")
    assert bench.send({"kind": "undo"}).message == "Undone: School on R1."
    outcome = bench.send({"kind": "undo"})
    assert (outcome.rejected, outcome.message) == ([], "There is nothing to undo here.")
    assert len(bench.open(document).codings) == 1
    assert bench.codes()["Phone"].definition == "mine"
    arguments = (bench.actor, bench.database, bench.study_id)
    assert undo.undo(*arguments, undo.CODEBOOK).label == "editing Phone"
    assert undo.undo(*arguments, undo.CODINGS_IMPORT).label.startswith("importing 1 coding ")
    assert bench.open(document).codings == ()


def test_adjusting_is_not_undone_onto_another_text(bench):
    document = bench.document("R1")
    guid = bench.code(document, "Phone", "She listened")
    sha = bench.open(document).document.sha256
    bench.send({"kind": "adjust", "document": document, "coding": guid, "start": 0, "end": 3,
                "quote": "She", "sha": sha})  # fmt: skip
    bench.ingest(SURVEY.replace("She listened", "Oh. She listened"))
    with pytest.raises(ConflictError, match="edited since"):
        undo_one(bench)
    opened = bench.open(document)
    (item,) = opened.codings
    assert opened.document.text[item.start : item.end] == "She"


def test_a_code_that_others_use_is_not_undone(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    key = codebook.add_code(bench.actor, bench.database, bench.study_id, parent_id=None, name="New")
    guid = bench.code(document, "New", "She", actor=ben)
    with pytest.raises(ConflictError, match="New is in use by now and stays"):
        undo_one(bench)
    bench.send({"kind": "remove", "document": document, "coding": guid}, actor=ben)
    undo_one(bench)
    with pytest.raises(ConflictError, match="New is not in the codebook any more"):
        undo_one(bench, ben)
    assert key not in {item.id for item in bench.codes().values()}
    assert_no_coding_stands_on_a_missing_code(bench)


def test_a_code_that_holds_others_is_not_undone(bench):
    ben = bench.person("Ben")
    arguments = (bench.database, bench.study_id)
    top = codebook.add_code(bench.actor, *arguments, parent_id=None, name="Top")
    codebook.add_code(ben, *arguments, parent_id=top, name="Below")
    with pytest.raises(ConflictError, match="Below lies below a code that would not be there"):
        undo_one(bench)
    assert bench.codes()["Below"].path == ("Top", "Below")


def test_redo_makes_no_namesakes_and_no_circles(bench):
    ben = bench.person("Ben")
    arguments = (bench.database, bench.study_id)
    codebook.add_code(bench.actor, *arguments, parent_id=None, name="Twin")
    undo_one(bench)
    codebook.add_code(ben, *arguments, parent_id=None, name="twin")
    with pytest.raises(ConflictError, match="another code named"):
        redo_one(bench)
    school, schooling = bench.codes()["School"].id, bench.codes()["Schooling"].id
    codebook.move_code(bench.actor, *arguments, school, parent_id=schooling)
    undo_one(bench)
    codebook.move_code(ben, *arguments, schooling, parent_id=school)
    with pytest.raises(ConflictError):
        redo_one(bench)
    assert bench.codes()["Schooling"].path == ("School", "Schooling")


def test_codebook_changes_are_undone(bench):
    arguments = (bench.actor, bench.database, bench.study_id)
    codes = bench.codes()
    first = tree(bench)
    codebook.add_code(*arguments, parent_id=codes["School"].id, name="Sub", definition="d")
    codebook.edit_code(*arguments, codes["Phone"].id, {"name": "Ringing", "colour": "#AA4499"})
    codebook.move_code(*arguments, codes["Waiting"].id, parent_id=None, position=0)
    codebook.retire_code(*arguments, codes["Access"].id)
    bench.load("format: speakout-codebook/1\nname: More\ncodes:\n  - name: Access\n"
               "    definition: changed\n  - name: Fresh\n")  # fmt: skip
    last = tree(bench)
    for _ in range(5):
        undo_one(bench)
    assert tree(bench) == first
    for _ in range(5):
        redo_one(bench)
    assert tree(bench) == last


def test_an_import_of_codings_is_one_step(bench):
    rows = [
        (2, {"respondent": "R1", "question": "q1", "quote": "listened", "code": "School",
             "coder": "Cy"}),
        (3, {"respondent": "R2", "question": "q1", "quote": "", "code": "Access / Phone"}),
    ]  # fmt: skip
    exchange.import_codings(bench.actor, bench.database, bench.study_id, rows, source="old.csv")
    assert len(bench.export()) == 2
    assert undo_one(bench).label == "importing 2 codings from old.csv"
    assert bench.export() == []
    redo_one(bench)
    assert len(bench.export()) == 2


def assert_no_coding_stands_on_a_missing_code(bench):
    with bench.database.read() as connection:
        lost = connection.execute(
            select(coding.c.id)
            .join(code_table, code_table.c.id == coding.c.code_id)
            .where(coding.c.deleted_at.is_(None), code_table.c.deleted_at.isnot(None))
        ).all()
        assert lost == []
        assert verify_chain(connection, bench.study_id) is None
        stale = connection.execute(
            text(
                "SELECT count(*) FROM coding_respondent cr JOIN coding c ON c.id = cr.coding_id "
                "WHERE c.deleted_at IS NOT NULL OR c.code_id <> cr.code_id"
            )
        ).scalar()
        assert stale == 0


def act(bench, dice, actor):
    """Do one thing at random; tell whether it was done."""
    arguments = (actor, bench.database, bench.study_id)
    codes = [item for item in bench.codes().values() if item.status == "active"]
    document = dice.choice(bench.documents()).id
    opened = bench.open(document, actor)
    own = [item for item in opened.codings if item.coder_id == actor.id]
    kind = dice.choice(
        ["add", "add", "add", "whole", "remove", "recode", "adjust", "memo", "document_memo",
         "done", "new_code", "edit", "move", "retire", "revive", "many"]
    )  # fmt: skip
    chosen = dice.choice(codes) if codes else None
    start = dice.randrange(len(opened.document.text))
    end = dice.randrange(start, len(opened.document.text)) + 1
    span = {"start": start, "end": end, "quote": opened.document.text[start:end],
            "sha": opened.document.sha256}  # fmt: skip
    sent = {"kind": kind, "document": document}
    if kind in ("add", "whole") and chosen:
        place = span if kind == "add" else {"start": None, "end": None}
        sent |= {"kind": "add", "code": chosen.guid, "coding": new_id(), **place}
    elif kind in ("remove", "recode", "adjust", "memo") and own and chosen:
        sent |= {"coding": dice.choice(own).guid, "code": chosen.guid, **span,
                 "text": f"thought {dice.random()}"}  # fmt: skip
    elif kind in ("document_memo", "done"):
        sent |= {"text": f"thought {dice.random()}", "done": opened.document.state != "done"}
    elif kind == "new_code":
        parent = dice.choice([None, chosen.guid if chosen else None])
        sent |= {"code": new_id(), "name": f"Code {dice.random()}", "parent": parent}
    else:
        return refine(arguments, dice, kind, bench.codes(), document)
    return bool(bench.send(sent, actor=actor).acked)


def refine(arguments, dice, kind, codes, document):
    item = dice.choice(list(codes.values()))
    before = codebook.list_codes(*arguments, with_retired=True)
    try:
        if kind == "edit":
            codebook.edit_code(*arguments, item.id, {"definition": f"as of {dice.random()}"})
        elif kind == "move":
            parent = dice.choice([None, *codes.values()])
            codebook.move_code(*arguments, item.id, parent_id=parent and parent.id,
                               position=dice.choice([None, 0, 1]))  # fmt: skip
        elif kind in ("retire", "revive"):
            codebook.retire_code(*arguments, item.id, retired=kind == "retire")
        elif kind == "many":
            from workbench.services.coding import code

            return code.code_documents(*arguments, [document], item.id) > 0
        else:
            return False
    except WorkbenchError:
        return False
    return codebook.list_codes(*arguments, with_retired=True) != before


@settings(max_examples=6, deadline=None, database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(seed=st.integers(0, 10_000))
def test_undoing_everything_restores_everything(seed, sqlite_template):
    import shutil
    import tempfile
    from pathlib import Path

    from tests.builders import Bench
    from workbench.services import study
    from workbench.services.opening import open_database

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.sqlite3"
        shutil.copyfile(sqlite_template, path)
        database = open_database(f"sqlite:///{path}")
        actor = study.sign_in(database, "Asha")
        made = study.create_study(actor, database, "Test")
        bench = Bench(database, actor, made.id)
        bench.ingest()
        bench.load()
        bench.code(bench.document("R1"), "Phone", "listened", actor=bench.person("Ben"))
        there_and_back(bench, random.Random(seed), 25)
        database.close()


def test_undoing_everything_restores_everything_on_both(bench):
    there_and_back(bench, random.Random(7), 15)


def there_and_back(bench, dice, n):
    before = state(bench)
    done = sum(act(bench, dice, bench.actor) for _ in range(n))
    after = state(bench)
    assert_no_coding_stands_on_a_missing_code(bench)
    for _ in range(done):
        undo_one(bench)
    assert state(bench) == before
    for _ in range(done):
        redo_one(bench)
    assert state(bench) == after
    assert_no_coding_stands_on_a_missing_code(bench)


def test_two_people_at_random_break_nothing(bench):
    dice = random.Random(11)
    people = [bench.actor, bench.person("Ben")]
    for _ in range(60):
        actor = dice.choice(people)
        step = dice.choice([act, act, undo_one, redo_one])
        try:
            step(bench, dice, actor) if step is act else step(bench, actor)
        except (ConflictError, NotFound):
            continue
    assert_no_coding_stands_on_a_missing_code(bench)
    paths = [item.path for item in bench.codes().values()]
    assert len(set(paths)) == len(paths)

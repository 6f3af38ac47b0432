"""What a coder had coded when they first finished with a document: kept, whatever comes later."""

import random
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders import SURVEY, Bench
from tests.services.trail.test_undo import act, redo_one, undo_one
from workbench.errors import ConflictError, NotFound
from workbench.services import study
from workbench.services.opening import open_database
from workbench.services.surveys import imports
from workbench.store import tables


def kept(bench):
    """Give what is kept, by (document, coder)."""
    table = tables.done_coding
    found = {}
    with bench.database.read() as connection:
        for row in connection.execute(select(table)):
            place = (row.coding_id, row.code_id, row.revision_id, row.start, row.end)
            found.setdefault((row.document_id, row.coder_id), set()).add(place)
    return found


def finished(bench):
    """Give who has ever finished what."""
    table = tables.document_state
    with bench.database.read() as connection:
        rows = connection.execute(select(table).where(table.c.first_done_at.isnot(None)))
        return {(row.document_id, row.coder_id) for row in rows}


def coded_now(bench, document, actor):
    """Give somebody's placed codings as they stand now, as `kept` does."""
    opened = bench.open(document, actor)
    return {
        (item.id, item.code_id, opened.document.revision_id, item.start, item.end)
        for item in opened.codings
        if item.coder_id == actor.id and not item.flagged
    }


def test_the_first_reading_is_kept_whole(bench):
    document, ben = bench.document("R1"), bench.person("Ben")
    bench.code(document, "Waiting", "She listened")
    bench.code(document, "School", None)
    bench.code(document, "Phone", "to me", actor=ben)
    gone = bench.code(document, "Schooling", "left")
    bench.send({"kind": "remove", "document": document, "coding": gone})
    first = coded_now(bench, document, bench.actor)
    bench.done(document)
    assert len(first) == 2
    assert kept(bench) == {(document, bench.actor.id): first}


def test_what_has_lost_its_place_is_left_out(bench):
    document = bench.document("R1")
    bench.code(document, "Waiting", "Then she left")
    bench.code(document, "Phone", "She listened")
    bench.ingest(SURVEY.replace("Then she left", "Zwölf Boxkämpfer 42"))
    assert sum(item.flagged for item in bench.open(document).codings) == 1
    bench.done(document)
    assert kept(bench) == {(document, bench.actor.id): coded_now(bench, document, bench.actor)}
    assert len(kept(bench)[document, bench.actor.id]) == 1


def test_finishing_again_or_redoing_keeps_the_first(bench):
    document = bench.document("R1")
    bench.code(document, "Waiting", "She listened")
    bench.done(document)
    first = kept(bench)
    bench.send({"kind": "undo"})
    bench.code(document, "Phone", "to me")
    bench.done(document)
    bench.done(document, done=False)
    bench.send({"kind": "undo"}, {"kind": "undo"}, {"kind": "redo"})
    assert kept(bench) == first


def test_a_text_on_which_a_first_reading_rests_stays(bench):
    document = bench.document("R1")
    bench.code(document, "Waiting", "She listened")
    bench.ingest(SURVEY.replace("Then she left", "Then she went"))
    bench.done(document)
    bench.send({"kind": "undo"})
    why = imports.why_not_undo(bench.actor, bench.database, bench.study_id)
    assert why is not None
    assert "1 coding on texts that it changed is kept from when somebody had first" in why


def play(bench, dice, n):
    """Let two people do whatever they like, and watch what is kept after every step."""
    people = [bench.person("Ben"), bench.person("Cy")]
    model = {}
    for _ in range(n):
        actor = dice.choice(people)
        step = dice.choice([act, act, act, undo_one, redo_one])
        try:
            step(bench, dice, actor) if step is act else step(bench, actor)
        except (ConflictError, NotFound):
            continue
        for document, coder in finished(bench) - set(model):
            who = next(item for item in people if item.id == coder)
            model[document, coder] = coded_now(bench, document, who)
        assert kept(bench) == {key: places for key, places in model.items() if places}
    return model


@settings(max_examples=8, deadline=None, database=None, derandomize=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(seed=st.integers(0, 10_000))
def test_nothing_that_is_done_later_changes_what_is_kept(seed, sqlite_template):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.sqlite3"
        shutil.copyfile(sqlite_template, path)
        database = open_database(f"sqlite:///{path}")
        actor = study.sign_in(database, "Asha")
        made = study.create_study(actor, database, "Test")
        bench = Bench(database, actor, made.id)
        bench.ingest()
        bench.load()
        play(bench, random.Random(seed), 40)
        database.close()


def test_nothing_that_is_done_later_changes_what_is_kept_on_both(bench):
    model = play(bench, random.Random(3), 60)
    assert any(model.values())

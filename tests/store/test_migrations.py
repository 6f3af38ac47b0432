"""Every migration, run up from every released schema with rows in it.

`released/NNNN.sql` is an SQLite database as that release wrote it. To add one when a schema is
released: `python -m tests.store.test_migrations`.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from tests.builders import Bench
from workbench.services import study
from workbench.services.coding import code
from workbench.services.counting import summarise
from workbench.services.opening import open_database
from workbench.store.engine import HEAD, schema_version
from workbench.store.tables import metadata
from workbench.store.trail.events import verify_chain

RELEASED = Path(__file__).parent / "released"


def restore(name, path):
    """Write a released database to a file, and count its rows by table."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript((RELEASED / name).read_text(encoding="utf-8"))
        return {
            table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for (table,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' "
                "AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
            ).fetchall()
        }


def test_the_newest_schema_is_among_the_released():
    assert f"{HEAD}.sql" in {path.name for path in RELEASED.glob("*.sql")}


@pytest.mark.parametrize("name", sorted(path.name for path in RELEASED.glob("*.sql")))
def test_a_released_database_is_upgraded_with_all_its_rows(name, tmp_path):
    path = tmp_path / "old.sqlite3"
    before = restore(name, path)
    assert sum(before.values()) > 50
    database = open_database(f"sqlite:///{path}")
    assert schema_version(database) == HEAD
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        after = {
            table: connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar()
            for table in before
        }
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        lengths = connection.exec_driver_sql(
            "SELECT d.n_words, r.text FROM document d JOIN revision r "
            "ON r.id = d.current_revision_id"
        ).all()
        assert [row.n_words for row in lengths] == [len(row.text.split()) for row in lengths]
        assert any(row.n_words for row in lengths)
        assert_filled(connection)
        assert verify_chain(connection, 1) is None
        assert tables_that_reuse_keys(connection) == []
    if name < "0004.sql":  # the one who holds what is agreed on came with that schema
        before["coder"] += 1
    assert after == before
    (saved,) = (tmp_path / "backups").iterdir() if name != f"{HEAD}.sql" else (None,)
    assert saved is None or saved.stat().st_size > 0
    work_on(database)
    database.close()


def assert_filled(connection):
    """See to it that what newer schemas added is there for older rows too."""
    rows = connection.exec_driver_sql
    assert rows("SELECT count(*) FROM document WHERE sort_question <> question_id "
                "OR sort_respondent <> respondent_id").scalar() == 0  # fmt: skip
    assert rows("SELECT name FROM survey").scalars().all() == ["Survey"]
    for missing in (
        "respondent WHERE id NOT IN (SELECT respondent_id FROM respondent_survey)",
        "question WHERE id NOT IN (SELECT question_id FROM survey_question)",
        "import_batch WHERE survey_id IS NULL AND kind <> 'transcript'",
        "coding_respondent WHERE opens_any IS NULL OR opens_own IS NULL",
    ):
        assert rows(f"SELECT count(*) FROM {missing}").scalar() == 0, missing


def tables_that_reuse_keys(connection):
    """Name the keyed tables in which SQLite may give the key of a row that is gone to another."""
    made = dict(
        connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
    )
    keyed = [table.name for table in metadata.tables.values() if "id" in table.c]
    return [name for name in keyed if "AUTOINCREMENT" not in made[name]]


def work_on(database):
    """Go on working where the release left off."""
    actor = study.sign_in(database, "Asha")
    bench = Bench(database, actor, 1)
    rows = summarise.summarise(actor, database, 1, by=["group"]).rows
    assert sum(row.mentions for row in rows) == 4
    outcome = code.apply_operations(
        actor,
        database,
        1,
        [
            {"id": "11111111-0000-4000-8000-000000000000", "kind": "undo"},
            bench.adding(bench.document("R3"), "School", "میں"),
        ],
    )
    assert not outcome.rejected
    assert len(bench.export()) == 4


def write_release(path):
    """Write the database of a small study, as this release keeps it."""
    import tempfile

    from tests.builders import SURVEY
    from tests.services.discussions.test_focus_groups import PLANS
    from tests.services.discussions.test_focus_groups import ingest as ingest_discussion
    from workbench.services.discussions.speaker_plans import SpeakerPlan

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "new.sqlite3"
        database = open_database(f"sqlite:///{file}")
        actor = study.sign_in(database, "Asha")
        study.create_study(actor, database, "Test", "A small study")
        bench = Bench(database, actor, 1)
        bench.ingest()
        bench.load()
        document = bench.document("R1")
        guid = bench.code(document, "Waiting", "Then she left")
        bench.code(document, "Phone", "listened", actor=bench.person("Ben"))
        bench.send({"kind": "memo", "document": document, "coding": guid, "text": "a memo"})
        bench.ingest(SURVEY.replace("She listened", "She often listened"))
        bench.done(bench.document("R2"))
        bench.code(bench.document("R2"), "School", None)
        bench.code(bench.document("R4"), "School", "kind")
        ingest_discussion(bench, plans=[*PLANS[:2], SpeakerPlan("P2", ("P2",), respondent="R2")])
        database.close()
        with closing(sqlite3.connect(file)) as connection:
            path.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_release(RELEASED / f"{HEAD}.sql")

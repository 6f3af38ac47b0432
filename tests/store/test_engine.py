"""Opening, upgrading and backing up databases of both kinds."""

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from workbench.errors import ConflictError, NotFound, SchemaOutOfDate, StoreError
from workbench.services import study
from workbench.store import engine
from workbench.store.engine import (
    HEAD,
    backup_database,
    latest_backup,
    open_database,
    schema_version,
)
from workbench.store.migrations import configuration, upgrade
from workbench.store.tables import document, metadata
from workbench.store.trail import events


def test_the_schema_is_what_the_migrations_make(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_HEAD_is_the_newest_migration():
    assert ScriptDirectory.from_config(configuration()).get_heads() == [HEAD]


def test_a_new_database_is_made_and_current(tmp_path):
    path = tmp_path / "a folder" / "with % and ü" / "new.sqlite3"
    opened = open_database(f"sqlite:///{path}")
    assert schema_version(opened) == HEAD
    assert path.exists()
    opened.close()


def test_a_new_database_on_a_server_is_made_and_current(fresh_url):
    opened = open_database(fresh_url)
    assert schema_version(opened) == HEAD
    opened.close()


def test_two_programs_may_open_a_new_server_database_at_once(fresh_url):
    failures = []

    def open_it():
        try:
            open_database(fresh_url).close()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_two_programs_may_open_a_new_file_at_once(tmp_path):
    failures = []

    def open_it():
        try:
            open_database(f"sqlite:///{tmp_path / 'new.sqlite3'}").close()
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_sqlite_is_set_up_for_several_people(sqlite):
    with sqlite.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 20_000}


def test_foreign_keys_hold(database):
    from sqlalchemy.exc import IntegrityError

    row = {"study_id": 4711, "guid": "g" * 36, "kind": "note", "codable": True, "created_at": "x"}
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(insert(document).values(**row))


def test_a_key_is_never_given_out_twice(sqlite):
    actor = study.sign_in(sqlite, "Asha")
    with sqlite.write() as connection:
        connection.exec_driver_sql("DELETE FROM coder")
    assert study.sign_in(sqlite, "Ben").id > actor.id


def set_version(database, version):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})


def test_a_newer_schema_is_refused(database):
    set_version(database, "9999")
    with pytest.raises(SchemaOutOfDate, match=r"written by a newer version.*9999.*Update"):
        open_database(database.engine.url.render_as_string(hide_password=False))


def test_an_older_schema_on_a_server_is_not_upgraded_unasked(fresh_url):
    opened = open_database(fresh_url)
    set_version(opened, "0000")
    opened.close()
    with pytest.raises(SchemaOutOfDate, match="workbench db upgrade"):
        open_database(fresh_url)


def test_an_older_file_is_backed_up_before_its_upgrade(sqlite, monkeypatch):
    asha = study.sign_in(sqlite, "Asha")
    set_version(sqlite, "0000")
    seen = []
    monkeypatch.setattr("workbench.store.migrations.upgrade", lambda made: seen.append(made))
    open_database(f"sqlite:///{sqlite.path}").close()
    assert len(seen) == 1
    (saved,) = (sqlite.path.parent / "backups").iterdir()
    with closing(sqlite3.connect(saved)) as copy:
        assert copy.execute("SELECT name FROM coder WHERE id > 0").fetchall() == [(asha.name,)]
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]


def test_foreign_keys_are_off_while_migrations_run_and_on_again_after(tmp_path, monkeypatch):
    during = []
    database = engine.Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")

    def look(config, target):
        connection = config.attributes["connection"]
        during.append(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())

    monkeypatch.setattr("workbench.store.migrations.command.upgrade", look)
    upgrade(database.engine)
    with database.read() as connection:
        after = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()
    database.close()
    assert (during, after) == ([0], 1)


def test_an_upgrade_that_orphans_rows_changes_nothing(sqlite, monkeypatch):
    def orphan(config, target):
        connection = config.attributes["connection"]
        row = {"study_id": 9, "guid": "g", "kind": "note", "codable": True, "created_at": "x"}
        connection.execute(insert(document).values(**row))

    monkeypatch.setattr("workbench.store.migrations.command.upgrade", orphan)
    with pytest.raises(StoreError, match="refer to nothing"):
        upgrade(sqlite.engine)
    with sqlite.read() as connection:
        assert connection.execute(select(document.c.id)).all() == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_of_another_program_are_refused(kind, request, tmp_path):
    url = (
        f"sqlite:///{tmp_path / 'other.sqlite3'}"
        if kind == "sqlite"
        else request.getfixturevalue("fresh_url")
    )
    other = engine.Database(url)
    with other.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customers (id INTEGER)")
    other.close()
    with pytest.raises(StoreError, match="tables of another program"):
        open_database(url)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "letter.docx"
    path.write_bytes(b"Dear all, this is not a database. " * 100)
    with pytest.raises(StoreError, match="no database"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"Dear all")


@pytest.mark.parametrize("url", ["study.sqlite3", "nonsense://x", "", "sqlite://///dev/null/x"])
def test_a_wrong_address_is_explained(url):
    with pytest.raises(StoreError):
        open_database(url)


def test_a_server_that_is_not_there_is_explained_without_its_password():
    pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        open_database("postgresql://me:hush-hush@127.0.0.1:1/study?connect_timeout=1")
    assert "hush-hush" not in str(caught.value)


def test_a_locked_database_says_so(sqlite):
    with closing(sqlite3.connect(sqlite.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with sqlite.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA busy_timeout=1")
        with pytest.raises(StoreError, match=r"locked.*Nothing was changed"):
            study.sign_in(sqlite, "Asha")


def test_a_backup_is_whole_while_others_write(sqlite):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            study.sign_in(sqlite, f"Person {number}")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backup_database(sqlite, sqlite.path.parent / f"{n}.sqlite3") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    for path in copies:
        with closing(sqlite3.connect(path)) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_newest_copy_of_this_database_is_found(sqlite):
    assert latest_backup(sqlite) is None
    saved = backup_database(sqlite)
    time.sleep(0.01)
    newest = backup_database(sqlite)
    assert newest.name > saved.name
    for other in ("other-2099-01-01T000000000Z.sqlite3", f"{sqlite.path.stem}-copy.sqlite3"):
        (newest.parent / other).touch()
    assert latest_backup(sqlite) == newest


def test_a_backup_overwrites_nothing(sqlite, tmp_path):
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    for path in (target, sqlite.path):
        with pytest.raises(StoreError, match="is there already"):
            backup_database(sqlite, path)
    assert target.read_text() == "mine"


def test_a_server_is_backed_up_by_its_own_tools(fresh_url):
    opened = open_database(fresh_url)
    with pytest.raises(StoreError, match="pg_dump"):
        backup_database(opened)
    opened.close()


def test_a_read_sees_one_state(database):
    study.sign_in(database, "Asha")
    with database.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM coder").scalar()
        study.sign_in(database, "Ben")
        # One is nobody: the holder of what coders agree on.
        assert connection.exec_driver_sql("SELECT count(*) FROM coder").scalar() == before == 2


def test_what_fails_in_a_write_is_taken_back(database):
    with pytest.raises(ConflictError), database.write() as connection:
        events_study = study.studies.create_study(connection, "Half")
        assert events_study
        raise ConflictError("no")
    with database.read() as connection, pytest.raises(NotFound):
        events.lock_chain(connection, events_study)

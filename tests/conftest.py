"""What tests share: a browser, databases, and the rule that CI may skip nothing."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.builders import Bench
from workbench.services import study
from workbench.services.opening import Database, open_database

# How long an example takes says something about the machine, and nothing about the program.
hypothesis.settings.register_profile("workbench", deadline=None)
hypothesis.settings.load_profile("workbench")

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


PATIENCE_S = 60
"""How long a busy machine may take over a page or a key press before a test gives up."""

TEST_DATABASE = "workbench"
"""On the server; emptied after each test."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep thousands of tests and their modules, which stay to the end, out of garbage collection.

    Otherwise each full collection walks through all of them: most of a second, hundreds of times.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def skip_unless_ci(reason: str) -> None:
    """Skip with a visible reason on a person's machine; fail on CI, which must have all."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} (CI must have it)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """Launch a headless Chromium once for all tests of a worker."""
    path = next(
        filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
    )
    if path is None:
        skip_unless_ci("Chromium is not installed: apt-get install chromium")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        skip_unless_ci("Playwright is not installed: pip install -e '.[dev]'")
    expect.set_options(timeout=PATIENCE_S * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def find_server() -> Path | None:
    """Find the folder of PostgreSQL's programs: on the path, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    versions = [folder for folder in folders if (folder / "initdb").exists()]
    return max(versions, key=lambda folder: int(folder.parent.name), default=None)


@contextmanager
def running_server(programs: Path, folder: Path) -> Iterator[str]:
    """Run a throw-away PostgreSQL server in a folder; give its URL without a database."""
    import socket

    # PostgreSQL refuses to run as root.
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        [programs / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
         "-U", "postgres"],
        check=True, capture_output=True, cwd=folder, **user,
    )  # fmt: skip
    settings = ["listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off",
                "synchronous_commit=off", "autovacuum=off", "max_connections=60",
                "shared_buffers=64MB"]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-p", str(port),
             *(part for setting in settings for part in ("-c", setting))],
            stdout=log, stderr=log, cwd=folder, **user,
        )  # fmt: skip
    try:
        ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        for _ in range(300):
            if server.poll() is not None or subprocess.run(ready, check=False).returncode == 0:
                break
            time.sleep(0.05)
        if server.poll() is not None:
            pytest.fail((folder / "log").read_text(errors="replace"))
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        if server.poll() is None:
            server.send_signal(2)  # fast shutdown: does not wait for clients
        server.wait(20)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Run a PostgreSQL server with a migrated database; give its URL without a database."""
    import tempfile

    programs = find_server()
    if programs is None:
        skip_unless_ci("PostgreSQL is not installed: apt-get install postgresql")
    try:
        import psycopg  # noqa: F401
    except ImportError:
        skip_unless_ci("psycopg is not installed: pip install -e '.[dev]'")
    with (
        tempfile.TemporaryDirectory(prefix="wb-pg-", ignore_cleanup_errors=True) as folder,
        running_server(programs, Path(folder)) as url,
    ):
        run_on_server(url, f"CREATE DATABASE {TEST_DATABASE}")
        open_database(f"{url}/{TEST_DATABASE}").close()
        yield url


def run_on_server(url: str, statement: str) -> None:
    """Run one statement outside any transaction."""
    import psycopg

    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def fresh_url(server: str) -> Iterator[str]:
    """Make a database on the server without any schema."""
    name = f"empty_{uuid.uuid4().hex}"
    run_on_server(server, f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    run_on_server(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the migrated SQLite file that is copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    made = open_database(f"sqlite:///{path}")
    made.close()
    return path


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Make a database in which Ana has loaded the sample study, with its recordings beside it."""
    from workbench.services import sample

    path = tmp_path_factory.mktemp("sample") / "study.sqlite3"
    shutil.copyfile(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    sample.load_sample(study.sign_in(opened, "Ana"), opened)
    opened.close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> Iterator[Database]:
    """Make an empty, migrated database, once of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "study.sqlite3"
        shutil.copyfile(sqlite_template, path)
        opened = open_database(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    opened = open_database(f"{request.getfixturevalue('server')}/{TEST_DATABASE}")
    yield opened
    opened.close()
    empty_all_tables(request.getfixturevalue("server"))


def empty_all_tables(url: str) -> None:
    """Bring the test database back to how it was made: much quicker than making it anew."""
    import psycopg

    from workbench.store.engine import HEAD
    from workbench.store.tables import CONSENSUS, metadata

    with psycopg.connect(f"{url}/{TEST_DATABASE}", autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # Nobody, who holds what coders agree on, belongs to an empty database.
        emptied = "; ".join(
            f'DELETE FROM "{name}"' + (f" WHERE id <> {CONSENSUS}" if name == "coder" else "")
            for name in metadata.tables
        )
        connection.execute(f"SET session_replication_role = replica; {emptied}")
        connection.execute("UPDATE alembic_version SET version_num = %s", [HEAD])


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """Make an empty, migrated SQLite database."""
    path = tmp_path / "own.sqlite3"
    shutil.copyfile(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    opened.close()


def empty_bench(database: Database) -> Bench:
    """Make an empty study and its owner."""
    actor = study.sign_in(database, "Asha")
    made = study.create_study(actor, database, "Test")
    return Bench(database, actor, made.id)


@pytest.fixture
def empty(database: Database) -> Bench:
    """Make an empty study."""
    return empty_bench(database)


def small_bench(database: Database) -> Bench:
    """Make a study with the small survey and the small codebook."""
    made = empty_bench(database)
    made.ingest()
    made.load()
    return made


@pytest.fixture(scope="session")
def small_file(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> tuple[Path, Bench]:
    """Make such a study in an SQLite file, which is copied for each test."""
    path = tmp_path_factory.mktemp("small") / "small.sqlite3"
    shutil.copyfile(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    made = small_bench(opened)
    opened.close()
    return path, made


def copy_into(source: Path, database: Database) -> None:
    """Put everything of one SQLite file into an open database in place of what is there."""
    assert database.path is not None
    with closing(sqlite3.connect(source)) as made, closing(sqlite3.connect(database.path)) as open_:
        made.backup(open_)


@pytest.fixture
def bench(request: pytest.FixtureRequest, database: Database) -> Bench:
    """Make a study with the small survey and the small codebook."""
    if not database.is_sqlite:
        return small_bench(database)
    path, made = request.getfixturevalue("small_file")
    copy_into(path, database)
    return replace(made, database=database)


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table, for comparing."""
    from workbench.store.tables import metadata

    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


@pytest.fixture
def everything() -> Any:
    """Give the function that reads every row of a database."""
    return dump

"""Pages under test: an app with a database of its own, opened as somebody."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import copy_into
from workbench.domain.codings import Actor
from workbench.services import opening, study
from workbench.services.opening import Database

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "workbench" / "ui" / "pages"
PAGES_FILE = "pages.sqlite3"


@pytest.fixture(scope="session", autouse=True)
def packages_are_searched_once() -> Iterator[None]:
    """Let Streamlit look through what is installed for components once, not for each app."""
    from streamlit.components.v2 import manifest_scanner

    found = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database that the app will open."""
    found = f"sqlite:///{tmp_path / PAGES_FILE}"
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", found)
    monkeypatch.delenv("WORKBENCH_SIGN_IN_AS", raising=False)
    return found


@pytest.fixture
def database(url: str, tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """That database, for preparing a study and for looking behind the page."""
    shutil.copyfile(sqlite_template, tmp_path / PAGES_FILE)
    opened = opening.open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def ana(database: Database) -> Actor:
    """The person at the browser."""
    return study.sign_in(database, "Ana")


@pytest.fixture
def sample_study(ana: Actor, database: Database, sample_file: Path) -> int:
    """The key of the sample study, loaded."""
    copy_into(sample_file, database)
    (found,) = study.list_studies(ana, database)
    return found.id


@pytest.fixture
def open_page(ana: Actor) -> Callable[..., Any]:
    """Open a page as Ana: `open_page("themes", study=1)`."""
    from streamlit.testing.v1 import AppTest

    def opened(name: str, *, study: int | None = None, timeout: float = 60) -> Any:
        at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=timeout)
        at.query_params["as"] = "Ana"
        if study is not None:
            at.query_params["study"] = str(study)
        at.run()
        assert not at.exception, at.exception
        if name != "overview":
            at.switch_page(str(PAGES / f"{name}.py"))
            at.run()
        return at

    return opened

"""Pages under test: an app with a database of its own, opened as somebody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.domain.codings import Actor
from workbench.services import opening, sample, study
from workbench.services.opening import Database

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "workbench" / "ui" / "pages"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database that the app will open."""
    found = f"sqlite:///{tmp_path / 'pages.sqlite3'}"
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", found)
    monkeypatch.delenv("WORKBENCH_SIGN_IN_AS", raising=False)
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """That database, for preparing a study and for looking behind the page."""
    opened = opening.open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def ana(database: Database) -> Actor:
    """The person at the browser."""
    return study.sign_in(database, "Ana")


@pytest.fixture
def sample_study(ana: Actor, database: Database) -> int:
    """The key of the sample study, loaded."""
    _, name = sample.load_sample(ana, database)
    return study.find_study(ana, database, name).id


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

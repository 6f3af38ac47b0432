"""The library behind tables, where several sessions open their first pages at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.ui import libraries

ROOT = Path(__file__).parents[2]
TOGETHER = """
import threading
from workbench.ui import libraries

def whole():
    {load}
    import pandas
    pandas.DataFrame()

def part():
    {load}
    from pandas.io.formats.style import Styler

threads = [threading.Thread(target=work) for work in (whole, part)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def together(load: str) -> str:
    command = [sys.executable, "-c", TOGETHER.format(load=load)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stderr


def test_two_threads_find_it_whole():
    assert together("libraries.load()") == ""


def test_the_overview_does_without_it_and_other_pages_wait(
    empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(libraries, "load", lambda: calls.append("load"))
    monkeypatch.setattr(libraries, "load_soon", lambda: calls.append("soon"))
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", empty.database.url)
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    at.query_params["as"] = empty.actor.name
    at.query_params["study"] = str(empty.study_id)
    at.run()
    assert not at.exception
    assert calls == ["soon"]
    at.switch_page(str(ROOT / "workbench/ui/pages/questions.py")).run()
    assert not at.exception
    assert calls == ["soon", "load", "soon"]

"""Run the command in this process, as a shell would see it."""

from __future__ import annotations

import io
import json
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.builders import CODEBOOK, MAPPING, SURVEY
from workbench.cli import main


@dataclass
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Read standard output, which must be one JSON object and nothing else."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        found = json.loads(lines[0])
        assert isinstance(found, dict)
        return found


@pytest.fixture
def workbench(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that runs the command on an empty database of its own."""
    shutil.copyfile(sqlite_template, tmp_path / "cli.sqlite3")
    monkeypatch.setenv("WORKBENCH_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.sqlite3'}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object, expect: int = 0) -> Ran:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        ran = Ran(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())
        assert ran.code == expect, (ran.out, ran.err)
        return ran

    return run


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write the small survey, its mapping and its codebook to a folder."""
    (tmp_path / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "codes.yaml").write_text(CODEBOOK, encoding="utf-8")
    (tmp_path / "codings.csv").write_text(
        "respondent,question,start,end,quote,code,coder,memo\n"
        "R1,q1,,,listened to me,Access / Waiting,Ben,\n"
        "R2,q1,0,6,Nobody,School,,a memo\n"
        "R4,q1,,,not there,School,,\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def loaded(workbench: Any, files: Path) -> Any:
    """Give the command with a survey, a codebook and codings in the study S."""
    workbench("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml")
    workbench("codebook", "load", "codes.yaml", "--study", "S")
    workbench("code", "import", "codings.csv", "--study", "S")
    return workbench

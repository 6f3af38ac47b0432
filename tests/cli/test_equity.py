"""`workbench equity` and `export transcripts`: results on standard output, cautions beside."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests import voice_notes
from workbench.services import opening, study
from workbench.services.voice_notes import check


@pytest.fixture
def spoken(loaded: Any) -> Any:
    """Give the command with two transcripts, of which one is checked."""
    database = opening.open_database(os.environ["WORKBENCH_DATABASE_URL"])
    actor = study.sign_in(database, "Ana")
    place = (actor, database, study.find_study(actor, database, "S").id)
    for who in ("R1", "R2"):
        voice_notes.hear(place, voice_notes.record(place, f"{who}.opus", who), f"words of {who}")
    check.mark(*place, check.list_transcripts(*place)[0].document_id, "checked")
    database.close()
    return loaded


def test_the_report_is_printed_and_small_groups_are_not(spoken: Any) -> None:
    ran = spoken("equity", "--study", "S", "--by", "group", "--json")
    found = json.loads(ran.out)
    assert (found["by"], found["minimum_respondents"]) == ("group", 5)
    assert found["total"]["hidden"] == "small" and found["total"]["wer"] is None
    assert "are hidden" in ran.err
    assert "All notes | hidden" in spoken("equity", "--study", "S").out
    refused = spoken("equity", "--study", "S", "--by", "email", expect=1)
    assert "there is no attribute 'email' to group by" in refused.err


def test_transcripts_are_written(spoken: Any, tmp_path: Path) -> None:
    ran = spoken("export", "transcripts", "out.csv", "--study", "S", "--json")
    assert json.loads(ran.out) == {
        "file": "out.csv", "transcripts": 2, "drafts": 1, "not_to_be_quoted": 0,
    }  # fmt: skip
    assert "1 of them is a machine draft." in ran.err
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "words of R1" in text and "secret.example" not in text
    spoken("export", "transcripts", "out.zip", "--study", "S", "--format", "srt", "--checked")
    refused = spoken("export", "transcripts", "out.srt", "--study", "S", expect=1)
    assert "Name a file ending in .zip" in refused.err
    assert "'pdf' is not" in spoken("export", "transcripts", "x.pdf", "-s", "S", expect=2).err

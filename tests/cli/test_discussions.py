"""`workbench discussions`: the list, one group, and files."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.discussions.speech_files import read_speech
from workbench.services import opening, study
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan


@pytest.fixture
def spoken(loaded: Any) -> Any:
    """Give the command with one focus group."""
    database = opening.open_database(os.environ["WORKBENCH_DATABASE_URL"])
    actor = study.sign_in(database, "Ana")
    plans = [SpeakerPlan("Lin", ("Lin",), "facilitator"), SpeakerPlan("P1", ("P1",)),
             SpeakerPlan("P2", ("P2",))]  # fmt: skip
    said = b"Lin: Who?\nP1: Me.\nP2: Me.\nLin: Both?\nP2: Yes.\nP1: Yes."
    focus_groups.ingest_transcript(
        actor, database, study.find_study(actor, database, "S").id,
        read_speech(said, "fg.txt"), plans,
        name="FG1", series="Parents",
    )  # fmt: skip
    database.close()
    return loaded


def test_groups_are_listed_and_one_is_told(spoken: Any, tmp_path: Path) -> None:
    ran = spoken("discussions", "--study", "S")
    assert ran.out.startswith("FG1 | Parents | no date | ")
    assert "among participants 50 %" in ran.out
    ran = spoken("discussions", "-s", "S", "--group", "FG1", "--skip-facilitators",
                 "--output", "fg.csv", "--json")  # fmt: skip
    assert json.loads(ran.out)["followed"] == [
        {"speaker": one, "next": other, "times": 1} for one, other in (("P1", "P2"), ("P2", "P1"))
    ]
    assert (tmp_path / "fg.csv").exists() and "Written: fg.csv" in ran.err
    assert "P2 | participant | 2 turns | " in spoken("discussions", "-s", "S", "--group", "FG1").out
    none = spoken("discussions", "-s", "S", "--series", "Nobody", "--json")
    assert json.loads(none.out)["groups"] == []
    refused = spoken("discussions", "-s", "S", "--group", "FG2", expect=1)
    assert "no focus group 'FG2'. Its groups: FG1." in refused.err

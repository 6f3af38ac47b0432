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


@pytest.fixture
def coded(spoken: Any, tmp_path: Path) -> Any:
    """The same with a coding in the group, of nobody's words, and those in answers."""
    spoken("code", "import", "codings.csv", "--study", "S")
    (tmp_path / "talk.csv").write_text("document,code,quote\nFG1,School,\n", encoding="utf-8")
    spoken("code", "import", "talk.csv", "--study", "S")
    return spoken


def test_extracts_are_narrowed_by_kind_series_group_and_speaker(coded: Any) -> None:
    def n(*options: str) -> int:
        ran = coded("export", "extracts", "x.csv", "-s", "S", *options, "--json")
        return int(json.loads(ran.out)["extracts"])

    every = n()
    assert every > 1
    assert n("--kind", "discussions") == 1 and n("--kind", "answers") == every - 1
    assert n("--series", "Parents") == n("--group", "FG1") == n("--speaker-not-known") == 1
    assert n("--kind", "voice-notes") == n("--kind", "other") == 0
    assert n("--group", "FG1", "--code", "Access") == 0


def test_themes_are_narrowed_by_kind_series_and_group(coded: Any) -> None:
    def table(*options: str) -> Any:
        return json.loads(coded("summarise", "-s", "S", *options, "--json").out)

    apart = table("--group", "FG1")["speaker_not_known"]["mentions"]
    assert apart["School"] == 2 and apart == table("--series", "Parents")["speaker_not_known"][
        "mentions"
    ]  # fmt: skip
    assert "speaker_not_known" not in table("--kind", "answers")
    assert {row["base"] for row in table("--kind", "discussions")["rows"]} == {0}
    units = json.loads(
        coded("count-units", "group", "-s", "S", "--kind", "discussions", "--json").out
    )
    assert {row["base"] for row in units["rows"]} == {0}


def test_series_groups_and_kinds_that_are_not_there_are_told(coded: Any) -> None:
    for command in (["summarise"], ["export", "extracts", "x.csv"]):
        refused = coded(*command, "-s", "S", "--series", "Nobody", expect=1)
        assert "there is no series of focus groups 'Nobody'. Series: Parents." in refused.err
        refused = coded(*command, "-s", "S", "--group", "FG2", expect=1)
        assert "no focus group 'FG2'. Its groups: FG1." in refused.err
        refused = coded(*command, "-s", "S", "--kind", "songs", expect=2)
        assert "'songs' is not answers, voice-notes, discussions or other" in refused.err
        refused = coded(*command, "-s", "S", "--kind", "answers", "--group", "FG1", expect=2)
        assert "only discussions have a series or a group" in refused.err
        refused = coded(*command, "-s", "S", "--kind", "answers", "--saved", "X", expect=2)
        assert "a saved filter takes no other filter" in refused.err

"""Names that a person has said are none are known again in a corrected file of the group."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.services.discussions.no_speakers import known_no_speakers
from workbench.services.discussions.transcript_batch import Options, ingest_transcripts
from workbench.services.surveys import imports

SAID = "P1: Hm.\nDoor: it slams\nP2: Ha.\nDoor: again\nP1: So.\nP2: Yes.\n"


@pytest.fixture
def bring(bench: Any, tmp_path: Path) -> Any:
    def bring_in(text: str, **options: Any) -> Any:
        path = tmp_path / "FG1.txt"
        path.write_text(text, encoding="utf-8")
        given = Options(**options)
        report = ingest_transcripts(bench.actor, bench.database, bench.study_id, [path], given)
        assert not report.refused, report.refused
        return report.groups[0]

    return bring_in


def known(bench: Any, *names: str, group: str = "FG1") -> frozenset[str]:
    return known_no_speakers(bench.actor, bench.database, bench.study_id, group, names)


def who(brought: Any) -> list[str]:
    return [item.plan.name for item in brought.proposal.speakers]


def test_a_corrected_file_has_them_no_more(bench: Any, bring: Any) -> None:
    assert known(bench, "Door") == frozenset()
    assert who(bring(SAID, unknown=("door",))) == ["P1", "P2"]
    assert known(bench, "DOOR:", "P1") == {"DOOR:"}
    assert known(bench, "Door", group="FG2") == frozenset()
    again = bring(SAID.replace("Ha.", "Ho."))
    assert who(again) == ["P1", "P2"] and again.report.outcome == "changed"
    assert again.report.warnings == ["1 name is no speaker's, as settled when the group came in."]
    assert bring(SAID.replace("Ha.", "Ho.")).report.outcome == "unchanged"
    without = bring(SAID.replace("Door: ", ""))
    assert without.report.warnings == []
    assert known(bench, "Door") == {"Door"}, "also where a file in between does not have it"


def test_whoever_is_said_to_speak_does(bench: Any, bring: Any) -> None:
    bring(SAID, unknown=("Door",))
    spoken = bring(SAID, facilitators=("Door",))
    assert who(spoken)[1] == "Facilitator"
    assert known(bench, "Door") == frozenset()


def test_the_history_tells_nothing_of_them_and_undo_forgets(bench: Any, bring: Any) -> None:
    bring(SAID)
    place = (bench.actor, bench.database, bench.study_id)
    bring(SAID, unknown=("Door",))
    assert known(bench, "Door") == {"Door"}
    assert "no_speakers" not in imports.list_imports(*place)[0].report
    imports.undo_import(*place)
    assert known(bench, "Door") == frozenset()

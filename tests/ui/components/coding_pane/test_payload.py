"""What the pane is told of a focus group: lines, turns by places, names and days in the list."""

from __future__ import annotations

import json
from typing import Any

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import DocumentFilter
from workbench.domain.turns import Turn
from workbench.services.coding import reading
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.ui.components.coding_pane.payload import workspace_message
from workbench.ui.components.coding_pane.turns import text_message

PLANS = [
    SpeakerPlan("Facilitator", ("Lin",), "facilitator"),
    SpeakerPlan("<b>پروین</b>", ("Pa",), respondent="R90"),
]
TURNS = (
    Turn("Lin", "Who did you ask?", 1_900),
    Turn("Pa", "میں نے فون کیا 😀\n\nTwice.", 3_661_000),
    Turn("x", "Me too."),
    Turn("Pa", "Yes."),
)


def told(bench: Any, where: DocumentFilter, **options: Any) -> dict[str, Any]:
    found = reading.open_workspace(
        bench.actor, bench.database, bench.study_id, where, document_id=options.get("document_id")
    )
    return workspace_message(
        found, actor_id=bench.actor.id, actor_name="Ana", study="S", order="question", facts=(),
        empty="", answered=None,
    )  # fmt: skip


def group(bench: Any, **options: Any) -> int:
    report = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("fg.vtt", TURNS, "voices"), PLANS,
        name="Mothers, Leeds", **options,
    )  # fmt: skip
    return report.document_id


def test_turns_go_out_beside_the_words(bench: Any) -> None:
    key = group(bench, series="Wave 2", held_on="2024-03-01")
    data = told(bench, DocumentFilter(search="mothers wave"))
    (item,) = data["list"]["items"]
    assert (item["id"], item["label"], item["heading"]) == (key, "Mothers, Leeds", "Focus groups")
    assert item["facts"] == "Wave 2 · 1 Mar 2024"
    document = data["document"]
    assert (document["label"], document["facts"]) == ("Mothers, Leeds", ["Wave 2", "1 Mar 2024"])
    assert document["blocks"] == [
        [0, "Who did you ask?", 0], [18, "میں نے فون کیا 😀", 1], [36, "Twice."],
        [44, "Me too.", 2], [53, "Yes.", 3],
    ]  # fmt: skip
    assert document["turns"] == {
        "names": ["Facilitator", "<b>پروین</b>"], "facilitators": [0], "who": [0, 1, -1, 1],
        "times": [1, 3661, None, None],
    }  # fmt: skip
    assert "Lin" not in json.dumps(data)


def test_an_answer_has_no_turns(bench: Any) -> None:
    group(bench)
    document = told(bench, DocumentFilter(kind="answer"))["document"]
    assert document["turns"] is None
    assert all(len(block) == 2 for block in document["blocks"])
    (item,) = told(bench, DocumentFilter(kind="focus_group"))["list"]["items"]
    assert item["facts"] == ""


def test_a_thousand_turns_weigh_little(bench: Any) -> None:
    turns = [Turn(f"Speaker number {n % 9}", "and so on", n * 1_000) for n in range(1_000)]
    plans = [SpeakerPlan(f"Speaker number {n}", (f"Speaker number {n}",)) for n in range(9)]
    focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("l.vtt", tuple(turns), "voices"),
        plans, name="Long",
    )  # fmt: skip
    found = reading.open_workspace(
        bench.actor, bench.database, bench.study_id, DocumentFilter(kind="focus_group")
    )
    assert found.document
    said = text_message(found.document)
    assert len(json.dumps(said["turns"], separators=(",", ":"))) < 7_000

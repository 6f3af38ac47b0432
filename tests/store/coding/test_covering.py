"""What a project's codings cover when they come all at once is what each alone would."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from pipelines.ingest.discussions.speech import SpeechFile
from tests.builders import Bench
from tests.services.projects.test_refi_import import ANA, BEN, bring, coded, project, source
from tests.services.projects.test_refi_round_trip import PLANS, TURNS
from tests.services.projects.test_refi_talks import TEXT as TALK
from workbench.services.discussions import focus_groups
from workbench.store.coding.anchors import sync_coding_respondents
from workbench.store.tables import coding, coding_respondent

ANSWER = "She listened to me. Then she left."


def covered(bench: Bench) -> list[tuple[object, ...]]:
    with bench.database.read() as connection:
        rows = connection.execute(select(coding_respondent)).all()
    return sorted(tuple(row) for row in rows)


@pytest.mark.parametrize(("name", "text"), [("R1/q1/typed", ANSWER), ("FG1", TALK)])
def test_all_at_once_is_as_one_by_one(bench: Bench, name: str, text: str) -> None:
    bench.load()
    talk = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("fg.vtt", TURNS, "voices"), PLANS,
        name="FG1",
    )  # fmt: skip
    document = bench.document("R1") if name.startswith("R1") else talk.document_id
    bench.code(document, "Access", None)
    bench.code(document, "Access", "e", actor=bench.person("Ben"))
    chance = random.Random(7)
    for time in ("first", "second"):  # the second comes beside the codings of the first
        codings = [
            coded(f"{time} {place}", *sorted(chance.sample(range(len(text)), 2)),
                  of="bus" if place % 2 else "access", by=BEN if place % 3 else ANA)
            for place in range(30)
        ]  # fmt: skip
        bring(bench, project(source(*codings, name=name, text=text)))
    at_once = covered(bench)
    with bench.database.write() as connection:
        sync_coding_respondents(connection, list(connection.execute(select(coding.c.id)).scalars()))
    assert at_once == covered(bench)
    assert len(at_once) > 40
    column = list(coding_respondent.c.keys()).index("opens_any")
    assert {row[column] for row in at_once} == {0, 1}

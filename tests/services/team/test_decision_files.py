"""Decisions as a table: who sees which, and which notes stay out."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.turns import Turn
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.team import adjudicate, decision_files
from workbench.store import tables


def place(bench: Any, actor: Any = None) -> tuple[Any, ...]:
    return actor or bench.actor, bench.database, bench.study_id


def settled(bench: Any) -> int:
    """Let somebody settle a difference on R1, with a note."""
    return settle(bench, bench.document("R1"), "She listened")


def settle(bench: Any, document: int, words: str) -> int:
    """Let somebody settle a difference, with a note."""
    ben = bench.person("Ben")
    bench.code(document, "Waiting", words)
    for who in (bench.actor, ben):
        bench.done(document, who)
    (item,) = adjudicate.open_document(*place(bench), document).items
    adjudicate.decide(*place(bench), document, item.place, take=[bench.actor.id], note="why")
    return document


def notes(bench: Any, actor: Any = None) -> list[Any]:
    table = decision_files.decisions_table(*place(bench, actor))
    return [row[table.header.index("note")] for row in table.rows]


def test_notes_on_what_may_not_be_quoted_stay_out(bench: Any) -> None:
    settled(bench)
    assert notes(bench) == ["why"]
    with bench.database.write() as connection:
        connection.execute(update(tables.respondent).values(may_be_quoted=False))
    assert notes(bench) == [""]


def test_what_was_settled_of_who_has_withdrawn_is_not_listed(bench: Any) -> None:
    settled(bench)
    with bench.database.write() as connection:
        gone = update(tables.respondent).where(tables.respondent.c.ref == "R1")
        connection.execute(gone.values(withdrawn_at="2022"))
    assert notes(bench) == []


@pytest.mark.parametrize("how", [{"may_be_quoted": False}, {"withdrawn_at": "2022"}])
def test_notes_on_a_discussion_stay_out_where_one_who_speaks_may_not_be_quoted(
    bench: Any, how: dict[str, Any]
) -> None:
    turns = (Turn("A", "We waited for apples."), Turn("B", "They sent berries."))
    plans = [SpeakerPlan("A", ("A",), respondent="R1"), SpeakerPlan("B", ("B",), respondent="R2")]
    speech = SpeechFile("g.vtt", turns, "voices")
    made = focus_groups.ingest_transcript(*place(bench), speech, plans, name="FG1")
    settle(bench, made.document_id, "waited for apples")
    assert notes(bench) == ["why"]
    with bench.database.write() as connection:
        one = update(tables.respondent).where(tables.respondent.c.ref == "R2")
        connection.execute(one.values(**how))
    assert notes(bench) == [""]


def test_what_was_taken_back_and_what_is_blind_again_is_not_listed(bench: Any) -> None:
    document = settled(bench)
    with bench.database.write() as connection:
        for coder in (bench.actor.id, bench.person("Ben").id):
            connection.execute(
                tables.assignment.insert().values(
                    document_id=document, coder_id=coder, blind=True, created_at="2022"
                )
            )
    assert notes(bench) == ["why"], "all are done: it is open"
    bench.done(document, bench.person("Ben"), done=False)
    assert notes(bench) == notes(bench, bench.person("Cy")) == []
    bench.done(document, bench.person("Ben"))
    adjudicate.undo_last(*place(bench))
    assert notes(bench) == []

"""Taking the import of a transcript back, and what keeps one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.discussions.test_focus_groups import PLANS, VTT, ingest, place, settle, withdraw
from workbench.errors import ConflictError
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.surveys import imports
from workbench.services.trail import undo
from workbench.store import tables

TRAIL = {"import_batch", "operation", "operation_target", "event", "event_head"}
CORRECTED = VTT.replace(b"rang the school", b"rang the primary school") + (
    b"\n00:15.000 --> 00:20.000\n<v Zed>And I.</v>\n"
)
MORE = (*PLANS[:2], SpeakerPlan("Rosa", ("P2",), respondent="R2"),
        SpeakerPlan("Participant 1", ("Zed",), respondent="FG1 Participant 1"))  # fmt: skip


def told(bench: Any, everything: Any) -> dict[str, Any]:
    """Give every row but the trail, and speakers without the keys of their rows."""
    rows = {name: kept for name, kept in everything(bench.database).items() if name not in TRAIL}
    rows["speaker"] = sorted(str(row[1:]) for row in rows["speaker"])
    return rows


def why_not(bench: Any) -> str | None:
    return imports.why_not_undo(*place(bench))


def test_a_new_group_goes_with_its_people_turns_and_speakers(bench: Any, everything: Any) -> None:
    before = told(bench, everything)
    ingest(bench)
    assert why_not(bench) is None
    undone = imports.undo_import(*place(bench))
    assert undone.in_words == (
        "Took back fg1.vtt: 1 respondent and 1 focus group are gone, 0 focus groups with the words "
        "from before."
    )
    assert told(bench, everything) == before
    assert ingest(bench).outcome == "new"


def test_the_text_the_speakers_and_the_codings_from_before_come_back(
    bench: Any, everything: Any
) -> None:
    key = ingest(bench).document_id
    bench.code(key, "Waiting", "Nobody rang back.")
    bench.code(key, "Phone", "I rang the school.")
    bench.code(key, "School", None)
    settle(bench, key, SpeakerPlan("Chair", ("Facilitator",), "facilitator"), series="Parents")
    before = told(bench, everything)
    report = ingest(bench, CORRECTED, MORE, series="Carers", held_on="2024-03-01")
    assert (report.outcome, report.codings_kept) == ("changed", 3)
    undone = imports.undo_import(*place(bench))
    assert (undone.respondents, undone.answers, undone.changed_answers) == (1, 0, 1)
    assert told(bench, everything) == before


def test_a_day_that_was_noted_goes_again(bench: Any, everything: Any) -> None:
    ingest(bench)
    before = told(bench, everything)
    ingest(bench, held_on="2024-03-01")
    imports.undo_import(*place(bench))
    assert told(bench, everything) == before


def test_what_somebody_has_built_on_a_transcript_keeps_it(bench: Any) -> None:
    key = ingest(bench).document_id
    bench.code(key, "Waiting", "Nobody rang back.")
    assert "1 coding was made on answers that it brought" in str(why_not(bench))
    ingest(bench, CORRECTED, MORE)
    settle(bench, key, SpeakerPlan("Ada", ("Rosa",)))
    assert str(why_not(bench)).endswith("stays: who speaks there was settled since, 1 time.")
    undo.undo(*place(bench), undo.SPEAKERS)
    assert why_not(bench) is None
    withdraw(bench, "FG1 Participant 1")
    assert "1 of its respondents has withdrawn" in str(why_not(bench))


def test_respondents_who_speak_in_another_group_keep_their_import(bench: Any) -> None:
    ingest(bench)
    other = ingest(bench, name="FG2").document_id
    settle(bench, other, SpeakerPlan("P2", ("P2",)))
    undo.undo(*place(bench), undo.SPEAKERS)
    with pytest.raises(ConflictError, match="though taken back since"):
        imports.undo_import(*place(bench))


def test_a_survey_with_linked_speakers_stays_and_says_why(empty: Any) -> None:
    ingest(empty, name="FG0", plans=PLANS[:1])
    empty.ingest()
    empty.load()
    key = ingest(empty).document_id
    imports.undo_import(*place(empty))
    (fg0,) = {row.id for row in empty.documents() if row.label == "FG0"}
    settle(empty, fg0, series="x")
    assert why_not(empty) is None
    with empty.database.write() as connection:
        connection.execute(
            tables.speaker.insert().values(
                document_id=fg0, position=9, name="P1", role="participant", known_as=[],
                respondent_id=connection.execute(
                    tables.respondent.select().where(tables.respondent.c.ref == "R1")
                ).first().id,
            )
        )  # fmt: skip
    assert key and str(why_not(empty)).endswith(
        "1 speaker of discussions is among its respondents."
    )


def test_the_history_tells_of_transcripts_and_of_no_codings_while_somebody_is_blind(
    bench: Any,
) -> None:
    key = ingest(bench).document_id
    bench.code(key, "Waiting", "Nobody rang back.")
    ben = bench.person("Ben")
    with bench.database.write() as connection:
        connection.execute(tables.assignment.insert(), [
            {"document_id": key, "coder_id": who.id, "blind": True, "created_at": "2024"}
            for who in (bench.actor, ben)
        ])  # fmt: skip
    mine = ingest(bench, CORRECTED, MORE)
    assert mine.codings_kept == 1
    batch = imports.list_imports(*place(bench))[0]
    assert not [name for name in batch.report if "coding" in name]
    assert imports.figures_of(batch) == (
        "a corrected text, FG1, 5 turns, 4 speakers, 1 new respondent"
    )
    assert batch.texts == "focus groups"


def test_who_imports_hears_of_no_codings_that_are_hidden_from_them(bench: Any) -> None:
    key = ingest(bench).document_id
    ben = bench.person("Ben")
    bench.code(key, "Waiting", "Nobody rang back.", actor=ben)
    with bench.database.write() as connection:
        connection.execute(tables.assignment.insert(), [
            {"document_id": key, "coder_id": who.id, "blind": True, "created_at": "2024"}
            for who in (bench.actor, ben)
        ])  # fmt: skip
    report = ingest(bench, CORRECTED, MORE)
    assert (report.outcome, report.codings_kept, report.codings_flagged) == ("changed", 0, 0)
    assert str(why_not(bench) or "") == ""

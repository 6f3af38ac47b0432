"""Whose words a file holds: those of people who have withdrawn never come in, by whatever name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.builders import Bench
from tests.services.projects.test_refi_import import bring, guid, opened, project, source, wave
from workbench.domain.refi import (
    PRODUCT,
    RefiProject,
    RefiSelection,
    RefiSource,
    RefiTranscript,
)
from workbench.store.tables import document, recording, respondent, segment


@pytest.fixture
def without_r1(bench: Bench) -> Bench:
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1")
            .values(withdrawn_at="2026-01-01T00:00:00.000Z")
        )  # fmt: skip
    return bench


def rows(bench: Bench, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with bench.database.read() as connection:
        query = select(*(table.c[name] for name in columns)).order_by(table.c.id)
        return [tuple(row) for row in connection.execute(query)]


def talk(who: str) -> RefiProject:
    """Give a discussion of our own that names its people, without their cases."""
    text = "P1: my own words\n\nP2: others"
    turns = (RefiSelection(guid("t1"), 4, 16, name="P1", description="Turn"),
             RefiSelection(guid("t2"), 22, 28, name="P2", description="Turn"))  # fmt: skip
    found = replace(source(*turns, name="Talk", text=text),
                    description=f"Kind:\nfocus_group\n\nSpeakers:\n{who}")  # fmt: skip
    return RefiProject("P", f"{PRODUCT} 0.1", sources=(found,))


@pytest.mark.parametrize(
    "name",
    [
        "R1/q1/typed",
        "r1/q9/spoken",
        "R1/q1/typed (translation)",
        "R1 - q1 - typed",
        "R1 - q9 - spoken.txt",
    ],
)
def test_a_text_named_for_who_has_withdrawn_stays_out(without_r1: Bench, name: str) -> None:
    before = rows(without_r1, document, "id")
    report = bring(without_r1, project(source(name=name, text="my secret words")))
    assert rows(without_r1, document, "id") == before
    assert report.left_out == ["Texts of people who have withdrawn from the study (1)."]


def test_a_recording_named_for_who_has_withdrawn_stays_out(without_r1: Bench) -> None:
    path = f"{guid('sound')}.wav"
    silent = RefiSource(guid("sound"), "audio", "R1/q1/spoken (recording)", path=path)
    heard = replace(silent, transcripts=(
        RefiTranscript(guid("t"), "my secret words", text_path=f"{guid('x')}.txt"),
    ))  # fmt: skip
    for one in (silent, heard):
        bring(without_r1, opened(project(one), **{path: wave()}))
    assert rows(without_r1, recording, "id") == []
    assert not any(ref for (ref,) in rows(without_r1, document, "ref"))


def test_a_discussion_knows_its_people_without_their_cases(without_r1: Bench) -> None:
    left = bring(without_r1, talk("P1 = r1\nP2 = R2"))
    assert (left.documents.new, len(left.left_out)) == ([], 1)
    bring(without_r1, talk("P1 = r2\nP2 = R9"))
    [(key,)] = [(key,) for key, ref in rows(without_r1, respondent, "id", "ref") if ref == "R2"]
    assert rows(without_r1, segment, "speaker", "respondent_id") == [("P1", key), ("P2", None)]


def test_of_two_texts_named_for_one_answer_the_first_is_the_answer(empty: Bench) -> None:
    first = source(name="Q1/q1/typed", text="one")
    second = replace(first, guid=guid("s2"), text="two", text_path=f"{guid('s2')}.txt")
    report = bring(empty, project(first, second))
    assert rows(empty, document, "kind", "ref") == [
        ("answer", None), ("note", "Q1/q1/typed (theirs)"),
    ]  # fmt: skip
    assert any(one.startswith("Answers that the file holds more than once") for one in
               report.remarks)  # fmt: skip
    assert bring(empty, project(first, second)).unchanged


def test_further_transcripts_of_a_recording_are_told(empty: Bench) -> None:
    heard = RefiSource(guid("a"), "audio", "Talk", path=f"{guid('a')}.wav", transcripts=tuple(
        RefiTranscript(guid(name), name, text_path=f"{guid(name)}.txt") for name in ("one", "two")
    ))  # fmt: skip
    report = bring(empty, project(heard))
    assert report.documents.new == ["Talk"]
    assert "Further transcripts of a recording, which has one here (1): Talk." in report.left_out

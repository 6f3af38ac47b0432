"""What is coded by time comes to the words that were spoken then, and goes out on them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

from sqlalchemy import update

from pipelines.ingest.projects.refi_project import read_refi
from tests import voice_notes
from tests.builders import Bench
from tests.services.projects.test_refi_import import (
    ANA,
    BEN,
    EXPECTED,
    SAMPLES,
    bring,
    coded,
    guid,
    opened,
    project,
    sample,
    wave,
    words,
)  # fmt: skip
from workbench.domain.codings import DocumentFilter
from workbench.domain.refi import RefiCase, RefiProject, RefiSelection, RefiSource, RefiTranscript
from workbench.services.projects import refi_export
from workbench.services.team import allocate, team
from workbench.services.voice_notes import drafts
from workbench.store.projects import exchanged
from workbench.store.projects.exchanged import Exchanged
from workbench.store.tables import respondent

SPOKEN = "Nobody rang. She left. Then I wrote."
SYNC = ((0, 0), (1_000, 13), (3_000, 23), (5_000, 36))


def at(begin: int, end: int, by: Any = ANA) -> RefiSelection:
    return coded(f"{begin}-{end}-{by.name}", begin, end, by=by)


def recording(*stretches: RefiSelection, transcript: bool = True) -> RefiSource:
    heard = RefiTranscript(guid("heard"), SPOKEN, SYNC, "words.txt")
    return RefiSource(
        guid("sound"), "audio", "Interview.m4a", transcripts=(heard,) if transcript else (),
        time_selections=stretches,
    )  # fmt: skip


def twin(*selections: RefiSelection) -> RefiSource:
    return RefiSource(guid("words"), "text", "Interview", text=SPOKEN, text_path="words.txt",
                      selections=selections)  # fmt: skip


def test_codings_of_times_come_to_words_and_go_out_on_them(empty: Bench) -> None:
    file = project(
        twin(coded("same", 13, 23)),
        recording(at(1_050, 2_500), at(900, 3_020, BEN), at(3_100, 9_000)),
    )
    report = bring(empty, file)
    assert [(who, quote, state) for _, who, quote, state in words(empty.database)] == [
        ("Ana", "She left. ", "placed"), ("Ana", "Then I wrote.", "placed"),
        ("Ben", "Nobody rang. She left.", "placed"),
    ]  # fmt: skip
    told = " ".join(report.remarks)
    assert "were put on the words spoken then (2)" in told
    assert "on a recording and on its words were taken once (1)" in told
    assert bring(empty, file).unchanged
    content = refi_export.project_file(empty.actor, empty.database, empty.study_id).content
    out = read_refi(io.BytesIO(content), "out.qdpx").project
    (text,) = [one for one in out.sources if one.kind == "text"]
    assert {SPOKEN[one.start : one.end] for one in text.selections if one.codings} == {
        "She left. ", "Then I wrote.", "Nobody rang. She left.",
    }  # fmt: skip


def transcribed(bench: Bench) -> int:
    """Let the study have heard the recording, which the file holds without its words."""
    where = (bench.actor, bench.database, bench.study_id)
    key = voice_notes.record(where, "note.wav", "R1", "q2")
    voice_notes.hear(where, key, SPOKEN)
    spoken = next(item.id for item in bench.documents() if item.kind == "voice_note")
    drafts.accept(*where, [spoken])
    with bench.database.write() as connection:
        exchanged.remember(connection, bench.study_id, [Exchanged("recording", guid("sound"), key)])
    return spoken


def silent(*stretches: RefiSelection) -> RefiProject:
    return project(recording(*stretches, transcript=False))


def test_codings_of_times_find_the_words_that_were_heard_here(bench: Bench) -> None:
    transcribed(bench)
    report = bring(bench, silent(at(500, 700), at(60_000, 61_000, BEN)))
    assert [quote for _, _, quote, _ in words(bench.database)] == [SPOKEN]
    assert any("were put on the words spoken then (1)" in line for line in report.remarks)
    assert any("of time, which have no words (1)" in line for line in report.left_out)
    again = bring(bench, silent(replace(at(400, 900), guid=guid("other"))))
    assert (again.codings_new, again.codings_matched) == (0, 1)


def test_by_time_nobody_brings_in_others_blind_work(bench: Bench) -> None:
    transcribed(bench)
    ben = bench.person("Ben")
    team.add_member(bench.actor, bench.database, bench.study_id, "Ben")
    wanted = allocate.Wanted(DocumentFilter(), (bench.actor.id, ben.id), "everyone", True)
    allocate.apply(bench.actor, bench.database, bench.study_id, wanted)
    report = bring(bench, silent(at(500, 700), at(500, 700, BEN)), ben, accept_drafts=True)
    assert report.codings_new == 1
    assert [who for _, who, _, _ in words(bench.database)] == ["Ben"]
    assert any("each person can bring in their own" in line for line in report.left_out)


def test_recordings_that_came_with_their_words_go_out_with_them(empty: Bench) -> None:
    bring(empty, sample("A_standard.qdpx"))
    where = (empty.actor, empty.database, empty.study_id)
    file = refi_export.project_file(*where)
    assert not [line for line in file.report.left_out if "recording" in line]
    with zipfile.ZipFile(SAMPLES / "A_standard.qdpx") as theirs:
        (before,) = [theirs.read(name) for name in theirs.namelist() if name.endswith(".wav")]
    out = read_refi(io.BytesIO(file.content), "out.qdpx").project
    (sound,) = [one for one in out.sources if one.kind == "audio"]
    with zipfile.ZipFile(io.BytesIO(file.content)) as ours:
        assert ours.read(f"sources/{sound.path}") == before
    (heard,) = sound.transcripts
    expected = [(point["ms"], point["cp"]) for point in EXPECTED["sync_points"]]
    assert list(heard.sync) == expected
    (case,) = [one for one in out.cases if one.name == "R001"]
    assert sound.guid in case.sources
    assert refi_export.what_there_is(*where).n_recordings == 1
    with empty.database.write() as connection:
        gone = update(respondent).where(respondent.c.ref == "R001")
        connection.execute(gone.values(withdrawn_at="2026-01-01T00:00:00.000Z"))
    file = refi_export.project_file(*where)
    out = read_refi(io.BytesIO(file.content), "out.qdpx").project
    assert not any(one.kind == "audio" for one in out.sources)


def test_a_recording_in_which_somebody_speaks_who_has_withdrawn_stays(empty: Bench) -> None:
    turns = (coded("turn 1", 0, 12), coded("turn 2", 13, 23))
    path = f"{guid('sound')}.wav"
    file = project(twin(*turns), replace(recording(), path=path))
    cases = tuple(
        RefiCase(guid(name), name, selections=(turn.guid,))
        for name, turn in zip(("P1", "P2"), turns, strict=True)
    )
    bring(empty, opened(replace(file, cases=cases), **{path: wave()}))
    where = (empty.actor, empty.database, empty.study_id)
    assert refi_export.what_there_is(*where).n_recordings == 1
    with empty.database.write() as connection:
        gone = update(respondent).where(respondent.c.ref == "P2")
        connection.execute(gone.values(withdrawn_at="2026-01-01T00:00:00.000Z"))
    assert refi_export.what_there_is(*where).n_recordings == 0

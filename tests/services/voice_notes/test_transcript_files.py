"""Transcripts in files, on both kinds of database: which ones, and what stays inside."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests import voice_notes
from tests.builders import Bench
from tests.voice_notes import Place
from workbench.domain.extracts import WITHHELD
from workbench.errors import ExportError, InputError
from workbench.services.voice_notes import check
from workbench.services.voice_notes.transcript_files import (
    TranscriptChoice,
    count_transcripts,
    export_transcripts,
    transcripts_file,
)
from workbench.store.tables import respondent


@pytest.fixture
def place(bench: Bench) -> Place:
    """Two transcripts, of which the first is checked."""
    place = bench.actor, bench.database, bench.study_id
    for who, words in (("R1", "she listened"), ("R2", "nobody rang")):
        voice_notes.hear(place, voice_notes.record(place, f"{who}.opus", who, "q1"), words)
    first = next(item for item in check.list_transcripts(*place) if item.respondent == "R1")
    check.mark(*place, first.document_id, "checked")
    return place


def rows(place: Place, **choice: Any) -> list[dict[str, str]]:
    made = transcripts_file(*place, TranscriptChoice("csv", **choice))
    return list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))


def test_all_or_only_checked_ones_are_written(place: Place) -> None:
    found = rows(place)
    assert [(row["respondent"], row["text"], row["mark"]) for row in found] == [
        ("R1", "she listened", ""),
        ("R2", "nobody rang", "machine draft, not checked"),
    ]
    assert [row["respondent"] for row in rows(place, checked_only=True)] == ["R1"]
    counts = count_transcripts(*place)
    assert (counts.checked, counts.drafts, counts.translations) == (1, 1, 0)


def test_identifying_attributes_never_leave(place: Place) -> None:
    first = rows(place)[0]
    assert first["group"] == "Roma" and "email" not in first
    assert "secret.example" not in str(rows(place))
    with pytest.raises(InputError, match="no attribute 'email' that may leave"):
        rows(place, attributes=("email",))
    assert "group" not in rows(place, attributes=())[0]


def test_words_that_may_not_be_quoted_are_withheld_unless_asked_for(place: Place) -> None:
    with place[1].write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R2").values(may_be_quoted=False)
        )
    assert rows(place)[1]["text"] == WITHHELD
    assert rows(place, include_withheld=True)[1]["text"] == "nobody rang"
    assert count_transcripts(*place).unquotable == 1
    for form in ("docx", "txt", "srt", "vtt"):
        made = transcripts_file(*place, TranscriptChoice(form, one_each=True))  # type: ignore[arg-type]
        archive = zipfile.ZipFile(io.BytesIO(made.content))
        whole = b"".join(archive.read(name) for name in archive.namelist())
        assert b"nobody rang" not in whole and made.n_unquotable == 1


def test_a_translation_follows_its_original_and_is_marked_until_confirmed(place: Place) -> None:
    from workbench.domain.transcripts import Transcript
    from workbench.services.voice_notes import attach

    first = check.list_transcripts(*place)[0]
    result = attach.result_of(Transcript("in other words", (), "en", task="translate"))
    key = voice_notes.queue(place, first.recording_id, "done", run=voice_notes.add_run(place),
                            task="translate", result=result, language="ur")  # fmt: skip
    with place[1].write() as connection:
        attach.attach_in(connection, place[0], place[2], key)
    kinds = [(row["respondent"], row["kind"], row["mark"]) for row in rows(place)]
    assert kinds[:2] == [
        ("R1", "transcript", ""), ("R1", "translation", "translated by machine"),
    ]  # fmt: skip
    assert [row["kind"] for row in rows(place, translations=False)] == ["transcript"] * 2
    assert [row["kind"] for row in rows(place, checked_only=True)] == ["transcript"]
    check.confirm_translation(*place, first.document_id, "checked")
    assert rows(place, checked_only=True)[1]["mark"] == "translation, confirmed by a person"
    counts = count_transcripts(*place)
    assert (counts.checked, counts.drafts, counts.translations) == (1, 1, 1)


def test_who_has_withdrawn_is_in_no_file(place: Place) -> None:
    voice_notes.withdraw(place, "R2")
    assert [row["respondent"] for row in rows(place)] == ["R1"]
    voice_notes.withdraw(place, "R1")
    with pytest.raises(ExportError, match="no transcript to write yet"):
        rows(place)


def test_nothing_checked_is_said(place: Place) -> None:
    for item in check.list_transcripts(*place):
        check.mark(*place, item.document_id, "draft")
    with pytest.raises(ExportError, match="no transcript is checked yet"):
        rows(place, checked_only=True)


def test_a_file_is_written_and_an_unknown_format_refused(place: Place, tmp_path: Path) -> None:
    made = export_transcripts(*place, tmp_path / "x.zip", TranscriptChoice("vtt"))
    assert (made.n_transcripts, made.n_drafts) == (2, 1)
    assert zipfile.ZipFile(tmp_path / "x.zip").namelist()[0] == "0001_R1_q1.vtt"
    with pytest.raises(InputError, match="no format 'pdf'"):
        transcripts_file(*place, TranscriptChoice("pdf"))  # type: ignore[arg-type]

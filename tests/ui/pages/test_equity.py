"""The page Transcription equity: what to do first, the report, and transcripts as files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests import voice_notes
from workbench.services.voice_notes import check
from workbench.store.tables import respondent


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def speak(place: Any, n: int, checked: int) -> None:
    with place[1].read() as connection:
        refs = list(connection.execute(select(respondent.c.ref).limit(n)).scalars())
    for who in refs:
        key = voice_notes.record(place, f"{who}.opus", who, "q2")
        voice_notes.hear(place, key, "she listened to me")
    for item in check.list_transcripts(*place)[:checked]:
        check.correct(*place, item.document_id, position=0, was="she listened to me",
                      words="she was there for me")  # fmt: skip
        check.mark(*place, item.document_id, "checked")


def test_it_says_what_to_do_where_nothing_is_checked(
    open_page: Any, ana: Any, database: Any, sample_study: int
) -> None:
    at = open_page("equity", study=sample_study)
    assert not at.exception
    assert "There is no transcript yet." in html(at)
    speak((ana, database, sample_study), 6, 0)
    at = open_page("equity", study=sample_study)
    assert "6 transcripts wait to be checked by ear." in html(at)
    assert "Check notes by ear" in [item.label for item in at.button]
    assert "6 of 6 are machine drafts." in html(at)


def test_it_shows_the_report_and_says_that_the_sample_means_nothing(
    open_page: Any, ana: Any, database: Any, sample_study: int
) -> None:
    speak((ana, database, sample_study), 8, 7)
    at = open_page("equity", study=sample_study)
    assert not at.exception
    assert "This is a sample study." in html(at)
    assert "1 transcript is not checked" in html(at)
    assert "All notes" in html(at) and "50.0 %" in html(at)
    labels = [item.label for item in at.get("download_button")]
    assert labels == ["Report as CSV", "Report as XLSX", "Report as DOCX", "Transcripts"]

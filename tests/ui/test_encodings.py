"""What can be chosen where a text file is read wrongly is known to the readers."""

from __future__ import annotations

import pytest

from pipelines.ingest.discussions.speech_encodings import OLDER
from workbench.services import files
from workbench.ui.components.encodings import ENCODINGS


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_transcript_is_read_in_every_encoding_that_is_offered(name: str) -> None:
    data = "P1: We waited.\nP2: So did I.\n".encode(name)
    speech = files.read_transcript(data, "fg.txt", encoding=name)
    assert [turn.text for turn in speech.turns] == ["We waited.", "So did I."]


def test_what_is_guessed_can_be_chosen_too() -> None:
    assert {one.name for one in OLDER.values()} <= set(ENCODINGS.values())

"""Recordings: sound files of a study, and to whose answer each one belongs.

In: nothing. Out: frozen values that ingest makes, the store keeps and the screens list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Matching = Literal["matched", "doubtful", "unmatched", "set_aside"]
"""Whether it is known to which respondent and question a recording belongs.

Doubtful: there is a guess, or two claim the same answer; a person settles it.
"""

Purpose = Literal["voice_note", "memo"]
"""A participant's answer, or a researcher's own spoken memo."""

ENDINGS = frozenset({
    "3gp", "aac", "amr", "awb", "flac", "m4a", "m4b", "mka", "mkv", "mov", "mp3", "mp4", "mpga",
    "oga", "ogg", "opus", "wav", "wave", "weba", "webm", "wma",
})  # fmt: skip
"""Endings of file names that are taken for sound; of films, the sound only."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as the store keeps it.

    `uri` is its place below the media folder. `matched_by` says how the match was found: "file
    name", "manifest", "pattern" or "person". `note` says why it is in doubt, or what is wrong with
    the file, such as an end that is missing.
    """

    id: int
    study_id: int
    sha256: str
    uri: str
    file_name: str
    media_type: str
    size_bytes: int
    duration_ms: int | None
    purpose: Purpose
    matching: Matching
    matched_by: str = ""
    note: str = ""
    respondent_id: int | None = None
    respondent: str = ""
    question_id: int | None = None
    question: str = ""
    created_at: str = ""

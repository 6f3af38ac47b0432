"""A study's discussions as its files have them: with the names of speakers before their turns.

In: a discussion's text and turns. Out: the text with labels, for an export; and the discussion that
a text is which comes back under its name. Programs such as qc keep a text and nothing that tells of
turns: without this it would be a text of its own, and whose words it has would be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.domain.refi import RefiSource
from workbench.domain.refi_labels import Labelled, put_labels_on
from workbench.domain.refi_terms import TEXT_FILE, SpeakerNote
from workbench.domain.text import normalise
from workbench.services.projects.refi_import_run import Run
from workbench.services.projects.refi_import_speech import Talk
from workbench.store.discussions import speakers
from workbench.store.engine import Connection
from workbench.store.projects import refi_rows, refi_talks
from workbench.store.team.people import one_line

WITHDRAWN = "Withdrawn"
"""The name before the turns of somebody who has withdrawn."""
HIDDEN = "·"
"""In place of each character of their words."""


def with_names(
    connection: Connection, revision_id: int, words: str, gone: Sequence[tuple[int, int]]
) -> Labelled:
    """Write a discussion with names; those who have withdrawn have neither name nor words."""
    turns = speakers.read_turns(connection, revision_id)
    for start, end in gone:
        words = words[:start] + HIDDEN * (end - start) + words[end:]
    hidden = set(gone)
    named = [
        WITHDRAWN if (turn.start, turn.end) in hidden else on_one_line(turn.speaker)
        for turn in turns
    ]
    return put_labels_on(
        words, [replace(turn, speaker=name) for turn, name in zip(turns, named, strict=True)]
    )


def on_one_line(name: str) -> str:
    """Write a name as a label can hold it."""
    return normalise(name).replace("\n", " ")


class KnownTalks:
    """Finds the study's discussions among texts of which a file tells no turns."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._by_name = (
            {} if run.is_new else refi_talks.discussions_by_name(run.connection, run.study_id)
        )
        self._given: set[int] = set()
        self._people = {person.id: person for person in run.persons.values()}

    def of(self, source: RefiSource) -> Talk | None:
        """Give the discussion that a text is, also as it was before; None where it is none.

        A text that goes by the name of a discussion, and may have the words of somebody who has
        withdrawn from it, is given as one in which they speak: it stays out.
        """
        name = one_line(source.name).strip()
        key = self._by_name.get(name, self._by_name.get(name.removesuffix(TEXT_FILE)))
        if key is None or not source.text:
            return None
        text = normalise(source.text)
        connection = self._run.connection
        has_gone = False
        for revision_id, words in refi_talks.texts_of_a_discussion(connection, key):
            gone = refi_rows.turns_of_the_withdrawn(connection, revision_id)
            has_gone = has_gone or bool(gone)
            laid = with_names(connection, revision_id, words, gone)
            if laid.text == text and key not in self._given:
                self._given.add(key)
                return self._talk(key, words, laid, with_gone=False)
        return self._talk(key, text, Labelled(text, ()), with_gone=True) if has_gone else None

    def _talk(self, key: int, words: str, laid: Labelled, *, with_gone: bool) -> Talk:
        notes, whose = [], {}
        for one in speakers.read_speakers(self._run.connection, key):
            person = self._people.get(one.respondent_id or 0)
            is_gone = person is not None and person.withdrawn
            if is_gone and not with_gone:
                continue
            notes.append(SpeakerNote(one.name, one.role, person.ref if person else ""))
            if person is not None and not is_gone:
                whose[one.name] = person.id
        return Talk(words, (), tuple(notes), whose, place=laid.word)

"""Spoken answers with the machine's own words beside the current ones.

In: a study and an attribute. Out: one row for each transcript, and the groups of its respondent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from workbench.store.tables import document, respondent, respondent_attribute, revision


@dataclass(frozen=True, slots=True)
class SpokenNote:
    """A transcript. `machine` and `checked` are empty for one that nobody has checked."""

    document_id: int
    respondent_id: int
    language: str
    is_checked: bool
    machine: str
    checked: str


def spoken_notes(connection: Connection, study_id: int) -> Iterator[SpokenNote]:
    """Give the spoken answers of a study that a machine wrote down; none that withdrew.

    The machine's words are those of its newest text: what the person who checked has seen.
    """
    newest = (
        select(func.max(revision.c.number))
        .where(revision.c.document_id == document.c.id, revision.c.why == "transcription")
        .correlate(document)
        .scalar_subquery()
    )
    machine, current = revision.alias("machine"), revision.alias("current")
    rows = connection.execute(
        select(
            document.c.id, document.c.respondent_id, document.c.language, document.c.transcript,
            machine.c.text.label("machine"), current.c.text.label("checked"),
        )
        .join(respondent, respondent.c.id == document.c.respondent_id)
        .join(machine, (machine.c.document_id == document.c.id) & (machine.c.number == newest))
        .join(current, current.c.id == document.c.current_revision_id)
        .where(
            document.c.study_id == study_id,
            document.c.kind == "voice_note",
            document.c.transcript.isnot(None),
            document.c.translation_of.is_(None),
            respondent.c.kind == "participant",
            respondent.c.withdrawn_at.is_(None),
        )
        .order_by(document.c.id)
    )  # fmt: skip
    for row in rows:
        checked = row.transcript == "checked"
        yield SpokenNote(
            row.id, row.respondent_id, row.language or "", checked,
            row.machine if checked else "", row.checked if checked else "",
        )  # fmt: skip


def groups_by_respondent(connection: Connection, attribute_id: int) -> dict[int, tuple[str, ...]]:
    """Give for each respondent the groups of one attribute that they are in."""
    rows = connection.execute(
        select(respondent_attribute.c.respondent_id, respondent_attribute.c.value)
        .where(respondent_attribute.c.attribute_id == attribute_id)
        .order_by(respondent_attribute.c.value)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.respondent_id] = (*found.get(row.respondent_id, ()), row.value)
    return found

"""What the methods appendix counts: people, documents, who coded what and when.

In: a study and what the person who asks may see. Out: counts, names and dates, no words of anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, select

from workbench.domain.methods import CoderWork, Discussions, Doubles, Machine, Settled
from workbench.store.tables import (
    CONSENSUS,
    adjudication,
    assignment,
    code,
    codebook_version,
    coder,
    coding,
    document,
    document_state,
    operation,
    question,
    respondent,
    segment,
    speaker,
    survey,
    transcription,
    transcription_run,
)
from workbench.store.trail.trail_sight import TrailSight


def count_people(connection: Connection, study_id: int) -> tuple[int, int, int]:
    """Count (participants, facilitators, those who withdrew)."""
    rows = connection.execute(
        select(respondent.c.kind, respondent.c.withdrawn_at.isnot(None).label("left"), func.count())
        .where(respondent.c.study_id == study_id)
        .group_by(respondent.c.kind, respondent.c.withdrawn_at.isnot(None))
    ).all()
    here = {kind: n for kind, left, n in rows if not left}
    gone = sum(n for _, left, n in rows if left)
    return here.get("participant", 0), here.get("facilitator", 0), gone


def list_surveys(connection: Connection, study_id: int) -> tuple[str, ...]:
    """Name the study's surveys in their order."""
    names = connection.execute(
        select(survey.c.name).where(survey.c.study_id == study_id).order_by(survey.c.position)
    ).scalars()
    return tuple(name for name in names if name)


def count_questions(connection: Connection, study_id: int) -> int:
    """Count the study's questions."""
    query = select(func.count()).where(question.c.study_id == study_id)
    return int(connection.execute(query).scalar_one())


def count_documents(connection: Connection, study_id: int) -> dict[str, int]:
    """Count what can be coded, by kind; the words of people who withdrew are left out."""
    rows = connection.execute(
        select(document.c.kind, func.count())
        .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
        .where(*_codable(study_id), respondent.c.withdrawn_at.is_(None))
        .group_by(document.c.kind)
        .order_by(document.c.kind)
    )
    return {kind: n for kind, n in rows}


def count_discussions(connection: Connection, study_id: int) -> Discussions:
    """Count the focus groups, and who speaks in them; a facilitator of several counts once.

    Names are not compared: the digests of those in the files are, where there are any.
    """
    held = (document.c.kind == "focus_group", *_codable(study_id))
    groups, words = connection.execute(
        select(func.count(), func.coalesce(func.sum(document.c.n_words), 0)).where(*held)
    ).one()
    if not groups:
        return Discussions()
    turns = segment.join(document, document.c.current_revision_id == segment.c.revision_id)
    people = connection.execute(
        select(func.count(segment.c.respondent_id.distinct()))
        .select_from(turns.join(respondent, respondent.c.id == segment.c.respondent_id))
        .where(*held, respondent.c.kind == "participant", respondent.c.withdrawn_at.is_(None))
    ).scalar_one()
    leading = connection.execute(
        select(speaker.c.document_id, speaker.c.name, speaker.c.known_as)
        .join(document, document.c.id == speaker.c.document_id)
        .where(*held, speaker.c.role == "facilitator")
    ).all()
    leads = exists().where(
        speaker.c.document_id == document.c.id,
        speaker.c.name == segment.c.speaker,
        speaker.c.role == "facilitator",
    )
    nobodys = connection.execute(
        select(func.count())
        .select_from(turns)
        .where(*held, segment.c.respondent_id.is_(None), ~leads)
    ).scalar_one()
    return Discussions(groups, words, people, _different(leading), nobodys)


def _different(leading: Sequence[Any]) -> int:
    """Count people: those who share the digest of a name are one."""
    people: list[set[str]] = []
    for row in leading:
        known = set(row.known_as) or {f"{row.document_id} {row.name}"}
        for other in [item for item in people if item & known]:
            known |= other
            people.remove(other)
        people.append(known)
    return len(people)


def _codable(study_id: int) -> tuple[ColumnElement[bool], ...]:
    return (document.c.study_id == study_id, document.c.codable)


def list_coders(connection: Connection, study_id: int, sight: TrailSight) -> list[CoderWork]:
    """Say what each person has read and coded: everybody who has done either."""
    states = connection.execute(
        select(document_state.c.coder_id, document_state.c.state, func.count())
        .join(document, document.c.id == document_state.c.document_id)
        .where(*_codable(study_id))
        .group_by(document_state.c.coder_id, document_state.c.state)
    )
    read = {(key, state): n for key, state, n in states}
    made = {row.coder_id: row for row in connection.execute(_coded(study_id, sight))}
    people = connection.execute(
        select(coder.c.id, coder.c.name)
        .where(
            coder.c.id != CONSENSUS,
            coder.c.id.in_(list({*made, *(key for key, _ in read)})),
        )
        .order_by(coder.c.name_key)
    )
    return [
        CoderWork(
            person.name,
            read.get((person.id, "in_progress"), 0),
            read.get((person.id, "done"), 0),
            int(made[person.id].n) if person.id in made else 0,
            made[person.id].first if person.id in made else "",
            made[person.id].last if person.id in made else "",
        )
        for person in people
    ]


def _coded(study_id: int, sight: TrailSight) -> Select[Any]:
    seen = sight.sight.sees(coding.c) if sight.anything_closed else None
    return (
        select(
            coding.c.coder_id,
            func.count().label("n"),
            func.min(coding.c.created_at).label("first"),
            func.max(coding.c.created_at).label("last"),
        )
        .join(document, document.c.id == coding.c.document_id)
        .where(
            document.c.study_id == study_id,
            coding.c.deleted_at.is_(None),
            coding.c.coder_id != CONSENSUS,
            *(() if seen is None else (seen,)),
        )
        .group_by(coding.c.coder_id)
    )


def count_doubles(connection: Connection, study_id: int, sight: TrailSight) -> Doubles:
    """Count how many documents were read by one and by several, and how they were given out."""
    done = (
        select(document_state.c.document_id, func.count().label("n"))
        .join(document, document.c.id == document_state.c.document_id)
        .where(*_codable(study_id), document_state.c.state == "done")
        .group_by(document_state.c.document_id)
        .subquery("done")
    )
    given = (
        select(
            assignment.c.document_id,
            func.count().label("n"),
            func.sum(case((assignment.c.blind, 1), else_=0)).label("blind"),
        )
        .join(document, document.c.id == assignment.c.document_id)
        .where(document.c.study_id == study_id)
        .group_by(assignment.c.document_id)
        .subquery("given")
    )
    total = select(func.count()).select_from(document).where(*_codable(study_id))
    one, several = (
        select(func.count()).select_from(done).where(rule) for rule in (done.c.n == 1, done.c.n > 1)
    )
    every, shared, blind = (
        select(func.count()).select_from(given).where(*rule)
        for rule in ((), (given.c.n > 1,), (given.c.blind > 0,))
    )
    figures = [int(connection.execute(query).scalar_one())
               for query in (total, one, several, every, shared, blind)]  # fmt: skip
    return replace(Doubles(*figures), closed=_count_closed(connection, study_id, sight))


def _count_closed(connection: Connection, study_id: int, sight: TrailSight) -> int:
    if not sight.anything_closed:
        return 0
    query = select(func.count()).where(
        document.c.study_id == study_id, sight.sight.hides_others(document.c.id)
    )
    return int(connection.execute(query).scalar_one())


def read_settled(connection: Connection, study_id: int) -> Settled:
    """Say how differences between coders were settled, by whom and when."""
    of_study = (adjudication.c.document_id == document.c.id) & (document.c.study_id == study_id)
    stands = adjudication.c.deleted_at.is_(None)
    rows = connection.execute(
        select(adjudication.c.choice, func.count())
        .join(document, of_study)
        .where(stands)
        .group_by(adjudication.c.choice)
    )
    people = connection.execute(
        select(coder.c.name)
        .where(
            coder.c.id.in_(select(adjudication.c.decided_by).join(document, of_study).where(stands))
        )
        .order_by(coder.c.name_key)
    ).scalars()
    first, last = connection.execute(
        select(func.min(adjudication.c.decided_at), func.max(adjudication.c.decided_at))
        .join(document, of_study)
        .where(stands)
    ).one()
    n_documents = connection.execute(
        select(func.count()).where(
            document.c.study_id == study_id, document.c.adjudicated_at.isnot(None)
        )
    ).scalar_one()
    return Settled({choice: n for choice, n in rows}, tuple(people), first or "", last or "",
                   int(n_documents))  # fmt: skip


def count_versions(connection: Connection, study_id: int) -> int:
    """Count the versions that the codebook went through."""
    query = select(func.count()).where(codebook_version.c.study_id == study_id)
    return int(connection.execute(query).scalar_one())


def list_named(connection: Connection, study_id: int) -> list[Any]:
    """List the versions that people named: with `number`, `name`, `note`, `snapshot`, `by`."""
    rows = connection.execute(
        select(codebook_version, coder.c.name.label("by"))
        .join(coder, coder.c.id == codebook_version.c.created_by)
        .where(codebook_version.c.study_id == study_id, codebook_version.c.name.isnot(None))
        .order_by(codebook_version.c.number)
    )
    return list(rows)


def count_redefined(connection: Connection, study_id: int, sight: TrailSight) -> int:
    """Count the codes whose definition has changed."""
    query = select(func.count()).where(
        code.c.study_id == study_id,
        code.c.defined_in.isnot(None),
        code.c.deleted_at.is_(None),
        sight.sight.sees_code(code.c),
    )
    return int(connection.execute(query).scalar_one())


def read_machine(connection: Connection, study_id: int) -> Machine:
    """Say what machines transcribed, and how much of it people have checked."""
    models = connection.execute(
        select(transcription_run.c.model, func.count(transcription.c.recording_id.distinct()))
        .join(transcription, transcription.c.transcription_run_id == transcription_run.c.id)
        .where(transcription_run.c.study_id == study_id, transcription.c.state == "done")
        .group_by(transcription_run.c.model)
        .order_by(transcription_run.c.model)
    )
    states = connection.execute(
        select(document.c.transcript, func.count())
        .where(*_codable(study_id), document.c.transcript.isnot(None))
        .group_by(document.c.transcript)
    )
    known = {state: n for state, n in states}
    return Machine(
        tuple((name, n) for name, n in models), known.get("checked", 0), known.get("draft", 0)
    )


def count_verbs(
    connection: Connection, study_id: int, sight: TrailSight, verbs: tuple[str, ...]
) -> list[tuple[str, int, str]]:
    """Count operations of these verbs that may be seen and stand: (verb, number, the last time)."""
    rows = connection.execute(
        select(operation.c.verb, func.count(), func.max(operation.c.created_at))
        .where(
            operation.c.study_id == study_id,
            operation.c.verb.in_(verbs),
            operation.c.undone_by.is_(None),
            sight.sees(operation.c),
        )
        .group_by(operation.c.verb)
        .order_by(operation.c.verb)
    )
    return [(verb, int(n), last) for verb, n, last in rows]


def count_taken_back(connection: Connection, study_id: int, sight: TrailSight) -> int:
    """Count the steps that were taken back and may be seen."""
    query = select(func.count()).where(
        operation.c.study_id == study_id,
        operation.c.undone_by.isnot(None),
        sight.sees(operation.c),
    )
    return int(connection.execute(query).scalar_one())

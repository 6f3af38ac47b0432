"""Take names that a person has replaced out of what the study keeps of a discussion.

In: names shown until now, each with the one in its place. Out: the states of operations and
imports, labels, reports, older texts' turns and the refs of respondents who were made for these
speakers, without the old names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from workbench.domain.forgotten_names import neutral_names, ref_without, without_names
from workbench.domain.speaker_names import free_name
from workbench.domain.turns import Speaker
from workbench.store.discussions.discussions import DISCUSSION
from workbench.store.surveys import surveys
from workbench.store.tables import (
    document,
    import_batch,
    operation,
    operation_target,
    respondent,
    respondent_survey,
    revision,
    segment,
)

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What stands for each name in states from now on, and the labels that lost one.

    Labels go by the identity of their operation: its trail is told their new digests.
    """

    instead: dict[str, str]
    relabelled: dict[str, str]


def forget_names(
    connection: Connection,
    study_id: int,
    document_id: int,
    before: Sequence[Speaker],
    replaced: Mapping[str, str],
) -> Forgotten:
    """Take names out of what is kept of a discussion.

    Parameters
    ----------
    before
        Who spoke there until now.
    replaced
        New names by old ones, which nobody there has any more.
    """
    if not replaced:
        return Forgotten({}, {})
    if connection.dialect.name == "sqlite":  # else what is overwritten stays in the file
        connection.exec_driver_sql("PRAGMA secure_delete=ON")
    steps = _steps(connection, study_id)
    imports = _imports(connection, study_id)
    states = [*_states(steps, document_id), *_states(imports, document_id)]
    taken = {item.name for item in before} | set(replaced.values())
    taken |= {name for state in states for name, *_ in state["speakers"]}
    instead = neutral_names(replaced, [item.name for item in before], taken)
    people = {item.respondent_id: item.name for item in before if item.name in replaced}
    people |= {
        row[2]: row[0] for state in states for row in state["speakers"] if row[0] in replaced
    }
    refs = _rename_people(connection, study_id, document_id, people, replaced)
    for step in steps:
        changed = {name: _without(step[name], document_id, instead, refs)
                   for name in ("forward", "inverse")}  # fmt: skip
        _write(connection, operation, step, changed)
    for row in imports:
        texts = row["report"].get("warnings", ())
        report = {
            **row["report"],
            "warnings": [without_names(t, {**instead, **refs}) for t in texts],
        }
        before_ = _without(row["before"], document_id, instead, refs)
        _write(connection, import_batch, row, {"before": before_} | (
            {"report": report} if texts else {}))  # fmt: skip
    _rename_turns(connection, document_id, instead)
    return Forgotten(instead, _relabel(connection, study_id, refs))


def state_without(state: State, instead: Mapping[str, str]) -> State:
    """Give a discussion's state with other names in place of these."""
    return {
        **state,
        "speakers": [[instead.get(row[0], row[0]), *row[1:]] for row in state["speakers"]],
        **(
            {"turns": [instead.get(at, at) if isinstance(at, str) else at for at in state["turns"]]}
            if "turns" in state
            else {}
        ),
    }


def _steps(connection: Connection, study_id: int) -> list[State]:
    """Read the operations on discussions that have states."""
    about = select(operation_target.c.operation_id).where(operation_target.c.kind == DISCUSSION)
    rows = connection.execute(
        select(operation.c.id, operation.c.forward, operation.c.inverse).where(
            operation.c.study_id == study_id, operation.c.id.in_(about)
        )
    )
    return [dict(row._mapping) for row in rows]


def _imports(connection: Connection, study_id: int) -> list[State]:
    """Read what imports of transcripts have noted."""
    rows = connection.execute(
        select(import_batch.c.id, import_batch.c.report, import_batch.c.before).where(
            import_batch.c.study_id == study_id, import_batch.c.kind == "transcript"
        )
    )
    return [dict(row._mapping) for row in rows]


def _states(rows: Iterable[State], document_id: int) -> list[State]:
    """Give the states of one discussion in operations and imports."""
    held = [part for row in rows for part in (row.get("forward"), row.get("inverse"),
                                              row.get("before")) if part]  # fmt: skip
    return [state for part in held for key in (DISCUSSION, "discussions")
            for state in part.get(key, ()) if state["id"] == document_id]  # fmt: skip


def _without(
    part: State | None, document_id: int, instead: Mapping[str, str], refs: Mapping[str, str]
) -> State | None:
    """Give states without these names and refs; None where there are none."""
    if not part:
        return part
    found = dict(part)
    for key in (DISCUSSION, "discussions"):
        rows = [state_without(row, instead) if row["id"] == document_id else row
                for row in part.get(key, ())]  # fmt: skip
        rows = [{**row, "made": [[at, refs.get(ref, ref)] for at, ref in row["made"]]}
                if row.get("made") else row for row in rows]  # fmt: skip
        found |= {key: rows} if rows else {}
    return found


def _write(connection: Connection, table: Any, row: State, changed: State) -> None:
    values = {name: value for name, value in changed.items() if value != row[name]}
    if values:
        connection.execute(update(table).where(table.c.id == row["id"]).values(values))


def _rename_people(
    connection: Connection,
    study_id: int,
    document_id: int,
    people: Mapping[Any, str],
    replaced: Mapping[str, str],
) -> dict[str, str]:
    """Rename respondents who were made for these speakers; those of a survey keep their refs."""
    answering = select(respondent_survey.c.respondent_id)
    rows = connection.execute(
        select(respondent.c.id, respondent.c.ref).where(
            respondent.c.study_id == study_id,
            respondent.c.id.in_([key for key in people if key is not None]),
            respondent.c.id.notin_(answering),
        )
    ).all()
    group = connection.execute(
        select(document.c.ref).where(document.c.id == document_id)
    ).scalar_one()
    found: dict[str, str] = {}
    taken: set[str]
    for row in rows:
        old = people[row.id]
        ref = ref_without(row.ref, group or "", old, replaced[old])
        if ref == row.ref:
            continue
        wanted, taken = ref, set()
        while surveys.find_people(connection, study_id, [ref]):
            taken.add(ref)
            ref = free_name(wanted, taken)
        connection.execute(update(respondent).where(respondent.c.id == row.id).values(ref=ref))
        found[row.ref] = ref
    return found


def _relabel(connection: Connection, study_id: int, refs: Mapping[str, str]) -> dict[str, str]:
    """Name respondents in the labels of operations as they are called now; give these."""
    found: dict[str, str] = {}
    for old in refs:
        rows = connection.execute(
            select(operation.c.id, operation.c.uuid, operation.c.label).where(
                operation.c.study_id == study_id, operation.c.label.contains(old, autoescape=True)
            )
        ).all()
        for row in rows:
            found[row.uuid] = label = without_names(row.label, refs)
            connection.execute(
                update(operation).where(operation.c.id == row.id).values(label=label)
            )
    return found


def _rename_turns(connection: Connection, document_id: int, instead: Mapping[str, str]) -> None:
    """Rename speakers in the turns of earlier texts, as the states have them that go with these."""
    texts = select(revision.c.id).where(revision.c.document_id == document_id)
    for old, new in instead.items():
        connection.execute(
            update(segment)
            .where(segment.c.revision_id.in_(texts), segment.c.speaker == old)
            .values(speaker=new)
        )

"""The record of imports: what each file brought, and what stood there before.

In: an import at its start and its end. Out: rows of `import_batch`, listed as a history; and
`Before`, which is all that taking an import back needs beside the keys that it wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, Table, func, insert, select, update

from workbench.errors import NotFound
from workbench.store import put_away
from workbench.store.clock import now
from workbench.store.projects.project_made import Noted
from workbench.store.tables import attribute, coder, import_batch, question, survey

Row = dict[str, Any]
PROJECT = "refi"
"""The kind of an import that brought a project of another program."""


@dataclass(slots=True)
class Before:
    """What an import changed, as it was: keys, values of attributes, states; no answers.

    `attributes` and `questions` hold those whose description the import changed, as (key, the
    columns before, the columns after). `values` are of respondents who were there before.
    `discussions` are those that were there, without their texts and turns.
    """

    survey_made: int | None = None
    attributes_made: list[int] = field(default_factory=list)
    questions_made: list[int] = field(default_factory=list)
    attributes: list[tuple[int, Row, Row]] = field(default_factory=list)
    questions: list[tuple[int, Row, Row]] = field(default_factory=list)
    questions_linked: list[int] = field(default_factory=list)
    values: list[tuple[int, int, list[str]]] = field(default_factory=list)
    absences: list[tuple[int, int, str, str, str | None]] = field(default_factory=list)
    absences_made: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    quotable: list[tuple[int, bool | None]] = field(default_factory=list)
    discussions: list[Row] = field(default_factory=list)

    def as_json(self) -> Row:
        """Give plain values for the database."""
        return asdict(self)

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> Before:
        """Read what `as_json` wrote."""
        return cls(**values)

    def note_absence_made(self, person: int, asked: int, kind: str) -> None:
        """Note that a respondent who was there before has a new absent answer."""
        self.absences_made.setdefault(str(asked), {}).setdefault(kind, []).append(person)


@dataclass(frozen=True, slots=True)
class Batch:
    """One import as the history shows it."""

    id: int
    kind: str
    survey: str
    file_name: str
    mapping: str
    report: Mapping[str, Any]
    actor: str
    created_at: str
    undone_at: str | None
    can_be_undone: bool
    takes_study: bool | None = None
    """Whether the study goes with it when it is taken back; None where the file did not make it."""

    @property
    def texts(self) -> str:
        """What it brought, in one word."""
        return "focus groups" if self.kind == "transcript" else "answers"

    @property
    def is_project(self) -> bool:
        """Whether it brought a project of another program."""
        return self.kind == PROJECT


def add_batch(
    connection: Connection,
    *,
    study_id: int,
    survey_id: int | None,
    kind: str,
    file_name: str,
    sha256: str,
    mapping: str,
    actor_id: int,
) -> int:
    """Write that a file is being imported; give the batch's key."""
    key = connection.execute(
        insert(import_batch).values(
            study_id=study_id,
            survey_id=survey_id,
            kind=kind,
            file_name=file_name,
            sha256=sha256,
            mapping=mapping,
            report={},
            created_by=actor_id,
            created_at=now(),
        )
    ).inserted_primary_key
    assert key is not None
    return int(key[0])


class Undoable(Protocol):
    """What taking an import back needs."""

    def as_json(self) -> Row:
        """Give plain values for the database."""


def finish_batch(
    connection: Connection, batch_id: int, report: Mapping[str, object], before: Undoable
) -> None:
    """Write what an import did, and what taking it back needs."""
    connection.execute(
        update(import_batch)
        .where(import_batch.c.id == batch_id)
        .values(report=dict(report), before=before.as_json())
    )


def mark_undone(connection: Connection, batch_id: int) -> None:
    """Write that an import was taken back. What it found is needed no more."""
    connection.execute(
        update(import_batch)
        .where(import_batch.c.id == batch_id)
        .values(undone_at=now(), before=None)
    )


def count_batches(connection: Connection, study_id: int) -> int:
    """Count a study's imports."""
    return int(
        connection.execute(
            select(func.count())
            .select_from(import_batch)
            .where(import_batch.c.study_id == study_id)
        ).scalar_one()
    )


def list_batches(connection: Connection, study_id: int, limit: int | None = None) -> list[Batch]:
    """List a study's imports, the newest first; only the last that stands can be undone."""
    rows = connection.execute(
        select(
            import_batch.c.id,
            import_batch.c.kind,
            survey.c.name.label("survey"),
            import_batch.c.file_name,
            import_batch.c.mapping,
            import_batch.c.report,
            coder.c.name.label("actor"),
            import_batch.c.created_at,
            import_batch.c.undone_at,
        )
        .join(coder, coder.c.id == import_batch.c.created_by)
        .outerjoin(survey, survey.c.id == import_batch.c.survey_id)
        .where(import_batch.c.study_id == study_id)
        .order_by(import_batch.c.id.desc())
        .limit(limit)
    ).all()
    last = next((row.id for row in rows if row.undone_at is None), None)
    return [
        Batch(
            row.id,
            row.kind,
            row.survey or row.report.get("survey", ""),
            row.file_name,
            row.mapping,
            row.report,
            row.actor,
            row.created_at,
            row.undone_at,
            can_be_undone=row.id == last,
            takes_study=takes_study(connection, study_id, row.report) if row.id == last else None,
        )
        for row in rows
    ]


def takes_study(connection: Connection, study_id: int, report: Mapping[str, Any]) -> bool | None:
    """Tell whether a study goes with the import that made it; None where that did not."""
    if not report.get("study_created"):
        return None
    return not put_away.is_worked_in(connection, study_id)


def last_standing(connection: Connection, study_id: int) -> Row | None:
    """Give a study's last import that was not taken back, with what it found."""
    row = connection.execute(
        select(import_batch)
        .where(import_batch.c.study_id == study_id, import_batch.c.undone_at.is_(None))
        .order_by(import_batch.c.id.desc())
        .limit(1)
    ).first()
    return dict(row._mapping) if row else None


def get_before(row: Row) -> Before:
    """Read what an import found.

    Raises
    ------
    NotFound
        When the import is from a version that did not note it.
    """
    if row["before"] is None:
        raise _not_noted(row)
    return Before.of_json(row["before"])


def get_made(row: Row) -> Noted:
    """Read what bringing in a project made.

    Raises
    ------
    NotFound
        When it was brought in by a version that did not note it.
    """
    if "rows" not in (row["before"] or {}):
        raise _not_noted(row)
    return Noted.of_json(row["before"])


def _not_noted(row: Row) -> NotFound:
    return NotFound(
        f"{row['file_name']} was imported by an older version of the workbench, which did not "
        "note what stood there before. It cannot be undone."
    )


def last_mapping(connection: Connection, study_id: int) -> str | None:
    """Give the mapping of a study's newest survey import that stands."""
    return next(iter(last_mappings(connection, study_id)), None)


def last_mappings(connection: Connection, study_id: int) -> list[str]:
    """Give the mapping of the newest import of each survey of a study, the newest first."""
    rows = connection.execute(
        select(import_batch.c.survey_id, import_batch.c.mapping)
        .where(
            import_batch.c.study_id == study_id,
            import_batch.c.kind == "survey",
            import_batch.c.undone_at.is_(None),
        )
        .order_by(import_batch.c.id.desc())
    )
    found: dict[int | None, str] = {}
    for row in rows:
        found.setdefault(row.survey_id, row.mapping)
    return list(found.values())


def descriptions(connection: Connection, study_id: int) -> tuple[dict[int, Row], dict[int, Row]]:
    """Give the columns of a study's attributes and questions by key, for comparing."""
    return _rows(connection, attribute, study_id), _rows(connection, question, study_id)


def _rows(connection: Connection, table: Table, study_id: int) -> dict[int, Row]:
    rows = connection.execute(select(table).where(table.c.study_id == study_id))
    return {row.id: {k: v for k, v in row._mapping.items() if k != "id"} for row in rows}


def changed_rows(
    before: Mapping[int, Row], after: Mapping[int, Row]
) -> tuple[list[int], list[tuple[int, Row, Row]]]:
    """Give the keys that are new, and the rows that differ with the columns that do."""
    made = [key for key in after if key not in before]
    changed = [
        (
            key,
            {name: value for name, value in before[key].items() if value != row[name]},
            {name: value for name, value in row.items() if value != before[key][name]},
        )
        for key, row in after.items()
        if key in before and before[key] != row
    ]
    return made, changed

"""Studies that are gone from every list, because the import that made them was taken back.

In: a study that a file made. Out: whether anything but imports happened in it; the study put away.
Its trail stays, under a name that leaves the old one free.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select, update

from workbench.store.clock import now
from workbench.store.studies import PUT_AWAY, change_settings, find_study, get_study
from workbench.store.tables import (
    event,
    event_head,
    import_batch,
    membership,
    metadata,
    operation,
    operation_target,
    study,
)
from workbench.store.team.people import MAX_NAME, name_key

TRAIL = (event, event_head, import_batch, membership, operation)
"""What a study has of itself, and what tells of imports."""


def is_worked_in(connection: Connection, study_id: int) -> bool:
    """Tell whether anything was done in a study but making it and imports that were taken back.

    One import may stand: the one that is to be taken back.
    """
    of_imports = select(operation_target.c.operation_id).where(
        operation_target.c.kind == "import_batch"
    )
    others = select(func.count()).where(
        operation.c.study_id == study_id,
        operation.c.verb != "create study",
        operation.c.id.notin_(of_imports),
    )
    standing = select(func.count()).where(
        import_batch.c.study_id == study_id, import_batch.c.undone_at.is_(None)
    )
    return (
        int(connection.execute(others).scalar_one()) > 0
        or int(connection.execute(standing).scalar_one()) > 1
    )


def is_bare(connection: Connection, study_id: int) -> bool:
    """Tell whether a study has nothing but its trail, in any table."""
    for table in metadata.tables.values():
        if table in TRAIL:
            continue
        for column in table.columns:
            if any(key.column is study.c.id for key in column.foreign_keys):
                found = select(column).where(column == study_id).limit(1)
                if connection.execute(found).first() is not None:
                    return False
    return True


def put_away(connection: Connection, study_id: int) -> None:
    """Take a study out of every list, and let nobody write in it. Its name is free again."""
    at = now()
    name, n = get_study(connection, study_id).name, 1
    while True:
        end = f" (taken back {at[:16].replace('T', ' ')}{f', {n}' if n > 1 else ''})"
        shown = name[: MAX_NAME - len(end)] + end
        if find_study(connection, shown) is None:
            break
        n += 1
    connection.execute(
        update(study).where(study.c.id == study_id).values(name=shown, name_key=name_key(shown))
    )
    change_settings(connection, study_id, **{PUT_AWAY: at})
    connection.execute(membership.delete().where(membership.c.study_id == study_id))

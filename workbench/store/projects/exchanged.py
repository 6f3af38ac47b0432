"""What other programs know things by, and what of their projects is kept without being understood.

In: GUIDs of a file and the keys of what they stand for here. Out: rows of `exchanged` and back.

Kinds, and what `target_id` and `content` are:

- "user" coder, "code" code, "source" document, "coding" coding, "note" memo: the GUID that a file
  has for it, where the thing has another one of its own here. `content` of a code may be
  `{"is_codable": false}`; of a note `{"also": [GUIDs of what else it is on]}`.
- "case" respondent, "variable" attribute (`{"option": value}` where it stands for one option of
  several, `{"type": type}` of REFI-QDA), "recording" recording, "transcript" document. `content` of
  a case may be `{"codes": [GUIDs], "selections": [GUIDs]}`.
- "set": question, series or survey of our own files, by its name: `{"name": name}`, no target; so
  too a "variable" that is of no attribute.
- "speaker" discussion: the case of somebody who speaks there and is no respondent
  (`{"name": name}`).
- "selection" document: words that something else refers to, or that carry memos and no code:
  `{"start", "end", "sha256" of the text, "name", "description", "user", "made_at", "notes"}`.
- "kept set", "link", "graph": a whole thing as the fields of `RefiSet` and `RefiLink`, or
  `{"xml": text}`; no target. GUIDs in it are those of the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from workbench.store.bulk import among, insert_rows
from workbench.store.tables import exchanged


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One GUID of a file, what it stands for here, and what is kept for it."""

    kind: str
    guid: str
    target_id: int | None = None
    content: Mapping[str, Any] | None = None


def list_exchanged(connection: Connection, study_id: int, *kinds: str) -> list[Exchanged]:
    """List what is kept of some kinds, or of all, in the order in which it was written."""
    query = select(exchanged).where(exchanged.c.study_id == study_id).order_by(exchanged.c.id)
    if kinds:
        query = query.where(exchanged.c.kind.in_(kinds))
    return [
        Exchanged(row.kind, row.guid, row.target_id, row.content)
        for row in connection.execute(query)
    ]


def find_exchanged(
    connection: Connection, study_id: int, guids: Iterable[str]
) -> dict[str, Exchanged]:
    """Find what these GUIDs of a file stand for."""
    wanted = set(guids)
    of_study = exchanged.c.study_id == study_id
    n_there = connection.execute(select(func.count()).where(of_study)).scalar_one()
    query = select(exchanged).where(of_study)
    if n_there > len(wanted):  # else reading all is quicker than looking each up
        query = query.where(among(connection, exchanged.c.guid, wanted))
    return {
        row.guid: Exchanged(row.kind, row.guid, row.target_id, row.content)
        for row in connection.execute(query)
        if row.guid in wanted
    }


def remember(connection: Connection, study_id: int, rows: Sequence[Exchanged]) -> list[int]:
    """Write down GUIDs of a file that are not written down yet; give the keys of what was written.

    The study's other rows are older: who writes in a study has taken its turn.
    """
    of_study = exchanged.c.study_id == study_id
    last = connection.execute(select(func.max(exchanged.c.id)).where(of_study)).scalar() or 0
    plain = [row for row in rows if row.content is None]
    insert_rows(
        connection,
        exchanged,
        ("study_id", "kind", "guid", "target_id"),
        [(study_id, row.kind, row.guid, row.target_id) for row in plain],
    )
    held = [row for row in rows if row.content is not None]
    if held:
        connection.execute(
            insert(exchanged),
            [
                {
                    "study_id": study_id,
                    "kind": row.kind,
                    "guid": row.guid,
                    "target_id": row.target_id,
                    "content": json.loads(json.dumps(row.content)),
                }
                for row in held
            ],
        )
    made = select(exchanged.c.id).where(of_study, exchanged.c.id > last)
    return list(connection.execute(made).scalars())

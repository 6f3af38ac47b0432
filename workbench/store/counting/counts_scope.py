"""What a table of themes counts in: the documents in scope, and which of them are done.

In: a filter and a layer. Out: a `Scope` whose parts the counting statements join.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Connection,
    func,
    literal,
    select,
    true,
    union_all,
)

from workbench.domain.codings import DocumentFilter
from workbench.store.documents.document_filter import (
    all_readable,
    document_conditions,
    documents_joined_for,
    has_shared_documents,
    is_done,
)
from workbench.store.tables import CONSENSUS as HELD_BY_NOBODY
from workbench.store.tables import document, document_state

ANY, CONSENSUS = "any", "consensus"


@dataclass(frozen=True, slots=True)
class Scope:
    """The documents that are counted in.

    `documents` lists them: id, respondent_id (none where several people speak),
    current_revision_id and whether they are done on this layer. `whole` is set when nothing but
    the study restricts them, `all_readable` when then every document of the study holds something
    to read. `has_shared` tells whether several people speak in some document of
    the study: they have to be looked for among its turns. `shared` lists these documents in scope,
    along an index; `conditions` on `joined` are what makes the scope.
    """

    study_id: int
    layer: str | int
    documents: CTE
    whole: bool
    all_readable: bool
    has_shared: bool
    shared: CTE
    joined: Any
    conditions: tuple[ColumnElement[bool], ...]

    def holds(self, document_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Tell whether a document is in scope."""
        if self.all_readable:
            return true()
        if not self.whole:
            return document_id.in_(select(self.documents.c.id))
        # Nearly all are: it is quicker to look among the few that hold nothing to read.
        unreadable = select(document.c.id).where(
            document.c.study_id == self.study_id, ~document.c.codable
        )
        return document_id.notin_(unreadable)

    def has_own(self, person_id: ColumnElement[int]) -> ColumnElement[bool]:
        """Tell whether a respondent has a document of their own in scope."""
        own = select(document.c.id).select_from(self.joined)
        return own.where(document.c.respondent_id == person_id, *self.conditions).exists()

    def holders(self) -> CompoundSelect[Any]:
        """List whose codings of a document are the consensus: (document, coder).

        What was settled is held by nobody; else it is the work of the only one who has finished.
        """
        here = document.c.study_id == self.study_id
        settled = select(document.c.id, literal(HELD_BY_NOBODY)).where(
            here, document.c.adjudicated_at.isnot(None)
        )
        finished = document_state.alias("finished")
        only = (
            select(finished.c.document_id, func.min(finished.c.coder_id))
            .join(document, document.c.id == finished.c.document_id)
            .where(here, document.c.adjudicated_at.is_(None), finished.c.state == "done")
            .group_by(finished.c.document_id)
            .having(func.count() == 1)
        )
        return union_all(settled, only)


def scope_of(
    connection: Connection, study_id: int, actor_id: int, layer: str | int, where: DocumentFilter
) -> Scope:
    """List the documents in scope, each with whether it is done on this layer."""
    joined = documents_joined_for(where, actor_id)
    conditions = (
        document.c.study_id == study_id,
        document.c.codable,
        *document_conditions(connection, study_id, actor_id, where),
    )
    documents = (
        select(document.c.id, document.c.respondent_id, document.c.current_revision_id)
        .select_from(joined)
        .where(*conditions)
    )
    shared = documents.where(document.c.respondent_id.is_(None))
    whole = where == DocumentFilter(layer=where.layer)
    return Scope(
        study_id,
        layer,
        documents.add_columns(is_done(layer).label("done")).cte("scope"),
        whole=whole,
        all_readable=whole and all_readable(connection, study_id),
        has_shared=has_shared_documents(connection, study_id),
        shared=shared.add_columns(is_done(layer, few=True).label("done")).cte("shared"),
        joined=joined,
        conditions=conditions,
    )

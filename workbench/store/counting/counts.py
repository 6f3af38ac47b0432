"""Theme by group: everything that a table of themes shows.

In: themes or codes, grouping attributes, a layer. Out: one row for each theme and group, zeros
included: base, respondents, mentions, documents not done.

The unit that is counted is the respondent. A respondent is in the base of a group with at least
one codable document in scope: an answer of their own, or a linked turn in a focus group.
Mentions are a person's: codings after overlapping spans of one code in one document, by any coder,
are joined. The store has marked which codings open a mention (`mentions.py`), so that one pass over
`coding_respondent` counts people and mentions together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    select,
    tuple_,
)

from workbench.domain.codings import DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.store.coding.layers import by_people
from workbench.store.counting.counts_scope import (
    ANY,
    CONSENSUS,
    Scope,
    scope_of,
)
from workbench.store.counting.hits import Groups, Hits
from workbench.store.documents.document_filter import has_shared_documents, in_group
from workbench.store.tables import (
    coding_respondent,
    respondent,
    respondent_attribute,
    segment,
)
from workbench.store.visibility import Sight, sight_of

__all__ = ["ANY", "CONSENSUS", "GroupCount", "count_themes", "totals_of"]


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One cell of a table of themes. `groups` has one value for each grouping attribute."""

    code_id: int
    groups: Groups
    base: int
    respondents: int
    mentions: int
    n_not_done: int


def count_themes(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int],
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> list[GroupCount]:
    """Count codes, each with all below it, by the values of attributes crossed.

    Parameters
    ----------
    code_ids
        The codes that make the rows.
    attribute_ids
        Attributes to group by, at most a few; none counts everybody together.
    layer
        "any", "consensus", or a coder's key.
    where
        Which documents are in scope, by default all; its groups say which respondents are.
    """
    if not code_ids:
        return []
    counting = counting_of(
        connection, study_id, actor_id,
        code_ids=code_ids, attribute_ids=attribute_ids, layer=layer, where=where,
    )  # fmt: skip
    bases = counting.bases()
    hits = counting.hits()
    cells = []
    for code_id in counting.code_ids:
        for groups, (base, n_not_done) in bases.items():
            respondents, mentions = hits.get((code_id, groups), (0, 0))
            cells.append(GroupCount(code_id, groups, base, respondents, mentions, n_not_done))
    return cells


def counting_of(
    connection: Connection,
    study_id: int,
    actor_id: int,
    *,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int],
    layer: str | int,
    where: DocumentFilter | None,
) -> Counting:
    """Prepare counting; parameters as `count_themes` takes them."""
    where = where or DocumentFilter()
    return Counting(
        connection,
        scope_of(connection, study_id, actor_id, layer, replace(where, groups=())),
        sight_of(connection, study_id, actor_id),
        _people(study_id, attribute_ids, where),
        tuple(f"g{index}" for index in range(len(attribute_ids))),
        tuple(dict.fromkeys(code_ids)),
    )


def totals_of(
    connection: Connection,
    study_id: int,
    actor_id: int,
    cells: Sequence[GroupCount],
    *,
    code_ids: Sequence[int],
    attribute_ids: Sequence[int],
    overlapping: bool,
    layer: str | int = ANY,
    where: DocumentFilter | None = None,
) -> list[GroupCount]:
    """Count everybody together, given the cells of a table by these attributes.

    Parameters
    ----------
    overlapping
        Whether a person may be in several groups. If not, the totals are sums over the groups, and
        no codings are counted again.
    """
    if overlapping:
        return count_themes(
            connection, study_id, actor_id,
            code_ids=code_ids, attribute_ids=(), layer=layer, where=where,
        )  # fmt: skip
    sums = {code_id: GroupCount(code_id, (), 0, 0, 0, 0) for code_id in code_ids}
    for cell in cells:
        before = sums[cell.code_id]
        sums[cell.code_id] = replace(
            before,
            base=before.base + cell.base,
            respondents=before.respondents + cell.respondents,
            mentions=before.mentions + cell.mentions,
            n_not_done=before.n_not_done + cell.n_not_done,
        )
    if has_shared_documents(connection, study_id):  # one discussion may be left to several groups
        counting = counting_of(
            connection, study_id, actor_id,
            code_ids=code_ids, attribute_ids=attribute_ids, layer=layer, where=where,
        )  # fmt: skip
        unread = counting.unread()
        more = len({document_id for _, document_id in unread}) - len(unread)
        sums = {key: replace(item, n_not_done=item.n_not_done + more) for key, item in sums.items()}
    return list(sums.values())


def _people(study_id: int, attribute_ids: Sequence[int], where: DocumentFilter) -> CTE:
    """List the respondents that count, with their groups; several rows for a multi-select."""
    joined: Any = respondent
    columns = []
    for index, attribute_id in enumerate(attribute_ids):
        value = respondent_attribute.alias(f"a{index}")
        joined = joined.outerjoin(
            value,
            and_(value.c.respondent_id == respondent.c.id, value.c.attribute_id == attribute_id),
        )
        columns.append(func.coalesce(value.c.value, literal(NOT_STATED)).label(f"g{index}"))
    one = [] if where.respondent_id is None else [respondent.c.id == where.respondent_id]
    return (
        select(respondent.c.id, *columns)
        .select_from(joined)
        .where(
            respondent.c.study_id == study_id,
            respondent.c.kind == "participant",
            respondent.c.withdrawn_at.is_(None),
            *(in_group(respondent.c.id, *group) for group in where.groups),
            *one,
        )
        .cte("person")
    )


@dataclass(frozen=True, slots=True)
class Counting:
    """One table being counted: what its statements have in common."""

    connection: Connection
    scope: Scope
    sight: Sight
    person: CTE
    group_names: tuple[str, ...]
    code_ids: tuple[int, ...]

    @property
    def groups(self) -> list[ColumnElement[Any]]:
        """The columns of `person` that hold the groups."""
        return [self.person.c[name] for name in self.group_names]

    def bases(self) -> dict[Groups, tuple[int, int]]:
        """Count by group: respondents with something to read, documents not done."""
        own = (
            select(
                self.scope.documents.c.respondent_id,
                func.sum(case((self.scope.documents.c.done, 0), else_=1)).label("n_not_done"),
            )
            .where(self.scope.documents.c.respondent_id.isnot(None))
            .group_by(self.scope.documents.c.respondent_id)
            .cte("own")
        )
        found = {
            groups: (n, n_not_done)
            for groups, n, n_not_done in self._rows(
                select(*self.groups, func.count(), func.coalesce(func.sum(own.c.n_not_done), 0))
                .select_from(self.person.join(own, own.c.respondent_id == self.person.c.id))
                .group_by(*self.groups)
            )
        }
        if self.scope.has_shared:
            self._add_speakers(found)
        return found if found or self.group_names else {(): (0, 0)}

    def _add_speakers(self, found: dict[Groups, tuple[int, int]]) -> None:
        """Add those who only spoke with others, and the documents in which several speak."""
        spoke = self._spoke()
        people = (
            select(*self.groups, func.count(self.person.c.id.distinct()))
            .select_from(self.person.join(spoke, spoke.c.respondent_id == self.person.c.id))
            .where(~self.scope.has_own(self.person.c.id))
            .group_by(*self.groups)
        )
        for groups, n in self._rows(people):
            base, n_not_done = found.get(groups, (0, 0))
            found[groups] = base + n, n_not_done
        for groups, _ in self.unread():
            base, n_not_done = found.get(groups, (0, 0))
            found[groups] = base, n_not_done + 1

    def unread(self) -> list[tuple[Groups, int]]:
        """List documents that are not done in which several speak, with each group of theirs."""
        spoke = self._spoke()
        statement = (
            select(*self.groups, spoke.c.id)
            .select_from(self.person.join(spoke, spoke.c.respondent_id == self.person.c.id))
            .where(~spoke.c.done)
            .distinct()
        )
        return [(groups, document_id) for groups, document_id in self._rows(statement)]

    def _spoke(self) -> CTE:
        """List who speaks in which document in scope in which several speak."""
        shared = self.scope.shared
        return (
            select(segment.c.respondent_id, shared.c.id, shared.c.done)
            .join(shared, shared.c.current_revision_id == segment.c.revision_id)
            .where(segment.c.respondent_id.isnot(None))
            .distinct()
            .cte("spoke")
        )

    def hits(self) -> dict[tuple[int, Groups], tuple[int, int]]:
        """Count by code and group: respondents, and their mentions."""
        counted = Hits(self.covered(), self.person, self.groups)
        return {
            (item.code_id, item.groups): (item.respondents, item.mentions)
            for item in counted.count(self.connection, self.code_ids)
        }

    def covered(self) -> Select[Any]:
        """Select the codings on this layer that the actor may see, with whom they cover."""
        columns = coding_respondent.c
        query = select(
            columns.coding_id,
            columns.respondent_id,
            columns.document_id,
            columns.code_id,
            self._opens().label("opens"),
        ).where(self.scope.holds(columns.document_id), self.sight.sees(columns))
        return query.where(self.on_layer(columns))

    def on_layer(self, columns: Any) -> ColumnElement[bool]:
        """Tell what is on the layer; `columns` have `document_id` and `coder_id`."""
        layer = self.scope.layer
        if isinstance(layer, int):
            held: ColumnElement[bool] = columns.coder_id == layer
            return held
        return by_people(columns) if layer == ANY else self._agreed(columns)

    def _opens(self) -> ColumnElement[int]:
        """Give 1 where a coding opens a mention on this layer."""
        columns = coding_respondent.c
        if self.scope.layer != ANY:
            return columns.opens_own
        if self.sight.hides_nothing:
            return columns.opens_any
        return case(
            (self.sight.hides_others(columns.document_id), columns.opens_own),
            else_=columns.opens_any,
        )

    def _agreed(self, columns: Any) -> ColumnElement[bool]:
        """Tell what the coders agree on: what was settled, else the only finished coder's work."""
        # One look for each coding, into one list: asking apart for either took twice as long.
        return tuple_(columns.document_id, columns.coder_id).in_(self.scope.holders())

    def _rows(self, statement: Select[Any]) -> Iterable[tuple[Any, ...]]:
        """Yield (groups, everything else ...) for each row."""
        n = len(self.group_names)
        for row in self.connection.execute(statement):
            yield (tuple(row[:n]), *row[n:])

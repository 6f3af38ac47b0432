"""Allocate: who is to code which documents, blind or openly, planned before it is done.

In: which documents, which people, and how they are shared out. Out: a plan with its numbers, and
assignments, as one operation that can be undone.

What was given out before stays: a plan adds people to documents and takes nobody away. A document
keeps the way in which it was given out first, blind or openly, so that nobody is shown by a new
plan what was to stay hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workbench.domain import allocation
from workbench.domain.allocation import Dealt, Plan
from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.documents import NOT_STATED
from workbench.domain.words import count
from workbench.errors import ConflictError, InputError, NotFound
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import blind_codes
from workbench.store.engine import Connection, Database
from workbench.store.team import people, team
from workbench.store.team.team import AssignmentRow

Way = Literal["everyone", "split", "chosen"]
"""Everybody codes all; documents are shared out; or those who are chosen get all that are meant."""

SEVERAL = " + "
"""Between the values of a respondent who belongs to several groups at once."""

ONE_GROUP = ""

Rows = dict[int, list[AssignmentRow]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How documents are to be given out.

    `coders` are keys of members who may code; for "everyone", none means all of them. `overlap` is
    the share of documents, from 0 to 1, that `readers` people code. `stratify` is the key of the
    attribute in whose groups documents are shared out evenly; `seed` makes the draw repeatable.
    """

    where: DocumentFilter = field(default_factory=DocumentFilter)
    coders: tuple[int, ...] = ()
    way: Way = "split"
    blind: bool = False
    overlap: float = 0.0
    readers: int = 2
    stratify: int | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody gets in one group: documents new to them, and those that they have already."""

    stratum: str
    coder_id: int
    coder: str
    n_new: int
    n_before: int

    @property
    def n(self) -> int:
        """All that they have then."""
        return self.n_new + self.n_before


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do. `n_documents` are those that are meant.

    `n_given` of these get somebody new; `n_kept` had somebody before. `n_several` will be coded by
    several people. `n_other_way` stay blind or open, unlike what is asked for now.
    """

    shares: tuple[Share, ...]
    n_documents: int
    n_given: int
    n_kept: int
    n_several: int
    n_other_way: int

    @property
    def strata(self) -> tuple[str, ...]:
        """The groups, by name."""
        return tuple(dict.fromkeys(item.stratum for item in self.shares))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A plan with all that its numbers are counted from."""

    documents: tuple[Dealt, ...]
    plan: Plan
    names: Mapping[int, str]
    before: Rows
    coders: tuple[int, ...]


def preview(actor: Actor, database: Database, study_id: int, wanted: Wanted) -> Preview:
    """Count what a plan would give to whom, in each group, and write nothing.

    Raises
    ------
    InputError
        When nobody is chosen, somebody who may not code is, or the shares cannot be met.
    NotFound
        When the attribute is not in the study.
    """
    with database.read() as connection:
        return _previewed(_draft(connection, actor, study_id, wanted), wanted)


def apply(actor: Actor, database: Database, study_id: int, wanted: Wanted) -> Preview:
    """Give documents out as planned; raises as `preview` does. The study's owners may.

    Raises
    ------
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        draft = _draft(connection, actor, study_id, wanted)
        at = now()
        after: Rows = {}
        for key, coders in draft.plan.items():
            kept = draft.before[key]
            blind = kept[0][1] if kept else wanted.blind
            after[key] = sorted([*kept, *((who, blind, at) for who in coders)])
        _write(
            connection, actor, study_id, "allocate",
            f"giving out {count(len(after), 'document')}", draft.before, after,
            way=wanted.way, blind=wanted.blind, seed=wanted.seed,
            overlap=wanted.overlap, readers=wanted.readers, stratify=wanted.stratify,
        )  # fmt: skip
        return _previewed(draft, wanted)


def unassign(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    coder_ids: Sequence[int],
    *,
    confirmed: bool = False,
) -> int:
    """Take documents back from people; give how many documents changed. Their codings stay.

    Parameters
    ----------
    confirmed
        The owner has been told that this shows people's blind codings to each other, where the one
        who is taken off is the last who was not done.

    Raises
    ------
    ConflictError
        When it would show somebody's blind codings, and that is not confirmed.
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        before = team.rows_of(connection, team.documents_in(connection, study_id, actor.id, where))
        gone = set(coder_ids)
        after = {
            key: [row for row in rows if row[0] not in gone]
            for key, rows in before.items()
            if any(row[0] in gone for row in rows)
        }
        if not confirmed:
            _refuse_showing(connection, after)
        _write(connection, actor, study_id, "unassign",
               f"taking back {count(len(after), 'document')}", before, after,
               coders=sorted(gone), confirmed=confirmed)  # fmt: skip
        return len(after)


def count_hidden(actor: Actor, database: Database, study_id: int, where: DocumentFilter) -> int:
    """Count the documents in which people's work is hidden from each other for now."""
    with database.read() as connection:
        keys = team.documents_in(connection, study_id, actor.id, where)
        return len(team.still_hidden(connection, keys))


def open_up(
    actor: Actor,
    database: Database,
    study_id: int,
    where: DocumentFilter,
    *,
    confirmed: bool = False,
) -> int:
    """End blind coding of documents: from now on all see each other's work there; count them.

    It cannot be undone.

    Parameters
    ----------
    confirmed
        The owner has been told that what people see cannot be unseen.

    Raises
    ------
    ConflictError
        When it is not confirmed.
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        before = team.rows_of(connection, team.documents_in(connection, study_id, actor.id, where))
        after = {
            key: [(who, False, at) for who, _, at in rows]
            for key, rows in before.items()
            if any(blind for _, blind, _ in rows)
        }
        if not confirmed:
            _refuse_showing(connection, after)
        _write(connection, actor, study_id, "open blind",
               f"ending blind coding of {count(len(after), 'document')}", before, after,
               undoable=False, confirmed=confirmed)  # fmt: skip
        return len(after)


def held_by_group(
    actor: Actor, database: Database, study_id: int, attribute_id: int
) -> dict[tuple[str, int], int]:
    """Count who has how many documents in each group of an attribute, by (group, coder's key)."""
    with database.read() as connection:
        _strata(connection, study_id, attribute_id)
        counted = team.loads_by_stratum(connection, study_id, attribute_id)
        return {(value or NOT_STATED, who): n for (value, who), n in counted.items()}


def count_mine(actor: Actor, database: Database, study_id: int) -> int:
    """Count the documents that were given to the actor."""
    with database.read() as connection:
        return team.count_of(connection, study_id, actor.id)


def _refuse_showing(connection: Connection, after: Rows) -> None:
    n = len(team.still_hidden(connection, list(after)))
    if n:
        raise ConflictError(
            f"{count(n, 'document')} of these {'is' if n == 1 else 'are'} being coded blind. "
            "This can show people's codings to each other, which cannot be unseen. Confirm it."
        )


def _draft(connection: Connection, actor: Actor, study_id: int, wanted: Wanted) -> _Draft:
    members = {
        item.coder_id: item
        for item in team.list_members(connection, study_id)
        if item.role != "viewer"
    }
    coders = tuple(wanted.coders or (members if wanted.way == "everyone" else ()))
    strangers = [key for key in coders if key not in members]
    if strangers:
        raise InputError(
            "somebody is chosen who is no member of the study, or a viewer.",
            hint="Choose members who may code.",
        )
    keys = team.documents_in(connection, study_id, actor.id, wanted.where)
    before = team.rows_of(connection, keys)
    strata = _strata(connection, study_id, wanted.stratify)
    none = NOT_STATED if wanted.stratify is not None else ONE_GROUP
    documents = tuple(
        Dealt(key, strata.get(key, none), tuple(row[0] for row in before[key])) for key in keys
    )
    if wanted.way == "split":
        plan = allocation.split(
            documents, coders, share=wanted.overlap, readers=wanted.readers, seed=wanted.seed
        )
    else:
        plan = allocation.everyone(documents, coders)
    names = {item.id: item.name for item in people.list_coders(connection, study_id)}
    return _Draft(documents, plan, names, before, coders)


def _strata(connection: Connection, study_id: int, attribute_id: int | None) -> dict[int, str]:
    if attribute_id is None:
        return {}
    known = {item.id: item for item in studies.list_attributes(connection, study_id)}
    if attribute_id not in known or known[attribute_id].identifying:
        raise NotFound("the study has no such attribute to group by.")
    return team.strata_of(connection, study_id, attribute_id, SEVERAL)


def _previewed(draft: _Draft, wanted: Wanted) -> Preview:
    new: Counter[tuple[str, int]] = Counter()
    held: Counter[tuple[str, int]] = Counter()
    n_several, n_other = 0, 0
    for item in draft.documents:
        coming = draft.plan.get(item.document_id, ())
        new.update((item.stratum, who) for who in coming)
        held.update((item.stratum, who) for who in item.held)
        n_several += len(coming) + len(item.held) > 1
        kept = draft.before[item.document_id]
        n_other += bool(coming and kept and kept[0][1] != wanted.blind)
    order = [*draft.coders, *sorted({who for _, who in held} - set(draft.coders))]
    strata = sorted({item.stratum for item in draft.documents})
    shares = tuple(
        Share(stratum, who, draft.names.get(who, ""), new[stratum, who], held[stratum, who])
        for stratum in strata
        for who in order
    )
    return Preview(
        shares,
        len(draft.documents),
        len(draft.plan),
        sum(bool(item.held) for item in draft.documents),
        n_several,
        n_other,
    )


def _write(
    connection: Connection, actor: Actor, study_id: int, verb: str, label: str,
    before: Rows, after: Rows, *, undoable: bool = True, **details: object,
) -> None:  # fmt: skip
    if not after:
        return
    team.put_rows(connection, after)
    blind_codes.publish_opened(connection, list(after))
    trail.record(
        connection,
        actor,
        study_id,
        verb,
        label=label,
        forward={"assignment": _states(after)},
        inverse={"assignment": _states({key: before[key] for key in after})} if undoable else None,
        details=details,
    )


def _states(rows: Rows) -> list[dict[str, object]]:
    return [{"document_id": key, "rows": [list(row) for row in kept]} for key, kept in rows.items()]

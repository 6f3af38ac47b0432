"""Adjudicate: settle what coders differ on, so that a document has one answer: the consensus.

In: a document that two or more people have finished, and what a person decides about each
difference. Out: codings of the consensus with who decided and when; one operation and one event
each, all of which can be undone.

A document is settled once each difference in it is decided; what is agreed on enters with it, or
for many documents at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.adjudication import Choice, Item
from workbench.domain.codings import Actor, Code, OpenDocument
from workbench.domain.spans import check_span
from workbench.domain.text import normalise
from workbench.errors import CodingError, ConflictError, NotFound
from workbench.services.team.settling import (
    items_in,
    settle_agreed,
    settle_one,
    taken_back,
)
from workbench.services.team.settling_counts import tallies
from workbench.services.trail import trail, undo
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.documents import documents
from workbench.store.engine import Connection, Database
from workbench.store.team import adjudication as store
from workbench.store.team import people
from workbench.store.team.adjudication import Decision, Finished, NewDecision
from workbench.store.trail.states import apply_states
from workbench.store.visibility import hides_document

__all__ = ["Decision", "Standing", "ToSettle", "Unsettled", "accept_agreed", "decide",
           "list_unsettled", "name_changed", "open_again", "open_document", "standing",
           "undo_last"]  # fmt: skip

PAGE = 50
"""Documents on one page of the list."""

MAX_NOTE = 5_000
"""Characters."""

Place = tuple[int, int | None, int | None]
"""Code, start and end of an item."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far settling has come, counted in documents that two or more people have done.

    `n_agreed` codings are agreed on and not in the consensus yet; `n_clear` of the open documents
    hold no difference; `n_differences` are to be decided. `changed` lists settled documents in
    which something has changed since.
    """

    n_finished: int
    n_settled: int
    n_clear: int
    n_agreed: int
    n_differences: int
    by_code: tuple[tuple[int, int], ...]
    """(code, differences to be decided), the most first."""
    changed: tuple[int, ...]

    @property
    def n_open(self) -> int:
        """Documents that are not settled yet."""
        return self.n_finished - self.n_settled


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A document in the list of those that are to be settled."""

    document_id: int
    label: str
    question: str
    n_differences: int
    n_agreed: int


@dataclass(frozen=True, slots=True)
class ToSettle:
    """A document with what its coders agree on and what they do not."""

    document: OpenDocument
    coders: tuple[Actor, ...]
    items: tuple[Item, ...]
    codes: dict[int, Code]
    decisions: tuple[Decision, ...]
    settled_at: str | None

    @property
    def n_agreed(self) -> int:
        """How many things the coders agree on."""
        return sum(item.difference == "agreed" for item in self.items)

    @property
    def differences(self) -> tuple[Item, ...]:
        """What the coders differ on, decided or not."""
        return tuple(item for item in self.items if item.difference != "agreed")


def standing(actor: Actor, database: Database, study_id: int) -> Standing:
    """Say how far settling has come, over all documents that the actor may see."""
    with database.read() as connection:
        found = store.finished(connection, study_id, actor.id)
        still_open = [item for item in found if item.settled_at is None]
        counted = tallies(database, connection, study_id, still_open)
        changed = store.changed_since_settled(connection, study_id, actor.id)
    by_code: dict[int, int] = {}
    n_agreed = n_clear = 0
    for tally in counted.values():
        n_clear += not tally.n_open
        n_agreed += tally.n_new
        for code_id, n in tally.by_code:
            by_code[code_id] = by_code.get(code_id, 0) + n
    ranked = sorted(by_code.items(), key=lambda pair: (-pair[1], pair[0]))
    return Standing(
        n_finished=len(found),
        n_settled=len(found) - len(still_open),
        n_clear=n_clear,
        n_agreed=n_agreed,
        n_differences=sum(by_code.values()),
        by_code=tuple(ranked),
        changed=tuple(changed),
    )


def list_unsettled(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    code_id: int | None = None,
    offset: int = 0,
    limit: int = PAGE,
) -> tuple[list[Unsettled], int]:
    """List a page of the documents with differences to decide, by question and respondent.

    Parameters
    ----------
    code_id
        Only those whose coders differ on this code.
    """
    with database.read() as connection:
        found = store.finished(connection, study_id, actor.id, settled=False, code_id=code_id)
        counted = tallies(database, connection, study_id, found)
        differing = [
            key
            for key, tally in counted.items()
            if any(code_id in (None, one) for one, _ in tally.by_code)
        ]
        page = []
        for key in differing[offset : offset + limit]:
            opened = documents.open_document(connection, study_id, actor.id, key, text_only=True)
            asked = opened.question or opened.question_ref
            tally = counted[key]
            page.append(Unsettled(key, opened.label, asked, tally.n_open, tally.n_agreed))
    return page, len(differing)


def name_changed(
    actor: Actor, database: Database, study_id: int, document_ids: Sequence[int]
) -> list[tuple[int, str]]:
    """Name settled documents in which something has changed since: (key, label)."""
    found = []
    with database.read() as connection:
        for key in document_ids:
            opened = documents.open_document(connection, study_id, actor.id, key, text_only=True)
            found.append((key, f"{opened.label} · {opened.question_ref}"))
    return found


def open_document(actor: Actor, database: Database, study_id: int, document_id: int) -> ToSettle:
    """Read a document with what each of those who have finished it has coded in it.

    Raises
    ------
    NotFound
        When fewer than two people have done it, or it is coded blind and not open yet.
    """
    with database.read() as connection:
        found = _finished(connection, actor, study_id, document_id)
        return ToSettle(
            document=documents.open_document(connection, study_id, actor.id, document_id),
            coders=tuple(people.get_coder(connection, key) for key in found.coders),
            items=tuple(items_in(connection, [found])[document_id]),
            codes={
                item.id: item
                for item in codebook.list_codes(connection, study_id, actor.id, with_retired=True)
            },
            decisions=tuple(store.standing(connection, document_id)),
            settled_at=found.settled_at,
        )


def decide(
    actor: Actor,
    database: Database,
    study_id: int,
    document_id: int,
    place: Place,
    *,
    take: Sequence[int] = (),
    span: tuple[int, int] | None = None,
    code_id: int | None = None,
    sha: str | None = None,
    quote: str | None = None,
    note: str = "",
) -> bool:
    """Decide one difference; tell whether the document is settled by that.

    Parameters
    ----------
    place
        Code, start and end of the item, as `open_document` gave them.
    take
        The coders whose codings enter the consensus; nobody, with no `span`: it was not there.
    span, code_id, sha, quote
        Other words instead, of the text with this hash, and another code if it is given.
    note
        Why.

    Raises
    ------
    ConflictError
        When the item is not there any more: a coder has changed their coding in the meantime.
    NotFound
        When the document or the code is not there, or not to be seen.
    CodingError
        When a coder that is named did not code there, or the words are not those of the text.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found = _finished(connection, actor, study_id, document_id)
        items = items_in(connection, [found])[document_id]
        item = _item_at(items, place)
        opened = documents.open_document(connection, study_id, actor.id, document_id)
        spans: tuple[Place, ...]
        if span is not None:
            if sha is not None and sha != opened.sha256:
                raise ConflictError("the text was edited after you opened it. Open it again.")
            edited = check_span(opened.text, *span, quote)
            chosen = codebook.get_code(connection, study_id, code_id or item.code_id, actor.id)
            spans = ((chosen.id, edited.start, edited.end),)
            choice: Choice = "edited"
        else:
            spans = _taken(item, take)
            choice = "taken" if take else "neither"
        decision = NewDecision(
            document_id, found.revision_id, item.place, choice, tuple(take), spans, _checked(note)
        )
        name = codebook.get_code(connection, study_id, item.code_id, actor.id).name
        return settle_one(
            connection, actor, study_id, found, items, decision,
            label=f"settling {name} on {opened.label}",
        )  # fmt: skip


def accept_agreed(actor: Actor, database: Database, study_id: int) -> tuple[int, int]:
    """Let everything that coders agree on enter the consensus, in all documents that are open.

    Documents without a difference are settled by that. Give how many codings entered, and how
    many documents were settled.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        found = store.finished(connection, study_id, actor.id, settled=False)
        items = items_in(connection, found)
        return settle_agreed(connection, actor, study_id, found, items)


def open_again(actor: Actor, database: Database, study_id: int, document_id: int) -> None:
    """Take back all that was decided in a document; undo brings it back.

    Raises
    ------
    NotFound
        When nothing was decided there, or it is not to be seen.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        opened = documents.open_document(
            connection, study_id, actor.id, document_id, text_only=True
        )
        stands = store.standing(connection, document_id)
        before = store.settled_state(connection, document_id)
        hidden = hides_document(connection, study_id, actor.id, document_id)
        if hidden or (not stands and before["adjudicated_at"] is None):
            raise NotFound(f"nothing was decided on {opened.label}.")
        forward, inverse = taken_back(stands, now())
        forward["settled"] = [{**before, "adjudicated_at": None, "adjudicated_by": None}]
        inverse["settled"] = [before]
        apply_states(connection, forward)
        trail.record(
            connection, actor, study_id, "open settled",
            label=f"opening {opened.label} again", document_id=document_id,
            forward=forward, inverse=inverse,
        )  # fmt: skip


def undo_last(actor: Actor, database: Database, study_id: int) -> tuple[str, int | None]:
    """Take back what the actor settled last: in words what it was, and in which document."""
    done = undo.undo(actor, database, study_id, undo.SETTLING)
    return done.label, done.document_id


def _finished(connection: Connection, actor: Actor, study_id: int, document_id: int) -> Finished:
    found = store.finished(connection, study_id, actor.id, document_ids=[document_id])
    if not found:
        raise NotFound(
            "this answer is not there to be settled: fewer than two people have done it, or it is "
            "still coded blind."
        )
    return found[0]


def _item_at(items: Sequence[Item], place: Place) -> Item:
    for item in items:
        if item.place == tuple(place):
            return item
    raise ConflictError("a coder has changed this in the meantime. Look at it as it is now.")


def _taken(item: Item, take: Sequence[int]) -> tuple[Place, ...]:
    spans: dict[Place, None] = {}
    for coder_id in take:
        mine = item.of(coder_id)
        if not mine:
            raise CodingError("a coder that is named did not apply this code here.")
        spans |= {(item.code_id, coding.start, coding.end): None for coding in mine}
    return tuple(spans)


def _checked(note: str) -> str:
    written = normalise(note).strip()
    if len(written) > MAX_NOTE:
        raise CodingError(f"a note has at most {MAX_NOTE:,} characters, not {len(written):,}.")
    return written

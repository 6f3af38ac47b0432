"""Review again: codings that were made before their code's definition changed.

In: the queue of such codings, and what a person decides on each: keep, remove or recode. Out: the
codings settled, one operation and one event for each decision, all of which can be undone.

A person goes through their own codings; the study's owner may go through everybody's that they may
see. When a coding stands unreviewed is told in `store/coding/rereview.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.domain.codebook import format_path
from workbench.domain.codebook_version import TEXTS, CodeThen, counts_as
from workbench.domain.codings import Actor
from workbench.domain.extracts import name_turns
from workbench.domain.side_by_side import Part, side_by_side
from workbench.domain.text import context
from workbench.domain.words import count
from workbench.errors import CodingError, ConflictError, NotAllowed, NotFound
from workbench.services.codebooks.rereview_counts import counts_of, settling
from workbench.services.coding.coding_steps import version_now
from workbench.services.trail import trail, undo
from workbench.services.voice_notes import drafts
from workbench.store.clock import now
from workbench.store.codebooks import codebook, versions
from workbench.store.coding import codings
from workbench.store.coding import rereview as store
from workbench.store.coding.quoting import Listener
from workbench.store.coding.rereview import Unreviewed
from workbench.store.engine import Connection, Database
from workbench.store.team import people
from workbench.store.trail.operations import States
from workbench.store.trail.states import apply_states

Choice = Literal["keep", "remove", "recode"]
CONTEXT = 240
"""Characters of the text on either side of the words."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class TextThenAndNow:
    """One text of a definition, as it was when the coding was made, and as it is.

    Both are cut into what they share and what differs. `then` is None where nobody knows it.
    """

    field: str
    then: tuple[Part, ...] | None
    now: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A coding to be looked at again, with its words and its code's definition then and now.

    `version` is the number of the codebook's version under which it was made; None where nobody
    knows. `quote` is None where it covers the whole answer, which is then in `before`.
    """

    coding: Unreviewed
    code_id: int
    code: str
    version: int | None
    before: str
    quote: str | None
    after: str
    definition: tuple[TextThenAndNow, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, and how many stand in it."""

    items: tuple[ReviewItem, ...]
    total: int


def count_unreviewed(
    actor: Actor, database: Database, study_id: int, *, everybody: bool = False
) -> dict[int, int]:
    """Count what stands unreviewed by code: one's own codings, or (for owners) everybody's.

    Raises
    ------
    NotAllowed
        When everybody's are asked for by somebody who does not own the study.
    """
    with database.read() as connection:
        whose = _whose(connection, actor, study_id, everybody)
        return dict(counts_of(database, connection, study_id, actor.id, whose))


def may_see_everybody(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether the actor may go through everybody's codings."""
    with database.read() as connection:
        return people.role_of(connection, study_id, actor.id) == "owner"


def list_queue(
    actor: Actor,
    database: Database,
    study_id: int,
    *,
    code_id: int | None = None,
    everybody: bool = False,
    offset: int = 0,
    limit: int = PAGE,
) -> Queue:
    """Give one page of the queue, by code and answer; raises as `count_unreviewed` does."""
    with database.read() as connection:
        whose = _whose(connection, actor, study_id, everybody)
        counts = counts_of(database, connection, study_id, actor.id, whose)
        wanted = counts if code_id is None else {code_id: counts.get(code_id, 0)}
        page: list[Unreviewed] = []
        for key, n in sorted(wanted.items()):
            if offset < n and len(page) < limit:
                page += store.list_unreviewed(
                    connection, study_id, actor.id, key, coder_id=whose, offset=offset,
                    limit=limit - len(page),
                )  # fmt: skip
            offset = max(0, offset - n)
        return Queue(_with_definitions(connection, study_id, page), sum(wanted.values()))


def decide(
    actor: Actor,
    database: Database,
    study_id: int,
    coding_guids: Sequence[str],
    choice: Choice,
    *,
    to_code_id: int | None = None,
) -> str:
    """Keep, remove or recode codings that stand unreviewed; say in words what was done.

    A coding that is kept counts as made under the codebook as it is now.

    Raises
    ------
    NotFound
        When one of them does not stand unreviewed any more.
    NotAllowed
        When one is somebody else's, and the actor does not own the study.
    CodingError
        When the code to recode to is not in use, or the words carry it already.
    """
    with settling(database, study_id, actor.id) as settled, database.write() as connection:
        trail.require(connection, actor, study_id)
        settled.begin(connection)
        found = store.find_unreviewed(connection, study_id, actor.id, coding_guids)
        if not coding_guids or len(found) < len(set(coding_guids)):
            raise NotFound("this coding need not be looked at any more: somebody has changed it.")
        _refuse_others(connection, actor, study_id, found)
        if choice == "keep":
            versions_had = {item.id: item.version_id for item in found}
            name = _named(connection, study_id, actor, found)
            label = _keep(connection, actor, study_id, versions_had, f"keeping {name}")
        elif choice == "remove":
            label = _remove(connection, actor, study_id, found)
        else:
            label = _recode(connection, actor, study_id, found, to_code_id)
        settled.end(connection, [(item.code_id, item.coder_id) for item in found])
        return label


def keep_all(
    actor: Actor,
    database: Database,
    study_id: int,
    code_id: int,
    *,
    expected: int,
    everybody: bool = False,
) -> str:
    """Keep everything that stands unreviewed with one code; say in words what was done.

    Parameters
    ----------
    expected
        How many there were when the person agreed.

    Raises
    ------
    ConflictError
        When there are not so many by now.
    NotAllowed
        When everybody's are meant and the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        whose = _whose(connection, actor, study_id, everybody)
        found = store.keys_unreviewed(connection, study_id, actor.id, code_id, coder_id=whose)
        if not found or len(found) != expected:
            raise ConflictError(
                f"there are {len(found):,} by now, not {expected:,}; nothing was done. Look again."
            )
        name = codebook.get_code(connection, study_id, code_id, actor.id).name
        label = f"keeping {count(len(found), 'coding')} of {name}"
        return _keep(connection, actor, study_id, found, label)


def undo_last(actor: Actor, database: Database, study_id: int) -> str:
    """Take back what the actor decided last; say in words what it was.

    Raises
    ------
    NotFound
        When there is nothing to take back.
    ConflictError
        When somebody else has changed it since.
    """
    return undo.undo(actor, database, study_id, undo.REVIEWING).label


def _keep(
    connection: Connection,
    actor: Actor,
    study_id: int,
    versions_had: dict[int, int | None],
    label: str,
) -> str:
    version = version_now(connection, study_id)
    assert version is not None  # codes are defined in versions
    store.mark_reviewed(connection, versions_had, version)
    rows = sorted(versions_had.items())
    _record(
        connection, actor, study_id, "keep reviewed", label,
        [{"id": key, "codebook_version_id": version} for key, _ in rows],
        [{"id": key, "codebook_version_id": had} for key, had in rows],
    )  # fmt: skip
    return label


def _remove(
    connection: Connection, actor: Actor, study_id: int, found: Sequence[Unreviewed]
) -> str:
    at = now()
    after: States = {"coding": [{"id": item.id, "deleted_at": at} for item in found]}
    apply_states(connection, after)
    label = f"removing {_named(connection, study_id, actor, found)}"
    _record(
        connection, actor, study_id, "remove reviewed", label, after["coding"],
        [{"id": item.id, "deleted_at": None} for item in found],
    )  # fmt: skip
    return label


def _recode(
    connection: Connection,
    actor: Actor,
    study_id: int,
    found: Sequence[Unreviewed],
    to_code_id: int | None,
) -> str:
    target = next(
        (
            item
            for item in codebook.list_codes(connection, study_id, actor.id)
            if item.id == to_code_id
        ),
        None,
    )
    if target is None:
        raise CodingError("this code is not in use (any more).", hint="Choose another.")
    drafts.require_codable_in(connection, actor, study_id, [item.document_id for item in found])
    taken: set[tuple[int, int, int | None, int | None]] = set()
    for item in found:
        if item.code_id == target.id:
            raise CodingError(f"it is coded {target.name} already.", hint="Keep it, then.")
        same = codings.same_coding(
            connection, document_id=item.document_id, code_id=target.id, coder_id=item.coder_id,
            start=item.start, end=item.end,
        )  # fmt: skip
        place = (item.coder_id, item.document_id, item.start, item.end)
        if (same is not None or place in taken) and not item.flagged:
            raise CodingError(
                f"exactly these words are coded {target.name} already.", hint="Remove this one."
            )
        taken.add(place)
    version = version_now(connection, study_id)
    changed = {"code_id": target.id, "codebook_version_id": version}
    after: States = {"coding": [{"id": item.id, **changed} for item in found]}
    apply_states(connection, after)
    label = f"recoding {_named(connection, study_id, actor, found)} to {target.name}"
    _record(
        connection, actor, study_id, "recode reviewed", label, after["coding"],
        [{"id": item.id, "code_id": item.own_code_id, "codebook_version_id": item.version_id}
         for item in found],
    )  # fmt: skip
    return label


def _record(
    connection: Connection,
    actor: Actor,
    study_id: int,
    verb: str,
    label: str,
    after: list[dict[str, Any]],
    before: list[dict[str, Any]],
) -> None:
    trail.record(
        connection, actor, study_id, verb, label=label, forward={"coding": after},
        inverse={"coding": before}, details={"codings": len(after)},
    )  # fmt: skip


def _named(connection: Connection, study_id: int, actor: Actor, found: Sequence[Unreviewed]) -> str:
    """Name codings as the end of a sentence: one by its code and answer, many by their number."""
    if len(found) > 1:
        return count(len(found), "coding")
    name = codebook.get_code(connection, study_id, found[0].code_id, actor.id).name
    return f"{name} on {found[0].label}"


def _whose(connection: Connection, actor: Actor, study_id: int, everybody: bool) -> int | None:
    if not everybody:
        return actor.id
    if people.role_of(connection, study_id, actor.id) != "owner":
        raise NotAllowed("only the study's owner may go through everybody's codings.")
    return None


def _refuse_others(
    connection: Connection, actor: Actor, study_id: int, found: Sequence[Unreviewed]
) -> None:
    other = next((item for item in found if item.coder_id != actor.id), None)
    if other is not None and people.role_of(connection, study_id, actor.id) != "owner":
        raise NotAllowed(
            f"this coding is {other.coder}'s: only they or the study's owner may decide on it."
        )


def _with_definitions(
    connection: Connection, study_id: int, page: Sequence[Unreviewed]
) -> tuple[ReviewItem, ...]:
    if not page:
        return ()
    known = versions.find_by_keys(
        connection, {item.version_id for item in page if item.version_id is not None}
    )
    codes = versions.codebook_now(connection, study_id)
    listener = Listener(connection)
    listener.prepare({item.revision_id for item in page if item.is_shared})
    found = []
    for item in page:
        made = known.get(item.version_id or 0)
        then = None
        if made is not None:
            then = made.snapshot.get(counts_as(made.snapshot, item.own_code_id))
        here = codes[item.code_id]
        before, quote, after = _words(item, listener)
        found.append(
            ReviewItem(
                item, here.id, format_path(here.path), made.number if made else None,
                before, quote, after, _then_and_now(then, here),
            )
        )  # fmt: skip
    return tuple(found)


def _words(item: Unreviewed, listener: Listener) -> tuple[str, str | None, str]:
    """Give the coded words with those around them; in a discussion with who says them."""
    if item.quote is None or item.flagged:
        return item.text, item.quote, ""
    start, end = item.start or 0, item.end or 0
    before, after = context(item.text, start, end, CONTEXT)
    if not item.is_shared:
        return before, item.quote, after
    heard = listener.hear(item.revision_id, start, end)
    around = heard.around(before, after, start, end)
    named = name_turns(item.quote, heard.places(start)[around.begun :])
    return around.before, named, around.after


def _then_and_now(then: CodeThen | None, here: CodeThen) -> tuple[TextThenAndNow, ...]:
    found = []
    for field in TEXTS:
        text = getattr(here, field)
        if then is None:
            if text:
                found.append(TextThenAndNow(field, None, (Part(text),)))
            continue
        old = getattr(then, field)
        if old or text:
            found.append(TextThenAndNow(field, *side_by_side(old, text)))
    return tuple(found)

"""Memos to read: searched, filtered and in threads, with what each is about.

In: a filter. Out: one page of threads with the counts of all; nothing is changed here. What the
actor may not see yet is neither shown nor counted nor found.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.codings import Actor
from workbench.domain.memos import Memo, MemoFilter, MemoPage, Place, Thread
from workbench.errors import InputError
from workbench.services.memos.memos import MAX_MEMO
from workbench.store.documents.document_filter import MAX_SEARCH
from workbench.store.engine import Connection, Database
from workbench.store.memos import memo_places, memo_threads
from workbench.store.memos.memo_threads import Found

__all__ = [
    "MAX_MEMO", "PAGE", "MemoFilter", "MemoPage", "Thread", "list_authors", "list_memos",
    "list_versions",
]  # fmt: skip

PAGE = 20
"""Threads on one page."""


def list_memos(
    actor: Actor,
    database: Database,
    study_id: int,
    where: MemoFilter,
    *,
    offset: int = 0,
    limit: int = PAGE,
) -> MemoPage:
    """Give one page of the threads with a memo that fits, the one written in last first.

    A thread is given whole, with the replies that do not fit, so that it can be followed.

    Raises
    ------
    InputError
        When the search is too long or a day is not written as 2022-02-14.
    """
    check_filter(where)
    with database.read() as connection:
        found = memo_threads.find_threads(connection, study_id, actor.id, where)
        offset = max(0, min(offset, (len(found) - 1) // limit * limit if found else 0))
        page = read_threads(connection, actor, study_id, found[offset : offset + limit])
    return MemoPage(tuple(page), len(found), sum(item.n_fitting for item in found), offset)


def list_authors(actor: Actor, database: Database, study_id: int) -> dict[int, str]:
    """Name the people who have written memos that the actor may see, by key."""
    with database.read() as connection:
        return memo_threads.authors_of(connection, study_id, actor.id)


def list_versions(actor: Actor, database: Database, study_id: int) -> dict[int, str]:
    """Name the versions of the codebook to write a memo on: the newest, and all with a name."""
    with database.read() as connection:
        return memo_places.versions_to_write_on(connection, study_id)


def read_threads(
    connection: Connection, actor: Actor, study_id: int, found: Sequence[Found]
) -> list[Thread]:
    """Read some threads whole, in their order."""
    keys = [item.root_id for item in found]
    written = memo_threads.memos_of(connection, study_id, actor.id, keys)
    about = {(item.target_kind, item.target_id) for item in found}
    places = memo_places.places_of(connection, study_id, actor.id, about)
    headless = [key for key in keys if all(item.id != key for item in written.get(key, ()))]
    gone = memo_threads.taken_away(connection, headless)
    return [_thread(item, written.get(item.root_id, []), places, gone) for item in found]


def check_filter(where: MemoFilter) -> None:
    """Refuse what cannot be looked for."""
    if len(where.search) > MAX_SEARCH:
        raise InputError(
            f"the search has {len(where.search):,} characters, at most {MAX_SEARCH} are looked for."
        )
    for day in (where.since, where.until):
        parts = day.split("-")
        written = len(day) == 10 and [len(part) for part in parts] == [4, 2, 2]
        if day and not (written and day.replace("-", "").isascii() and "".join(parts).isdigit()):
            raise InputError(f"{day!r} is not a day written as 2022-02-14.")


def _thread(
    item: Found,
    written: list[Memo],
    places: dict[tuple[str, int], Place],
    gone: set[int],
) -> Thread:
    about = (item.target_kind, item.target_id)
    place = places.get(about) or Place(item.target_kind, item.target_id, "not there any more")  # type: ignore[arg-type]
    root = next((memo for memo in written if memo.id == item.root_id), None)
    if root is None and item.root_id in gone:
        root = Memo(item.root_id, "", 0, "", "", "", "", taken_away=True)
    replies = tuple(memo for memo in written if memo.id != item.root_id)
    return Thread(item.root_id, place, root, replies)

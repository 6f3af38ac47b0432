"""Codings whose place does not fit the text: a project that comes back has them once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import Bench
from tests.services.projects.test_refi_import import (
    ANA,
    BEN,
    bring,
    coded,
    guid,
    opened,
    project,
    source,
    words,
)
from workbench.domain.refi import RefiCoding, RefiSelection
from workbench.services.coding import place_again
from workbench.store.tables import coding, document, revision

LOST = ("Bus", "Ana", "Nobody rang.", "flagged")


def lost(once: str, by: Any = ANA, raw: tuple[str, str] = ("900", "950")) -> Any:
    """Give a file in which a coding lies beyond the text, with new GUIDs for each export."""
    item = RefiCoding(guid(f"k {once}"), guid("bus"), by.guid)
    beyond = RefiSelection(guid(f"s {once}"), None, None, "Nobody rang.", raw=raw, codings=(item,))
    file = opened(project(replace(source(coded(f"p {once}", 4, 9)), guid=guid(f"source {once}"),
                                  text_path=f"{guid(f'source {once}')}.txt")))  # fmt: skip
    text = file.file.project.sources[0]
    text = replace(text, selections=(*text.selections, beyond))
    whole = replace(file.file.project, sources=(text,))
    return replace(file, file=replace(file.file, project=whole))


def guids_of(bench: Bench) -> list[str]:
    """Give the flagged codings of the study by GUID."""
    listed = place_again.list_flagged(bench.actor, bench.database, bench.study_id)
    return [one.guid for one in listed[0]]


def text_sha(bench: Bench) -> str:
    with bench.database.read() as connection:
        return str(connection.execute(
            select(revision.c.sha256).join(document, document.c.id == revision.c.document_id)
            .where(document.c.ref == "Note 1")
        ).scalar_one())  # fmt: skip


def test_under_new_identities_it_is_written_once(empty: Bench) -> None:
    assert bring(empty, lost("first")).codings_flagged == 1
    before = words(empty.database)
    assert LOST in before
    again = bring(empty, lost("second"))
    assert (again.codings_new, again.codings_matched, again.codings_flagged) == (0, 2, 0)
    assert words(empty.database) == before
    assert bring(empty, lost("second")).unchanged


def test_another_persons_is_another(empty: Bench) -> None:
    bring(empty, lost("first"))
    assert bring(empty, lost("second", BEN)).codings_flagged == 1
    assert bring(empty, lost("third", BEN)).codings_new == 0


@pytest.mark.parametrize("where", [(20, 26), None])
def test_once_it_is_placed_it_does_not_come_back(
    empty: Bench, where: tuple[int, int] | None
) -> None:
    """Where it was guessed to be, or elsewhere."""
    bring(empty, lost("first"))
    [key] = guids_of(empty)
    if where is None:
        place_again.accept_guess(empty.actor, empty.database, empty.study_id, key,
                                 sha=text_sha(empty))  # fmt: skip
    else:
        place_again.place(empty.actor, empty.database, empty.study_id, key,
                          start=where[0], end=where[1], sha=text_sha(empty))  # fmt: skip
    again = bring(empty, lost("second"))
    assert (again.codings_new, again.codings_matched) == (0, 2)
    assert not guids_of(empty)


def test_one_that_was_let_go_is_new_again_as_any_deleted_coding(empty: Bench) -> None:
    bring(empty, lost("first"))
    place_again.let_go(empty.actor, empty.database, empty.study_id, guids_of(empty)[0])
    assert bring(empty, lost("second")).codings_flagged == 1
    with empty.database.read() as connection:
        assert len(connection.execute(select(coding.c.id)).all()) == 3

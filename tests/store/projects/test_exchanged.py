"""GUIDs of files lead to what they stand for, in one study only."""

from __future__ import annotations

from tests.builders import Bench
from workbench.domain.refi import derived_guid
from workbench.services import study
from workbench.store.projects.exchanged import (
    Exchanged,
    find_exchanged,
    list_exchanged,
    remember,
)

CASE, LINK = derived_guid("test", "case"), derived_guid("test", "link")


def test_guids_and_what_is_kept_come_back(empty: Bench) -> None:
    other = study.create_study(empty.actor, empty.database, "Other").id
    link = Exchanged("link", LINK, None, {"name": "causes 😀", "notes": []})
    with empty.database.write() as connection:
        remember(connection, empty.study_id, [Exchanged("case", CASE, 7), link])
        remember(connection, other, [Exchanged("case", CASE, 8)])
    with empty.database.read() as connection:
        assert find_exchanged(connection, empty.study_id, [CASE, LINK]) == {
            CASE: Exchanged("case", CASE, 7),
            LINK: link,
        }
        assert list_exchanged(connection, empty.study_id, "link", "graph") == [link]
        assert find_exchanged(connection, other, [CASE]) == {CASE: Exchanged("case", CASE, 8)}

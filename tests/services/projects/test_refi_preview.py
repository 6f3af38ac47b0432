"""A preview of a project keeps nobody waiting, leaves nothing, and tells what the import tells."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.builders import Bench
from tests.services.projects.test_refi_import import bring, coded, guid, opened, project, source
from tests.services.projects.test_refi_undo import answer, at_work, rich
from workbench.domain.refi import RefiCode
from workbench.errors import NotAllowed
from workbench.services import study
from workbench.services.opening import Database
from workbench.services.projects import refi_import
from workbench.services.surveys import imports
from workbench.services.team import team


def preview(bench: Bench, file: Any, **options: Any) -> dict[str, Any]:
    told = bring(bench, file, dry_run=True, **options).as_dict()
    return {name: value for name, value in told.items() if name != "dry_run"}


@pytest.mark.parametrize("new_study", [False, True])
def test_the_preview_says_what_the_import_will_say(
    bench: Bench, everything: Any, new_study: bool
) -> None:
    at_work(bench)
    options = {"study": "Theirs", "new_study": True} if new_study else {}
    before = everything(bench.database)
    told = preview(bench, rich(), **options)
    assert everything(bench.database) == before
    done = bring(bench, rich(), **options).as_dict()
    assert told == {name: value for name, value in done.items() if name != "dry_run"}
    assert done["codings"]["new"] == 4
    again = preview(bench, rich(), **({"study": "Theirs"} if new_study else {}))
    assert again["unchanged"] and again["memos"] == {"new": 0, "matched": 3}


def test_others_work_on_while_somebody_looks_at_a_preview(bench: Bench) -> None:
    """They code the same text, make a code, sign in by a name of the file, and join."""
    ben, ana_signs_in = bench.person("Ben"), []
    quotes = iter(["She", "listened", "to me", "Then", "she"])
    file = opened(
        replace(project(answer(coded("one", 4, 12)), source(coded("two", 4, 9))),
                codes=(RefiCode(guid("bus"), "Bus"), RefiCode(guid("w"), "Waiting")))
    )  # fmt: skip

    def work(step: str) -> None:
        bench.code(bench.document("R1"), "Waiting", next(quotes), actor=ben)
        if step == "memos":
            ana = bench.person("Ana")
            ana_signs_in.append(ana.name)
            bench.code(bench.document("R1"), "Phone", "left", actor=ana)
            bench.load("format: speakout-codebook/1\nname: S\ncodes:\n  - name: Bus\n")

    with ThreadPoolExecutor(1) as others:
        report = refi_import.import_project(
            bench.actor, bench.database, bench.name, file, dry_run=True,
            on_step=lambda step: others.submit(work, step).result(timeout=15),
        )  # fmt: skip
    assert report.codings_new == 2
    assert ana_signs_in == ["Ana"]
    assert len(bench.export()) == 6
    assert "Bus" in bench.codes()


def test_nobody_joins_or_may_more_by_a_preview(bench: Bench) -> None:
    team.add_member(bench.actor, bench.database, bench.study_id, "Vi", "viewer")
    with pytest.raises(NotAllowed, match="Vi is a viewer"):
        bring(bench, project(source()), bench.person("Vi"), dry_run=True)
    zoe = bench.person("Zoe")
    bring(bench, project(source(coded("one", 4, 9))), zoe, dry_run=True)
    members = team.list_members(bench.actor, bench.database, bench.study_id)
    assert "Zoe" not in {one.name for one in members}
    assert {one.name for one in study.list_people(bench.database)} == {"Asha", "Vi", "Zoe"}
    assert len(imports.list_imports(bench.actor, bench.database, bench.study_id)) == 1


def test_no_copy_stays_beside_the_database(sqlite: Database) -> None:
    asha = study.sign_in(sqlite, "Asha")
    bench = Bench(sqlite, asha, study.create_study(asha, sqlite, "Test").id)
    assert sqlite.path is not None
    bring(bench, project(source(coded("one", 4, 9))), dry_run=True)
    assert [one.name for one in sqlite.path.parent.rglob("*.sqlite3")] == [sqlite.path.name]

"""Memo prompts: asked once, until written or put off."""

from __future__ import annotations

from sqlalchemy import insert

from tests.builders import Bench
from tests.services.memos.test_memos import place, version_key
from workbench.services.codebooks import codebook
from workbench.services.memos import memo_list, memo_prompts, memos
from workbench.store import tables


def asked(bench: Bench, actor=None) -> list[tuple[str, str]]:
    return [(item.purpose, item.label) for item in memo_prompts.prompts(*place(bench, actor))]


def name_version(bench: Bench, name: str) -> int:
    key = version_key(bench)
    with bench.database.write() as connection:
        connection.execute(
            tables.codebook_version.update()
            .where(tables.codebook_version.c.id == key)
            .values(name=name)
        )
    return key


def test_a_study_asks_each_person_who_they_are(bench: Bench) -> None:
    ben = bench.person("Ben")
    assert asked(bench) == asked(bench, ben) == [("positionality", "this study")]
    key = memos.write(*place(bench), "study", bench.study_id, "I", purpose="positionality")
    assert asked(bench) == []
    assert asked(bench, ben) == [("positionality", "this study")]
    memos.take_away(*place(bench), key)
    assert asked(bench) == [("positionality", "this study")]
    memos.undo_memo(*place(bench))
    assert asked(bench) == []


def test_an_ordinary_memo_answers_no_prompt(bench: Bench) -> None:
    memos.write(*place(bench), "study", bench.study_id, "a thought")
    assert asked(bench) == [("positionality", "this study")]


def test_a_named_version_asks_anew_and_only_the_newest(bench: Bench) -> None:
    memo_prompts.put_off(*place(bench), "positionality", bench.study_id)
    assert asked(bench) == []
    first = name_version(bench, "First reading")
    assert asked(bench) == [("reflexivity", "Version 1: First reading")]
    memos.write(*place(bench), "codebook_version", first, "I merged", purpose="reflexivity")
    assert asked(bench) == []
    codebook.add_code(*place(bench), parent_id=None, name="Trust")
    assert asked(bench) == []
    second = name_version(bench, "Second")
    assert asked(bench) == [("reflexivity", "Version 2: Second")]
    memo_prompts.put_off(*place(bench), "reflexivity", second)
    assert asked(bench) == []
    versions = memo_list.list_versions(*place(bench))
    assert list(versions.values()) == ["Version 2: Second", "Version 1: First reading"]


def test_not_now_is_one_persons_for_one_study(bench: Bench) -> None:
    ben = bench.person("Ben")
    memo_prompts.put_off(*place(bench), "positionality", bench.study_id)
    memo_prompts.put_off(*place(bench), "positionality", bench.study_id)
    assert asked(bench) == []
    assert asked(bench, ben) == [("positionality", "this study")]
    assert [item.label for item in memo_prompts.prompts(*place(bench, ben))] == ["this study"]


def test_who_may_not_write_is_not_asked(bench: Bench) -> None:
    cy = bench.person("Cy")
    with bench.database.write() as connection:
        connection.execute(insert(tables.membership).values(
            study_id=bench.study_id, coder_id=cy.id, role="viewer", created_at="2022-01-01"
        ))  # fmt: skip
    assert asked(bench, cy) == []


def test_each_prompt_has_three_questions_and_says_on_what_it_rests(bench: Bench) -> None:
    name_version(bench, "First reading")
    found = memo_prompts.prompts(*place(bench))
    assert [len(item.questions) for item in found] == [3, 3]
    assert all("Berger (2015)" in item.rests_on for item in found)

"""Refining on the Codebook page: merge, split and sort, copy from another study."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Bench
from tests.ui.pages.test_codebook import button, choose, click, codes, said
from workbench.domain.codings import Actor
from workbench.services import files, study
from workbench.services.codebooks import codebook, refine_split
from workbench.services.codebooks.refine_split import Part
from workbench.services.opening import Database

Open = Callable[..., Any]


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """A small study of Ana's with two answers coded, one of them twice."""
    made = Bench(database, ana, study.create_study(ana, database, "Test").id)
    made.ingest()
    made.load()
    for name in ("School", "Schooling"):
        made.code(made.document("R1"), name, "She listened")
    made.code(made.document("R2"), "Schooling", "Nobody")
    return made


def select(at: Any, label: str) -> Any:
    return next(item for item in (*at.selectbox, *at.multiselect) if item.label == label)


def test_a_merge_says_what_it_touches_and_what_it_did(open_page: Open, bench: Bench) -> None:
    known = bench.codes()
    codebook.edit_code(
        bench.actor,
        bench.database,
        bench.study_id,
        known["Schooling"].id,
        {"definition": "Lessons"},
    )
    at = choose(open_page("codebook", study=bench.study_id), known["Schooling"].id)
    select(at, "Into").set_value(known["School"].id)
    at.run()
    assert "Moves 2 codings by 1 coder in 2 answers." in said(at)
    assert "1 coding falls together with one on the same words by the same coder." in said(at)
    assert "Schooling, definition: Lessons" in said(at)
    field = next(item for item in at.text_area if item.label == "Definition: School")
    field.set_value("Lessons and school")
    at.run()
    at = click(at, "Merge them")
    assert not at.error
    assert "Schooling merged into School. 1 coding on the same words by the same coder is left " \
        "once. Undo takes it back." in said(at)  # fmt: skip
    assert [item.value for item in at.header] == ["School"]
    assert codes(bench.actor, bench.database, bench.study_id)["School"].definition == (
        "Lessons and school"
    )
    at = click(at, "Undo merging")
    assert "Schooling" in codes(bench.actor, bench.database, bench.study_id)


def test_a_merge_into_a_code_below_is_refused_before_it_is_asked_for(
    open_page: Open, bench: Bench
) -> None:
    known = bench.codes()
    at = choose(open_page("codebook", study=bench.study_id), known["Access"].id)
    select(at, "Into").set_value(known["Waiting"].id)
    at.run()
    assert "Waiting lies below Access, and cannot take it in." in said(at)
    assert not [item for item in at.button if item.label == "Merge them"]


def test_a_split_leads_to_sorting_and_back(open_page: Open, bench: Bench) -> None:
    at = choose(open_page("codebook", study=bench.study_id), bench.codes()["Schooling"].id)
    field = next(item for item in at.text_area if item.label == "New codes, one a line")
    field.set_value("Teachers: who teaches\nRooms")
    at = click(at, "Split it")
    assert [item.value for item in at.header] == ["Sort extracts of Schooling"]
    assert "2 extracts to sort; what you do not sort keeps this code." in said(at)
    known = codes(bench.actor, bench.database, bench.study_id)
    assert known["Teachers"].definition == "who teaches"
    at = click(at, "Back to the codebook")
    assert "Schooling is split. Undo takes it back" in said(at)
    assert "Split into Teachers, Rooms. 2 extracts of yours left to sort." in said(at)
    at = click(at, "Sort extracts")
    assert [item.value for item in at.header] == ["Sort extracts of Schooling"]


def test_too_many_new_codes_are_refused(open_page: Open, bench: Bench) -> None:
    at = choose(open_page("codebook", study=bench.study_id), bench.codes()["Phone"].id)
    field = next(item for item in at.text_area if item.label == "New codes, one a line")
    field.set_value("\n".join(f"Part {number}" for number in range(10)))
    at = click(at, "Split it")
    assert "10 new codes are more than the 9 number keys." in said(at)
    assert "Part 1" not in codes(bench.actor, bench.database, bench.study_id)


def test_others_sort_their_own_and_the_owner_everybodys(
    open_page: Open, bench: Bench, database: Database
) -> None:
    ben = bench.person("Ben")
    bench.code(bench.document("R4"), "Schooling", "kind", actor=ben)
    key = bench.codes()["Schooling"].id
    refine_split.split_code(ben, database, bench.study_id, key, [Part("Rooms")])
    at = choose(open_page("codebook", study=bench.study_id), key)
    at = click(at, "Sort extracts")
    assert "2 extracts to sort; what you do not sort keeps this code. 1 extract of other people, " \
        "too." in said(at)  # fmt: skip
    queue = refine_split.split_queue(ben, database, bench.study_id, key, whose="all")
    assert (queue.total, queue.others, queue.owns) == (1, 2, False)


def test_codes_are_copied_from_another_study(
    open_page: Open, bench: Bench, ana: Actor, database: Database
) -> None:
    other = study.create_study(ana, database, "Other")
    text = "format: speakout-codebook/1\nname: O\ncodes:\n  - name: School\n  - name: Money\n" \
        "    definition: Pounds\n"  # fmt: skip
    codebook.load_codebook(ana, database, other.id, files.read_codebook(text, "o.yaml"))
    at = open_page("codebook", study=bench.study_id)
    assert button(at, "Copy them").disabled
    theirs = {item.name: item.id for item in codebook.list_codes(ana, database, other.id)}
    select(at, "Codes, with all below them").set_value([theirs["Money"], theirs["School"]])
    at.run()
    at = click(at, "Copy them")
    assert "1 code copied from Other. 1 code here already, left alone. Undo takes it back." in said(
        at
    )
    assert codes(ana, database, bench.study_id)["Money"].definition == "Pounds"


def test_without_another_study_there_is_nothing_to_copy(open_page: Open, bench: Bench) -> None:
    at = open_page("codebook", study=bench.study_id)
    assert "You belong to no other study that has codes." in said(at)

"""The page Review again: one coding after another kept, removed, recoded; all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import Bench
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.codebooks import codebook, rereview
from workbench.services.opening import Database

OpenPage = Callable[..., Any]
HOSTILE = "<script>alert(1)</script> **bold**"


@pytest.fixture
def redefined(ana: Actor, database: Database) -> Bench:
    """Make a study in which a definition changes after Ana and Ben have coded."""
    made = study.create_study(ana, database, "Test")
    bench = Bench(database, ana, made.id)
    bench.ingest()
    bench.load()
    redefine(bench, "Phone", "Calls that nobody answers.")
    bench.code(bench.document("R1"), "Phone", "listened to me")
    bench.code(bench.document("R2"), "Phone", "rang back")
    bench.code(bench.document("R1"), "Phone", "she left", actor=bench.person("Ben"))
    redefine(bench, "Phone", f"Calls that {HOSTILE} everybody answers.")
    return bench


def redefine(bench: Bench, name: str, text: str) -> None:
    codebook.edit_code(
        bench.actor, bench.database, bench.study_id, bench.codes()[name].id, {"definition": text}
    )


def waiting(bench: Bench, *, everybody: bool = False) -> int:
    place = bench.actor, bench.database, bench.study_id
    return sum(rereview.count_unreviewed(*place, everybody=everybody).values())


def html(at: Any) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def click(at: Any, key: str) -> Any:
    at.button(key=key).click()
    at.run()
    assert not at.exception, at.exception
    return at


def links(at: Any) -> list[str]:
    return [item.proto.label for item in at.get("page_link")]


def test_each_coding_is_shown_with_its_words_and_both_definitions(
    open_page: OpenPage, redefined: Bench
) -> None:
    at = open_page("rereview", study=redefined.study_id)
    assert "Review again (2)" in links(at)
    shown = html(at)
    assert '<span class="around">She </span><mark>listened to me</mark>' in shown
    assert "1 of 2" in shown
    assert "<del>nobody</del>" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "When it was coded (version 2)" in shown


def test_keep_remove_and_undo_go_on_to_the_next(open_page: OpenPage, redefined: Bench) -> None:
    at = open_page("rereview", study=redefined.study_id)
    click(at, "review_keep")
    assert "Done: keeping Phone on R1." in html(at)
    assert "1 of 1; 1 settled in this sitting" in html(at)
    click(at, "review_undo")
    assert waiting(redefined) == 2
    click(at, "review_remove")
    click(at, "review_keep")
    assert waiting(redefined) == 0
    assert "Nothing of yours is to be reviewed. 1 coding of other people waits" in html(at)
    assert "Review again" in links(at)


def test_next_and_previous_decide_nothing(open_page: OpenPage, redefined: Bench) -> None:
    at = open_page("rereview", study=redefined.study_id)
    assert at.button(key="review_previous").disabled
    click(at, "review_next")
    assert "<mark>rang back</mark>" in html(at)
    assert at.button(key="review_next").disabled
    click(at, "review_previous")
    assert "<mark>listened to me</mark>" in html(at)
    assert waiting(redefined) == 2


def test_after_the_last_one_the_one_before_it_is_shown(
    open_page: OpenPage, redefined: Bench
) -> None:
    redefined.code(redefined.document("R4"), "School", "kind")
    redefine(redefined, "School", "Lessons.")
    at = click(click(open_page("rereview", study=redefined.study_id), "review_next"), "review_next")
    assert "3 of 3" in html(at)
    click(at, "review_keep")
    assert "2 of 2; 1 settled in this sitting" in html(at)
    assert "<mark>rang back</mark>" in html(at)


def test_recoding_asks_for_the_code(open_page: OpenPage, redefined: Bench) -> None:
    at = open_page("rereview", study=redefined.study_id)
    click(at, "review_recode")
    assert at.button(key="review_recode_now").disabled
    target = next(item for item in at.selectbox if item.label == "Recode to")
    assert "Access / Phone" not in target.options
    target.set_value(redefined.codes()["School"].id)
    at.run()
    click(at, "review_recode_now")
    assert "Done: recoding Phone on R1 to School." in html(at)
    assert waiting(redefined) == 1


def test_a_whole_code_is_kept_after_asking_with_the_number(
    open_page: OpenPage, redefined: Bench
) -> None:
    at = open_page("rereview", study=redefined.study_id)
    click(at, "review_keep_all")
    assert "Keep 2 of your codings of Access / Phone as they are" in html(at)
    assert waiting(redefined) == 2
    click(at, "review_all_now")
    assert waiting(redefined) == 0
    assert waiting(redefined, everybody=True) == 1


def test_the_owner_may_go_through_everybodys(open_page: OpenPage, redefined: Bench) -> None:
    at = open_page("rereview", study=redefined.study_id)
    (whose,) = at.segmented_control
    whose.set_value(True)
    at.run()
    assert "1 of 3" in html(at)
    assert "coded by <bdi>Ben</bdi>" in html(click(at, "review_next"))


def test_only_when_nobody_has_any_left_nothing_is_said_to_wait(
    open_page: OpenPage, redefined: Bench
) -> None:
    at = open_page("rereview", study=redefined.study_id)
    (whose,) = at.segmented_control
    whose.set_value(True)
    at.run()
    for _ in range(3):
        click(at, "review_keep")
    assert waiting(redefined, everybody=True) == 0
    assert "Nothing is to be reviewed." in html(at)


def test_an_empty_queue_says_what_would_be_here(
    open_page: OpenPage, ana: Actor, database: Database
) -> None:
    made = study.create_study(ana, database, "Test")
    at = open_page("rereview", study=made.id)
    assert "Nothing is to be reviewed. When the definition of a code changes" in html(at)
    assert "Review again" in links(at)


def test_other_pages_lead_here(open_page: OpenPage, redefined: Bench) -> None:
    told = "2 codings of yours were made before a definition changed."
    for page in ("overview", "themes"):
        assert told in html(open_page(page, study=redefined.study_id)), page
    at = open_page("codebook", study=redefined.study_id)
    tree = next(item for item in at.radio if item.label.startswith("Code ("))
    assert "before this definition changed" not in html(at)
    tree.set_value(redefined.codes()["Phone"].id)
    at.run()
    assert "2 codings of yours were made before this definition changed." in html(at)
    click(at, "to_review")
    assert at.title[0].value == "Review again"

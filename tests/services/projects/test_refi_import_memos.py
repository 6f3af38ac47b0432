"""Memos of a file stand where they belong, or stay out: blind work, deleted work, replies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.builders import Bench
from tests.services.projects.test_refi_import import (
    ANA,
    BEN,
    TEXT,
    bring,
    coded,
    guid,
    memos,
    opened,
    project,
    source,
)
from workbench.domain.codings import Actor, DocumentFilter
from workbench.domain.refi import (
    RefiCase,
    RefiCoding,
    RefiLink,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSource,
)
from workbench.services.team import allocate, team
from workbench.store.tables import code, coder, coding, memo, respondent


def note(name: str, *replies: str, user: str = BEN.guid) -> RefiNote:
    return RefiNote(guid(name), f"about {name}", user=user, notes=tuple(map(guid, replies)))


def on_coding(*, whole: bool = False, code_guid: str = "bus") -> RefiSource:
    """Give a text with a coding of Ben's that has the memo `n`, on words or on all of it."""
    item = RefiCoding(guid("k"), guid(code_guid), BEN.guid, notes=(guid("n"),))
    if whole:
        return replace(source(), codings=(item,))
    return source(replace(coded("b", 4, 9), description="a comment", codings=(item,)))


def code_blindly(bench: Bench) -> Actor:
    """Let Ana and Ben code all there is, neither knowing of the other's work; give Ben."""
    ben = bench.person("Ben")
    team.add_member(bench.actor, bench.database, bench.study_id, "Ben")
    wanted = allocate.Wanted(DocumentFilter(), (bench.actor.id, ben.id), "everyone", True)
    allocate.apply(bench.actor, bench.database, bench.study_id, wanted)
    return ben


@pytest.mark.parametrize("whole", [False, True])
def test_memos_on_blind_codings_stay_out_and_do_not_tell_whether_they_are_there(
    empty: Bench, whole: bool
) -> None:
    bring(empty, project(source()))
    ben = code_blindly(empty)
    # the second reply says nothing of who wrote it, the file's own person is who imports
    notes = (note("n", "reply"), note("reply", "deep", user=""), note("deep"))
    bens = replace(project(on_coding(whole=whole), notes=notes), user=ANA.guid)

    def told() -> Any:
        report = bring(empty, bens, dry_run=True)
        return report.memos_new, report.memos_matched, report.codings_new, report.left_out

    before = told()
    assert before[:3] == (0, 0, 0)
    bring(empty, bens, ben)
    kept = memos(empty.database)
    assert ("coding", "about n") in kept
    assert told() == before
    bring(empty, bens)
    assert memos(empty.database) == kept


def test_blind_work_is_not_told_by_its_identity_on_another_text(empty: Bench) -> None:
    bens = project(on_coding(), notes=(note("n"),))
    bring(empty, bens, study="Other", new_study=True)  # its GUIDs are taken, and kept beside others
    bring(empty, project(source()))
    ben = code_blindly(empty)
    moved = replace(bens, sources=(
        replace(on_coding(), guid=guid("joined"), name="Joined", text=f"{TEXT} Joined.",
                text_path=f"{guid('joined')}.txt"),
    ))  # fmt: skip

    def told() -> Any:
        report = bring(empty, moved, dry_run=True)
        return report.figures(), report.left_out

    before = told()
    bring(empty, bens, ben)
    assert told() == before


def test_memos_on_who_speaks_in_a_blind_discussion_stay_out(empty: Bench) -> None:
    turns = (RefiSelection(guid("t1"), 0, 19), RefiSelection(guid("t2"), 20, 32))
    speaks = RefiCase(guid("P1"), "P1", selections=(guid("t1"),), notes=(guid("n"),))
    file = project(source(*turns), cases=(speaks,), notes=(note("n"),))
    bring(empty, replace(file, notes=()))
    ben = code_blindly(empty)
    before = bring(empty, file, dry_run=True)
    assert (before.memos_new, before.memos_matched) == (0, 0)
    assert bring(empty, file, ben).memos_new == 1
    again = bring(empty, file, dry_run=True)
    assert (again.figures(), again.left_out) == (before.figures(), before.left_out)


def test_memos_on_codings_that_are_left_out_stand_with_the_text(empty: Bench) -> None:
    file = project(on_coding(code_guid="no such code"), notes=(note("n"),))
    report = bring(empty, raw(file))
    assert memos(empty.database) == [("document", "about n"), ("document", "a comment")]
    assert any(one.startswith("Memos on what was left out stand with the text, or with the study "
                              "(2)") for one in report.remarks)  # fmt: skip


def raw(file: RefiProject) -> Any:
    """Give a project as a reader might, with what no writer of ours would write."""
    read = opened(replace(file, sources=()))
    return replace(read, file=replace(read.file, project=file))


def test_memos_on_codings_of_codes_out_of_use_stand_with_the_text(empty: Bench) -> None:
    bring(empty, project())
    with empty.database.write() as connection:
        connection.execute(update(code).where(code.c.name == "Bus").values(status="retired"))
    report = bring(empty, project(on_coding(), notes=(note("n"),)))
    assert report.codings_new == 0
    assert memos(empty.database) == [("document", "about n"), ("document", "a comment")]


def test_new_memos_on_codings_that_were_deleted_here_stay_out(empty: Bench) -> None:
    file = project(on_coding(), notes=(note("n"),))
    bring(empty, file)
    with empty.database.write() as connection:
        connection.execute(update(coding).values(deleted_at="2026-01-01T00:00:00.000Z"))
    assert bring(empty, file).unchanged
    report = bring(empty, replace(file, notes=(note("n", "late"), note("late"))))
    assert report.memos_new == 0
    assert report.left_out == ["Memos on codings that were deleted here (1)."]
    assert len(memos(empty.database)) == 2


def test_replies_to_replies_stand_in_the_thread_of_the_first_memo(empty: Bench) -> None:
    notes = (note("c"), note("b", "c"), note("a", "b", "d"), note("d"))
    text = replace(source(), notes=(guid("a"),))
    bring(empty, project(text, notes=notes))
    with empty.database.read() as connection:
        rows = connection.execute(
            select(memo.c.text, memo.c.target_kind, memo.c.reply_to, memo.c.id).order_by(memo.c.id)
        ).all()
    root = rows[0].id
    assert [tuple(row[:3]) for row in rows] == [
        ("about a", "document", None), ("about b", "document", root),
        ("about c", "document", root), ("about d", "document", root),
    ]  # fmt: skip
    assert bring(empty, project(text, notes=notes)).unchanged


def test_memos_on_who_has_withdrawn_stay_out(bench: Bench) -> None:
    with bench.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1")
            .values(withdrawn_at="2026-01-01T00:00:00.000Z")
        )  # fmt: skip
    theirs = RefiCase(guid("R1"), "R1", sources=(guid("Note 1"),), notes=(guid("m"),))
    report = bring(bench, project(on_coding(), cases=(theirs,), notes=(note("n"), note("m"))))
    assert (report.documents.new, report.memos_new) == ([], 0)
    assert memos(bench.database) == []
    assert any(one.startswith("People who have withdrawn") for one in report.left_out)


@pytest.mark.parametrize("through", ["us", "another program"])
def test_memos_that_descriptions_tell_again_come_in_once_and_by_their_authors(
    empty: Bench, through: str
) -> None:
    told = "Memo:\nBen, 2024-05-03: Ask \ufffd again.\n\nAna, 2024-05-04: I did.\n\nTwice."
    item = RefiCoding(guid("k"), guid("bus"), ANA.guid)
    notes: tuple[RefiNote, ...] = ()
    links: tuple[RefiLink, ...] = ()
    if through == "us":
        item = replace(item, notes=(guid("n1"), guid("n2")))
        notes = (
            RefiNote(guid("n1"), "Ask \x07 again.", "Memo on coding", user=BEN.guid),
            RefiNote(guid("n2"), "I did.\n\nTwice.", "Memo on coding (2)", user=ANA.guid),
        )
        links = tuple(RefiLink(guid(f"l{one.guid}"), one.guid, guid("case")) for one in notes)
    text = source(replace(coded("b", 4, 9), description=told, codings=(item,)))
    case = RefiCase(guid("case"), "R7", told)
    bring(empty, project(text, notes=notes, links=links, cases=(case,)))
    with empty.database.read() as connection:
        query = select(memo.c.target_kind, coder.c.name, memo.c.text).join(
            coder, coder.c.id == memo.c.author_id
        )
        found = sorted(tuple(row) for row in connection.execute(query))
    sign = "\x07" if through == "us" else "\ufffd"
    kinds = ("coding",) if through == "us" else ("coding", "respondent")  # a memo stands once
    assert found == [
        row
        for kind in kinds
        for row in (
            (kind, "Ana", "I did.\n\nTwice."), (kind, "Ben", f"Ask {sign} again.")
        )
    ]  # fmt: skip


def test_a_memo_on_a_coding_that_comes_twice_is_on_the_one_that_was_taken(empty: Bench) -> None:
    """Of two codings of the same words one names nobody, and so is of who made the selection."""
    once = coded("one", 4, 9)
    nobodys = RefiCoding(guid("twice"), guid("bus"), "", notes=(guid("n"),))
    both = replace(once, user=ANA.guid, codings=(*once.codings, nobodys))
    file = project(source(both), notes=(RefiNote(guid("n"), "why", user=ANA.guid),))
    report = bring(empty, file)
    assert report.codings_new == 1
    with empty.database.read() as connection:
        (key,) = connection.execute(select(coding.c.id)).scalars()
        row = connection.execute(select(memo.c.target_kind, memo.c.target_id)).one()
    assert tuple(row) == ("coding", key)
    assert any("came twice were taken once (1)" in line for line in report.remarks)
    assert bring(empty, file).unchanged

"""Memo files: what is in them, what is withheld, and what is written down about it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import Bench
from tests.services.memos.test_memos import give_blind, place, respondent_of
from workbench.domain.memos import MemoFilter
from workbench.errors import ExportError, InputError
from workbench.services.memos import memo_files, memos
from workbench.store import tables
from workbench.store.trail import events


def rows(bench: Bench, actor=None, where: MemoFilter | None = None, **options) -> list[dict]:
    made = memo_files.memos_file(
        *place(bench, actor), where or MemoFilter(), format="csv", **options
    )
    return list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"), newline="")))


def words(*arguments, **options) -> set[str]:
    return {row["memo"] for row in rows(*arguments, **options)}


def test_a_file_holds_what_the_filter_finds_by_thread(bench: Bench) -> None:
    ben = bench.person("Ben")
    key = memos.write(*place(bench), "code", bench.codes()["Phone"].id, "Only landlines?")
    memos.write(*place(bench, ben), "study", 0, "=1+1", reply_to=key)
    memos.write(*place(bench), "study", bench.study_id, "who I am", purpose="positionality")
    found = rows(bench)
    assert [(row["memo"], row["on"], row["kind"], row["purpose"], row["author"], row["place"])
            for row in found] == [
        ("who I am", "The study", "study", "positionality", "Asha", "1"),
        ("Only landlines?", "Access / Phone", "code", "", "Asha", "1"),
        ("'=1+1", "Access / Phone", "code", "", "Ben", "2"),
    ]  # fmt: skip
    assert all(row["written"].endswith(" UTC") and row["changed"] == "" for row in found)
    assert words(bench, where=MemoFilter(search="landlines")) == {"Only landlines?", "'=1+1"}


def test_words_about_people_who_may_not_be_quoted_are_withheld(
    bench: Bench, tmp_path: Path
) -> None:
    person = respondent_of(bench, bench.document("R1"))
    memos.write(*place(bench), "respondent", person, "She said: never again.")
    memos.write(*place(bench), "document", bench.document("R1"), "As above.")
    memos.write(*place(bench), "document", bench.document("R2"), "Quotable.")
    with bench.database.write() as connection:
        connection.execute(tables.respondent.update()
                           .where(tables.respondent.c.id == person)
                           .values(may_be_quoted=False))  # fmt: skip
    withheld = "[withheld: may not be quoted]"
    assert words(bench) == {withheld, "Quotable."}
    assert words(bench, include_withheld=True) == {
        "She said: never again.", "As above.", "Quotable.",
    }  # fmt: skip
    made = memo_files.export_memos(*place(bench), tmp_path / "memos.md", MemoFilter())
    assert (made.n_memos, made.n_threads, made.n_unquotable) == (3, 3, 2)
    text = (tmp_path / "memos.md").read_text(encoding="utf-8")
    assert "2 memos are about people who may not be quoted, and withheld" in text
    assert "never again" not in text
    with bench.database.read() as connection:
        payloads = list(connection.execute(
            select(tables.event.c.payload).where(tables.event.c.verb == "export memos")
            .order_by(tables.event.c.id)
        ).scalars())  # fmt: skip
        events.verify_chain(connection, bench.study_id)
    assert ['"n_withheld":2' in item for item in payloads] == [True, False, True]
    assert '"n_included_though_not_to_be_quoted":2' in payloads[1]


def test_what_is_blind_is_in_no_file(bench: Bench) -> None:
    ben = bench.person("Ben")
    document = bench.document("R1")
    memos.write(*place(bench, ben), "document", document, "hidden")
    memos.write(*place(bench), "document", document, "mine")
    give_blind(bench, document, bench.actor, ben)
    assert words(bench) == {"mine"}
    assert words(bench, ben) == {"hidden"}
    for who in (bench.actor, ben):
        bench.done(document, who)
    assert words(bench) == {"mine", "hidden"}


def test_what_was_taken_away_is_in_no_file(bench: Bench) -> None:
    key = memos.write(*place(bench), "study", bench.study_id, "first")
    memos.write(*place(bench, bench.person("Ben")), "study", 0, "second", reply_to=key)
    memos.take_away(*place(bench), key)
    assert [(row["memo"], row["place"]) for row in rows(bench)] == [("second", "2")]


def test_refusals_leave_an_older_file_alone(bench: Bench, tmp_path: Path) -> None:
    old = tmp_path / "memos.odt"
    old.write_text("older")
    with pytest.raises(ExportError, match="'odt' is not a format of memos"):
        memo_files.export_memos(*place(bench), old, MemoFilter())
    with pytest.raises(InputError, match="is not a day"):
        memo_files.export_memos(*place(bench), tmp_path / "memos.csv", MemoFilter(since="today"))
    assert old.read_text() == "older"
    assert not (tmp_path / "memos.csv").exists()

"""Several groups at once: which rows of which table are about whom, and labels that they share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tests.services.discussions.test_focus_groups import place
from tests.services.discussions.test_transcript_names import people
from workbench.services import files
from workbench.services.discussions import focus_groups, people_tables, transcript_batch
from workbench.services.discussions.participants import read_people
from workbench.store.tables import respondent

GROUPS = {
    "Youth 1": "Lin (Facilitator): Hm?\nP1: I rang.\nP2: Nobody did.\nP1: Twice.\n",
    "Parents 1": "Lin (Facilitator): So?\nP1: They wrote.\nAmina K: Never.\nAmina K: Oh.\n",
}


def bring(bench: Any, folder: Path, tables: Any = (), texts: Any = GROUPS, **more: Any) -> Any:
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return transcript_batch.ingest_transcripts(
        *place(bench), [folder / f"{name}.txt" for name in texts],
        transcript_batch.Options(**more), people=tables,
    )  # fmt: skip


def table(text: str, name: str = "people.csv") -> Any:
    return read_people(files.read_table(text.encode(), name))


def linked(bench: Any) -> dict[str, dict[str, str | None]]:
    """Give the respondents of each group's participants, by the name that is shown."""
    found = {}
    for group in focus_groups.list_focus_groups(*place(bench)):
        plans = focus_groups.load_discussion(*place(bench), group.id).plans
        found[group.name] = {
            plan.name: plan.respondent for plan in plans if plan.role == "participant"
        }
    return found


def call(bench: Any, **refs: str) -> None:
    """Give respondents of the survey other ids."""
    with bench.database.write() as connection:
        for old, new in refs.items():
            connection.execute(update(respondent).where(respondent.c.ref == old).values(ref=new))


def test_a_label_of_several_groups_is_nobody_of_the_study(bench: Any, tmp_path: Path) -> None:
    call(bench, R1="P1", R2="P2")
    report = bring(bench, tmp_path)
    assert linked(bench) == {
        "Parents 1": {"P1": "Parents 1 P1", "Participant 1": "Parents 1 Participant 1"},
        "Youth 1": {"P1": "Youth 1 P1", "P2": "P2"},
    }
    (shared,) = (item for item in report.groups[0].proposal.speakers if item.plan.name == "P1")
    assert shared.why == ("Other groups have this label, too: for one person, give one respondent.")


def test_so_is_one_of_a_group_that_is_there_already(bench: Any, tmp_path: Path) -> None:
    call(bench, R1="P1")
    for name, text in GROUPS.items():
        bring(bench, tmp_path, texts={name: text})
    assert [who["P1"] for who in linked(bench).values()] == ["Parents 1 P1", "P1"]


def test_who_has_withdrawn_is_told_of_all_the_same(bench: Any, tmp_path: Path) -> None:
    call(bench, R1="P1")
    with bench.database.write() as connection:
        connection.execute(update(respondent).where(respondent.c.ref == "P1").values(
            withdrawn_at="2024-01-01"))  # fmt: skip
    assert [item.message for item in bring(bench, tmp_path).refused] == [
        "the respondent P1 has withdrawn, and their words must not come back. Take their words out "
        "of the file."
    ] * 2


@pytest.mark.parametrize(
    ("column", "cells", "n"),
    [
        ("focus group", ("Youth 1", "PARENTS 1"), 1),
        ("file", ("Youth 1.txt", "parents_1.txt"), 1),
        ("session", ("youth1", "Parents 01"), 1),
        ("Group", ("Youth 1", "Parents 1"), 1),
        ("held with", ("Youth 1", "Parents 1"), 2),  # it stays an attribute, too
    ],
)
def test_one_table_tells_each_group_its_rows(
    bench: Any, tmp_path: Path, column: str, cells: Any, n: int
) -> None:
    rows = f"{column},speaker,respondent,town\n{cells[0]},P1,R1,Leeds\n{cells[1]},P1,R2,York\n"
    report = bring(bench, tmp_path, [table(rows)])
    assert [who["P1"] for who in linked(bench).values()] == ["R2", "R1"]
    assert report.bad_rows == []
    assert [item.report.values_changed for item in report.groups] == [n, n]


def test_several_tables_each_of_a_group_by_its_name(bench: Any, tmp_path: Path) -> None:
    tables = [table("speaker,respondent\nP1,R1\nZed,R7\n", "Youth 1 participants.csv"),
              table("speaker,respondent\nP1,R2\nP1,R3\n", "Participants_Parents-1.csv"),
              ]  # fmt: skip
    report = bring(bench, tmp_path, tables)
    assert [who["P1"] for who in linked(bench).values()] == ["R2", "R1"]
    found = people_tables.of_tables(report.people, report.bad_rows)
    assert {name: [(bad.row, bad.message) for bad in rows] for name, rows in found.items()} == {
        "Youth 1 participants.csv": [
            (3, "'Zed' is nobody who speaks there. Write the name as the file has it.")
        ],
        "Participants_Parents-1.csv": [
            (3, "the row is about the same speaker as row 2 of Participants_Parents-1.csv, and was "
             "left out.")
        ],
    }  # fmt: skip
    (known,) = (who for who in report.groups[0].proposal.speakers if who.plan.respondent == "R1")
    assert known.why == "As Youth 1 participants.csv has it."


def test_a_row_about_a_shared_label_says_which_group_it_means_or_all(
    bench: Any, tmp_path: Path
) -> None:
    report = bring(bench, tmp_path, people("speaker,respondent\nP1,R1\nP2,R2\n"), dry_run=True)
    assert [(bad.row, bad.message) for bad in report.bad_rows] == [
        (2, "'P1' speaks in several of these groups. Say in which in a column focus group, with "
         "all for one person in each of them."),
    ]  # fmt: skip
    bring(bench, tmp_path, people("speaker,respondent,focus group\nP1,R1,all\nP2,R2,\n"))
    assert linked(bench) == {
        "Parents 1": {"P1": "R1", "Participant 1": "Parents 1 Participant 1"},
        "Youth 1": {"P1": "R1", "P2": "R2"},
    }


def test_a_column_of_towns_stays_an_attribute(bench: Any, tmp_path: Path) -> None:
    rows = "speaker,respondent,group,town\nP1,R1,Carers,Leeds\n"
    texts = {"Leeds": "P1: Hm.\nP2: Ha.\n"}
    bring(bench, tmp_path, [table(rows)], texts)
    assert linked(bench)["Leeds"]["P1"] == "R1"

"""Interactions of focus groups: one, many, their codings, and files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, insert

from pipelines.ingest.discussions.speech_files import read_speech
from workbench.errors import ExportError, NotFound
from workbench.services.discussions import focus_groups, interactions, interactions_files
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.store.tables import assignment

TALK = """Lin: Who did you ask first?
P1: I rang the school.
P2: Nobody rang me back.
P1: Same here, twice.
Lin: And then?
P3: We left.
"""
PLANS = (
    SpeakerPlan("Facilitator", ("Lin",), "facilitator"),
    SpeakerPlan("P1", ("P1",), respondent="R1"),
    SpeakerPlan("P2", ("P2",)),
    SpeakerPlan("=P3 <b>", ("P3",)),
)


def hold(bench: Any, name: str = "FG1", series: str = "Parents", text: str = TALK) -> int:
    """Bring a group in."""
    report = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, read_speech(text.encode(), "fg.txt"),
        PLANS, name=name, series=series, held_on="2024-03-01",
    )  # fmt: skip
    return report.document_id


def place(bench: Any, actor: Any = None) -> Any:
    return actor or bench.actor, bench.database, bench.study_id


def test_one_group_is_told_with_what_is_coded_in_it(bench: Any) -> None:
    key = hold(bench)
    bench.code(key, "Waiting", "school.\n\nNobody rang me back.\n\nSame")
    bench.code(key, "Waiting", "Who did you ask first?\n\nI rang")
    bench.code(key, "School", "We left.")
    bench.code(key, "Phone", None)  # of the whole document: joins everybody, so nobody
    found = interactions.talk_of_group(*place(bench), key)
    values = found.as_dict()
    assert (values["group"], values["turns"], values["participants"]) == ("FG1", 6, 3)
    assert (values["after_participants"], values["after_facilitator"]) == (2, 2)
    assert {"speaker": "P1", "next": "P2", "times": 1} in values["followed"]
    assert [(item["code"], item["mentions"], item["exchanges"], item["with_facilitator"],
             item["joined"]) for item in values["codes"]] == [
        ("Access / Waiting", 2, 1, 1, [{"speakers": ["P1", "P2"], "times": 1}]),
        ("School", 1, 0, 0, []),
    ]  # fmt: skip
    skipped = interactions.talk_of_group(*place(bench), key, skip_facilitators=True)
    assert ("P1", "=P3 <b>") in skipped.found.followed
    with pytest.raises(NotFound, match="no focus group number"):
        interactions.talk_of_group(*place(bench), bench.document("R1"))


def test_what_is_coded_blindly_is_told_to_its_coder_alone(bench: Any) -> None:
    key, ben = hold(bench), bench.person("Ben")
    both = "school.\n\nNobody rang me back."
    bench.code(key, "Waiting", both, actor=ben)
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            given = {"document_id": key, "coder_id": actor.id, "blind": True}
            connection.execute(insert(assignment).values(**given, created_at="2024-01-01"))
    mine = interactions.talk_of_group(*place(bench), key)
    assert (mine.codes, mine.is_blind) == ((), True)
    assert interactions.talk_across(*place(bench)).codes == ()
    assert "Waiting" not in interactions_files.talk_file(mine, format="csv").decode("utf-8-sig")
    assert len(interactions.talk_of_group(*place(bench, ben), key).codes) == 1
    (listed,) = interactions.list_discussions(*place(bench))
    assert (listed.progress.own, listed.progress.n_begun) == ("untouched", 1)
    for actor in (bench.actor, ben):
        bench.done(key, actor)
    opened = interactions.talk_of_group(*place(bench), key)
    assert (len(opened.codes), opened.is_blind) == (1, False)
    (listed,) = interactions.list_discussions(*place(bench))
    assert (listed.progress.own, listed.progress.n_done) == ("done", 2)


def test_groups_are_told_together_and_by_series(bench: Any) -> None:
    keys = [hold(bench), hold(bench, "FG2"), hold(bench, "FG3", "Young people", "P1: I am here.")]
    for key in keys[:2]:
        bench.code(key, "Waiting", "school.\n\nNobody")
    found = interactions.talk_across(*place(bench))
    assert [(item.series, item.n_groups, item.n_words) for item in found.series] == [
        ("Parents", 2, 40), ("Young people", 1, 3),
    ]  # fmt: skip
    assert found.series[0].share_among == 0.5
    assert found.series[1].share_among is None
    (code,) = found.codes
    assert (code.n_groups, code.found.n_exchanges, code.found.joined) == (2, 2, ())
    one = interactions.talk_across(*place(bench), series="Young people")
    assert [item.group.name for item in one.groups] == ["FG3"]
    assert interactions.find_discussion(*place(bench), "FG2") == keys[1]
    with pytest.raises(NotFound, match=r"no focus group 'FG9'\. Its groups: FG1, FG2, FG3"):
        interactions.find_discussion(*place(bench), "FG9")


def test_any_number_of_groups_takes_a_few_statements(bench: Any) -> None:
    def statements() -> int:
        asked: list[str] = []

        def note(*arguments: Any) -> None:
            asked.append(arguments[2])

        event.listen(bench.database.engine, "before_cursor_execute", note)
        interactions.talk_across(*place(bench))
        interactions.list_discussions(*place(bench))
        event.remove(bench.database.engine, "before_cursor_execute", note)
        return len(asked)

    hold(bench)
    one = statements()
    for n in range(2, 8):
        hold(bench, f"FG{n}")
    assert statements() == one


def test_files_hold_the_figures_and_no_formula(bench: Any, tmp_path: Any) -> None:
    key = hold(bench)
    bench.code(key, "Waiting", "school.\n\nNobody rang me back.")
    one = interactions.talk_of_group(*place(bench), key)
    written = interactions_files.talk_file(one, format="csv").decode("utf-8-sig")
    rows = {row["speaker"]: row for row in csv.DictReader(io.StringIO(written))}
    assert (rows["P1"]["words"], rows["P1"]["turns"], rows["P1"]["minutes"]) == ("7", "2", "")
    assert "'=P3 <b>" in rows
    book = load_workbook(io.BytesIO(interactions_files.talk_file(one, format="xlsx")))
    assert book.sheetnames == ["Speakers", "Who after whom", "Codes in exchanges", "About"]
    assert [cell.value for cell in book["Codes in exchanges"][2]][3:] == [1, 0, "P1, P2"]
    about = "\n".join(str(row[1].value) for row in book["About"])
    assert "Gini 1912" in about and "Kitzinger (1994)" in about
    every = interactions.talk_across(*place(bench))
    interactions_files.export_talk(every, tmp_path / "all.xlsx")
    assert load_workbook(tmp_path / "all.xlsx").sheetnames[:2] == ["Groups", "Series"]
    with pytest.raises(ExportError, match=r"Name a file ending in \.csv or \.xlsx"):
        interactions_files.export_talk(one, tmp_path / "all.pdf")
    assert "rang" not in written


def test_pictures_come_as_files_and_not_of_nothing(bench: Any) -> None:
    found = interactions.talk_of_group(*place(bench), hold(bench))
    svg = interactions_files.picture_file(found, "timeline", format="svg").decode()
    assert "Who speaks when in FG1" in svg and "<b>" not in svg
    assert interactions_files.picture_file(found, "followed", format="png").startswith(b"\x89PNG")


def test_who_stands_for_several_or_nobody_known_takes_no_part(bench: Any) -> None:
    hm = "Unknown Speaker: Hm.\n"
    words = f"P1: One two.\nAll: Yes yes.\nP2: Three four.\n{hm}P1: Five.\n{hm}"
    plans = [SpeakerPlan(name, (name,)) for name in ("P1", "All", "P2", "Unknown Speaker")]
    key = focus_groups.ingest_transcript(
        *place(bench), read_speech(words.encode(), "x.txt"), plans, name="FG9"
    ).document_id
    found = interactions.talk_of_group(*place(bench), key).found
    assert [item.name for item in found.participants] == ["P1", "P2"]
    assert (dict(found.followed), found.nobody and found.nobody.n_turns) == ({}, 3)
    focus_groups.settle_speakers(
        *place(bench), key, [SpeakerPlan("All", ("All",), respondent="R1")]
    )
    assert len(interactions.talk_of_group(*place(bench), key).found.participants) == 3

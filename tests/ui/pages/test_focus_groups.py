"""The page Focus groups: the list, one group's figures and speakers, all groups in figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from pipelines.ingest.discussions.speech_files import read_speech
from tests.builders import Bench
from tests.conftest import empty_bench
from tests.ui.pages.test_import_survey import edit, editor
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.opening import Database
from workbench.store.tables import assignment

Open = Callable[..., Any]

EVIL = "<script>alert(1)</script> **b** \u202e"
TALK = """Lin: Who did you ask first?
P1: I rang the school.
P2: Nobody rang me back.
P1: Same here, twice.
Lin: And then?
P2: We left.
"""


@pytest.fixture
def bench(ana: Actor, database: Database) -> Bench:
    """A study of Ana's with respondents and a codebook, and no focus group."""
    made = empty_bench(database)
    bench = Bench(database, ana, made.study_id)
    bench.ingest()
    bench.load()
    return bench


def hold(bench: Bench, name: str, series: str = "") -> int:
    """Bring a group in."""
    plans = [SpeakerPlan("Facilitator", ("Lin",), "facilitator"),
             SpeakerPlan("P1", ("P1",), respondent="R1"), SpeakerPlan(EVIL, ("P2",))]  # fmt: skip
    return focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, read_speech(TALK.encode(), "fg.txt"), plans,
        name=name, series=series, held_on="2024-03-01",
    ).document_id  # fmt: skip


def words(at: Any) -> str:
    shown = [item.proto.body for item in at.get("html")]
    shown += [item.value for item in at.markdown]
    return "\n".join([*shown, *(item.value for item in at.header)])


def press(at: Any, label: str) -> Any:
    return next(item for item in at.button if item.label == label).click().run()


def test_without_groups_it_leads_to_the_import(open_page: Open, bench: Bench) -> None:
    at = open_page("focus_groups")
    assert not at.exception
    assert "There is no focus group yet." in words(at)
    assert "Import a transcript" in [item.label for item in at.button]


def test_groups_are_listed_and_one_is_opened_and_closed(open_page: Open, bench: Bench) -> None:
    hold(bench, "<i>FG2</i>", "<b>Parents</b>")
    key = hold(bench, "FG1")
    bench.code(key, "Waiting", "school.\n\nNobody rang me back.")
    at = open_page("focus_groups")
    assert not at.exception
    assert "**2 focus groups**" in words(at)
    assert "&lt;b&gt;Parents&lt;/b&gt;" in words(at) and "1 Mar 2024" in words(at)
    at = press(at, "FG1")
    assert not at.exception
    shown = words(at)
    assert "2 participants say 13 words in 4 turns" in shown.replace("\\", "")
    assert "facilitator</span>" in shown and "Who speaks after whom" in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert "Access / Waiting" in shown
    assert at.query_params["group"] == str(key)
    assert at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")
    labels = [item.label for item in at.get("download_button")]
    assert labels == ["Picture as PNG", "Picture as SVG", "Figures as CSV", "Figures as XLSX"]
    at = press(at, "All focus groups")
    assert "**2 focus groups**" in words(at)


def test_facilitators_are_looked_through_when_asked(open_page: Open, bench: Bench) -> None:
    hold(bench, "FG1")
    at = press(open_page("focus_groups"), "FG1")
    assert 'scope="col"><bdi>Facilitator' in words(at)
    at.checkbox[0].check().run()
    assert not at.exception
    assert 'scope="col"><bdi>Facilitator' not in words(at)


def test_the_map_is_drawn_as_a_picture_only_when_asked(open_page: Open, bench: Bench) -> None:
    hold(bench, "FG1")
    at = press(open_page("focus_groups"), "FG1")
    pictures = [item.key for item in at.get("download_button") if item.label.startswith("Pict")]
    assert not any("followed" in key for key in pictures)
    next(item for item in at.checkbox if "picture" in item.label).check().run()
    assert not at.exception
    assert [item.label for item in at.get("download_button")].count("Picture as PNG") == 2


def test_transcripts_come_in_from_the_list_too(open_page: Open, bench: Bench) -> None:
    hold(bench, "FG1")
    at = press(open_page("focus_groups"), "Import transcripts")
    assert not at.exception
    assert at.segmented_control(key="import_what").value == "Focus groups"


def test_all_groups_are_told_in_figures_and_blind_codings_are_not(
    open_page: Open, bench: Bench
) -> None:
    key = hold(bench, "FG1", "Parents")
    hold(bench, "FG2", "Young people")
    ben = study.sign_in(bench.database, "Ben")
    bench.code(key, "Waiting", "school.\n\nNobody rang me back.", actor=ben)
    with bench.database.write() as connection:
        for actor in (bench.actor, ben):
            given = {"document_id": key, "coder_id": actor.id, "blind": True}
            connection.execute(insert(assignment).values(**given, created_at="2024-01-01"))
    at = open_page("focus_groups")
    at.segmented_control[0].set_value("figures").run()
    assert not at.exception
    shown = words(at)
    assert "Figures by series" in shown and "Inequality, median" in shown
    assert "Waiting" not in shown
    assert "Of groups that are coded blindly, only your own codings are counted." in shown


def settling(open_page: Open) -> Any:
    """Open the only group at its speakers."""
    at = press(open_page("focus_groups"), "FG1")
    at.segmented_control[0].set_value("speakers").run()
    assert not at.exception
    return at


def plans(bench: Bench, key: int) -> list[tuple[str, str, str | None]]:
    found = focus_groups.load_discussion(bench.actor, bench.database, bench.study_id, key)
    return [(item.name, item.role, item.respondent) for item in found.plans]


def test_speakers_are_settled_after_the_import_and_it_is_taken_back(
    open_page: Open, bench: Bench
) -> None:
    key = hold(bench, "FG1")
    at = settling(open_page)
    before = plans(bench, key)
    assert editor(at).value["shown"].to_list() == ["Facilitator", "P1", " ".join(EVIL.split())]
    assert next(item for item in at.button if item.label == "Save the speakers").disabled
    at = edit(at, 1, shown="Mum 1")
    at = edit(at, 2, shown="Mum 2", respondent="NEW1")
    assert "new respondent" in editor(at).value["told"][2].casefold()
    assert plans(bench, key) == before
    assert "brings back a name such as Speaker 3." in words(at)
    at = press(at, "Save the speakers")
    assert plans(bench, key)[1:] == [("Mum 1", "participant", "R1"),
                                     ("Mum 2", "participant", "NEW1")]  # fmt: skip
    assert editor(at).value["given"].to_list() == ["Facilitator", "Mum 1", "Mum 2"]
    assert next(item for item in at.button if item.label == "Save the speakers").disabled
    at = press(at, "Undo: the speakers of FG1")
    assert plans(bench, key) == [*before[:2], ("Speaker 3", *before[2][1:])]
    at = press(at, "Redo: the speakers of FG1")
    at = edit(at, 2, shown="Mum 1")
    assert "One person with Mum 1" in editor(at).value["told"][2]
    press(at, "Save the speakers")
    assert plans(bench, key)[1:] == [("Mum 1", "participant", "R1")]


def test_who_is_not_known_has_the_same_turns_and_words_in_table_and_figures(
    open_page: Open, bench: Bench
) -> None:
    asked = "Unknown Speaker: Can I add something?\nP2: Do.\nUnknown Speaker: Yes, please.\n"
    talk = TALK + asked
    plans = [SpeakerPlan(name, (name,)) for name in ("Lin", "P1", "P2", "Unknown Speaker")]
    focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, read_speech(talk.encode(), "fg.txt"), plans,
        name="FG1",
    )  # fmt: skip
    at = press(open_page("focus_groups"), "FG1")
    assert "<em>Nobody named</em></th><td>2</td><td>6</td>" in words(at)
    table = editor(settling(open_page)).value.set_index("given")
    assert table.loc["Unknown Speaker", ["turns", "words"]].to_list() == [2, 6]
    assert table.loc["P2", ["turns", "words"]].to_list() == [3, 7]


def test_what_contradicts_itself_is_said_and_not_saved(open_page: Open, bench: Bench) -> None:
    key = hold(bench, "FG1")
    before = plans(bench, key)
    at = edit(settling(open_page), 1, shown=" ")
    assert "P1: give the name that is to be shown." in words(at)
    assert next(item for item in at.button if item.label == "Save the speakers").disabled
    assert plans(bench, key) == before


def test_name_series_and_day_are_changed_and_a_taken_name_is_refused(
    open_page: Open, bench: Bench
) -> None:
    hold(bench, "FG1")
    at = settling(open_page)
    for label, value in (("Name", "Leeds"), ("Series", "Parents")):
        next(item for item in at.text_input if item.label == label).set_value(value)
    at.date_input[0].set_value(None)
    at = press(at, "Save")
    assert not at.exception
    (group,) = focus_groups.list_focus_groups(bench.actor, bench.database, bench.study_id)
    assert (group.name, group.series, group.held_on) == ("Leeds", "Parents", "")
    hold(bench, "Other")
    next(item for item in at.text_input if item.label == "Name").set_value("Other")
    at = press(at, "Save")
    assert "Another document of the study is called" in at.error[0].value


def test_a_form_that_is_behind_takes_nobody_elses_name_or_series_back(
    open_page: Open, bench: Bench
) -> None:
    key = hold(bench, "FG1")
    ben, at = bench.person("Ben"), settling(open_page)
    place = (bench.database, bench.study_id)
    focus_groups.settle_speakers(ben, *place, key, name="Leeds", series="Parents")
    next(item for item in at.text_input if item.label == "Series").set_value("Mine")
    at = press(at, "Save")
    assert not at.exception
    assert "Somebody has changed the name, series or day of Leeds" in at.error[0].value
    (group,) = focus_groups.list_focus_groups(bench.actor, *place)
    assert (group.name, group.series) == ("Leeds", "Parents")
    shown = {item.label: item.value for item in at.text_input}
    assert (shown["Name"], shown["Series"]) == ("Leeds", "Parents")
    next(item for item in at.text_input if item.label == "Series").set_value("Mine")
    at = press(at, "Save")
    assert not at.error
    (group,) = focus_groups.list_focus_groups(bench.actor, *place)
    assert (group.name, group.series, group.held_on) == ("Leeds", "Mine", "2024-03-01")


def test_a_table_of_speakers_that_is_behind_is_shown_anew_without_old_edits(
    open_page: Open, bench: Bench
) -> None:
    key = hold(bench, "FG1")
    ben = bench.person("Ben")
    at = edit(settling(open_page), 1, shown="Rosa")
    linked = SpeakerPlan("P1", ("P1",), respondent="R3")
    focus_groups.settle_speakers(ben, bench.database, bench.study_id, key, [linked])
    at = press(at, "Save the speakers")
    assert "Somebody has settled the speakers of FG1" in at.error[0].value
    assert plans(bench, key)[1] == ("P1", "participant", "R3")
    assert editor(at).value["shown"].to_list()[1] == "P1"

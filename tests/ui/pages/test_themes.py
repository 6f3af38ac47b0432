"""The themes page: the table, its warnings, the chosen cell, and files."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.turns import Turn
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import exchange
from workbench.services.counting import summarise
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.ui.components.theme_table import NOBODYS, ChosenCell

PAGES = Path(__file__).parents[3] / "workbench" / "ui" / "pages"


def button(at, label):
    found = [item for item in at.button if item.label == label]
    assert len(found) == 1, (label, [item.label for item in at.button])
    return found[0]


def html(at) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at) -> str:
    return "\n".join(item.value for item in at.markdown).replace("\\", "")


def tables(at) -> list:
    return [item for item in at.get("bidi_component") if item.key == "theme_table"]


def shown(at) -> dict:
    """Read what the browser is given to draw."""
    found = tables(at)
    assert len(found) == 1
    return json.loads(found[0].proto.json)


def test_the_table_shows_what_was_counted(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    assert not at.exception
    table = summarise.summarise(
        ana, database, sample_study, by=["respondent_type"], with_totals=True
    )
    drawn = shown(at)
    assert [row["name"] for row in drawn["rows"]] == [row.theme for row in table.totals]
    assert [head["name"] for head in drawn["heads"][0]] == [
        "All respondents", "Parent", "Young person",
    ]  # fmt: skip
    parents = table.row(table.totals[0].code_id, {"respondent_type": "Parent"})
    cell = drawn["rows"][0]["cells"][1]
    assert drawn["heads"][0][1]["base"] == f"(n = {parents.base})"
    assert cell["text"] == f"{parents.respondents} ({round(100 * parents.share)} %)"
    assert cell["below"].startswith(f"{round(100 * parents.low)}-")


def test_what_is_not_done_is_said_beside_the_numbers(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    total = study.progress(ana, database, sample_study).total - 2  # the focus groups are done
    assert f"{total} documents are not marked as done by anybody" in html(at)
    assert shown(at)["heads"][0][0]["warning"] == f"{total} not done"


def test_several_values_at_once_are_called_overlapping(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    assert "Groups overlap" not in html(at)
    at.selectbox(key="in_study:themes_by").set_value("services_sought").run()
    assert not at.exception
    assert "Groups overlap" in html(at)


def test_crossed_groups_that_nobody_is_in_are_left_out_and_counted(
    open_page, ana, database, sample_study
):
    at = open_page("themes", study=sample_study)
    at.selectbox(key="in_study:themes_by").set_value("ethnic_group").run()
    at.selectbox(key="in_study:themes_and").set_value("respondent_type").run()
    assert not at.exception
    drawn = shown(at)
    assert all(len(pair) in (0, 2) for pair in drawn["groups"])
    assert sum(head["span"] for head in drawn["heads"][0]) == len(drawn["groups"])
    assert len(drawn["heads"][1]) == len(drawn["groups"]) - 1
    sizes = {
        item.name: len(item.values) for item in summarise.list_groups(ana, database, sample_study)
    }
    hidden = sizes["ethnic_group"] * sizes["respondent_type"] - (len(drawn["groups"]) - 1)
    what = "1 combination" if hidden == 1 else f"{hidden} combinations"
    verb = "is" if hidden == 1 else "are"
    assert f"{what} that nobody belongs to {verb} left out" in html(at)


def test_zero_cells_and_codes_below_are_shown(open_page, ana, database, sample_study):
    codebook.add_code(ana, database, sample_study, name="Nobody says this", parent_id=None)
    at = open_page("themes", study=sample_study)
    last = shown(at)["rows"][-1]
    assert last["name"] == "Nobody says this"
    assert last["cells"][0]["text"] == "0 (0 %)"
    at.get("button_group")[1].set_value("code").run()
    assert not at.exception
    assert {row["depth"] for row in shown(at)["rows"]} >= {0, 1}


def test_mentions_take_the_place_of_respondents(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    at.get("button_group")[2].set_value("mentions").run()
    table = summarise.summarise(ana, database, sample_study, with_totals=True)
    cells = [row["cells"][0]["text"] for row in shown(at)["rows"]]
    assert cells == [f"{row.mentions:,}" for row in table.totals]


def test_a_chosen_cell_is_said_in_words_and_opens_as_many_respondents(
    open_page, ana, database, sample_study
):

    table = summarise.summarise(ana, database, sample_study, by=["ethnic_group"])
    row = max(table.rows, key=lambda item: item.respondents)
    at = open_page("themes", study=sample_study)
    at.selectbox(key="in_study:themes_by").set_value("ethnic_group").run()
    at.session_state["in_study:themes_cell"] = ChosenCell(row.code_id, tuple(row.groups.values()))
    at.run()
    people = f"{row.base} respondents ({row.groups['ethnic_group']})"
    assert row.base >= 10  # so that it is said with its share
    assert f"Of {people}, {row.respondents} (" in markdown(at)
    assert f"%) mention {row.theme}." in markdown(at)
    button(at, "Read the extracts").click().run()
    assert not at.exception
    assert at.title[0].value == "Extracts"
    people = "1 respondent" if row.respondents == 1 else f"{row.respondents} respondents"
    assert f"from {people}" in markdown(at)
    assert at.selectbox(key="in_study:extracts_code").value == row.code_id


def test_every_cell_agrees_with_its_extracts(ana, database, sample_study):
    from workbench.domain.codings import DocumentFilter
    from workbench.services.coding import extracts

    ids = {
        item.name: item.attribute_id for item in summarise.list_groups(ana, database, sample_study)
    }
    names = [item.name for item in study.list_people(database)]
    coder = next(name for name in names if name != "Ana")
    for layer, by in (("any", "services_sought"), (coder, "ethnic_group"), ("consensus", "region")):
        table = summarise.summarise(ana, database, sample_study, by=[by], layer=layer, level="code")
        within = {
            group: extracts.make_filter(
                ana, database, sample_study, layer=layer,
                documents=DocumentFilter(groups=((ids[by], group),)),
            )
            for group in {row.groups[by] for row in table.rows}
        }  # fmt: skip
        for row in table.rows:
            where = replace(within[row.groups[by]], code_ids=(row.code_id,))
            found = extracts.count_extracts(ana, database, sample_study, where)
            assert found.n_respondents == row.respondents, (layer, row)


def test_a_filter_narrows_the_base(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    before = shown(at)["heads"][0][0]["base"]
    at.text_input(key="in_study:themes_search").set_value("school").run()
    assert not at.exception
    assert shown(at)["heads"][0][0]["base"] != before


def test_a_filter_that_nobody_fits_says_so(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    at.text_input(key="in_study:themes_search").set_value("zzzzqqq").run()
    assert not at.exception
    assert "Nobody has answered within this filter" in html(at)
    assert not tables(at)


def test_choices_stay_when_the_person_comes_back(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    at.selectbox(key="in_study:themes_by").set_value("region").run()
    at.switch_page(str(PAGES / "overview.py")).run()
    at.switch_page(str(PAGES / "themes.py")).run()
    assert at.selectbox(key="in_study:themes_by").value == "region"


def test_no_codes_and_no_answers_lead_to_the_next_step(open_page, ana, database):
    made = study.create_study(ana, database, "Empty")
    at = open_page("themes", study=made.id)
    assert "The codebook is empty" in html(at)
    button(at, "Make a codebook")
    codebook.add_code(ana, database, made.id, name="First", parent_id=None)
    at.run()
    assert "The study holds no answers or transcripts yet" in html(at)
    button(at, "Import a survey or transcripts")


def test_hostile_code_names_stay_text(open_page, ana, database, sample_study):
    name = "<img src=x onerror=alert(1)> *b* [l](http://x)"
    codebook.add_code(ana, database, sample_study, name=name, parent_id=None)
    at = open_page("themes", study=sample_study)

    made = codebook.list_codes(ana, database, sample_study)[-1]
    at.session_state["in_study:themes_cell"] = ChosenCell(made.id, ())
    at.run()
    assert not at.exception
    assert "<img" not in html(at)
    raw = "\n".join(item.value for item in at.markdown)
    assert "\\<img" in raw and "<img" not in raw.replace("\\<img", "")


def test_files_and_pictures_are_offered(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    labels = [item.label for item in at.get("download_button")]
    assert labels == [
        "Table as CSV", "Table as XLSX", "Table as DOCX", "Picture as PNG", "Picture as SVG",
    ]  # fmt: skip
    assert len(at.get("vega_lite_chart")) == 1


def test_base_and_order_are_said_and_followed(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    assert "n and shares are of respondents who answered anything within the filter." in html(at)
    at.selectbox(key="in_study:themes_base").set_value("everybody").run()
    at.selectbox(key="in_study:themes_order").set_value("mentioned").run()
    assert not at.exception
    assert "n and shares are of all respondents, whether or not they were asked." in html(at)
    table = summarise.summarise(
        ana, database, sample_study, with_totals=True, base="everybody", order="mentioned"
    )
    drawn = shown(at)
    assert [row["code"] for row in drawn["rows"]] == [row.code_id for row in table.totals]
    assert drawn["heads"][0][0]["base"] == f"(n = {table.totals[0].base})"
    assert table.totals[0].respondents == max(row.respondents for row in table.totals)
    assert drawn["copy"]["notes"][0].startswith("n and shares are of all respondents")


def test_codes_without_anybody_are_hidden_and_counted(open_page, ana, database, sample_study):
    codebook.add_code(ana, database, sample_study, name="Nobody says this", parent_id=None)
    at = open_page("themes", study=sample_study)
    at.checkbox(key="in_study:themes_hide_empty").check().run()
    assert not at.exception
    assert "Nobody says this" not in [row["name"] for row in shown(at)["rows"]]
    assert "1 code that nobody mentions is left out." in html(at)
    at.selectbox(key="in_study:themes_layer").set_value("Ana").run()
    assert "Nobody mentions any of the codes" in html(at)


def test_two_groups_side_by_side(open_page, ana, database, sample_study):
    from workbench.services.counting import compare

    at = open_page("themes", study=sample_study)
    at.get("button_group")[0].set_value(True).run()
    assert not at.exception
    at.selectbox(key="in_study:themes_compare").set_value("respondent_type").run()
    values = (at.selectbox(key="in_study:themes_first").value,
              at.selectbox(key="in_study:themes_second").value)  # fmt: skip
    found = compare.compare_groups(ana, database, sample_study, by="respondent_type", values=values)
    drawn = shown(at)
    assert [head["name"] for head in drawn["heads"][0]] == [*values, "Difference"]
    row = found.rows[0]
    points, low, high = row.difference.points
    cell = drawn["rows"][0]["cells"][2]
    assert cell["text"].startswith(f"{points:+d} ")
    assert cell["below"] == f"{low} to {high}"
    assert "percentage point" in markdown(at)
    assert "Respondents chose to take part" in html(at)
    labels = [item.label for item in at.get("download_button")]
    assert labels[:3] == ["Table as CSV", "Table as XLSX", "Table as DOCX"]
    assert len(at.get("vega_lite_chart")) == 1
    at.selectbox(key="in_study:themes_compare").set_value("services_sought").run()
    assert not at.exception
    assert "may be in both groups" in html(at)
    assert shown(at)["rows"][0]["cells"][2]["below"] == ""


def test_a_filter_is_saved_opened_and_deleted(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    at.text_input(key="in_study:themes_search").set_value("school").run()
    base = shown(at)["heads"][0][0]["base"]
    at.text_input(key="in_study:themes_saved_name").set_value("About *school*").run()
    at.button(key="themes_saved_save").click().run()
    assert not at.exception
    at.button(key="in_study:themes_clear").click().run()
    assert shown(at)["heads"][0][0]["base"] != base
    box = at.selectbox(key="in_study:themes_saved_one")
    assert box.options == ["About *school*"]
    box.select("About *school*").run()
    at.button(key="themes_saved_open").click().run()
    assert not at.exception
    assert at.text_input(key="in_study:themes_search").value == "school"
    assert shown(at)["heads"][0][0]["base"] == base
    at.button(key="themes_saved_delete").click().run()
    at.button(key="themes_saved_confirm").click().run()
    assert not at.exception
    from workbench.services.coding import saved_filters

    assert saved_filters.list_filters(ana, database, sample_study, "themes") == []


def hold(ana, database, study_id, name, series, *turns, linked=("A", "B")):
    """Bring in a focus group whose speakers A and B are respondents."""
    plans = [SpeakerPlan(who, (who,), respondent=f"{who} of {series}") for who in linked]
    speech = SpeechFile(name, tuple(Turn(*turn) for turn in turns), "voices")
    key = focus_groups.ingest_transcript(
        ana, database, study_id, speech, plans, name=name, series=series
    ).document_id
    theme = next(item for item in codebook.list_codes(ana, database, study_id) if not item.depth)
    rows = [(2, {"document": name, "quote": turns[0][1], "code": theme.name}),
            (3, {"document": name, "quote": turns[-1][1], "code": theme.name})]  # fmt: skip
    report = exchange.import_codings(ana, database, study_id, rows)
    assert report.codings_new == 2, report.bad_rows
    return key, theme


def test_focus_groups_stand_below_one_another_under_their_series(
    open_page, ana, database, sample_study
):
    talk = ("A", "We waited."), ("B", "So did we."), ("", "All of us.")
    _, theme = hold(ana, database, sample_study, "FG1", "Parents", *talk)
    second, _ = hold(ana, database, sample_study, "FG2", "Young people", *talk)
    at = open_page("themes", study=sample_study)
    at.selectbox[0].select("@session").run()
    assert not at.exception
    drawn = shown(at)
    assert [(row["name"], row["depth"]) for row in drawn["rows"]] == [
        ("All who spoke (n = 18)", 0),
        ("Parents (n = 2)", 0), ("FG1 (n = 2)", 1),
        ("Summer 2022 (n = 14)", 0), ("Parents (n = 8)", 1), ("Young people (n = 6)", 1),
        ("Young people (n = 2)", 0), ("FG2 (n = 2)", 1),
        ("Speaker not known", 0),
    ]  # fmt: skip
    made_here = [drawn["rows"][at] for at in (1, 2, 6, 7, 8)]
    first = [(row["cells"][0]["text"], row["cells"][0]["below"]) for row in made_here]
    assert first == [
        ("1 of 2", "1 mention"), ("1 of 2", "1 mention"),
        ("1 of 2", "1 mention"), ("1 of 2", "1 mention"), ("2", "mentions"),
    ]  # fmt: skip
    assert "Speaker not known: 6 words in 2 turns of 2 texts" in html(at)
    assert "n counts respondents who spoke" in html(at) and "n and shares" not in html(at)
    assert "by focus group" in at.get("vega_lite_chart")[0].proto.spec
    at.session_state["in_study:themes_picture_of"] = True
    at.run()
    assert "by series" in at.get("vega_lite_chart")[0].proto.spec
    at.session_state["in_study:themes_group_cell"] = (("session", "FG2"), theme.id)
    at.run()
    assert shown(at)["chosen"] == [7, 0]
    button(at, "Read the extracts").click().run()
    assert not at.exception
    assert at.session_state["in_study:extracts_session"] == second
    assert "**2 extracts** from 1 respondent" in markdown(at)


def test_a_cell_of_nobody_opens_the_extracts_that_it_counts(open_page, ana, database, sample_study):
    talk = ("A", "We waited."), ("B", "So did we."), ("", "All of us.")
    _, theme = hold(ana, database, sample_study, "FG1", "Parents", *talk)
    hold(ana, database, sample_study, "FG2", "Young people", *talk)
    at = open_page("themes", study=sample_study)
    assert shown(at)["groups"][-1] == [*NOBODYS]
    cell = next(row for row in shown(at)["rows"] if row["code"] == theme.id)["cells"][-1]
    assert cell["text"] == "2"
    at.session_state["in_study:themes_cell"] = ChosenCell(theme.id, NOBODYS)
    at.run()
    assert shown(at)["chosen"][1] == len(shown(at)["groups"]) - 1
    assert f"2 mentions of {theme.name} in words of which it is not known" in markdown(at)
    button(at, "Read the extracts").click().run()
    assert not at.exception
    assert at.title[0].value == "Extracts"
    assert "**2 extracts** with 2 mentions in which it is not known who speaks" in markdown(at)
    assert at.checkbox(key="in_study:extracts_nobody").value
    assert html(at).count("All of us.") == 2


def test_the_line_of_nobody_opens_its_extracts_too(open_page, ana, database, sample_study):
    talk = ("A", "We waited."), ("B", "So did we."), ("", "All of us.")
    _, theme = hold(ana, database, sample_study, "FG1", "Parents", *talk)
    at = open_page("themes", study=sample_study)
    at.selectbox[0].select("@session").run()
    at.session_state["in_study:themes_group_cell"] = (("nobody", ""), theme.id)
    at.run()
    assert shown(at)["chosen"][0] == len(shown(at)["rows"]) - 1
    assert f"1 mention of {theme.name} in words of which it is not known" in markdown(at)
    button(at, "Read the extracts").click().run()
    assert "**1 extract** with 1 mention in which it is not known who speaks" in markdown(at)
    assert at.selectbox(key="in_study:extracts_kind").value == "focus_group"


def test_either_of_two_groups_opens_its_extracts(open_page, ana, database, sample_study):
    at = open_page("themes", study=sample_study)
    at.get("button_group")[0].set_value(True).run()
    at.selectbox(key="in_study:themes_compare").set_value("respondent_type").run()
    value = at.selectbox(key="in_study:themes_second").value
    table = summarise.summarise(ana, database, sample_study, by=["respondent_type"])
    row = next(row for row in table.rows if row.groups["respondent_type"] == value)
    button(at, f"Extracts: {value}").click().run()
    assert not at.exception
    people = "1 respondent" if row.respondents == 1 else f"{row.respondents} respondents"
    assert f"from {people}" in markdown(at)
    assert at.selectbox(key="in_study:extracts_code").value == row.code_id


def reloaded(at, name):
    """Open a page again in another tab, by the address that it has now."""
    from streamlit.testing.v1 import AppTest

    again = AppTest.from_file(str(PAGES.parents[2] / "streamlit_app.py"), default_timeout=60)
    for parameter, value in at.query_params.items():
        again.query_params[parameter] = value
    again.switch_page(str(PAGES / f"{name}.py"))
    return again.run()


def test_a_reload_shows_the_same_table_but_keeps_no_words_in_the_address(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    first = dict(at.query_params)
    at.selectbox(key="in_study:themes_by").set_value("region").run()
    at.get("button_group")[1].set_value("code").run()
    at.multiselect(key="in_study:themes_group").set_value(
        [at.multiselect(key="in_study:themes_group").options[0]]
    ).run()
    at.selectbox(key="in_study:themes_order").set_value("mentioned").run()
    at.checkbox(key="in_study:themes_hide_empty").check().run()
    at.selectbox(key="in_study:themes_layer").set_value("Coder B").run()
    here = shown(at)
    again = reloaded(at, "themes")
    assert not again.exception
    assert shown(again) == here
    assert again.query_params == at.query_params
    at.text_input(key="in_study:themes_search").set_value("school").run()
    assert "school" not in str(at.query_params)
    assert shown(at) != here
    assert set(at.query_params) - set(first) == {
        "by", "rows", "groups", "order", "hide", "coded_by"
    }  # fmt: skip


def test_two_groups_come_back_after_a_reload(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    at.get("button_group")[0].set_value(True).run()
    at.selectbox(key="in_study:themes_compare").set_value("ethnic_group").run()
    options = at.selectbox(key="in_study:themes_second").options
    at.selectbox(key="in_study:themes_second").set_value(options[-1]).run()
    again = reloaded(at, "themes")
    assert not again.exception
    assert shown(again) == shown(at)
    assert again.selectbox(key="in_study:themes_second").value == options[-1]
    assert options[-1] not in str(again.query_params)


def test_an_old_link_says_what_it_cannot_show_any_more(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    at.get("button_group")[1].set_value("code").run()
    assert not at.toast
    at.query_params["groups"], at.query_params["by"] = "1-0123456789", "region"
    again = reloaded(at, "themes")
    (told,) = [item.value for item in again.toast]
    assert "a value of an attribute, how the page was arranged. The rest of it is shown." in told
    assert again.get("button_group")[1].value == "code"
    assert not reloaded(again, "themes").toast, "what is not there is taken out of the address"


def test_another_study_begins_without_the_filter_of_the_last(
    open_page, ana, database, sample_study
):
    at = open_page("themes", study=sample_study)
    at.selectbox(key="in_study:themes_order").set_value("mentioned").run()
    assert at.query_params["order"]
    study.create_study(ana, database, "Second")
    at.run()
    next(item for item in at.selectbox if item.label == "Study").set_value("Second").run()
    assert not at.exception
    assert "order" not in at.query_params


def test_a_link_says_nothing_of_who_opens_it(open_page, sample_study):
    at = open_page("themes", study=sample_study)
    at.selectbox(key="in_study:themes_by").set_value("region").run()
    at.run()
    (link,) = [item.value for item in at.code if "?" in item.value]
    assert re.search(r"by=\d+", link) and "region" not in link
    assert f"study={sample_study}" in link and "Ana" not in link

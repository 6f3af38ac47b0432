"""Transcripts of focus groups on the Import page: from files to people whose words count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ui.pages.test_import_survey import CHECK, button, click, edit, editor, has_button, said
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.discussions import focus_groups, speaker_table
from workbench.services.opening import Database

VTT = b"""WEBVTT

00:00.000 --> 00:04.000
<v Lin Okafor (Facilitator)>Who did you ask first?</v>

00:04.000 --> 00:09.000
<v Amina Khan>I rang the school.</v>

00:09.000 --> 00:12.000
<v &lt;b&gt;R014&lt;/b&gt;>Nobody rang *back*.</v>

00:12.000 --> 00:15.000
<v A. Khan>Same here, twice.</v>
"""
TXT = b"""P1: My teacher was kind.
Note: they laugh
P2: So was mine.
Note: laughter
P1: Well.
P2: Indeed.
"""
Open = Callable[..., Any]


def bring(at: Any, *files: tuple[str, bytes]) -> Any:
    at.segmented_control(key="import_what").set_value("Focus groups")
    at.run()
    sent = [(name, content, "text/plain") for name, content in files]
    at.file_uploader(key="discussion_files_0").set_value(sent)
    at.run()
    assert not at.exception, at.exception
    return at


def row_of(at: Any, given: str) -> int:
    return int(editor(at).value["given"].to_list().index(given))


def test_days_in_the_table_of_transcripts_are_written_as_everywhere(
    open_page: Open, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("2024-03-01 Carers.vtt", VTT),
               ("2024-03-02 Teachers.txt", TXT))  # fmt: skip
    assert "<bdi>1 Mar 2024</bdi>" in said(at) and "<bdi>2 Mar 2024</bdi>" in said(at)


def test_a_transcript_comes_in_with_the_people_who_speak(
    open_page: Open, ana: Actor, database: Database, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("2024-03-01 Carers.vtt", VTT))
    table = editor(at).value.set_index("given")
    assert table["shown"].to_list() == ["Facilitator", "Participant 1", "Participant 2",
                                        "Participant 3"]  # fmt: skip
    assert table["role"].to_list()[:2] == ["facilitator", "participant"]
    assert "Read: 4 turns, 15 words, names in the cues." in said(at)
    at = edit(at, row_of(at, "A. Khan"), shown="Participant 1", respondent="")
    assert "One person with Amina Khan" in editor(at).value["told"].to_list()[3]
    at = edit(at, row_of(at, "<b>R014</b>"), shown="R014", respondent="R014")
    assert editor(at).value["told"].to_list()[2] == "Respondent of the study."
    before = study.progress(ana, database, sample_study)
    at = click(at, CHECK)
    assert study.progress(ana, database, sample_study) == before, "checking writes nothing"
    assert "new group" in said(at)
    at = click(at, "Import 1 transcript")
    place = (ana, database, sample_study)
    (group,) = (item for item in focus_groups.list_focus_groups(*place) if item.name == "Carers")
    assert (group.name, group.held_on, group.n_speakers) == ("Carers", "2024-03-01", 3)
    found = focus_groups.load_discussion(*place, group.id)
    assert [(item.name, item.respondent) for item in found.plans] == [
        ("Facilitator", None), ("Participant 1", None), ("R014", "R014"),
    ]  # fmt: skip
    assert not any("Khan" in str(item) or "Lin" in str(item) for item in found.speakers)
    assert has_button(at, "Code Carers")
    assert "4 turns" in said(at)


def test_edits_outlive_the_switch_of_names_and_another_page(
    open_page: Open, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.vtt", VTT))
    at = edit(at, row_of(at, "Amina Khan"), role="facilitator")
    at.toggle(key="discussion_keep_names").set_value(True)
    at.run()
    row = editor(at).value.set_index("given").loc["Amina Khan"]
    assert (row["shown"], row["role"]) == ("Amina Khan", "facilitator")
    assert "stored and shown" in said(at)
    at.switch_page("workbench/ui/pages/codebook.py")
    at.run()
    at.switch_page("workbench/ui/pages/import_survey.py")
    at.run()
    row = editor(at).value.set_index("given").loc["Amina Khan"]
    assert (row["shown"], row["role"]) == ("Amina Khan", "facilitator")


def test_what_is_no_name_is_read_as_words(open_page: Open, sample_study: int) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.txt", TXT))
    assert editor(at).value.set_index("given")["turns"]["P1"] == 2
    assert "Read: 6 turns" in said(at)
    at = edit(at, row_of(at, "Note"), role="not a speaker")
    assert "Read: 4 turns" in said(at)
    assert editor(at).value.set_index("given")["told"]["Note"].startswith("No name: these words")
    at = edit(at, row_of(at, "Note"), role="participant")
    assert "Read: 6 turns" in said(at)


def test_of_many_files_a_bad_one_is_refused_alone(
    open_page: Open, ana: Actor, database: Database, sample_study: int
) -> None:
    place = (ana, database, sample_study)
    speech = speaker_table.read_speech(TXT, "old.txt")
    focus_groups.ingest_transcript(*place, speech, [], name="Old", series="Round 1")
    files = [("one.vtt", VTT), ("two.txt", TXT), ("<i>bad</i>.docx", b"no archive")]
    at = bring(open_page("import_survey", study=sample_study), *files)
    assert "<i>bad</i>.docx: " in said(at)
    at.text_input[0].set_value("two")
    at.run()
    assert "Several of these files are called two" in said(at)
    assert not has_button(at, CHECK)
    at.text_input[0].set_value("One")
    at.run()
    next(item for item in at.selectbox if item.label.startswith("Series")).set_value("Round 1")
    at.run()
    at = click(at, "Next file")
    assert "P1" in editor(at).value["given"].to_list()
    at = click(click(at, CHECK), "Import 2 transcripts")
    groups = focus_groups.list_focus_groups(*place)
    assert [(item.name, item.series) for item in groups if item.series == "Round 1"] == [
        ("Old", "Round 1"), ("One", "Round 1"), ("two", "Round 1"),
    ]  # fmt: skip
    at = click(at, "Go on with 1 file")
    assert "<i>bad</i>.docx: " in said(at)
    click(at, "Leave it out")


def test_a_new_study_is_made_for_transcripts(
    open_page: Open, ana: Actor, database: Database
) -> None:
    at = bring(open_page("import_survey"), ("fg.vtt", VTT))
    assert not at.data_editor
    at = click(at, "Make this study")
    assert "Type a name for the new study" in said(at)
    at.text_input(key="import_study_name").set_value("Groups alone")
    at.run()
    at = click(at, "Make this study")
    at = click(click(at, CHECK), "Import 1 transcript")
    found = study.find_study(ana, database, "Groups alone")
    assert len(focus_groups.list_focus_groups(ana, database, found.id)) == 1
    assert has_button(at, "Set up the codebook")
    button(at, "Code fg").click()
    at.run()
    assert not at.exception, at.exception


def test_a_table_of_participants_links_speakers_and_tells_of_them(
    open_page: Open, ana: Actor, database: Database, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.vtt", VTT))
    table = (
        b"speaker,respondent,role,tenure\n"
        b"Amina Khan,R003,participant,Rents\n<b>R014</b>,New 1,,Owns\nNobody,R5,,Owns\n"
    )
    at.file_uploader(key="discussion_people_file").set_value(("who.csv", table, "text/csv"))
    at.run()
    assert not at.exception, at.exception
    rows = editor(at).value.set_index("given")
    assert rows["respondent"].to_list()[1:3] == ["R003", "New 1"]
    assert rows["told"]["Amina Khan"] == "Respondent of the study. As who.csv has it."
    bad = next(item.value for item in at.dataframe if "What is wrong" in item.value.columns)
    assert bad["Row"].to_list() == [4]
    at = edit(at, row_of(at, "<b>R014</b>"), respondent="New 2")
    at = click(click(at, CHECK), "Import 1 transcript")
    with database.read() as connection:
        found = connection.exec_driver_sql(
            "SELECT ref, value FROM respondent_attribute JOIN respondent ON "
            "respondent.id = respondent_id JOIN attribute ON attribute.id = attribute_id "
            "WHERE attribute.name = 'tenure' ORDER BY ref"
        ).all()
    assert [tuple(row) for row in found] == [("New 2", "Owns"), ("R003", "Rents")]


def test_a_new_study_takes_the_place_of_the_one_that_was_open(
    open_page: Open, ana: Actor, database: Database, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.vtt", VTT))
    at.radio(key="import_into_new").set_value(True)
    at.run()
    at.text_input(key="import_study_name").set_value("Second")
    at.run()
    at = click(at, "Make this study")
    assert "There is a study of this name" not in said(at)
    assert at.radio(key="import_into_new").value is False
    assert len(editor(at).value) == 4
    click(click(at, CHECK), "Import 1 transcript")
    found = study.find_study(ana, database, "Second")
    assert len(focus_groups.list_focus_groups(ana, database, found.id)) == 1


def test_doubts_about_speakers_stand_under_the_table_too(
    open_page: Open, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.vtt", VTT))
    at = edit(at, row_of(at, "Amina Khan"), respondent="R001")
    at = edit(at, row_of(at, "A. Khan"), respondent="R001")
    assert "R001 is the respondent of Participant 1 and Participant 3" in said(at)
    at = edit(at, row_of(at, "<b>R014</b>"), role="facilitator")
    assert editor(at).value.set_index("given")["respondent"]["<b>R014</b>"] == ""


def test_a_table_of_participants_says_which_groups_it_is_about(
    open_page: Open, sample_study: int
) -> None:
    files = [("one.vtt", VTT), ("two.txt", TXT)]
    at = bring(open_page("import_survey", study=sample_study), *files)
    table = b"speaker,respondent,may be quoted\nAmina Khan,R003,no\nA. Khan,R004,yes\n"
    at.file_uploader(key="discussion_people_file").set_value(("who.csv", table, "text/csv"))
    at.run()
    assert not at.exception, at.exception
    assert "2 rows. 1 may not be quoted." in said(at)
    assert "is about each of the 2 transcripts in which somebody has that name" in said(at)
    assert "Nothing is told of \u2068two\u2069." in said(at)


def test_each_of_several_tables_is_about_its_group_and_shared_labels_about_nobody(
    open_page: Open, sample_study: int
) -> None:
    files = [(f"{name}.txt", TXT.replace(b"P1", b"R003")) for name in ("Youth", "Parents")]
    files[1] = (files[1][0], files[1][1] + b"P2: Once more.\n")
    at = bring(open_page("import_survey", study=sample_study), *files)
    assert editor(at).value.set_index("given")["respondent"]["R003"] == "Youth R003"
    assert (
        "Other groups have this label, too" in editor(at).value.set_index("given")["told"]["R003"]
    )
    at.file_uploader(key="discussion_people_file").set_value([
        (f"{name} people.csv", f"speaker,respondent\nR003,{ref}\n".encode(), "text/csv")
        for name, ref in (("Youth", "R004"), ("Parents", "R005"))
    ])  # fmt: skip
    at.run()
    assert not at.exception, at.exception
    assert "Each row is about the group that is named for it." in said(at)
    assert not at.multiselect, "their names say which group they are about"
    assert editor(at).value.set_index("given")["respondent"]["R003"] == "R004"
    at = click(at, "Next file")
    rows = editor(at).value.set_index("given")
    assert rows["respondent"]["R003"] == "R005"
    assert rows["told"]["R003"] == "Respondent of the study. As Parents people.csv has it."


def test_words_of_nobody_and_columns_of_names_are_told(open_page: Open, sample_study: int) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("FG.txt", b"A heading.\n" + TXT))
    told = "2 words in the file under no name, such as “A heading.”: shown and coded, and they "
    assert told + "count for nobody." in said(at)
    at = bring(open_page("import_survey", study=sample_study), ("fg.vtt", VTT))
    table = b"respondent,who\nfg Participant 1,Amina Khan\n"
    at.file_uploader(key="discussion_people_file").set_value(("who.csv", table, "text/csv"))
    at.run()
    assert "The column 'who' is left out: it names people who speak there." in said(at)


def test_what_was_said_to_be_no_name_is_known_again_in_a_corrected_file(
    open_page: Open, sample_study: int
) -> None:
    at = bring(open_page("import_survey", study=sample_study), ("fg.txt", TXT))
    at = edit(at, row_of(at, "Note"), role="not a speaker")
    at = click(click(at, CHECK), "Import 1 transcript")
    at = click(at, "Import more transcripts")
    sent = [("fg.txt", TXT.replace(b"Indeed", b"Yes"), "text/plain")]
    at.file_uploader(key="discussion_files_1").set_value(sent)
    at.run()
    assert "Read: 4 turns" in said(at)
    row = editor(at).value.set_index("given").loc["Note"]
    assert row["role"] == "not a speaker"
    assert row["told"].endswith("As settled when the group came in.")
    at = edit(at, row_of(at, "Note"), role="participant")
    assert "Read: 6 turns" in said(at)


def test_a_person_says_which_groups_a_table_is_about(open_page: Open, sample_study: int) -> None:
    files = [("Youth.txt", TXT), ("Carers.txt", TXT + b"P1: Oh."),
             ("Teachers.txt", TXT.replace(b"P", b"T"))]  # fmt: skip
    at = bring(open_page("import_survey", study=sample_study), *files)
    table = b"speaker,respondent,age\nP1,R003,10-15\nP2,R004,16-19\n"
    at.file_uploader(key="discussion_people_file").set_value([("who.csv", table, "text/csv")])
    at.run()
    (asked,) = at.multiselect
    assert (asked.label, asked.options) == ("who.csv is about", ["Youth", "Carers", "Teachers"])
    assert editor(at).value.set_index("given")["respondent"]["P1"] == "Youth P1"
    asked.set_value([asked.options[0]])
    at.run()
    assert not at.exception, at.exception
    assert editor(at).value.set_index("given")["respondent"].to_list()[0] == "R003"
    assert "Nothing is told of \u2068Carers\u2069 and \u2068Teachers\u2069." in said(at)
    at = click(at, "Next file")
    assert editor(at).value.set_index("given")["respondent"]["P1"] == "Carers P1"
    assert at.multiselect[0].value, "the choice stays"


def test_a_transcript_is_read_in_another_encoding(open_page: Open, sample_study: int) -> None:
    short = "Иван: Да.\nОльга: Нет.\nИван: Да.\nОльга: Нет.\n".encode("koi8-r")
    at = bring(open_page("import_survey", study=sample_study), ("old.txt", short))
    assert "since it is not UTF-8. If letters look wrong, read it differently" in said(at)
    choice = next(item for item in at.selectbox if item.label == "Encoding")
    choice.set_value("koi8-r").run()
    assert not at.exception, at.exception
    assert sorted(editor(at).value["given"]) == ["Иван", "Ольга"]
    assert "since it is not UTF-8" not in said(at)
    next(item for item in at.selectbox if item.label == "Encoding").set_value("utf-8").run()
    assert "the file is not in the encoding utf-8" in said(at)
    next(item for item in at.selectbox if item.label == "Encoding").set_value("koi8-r").run()
    assert sorted(editor(at).value["given"]) == ["Иван", "Ольга"]

"""The Import page on what a file says as a whole: shared ids, private ids, rules, which survey."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.ui.pages.test_import_survey import (
    CHECK,
    click,
    edit,
    editor,
    has_button,
    name_study,
    said,
    upload,
)
from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.files import read_mapping
from workbench.services.opening import Database
from workbench.services.surveys import ingest

Open = Callable[..., Any]

SURVEY = (
    b"ref,who,consent,quote_ok,why\n"
    b"R1,Parent,Yes,Yes,They listened to me at last and nobody had done so before\n"
    b"R2,Young person,Yes,No,The letter came too late and then nobody rang me back\n"
    b"R1,Parent,Yes,Yes,They listened to me at last but only for a little while\n"
    b"R3,Parent,No,Yes,I did not agree to any of this and answered all the same\n"
)
EMAILS = SURVEY.replace(b"R1", b"amina@example.org").replace(b"R2", b"jo@example.org")
NUMBERS = SURVEY.replace(b"R1", b"0012345678").replace(b"R2", b"0012345679")
NUMBERS = NUMBERS.replace(b"R3", b"0012345670")


def radio(at: Any, label: str) -> Any:
    return next(item for item in at.radio if item.label.startswith(label))


def survey_choice(at: Any) -> Any:
    return next(item for item in at.selectbox if item.label.startswith("Which of the study's"))


def imported(ana: Actor, database: Database, name: str) -> tuple[int, Any]:
    """The study's key, and the mapping that was kept with its import."""
    found = study.find_study(ana, database, name)
    return found.id, read_mapping(ingest.last_mapping(ana, database, found.id) or "", "kept")


def test_rows_that_share_an_id_wait_until_it_is_said_which_go_in(
    open_page: Open, ana: Actor, database: Database
) -> None:
    at = name_study(upload(open_page("import_survey"), SURVEY), "Shared")
    choice = radio(at, "1 id occurs more than once")
    assert choice.value is None
    assert "R1: rows 2 and 4" in said(at)
    assert "Rows share an id: say under the table which of them to take." in said(at)
    assert not has_button(at, CHECK)
    choice.set_value("last")
    at = click(at.run(), CHECK)
    told = "Rows left out by a rule: consent is not Yes: 1; another row has the same id: 1."
    assert told in said(at)
    at = click(at, "Import into Shared")
    key, mapping = imported(ana, database, "Shared")
    assert mapping.duplicates == "last"
    assert study.progress(ana, database, key).total == 2


def test_what_is_said_of_shared_ids_outlives_a_look_at_another_page(open_page: Open) -> None:
    at = upload(open_page("import_survey"), SURVEY)
    radio(at, "1 id occurs").set_value("separate")
    at.run()
    for page in ("codebook", "import_survey"):
        at.switch_page(f"workbench/ui/pages/{page}.py")
        at.run()
    assert radio(at, "1 id occurs").value == "separate"


def test_the_rows_that_rules_leave_out_are_counted_and_rules_can_be_taken_off(
    open_page: Open,
) -> None:
    at = upload(open_page("import_survey"), SURVEY)
    assert "Rows left out by the rules in the table: consent is not Yes: 1." in said(at)
    table = editor(at).value.set_index("column")
    assert (table["role"]["consent"], table["keep_if"]["consent"]) == ("ignore", "Yes")
    assert (table["role"]["quote_ok"], table["values"]["quote_ok"]) == ("may be quoted", "Yes")
    at = edit(at, 2, keep_if=None, leave_out="nobody")
    assert "Rows left out by the rules in the table: none." in said(at)
    at = edit(at, 2, leave_out=None)
    assert "Rows left out by the rules" not in said(at)


def test_addresses_as_ids_are_never_shown(open_page: Open, ana: Actor, database: Database) -> None:
    at = name_study(upload(open_page("import_survey"), EMAILS), "Private")
    table = editor(at).value
    assert (table["role"][0], bool(table["identifying"][0])) == ("respondent id", True)
    shown = [said(at), *(repr(table.value.to_dict()) for table in [*at.dataframe, editor(at)])]
    assert "rows 2 and 4" in said(at).casefold()
    radio(at, "1 id occurs").set_value("first")
    at = click(at.run(), CHECK)
    shown += [said(at), *(repr(table.value.to_dict()) for table in at.dataframe)]
    at = click(at, "Import into Private")
    shown += [said(at), *(repr(table.value.to_dict()) for table in at.dataframe)]
    assert "example.org" not in "".join(shown)
    key, mapping = imported(ana, database, "Private")
    assert mapping.respondent_id == "ref"
    assert study.progress(ana, database, key).total == 2


def test_numbers_that_are_no_telephone_numbers_can_be_kept_as_ids(
    open_page: Open, ana: Actor, database: Database
) -> None:
    at = name_study(upload(open_page("import_survey"), NUMBERS), "Numbers")
    assert editor(at).value["examples"][0] == "kept out"
    (box,) = [item for item in at.checkbox if item.label.startswith("The ids look like")]
    radio(at, "1 id occurs").set_value("first")
    box.check()
    at = click(click(at.run(), CHECK), "Import into Numbers")
    _, mapping = imported(ana, database, "Numbers")
    assert mapping.refs == "as given"


def test_a_second_survey_goes_into_the_study_by_its_name(
    open_page: Open, ana: Actor, database: Database
) -> None:
    first = b"ref,why\nR1,They listened to me at last and nobody had\nR2,The letter came too late\n"
    at = name_study(upload(open_page("import_survey"), first), "Waves")
    next(item for item in at.text_input if item.label == "Name of this survey").set_value("Wave 1")
    at = click(click(at.run(), CHECK), "Import into Waves")
    key, mapping = imported(ana, database, "Waves")
    assert mapping.survey == "Wave 1"
    second = first.replace(b"ref,why", b"ref,next").replace(b"R2", b"R9")
    at = upload(open_page("import_survey", study=key), second, "second.csv")
    assert (survey_choice(at).options, survey_choice(at).value) == (["Wave 1"], "Wave 1")
    survey_choice(at).options.append("Wave 2")  # as if it had been typed
    survey_choice(at).set_value("Wave 2")
    at.run()
    survey_choice(at).options.append("Wave 2")
    at = click(click(at, CHECK), "Import into Waves")
    assert [item.name for item in ingest.list_surveys(ana, database, key)] == ["Wave 1", "Wave 2"]
    at = upload(open_page("import_survey", study=key), first, "again.csv")
    source = radio(at, "Take the meaning")
    assert source.options == ["The study's last import", "What the columns hold", "A mapping file"]
    assert survey_choice(at).value == "Wave 1"


def test_each_survey_has_a_last_import_to_begin_with(
    open_page: Open, ana: Actor, database: Database
) -> None:
    content = b"ref,why,then\nR1,They listened to me at last and nobody had,\n"
    key = study.create_study(ana, database, "Waves").id
    for name, column in (("Wave *1*", "why"), ("Wave 2", "then")):
        from workbench.services.files import mapping_text, read_survey, read_table

        mapping = read_mapping(
            f"survey: '{name}'\nrespondent_id: ref\nquestions: [{{column: {column}}}]", "m"
        )
        survey = read_survey(read_table(content, "s.csv"), mapping)
        ingest.ingest_survey(ana, database, "Waves", survey, mapping=mapping_text(mapping))
    at = upload(open_page("import_survey", study=key), content, "s.csv")
    source = radio(at, "Take the meaning")
    assert [option.replace("\\", "") for option in source.options][:2] == [
        "The last import of Wave 2",
        "The last import of Wave *1*",
    ]
    source.set_value("last of Wave *1*")
    at.run()
    assert editor(at).value.set_index("column")["role"]["why"] == "open answer"
    assert survey_choice(at).value == "Wave *1*"

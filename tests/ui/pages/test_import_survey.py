"""The Import page: from a file to respondents in a study, and what stands in the way."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from workbench.domain.codings import Actor
from workbench.services import study
from workbench.services.files import mapping_text, read_mapping
from workbench.services.opening import Database
from workbench.services.surveys import ingest

SURVEY = (
    "id,who,email,why,how\n"
    'R1,Parent,a@example.org,"They listened to me at last, <b>and</b> nobody had before",'
    '"میں نے تین بار فون کیا لیکن کسی نے جواب نہیں دیا"\n'
    'R2,Young person,b@example.org,"=HYPERLINK(""x"") said the letter, and that was all it said",\n'
    ',Parent,c@example.org,"This row has no respondent id and so it cannot be used",'
    '"We rang them ourselves, many times over"\n'
).encode()
CHECK = "Check what will come in"
EXPORTS = Path(__file__).parents[2] / "pipelines" / "ingest" / "fixtures"
Open = Callable[..., Any]


def button(at: Any, label: str) -> Any:
    found = [item for item in at.button if item.label.replace("\\", "") == label]
    assert found, [item.label for item in at.button]
    return found[0]


def has_button(at: Any, label: str) -> bool:
    return any(item.label.replace("\\", "") == label for item in at.button)


def html_words(html: list[str]) -> list[str]:
    return [unescape(text) for text in html]


def said(at: Any) -> str:
    """All words of the page, tables left out."""
    html = [
        element.proto.body
        for element in at.get("html")
        if not element.proto.body.startswith("<style")
    ]
    return "\n".join(
        [item.value for kind in (at.text, at.markdown, at.error) for item in kind]
        + html_words(html)
    )


def upload(at: Any, content: bytes = SURVEY, name: str = "survey.csv") -> Any:
    at.file_uploader(key="survey_file").set_value((name, content, "text/csv"))
    at.run()
    assert not at.exception, at.exception
    return at


def table_with(at: Any, column: str) -> Any:
    """Find the table that has a column."""
    return next(item.value for item in at.dataframe if column in item.value.columns)


def editor(at: Any) -> Any:
    return at.data_editor[0]


def edit(at: Any, row: int, **cells: object) -> Any:
    """Correct cells of the table, on top of those that were corrected before."""
    key = editor(at).key
    state = at.session_state[key] if key in at.session_state else {}  # noqa: SIM401 (no get)
    rows = {key: dict(value) for key, value in (state or {}).get("edited_rows", {}).items()}
    rows[row] = rows.get(row, {}) | cells
    at.session_state[editor(at).key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return at.run()


def click(at: Any, label: str) -> Any:
    button(at, label).click()
    at.run()
    assert not at.exception, at.exception
    return at


def name_study(at: Any, name: str) -> Any:
    at.text_input(key="import_study_name").set_value(name)
    return at.run()


def test_rows_that_cannot_be_used_are_told_beside_the_others(open_page: Open) -> None:
    content = b"id,why\nR1,They were kind to us\nR2,They were,not kind\nR3,Nobody rang us back\n"
    at = upload(open_page("import_survey"), content)
    assert "survey.csv: 2 rows, 2 columns, 1 more to look at, UTF-8" in said(at)


def test_a_file_goes_into_a_new_study(open_page: Open, ana: Actor, database: Database) -> None:
    at = upload(open_page("import_survey"))
    assert "survey.csv: 3 rows, 5 columns, UTF-8, parted by comma" in said(at)
    roles = dict(zip(editor(at).value["column"], editor(at).value["role"], strict=True))
    assert roles == {
        "id": "respondent id",
        "who": "attribute",
        "email": "identifying",
        "why": "open answer",
        "how": "open answer",
    }
    assert all(editor(at).value["reason"])
    assert not has_button(at, CHECK), "a study needs a name first"
    assert not has_button(at, "Load the sample study"), "a file of one's own is open"
    at = click(name_study(at, "Families"), CHECK)
    assert study.list_studies(ana, database) == [], "checking writes nothing"
    assert "2 new respondents and 3 new answers will come in." in said(at)
    figures = next(item.proto.body for item in at.get("html") if "figures" in item.proto.body)
    assert ">new</th><td>3<" in figures
    assert "unchanged" not in figures and "Codings on changed answers" not in figures
    assert "1 row to look at" in said(at)
    bad = table_with(at, "What is wrong")
    assert bad["Row"].to_list() == [4]
    assert bad["Column"].to_list() == ["id"]
    assert "there is no respondent id" in bad["What is wrong"][0]
    at = click(at, "Import into Families")
    assert [item.value for item in at.header] == [
        "Imported into Families", "Imports", "Look around first",
    ]  # fmt: skip
    assert "2 new respondents and 3 new answers have come in." in said(at)
    found = study.find_study(ana, database, "Families")
    made = {item.name: item for item in study.list_studies(ana, database)}["Families"]
    assert (made.n_respondents, made.n_documents) == (2, 3)
    assert [item.name for item in study.list_attributes(ana, database, found.id)] == ["who"]
    assert has_button(at, "Set up the codebook")


def test_identifying_columns_are_kept_out_of_what_is_shown(open_page: Open) -> None:
    at = upload(open_page("import_survey"))
    table = editor(at).value.set_index("column")
    assert table["examples"]["email"] == "kept out"
    assert "Parent" in table["examples"]["who"]
    first = at.dataframe[-1].value
    assert set(first["email"]) == {"kept out"}
    assert first["why"].iloc[0].endswith("<b>and</b> nobody had before")
    assert first.index.to_list() == [2, 3, 4]
    at = edit(at, 2, role="attribute")
    assert "a@example.org" in editor(at).value.set_index("column")["examples"]["email"]
    at = edit(at, 2, identifying=True)
    assert editor(at).value.set_index("column")["examples"]["email"] == "kept out"


def test_two_columns_with_the_role_id_are_refused_where_they_stand(open_page: Open) -> None:
    at = edit(name_study(upload(open_page("import_survey")), "X"), 1, role="respondent id")
    message = "2 columns are the respondent id (id, who); only one can be."
    reasons = editor(at).value["reason"].to_list()
    assert reasons[:2] == [f"To be put right: {message}"] * 2
    assert not reasons[2].startswith("To be put right")
    assert f"who: {message}" in said(at)
    assert not has_button(at, CHECK)
    at = edit(at, 1, role="attribute")
    assert has_button(at, CHECK)


def test_the_whole_mapping_can_be_corrected_in_the_table(
    open_page: Open, ana: Actor, database: Database
) -> None:
    at = upload(open_page("import_survey"))
    at = edit(
        at, 1, ref="kind", text="Kind of person", kind="ordered", values="Young person | Parent"
    )
    at = edit(at, 3, ref="q1", text="Why did you ask?", asked_if="who = Parent", leave_out="")
    at = edit(at, 4, ref="q2", not_asked="yes | n/a")
    at = click(click(name_study(at, "Corrected"), CHECK), "Import into Corrected")
    found = study.find_study(ana, database, "Corrected")
    assert [(q.ref, q.text) for q in study.list_questions(ana, database, found.id)] == [
        ("q1", "Why did you ask?"),
        ("q2", "how"),
    ]
    attribute = study.list_attributes(ana, database, found.id)[0]
    assert (attribute.name, attribute.label, attribute.kind) == (
        "kind",
        "Kind of person",
        "ordered",
    )
    assert attribute.ordered_values == ("Young person", "Parent")
    mapping = read_mapping(ingest.last_mapping(ana, database, found.id) or "", "kept")
    assert mapping.questions[0].asked_if == {"who": ("Parent",)}
    assert mapping.questions[1].not_asked_values == ("yes", "n/a")
    assert mapping.identifying == ("email",)


def test_a_rule_about_no_column_is_refused(open_page: Open) -> None:
    at = edit(upload(open_page("import_survey")), 3, asked_if="whom = Parent")
    assert "why: The rule speaks of 'whom', which is no column. Did you mean 'who'?" in said(at)


def test_edits_outlive_a_look_at_another_page(open_page: Open, sample_study: int) -> None:
    at = upload(open_page("import_survey", study=sample_study))
    at.radio(key="import_into_new").set_value(True)
    at = name_study(at.run(), "Later")
    source = next(item for item in at.radio if item.label.startswith("Take the meaning"))
    source.set_value("file")
    at.run()
    text = "respondent_id: id\nquestions: [{column: how, ref: q7}]\n"
    at.file_uploader(key="mapping_file").set_value(("m.yaml", text.encode(), "text/yaml"))
    at = edit(at.run(), 1, role="attribute", ref="kind")
    pages = "workbench/ui/pages"
    at.switch_page(f"{pages}/codebook.py")
    at.run()
    at.switch_page(f"{pages}/import_survey.py")
    at.run()
    assert editor(at).value["ref"].to_list() == ["", "kind", "", "", "q7"]
    assert editor(at).value["role"].to_list()[1] == "attribute"
    assert at.text_input(key="import_study_name").value == "Later"
    assert has_button(at, CHECK)


def test_edits_outlive_a_look_at_another_source(open_page: Open) -> None:
    at = edit(upload(open_page("import_survey")), 1, ref="kind")
    next(item for item in at.radio if item.label.startswith("Take the meaning")).set_value("file")
    at.run()
    text = "respondent_id: id\nquestions: [{column: how}]\n"
    at.file_uploader(key="mapping_file").set_value(("m.yaml", text.encode(), "text/yaml"))
    at.run()
    assert editor(at).value["role"].to_list()[1] == "ignore"
    next(item for item in at.radio if item.label.startswith("Take the meaning")).set_value(
        "proposal"
    )
    at.run()
    assert editor(at).value["ref"].to_list()[1] == "kind"


def test_the_same_file_again_changes_nothing(
    open_page: Open, ana: Actor, database: Database, sample_study: int
) -> None:
    from workbench.settings import bundled

    content = (bundled("data_samples") / "speakout" / "survey.csv").read_bytes()
    at = upload(open_page("import_survey", study=sample_study), content)
    source = next(item for item in at.radio if item.label.startswith("Take the meaning"))
    assert source.value == "last"
    assert editor(at).value.set_index("column")["ref"]["q1_seeking"] == "q1"
    at = click(at, CHECK)
    assert "Nothing will change: the study has all of this already." in said(at)
    before = study.progress(ana, database, sample_study)
    at = click(at, "Import into SpeakOut sample")
    assert "Nothing has changed" in said(at)
    assert study.progress(ana, database, sample_study) == before
    assert has_button(at, "Code the answers")


def test_codings_that_lost_their_words_are_led_to(open_page: Open, sample_study: int) -> None:
    import csv
    import io

    from workbench.settings import bundled

    path = bundled("data_samples") / "speakout" / "survey.csv"
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    at_answer = head.index("q1_seeking")
    rows[2][at_answer] = "Nothing to add."
    grown = io.StringIO()
    csv.writer(grown).writerows([head, *rows])
    at = upload(open_page("import_survey", study=sample_study), grown.getvalue().encode())
    at = click(click(at, CHECK), "Import into SpeakOut sample")
    assert "1 changed answer" in said(at)
    assert has_button(at, "Place again: 2")


def test_a_mapping_that_does_not_fit_is_not_offered(open_page: Open, sample_study: int) -> None:
    at = upload(open_page("import_survey", study=sample_study))
    source = next(item for item in at.radio if item.label.startswith("Take the meaning"))
    assert source.options == ["What the columns hold", "A mapping file"]
    assert "does not fit this file: there is no column" in said(at)


def test_a_mapping_file_fills_the_table(open_page: Open) -> None:
    at = upload(open_page("import_survey"))
    source = next(item for item in at.radio if item.label.startswith("Take the meaning"))
    source.set_value("file")
    at.run()
    text = 'respondent_id: id\nquestions: [{column: how, ref: q7, text: "How so?"}]\n'
    text += "ignore: [who, email]\n"
    at.file_uploader(key="mapping_file").set_value(("m.yaml", text.encode(), "text/yaml"))
    at.run()
    table = editor(at).value.set_index("column")
    assert table["role"].to_dict() == {
        "id": "respondent id",
        "who": "ignore",
        "email": "ignore",
        "why": "ignore",
        "how": "open answer",
    }
    assert table["text"]["how"] == "How so?"
    assert table["reason"]["why"] == "not in the mapping; it looks like: open answer"
    at.file_uploader(key="mapping_file").set_value(("m.yaml", b"respondent_id: [", "text/yaml"))
    at.run()
    assert "m.yaml, row" in said(at).replace("\\", "")
    assert "this is not YAML" in said(at)


def test_a_file_that_cannot_be_read_says_why_and_can_be_read_differently(open_page: Open) -> None:
    at = upload(open_page("import_survey"), b'id,why\nR1,"an open quotation\nR2,more\n', "odd.csv")
    assert "odd.csv, row 2: a quotation mark opens in this row" in said(at).replace("\\", "")
    assert not at.data_editor
    at = click(at, "Choose another file")
    at = upload(at, "id;why\nR1;Café\nR2;Thé\n".encode("cp1252"), "excel.csv")
    assert "Windows-1252, parted by semicolon" in said(at)
    assert "Read as Windows-1252" in said(at)
    next(item for item in at.selectbox if item.label == "Encoding").set_value("mac-roman")
    at.run()
    assert "mac-roman, parted by semicolon" in said(at)
    assert "CafÈ" in at.dataframe[-1].value["why"].to_list()


def test_a_survey_in_cyrillic_letters_of_windows_can_be_read(open_page: Open) -> None:
    data = "id;why\nR1;Мы ждали три месяца\nR2;Никто не позвонил\n".encode("cp1251")
    at = upload(open_page("import_survey"), data, "survey.csv")
    next(item for item in at.selectbox if item.label == "Encoding").set_value("windows-1251")
    at.run()
    assert "Мы ждали три месяца" in at.dataframe[-1].value["why"].to_list()


def test_another_sheet_of_a_workbook_can_be_chosen(open_page: Open) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["only", "notes"])
    book.active.append(["a", "b"])
    sheet = book.create_sheet("Answers")
    sheet.append(["id", "why"])
    sheet.append(["R1", "They listened"])
    stream = io.BytesIO()
    book.save(stream)
    at = upload(open_page("import_survey"), stream.getvalue(), "book.xlsx")
    assert "sheet 'Notes' of 2" in said(at)
    next(item for item in at.selectbox if item.label == "Sheet").set_value("Answers")
    at.run()
    assert "sheet 'Answers' of 2" in said(at)
    assert editor(at).value["column"].to_list() == ["id", "why"]


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("qualtrics.csv", "5 rows, 33 columns, read as an export of Qualtrics, UTF-8, parted by"),
        ("survey.ods", "3 rows, 7 columns, sheet 'Answers' of 3"),
    ],
)
def test_the_page_says_how_a_file_was_read(open_page: Open, name: str, facts: str) -> None:
    content = (EXPORTS / name).read_bytes()
    at = upload(open_page("import_survey"), content, name)
    assert f"{name}: {facts}" in said(at)
    assert len(editor(at).value) == int(facts.split()[2])


def test_a_name_that_is_taken_is_refused(open_page: Open, sample_study: int) -> None:
    at = upload(open_page("import_survey", study=sample_study))
    at.radio(key="import_into_new").set_value(True)
    at = name_study(at.run(), "speakout SAMPLE")
    assert "There is a study of this name." in said(at)
    assert not has_button(at, CHECK)


def test_a_change_after_the_check_asks_for_another_check(open_page: Open) -> None:
    at = click(name_study(upload(open_page("import_survey")), "X"), CHECK)
    at = edit(at, 1, role="ignore")
    assert "have changed since the last check" in said(at)
    assert has_button(at, CHECK)
    assert not has_button(at, "Import into X")


def test_the_sample_is_offered_while_it_is_absent(
    open_page: Open, ana: Actor, database: Database
) -> None:
    at = click(open_page("import_survey"), "Load the sample study")
    assert [item.name for item in study.list_studies(ana, database)] == ["SpeakOut sample"]
    at.switch_page("workbench/ui/pages/import_survey.py")
    at.run()
    assert not has_button(at, "Load the sample study")


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "**bold** :red[x]"])
def test_hostile_names_are_only_text(open_page: Open, hostile: str) -> None:
    content = f'id,"{hostile}"\nR1,They listened to me and then they did not\n'
    content += "R2,Nobody rang me back at all\n"
    at = upload(open_page("import_survey"), content.encode(), f"{hostile}.csv".replace("/", ""))
    at = edit(name_study(at, hostile), 1, role="respondent id")
    html = "".join(element.proto.body for element in at.get("html"))
    assert "<script>" not in html
    assert all(hostile not in item.value for item in at.markdown)
    at = edit(at, 1, role="open answer")
    at = click(at, CHECK)
    labels = [item.label for item in at.button]
    assert all(hostile not in label for label in labels), labels


def test_codings_from_a_csv_are_reported(open_page: Open, sample_study: int) -> None:
    at = open_page("import_survey", study=sample_study)
    uploader = next(item for item in at.file_uploader if item.label == "File of codings")
    content = (
        "respondent,question,quote,code,coder\n"
        "R001,q1,,Access barriers / First point of contact,Zoe\n"
        "R999,q1,,Access barriers,Zoe\n"
    )
    uploader.set_value(("c.csv", content.encode(), "text/csv"))
    at.run()
    at = click(at, "Import these codings")
    assert "1 coding new, by new coders: Zoe; 0 there already." in said(at)
    bad = at.dataframe[-1].value
    assert (bad["Row"].to_list(), bad["Column"].to_list()) == ([3], ["respondent"])
    uploader = next(item for item in at.file_uploader if item.label == "File of codings")
    uploader.set_value(("c.csv", b"a,b\n1,2\n", "text/csv"))
    at.run()
    at = click(at, "Import these codings")
    assert "c.csv, row 1: no column code, respondent" in said(at).replace("\\", "")


def test_the_mapping_on_the_page_can_be_kept(open_page: Open) -> None:
    at = upload(open_page("import_survey"))
    downloads = [item.label for item in at.get("download_button")]
    assert "Download mapping" in downloads
    mapping = read_mapping("respondent_id: id\nquestions: [{column: why}]", "m.yaml")
    assert read_mapping(mapping_text(mapping), "again") == mapping

"""A table of themes in words, as files and as pictures; and the extracts behind its cells."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from workbench.domain.codings import DocumentFilter
from workbench.errors import InputError
from workbench.services.coding import extract_files, extracts
from workbench.services.counting import compare, figures, summarise, table_files


@pytest.fixture
def coded(bench):
    """Two coders: R1 and R2 mention Waiting, R3 School; one whole answer twice."""
    ben = bench.person("Ben")
    codes = bench.codes()

    def add(label, name, actor=None):
        sent = {"kind": "add", "document": bench.document(label), "code": codes[name].guid,
                "coding": new_id(), "start": None, "end": None}  # fmt: skip
        assert not bench.send(sent, actor=actor).rejected

    add("R1", "Waiting")
    add("R1", "Waiting", ben)
    add("R2", "Phone", ben)
    add("R3", "School")
    return bench


def new_id():
    from tests.builders import new_id as made

    return made()


def table(bench, **options):
    return summarise.summarise(
        bench.actor, bench.database, bench.study_id, with_totals=True, **options
    )


def find(bench, **options):
    where = extracts.make_filter(bench.actor, bench.database, bench.study_id, **options)
    return extracts.count_extracts(bench.actor, bench.database, bench.study_id, where)


def test_totals_count_everybody_once_where_groups_overlap(coded):
    found = table(coded, by=["needs"])
    access = coded.codes()["Access"].id
    assert found.overlapping
    assert found.row(access, {}).respondents == 2
    assert found.row(access, {}).base == 4
    assert found.row(access, {"needs": "money"}).respondents == 2
    assert found.row(access, {"needs": "sleep"}).respondents == 1
    assert found.row(access, {"needs": "nothing of the kind"}) is None


def test_extracts_of_a_cell_are_those_of_its_respondents(coded):
    ids = {item.name: item.attribute_id for item in summarise.list_groups(
        coded.actor, coded.database, coded.study_id)}  # fmt: skip
    access = coded.codes()["Access"].id
    within = DocumentFilter(groups=((ids["group"], "Roma"), (ids["age"], "young")))
    found = find(coded, code_ids=[access], documents=within)
    assert (found.n_extracts, found.n_respondents, found.n_flagged) == (2, 1, 0)
    assert find(coded, code_ids=[access], layer="Ben").n_extracts == 2
    not_stated = DocumentFilter(groups=((ids["group"], "Not stated"),))
    assert find(coded, documents=not_stated).n_extracts == 0
    question = coded.documents()[0].question_id
    assert find(coded, documents=DocumentFilter(question_id=question)).n_extracts == 4


def test_a_filter_by_group_narrows_base_and_hits(coded):
    ids = {item.name: item.attribute_id for item in summarise.list_groups(
        coded.actor, coded.database, coded.study_id)}  # fmt: skip
    found = table(coded, where=DocumentFilter(groups=((ids["age"], "old"),)))
    access = found.row(coded.codes()["Access"].id, {})
    assert (access.base, access.respondents) == (2, 1)


def test_groups_have_their_order_and_not_stated_where_needed(coded):
    groups = {item.name: item for item in summarise.list_groups(
        coded.actor, coded.database, coded.study_id)}  # fmt: skip
    assert "email" not in groups
    assert groups["age"].values == ("young", "middle", "old")
    assert groups["group"].values == ("Irish", "Roma", "Not stated")
    assert groups["needs"].several


def test_a_cell_in_words(coded):
    found = table(coded, by=["group"])
    row = found.row(coded.codes()["Access"].id, {"group": "Roma"})
    assert figures.say(row) == "All of 2 respondents (Roma) mention Access."
    assert figures.percent(row) == 100
    assert figures.interval(row) == "34-100"
    nobody = found.row(coded.codes()["Access"].id, {"group": "Irish"})
    assert figures.interval(nobody) == "0-79"


def test_warnings_name_what_is_not_done_and_what_overlaps(coded):
    lines = figures.warnings(table(coded, by=["needs"]))
    assert lines[0] == "7 documents are not marked as done by anybody: counts may still grow."
    assert "overlap" in lines[1]
    assert len(lines) == 2
    mine = figures.warnings(table(coded, layer=coded.actor.name))
    assert mine[0].endswith(f" not marked as done by {coded.actor.name}: counts may still grow.")


def test_csv_has_a_row_per_theme_and_group(coded):
    found = table(coded, by=["group", "age"], level="code")
    content = table_files.table_file(found, format="csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == len(found.rows) == 5 * 3 * 3
    waiting = next(
        row for row in rows
        if (row["theme"], row["group"], row["age"]) == ("Access / Waiting", "Roma", "young")
    )  # fmt: skip
    assert (waiting["base"], waiting["respondents"], waiting["share"]) == ("1", "1", "1")
    empty = next(row for row in rows if (row["group"], row["age"]) == ("Roma", "middle"))
    assert (empty["base"], empty["share"]) == ("0", "")


def test_xlsx_shows_the_table_its_figures_and_what_it_is(coded):
    found = table(coded, by=["group"])
    book = openpyxl.load_workbook(io.BytesIO(table_files.table_file(found, format="xlsx")))
    assert book.sheetnames == ["Table", "Figures", "About"]
    lines = list(book["Table"].values)
    assert lines[0][:3] == (
        "theme", "All respondents (n = 4): respondents", "All respondents: share",
    )  # fmt: skip
    assert lines[1][:3] == ("Access", 2, 0.5)
    about = dict(list(book["About"].values)[:4])
    assert about["Layer"] == "any"
    base = dict(list(book["About"].values)[:5])["Base"]
    assert base == "n and shares are of respondents who answered anything within the filter."


def test_pictures_leave_out_groups_without_anybody(coded):
    found = table(coded, by=["group", "age"])
    drawn = figures.picture(found, "heat_map")
    (data,) = drawn.to_dict()["datasets"].values()
    assert {row["name"] for row in data} == {
        "Roma, young", "Roma, old", "Irish, old", "Not stated, young",
    }  # fmt: skip
    one = figures.picture(found, "bars", code_id=coded.codes()["School"].id)
    assert one.to_dict()["title"]["text"] == ["Respondents who mention School, by group and age"]


def test_picture_files(coded):
    found = table(coded, by=["group"])
    assert figures.picture_file(found, "heat_map", format="png").startswith(b"\x89PNG")
    svg = figures.picture_file(found, "all_bars", format="svg").decode()
    assert "Roma" in svg
    nobody = table(coded, where=DocumentFilter(search="zzzzz"))
    assert figures.picture(nobody, "heat_map") is None
    with pytest.raises(InputError, match=r"there is nothing to draw\. Take back a filter\."):
        figures.picture_file(nobody, "heat_map", format="png")


def test_an_export_says_what_was_left_out(coded):
    ids = {item.name: item.attribute_id for item in summarise.list_groups(
        coded.actor, coded.database, coded.study_id)}  # fmt: skip
    where = extracts.make_filter(
        coded.actor, coded.database, coded.study_id,
        codes=["Access"], layer="Ben", search="she",
        documents=DocumentFilter(groups=((ids["group"], "Roma"),)),
    )  # fmt: skip
    page = extract_files.extracts_file(
        coded.actor, coded.database, coded.study_id, where, format="html", attributes=["group"]
    ).decode()
    for words in ("Only these codes and those below them: Access.", "Only the codings of Ben.",
                  "Only Group: Roma.", "Only documents with the words: she"):  # fmt: skip
        assert words in page
    assert "secret.example" not in page


def test_identifying_attributes_are_refused_by_name(coded):
    with pytest.raises(InputError, match="no attribute 'email' that may leave the database"):
        extract_files.extracts_file(
            coded.actor, coded.database, coded.study_id, extracts.ExtractFilter(),
            format="csv", attributes=["email"],
        )  # fmt: skip


def test_paging_meets_every_extract_once(coded):
    seen = []
    for offset in range(0, 6, 2):
        page, total = extracts.find_extracts(
            coded.actor, coded.database, coded.study_id, extracts.ExtractFilter(),
            offset=offset, limit=2,
        )  # fmt: skip
        seen += [item.coding_guid for item in page]
    assert total == len(seen) == len(set(seen)) == 4


def test_docx_holds_a_real_table_and_says_what_it_is(coded):
    from docx import Document

    found = table(coded, by=["group"], base="everybody")
    report = Document(io.BytesIO(table_files.table_file(found, format="docx", notes=["A note."])))
    (drawn,) = report.tables
    lines = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert lines[0] == ["Theme", "All respondents (n = 4)", "Irish (n = 1)", "Roma (n = 2)",
                        "Not stated (n = 1)"]  # fmt: skip
    assert lines[1][:2] == ["Access", "2 (50 %)\n15-85 %"]
    said = "\n".join(paragraph.text for paragraph in report.paragraphs)
    assert "Respondents who mention each theme, by group" in said
    assert "Base: n and shares are of all respondents, whether or not they were asked." in said
    assert "Note: A note." in said
    assert "tblHeader" in drawn._tbl.xml


def test_hostile_names_in_a_document_stay_text(empty):
    from docx import Document

    from tests.builders import CODEBOOK, SURVEY

    empty.ingest(SURVEY.replace("Roma", "=1+1 \u202e<b>\x0b"))
    empty.load(CODEBOOK.replace("name: Schooling", "name: '=cmd|x'"))
    found = table(empty, by=["group"])
    report = Document(io.BytesIO(table_files.table_file(found, format="docx")))
    words = [cell.text for row in report.tables[0].rows for cell in row.cells]
    assert "=cmd|x" in words
    assert any("<b>" in word for word in words)
    content = table_files.table_file(found, format="csv").decode("utf-8-sig")
    assert "'=cmd|x" in content


def test_every_file_and_picture_says_whom_shares_are_of(coded):
    found = table(coded, by=["group"], base="asked")
    content = table_files.table_file(found, format="csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert {row["base_of"] for row in rows} == {
        "respondents who were asked, blank answers included"
    }
    book = openpyxl.load_workbook(io.BytesIO(table_files.table_file(found, format="xlsx")))
    assert ("Base", "n and shares are of respondents who were asked, blank answers included.") in (
        list(book["About"].values)
    )
    drawn = figures.picture(found, "heat_map")
    assert "n: respondents who were asked" in drawn.to_dict()["title"]["subtitle"]


def compared(bench, **options):
    return compare.compare_groups(
        bench.actor, bench.database, bench.study_id, by="group", values=("Roma", "Irish"), **options
    )


def test_two_groups_as_files(coded):
    from docx import Document

    found = compared(coded)
    content = table_files.compare_file(found, format="csv").decode("utf-8-sig")
    row, *_ = csv.DictReader(io.StringIO(content, newline=""))
    assert (row["theme"], row["Roma: respondents"], row["Irish: base"]) == ("Access", "2", "1")
    assert (row["difference"], row["difference low"]) == ("1", "-0.030547")
    book = openpyxl.load_workbook(io.BytesIO(table_files.compare_file(found, format="xlsx")))
    assert book.sheetnames == ["Comparison", "About"]
    assert any("chose to take part" in str(text) for _, text in book["About"].values)
    report = Document(io.BytesIO(table_files.compare_file(found, format="docx")))
    lines = [[cell.text for cell in row.cells] for row in report.tables[0].rows]
    assert lines[0] == ["Theme", "Roma (n = 2)", "Irish (n = 1)", "Difference, percentage points"]
    assert lines[1][3] == "+100 points\n-3 to 100"
    assert table_files.difference_text(None) == ("\u2013", "")


def test_two_groups_as_a_picture(coded):
    found = compared(coded)
    access = coded.codes()["Access"].id
    drawn = figures.compare_picture(found, code_id=access)
    assert drawn.to_dict()["title"]["text"] == ["Respondents who mention Access: Roma and Irish"]
    (data,) = drawn.to_dict()["datasets"].values()
    assert [row["name"] for row in data] == ["Roma", "Irish"]
    assert figures.compare_picture_file(found, format="svg").startswith(b"<svg")


def test_what_awaits_adjudication_is_said_apart(coded):
    ben = coded.person("Ben")
    document = coded.document("R1")
    coded.done(document)
    coded.done(document, ben)
    lines = figures.warnings(table(coded, layer="consensus"))
    assert lines[0] == "6 documents are not marked as done by anybody: counts may still grow."
    assert lines[1].startswith("1 document awaits adjudication")

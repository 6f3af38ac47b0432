"""The extracts page: found, read, recoded, removed, undone, turned over."""

from __future__ import annotations

from uuid import uuid4

import pytest

from workbench.domain.codings import DocumentFilter
from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, exchange, extracts, reading

HOSTILE = "<script>alert(1)</script> =1+1 **bold** [x](http://evil) \u202e مرحبا 👩‍👩‍👧"


def button(at, label, place=0):
    found = [item for item in at.button if item.label == label]
    assert found, (label, [item.label for item in at.button])
    return found[place]


def html(at) -> str:
    return "\n".join(item.proto.body for item in at.get("html"))


def markdown(at) -> str:
    return "\n".join(item.value for item in at.markdown)


@pytest.fixture
def small(ana, database):
    """Make a study with a hostile answer, two codes, a coding of Ana's and one of Ben's."""
    from workbench.services import files
    from workbench.services.surveys import ingest

    text = HOSTILE.replace('"', '""')
    rows = f'id,role,why\nR1,Parent,"{text}"\nR2,Young person,"It was far away."\n'
    table = files.read_table(rows.encode(), "s.csv")
    mapping = files.read_mapping(
        "respondent_id: id\nattributes:\n  - {column: role, name: role, kind: category}\n"
        "questions:\n  - {column: why, ref: q1, text: 'Why?'}\n",
        "m.yaml",
    )
    ingest.ingest_survey(ana, database, "Small", files.read_survey(table, mapping), mapping="")
    found = study.find_study(ana, database, "Small")
    for name in ("Distance", "Language"):
        codebook.add_code(ana, database, found.id, name=name, parent_id=None)
    listed, _ = reading.list_documents(ana, database, found.id, DocumentFilter())
    by_label = {item.label: item.id for item in listed}
    codes = {item.name: item for item in codebook.list_codes(ana, database, found.id)}
    ben = study.sign_in(database, "Ben")
    for who, document, name in ((ana, "R1", "Language"), (ben, "R2", "Distance")):
        sent = {"id": str(uuid4()), "kind": "add", "document": by_label[document],
                "code": codes[name].guid, "coding": str(uuid4())}  # fmt: skip
        assert not code.apply_operations(who, database, found.id, [sent]).rejected
    return found.id


def rows(ana, database, study_id):
    return [(row["respondent"], row["code"], row["coder"])
            for row in exchange.export_codings(ana, database, study_id)]  # fmt: skip


def test_words_are_shown_as_text_with_whose_they_are(open_page, small):
    at = open_page("extracts", study=small)
    assert not at.exception
    assert "**2 extracts** from 2 respondents" in markdown(at)
    body = html(at)
    assert "<script" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert 'class="said" dir="auto"' in body
    assert "R1 · Parent · Why? · the whole text · coded by Ana" in body


def test_only_own_codings_can_be_changed(open_page, small):
    at = open_page("extracts", study=small)
    labels = [item.label for item in at.button]
    assert labels.count("Open in coding") == 2
    assert labels.count("Recode") == labels.count("Remove") == 1


def test_remove_and_undo(open_page, ana, database, small):
    at = open_page("extracts", study=small)
    button(at, "Remove").click().run()
    assert not at.exception
    assert rows(ana, database, small) == [("R2", "Distance", "Ben")]
    assert "**1 extract** from 1 respondent" in markdown(at)
    button(at, "Undo").click().run()
    assert not at.exception
    assert len(rows(ana, database, small)) == 2
    assert "Undo" not in [item.label for item in at.button]


def test_recode_from_the_list(open_page, ana, database, small):
    at = open_page("extracts", study=small)
    button(at, "Recode").click().run()
    assert not at.exception
    box = at.selectbox(key="in_study:extracts_new_code")
    assert box.options == ["Distance"]
    assert button(at, "Give this code").disabled
    box.select("Distance").run()
    button(at, "Give this code").click().run()
    assert not at.exception
    assert ("R1", "Distance", "Ana") in rows(ana, database, small)
    button(at, "Undo").click().run()
    assert ("R1", "Language", "Ana") in rows(ana, database, small)


def test_something_gone_in_the_meantime_is_refused_with_the_reason(open_page, ana, database, small):
    at = open_page("extracts", study=small)
    found, _ = extracts.find_extracts(ana, database, small, extracts.ExtractFilter())
    mine = next(item for item in found if item.extract.coder == "Ana")
    gone = {"id": str(uuid4()), "kind": "remove", "coding": mine.coding_guid,
            "document": mine.document_id}  # fmt: skip
    code.apply_operations(ana, database, small, [gone])
    button(at, "Remove").click().run()
    assert "this coding is not there any more" in at.error[0].value


def test_filters_by_code_with_all_below_group_question_coder_and_words(
    open_page, ana, database, sample_study
):
    at = open_page("extracts", study=sample_study)
    theme = codebook.list_codes(ana, database, sample_study)[0]
    at.selectbox(key="in_study:extracts_code").set_value(theme.id).run()
    assert not at.exception
    where = extracts.make_filter(ana, database, sample_study, code_ids=[theme.id])
    counted = extracts.count_extracts(ana, database, sample_study, where)
    everything = extracts.count_extracts(ana, database, sample_study, extracts.ExtractFilter())
    assert 0 < counted.n_extracts < everything.n_extracts
    assert f"**{counted.n_extracts} extracts**" in markdown(at)
    at.selectbox(key="in_study:extracts_layer").set_value("Coder A").run()
    group = next(option for option in at.multiselect(key="in_study:extracts_group").options
                 if option.startswith("Parent"))  # fmt: skip
    at.multiselect(key="in_study:extracts_group").select(group).run()
    at.text_input(key="in_study:extracts_search").set_value("the").run()
    assert not at.exception
    narrowed = html(at)
    assert "coded by Coder B" not in narrowed
    assert "Young person" not in narrowed
    button(at, "Clear filter").click().run()
    assert not at.exception
    assert at.selectbox(key="in_study:extracts_code").value is None


def test_only_a_page_is_loaded_and_the_next_begins_where_it_ended(
    open_page, ana, database, sample_study
):
    at = open_page("extracts", study=sample_study)
    first = html(at)
    assert first.count("<article") == 20
    button(at, "Next").click().run()
    assert not at.exception
    assert html(at).count("<article") == 20
    assert "21-40 of" in markdown(at)
    page, _ = extracts.find_extracts(
        ana, database, sample_study, extracts.ExtractFilter(), offset=20, limit=1
    )
    assert f"{page[0].extract.respondent} ·" in html(at)
    at.text_input(key="in_study:extracts_search").set_value("the").run()
    assert "1-20 of" in markdown(at), "a new filter begins at the top"


def test_nothing_coded_yet_leads_to_coding(open_page, ana, database):
    made = study.create_study(ana, database, "Empty")
    at = open_page("extracts", study=made.id)
    assert "Nothing is coded yet" in html(at)
    button(at, "Begin coding")


def test_nothing_found_offers_everything(open_page, small):
    at = open_page("extracts", study=small)
    at.text_input(key="in_study:extracts_search").set_value("zzzqqq").run()
    assert "Nothing is coded so" in html(at)
    button(at, "Show everything").click().run()
    assert not at.exception
    assert "**2 extracts**" in markdown(at)


def test_export_offers_every_format_and_no_identifying_attribute(open_page, ana, database, small):
    from sqlalchemy import text

    with database.write() as connection:
        connection.execute(text("update attribute set identifying=1"))
    at = open_page("extracts", study=small)
    assert at.multiselect(key="in_study:extracts_attributes").options == []
    kinds = at.get("button_group")[0]
    assert [option.content for option in kinds.proto.options] == ["CSV", "XLSX", "DOCX", "HTML"]
    assert [item.label for item in at.get("download_button")] == ["Download 2 as CSV"]
    assert "Parent" not in html(at)


def test_a_very_long_answer_is_cut_on_the_page():
    from workbench.domain.extracts import Extract
    from workbench.ui.components.coding.extract_list import MAX_SHOWN, extract_html

    long = Extract("g", ("A",), "<" * 1_000_000, 1, "d", "Ana", "2022-02-14T10:00:00Z")
    written = extract_html(long, None, [])
    assert len(written) < 10 * MAX_SHOWN
    assert "998,000 more characters" in written
    assert "14 Feb 2022" in written


def test_open_in_coding_hands_the_document_over(open_page, ana, database, small):
    at = open_page("extracts", study=small)
    page, _ = extracts.find_extracts(ana, database, small, extracts.ExtractFilter())
    at.button(key=f"open_{page[0].coding_guid}").click()
    at.run()
    assert not at.exception
    assert at.session_state["in_study:open_document"] == page[0].document_id


def test_a_star_is_set_found_and_taken_away(open_page, small):
    at = open_page("extracts", study=small)
    button(at, "Star", 1).click().run()
    assert not at.exception
    assert [item.label for item in at.button].count("Starred") == 1
    assert "starred by Ana" in html(at)
    at.selectbox(key="in_study:extracts_starred").set_value("me").run()
    assert "**1 extract** from 1 respondent" in markdown(at)
    button(at, "Starred").click().run()
    assert "Nothing is coded so" in html(at)
    button(at, "Show everything").click().run()
    assert "**2 extracts**" in markdown(at)
    assert at.selectbox(key="in_study:extracts_starred").value == ""


def test_what_may_not_be_quoted_is_marked_and_asked_about(open_page, ana, database, small):
    from sqlalchemy import text

    with database.write() as connection:
        connection.execute(text("update respondent set may_be_quoted = 0 where ref = 'R2'"))
    at = open_page("extracts", study=small)
    assert "Not to be quoted" in html(at)
    assert "It was far away." in html(at)
    box = at.checkbox(key="in_study:extracts_withheld")
    assert box.label == "With the words of 1 that may not be quoted"
    assert not box.value
    box.check().run()
    assert "Keep it to yourself" in html(at)
    at.checkbox(key="in_study:extracts_quotable").check().run()
    assert not at.exception
    assert "**1 extract** from 1 respondent" in markdown(at)
    assert "It was far away." not in html(at)


def test_nobody_is_asked_about_quoting_where_everybody_may_be(open_page, small):
    at = open_page("extracts", study=small)
    assert "in_study:extracts_withheld" not in [item.key for item in at.checkbox]


def test_saved_filters_are_opened_by_somebody_else_and_refuse_a_taken_name(
    open_page, ana, database, small
):
    from workbench.services.coding import saved_filters
    from workbench.services.coding.saved_filters import Settings

    ben = study.sign_in(database, "Ben")
    codes = {item.name: item.id for item in codebook.list_codes(ana, database, small)}
    made = Settings(DocumentFilter(search="far"), codes["Distance"], ben.id)
    saved_filters.save_filter(ben, database, small, "extracts", "Far", made)
    at = open_page("extracts", study=small)
    at.selectbox(key="in_study:extracts_saved_one").select("Far").run()
    at.button(key="extracts_saved_open").click().run()
    assert not at.exception
    assert "**1 extract**" in markdown(at)
    assert at.selectbox(key="in_study:extracts_code").value == codes["Distance"]
    assert at.selectbox(key="in_study:extracts_layer").value == "Ben"
    at.text_input(key="in_study:extracts_saved_name").set_value("Nearby").run()
    at.button(key="extracts_saved_rename").click().run()
    kept = saved_filters.list_filters(ana, database, small, "extracts")
    assert [item.name for item in kept] == ["Nearby"]
    at.text_input(key="in_study:extracts_saved_name").set_value("nearby").run()
    assert at.button(key="extracts_saved_save").label == "Save in its place"


def test_a_reload_finds_the_same_extracts(open_page, ana, database, sample_study):
    from tests.ui.pages.test_themes import reloaded

    at = open_page("extracts", study=sample_study)
    options = at.selectbox(key="in_study:extracts_code").options
    at.selectbox(key="in_study:extracts_code").set_value(options[1]).run()
    at.selectbox(key="in_study:extracts_kind").set_value("Focus groups").run()
    at.selectbox(key="in_study:extracts_starred").set_value("anybody").run()
    at.selectbox(key="in_study:extracts_starred").set_value("").run()
    at.checkbox(key="in_study:extracts_quotable").check().run()
    (told,) = [item.value for item in at.markdown if "extracts** from" in item.value]
    again = reloaded(at, "extracts")
    assert not again.exception
    assert [item.value for item in again.markdown if "extracts** from" in item.value] == [told]
    assert again.checkbox(key="in_study:extracts_quotable").value
    assert set(again.query_params) == {"as", "study", "coded", "kind", "quotable_only"} | (
        {"code_id"} & set(again.query_params)
    )

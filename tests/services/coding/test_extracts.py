"""Extracts: found, paged, counted and written to files."""

import csv
import io
import zipfile

import pytest
from docx import Document
from sqlalchemy import text, update

from tests.builders import SURVEY
from workbench.domain.codings import DocumentFilter
from workbench.domain.memos import MemoFilter
from workbench.errors import InputError, NotFound, StoreError
from workbench.services.coding import extract_files, extracts, star
from workbench.services.counting.summarise import summarise
from workbench.services.memos import memo_files, memos
from workbench.store.coding import extracts as store
from workbench.store.tables import respondent


def arguments(bench, actor=None):
    return actor or bench.actor, bench.database, bench.study_id


def where(bench, **options):
    return extracts.make_filter(*arguments(bench), **options)


def quotes(bench, actor=None, **options):
    page, total = extracts.find_extracts(*arguments(bench, actor), where(bench, **options))
    assert total == len(page)
    return [item.extract.quote for item in page]


@pytest.fixture
def coded(bench):
    bench.code(bench.document("R1"), "School", "She listened")
    bench.code(bench.document("R2"), "Schooling", "rang back")
    bench.code(bench.document("R3"), "Waiting", "تین بار")
    bench.code(bench.document("R4"), "Access", None)
    bench.code(bench.document("R1"), "Phone", "left", actor=bench.person("Ben"))
    return bench


def test_a_code_takes_those_below_it_and_none_that_only_begins_alike(coded):
    assert quotes(coded, codes=["School"]) == ["She listened"]
    assert quotes(coded, codes=["schooling"]) == ["rang back"]
    assert quotes(coded, codes=["Access"]) == ["The school was kind", "تین بار", "left"]
    assert quotes(coded, codes=["Access / Phone", "School"]) == ["left", "She listened"]
    assert len(quotes(coded)) == 5


def test_filters(coded):
    assert quotes(coded, layer="Ben") == ["left"]
    assert quotes(coded, search="SCHOOL kind") == ["The school was kind"]
    assert quotes(coded, search="100%") == []
    coded.done(coded.document("R2"))
    assert quotes(coded, layer="consensus") == ["rang back"]
    with pytest.raises(InputError, match=r"no code 'Nothing' in the codebook"):
        where(coded, codes=["Nothing"])
    with pytest.raises(NotFound, match="no coder 'Zoe'"):
        where(coded, layer="Zoe")
    with pytest.raises(InputError, match="at most 500"):
        quotes(coded, search="x" * 1_000_000)


def test_an_extract_says_what_a_reader_needs(coded):
    page, _ = extracts.find_extracts(*arguments(coded), where(coded, codes=["School"]), width=8)
    (found,) = page
    item = found.extract
    assert (item.code_path, item.theme, item.colour) == (("School",), "School", "#332288")
    assert (item.respondent, item.question_ref, item.question) == ("R1", "q1", "What happened?")
    assert (item.start, item.end, item.before, item.coder) == (0, 12, "", "Asha")
    assert item.after.strip().startswith("to me")
    assert item.attributes == {"group": "Roma", "age": "young", "needs": "money; sleep"}
    child = extracts.find_extracts(*arguments(coded), where(coded, layer="Ben"))[0][0].extract
    assert child.colour == "#882255", "a sub-theme shows its theme's colour"


def test_nobody_looks_for_speakers_all_along_a_list_where_none_is_named(coded, monkeypatch):
    """A transcript of one person's voice note has segments, and no speaker in any of them."""
    from sqlalchemy import event

    from workbench.domain.transcripts import TimedSegment
    from workbench.store.codebooks import codebook
    from workbench.store.tables import segment
    from workbench.store.voice_notes import spoken, transcripts

    first = coded.document("R1")
    with coded.database.write() as connection:
        revision_id = spoken.current_revision(connection, first)
        transcripts.write_segments(connection, revision_id, [TimedSegment(0, 60, 0, 1_000)])
    monkeypatch.setattr(store, "PAGE", 2)

    def streamed():
        asked = []

        def note(_, __, statement, *___):
            asked.append("segment.speaker" in statement and "coding.guid" in statement)

        event.listen(coded.database.engine, "before_cursor_execute", note)
        try:
            with coded.database.read() as connection:
                codes = codebook.list_codes(connection, coded.study_id, with_retired=True)
                rows = list(
                    store.stream_extracts(
                        connection, coded.study_id, coded.actor.id, where(coded), codes
                    )
                )
        finally:
            event.remove(coded.database.engine, "before_cursor_execute", note)
        return [item.speaker for item in rows], sum(asked)

    speakers, n_asked = streamed()
    assert (set(speakers), len(speakers), n_asked) == ({""}, 5, 1), "on the first page of three"
    with coded.database.write() as connection:
        connection.execute(update(segment).values(speaker="Moderator"))
    speakers, n_asked = streamed()
    assert (speakers.count("Moderator"), n_asked) == (2, 3)


def test_paging_and_streaming_agree(coded, monkeypatch):
    from workbench.store.codebooks import codebook

    for item in coded.documents():
        for name in ("School", "Phone", "Waiting"):
            coded.send(coded.adding(item.id, name, None))
    found = where(coded)
    whole, total = extracts.find_extracts(*arguments(coded), found, limit=1_000)
    pages = []
    for offset in range(0, total, 4):
        pages += extracts.find_extracts(*arguments(coded), found, offset=offset, limit=4)[0]
    monkeypatch.setattr(store, "PAGE", 5)
    with coded.database.read() as connection:
        codes = codebook.list_codes(connection, coded.study_id, with_retired=True)
        streamed = list(
            store.stream_extracts(connection, coded.study_id, coded.actor.id, found, codes)
        )
    assert total == len(whole) == 26
    assert pages == whole
    assert streamed == [item.extract for item in whole]
    order = [item.extract.code_path for item in whole]
    assert list(dict.fromkeys(order)) == [
        ("Access",), ("Access", "Waiting"), ("Access", "Phone"), ("School",), ("Schooling",),
    ]  # fmt: skip


def test_counts_equal_the_mentions_of_a_table(coded):
    rows = summarise(*arguments(coded), level="code").rows
    for row in rows:
        found = extracts.count_extracts(*arguments(coded), where(coded, code_ids=[row.code_id]))
        assert (found.n_extracts, found.n_respondents) == (row.mentions, row.respondents)
    assert sum(row.mentions for row in rows) == 7


def read(path):
    """Give all the bytes that a reader of the file could see."""
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    return path.read_bytes()


def test_identifying_attributes_never_leave(coded, tmp_path):
    for ending in ("csv", "xlsx", "docx", "html"):
        path = tmp_path / f"out.{ending}"
        assert extract_files.export_extracts(*arguments(coded), path, where(coded)) == 5
        content = read(path)
        assert b"listened" in content
        assert b"secret" not in content
        assert b"email" not in content
        as_bytes = extract_files.extracts_file(*arguments(coded), where(coded), format=ending)
        assert b"secret" not in as_bytes
    with pytest.raises(InputError, match=r"no attribute 'email' that may leave the database"):
        extract_files.export_extracts(
            *arguments(coded), tmp_path / "x.csv", where(coded), attributes=["email"]
        )
    with coded.database.read() as connection:
        values = connection.execute(text("SELECT value FROM respondent_attribute")).scalars()
        assert "r1@secret.example" in set(values), "it is in the database, or this shows nothing"


def test_formulas_are_neutralised_in_a_table(empty, tmp_path):
    empty.ingest(SURVEY.replace("She listened", "=1+1 She listened").replace("Roma", "@group"))
    empty.load()
    empty.code(empty.document("R1"), "School", "=1+1 She")
    path = tmp_path / "out.csv"
    extract_files.export_extracts(*arguments(empty), path, where(empty))
    cells = [cell for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
             for cell in row]  # fmt: skip
    assert "'=1+1 She" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_chosen_attributes_only(coded):
    content = extract_files.extracts_file(
        *arguments(coded), where(coded), format="csv", attributes=["age"]
    ).decode("utf-8-sig")
    assert "young" in content
    assert "Roma" not in content


def test_an_export_leaves_an_event_and_blocks_nobody(coded, monkeypatch, tmp_path):
    """Somebody codes while a slow export is being written."""
    written = extract_files.write_extracts

    def slow(path, rows, **options):
        coded.code(coded.document("R2"), "Phone", "Nobody", actor=coded.person("Ben"))
        return written(path, rows, **options)

    monkeypatch.setattr(extract_files, "write_extracts", slow)
    n = extract_files.export_extracts(*arguments(coded), tmp_path / "x.csv", where(coded))
    assert n == 5
    with coded.database.read() as connection:
        verbs = connection.execute(text("SELECT verb FROM event ORDER BY number")).scalars().all()
    assert verbs[-2:] == ["code", "export extracts"]


def test_flagged_ones_are_marked_and_found_alone(coded):
    coded.ingest(SURVEY.replace("She listened to me. Then she left.", "Something else."))
    page, total = extracts.find_extracts(*arguments(coded), where(coded, flagged_only=True))
    assert total == 2
    assert {item.extract.marks for item in page} == {("to be placed again",)}


# ------------------------------------------------------------------ stars, and who may be quoted


def guid_of(bench, quote, actor=None):
    page, _ = extracts.find_extracts(*arguments(bench, actor), where(bench))
    return next(item.coding_guid for item in page if item.extract.quote == quote)


def test_a_star_is_ones_own_on_anybodys_coding(coded):
    ben = coded.person("Ben")
    assert star.set_star(*arguments(coded), guid_of(coded, "left"))
    assert not star.set_star(*arguments(coded), guid_of(coded, "left")), "it is there already"
    assert star.set_star(*arguments(coded, ben), guid_of(coded, "She listened"))
    assert quotes(coded, starred="me") == ["left"]
    assert quotes(coded, ben, starred="me") == ["She listened"]
    assert quotes(coded, starred="anybody") == ["left", "She listened"]
    page, _ = extracts.find_extracts(*arguments(coded), where(coded, starred="anybody"))
    assert [(item.starred, item.extract.starred_by) for item in page] == [
        (True, ("Asha",)), (False, ("Ben",)),
    ]  # fmt: skip
    assert star.set_star(*arguments(coded), guid_of(coded, "left"), starred=False)
    assert quotes(coded, starred="anybody") == ["She listened"]


def test_a_star_stands_in_nobodys_way(coded):
    from workbench.services.trail import undo

    left = guid_of(coded, "left")
    star.set_star(*arguments(coded), left)
    ben = coded.person("Ben")
    done = undo.undo(*arguments(coded, ben), undo.CODING)
    assert "Phone" in done.label
    assert quotes(coded, starred="anybody") == []
    with pytest.raises(NotFound, match="not there any more"):
        star.set_star(*arguments(coded), left)
    with coded.database.read() as connection:
        rows = connection.execute(text("SELECT verb, payload FROM event ORDER BY number")).all()
    payload = next(row.payload for row in rows if row.verb == "star")
    assert "left" not in payload


def test_starred_quotes_alone_are_exported_and_say_by_whom(coded, tmp_path):
    star.set_star(*arguments(coded), guid_of(coded, "left"))
    for ending in ("csv", "xlsx", "docx", "html"):
        path = tmp_path / f"out.{ending}"
        chosen = where(coded, starred="me")
        assert extract_files.export_extracts(*arguments(coded), path, chosen) == 1
        content = read(path).decode("utf-8", "replace")
        assert "Asha" in content
        assert "rang back" not in content
    content = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "starred by Asha" in content
    assert "Only quotes that were starred by whoever made this file." in content


@pytest.fixture
def unquotable(coded):
    """R1 may not be quoted, R2 may, the others were not asked."""
    with coded.database.write() as connection:
        for ref, answer in (("R1", False), ("R2", True)):
            connection.execute(
                update(respondent).where(respondent.c.ref == ref).values(may_be_quoted=answer)
            )
    return coded


def test_words_that_may_not_be_quoted_are_marked_and_withheld_in_every_file(unquotable, tmp_path):
    bench = unquotable
    page, _ = extracts.find_extracts(*arguments(bench), where(bench))
    marked = [item.extract.quote for item in page if "not to be quoted" in item.extract.marks]
    assert marked == ["left", "She listened"], "the page shows them, with the mark"
    counts = extracts.count_extracts(*arguments(bench), where(bench))
    assert (counts.n_extracts, counts.n_unquotable) == (5, 2)
    for ending in ("csv", "xlsx", "docx", "html"):
        path = tmp_path / f"out.{ending}"
        assert extract_files.export_extracts(*arguments(bench), path, where(bench)) == 5
        content = read(path)
        as_bytes = extract_files.extracts_file(*arguments(bench), where(bench), format=ending)
        for words in (b"listened", b"Then she"):  # the quote, and what stands around it
            assert words not in content
            assert words not in as_bytes or ending in ("xlsx", "docx")
        assert content.count(b"withheld: may not be quoted") >= 2
        assert b"not to be quoted" in content
        assert b"rang back" in content
        extract_files.export_extracts(*arguments(bench), path, where(bench), include_withheld=True)
        content = read(path)
        assert b"listened" in content
        assert b"[withheld" not in content
        assert b"not to be quoted" in content, "the mark stays"
        assert b"not pass it on" in content or ending == "csv"
    with bench.database.read() as connection:
        payloads = connection.execute(
            text("SELECT payload FROM event WHERE verb = 'export extracts' ORDER BY number")
        ).scalars().all()  # fmt: skip
    assert '"n_withheld":2' in payloads[0]
    assert '"n_included_though_not_to_be_quoted":2' in payloads[2]


def test_leaving_out_what_may_not_be_quoted(unquotable):
    assert quotes(unquotable, quotable_only=True) == ["The school was kind", "تین بار", "rang back"]
    counts = extracts.count_extracts(*arguments(unquotable), where(unquotable, quotable_only=True))
    assert (counts.n_respondents, counts.n_unquotable) == (3, 0)
    assert extract_files.count_withheld(*arguments(unquotable), where(unquotable)) == 2
    table = summarise(*arguments(unquotable))
    assert sum(row.mentions for row in table.rows) == 5, "counts are not changed by it"


def test_exchanged_codings_leave_out_the_words_that_may_not_be_quoted(unquotable):
    for ref, words in (("R1", "in her words: left"), ("R2", "a thought")):
        document = unquotable.document(ref)
        coding = next(item.guid for item in unquotable.open(document).codings
                      if item.coder_id == unquotable.actor.id)  # fmt: skip
        sent = {"kind": "memo", "document": document, "coding": coding, "text": words}
        assert unquotable.send(sent).acked
    memos = {row["respondent"]: row["memo"] for row in unquotable.export() if row["memo"]}
    assert memos == {"R2": "a thought"}
    rows = {row["respondent"]: row for row in unquotable.export() if row["code"] != "Access"}
    assert (rows["R1"]["quote"], rows["R2"]["quote"]) == ("", "rang back")
    assert rows["R1"]["start"] != ""


# ------------------------------------------------------------------ counting once


def test_counts_are_remembered_until_the_study_changes(coded, monkeypatch):
    counted = []
    really = store.count_by_code
    monkeypatch.setattr(
        store, "count_by_code", lambda *args: counted.append(args[2]) or really(*args)
    )
    first = extracts.count_extracts(*arguments(coded), where(coded))
    n = len(counted)
    assert extracts.count_extracts(*arguments(coded), where(coded)) == first
    assert len(counted) == n
    ben = coded.person("Ben")
    extracts.count_extracts(*arguments(coded, ben), where(coded))
    assert len(counted) > n, "each sees what they may see"
    coded.code(coded.document("R2"), "Phone", "Nobody")
    assert extracts.count_extracts(*arguments(coded), where(coded)).n_extracts == 6


def test_a_report_names_the_study_once(coded):
    place, name = arguments(coded), "Test"
    memos.write(*place, "study", coded.study_id, "On all of it.")
    extracts_docx = Document(io.BytesIO(extract_files.extracts_file(
        *place, extracts.make_filter(*place), format="docx"
    )))  # fmt: skip
    memos_docx = Document(io.BytesIO(
        memo_files.memos_file(*place, MemoFilter(), format="docx").content
    ))  # fmt: skip
    for report, title in ((extracts_docx, "Coded extracts"), (memos_docx, "Memos")):
        told = [item.text for item in report.paragraphs]
        assert told[:2] == [title, name]
        assert sum(name in text for text in told) == 1


def test_who_has_withdrawn_is_left_out(coded):
    with coded.database.write() as connection:
        connection.execute(
            update(respondent).where(respondent.c.ref == "R1").values(withdrawn_at="2022-01-01")
        )
    assert quotes(coded) == ["The school was kind", "تین بار", "rang back"]
    assert len(coded.documents()) == 5


def test_groups_are_those_of_the_speakers(coded):
    from workbench.services import study

    group = next(item for item in study.list_attributes(*arguments(coded)) if item.name == "group")
    for value, n in (("Roma", 3), ("Irish", 1), ("Not stated", 1), ("Klingon", 0)):
        chosen = DocumentFilter(groups=((group.id, value),))
        assert len(quotes(coded, documents=chosen)) == n


def test_an_export_to_a_folder_that_is_not_there_is_explained(coded, tmp_path):
    from workbench.errors import ExportError

    with pytest.raises((ExportError, StoreError)) as caught:
        extract_files.export_extracts(*arguments(coded), tmp_path / "no" / "x.csv", where(coded))
    assert str(tmp_path) in str(caught.value)
    with pytest.raises(ExportError, match="docx"):
        extract_files.export_extracts(*arguments(coded), tmp_path / "x.pdf", where(coded))

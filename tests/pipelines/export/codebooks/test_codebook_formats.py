"""A codebook that is written reads back as the same codebook, in every format."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.export.codebooks.codebook_formats import FORMATS, codebook_bytes, format_of
from pipelines.export.neutralise import is_formula, restore, xml_text
from pipelines.export.options import CodebookOptions
from pipelines.ingest.codebooks.codebook_files import read_codebook_file
from workbench.domain.codebook import Codebook, CodeNode, check_name
from workbench.domain.text import normalise
from workbench.errors import CodebookError, ExportError

AWKWARD = [
    "=1+1", "'=1+1", "''=1", "+44 20", "-", "@x", "'quoted", "a, b; c", "Examples: no", "a :: b",
    "a > b", "a\\b", "\\\\x", "x / y", "/", ">", "Definition:", 'say "so"', "<b>bold</b>", "&amp;",
    "{{ x }}", "میں نے تین بار فون کیا", "👩‍👧 e\u0301", "one\ntwo", "\n lead", "trail \n", " · ",
    '["x"]', "[", "1.10", "No", "#REF!", "2022-02-14", "\t tab", "https://x.org/a?b=1", 
    "long " * 30, "\u2028", "\x85", "_x000", "row 1\n\nrow 3", "1/2",
]  # fmt: skip


def kept(text: str) -> str:
    """A text as a study keeps it, and as any file can hold it."""
    text = xml_text(normalise(text))
    return text if text.strip() else ""


letters = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)
texts = st.one_of(
    st.sampled_from(AWKWARD), letters, st.lists(st.sampled_from(AWKWARD), max_size=3).map(" ".join)
).map(kept)
items = st.lists(st.one_of(texts, st.just("")), max_size=3).map(tuple)


def named(text: str) -> str:
    return " ".join(kept(text).replace(" / ", " ").split())[:200].strip()


def may_be_named(name: str) -> bool:
    try:
        return check_name(name) == name
    except CodebookError:
        return False


names = texts.map(named).filter(may_be_named)


def unique(codes: list[CodeNode]) -> tuple[CodeNode, ...]:
    return tuple({" ".join(code.name.split()).casefold(): code for code in codes}.values())


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    ids = draw(st.lists(names, max_size=3, unique=True))

    def codes(children: Any) -> Any:
        return st.builds(
            CodeNode,
            name=names,
            colour=st.sampled_from(["", "#0072B2", "#abcdef"]),
            definition=texts,
            include=texts,
            exclude=texts,
            examples=items,
            cues=items,
            rests_on=st.lists(st.sampled_from(ids), max_size=2).map(tuple) if ids else st.just(()),
            children=children,
        )

    tree = st.recursive(
        codes(st.just(())),
        lambda below: codes(st.lists(below, max_size=3).map(unique)),
        max_leaves=5,
    )
    return Codebook(
        name=draw(names),
        themes=unique(draw(st.lists(tree, min_size=1, max_size=3))),
        version=draw(st.one_of(names, st.just(""))),
        language=draw(st.sampled_from(["en", "", "ur-PK"])),
        description=draw(texts),
        sources=tuple((key, draw(names)) for key in ids),
    )


def write(book: Codebook, kind: str, **options: Any) -> bytes:
    return codebook_bytes(book, kind, CodebookOptions(study="My study", **options))


@pytest.mark.parametrize("kind", list(FORMATS))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(codebooks())
def test_what_is_written_reads_back_the_same(kind: str, book: Codebook) -> None:
    counts = {path: 3 for path, _ in book.walk()}
    read = read_codebook_file(write(book, kind, counts=counts), f"book.{kind}", restore)
    assert read.book == book
    assert (read.bad_rows, read.warnings) == ((), ())
    assert read.given.about and read.given.implied == frozenset()
    assert "definition" in read.given.fields


@settings(deadline=None, max_examples=30)
@given(codebooks())
def test_no_cell_of_a_csv_runs(book: Codebook) -> None:
    text = write(book, "csv").decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(is_formula(cell) for cell in row)


def deep(n_levels: int) -> Codebook:
    code = CodeNode(name=f"L{n_levels}", cues=("deep",))
    for level in range(n_levels - 1, 0, -1):
        code = CodeNode(name=f"L{level}", children=(code, CodeNode(name="beside")))
    return Codebook(name="Deep", themes=(code,))


@pytest.mark.parametrize("kind", list(FORMATS))
def test_twenty_levels_read_back(kind: str) -> None:
    assert read_codebook_file(write(deep(20), kind), "deep", restore).book == deep(20)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_that_look_like_paths_stay_where_they_are(kind: str) -> None:
    """The path of both parents is written `a / / b`."""
    below = (CodeNode(name="x", definition="one"),)
    other = (CodeNode(name="x", definition="two"),)
    book = Codebook(
        name="Paths",
        themes=(
            CodeNode(name="a /", children=(CodeNode(name="b", children=below),)),
            CodeNode(name="a", children=(CodeNode(name="/ b", children=other),)),
        ),
    )
    assert read_codebook_file(write(book, kind), "paths", restore).book == book


def small() -> Codebook:
    return Codebook(
        name="Small",
        themes=(
            CodeNode(
                name="Access",
                colour="#332288",
                definition="=cmd|x\nsecond line",
                examples=("They said wait",),
                children=(CodeNode(name="Waiting", include="Queues."),),
            ),
        ),
        sources=(("A2022", "A (2022)."),),
    )


def test_a_workbook_holds_texts_and_says_what_it_is() -> None:
    from openpyxl import load_workbook

    counts = {("Access",): 2}
    written = io.BytesIO(write(small(), "xlsx", counts=counts, generated_at="14 Feb 2022, 10:30"))
    book = load_workbook(written)
    codes, about = book["Codes"], book["About"]
    heads = [cell.value for cell in codes[1]]
    first = dict(zip(heads, codes[2], strict=True))
    assert first["definition"].value == "=cmd|x\nsecond line"
    assert first["definition"].data_type == "s" and first["definition"].quotePrefix
    assert [row[heads.index("codings")].value for row in codes.iter_rows(min_row=2)] == [2, 0]
    facts = {row[0].value: row[1].value for row in about.iter_rows()}
    assert facts["Study"] == "My study" and facts["Written"] == "14 Feb 2022, 10:30"


def test_a_document_reads_as_a_person_would_print_it() -> None:
    from docx import Document

    counts = {("Access", "Waiting"): 1200}
    document = Document(io.BytesIO(write(small(), "docx", counts=counts)))
    lines = [(item.style.name, item.text) for item in document.paragraphs if item.style]
    assert ("Codebook name", "Small") in lines
    assert ("Subtitle", "2 codes in 1 theme") in lines
    at = lines.index(("Heading 1", "Access"))
    assert lines[at + 1 : at + 6] == [
        ("Code field", "Codings: 0"),
        ("Code field", "Colour: #332288"),
        ("Code field", "Definition: =cmd|x\nsecond line"),
        ("Code field", "Examples:"),
        ("Code example", "They said wait"),
    ]
    assert ("Heading 2", "Waiting") in lines and ("Code field", "Codings: 1,200") in lines
    assert lines[-1] == ("Codebook source", "A2022: A (2022).")


def test_a_page_has_no_markup_but_its_own() -> None:
    hostile = "<script>alert(1)</script>"
    book = Codebook(name=hostile, themes=(CodeNode(name=hostile, definition=hostile),))
    page = write(book, "html", counts={}).decode()
    assert "<script" not in page and page.count("&lt;script&gt;") == 4
    assert "default-src 'none'" in page and ">0</dd>" in page


def test_a_text_that_fits_no_cell_of_excel_is_refused_and_not_cut() -> None:
    book = Codebook(name="Long", themes=(CodeNode(name="Long one", definition="x" * 40_000),))
    with pytest.raises(ExportError, match=r"The definition of the code Long one has 40,000 char"):
        write(book, "xlsx")
    assert read_codebook_file(write(book, "csv"), "long.csv", restore).book == book


def test_a_format_is_found_by_name_in_any_case() -> None:
    assert format_of("YML").name == "yaml" and format_of("Htm").name == "html"
    for name, told in (("pdf", "'pdf' is not a format of codebooks"), ("", "has no suffix")):
        with pytest.raises(ExportError, match=told):
            format_of(name)

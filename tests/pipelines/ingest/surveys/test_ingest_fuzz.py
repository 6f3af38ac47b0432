"""Whatever bytes and cells come in: the same cells go out, or a survey error does."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.delimiters import DELIMITERS
from pipelines.ingest.tables.grid import ReadOptions, read_grid
from workbench.errors import SurveyError

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def through(data: bytes, name: str = "survey") -> None:
    """Read, propose, map and read as a survey; only a survey error may stop it."""
    try:
        grid = read_grid(data, name)
        assert len({len(cells) for _, cells in grid.rows} | {len(grid.header)}) == 1
        result = read_survey(grid, propose(grid).to_mapping())
    except SurveyError as error:
        assert name in str(error)
        return
    n_rows = len(result.rows) + result.n_excluded
    assert n_rows <= len(grid.rows)
    n_rows += sum(map(len, result.undecided))
    assert n_rows + len(result.bad_rows) >= len(grid.rows)


@quick
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"\xff\xfe\x00")
@example(b'a,"\n')
@example(b"\xef\xbb\xbf\xef\xbb\xbfa\n1")
def test_any_bytes(data):
    through(data)


texts = st.text(
    st.sampled_from('aB1,;\t|"\n\r =<é🙂ا\u202e\x00\ufeff') | st.characters(), max_size=12
)


@quick
@given(st.lists(st.lists(texts, max_size=5), max_size=6), st.sampled_from(DELIMITERS))
def test_any_cells_in_any_shape(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, escapechar="\\").writerows(rows)
    through(out.getvalue().encode("utf-8", "replace"))


plain = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")
words = st.text(plain | st.sampled_from('\n\r\t,;|"'), max_size=15)
letters = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)


@quick
@given(
    data=st.data(),
    header=st.lists(letters, min_size=2, max_size=5, unique=True),
    delimiter=st.sampled_from(DELIMITERS),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_was_written_is_read(data, header, delimiter, codec, newline, quoting):
    width = len(header)
    row = st.lists(words, min_size=width, max_size=width).filter(
        lambda r: any(c.strip() for c in r)
    )
    rows = data.draw(st.lists(row, min_size=1, max_size=6))
    if quoting == csv.QUOTE_MINIMAL:
        # Python's writer quotes only the newlines that it ends its own lines with
        bare = str.maketrans(dict.fromkeys({"\r", "\n"} - set(newline), " "))
        rows = [[cell.translate(bare) for cell in cells] for cells in rows]
        assume(all(any(cell.strip() for cell in cells) for cells in rows))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(
        [header, *rows]
    )
    raw = out.getvalue().encode(codec)
    grid = read_grid(raw, "survey", ReadOptions(delimiter=delimiter))
    assert [list(cells) for _, cells in grid.rows] == rows
    assert list(grid.header) == header
    # a record is one row however many lines it has
    assert [number for number, _ in grid.rows] == list(range(2, len(rows) + 2))


prose = st.lists(
    st.sampled_from(
        ["no", "they, at last", "wait; then", "a|b", 'said "come"', "line\nline", "ok,"]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@quick
@given(
    rows=st.lists(
        st.tuples(letters, prose, st.sampled_from(["Housing;Money", "Food", ""]), prose),
        min_size=3,
        max_size=12,
    ),
    delimiter=st.sampled_from(DELIMITERS),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_the_delimiter_is_found_in_prose(rows, delimiter, quoting):
    out = io.StringIO(newline="")
    header = ("id", "Why, in your words?", "services", "anything else")
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows([header, *rows])
    grid = read_grid(out.getvalue().encode(), "survey")
    assert (grid.delimiter, grid.header) == (delimiter, header)
    assert tuple(cells for _, cells in grid.rows) == tuple(rows)


def small_workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["id", "why", "n"], ["R1", "late", 3], ["R2", "=1+1", True]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOK = small_workbook()
MEMBERS = zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()


@quick
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_workbook_with_wrong_bytes(at, junk):
    through(WORKBOOK[:at] + junk + WORKBOOK[at + len(junk) :])


@quick
@given(st.sampled_from(MEMBERS), st.integers(0, 2000), st.binary(max_size=12))
def test_a_workbook_with_a_wrong_part(member, at, junk):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for name in MEMBERS:
            part = old.read(name)
            new.writestr(name, part[:at] + junk + part[at + 3 :] if name == member else part)
    through(out.getvalue())


@quick
@given(st.sampled_from(MEMBERS))
def test_a_workbook_without_a_part(member):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for name in MEMBERS:
            if name != member:
                new.writestr(name, old.read(name))
    through(out.getvalue())

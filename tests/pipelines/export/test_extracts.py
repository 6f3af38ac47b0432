"""Writing extracts to files: formats, whole files or none, errors that say what to do."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.export.by_theme import attribution, count_in_words, sections
from pipelines.export.extracts import FORMATS, write_extracts
from pipelines.export.options import ExtractOptions
from pipelines.export.script import direction_runs, is_rtl
from tests.pipelines.export.conftest import extracts_bytes
from workbench.domain.extracts import Extract
from workbench.errors import ExportError

from .conftest import HOSTILE, URDU


@pytest.mark.parametrize("name", FORMATS)
def test_the_suffix_chooses_the_format(
    name: str, few: list[Extract], options: ExtractOptions, tmp_path: Path
) -> None:
    path = tmp_path / f"out.{name.upper()}"
    assert write_extracts(path, iter(few), options=options) == 4
    start = path.read_bytes()[:4]
    assert start[:2] == {"csv": b"\xef\xbb", "html": b"<!"}.get(name, b"PK")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_the_format_named_outweighs_the_suffix(
    few: list[Extract], options: ExtractOptions, tmp_path: Path
) -> None:
    write_extracts(tmp_path / "out.txt", few, format="csv", options=options)
    assert b"looked at my scarf" in (tmp_path / "out.txt").read_bytes()


def test_each_format_has_what_a_download_needs() -> None:
    assert list(FORMATS) == ["csv", "xlsx", "docx", "html"]
    assert all("/" in kind.mime_type and kind.label for kind in FORMATS.values())


@pytest.mark.parametrize(("name", "found"), [("out.pdf", "'pdf' is not a format of extracts"),
                                             ("out", "The file has no suffix")])  # fmt: skip
def test_an_unknown_format_is_refused(
    name: str, found: str, options: ExtractOptions, tmp_path: Path
) -> None:
    with pytest.raises(ExportError) as caught:
        write_extracts(tmp_path / name, [], options=options)
    assert str(caught.value) == f"{found}. Formats: csv, xlsx, docx, html. Choose one of them."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(options: ExtractOptions, tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "out.csv"
    with pytest.raises(ExportError) as caught:
        write_extracts(path, [], options=options)
    assert str(caught.value) == (
        f"{path} cannot be written: No such file or directory. Choose another folder or name."
    )


def test_a_folder_in_the_files_place_is_refused(options: ExtractOptions, tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(ExportError, match="cannot be written: Is a directory"):
        write_extracts(tmp_path / "out.csv", [], options=options)
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_failure_half_way_leaves_the_older_file(
    name: str, extract: Callable[..., Extract], options: ExtractOptions, tmp_path: Path
) -> None:
    path = tmp_path / f"out.{name}"
    path.write_text("older")

    def broken() -> Iterator[Extract]:
        yield extract()
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        write_extracts(path, broken(), options=options)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_gets_the_usual_rights(options: ExtractOptions, tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_extracts(tmp_path / "out.csv", [], options=options)
    assert os.stat(tmp_path / "out.csv").st_mode == os.stat(tmp_path / "usual").st_mode


@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_number_of_extracts(
    name: str, extract: Callable[..., Extract], options: ExtractOptions, tmp_path: Path
) -> None:
    def peak(n: int) -> int:
        tracemalloc.start()
        write_extracts(
            tmp_path / f"{n}.{name}",
            (extract(number, quote=f"{number} " * 200) for number in range(n)),
            options=options,
        )
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1)  # what is imported and cached on first use
    assert peak(1_000) < peak(50) + 500_000  # the quotes alone are 0.9 MB and more


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_every_format_takes_every_text(
    name: str, text: str, extract: Callable[..., Extract]
) -> None:
    options = ExtractOptions(
        title=text, study=text, attributes=(text,), generated_at=text, notes=(text,)
    )
    one = extract(quote=text, memo=text, code_path=(text or "x", text or "x"), marks=(text,))
    assert len(extracts_bytes([one], format=name, options=options)) > 100


def test_themes_and_codes_come_in_the_order_of_their_first_extract(
    extract: Callable[..., Extract], options: ExtractOptions
) -> None:
    order = ["B / x", "A", "B / y", "B / x", "B"]
    found = sections([extract(n, code) for n, code in enumerate(order)], options)
    assert [(t.name, [(c.name, len(c.extracts)) for c in t.codes]) for t in found] == [
        ("B", [("x", 2), ("y", 1), ("On the theme as a whole", 1)]),
        ("A", [("", 1)]),
    ]


def test_counts_in_words(extract: Callable[..., Extract]) -> None:
    assert count_in_words([]) == "0 extracts"
    assert count_in_words([extract(respondent="")]) == "1 extract"
    assert count_in_words([extract(), extract()]) == "2 extracts from 1 respondent"
    people = [extract(n) for n in range(1200)]
    assert count_in_words(people) == "1,200 extracts from 1,200 respondents"


def test_attribution_says_what_there_is(
    extract: Callable[..., Extract], options: ExtractOptions
) -> None:
    assert attribution(extract(speaker="Mum"), options) == (
        "R014 · Mum · Parent · Pakistani · Who worked with you?"
    )
    bare = extract(respondent="", question="", question_ref="", attributes={}, document="Group 1")
    assert attribution(bare, options) == "Group 1"


@pytest.mark.parametrize(
    ("text", "rtl"),
    [(URDU, True), ("... 12 " + URDU, True), ("a " + URDU, False), ("שלום", True), ("12", False)],
)
def test_direction_follows_the_first_letter(text: str, rtl: bool) -> None:
    assert is_rtl(text) is rtl


@pytest.mark.parametrize("text", [*HOSTILE, URDU + " 12, " + URDU + " x " + URDU, URDU + " " * 9])
def test_runs_join_to_the_text(text: str) -> None:
    assert "".join(part for part, _ in direction_runs(text)) == text


def test_runs_of_a_million_signs_take_no_time() -> None:
    text = ("ک" + " " * 10 + "a") * 100_000
    assert sum(1 for _ in direction_runs(text)) == 200_000

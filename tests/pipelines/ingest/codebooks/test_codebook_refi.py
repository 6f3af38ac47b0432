"""Codebooks of other programs are codebooks like any other."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pipelines.export.projects.refi_codebook import write_codebook
from pipelines.ingest.codebooks.codebook_files import read_codebook_file
from workbench.domain.refi import RefiCode, RefiProject, derived_guid
from workbench.domain.refi_descriptions import CodeWords, describe_code
from workbench.errors import InputError

SAMPLES = Path(__file__).parents[2] / "refi_samples"
PATHS = [
    ("Access",), ("Access", "Waiting"), ("Access", "Transport"),
    ("Access", "Transport", "Public transport"), ("Staff",), ("Paperwork",),
]  # fmt: skip


def plain(cell: str) -> str:
    return cell


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.qdc")), ids=lambda path: path.stem)
def test_codebooks_of_several_programs_give_the_same_tree(path: Path) -> None:
    found = read_codebook_file(path.read_bytes(), path.name, plain)
    nodes = dict(found.book.walk())
    assert list(nodes) == PATHS
    assert nodes["Access", "Waiting"].definition == "Time between asking and being seen."
    assert nodes["Staff",].colour == "#762A83"
    # What the file says nothing of is left as the study has it.
    assert found.given.implied == frozenset({("Paperwork",)})
    assert found.given.fields == frozenset({"definition", "colour"})


def test_a_codebook_of_our_own_keeps_its_fields_and_odd_names_are_mended() -> None:
    words = CodeWords("Late.", include="Buses", examples=("an hour", "a day"))
    book = RefiProject("B", codes=(
        RefiCode(derived_guid("a"), "Late / early", description=describe_code(words)),
        RefiCode(derived_guid("b"), "LATE - early"),
    ))  # fmt: skip
    stream = io.BytesIO()
    write_codebook(stream, book)
    found = read_codebook_file(stream.getvalue(), "b.bin", plain)
    first, second = found.book.themes
    assert (first.name, first.definition, first.include) == ("Late - early", "Late.", "Buses")
    assert first.examples == ("an hour", "a day")
    assert second.name == "LATE - early (2)"
    assert len(found.warnings) == 2


def test_a_codebook_that_must_not_be_read_is_refused() -> None:
    hostile = (
        b'<!DOCTYPE x [<!ENTITY a "b">]><CodeBook xmlns="urn:QDA-XML:codebook:1.0">&a;</CodeBook>'
    )
    with pytest.raises(InputError, match=r"c\.qdc: the XML declares a document type"):
        read_codebook_file(hostile, "c.qdc", plain)

"""Whatever befalls a file: it is read, or refused with its name and what to do."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.projects.refi_archive import write_archive
from pipelines.ingest.projects.refi_project import read_refi
from workbench.domain.refi import RefiFile
from workbench.errors import ExportError, RefiError

SAMPLES = Path(__file__).parents[2] / "refi_samples"
NAMES = ("A_standard.qdpx", "B_nvivo_win.qdpx", "atlasti8_mac_spec-annex-A2.qdpx")
DATA = {name: (SAMPLES / name).read_bytes() for name in NAMES}
MEMBERS = {
    name: {member: zipfile.ZipFile(io.BytesIO(data)).read(member)
           for member in zipfile.ZipFile(io.BytesIO(data)).namelist()}
    for name, data in DATA.items()
}  # fmt: skip
TOKENS = re.compile(rb'<[^>]*>|"[^"]*"')


def outcome(data: bytes) -> RefiFile | None:
    try:
        return read_refi(io.BytesIO(data), "hurt.qdpx")
    except RefiError as error:
        assert str(error).startswith("hurt.qdpx: ")
        assert error.hint
        return None


def repacked(name: str, changed: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member, data in MEMBERS[name].items():
            archive.writestr(member, changed if member.endswith(".qde") else data)
    return stream.getvalue()


def project(name: str) -> bytes:
    return next(data for member, data in MEMBERS[name].items() if member.endswith(".qde"))


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(NAMES), st.data())
def test_bytes_of_the_archive_that_are_changed(name: str, data: st.DataObject) -> None:
    hurt = bytearray(DATA[name])
    for _ in range(data.draw(st.integers(1, 8))):
        hurt[data.draw(st.integers(0, len(hurt) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(hurt)))
    outcome(bytes(hurt))
    outcome(bytes(hurt[:cut]))


@settings(deadline=None, max_examples=250)
@given(st.sampled_from(NAMES), st.data())
def test_elements_and_attributes_that_are_lost_doubled_or_swapped(
    name: str, data: st.DataObject
) -> None:
    qde = project(name)
    tokens = [found.span() for found in TOKENS.finditer(qde)]
    start, end = data.draw(st.sampled_from(tokens))
    other, last = data.draw(st.sampled_from(tokens))
    odd = data.draw(st.sampled_from([b'"-1"', b'"99999999999999999999"', b'"\xf0\x9f\x98\xac"',
                                     b'""', b'" "', b'"NaN"', qde[other:last]]))  # fmt: skip
    for piece in (b"", qde[start:end] * 2, odd):
        found = outcome(repacked(name, qde[:start] + piece + qde[end:]))
        if found is not None:
            written_again(found)


def written_again(found: RefiFile) -> None:
    """Write what was read; it comes back with no coding lost beyond what the report says."""
    stream = io.BytesIO()
    try:
        report = write_archive(stream, found.project)
    except ExportError as error:  # a code with the GUID of a user is read, and not written
        assert "Two things of the project have the GUID" in str(error)
        return
    again = read_refi(stream, "again.qdpx")
    placed = sum(
        len(one.codings)
        for source in found.project.sources
        for one in source.selections
        if one.start is not None and source.kind == "text"
    )
    kept = sum(
        len(one.codings)
        for source in again.project.sources
        for one in source.selections
        if source.kind == "text"
    )
    told = any(reason.startswith(("Codings", "Selections")) for reason in report.left_out)
    assert kept == placed or told


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_whole_are_read(name: str) -> None:
    assert outcome(DATA[name]) is not None
    assert outcome(repacked(name, project(name))) is not None

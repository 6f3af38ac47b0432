"""Projects of other programs are told by their content, and read through one door."""

from __future__ import annotations

import io

import pytest

from pipelines.ingest.projects.project_files import open_media, read_project, suffixes
from tests.refi_projects import file_of
from workbench.domain.refi import Reading, RefiProject, RefiSource, derived_guid
from workbench.errors import RefiError

GUID = derived_guid("test", "sound")


def test_a_project_is_read_whatever_its_name_and_however_positions_are_to_be_read() -> None:
    stream, _ = file_of(RefiProject("Bus", sources=(RefiSource(GUID, "text", text="Late."),)))
    found = read_project(stream, "bus.bin", reading=Reading("UTF-16"))
    assert found.project.name == "Bus"
    assert found.reading == Reading("UTF-16")


def test_recordings_inside_can_be_opened() -> None:
    sound = RefiSource(GUID, "audio", "Note", path=f"{GUID}.m4a")
    stream, _ = file_of(RefiProject("Bus", sources=(sound,)), media={f"{GUID}.m4a": b"RIFF"})
    assert read_project(stream, "bus.qdpx").media == {f"{GUID}.m4a": 4}
    with open_media(stream, "bus.qdpx", f"{GUID}.m4a") as media:
        assert media.read() == b"RIFF"
    with pytest.raises(RefiError, match=r"bus\.qdpx: the archive is damaged"):
        open_media(stream, "bus.qdpx", "elsewhere.m4a").__enter__()


def test_what_is_no_project_is_refused_by_name() -> None:
    with pytest.raises(RefiError, match=r"notes\.txt"):
        read_project(io.BytesIO(b"just words"), "notes.txt")
    with pytest.raises(RefiError, match="neither an archive nor XML") as refused:
        read_project(io.BytesIO(bytes(range(128, 256)) * 9), "photo.qdpx")
    assert "Export the project again" in str(refused.value)
    with pytest.raises(RefiError, match="damaged at line 1"):  # XML, of whatever encoding
        read_project(io.BytesIO("<Project>".encode("utf-16")), "cut.qdc")
    assert "qdpx" in suffixes()

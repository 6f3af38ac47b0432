"""Archives that mean harm, and those that are only packed unusually."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from pipelines.ingest.projects import refi_archive
from pipelines.ingest.projects.refi_archive import RefiArchive
from pipelines.ingest.projects.refi_project import read_refi
from workbench.errors import InputError, RefiError

QDE = b'<Project xmlns="urn:QDA-XML:project:1.0" name="x"/>'


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream


def refusal(stream: io.BytesIO) -> str:
    with pytest.raises(RefiError) as caught:
        read_refi(stream, "theirs.qdpx")
    assert isinstance(caught.value, InputError)
    assert caught.value.source == "theirs.qdpx"
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "sources/../../evil.txt", "/etc/passwd", "C:/evil.txt", "c:evil.txt",
     "sources\\..\\..\\evil.txt", "//server/share"],
)  # fmt: skip
def test_names_that_lead_out_are_refused(name: str) -> None:
    told = refusal(packed(("project.qde", QDE), (name, b"x")))
    assert "which leads out of it, which no program exports. Do not open it unless" in told


def test_folders_inside_folders_are_refused() -> None:
    told = refusal(packed(("project.qde", QDE), ("sources/a/b.txt", b"x")))
    assert "only a flat folder 'sources' is allowed" in told


def test_a_project_packed_with_its_folder_is_told_how() -> None:
    told = refusal(packed(("Trial/project.qde", QDE)))
    assert told == (
        "theirs.qdpx: project.qde lies in the folder 'Trial', not at the top. Pack what is in the "
        "folder, not the folder, or export it again."
    )


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ((), "no .qde file"),
        ((("a.qde", QDE), ("b.qde", QDE)), "2 .qde files"),
        ((("sources/project.qde", QDE),), "no .qde file"),
    ],
)
def test_exactly_one_project(members: tuple[tuple[str, bytes], ...], found: str) -> None:
    assert f"the archive has {found} at the top" in refusal(packed(*members))


@pytest.mark.parametrize("name", ["Trial.qde", "PROJECT.QDE", "Project.qde"])
def test_the_project_may_have_any_name(name: str) -> None:
    assert read_refi(packed((name, QDE)), "x.qdpx").project.name == "x"


def test_what_packers_add_is_overlooked() -> None:
    stream = packed(
        ("project.qde", QDE), ("sources/.root", b""), ("__MACOSX/sources/._a.txt", b"x"),
        (".DS_Store", b"x"), ("sources/", b""),
    )  # fmt: skip
    assert read_refi(stream, "x.qdpx").media == {}


def test_one_name_twice_is_refused_whatever_its_capitals() -> None:
    told = refusal(packed(("project.qde", QDE), ("sources/a.txt", b"1"), ("Sources/A.TXT", b"2")))
    assert "the archive holds 'A.TXT' twice" in told


@pytest.mark.parametrize(
    "path",
    ["internal://../../etc/passwd", "internal:///etc/passwd", "../secret.txt",
     "internal://C:/secret.txt", "internal://a/../../b", "internal://%2e%2e/b.txt"],
)  # fmt: skip
def test_references_that_lead_out_are_refused(path: str) -> None:
    source = f'<TextSource guid="{"a" * 8}-0000-4000-8000-000000000000" plainTextPath="{path}"/>'
    qde = f'<Project name="x"><Sources>{source}</Sources></Project>'
    told = refusal(packed(("project.qde", qde.encode())))
    assert f"the project refers to '{path}'" in told


@pytest.mark.parametrize(
    "path", ["relative:///../x.m4a", "absolute:///C:/x.m4a", "file:///etc/passwd", "/Users/x/y.m4a",
             "https://example.org/x.m4a", "C:\\x.m4a"],
)  # fmt: skip
def test_files_said_to_lie_outside_are_not_read(path: str) -> None:
    qde = f'<Project name="x"><Sources><AudioSource name="A" path="{path}"/></Sources></Project>'
    found = read_refi(packed(("project.qde", qde.encode())), "x.qdpx")
    assert found.left_out == ("Files that are not in the archive (1): A.",)
    assert found.project.sources[0].path == ""


@pytest.mark.parametrize(
    "path", ["internal://Board.TXT", "board.txt", "sources/board.txt", "internal:///board.txt",
             "internal://sources/board.txt", "Sources\\board.txt", "internal://b%6Fard.txt"],
)  # fmt: skip
def test_unusual_paths_find_their_file(path: str) -> None:
    archive = RefiArchive(packed(("project.qde", QDE), ("Sources/board.txt", b"hi")), "x.qdpx")
    assert archive.find(path) == "board.txt"
    assert archive.read_text("board.txt") == b"hi"
    with archive.open("board.txt") as part:
        assert part.read() == b"hi"
    archive.close()


def test_a_bomb_is_refused() -> None:
    told = refusal(
        packed(("project.qde", QDE), ("sources/a.txt", b"\0" * 2**25), method=zipfile.ZIP_DEFLATED)
    )
    assert "the archive would unpack to more than a project has. Export the project again" in told


def test_a_project_that_is_a_bomb_beside_a_large_film_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("project.qde", b"<Project>" + b" " * 2**25, zipfile.ZIP_DEFLATED)
        archive.writestr("sources/film.mp4", bytes(range(256)) * 2**12, zipfile.ZIP_STORED)
    assert "'project.qde' would unpack to more than a project has" in refusal(stream)


def test_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refi_archive, "MAX_MEMBERS", 3)
    told = refusal(packed(("project.qde", QDE), *((f"sources/{n}.txt", b"") for n in range(3))))
    assert "the archive lists 4 files, which no program exports" in told


def test_texts_are_limited_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refi_archive, "MAX_ALL_TEXTS_BYTES", 5)
    archive = RefiArchive(
        packed(("p.qde", QDE), ("sources/a.txt", b"123"), ("sources/b.txt", b"456")), "x.qdpx"
    )
    assert archive.read_text("a.txt") == b"123"
    with pytest.raises(RefiError, match="the texts of the project would unpack to more"):
        archive.read_text("b.txt")


def test_a_size_that_the_list_lies_about_gives_no_more_than_it_says() -> None:
    data = packed(("project.qde", QDE), ("sources/a.txt", b"12345678")).getvalue()
    size = struct.pack("<L", 8)
    lied = data.replace(size, struct.pack("<L", 2))
    with pytest.raises(RefiError, match=r"damaged|larger|more"):
        archive = RefiArchive(io.BytesIO(lied), "x.qdpx")
        archive.read_text("a.txt")


def test_a_locked_archive_is_told_so() -> None:
    data = bytearray(packed(("project.qde", QDE)).getvalue())
    at = data.index(b"PK\x01\x02") + 8
    data[at] |= 1
    assert "protected by a password. Export the project again without one." in refusal(
        io.BytesIO(bytes(data))
    )


@pytest.mark.parametrize("cut", [3, 30, 80])
def test_damaged_archives_are_told_so(cut: int) -> None:
    data = packed(("project.qde", QDE)).getvalue()
    assert "the archive is damaged and cannot be read" in refusal(io.BytesIO(data[:cut]))


def test_a_changed_byte_is_noticed() -> None:
    data = packed(("project.qde", QDE)).getvalue().replace(b'name="x"', b'name="y"')
    assert "the archive is damaged" in refusal(io.BytesIO(data))


def test_a_zip_inside_the_zip_is_not_looked_into() -> None:
    inner = packed(("project.qde", QDE)).getvalue()
    found = read_refi(packed(("project.qde", QDE), ("sources/inner.zip", inner)), "x.qdpx")
    assert found.media == {"inner.zip": len(inner)}

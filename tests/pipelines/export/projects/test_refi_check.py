"""What the schema of REFI-QDA cannot see, our own look at a file does."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings

from pipelines.export.projects.refi_check import check_archive, schema
from pipelines.export.projects.refi_xml import RefiOptions
from tests.refi_projects import file_of, projects
from workbench.domain.refi import Profile, RefiProject
from workbench.errors import ExportError

A, B, C, D = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcd")
TEXT = "Zwölf 😬 Boxen"


def archive(inside: str, texts: dict[str, str] | None = None, root: str = "") -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(
            "project.qde",
            f'<Project xmlns="urn:QDA-XML:project:1.0" name="x" {root}>{inside}</Project>',
        )
        for name, text in (texts or {}).items():
            packed.writestr(f"sources/{name}", text)
    return stream


def messages(stream: io.BytesIO, profile: Profile = "standard") -> list[str]:
    return [f"{one.where}: {one.message}" for one in check_archive(stream, profile)]


def source(inside: str = "", path: str = f"internal://{A}.txt") -> str:
    return f'<Sources><TextSource guid="{A}" plainTextPath="{path}">{inside}</TextSource></Sources>'


def selection(start: int, end: int, guid: str = B) -> str:
    return f'<PlainTextSelection guid="{guid}" startPosition="{start}" endPosition="{end}"/>'


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(projects())
def test_our_own_files_are_right(project: RefiProject) -> None:
    media = {one.path: b"RIFF" for one in project.sources if one.path}
    stream, _ = file_of(project, media=media)
    assert check_archive(stream) == ()
    stream, _ = file_of(project, RefiOptions(profile="utf16"), media)
    assert check_archive(stream, "utf16") == ()


@pytest.mark.parametrize(
    ("start", "end", "profile", "found"),
    [
        (0, len(TEXT), "standard", None),
        (0, len(TEXT) + 1, "utf16", None),
        (0, len(TEXT) + 1, "standard", f"ends at {len(TEXT) + 1}, past the end of the text, which "
                                       f"is {len(TEXT)}"),
        (0, len(TEXT) + 2, "utf16", f"ends at {len(TEXT) + 2}, past the end of the text, which is "
                                    f"{len(TEXT) + 1}"),
        (-1, 3, "standard", "starts at -1"),
        (5, 2, "standard", "ends at 2, before it starts at 5"),
    ],
)  # fmt: skip
def test_positions(start: int, end: int, profile: Profile, found: str | None) -> None:
    stream = archive(source(selection(start, end)), {f"{A}.txt": TEXT})
    assert messages(stream, profile) == ([f"PlainTextSelection {B}: {found}"] if found else [])


def test_references_to_nothing_and_to_the_wrong_kind() -> None:
    coding = f'<Coding guid="{C}" creatingUser="{D}"><CodeRef targetGUID="{A}"/></Coding>'
    found = messages(archive(source(coding), {f"{A}.txt": TEXT}))
    assert f"Coding {C}: refers to a Code with the GUID {A}, which is a TextSource" in found
    assert f"Coding {C}: refers to a User with the GUID {D}, which is nothing" in found
    assert len(found) == 2


def test_ends_of_links_may_be_anything_that_is_there() -> None:
    link = f'<Links><Link guid="{B}" originGUID="{A}" targetGUID="{C}"/></Links>'
    found = messages(archive(source() + link, {f"{A}.txt": TEXT}))
    assert found == [f"Link {B}: refers to something with the GUID {C}, which is nothing"]


def test_one_guid_for_two_things() -> None:
    two = selection(0, 1) + selection(1, 2)
    found = messages(archive(source(two), {f"{A}.txt": TEXT}))
    assert found == [f"PlainTextSelection {B}: the GUID belongs to PlainTextSelection already"]


def test_braces_and_capitals_do_not_make_another_guid() -> None:
    two = selection(0, 1) + selection(1, 2, "{" + B.upper() + "}")
    assert len(messages(archive(source(two), {f"{A}.txt": TEXT}))) == 1


def test_a_selection_of_a_pdf_and_its_words_may_share_a_guid() -> None:
    inside = (
        f'<Sources><PDFSource guid="{C}"><PDFSelection guid="{B}" page="0" firstX="1" firstY="1" '
        f'secondX="2" secondY="2"/><Representation guid="{A}" plainTextPath="internal://{A}.txt">'
        f"{selection(0, 3)}</Representation></PDFSource></Sources>"
    )
    assert messages(archive(inside, {f"{A}.txt": TEXT})) == []


def test_values_of_another_type() -> None:
    inside = (
        f'<Variables><Variable guid="{B}" name="Age" typeOfVariable="Integer"/></Variables>'
        f'<Cases><Case guid="{C}"><VariableValue><VariableRef targetGUID="{B}"/>'
        "<TextValue>67</TextValue></VariableValue></Case></Cases>"
    )
    assert messages(archive(inside)) == [f"Case {C}: the variable is Integer, its value Text"]


@pytest.mark.parametrize(
    ("inside", "path", "found"),
    [
        ("<PlainTextContent>x</PlainTextContent>", f"internal://{A}.txt",
         "has both PlainTextContent and plainTextPath"),
        ("", "internal://other.txt", "the archive does not hold 'internal://other.txt'"),
        ("", f"{A}.txt", f"the path '{A}.txt' has no scheme"),
    ],
)  # fmt: skip
def test_one_text_and_no_other(inside: str, path: str, found: str) -> None:
    stream = archive(source(inside, path), {f"{A}.txt": TEXT})
    assert messages(stream) == [f"TextSource {A}: {found}"]


def test_a_source_without_text() -> None:
    inside = f'<Sources><TextSource guid="{A}"/></Sources>'
    assert messages(archive(inside)) == [f"TextSource {A}: has no text"]


def test_times_that_go_back() -> None:
    inside = (
        f'<Sources><AudioSource guid="{A}"><Transcript guid="{B}" plainTextPath="internal://t.txt">'
        f'<SyncPoint guid="{C}" timeStamp="10" position="0"/>'
        f'<SyncPoint guid="{D}" timeStamp="5" position="99"/></Transcript></AudioSource></Sources>'
    )
    assert messages(archive(inside, {"t.txt": TEXT})) == [
        f"SyncPoint {D}: does not come after the one before it",
        f"SyncPoint {D}: lies past the end of the text, which is {len(TEXT)}",
    ]


def test_what_the_schema_sees_is_told_with_its_line() -> None:
    found = messages(archive("<Users/>"))
    assert len(found) == 1
    assert found[0].startswith("line 1: ")
    assert "Missing child element(s)" in found[0]


def test_a_document_type_is_told() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(
            "project.qde", '<!DOCTYPE Project><Project xmlns="urn:QDA-XML:project:1.0" name="x"/>'
        )
    assert messages(stream) == ["Project: a document type is declared"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"<Project/>"])
def test_what_is_no_archive(data: bytes) -> None:
    with pytest.raises(ExportError, match=r"This is no REFI-QDA archive: "):
        check_archive(io.BytesIO(data))


@pytest.mark.parametrize("name", ["Project", "Codebook"])
def test_the_official_schemas_are_at_hand(name: str) -> None:
    assert schema(name) is not None

"""Projects that are written as REFI-QDA: what is in the file, and what the report says."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
import xmlschema
from lxml import etree

from pipelines.export.projects import refi_archive
from pipelines.export.projects.refi_archive import write_archive
from pipelines.export.projects.refi_check import check_archive
from pipelines.export.projects.refi_codebook import write_codebook
from pipelines.export.projects.refi_layout import RefiMedia
from pipelines.export.projects.refi_xml import (
    RefiOptions,
    RefiReport,
    colour,
    date_time,
    typed_value,
)
from pipelines.ingest.projects.refi_project import read_refi
from tests.refi_projects import file_of
from workbench.domain.refi import (
    MAX_CODE_DEPTH,
    MAX_FILE_BYTES,
    PRODUCT,
    RefiCase,
    RefiCode,
    RefiCoding,
    RefiLink,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiTranscript,
    RefiUser,
    RefiVariable,
    VariableType,
    derived_guid,
)
from workbench.errors import ExportError

NS = "{urn:QDA-XML:project:1.0}"


def guid(name: str) -> str:
    return derived_guid("test", name)


CODE = RefiCode(guid("code"), "Waiting", True, "#1B7837", "Being kept.")
ANA = RefiUser(guid("ana"), "Ana", "AN")
TEXT = "I waited 😬 three weeks\nfor the  appointment."


def coded(name: str = "selection", start: int = 11, end: int = 44, **more: Any) -> RefiSelection:
    coding = RefiCoding(guid(f"coding of {name}"), CODE.guid, ANA.guid, "2024-05-01T09:00:00Z")
    return RefiSelection(guid(name), start, end, codings=(coding,), **more)


def text_source(name: str = "Answer", text: str = TEXT, **more: Any) -> RefiSource:
    return RefiSource(guid(name), "text", name, text=text, **more)


def project(*sources: RefiSource, **more: Any) -> RefiProject:
    given: dict[str, Any] = {"origin": f"{PRODUCT} 0.1.0", "codes": (CODE,), "users": (ANA,)}
    return RefiProject("Clinic & “voices”", sources=sources, **(given | more))


def written(one: RefiProject, **options: Any) -> tuple[Any, RefiReport]:
    stream, report = file_of(one, **options)
    with zipfile.ZipFile(stream) as archive:
        return etree.fromstring(archive.read("project.qde")), report


def first(root: Any, tag: str) -> Any:
    return next(root.iter(NS + tag))


# ---------------------------------------------------------------- the archive


def test_the_same_project_gives_the_same_bytes() -> None:
    one = project(text_source(selections=(coded(),)), text_source("Other"))
    assert file_of(one)[0].getvalue() == file_of(one)[0].getvalue()


def test_one_project_and_one_flat_folder() -> None:
    one = project(
        text_source(), RefiSource(guid("voice"), "audio", "Voice", path="take 1.WAV"),
    )  # fmt: skip
    stream, report = file_of(one, media={"take 1.WAV": b"RIFF"})
    with zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == [
            "project.qde", f"sources/{guid('Answer')}.txt", f"sources/{guid('voice')}.wav",
        ]  # fmt: skip
        assert archive.read(f"sources/{guid('Answer')}.txt") == TEXT.encode("utf-8")
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert report.left_out == ()
    assert (report.n_sources, report.n_codings) == (2, 0)


def test_lines_may_end_in_two_characters() -> None:
    stream, _ = file_of(project(text_source()), RefiOptions(crlf=True))
    with zipfile.ZipFile(stream) as archive:
        assert b"weeks\r\nfor" in archive.read(f"sources/{guid('Answer')}.txt")


class Slow(io.BytesIO):
    """A recording that may be read in pieces only."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None and 0 < size <= 4 * 1024**2
        return super().read(size)


def test_media_are_copied_in_pieces_and_closed() -> None:
    opened = []

    def open_it() -> Slow:
        opened.append(Slow(b"x" * 5_000_000))
        return opened[-1]

    one = project(RefiSource(guid("voice"), "audio", "Voice", path="a.wav"))
    stream = io.BytesIO()
    write_archive(stream, one, media={"a.wav": RefiMedia(5_000_000, open_it)})
    assert [file.closed for file in opened] == [True]
    assert read_refi(stream, "x.qdpx").media == {f"{guid('voice')}.wav": 5_000_000}


def test_files_that_are_missing_or_too_large_are_told_and_not_referred_to() -> None:
    one = project(
        RefiSource(guid("gone"), "audio", "Gone", path="gone.wav"),
        RefiSource(guid("film"), "video", "Film", path="film.mp4"),
    )
    stream = io.BytesIO()
    film = RefiMedia(MAX_FILE_BYTES + 1, io.BytesIO)
    report = write_archive(stream, one, media={"film.mp4": film})
    assert report.left_out == (
        "Files that are not at hand (1): Gone.",
        "Files of 2 GiB or more, which the format does not allow (1): Film.",
    )
    assert check_archive(stream) == ()


def test_a_file_that_is_larger_than_it_said_stops_the_export(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refi_archive, "MAX_FILE_BYTES", 10)
    one = project(RefiSource(guid("voice"), "audio", "Voice", path="a.wav"))
    with pytest.raises(ExportError, match=r"\.wav has 2 GiB or more"):
        file_of(one, media={"a.wav": b"12345678901"})


# ---------------------------------------------------------------- positions and names


@pytest.mark.parametrize(("profile", "ends"), [("standard", (11, 44)), ("utf16", (12, 45))])
def test_positions_in_both_profiles(profile: Any, ends: tuple[int, int]) -> None:
    one = project(text_source(selections=(coded(),)))
    root, report = written(one, options=RefiOptions(profile=profile))
    selection = first(root, "PlainTextSelection")
    assert (int(selection.get("startPosition")), int(selection.get("endPosition"))) == ends
    assert selection.get("name") == "three weeks for the appointment."
    assert report.astral == ("Answer",)


def test_texts_without_emoji_need_no_profile() -> None:
    root, report = written(project(text_source(text="plain")))
    assert report.astral == report.remarks == ()
    assert root.get("origin") == f"{PRODUCT} 0.1.0"


def test_long_selections_are_named_by_their_first_words() -> None:
    text = "word  " * 2000
    root, _ = written(project(text_source(text=text, selections=(coded(start=0, end=9000),))))
    name = first(root, "PlainTextSelection").get("name")
    assert name == ("word " * 20) + "…"
    assert len(name) == 101


def test_a_name_that_somebody_gave_is_kept() -> None:
    root, _ = written(project(text_source(selections=(coded(name="P1"),))))
    assert first(root, "PlainTextSelection").get("name") != ""
    turn = replace(coded(), name="P1")
    root, _ = written(project(text_source(selections=(turn,))))
    assert first(root, "PlainTextSelection").get("name") == "P1"


@pytest.mark.parametrize(("start", "end"), [(None, None), (5, 999), (9, 3), (-1, 3)])
def test_selections_without_a_place_are_told(start: int | None, end: int | None) -> None:
    lost = replace(coded(), start=start, end=end, raw=("5", "999"))
    stream, report = file_of(project(text_source(selections=(lost,))))
    assert report.left_out == ("Selections whose place in the text is not known (1): in Answer.",)
    assert check_archive(stream) == ()


# ---------------------------------------------------------------- what XML cannot hold


def test_characters_that_xml_cannot_hold_are_replaced_in_names_and_kept_in_texts() -> None:
    text = "bell\x07 and vertical\x0btab"
    stream, report = file_of(project(text_source(text=text, selections=(coded(start=0, end=8),))))
    found = read_refi(stream, "x.qdpx").project.sources[0]
    assert found.text == text
    assert found.selections[0].name == ""
    assert report.remarks == ("Characters that XML cannot hold were replaced by � (1): bell� an.",)


def test_memos_have_their_words_in_files_with_lines_of_one_kind() -> None:
    note = RefiNote(guid("note"), "One\r\ntwo\x0bthree", "M")
    stream, _ = file_of(project(notes=(note,)))
    assert check_archive(stream) == ()
    root, report = written(project(notes=(note,)))
    path = first(root, "Note").get("plainTextPath")
    assert first(root, "Note").find("{*}PlainTextContent") is None and report.remarks == ()
    with zipfile.ZipFile(stream) as archive:
        kept = archive.read(path.replace("internal://", "sources/"))
    assert kept == b"One\ntwo\x0bthree"


# ---------------------------------------------------------------- what is left out


def test_what_refers_to_nothing_is_left_out_and_told() -> None:
    nobody = guid("nobody")
    selection = coded()
    coding = replace(selection.codings[0], user=nobody, notes=(nobody,), made_at="yesterday")
    wrong = RefiCoding(guid("wrong"), nobody)
    one = project(
        text_source(selections=(replace(selection, codings=(coding, wrong)),)),
        cases=(RefiCase(guid("case"), "P", sources=(nobody,), values=((nobody, "x"),)),),
        links=(RefiLink(guid("link"), nobody, CODE.guid, "L"),),
        sets=(RefiSet(guid("set"), "S", codes=(nobody,)),),
    )
    stream, report = file_of(one)
    assert check_archive(stream) == ()
    assert {told.partition(" (")[0] for told in report.left_out} == {
        "Values that do not fit the type of their variable",
        "References by SourceRef to what is not in the project",
        "Names of people who are not among the users",
        "Dates that are not ISO 8601 with a time",
        "References by NoteRef to what is not in the project",
        "Codings with a code that is not in the codebook",
        "Links to what is not in the project",
        "References by MemberCode to what is not in the project",
    }


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("Text", "", ""), ("Boolean", "True", "true"), ("Boolean", "yes", None),
        ("Integer", " 34 ", "34"), ("Integer", "3.0", None), ("Integer", "٣", None),
        ("Float", "7.5", "7.5"), ("Float", "1e3", "1000"), ("Float", "1.5E-3", "0.0015"),
        ("Float", "NaN", None), ("Float", "INF", None), ("Float", "7,5", None),
        ("Float", "1e999999999", None), ("Float", "", None),
        ("Date", "2023-11-02", "2023-11-02"), ("Date", "2023-13-02", None),
        ("Date", "2.11.23", None),
        ("DateTime", "2024-04-30T16:20:00Z", "2024-04-30T16:20:00Z"),
        ("DateTime", "2024-04-30T16:20:00.5+05:30", "2024-04-30T16:20:00.5+05:30"),
        ("DateTime", "2024-04-30 16:20:00", None), ("DateTime", "2024-02-30T16:20:00", None),
    ],
)  # fmt: skip
def test_values_are_written_as_their_type_has_them(
    kind: VariableType, value: str, expected: str | None
) -> None:
    assert typed_value(kind, value) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("#1b7837", "#1b7837"), ("#FA0", "#FFAA00"), ("#11223344", "#112233"), ("red", None),
     ("#12345", None)],
)  # fmt: skip
def test_colours_are_six_digits(given: str, expected: str | None) -> None:
    assert colour(given) == expected


def test_odd_colours_are_told() -> None:
    odd = replace(CODE, colour="rgba(1,2,3,1)")
    root, report = written(project(codes=(odd,)))
    assert first(root, "Code").get("color") is None
    assert report.left_out == ("Colours that are not #RRGGBB (1): rgba(1,2,3,1).",)


def test_points_in_time() -> None:
    assert date_time("2024-05-01T09:00:00+14:00") == "2024-05-01T09:00:00+14:00"
    assert date_time("2024-05-01T09:00:00+15:00") is None
    assert date_time("2024-05-01T25:00:00Z") is None


# ---------------------------------------------------------------- what cannot be written


def test_two_things_of_one_guid_are_refused() -> None:
    with pytest.raises(ExportError, match="Two things of the project have the GUID"):
        file_of(project(text_source(), text_source()))


@pytest.mark.parametrize("bad", ["", "17", guid("x").upper(), "{" + guid("x") + "}"])
def test_what_is_no_guid_is_refused(bad: str) -> None:
    with pytest.raises(ExportError, match="is no GUID"):
        file_of(project(replace(text_source(), guid=bad)))


def test_codes_too_deep_are_refused_without_running_out() -> None:
    code = CODE
    for at in range(5 * MAX_CODE_DEPTH):
        code = RefiCode(guid(f"code {at}"), f"C{at}", children=(code,))
    with pytest.raises(ExportError, match="Codes lie more than 100 deep"):
        file_of(project(codes=(code,)))
    with pytest.raises(ExportError, match="Codes lie more than 100 deep"):
        write_codebook(io.BytesIO(), project(codes=(code,)))


@pytest.mark.parametrize("text", ["a\r\nb", "\ufeffa", "a\ud800"])
def test_texts_that_are_not_normalised_are_refused(text: str) -> None:
    with pytest.raises(ExportError, match="is not normalised"):
        file_of(project(text_source(text=text)))


# ---------------------------------------------------------------- shapes


def test_memos_on_cases_are_links_since_the_schema_has_no_other_place() -> None:
    note = RefiNote(guid("note"), "A thought")
    case = RefiCase(guid("case"), "R001", notes=(note.guid,))
    root, _ = written(project(notes=(note,), cases=(case,)))
    link = first(root, "Link")
    assert (link.get("originGUID"), link.get("targetGUID")) == (note.guid, case.guid)
    assert link.get("direction") == "OneWay"


def test_a_voice_note_shares_its_text_with_its_twin() -> None:
    sync = ((0, 0), (900, 11), (800, 20), (1000, 5), (2000, 44))
    transcript = RefiTranscript(guid("transcript"), TEXT, sync, f"{guid('Answer')}.txt")
    voice = RefiSource(guid("voice"), "audio", "Voice", transcripts=(transcript,))
    one = project(text_source(text_path=f"{guid('Answer')}.txt", selections=(coded(),)), voice)
    stream, report = file_of(one, RefiOptions(profile="utf16"))
    assert report.left_out == ("Times of words that go back (2): 800 ms, 1000 ms.",)
    assert check_archive(stream, "utf16") == ()
    with zipfile.ZipFile(stream) as archive:
        assert len(archive.namelist()) == 2
    found = read_refi(stream, "x.qdpx").project.sources[1].transcripts[0]
    assert found.sync == ((0, 0), (900, 11), (2000, 44))
    assert found.text == TEXT


def test_one_path_for_two_texts_gives_two_files() -> None:
    path = f"{guid('shared')}.txt"
    one = project(text_source(text_path=path), text_source("B", "other words", text_path=path))
    texts = [source.text for source in read_refi(file_of(one)[0], "x.qdpx").project.sources]
    assert texts == [TEXT, "other words"]


def test_styled_texts_have_a_plain_twin() -> None:
    one = project(text_source(path="answer.docx"), text_source("B", path="answer.rtf"))
    stream, report = file_of(one, media={"answer.docx": b"PK", "answer.rtf": b"x"})
    found = read_refi(stream, "x.qdpx").project.sources
    assert [source.path for source in found] == [f"{guid('Answer')}.docx", ""]
    assert report.left_out == ("Files of texts that are no .docx (1): B.",)


def official() -> xmlschema.XMLSchema:
    path = resources.files("pipelines.export.projects") / "refi_schema" / "Project.xsd"
    return xmlschema.XMLSchema(path.read_text("utf-8"))


def test_pages_and_pictures_come_back_with_their_areas() -> None:
    area = (("page", "0"), ("firstX", "1"), ("firstY", "2"), ("secondX", "3"), ("secondY", "-4"))
    pdf = RefiSource(
        guid("pdf"), "pdf", "Paper", text="On the bus", text_path=f"{guid('pdf')}.txt",
        path=f"{guid('pdf')}.pdf",
        selections=(coded("both", 3, 6, area=area), coded("words", 0, 2),
                    replace(coded("area", 0, 0, area=area), start=None, end=None)),
    )  # fmt: skip
    picture = RefiSource(
        guid("photo"), "picture", "Photo", path=f"{guid('photo')}.png",
        selections=(replace(coded("corner"), start=None, end=None, area=area[1:]),),
    )  # fmt: skip
    one = project(pdf, picture)
    media = {pdf.path: b"%PDF", picture.path: b"\x89PNG"}
    stream, report = file_of(one, media=media)
    assert report.left_out == ()
    assert report.n_codings == 4
    assert check_archive(stream) == ()
    with zipfile.ZipFile(stream) as archive:
        official().validate(archive.read("project.qde").decode("utf-8"))
    found = read_refi(stream, "x.qdpx")
    assert found.left_out == ()
    by_guid = {s.guid: {o.guid: o for o in s.selections} for s in found.project.sources}
    expected = {s.guid: {o.guid: o for o in s.selections} for s in one.sources}
    assert by_guid == expected


def test_graphs_come_back_as_they_are() -> None:
    vertex = (
        f'<Vertex guid="{guid("v")}" representedGUID="{CODE.guid}" name="A &amp; B" firstX="1" '
        'firstY="2" shape="Oval" color="#000000"/>'
    )
    edge = (
        f'<Edge guid="{guid("e")}" sourceVertex="{guid("v")}" targetVertex="{guid("v")}" '
        'direction="OneWay" lineStyle="solid"/>'
    )
    graph = f'<Graph guid="{guid("g")}" name="Net">{vertex}{edge}</Graph>'
    one = project(graphs=(graph,))
    stream, _ = file_of(one)
    assert read_refi(stream, "x.qdpx").project.graphs == (graph,)
    assert check_archive(stream) == ()


def test_graphs_that_cannot_be_written_are_told() -> None:
    whole = f'<Graph guid="{guid("g")}"><Vertex guid="{guid("v")}" firstX="1"/></Graph>'
    stream, report = file_of(project(graphs=("<Graph", "<Graph/>", whole)))
    assert report.left_out == (
        "Graphs that cannot be written (2): <Graph, <Graph/>.",
        "Parts of graphs that miss something (1): Vertex.",
    )
    assert check_archive(stream) == ()


def test_variables_and_values_come_back() -> None:
    variable = RefiVariable(guid("age"), "Age", "Integer", "In years")
    case = RefiCase(guid("case"), "R001", values=((variable.guid, "34"),))
    one = project(variables=(variable,), cases=(case,))
    found = read_refi(file_of(one)[0], "x.qdpx").project
    assert (found.variables, found.cases) == (one.variables, one.cases)


# ---------------------------------------------------------------- codebooks


def test_an_empty_codebook_is_refused() -> None:
    with pytest.raises(ExportError, match=r"The codebook has no codes, and a \.qdc file needs one"):
        write_codebook(io.BytesIO(), project(codes=()))


def test_what_a_codebook_file_cannot_hold_is_told() -> None:
    code = replace(CODE, notes=(guid("note"),), colour="blue")
    sets = (
        RefiSet(guid("a"), "Codes", codes=(CODE.guid, guid("gone"))),
        RefiSet(guid("b"), "Texts", sources=(guid("text"),)),
    )
    stream = io.BytesIO()
    report = write_codebook(stream, project(codes=(code,), sets=sets))
    assert report.left_out == (
        "Memos on codes, which a .qdc file cannot hold (1): Waiting.",
        "Colours that are not #RRGGBB (1): blue.",
        "Sets of other things than codes (1): Texts.",
    )
    root = etree.fromstring(stream.getvalue())
    members = [one.get("guid") for one in root.iter("{urn:QDA-XML:codebook:1.0}MemberCode")]
    assert members == [CODE.guid]


def test_a_project_without_codes_has_no_codebook() -> None:
    root, _ = written(RefiProject("x"))
    assert len(root) == 0
    assert root.get("origin") is None

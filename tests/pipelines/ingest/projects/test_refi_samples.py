"""Files of several programs, all with the same project: each gives the same words."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.projects.refi_project import read_refi
from workbench.domain.refi import Reading, RefiCode, RefiFile, RefiProject, RefiSource
from workbench.errors import RefiError

SAMPLES = Path(__file__).parents[2] / "refi_samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
GOOD = ["A_standard.qdpx", "B_nvivo_win.qdpx", "bad_order.qdpx"]
CODEBOOKS = sorted(path.name for path in SAMPLES.glob("*.qdc"))


def read(name: str, **options: Any) -> RefiFile:
    with (SAMPLES / name).open("rb") as stream:
        return read_refi(stream, name, **options)


def source(project: RefiProject, name: str) -> RefiSource:
    return next(one for one in project.sources if one.name == name and one.kind == "text")


def flat(codes: tuple[RefiCode, ...], parent: str | None = None) -> list[dict[str, Any]]:
    found = []
    for code in codes:
        found.append({
            "name": code.name, "parent": parent, "color": code.colour or None,
            "definition": code.description, "codable": code.is_codable,
        })  # fmt: skip
        found.extend(flat(code.children, code.name))
    return found


@pytest.mark.parametrize("name", [*GOOD, *CODEBOOKS, "bad_missing_source.qdpx"])
def test_codes(name: str) -> None:
    assert flat(read(name).project.codes) == EXPECTED["codes"]


@pytest.mark.parametrize("name", GOOD)
def test_coders_variables_and_cases(name: str) -> None:
    project = read(name).project
    assert [user.name for user in project.users] == EXPECTED["coders"]
    assert {one.name: one.type for one in project.variables} == EXPECTED["variables"]
    called = {one.guid: one.name for one in project.variables}
    cases = [
        {"name": case.name, "values": {called[guid]: value for guid, value in case.values}}
        for case in project.cases
    ]
    assert cases == [{"name": c["name"], "values": c.get("values", {})} for c in EXPECTED["cases"]]


@pytest.mark.parametrize("name", GOOD)
def test_texts(name: str) -> None:
    texts = {one.name: one.text for one in read(name).project.sources if one.kind == "text"}
    assert texts == EXPECTED["sources"]


@pytest.mark.parametrize("name", GOOD)
def test_selections_have_the_words_codes_and_coders(name: str) -> None:
    project = read(name).project
    codes = {code["guid"]: code["name"] for code in with_guids(project.codes)}
    users = {user.guid: user.name for user in project.users}
    notes = {note.guid: note.text for note in project.notes}
    found = []
    for one in project.sources:
        for selection in one.selections:
            if not (selection.codings or selection.notes):
                continue  # the turns of a speaker
            assert selection.start is not None
            on_it = [*selection.notes, *(n for c in selection.codings for n in c.notes)]
            found.append({
                "source": one.name, "start_cp": selection.start,
                "end_cp_exclusive": selection.end,
                "text": one.text[selection.start : selection.end],
                "codings": [{"code": codes[c.code], "coder": users[c.user]}
                            for c in selection.codings],
                "memo": notes[on_it[0]] if on_it else None,
            })  # fmt: skip
    assert found == EXPECTED["selections"]


def with_guids(codes: tuple[RefiCode, ...]) -> list[dict[str, str]]:
    return [
        found
        for code in codes
        for found in ({"guid": code.guid, "name": code.name}, *with_guids(code.children))
    ]


@pytest.mark.parametrize("name", GOOD)
def test_turns_of_a_focus_group_belong_to_cases(name: str) -> None:
    project = read(name).project
    group = source(project, "Focus group 1")
    turns = sorted(
        (one for one in group.selections if not (one.codings or one.notes)),
        key=lambda one: one.start or 0,
    )
    assert [group.text[one.start : one.end] for one in turns] == [
        turn["text"] for turn in EXPECTED["turns"]
    ]
    assert [one.name for one in turns] == [turn["speaker"] for turn in EXPECTED["turns"]]
    first = next(case for case in project.cases if case.name == "P1")
    assert [one.guid for one in turns if one.name == "P1"] == list(first.selections)


@pytest.mark.parametrize("name", GOOD)
def test_a_voice_note_knows_when_its_words_were_spoken(name: str) -> None:
    project = read(name).project
    voice = next(one for one in project.sources if one.kind == "audio")
    twin = source(project, "R001 voice note transcript")
    transcript = voice.transcripts[0]
    assert transcript.text_path == twin.text_path
    assert transcript.text == twin.text
    assert [{"ms": ms, "cp": at} for ms, at in transcript.sync] == EXPECTED["sync_points"]
    # the transcript repeats a coding of its twin; the other one is somebody else's, by time
    assert [len(one.codings) for one in twin.selections] == [2]
    assert voice.time_selections == ()


@pytest.mark.parametrize("name", GOOD)
def test_memos(name: str) -> None:
    project = read(name).project
    texts = {note.guid: note.text for note in project.notes}
    assert sorted(texts.values()) == sorted(EXPECTED["notes"].values())
    waiting = project.codes[0].children[0]
    assert [texts[guid] for guid in waiting.notes] == [EXPECTED["notes"]["code"]]
    assert [texts[guid] for guid in project.project_notes] == [EXPECTED["notes"]["project"]]
    # a memo on a case comes as a link from the note
    case = next(case for case in project.cases if case.name == "R002")
    assert [texts[guid] for guid in case.notes] == [EXPECTED["notes"]["source"]]
    assert project.links == ()


def test_a_name_with_signs_of_xml_comes_as_it_is() -> None:
    assert read("A_standard.qdpx").project.name == "Clinic access & “voices” 🏥"


def test_how_positions_were_read_is_said() -> None:
    standard, nvivo = read("A_standard.qdpx"), read("B_nvivo_win.qdpx")
    assert standard.reading == Reading()
    assert "9 of 9 names of selections are the words selected" in standard.why
    assert nvivo.reading == Reading("UTF-16", 2)
    assert nvivo.why.startswith("The file names NVivo for Windows, and is expected to have UTF-16")
    assert nvivo.score == 1.0
    assert nvivo.others and all(score < 0.9 for _, score in nvivo.others)


def test_positions_alone_find_the_way_of_nvivo_where_the_origin_says_nothing() -> None:
    stream = io.BytesIO()
    theirs = SAMPLES / "B_nvivo_win.qdpx"
    with zipfile.ZipFile(theirs) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, data.replace(b"NVivo for Windows 12.6", b"Something"))
    found = read_refi(stream, "unknown.qdpx")
    assert found.reading == Reading("UTF-16", 2)
    assert found.why.startswith("The file names 'Something', and is expected to have what the")
    assert Reading() in [reading for reading, _ in found.others]
    expected = read("B_nvivo_win.qdpx").project
    assert found.project.sources == expected.sources


def test_selections_that_a_program_repeats_are_one() -> None:
    assert "Selections of the same words were made one (3)" in read("B_nvivo_win.qdpx").remarks[0]


def test_a_person_settles_how_positions_are_read() -> None:
    found = read("B_nvivo_win.qdpx", reading=Reading())
    assert found.reading == Reading()
    assert found.why.startswith("A person settled how the positions are read")
    assert found.others[0][0] == Reading("UTF-16", 2)
    first = source(found.project, "R001 Q3 What was hard?").selections[0]
    assert first.start == 12


def test_texts_that_are_missing_keep_their_selections_without_a_place() -> None:
    found = read("bad_missing_source.qdpx")
    lost = source(found.project, "R001 Q3 What was hard?")
    assert lost.text == ""
    assert [(one.start, one.end, one.raw) for one in lost.selections] == [
        (None, None, ("11", "43")), (None, None, ("17", "60")), (None, None, ("73", "103")),
    ]  # fmt: skip
    assert lost.selections[0].name == "three weeks for the appointment."
    assert [len(one.codings) for one in lost.selections] == [2, 1, 1]
    assert any(
        told.startswith("Texts that are not in the archive (4): R001") for told in found.left_out
    )
    inline = source(found.project, "R002 Q3 What was hard?")
    assert inline.selections[0].start == 64


def test_entities_are_refused() -> None:
    with pytest.raises(RefiError) as caught:
        read("bad_xxe.qdpx")
    assert str(caught.value) == (
        "bad_xxe.qdpx: the XML declares a document type, which REFI-QDA never has. Do not open it "
        "unless you trust where it comes from; export the project again."
    )


def test_a_set_without_members_is_kept() -> None:
    sets = [one.name for one in read("bad_order.qdpx").project.sets]
    assert sets == ["early", "Q3 answers", "Core codes", "Memos to discuss"]


@pytest.mark.parametrize("name", CODEBOOKS)
def test_codebook_files_of_three_programs(name: str) -> None:
    found = read(name)
    sets = [(one.name, len(one.codes)) for one in found.project.sets]
    assert sets == ([] if "taguette" in name else [("Core codes", 1)])
    assert found.left_out == found.remarks == ()


# ---------------------------------------------------------------- the annex of the standard


def test_atlas_ti_has_attributes_as_sets() -> None:
    project = read("atlasti8_mac_spec-annex-A2.qdpx").project
    called = {one.guid: one.name for one in project.variables}
    values = {
        case.name: {called[guid]: value for guid, value in case.values} for case in project.cases
    }
    assert values["Simon.docx"] == {"gender": "male", "age": "67"}
    assert values["Mabel.txt"] == {"gender": "female", "age": "25"}
    assert not any(":" in one.name for one in project.sets)
    assert "Mabel" in [one.name for one in project.sets]


def test_an_area_of_a_pdf_and_its_words_are_one_selection() -> None:
    project = read("atlasti8_mac_spec-annex-A2.qdpx").project
    page = next(one for one in project.sources if one.name.startswith("Pay de Lim"))
    guids = [one.guid for one in page.selections]
    assert len(guids) == len(set(guids)) == 4
    granola = next(one for one in page.selections if one.name == "granola")
    assert dict(granola.area)["page"] == "0"
    assert granola.raw == ("62", "69")
    assert len(granola.codings) == 1


def test_a_memo_that_a_link_puts_on_a_stretch_of_film() -> None:
    project = read("atlasti8_mac_spec-annex-A2.qdpx").project
    film = next(
        one for one in project.sources if one.name.startswith("1994") and one.kind == "video"
    )
    noted = [one for one in film.time_selections if one.notes]
    texts = {note.guid: note.name for note in project.notes}
    assert [texts[guid] for one in noted for guid in one.notes] == ["My favorite Coke ad"]
    assert len(project.graphs) == 1
    # the graph draws the link, so that it is kept as well
    assert [link.name for link in project.links] == ["Memo-Quotation Relation"]


def test_a_comment_on_a_selection_stays_its_description() -> None:
    project = read("atlasti8_mac_spec-annex-A2.qdpx").project
    comments = [one.description for s in project.sources for one in s.selections if one.description]
    assert "Mabel is not the only person I know who has Coke for breakfast!" in comments


def test_what_lies_outside_the_archive_is_said_and_not_read() -> None:
    found = read("atlasti8_mac_spec-annex-A2.qdpx")
    assert any(told.startswith("Files that are not in the archive (12)") for told in found.left_out)
    assert all(one.path == "" for one in found.project.sources)


def test_a_file_that_qc_wrote_has_its_lines_codes_and_coders() -> None:
    """`qc_1.7.8.qdpx` was written by qc 1.7.8, of two texts and codings made for this test."""
    found = read("qc_1.7.8.qdpx")
    project = found.project
    assert (project.origin, found.reading, found.left_out) == ("qc 1.7.8", Reading(), ())
    assert [(code["name"], code["parent"]) for code in flat(project.codes)] == [
        ("Access", None), ("Heard", "Access"), ("Waiting", "Access"), ("Community", None),
        ("Racism", None), ("Proof", "Racism"),
    ]  # fmt: skip
    codes = {code["guid"]: code["name"] for code in with_guids(project.codes)}
    users = {user.guid: user.name for user in project.users}
    coded = [
        (one.name, one.text[selection.start : selection.end], codes[item.code], users[item.user])
        for one in project.sources
        for selection in one.selections
        for item in selection.codings
    ]
    assert coded == [
        ("Interview 1.txt", "Nobody rang us back for weeks. 😀\n", "Waiting", "Asha"),
        ("Interview 1.txt", "Nobody rang us back for weeks. 😀\n", "Waiting", "Ben"),
        ("Interview 1.txt", "She listened, at last.\n", "Heard", "Asha"),
        ("Interview 1.txt", "We waited – naïve as we were.\n", "Waiting", "Asha"),
        ("Interview 1.txt", "We waited – naïve as we were.\n", "Access", "Asha"),
        ("Interview 1.txt", "میں نے تین بار فون کیا\n", "Waiting", "Ben"),
        ("Interview 2.txt", "They asked me to prove it again.\n", "Proof", "Asha"),
        ("Interview 2.txt", "The community group helped.\n", "Community", "Asha"),
    ]

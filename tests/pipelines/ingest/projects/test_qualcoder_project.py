"""Projects of QualCoder: databases with the tables of its first and of a late version."""

from __future__ import annotations

import io
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.ingest.projects.project_files import format_of, open_media, read_project
from workbench.errors import RefiError

FIRST = """
CREATE TABLE project (databaseversion text, date text, memo text, about text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text,
  owner text, date text);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text,
  supercatid integer);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text,
  date text, color text);
CREATE TABLE code_text (cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
  owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer,
  pos1 integer, owner text, date text, memo text);
"""
LATE = """
ALTER TABLE source ADD COLUMN av_text_id integer;
ALTER TABLE code_text ADD COLUMN important integer;
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer,
  memo text, owner text, date text);
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text,
  caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text,
  id integer, date text, owner text);
CREATE TABLE code_image (imid integer primary key, id integer, cid integer);
"""
TEXT = "She rang 😀 twice.\nمیں نے فون کیا.\r\nNobody came."
DAY = "2024-02-03 10:20:30"
ROWS = [
    ("project", ("v1", DAY, "Two visits", "QualCoder")),
    ("source", (1, "Ana.txt", TEXT, None, "first talk", "lin", DAY)),
    ("source", (2, "Map.png", None, "/images/Map.png", "", "lin", DAY)),
    ("code_cat", (1, "Access", "lin", DAY, "how people get in", None)),
    ("code_cat", (2, "Phones", "lin", DAY, "", 1)),
    ("code_cat", (3, "Ring a", "lin", DAY, "", 4)),
    ("code_cat", (4, "Ring b", "lin", DAY, "", 3)),
    ("code_name", (1, "Calling", "rings up", 2, "lin", DAY, "#ff00aa")),
    ("code_name", (2, "Alone", None, None, "mo", DAY, "red")),
    ("cases", (1, "Ana", "mother", "lin", DAY)),
    ("case_text", (1, 1, 1, 0, len(TEXT), "lin", DAY, "")),
    ("case_text", (2, 1, 1, 0, 8, "lin", DAY, "")),
]


def coded(words: str, code: int, owner: str, memo: str = "", shift: int = 0) -> Any:
    start = TEXT.index(words) + shift
    return ("code_text", (code, 1, words, start, start + len(words), owner, DAY, memo))


CODED = [
    coded("She rang 😀 twice.", 1, "lin", "<b>first</b> words"),
    coded("میں نے فون کیا.", 1, "mo"),
    coded("Nobody came.", 2, "mo"),
]


def database(tmp_path: Path, rows: Any, *, late: bool = False) -> bytes:
    path = tmp_path / "data.qda"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(FIRST)
    for table, values in rows:
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
    if late:
        connection.executescript(LATE)
        connection.executescript(
            "INSERT INTO source VALUES (3, 'talk.mp3', NULL, '/audio/talk.mp3', '', 'lin', '', 4);"
            "INSERT INTO source VALUES (4, 'talk.mp3.txt', 'We met.', NULL, '', 'lin', '', NULL);"
            "INSERT INTO annotation VALUES (1, 1, 4, 8, 'loudly', 'mo', '2024-02-03 11:00:00');"
            "INSERT INTO journal VALUES (1, 'Day one', 'I felt unsure.', '2024-02-03', 'lin');"
            "INSERT INTO attribute_type VALUES ('Age', '', '', '', 'case', 'numeric');"
            "INSERT INTO attribute_type VALUES ('Town', '', '', '', 'case', 'character');"
            "INSERT INTO attribute VALUES (1, 'Age', 'case', '34', 1, '', '');"
            "INSERT INTO attribute VALUES (2, 'Town', 'case', 'A & B', 1, '', '');"
            "INSERT INTO attribute VALUES (3, 'Age', 'case', 'about 30', 1, '', '');"
            "INSERT INTO code_image VALUES (1, 2, 1);"
            "UPDATE code_text SET important = 1 WHERE cid = 2;"
        )
    connection.commit()
    connection.close()
    return path.read_bytes()


def words(found: Any) -> list[str]:
    return [
        source.text[one.start : one.end]
        for source in found.project.sources
        for one in source.selections
        if one.codings
    ]


def test_the_first_version_is_read_with_places_tree_and_people(tmp_path: Path) -> None:
    data = database(tmp_path, [*ROWS, *CODED])
    stream = io.BytesIO(data)
    assert format_of(stream, "data.qda").name == "qualcoder"
    found = read_project(stream, "Visits.qda")
    project = found.project
    assert (project.name, project.description) == ("Visits", "Two visits")
    assert words(found) == ["She rang 😀 twice.", "میں نے فون کیا.", "Nobody came."]
    assert project.sources[0].text == TEXT.replace("\r\n", "\n")
    names = {code.name: code for code in project.codes}
    assert not names["Access"].is_codable and names["Access"].description == "how people get in"
    calling = names["Access"].children[0].children[0]
    assert (calling.name, calling.colour, names["Alone"].colour) == ("Calling", "#FF00AA", "")
    assert {"Ring a", "Ring b"} <= set(names)
    assert [user.name for user in project.users] == ["lin", "mo"]
    (memo,) = project.notes
    first = next(one for one in project.sources[0].selections if one.codings)
    assert memo.text == "<b>first</b> words" and first.codings[0].notes == (memo.guid,)
    (case,) = project.cases
    assert case.sources == (project.sources[0].guid,) and len(case.selections) == 1
    assert found.left_out == ("Pictures and files without text (1): Map.png.",)
    assert read_project(io.BytesIO(data), "Visits.qda").project == project


def test_codes_below_codes_of_the_newest_version_are_a_tree(tmp_path: Path) -> None:
    path = tmp_path / "data.qda"
    database(tmp_path, [*ROWS, *CODED], late=True)
    connection = sqlite3.connect(path)
    connection.executescript(
        "ALTER TABLE code_name ADD COLUMN supercid integer;"
        "INSERT INTO code_name VALUES (3, 'Redial', '', NULL, 'lin', '', '#112233', 1);"
        "INSERT INTO code_name VALUES (4, 'At night', '', NULL, 'lin', '', '#112233', 3);"
        "INSERT INTO code_name VALUES (5, 'Ring c', '', NULL, 'lin', '', '', 6);"
        "INSERT INTO code_name VALUES (6, 'Ring d', '', NULL, 'lin', '', '', 5);"
        "INSERT INTO code_name VALUES (7, 'Orphan', '', NULL, 'lin', '', '', 99);"
        "INSERT INTO code_text VALUES (4, 1, 'Nobody', 35, 41, 'mo', '', '', NULL);"
    )
    connection.commit()
    connection.close()
    found = read_project(io.BytesIO(path.read_bytes()), "data.qda")
    names = {code.name: code for code in found.project.codes}
    calling = names["Access"].children[0].children[0]
    (redial,) = calling.children
    (night,) = redial.children
    assert (calling.name, redial.name, night.name) == ("Calling", "Redial", "At night")
    assert calling.is_codable and redial.is_codable and night.colour == "#112233"
    assert {"Alone", "Ring c", "Ring d", "Orphan"} <= set(names)
    coded_with = {one.codings[0].code for one in found.project.sources[0].selections if one.codings}
    assert night.guid in coded_with


@pytest.mark.parametrize("ending", [".txt", ".transcribed"])
def test_a_transcript_that_is_only_named_like_its_recording_belongs_to_it(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / "data.qda"
    database(tmp_path, ROWS, late=True)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE source SET av_text_id = NULL")
    connection.execute(f"UPDATE source SET name = 'talk.mp3{ending}' WHERE id = 4")
    connection.commit()
    connection.close()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("V.qda/data.qda", path.read_bytes())
        archive.writestr("V.qda/audio/talk.mp3", b"sound")
    sound = next(one for one in read_project(packed, "V.zip").project.sources if one.path)
    assert [one.text for one in sound.transcripts] == ["We met."]


def test_a_late_version_in_a_zip_brings_recordings_journal_and_values(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Visits.qda/data.qda", database(tmp_path, [*ROWS, *CODED], late=True))
        archive.writestr("Visits.qda/audio/talk.mp3", b"sound")
    found = read_project(packed, "Visits.zip")
    values = dict(found.project.cases[0].values)
    kinds = {one.guid: (one.name, one.type) for one in found.project.variables}
    assert {kinds[key]: value for key, value in values.items()} == {
        ("Age", "Float"): "34", ("Town", "Text"): "A & B"
    }  # fmt: skip
    sound = next(one for one in found.project.sources if one.kind == "audio")
    assert sound.transcripts[0].text == "We met."
    assert found.media == {"audio/talk.mp3": 5}
    with open_media(packed, "Visits.zip", sound.path) as media:
        assert media.read() == b"sound"
    assert {note.text for note in found.project.notes} >= {"I felt unsure.", "loudly"}
    told = " ".join(found.left_out)
    for reason in ("Values of a number that are none", "Marks of important", "areas of pictures"):
        assert reason in told


def test_words_that_are_not_where_they_should_be_are_kept_apart(tmp_path: Path) -> None:
    found = read_project(
        io.BytesIO(database(tmp_path, [*ROWS, coded("She rang", 1, "lin", shift=2)])), "data.qda"
    )
    lost = next(one for one in found.project.sources[0].selections if one.codings)
    assert (lost.start, lost.name, lost.raw) == (None, "She rang", ("2", "10"))
    assert any("not where they should be (1): Ana.txt" in line for line in found.left_out)


@pytest.mark.parametrize("damage", ["half", "no database", "locked out"])
def test_what_cannot_be_read_is_refused_by_name(tmp_path: Path, damage: str) -> None:
    data = database(tmp_path, ROWS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        if damage != "no database":
            archive.writestr("V.qda/data.qda", data[: len(data) // 2])
        archive.writestr("V.qda/../../etc/passwd", b"x")
    if damage == "locked out":
        packed = io.BytesIO(packed.getvalue()[:-30])
    with pytest.raises(RefiError, match=r"V\.zip"):
        read_project(packed, "V.zip")


def test_a_recording_that_breaks_off_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("V.qda/data.qda", database(tmp_path, ROWS))
        archive.writestr("V.qda/audio/a.mp3", b"sound" * 99)
    damaged = bytearray(packed.getvalue())
    damaged[damaged.index(b"soundsound")] ^= 1
    made: list[Any] = []
    really = tempfile.TemporaryFile

    def watched() -> Any:
        made.append(really())
        return made[-1]

    monkeypatch.setattr("tempfile.TemporaryFile", watched)
    stream = io.BytesIO(damaged)
    with pytest.raises(RefiError, match="damaged"), open_media(stream, "V.zip", "audio/a.mp3"):
        pass
    assert len(made) > 1 and all(file.closed for file in made)

"""`workbench audit`: listed, verified, exported; and the methods appendix."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, insert, update

from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.opening import open_database
from workbench.store import tables


@pytest.fixture
def database(files):
    opened = open_database(f"sqlite:///{files / 'cli.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def busy(loaded, database):
    """A study in which Ben has changed a code."""
    ben = study.sign_in(database, "Ben")
    key = study.find_study(ben, database, "S").id
    codes = {item.name: item.id for item in codebook.list_codes(ben, database, key)}
    codebook.edit_code(ben, database, key, codes["Waiting"], {"definition": "d"})
    return loaded


def said(ran):
    return [item["what"] for item in ran.json["events"]]


def test_what_was_done_is_listed_and_filtered(busy):
    whole = busy("audit", "list", "--study", "S", "--json")
    assert said(whole)[0] == "Changed a code: Waiting"
    assert whole.json["total"] == len(whole.json["events"]) == whole.json["events"][0]["number"]
    for options, wanted in (
        (("--person", "ben"), ["Changed a code: Waiting"]),
        (("--code", "access / waiting", "--kind", "codebook"), None),
        (("--kind", "edit code"), ["Changed a code: Waiting"]),
        (("--kind", "memos"), []),
        (("--to", "2000-01-01"), []),
        (("--search", "WAITING"), ["Changed a code: Waiting"]),
        (("--document", "R1, q1"), ["Imported codings: 2 codings from codings.csv"]),
        (("--document", "r3, Q2"), []),
        (("--limit", "1"), ["Changed a code: Waiting"]),
    ):
        found = said(busy("audit", "list", "--study", "S", *options, "--json"))
        assert found == wanted if wanted is not None else len(found) == 2, options
    assert len(said(busy("audit", "list", "--study", "S", "--offset", "1", "--json"))) == (
        whole.json["total"] - 1
    )
    text = busy("audit", "list", "--study", "S", "--person", "Ben").out.splitlines()
    assert text[0].endswith("| Ben | Changed a code: Waiting")
    assert text[-1] == "1 of 1 step."


def test_what_is_not_known_is_refused_with_its_name(busy):
    for options, why in (
        (("--person", "Zoe"), "nobody named 'Zoe'"),
        (("--code", "Nothing"), "no code 'Nothing'"),
        (("--document", "R1"), "Documents like it: R1, q1; R1, q2."),
        (("--document", "R99"), "Documents like it: none."),
        (("--from", "soon"), "is not a day"),
    ):
        assert why in busy("audit", "list", "--study", "S", *options, expect=1).err


def test_a_whole_trail_verifies_and_a_changed_one_ends_with_1(busy, database):
    ran = busy("audit", "verify", "--study", "S", "--json").json
    assert (ran["holds"], ran["broken_at"]) == (True, None)
    number, head = ran["checked"], ran["head"]
    text = busy("audit", "verify", "--study", "S", "--noted", f"{number}={head.upper()}").out
    assert f"{number} events checked; the last hash is {head}." in text
    ran = busy("audit", "verify", "--study", "S", "--noted", f"1={head}", expect=1)
    assert "The trail breaks at event 1: its hash is not the one that was noted" in ran.out
    assert (
        "is not written as NUMBER=HASH"
        in busy("audit", "verify", "--study", "S", "--noted", "x", expect=2).err
    )
    with database.write() as connection:
        connection.execute(
            update(tables.event).where(tables.event.c.number == 2).values(verb="nothing")
        )
    ran = busy("audit", "verify", "--study", "S", "--json", expect=1).json
    assert (ran["holds"], ran["checked"], ran["broken_at"]) == (False, 1, 2)
    with database.write() as connection:
        connection.execute(delete(tables.event).where(tables.event.c.number == 1))
    ran = busy("audit", "verify", "--study", "S", expect=1)
    assert ran.out == "The trail breaks at event 1: this event is missing.\n"


def test_progress_is_told_on_standard_error(busy, monkeypatch):
    from workbench.cli import audit

    monkeypatch.setattr(audit, "EVERY", 1)
    ran = busy("audit", "verify", "--study", "S")
    assert ran.out.startswith("The trail is whole. ")
    monkeypatch.setattr(audit, "EVERY", 100)
    audit._tell(100, 250)
    audit._tell(120, 250)


def test_the_trail_and_the_appendix_are_written_to_files(busy, files):
    ran = busy("audit", "export", files / "trail.json", "--study", "S", "--json").json
    trail = json.loads((files / "trail.json").read_bytes())
    assert len(trail["events"]) == ran["events"] == trail["head"]["number"]
    ran = busy("audit", "export", files / "ben.csv", "--study", "S", "--person", "Ben")
    assert ran.out == f"1 event written to {files / 'ben.csv'}.\n"
    assert len((files / "ben.csv").read_text("utf-8-sig").splitlines()) == 2
    assert (
        "Formats: csv, json"
        in busy("audit", "export", files / "t.txt", "--study", "S", expect=1).err
    )
    ran = busy("audit", "methods", files / "methods.md", "--study", "S", "--json").json
    text = (files / "methods.md").read_text("utf-8")
    assert text.count("\n## ") == ran["sections"]
    assert "Exported" not in text
    assert "Taken out of the workbench: the trail 2 times" in text
    busy("audit", "methods", files / "methods.docx", "--study", "S")
    assert (files / "methods.docx").read_bytes()[:2] == b"PK"


def test_while_anything_is_coded_blind_the_command_says_what_it_leaves_out(busy, database, files):
    ben = study.sign_in(database, "Ben")
    with database.write() as connection:
        connection.execute(insert(tables.assignment).values(
            document_id=1, coder_id=ben.id, blind=True, created_at="2022"))  # fmt: skip
    ran = busy("audit", "list", "--study", "S")
    assert "Documents are coded blind" in ran.err
    assert ran.out.splitlines()[0].startswith("20")
    listed = busy("audit", "list", "--study", "S", "--json").json
    assert listed["blind_left_out"] is True
    assert {item["number"] for item in listed["events"]} == {None}
    ran = busy("audit", "verify", "--study", "S")
    assert ran.out == "The trail is whole.\n"
    for command, name in (("export", "trail.json"), ("methods", "m.md")):
        ran = busy("audit", command, files / name, "--study", "S")
        assert "Documents are coded blind" in ran.err
    assert json.loads((files / "trail.json").read_bytes())["chain"] is False

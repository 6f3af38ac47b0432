"""`workbench memos`: listed, searched, exported."""

from __future__ import annotations

import csv
import io

import pytest

from workbench.services import study
from workbench.services.codebooks import codebook
from workbench.services.memos import memos
from workbench.services.opening import open_database


@pytest.fixture
def written(loaded, files):
    """A study with a thread on a code and a memo on a respondent."""
    database = open_database(f"sqlite:///{files / 'cli.sqlite3'}")
    asha, ben = study.sign_in(database, "Asha"), study.sign_in(database, "Ben")
    key = study.find_study(asha, database, "S").id
    codes = {item.name: item.id for item in codebook.list_codes(asha, database, key)}
    root = memos.write(asha, database, key, "code", codes["Waiting"], "Waiting for whom?")
    memos.write(ben, database, key, "study", 0, "For a café", reply_to=root)
    memos.write(ben, database, key, "study", key, "who I am", purpose="positionality")
    memos.write_on_respondent(asha, database, key, 1, "speaks for her mother")
    database.close()
    return loaded


def found(ran):
    return [item["text"] for thread in ran.json["threads"] for item in thread["memos"]]


def test_memos_are_listed_and_found(written):
    ran = written("memos", "list", "--study", "S", "--json")
    assert (ran.json["n_memos"], ran.json["n_threads"]) == (5, 4)
    for options, wanted in (
        (("--search", "CAFE"), ["Waiting for whom?", "For a café"]),
        (("--kind", "respondent"), ["speaks for her mother"]),
        (("--author", "ben", "--purpose", "positionality"), ["who I am"]),
        (("--code", "Access"), ["Waiting for whom?", "For a café"]),
        (("--respondent", "r1"), ["speaks for her mother"]),
        (("--until", "2000-01-01"), []),
        (("--since", "2000-01-01", "--search", "am who"), ["who I am"]),
    ):
        assert found(written("memos", "list", "--study", "S", *options, "--json")) == wanted
    text = written("memos", "list", "--study", "S", "--search", "whom").out
    assert text.splitlines()[:2] == ["1 memo in 1 thread", "Access / Waiting"]


def test_what_is_not_known_is_refused_with_its_name(written):
    for options, code, why in (
        (("--kind", "thing"), 2, "is not study"),
        (("--purpose", "fun"), 2, "positionality, reflexivity"),
        (("--author", "Zoe"), 1, "no memo by 'Zoe'"),
        (("--respondent", "R99"), 1, "no respondent 'R99'"),
        (("--since", "soon"), 1, "is not a day"),
    ):
        assert why in written("memos", "list", "--study", "S", *options, expect=code).err


def test_memos_are_exported_in_each_format(written, files):
    for ending in ("csv", "xlsx", "docx", "md"):
        ran = written("memos", "export", f"memos.{ending}", "--study", "S", "--json")
        assert ran.json == {"file": f"memos.{ending}", "memos": 5, "threads": 4}
        assert (files / f"memos.{ending}").stat().st_size > 100
    table = (files / "memos.csv").read_bytes().decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == 5
    assert "is a folder" in written("memos", "export", ".", "--study", "S", expect=1).err
    assert "not a format" in written("memos", "export", "m.odt", "--study", "S", expect=1).err

"""The command line: a contract for scripts. Exit codes, JSON, messages."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

INGEST = {
    "respondents_new", "respondents_updated", "respondents_unchanged", "answers_new",
    "answers_changed", "answers_unchanged", "answers_blank", "answers_not_asked",
    "answers_awaiting_transcript", "codings_reanchored", "codings_flagged", "bad_rows",
}  # fmt: skip
ROW = {"theme", "groups", "base", "respondents", "share", "low", "high", "mentions", "n_not_done"}
ROW |= {"draft_respondents", "draft_mentions"}

HEAVY = ("torch", "whisper", "spacy", "sklearn", "pandas", "streamlit", "altair", "sqlalchemy",
         "alembic", "openpyxl", "docx", "numpy")  # fmt: skip


def test_a_study_from_file_to_export(workbench, files):
    ran = workbench(
        "ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml", "--json"
    )
    assert set(ran.json) >= INGEST
    assert (ran.json["respondents_new"], ran.json["answers_new"]) == (4, 7)
    assert "Made the study S." in ran.err
    ran = workbench("codebook", "check", "codes.yaml", "--json")
    assert ran.json == {"codebook": "Small", "themes": 3, "codes": 5, "bad_rows": []}
    ran = workbench("codebook", "load", "codes.yaml", "--study", "s", "--json")
    assert ran.json == {
        "study": "S", "codes_new": 5, "codes_updated": 0, "codes_unchanged": 0, "bad_rows": [],
    }  # fmt: skip
    ran = workbench("--as", "Asha", "code", "import", "codings.csv", "--study", "S", "--json")
    assert ran.json == {
        "codings_new": 2,
        "codings_unchanged": 0,
        "coders_new": ["Ben"],
        "bad_rows": [
            {"row": 4, "column": "quote",
             "message": "the quote 'not there' does not occur in the text."}
        ],
    }  # fmt: skip
    assert "codings.csv, row 4: the quote 'not there' does not occur in the text." in ran.err
    ran = workbench("summarise", "--study", "S", "--by", "group", "--json")
    assert set(ran.json) >= {"study", "by", "layer", "level", "rows"}
    assert {frozenset(row) for row in ran.json["rows"]} == {frozenset(ROW)}
    first = ran.json["rows"][1]
    assert (first["theme"], first["groups"], first["base"], first["respondents"]) == (
        "Access", {"group": "Roma"}, 2, 1,
    )  # fmt: skip
    assert (ran.json["by"], ran.json["layer"], ran.json["level"]) == (["group"], "any", "theme")
    assert "7 documents are not marked as done by anybody" in ran.err
    for ending in ("csv", "xlsx", "docx", "html"):
        ran = workbench("export", "extracts", f"out.{ending}", "--study", "S", "--json")
        assert ran.json == {"file": f"out.{ending}", "extracts": 2}
        assert (files / f"out.{ending}").stat().st_size > 100


def test_the_second_time_nothing_is_new_and_nothing_is_made(loaded):
    ran = loaded(
        "ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml", "--json"
    )
    assert (ran.json["respondents_unchanged"], ran.json["answers_unchanged"]) == (4, 7)
    assert "Made" not in ran.err
    ran = loaded("code", "import", "codings.csv", "--study", "S", "--json")
    assert (ran.json["codings_new"], ran.json["codings_unchanged"]) == (0, 2)


def test_a_dry_run_makes_nothing(workbench, files):
    options = ("--study", "S", "--mapping", "mapping.yaml", "--dry-run", "--json")
    ran = workbench("ingest", "survey", "survey.csv", *options)
    assert ran.json["respondents_new"] == 4
    assert "Made the study" not in ran.err
    assert workbench("study", "list", "--json").json == {"studies": []}


def test_a_file_with_bad_rows_is_done_all_the_same(workbench, files):
    with (files / "survey.csv").open("a") as stream:
        stream.write(",Roma,old,,,again,\n")
    ran = workbench(
        "ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml", "--json"
    )
    (bad,) = ran.json["bad_rows"]
    assert set(bad) == {"row", "column", "message"}
    assert (bad["row"], bad["column"]) == (6, "id")
    assert "survey.csv, row 6: " in ran.err


@pytest.mark.parametrize(
    ("which", "n_new", "n_excluded"), [("first", 4, 1), ("last", 4, 1), ("separate", 5, 0)]
)
def test_rows_that_share_an_id_are_taken_as_told(workbench, files, which, n_new, n_excluded):
    with (files / "survey.csv").open("a") as stream:
        stream.write("R1,Roma,old,,,again,\n")
    options = ("--study", "S", "--mapping", "mapping.yaml", "--duplicates", which, "--json")
    ran = workbench("ingest", "survey", "survey.csv", *options)
    assert ran.json["respondents_new"] == n_new
    assert (ran.json["rows_excluded"], ran.json["bad_rows"]) == (n_excluded, [])
    assert ("Left out by a rule: another row has the same id: 1 row." in ran.err) is bool(
        n_excluded
    )


def test_without_a_mapping_one_is_proposed_and_said(workbench, files):
    ran = workbench("ingest", "survey", "survey.csv", "--study", "S", "--json")
    assert ran.json["respondents_new"] == 4
    assert "id: " in ran.err


def test_studies_are_made_and_listed(workbench):
    assert workbench("study", "create", "One", "--json").json == {"study": "One"}
    ran = workbench("study", "list", "--json")
    (found,) = ran.json["studies"]
    assert (found["name"], found["respondents"], found["documents"]) == ("One", 0, 0)
    ran = workbench("study", "create", "ONE", expect=1)
    assert ran.err == "workbench: there is a study named 'ONE' already. Choose another name.\n"
    assert workbench("study", "list").out == "One: 0 respondents, 0 documents\n"


def test_one_is_told_as_one(loaded, files):
    (files / "one.csv").write_text(
        "respondent,question,start,end,quote,code,coder,memo\nR4,q1,0,3,The,School,,\n",
        encoding="utf-8",
    )
    (files / "one.yaml").write_text(
        "format: speakout-codebook/1\nname: One\ncodes: [{name: Alone}]\n", encoding="utf-8"
    )
    ran = loaded("code", "import", "one.csv", "--study", "S")
    assert ran.out == "1 coding new, 0 there already, 0 bad rows.\n"
    assert "1 theme, 1 code in all" in loaded("codebook", "check", "one.yaml").out
    assert loaded("codebook", "load", "one.yaml", "--study", "S").out.startswith("1 code new,")


REFUSED = [
    (("summarise", "--study", "T"), "there is no study named 'T'. Studies: S."),
    (("summarise", "--study", "S", "--by", "shoe"), "no attribute 'shoe'"),
    (("summarise", "--study", "S", "--by", "email"), "no attribute 'email'"),
    (("summarise", "--study", "S", "--layer", "Zoe"), "no coder 'Zoe'"),
    (("ingest", "survey", "none.csv", "--study", "S"), "none.csv"),
    (("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "none.yaml"), "none.yaml"),
    (("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "bad.yaml"), "bad.yaml"),
    (("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "codes.yaml"), "codes.yaml"),
    (("codebook", "check", "none.yaml"), "none.yaml"),
    (("codebook", "check", "bad.yaml"), "bad.yaml"),
    (("codebook", "check", "binary.yaml"), "not text in UTF-8"),
    (("codebook", "load", "mapping.yaml", "--study", "S"), "mapping.yaml"),
    (("code", "import", "survey.csv", "--study", "S"), "no column code, respondent"),
    (("code", "import", "codings.csv", "--study", "T"), "there is no study named 'T'"),
    (("export", "extracts", "out.pdf", "--study", "S"), "pdf"),
    (("export", "extracts", ".", "--study", "S"), "is a folder"),
    (("export", "extracts", "out.csv", "--study", "S", "--code", "Nothing"), "no code 'Nothing'"),
    (("export", "extracts", "o.csv", "--study", "S", "--attributes", "email"), "'email'"),
    (("code", "export", "no/such/folder.csv", "--study", "S"), "folder"),
    (("--database", "nonsense", "study", "list"), "not a database address"),
    (("--database", "sqlite:///survey.csv", "study", "list"), "no database"),
    (("--as", "x" * 201, "study", "list"), "1 to 200 characters"),
]


def test_what_is_refused_says_why_and_ends_with_1(loaded, files):
    (files / "bad.yaml").write_text("a: [1\nb: }", encoding="utf-8")
    (files / "binary.yaml").write_bytes(b"\xff\xfe\x00\x81")
    for arguments, why in REFUSED:
        ran = loaded(*arguments, expect=1)
        assert why in ran.err, arguments
        assert ran.err.startswith("workbench: "), arguments
        assert (ran.out, ran.err.count("Traceback")) == ("", 0), arguments


WRONG = [
    ("summarise",),
    ("explode",),
    ("ingest", "survey", "--study", "S"),
    ("summarise", "--study", "S", "--level", "sideways"),
    ("study", "create"),
    ("--jsn", "study", "list"),
]


def test_wrong_usage_ends_with_2(workbench):
    for arguments in WRONG:
        ran = workbench(*arguments, expect=2)
        assert ran.out == "", arguments
        assert ran.err, arguments


def test_codings_make_the_round_trip(loaded, files):
    ran = loaded("code", "export", "out.csv", "--study", "S", "--json")
    assert ran.json == {"file": "out.csv", "codings": 2}
    with (files / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "respondent", "question", "start", "end", "quote", "code", "coder", "memo", "document",
        "transcript",
    ]  # fmt: skip
    assert rows[0]["code"] == "Access / Waiting"
    ran = loaded("code", "import", "out.csv", "--study", "S", "--json")
    assert (ran.json["codings_unchanged"], ran.json["bad_rows"]) == (2, [])


def test_the_codebook_makes_the_round_trip(loaded):
    assert loaded("codebook", "export", "again.yaml", "--study", "S", "--json").json == {
        "file": "again.yaml", "codes": 5,
    }  # fmt: skip
    ran = loaded("codebook", "load", "again.yaml", "--study", "S", "--json")
    assert ran.json["codes_unchanged"] == 5
    ran = loaded("codebook", "load", "again.yaml", "--study", "New one")
    assert "Made the study New one." in ran.err


def test_the_codebook_goes_through_every_format(loaded, tmp_path):
    for name in ("b.csv", "b.xlsx", "b.docx", "b.html", "b.yml"):
        loaded("codebook", "export", name, "--study", "S", "--with-counts")
        assert "3 themes, 5 codes in all. No errors." in loaded("codebook", "check", name).out
        ran = loaded("codebook", "load", name, "--study", "S", "--json")
        assert ran.json["codes_unchanged"] == 5
    loaded("codebook", "export", "plain", "--study", "S", "--format", "csv")
    assert loaded("codebook", "check", "plain").out.startswith("plain: Small, 3 themes")


def test_a_table_of_codes_with_a_bad_row(loaded, files):
    (files / "tags.csv").write_text("tag,description,n\nMoney,Fees,3\nmoney,,1\n", "utf-8")
    ran = loaded("codebook", "check", "tags.csv", expect=1)
    assert "row 3, column name: money: this code is there already, in row 2." in ran.err
    ran = loaded("codebook", "load", "tags.csv", "--study", "S", "--dry-run")
    assert ran.out == "1 code new, 0 updated, 0 unchanged. Nothing was written.\n"
    assert "warning: not taken from the file: n." in ran.err
    ran = loaded("codebook", "load", "tags.csv", "--study", "S", "--json")
    assert (ran.json["codes_new"], [bad["row"] for bad in ran.json["bad_rows"]]) == (1, [3])
    assert loaded("codebook", "load", "tags.csv", "--study", "S", "--json").json["codes_new"] == 0


def test_tables_for_people(loaded):
    ran = loaded("summarise", "--study", "S", "--level", "code")
    assert "Access / Waiting | all | 1 of 4 | 25% (5%-70%) | 1 mention\n" in ran.out
    ran = loaded("summarise", "--study", "S", "--by", "group,age", "--json")
    assert len(ran.json["rows"]) == 27
    nobody = [row for row in ran.json["rows"] if row["base"] == 0]
    assert {(row["share"], row["low"], row["high"]) for row in nobody} == {(None, None, None)}


def test_who_acts_is_said_by_as(loaded, monkeypatch):
    ran = loaded("summarise", "--study", "S", "--layer", "ben", "--json")
    assert sum(row["respondents"] for row in ran.json["rows"]) == 1
    monkeypatch.setenv("LOGNAME", "somebody")
    loaded("study", "list")
    with closing(sqlite3.connect("cli.sqlite3")) as database:
        names = {name for (name,) in database.execute("SELECT name FROM coder")}
    assert "somebody" in names


def test_another_database_is_named_on_the_command_line(loaded, tmp_path):
    other = f"sqlite:///{tmp_path / 'other' / 'x.sqlite3'}"
    assert loaded("--database", other, "study", "list", "--json").json == {"studies": []}
    assert len(loaded("study", "list", "--json").json["studies"]) == 1


def test_the_database_is_backed_up_and_upgraded(loaded, tmp_path):
    ran = loaded("db", "backup", "safe.sqlite3", "--json")
    assert ran.json == {"backup": "safe.sqlite3"}
    kept = loaded("--database", "sqlite:///safe.sqlite3", "study", "list", "--json")
    assert [item["name"] for item in kept.json["studies"]] == ["S"]
    assert "already" in loaded("db", "backup", "safe.sqlite3", expect=1).err
    ran = loaded("db", "upgrade", "--json")
    assert ran.json["before"] == ran.json["after"]
    assert ran.json["backup"] is None
    ran = loaded("--database", "sqlite:///new.sqlite3", "db", "upgrade", "--json")
    assert (ran.json["before"], ran.json["backup"]) == (None, None)


def test_a_newer_database_is_refused(loaded):
    with closing(sqlite3.connect("cli.sqlite3")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    assert "newer version of the workbench" in loaded("study", "list", expect=1).err
    ran = loaded("doctor", "--json", expect=1)
    checks = {item["what"]: item["ok"] for item in ran.json["checks"]}
    assert checks["Database"] is False


def test_the_doctor_looks_at_everything(workbench):
    ran = workbench("doctor", "--json")
    assert all(set(item) == {"what", "ok", "found"} for item in ran.json["checks"])
    checks = {item["what"]: item["found"] for item in ran.json["checks"]}
    assert {"Python", "streamlit", "Database"} <= set(checks)
    assert checks["Sample model"] == "there, for sample studies only"
    assert "Speech recognition models" in checks
    assert not os.path.exists("cli.sqlite3-journal")


def test_the_sample_is_loaded_once(workbench):
    assert workbench("demo", "--json").json == {"study": "SpeakOut sample", "loaded": True}
    assert workbench("demo", "--json").json == {"study": "SpeakOut sample", "loaded": False}
    ran = workbench("summarise", "--study", "SpeakOut sample", "--by", "ethnic_group", "--json")
    assert sum(row["respondents"] for row in ran.json["rows"]) > 20
    ran = workbench("export", "extracts", "all.csv", "--study", "SpeakOut sample", "--json")
    with open("all.csv", encoding="utf-8-sig") as stream:
        written = stream.read()
    assert ran.json["extracts"] > 100
    assert "example.org" not in written


def test_help_is_quick_and_loads_nothing_heavy():
    program = (
        "import sys; sys.argv = ['workbench', '--help']\n"
        "from workbench.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    started = time.process_time()
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip() == "[]"
    assert "summarise" in ran.stdout
    assert time.process_time() - started < 1


def test_the_installed_command_speaks_utf8_everywhere(files, tmp_path):
    environment = {
        **os.environ,
        "WORKBENCH_DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}",
        "PYTHONIOENCODING": "ascii",
    }
    command = [sys.executable, "-c", "from workbench.cli import main; main()"]
    made = subprocess.run(
        [*command, "study", "create", "Kinder 😀 بچے", "--json"],
        capture_output=True, env=environment, check=False,
    )  # fmt: skip
    assert (made.returncode, made.stderr) == (0, b"")
    assert json.loads(made.stdout.decode()) == {"study": "Kinder 😀 بچے"}
    wrong = subprocess.run([*command, "study", "list", "--what"], capture_output=True,
                           env=environment, check=False)  # fmt: skip
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    refused = subprocess.run([*command, "summarise", "--study", "x"], capture_output=True,
                             env=environment, check=False)  # fmt: skip
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert "Kinder 😀 بچے" in refused.stderr.decode()


@pytest.mark.parametrize("command", ["study", "ingest", "codebook", "code", "export", "db"])
def test_a_group_of_commands_shows_its_help(workbench, command):
    ran = workbench(command, "--help")
    assert "Usage" in ran.out


def test_bases_orders_and_two_groups(loaded):
    ran = loaded("summarise", "--study", "S", "--base", "everybody", "--order", "mentioned",
                 "--hide-empty", "--level", "code", "--json")  # fmt: skip
    assert ran.json["base_of"] == "everybody"
    assert all(row["respondents"] for row in ran.json["rows"])
    assert "without anybody left out" in ran.err
    ran = loaded("summarise", "--study", "S", "--compare", "group=Roma, Irish", "--json")
    assert ran.json["groups"] == ["Roma", "Irish"]
    assert set(ran.json["rows"][0]) == {"theme", "first", "second", "difference", "low", "high"}
    assert "Respondents chose to take part" in ran.err
    ran = loaded("summarise", "--study", "S", "--compare", "group=Roma,Irish")
    assert "2 respondents (Roma) and" in ran.out
    ran = loaded("summarise", "--study", "S", "--compare", "group=Roma,Klingon", expect=1)
    assert "nobody's group is 'Klingon'" in ran.err
    for wrong in (("--compare", "group"), ("--base", "all"), ("--order", "up"),
                  ("--compare", "group=a,b", "--by", "age")):  # fmt: skip
        loaded("summarise", "--study", "S", *wrong, expect=2)


def test_saved_starred_and_quotable_extracts(loaded):
    ran = loaded("export", "extracts", "x.csv", "--study", "S", "--starred", "anybody", "--json")
    assert ran.json["extracts"] == 0
    ran = loaded("export", "extracts", "x.csv", "--study", "S", "--quotable",
                 "--include-withheld")  # fmt: skip
    assert ran.out.startswith("Wrote 2 extracts to")
    ran = loaded("export", "extracts", "x.csv", "--study", "S", "--saved", "Mine", expect=1)
    assert "there is no saved filter 'Mine'. Saved filters: none." in ran.err
    for wrong in (("--saved", "Mine", "--quotable"), ("--starred", "you")):
        loaded("export", "extracts", "x.csv", "--study", "S", *wrong, expect=2)


def test_codings_of_a_study_without_any_go_out_and_in_again(workbench, files):
    workbench("ingest", "survey", "survey.csv", "--study", "S", "--mapping", "mapping.yaml")
    workbench("code", "export", "none.csv", "--study", "S")
    ran = workbench("code", "import", "none.csv", "--study", "S", "--json")
    assert "none.csv: there is nothing in it but a header." in ran.err
    assert ran.json == {
        "codings_new": 0, "codings_unchanged": 0, "coders_new": [], "bad_rows": [],
    }  # fmt: skip

"""`workbench ingest transcript`: several files at once, one bad one refused alone."""

import pytest

from tests.services.discussions.test_focus_groups import VTT

PEOPLE = "speaker,respondent,town\nP1,R1,Leeds\nAmina K,A1,York\nZed,Z1,Hull\n"
OTHER = (
    "Lin: Who did you ask?\nAmina K: My sister.\nLin: And then?\nAMINA K: Nobody.\n"
    "Note: x\nNote: y\n"
)


@pytest.fixture
def transcripts(files):
    folder = files / "groups"
    (folder / "more").mkdir(parents=True)
    (folder / "FG1.vtt").write_bytes(VTT)
    (folder / "FG2.txt").write_text(OTHER, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "more" / "FG1.srt").write_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nP1: Hm.\n")
    (folder / "notes.csv").write_text("no transcript", encoding="utf-8")
    (files / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return folder


def test_a_folder_of_transcripts(loaded, transcripts):
    options = ["--study", "S", "--participants", "people.csv", "--facilitator", "Lin",
               "--facilitator", "Nobody at all", "--unknown", "Note", "--date", "2024-03-01",
               "--series", "Parents", "--json"]  # fmt: skip
    tried = loaded("ingest", "transcript", transcripts, *options, "--dry-run").json
    assert (tried["new"], tried["dry_run"]) == (2, True)
    assert "Amina K" in str(tried["groups"])
    ran = loaded("ingest", "transcript", transcripts, *options)
    report = ran.json
    assert (report["new"], report["changed"], report["unchanged"]) == (2, 0, 0)
    assert report["refused"] == [
        {"filename": "empty.txt", "message": "the file is empty."},
        {"filename": "FG1.srt", "message": "FG1.vtt is called FG1 too. Rename one of the files, "
         "or bring it in alone with another name."},
    ]  # fmt: skip
    assert [(item["name"], item["respondents_new"]) for item in report["groups"]] == [
        ("FG1", ["FG1 P2"]), ("FG2", ["A1"]),
    ]  # fmt: skip
    who = report["groups"][1]["who"]
    assert [(item["name"], item["role"], item["respondent"]) for item in who] == [
        ("Facilitator", "facilitator", None), ("Participant 1", "participant", "A1"),
    ]  # fmt: skip
    assert "Amina" not in ran.out and "Lin" not in ran.out
    assert [(bad["row"], bad["message"]) for bad in tried["bad_rows"]] == [
        (4, "'Zed' is nobody who speaks there. Write the name as the file has it."),
    ]  # fmt: skip
    assert [(bad["row"], bad["message"]) for bad in report["bad_rows"]] == [
        (4, "the cell is nobody who speaks there. Write the name as the file has it."),
    ]  # fmt: skip
    assert report["warnings"] == ["nobody is called 'Nobody at all'."]
    again = loaded("ingest", "transcript", transcripts, *options).json
    assert (again["new"], again["unchanged"]) == (0, 2)


def test_one_file_its_history_and_undo(loaded, transcripts):
    one = transcripts / "FG1.vtt"
    ran = loaded("ingest", "transcript", one, "--study", "S", "--name", "Group 1", "--dry-run")
    assert ran.out.splitlines() == [
        "Group 1 (new): 4 turns, 15 words, of which 0 count for nobody.",
        "  Lin Facilitator -> Facilitator, facilitator: 1 turn, 5 words. The name says that they "
        "ask the questions.",
        "  P1 -> P1, participant, Group 1 P1 (new): 2 turns, 7 words. A label.",
        "  P2 -> P2, participant, Group 1 P2 (new): 1 turn, 3 words. A label.",
        "Would bring in 1 new focus group; 0 corrected, 0 unchanged, 0 refused.",
    ]
    loaded("ingest", "transcript", one, "--study", "S", "--name", "Group 1", "--keep-names")
    ran = loaded("ingest", "history", "--study", "S")
    assert "FG1.vtt, by" in ran.out.splitlines()[0]
    assert ran.out.splitlines()[0].endswith(
        ": a focus group, Group 1, 4 turns, 3 speakers, 2 new respondents"
    )
    ran = loaded("ingest", "undo", "--study", "S")
    assert ran.out.startswith("Took back FG1.vtt: 2 respondents and 1 focus group are gone")


def test_what_cannot_be_brought_in_is_said(loaded, transcripts):
    ran = loaded("ingest", "transcript", transcripts / "empty.txt", "--study", "S", expect=1)
    assert ran.err.strip() == "empty.txt: the file is empty."
    ran = loaded("ingest", "transcript", "nowhere.vtt", "--study", "S", expect=1)
    assert ran.err.strip() == "nowhere.vtt: No such file or directory."
    ran = loaded("ingest", "transcript", transcripts, "--study", "S", "--name", "x", expect=1)
    assert "one name cannot be that of 4 groups" in ran.err
    ran = loaded("ingest", "transcript", transcripts, "--study", "S", "--date", "1 March", expect=1)
    assert "'1 March' is not a day. Write it as 2022-02-14." in ran.err


def test_two_names_of_one_person_are_put_together_by_the_table(loaded, files, transcripts):
    (files / "people.csv").write_text(
        "speaker,shown as,respondent\nP1,YP1,R1\nP2,YP1,R1\nLin Facilitator,Chair,\n",
        encoding="utf-8",
    )
    options = ["ingest", "transcript", transcripts / "FG1.vtt", "--study", "S",
               "--participants", "people.csv", "--json"]  # fmt: skip
    for outcome in ("new", "unchanged"):
        report = loaded(*options).json
        assert (report[outcome], report["bad_rows"]) == (1, [])
    figures = loaded("discussions", "--study", "S", "--group", "FG1", "--json").json
    assert {(item["name"], item["n_turns"]) for item in figures["speakers"]} == {
        ("Chair", 1), ("YP1", 1)
    }  # fmt: skip


def test_what_nobody_is_named_for_is_shown_before_it_comes_in(loaded, files):
    (files / "FG3.txt").write_text("Round 1. A sample.\n\nP1: Hm.\nP2: Ha.\n", encoding="utf-8")
    one = ["ingest", "transcript", files / "FG3.txt", "--study", "S"]
    assert (
        "  nobody is named: 1 turn, 4 words, such as 'Round 1. A sample.'."
        in loaded(*one, "--dry-run").out.splitlines()
    )
    tried = loaded(*one, "--dry-run", "--json").json["groups"][0]["nobody"]
    assert tried == {"turns": 1, "words": 4, "sample": "Round 1. A sample."}
    assert "sample" not in loaded(*one, "--json").json["groups"][0]["nobody"]


def test_only_a_dry_run_quotes_a_table_of_participants(loaded, transcripts):
    one = ["ingest", "transcript", transcripts / "FG1.vtt", "--study", "S",
           "--participants", "people.csv"]  # fmt: skip
    tried, ran = loaded(*one, "--dry-run").err, loaded(*one).err
    assert "people.csv, row 4: 'Zed' is nobody who speaks there." in tried
    assert "people.csv, row 4: the cell is nobody who speaks there." in ran
    assert "Amina" in tried and "Amina" not in ran and "Zed" not in ran


def test_what_is_no_speaker_is_words_of_whoever_speaks_before_in_every_file(loaded, files):
    cues = ["P1: Hm.", "Note: phone rings", "P2: Ha.", "NOTE: x", "P1: So.", "P2: Yes."]
    stamps = [f"00:00:0{n},000 --> 00:00:0{n},900" for n in range(len(cues))]
    srt = "".join(f"{n}\n{stamps[n]}\n{words}\n\n" for n, words in enumerate(cues))
    (files / "A.srt").write_text(srt, encoding="utf-8")
    (files / "B.txt").write_text("\n".join(cues), encoding="utf-8")
    for name in ("A.srt", "B.txt"):
        report = loaded("ingest", "transcript", files / name, "--study", "S", "--unknown", "note",
                        "--json").json["groups"][0]  # fmt: skip
        assert [(who["name"], who["words"]) for who in report["who"]] == [("P1", 5), ("P2", 4)]
        assert report["words_of_nobody"] == 0


def test_several_tables_of_participants_name_their_rows(loaded, files):
    for name in ("Youth", "Parents"):
        (files / f"{name}.txt").write_text("P1: Hm.\nP2: Ha.\n", encoding="utf-8")
        (files / f"{name} people.csv").write_text("speaker,respondent\nP1,R1\nZed,R2\n",
                                                  encoding="utf-8")  # fmt: skip
    ran = loaded("ingest", "transcript", files / "Youth.txt", files / "Parents.txt", "--study", "S",
                 "--participants", "Youth people.csv", "--participants", "Parents people.csv",
                 "--dry-run")  # fmt: skip
    assert ran.out.count("P1 -> P1, participant, R1: ") == 2
    assert ran.out.count("(new): 1 turn, 1 word. Other groups have this label, too") == 2
    assert ran.err.splitlines() == [
        f"{name} people.csv, row 3: 'Zed' is nobody who speaks there. Write the name as the file "
        "has it." for name in ("Youth", "Parents")
    ]  # fmt: skip


def test_an_encoding_is_named(loaded, files):
    (files / "old.txt").write_bytes(("Иван: Да.\nОльга: Нет.\n" * 2).encode("koi8-r"))
    options = ("--study", "S", "--keep-names", "--dry-run", "--json")
    read = loaded("ingest", "transcript", "old.txt", *options, "--encoding", "koi8-r").json
    assert [item["names"] for item in read["groups"][0]["who"]] == [["Иван"], ["Ольга"]]
    wrong = loaded("ingest", "transcript", "old.txt", *options, "--encoding", "no", expect=1)
    assert "there is no text encoding 'no'" in str(wrong.json["refused"])

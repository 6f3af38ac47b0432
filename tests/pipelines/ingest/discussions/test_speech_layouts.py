"""Who speaks where: names before words, above them, in bold, in tables; and what is no name."""

import pytest

from pipelines.ingest.discussions.speech import CLOCK, Turn, clock_ms, joined
from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.ingest.discussions.speech_layouts import Paragraph, find_turns, is_label


def spoken(text, name="group.txt", **options):
    """Read plain text; give the layout and what everybody says."""
    found = read_speech(text.encode(), name, **options)
    return found.layout, [(turn.speaker, turn.text) for turn in found.turns]


def test_names_before_a_colon():
    layout, turns = spoken(
        "Moderator: Welcome.\nP1: Thanks. I said: no.\nAnd again.\nP2:\tMe too.\nP1: Right."
    )
    assert layout == "names_before"
    assert turns == [
        ("Moderator", "Welcome."),
        ("P1", "Thanks. I said: no.\nAnd again."),
        ("P2", "Me too."),
        ("P1", "Right."),
    ]


def test_words_before_a_colon_that_come_once_are_no_name():
    _, turns = spoken("Ana: One thing: it was late.\nAnd then: nothing.\nBen: Yes.\nAna: So.\n"
                      "Ben: So.")  # fmt: skip
    assert [speaker for speaker, _ in turns] == ["Ana", "Ben", "Ana", "Ben"]
    assert turns[0][1] == "One thing: it was late.\nAnd then: nothing."


def test_what_a_person_has_said_is_no_name_goes_back_to_the_words():
    text = "Ana: First.\nNote: see below.\nBen: Yes.\nNote: really.\nAna: So.\nBen: No."
    assert ("Note", "see below.") in spoken(text)[1]
    _, turns = spoken(text, not_speakers=["Note"])
    assert turns[0] == ("Ana", "First.\nNote: see below.")


@pytest.mark.parametrize(
    "text",
    [
        "[00:00:05] Ana: Hello.\n[00:01:09] Ben: Hi.\n[00:02:00] Ana: So.\n[00:03:00] Ben: No.",
        "Ana [00:00:05]: Hello.\nBen [00:01:09]: Hi.\nAna [00:02:00]: So.\nBen [00:03:00]: No.",
        "[00:00:05] Ana\nHello.\n\n[00:01:09] Ben\nHi.\n\n[00:02:00] Ana\nSo.\n[00:03:00] Ben\nNo.",
        "Ana  0:05\nHello.\n\nBen  1:09\nHi.\n\nAna  2:00\nSo.\nBen  3:00\nNo.",
    ],
)
def test_times_beside_names(text):
    found = read_speech(text.encode(), "group.txt")
    assert [(turn.speaker, turn.text, turn.start_ms) for turn in found.turns] == [
        ("Ana", "Hello.", 5_000), ("Ben", "Hi.", 69_000), ("Ana", "So.", 120_000),
        ("Ben", "No.", 180_000),
    ]  # fmt: skip


def test_names_on_lines_of_their_own():
    layout, turns = spoken("Ana\nHello there.\n\nBen\nAnd me.\nAna\nGood.\nBen\nFine.")
    assert layout == "names_above"
    assert turns == [("Ana", "Hello there."), ("Ben", "And me."), ("Ana", "Good."),
                     ("Ben", "Fine.")]  # fmt: skip


def test_what_is_heard_beside_the_words_is_nobodys_name():
    said = "[laughter]\n\nBen  0:09\nAnd me.\n\n(Pause)\n\nAna  0:12\nGood.\n\n[laughter]\n\n"
    layout, turns = spoken(f"Ana  0:04\nHello there.\n\n{said}Ben  0:20\nFine.\n\n(Pause)")
    assert layout == "names_above"
    assert turns == [("Ana", "Hello there.\n[laughter]"), ("Ben", "And me.\n(Pause)"),
                     ("Ana", "Good.\n[laughter]"), ("Ben", "Fine.\n(Pause)")]  # fmt: skip


def test_bold_names():
    found = find_turns(
        [
            Paragraph("Interviewer Welcome all.", bold=11),
            Paragraph("Young person 1 It was far.", bold=14),
            Paragraph("And dark."),
            Paragraph("Young person 2 Yes.", bold=14),
        ],
        "group.docx",
    )
    assert found.layout == "bold_names"
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Interviewer", "Welcome all."),
        ("Young person 1", "It was far.\nAnd dark."),
        ("Young person 2", "Yes."),
    ]


def test_a_table_in_whichever_order():
    rows = [("Time", "Speaker", "Text"), ("00:01", "Ana", "It took four months to hear back."),
            ("00:09", "Ben", "Six for us, and then they had lost the form.")]  # fmt: skip
    for order in ([0, 1, 2], [1, 0, 2], [1, 2, 0]):
        cells = [tuple(row[at] for at in order) for row in rows]
        found = find_turns([Paragraph("\t".join(row), cells=row) for row in cells], "t.docx")
        assert found.layout == "table"
        assert [(turn.speaker, turn.start_ms) for turn in found.turns] == [
            ("Ana", 1_000), ("Ben", 9_000),
        ]  # fmt: skip


def test_without_names_the_words_are_nobodys():
    found = read_speech(b"It was late.\nNobody came.", "notes.txt")
    assert found.layout == "none"
    assert [turn.speaker for turn in found.turns] == ["", ""]
    assert "count as nobody's in particular" in found.warnings[0]


def test_other_scripts_and_hostile_names():
    layout, turns = spoken("آمنہ: ہم نے فون کیا۔\nبلال: جی۔\nآمنہ: پھر؟\nبلال: کچھ نہیں۔")
    assert layout == "names_before"
    assert [speaker for speaker, _ in turns] == ["آمنہ", "بلال"] * 2
    _, turns = spoken("=cmd(): a\n=cmd(): b\nhttp://x.example: c")
    assert turns[0] == ("=cmd()", "a\nb\nhttp://x.example: c")


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Ana", True), ("Dr. Ana T.", True), ("P1", True), ("I said this to them", True), ("", False),
     ("and then", False), ("Why?", False), ("x" * 61, False), ("12", False),
     ("A B C D E F G", False), ("[Crosstalk 00:12]", False), ("[Speaker 1]", True)],
)  # fmt: skip
def test_what_can_be_a_name(words, expected):
    assert is_label(words) == expected


@pytest.mark.parametrize(
    ("written", "ms"),
    [("0:03", 3_000), ("[00:01:02]", 62_000), ("(1:02:03.45)", 3_723_450), ("75:00", 4_500_000)],
)
def test_times_as_people_write_them(written, ms):
    assert clock_ms(CLOCK.fullmatch(written)) == ms


def test_turns_of_nobody_are_not_joined():
    turns = [Turn("", "One."), Turn("", "Two."), Turn("Ana", " "), Turn("Ana", "Three.")]
    assert [turn.text for turn in joined(turns)] == ["One.", "Two.", "Three."]


def test_a_table_of_date_and_place_is_no_transcript():
    about = [("Date", "3 May 2024"), ("Place", "a library"), ("Interviewer", "Ana")]
    paragraphs = [Paragraph("\t".join(row), cells=row) for row in about]
    said = ["I: Tell me what happened then.", "P: I waited a year, and then some more.",
            "I: And who told you?", "P: Nobody, I had to ring them myself each week."]  # fmt: skip
    found = find_turns([*paragraphs, *map(Paragraph, said)], "t.docx")
    assert found.layout == "names_before"
    assert [(turn.speaker, turn.text) for turn in found.turns][-4:] == [
        tuple(words.split(": ", 1)) for words in said
    ]


def test_what_stands_beside_a_table_is_kept():
    rows = [("Ana", "It took four months to hear back."), ("Ben", "Six for us.")]
    table = [Paragraph("\t".join(row), cells=row) for row in rows]
    found = find_turns([Paragraph("Said before."), *table, Paragraph("Said after.")], "t.docx")
    assert found.layout == "table"
    assert [turn.text for turn in found.turns] == [
        "Said before.", "It took four months to hear back.", "Six for us.", "Said after.",
    ]  # fmt: skip


def test_short_words_below_a_name_are_words_and_no_name():
    text = ("Ana\nSo did you ring?\nBen\nYeah\nAna\nAnd then?\nBen\nYeah\nAna\nRight\n"
            "Who answered?\nBen\nRight\nA nurse did.")  # fmt: skip
    layout, turns = spoken(text)
    assert layout == "names_above"
    assert turns == [
        ("Ana", "So did you ring?"), ("Ben", "Yeah"), ("Ana", "And then?"), ("Ben", "Yeah"),
        ("Ana", "Right\nWho answered?"), ("Ben", "Right\nA nurse did."),
    ]  # fmt: skip


def test_two_people_in_one_paragraph_are_two():
    found = find_turns([Paragraph("Ana: hi\nBen: hello\nAna: ok"), Paragraph("Ben: bye")], "a.docx")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Ana", "hi"), ("Ben", "hello"), ("Ana", "ok"), ("Ben", "bye"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", [" " * 200_000 + "x", "x" + " " * 200_000 + "y", "a:" * 100_000,
                                  "[" * 200_000, "1:" * 100_000])  # fmt: skip
def test_long_hostile_lines_cost_no_time(line):
    """Each took minutes, or would have: what looks for names looks at the beginning only."""
    assert read_speech(f"Ana: a\n{line}\nAna: b".encode(), "a.txt").turns


def table(*rows):
    return find_turns([Paragraph("\t".join(row), cells=row) for row in rows], "t.docx")


def test_words_in_two_languages_side_by_side_are_both_read():
    rows = [
        ("Speaker", "Urdu", "English"),
        ("Ana", "میں نے تین بار فون کیا", "I rang three times and more"),
        ("Ben", "کسی نے نہیں", "Nobody rang back to us"),
        ("Ana", "ہاں", "Yes"),
    ]
    found = table(*rows)
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        (name, f"{one}\n{other}") for name, one, other in rows[1:]
    ]
    assert found.warnings == ("the words of 2 columns are read, one below the other.",)
    swapped = table(*((one, name, other) for name, one, other in rows))
    assert [(turn.speaker, turn.text) for turn in swapped.turns] == [
        (turn.speaker, turn.text) for turn in found.turns
    ]


def test_words_of_a_table_that_are_not_read_are_counted():
    found = table(
        ("1", "0:01", "Ana", "Parent", "It took four months to hear back."),
        ("2", "0:09", "Ben", "Head of year", "Six for us."),
        ("3", "0:12", "Ana", "Parent", "Hm, so long."),
        ("4", "0:15", "Ana", "Parent", "And then they wrote to say no."),
    )
    assert [(turn.speaker, turn.start_ms) for turn in found.turns] == [
        ("Ana", 1_000), ("Ben", 9_000), ("Ana", 12_000)
    ]  # fmt: skip
    told = "6 words in other columns of the table, heads among them, are left out."
    assert found.warnings == (told,)


ONCE = "1 line may begin with the name of somebody who speaks only once, and was read as words: "


def test_a_name_above_words_or_in_bold_that_comes_once_is_told():
    said = ["Ana", "I rang.", "Ben", "No.", "Carla", "I agree.", "Ana", "Twice.", "Ben", "Yes"]
    above = find_turns([Paragraph(words, line=at) for at, words in enumerate(said, 1)], "t.txt")
    assert above.layout == "names_above"
    assert above.warnings == (f"{ONCE}line 5. Look at them: a name would be shown.",)
    bold = find_turns(
        [
            Paragraph(f"{name} {words}", len(name), at)
            for at, (name, words) in enumerate(zip(said[::2], said[1::2], strict=True), 1)
        ],
        "t.docx",
    )
    assert bold.layout == "bold_names"
    assert bold.warnings == (f"{ONCE}line 3. Look at them: a name would be shown.",)

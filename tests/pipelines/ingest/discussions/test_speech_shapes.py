"""Shapes of transcripts that were read wrongly once: names, times, lists, tables. All made up."""

from __future__ import annotations

import io
from random import Random

import pytest
from docx import Document

from pipelines.ingest.discussions.speech import SpeechFile
from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.ingest.discussions.speech_labels import is_given, is_label

WORDS = ["Welcome.", "I rang at 9:30.", "And then?", "Nothing: never."]
NAMES = ["Lin", "Amina", "Lin", "Amina"]
STARTS = [3_000, 10_000, 12_000, 3_725_000]
IN_WORDS = ["3 seconds", "10 seconds", "12 seconds", "1 hour 2 minutes 5 seconds"]
CLOCKS = ["00:00:03", "00:00:10", "00:00:12", "01:02:05"]


def read(data: str | bytes, name: str = "fg.txt") -> SpeechFile:
    return read_speech(data.encode() if isinstance(data, str) else data, name)


def told(data: str | bytes, name: str = "fg.txt") -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in read(data, name).turns]


def docx(*blocks: str | tuple[str, str] | list[tuple[str, ...]]) -> bytes:
    """Write a Word document of paragraphs, of (bold, plain) ones, and of tables."""
    document = Document()
    for block in blocks:
        if isinstance(block, list):
            table = document.add_table(rows=0, cols=len(block[0]))
            for cells in block:
                for cell, words in zip(table.add_row().cells, cells, strict=True):
                    cell.text = words
            continue
        bold, plain = block if isinstance(block, tuple) else ("", block)
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(plain)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def lines(form: str) -> str:
    every = zip(NAMES, CLOCKS, WORDS, IN_WORDS, range(1, 5), strict=True)
    return "".join(
        form.format(n=name, t=at, w=words, s=told, i=i) for name, at, words, told, i in every
    )


ELAN = "{n}\t\t{t}.000\t{i}.5\t01:02:09.000\t9.5\t{w}\n"
TIMED = {
    "marks before": "#{t}-0# {n}: {w}\n",
    "marks alone": "#{t}-00#\n{n}: {w}\n",
    "braces": "{{{t}}} {n}: {w}\n",
    "angles": "<{t}> {n}: {w}\n",
    "beside": "{n} {t} {w}\n",
    "round": "{n} ({t}) {w}\n",
    "from and to": "[{t}.000 --> 01:02:09.000]  [{n}]: {w}\n",
    "elan": ELAN,
    "elan below": "{n}  {w}\nTC   {t}.000 - 01:02:09.000\n\n",
    "teams on screen twice": "{n}\n{s}{t}\n{n} {s}\n{w}\n",
    "teams on screen": "{n}\n{s}\n{t}\n{w}\n",
}


@pytest.mark.parametrize("form", TIMED)
def test_times_beside_names(form: str) -> None:
    data = lines(TIMED[form])
    found = read(data)
    assert [(turn.speaker, turn.text) for turn in found.turns] == list(
        zip(NAMES, WORDS, strict=True)
    )
    assert [turn.start_ms for turn in found.turns] == STARTS


def test_times_in_words_as_teams_shows_them() -> None:
    data = docx(("Osei, Lin", " started transcription"), ("Osei, Lin", "   3 seconds\nWelcome."),
                ("Amina", "   1 minute 10 seconds\nI rang."),
                ("Osei, Lin", "   2 minutes 1 second\nMm."),
                ("Ben", "   1 hour 2 minutes 5 seconds\nMe too."),
                ("Amina", "   1 hour 2 minutes 9 seconds\nNo."))  # fmt: skip
    found = read(data, "teams.docx")
    assert [(turn.speaker, turn.text, turn.start_ms) for turn in found.turns] == [
        ("", "started transcription", None), ("Osei, Lin", "Welcome.", 3_000),
        ("Amina", "I rang.", 70_000), ("Osei, Lin", "Mm.", 121_000),
        ("Ben", "Me too.", 3_725_000), ("Amina", "No.", 3_729_000),
    ]  # fmt: skip
    assert told("Lin (1m 3s): Hm.\nAmina (1h 2m 3s): Ha\nLin (2h 1s): So.\nAmina (3h 3s): N.") == [
        ("Lin", "Hm."), ("Amina", "Ha"), ("Lin", "So."), ("Amina", "N."),
    ]  # fmt: skip
    kept = "P1: I waited 10 seconds\nP2: And I\n10 seconds\nP1: So."
    assert told(kept)[:2] == [("P1", "I waited 10 seconds"), ("P2", "And I\n10 seconds")]


def test_times_of_the_day_are_counted_from_the_first() -> None:
    found = read("[Lin] 14:03:12\nHm.\n\n[Amina] 14:03:20\nHa.\n\n[Lin] 14:04:12\nSo.\n\n"
                 "[Amina] 14:05:12\nNo.\n")  # fmt: skip
    assert [turn.start_ms for turn in found.turns] == [0, 8_000, 60_000, 120_000]
    assert found.warnings == (
        "The times are those of a day: they are counted from the first, 14:03:12.",
    )


def test_who_speaks_once_is_known_by_a_time_that_fits() -> None:
    otter = ("FG1\nThu, Jun 12, 2025\n\nSPEAKERS\nAmina Khan, Ben, Lin Osei\n\nLin Osei  00:03\n"
             "Welcome.\n\nAmina Khan  00:10\nI rang.\n\nBen  00:12\nHm.\n\nLin Osei  00:20\n"
             "We met at 10:30\nand went home\n\nLin Osei  01:20\nSo.\n")  # fmt: skip
    found = read(otter)
    assert [(turn.speaker, turn.text) for turn in found.turns[2:]] == [
        ("Lin Osei", "Welcome."), ("Amina Khan", "I rang."), ("Ben", "Hm."),
        ("Lin Osei", "We met at 10:30\nand went home\nSo."),
    ]  # fmt: skip
    before = (
        "[0:03] Lin: Hm.\n[0:09] Amina: Ha.\n[0:12] Lin: So.\n[0:15] Ben: No.\n[0:20] Amina: Oh."
    )
    assert ("Ben", "No.") in told(before)
    untimed = "Lin: Hm.\nAmina: Ha.\nThe thing is: it was late.\nLin: So.\nAmina: No."
    assert told(untimed)[1] == ("Amina", "Ha.\nThe thing is: it was late.")


def test_who_speaks_once_in_zoom_is_no_more_of_the_speaker_before() -> None:
    said = ["Lin: a", "Lin: b", "Lin: c", "Amina (she/her): d", "iPhone (2): e", "f", "Lin: g",
            "Lin: h", "Lin: i"]  # fmt: skip
    cues = "".join(f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n{words}\n\n"
                   for n, words in enumerate(said, 1))  # fmt: skip
    assert told(f"WEBVTT\n\n{cues}", "zoom.vtt") == [
        ("Lin", "a b c"), ("Amina (she/her)", "d"), ("iPhone (2)", "e"), ("", "f"),
        ("Lin", "g h i"),
    ]  # fmt: skip


def test_who_speaks_once_in_bold_with_a_colon_as_all_others_have() -> None:
    said = [("Lin:", " Hm."), ("Amina:", " Ha."), ("Ben:", " Oh."), ("Lin:", " So."),
            ("", "And so."), ("Amina:", " No.")]  # fmt: skip
    assert told(docx(*said), "fg.docx")[2] == ("Ben", "Oh.")
    without = [(bold.rstrip(":"), words) for bold, words in said]
    assert told(docx(*without), "fg.docx")[1] == ("Amina", "Ha.\nBen Oh.")


def test_names_with_what_is_known_of_people() -> None:
    said = "Moderator: Hm.\nP3 (female, 34): Ha.\nP4 [M, 41]: So.\nOsei, Lin: Oh.\nOsei, Lin: No.\n"
    assert [speaker for speaker, _ in told(said)] == [
        "Moderator", "P3 (female, 34)", "P4 [M, 41]", "Osei, Lin",
    ]  # fmt: skip
    sentences = "P1: Hm.\nWell, Mum: yes.\nWell, Mum: no.\nP2: Ha."
    assert [speaker for speaker, _ in told(sentences)] == ["P1", "P2"]


@pytest.mark.parametrize(
    "words",
    ["Date", "Duration", "FG1.m4a", "https", "Yes, Amina", "So, then", "Monday", "Dear Parent"],
)
def test_what_is_nobodys_name(words: str) -> None:
    assert not is_label(words)


@pytest.mark.parametrize(
    "name", ["الميسرة", "شرکت کنندہ ۲", "Lin (Moderator)", "P3 (female, 34)", "Int. 2"]
)
def test_names_that_count_though_they_come_once(name: str) -> None:
    assert is_label(name) and is_given(name)


def test_lists_of_people_are_left_out_and_told() -> None:
    meet = ("FG1 - Transcript\nAttendees\nAmina Khan, Ben Ade, Lin Osei\nTranscript\n"
            "Lin Osei: Welcome.\nAmina Khan: Lin, Amina and Ben.\nLin Osei: And?\nAmina Khan: No.\n"
            "Meeting ended after 00:58:12 👋\n")  # fmt: skip
    found = read(meet)
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("", "FG1 - Transcript"), ("", "Transcript"), ("Lin Osei", "Welcome."),
        ("Amina Khan", "Lin, Amina and Ben."), ("Lin Osei", "And?"), ("Amina Khan", "No."),
        ("", "Meeting ended after 00:58:12 👋"),
    ]  # fmt: skip
    assert found.warnings == ("2 lines that list who is there, before anybody speaks, left out.",)
    typed = "Participants: R1, R2\nI: Hm.\nR1: Ha.\nR2: R1, R2\nI: So."
    assert told(typed) == [("I", "Hm."), ("R1", "Ha."), ("R2", "R1, R2"), ("I", "So.")]


def test_tables_of_other_programs() -> None:
    bare = [("Timespan", "Content"),
            *((f"{at[3:]}.0 - 1:02:09.9", f"{name}: {words}")
              for name, at, words in zip(NAMES, CLOCKS, WORDS, strict=True))]  # fmt: skip
    found = read(docx(bare), "nvivo.docx")
    assert [(turn.speaker, turn.text) for turn in found.turns] == list(
        zip(NAMES, WORDS, strict=True)
    )
    assert found.turns[1].start_ms == 10_000
    short = [("Speaker", "Time", "Text"), *zip(NAMES, CLOCKS, WORDS, strict=True)]
    assert read(docx(short), "fg.docx").layout == "table"
    typed = [("I:", "Welcome."), ("", "And thanks."), ("R1:", "I rang twice."), ("I:", "And?")]
    assert told(docx(typed), "fg.docx")[0] == ("I", "Welcome.\nAnd thanks.")
    program = [
        ("0:01", "Ana", "Welcome to all."),
        ("0:05", "", "Hm."),
        ("0:09", "Ben", "Thank you."),
    ]
    assert told(docx(program), "fg.docx")[1] == ("", "Hm.")


def test_names_in_small_letters_and_before_wide_colons() -> None:
    assert told("i: Who rang?\np1: I did.\ni: And?\np1: No.\n")[1] == ("p1", "I did.")
    assert told("he said: no.\nand so on.\nhe said: yes.\nwell.\n")[0] == ("", "he said: no.")
    assert told("主持人：欢迎。\n李明：没有。\n主持人：然后？\n李明：没有。")[1] == (
        "李明",
        "没有。",
    )


def test_names_in_brackets_above_captions_and_asides() -> None:
    cues = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n[{name}]\n{words}\n\n"
        for n, (name, words) in enumerate(zip(NAMES, WORDS, strict=True), 1)
    )
    assert told(cues, "happy.srt") == list(zip(NAMES, WORDS, strict=True))
    assert told("[0:03] S00: Hm.\n[0:05] //S01: Ha.//\n[0:09] S00: So.")[1] == ("S01", "//Ha.//")


def test_the_lines_of_a_caption_of_nobody_are_one() -> None:
    cue = "WEBVTT\n\n9a5f/12-0\n00:00:03.230 --> 00:00:06.100\nWho would\nlike to start?\n"
    assert told(cue, "teams.vtt") == [("", "Who would like to start?")]


def test_numbers_before_each_fifth_line_are_no_words() -> None:
    said = [f"{'P1: ' if n % 3 == 1 else ''}word {n}" for n in range(1, 24)]
    paper = "\n".join(f"{n} {line}" if n % 5 == 0 else line for n, line in enumerate(said, 1))
    assert told(paper) == told("\n".join(said))
    listed = "P1: Well:\n5 of us\nP2: 3 of us.\n10 in all.\nP1: So."
    assert told(listed)[0] == ("P1", "Well:\n5 of us")


SMALL = [("Lin", "Hm."), ("ben ade", "Ha."), ("Zoë B.", "So."), ("ben ade", "he said: no."),
         ("Lin", "We met at 10:30"), ("Zoë B.", "he said: yes.")]  # fmt: skip


SMALL_FORMS = ("{n}: {w}\n", "{n} [0:0{i}] {w}\n", "[0:0{i}] {n}: {w}\n", "{n}  0:0{i}\n{w}\n\n",
               "0:0{i} {n}\n{w}\n", "{n} (0:0{i}):\n{w}\n")  # fmt: skip


@pytest.mark.parametrize("form", SMALL_FORMS)
def test_names_in_small_letters_beside_others(form: str) -> None:
    data = "".join(form.format(n=name, w=words, i=i) for i, (name, words) in enumerate(SMALL, 1))
    assert told(data) == SMALL


def test_names_in_small_letters_in_bold_and_captions() -> None:
    bold = docx(*((f"{name}:", f" {words}") for name, words in SMALL))
    assert told(bold, "fg.docx") == SMALL
    cues = "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{name}: {words}\n\n"
                   for i, (name, words) in enumerate(SMALL, 1))  # fmt: skip
    assert told(cues, "fg.srt") == SMALL


def test_words_that_come_again_are_no_names_where_names_have_times() -> None:
    rev = ("Lin (00:03):\nHm.\nMum said: no.\n\nAmina (00:10):\nHa.\nMum said: yes.\n\n"
           "Lin (00:12):\nSo.\n\nAmina (00:20):\nNo.\n")  # fmt: skip
    assert told(rev) == [("Lin", "Hm.\nMum said: no."), ("Amina", "Ha.\nMum said: yes."),
                         ("Lin", "So."), ("Amina", "No.")]  # fmt: skip


def test_noise_before_words_is_no_name() -> None:
    assert not is_label("[laughs] OK") and is_label("[Lin]") and is_label("Lin [online]")


LOOSE = ("{n} — {w}\n", "({n}) {w}\n", "{n} > {w}\n", "{n}  {w}\n", "*{n}:* {w}\n\n",
         "- **{n}**: {w}\n", "> **{n}** ({t}): {w}\n\n")  # fmt: skip


@pytest.mark.parametrize("form", LOOSE)
def test_names_before_dashes_and_blanks_in_brackets_and_in_markdown(form: str) -> None:
    assert told(lines(form), "fg.md") == list(zip(NAMES, WORDS, strict=True))


def test_loose_names_are_words_where_few_lines_begin_so() -> None:
    said = "It was late — very.\nIt was late — so.\nNobody came.\n(laughs) Yes.\n(laughs) No.\n"
    assert [speaker for speaker, _ in told(said)] == [""] * 5
    assert told("P1: Hm.\n*laughs* Yes.\nP2: _so_ late.") == [
        ("P1", "Hm.\n*laughs* Yes."), ("P2", "_so_ late."),
    ]  # fmt: skip


def test_webex_names_who_speaks_in_the_numbers_of_its_cues() -> None:
    cues = "".join(
        f'{i} "{name}" (3{i})\n00:00:0{i}.000 --> 00:00:0{i}.900\n{words}\n\n'
        for i, (name, words) in enumerate(zip(NAMES, WORDS, strict=True), 1)
    )
    found = read(f"WEBVTT\n\n{cues}", "webex.vtt")
    assert found.layout == "voices"
    assert [(turn.speaker, turn.text) for turn in found.turns] == list(
        zip(NAMES, WORDS, strict=True)
    )


def test_a_wide_row_above_a_table_is_its_title() -> None:
    rows = [("FG1", "FG1", "FG1"), ("Time", "Who", "Said"), *zip(CLOCKS, NAMES, WORDS, strict=True)]
    found = read(docx(rows), "fg.docx")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("", "FG1"), *zip(NAMES, WORDS, strict=True),
    ]  # fmt: skip


def test_two_columns_of_named_cells_are_read_one_after_the_other() -> None:
    rows = [("Lin: Welcome.", "Amina: I rang."), ("Lin: And?", "Amina: No.")]
    assert told(docx(rows), "fg.docx") == [
        ("Lin", "Welcome."), ("Amina", "I rang."), ("Lin", "And?"), ("Amina", "No."),
    ]  # fmt: skip


SAID = (
    'so then they rang me and said no but I had waited 9:30 twice [place] (laughs) Mum: "never" '
    "yes… 12th https://a.example/x P3 Note: 3 o'clock; well, ok? Monday: the letter"
)
PEOPLE = ("P1", "Lin", "Amina K", "Dr. Osei", "ben", "R2 (Mum)", "Int. 1")
FORMS = ("{n}: {w}\n", "{n}\t{w}\n", "[0:{i:02}] {n}: {w}\n", "{n} (0:{i:02}): {w}\n",
         "{n}  0:{i:02}\n{w}\n\n", "{n} [00:00:{i:02}] {w}\n", "#00:00:{i:02}-0# {n}: {w}\n",
         "{n}: {w} #00:00:{i:02}-0#\n", "**{n}:** {w}\n\n")  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_no_words_are_lost_and_nobody_says_another_ones_in_any_form(form: str) -> None:
    chance = Random(form)
    for _ in range(40):
        people = chance.sample(PEOPLE, chance.randint(2, 5)) * 2
        people += chance.choices(people, k=chance.randint(0, 20))
        chance.shuffle(people)
        said = [
            (name, " ".join(chance.choices(SAID.split(), k=chance.randint(1, 14))))
            for name in people
        ]
        data = "".join(form.format(n=name, w=words, i=i) for i, (name, words) in enumerate(said, 1))
        heard = [(turn.speaker, turn.text.split()) for turn in read(data, "fg.md").turns]
        joined: list[tuple[str, list[str]]] = []
        for name, words in said:
            if joined and joined[-1][0] == name:
                joined[-1][1].extend(words.split())
            else:
                joined.append((name, words.split()))
        assert heard == joined, data


@pytest.mark.parametrize("place", ["below", "between", "apart", "alone"])
@pytest.mark.parametrize(
    "reply", ["Yes", "No", "I agree", "Exactly", "Me too", "That’s right", "Of course", "Thank you"]
)
def test_a_short_reply_that_comes_again_is_no_name(reply: str, place: str) -> None:
    told = {"below": f"So it was.\n{reply}", "between": f"So it was.\n{reply}\nIt was late.",
            "apart": f"So it was.\n\n{reply}\n\nIt was late.", "alone": reply}[place]  # fmt: skip
    round_ = f"Lin\nWho did you ask?\nAmina\n{told}\nBen Osei\nI rang the school.\n"
    found = read_speech((round_ * 4).encode(), "fg.txt")
    assert set(found.speakers) == {"Lin", "Amina", "Ben Osei"}
    assert reply in " ".join(turn.text for turn in found.turns)

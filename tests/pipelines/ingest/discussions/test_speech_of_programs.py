"""Transcripts as programs and people really write them: turns, speakers, times, facilitators."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from pipelines.ingest.discussions.speech_files import read_speech
from pipelines.ingest.discussions.speech_labels import split_dashed
from pipelines.ingest.discussions.speech_marks import without_page_heads
from workbench.domain.speaker_names import role_of

SAID = [("Lin Osei", "Welcome. Who rang first?"), ("Amina Khan", "I did. Three times: twice."),
        ("Lin Osei", "And then?"), ("Amina Khan", "Nothing - nothing.")]  # fmt: skip
TIMES = [3_000, 10_000, 20_000, 3_725_000]
CLOCKS = ["00:00:03", "00:00:10", "00:00:20", "01:02:05"]
EVERY = list(zip(SAID, CLOCKS, strict=True))


def docx(*paragraphs: Any) -> bytes:
    """Write a Word document of (bold, plain) paragraphs, and of lists of rows as tables."""
    document = Document()
    for item in paragraphs:
        if isinstance(item, list):
            table = document.add_table(rows=0, cols=len(item[0]))
            for cells in item:
                for cell, words in zip(table.add_row().cells, cells, strict=True):
                    cell.text = words
            continue
        bold, plain = item
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(plain)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def srt(before: str) -> bytes:
    return "".join(
        f"{n}\n{clock},000 --> {clock},900\n{before.format(name)} {words}\n\n"
        for n, ((name, words), clock) in enumerate(EVERY, 1)
    ).encode()


def text(form: str) -> bytes:
    return "".join(form.format(n=name, t=clock, w=words, s=clock.removeprefix("00:"))
                   for (name, words), clock in EVERY).encode()  # fmt: skip


TEAMS = [("Parents group-20240301_100000-Meeting Recording", ""), ("", "March 1, 2024, 10:00AM"),
         *((name, f"   {clock.removeprefix('00:')}\n{words}") for (name, words), clock in EVERY),
         ("Lin Osei", " stopped transcription")]  # fmt: skip
NVIVO = [("Timespan", "Content", "Speaker"),
         *((f"{clock.removeprefix('00:')}.0 - 1:02:09.9", words, name)
           for (name, words), clock in EVERY)]  # fmt: skip
SONIX = [(clock, f"{name}:", words) for (name, words), clock in EVERY]

FILES = {
    "teams.docx": docx(*TEAMS),
    "nvivo.docx": docx(NVIVO),
    "sonix.docx": docx(("Parents group", ""), SONIX),
    "trint.docx": docx(*(("", f"{name} [{clock}] {words}") for (name, words), clock in EVERY)),
    "nvivo_lines.docx": docx(
        *(("", f"{name}: [{clock}] {words}") for (name, words), clock in EVERY)
    ),
    "bold_above.docx": docx(
        *(item for (name, words), clock in EVERY for item in ((f"{name} {clock}", ""), ("", words)))
    ),
    "otter.txt": text("{n}  {s}  \n{w}\n\n") + b"Transcribed by https://otter.ai\n",
    "rev.txt": text("{n} ({s}):\n{w}\n\n"),
    "happy_scribe.txt": text("[{t}.00] - {n}\n{w}\n\n"),
    "teams_old.txt": text("{t}.0 --> 1:2:9.15\n{n}\n{w}\n\n"),
    "times_between.txt": text("[{t}]\n{n}: {w}\n"),
    "descript.md": b"# Parents group\n\n" + text("**{n}:** [{t}] {w}\n\n"),
    "dashes.srt": srt("- {}:"),
    "arrows.srt": srt(">> {}:"),
    "brackets.srt": srt("[{}]"),
    "bracketed.srt": srt("[{}]:"),
}

DOUBTED = ("teams.docx", "rev.txt")
"""A title in bold, and words on a line of their own that have a colon, may be names."""


@pytest.mark.parametrize("name", FILES)
def test_who_says_what_and_when(name: str) -> None:
    found = read_speech(FILES[name], name)
    turns = [turn for turn in found.turns if turn.speaker]
    assert [(turn.speaker, turn.text) for turn in turns] == SAID
    assert [turn.start_ms for turn in turns] == TIMES
    doubted = any("may begin with the name" in told for told in found.warnings)
    assert doubted == (name in DOUBTED)


def told(data: str | bytes, name: str = "fg.txt") -> list[tuple[str, str]]:
    found = read_speech(data.encode() if isinstance(data, str) else data, name)
    return [(turn.speaker, turn.text) for turn in found.turns]


def test_what_programs_add_is_nobodys() -> None:
    assert told(FILES["otter.txt"])[-1] == ("", "Transcribed by https://otter.ai")
    assert told(FILES["teams.docx"], "teams.docx")[-1] == ("", "stopped transcription")
    meet = docx(("Transcript", ""), ("", "00:00:00"), ("Ana: ", "Hm."), ("Ben: ", "Ha."),
                ("", "00:05:00"), ("Ana: ", "So."), ("Ben: ", "No."),
                ("", "This editable transcript was computer generated and might contain errors."),
                )  # fmt: skip
    found = read_speech(meet, "meet.docx")
    assert [(turn.speaker, turn.start_ms) for turn in found.turns] == [
        ("", None), ("Ana", 0), ("Ben", None), ("Ana", 300_000), ("Ben", None), ("", None),
    ]  # fmt: skip


def test_marks_of_f4_are_when_somebody_ends_and_the_next_one_begins() -> None:
    f4 = ("I: Who rang? #00:00:03-2#\n\nB1: I did. #00:01:02-3#\n\nB2: (laughs) So: so. "
          "#00:01:09-9#\n")  # fmt: skip
    found = read_speech(f4.encode(), "f4.txt")
    assert [(t.speaker, t.text, t.start_ms, t.end_ms) for t in found.turns] == [
        ("I", "Who rang?", None, 3_200), ("B1", "I did.", 3_200, 62_300),
        ("B2", "(laughs) So: so.", 62_300, 69_900),
    ]  # fmt: skip


def test_times_in_brackets_at_the_ends_of_most_turns_are_none_of_the_words() -> None:
    often = "P1: Hm. [0:05]\nP2: Ha. (0:09)\nP1: So."
    assert told(often) == [("P1", "Hm."), ("P2", "Ha."), ("P1", "So.")]
    once = "P1: We met (10:30)\nP2: Ha.\nP1: So."
    assert told(once)[0] == ("P1", "We met (10:30)")


def test_codes_count_though_they_come_once_and_questions_do_not() -> None:
    assert told("[SPEAKER_00]: Hm.\n[SPEAKER_01]: Ha.\n[SPEAKER_00]: So.")[1] == (
        "SPEAKER_01", "Ha.",
    )  # fmt: skip
    assert told("I: Q1: Who rang?\nB1: Me.\nQ2: And then?\nI: Hm.")[1] == (
        "B1", "Me.\nQ2: And then?",
    )  # fmt: skip


def test_dashes_brackets_and_bullets_within_words_stay() -> None:
    words = (
        "P1: Café – no - yes.\n- one thing\n[School] rang.\n>> and\nP2: OK – so.\nP1: I - I did."
    )
    assert told(words) == [
        ("P1", "Café – no - yes.\n- one thing\n[School] rang."), ("", ">> and"),
        ("P2", "OK – so."), ("P1", "I - I did."),
    ]  # fmt: skip
    assert split_dashed("I – I did.") is None and split_dashed("No – never.") is None


def test_names_in_capitals_before_a_dash_where_nothing_else_names_anybody() -> None:
    assert told("LIN – Who rang?\nAMINA – I did.\nLIN – And?\nAMINA – No – no.")[3] == (
        "AMINA", "No – no.",
    )  # fmt: skip


def test_numbers_of_lines_are_no_words() -> None:
    lines = ["Lin: Who?", "Amina: Me.", "Three times.", "Lin: And?", "Amina: 3 or 4."]
    numbered = "\n".join(f"{n}  {line}" for n, line in enumerate(lines, 1))
    assert told(numbered) == told("\n".join(lines))
    listed = "P1: Well:\n1. food\n2. rent\nP2: 3 of us.\nP1: So."
    assert told(listed)[0] == ("P1", "Well:\n1. food\n2. rent")


def test_names_in_arabic_script() -> None:
    urdu = (
        "\u200fآمنہ خان: میں نے فون کیا۔\nسہولت کار: پھر؟\nآمنہ خان: کچھ نہیں۔\nسہولت کار: شکریہ۔\n"
    )
    assert [speaker for speaker, _ in told(urdu)] == ["آمنہ خان", "سہولت کار"] * 2
    assert (role_of("سہولت کار"), role_of("آمنہ خان")) == ("facilitator", "participant")
    assert role_of("الميسرة ليلى") == "facilitator"


@pytest.mark.parametrize("codec", ["cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(codec: str) -> None:
    words = "Zoë: Café – “no”.\nP2: Ok.\nZoë: Yes.\nP2: No.\n"
    assert told(words.encode(codec))[0] == ("Zoë", "Café – “no”.")


def test_lines_wrapped_at_72_characters_stay_with_who_says_them() -> None:
    wrapped = ("Lin (Facilitator): Welcome to all of you. We want to hear what happened when\n"
               "you rang the school: who answered, and whether anybody rang back. Amina,\n"
               "you wanted to start: please do.\n\nAmina: Nobody: not one.\n\n"
               "Lin (Facilitator): So?\n\nAmina: No.\n")  # fmt: skip
    assert [(who, len(words.split("\n"))) for who, words in told(wrapped)] == [
        ("Lin (Facilitator)", 3), ("Amina", 1), ("Lin (Facilitator)", 1), ("Amina", 1),
    ]  # fmt: skip


def pdf(*pages: list[str]) -> bytes:
    """Write a PDF by hand; two lists of lines in a page are two columns."""
    n = len(pages)
    kids = " ".join(f"{3 + 2 * at} 0 R" for at in range(n))
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>",
             f"<< /Type /Pages /Kids [{kids}] /Count {n} >>".encode()]  # fmt: skip
    for at, page in enumerate(pages):
        columns = page if isinstance(page[0], list) else [page]
        stream = " ".join(
            f"BT /F1 12 Tf 14 TL {50 + 260 * column} 700 Td "
            + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
            for column, lines in enumerate(columns)
        ).encode()  # fmt: skip
        parts.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R "
            b"/Resources << /Font << /F1 %d 0 R >> >> >>" % (4 + 2 * at, 3 + 2 * n)
        )
        parts.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    parts.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(parts) + 1, table, len(parts) + 1, len(data))
    )


def test_what_stands_on_each_page_of_a_pdf_is_left_out_and_told() -> None:
    pages = [["Confidential - FG1", "Lin: Who rang?", "Amina: I", "Page 1 of 3"],
             ["Confidential - FG1", "did, and then", "Lin: And?", "Page 2 of 3"],
             ["Confidential - FG1", "Amina: Nothing.", "Lin: Yes.", "Page 3 of 3"]]  # fmt: skip
    found = read_speech(pdf(*pages), "fg.pdf")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Lin", "Who rang?"), ("Amina", "I\ndid, and then"), ("Lin", "And?"),
        ("Amina", "Nothing."), ("Lin", "Yes."),
    ]  # fmt: skip
    assert found.warnings == ("2 lines that stand on most pages, as a header, are left out.",)
    one = pdf(["Ana: Hm.", "Page 1", "Ben: Ha."], ["Ana: Hm.", "Ben: No.", "2"])
    assert read_speech(one, "fg.pdf").warnings == ()


def test_words_that_come_again_on_pages_stay() -> None:
    pages = [["P1: Yes.", "P2: No.", str(n)] for n in (1, 2, 3)]
    kept, gone = without_page_heads(pages)
    assert (kept, gone) == ([["P1: Yes.", "P2: No."]] * 3, ["1"])


def test_two_columns_of_a_pdf_are_read_one_after_the_other() -> None:
    data = pdf([["Ana: One.", "Ben: Two."], ["Ana: Three.", "Ben: Four."]])
    assert told(data, "fg.pdf") == [
        ("Ana", "One."), ("Ben", "Two."), ("Ana", "Three."), ("Ben", "Four."),
    ]  # fmt: skip

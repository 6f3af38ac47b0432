"""Transcripts of focus groups as files: subtitles, text, Word, OpenDocument, PDF; broken ones."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from hypothesis import given
from hypothesis import strategies as st
from odf import opendocument, text
from odf import table as odf_table
from odf.office import Annotation
from odf.style import Style, TextProperties

from pipelines.ingest.discussions.speech import SpeechError
from pipelines.ingest.discussions.speech_files import SUFFIXES, read_speech
from workbench.domain.speaker_names import kind_of

TEAMS = """WEBVTT

7a1/12-0
00:00:01.000 --> 00:00:03.000
<v Ana Test>I rang them &amp; rang</v>

7a1/12-1
00:00:03.000 --> 00:00:04.000
<v Ana Test>them again.</v>

7a1/13-0
00:00:04.500 --> 00:00:05.000
<v Ben>No.</v> <v Ana Test>Yes, twice.</v>

7a1/13-0
00:00:04.500 --> 00:00:05.000
<v Ana Test>Yes, twice.</v>
"""


def told(found):
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in found.turns]


def test_voices_of_teams_are_joined_and_repeats_left_out():
    found = read_speech(TEAMS.encode(), "meeting.vtt")
    assert found.layout == "voices"
    assert found.speakers == {"Ana Test": 2, "Ben": 1}
    assert told(found) == [
        ("Ana Test", "I rang them & rang them again.", 1_000, 4_000),
        ("Ben", "No.", 4_500, 5_000),
        ("Ana Test", "Yes, twice.", 4_500, 5_000),
    ]


def test_names_of_zoom_stand_before_a_colon():
    lines = ["Ana: I said: no", "and again", "Ben: so", "Ana: yes", "Ben: mm"]
    cues = "".join(
        f"{n}\n00:00:0{n}.000 --> 00:00:0{n}.900\n{words}\n\n" for n, words in enumerate(lines, 1)
    )
    found = read_speech(f"WEBVTT\n\n{cues}".encode(), "zoom.vtt")
    assert told(found) == [
        ("Ana", "I said: no and again", 1_000, 2_900), ("Ben", "so", 3_000, 3_900),
        ("Ana", "yes", 4_000, 4_900), ("Ben", "mm", 5_000, 5_900),
    ]  # fmt: skip


def test_captions_that_grow_are_taken_once():
    cues = ["<v Ana>It was", "<v Ana>It was far", "<v Ana>It was far away", "<v Ben>Yes"]
    text_ = "WEBVTT\n\n" + "".join(
        f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{words}\n\n" for n, words in enumerate(cues)
    )
    assert [turn.text for turn in read_speech(text_.encode(), "live.vtt").turns] == [
        "It was far away", "Yes",
    ]  # fmt: skip


def test_what_people_say_twice_is_said_twice():
    cues = ["<v Ana>I said no", "<v Ana>no", "<v Ana>no"]
    text_ = "WEBVTT\n\n" + "".join(
        f"00:00:0{n}.000 --> 00:00:0{n}.900\n{words}\n\n" for n, words in enumerate(cues)
    )
    assert read_speech(text_.encode(), "a.vtt").turns[0].text == "I said no no no"


def test_two_people_in_one_cue_are_two():
    srt = "".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n\n"
        for n, words in enumerate(("Ana: hi\nBen: hello", "Ana: a", "Ben: b"), 1)
    )
    found = read_speech(srt.encode(), "a.srt")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Ana", "hi"), ("Ben", "hello"), ("Ana", "a"), ("Ben", "b"),
    ]  # fmt: skip


@pytest.mark.parametrize("tag", ["<v" + " " * 100_000, "<v " * 30_000, "<b " * 30_000])
def test_hostile_tags_cost_no_time(tag):
    cue = f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{tag} words\n"
    assert read_speech(cue.encode(), "a.vtt").turns


def test_words_inserted_in_word_are_read_and_struck_out_ones_are_not():
    document = Document()
    paragraph = document.add_paragraph("P1: I did ")
    inserted = OxmlElement("w:ins")
    run = OxmlElement("w:r")
    run_text = OxmlElement("w:t")
    run_text.text = "not "
    run.append(run_text)
    inserted.append(run)
    paragraph._p.append(inserted)
    paragraph.add_run("agree.")
    stream = io.BytesIO()
    document.save(stream)
    (turn,) = read_speech(stream.getvalue(), "a.docx").turns
    assert (turn.speaker, turn.text) == ("P1", "I did not agree.")


def test_comments_in_opendocument_are_not_said():
    document = opendocument.OpenDocumentText()
    paragraph = text.P(text="P1: I waited ")
    note = Annotation()
    note.addElement(text.P(text="CHECK AUDIO"))
    paragraph.addElement(note)
    paragraph.addText("a")
    paragraph.addElement(text.Tab())
    paragraph.addElement(text.S(c=3))
    paragraph.addText("year.")
    document.text.addElement(paragraph)
    stream = io.BytesIO()
    document.write(stream)
    (turn,) = read_speech(stream.getvalue(), "a.odt").turns
    assert (turn.speaker, turn.text) == ("P1", "I waited a\t   year.")


def test_subrip_and_a_wrong_suffix():
    srt = "1\n00:00:01,000 --> 00:00:03,000\nSpeaker 1: hello <i>there</i>\n"
    assert told(read_speech(srt.encode(), "a.srt")) == [("Speaker 1", "hello there", 1_000, 3_000)]
    assert read_speech(TEAMS.encode(), "meeting.txt").layout == "voices"


def word_file(*paragraphs, rows=()):
    document = Document()
    for bold, words in paragraphs:
        paragraph = document.add_paragraph()
        if bold:
            paragraph.add_run(bold).bold = True
        paragraph.add_run(words)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_with_bold_names_and_with_a_table():
    data = word_file(("Ana: ", "It was far."), ("", "And dark."), ("Ben: ", "Yes."),
                     ("Ana: ", "So."), ("Ben: ", "No."))  # fmt: skip
    found = read_speech(data, "group.docx")
    assert [turn.speaker for turn in found.turns] == ["Ana", "Ben", "Ana", "Ben"]
    assert found.turns[0].text == "It was far.\nAnd dark."
    rows = [("Speaker", "Words"), ("Ana", "It took four months."), ("Ben", "Six for us.")]
    found = read_speech(word_file(rows=rows), "table.docx")
    assert [(turn.speaker, turn.text) for turn in found.turns] == list(rows[1:])


def test_opendocument():
    document = opendocument.OpenDocumentText()
    bold = Style(name="B", family="text")
    bold.addElement(TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    for name, words in (
        ("Ana", " It was far."),
        ("Ben", " Yes."),
        ("Ana", " So."),
        ("Ben", " No."),
    ):
        paragraph = text.P()
        paragraph.addElement(text.Span(stylename=bold, text=name))
        paragraph.addText(words)
        document.text.addElement(paragraph)
    stream = io.BytesIO()
    document.write(stream)
    found = read_speech(stream.getvalue(), "group.odt")
    assert found.layout == "bold_names"
    assert [(turn.speaker, turn.text) for turn in found.turns][:2] == [
        ("Ana", "It was far."), ("Ben", "Yes."),
    ]  # fmt: skip


def pdf_file(lines):
    """Write a PDF with a page of text, by hand: nothing here makes one."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (len(parts) + 1, table, len(parts) + 1, len(data))
    )


def test_pdf_with_text_and_without():
    lines = ["Ana: It was far.", "And dark.", "Ben: Yes.", "Ana: So.", "Ben: No."]
    found = read_speech(pdf_file(lines), "group.pdf")
    assert next((turn.speaker, turn.text) for turn in found.turns) == (
        "Ana",
        "It was far.\nAnd dark.",
    )
    with pytest.raises(SpeechError, match="pictures of pages, and no text"):
        read_speech(pdf_file([]), "scan.pdf")


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "a.txt: the file is empty."),
        (b"   \n", "a.txt", "a.txt: the file is empty."),
        (b"x", "a.doc", "transcripts are read from .docx, .md, .odt, .pdf, .srt, .txt, .vtt"),
        (b"x", "noname", "not from this file"),
        (b"no subtitles", "a.vtt", "this is not a WebVTT file"),
        (b"WEBVTT\n\n", "a.vtt", "there are no words in it"),
        (b"PK nonsense", "a.docx", "the document is damaged"),
        (b"%PDF-1.4 nonsense", "a.pdf", "the PDF is damaged"),
        (b"\0\1\2\3", "a.txt", "this is not a text file"),
        (zipped(word__document="<a/>"), "a.docx", "the Word document is damaged"),
        (zipped(content="<a>"), "a.odt", "the OpenDocument text is damaged"),
        (zipped(content='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "a.odt", "declares entities"),
        (zipped(word__document="x" * 300_000_000), "a.docx", "unpacks to far more than"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(data, name, reason):
    with pytest.raises(SpeechError) as refused:
        read_speech(data, name)
    assert reason in str(refused.value)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_and_line_ends(codec):
    words = "Ana: Café — “far”.\r\nBen: Yes, it’s naïve.\r\nAna: So.\r\nBen: No."
    found = read_speech(words.encode(codec), "a.txt")
    assert found.turns[0].text == "Café — “far”."
    assert [turn.line for turn in found.turns] == [1, 2, 3, 4]


@given(st.binary(max_size=300), st.sampled_from(SUFFIXES))
def test_no_bytes_bring_it_down(data, suffix):
    try:
        found = read_speech(data, f"fuzz{suffix}")
    except SpeechError:
        return
    assert all(turn.text.strip() for turn in found.turns)


NAMES = st.sampled_from(["Ana", "Ben", "P1", "Moderator", "آمنہ"])
WORDS = st.text("abc éع😀.,'-", min_size=1, max_size=30).filter(lambda words: words.strip())


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=12))
def test_no_words_are_lost_and_nobody_says_another_ones(said):
    lines = [f"{name}: {words}" for name, words in [*said, *said]]
    found = read_speech("\n".join(lines).encode(), "a.txt")
    heard = [(turn.speaker, line.strip()) for turn in found.turns for line in turn.text.split("\n")]
    assert heard == [(name, words.strip()) for name, words in [*said, *said]]


def test_a_name_that_comes_once_is_told_by_its_line() -> None:
    text = "P1: One.\nAna: Two.\nP1: Three.\nNote: four.\n"
    (warning,) = read_speech(text.encode(), "a.txt", not_speakers=["Note"]).warnings
    assert warning == (
        "1 line may begin with the name of somebody who speaks only once, and was read as words: "
        "line 2. Look at them: a name would be shown."
    )
    assert "Ana" not in warning


def test_a_name_that_comes_once_in_subtitles_is_told_by_its_time() -> None:
    lines = ["Anna: I rang.", "Ben: Nobody.", "Carla: I agree.", "Anna: Same.", "Ben: Yes."]
    cues = "\n".join(
        f"{at}\n00:01:0{at},000 --> 00:01:0{at},900\n{words}\n" for at, words in enumerate(lines, 1)
    )
    assert read_speech(cues.encode(), "x.srt").warnings == (
        "1 line may begin with the name of somebody who speaks only once, and was read as words: "
        "at 0:01:03. Look at them: a name would be shown.",
    )


def test_words_after_a_blank_line_in_a_cue_and_equal_lines_of_one_are_kept() -> None:
    cues = (
        "WEBVTT\n\nNOTE made\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:03.000\n<v Ana>I rang."
        "\n\n And again.</v>\n\nNOTE not\nsaid\n\n2\n\n00:03.000 --> 00:05.000\n<v Ben>No.</v>\n"
    )
    assert told(read_speech(cues.encode(), "x.vtt")) == [
        ("Ana", "I rang. And again.", 1_000, 3_000), ("Ben", "No.", 3_000, 5_000),
    ]  # fmt: skip
    cues = "WEBVTT\n\n" + "00:01.000 --> 00:03.000\n- No.\n- No.\n\n" * 2
    assert [words for _, words, *_ in told(read_speech(cues.encode(), "x.vtt"))] == ["- No."] * 2


def test_lists_and_tables_in_cells_are_words() -> None:
    document = Document()
    table = document.add_table(rows=2, cols=2)
    for row, (name, words) in zip(
        table.rows, [("Ana", "It took four months."), ("Ben", "Six.")], strict=True
    ):
        row.cells[0].text, row.cells[1].text = name, words
    table.rows[0].cells[1].add_table(rows=1, cols=1).rows[0].cells[0].text = "To hear back."
    found = read_speech(_saved(document), "x.docx")
    assert [turn.text for turn in found.turns] == ["It took four months.\nTo hear back.", "Six."]
    document = opendocument.OpenDocumentText()
    rows = odf_table.Table(parent=document.text)
    for name, words in [("Ana", "It took four months."), ("Ben", "Six.")]:
        row = odf_table.TableRow(parent=rows)
        text.P(parent=odf_table.TableCell(parent=row), text=name)
        cell = odf_table.TableCell(parent=row)
        text.P(parent=cell, text=words)
        text.P(parent=text.ListItem(parent=text.List(parent=cell)), text="Listed.")
    found = read_speech(_saved(document), "x.odt")
    assert [turn.text for turn in found.turns] == ["It took four months.\nListed.", "Six.\nListed."]


def _saved(document) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def cues_of(*said, voiced=False):
    """Write WebVTT of (name, words); no name where it is empty."""
    before = "<v {}>{}</v>" if voiced else "{}: {}"
    return "WEBVTT\n\n" + "".join(
        f"00:00:{at:02}.000 --> 00:00:{at:02}.900\n"
        f"{before.format(name, words) if name else words}\n\n"
        for at, (name, words) in enumerate(said, 1)
    )


ASIDE = [("Ana", "I rang."), ("Note", "phone rings"), ("Ben", "No."), ("Ana", "So."),
         ("Note", "a door"), ("Ben", "Yes.")]  # fmt: skip


@pytest.mark.parametrize("kind", ["voices", "colons", "rows"])
def test_words_of_what_is_no_speaker_go_on_with_whoever_speaks_before(kind):
    name, data = "fg.vtt", cues_of(*ASIDE, voiced=kind == "voices").encode()
    if kind == "rows":
        document = Document()
        table = document.add_table(rows=0, cols=2)
        for cells in ASIDE:
            for cell, words in zip(table.add_row().cells, cells, strict=True):
                cell.text = words
        stream = io.BytesIO()
        document.save(stream)
        name, data = "fg.docx", stream.getvalue()
    assert read_speech(data, name).speakers["Note"] == 2
    found = read_speech(data, name, not_speakers=["Note"])
    between, label = ("\n" if kind == "rows" else " "), ("Note: " if kind == "colons" else "")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Ana", f"I rang.{between}{label}phone rings"), ("Ben", "No."),
        ("Ana", f"So.{between}{label}a door"), ("Ben", "Yes."),
    ]  # fmt: skip
    assert found.warnings == ()
    first = read_speech(cues_of(("Note", "Hm."), ("Ana", "So.")).encode(), "a.vtt",
                        not_speakers=["Note"])  # fmt: skip
    assert first.turns[0].speaker == ""


UNKNOWN = ("Unknown Speaker", "Unknown", "UNKNOWN_1", "Speaker ?", "Speaker (?)", "P?", "??",
           "Unidentified", "Male (unidentified)", "Unidentified female", "Inaudible",
           "[Inaudible]", "inaudible", "Ana?", "Unclear", "Unknown voice", "Someone")  # fmt: skip


@pytest.mark.parametrize("unknown", UNKNOWN)
@pytest.mark.parametrize("kind", ["vtt", "voices", "txt", "bold"])
def test_whoever_is_not_known_is_nobody_and_never_who_spoke_before(unknown, kind):
    said = [("Ana", "I rang."), (unknown, "They never do."), ("Ben", "No."), ("Ana", "So."),
            ("Ben", "Yes.")]  # fmt: skip
    name, data = "fg.vtt", cues_of(*said, voiced=kind == "voices").encode()
    if kind == "txt":
        name, data = "fg.txt", "\n".join(f"{who}: {words}" for who, words in said).encode()
    elif kind == "bold":
        document = Document()
        for who, words in said:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{who}:").bold = True
            paragraph.add_run(f" {words}")
        stream = io.BytesIO()
        document.save(stream)
        name, data = "fg.docx", stream.getvalue()
    found = read_speech(data, name)
    assert [turn.text for turn in found.turns if turn.speaker == "Ana"] == ["I rang.", "So."]
    (words,) = (turn for turn in found.turns if "never" in turn.text)
    assert (words.text, kind_of(words.speaker)) == ("They never do.", "nobody")
    assert found.warnings == ()


def test_otter_names_an_unknown_speaker_above_the_words():
    text = ("Ana Test  0:05\nI rang.\n\nUnknown Speaker  0:09\nThey never do.\n\n"
            "Ben  0:12\nNo.\nInaudible\n\nAna Test  0:15\nSo.\n\nBen  0:20\nYes.\n")  # fmt: skip
    assert told(read_speech(text.encode(), "fg.txt"))[1:3] == [
        ("Unknown Speaker", "They never do.", 9_000, None),
        ("Ben", "No.\nInaudible", 12_000, None),
    ]


def test_a_cue_without_a_name_is_nobodys_where_every_cue_has_one():
    every = [("Ana", "I rang"), ("Ana", "and rang."), ("", "They never do."), ("Ben", "No."),
             ("Ben", "Never.")]  # fmt: skip
    found = read_speech(cues_of(*every).encode(), "zoom.vtt")
    assert [(turn.speaker, turn.text) for turn in found.turns] == [
        ("Ana", "I rang and rang."), ("", "They never do."), ("Ben", "No. Never."),
    ]  # fmt: skip
    first_alone = [("Ana", "I rang"), ("", "and rang."), ("Ben", "No."), ("", "Never."),
                   ("Ana", "So."), ("Ben", "Yes.")]  # fmt: skip
    found = read_speech(cues_of(*first_alone).encode(), "typed.vtt")
    assert [turn.text for turn in found.turns[:2]] == ["I rang and rang.", "No. Never."]

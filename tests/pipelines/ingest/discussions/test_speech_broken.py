"""Files that are broken, locked, changed or in another encoding: what is said, what is kept."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfWriter

from pipelines.ingest.discussions.speech import SpeechError, SpeechFile
from pipelines.ingest.discussions.speech_files import read_speech

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def locked_pdf() -> bytes:
    writer, stream = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret")
    writer.write(stream)
    return stream.getvalue()


REFUSED = [
    (OLE, "fg.docx", "fg.docx: this is a document of an old version of Word. Save it as .docx."),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "fg.docx",
     "fg.docx: the document is locked by a password. Save it without one."),
    (locked_pdf(), "fg.pdf", "fg.pdf: the PDF is locked by a password. Save it without one."),
    (b"Ana: Hm.", "fg.docx", "fg.docx: this is no Word document, though it is called so."),
    (b"Ana: Hm.", "fg.odt", "fg.odt: this is no OpenDocument text, though it is called so."),
    (b"{\\rtf1\\ansi Ana: Hm.}", "fg.txt", "fg.txt: this is rich text (RTF), and not plain text."),
    (b"\xef\xbb\xbf <!DOCTYPE html><p>Ana: Hm.", "fg.txt", "fg.txt: this is a web page"),
    ("主持人：欢迎。\n李明：没有。\n".encode("gb18030"), "fg.txt",
     "fg.txt: its encoding is not known. Save it as UTF-8."),
    (b"WEBVTT\n\nNOTE made by hand\n", "fg.vtt", "fg.vtt: there are no words in it."),
    (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "fg.vtt", "fg.vtt: there are no words in it."),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name", "told"), REFUSED)
def test_what_cannot_be_read_is_called_by_its_name(data: bytes, name: str, told: str) -> None:
    with pytest.raises(SpeechError) as refused:
        read_speech(data, name)
    assert str(refused.value).startswith(told)


def words(found: SpeechFile) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in found.turns]


def test_changes_in_word_are_told_and_content_controls_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("P1: I did ")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>not </w:t></w:r></w:ins>"))
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>never </w:delText></w:r></w:del>")
    )
    document.add_comment(paragraph.add_run("agree."), text="CHECK AUDIO", author="A", initials="A")
    inner = "<w:sdtContent><w:p><w:r><w:t>P2: In a box.</w:t></w:r></w:p></w:sdtContent>"
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:sdt {nsdecls('w')}>{inner}</w:sdt>"))
    stream = io.BytesIO()
    document.save(stream)
    found = read_speech(stream.getvalue(), "fg.docx")
    assert words(found) == [("P1", "I did not agree."), ("P2", "In a box.")]
    assert found.warnings == (
        "The document has changes that nobody has accepted: what was put in is read, what was "
        "struck out is not.",
        "1 comment is left out.",
    )


def test_words_of_a_text_box_are_read_once() -> None:
    names = nsdecls("w") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    box = "<w:r><w:t>in a box</w:t></w:r>"
    document = Document()
    paragraph = document.add_paragraph("P1: I stood ")
    paragraph._p.append(parse_xml(
        f"<mc:AlternateContent {names}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}"
        "</mc:Fallback></mc:AlternateContent>"
    ))  # fmt: skip
    stream = io.BytesIO()
    document.save(stream)
    assert words(read_speech(stream.getvalue(), "fg.docx")) == [("P1", "I stood in a box")]


@pytest.mark.parametrize("name", ["fg.txt", "fg.srt"])
def test_a_guessed_encoding_is_told(name: str) -> None:
    said = "P1: Café\n" if name.endswith("txt") else "1\n00:00:01,000 --> 00:00:02,000\nP1: Café\n"
    found = read_speech(said.encode("cp1252"), name)
    assert words(found) == [("P1", "Café")]
    assert found.warnings == (
        "Read as Windows-1252, since it is not UTF-8. If letters look wrong, read it differently, "
        "or save it as UTF-8 and bring that in.",
    )
    assert read_speech(said.encode(), name).warnings == ()


def test_half_a_letter_is_shown_as_such_and_told() -> None:
    found = read_speech("P1: Café".encode("utf-16")[:-1], "fg.txt")
    assert words(found) == [("P1", "Caf\N{REPLACEMENT CHARACTER}")]
    assert found.warnings[0].startswith("1 letter could not be read for certain.")


@pytest.mark.parametrize("times", ["00:00:01,500 --> 00:00:02", "0:01.5 --> 0:02.0"])
def test_times_of_captions_in_other_spellings(times: str) -> None:
    for head, name in (("WEBVTT\n\n", "fg.vtt"), ("1\n", "fg.srt")):
        (turn,) = read_speech(f"{head}{times}\nP1: Hm.\n".encode(), name).turns
        assert (turn.speaker, turn.text, turn.start_ms, turn.end_ms) == ("P1", "Hm.", 1_500, 2_000)


@pytest.mark.parametrize("before", ["", "P1: ", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v P1>"])
def test_fifty_megabytes_of_one_line_are_read_whole(before: str) -> None:
    line = "word " * (10 * 1024 * 1024)
    name = "fg.vtt" if before.startswith("WEBVTT") else "fg.txt"
    (turn,) = read_speech(f"{before}{line}".encode(), name).turns
    assert (turn.speaker, len(turn.text)) == ("P1" if before else "", len(line) - 1)


@pytest.mark.parametrize(("head", "name"), [("WEBVTT\n\n1\n", "fg.vtt"), ("1\n", "fg.srt")])
@pytest.mark.parametrize("broken", ["00:00:xx --> 00:00:03.000", "00:00:02.000 --> "])
def test_words_of_a_cue_with_broken_times_are_kept_and_told(
    head: str, name: str, broken: str
) -> None:
    cues = (f"{head}00:00:01.000 --> 00:00:02.000\nP1: One.\n\n2\n{broken}\nP2: Two.\n\n3\n"
            "00:00:04.000 --> 00:00:05.000\nP1: Three.\n")  # fmt: skip
    found = read_speech(cues.encode(), name)
    assert words(found) == [("P1", "One."), ("P2", "Two."), ("P1", "Three.")]
    assert found.warnings == (
        "1 cue has times that cannot be read, and has those of the one before.",
    )

"""Make the files of the synthetic focus groups anew: `python data_samples/make_focus_groups.py`.

In: `*.source.txt` beside them, in which each line is a turn that somebody wrote. Out: WebVTT as
Microsoft Teams writes it, Word as transcription services do, and plain text. The words stay as they
are; times come from numbers of words, with some chance that is the same in each run.
"""

from __future__ import annotations

import io
import random
import re
import sys
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.shared import Pt

HERE = Path(__file__).parent
NOTICE = "Synthetic sample of SpeakOut Workbench. Nobody here exists, and nobody said this."
WORDS_A_SECOND = 2.75
LONGEST_CUE = 16
"""Words of a cue, after which it ends at the next comma."""
MOMENT = (2025, 1, 1, 0, 0, 0)


def read_source(path: Path) -> list[tuple[str, str]]:
    """Read turns; a line without a name, such as [laughter], goes on with the turn above."""
    turns: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            turns[-1] = (turns[-1][0], f"{turns[-1][1]}\n{line}")
        else:
            name, _, words = line.partition(": ")
            turns.append((name, words))
    return turns


def timed(turns: list[tuple[str, str]], chance: random.Random) -> Iterator[tuple[float, str, str]]:
    """Give each turn the second at which it begins."""
    at = 4.0
    for name, words in turns:
        yield at, name, words
        at += len(words.split()) / (WORDS_A_SECOND + chance.uniform(-0.35, 0.35))
        at += chance.uniform(0.2, 1.4) + 4 * words.count("[pause]") + 6 * words.count("[silence]")


def clock(seconds: float, *, parts: bool = False) -> str:
    """Write a time as hours, minutes and seconds, with milliseconds where there are parts."""
    whole = int(seconds)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return f"{text}.{int(seconds * 1000) % 1000:03d}" if parts else text


def cues_of(words: str) -> Iterator[str]:
    """Part what somebody says into cues: at sentences, and at commas of long ones."""
    for sentence in re.split(r"(?<=[.!?])\s+", words):
        part: list[str] = []
        for word in sentence.split():
            part.append(word)
            if len(part) >= LONGEST_CUE and word.endswith(","):
                yield " ".join(part)
                part = []
        if part:
            yield " ".join(part)


def write_vtt(turns: list[tuple[str, str]], path: Path) -> None:
    """Write WebVTT with voices and cue ids; now and then a cue stands there twice, or in two."""
    chance = random.Random(28)
    meeting = uuid.UUID(int=chance.getrandbits(128), version=4)
    lines = ["WEBVTT", "", f"NOTE {NOTICE}", ""]
    for n_turn, (at, name, words) in enumerate(timed(turns, chance)):
        for n_cue, cue in enumerate(cues_of(words)):
            end = at + len(cue.split()) / WORDS_A_SECOND
            body = f"<v {name}>{cue}</v>"
            draw, spoken = chance.random(), cue.split()
            if draw < 0.05 and len(spoken) > 9:  # a line break inside a cue
                half = len(spoken) // 2
                body = f"<v {name}>{' '.join(spoken[:half])}\n{' '.join(spoken[half:])}</v>"
            block = [f"{clock(at, parts=True)} --> {clock(end, parts=True)}", body, ""]
            for twice in range(2 if draw > 0.98 and len(spoken) > 3 else 1):
                lines += [f"{meeting}/{n_turn}-{n_cue + 50 * twice}", *block]
            at = end
    path.write_text("\n".join(lines), encoding="utf-8")


def write_bold_docx(turns: list[tuple[str, str]], path: Path, *, title: str) -> None:
    """Write Word with a bold name and a time above what is said."""
    document = _document(title)
    for at, name, words in timed(turns, random.Random(8)):
        head, *others = words.split("\n")
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name}  {clock(at)}").bold = True
        document.add_paragraph(head)
        for line in others:
            document.add_paragraph(line)
    _save(document, path)


def write_table_docx(turns: list[tuple[str, str]], path: Path, *, title: str) -> None:
    """Write Word with a table of times, speakers and words."""
    document = _document(title)
    table = document.add_table(rows=1, cols=3)
    for cell, words in zip(table.rows[0].cells, ("Time", "Speaker", "Words"), strict=True):
        cell.text = words
    for at, name, words in timed(turns, random.Random(2)):
        for cell, content in zip(table.add_row().cells, (clock(at), name, words), strict=True):
            cell.text = content
    _save(document, path)


def _document(title: str) -> Document:
    """Begin a document that says at the head of each page that it is synthetic."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = document.core_properties.last_modified_by = "synthetic"
    document.core_properties.comments = NOTICE
    document.styles["Normal"].font.size = Pt(11)
    document.sections[0].header.paragraphs[0].text = f"{title}. {NOTICE}"
    return document


def _save(document: Document, path: Path) -> None:
    """Write a document whose bytes are the same in each run: archives keep the time otherwise."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(
                zipfile.ZipInfo(name, MOMENT), old.read(name), compress_type=zipfile.ZIP_DEFLATED
            )


def write_text(turns: list[tuple[str, str]], path: Path, *, title: str) -> None:
    """Write plain text with the time and the name before what is said."""
    lines = [f"{title}. {NOTICE}", ""]
    for at, name, words in timed(turns, random.Random(1)):
        lines += [f"[{clock(at)}] {name}: {words}", ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def main(folder: Path = HERE) -> None:
    """Write the files below a folder; the sources are always those beside this script."""
    speakout, areas = "speakout/focus_groups", "local_areas/focus_groups"
    for place in (speakout, areas):
        (folder / place).mkdir(parents=True, exist_ok=True)

    def turns(name: str) -> list[tuple[str, str]]:
        return read_source(HERE / f"{name}.source.txt")

    write_vtt(turns(f"{speakout}/young_people"), folder / speakout / "young_people.vtt")
    write_bold_docx(
        turns(f"{speakout}/parents"), folder / speakout / "parents.docx", title="Parents"
    )
    write_text(turns(f"{areas}/round_1"), folder / areas / "round_1.txt", title="Round 1")
    write_table_docx(turns(f"{areas}/round_2"), folder / areas / "round_2.docx", title="Round 2")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

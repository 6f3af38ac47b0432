"""Files as other programs count, made without any of our own writers, and read all the way."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.export.projects.refi_archive import write_archive
from pipelines.export.projects.refi_check import check_archive
from pipelines.export.projects.refi_layout import RefiMedia
from pipelines.export.projects.refi_xml import RefiOptions
from pipelines.ingest.projects.refi_archive import RefiArchive
from pipelines.ingest.projects.refi_project import read_refi
from pipelines.ingest.projects.refi_reading import ALL
from tests.pipelines.ingest.projects.test_refi_text import count
from workbench.domain.refi import PRODUCT, UTF16_MARK, Profile, Reading, RefiFile, RefiProject

SAMPLES = Path(__file__).parents[2] / "refi_samples"
CODE = "c0de0000-0000-4000-8000-000000000000"
ORIGINS = ("", "NVivo for Windows 12.6", "ATLAS.ti Win 23.4", "MAXQDA 24", "QualCoder 3.5")
WORDS = st.lists(
    st.sampled_from(["waited", "Café", "😬", "three weeks", "שלום", "👍🏽", "nobody", "appointment",
                     "مرحبا بك", "📞", "漢字仮名", "e\u0301tude"]),
    min_size=2, max_size=12,
)  # fmt: skip
GAPS = st.sampled_from([" ", "\r\n", "\n", "\r\n\r\n", ", "])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Make a raw text, and the indices of stretches of whole words in it."""
    raw = draw(st.sampled_from(["", "\ufeff"]))
    places = []
    for word in draw(WORDS):
        places.append((len(raw), len(raw) + len(word)))
        raw += word + draw(GAPS)
    pairs = draw(st.lists(st.tuples(*[st.integers(0, len(places) - 1)] * 2), max_size=6))
    return raw, [(places[min(pair)][0], places[max(pair)][1]) for pair in pairs]


def file_of(
    reading: Reading, origin: str, each: list[tuple[str, list[tuple[int, int]]]], names: bool = True
) -> tuple[io.BytesIO, list[list[str]]]:
    """Write texts and selections as a program that counts so does; return the words too."""
    inside, words = [], []
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for number, (raw, spans) in enumerate(each):
            packed.writestr(f"Sources/{number}.txt", raw.encode("utf-8"))
            selections = []
            for at, (start, end) in enumerate(spans):
                first = count(raw, start, reading)
                last = count(raw, end, reading) - (reading.end == "inclusive")
                name = " ".join(raw[start:end].split()) if names else ""
                selections.append(
                    f'<PlainTextSelection guid="{number:08x}-0000-4000-8000-{at:012x}" name='
                    f'"{escape(name)}" startPosition="{first}" endPosition="{last}"/>'
                )
            inside.append(
                f'<TextSource guid="{number:08x}-1111-4000-8000-000000000000" plainTextPath='
                f'"internal://{number}.txt">{"".join(selections)}</TextSource>'
            )
            words.append([" ".join(raw[start:end].split()) for start, end in spans])
        packed.writestr(
            "project.qde",
            f'<Project name="x" origin="{origin}"><Sources>{"".join(inside)}</Sources></Project>',
        )
    return stream, words


def read_words(found: RefiFile) -> list[list[str]]:
    return [
        [" ".join(source.text[one.start : one.end].split()) for one in source.selections]
        for source in found.project.sources
    ]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(ALL), st.sampled_from(ORIGINS), st.lists(texts(), max_size=3))
def test_words_are_found_whatever_the_way_to_count_and_the_origin(
    reading: Reading, origin: str, each: list[tuple[str, list[tuple[int, int]]]]
) -> None:
    stream, words = file_of(reading, origin, each)
    found = read_refi(stream, "theirs.qdpx")
    for named, shown in zip(words, read_words(found), strict=True):
        assert len(named) == len(shown)
        for name, now in zip(named, shown, strict=True):
            assert now == name or len(name) < 4  # nothing vouches for a name that short


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(ALL), st.lists(texts(), max_size=3))
def test_words_are_found_without_names_where_a_person_says_how(
    reading: Reading, each: list[tuple[str, list[tuple[int, int]]]]
) -> None:
    stream, words = file_of(reading, "", each, names=False)
    found = read_refi(stream, "theirs.qdpx", reading=reading)
    assert found.reading == reading
    assert read_words(found) == words
    assert all(one.raw == ("", "") for s in found.project.sources for one in s.selections)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(ALL), st.sampled_from(ORIGINS), st.lists(texts(), max_size=2))
def test_no_selection_is_lost_or_mended_without_names(
    reading: Reading, origin: str, each: list[tuple[str, list[tuple[int, int]]]]
) -> None:
    stream, words = file_of(reading, origin, each, names=False)
    found = read_refi(stream, "theirs.qdpx")
    for source, named in zip(found.project.sources, words, strict=True):
        assert len(source.selections) == len(named)
        for one in source.selections:
            if one.start is None or one.end is None:
                assert all(part.isdecimal() or part == "-1" for part in one.raw)
            else:
                assert 0 <= one.start < one.end <= len(source.text)


# ---------------------------------------------------------------- read, written, read again


def media_of(name: str, project: RefiProject) -> dict[str, RefiMedia]:
    archive = RefiArchive(io.BytesIO((SAMPLES / name).read_bytes()), name)

    def at_hand(path: str) -> RefiMedia:
        with archive.open(path) as part:
            data = part.read()
        return RefiMedia(len(data), lambda: io.BytesIO(data))

    return {source.path: at_hand(source.path) for source in project.sources if source.path}


@pytest.mark.parametrize("profile", ["standard", "utf16"])
@pytest.mark.parametrize("name", ["A_standard.qdpx", "B_nvivo_win.qdpx", "bad_order.qdpx"])
def test_a_file_of_another_program_comes_back_from_ours(name: str, profile: Profile) -> None:
    with (SAMPLES / name).open("rb") as stream:
        theirs = read_refi(stream, name).project
    project = replace(theirs, origin=f"{PRODUCT} 0.1.0")
    # inline words get a file, and then have its name
    inline = [one.guid for one in project.sources if one.kind == "text" and not one.text_path]
    expected = replace(
        project,
        sources=tuple(
            replace(one, text_path=f"{one.guid}.txt") if one.guid in inline else one
            for one in project.sources
        ),
    )
    ours = io.BytesIO()
    report = write_archive(
        ours, project, media=media_of(name, project), options=RefiOptions(profile=profile)
    )
    assert report.left_out == ()
    assert len(report.astral) == 3
    assert check_archive(ours, profile) == ()
    found = read_refi(ours, "ours.qdpx")
    assert found.project == expected
    assert found.left_out == found.remarks == ()


def test_the_mark_of_the_profile_stands_in_the_origin_only_in_the_file() -> None:
    with (SAMPLES / "A_standard.qdpx").open("rb") as stream:
        project = replace(read_refi(stream, "A").project, origin=PRODUCT)
    ours = io.BytesIO()
    write_archive(ours, project, options=RefiOptions(profile="utf16"))
    with zipfile.ZipFile(ours) as archive:
        assert f'origin="{PRODUCT}{UTF16_MARK}"' in archive.read("project.qde").decode("utf-8")
    assert read_refi(ours, "ours.qdpx").project.origin == PRODUCT


def test_the_annex_of_the_standard_is_written_as_the_schema_wants_it() -> None:
    """Its texts are missing: selections without a place are told, and the rest goes."""
    with (SAMPLES / "atlasti8_mac_spec-annex-A2.qdpx").open("rb") as stream:
        project = read_refi(stream, "A2").project
    ours = io.BytesIO()
    report = write_archive(ours, project)
    assert check_archive(ours) == ()
    told = "Selections whose place in the text is not known (6)"
    assert any(sentence.startswith(told) for sentence in report.left_out)
    again = read_refi(ours, "ours.qdpx").project
    assert (again.codes, again.cases, again.sets, again.notes, again.graphs) == (
        project.codes, project.cases, project.sets, project.notes, project.graphs,
    )  # fmt: skip

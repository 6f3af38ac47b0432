"""Shapes that programs write beside the standard, or within it in ways of their own."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest

from pipelines.ingest.projects.refi_project import read_refi
from workbench.domain.refi import RefiFile, RefiSource, derived_guid, is_guid

A, B, C, D, E, F = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcdef")
TEXT = "The bus only runs twice a day. I walked."


def read(
    inside: str, origin: str = "Some program", texts: dict[str, Any] | None = None
) -> RefiFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("project.qde", f'<Project name="x" origin="{origin}">{inside}</Project>')
        for name, text in (texts if texts is not None else {"t.txt": TEXT}).items():
            packed.writestr(f"sources/{name}", text)
    return read_refi(stream, "theirs.qdpx")


def source(inside: str = "", guid: str = A, name: str = "Interview", path: str = "t.txt") -> str:
    return (
        f'<TextSource guid="{guid}" name="{name}" plainTextPath="internal://{path}">{inside}'
        "</TextSource>"
    )


def sources(*each: str) -> str:
    return f"<Sources>{''.join(each)}</Sources>"


def selection(guid: str = B, inside: str = "", start: int = 4, end: int = 7, name: str = "") -> str:
    return (
        f'<PlainTextSelection guid="{guid}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}">{inside}</PlainTextSelection>'
    )


def coding(code: str, guid: str = "", user: str = "") -> str:
    who = f' creatingUser="{user}"' if user else ""
    return f'<Coding guid="{guid}"{who}><CodeRef targetGUID="{code}"/></Coding>'


def codes(*names: tuple[str, str]) -> str:
    each = "".join(f'<Code guid="{guid}" name="{name}" isCodable="true"/>' for guid, name in names)
    return f"<CodeBook><Codes>{each}</Codes></CodeBook>"


def only(found: RefiFile) -> RefiSource:
    (one,) = found.project.sources
    return one


# ---------------------------------------------------------------- small things that are missing


def test_dates_and_people_may_be_missing_and_dates_may_be_odd() -> None:
    made = '<Coding guid="{}" creationDateTime="{}"><CodeRef targetGUID="{}"/></Coding>'
    inside = "".join(
        made.format(guid, when, C)
        for guid, when in [(D, "2024-05-01 09:00:00"), (E, "01/05/2024"), (F, "")]
    )
    found = read(codes((C, "Code")) + sources(source(inside)))
    assert [one.made_at for one in only(found).codings] == ["2024-05-01T09:00:00", "", ""]
    assert [one.user for one in only(found).codings] == ["", "", ""]
    assert found.remarks == ("Dates that are not ISO 8601 were left away (1): 01/05/2024.",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("#1b7837", "#1b7837"), ("#FA0", "#FFAA00"), ("", ""), ("rgba(1,2,3,0.5)", ""),
     ("#11223344", ""), ("Color [A=255, R=1, G=2, B=3]", ""), ("-16776961", "")],
)  # fmt: skip
def test_colours(given: str, expected: str) -> None:
    found = read(f'<CodeBook><Codes><Code guid="{A}" name="a" color="{given}"/></Codes></CodeBook>')
    assert found.project.codes[0].colour == expected
    assert bool(found.remarks) == bool(given and not expected)


def test_guids_that_are_missing_none_or_repeated() -> None:
    inside = sources(
        source(selection("") + selection("", start=8) + selection("17", start=12, end=16)),
        source(guid=A, name="Again"),
    )
    first = read(inside)
    guids = [one.guid for s in first.project.sources for one in (s, *s.selections)]
    assert len(set(guids)) == 5
    assert all(map(is_guid, guids))
    assert first.project == read(inside).project
    assert any(told.startswith("GUIDs that came twice were replaced (1)") for told in first.remarks)


def test_capitals_and_braces_of_guids_do_not_matter() -> None:
    inside = sources(source(selection(inside=coding("{" + C.upper() + "}", D))))
    found = read(codes((C, "Code")) + inside)
    assert only(found).selections[0].codings[0].code == C


def test_codings_without_or_with_unknown_codes_are_told() -> None:
    inside = f'<Coding guid="{D}"/>' + coding(E, F) + coding(C, B)
    found = read(codes((C, "Code")) + sources(source(inside)))
    assert [one.code for one in only(found).codings] == [C]
    assert found.left_out == (
        f"Codings without a code (1): {D}.",
        f"Codings with codes that the file does not hold (1): {E}.",
    )


def test_every_reference_that_leads_nowhere_is_told() -> None:
    lost, value = f'targetGUID="{F}"', "<TextValue>1</TextValue>"
    inside = (
        f'<Cases><Case guid="{E}" name="R1"><VariableValue><VariableRef {lost}/>{value}'
        f"</VariableValue><SourceRef {lost}/><SourceRef targetGUID='{{{A.upper()}}}'/>"
        f"<SelectionRef {lost}/></Case></Cases>"
        + sources(source(selection(inside=coding(C, D, user=F)) + f"<NoteRef {lost}/>"))
        + f'<Links><Link guid="{derived_guid("l")}" originGUID="{A}" {lost}/></Links>'
        + f'<Sets><Set guid="{derived_guid("s")}" name="s"><MemberCode targetGUID="{C}"/>'
        + f"<MemberCode {lost}/><MemberSource {lost}/><MemberNote {lost}/></Set></Sets>"
    )
    found = read(codes((C, "Code")) + inside)
    assert set(found.left_out) == {
        f"{reason} (1): {F}."
        for reason in (
            "Texts of cases that the file does not hold",
            "Passages of cases that the file does not hold",
            "Memos that the file does not hold",
            "Values of variables that the file does not hold",
            "Codes of sets that the file does not hold",
            "Texts of sets that the file does not hold",
            "Memos of sets that the file does not hold",
            "Ends of links that the file does not hold",
        )
    }
    told = f"Coders whom the file names but does not hold were taken for nobody known (1): {F}."
    assert told in found.remarks


def test_children_in_any_order_and_wrappers_that_are_empty() -> None:
    found = read(
        "<NoteRef targetGUID='x'/><Description>About</Description><Sets/><Notes/>"
        + sources(source()) + "<Cases/><Users/>" + codes((C, "Code")) + "<Graphs/><Links/>"
    )  # fmt: skip
    assert found.project.description == "About"
    assert found.project.sets == found.project.users == ()
    assert [one.name for one in found.project.codes] == ["Code"]


def test_elements_where_they_have_no_place_are_told() -> None:
    found = read(f'<Sets><CodeRef targetGUID="{C}"/></Sets>' + sources(source()))
    assert found.project.sets == ()
    assert found.left_out == ("Elements where they have no place (1): CodeRef.",)


def test_a_selection_past_the_end_keeps_its_numbers_and_its_name() -> None:
    inside = selection(start=5, end=4000, name="lost words", inside=coding(C, D))
    (one,) = only(read(codes((C, "Code")) + sources(source(inside)))).selections
    assert (one.start, one.end, one.raw, one.name) == (None, None, ("5", "4000"), "lost words")
    assert len(one.codings) == 1


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 5), (-2, 5)])
def test_empty_and_reversed_selections_are_never_mended(start: int, end: int) -> None:
    (one,) = only(read(sources(source(selection(start=start, end=end))))).selections
    assert (one.start, one.raw) == (None, (str(start), str(end)))


def test_positions_that_are_no_numbers() -> None:
    odd = f'<PlainTextSelection guid="{B}" startPosition="NaN" endPosition="1e3"/>'
    assert only(read(sources(source(odd)))).selections[0].raw == ("NaN", "1e3")


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode("utf-16"), "Texts in UTF-16 instead of UTF-8 were read (1): Interview."),
        ("Café".encode("cp1252"), "Texts that are not UTF-8 were read as Windows-1252: look "
                                  "whether they are right (1): Interview."),
    ],
)  # fmt: skip
def test_texts_in_other_encodings(data: bytes, told: str) -> None:
    found = read(sources(source()), texts={"t.txt": data})
    assert only(found).text in (TEXT, "Café")
    assert found.remarks == (told,)


def test_lines_are_normalised_after_places_are_found() -> None:
    raw = "\ufeffOne.\r\nTwo.\rThree."
    inside = selection(start=6, end=10, name="Two.") + selection(C, start=11, end=17, name="Three.")
    found = only(read(sources(source(inside)), texts={"t.txt": raw}))
    assert found.text == "One.\nTwo.\nThree."
    assert [found.text[one.start : one.end] for one in found.selections] == ["Two.", "Three."]


def test_other_line_separators_are_letters() -> None:
    raw = "One.\u2028Two.\x85Three.\x0bFour."
    assert only(read(sources(source()), texts={"t.txt": raw})).text == raw


def test_both_a_path_and_words_or_only_words() -> None:
    both = f"<PlainTextContent>other</PlainTextContent>{selection()}"
    assert only(read(sources(source(both)))).text == TEXT
    assert only(read(sources(source("<PlainTextContent>other</PlainTextContent>", path="no.txt")))
                ).text == "other"  # fmt: skip


def test_a_text_that_is_only_in_word_is_told() -> None:
    inside = f'<TextSource guid="{A}" name="W" richTextPath="internal://w.docx"/>'
    found = read(sources(inside), texts={"w.docx": b"PK"})
    assert only(found).path == "w.docx"
    assert found.left_out == ("Texts that the file does not hold (1): W.",)


@pytest.mark.parametrize("plain", ["", ' plainTextPath="internal://t.txt"'])
def test_plain_text_that_is_said_to_be_rich_is_read(plain: str) -> None:
    inside = f'<TextSource guid="{A}" name="I" richTextPath="internal://t.TXT"{plain}/>'
    found = read(sources(inside))
    assert (only(found).text, only(found).path, found.left_out) == (TEXT, "", ())


# ---------------------------------------------------------------- QualCoder


def test_values_without_a_value_and_people_without_an_identity_as_qualcoder_has_them() -> None:
    reference = f'<VariableRef targetGUID="{D}" />'
    case = (
        f'<Cases><Case guid="{C}" name="P"><Description /><VariableValue>{reference}'
        '</VariableValue><VariableValue><VariableRef targetGUID="" /><TextValue>x</TextValue>'
        f'</VariableValue><SourceRef targetGUID="{A}"/></Case></Cases>'
    )
    text = source(selection(inside=coding(F, E)))
    text = text.replace("<PlainTextSelection ", '<PlainTextSelection creatingUser="" ')
    found = read(VARIABLE + codes((F, "Code")) + case + sources(text), "QualCoder 3.7")
    assert [(one.name, one.values, one.sources) for one in found.project.cases] == [
        ("P", (), (A,))
    ]  # fmt: skip
    (one,) = only(found).selections
    assert (one.user, one.codings[0].user) == ("", "")


def test_line_ends_of_windows_beside_positions_that_count_them_once() -> None:
    """As QualCoder writes them where a person asks for line ends for MAXQDA."""
    text = "\ufeffOne two\r\n\r\nFour five\r\nsix".encode()
    inside = selection(start=9, end=13, name="Four", inside=coding(C, D))
    found = read(codes((C, "Code")) + sources(source(inside)), "QualCoder 3.7", {"t.txt": text})
    (one,) = only(found).selections
    assert only(found).text[one.start : one.end] == "Four"


def test_a_stretch_of_a_transcript_that_has_no_end_keeps_its_coding_without_a_place() -> None:
    points = "".join(
        f'<SyncPoint guid="{guid}" position="{at}" timeStamp="0" />'
        for guid, at in ((D, 4), (E, 7))
    )
    stretch = '<TranscriptSelection guid="{}" name="a" fromSyncPoint="{}" toSyncPoint="{}">{}{}'
    end = "</TranscriptSelection>"
    inside = stretch.format(F, D, E, coding(C, "1"), end) + stretch.format(
        B, D, "", coding(C, "2"), end
    )
    found = read(
        codes((C, "Code"))
        + sources(
            f'<AudioSource guid="{A}" name="a.mp3" path="internal://a.mp3"><Transcript guid="" '
            f'plainTextPath="internal://t.txt" name="a">{points}{inside}</Transcript></AudioSource>'
        ),
        "QualCoder 3.7",
        {"t.txt": TEXT, "a.mp3": b"x"},
    )
    words = next(one for one in found.project.sources if one.kind == "text")
    assert [(one.start, one.end, len(one.codings)) for one in words.selections] == [
        (4, 7, 1), (None, None, 1)
    ]  # fmt: skip
    assert found.left_out == ("Selections of transcripts without times (1): a.",)


def test_sound_among_films_and_texts_of_one_name_as_maxqda_has_them() -> None:
    film = f'<VideoSource guid="{C}" name="Talk" path="internal://x.m4a"/>'
    found = read(
        sources(source(), source(guid=B, path="u.txt"), film), "MAXQDA 24",
        {"t.txt": TEXT, "u.txt": "Other.", "x.m4a": b"x"},
    )  # fmt: skip
    assert [(one.name, one.text) for one in found.project.sources if one.kind == "text"] == [
        ("Interview", TEXT), ("Interview", "Other."),
    ]  # fmt: skip
    assert found.project.sources[-1].path == "x.m4a" and found.left_out == ()


# ---------------------------------------------------------------- memos, four ways and one more


def noted(found: RefiFile) -> list[str]:
    texts = {note.guid: note.text for note in found.project.notes}
    return [texts[guid] for one in only(found).selections for guid in one.notes]


NOTE = (
    f'<Notes><Note guid="{E}" name="M"><PlainTextContent>A thought</PlainTextContent>{{}}</Note>'
    "</Notes>"
)


def test_memos_by_reference() -> None:
    inside = selection(inside=f'<NoteRef targetGUID="{E}"/>')
    assert noted(read(sources(source(inside)) + NOTE.format(""))) == ["A thought"]


def test_memos_by_link() -> None:
    link = f'<Links><Link guid="{F}" originGUID="{E}" targetGUID="{B}"/></Links>'
    found = read(sources(source(selection())) + NOTE.format("") + link)
    assert noted(found) == ["A thought"]
    assert found.project.links == ()


def test_memos_as_descriptions() -> None:
    inside = selection(inside="<Description>A thought</Description>")
    assert only(read(sources(source(inside)))).selections[0].description == "A thought"


def test_memos_that_name_words_of_their_source() -> None:
    reference = f'<NoteRef targetGUID="{E}"/>'
    for origin, end in (("Quirkos 2.5", 7), ("Some program", 30)):
        found = read(sources(source(reference)) + NOTE.format(selection(B, "", 4, end)), origin)
        assert noted(found) == ["A thought"]
        assert only(found).selections[0].end == end
        assert only(found).notes == found.project.notes[0].selections == ()
        assert found.remarks == (
            "Memos that name words of a source were put on these words (1): M.",
        )


def test_memos_that_are_coded_themselves_stay_so() -> None:
    inside = codes((C, "Code")) + sources(source(f'<NoteRef targetGUID="{E}"/>'))
    found = read(inside + NOTE.format(selection(B, coding(C), 2, 9)))
    (note,) = found.project.notes
    assert [note.text[one.start : one.end] for one in note.selections] == ["thought"]
    assert only(found).notes == (E,)


def test_memos_in_files_as_nvivo_has_them() -> None:
    note = (
        f'<Notes><Note guid="{E}" plainTextPath="internal://m.txt" richTextPath="m.docx"/></Notes>'
    )
    found = read(sources(source()) + note, texts={"t.txt": TEXT, "m.txt": "\ufeffA\r\nthought"})
    assert found.project.notes[0].text == "A\nthought"


def test_memos_on_codes_codings_and_cases_by_link() -> None:
    ends = (A, C, D, F)
    links = "".join(f'<Link originGUID="{E}" targetGUID="{end}"/>' for end in ends)
    found = read(
        codes((C, "Code")) + f'<Cases><Case guid="{F}" name="P"/></Cases>'
        + sources(source(selection(inside=coding(C, D)))) + NOTE.format("")
        + f"<Links>{links}</Links>"
    )  # fmt: skip
    one = only(found)
    assert one.notes == found.project.codes[0].notes == found.project.cases[0].notes == (E,)
    assert one.selections[0].codings[0].notes == (E,)


# ---------------------------------------------------------------- attributes, five ways

VARIABLE = f'<Variables><Variable guid="{D}" name="Age" typeOfVariable="Integer"/></Variables>'
AGE = (
    f'<VariableValue><VariableRef targetGUID="{D}"/><IntegerValue>67</IntegerValue></VariableValue>'
)


def values(found: RefiFile) -> list[tuple[str, dict[str, str]]]:
    called = {one.guid: one.name for one in found.project.variables}
    return [(c.name, {called[g]: value for g, value in c.values}) for c in found.project.cases]


def test_attributes_on_cases() -> None:
    case = f'<Cases><Case guid="{C}" name="P1">{AGE}<SourceRef targetGUID="{A}"/></Case></Cases>'
    assert values(read(VARIABLE + case + sources(source()))) == [("P1", {"Age": "67"})]


def test_attributes_on_sources_make_a_case() -> None:
    found = read(VARIABLE + sources(source(AGE)))
    assert values(found) == [("Interview", {"Age": "67"})]
    assert found.project.cases[0].sources == (A,)
    assert only(found).values == ()


def test_attributes_on_sources_of_a_case_go_to_it_and_never_over_its_own() -> None:
    own = AGE.replace("67", "68")
    for given, age in ((("", AGE), "67"), ((own, AGE), "68")):
        reference = f'<SourceRef targetGUID="{A}"/>'
        case = f'<Cases><Case guid="{C}" name="P1">{given[0]}{reference}</Case></Cases>'
        assert values(read(VARIABLE + case + sources(source(given[1])))) == [("P1", {"Age": age})]


def test_cases_without_a_name_are_called_as_their_source() -> None:
    case = f'<Cases><Case guid="{C}">{AGE}<SourceRef targetGUID="{A}"/></Case></Cases>'
    assert values(read(VARIABLE + case + sources(source()))) == [("Interview", {"Age": "67"})]


def sets(*names: str) -> str:
    each = "".join(
        f'<Set guid="{n * 8}-0000-4000-8000-000000000001" name="{name}"><MemberSource '
        f'targetGUID="{guid}"/></Set>'
        for n, (name, guid) in zip("123", zip(names, (A, B, A), strict=False), strict=False)
    )
    return f"<Sets>{each}</Sets>"


def test_attributes_as_sets() -> None:
    two = sources(source(), source(guid=B, name="Other"))
    found = read(two + sets("age: 67", "age: 25"))
    assert values(found) == [("Interview", {"age": "67"}), ("Other", {"age": "25"})]
    assert found.project.sets == ()


@pytest.mark.parametrize(
    ("names", "origin"),
    [
        (("Q3: What was hard?",), "MAXQDA 24"),
        (("Q3: What was hard?", "Q4: What helped?"), "MAXQDA 24"),
        (("age: 67", "age: 25", "age: 30"), "ATLAS.ti"),  # one source in two of them
        (("age: 67", "age: 25"), "SpeakOut Workbench 0.1.0"),
    ],
)
def test_sets_that_are_no_attributes_stay_sets(names: tuple[str, ...], origin: str) -> None:
    two = sources(source(), source(guid=B, name="Other"))
    found = read(two + sets(*names), origin)
    assert [one.name for one in found.project.sets] == list(names)
    assert found.project.cases == ()


def test_sets_give_values_to_a_variable_that_is_there() -> None:
    variable = f'<Variables><Variable guid="{D}" name="Age" typeOfVariable="Text"/></Variables>'
    found = read(variable + sources(source(), source(guid=B)) + sets("age: 67", "age: 25"))
    assert [one.guid for one in found.project.variables] == [D]
    assert [case.values for case in found.project.cases] == [((D, "67"),), ((D, "25"),)]


def test_a_source_of_several_cases_gives_its_values_to_none() -> None:
    cases = "".join(
        f'<Case guid="{guid}" name="P">{AGE * 2}<SourceRef targetGUID="{A}"/></Case>'
        for guid in (C, E)
    )
    found = read(f"{VARIABLE}<Cases>{cases}</Cases>" + sources(source(AGE)) + sets("x: 1", "x: 2"))
    assert only(found).values == ((D, "67"),)
    assert [len(case.values) for case in found.project.cases] == [2, 2]
    assert [one.name for one in found.project.sets] == ["x: 1", "x: 2"]
    assert [one.name for one in found.project.variables] == ["Age"]


def test_values_that_are_empty_or_none() -> None:
    texts = AGE.replace("<IntegerValue>67</IntegerValue>", "<TextValue/>")
    none = AGE.replace("<IntegerValue>67</IntegerValue>", "")
    empty = AGE.replace("67", " ")
    case = f'<Cases><Case guid="{C}" name="P1">{texts}{none}{empty}</Case></Cases>'
    assert [one.values for one in read(VARIABLE + case).project.cases] == [((D, ""),)]


# ---------------------------------------------------------------- NVivo

NODES = (
    f'<CodeBook><Codes><Code guid="{C}" name="Nodes" isCodable="false"><Code guid="{D}" name="P1"'
    f' isCodable="true"/><Code guid="{E}" name="Theme" isCodable="true"/></Code></Codes></CodeBook>'
)


def test_nvivo_wraps_codes_and_prefixes_names() -> None:
    variable = f'<Variables><Variable guid="{F}" name="Cases:Age group"/></Variables>'
    found = read(NODES + variable, "NVivo for Windows 14")
    assert [one.name for one in found.project.codes] == ["P1", "Theme"]
    assert [one.name for one in found.project.variables] == ["Age group"]
    other = read(NODES + variable, "Other").project
    assert [one.name for one in other.codes] == ["Nodes"]
    assert other.variables[0].name == "Cases:Age group"


def test_a_code_with_the_guid_of_a_case_is_the_case() -> None:
    case = f'<Cases><Case guid="{D}" name="P1"/></Cases>'
    inside = selection(inside=coding(D) + coding(E)) + coding(D)
    found = read(NODES + case + sources(source(inside)), "NVivo for Windows 14")
    assert [one.name for one in found.project.codes] == ["Theme"]
    assert found.project.cases[0].sources == (A,)
    assert found.project.cases[0].selections == (B,)
    assert [one.code for one in only(found).selections[0].codings] == [E]
    assert only(found).codings == ()
    assert found.remarks == ("Codes that are cases were taken as the cases (1): P1.",)


def test_equal_selections_become_one_and_references_follow() -> None:
    inside = (
        selection(B, coding(C, "1", "u1"), 4, 7) + selection(D, coding(C, "2", "u2"), 4, 7)
        + selection(E, coding(C, "3", "u1") + "<Description>so</Description>", 4, 7)
    )  # fmt: skip
    case = f'<Cases><Case guid="{F}" name="P"><SelectionRef targetGUID="{D}"/></Case></Cases>'
    found = read(codes((C, "Code")) + case + sources(source(inside)))
    (one,) = only(found).selections
    assert (one.guid, one.description, len(one.codings)) == (B, "so", 2)
    assert found.project.cases[0].selections == (B,)
    assert "Selections of the same words were made one (2): in Interview." in found.remarks
    assert "Codings that came twice were taken once (1): in Interview." in found.remarks


def test_a_turn_with_the_span_of_a_coded_selection_stays_apart() -> None:
    inside = selection(B, coding(C), 0, 30) + selection(D, "", 0, 30, "Speaker")
    found = only(read(codes((C, "Code")) + sources(source(inside))))
    assert [one.name for one in found.selections] == ["", "Speaker"]


# ---------------------------------------------------------------- recordings


def recording(inside: str, path: str = "t.txt") -> str:
    points = (
        f'<SyncPoint guid="{D}" timeStamp="0" position="0"/>'
        f'<SyncPoint guid="{E}" timeStamp="900" position="31"/><SyncPoint guid="{F}"/>'
    )
    return (
        f'<VideoSource name="Film"><Transcript guid="{B}" plainTextPath="internal://{path}" '
        f'name="Words">{points}{inside}</Transcript></VideoSource>'
    )


SPOKEN = (
    '<TranscriptSelection guid="77777777-0000-4000-8000-000000000000" '
    f'fromSyncPoint="{D}" toSyncPoint="{E}">{coding(C, "1")}</TranscriptSelection>'
)


def test_what_is_coded_on_a_transcript_goes_to_the_text_of_the_same_file() -> None:
    found = read(codes((C, "Code")) + sources(recording(SPOKEN), source()))
    text = found.project.sources[1]
    assert [TEXT[one.start : one.end] for one in text.selections] == [TEXT[:31]]
    assert len(text.selections[0].codings) == 1
    assert found.project.sources[0].transcripts[0].sync == ((0, 0), (900, 31))


def test_what_is_coded_on_a_transcript_alone_gets_a_text() -> None:
    found = read(codes((C, "Code")) + sources(recording(SPOKEN)))
    film, text = found.project.sources
    assert (text.kind, text.name, text.text) == ("text", "Words", TEXT)
    assert text.text_path == film.transcripts[0].text_path == "t.txt"
    assert (text.selections[0].start, text.selections[0].end) == (0, 31)


def test_a_transcript_within_the_file_and_its_text_are_known_for_each_other() -> None:
    within = f'name="Words"><PlainTextContent>{TEXT}</PlainTextContent>'
    heard = f'<VideoSelection guid="" begin="0" end="900">{coding(A, "9")}</VideoSelection>'
    film = (
        recording(SPOKEN)
        .replace('plainTextPath="internal://t.txt" name="Words">', within)
        .replace("</VideoSource>", f"{heard}</VideoSource>")
    )
    found = read(codes((A, "By time"), (C, "By words")) + sources(film))
    one, text = found.project.sources
    assert text.text_path == one.transcripts[0].text_path != ""
    assert {item.code for part in text.selections for item in part.codings} == {A, C}
    assert one.time_selections == ()


def test_a_transcript_that_nothing_is_coded_on_gets_no_text() -> None:
    assert len(read(sources(recording(""))).project.sources) == 1


def test_a_coding_of_a_time_that_stands_on_its_words_too_is_taken_once() -> None:
    heard = f'<VideoSelection guid="" begin="0" end="900">{coding(C, "9")}</VideoSelection>'
    film = recording("").replace("</VideoSource>", heard + "</VideoSource>")
    both = read(codes((C, "Code")) + sources(film, source(selection(A, coding(C), 0, 30))))
    assert both.project.sources[0].time_selections == ()
    assert both.remarks[-1].startswith("Codings that stand on a recording and on its words")


def heard_at(begin: int, end: int) -> str:
    inside = f'<VideoSelection guid="{A}" begin="{begin}" end="{end}">{coding(C)}</VideoSelection>'
    return recording("").replace("</VideoSource>", inside + "</VideoSource>")


@pytest.mark.parametrize("begin, end", [(0, 900), (200, 210), (10, 980)])
def test_a_coding_of_a_time_goes_to_the_words_spoken_then(begin: int, end: int) -> None:
    found = read(codes((C, "Code")) + sources(heard_at(begin, end), source()))
    film, text = found.project.sources
    assert film.time_selections == ()
    assert [TEXT[one.start : one.end] for one in text.selections] == [TEXT[:31].strip()]
    assert any("were put on the words spoken then (1)" in line for line in found.remarks)
    # Of a recording whose words no text has, its own transcript has them.
    (alone,) = read(codes((C, "Code")) + sources(heard_at(begin, end))).project.sources
    assert [(one.start, one.end) for one in alone.selections] == [(0, len(TEXT[:31].rstrip()))]


def test_a_coding_of_a_time_of_which_no_words_are_known_stays_one() -> None:
    late = heard_at(900, 950).replace('position="31"', f'position="{len(TEXT)}"')
    found = read(codes((C, "Code")) + sources(late, source()))
    assert len(found.project.sources[0].time_selections) == 1
    assert found.project.sources[1].selections == ()


def test_stretches_of_no_length_and_without_numbers_are_kept() -> None:
    inside = (
        '<AudioSource name="A"><AudioSelection begin="5" end="5"/>'
        '<AudioSelection begin="x" end=""/></AudioSource>'
    )
    first, second = only(read(sources(inside))).time_selections
    assert (first.start, first.end) == (5, 5)
    assert (second.start, second.raw) == (None, ("x", ""))


def test_an_area_of_a_picture_and_its_description() -> None:
    inside = (
        f'<PictureSource guid="{A}" name="P" path="internal://P.JPG"><TextDescription guid="{B}">'
        f"<PlainTextContent>A bus</PlainTextContent>{selection(D, '', 2, 5)}</TextDescription>"
        f'<PictureSelection guid="{C}" firstX="1" firstY="2" secondX="3" secondY="4"/>'
        "</PictureSource>"
    )
    one = only(read(sources(inside), texts={"p.jpg": b"x"}))
    assert (one.path, one.text) == ("p.jpg", "A bus")
    assert one.selections[0].area == (
        ("firstX", "1"), ("firstY", "2"), ("secondX", "3"), ("secondY", "4"),
    )  # fmt: skip
    assert (one.selections[1].start, one.selections[1].end) == (2, 5)


# ---------------------------------------------------------------- what costs time


def test_many_selections_of_the_same_words_are_joined_quickly() -> None:
    n = 20_000
    book = "".join(f'<Code guid="{at:08x}-0000-4000-8000-000000000000"/>' for at in range(n))
    coded = "".join(
        selection("", coding(f"{at:08x}-0000-4000-8000-000000000000"), 4, 7) for at in range(n)
    )
    begun = time.process_time()
    found = read(f"<CodeBook><Codes>{book}</Codes></CodeBook>" + sources(source(coded)))
    (one,) = only(found).selections
    assert len(one.codings) == n
    assert time.process_time() - begun < 30


def test_names_of_many_letters_are_not_looked_through() -> None:
    name = "word " * 4000
    found = read(sources(source(selection(name=name), path="t.txt")), texts={"t.txt": name * 10})
    assert only(found).selections[0].name == name

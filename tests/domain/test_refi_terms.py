"""What files of our own say is read back as it was, whatever people write."""

from __future__ import annotations

from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from workbench.domain.refi_descriptions import (
    CODE_HEADINGS,
    AttributeWords,
    CodeWords,
    DocumentWords,
    SpeakerWords,
    ToldMemo,
    describe_attribute,
    describe_code,
    describe_document,
    describe_memos,
    describe_speaker,
    read_attribute,
    read_code,
    read_document,
    read_memos,
    read_speaker,
)
from workbench.domain.refi_labels import find_turns, put_labels_on, take_labels_off, words_of
from workbench.domain.refi_sections import read_sections, write_sections
from workbench.domain.refi_terms import (
    Answer,
    AnswerName,
    SpeakerNote,
    answer_name,
    file_safe,
    guid_of,
    is_turn,
    memo_name,
    read_answer_name,
    read_memo_name,
    read_set_name,
    read_turn_times,
    recording_name,
    set_name,
    turn_times,
    without_recording,
)
from workbench.domain.turns import SpeakerRole, Turn, TurnSpan, lay_out

PIECES = [
    "Use it for:", "Examples:", "Kind:", "\\Examples:", "Speaker:", "\n", "\n\n", " ", "a", "- b",
    "[", '["x"]', "😀", "میں", " = ", " (facilitator)", "/", "\\", ": ", "P1", "P1: ",
    "-", " - ", "%2F", "%", '*?"<>|', " - typed",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
NAMES = TEXTS.map(lambda text: " ".join(text.split()) or "N")
LISTS = st.lists(NAMES, max_size=3).map(tuple)
SPEAKERS = st.builds(
    SpeakerNote, NAMES, st.sampled_from(["participant", "facilitator"]), st.just("") | NAMES
)


@given(TEXTS, st.dictionaries(st.sampled_from(CODE_HEADINGS), TEXTS.filter(bool)))
@example("\n", {"Cues": "\n"})
@example("Examples:", {"Examples": "\\\\Examples:\n"})
def test_parts_of_a_description_come_back(lead: str, parts: dict[str, str]) -> None:
    written = write_sections(lead, parts.items(), CODE_HEADINGS)
    found = read_sections(written, CODE_HEADINGS)
    assert (found.lead, dict(found.parts)) == (lead, parts)


@given(st.builds(CodeWords, TEXTS, TEXTS, TEXTS, LISTS, LISTS, LISTS, st.booleans()))
def test_codes_come_back(words: CodeWords) -> None:
    assert read_code(describe_code(words)) == words


def test_a_code_reads_well() -> None:
    words = CodeWords("Having to wait.", "Any delay", examples=("Three weeks", "Nobody rang"))
    assert describe_code(words) == (
        "Having to wait.\n\nUse it for:\nAny delay\n\nExamples:\nThree weeks\nNobody rang"
    )
    assert read_code("Elsewhere: whatever") == CodeWords("Elsewhere: whatever")


@given(st.builds(AttributeWords, TEXTS, st.sampled_from(["multi", "date"]), LISTS, NAMES, NAMES))
def test_attributes_come_back(words: AttributeWords) -> None:
    assert read_attribute(describe_attribute(words)) == words


def test_a_variable_of_another_program_is_none_of_ours() -> None:
    assert read_attribute("How old?") is None
    assert read_attribute("Kind:\nplain") is None


@given(
    st.builds(
        DocumentWords,
        st.just("focus_group"), TEXTS, NAMES, st.sampled_from(["", "draft", "checked"]), NAMES,
        NAMES, st.just("2024-05-01"), st.lists(SPEAKERS, max_size=3).map(tuple),
    )
)  # fmt: skip
def test_documents_come_back(words: DocumentWords) -> None:
    assert read_document(describe_document(words)) == words


@given(NAMES, NAMES, st.sampled_from(get_args(SpeakerRole)))
def test_speakers_come_back(discussion: str, speaker: str, role: SpeakerRole) -> None:
    words = SpeakerWords(discussion, speaker, role)
    assert read_speaker(describe_speaker(words)) == words
    told = ToldMemo("A", "2024-05-01", describe_speaker(words))
    assert read_speaker(describe_memos([told])) is None
    assert read_memos(describe_memos([told, told]), ["B", "A"]) == ("", (told, told))


@given(NAMES, NAMES, st.sampled_from(get_args(Answer)))
def test_names_of_answers_come_back(respondent: str, question: str, kind: Answer) -> None:
    name = answer_name(respondent, question, kind)
    assert read_answer_name(name) == AnswerName(respondent, question, kind)
    assert not set(name) & set('/\\:*?"<>|\n') and file_safe(name) == name
    assert read_answer_name(f"{name}.txt") == AnswerName(respondent, question, kind)
    assert without_recording(recording_name(name, "m4a")) == name
    older = "/".join(
        one.replace("\\", "\\\\").replace("/", "\\/") for one in (respondent, question)
    )
    assert read_answer_name(f"{older}/{kind}") == AnswerName(respondent, question, kind)


def test_other_names_are_none_of_ours() -> None:
    for name in ("", "Interview 3", "a/b", "a/b/c", "a//typed", "/b/typed", "a/b/typed/x", "a/b\\",
                 "a - b", "a - b - c", " - b - typed", "a -  - typed", "a - b - typed - x",
                 "a - b/c - typed"):  # fmt: skip
        assert read_answer_name(name) is None
    assert read_set_name("gender: male") is None
    assert read_memo_name("Memo on nothing") is None
    assert read_turn_times("yesterday") == (None, None)


def test_names_of_sets_and_memos_come_back() -> None:
    assert read_set_name(set_name("series", "Round: 1")) == ("series", "Round: 1")
    assert read_memo_name(memo_name("codebook_version", "Version 2: first\nround")) == (
        "codebook_version",
        None,
    )
    assert read_memo_name(memo_name("code", "the study")) == ("code", None)
    assert read_memo_name(memo_name("study", purpose="reflexivity")) == ("study", "reflexivity")


@given(st.integers(0, 10**9), st.none() | st.integers(0, 10**9))
def test_times_of_turns_come_back(start_ms: int, end_ms: int | None) -> None:
    assert read_turn_times(turn_times(start_ms, end_ms)) == (start_ms, end_ms)
    assert is_turn(turn_times(start_ms, end_ms))
    assert is_turn(turn_times(None, end_ms))
    assert not is_turn("Turn to the next page")


def test_identities_are_made_of_what_a_thing_is() -> None:
    assert guid_of("s", "variable", "age") == guid_of("s", "variable", "age")
    assert len({guid_of(*what) for what in (("s", "a", "b"), ("t", "a", "b"), ("s", "a", 1))}) == 3


@st.composite
def discussions(draw: st.DrawFn) -> tuple[str, tuple[TurnSpan, ...]]:
    """Words with turns: laid out as ever, or with other things between them."""
    turn = st.builds(Turn, st.just("") | NAMES, TEXTS)
    if draw(st.booleans()):
        return lay_out(draw(st.lists(turn, max_size=5)))
    words, turns = draw(TEXTS), []
    for one in draw(st.lists(turn, max_size=5)):
        said = one.text or "x"
        turns.append(TurnSpan(len(words), len(words) + len(said), one.speaker))
        words += said + draw(TEXTS)
    return words, tuple(turns)


@given(discussions())
@example(("P1: a", (TurnSpan(4, 5, "P1"),)))
def test_labels_come_off_as_they_went_on(made: tuple[str, tuple[TurnSpan, ...]]) -> None:
    words, turns = made
    labelled = put_labels_on(words, turns)
    for turn, moved in zip(turns, labelled.turns, strict=True):
        assert labelled.text[moved.start : moved.end] == words[turn.start : turn.end]
    found, off = take_labels_off(labelled.text, labelled.turns)
    assert found == words
    assert words_of(off) == turns
    for place in range(len(words) + 1):
        assert off.word(labelled.start(place)) == place
        assert off.word(labelled.end(place)) == place
        assert labelled.end(place) <= labelled.start(place)
        if place < len(words):
            assert labelled.text[labelled.start(place)] == words[place]
            assert labelled.text[labelled.end(place + 1) - 1] == words[place]


def test_places_inside_a_label_are_where_the_words_begin() -> None:
    labelled = put_labels_on("No.\n\nWhy", [TurnSpan(0, 3, "P1"), TurnSpan(5, 8, "P2")])
    _, off = take_labels_off(labelled.text, labelled.turns)
    assert labelled.text == "P1: No.\n\nP2: Why"
    assert [off.word(place) for place in (0, 2, 4, 7, 9, 11, 13, 16)] == [0, 0, 0, 3, 5, 5, 5, 8]


def test_a_label_that_is_not_there_is_not_taken_off() -> None:
    words, off = take_labels_off("P2: No.", [TurnSpan(4, 7, "P1")])
    assert (words, words_of(off)) == ("P2: No.", (TurnSpan(4, 7, "P1"),))


def test_turns_are_found_by_their_labels() -> None:
    text = "Welcome\n\nP1: No.\n\nNever: ever\n\nP1: b: Why"
    found = find_turns(text, ["P1", "P1: b"])
    assert [(text[one.start : one.end], one.speaker) for one in found] == [
        ("Welcome", ""),
        ("No.\n\nNever: ever", "P1"),
        ("Why", "P1: b"),
    ]

"""Names of speakers: spellings put together, labels told from real names."""

import pytest

from workbench.domain.speaker_names import (
    MAX_NAME,
    free_name,
    group_names,
    kind_of,
    role_of,
    spelling_key,
    suggested_name,
    tidy,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amina K", "amina k."),
        ("Amina K", "AMINA K (Guest)"),
        ("Amina K", "Amina\u00a0 K:"),
        ("Amina K", "\u202aAmina K\u202c (she/her)"),
        ("Speaker 1:", "speaker 1"),
        ("Speaker 1", "Speaker1"),
        ("P 1", "p-1"),
        ("Lin", "Lin (Facilitator)"),
        ("Lin", "LIN [Moderator]"),
        ("Straße", "STRASSE"),
    ],
)
def test_spellings_of_one_person_are_put_together(one, other):
    assert spelling_key(one) == spelling_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("P1", "P11"),
        ("P1", "P01"),
        ("Speaker 1", "Speaker 11"),
        ("Amina K", "Amina"),
        ("Amina", "Ámina"),
        ("Amina (mum)", "Amina (aunt)"),
        ("P1 (F)", "P1 (M)"),
        ("Parent A", "Parent B"),
    ],
)
def test_names_of_two_people_are_kept_apart(one, other):
    assert spelling_key(one) != spelling_key(other)


def test_what_is_no_name_has_no_key():
    assert [spelling_key(name) for name in ("", " : ", "\x00", "\u200b", "(Guest)")] == [""] * 5


@pytest.mark.parametrize(
    "name",
    ["P3", "Speaker 2", "YP4", "F2", "FG1 P3", "FG1P3", "p 12", "Res. 2", "Parent A", "Male 1",
     "Young person 4", "Female speaker 1", "7", "B"],
)  # fmt: skip
def test_labels_may_be_shown(name):
    assert kind_of(name) == "label"


@pytest.mark.parametrize(
    "name",
    ["Amina", "AK", "Ana 2", "ANA2", "Jo 2", "Young", "M Young", "Will Parent", "Dr. Khan",
     "Parent of Amina", "امینہ", "<b>Amina</b>", "😀", "Speaker Amina", "Lin Facilitator"],
)  # fmt: skip
def test_anything_else_is_taken_for_a_real_name(name):
    assert kind_of(name) == "name"


@pytest.mark.parametrize("name", ["Unknown", "Unknown Speaker 2", "All", "Several voices", "Group"])
def test_several_and_unknown_people_are_nobody(name):
    assert kind_of(name) == "nobody"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Facilitator", "facilitator"),
        ("Lin - Facilitator", "facilitator"),
        ("FACILITATOR 2", "facilitator"),
        ("Moderator: Joan", "facilitator"),
        ("Co-facilitator", "facilitator"),
        ("Int.", "facilitator"),
        ("Int 2", "facilitator"),
        ("I", "facilitator"),
        ("Chair", "facilitator"),
        ("Joan (Chair)", "facilitator"),
        ("Peer Researcher", "facilitator"),
        ("Chair of governors", "participant"),
        ("Interviewee", "participant"),
        ("Will I Am", "participant"),
        ("Modupe", "participant"),
        ("Host", "participant"),
    ],
)
def test_facilitators_are_known_by_a_word_of_their_own(name, role):
    assert role_of(name) == role


def test_people_keep_the_order_and_the_commonest_spelling():
    found = group_names({"amina k": 1, "P1": 4, "Amina K": 7, "\x00": 2, "p1:": 1, "Lin (Mod)": 1})
    assert [(item.names, item.label, item.kind, item.role) for item in found] == [
        (("amina k", "Amina K"), "Amina K", "name", "participant"),
        (("P1", "p1:"), "P1", "label", "participant"),
        (("Lin (Mod)",), "Lin", "name", "facilitator"),
    ]


def test_hostile_names_stay_on_one_short_line():
    assert tidy("a\nb\x00\x1b[31m\u202e") == "a b[31m"
    (found,) = group_names({"x" * 10_000: 1})
    assert len(found.label) == MAX_NAME
    assert len(free_name("x" * 500, {"x" * MAX_NAME})) == MAX_NAME


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("FG1.vtt", "FG1"),
        ("GMT20240301-100000_Recording.transcript.vtt", "GMT20240301-100000"),
        ("C:\\groups\\Leeds_parents-transcript final.docx", "Leeds parents"),
        ("گروپ.txt", "گروپ"),
        ("_.txt", "Focus group"),
        (".vtt", "Focus group"),
    ],
)
def test_a_group_is_called_by_its_file(file_name, name):
    assert suggested_name(file_name) == name

"""To whom a recording belongs: names, manifests, patterns, and what stays in doubt."""

import pytest

from workbench.domain.recording_match import (
    Match,
    Matcher,
    base_name,
    name_key,
    path_key,
    read_pattern,
)
from workbench.errors import InputError

PEOPLE = {"R001": 1, "R002": 2, "R2": 3, "Zoë": 4}
QUESTIONS = {"q1": 11, "q2": 12}


def matcher(**known):
    return Matcher(PEOPLE, QUESTIONS, **known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("R001_q2.m4a", "r001_Q2.opus"),
        ("https://files.example.org/a/R001%20q2.m4a?token=x#t", "R001 q2.wav"),
        ("C:\\voice\\R001_q2.m4a", "voice/R001_q2.m4a"),
        ("Zoe\u0308.ogg", "Zo\u00eb.ogg"),
        ("  R001_q2.m4a ", "R001_q2.m4a"),
    ],
)
def test_two_ways_to_write_a_name_are_one(one, other):
    assert name_key(one) == name_key(other)


def test_names_that_differ_stay_different():
    names = ["R001_q2", "R001_q1", "R0012_q2", "R001 q2", "note.v1.final", "note.v2.final"]
    assert len({name_key(f"{name}.mp3") for name in names}) == len(names)


def test_a_name_without_an_ending_is_whole():
    assert name_key("2022.02.14 Leeds") == "2022.02.14 leeds"
    assert base_name("a/b/") == ""


def test_the_surveys_file_name_tells():
    found = matcher(named={name_key("upload_17.m4a"): ((1, 12),)})
    assert found.match("folder/UPLOAD_17.opus") == Match("matched", "file name", "", 1, 12)


def test_a_name_that_the_survey_gives_twice_is_in_doubt():
    found = matcher(named={"audio": ((1, 12), (2, 12))})
    assert found.match("audio.m4a") == Match(
        "doubtful", "file name", "The survey names this file for 2 answers."
    )


def test_a_manifest_goes_before_the_survey():
    found = matcher(named={"a": ((1, 12),)}, manifest={"a": (2, 11)})
    assert found.match("a.mp3") == Match("matched", "manifest", "", 2, 11)


def test_a_pattern_tells_whatever_the_capitals():
    found = matcher(pattern=read_pattern("{respondent}_{question}.{ext}"))
    assert found.match("x/r001_Q2.M4A") == Match("matched", "pattern", "", 1, 12)
    assert found.match("R009_q2.m4a") == Match(note="There is no respondent 'R009'.")
    assert found.match("R001_q9.m4a") == Match(note="There is no question 'q9'.")


def test_a_pattern_may_leave_out_the_question_where_there_is_one():
    found = Matcher(PEOPLE, {"q1": 11}, pattern=read_pattern("note*-{respondent}.{ext}"))
    assert found.match("note of monday-R2.wav") == Match("matched", "pattern", "", 3, 11)
    two = matcher(pattern=read_pattern("{respondent}.{ext}"))
    assert two.match("R2.wav").note == "There is no question ''."


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{question}.{ext}", "the pattern '{question}.{ext}' has no {respondent}."),
        ("{respondent}_{name}", "the pattern '{respondent}_{name}' cannot hold {name}."),
        ("{respondent}_{respondent}", "cannot hold {respondent} twice."),
        ("", "the pattern '' has no {respondent}."),
    ],
)
def test_a_pattern_that_cannot_be_read_says_why(pattern, message):
    with pytest.raises(InputError) as raised:
        read_pattern(pattern)
    assert message in str(raised.value)
    assert str(raised.value).endswith("Example: {respondent}_{question}.{ext}")


def test_signs_of_a_pattern_are_only_themselves():
    assert read_pattern("({respondent}).{ext}").fullmatch("(R1).mp3")
    assert not read_pattern("a.{respondent}.{ext}").fullmatch("ab R1.mp3")


def test_a_guess_is_in_doubt_and_never_taken_for_certain():
    found = matcher()
    assert found.match("voice R001 (q2).m4a") == Match(
        "doubtful", "", "The name looks like this respondent's and question's.", 1, 12
    )
    half = found.match("r002 final.m4a")
    assert (half.matching, half.respondent_id, half.question_id) == ("doubtful", 2, None)
    assert found.match("R001 and R002.m4a") == Match()
    assert found.match("monday.m4a") == Match()


def test_the_second_recording_of_an_answer_is_in_doubt():
    found = matcher(pattern=read_pattern("{respondent}_{question}*.{ext}"))
    assert found.match("R001_q2.m4a").matching == "matched"
    second = found.match("R001_q2 (1).m4a")
    assert (second.matching, second.note) == (
        "doubtful", "There is another recording of the same answer."
    )  # fmt: skip
    assert (second.respondent_id, second.question_id) == (1, 12)


def test_an_answer_whose_words_are_there_is_in_doubt():
    found = matcher(manifest={"a": (1, 12)}, written={(1, 12)})
    assert found.match("a.m4a").note == (
        "The answer has a transcript that came without a recording."
    )


def test_refs_that_only_capitals_tell_apart_are_never_mixed_up():
    pattern = read_pattern("{respondent}_{question}.{ext}")
    made = Matcher(people={"r1": 1, "R1": 2}, questions={"q1": 11}, pattern=pattern)
    assert made.match("r1_q1.wav").respondent_id == 1
    assert made.match("R1_q1.wav").respondent_id == 2
    made = Matcher(people={"ab": 1, "Ab": 2}, questions={"q1": 11}, pattern=pattern)
    assert made.match("AB_q1.wav") == Match(note="There is no respondent 'AB'.")


def test_accents_match_however_they_are_composed():
    pattern = read_pattern("{respondent}_{question}.{ext}")
    for ref, name in (("Zo\u00eb", "Zoe\u0308"), ("Zoe\u0308", "Zo\u00eb")):
        made = Matcher(people={ref: 1}, questions={"q1": 11}, pattern=pattern)
        assert made.match(f"{name}_q1.wav").matching == "matched"


def test_folders_of_a_manifest_must_agree():
    listed = {path_key("R1/a.m4a"): (1, 11), path_key("R2/a.m4a"): (2, 11)}
    made = Matcher(people={}, questions={}, manifest=listed)
    assert made.find("notes.zip/R2/A.wav").respondent_id == 2
    assert made.find("drop/R1/a.wav").respondent_id == 1
    assert made.find("a.wav") == Match(
        "doubtful", "manifest", "The manifest lists 2 files of this name, in different folders."
    )
    made = Matcher(people={}, questions={}, manifest={path_key("R1/a.m4a"): (1, 11)})
    assert made.find("R2/a.m4a") == Match(
        "doubtful", "manifest", "The manifest lists a file of this name in another folder.", 1, 11
    )
    assert made.find("a.m4a").matching == "matched"


def test_a_point_within_a_name_is_no_ending():
    assert name_key("R1.q1") != name_key("R1.q2")

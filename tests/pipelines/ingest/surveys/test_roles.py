"""Roles proposed for columns, on a handful of rows as well as on thousands."""

from __future__ import annotations

import csv
import io
import itertools
import random

import pytest

from pipelines.ingest.surveys.mapping import dump_mapping, load_mapping
from pipelines.ingest.surveys.proposal import ColumnProposal, Proposal
from pipelines.ingest.surveys.roles import propose
from pipelines.ingest.surveys.survey import read_survey
from pipelines.ingest.tables.grid import read_grid
from workbench.errors import SurveyError

PROSE = (
    "she listened to me without judging but then the next one looked at my scarf first and spoke "
    "to my daughter as if i was not there they never rang back school council waiting list help"
)
WORDS = PROSE.split()
GROUPS = ["Pakistani", "Black Caribbean", "Roma", "White and Black Caribbean", "Bangladeshi"]
REGIONS = ["London", "West Midlands", "Yorkshire and the Humber", "North East", "South East"]
NAMES = (
    "respondent_id,submitted_at,respondent_type,ethnic_group,age_band,region,language_at_home,"
    "services_sought,email,received_support,q1_seeking,q2_people,q2_voice_note,q5_change"
)
HEADER = NAMES.split(",")


def sentence(rng: random.Random, n_words: int) -> str:
    return " ".join(rng.choices(WORDS, k=n_words)).capitalize() + "."


def sample(n_rows: int) -> list[list[str]]:
    rng = random.Random(n_rows)
    services = ["Housing", "Parenting support", "Mental health"]
    rows = []
    for n in range(n_rows):
        spoken = n % 4 == 1
        rows.append(
            [
                f"R{n + 1:03}",
                f"2022-02-{n % 28 + 1:02}T10:00",
                ["Parent", "Young person"][n % 2],
                GROUPS[n % 5],
                ["18-24", "25-34", "65 or over"][n % 3],
                REGIONS[n % 5],
                ["English", "Urdu", "Polish", "Somali", "Bengali"][n % 5],
                ";".join(services[: n % 3 + 1]),
                f"person{n}@example.org",
                ["Yes", "No"][n % 2],
                sentence(rng, rng.randint(8, 40)),
                "" if spoken else sentence(rng, rng.randint(8, 40)),
                f"note_{n}.m4a" if spoken else "",
                "" if n % 5 == 4 else sentence(rng, rng.randint(5, 30)),
            ]
        )
    return [HEADER, *rows]


def grid_of(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return read_grid(out.getvalue().encode(), "survey.csv")


def roles(rows) -> dict[str, ColumnProposal]:
    return {column.column: column for column in propose(grid_of(rows)).columns}


def column(name: str, values) -> ColumnProposal:
    """Propose for one column beside an id."""
    rows = [["respondent_id", name], *([f"R{n}", v] for n, v in enumerate(values))]
    return roles(rows)[name]


@pytest.mark.parametrize("n_rows", [5, 24, 160, 6000])
def test_the_sample_comes_out_right_at_any_size(n_rows):
    rows = sample(n_rows)
    found = roles(rows)
    assert {name: proposal.role for name, proposal in found.items()} == {
        "respondent_id": "respondent id",
        "submitted_at": "submitted at",
        **dict.fromkeys(HEADER[2:8], "attribute"),
        "email": "identifying",
        "received_support": "attribute",
        "q1_seeking": "open answer",
        "q2_people": "open answer",
        "q2_voice_note": "voice note file",
        "q5_change": "open answer",
    }
    assert (found["age_band"].kind, found["age_band"].values) == (
        "ordered",
        ("18-24", "25-34", "65 or over"),
    )
    services = found["services_sought"]
    assert (services.kind, services.delimiter, len(services.values)) == ("multi", ";", 3)
    assert found["q2_voice_note"].question == "q2_people"
    assert found["ethnic_group"].kind == "category"


def test_the_proposal_makes_a_mapping_that_reads_the_file():
    grid = grid_of(sample(24))
    mapping = propose(grid).to_mapping()
    assert load_mapping(dump_mapping(mapping)) == mapping
    result = read_survey(grid, mapping)
    assert (len(result.rows), result.bad_rows, result.warnings) == (24, (), ())
    assert [question.ref for question in result.questions] == [
        "q1_seeking",
        "q2_people",
        "q5_change",
    ]
    assert result.rows[1].answers[1].file_name == "note_1.m4a"
    assert "example.org" not in repr(result)


def test_every_reason_is_in_plain_words():
    found = roles(sample(24))
    assert {name: p.reason for name, p in found.items() if p.role != "open answer"} == {
        "respondent_id": "every value is different and short",
        "submitted_at": "dates, and its name speaks of handing in",
        "respondent_type": "2 different values",
        "ethnic_group": "5 different values",
        "age_band": "3 different values in a natural order",
        "region": "5 different values",
        "language_at_home": "5 different values",
        "services_sought": "several of 3 values in one cell, parted by semicolons",
        "email": "looks like e-mail addresses",
        "received_support": "2 different values",
        "q2_voice_note": "file names ending in .m4a; the same number as q2_people",
    }
    assert found["q1_seeking"].reason.endswith(" words, 100 % different")


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("contact", ["07700 900123", "+44 20 7946 0000", "(0113) 496 0000"], "identifying"),
        ("where", ["LS1 4AP", "SW1A 1AA", "m1 1ae"], "identifying"),
        ("IPAddress", ["192.0.2.1", "198.51.100.7"], "identifying"),
        ("Your name", ["Amina Khan", "Jo"], "identifying"),
        ("First name", ["Amina", "Jo", "Bea"], "identifying"),
        ("RecipientLastName", ["Khan", "Lee"], "identifying"),
        ("Mobile number", ["none", "ask me"], "identifying"),
        ("Date of birth", ["1981-02-01", "1990-05-04"], "identifying"),
        ("empty", ["", " "], "ignore"),
        ("session", ["a9f3", "b771", "c0d2", "d9e1", "e1aa", "f00d"] * 60, "attribute"),
    ],
)
def test_columns_that_reach_or_name_a_person(name, values, role):
    assert column(name, values).role == role


def test_names_of_people_are_told_by_content_in_a_long_column():
    firsts = ["Amina", "Jo", "Bea", "Carl", "Dee", "Eva", "Finn", "Gus"]
    lasts = ["Khan", "Lee", "O'Hara", "Smith"]
    people = [f"{a} {b}" for a, b in itertools.product(firsts, lasts)]
    assert column("filled in by", people).role == "identifying"


def test_numbers_and_second_dates_are_attributes_that_do_not_group():
    rows = [
        ["ref", "Start", "EndDate", "children"],
        *([f"R{n}", f"0{n}/02/2022", f"1{n}/02/2022", str(n % 3)] for n in range(1, 9)),
    ]
    found = roles(rows)
    assert found["EndDate"].role == "submitted at"
    assert (found["Start"].role, found["Start"].kind) == ("attribute", "date")
    assert (found["children"].role, found["children"].kind) == ("attribute", "number")
    assert not found["children"].grouping


def test_scales_are_ordered_and_constants_do_not_group():
    scale = column("satisfaction", ["Often", "Never", "Sometimes", "Never", "Often", "Always"])
    assert scale.values == ("Never", "Sometimes", "Often", "Always")
    constant = column("language", ["English"] * 6)
    assert (constant.role, constant.grouping) == ("attribute", False)
    assert constant.reason == "the same value in every row"


def test_a_few_whole_numbers_are_a_scale_in_a_long_column():
    found = column("how satisfied", ["3", "1", "5", "10", "2"] * 5)
    assert (found.kind, found.values, found.grouping) == (
        "ordered",
        ("1", "2", "3", "5", "10"),
        True,
    )
    assert found.reason == "whole numbers from 1 to 10, as on a scale"
    assert column("how satisfied", ["3", "1", "5"]).kind == "number"
    assert column("hours", ["3", "1", "50"] * 9).kind == "number"
    assert column("score", ["3.5", "1", "5"] * 9).kind == "number"


def test_dates_of_birth_identify():
    assert column("Born", ["1981-02-01", "1990-05-04"]).role == "identifying"
    assert column("When were you born?", ["1981", "1990", "1984"]).role == "attribute"


def test_census_labels_with_commas_are_single_values():
    labels = [
        "Asian, Asian British or Asian Welsh: Indian",
        "Black, Black British, Caribbean or African: Caribbean",
        "Mixed or multiple ethnic groups: White and Asian",
    ]
    found = column("Ethnicity", labels * 4)
    assert (found.role, found.kind) == ("attribute", "category")


def test_several_choices_parted_by_commas():
    cells = ["Housing, Money", "Money", "Housing, Food", "Food", "Money, Food", "Housing"] * 3
    found = column("Which services did you use?", cells)
    assert (found.kind, found.delimiter, found.values) == (
        "multi",
        ",",
        ("Food", "Housing", "Money"),
    )


def test_prose_with_semicolons_is_an_answer():
    cells = ["too long; never called", "no one came; gave up", "fine; thank you", "late; rude"]
    assert column("q1_wait", cells).role == "open answer"


def test_long_questions_with_short_answers_are_open():
    found = column("3. What would you change?", ["more staff", "less forms please", "listen to us"])
    assert (found.role, found.ref) == ("open answer", "q3")


def test_answers_without_spaces_between_words_are_open():
    cells = ["他们从来没有认真听我们说话也没有回电话", "学校说要等但是没有人告诉我们要等多久"]
    assert column("comments", cells).role == "open answer"


def test_record_numbers_are_an_id_where_nothing_better_is():
    found = roles([["No", "age", "why"], *([str(n), str(20 + n * n), "x"] for n in range(1, 6))])
    assert (found["No"].role, found["age"].kind) == ("respondent id", "number")


def test_a_named_id_wins_over_other_codes_and_may_have_repeats():
    rows = [["token", "participant_id", "why"]]
    rows += [[f"t{n:04x}", f"P{n // 2 if n < 2 else n}", "late"] for n in range(10)]
    found = roles(rows)
    assert found["participant_id"].role == "respondent id"
    assert found["participant_id"].reason == "its name says so, and 9 of 10 values are different"


def test_notes_without_a_numbered_question_follow_the_one_before():
    rows = [["id", "Tell us more", "recording", "other audio"]]
    rows += [[f"R{n}", "It was a very long wait", f"{n}.ogg", f"b{n}.MP3"] for n in range(4)]
    rows[1][1], rows[2][1] = "Nobody ever listened to us here", "She was kind and patient with him"
    grid = grid_of(rows)
    found = {c.column: c for c in propose(grid).columns}
    assert found["recording"].question == found["Tell us more"].ref
    assert found["other audio"].reason == "file names ending in .mp3; a question of its own"
    result = read_survey(grid, propose(grid).to_mapping())
    assert [a.file_name for a in result.rows[0].answers] == [None, "0.ogg", "b0.MP3"]


def test_short_names_are_not_given_twice():
    rows = [
        ["id", "Why, then?", "Why then"],
        *([f"R{n}", f"a b c {n}", f"d e {n}"] for n in range(9)),
    ]
    refs = [c.ref for c in propose(grid_of(rows)).columns if c.role == "open answer"]
    assert len(refs) == len(set(refs)) == 2


def test_a_proposal_without_exactly_one_id_makes_no_mapping():
    text = ColumnProposal("why", "open answer", "", ref="why")
    ident = ColumnProposal("id", "respondent id", "")
    with pytest.raises(SurveyError) as caught:
        Proposal("s.csv", (text,)).to_mapping()
    assert "s.csv: no column is the respondent id, exactly one is needed." in str(caught.value)
    with pytest.raises(SurveyError, match="2 columns are the respondent id"):
        Proposal("s.csv", (ident, ident)).to_mapping()
    when = ColumnProposal("when", "submitted at", "")
    with pytest.raises(SurveyError, match="2 columns are the time of submission"):
        Proposal("s.csv", (ident, when, when)).to_mapping()


def test_without_ids_the_time_of_handing_in_is_a_private_one():
    rows = [["Timestamp", "Email Address", "Why did you ask?"]]
    rows += [
        [f"2022/02/{n:02} 9:05:11 am GMT", "" if n == 3 else f"p{n}@example.org", sentence_of(n)]
        for n in range(1, 8)
    ]
    grid = grid_of(rows)
    found = propose(grid).columns
    assert [(c.column, c.role, c.private) for c in found[:3]] == [
        ("Timestamp", "respondent id", True),
        ("Timestamp", "submitted at", False),
        ("Email Address", "identifying", False),
    ]
    assert found[0].reason.startswith("a private id, as the file has no other: the time of")
    result = read_survey(grid, propose(grid).to_mapping())
    assert (result.refs, len(result.rows)) == ("generated", 7)
    assert result.rows[0].submitted_at == "2022-02-01T09:05:11"


def test_without_ids_an_address_that_everybody_gave_is_a_private_one():
    rows = [["Timestamp", "Email Address", "Why did you ask?"]]
    rows += [
        [f"2022/02/{n:02} 9:05:11 am GMT", f"p{n}@example.org", sentence_of(n)] for n in range(1, 8)
    ]
    grid = grid_of(rows)
    found = {c.column: c for c in propose(grid).columns}
    assert (found["Email Address"].role, found["Email Address"].private) == ("respondent id", True)
    reason = found["Email Address"].reason
    assert reason.startswith("a private id, as the file has no other and every row has it: e-mail")
    result = read_survey(grid, propose(grid).to_mapping())
    assert result.refs == "generated"
    assert "example.org" not in repr((result.bad_rows, result.warnings))


def test_numbers_that_only_look_like_telephones_may_be_ids():
    rows = [["ref", "Why?"], *([f"00123456{n:02}", sentence_of(n)] for n in range(8))]
    assert roles(rows)["ref"].role == "respondent id"
    rows[0][0] = "Phone"
    assert (roles(rows)["Phone"].role, roles(rows)["Phone"].private) == ("respondent id", True)
    assert roles([[*row, f"R{n}"] for n, row in enumerate(rows)])["Phone"].role == "identifying"


def test_addresses_under_the_name_of_an_id_are_a_private_one():
    rows = [["respondent", "Why?"], *([f"p{n}@example.org", sentence_of(n)] for n in range(8))]
    rows[3][0] = "R3"
    found = roles(rows)["respondent"]
    assert (found.role, found.private) == ("respondent id", True)
    assert found.reason.startswith("a private id, by its name: e-mail addresses are not stored")


def test_times_that_repeat_are_no_ids():
    rows = [["Timestamp", "Why?"], *(["2022-02-14 10:00", sentence_of(n)] for n in range(8))]
    with pytest.raises(SurveyError, match="no column is the respondent id"):
        propose(grid_of(rows)).to_mapping()


def sentence_of(n: int) -> str:
    return sentence(random.Random(n), 9 + n)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("What is your full name?", ["Amina Khan", "Jo"]),
        ("Please leave your e-mail address (optional)", ["", "ask me", "at work"]),
        ("How can we contact you?", ["a@example.org", "07700 900123", "no thanks", "no"]),
        ("_geolocation", ["51.5012 -0.1234 0 0", "53.4801 -2.2412 10.5 4"]),
        ("GPS coordinates", ["somewhere"]),
        ("lng", ["-0.1278", "-2.2426"]),
    ],
)
def test_more_columns_that_reach_or_name_a_person(name, values):
    assert column(name, values).role == "identifying"


@pytest.mark.parametrize("name", ["Are your GPs helpful?", "Which school names do you like?"])
def test_names_of_questions_are_no_names_of_people(name):
    assert column(name, ["they are good and kind to us", "not at all, they never ring back"] * 2)
    assert column(name, ["they listened to us then", "no, they never rang us back"]).role == (
        "open answer"
    )


def test_a_few_addresses_within_answers_do_not_make_them_identifying():
    cells = [sentence_of(n) for n in range(10)]
    cells[3] += " Write to me: amina.k@example.org"
    cells[4] += " 07700 900123"
    found = column("Why?", cells)
    assert found.role == "open answer"
    assert found.reason.endswith("; 2 cells hold an e-mail address or a telephone number")


def test_options_in_columns_of_their_own_are_one_attribute():
    rows = [["id", "uses", "uses/Housing", "uses/Food", "uses/Other (please specify)", "why"]]
    for n in range(8):
        row = [f"R{n}", ["Housing Food", "Food", "Housing"][n % 3], "01"[n % 3 != 1]]
        rows.append([*row, "01"[n % 3 != 2], "the church" if n == 2 else "", sentence_of(n)])
    grid = grid_of(rows)
    found = {c.column: c for c in propose(grid).columns}
    assert found["uses"].role == "ignore"
    assert "the same choices have a column each: 2 columns" in found["uses"].reason
    assert found["uses/Housing"].reason == "ticked or not: an option of 'uses'"
    result = read_survey(grid, propose(grid).to_mapping())
    assert [(a.name, a.kind, a.values) for a in result.attributes][:1] == [
        ("uses", "multi", ("Housing", "Food"))
    ]
    assert result.rows[0].attributes["uses"] == ("Housing", "Food")
    words = {answer.question_ref: answer.text for answer in result.rows[2].answers}
    assert words["uses_other_please_specify"] == "the church"


@pytest.mark.parametrize(
    "name",
    ["google", "kobo"],
)
def test_a_proposal_and_its_table_make_one_mapping(name):
    from pipelines.ingest.surveys.column_table import read_rows, rows_of_proposal

    rows = {
        "google": [
            ["Timestamp", "Which services?", "I agree to take part", "May we quote you?", "Why?"],
            *([f"2022-02-{n:02} 10:00", ["a, b", "b", "a"][n % 3], "Yes", "No", sentence_of(n)]
              for n in range(1, 9)),
        ],
        "kobo": [
            ["_id", "s/a", "s/b", "Finished", "submitdate", "Tell us", "audio"],
            *([f"{n}", "1", "0", "True", "2022-02-14" if n % 2 else "", sentence_of(n), f"{n}.m4a"]
              for n in range(1, 9)),
        ],
    }  # fmt: skip
    grid = grid_of(rows[name])
    proposal = propose(grid)
    reading = read_rows(rows_of_proposal(proposal), grid.header, grid.name)
    assert reading.mapping is not None, reading
    assert read_survey(grid, reading.mapping) == read_survey(grid, proposal.to_mapping())
    assert load_mapping(dump_mapping(proposal.to_mapping())) == proposal.to_mapping()


def test_a_few_short_sentences_are_answers_and_a_few_names_are_groups():
    words = ["More evenings please", "Someone who speaks Urdu", "Answer the phone", "A map of it"]
    assert column("help", words).role == "open answer"
    groups = ["Pakistani", "Black African", "Roma", "White and Asian"]
    assert column("heritage", groups).role == "attribute"


def test_a_voice_note_goes_with_the_question_of_its_name():
    rows = [["id", "q/what happened", "q/experience", "q/other", "q/experience_audio"]]
    texts = ("They never rang us back again", "We waited for a long time", "Nothing more to say")
    rows += [[f"R{n}", *(f"{text} {n}" for text in texts), f"{n}.m4a"] for n in range(4)]
    found = roles(rows)
    assert found["q/experience_audio"].question == found["q/experience"].ref
    assert "named like" in found["q/experience_audio"].reason


def test_a_lettered_part_of_a_question_has_a_short_name_of_its_own():
    rows = [["id", "2. Which group?", "2.a. Which other group, in your own words?", "2b) And why?"]]
    texts = (
        "It is a long story that I will tell",
        "They asked me to say it in my own words",
        "Why",
    )
    rows += [[f"R{n}", *(f"{text} {n} {n * 7}" for text in texts)] for n in range(30)]
    found = roles(rows)
    assert [item.ref for item in found.values()][1:] == ["q2", "q2a", "q2b"]


def test_the_last_question_is_open_though_most_leave_it_with_a_no():
    own = [f"We moved in {year} and had to tell it all again." for year in range(2019, 2025)]
    cells = ["No", "no", "-", "N/A", "", "Nothing"] * 4 + own
    found = column("Q4. Anything else?", cells)
    assert (found.role, found.ref) == ("open answer", "q4")
    assert found.reason == "6 of 26 write sentences of their own, 42 % different"
    # A choice among a few long options is none, nor what one person alone wrote out.
    options = ["I use the service for my own children", "I use it for somebody else's children"]
    assert column("Which of these describes you?", options * 9).role == "attribute"
    assert column("Q4. Anything else?", ["No", "-"] * 12 + own[:1]).role == "attribute"


@pytest.mark.parametrize("name", ["Resp ID", "Resp. no.", "Family ID", "Participant code"])
def test_an_id_is_known_by_its_name_though_a_row_is_there_twice_and_one_has_none(name):
    ids = [f"F{n:03}" for n in range(1, 31)] + ["F012", ""]
    times = [f"{n % 28 + 1:02}/03/2026 1{n % 10}:{n:02}" for n in range(32)]
    rows = [[name, "Start time"], *zip(ids, times, strict=True)]
    found = propose(grid_of(rows)).columns
    assert [(c.column, c.role) for c in found] == [
        (name, "respondent id"),
        ("Start time", "submitted at"),
    ]

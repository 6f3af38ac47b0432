"""The SpeakOut sample is what its README says: synthetic, varied, and coded exactly."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data_samples" / "speakout"
QUESTIONS = {
    "q1": "q1_seeking",
    "q2": "q2_people",
    "q3": "q3_treated",
    "q4": "q4_helped",
    "q5": "q5_change",
}
FORBIDDEN = re.compile(r"\bB(?:A)?ME\b", re.IGNORECASE)


def read_csv(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return read_csv("survey.csv")


@pytest.fixture(scope="module")
def answers(rows) -> dict[tuple[str, str], str]:
    return {
        (row["respondent_id"], ref): re.sub(r"\r\n?", "\n", row[column])
        for row in rows
        for ref, column in QUESTIONS.items()
    }


@pytest.fixture(scope="module")
def codings() -> list[dict[str, str]]:
    return read_csv("codings.csv")


@pytest.fixture(scope="module")
def mapping() -> dict:
    return yaml.safe_load((SAMPLE / "mapping.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def readme() -> str:
    return " ".join((SAMPLE / "README.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def sub_codes() -> list[str]:
    book = yaml.safe_load((ROOT / "codebooks" / "speakout.yaml").read_text(encoding="utf-8"))
    return [
        f"{theme['name']} / {code['name']}" for theme in book["codes"] for code in theme["children"]
    ]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


# --- the survey


def test_respondents_are_as_many_and_as_varied_as_promised(rows):
    refs = [row["respondent_id"] for row in rows]
    assert refs == [f"R{n:03d}" for n in range(1, len(rows) + 1)]
    kinds = Counter(row["respondent_type"] for row in rows)
    assert kinds == {"Parent": 101, "Young person": 59}
    assert len({row["ethnic_group"] for row in rows} - {""}) == 18
    assert len({row["region"] for row in rows} - {""}) == 9
    dates = [date.fromisoformat(row["submitted_at"]) for row in rows]
    assert date(2022, 1, 1) <= min(dates) and max(dates) <= date(2022, 5, 31)
    assert dates == sorted(dates)


def test_no_group_stands_for_everybody(rows):
    """A plausible spread: no group, region or service takes more than its share."""
    groups = Counter(row["ethnic_group"] for row in rows)
    assert max(groups.values()) <= 0.15 * len(rows)
    assert min(groups.values()) >= 2
    regions = Counter(row["region"] for row in rows if row["region"])
    assert max(regions.values()) <= 0.25 * len(rows)
    assert min(regions.values()) >= 8
    for kind in ("Parent", "Young person"):
        of_kind = [row for row in rows if row["respondent_type"] == kind]
        assert len({row["ethnic_group"] for row in of_kind} - {""}) >= 15
        assert len({row["region"] for row in of_kind} - {""}) == 9


def test_ages_fit_parents_and_young_people(rows):
    ages = defaultdict(set)
    for row in rows:
        ages[row["respondent_type"]].add(row["age_band"])
    assert ages["Young person"] == {"13 to 15", "16 to 17", "18 to 24"}
    assert not ages["Parent"] & {"13 to 15", "16 to 17"}
    assert {"18 to 24", "55 or over"} <= ages["Parent"]


def test_answers_are_between_3_and_180_words_and_some_are_blank(answers):
    lengths = {key: len(text.split()) for key, text in answers.items() if text}
    assert 400 <= len(lengths) <= 450
    assert min(lengths.values()) == 3
    assert 150 <= max(lengths.values()) <= 180
    assert sum(n >= 90 for n in lengths.values()) >= 15, "some people write a lot"
    assert sum(n <= 8 for n in lengths.values()) >= 40, "and some hardly anything"
    assert any("\n" in text for text in answers.values())
    assert {ref for (ref, _), text in answers.items() if not text} >= {"R006", "R028", "R032"}
    assert len({ref for ref, _ in lengths}) == 160, "everybody wrote something"


def test_answers_keep_the_spaces_that_people_leave(answers):
    assert answers["R006", "q1"].startswith(" ")
    assert answers["R019", "q5"].endswith(" ")


def test_no_two_answers_share_eight_words_in_a_row(answers):
    owner: dict[tuple[str, ...], tuple[str, str]] = {}
    shared = []
    for key, text in answers.items():
        heard = words(text)
        for at in range(len(heard) - 7):
            run = tuple(heard[at : at + 8])
            if owner.setdefault(run, key) != key:
                shared.append((key, owner[run], " ".join(run)))
    assert owner and not shared
    given = [" ".join(words(text)) for text in answers.values() if text]
    assert len(set(given)) == len(given), "nor are two short ones the same"


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("Urdu", r"[\u0679\u0688\u0691\u06ba\u06d2\u06be]"),
        ("Polish", r"[ąćęłńśźżĄĆĘŁŃŚŹŻ]"),
        (
            "Somali",
            r"\b(?:[Ww]ax(?:aan|ay)|[Tt]urjumaan|hooyooyinka|aya[any]+|laakiin|yaqaan)\b",
        ),
        ("Arabic", r"[\u0629\u064a\u0649]"),
        ("Bengali", r"[\u0980-\u09ff]"),
    ],
)
def test_languages_are_there_as_often_as_said(answers, readme, language, pattern):
    found = [key for key, text in answers.items() if re.search(pattern, text)]
    assert len(found) >= 8
    assert f"{language} ({len(found)})" in readme


def test_emoji_are_there(answers):
    outside_the_basic_plane = [t for t in answers.values() if any(ord(c) > 0x1F000 for c in t)]
    assert len(outside_the_basic_plane) >= 3
    assert any("\U0001f3fd" in text for text in answers.values()), "one with a skin-tone modifier"
    assert any("\u200d" in text for text in answers.values()), "one joined from several"


def test_cells_that_trip_careless_tools_are_there(answers):
    texts = list(answers.values())
    assert any(text.startswith("=") for text in texts), "like a formula"
    assert any(text.startswith("-") for text in texts), "like a sum"
    assert any("<" in text for text in texts) and any("&" in text for text in texts)
    assert any(unicodedata.normalize("NFC", text) != text for text in texts), "combining marks"


def test_answers_point_to_nobody(answers):
    """No address, link or telephone number in anything that anybody wrote."""
    pointing = re.compile(r"@|https?:|www\.|\.co\.uk|(?:\d[ -]?){7,}|[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}")
    assert pointing.search("ring 0113 496 0000") and pointing.search("at LS1 4AP")
    assert [key for key, text in answers.items() if pointing.search(text)] == []


def test_emails_cannot_reach_anybody(rows):
    emails = [row["email"] for row in rows if row["email"]]
    assert len(emails) >= 12
    assert all(email.endswith("@example.org") for email in emails)
    assert len(set(emails)) == len(emails)


def test_a_voice_note_takes_the_place_of_the_text(rows):
    spoken = [row for row in rows if row["q2_voice_note"]]
    assert len(spoken) == 35
    assert all(row["q2_people"] == "" for row in spoken)
    assert all(re.fullmatch(r"R\d{3}_q2_voice\.\w{3,4}", row["q2_voice_note"]) for row in spoken)
    assert all(row["q2_voice_note"].startswith(row["respondent_id"]) for row in spoken)


def test_the_fourth_question_is_answered_only_where_it_was_asked(rows):
    assert {row["received_support"] for row in rows} == {"Yes", "No"}
    assert all(row["q4_helped"] == "" for row in rows if row["received_support"] == "No")
    asked = [row for row in rows if row["received_support"] == "Yes"]
    assert 60 <= sum(bool(row["q4_helped"]) for row in asked) < len(asked)


@pytest.mark.parametrize(
    "path",
    ["data_samples/README.md", *(f"data_samples/speakout/{name}" for name in (
        "README.md", "survey.csv", "mapping.yaml", "codings.csv"
    ))],
)  # fmt: skip
def test_no_acronym_folds_groups_into_one(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text and not FORBIDDEN.search(text)


# --- the mapping


def test_mapping_uses_only_the_agreed_keys(mapping):
    assert set(mapping) == {
        "respondent_id",
        "submitted_at",
        "attributes",
        "questions",
        "voice_notes",
        "identifying",
        "ignore",
        "exclude_rows_if",
    }
    allowed = {"column", "columns", "name", "kind", "delimiter", "grouping", "values"}
    assert all(set(attribute) <= allowed for attribute in mapping["attributes"])
    asked = {"column", "ref", "text", "asked_if", "not_asked_values"}
    assert all(set(question) <= asked for question in mapping["questions"])


def test_mapping_and_columns_cover_each_other(rows, mapping):
    mapped = [mapping["respondent_id"], mapping["submitted_at"], *mapping["identifying"]]
    mapped += [entry["column"] for entry in mapping["attributes"] + mapping["questions"]]
    mapped += [entry["column"] for entry in mapping["voice_notes"]]
    assert sorted(mapped) == sorted(rows[0])
    assert {q["ref"]: q["column"] for q in mapping["questions"]} == QUESTIONS
    assert all(note["question"] in QUESTIONS for note in mapping["voice_notes"])
    assert mapping["questions"][3]["asked_if"] == {"received_support": ["Yes"]}


def test_attribute_values_are_all_listed(rows, mapping):
    for attribute in mapping["attributes"]:
        listed, used = attribute["values"], set()
        assert all(isinstance(value, str) for value in listed), attribute["name"]
        assert len(set(listed)) == len(listed)
        assert re.fullmatch(r"[a-z_]+", attribute["name"])
        for row in rows:
            cell = row[attribute["column"]]
            parts = cell.split(attribute["delimiter"]) if "delimiter" in attribute else [cell]
            found = {part.strip() for part in parts} - {""}
            assert found <= set(listed), (row["respondent_id"], attribute["name"], found)
            used |= found
        assert used == set(listed), (attribute["name"], set(listed) - used)


def test_some_attributes_are_not_stated_and_some_have_several_values(rows):
    assert any(row["ethnic_group"] == "" for row in rows)
    assert sum(";" in row["services_sought"] for row in rows) >= 90


# --- the codings


def test_every_quote_is_its_span_and_no_coding_is_there_twice(codings, answers):
    assert codings
    assert len({tuple(coding[k] for k in list(coding)[:7]) for coding in codings}) == len(codings)
    for coding in codings:
        text = answers[coding["respondent"], coding["question"]]
        assert text, coding
        if coding["start"] == "":
            assert coding["end"] == coding["quote"] == "", coding
            continue
        start, end = int(coding["start"]), int(coding["end"])
        assert 0 <= start < end <= len(text)
        assert text[start:end] == coding["quote"], coding
        assert coding["quote"] == coding["quote"].strip(), coding


def test_every_code_is_in_the_codebook_and_every_sub_code_is_used(codings, sub_codes):
    assert {coding["code"] for coding in codings} == set(sub_codes)


@pytest.fixture(scope="module")
def applied(codings) -> dict[tuple[str, str], dict[str, set[str]]]:
    """Sub-codes by answer and coder."""
    found: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
    for coding in codings:
        answer = coding["respondent"], coding["question"]
        found[answer].setdefault(coding["coder"], set()).add(coding["code"])
    return found


def test_two_coders_share_150_answers(applied):
    assert {name for by_coder in applied.values() for name in by_coder} == {"Coder A", "Coder B"}
    both = [answer for answer, by_coder in applied.items() if len(by_coder) == 2]
    assert len(both) == 150
    assert len({respondent for respondent, _ in both}) >= 80
    assert Counter(question for _, question in both).keys() == QUESTIONS.keys()
    alone = Counter(name for found in applied.values() if len(found) == 1 for name in found)
    assert min(alone["Coder A"], alone["Coder B"]) >= 15


def test_two_coders_really_differ(applied, sub_codes, readme):
    pairs = presence_pairs(applied, sub_codes)
    assert len(pairs) == 150 * len(sub_codes)
    by_code = nominal_alpha(pairs)
    assert 0.55 <= by_code <= 0.85
    themes = sorted({code.split(" / ")[0] for code in sub_codes})
    rolled_up = {
        answer: {name: {code.split(" / ")[0] for code in codes} for name, codes in found.items()}
        for answer, found in applied.items()
    }
    by_theme = nominal_alpha(presence_pairs(rolled_up, themes))
    assert f"is {by_code:.2f} for sub-themes and {by_theme:.2f} for themes" in readme
    assert f"Sub-themes are the {len(sub_codes)} of the codebook" in readme
    same = [found["Coder A"] == found["Coder B"] for found in applied.values() if len(found) == 2]
    assert 30 <= sum(same) <= 90, "answers on which they agree in full"


def test_alpha_is_right_on_a_published_example():
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section A: two observers."""
    pairs = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0], strict=True))
    assert nominal_alpha(pairs) == pytest.approx(0.095, abs=0.0005)
    assert nominal_alpha([(True, True), (False, False)]) == 1


def presence_pairs(applied, codes) -> list[tuple[bool, bool]]:
    """One unit for each answer that both coded and each code: is it there, by A and by B."""
    return [
        (code in found["Coder A"], code in found["Coder B"])
        for found in applied.values()
        if len(found) == 2
        for code in codes
    ]


def nominal_alpha(pairs) -> float:
    """Alpha of two coders, nominal, two values, none missing: 1 - observed / expected."""
    n_values = 2 * len(pairs)
    present = sum(a + b for a, b in pairs)
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = 2 * present * (n_values - present) / (n_values * (n_values - 1))
    return 1 - observed / expected


def test_spans_of_the_same_code_differ_too(codings):
    spans: dict[tuple[str, str, str], dict[str, set[tuple[str, str]]]] = defaultdict(dict)
    for coding in codings:
        key = coding["respondent"], coding["question"], coding["code"]
        spans[key].setdefault(coding["coder"], set()).add((coding["start"], coding["end"]))
    shared = [found for found in spans.values() if len(found) == 2]
    differing = [found for found in shared if found["Coder A"] != found["Coder B"]]
    assert 0.3 <= len(differing) / len(shared) <= 0.95


def test_spans_cover_scripts_emoji_line_breaks_and_whole_answers(codings):
    quotes = "".join(coding["quote"] for coding in codings)
    assert re.search(r"[\u0600-\u06ff]", quotes) and re.search(r"[\u0980-\u09ff]", quotes)
    assert any(ord(character) > 0x1F000 for character in quotes)
    assert "\n" in quotes
    assert sum(coding["start"] == "" for coding in codings) >= 10
    assert sum(coding["memo"] != "" for coding in codings) >= 20


def test_some_answers_carry_several_themes_and_many_are_not_read_yet(answers, applied):
    n_themes = [
        len({code.split(" / ")[0] for codes in found.values() for code in codes})
        for found in applied.values()
    ]
    assert sum(n >= 2 for n in n_themes) >= 50 and max(n_themes) >= 3
    assert len([text for text in answers.values() if text]) - len(applied) >= 200


def test_readme_tells_the_numbers_as_they_are(rows, answers, codings, applied, readme):
    kinds = Counter(row["respondent_type"] for row in rows)
    parents, young = kinds["Parent"], kinds["Young person"]
    given = [text for text in answers.values() if text]
    longest = max(len(text.split()) for text in given)
    n_both = sum(len(found) == 2 for found in applied.values())
    n_spoken = sum(bool(row["q2_voice_note"]) for row in rows)
    n_not_asked = sum(row["received_support"] == "No" for row in rows)
    n_blank = 5 * len(rows) - len(given) - n_spoken - n_not_asked
    for claim in (
        f"{len(rows)} people ({parents} parents, {young} young people)",
        f"{len(given)} typed answers of 3 to {longest} words, {n_spoken} answers left as voice",
        f"{len(codings)} codings by two coders",
        f"{len(applied)} answers in all, {n_both} of them coded by both",
        f"{n_blank} cells are blank where an answer was asked for",
        f"question 4 was not asked of {n_not_asked} people",
        f"R001 to {rows[-1]['respondent_id']}",
    ):
        assert claim in readme
    by_question = Counter(ref for (_, ref), text in answers.items() if text)
    assert "| number | " + " | ".join(str(by_question[ref]) for ref in QUESTIONS) + " |" in readme
    assert all(f"`{column}`" in readme for column in rows[0])

"""The starter sample is what its README says: synthetic, varied, and coded exactly."""

from __future__ import annotations

import csv
import re
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


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


# --- the survey


def test_respondents_are_as_many_and_as_varied_as_promised(rows):
    refs = [row["respondent_id"] for row in rows]
    assert refs == [f"R{n:03d}" for n in range(1, len(rows) + 1)]
    kinds = Counter(row["respondent_type"] for row in rows)
    assert len(rows) >= 28
    assert kinds["Parent"] >= 18 and kinds["Young person"] >= 10
    assert len({row["ethnic_group"] for row in rows} - {""}) >= 12
    assert len({row["region"] for row in rows} - {""}) == 9
    dates = [date.fromisoformat(row["submitted_at"]) for row in rows]
    assert date(2022, 1, 1) <= min(dates) and max(dates) <= date(2022, 3, 31)


def test_answers_are_between_3_and_180_words_and_some_are_blank(answers):
    lengths = {key: len(text.split()) for key, text in answers.items() if text}
    assert len(lengths) >= 120
    assert min(lengths.values()) == 3
    assert 150 <= max(lengths.values()) <= 180
    assert any("\n" in text for text in answers.values())
    assert {ref for (ref, _), text in answers.items() if not text} >= {"R006", "R028", "R032"}


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


def test_no_two_answers_are_the_same(answers):
    given = [" ".join(words(text)) for text in answers.values() if text]
    assert len(set(given)) == len(given)


@pytest.mark.parametrize(
    ("language", "pattern", "at_least"),
    [
        ("Urdu", r"[\u0679\u0688\u0691\u06ba\u06d2\u06be]", 4),
        ("Arabic", r"[\u0629\u064a\u0649]", 4),
        ("Bengali", r"[\u0980-\u09ff]", 4),
        ("Polish", r"[ąćęłńśźżĄĆĘŁŃŚŹŻ]", 4),
        ("Somali", r"\b(?:[Ww]ax(?:aan|ay)|[Tt]urjumaan|hooyooyinka|ayay)\b", 4),
    ],
)
def test_languages_are_there_in_their_own_script(answers, language, pattern, at_least):
    found = [key for key, text in answers.items() if re.search(pattern, text)]
    assert len(found) >= at_least, language


def test_emoji_are_there(answers):
    outside_the_basic_plane = [t for t in answers.values() if any(ord(c) > 0x1F000 for c in t)]
    assert len(outside_the_basic_plane) >= 3
    assert any("\U0001f3fd" in text for text in answers.values()), "one with a skin-tone modifier"


def test_emails_cannot_reach_anybody(rows):
    emails = [row["email"] for row in rows if row["email"]]
    assert len(emails) >= 4
    assert all(email.endswith("@example.org") for email in emails)
    assert len(set(emails)) == len(emails)


def test_a_voice_note_takes_the_place_of_the_text(rows):
    spoken = [row for row in rows if row["q2_voice_note"]]
    assert 3 <= len(spoken) <= 4
    assert all(row["q2_people"] == "" for row in spoken)
    assert all(re.fullmatch(r"R\d{3}_q2_voice\.\w{3}", row["q2_voice_note"]) for row in spoken)
    assert all(row["q2_voice_note"].startswith(row["respondent_id"]) for row in spoken)


def test_the_fourth_question_is_answered_only_where_it_was_asked(rows):
    assert {row["received_support"] for row in rows} == {"Yes", "No"}
    assert all(row["q4_helped"] == "" for row in rows if row["received_support"] == "No")
    assert all(row["q4_helped"] for row in rows if row["received_support"] == "Yes")


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
        listed = attribute["values"]
        assert all(isinstance(value, str) for value in listed), attribute["name"]
        assert len(set(listed)) == len(listed)
        assert re.fullmatch(r"[a-z_]+", attribute["name"])
        for row in rows:
            cell = row[attribute["column"]]
            parts = cell.split(attribute["delimiter"]) if "delimiter" in attribute else [cell]
            found = {part.strip() for part in parts} - {""}
            assert found <= set(listed), (row["respondent_id"], attribute["name"], found)


def test_some_attributes_are_not_stated_and_some_have_several_values(rows):
    assert any(row["ethnic_group"] == "" for row in rows)
    assert sum(";" in row["services_sought"] for row in rows) >= 15


# --- the codings


def test_every_quote_is_its_span(codings, answers):
    assert codings
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


def test_every_code_is_in_the_codebook(codings):
    book = yaml.safe_load((ROOT / "codebooks" / "speakout.yaml").read_text(encoding="utf-8"))
    paths = {
        f"{theme['name']} / {code['name']}" for theme in book["codes"] for code in theme["children"]
    }
    used = {coding["code"] for coding in codings}
    assert used <= paths
    assert {path.split(" / ")[0] for path in used} == {theme["name"] for theme in book["codes"]}
    assert len(used) >= 30


def test_two_coders_overlap_and_really_differ(codings):
    coders: dict[tuple[str, str], set[str]] = defaultdict(set)
    applied: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for coding in codings:
        answer = coding["respondent"], coding["question"]
        coders[answer].add(coding["coder"])
        applied[(*answer, coding["coder"])].add(coding["code"])
    assert set.union(*coders.values()) == {"Coder A", "Coder B"}
    both = [answer for answer, names in coders.items() if len(names) == 2]
    assert len(coders) >= 60 and len(codings) >= 120
    assert 20 <= len(both) <= 30
    assert 0.45 <= presence_alpha(both, applied) <= 0.85


def presence_alpha(both, applied) -> float:
    """Nominal alpha of two coders over (answer, code) units: present or absent, none missing."""
    codes = sorted({code for found in applied.values() for code in found})
    pairs = [
        (code in applied[(*answer, "Coder A")], code in applied[(*answer, "Coder B")])
        for answer in both
        for code in codes
    ]
    n_values = 2 * len(pairs)
    present = sum(a + b for a, b in pairs)
    disagreement = sum(a != b for a, b in pairs) / len(pairs)
    by_chance = 2 * present * (n_values - present) / (n_values * (n_values - 1))
    return 1 - disagreement / by_chance


def test_no_coding_is_there_twice(codings):
    keys = [tuple(coding[k] for k in ("respondent", "question", "start", "end", "code", "coder"))
            for coding in codings]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_spans_cover_scripts_emoji_line_breaks_and_whole_answers(codings):
    quotes = "".join(coding["quote"] for coding in codings)
    assert re.search(r"[\u0600-\u06ff]", quotes) and re.search(r"[\u0980-\u09ff]", quotes)
    assert any(ord(character) > 0x1F000 for character in quotes)
    assert "\n" in quotes
    assert sum(coding["start"] == "" for coding in codings) >= 3
    assert sum(coding["memo"] != "" for coding in codings) >= 6


def test_readme_tells_the_numbers_as_they_are(rows, answers, codings):
    readme = " ".join((SAMPLE / "README.md").read_text(encoding="utf-8").split())
    given = [text for text in answers.values() if text]
    coded = {(coding["respondent"], coding["question"]) for coding in codings}
    assert f"{len(rows)} people" in readme
    assert f"{len(given)} typed answers" in readme
    assert f"of 3 to {max(len(text.split()) for text in given)} words" in readme
    assert f"{len(codings)} codings by two coders" in readme
    assert f"{len(coded)} answers in all" in readme
    assert all(f"`{column}`" in readme for column in rows[0])

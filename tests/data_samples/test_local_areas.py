"""The local areas sample is what its README says: synthetic, placed nowhere, and coded exactly."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data_samples" / "local_areas"
QUESTIONS = {
    "q1": "q1_doing",
    "q2": "q2_barriers",
    "q3": "q3_enablers",
    "q4": "q4_evidence",
    "q5": "q5_workforce",
}
FORBIDDEN = re.compile(r"\bB(?:A)?ME\b", re.IGNORECASE)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return read_csv(SAMPLE / "survey.csv")


@pytest.fixture(scope="module")
def answers(rows) -> dict[tuple[str, str], str]:
    return {
        (row["respondent_id"], ref): row[column]
        for row in rows
        for ref, column in QUESTIONS.items()
    }


@pytest.fixture(scope="module")
def codings() -> list[dict[str, str]]:
    return read_csv(SAMPLE / "codings.csv")


@pytest.fixture(scope="module")
def mapping() -> dict:
    return yaml.safe_load((SAMPLE / "mapping.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def book() -> dict:
    return yaml.safe_load((ROOT / "codebooks" / "local_areas.yaml").read_text(encoding="utf-8"))


def runs(text: str) -> list[tuple[str, ...]]:
    heard = re.findall(r"\w+", text.casefold())
    return [tuple(heard[at : at + 8]) for at in range(len(heard) - 7)]


# --- the survey


def test_respondents_are_as_many_and_as_varied_as_promised(rows):
    assert [row["respondent_id"] for row in rows] == [f"S{n:02d}" for n in range(1, 41)]
    roles = Counter(row["role"] for row in rows)
    assert {"Early help service lead", "Head of service", "Practitioner", "Public health", "Police",
            "Voluntary sector", "Parent champion", "Evaluation partner"} <= set(roles)  # fmt: skip
    assert max(roles.values()) <= 10
    assert len({row["organisation_type"] for row in rows}) == 6
    dates = [date.fromisoformat(row["submitted_at"]) for row in rows]
    assert dates == sorted(dates)
    assert date(2022, 9, 1) <= dates[0] and dates[-1] <= date(2022, 9, 30)


def test_an_area_has_a_number_and_lies_in_one_region(rows):
    places = defaultdict(set)
    for row in rows:
        assert re.fullmatch(r"Area \d\d", row["area"])
        places[row["area"]].add((row["region"], row["area_type"]))
    assert sorted(places) == [f"Area {n:02d}" for n in range(1, 26)]
    assert all(len(found) == 1 for found in places.values())
    per_region = Counter(row["region"] for row in rows)
    assert len(per_region) == 6 and min(per_region.values()) >= 4
    per_area = Counter(row["area"] for row in rows)
    assert max(per_area.values()) == 3 and min(per_area.values()) == 1


def test_answers_are_between_5_and_150_words(answers):
    lengths = [len(text.split()) for text in answers.values() if text]
    assert len(lengths) >= 150
    assert min(lengths) == 5
    assert 130 <= max(lengths) <= 150
    assert sum(length > 90 for length in lengths) >= 4
    assert any("\n- " in text for text in answers.values()), "one in bullet points"
    assert all(any(answers[f"S{n:02d}", ref] for ref in QUESTIONS) for n in range(1, 41))


def test_no_two_answers_share_eight_words_here_or_with_the_other_sample(answers):
    owner: dict[tuple[str, ...], tuple[str, str]] = {}
    for row in read_csv(ROOT / "data_samples" / "speakout" / "survey.csv"):
        for column, text in row.items():
            if re.match(r"q\d", column):
                for run in runs(text):
                    owner[run] = row["respondent_id"], column
    n_others = len(owner)
    shared = [
        (key, owner[run], " ".join(run))
        for key, text in answers.items()
        for run in runs(text)
        if owner.setdefault(run, key) != key
    ]
    assert n_others > 1000 and len(owner) > n_others + 2500
    assert not shared


def test_no_two_answers_are_the_same(answers):
    given = [" ".join(re.findall(r"\w+", text.casefold())) for text in answers.values() if text]
    assert len(set(given)) == len(given)


def test_nobody_can_be_written_to_or_rung(answers):
    text = "\n".join(answers.values())
    assert "@" not in text and "http" not in text and "www." not in text
    assert not re.search(r"\b0\d{3,4}[ ]?\d{3}", text)
    assert not re.search(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", text), "a postcode"


def test_an_acronym_that_folds_groups_stays_in_participants_words_only(answers):
    said = {ref for (ref, _), text in answers.items() if FORBIDDEN.search(text)}
    assert said == {"S05", "S19", "S33"}
    for name in ("README.md", "mapping.yaml"):
        assert not FORBIDDEN.search((SAMPLE / name).read_text(encoding="utf-8"))


def test_memos_are_the_tools_words(codings):
    assert not any(FORBIDDEN.search(coding["memo"]) for coding in codings)


# --- the mapping


def test_mapping_uses_only_the_agreed_keys(mapping):
    assert set(mapping) == {"respondent_id", "submitted_at", "attributes", "questions",
                            "voice_notes", "identifying", "ignore", "exclude_rows_if"}  # fmt: skip
    allowed = {"column", "name", "kind", "grouping", "values"}
    assert all(set(attribute) == allowed for attribute in mapping["attributes"])
    assert all(set(question) == {"column", "ref", "text"} for question in mapping["questions"])


def test_mapping_and_columns_cover_each_other(rows, mapping):
    mapped = [mapping["respondent_id"], mapping["submitted_at"], *mapping["identifying"]]
    mapped += [entry["column"] for entry in mapping["attributes"] + mapping["questions"]]
    assert sorted(mapped) == sorted(rows[0])
    assert {q["ref"]: q["column"] for q in mapping["questions"]} == QUESTIONS


def test_attribute_values_are_all_listed_and_all_used(rows, mapping):
    for attribute in mapping["attributes"]:
        listed = attribute["values"]
        assert all(isinstance(value, str) for value in listed), attribute["name"]
        assert len(set(listed)) == len(listed)
        assert {row[attribute["column"]] for row in rows} - {""} == set(listed), attribute["name"]


def test_themes_can_be_grouped_by_area_and_by_region(mapping):
    grouped = {a["name"] for a in mapping["attributes"] if a["grouping"] is True}
    assert {"area", "region", "role", "organisation_type"} <= grouped


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


def test_spans_begin_and_end_at_words(codings, answers):
    for coding in codings:
        if coding["start"] == "":
            continue
        text = answers[coding["respondent"], coding["question"]]
        start, end = int(coding["start"]), int(coding["end"])
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum()), coding
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum()), coding


def test_every_sub_theme_is_used_by_both_coders(codings, book):
    paths = {
        f"{theme['name']} / {code['name']}" for theme in book["codes"] for code in theme["children"]
    }
    for coder in ("Coder A", "Coder B"):
        assert {coding["code"] for coding in codings if coding["coder"] == coder} == paths


def test_two_coders_overlap_and_really_differ(codings):
    coders: dict[tuple[str, str], set[str]] = defaultdict(set)
    applied: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for coding in codings:
        answer = coding["respondent"], coding["question"]
        coders[answer].add(coding["coder"])
        applied[(*answer, coding["coder"])].add(coding["code"])
    assert set.union(*coders.values()) == {"Coder A", "Coder B"}
    both = [answer for answer, found in coders.items() if len(found) == 2]
    assert len(coders) >= 60 and len(both) >= 25
    assert {"Coder A"} in coders.values() and {"Coder B"} in coders.values()
    assert 0.55 <= presence_alpha(both, applied) <= 0.85


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


def test_some_codings_cover_whole_answers_line_breaks_or_carry_a_memo(codings):
    assert sum(coding["start"] == "" for coding in codings) >= 3
    assert any("\n" in coding["quote"] for coding in codings)
    assert sum(coding["memo"] != "" for coding in codings) >= 10


def test_coded_answers_come_from_every_region_and_question(codings, rows):
    region = {row["respondent_id"]: row["region"] for row in rows}
    coded = Counter(region[ref] for ref in {coding["respondent"] for coding in codings})
    assert len(coded) == 6 and min(coded.values()) >= 4
    assert {coding["question"] for coding in codings} == set(QUESTIONS)


# --- the README


def test_readme_tells_the_numbers_as_they_are(rows, answers, codings):
    readme = " ".join((SAMPLE / "README.md").read_text(encoding="utf-8").split())
    given = [text for text in answers.values() if text]
    coders = defaultdict(set)
    for coding in codings:
        coders[coding["respondent"], coding["question"]].add(coding["coder"])
    both = sum(len(found) == 2 for found in coders.values())
    assert f"{len(rows)} respondents in {len({row['area'] for row in rows})} local areas" in readme
    assert f"{len(given)} typed answers" in readme
    assert f"of 5 to {max(len(text.split()) for text in given)} words" in readme
    assert f"{len(codings)} codings by two coders" in readme
    assert f"{len(coders)} answers in all, {both} of them coded by both" in readme
    assert f"one of {len({row['role'] for row in rows})}," in readme
    assert all(f"`{column}`" in readme for column in [*rows[0], *codings[0]])
    silent = ", ".join(row["respondent_id"] for row in rows if not row["years_in_role"])
    assert silent and f"not stated ({silent})" in readme


def test_readme_counts_themes_by_respondent_and_by_area(rows, codings, book):
    readme = (SAMPLE / "README.md").read_text(encoding="utf-8")
    area = {row["respondent_id"]: row["area"] for row in rows}
    for theme in book["codes"]:
        said = {c["respondent"] for c in codings if c["code"].startswith(f"{theme['name']} / ")}
        areas = {area[ref] for ref in said}
        assert len(areas) < len(said)
        assert f"| {theme['name']} | {len(said)} | {len(areas)} |" in readme


def test_the_list_of_samples_names_this_one(rows):
    listed = (ROOT / "data_samples" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in listed.splitlines() if line.startswith("| `local_areas/`"))
    assert f"| {len(rows)} | `codebooks/local_areas.yaml` |" in row

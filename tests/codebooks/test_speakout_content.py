"""The SpeakOut codebook is complete, consistent with itself, and says what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "codebooks"
TEXT = (FOLDER / "speakout.yaml").read_text(encoding="utf-8")
BOOK = yaml.safe_load(TEXT)
THEMES = BOOK["codes"]
CODES = [code for theme in THEMES for code in (theme, *theme["children"])]
PAGE = "#FBFAF7"


def names(codes: list[dict]) -> list[str]:
    return [code["name"] for code in codes]


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_head_is_as_the_format_asks():
    assert set(BOOK) == {"format", "name", "version", "language", "description", "sources", "codes"}
    assert BOOK["format"] == "speakout-codebook/1"
    assert isinstance(BOOK["version"], str) and BOOK["language"] == "en-GB"


def test_the_five_themes_are_there():
    assert names(THEMES) == [
        "Discrimination and racism",
        "Access barriers",
        "Experience of services",
        "Positive experiences",
        "Suggestions for change",
    ]
    assert all(3 <= len(theme["children"]) <= 8 for theme in THEMES)


@pytest.mark.parametrize(
    ("theme", "wanted"),
    [
        ("Access barriers", ["First point of contact", "Out-of-date information",
         "Waiting and capacity", "Not being taken seriously", "Language and interpreters"]),
        ("Experience of services", ["Not heard", "Judged", "Too short or too generic",
         "No continuity", "Representation", "Culture and faith overlooked"]),
    ],
)  # fmt: skip
def test_the_sub_themes_that_studies_count_on_are_there(theme, wanted):
    found = next(code for code in THEMES if code["name"] == theme)
    assert set(wanted) <= set(names(found["children"]))


def test_names_are_unique_and_can_be_written_as_a_path():
    folded = [name.casefold() for name in names(CODES)]
    assert len(set(folded)) == len(folded)
    assert all(
        name == name.strip() and "/" not in name and len(name) <= 40 for name in names(CODES)
    )


@pytest.mark.parametrize("code", CODES, ids=names(CODES))
def test_a_code_is_complete(code):
    allowed = {"name", "colour", "definition", "include", "exclude", "examples", "cues", "rests_on",
               "children"}  # fmt: skip
    assert set(code) <= allowed
    for field in ("definition", "include", "exclude"):
        assert 20 <= len(code[field]) <= 420, field
        assert code[field].rstrip().endswith((".", ")")), field
    assert 2 <= len(code["examples"]) <= 3
    assert all(isinstance(example, str) and len(example) >= 15 for example in code["examples"])
    assert len(code["cues"]) >= 6
    assert all(isinstance(cue, str) and cue == cue.strip() and cue for cue in code["cues"])
    assert len({cue.casefold() for cue in code["cues"]}) == len(code["cues"])


def test_most_boundaries_name_the_code_to_use_instead():
    children = [code for theme in THEMES for code in theme["children"]]
    naming = [
        code["name"]
        for code in children
        if any(name in code["exclude"] for name in names(CODES) if name != code["name"])
    ]
    assert len(naming) >= len(children) - 2, set(names(children)) - set(naming)


def test_capitalised_names_in_brackets_are_all_codes():
    known = set(names(CODES))
    for code in CODES:
        for inside in re.findall(r"\(([A-Z][^)\"?]+)\)", code["exclude"]):
            for part in re.split(r"; | or (?=[A-Z])|, (?=[A-Z])|: ", inside):
                name = part.strip()
                if name[0].isupper():
                    assert name in known or any(name.startswith(k) for k in known), (
                        code["name"],
                        name,
                    )


def test_every_theme_rests_on_a_source_that_is_listed_and_every_source_is_used():
    listed = [source["id"] for source in BOOK["sources"]]
    assert len(set(listed)) == len(listed) >= 3
    assert all(set(source) == {"id", "citation"} for source in BOOK["sources"])
    assert all(len(source["citation"]) > 60 for source in BOOK["sources"])
    assert all(theme["rests_on"] for theme in THEMES)
    used = {source for code in CODES for source in code.get("rests_on", [])}
    assert used == set(listed)


def test_examples_are_each_their_own():
    examples = [example for code in CODES for example in code["examples"]]
    assert len(set(examples)) == len(examples)


def test_theme_colours_differ_and_stand_out_from_the_page():
    colours = [theme["colour"] for theme in THEMES]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours)
    assert len(set(colours)) == len(colours)
    assert all("colour" not in code for theme in THEMES for code in theme["children"])
    for colour in colours:
        contrast = (luminance(PAGE) + 0.05) / (luminance(colour) + 0.05)
        assert contrast >= 3, (colour, contrast)


def test_cues_reach_beyond_english():
    cues = " ".join(cue for code in CODES for cue in code["cues"])
    for script in (r"[\u0600-\u06ff]", r"[\u0980-\u09ff]", r"[łęąśżń]"):
        assert re.search(script, cues)


@pytest.mark.parametrize("name", ["speakout.yaml", "README.md"])
def test_words_for_groups_follow_the_principles(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"\bB(?:A)?ME\b", text, re.IGNORECASE)
    assert not re.search(r"\bethnic minorit|non-white", text, re.IGNORECASE)


def test_readme_counts_the_codes_and_explains_every_field():
    readme = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(THEMES)} themes, {len(CODES) - len(THEMES)} sub-themes" in readme
    fields = {field for code in CODES for field in code}
    assert all(f"`{field}`" in readme for field in fields)

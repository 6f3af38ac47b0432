"""The four further codebooks are complete, consistent, distinct and safe for every eye."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "codebooks"
FILES = ["local_areas", "family_programmes", "early_years_places", "evidence_use"]
TEXTS = {name: (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in FILES}
BOOKS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
PAGE = "#FBFAF7"
# Severity 1.0, linear RGB: Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113.
VISION = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def themes(name: str) -> list[dict]:
    return BOOKS[name]["codes"]


def codes(name: str) -> list[dict]:
    return [code for theme in themes(name) for code in (theme, *theme["children"])]


def names(found: list[dict]) -> list[str]:
    return [code["name"] for code in found]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def prose(code: dict) -> list[str]:
    """Return what was written for a code, without the names of other codes in brackets."""
    written = [code["definition"], code["include"], code["exclude"], *code["examples"]]
    return [re.sub(r"\([A-Z][^)]*\)", "", text) for text in written]


EVERY = [(name, code) for name in FILES for code in codes(name)]
IDS = [f"{name}-{code['name']}" for name, code in EVERY]


@pytest.mark.parametrize("name", FILES)
def test_the_head_is_as_the_format_asks(name):
    book = BOOKS[name]
    assert set(book) == {"format", "name", "version", "language", "description", "sources", "codes"}
    assert book["format"] == "speakout-codebook/1"
    assert book["version"] == "1.0" and book["language"] == "en-GB"
    assert len(book["description"]) > 200


def test_local_areas_has_the_three_themes_of_the_report_and_their_sub_themes():
    found = {theme["name"]: names(theme["children"]) for theme in themes("local_areas")}
    assert list(found) == [
        "Meeting the needs of local communities",
        "A workforce that can support diverse communities",
        "Using evidence to support minority ethnic families",
    ]
    assert [len(children) for children in found.values()] == [3, 4, 5]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("family_programmes", ["Wishing it had come sooner", "Fear of losing the children",
         "Children as go-betweens", "Case closed, course as exit", "Safe and confidential"]),
        ("early_years_places", ["Linking data sets", "Hearing only from the engaged",
         "Newly arrived families", "Good services, poor outcomes", "Monitoring as it happens"]),
        ("evidence_use", ["Insecure money", "Culture and habit", "Evidence champions",
         "Right evidence for the question", "Fit with the local context"]),
    ],
)  # fmt: skip
def test_the_subjects_of_the_publications_are_there(name, wanted):
    assert len(themes(name)) == 5
    assert all(3 <= len(theme["children"]) <= 8 for theme in themes(name))
    assert set(wanted) <= set(names(codes(name)))


@pytest.mark.parametrize("name", FILES)
def test_names_are_unique_and_can_be_written_as_a_path(name):
    folded = [code.casefold() for code in names(codes(name))]
    assert len(set(folded)) == len(folded)
    assert all(code == code.strip() and "/" not in code for code in names(codes(name)))
    assert all(len(code) <= 50 for code in names(themes(name)))
    children = [code for theme in themes(name) for code in theme["children"]]
    assert all(len(code) <= 40 for code in names(children))


@pytest.mark.parametrize(("name", "code"), EVERY, ids=IDS)
def test_a_code_is_complete(name, code):
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


@pytest.mark.parametrize(("name", "code"), EVERY, ids=IDS)
def test_a_boundary_names_codes_of_this_book(name, code):
    known = names(codes(name))
    for inside in re.findall(r"\(([A-Z][^)\"?]+)\)", code["exclude"]):
        for part in re.split(r"; | or (?=[A-Z])|, (?=or [A-Z])|, or (?=[A-Z])|: ", inside):
            rest = part.strip()
            while rest and rest[0].isupper():
                met = [k for k in known if rest == k or rest.startswith(f"{k}, ")]
                assert met, (code["name"], rest)
                rest = rest[len(max(met, key=len)) :].removeprefix(", ")
    assert f"({code['name']})" not in code["exclude"], "it points to itself"


@pytest.mark.parametrize("name", FILES)
def test_most_boundaries_name_the_code_to_use_instead(name):
    children = [code for theme in themes(name) for code in theme["children"]]
    silent = [
        code["name"]
        for code in children
        if not any(
            other in code["exclude"] for other in names(codes(name)) if other != code["name"]
        )
    ]
    assert len(silent) <= 2, silent


@pytest.mark.parametrize("name", FILES)
def test_every_theme_rests_on_a_listed_source_and_every_source_is_used(name):
    listed = [source["id"] for source in BOOKS[name]["sources"]]
    assert listed and len(set(listed)) == len(listed)
    assert all(len(source["citation"]) > 60 for source in BOOKS[name]["sources"])
    assert all(theme["rests_on"] for theme in themes(name))
    assert {source for code in codes(name) for source in code.get("rests_on", [])} == set(listed)


def test_one_source_is_cited_in_the_same_words_everywhere():
    books = [*BOOKS.values(), yaml.safe_load((FOLDER / "speakout.yaml").read_text("utf-8"))]
    cited: dict[str, set[str]] = {}
    for book in books:
        for source in book["sources"]:
            cited.setdefault(source["id"], set()).add(source["citation"])
    assert len(cited) >= 5
    assert all(len(wordings) == 1 for wordings in cited.values()), cited


def test_no_two_codes_of_any_book_share_eight_words_in_a_row():
    speakout = yaml.safe_load((FOLDER / "speakout.yaml").read_text(encoding="utf-8"))
    nodes = [("speakout", code) for theme in speakout["codes"]
             for code in (theme, *theme["children"])]  # fmt: skip
    owner: dict[tuple[str, ...], tuple[str, str]] = {}
    shared = []
    for name, code in nodes + EVERY:
        for text in prose(code):
            heard = words(text)
            for at in range(len(heard) - 7):
                key = name, code["name"]
                if owner.setdefault(tuple(heard[at : at + 8]), key) != key:
                    shared.append((key, " ".join(heard[at : at + 8])))
    assert len(owner) > 5000 and not shared


def test_examples_are_each_their_own():
    examples = [example for _, code in EVERY for example in code["examples"]]
    assert len(set(examples)) == len(examples)


def linear(colour: str) -> list[float]:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def luminance(colour: str) -> float:
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


def lab(rgb: list[float]) -> tuple[float, float, float]:
    """CIE 1976 L*a*b* under D65, of linear sRGB."""
    r, g, b = (min(1.0, max(0.0, channel)) for channel in rgb)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", FILES)
def test_theme_colours_stand_out_from_the_page(name):
    colours = [theme["colour"] for theme in themes(name)]
    assert all(re.fullmatch(r"#[0-9A-F]{6}", colour) for colour in colours)
    assert all("colour" not in code for theme in themes(name) for code in theme["children"])
    for colour in colours:
        assert (luminance(PAGE) + 0.05) / (luminance(colour) + 0.05) >= 3, colour


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("name", FILES)
def test_theme_colours_differ_for_colour_blind_readers(name, vision):
    seen = {
        theme["colour"]: lab(
            [sum(m * c for m, c in zip(row, linear(theme["colour"]), strict=True))
             for row in VISION[vision]]
        )
        for theme in themes(name)
    }  # fmt: skip
    assert len(seen) == len(themes(name))
    for (one, a), (other, b) in itertools.combinations(seen.items(), 2):
        distance = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5
        assert distance >= 15, (one, other, distance)


@pytest.mark.parametrize("name", FILES)
def test_words_for_groups_follow_the_principles(name):
    assert not re.search(r"\bB(?:A)?ME\b", TEXTS[name], re.IGNORECASE)
    assert not re.search(r"\bethnic minorit|non-white", TEXTS[name], re.IGNORECASE)


def test_readme_lists_each_book_with_its_counts():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in FILES:
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{name}.yaml`"))
        n_themes = len(themes(name))
        assert f"{n_themes} themes, {len(codes(name)) - n_themes} sub-themes" in row
        assert f"- `{name}.yaml`" in readme


def test_names_that_the_readme_sets_in_italics_are_codes():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    text = " ".join(text.split("## How the other four were made")[1].split("## Colours")[0].split())
    known = {code["name"] for _, code in EVERY}
    named = re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)
    assert len(named) >= 8
    assert set(named) <= known, set(named) - known

"""The sample's focus groups are what their READMEs say: synthetic, and read turn by turn."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from pipelines.ingest.discussions.speech import SpeechFile, joined
from pipelines.ingest.discussions.speech_files import read_speech
from workbench.domain.text import count_words
from workbench.domain.turns import Turn, TurnSpan, lay_out

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data_samples"
GROUPS = {
    "speakout/focus_groups/young_people.vtt": "voices",
    "speakout/focus_groups/parents.docx": "names_above",
    "local_areas/focus_groups/round_1.txt": "names_before",
    "local_areas/focus_groups/round_2.docx": "table",
}
ROLE_COLUMN = {"speakout": "role", "local_areas": "role_in_group"}
FORBIDDEN = re.compile(r"\bB(?:A)?ME\b", re.IGNORECASE)
POINTING = re.compile(r"@|https?:|www\.|(?:\d[ -]?){7,}|[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def speech_of(path: str) -> SpeechFile:
    return read_speech((SAMPLES / path).read_bytes(), path)


def participants_of(path: str) -> list[dict[str, str]]:
    stem = (SAMPLES / path).with_suffix("")
    return read_csv(stem.with_name(f"{stem.name}_participants.csv"))


NAMED = {
    "Young people": "speakout/focus_groups/young_people.vtt",
    "Parents": "speakout/focus_groups/parents.docx",
    "Round 1": "local_areas/focus_groups/round_1.txt",
    "Round 2": "local_areas/focus_groups/round_2.docx",
}
"""Groups by the names that codings give them."""
STUDIES = ("speakout", "local_areas")


def codings_of(study: str) -> list[dict[str, str]]:
    return read_csv(SAMPLES / study / "focus_groups" / "codings.csv")


def sub_codes(study: str) -> list[str]:
    book = yaml.safe_load((ROOT / "codebooks" / f"{study}.yaml").read_text(encoding="utf-8"))
    return [f"{a['name']} / {b['name']}" for a in book["codes"] for b in a["children"]]


def laid_out(name: str) -> tuple[str, tuple[TurnSpan, ...]]:
    return lay_out(speech_of(NAMED[name]).turns)


def turns_in(coding: dict[str, str], turns: tuple[TurnSpan, ...]) -> list[TurnSpan]:
    start, end = int(coding["start"]), int(coding["end"])
    return [turn for turn in turns if start < turn.end and turn.start < end]


def words_of(path: str) -> str:
    return "\n".join(turn.text for turn in speech_of(path).turns if turn.speaker)


@pytest.fixture(scope="module")
def maker():
    sys.path.insert(0, str(SAMPLES))
    try:
        import make_focus_groups

        return make_focus_groups
    finally:
        sys.path.remove(str(SAMPLES))


@pytest.mark.parametrize(("path", "layout"), GROUPS.items())
def test_a_file_is_read_as_it_was_written(maker, path, layout):
    """Each layout differs; what the reader finds is the source, turn by turn."""
    speech = speech_of(path)
    written = maker.read_source((SAMPLES / path).with_suffix(".source.txt"))
    expected = joined((Turn(name, words) for name, words in written), between="\n")
    found = [turn for turn in speech.turns if turn.speaker]
    assert [(t.speaker, t.text) for t in found] == [(t.speaker, t.text) for t in expected]
    assert speech.layout == layout
    starts = [turn.start_ms for turn in found]
    assert None not in starts and starts == sorted(starts)
    readme = (SAMPLES / path).parents[1] / "README.md"
    n_words = count_words("\n".join(turn.text for turn in found))
    name = Path(path).name
    assert f"| `{name}` | {len(found)} | {n_words:,} |" in readme.read_text(encoding="utf-8")


def test_files_come_out_of_their_sources_again(maker, tmp_path):
    maker.main(tmp_path)
    for path in GROUPS:
        again, here = (tmp_path / path).read_bytes(), (SAMPLES / path).read_bytes()
        if path.endswith(".docx"):  # other versions of Word's library write other bytes
            again, here = (repr(read_speech(data, path)).encode() for data in (again, here))
        assert again == here, path


@pytest.mark.parametrize("path", GROUPS)
def test_everybody_who_speaks_is_a_participant_and_names_are_not_shown(path):
    speech, who = speech_of(path), participants_of(path)
    study = path.split("/")[0]
    assert {row["speaker"] for row in who} == set(speech.speakers)
    leading = {row["shown_as"] for row in who if row[ROLE_COLUMN[study]] == "facilitator"}
    taking_part = {row["shown_as"]: row["respondent_id"] for row in who} | dict.fromkeys(leading)
    assert all(re.fullmatch(r"(?:YP|P|L)\d", name) for name in set(taking_part) - leading)
    refs = [ref for ref in taking_part.values() if ref]
    assert len(set(refs)) == len(refs) == len(taking_part) - len(leading) >= 6
    if not path.endswith(("parents.docx", "round_2.docx")):  # these have labels in place of names
        for name in speech.speakers:
            assert not re.search(rf"\b{re.escape(name.split()[0])}\b", words_of(path)), name


@pytest.mark.parametrize("path", GROUPS)
def test_attributes_are_those_of_the_study_and_agree_with_its_survey(path):
    study = path.split("/")[0]
    mapping = yaml.safe_load((SAMPLES / study / "mapping.yaml").read_text(encoding="utf-8"))
    known = {row["respondent_id"]: row for row in read_csv(SAMPLES / study / "survey.csv")}
    people = [row for row in participants_of(path) if row["respondent_id"]]
    linked = [row for row in people if row["respondent_id"] in known]
    assert 3 <= len({row["respondent_id"] for row in linked}) < len(people)
    for row in people:
        assert row["may_be_quoted"] in {"Yes", "No"}
        for attribute in mapping["attributes"]:
            name = attribute["name"]
            parts = {part.strip() for part in row[name].split(attribute.get("delimiter", "\n"))}
            assert parts <= set(attribute["values"]), (row["shown_as"], name)
            if row in linked:
                assert row[name] == known[row["respondent_id"]][name], (row["shown_as"], name)


def test_one_person_has_the_same_attributes_in_both_rounds():
    rounds = [participants_of(path) for path in GROUPS if path.startswith("local_areas")]
    first, second = (
        {row["respondent_id"]: list(row.values())[3:] for row in rows if row["respondent_id"]}
        for rows in rounds
    )
    both = first.keys() & second.keys()
    assert len(both) == 5 and all(first[ref] == second[ref] for ref in both)


def test_some_do_not_want_to_be_quoted():
    for study in ("speakout", "local_areas"):
        paths = [path for path in GROUPS if path.startswith(study)]
        said = [row["may_be_quoted"] for path in paths for row in participants_of(path)]
        assert "No" in said and said.count("Yes") > said.count("No")


@pytest.mark.parametrize("path", GROUPS)
def test_words_point_to_nobody_and_fold_no_groups_into_one(path):
    words = words_of(path)
    assert not POINTING.search(words) and not FORBIDDEN.search(words)
    raw = (SAMPLES / path).read_bytes()
    if path.endswith(".docx"):
        from docx import Document

        document = Document(str(SAMPLES / path))
        said = document.sections[0].header.paragraphs[0].text
    else:
        said = raw.decode("utf-8").split("\n\n", 2)[0 if path.endswith("txt") else 1]
    assert "Synthetic" in said and "Nobody here exists" in said


def test_no_two_texts_of_the_samples_share_eight_words_in_a_row():
    """Also not with answers of the surveys: each line was written for itself."""
    texts = {path: words_of(path) for path in GROUPS}
    for study, first in (("speakout", "q1_seeking"), ("local_areas", "q1_doing")):
        for row in read_csv(SAMPLES / study / "survey.csv"):
            cells = list(row.values())
            texts[row["respondent_id"]] = "\n".join(cells[list(row).index(first) :])
    owner: dict[tuple[str, ...], str] = {}
    shared = []
    for key, text in texts.items():
        heard = re.findall(r"\w+", text.casefold())
        for at in range(len(heard) - 7):
            run = tuple(heard[at : at + 8])
            if owner.setdefault(run, key) != key:
                shared.append((key, owner[run], " ".join(run)))
    assert len(owner) > 30_000 and not shared


# --- the codings


@pytest.mark.parametrize("study", STUDIES)
def test_every_coding_is_where_its_words_are_and_every_code_is_used(study):
    rows = codings_of(study)
    texts = {name: laid_out(name) for name in NAMED if NAMED[name].startswith(study)}
    assert {row["document"] for row in rows} == set(texts)
    assert {row["code"] for row in rows} == set(sub_codes(study))
    assert len({tuple(row.values())[:-1] for row in rows}) == len(rows)
    for row in rows:
        text, turns = texts[row["document"]]
        quote = text[int(row["start"]) : int(row["end"])]
        assert quote == row["quote"] and quote == quote.strip(), row
        leading = {
            person["speaker"]
            for person in participants_of(NAMED[row["document"]])
            if person[ROLE_COLUMN[study]] == "facilitator" and person["speaker"] != "Interpreter"
        }
        said = turns_in(row, turns)
        assert 1 <= len(said) <= 5 and said[0].speaker not in leading, row


@pytest.mark.parametrize("study", STUDIES)
def test_coders_really_differ_as_the_readme_tells(study):
    rows, codes = codings_of(study), sub_codes(study)
    units: dict[tuple[str, int], dict[str, set[str]]] = {}
    n_across = 0
    for name in dict.fromkeys(row["document"] for row in rows):
        turns = laid_out(name)[1]
        for turn in turns:
            units[name, turn.start] = {"Coder A": set(), "Coder B": set()}
        for row in rows:
            if row["document"] == name:
                said = turns_in(row, turns)
                n_across += len(said) > 1
                for turn in said:
                    units[name, turn.start][row["coder"]].add(row["code"])
    pairs = [(code in a, code in b) for a, b in (u.values() for u in units.values())
             for code in codes]  # fmt: skip
    present = sum(a + b for a, b in pairs)
    n_values = 2 * len(pairs)
    expected = 2 * present * (n_values - present) / (n_values * (n_values - 1))
    alpha = 1 - sum(a != b for a, b in pairs) / len(pairs) / expected
    assert 0.65 <= alpha <= 0.75
    n_by = Counter(row["coder"] for row in rows)
    readme = (SAMPLES / study / "README.md").read_text(encoding="utf-8")
    for claim in (f"{len(rows)} codings of both", f"{alpha:.2f} for turns", f"{n_across} across",
                  f"{n_by['Coder A']} by Coder A", f"{n_by['Coder B']} by"):  # fmt: skip
        assert claim in " ".join(readme.split()), claim
    assert sum(bool(row["memo"]) for row in rows) >= 2

"""Codebook files: what they give, and what is said of those that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipelines.ingest.codebooks.codebook import MAX_LEVELS, load_codebook, schema_text
from workbench.domain.codebook import CodeNode
from workbench.errors import CodebookError

CODEBOOKS = Path(__file__).parents[4] / "codebooks"
HEAD = "format: speakout-codebook/1\nname: Test\n"
FULL = """\
# A comment stays out of the way.
format: speakout-codebook/1
name: SpeakOut
version: 1.10
language: en
description: |
  First line.
  Second line.
sources:
  - {id: A2022, citation: "A, B. (2022). Title: a sub-title."}
codes:
  - name: " Relationships "
    colour: "#0072B2"
    definition: How people were met.
    include: Any account of being met
      by a person.
    exclude: Waiting; see Access.
    examples: ["She listened", 'میں نے تین بار فون کیا']
    cues: [listened, 'no', No, 12]
    rests_on: [A2022]
    children:
      - name: Judged
        children:
          - name: By looks 👀
      - name: No
        colour:  # as its theme
        definition:
        examples: ~
  - name: Access
"""


def refused(text: str) -> CodebookError:
    with pytest.raises(CodebookError) as caught:
        load_codebook(text, "book.yaml")
    assert caught.value.source == "book.yaml"
    return caught.value


def test_every_field_arrives() -> None:
    book = load_codebook(FULL, "book.yaml")
    assert (book.name, book.version, book.language) == ("SpeakOut", "1.10", "en")
    assert book.description == "First line.\nSecond line.\n"
    assert book.sources == (("A2022", "A, B. (2022). Title: a sub-title."),)
    first = book.themes[0]
    assert first.name == "Relationships"
    assert first.colour == "#0072B2"
    assert first.definition == "How people were met."
    assert first.include == "Any account of being met by a person."
    assert first.exclude == "Waiting; see Access."
    assert first.examples == ("She listened", "میں نے تین بار فون کیا")
    assert first.cues == ("listened", "no", "No", "12")
    assert first.rests_on == ("A2022",)
    assert [" / ".join(path) for path, _ in book.walk()] == [
        "Relationships",
        "Relationships / Judged",
        "Relationships / Judged / By looks 👀",
        "Relationships / No",
        "Access",
    ]
    assert first.children[1] == CodeNode(name="No")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "this is not a codebook of this program; 'format: speakout-codebook/1' was"),
        ("just words", 1, "this is not a codebook of this program"),
        ("- a\n- b\n", 1, "this is not a codebook of this program"),
        ("name: X\n\nformat: speakout-codebook/2\n", 3, "the format is 'speakout-codebook/2'"),
        (HEAD + "codes:\n- [", 4, "this is not YAML: while parsing a flow node"),
        (HEAD + "codes:\n\t- name: A\n", 4, "cannot start any token"),
        (HEAD, 1, "the field 'codes' is missing."),
        (HEAD + "codes: []\n", 3, "the list 'codes' is empty."),
        (HEAD + "codes: all\n", 3, "the field 'codes' holds the text 'all'; a list was expected."),
        (HEAD + "codes:\n- A\n", 4, "holds the text 'A'; fields were expected."),
        (HEAD + "name: Again\ncodes: [{name: A}]\n", 3, "the field 'name' is there twice."),
        (HEAD + "codes:\n- name: A\n  name: B\n", 5, "the field 'name' is there twice."),
        (HEAD + "codes:\n- definition: D\n", 4, "code 1: the field 'name' is missing."),
        (HEAD + "codes:\n- name:\n", 4, "code 1: the field 'name' is missing."),
        (HEAD + "codes:\n- name: '  '\n", 4, "the field 'name' is empty."),
        (HEAD + f"codes:\n- name: {'x' * 201}\n", 4, "has more than 200 characters."),
        (
            HEAD + "codes:\n- name: A\n  children:\n  - name: B\n    color: red\n",
            7,
            "A / B: there is no field 'color'. Did you mean 'colour'?",
        ),
        (
            HEAD + "codes:\n- name: A\n  colour: red\n",
            5,
            "A: the colour 'red' is not of the form '#RRGGBB'",
        ),
        (
            HEAD + "codes:\n- name: A\n  colour: #0072B2\n",
            5,
            "'#' begins a comment; put the colour",
        ),
        (HEAD + "codes:\n- name: A\n  colour: '#12345'\n", 5, "A: the colour '#12345' is not"),
        (HEAD + "codes:\n- name: A\n  cues: a, b\n", 5, "A: the field 'cues' holds the text"),
        (
            HEAD + "codes:\n- name: A\n  definition: [x]\n",
            5,
            "A: the field 'definition' holds a list; text was expected.",
        ),
        (HEAD + "codes:\n- name: A / B\n", 4, "A / B: the name 'A / B' holds ' / '"),
        (
            HEAD + "codes:\n- name: A\n  children:\n  - name: B\n  - name: ' b'\n",
            7,
            "A / b: this code is there twice.",
        ),
        (
            HEAD
            + "sources: [{id: x, citation: X}]\ncodes:\n- name: A\n  rests_on:\n  - x\n  - y\n",
            8,
            "A: it rests on 'y', which is not among the sources.",
        ),
        (
            HEAD + "sources:\n- {id: x, citation: X}\n- {id: x, citation: Y}\ncodes: [{name: A}]\n",
            5,
            "the source 'x' is there twice.",
        ),
        (HEAD + "sources: [{id: x}]\ncodes: [{name: A}]\n", 3, "the field 'citation' is missing."),
        (HEAD + "codes:\n- &a {name: A}\n- *a\n", 5, "'*a' stands for another place"),
        (HEAD + "codes:\n- !!python/name:os.system ''\n", 4, "has no meaning here"),
        (HEAD + "codes:\n- !secret x\n", 4, "the tag '!secret' has no meaning here"),
        (HEAD + "codes: [{name: A}]\n? [a]\n: b\n", 4, "a list or a mapping cannot be the name"),
        (HEAD + "codes: [{name: A}]\n---\n" + HEAD, 4, "expected a single document"),
        (HEAD + "codes:\n- name: 'A\x00'\n", 4, "a character that no YAML file may hold."),
        (HEAD + "codes:\n- name: A\n  <<: {name: B}\n", 5, "A: there is no field '<<'."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int, message: str) -> None:
    error = refused(text)
    assert message in error.message
    assert error.line == line
    assert str(error).startswith(f"book.yaml, row {line}: ")


def test_an_escape_out_of_range_is_refused() -> None:
    assert "out of range" in refused(HEAD + 'codes: [{name: "\\UFFFFFFFF"}]\n').message


def test_further_problems_are_counted() -> None:
    error = refused(HEAD + "codes:\n- name: A\n  colour: red\n  cues: x\n- definition: D\n")
    assert error.line == 5
    assert error.hint == "There are 2 more problems after it."


def nested(levels: int) -> str:
    text, margin = HEAD + "codes:\n", ""
    for level in range(levels):
        text += f"{margin}- name: L{level + 1}\n{margin}  children:\n"
        margin += "  "
    return text


def test_twenty_levels_and_no_more() -> None:
    deepest = list(load_codebook(nested(MAX_LEVELS), "book.yaml").walk())[-1]
    assert len(deepest[0]) == MAX_LEVELS
    error = refused(nested(MAX_LEVELS + 1))
    assert error.message == "codes are nested deeper than 20 levels."
    assert error.line == 2 + 2 * MAX_LEVELS + 2


@pytest.mark.parametrize("sign", ["[", "{a: ", "- "])
def test_a_bomb_of_brackets_is_refused_at_once(sign: str) -> None:
    assert "deeper than 20 levels" in refused(sign * 100_000).message


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert refused("\n".join(lines)).line == 2


def test_a_file_beyond_the_limit_is_refused_unread() -> None:
    error = refused("#" + "ک" * 2_500_000)
    assert error.message == "the file has 5,000,001 bytes; a codebook has at most 5,000,000."


def test_the_schema_in_the_repository_is_current() -> None:
    written = (CODEBOOKS / "codebook.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "write it again, as codebook.py says"


def test_the_schema_takes_what_the_loader_takes() -> None:
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    good = yaml.load(FULL.replace("examples: ~", "examples: []"), yaml.BaseLoader)
    jsonschema.validate(good, schema)
    bad = yaml.load(FULL.replace("colour:", "color:"), yaml.BaseLoader)
    with pytest.raises(jsonschema.ValidationError, match="color"):
        jsonschema.validate(bad, schema)


@pytest.mark.parametrize("path", sorted(CODEBOOKS.glob("*.yaml")), ids=lambda path: path.name)
def test_every_codebook_in_the_repository_loads(path: Path) -> None:
    book = load_codebook(path.read_text(encoding="utf-8"), path.name)
    assert len(book.themes) > 1
    assert all(code.definition for _, code in book.walk())


def test_the_bundled_codebook_is_there() -> None:
    assert (CODEBOOKS / "speakout.yaml").is_file()

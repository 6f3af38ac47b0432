"""Codes from another study: by path, with all they say, and nothing twice."""

import pytest

from tests.builders import CODEBOOK
from tests.services.codebooks.test_refine import arguments, rows
from workbench.errors import CodebookError, NotAllowed, NotFound
from workbench.services import files, study
from workbench.services.codebooks import codebook, refine_copy
from workbench.services.trail import undo

OTHER = """
format: speakout-codebook/1
name: Other
sources:
  - {id: smith, citation: Smith 2020}
codes:
  - name: access
    definition: another one
    children:
      - name: Waiting
      - name: Transport
        definition: getting there
        include: buses
        exclude: walking
        examples: ["no bus"]
        cues: [bus]
        rests_on: [smith]
        children:
          - name: Fares
  - name: Money
    colour: "#117733"
    children:
      - name: Rent
"""


@pytest.fixture
def other(bench):
    made = study.create_study(bench.actor, bench.database, "Other study")
    book = files.read_codebook(OTHER, "other.yaml")
    codebook.load_codebook(bench.actor, bench.database, made.id, book)
    return made.id


def ids(bench, other):
    found = refine_copy.codes_to_copy(*arguments(bench), other)
    return {item.name: item.id for item in found}


def paths(bench):
    return [" / ".join(item.path) for item in codebook.list_codes(*arguments(bench))]


def test_codes_come_with_all_below_and_what_is_there_is_left_alone(bench, other):
    before = rows(bench)["code"]
    codes = ids(bench, other)
    report = refine_copy.copy_from_study(
        *arguments(bench), other, [codes["access"], codes["Money"]]
    )
    assert report.source == "Other study"
    assert report.kept == ("access", "access / Waiting")
    assert report.added == (
        "access / Transport", "access / Transport / Fares", "Money", "Money / Rent",
    )  # fmt: skip
    assert paths(bench) == [
        "Access", "Access / Waiting", "Access / Phone", "Access / Transport",
        "Access / Transport / Fares", "School", "Schooling", "Money", "Money / Rent",
    ]  # fmt: skip
    new = bench.codes()["Transport"]
    assert (new.definition, new.include, new.exclude) == ("getting there", "buses", "walking")
    assert (new.examples, new.cues, new.rests_on) == (("no bus",), ("bus",), ("smith",))
    assert bench.codes()["Access"].definition == ""
    assert bench.codes()["Money"].colour == "#117733"
    book = codebook.export_codebook(*arguments(bench))
    assert dict(book.sources) == {"smith": "Smith 2020"}
    undo.undo(*arguments(bench), undo.CODEBOOK)
    assert [row for row in rows(bench)["code"] if row in before] == before
    assert paths(bench) == ["Access", "Access / Waiting", "Access / Phone", "School", "Schooling"]
    undo.redo(*arguments(bench), undo.CODEBOOK)
    assert "Money / Rent" in paths(bench)


def test_what_lies_above_a_chosen_code_comes_along_without_the_rest(bench, other):
    codes = ids(bench, other)
    report = refine_copy.copy_from_study(*arguments(bench), other, [codes["Rent"], codes["Fares"]])
    assert report.added == (
        "access / Transport", "access / Transport / Fares", "Money", "Money / Rent",
    )  # fmt: skip
    assert report.kept == ("access",)


def test_copying_twice_changes_nothing(bench, other, everything):
    codes = list(ids(bench, other).values())
    refine_copy.copy_from_study(*arguments(bench), other, codes)
    before = everything(bench.database)
    report = refine_copy.copy_from_study(*arguments(bench), other, codes)
    assert (report.added, len(report.kept)) == ((), 6)
    assert everything(bench.database) == before


def test_only_members_copy_from_a_study(bench, other):
    ben = bench.person("Ben")
    codebook.add_code(*arguments(bench, ben), parent_id=None, name="By Ben")
    codes = list(ids(bench, other).values())
    for call in (
        lambda: refine_copy.copy_from_study(*arguments(bench, ben), other, codes),
        lambda: refine_copy.codes_to_copy(*arguments(bench, ben), other),
    ):
        with pytest.raises(NotAllowed, match="Ben does not belong to the study Other study"):
            call()
    assert refine_copy.studies_to_copy_from(*arguments(bench, ben)) == []
    assert refine_copy.studies_to_copy_from(*arguments(bench)) == [(other, "Other study")]


def test_codes_that_cannot_be_copied_are_refused(bench, other, everything):
    before = everything(bench.database)
    rent = ids(bench, other)["Rent"]
    with pytest.raises(CodebookError, match="no code is chosen"):
        refine_copy.copy_from_study(*arguments(bench), other, [])
    with pytest.raises(CodebookError, match="in this study already"):
        refine_copy.copy_from_study(*arguments(bench), bench.study_id, [rent])
    with pytest.raises(NotFound, match="not in use in the other study"):
        refine_copy.copy_from_study(*arguments(bench), other, [bench.codes()["Phone"].id])
    with pytest.raises(NotFound):
        refine_copy.copy_from_study(*arguments(bench), 4_321, [rent])
    assert everything(bench.database) == before


def test_themes_without_a_colour_get_different_ones(bench):
    made = study.create_study(bench.actor, bench.database, "Plain")
    text = CODEBOOK.split("codes:")[0] + "codes:\n  - name: One\n  - name: Two\n"
    book = files.read_codebook(text, "plain.yaml")
    codebook.load_codebook(bench.actor, bench.database, made.id, book)
    found = refine_copy.codes_to_copy(*arguments(bench), made.id)
    refine_copy.copy_from_study(*arguments(bench), made.id, [item.id for item in found])
    codes = bench.codes()
    assert len({codes[name].colour for name in ("Access", "School", "One", "Two")}) == 4

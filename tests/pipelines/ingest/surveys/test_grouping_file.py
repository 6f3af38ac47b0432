"""Groups written down as YAML: read as text, and refused with the reason."""

from __future__ import annotations

import pytest

from pipelines.ingest.surveys.grouping_file import load_grouping
from workbench.domain.groupings import Merge, ValueGroup
from workbench.errors import InputError


def test_values_are_taken_as_text():
    rule = load_grouping("groups: {Answered: [yes, 007, 1.0], Not: [no]}\nrest: other\nother: Q7")
    assert rule == Merge(
        (ValueGroup("Answered", ("yes", "007", "1.0")), ValueGroup("Not", ("no",))), "other", "Q7"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "map.yaml: the file: Input should be a valid dictionary"),
        ("groups: [a]", "map.yaml: groups: Input should be a valid dictionary"),
        ("groups: {A: b}", "map.yaml: groups.A: Input should be a valid list"),
        ("groups: {A: [b]}\nelse: keep", "map.yaml: else: Extra inputs are not permitted"),
        ("groups: {A: [b]}\nrest: drop", "map.yaml: rest: Input should be 'keep' or 'other'"),
        ("groups: {A: [b], A: [c]}", "map.yaml, row 1: this is not YAML: 'A' is there twice"),
        ("groups:\n  A: [b\n", "this is not YAML"),
        ("groups: {}", "map.yaml: no value is in a group yet"),
        ("groups: {A: [x], B: [x]}", "map.yaml: the value 'x' is in two groups, 'A' and 'B'"),
        ("groups: {A: [x], a: [y]}", "map.yaml: two groups differ only in capitals"),
        ("groups: " + "[" * 5_000, "map.yaml"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(text, message):
    with pytest.raises(InputError) as refused:
        load_grouping(text, "map.yaml")
    assert message in str(refused.value)

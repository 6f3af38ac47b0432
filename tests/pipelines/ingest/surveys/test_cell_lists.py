"""Lists and rules in one cell: what is written is read back, whatever signs the values hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.surveys.cell_lists import format_list, format_rule, parse_list, parse_rule
from workbench.errors import SurveyError

VALUES = st.text(alphabet='ab |;="\n\té٪', max_size=6)


def test_a_list_is_parted_by_bars() -> None:
    assert parse_list(' Yes |No, thanks| 5" deep ') == ("Yes", "No, thanks", '5" deep')
    assert parse_list("  ") == ()
    assert format_list(["Yes", "No; never", ""]) == 'Yes | "No; never" | ""'


def test_a_rule_names_columns_and_values() -> None:
    assert parse_rule('got support = Yes | Partly; "a = b" = "1; 2"') == {
        "got support": ("Yes", "Partly"),
        "a = b": ("1; 2",),
    }
    assert parse_rule(" ; ") == {}
    assert parse_rule("a = b = c") == {"a": ("b = c",)}


@given(st.lists(VALUES, max_size=4))
def test_lists_are_read_back(values: list[str]) -> None:
    assert parse_list(format_list(values)) == tuple(values)


@given(st.dictionaries(VALUES.filter(bool), st.lists(VALUES, min_size=1, max_size=3), max_size=3))
def test_rules_are_read_back(rule: dict[str, list[str]]) -> None:
    assert parse_rule(format_rule(rule)) == {column: tuple(v) for column, v in rule.items()}


@given(st.text(alphabet='ab |;="', max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_list, parse_rule):
        try:
            parse(text)
        except SurveyError as error:
            assert error.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("received_support", "'received_support' is not a rule. Write COLUMN"),
        ("a = ", "'a =' is not a rule"),
        ("a = 1; a = 2", "the column 'a' is in the rule twice. Put a bar"),
        ('a = "1', "a quotation mark is not closed: '\"1'"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(text: str, message: str) -> None:
    with pytest.raises(SurveyError) as error:
        parse_rule(text)
    assert message in str(error.value)

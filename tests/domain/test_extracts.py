"""What is withheld of an extract that may not be quoted, and what stays."""

from dataclasses import fields

from workbench.domain.extracts import NOT_TO_BE_QUOTED, WITHHELD, Extract, withhold


def made(*marks):
    return Extract(
        "g", ("A", "B"), "her words", 1, "R1/q1", "Ana", "2022-02-14T10:00:00Z", respondent="R1",
        question_ref="q1", start=3, end=12, before="what ", after=" she said",
        memo="'her words', at the desk", attributes={"role": "Parent"}, marks=marks,
        starred_by=("Ben",),
    )  # fmt: skip


def test_words_go_and_all_else_stays():
    before = made("to be placed again", NOT_TO_BE_QUOTED)
    after = withhold(before)
    assert (after.quote, after.before, after.after, after.memo) == (WITHHELD, "", "", "")
    changed = {item.name for item in fields(Extract)
               if getattr(before, item.name) != getattr(after, item.name)}  # fmt: skip
    assert changed == {"quote", "before", "after", "memo"}


def test_what_may_be_quoted_is_left_alone():
    extract = made("to be placed again")
    assert withhold(extract) is extract

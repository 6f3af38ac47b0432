"""Columns about rows and quotes: told by name and content, with the reason; look-alikes are not."""

from __future__ import annotations

import pytest

from pipelines.ingest.surveys.evidence import measure
from pipelines.ingest.surveys.role_rules import first_that_fits
from pipelines.ingest.surveys.row_rules import consent, quoting, response_kind, unsubmitted


@pytest.mark.parametrize(
    ("name", "text", "cells", "values"),
    [
        ("Are you happy for us to quote you?", "", ["Yes", "No", "Yes", ""], ("Yes",)),
        ("quote_ok", "", ["1", "0"], ("1",)),
        ("Q9", "May we use your own words in reports?", ["Yes, you may", "No"], ("Yes, you may",)),
        ("Can we quote you", "", ["I agree", "I do not agree", "Prefer not to say"], ("I agree",)),
        ("May we quote you?", "", ["No", "no"], ("Yes",)),
    ],
)
def test_a_question_about_quoting(name, text, cells, values) -> None:
    found = quoting(measure(name, 1, cells, text=text))
    assert found is not None
    assert (found.role, found.values) == ("may be quoted", values)
    assert found.reason.startswith("asks whether their words may be quoted; ")


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Which quote do you like?", ["To be or not", "Yes we can do it together, of course"] * 4),
        ("Best quotes", ["They listened to me at last", "No one came"]),
        ("Are you happy?", ["Yes", "No"]),
        ("In your own words, what happened?", ["Nobody came", "Nothing, yet", "Yes"]),
        ("May we quote you?", ["Nobody came", "Yesterday"]),
        ("quota", ["Yes", "No"]),
    ],
)
def test_what_only_sounds_like_quoting(name, cells) -> None:
    assert quoting(measure(name, 1, cells)) is None


@pytest.mark.parametrize(
    ("name", "text", "cells", "values"),
    [
        ("consent", "", ["Yes", "No", "Yes"], ("Yes",)),
        ("I agree to take part in this survey", "", ["I agree", "", "I agree"], ("I agree",)),
        ("Q1", "Do you consent to participate?", ["1", "0"], ("1",)),
        (
            "I have read the information and am happy to take part",
            "",
            ["Yes - I agree", "No - I do not agree"],
            ("Yes - I agree",),
        ),
    ],
)
def test_consent_to_take_part_decides_about_rows(name, text, cells, values) -> None:
    found = consent(measure(name, 1, cells, text=text))
    assert found is not None
    assert (found.role, found.keep_if) == ("ignore", values)
    n_others = len(cells) - sum(cell in values for cell in cells)
    assert f"are left out ({n_others} of {len(cells)} looked at)" in found.reason


@pytest.mark.parametrize(
    "name",
    [
        "Do you consent to being contacted again?",
        "Would you like to take part in an interview?",
        "I consent to my recording being kept",
        "Would you take part in future research?",
        "Did you take part in sports?",
        "Do you agree with the new rules?",
    ],
)
def test_other_consents_leave_nobody_out(name) -> None:
    found = first_that_fits(measure(name, 1, ["Yes", "No", "Yes", "No"]))
    assert (found.role, found.keep_if, found.leave_out) == ("attribute", (), ())


def test_nobody_is_left_out_where_no_word_means_yes() -> None:
    assert consent(measure("consent", 1, ["No", "No"])) is None
    assert consent(measure("consent", 1, ["form A", "form B"])) is None


@pytest.mark.parametrize(
    ("name", "cells", "values"),
    [
        ("Status", ["IP Address", "Survey Preview", "Spam", "IP Address"],
         ("Spam", "Survey Preview")),
        ("Response Status", ["Complete", "Partial", "Disqualified"], ("Disqualified", "Partial")),
        ("DistributionChannel", ["anonymous", "preview"], ("preview",)),
        ("Finished", ["True", "False", "True"], ("False",)),
        ("Finished", ["1", "1"], ("0",)),
        ("Completed", ["Yes", "Yes"], ("No",)),
        ("is_test", ["no", "yes", "no"], ("yes",)),
    ],
)  # fmt: skip
def test_previews_tests_and_unfinished_rows_are_left_out(name, cells, values) -> None:
    found = response_kind(measure(name, 1, cells))
    assert found is not None
    assert (found.role, found.leave_out) == ("ignore", values)
    n_rows = sum(cell in values for cell in cells)
    assert f"({n_rows} of {len(cells)} looked at)" in found.reason or "none so far" in found.reason


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Status", ["IP Address", "IP Address"]),
        ("Marital status", ["Partial", "Single"]),
        ("Finished", ["At school", "At home"]),
        ("is_test", ["no", "no"]),
        ("test", ["no", "yes"]),
    ],
)
def test_other_columns_decide_about_no_rows(name, cells) -> None:
    assert response_kind(measure(name, 1, cells)) is None


def test_rows_without_a_date_of_handing_in_were_not_handed_in() -> None:
    why = unsubmitted(measure("submitdate", 1, ["2022-02-14", "", ""]))
    assert why == "rows without a date were not handed in and are left out (2 looked at)"
    assert unsubmitted(measure("submitdate", 1, ["2022-02-14"])) is None
    assert unsubmitted(measure("birthday", 1, ["2022-02-14", ""])) is None

"""What people call a document."""

from __future__ import annotations

import pytest

from workbench.domain.documents import document_label


@pytest.mark.parametrize(
    ("respondent", "own", "label"),
    [
        ("R014", "note", "R014"),
        ("R014", None, "R014"),
        (None, "FG1", "FG1"),
        ("", "", "Document 7"),
    ],
)
def test_a_document_is_called_by_its_respondent_then_its_name_then_its_key(
    respondent: str | None, own: str | None, label: str
) -> None:
    assert document_label(7, respondent, own) == label

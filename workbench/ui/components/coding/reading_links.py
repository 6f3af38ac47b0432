"""Links between the pages on which people read: answers, respondents, questions, coding.

In: a key. Out: another page, open at it.
"""

from __future__ import annotations

from typing import NoReturn

from workbench.domain.codings import DocumentFilter
from workbench.ui import state
from workbench.ui.components.coding.document_filter import prepare_filter
from workbench.ui.components.links import go_to


def to_coding(document_id: int) -> NoReturn:
    """Open an answer on the coding page, where nothing is filtered out."""
    prepare_filter("coding", DocumentFilter())
    state.put("coding_view", "read")
    state.put("open_document", document_id)
    go_to("coding")


def to_respondent(respondent_id: int) -> NoReturn:
    """Open a respondent."""
    state.put("open_respondent", respondent_id)
    go_to("respondents")


def to_question(question_id: int) -> NoReturn:
    """Open a question's answers."""
    state.put("open_question", question_id)
    go_to("questions")

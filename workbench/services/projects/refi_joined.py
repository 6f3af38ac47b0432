"""A text for each respondent, in place of one for each answer.

In: sources of typed answers. Out: one source per respondent with all of them, each below its
question; what was coded moved along. Programs that list thousands of small files are easier to
use so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.domain.refi import RefiSelection, RefiSource
from workbench.domain.refi_descriptions import DocumentWords, describe_document
from workbench.domain.text import normalise
from workbench.services.projects.refi_sources import Part
from workbench.services.projects.refi_work import Work

KIND = "answers"
"""What the description of such a text calls it."""


def is_joined(part: Part) -> bool:
    """Tell whether a document goes into its respondent's text: a typed answer without a name."""
    row = part.row
    return row.kind == "answer" and row.respondent_id is not None and not row.ref


def join_answers(work: Work, parts: Sequence[Part]) -> RefiSource:
    """Make one source of a respondent's answers, in their order.

    A code or a memo on a whole answer goes on a selection of all its words.
    """
    text = ""
    selections: list[RefiSelection] = []
    first = parts[0].row
    for part in parts:
        heading = normalise(part.row.question_text or part.row.question)
        before = "\n\n" if text else ""
        text += f"{before}{heading}\n\n" if heading else before
        begin = len(text)
        text += part.source.text
        if part.source.codings or part.source.notes:
            selections.append(
                RefiSelection(
                    part.source.guid,
                    begin,
                    len(text),
                    codings=part.source.codings,
                    notes=part.source.notes,
                )
            )
        selections += [_moved(one, begin) for one in part.source.selections]
    guid = work.ids.claim(work.ids.derived("answers", first.respondent))
    return RefiSource(
        guid,
        "text",
        first.respondent,
        describe_document(DocumentWords(KIND)),
        text,
        f"{guid}.txt",
        made_at=first.created_at,
        selections=tuple(selections),
    )


def _moved(selection: RefiSelection, by: int) -> RefiSelection:
    if selection.start is None or selection.end is None:
        return selection
    return replace(selection, start=selection.start + by, end=selection.end + by)

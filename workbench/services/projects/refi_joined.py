"""A text for each respondent, in place of one for each answer.

In: sources of typed answers. Out: one source per respondent with all of them, each below its
question; what was coded moved along. Programs that list thousands of small files are easier to
use so. `pipelines/ingest/projects/refi_answers.py` takes such a text apart again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.domain.codebook_file import join_items
from workbench.domain.refi import RefiSelection, RefiSource, derived_guid
from workbench.domain.refi_descriptions import (
    ANSWERS,
    DocumentWords,
    describe_answer,
    describe_document,
)
from workbench.domain.refi_terms import file_safe
from workbench.domain.text import normalise
from workbench.domain.turns import BETWEEN
from workbench.services.projects.refi_sources import Part
from workbench.services.projects.refi_work import Work


def is_joined(part: Part) -> bool:
    """Tell whether a document goes into its respondent's text: a typed answer with words."""
    row = part.row
    whose = row.respondent_id is not None and bool(row.question) and not row.ref
    plain = row.translation_of is None and row.answer_kind == "typed"
    return row.kind == "answer" and whose and plain and bool(row.text)


def join_answers(work: Work, parts: Sequence[Part]) -> RefiSource:
    """Make one source of a respondent's answers, in their order.

    Each answer is a selection of all its words; a code or a memo on the whole of it stands there.
    """
    text = ""
    selections: list[RefiSelection] = []
    first = parts[0].row
    for part in parts:
        source = part.source
        heading = normalise(part.row.question_text).strip() or part.row.question
        text += f"{BETWEEN if text else ''}{heading}{BETWEEN}"
        begin = len(text)
        text += source.text
        selections.append(
            RefiSelection(
                source.guid,
                begin,
                len(text),
                source.name,
                describe_answer(part.row.question, part.row.language),
                made_at=source.made_at,
                codings=source.codings,
                notes=source.notes,
            )
        )
        selections += [_moved(one, begin) for one in source.selections]
    case = work.ids.of("case", first.respondent_id or 0, work.ids.derived("case", first.respondent))
    guid = work.ids.claim(derived_guid("answers of", case))
    return RefiSource(
        guid,
        "text",
        file_safe(first.respondent),
        describe_document(DocumentWords(ANSWERS, join_items([one.row.question for one in parts]))),
        text,
        f"{guid}.txt",
        made_at=first.created_at,
        selections=tuple(selections),
    )


def _moved(selection: RefiSelection, by: int) -> RefiSelection:
    if selection.start is None or selection.end is None:
        return selection
    return replace(selection, start=selection.start + by, end=selection.end + by)

"""What the columns of a survey file probably mean, with a reason for each in plain words.

In: a `Grid`. Out: a `Proposal` that a person reads and corrects, and that makes a `Mapping`. First
every column is judged by itself, then those of which there can be one only are chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.ingest import name_hints
from pipelines.ingest.evidence import CODE_LIKE, Evidence, measure
from pipelines.ingest.proposal import ColumnProposal, Proposal, Role
from pipelines.ingest.records import Grid
from pipelines.ingest.role_rules import MOST, first_that_fits

__all__ = ["ColumnProposal", "Proposal", "Role", "propose"]


def propose(grid: Grid) -> Proposal:
    """Propose a role for every column of a grid, from what it holds and what it is called."""
    evidence = [measure(name, place, grid.column(name)) for place, name in enumerate(grid.header)]
    chosen = [first_that_fits(column) for column in evidence]
    chosen = _one_respondent_id(chosen, evidence)
    chosen = _one_submission_time(chosen)
    return Proposal(grid.name, tuple(_with_questions(_with_refs(chosen))))


def _one_respondent_id(
    chosen: Sequence[ColumnProposal], evidence: Sequence[Evidence]
) -> list[ColumnProposal]:
    """Make the column that identifies respondents best their id, if there is one."""
    scores = [_id_score(e) if _may_be_id(c) else 0.0 for c, e in zip(chosen, evidence, strict=True)]
    best = max(range(len(scores)), key=lambda at: scores[at])
    columns = list(chosen)
    if scores[best] > 0:
        columns[best] = ColumnProposal(
            evidence[best].column, "respondent id", _id_reason(evidence[best])
        )
    return columns


def _may_be_id(column: ColumnProposal) -> bool:
    return column.role in ("attribute", "ignore", "open answer") and column.kind in (
        "category",
        "number",
        "ordered",
    )


def _id_score(evidence: Evidence) -> float:
    """Score a column as respondent id; 0 is out of the question."""
    codes = evidence.share(CODE_LIKE.fullmatch)
    named, strongly = (
        name_hints.hints_id(evidence.column),
        name_hints.hints_respondent_id(evidence.column),
    )
    different = evidence.share_different
    if codes < MOST or different < (0.5 if strongly else 0.9 if named else 1.0):
        return 0.0
    if not named and (
        evidence.n_filled < evidence.n_rows
        or evidence.n_rows < 2
        or name_hints.hints_attribute(evidence.column)
        or name_hints.hints_question(evidence.column)
    ):
        return 0.0
    if not named and evidence.share_numbers >= MOST and not _counts_up(evidence):
        return 0.0
    return different + 2 * named + 4 * strongly + (1.0 if evidence.place == 0 else 0.0)


def _counts_up(evidence: Evidence) -> bool:
    """Tell whether the values are whole numbers, each one more than the last, as record numbers."""
    if not all(cell.isdecimal() and len(cell) < 16 for cell in evidence.filled):
        return False
    numbers = [int(cell) for cell in evidence.filled]
    steps = {b - a for a, b in pairwise(numbers)}
    return len(steps) == 1 and 0 not in steps


def _id_reason(evidence: Evidence) -> str:
    if evidence.share_different == 1.0 and evidence.n_filled == evidence.n_rows:
        return "every value is different and short"
    return (
        f"its name says so, and {evidence.n_different} of {evidence.n_filled} values are different"
    )


def _one_submission_time(chosen: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Make one column of dates the time of submission: one that says so, else the first."""
    dates = [at for at, c in enumerate(chosen) if c.role == "attribute" and c.kind == "date"]
    columns = list(chosen)
    if not dates:
        return columns
    told = [at for at in dates if name_hints.hints_submitted(columns[at].column)]
    at = (told or dates)[0]
    reason = "dates, and its name speaks of handing in" if told else "the first column of dates"
    columns[at] = ColumnProposal(columns[at].column, "submitted at", reason)
    return columns


def _with_refs(columns: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Give every question and attribute a short name of its own."""
    taken: dict[Role, set[str]] = {}
    named: list[ColumnProposal] = []
    for column in columns:
        if column.role in ("open answer", "attribute"):
            used = taken.setdefault(column.role, set())
            prefix = "q" if column.role == "open answer" else ""
            ref = name_hints.short_name(column.column, used, prefix)
            used.add(ref)
            column = replace(column, ref=ref)
        named.append(column)
    return named


def _with_questions(columns: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Join each column of voice notes to the question of its number, or to the one before it."""
    answers = [(at, c) for at, c in enumerate(columns) if c.role == "open answer"]
    taken: set[str] = set()
    joined: list[ColumnProposal] = []
    for at, column in enumerate(columns):
        if column.role == "voice note file":
            column = _joined(at, column, answers, taken)
            taken.add(column.question)
        joined.append(column)
    return joined


def _joined(
    at: int, note: ColumnProposal, answers: Sequence[tuple[int, ColumnProposal]], taken: set[str]
) -> ColumnProposal:
    part = name_hints.leading_part(note.column)
    free = [(place, answer) for place, answer in answers if answer.ref not in taken]
    alike = [a for _, a in free if name_hints.leading_part(a.column) == part]
    before = [a for place, a in free if place < at]
    if alike or before:
        answer = alike[0] if alike else before[-1]
        why = f"; the same number as {answer.ref}" if alike else f"; follows {answer.ref}"
        return replace(note, question=answer.ref, reason=note.reason + why)
    ref = name_hints.short_name(note.column, {answer.ref for _, answer in answers} | taken, "q")
    return replace(note, question=ref, reason=note.reason + "; a question of its own")

"""What the columns of a survey file probably mean, with a reason for each in plain words.

In: a `Grid`. Out: a `Proposal` that a person reads and corrects, and that makes a `Mapping`. First
every column is judged by itself, then those of which there can be one only are chosen.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from pipelines.ingest.surveys import name_hints
from pipelines.ingest.surveys.evidence import CODE_LIKE, EMAIL, PHONE, Evidence, measure
from pipelines.ingest.surveys.hinted import from_hint, with_exclusions
from pipelines.ingest.surveys.hints import ColumnHint
from pipelines.ingest.surveys.option_groups import Options, by_place, find_options
from pipelines.ingest.surveys.proposal import ColumnProposal, Proposal, Role
from pipelines.ingest.surveys.role_rules import HALF, MOST, NEARLY_ALL, first_that_fits
from pipelines.ingest.surveys.row_rules import unsubmitted
from pipelines.ingest.tables.records import Grid, shorten

CONTACTS = {"e-mail addresses": EMAIL, "telephone numbers": PHONE}
"""What may be a private id; the first goes before the second."""

__all__ = ["ColumnProposal", "Proposal", "Role", "propose"]


def propose(grid: Grid) -> Proposal:
    """Propose a role for every column of a grid.

    What the layout of a survey tool's export says for certain comes first, then what the columns
    hold and what they are called.
    """
    texts = grid.texts or ("",) * len(grid.header)
    hints = grid.hints or (None,) * len(grid.header)
    evidence = [
        measure(name, at, [cells[at] for _, cells in grid.rows], text=texts[at])
        for at, name in enumerate(grid.header)
    ]
    judged = [seen for seen, hint in zip(evidence, hints, strict=True) if hint is None]
    groups = find_options(judged)
    options = by_place(groups)
    chosen = [
        _first_role(seen, hint, options.get(seen.place))
        for seen, hint in zip(evidence, hints, strict=True)
    ]
    chosen = _with_own_labels(_without_sums(chosen, groups))
    if not any(column.role == "respondent id" for column in chosen):
        chosen = _one_respondent_id(chosen, evidence)
    chosen = _one_submission_time(chosen)
    chosen = _one_about_quoting(chosen)
    chosen = with_exclusions(chosen, grid.exclusions)
    chosen = _with_unsubmitted(chosen, evidence)
    if not any(column.role == "respondent id" for column in chosen):
        chosen = _private_id(chosen, evidence)
    return Proposal(grid.name, tuple(_with_questions(_with_refs(chosen))))


def _first_role(
    evidence: Evidence, hint: ColumnHint | None, option: tuple[str, str] | None
) -> ColumnProposal:
    """Judge a column by itself: by its hint, as an option of a question, or by its content."""
    if hint is not None:
        return from_hint(evidence, hint)
    if option is not None:
        stem, value = option
        return ColumnProposal(
            evidence.column,
            "attribute",
            f"ticked or not: an option of {shorten(stem)!r}",
            kind="multi",
            text=stem,
            stands_for=value,
        )
    return replace(first_that_fits(evidence), text=evidence.text)


def _without_sums(
    chosen: Sequence[ColumnProposal], groups: Sequence[Options]
) -> list[ColumnProposal]:
    """Ignore a column that holds all choices in one cell where each has its own column too."""
    sizes = {group.stem: len(group.values) for group in groups}
    return [
        ColumnProposal(
            column.column,
            "ignore",
            f"the same choices have a column each: {sizes[column.column]} columns beside it",
        )
        if column.role in ("attribute", "open answer") and column.column in sizes
        else column
        for column in chosen
    ]


def _with_own_labels(chosen: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Tell the rows of a matrix apart: they share a wording, and their columns say which is which.

    A column is called after its question and its row then, as in `How was it? - The wait`.
    """
    return [
        replace(column, text=column.column)
        if column.role in ("attribute", "open answer", "voice note file")
        and column.text
        and not column.ref
        and column.column.startswith(f"{column.text} - ")
        else column
        for column in chosen
    ]


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


def _private_id(
    chosen: Sequence[ColumnProposal], evidence: Sequence[Evidence]
) -> list[ColumnProposal]:
    """Where no column is an id, take one that must not be stored: contacts, or time of handing in.

    An e-mail address or a telephone number serves where every row has one; a time serves where
    hardly any is there twice.
    """
    columns = list(chosen)
    both = enumerate(zip(chosen, evidence, strict=True))
    for kind, (at, (column, seen)) in itertools.product(CONTACTS.items(), tuple(both)):
        what, pattern = kind
        share = seen.share(pattern.fullmatch) if column.role != "submitted at" else 0.0
        named = share >= HALF and name_hints.hints_id(seen.column)
        if named or (seen.n_filled == seen.n_rows and share >= NEARLY_ALL):
            why = "by its name" if named else "as the file has no other and every row has it"
            reason = (
                f"a private id, {why}: {what} are not stored, each respondent gets an "
                "id that the workbench makes"
            )
            columns[at] = ColumnProposal(column.column, "respondent id", reason, private=True)
            return columns
    for at, (column, seen) in enumerate(zip(chosen, evidence, strict=True)):
        times = column.role == "submitted at" and seen.share(lambda cell: ":" in cell) >= NEARLY_ALL
        if times and seen.n_filled == seen.n_rows and seen.share_different >= NEARLY_ALL:
            reason = (
                "a private id, as the file has no other: the time of handing in hardly ever "
                "repeats, and each respondent gets an id that the workbench makes of it"
            )
            columns.insert(at, ColumnProposal(column.column, "respondent id", reason, private=True))
            return columns
    return columns


def _one_about_quoting(chosen: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Let the first column that asks about quoting count; others are attributes."""
    columns = list(chosen)
    for at in [at for at, c in enumerate(chosen) if c.role == "may be quoted"][1:]:
        columns[at] = replace(
            columns[at],
            role="attribute",
            values=(),
            grouping=False,
            reason="asks about quoting too; another column decides",
        )
    return columns


def _with_unsubmitted(
    chosen: Sequence[ColumnProposal], evidence: Sequence[Evidence]
) -> list[ColumnProposal]:
    """Leave out rows without a date of handing in, where a tool writes one for finished rows."""
    columns = list(chosen)
    for at, (column, seen) in enumerate(zip(chosen, evidence, strict=True)):
        why = unsubmitted(seen)
        if column.role == "submitted at" and not column.leave_out and why is not None:
            columns[at] = replace(column, leave_out=("",), reason=f"{column.reason}; {why}")
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
    if codes < MOST or different < (0.5 if strongly else 0.7 if named else 1.0):
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
    steps = {b - a for a, b in itertools.pairwise(numbers)}
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
    if not dates or any(column.role == "submitted at" for column in chosen):
        return columns
    told = [at for at in dates if name_hints.hints_submitted(columns[at].column)]
    at = (told or dates)[0]
    reason = "dates, and its name speaks of handing in" if told else "the first column of dates"
    columns[at] = ColumnProposal(columns[at].column, "submitted at", reason)
    return columns


def _with_refs(columns: Sequence[ColumnProposal]) -> list[ColumnProposal]:
    """Give every question and attribute a short name of its own; options share their question's."""
    taken: dict[Role, set[str]] = {}
    shared: dict[tuple[str, str], str] = {}
    named: list[ColumnProposal] = []
    for column in columns:
        if column.role in ("open answer", "attribute"):
            used = taken.setdefault(column.role, set())
            group = (column.ref, column.text)
            if column.stands_for and group in shared:
                ref = shared[group]
            else:
                ref = _free_ref(column, used)
            if column.stands_for:
                shared[group] = ref
            used.add(ref)
            column = replace(column, ref=ref)
        named.append(column)
    return named


def _free_ref(column: ColumnProposal, used: set[str]) -> str:
    prefix = "q" if column.role == "open answer" else ""
    name = column.ref or (column.text if column.stands_for else column.column)
    return name_hints.short_name(name, used, prefix)


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
    free = [(place, answer) for place, answer in answers if answer.ref not in taken]
    stem = name_hints.spoken_stem(note.column)
    namesakes = [a for _, a in free if stem and name_hints.spoken_stem(a.column) == stem]
    if namesakes:
        why = f"; named like {namesakes[0].ref}"
        return replace(note, question=namesakes[0].ref, text="", reason=note.reason + why)
    if note.question and note.question not in taken:  # a question of its own, says the tool
        return note
    part = name_hints.leading_part(note.column)
    numbered = name_hints.is_numbered(note.column)
    alike = [a for _, a in free if name_hints.leading_part(a.column) == part]
    before = [a for place, a in free if place < at] if not numbered else []
    if alike or before:
        answer = alike[0] if alike else before[-1]
        why = f"; the same number as {answer.ref}" if alike else f"; follows {answer.ref}"
        return replace(note, question=answer.ref, reason=note.reason + why)
    name = part if numbered else note.column
    ref = name_hints.short_name(name, {answer.ref for _, answer in answers} | taken, "q")
    text = note.text.removesuffix(" - Name")
    return replace(note, question=ref, text=text, reason=note.reason + "; a question of its own")

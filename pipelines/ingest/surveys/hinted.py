"""From what the layout of a survey tool's export says for certain to a proposal.

In: the hints of a `Grid` and the `Evidence` of its columns. Out: proposals with the tool's reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.ingest.surveys.evidence import Evidence
from pipelines.ingest.surveys.hints import ColumnHint, Exclusion
from pipelines.ingest.surveys.orders import natural_order
from pipelines.ingest.surveys.proposal import ColumnProposal
from pipelines.ingest.surveys.role_rules import about_contacts, first_that_fits, identifying
from pipelines.ingest.surveys.row_rules import consent, quoting


def from_hint(evidence: Evidence, hint: ColumnHint) -> ColumnProposal:
    """Propose what a hint says; what it leaves open comes from the cells.

    To a tool, a question about consent, quoting or the person's name is a question like any other;
    to us it is more.
    """
    column = ColumnProposal(
        evidence.column,
        "attribute" if hint.role == "option" else hint.role,
        hint.reason,
        ref=hint.ref,
        text=hint.question or evidence.text,
    )
    if hint.role == "voice note file":
        return replace(column, ref="", question=hint.ref)
    if hint.role == "option":
        return replace(column, kind="multi", stands_for=hint.value.strip() or evidence.column)
    if hint.role in ("attribute", "open answer"):
        special = quoting(evidence) or consent(evidence) or identifying(evidence)
        if special is not None:
            return special
    if hint.role == "attribute":
        return _attribute(column, evidence, hint)
    if hint.role == "open answer":
        return replace(column, reason=hint.reason + about_contacts(evidence))
    return column


def _attribute(column: ColumnProposal, evidence: Evidence, hint: ColumnHint) -> ColumnProposal:
    column = replace(column, text=evidence.text or hint.question)
    if hint.kind is None:
        seen = first_that_fits(evidence)
        if seen.role == "attribute":
            return replace(
                column,
                kind=seen.kind,
                delimiter=seen.delimiter,
                values=seen.values,
                grouping=seen.grouping,
            )
        return replace(column, grouping=False)
    values = hint.values
    if hint.kind == "ordered" and not values:
        values = natural_order(list(evidence.counts)) or ()
    return replace(
        column,
        kind=hint.kind,
        values=values,
        delimiter=hint.delimiter,
        grouping=hint.kind not in ("number", "date"),
    )


def with_exclusions(
    columns: Sequence[ColumnProposal], exclusions: Sequence[Exclusion]
) -> list[ColumnProposal]:
    """Add the rows that a tool marks as none of a respondent's to the columns that mark them."""
    found = list(columns)
    for exclusion in exclusions:
        at = next((at for at, c in enumerate(found) if c.column == exclusion.column), None)
        if at is not None:
            column = found[at]
            values = dict.fromkeys((*column.leave_out, *exclusion.values))
            reason = f"{column.reason}; {exclusion.reason}" if column.reason else exclusion.reason
            found[at] = replace(column, leave_out=tuple(values), reason=reason)
    return found

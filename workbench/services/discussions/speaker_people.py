"""A table of participants beside transcripts that a person settles before they come in.

In: the table, and what is proposed of one transcript's speakers. Out: the proposal with what the
table says; the table again with what the person has made of it, for `ingest_transcript`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.ingest.discussions.people_table import PersonRow
from workbench.domain.documents import BadRow
from workbench.domain.words import count
from workbench.services import files
from workbench.services.discussions.participants import (
    Matched,
    PeopleTable,
    match_people,
    read_people,
)
from workbench.services.discussions.speaker_plans import SpeakerPlan
from workbench.services.discussions.speaker_proposals import Proposal, ProposedSpeaker

__all__ = ["Linked", "PeopleTable", "link", "open_table", "rows_to_look_at", "settled"]


@dataclass(frozen=True, slots=True)
class Linked:
    """A proposal with what a table says of these speakers."""

    proposal: Proposal
    matched: Matched


def open_table(content: bytes, name: str) -> PeopleTable:
    """Read a table of participants; raises InputError where no column says who is meant."""
    return read_people(files.read_table(content, name))


def link(proposal: Proposal, people: PeopleTable, *, shared: Collection[str] = ()) -> Linked:
    """Give a proposal with the respondents and roles of a table.

    Parameters
    ----------
    shared
        Labels that several of the groups have that come in together, as `shared_labels` gives them.
    """
    standing = {item.plan.name for item in proposal.speakers if item.known}
    matched = match_people(
        proposal.plans, people, group=proposal.name, settled=standing, shared=shared
    )
    speakers = tuple(
        replace(item, plan=plan, why=f"As {_source(people, matched, plan)} has it.")
        if plan != item.plan or plan.respondent in matched.values
        else _beside(item, people, matched)
        for item, plan in zip(proposal.speakers, proposal.planned(matched.plans), strict=True)
    )
    return Linked(replace(proposal, speakers=speakers), matched)


def _beside(item: ProposedSpeaker, people: PeopleTable, matched: Matched) -> ProposedSpeaker:
    """Ask about somebody who speaks, and is not in the table of those who took part."""
    plan = item.plan
    if item.known or not matched.used or plan.role != "participant" or not plan.respondent:
        return item
    return replace(item, why=f"{item.why} Not in {people.source}: do they lead the group?".strip())


def _source(people: PeopleTable, matched: Matched, plan: SpeakerPlan) -> str:
    row = matched.values.get(plan.respondent or "")
    return (row.origin if row is not None else "") or people.source


def settled(people: PeopleTable, linked: Linked, plans: Sequence[SpeakerPlan]) -> PeopleTable:
    """Give the rows of these speakers, by the respondents that they have in the end.

    What a person has set goes before the table: a row goes along with its speaker, and one whose
    speaker counts for nobody has nobody to tell of.
    """
    by_name = {name: plan for plan in plans for name in plan.names}
    rows: dict[str, PersonRow] = {}
    for plan in linked.matched.plans:
        row = linked.matched.values.get(plan.respondent or "")
        final = by_name.get(plan.names[0])
        if row is None or final is None or not final.respondent:
            continue
        if final.role == "participant":
            rows.setdefault(
                final.respondent,
                replace(
                    row,
                    speaker="",
                    key="",
                    group="",
                    shown="",
                    role=None,
                    respondent=final.respondent,
                ),
            )
    return replace(people, rows=tuple(rows.values()), bad_rows=())


def of_another_group(people: PeopleTable) -> str:
    """Say that no row of a table is about anybody who speaks."""
    rows = count(len(people.rows), "row")
    return (
        f"{people.source} seems to be about another group: none of its {rows} is about anybody who "
        "speaks in these files."
    )


def is_of_another_group(people: PeopleTable, matches: Iterable[Matched]) -> bool:
    """Tell whether no row of a table is about anybody who speaks in the transcripts."""
    found = list(matches)
    return bool(people.rows and found) and not any(item.used or item.bad_rows for item in found)


def rows_to_look_at(people: PeopleTable, matches: Iterable[Matched]) -> list[BadRow]:
    """Give the rows that could not be used, those about nobody in any transcript among them."""
    found = list(people.bad_rows)
    used: set[int] = set()
    strange: dict[int, BadRow] = {}
    for item in matches:
        found += item.bad_rows
        used |= item.used | {bad.row for bad in item.bad_rows}
        strange |= {bad.row: bad for bad in item.strange}
    for row in people.rows if used else ():
        if row.row not in used:
            away = f"there is no focus group {row.group[:100]!r} among the files."
            found.append(strange.get(row.row) or BadRow(row.row, None, away))
    return sorted(set(found), key=lambda bad: (bad.row, bad.message))

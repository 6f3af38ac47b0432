"""What to say of a REFI-QDA export: what is in the file, and what no other program has a place for.

In: what was collected and written. Out: counts and sentences.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pipelines.export.projects.refi_xml import RefiReport
from workbench.domain.words import count
from workbench.services.projects.refi_collect import Collected, all_codes
from workbench.store.coding import flagged
from workbench.store.projects import refi_losses
from workbench.store.projects.refi_rows import PersonRow

CAUTION = (
    "The file holds participants' words and the names of coders. Send it on as you would send "
    "the study itself."
)
NAMED = 3
_LOSSES = {
    "identifying": ("identifying attribute", ", on purpose", ", on purpose"),
    "derived": ("rule that makes an attribute from another", "", ""),
    "submitted": ("date of submission", "", ""),
    "awaited": ("name of a recording that is awaited", "", ""),
    "done": ("first reading that was done", "; agreement is measured on these",
             "; agreement is measured on these"),
    "assigned": ("document given out to a coder", "", ""),
    "stars": ("star on a quote", "", ""),
    "settled": ("settled difference", " is told by the consensus alone, without its note",
                " are told by the consensus alone, without their notes"),
    "versions": ("named version of the codebook", "; the file has today's",
                 "; the file has today's"),
    "texts": ("earlier text", "", ""),
    "heard": ("segment of a transcript", " loses the times of single words",
              " lose the times of single words"),
    "unmatched": ("recording that is nobody's yet", "", ""),
    "voice_memos": ("recording of a spoken memo", "; the words are there",
                    "; the words are there"),
    "filters": ("saved filter", "", ""),
}  # fmt: skip
_PLURALS = {
    "derived": "rules that make attributes from others",
    "awaited": "names of recordings that are awaited",
    "submitted": "dates of submission",
    "done": "first readings that were done",
    "assigned": "documents given out to coders",
    "stars": "stars on quotes",
    "versions": "named versions of the codebook",
    "heard": "segments of transcripts",
    "unmatched": "recordings that are nobody's yet",
    "voice_memos": "recordings of spoken memos",
}


@dataclass(frozen=True, slots=True)
class RefiExport:
    """What was written. `left_out` names what is not in the file, `remarks` are on the rest.

    `astral` names texts with emoji and the like, where the profile matters.
    """

    n_users: int = 0
    n_codes: int = 0
    n_variables: int = 0
    n_cases: int = 0
    n_sources: int = 0
    n_recordings: int = 0
    n_codings: int = 0
    n_memos: int = 0
    n_sets: int = 0
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    astral: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON."""
        return asdict(self)


def report_of(
    found: Collected, written: RefiReport, losses: tuple[str, ...], remarks: tuple[str, ...]
) -> RefiExport:
    """Put together what to say."""
    project = found.project
    return RefiExport(
        len(project.users),
        all_codes(project.codes),
        len(project.variables),
        len(project.cases),
        sum(source.kind == "text" for source in project.sources),
        sum(source.kind != "text" for source in project.sources),
        written.n_codings,
        len(project.notes),
        len(project.sets),
        (*losses, *found.work.left_out.sentences(), *written.left_out),
        (*remarks, *found.work.remarks.sentences(), *_astral(written.astral), *written.remarks),
        written.astral,
    )


def _astral(names: tuple[str, ...]) -> tuple[str, ...]:
    """Say that NVivo on Windows counts otherwise in these texts."""
    if not names:
        return ()
    told = ", ".join(names[:NAMED]) + (" and others" if len(names) > NAMED else "")
    what = count(len(names), "text has", "texts have")
    return (
        f"{what} emoji or rare scripts: {told}. NVivo on Windows counts these double, so codings "
        "after them fit there only with the profile for NVivo, and elsewhere only without it.",
    )


def losses_of(found: Collected) -> tuple[str, ...]:
    """Say what stays behind, with counts; read in the transaction of the export."""
    work = found.work
    counts = refi_losses.count_losses(work.connection, work.study_id, work.sight)
    said = []
    n = flagged.count_flagged(work.connection, work.study_id, work.actor.id)
    if n:
        what = count(n, "coding that must", "codings that must")
        said.append(f"{what} be placed again first.")
    for name, (one, is_one, are_many) in _LOSSES.items():
        n = counts[name]
        if n:
            what = count(n, one, _PLURALS.get(name, f"{one}s"))
            said.append(f"{what}{is_one if n == 1 else are_many}.")
    said.append("The trail: who changed what, and when.")
    return tuple(said)


def remarks_on(found: Collected, people: list[PersonRow]) -> tuple[str, ...]:
    """Say what a person should know of the file before passing it on."""
    said = []
    n = sum(person.may_be_quoted is False for person in people)
    if n:
        who = count(n, "respondent", "respondents")
        said.append(f"{who} said that they may not be quoted. Their words are in the file; the "
                    'variable "May be quoted" is false for them.')  # fmt: skip
    if not found.work.sight.hides_nothing:
        said.append("Documents are coded blind in this study: what others have coded there and you "
                    "may not see yet is not in the file.")  # fmt: skip
    return tuple(said)

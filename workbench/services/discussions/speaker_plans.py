"""Who the speakers of a discussion are to be, and what bringing in its transcript did.

In: what a person says of speakers. Out: plans that do not contradict each other; a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, get_args

from pipelines.ingest.discussions.people_table import ROW_STEP
from workbench.domain.documents import BadRow
from workbench.domain.speaker_names import MAX_NAME
from workbench.domain.text import normalise
from workbench.domain.turns import Speaker, SpeakerRole
from workbench.errors import InputError
from workbench.services.surveys.ingest_report import without_words
from workbench.store import studies
from workbench.store.discussions import speakers
from workbench.store.engine import Connection
from workbench.store.surveys import surveys
from workbench.store.surveys.surveys import NewPerson
from workbench.store.team.people import one_line

ROLES: tuple[SpeakerRole, ...] = get_args(SpeakerRole)


@dataclass(frozen=True, slots=True)
class SpeakerPlan:
    """Who one speaker is to be: several names of the file may be one person.

    `name` is what is shown, `names` are those of the file; where speakers of a group that is there
    are settled, those that are shown so far. `respondent` is the ref of somebody in the study, or
    of somebody to be made; None leaves it open whose words these are.
    """

    name: str
    names: tuple[str, ...]
    role: SpeakerRole = "participant"
    respondent: str | None = None


@dataclass
class TranscriptReport:
    """What bringing in one transcript did."""

    name: str
    document_id: int = 0
    outcome: str = "new"  # new, changed or unchanged
    turns: int = 0
    words: int = 0
    speakers: int = 0
    words_of_nobody: int = 0
    respondents_new: list[str] = field(default_factory=list)
    values_changed: int = 0
    values_set_by_hand: int = 0
    codings_kept: int = 0
    codings_flagged: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON."""
        return asdict(self)

    def as_record(self, *, with_codings: bool = True) -> dict[str, Any]:
        """Give the report as it is kept, for everybody: new respondents are a number there.

        `with_codings` keeps the counts of codings, which are those that one person may see.
        """
        values = self.as_dict()
        values["respondents_new"] = len(self.respondents_new)
        if not with_codings:
            del values["codings_kept"], values["codings_flagged"]
        for bad in values["bad_rows"]:
            bad["row"] %= ROW_STEP
            bad["message"] = without_words(bad["message"])
        return values


def checked(plans: Sequence[SpeakerPlan]) -> list[SpeakerPlan]:
    """Give plans with tidy names.

    Raises
    ------
    InputError
        When a name is empty or too long, or the plans contradict each other.
    """
    shown: set[str] = set()
    taken: set[str] = set()
    found: list[SpeakerPlan] = []
    for plan in plans:
        name = of_bearable_length("a speaker's name", plan.name)
        if name in shown:
            raise InputError(
                f"two speakers are called {name!r}.",
                hint="Give one of them another name, or make them one person.",
            )
        twice = taken & set(plan.names)
        if twice:
            raise InputError(f"{sorted(twice)[0]!r} is said to be two people.")
        if plan.role not in ROLES:
            raise InputError(f"{plan.role!r} is no role of a speaker.", hint=f"Use {ROLES}.")
        shown.add(name)
        taken |= set(plan.names)
        found.append(replace(plan, name=name, respondent=_respondent(plan)))
    return found


def twice_linked(plans: Sequence[SpeakerPlan]) -> list[str]:
    """Warn of speakers with two names who are one respondent."""
    names: dict[str, list[str]] = {}
    for plan in plans:
        if plan.respondent:
            names.setdefault(plan.respondent, []).append(plan.name)
    return [
        f"{', '.join(shown[:-1])} and {shown[-1]} are one respondent, {ref}, and count once. If "
        "they are one person, show one name; else give each an id of their own."
        for ref, shown in names.items()
        if len(shown) > 1
    ]


def _respondent(plan: SpeakerPlan) -> str | None:
    if plan.role != "participant" or not (plan.respondent or "").strip():
        return None
    ref = normalise(plan.respondent or "").strip()  # as surveys write them: blanks inside stay
    if len(ref) > MAX_NAME:
        raise _too_long("a respondent's id", ref)
    return ref


def of_bearable_length(what: str, name: str) -> str:
    """Give a name on one line; raises InputError when it is empty or too long to be kept."""
    tidy = one_line(name)
    if not tidy or len(tidy) > MAX_NAME:
        raise _too_long(what, tidy)
    return tidy


def _too_long(what: str, name: str) -> InputError:
    return InputError(
        f"{what} has 1 to {MAX_NAME} characters, not {len(name):,}.", hint="Choose another one."
    )


def checked_day(day: str) -> str:
    """Give a day as it is kept, YYYY-MM-DD, or nothing; raises InputError when it is none."""
    told = day.strip()
    try:
        return date.fromisoformat(told).isoformat() if told else ""
    except ValueError:
        raise InputError(f"{told[:30]!r} is not a day.", hint="Write it as 2022-02-14.") from None


def ensure_people(
    connection: Connection, study_id: int, batch_id: int | None, plans: Sequence[SpeakerPlan]
) -> tuple[dict[str, int], list[str]]:
    """Find the respondents of plans and make those who are new; give keys by ref, and who is new.

    Raises
    ------
    InputError
        When one of them has withdrawn: their words must not come back.
    """
    wanted = list(dict.fromkeys(plan.respondent for plan in plans if plan.respondent))
    found = surveys.find_people(connection, study_id, wanted)
    gone = next((item.ref for item in found if item.withdrawn), None)
    if gone is not None:
        raise InputError(
            f"the respondent {gone} has withdrawn, and their words must not come back.",
            hint="Take their words out of the file.",
        )
    known = {item.ref: item.id for item in found}
    new = [ref for ref in wanted if ref not in known]
    keys = surveys.add_people(connection, study_id, batch_id, [NewPerson(ref) for ref in new])
    return known | dict(zip(new, keys, strict=True)), new


def as_speakers(
    connection: Connection,
    study_id: int,
    plans: Sequence[SpeakerPlan],
    respondents: dict[str, int],
    before: Sequence[Speaker],
) -> list[Speaker]:
    """Make speakers of plans; names under which an earlier file knew them stay known.

    Parameters
    ----------
    before
        Who spoke in the group until now.
    """
    secret = studies.digest_key(connection, study_id)
    claimed: dict[str, str] = {}
    for plan in plans:
        for given in plan.names:
            claimed.setdefault(speakers.digest_of(secret, given), plan.name)
    for old in before:
        heirs = {claimed[digest] for digest in old.known_as if digest in claimed}
        if len(heirs) == 1:
            claimed = {**dict.fromkeys(old.known_as, heirs.pop()), **claimed}
    mine: dict[str, list[str]] = {}
    for digest, name in claimed.items():
        mine.setdefault(name, []).append(digest)
    return [
        Speaker(
            plan.name,
            plan.role,
            respondents[plan.respondent] if plan.respondent else None,
            tuple(sorted(mine.get(plan.name, ()))),
        )
        for plan in plans
    ]

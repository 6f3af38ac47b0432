"""Transcription equity: whose speech the machine gets wrong, as far as checked notes can tell.

In: a study and what to group by. Out: for each group the share of the machine's words that people
changed, and the word error rate, with intervals; groups of few people hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipelines.summarise.word_errors import word_errors
from workbench.domain.codings import Actor
from workbench.domain.documents import NOT_STATED
from workbench.domain.equity import (
    MIN_RESPONDENTS,
    NO_RATE,
    Rate,
    WordErrors,
    hidden_groups,
    pooled_rate,
)
from workbench.domain.words import count
from workbench.errors import InputError
from workbench.services.counting.summarise import list_groups
from workbench.services.voice_notes.models import sample_allowed_in
from workbench.services.voice_notes.transcribe import languages_by_code
from workbench.store import studies
from workbench.store.engine import Database
from workbench.store.voice_notes import equity as store

LANGUAGE = "language"
"""Groups by the language of the note, instead of an attribute of the respondent."""
UNKNOWN = "Unknown"
EVERYBODY = "All notes"

Hidden = Literal["", "small", "complement"]
"""Why a group is not shown: it is small, or a small one could be worked out from it."""


@dataclass(frozen=True, slots=True)
class EquityRow:
    """One group. Where it is hidden, it holds its name and no number."""

    group: str
    hidden: Hidden = ""
    respondents: int | None = None
    notes: int | None = None
    drafts: int | None = None
    words: WordErrors | None = None
    correction: Rate = NO_RATE
    wer: Rate = NO_RATE
    cer: float | None = None


@dataclass(frozen=True, slots=True)
class EquityReport:
    """What checked notes tell, by group and over all."""

    study: str
    by: str
    title: str
    total: EquityRow
    rows: tuple[EquityRow, ...]
    is_sample: bool
    cautions: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values."""
        return {
            "study": self.study,
            "by": self.by,
            "minimum_respondents": MIN_RESPONDENTS,
            "total": _row_values(self.total),
            "rows": [_row_values(row) for row in self.rows],
            "cautions": list(self.cautions),
        }


@dataclass(slots=True)
class _Tally:
    """Counts of one group while notes are read."""

    people: dict[int, WordErrors] = field(default_factory=dict)
    notes: int = 0
    drafts: int = 0

    def add(self, note: store.SpokenNote, errors: WordErrors | None) -> None:
        if errors is None:
            self.drafts += 1
            return
        self.notes += 1
        self.people[note.respondent_id] = self.people.get(note.respondent_id, WordErrors()) + errors


def list_by(actor: Actor, database: Database, study_id: int) -> dict[str, str]:
    """Give what the report can be grouped by: titles by name, the language last."""
    groups = {item.name: item.title for item in list_groups(actor, database, study_id)}
    return {**groups, LANGUAGE: "Language of the note"}


def equity_report(
    actor: Actor, database: Database, study_id: int, *, by: str = LANGUAGE
) -> EquityReport:
    """Compare the machine's words with the checked ones, pooled within each group.

    Raises
    ------
    InputError
        When the study has no grouping attribute of that name.
    """
    attributes = {item.name: item for item in list_groups(actor, database, study_id)}
    known = list_by(actor, database, study_id)
    if by not in known:
        raise InputError(
            f"there is no attribute {by!r} to group by.", hint=f"Choose from: {', '.join(known)}."
        )
    total, tallies = _Tally(), dict[str, _Tally]()
    with database.read() as connection:
        groups: Mapping[int, tuple[str, ...]] = {}
        order: Sequence[str] = ()
        if by in attributes and by != LANGUAGE:
            groups = store.groups_by_respondent(connection, attributes[by].attribute_id)
            order = attributes[by].values
        for note in store.spoken_notes(connection, study_id):
            errors = word_errors(note.machine, note.checked) if note.is_checked else None
            total.add(note, errors)
            for name in _groups_of(note, by, groups):
                tallies.setdefault(name, _Tally()).add(note, errors)
        is_sample = sample_allowed_in(connection, study_id)
        study = studies.get_study(connection, study_id).name
    names = [name for name in order if name in tallies]
    names += sorted(tallies.keys() - set(names))
    overlap = by in attributes and by != LANGUAGE and attributes[by].several
    rows = tuple(_rows(names, tallies))
    everybody = _row(EVERYBODY, total, _small(total))
    return EquityReport(
        study, by, known[by], everybody, rows, is_sample,
        tuple(_cautions(everybody, total, rows, is_sample=is_sample, overlap=overlap)),
    )  # fmt: skip


def _groups_of(
    note: store.SpokenNote, by: str, groups: Mapping[int, tuple[str, ...]]
) -> tuple[str, ...]:
    if by == LANGUAGE:
        return (languages_by_code().get(note.language, note.language) or UNKNOWN,)
    return groups.get(note.respondent_id, (NOT_STATED,))


def _small(tally: _Tally) -> Hidden:
    return "small" if 0 < len(tally.people) < MIN_RESPONDENTS else ""


def _rows(names: Sequence[str], tallies: Mapping[str, _Tally]) -> Iterator[EquityRow]:
    hidden = hidden_groups({name: len(tallies[name].people) for name in names})
    for name in names:
        why: Hidden = _small(tallies[name]) or ("complement" if name in hidden else "")
        yield _row(name, tallies[name], why)


def _row(name: str, tally: _Tally, why: Hidden) -> EquityRow:
    if why:
        return EquityRow(name, why)
    people = list(tally.people.values())
    words = sum(people, WordErrors())
    return EquityRow(
        name,
        respondents=len(people),
        notes=tally.notes,
        drafts=tally.drafts,
        words=words,
        correction=pooled_rate([(one.changed, one.machine_words) for one in people], at_most=1),
        wer=pooled_rate([(one.errors, one.checked_words) for one in people]),
        cer=words.character_errors / words.characters if words.characters else None,
    )


def _cautions(
    total: EquityRow, tally: _Tally, rows: Sequence[EquityRow], *, is_sample: bool, overlap: bool
) -> Iterator[str]:
    if is_sample:
        yield (
            "This is a sample study. Its recordings are synthetic, and the sample model knows 40 "
            "sentences only: its errors say nothing about speech recognition or about people."
        )
    if not tally.notes:
        yield "No transcript is checked yet: check some by ear first."
    elif tally.drafts:
        yield (
            f"{count(tally.drafts, 'transcript is', 'transcripts are')} not checked and not "
            "counted. Only checked notes can tell, and they tell about all only if they were "
            "chosen without regard to how well the machine did."
        )
    if any(row.hidden for row in rows) or total.hidden:
        yield (
            f"Groups with fewer than {MIN_RESPONDENTS} respondents are hidden, and another one "
            "where a hidden group could be worked out from the rest."
        )
    if overlap:
        yield "A respondent may be in several groups: the groups do not add up to all."
    if any(row.correction.value is not None and row.correction.low is None for row in rows):
        yield "No interval where respondents do not differ, as where no word was changed."


def in_words(report: EquityReport) -> list[str]:
    """Say the report in sentences, with care."""
    total = report.total
    if total.hidden or total.correction.value is None or total.notes is None:
        return []
    lines = [
        f"Of 100 words that the machine wrote, people changed {_of_100(total.correction)}, in "
        f"{count(total.notes, 'checked note')} of {count(total.respondents or 0, 'respondent')}."
    ]
    shown = [row for row in report.rows if row.correction.value is not None]
    if len(shown) < 2:
        return lines
    shown.sort(key=lambda row: row.correction.value or 0.0)
    low, high = shown[0], shown[-1]
    if low.correction.value == high.correction.value:
        return lines
    lines.append(
        f"Least was changed in {low.group} ({_of_100(low.correction)}), most in {high.group} "
        f"({_of_100(high.correction)}). {_apart(low.correction, high.correction)}"
    )
    return lines


def _of_100(rate: Rate) -> str:
    if rate.value is None:
        return "none"
    said = f"{100 * rate.value:.1f}"
    if rate.low is None or rate.high is None:
        return said
    return f"{said}, 95 % interval {100 * rate.low:.1f} to {100 * rate.high:.1f}"


def _apart(low: Rate, high: Rate) -> str:
    if low.high is None or high.low is None:
        return "There is no interval to tell whether that is more than chance."
    if low.high >= high.low:
        return "Their intervals overlap: the difference may be chance."
    return (
        "Their intervals do not overlap. The two were picked as the furthest apart, and the "
        "recordings, the topics and who checked them may differ too."
    )


def percent(rate: Rate) -> tuple[str, str]:
    """Write a rate as "12.3 %" and its interval as "8.0-16.5 %"; empty where there is none."""
    if rate.value is None:
        return "\u2013", ""
    value = f"{100 * rate.value:.1f} %"
    if rate.low is None or rate.high is None:
        return value, "no interval"
    return value, f"{100 * rate.low:.1f}\u2013{100 * rate.high:.1f} %"


def _row_values(row: EquityRow) -> dict[str, Any]:
    words = row.words
    return {
        "group": row.group,
        "hidden": row.hidden or None,
        "respondents": row.respondents,
        "notes_checked": row.notes,
        "notes_not_checked": row.drafts,
        "machine_words": words.machine_words if words else None,
        "checked_words": words.checked_words if words else None,
        "substituted": words.substituted if words else None,
        "deleted": words.deleted if words else None,
        "inserted": words.inserted if words else None,
        "correction_rate": row.correction.value,
        "correction_low": row.correction.low,
        "correction_high": row.correction.high,
        "wer": row.wer.value,
        "wer_low": row.wer.low,
        "wer_high": row.wer.high,
        "cer": row.cer,
    }

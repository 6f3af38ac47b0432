"""Rules that tell a column's role from what it holds and what it is called.

In: the `Evidence` of one column. Out: the proposal of the first rule that fits, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipelines.ingest.surveys import name_hints, row_rules
from pipelines.ingest.surveys.evidence import (
    AUDIO,
    CODE_LIKE,
    COORDINATES,
    EMAIL,
    HANDLE,
    NETWORK_ADDRESS,
    PERSON_NAME,
    PHONE,
    POSTCODE,
    Evidence,
    tokens,
)
from pipelines.ingest.surveys.orders import natural_order
from pipelines.ingest.surveys.proposal import ColumnProposal

MOST = 0.8
"""Share of the cells that make a kind of content likely: forms collect slips too."""
NEARLY_ALL = 0.95
HALF = 0.5
SOME = 0.2
FEW_VALUES = 30
MAX_GROUP_WORDS = 12

WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
OTHER_IN_WORDS = frozenset(("other", "others", "none", "yes", "no"))
"""What stands in a column that says "other" where it is a choice, not the words beside it."""

Rule = Callable[[Evidence], ColumnProposal | None]


def first_that_fits(evidence: Evidence) -> ColumnProposal:
    """Return the proposal of the first rule that fits; a column that none fits is ignored."""
    for rule in RULES:
        if (column := rule(evidence)) is not None:
            return column
    return ColumnProposal(
        evidence.column, "ignore", "many short values that are neither groups nor answers"
    )


def identifying(evidence: Evidence) -> ColumnProposal | None:
    """Propose to keep a column out that names or reaches people, by its content or its name."""
    return _identifying_content(evidence) or _identifying_name(evidence)


def about_contacts(evidence: Evidence) -> str:
    """Say how many cells hold a way to reach a person among other words; empty if none does."""
    if not evidence.n_contacts:
        return ""
    cells = "1 cell holds" if evidence.n_contacts == 1 else f"{evidence.n_contacts} cells hold"
    return f"; {cells} an e-mail address or a telephone number"


def _empty(evidence: Evidence) -> ColumnProposal | None:
    if evidence.filled:
        return None
    return ColumnProposal(evidence.column, "ignore", "every cell is empty")


def _voice_notes(evidence: Evidence) -> ColumnProposal | None:
    if evidence.share(AUDIO.fullmatch) < MOST:
        return None
    endings = sorted(
        {match[1].lower() for cell in evidence.filled if (match := AUDIO.fullmatch(cell))}
    )
    return ColumnProposal(
        evidence.column,
        "voice note file",
        f"file names ending in {', '.join('.' + ending for ending in endings)}",
    )


def _uploads(evidence: Evidence) -> ColumnProposal | None:
    """Propose for addresses of uploaded files: recordings, where the question asks for one."""
    if evidence.share(WEB_ADDRESS.fullmatch) < MOST:
        return None
    if evidence.hinted(name_hints.hints_recording):
        return ColumnProposal(evidence.column, "voice note file", "addresses of recordings")
    if evidence.hinted(name_hints.hints_upload):
        return ColumnProposal(evidence.column, "ignore", "addresses of uploaded files")
    return None


def _other_words(evidence: Evidence) -> ColumnProposal | None:
    """Propose for the words beside "Other", which few write: answers however short they are."""
    if not evidence.hinted(name_hints.hints_other) or evidence.n_filled > HALF * evidence.n_rows:
        return None
    values = {cell.casefold() for cell in evidence.counts}
    if values & OTHER_IN_WORDS or not evidence.share(_has_letter):
        return None
    return _open_answer(evidence, "its name speaks of 'other', and few have written there")


def _has_letter(cell: str) -> bool:
    return any(character.isalpha() for character in cell)


def _identifying_content(evidence: Evidence) -> ColumnProposal | None:
    kinds = (
        (EMAIL, "looks like e-mail addresses"),
        (NETWORK_ADDRESS, "looks like network addresses"),
        (PHONE, "looks like telephone numbers"),
        (POSTCODE, "looks like full postcodes"),
        (COORDINATES, "looks like places on a map"),
        (HANDLE, "looks like names of accounts"),
    )
    numbered = name_hints.hints_id(evidence.column)
    for pattern, reason in kinds:
        if numbered and pattern is PHONE:
            continue  # record numbers such as 0012345678
        if evidence.share(pattern.fullmatch) >= MOST and not _is_plain_date(evidence):
            return ColumnProposal(evidence.column, "identifying", reason)
    share = evidence.share(
        lambda cell: EMAIL.fullmatch(cell) or (not numbered and PHONE.fullmatch(cell))
    )
    enough = SOME if evidence.hinted(name_hints.hints_contact) else HALF
    if share >= enough and not _is_plain_date(evidence):
        reason = "many cells are e-mail addresses or telephone numbers"
        return ColumnProposal(evidence.column, "identifying", reason)
    return None


def _is_plain_date(evidence: Evidence) -> bool:
    return evidence.share_dates >= MOST


def _identifying_name(evidence: Evidence) -> ColumnProposal | None:
    if not evidence.hinted(name_hints.hints_identifying) or evidence.median_words > 12:
        return None
    return ColumnProposal(
        evidence.column, "identifying", "its name says that it names or reaches a person"
    )


def _names_of_people(evidence: Evidence) -> ColumnProposal | None:
    looks = evidence.n_filled >= 20 and evidence.share_different >= 0.9
    hinted = evidence.hinted(name_hints.hints_attribute)
    if not looks or hinted or evidence.share(PERSON_NAME.fullmatch) < 0.9:
        return None
    return ColumnProposal(evidence.column, "identifying", "looks like names of people")


def _dates(evidence: Evidence) -> ColumnProposal | None:
    if evidence.share_dates < MOST:
        return None
    if evidence.hinted(name_hints.hints_birth):
        return ColumnProposal(evidence.column, "identifying", "dates of birth")
    return ColumnProposal(evidence.column, "attribute", "dates", kind="date", grouping=False)


def _numbers(evidence: Evidence) -> ColumnProposal | None:
    if evidence.share_numbers < NEARLY_ALL:
        return None
    if evidence.n_filled >= 20 and (steps := _scale_points(evidence)):
        return ColumnProposal(
            evidence.column,
            "attribute",
            f"whole numbers from {steps[0]} to {steps[-1]}, as on a scale",
            kind="ordered",
            values=steps,
        )
    return ColumnProposal(
        evidence.column,
        "attribute",
        f"numbers, {evidence.n_different} different",
        kind="number",
        grouping=False,
    )


def _scale_points(evidence: Evidence) -> tuple[str, ...]:
    """Give the values from low to high where they are a few whole numbers from 0 to 10."""
    if not 2 <= evidence.n_different <= 11 or not all(map(str.isdecimal, evidence.counts)):
        return ()
    points = sorted(evidence.counts, key=lambda cell: (int(cell[:4]), cell))
    return tuple(points) if int(points[-1][:4]) <= 10 else ()


def _several_values(evidence: Evidence) -> ColumnProposal | None:
    for delimiter in (";", "|", ",", "\n"):
        parts = tokens(evidence, delimiter)
        if parts is None or not _is_choice(evidence, delimiter):
            continue
        values = tuple(sorted(parts.counts, key=str.casefold))
        return ColumnProposal(
            evidence.column,
            "attribute",
            f"several of {len(values)} values in one cell, parted by {_named(delimiter)}",
            kind="multi",
            delimiter=delimiter,
            values=values,
        )
    return None


def _named(delimiter: str) -> str:
    names = {";": "semicolons", "|": "vertical bars", ",": "commas", "\n": "line breaks"}
    return names[delimiter]


def _is_choice(evidence: Evidence, delimiter: str) -> bool:
    """Tell a multi-select from prose and from single values that happen to hold the sign."""
    parts = tokens(evidence, delimiter)
    if parts is None or len(parts.counts) > 2 * FEW_VALUES:
        return False
    short = sum(n for part, n in parts.counts.items() if len(part.split()) <= 6)
    if short < NEARLY_ALL * parts.counts.total() or parts.repeated_share < 0.4:
        return False
    if delimiter in ";|":
        return True
    # commas also stand inside names of single groups, which then recur as a whole
    combined = sum(1 for value in evidence.counts if delimiter in value)
    return combined > 1 and parts.n_cells >= 2 and _recombine(evidence, delimiter)


def _recombine(evidence: Evidence, delimiter: str) -> bool:
    """Tell whether the parts occur in different company: alone, or beside different others."""
    company: dict[str, set[str]] = {}
    for value in evidence.counts:
        parts = [part.strip() for part in value.split(delimiter) if part.strip()]
        for part in parts:
            company.setdefault(part, set()).add(value)
    several = sum(len(values) > 1 for values in company.values())
    return several >= 0.6 * len(company)


def _open_answers(evidence: Evidence) -> ColumnProposal | None:
    words, share = evidence.median_words, evidence.share_different
    asked = evidence.hinted(name_hints.hints_question)
    grouped = evidence.hinted(name_hints.hints_attribute) and not asked
    long_enough = words >= 15 or words >= (3 if asked else MAX_GROUP_WORDS if grouped else 6)
    if share == 1.0 and words >= 4 and not grouped:  # a few answers, some of them short
        long_enough = long_enough or max(evidence.words) >= 6
    if share >= 0.9 and evidence.hinted(name_hints.hints_opinion):
        mean = sum(evidence.words) / len(evidence.words)
        long_enough = long_enough or (mean >= 2 and max(evidence.words) >= 4)
    if evidence.n_different <= FEW_VALUES and natural_order(list(evidence.counts)):
        return None  # bands and scales, such as "25 to 34"
    if not long_enough or share < 0.5 or (evidence.n_different <= FEW_VALUES and share < 0.7):
        # the same few long options chosen again and again are groups
        return None
    return _open_answer(evidence, f"median {words:.0f} words")


def _open_answer(evidence: Evidence, reason: str) -> ColumnProposal:
    reason += f", {evidence.share_different:.0%} different".replace("%", " %")
    reason += about_contacts(evidence)
    return ColumnProposal(evidence.column, "open answer", reason)


def _rest_of_the_survey(evidence: Evidence) -> ColumnProposal | None:
    """Propose a question that most leave with "No" or a dash and some answer in their own words.

    "Anything else?" looks like a few groups otherwise, and its answers would not be coded.
    """
    if not evidence.hinted(name_hints.hints_question):
        return None
    told = [value for value in evidence.counts if len(value.split()) >= 6]
    n_cells = sum(evidence.counts[value] for value in told)
    if len(told) < 2 or len(told) < 0.7 * n_cells or n_cells < 0.1 * evidence.n_filled:
        return None
    if natural_order(list(evidence.counts)):
        return None
    return _open_answer(
        evidence, f"{n_cells:,} of {evidence.n_filled:,} write sentences of their own"
    )


def _groups(evidence: Evidence) -> ColumnProposal | None:
    few = evidence.n_different <= FEW_VALUES
    repeats = evidence.share_different <= 0.5
    hinted = evidence.hinted(name_hints.hints_attribute)
    # in a short file every group may occur once; but not a sentence each
    sentences = evidence.share_different > 0.8 and evidence.median_words >= 3
    sentences = sentences and not natural_order(list(evidence.counts)[:FEW_VALUES])
    small = evidence.n_filled < 20 and evidence.n_different <= 12 and not sentences
    if evidence.n_different > 300 or evidence.max_chars > 300:
        return None
    if not ((few and repeats) or (hinted and evidence.share_different <= 0.8) or small or hinted):
        return None
    return _as_group(evidence)


def _as_group(evidence: Evidence) -> ColumnProposal:
    order = natural_order(list(evidence.counts))
    constant = evidence.n_different == 1 and evidence.n_filled >= 5
    values = order or tuple(sorted(evidence.counts, key=str.casefold))
    reason = (
        "the same value in every row" if constant else f"{evidence.n_different} different values"
    )
    return ColumnProposal(
        evidence.column,
        "attribute",
        f"{reason} in a natural order" if order else reason,
        kind="ordered" if order else "category",
        values=values,
        grouping=not constant,
    )


def _short_answers(evidence: Evidence) -> ColumnProposal | None:
    """Short texts that differ: answers if the column is a question or they have several words."""
    codes = evidence.share(CODE_LIKE.fullmatch)
    if codes >= MOST and not evidence.hinted(name_hints.hints_question):
        return None
    if evidence.share(lambda c: not _has_letter(c) and any(map(str.isdecimal, c))) >= MOST:
        return None  # scores such as "7 / 10"
    return _open_answer(evidence, "short texts")


RULES: tuple[Rule, ...] = (
    _empty,
    row_rules.quoting,
    row_rules.consent,
    row_rules.response_kind,
    _voice_notes,
    _identifying_content,
    _identifying_name,
    _uploads,
    _dates,
    _numbers,
    _other_words,
    _several_values,
    _open_answers,
    _rest_of_the_survey,
    _names_of_people,
    _groups,
    _short_answers,
)
"""Tried in this order; the first that fits decides."""

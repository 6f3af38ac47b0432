"""Columns that decide about rows and quotes: what a response is, consent, whether to quote.

In: the `Evidence` of one column. Out: a proposal with the values for which its rows are left out or
kept, or that allow quoting; nothing where the column is of another kind.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.ingest.surveys import name_hints
from pipelines.ingest.surveys.evidence import Evidence
from pipelines.ingest.surveys.name_hints import words
from pipelines.ingest.surveys.proposal import ColumnProposal
from pipelines.ingest.surveys.values import match_key

YES_LIKE = re.compile(
    r"(yes|y|true|1|i (do |am )?(agree|consent|happy|accept|give)|agreed?|accept(ed)?|consent(ed)?|"
    r"confirmed?|checked|selected|ok|okay)\b.*",
    re.DOTALL,
)
NO_LIKE = re.compile(
    r"(no|n|false|0|i (do not|don.t|disagree|am not)|do not|don.t|disagree|declined?|refused?|"
    r"unchecked|not|prefer not|unsure|maybe)\b.*",
    re.DOTALL,
)
MAX_CHOICES = 6
MAX_CHOICE_CHARS = 250

ABOUT_QUOTING = re.compile(
    r"\bquot(e|es|ed|ing|ations?)\b|\b(use|share|include|publish|print)\b.*\bwords\b", re.I
)
ABOUT_TAKING_PART = re.compile(
    r"\b(tak(e|ing) part|participat(e|es|ing|ion)|complet(e|ing) (this|the) (survey|questionnaire)|"
    r"before (you|we) (start|begin|continue)|consent form)\b",
    re.I,
)
CONSENT_NAMES = words(
    "consent informedconsent consentgiven consented doyouconsent iconsent consenttoparticipate "
    "consenttotakepart consentyesno surveyconsent studyconsent agreetoparticipate iagree"
)
SAYS_CONSENT = re.compile(r"\b(consent|agree|happy|willing|like|want)\b", re.I)
OTHER_CONSENT = re.compile(
    r"\b(contact(ed)?|follow ?up|quot\w*|record(ed|ing)?|photo\w*|video|e ?mail|newsletter|"
    r"shar(e|ed|ing)|future|again|another|interview\w*|focus group|prize|draw|archiv\w*|"
    r"link(ed|ing)?)\b",
    re.I,
)

STATUS_NAMES = words(
    "status responsestatus completionstatus surveystatus submissionstatus responsetype recordtype "
    "distributionchannel completion"
)
NOT_REAL = frozenset(
    (
        "survey preview", "preview", "survey test", "test", "testing", "spam", "possible spam",
        "imported test",
    )
)  # fmt: skip
NOT_FINISHED = frozenset(
    (
        "incomplete", "not complete", "not completed", "partial", "partially complete",
        "partially completed", "partial response", "in progress", "started", "unfinished",
        "not finished", "disqualified", "screened out", "terminated", "over quota", "quota full",
        "abandoned", "draft", "saved", "not submitted",
    )
)  # fmt: skip
TEST_NAMES = words("istest testresponse preview ispreview spam isspam testdata")
FINISHED_NAMES = words("finished isfinished completed complete iscomplete iscompleted")
OPPOSITES = {"true": "False", "1": "0", "yes": "No"}
DATE_SUBMITTED_NAMES = words("submitdate datesubmitted submittedon datecompleted")


def quoting(evidence: Evidence) -> ColumnProposal | None:
    """Propose a column that asks whether a respondent's words may be quoted."""
    if ABOUT_QUOTING.search(_spaced(evidence.wording)) is None or not _is_yes_or_no(evidence):
        return None
    yes = _meaning_yes(evidence)
    listed = " or ".join(repr(value) for value in yes)
    reason = "asks whether their words may be quoted"
    reason += f"; {listed} allows it" if yes else "; nobody allows it so far"
    return ColumnProposal(evidence.column, "may be quoted", reason, values=yes or ("Yes",))


def consent(evidence: Evidence) -> ColumnProposal | None:
    """Propose to keep the rows of those only who agreed to take part."""
    if not _asks_consent(evidence) or not _is_yes_or_no(evidence):
        return None
    yes = _meaning_yes(evidence)
    if not yes:
        return None
    n_others = evidence.n_rows - sum(evidence.counts[value] for value in yes)
    listed = " or ".join(repr(value) for value in yes)
    others = f"{n_others} of {evidence.n_rows} looked at" if n_others else "none so far"
    return ColumnProposal(
        evidence.column,
        "ignore",
        f"rows that do not say {listed} to taking part are left out ({others})",
        keep_if=yes,
    )


def _asks_consent(evidence: Evidence) -> bool:
    wording = _spaced(evidence.wording)
    if OTHER_CONSENT.search(wording):
        return False
    if {name_hints.joined(evidence.column), name_hints.joined(wording)} & CONSENT_NAMES:
        return True
    return bool(ABOUT_TAKING_PART.search(wording) and SAYS_CONSENT.search(wording))


def _spaced(wording: str) -> str:
    """Give the words of a name or a question, parted by spaces."""
    return " ".join(name_hints.words_of(wording))


def _is_yes_or_no(evidence: Evidence) -> bool:
    if not evidence.filled or evidence.n_different > MAX_CHOICES:
        return False
    keys = [match_key(value) for value in evidence.counts]
    return all(
        len(key) <= MAX_CHOICE_CHARS and (YES_LIKE.fullmatch(key) or NO_LIKE.fullmatch(key))
        for key in keys
    )


def _meaning_yes(evidence: Evidence) -> tuple[str, ...]:
    return tuple(
        value
        for value in sorted(evidence.counts, key=str.casefold)
        if YES_LIKE.fullmatch(match_key(value)) and not NO_LIKE.fullmatch(match_key(value))
    )


def response_kind(evidence: Evidence) -> ColumnProposal | None:
    """Propose to leave out previews, tests, spam and responses that were not finished."""
    name = name_hints.joined(evidence.column)
    if name in STATUS_NAMES and evidence.n_different <= MAX_CHOICES * 2:
        return _left_out(evidence, NOT_REAL | NOT_FINISHED, "says what kind of response a row is")
    if name in TEST_NAMES and _is_yes_or_no(evidence):
        yes = _meaning_yes(evidence)
        keys = {match_key(value) for value in yes}
        return _left_out(evidence, keys, "marks tests")
    if name in FINISHED_NAMES and _is_yes_or_no(evidence):
        keys = {match_key(value) for value in evidence.counts} - {
            match_key(value) for value in _meaning_yes(evidence)
        }
        return _left_out(evidence, keys, "says whether a response was finished") or _finished(
            evidence
        )
    return None


def _left_out(evidence: Evidence, keys: Collection[str], why: str) -> ColumnProposal | None:
    values = tuple(v for v in sorted(evidence.counts, key=str.casefold) if match_key(v) in keys)
    if not values:
        return None
    n_rows = sum(evidence.counts[value] for value in values)
    listed = " or ".join(repr(value) for value in values)
    return ColumnProposal(
        evidence.column,
        "ignore",
        f"rows with {listed} are left out ({n_rows} of {evidence.n_rows} looked at): {why}",
        leave_out=values,
    )


def _finished(evidence: Evidence) -> ColumnProposal | None:
    """Where all are finished so far, leave out those that are not in the next file."""
    (value,) = evidence.counts if evidence.n_different == 1 else ("",)
    opposite = OPPOSITES.get(match_key(value))
    if opposite is None:
        return None
    return ColumnProposal(
        evidence.column,
        "ignore",
        f"rows with {opposite!r} are left out (none so far): says whether a response was finished",
        leave_out=(opposite,),
    )


def unsubmitted(evidence: Evidence) -> str | None:
    """Say why rows without a date of handing in are left out; None where the column is no such."""
    n_empty = evidence.n_rows - evidence.n_filled
    if name_hints.joined(evidence.column) not in DATE_SUBMITTED_NAMES or not n_empty:
        return None
    return f"rows without a date were not handed in and are left out ({n_empty} looked at)"

"""Which of a study's surveys a file belongs to, and whether it may share questions with the others.

In: a survey's name, perhaps empty, and the questions of the file. Out: the survey; or a refusal
that says what to do, before one wave's answers could overwrite another's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from workbench.domain.documents import SurveyRow
from workbench.domain.words import count
from workbench.errors import InputError
from workbench.store.engine import Connection
from workbench.store.surveys import surveys
from workbench.store.surveys.surveys import StoredSurvey
from workbench.store.team.people import MAX_NAME, one_line

FIRST = "Survey"
"""What a study's only survey is called where nobody has named it."""

Elsewhere = Mapping[tuple[int, int], str]
"""The other survey in which a (respondent, question) was answered."""


class SharedQuestion(InputError):
    """Questions that the same people have answered in another survey: this one would overwrite."""

    def __init__(self, message: str, *, refs: Sequence[str], prefix: str, hint: str) -> None:
        super().__init__(message, hint=hint)
        self.refs = tuple(refs)
        self.prefix = prefix


def choose_survey(connection: Connection, study_id: int, name: str) -> tuple[StoredSurvey, bool]:
    """Find the survey of this name or make it; without a name, the study's only one: (it, made).

    Raises
    ------
    InputError
        When there is no name and the study has several, or the name is too long.
    """
    known = surveys.list_surveys(connection, study_id)
    wanted = one_line(name)
    if not wanted and len(known) > 1:
        names = ", ".join(item.name for item in known)
        raise InputError(
            f"the study has {len(known)} surveys: {names}.",
            hint="Say which of them the file belongs to, or name a new one.",
        )
    if not wanted and known:
        return known[0], False
    wanted = wanted or FIRST
    if len(wanted) > MAX_NAME:
        raise InputError(
            f"the survey's name has {len(wanted):,} characters, at most {MAX_NAME} fit.",
            hint="Give it a shorter one.",
        )
    for item in known:
        if item.name.casefold() == wanted.casefold():
            return item, False
    key = surveys.add_survey(connection, study_id, wanted, len(known))
    return StoredSurvey(key, wanted), True


def prefix_of(survey: str) -> str:
    """Make the beginning of a survey's own question refs: `wave_2_` of "Wave 2"."""
    bare = "_".join(re.findall(r"\w+", survey.casefold()))[:40]
    return f"{bare or 'survey'}_"


def not_this_surveys(
    rows: Sequence[SurveyRow], shared: Collection[str], own: Collection[str]
) -> set[str]:
    """Give the refs of another survey's questions that this file asks nobody.

    One mapping may serve several surveys: what the file has no column for is not this survey's.
    """
    candidates = {ref for ref in shared if ref not in own}
    if not candidates:
        return set()
    asked = {item.question_ref for row in rows for item in row.answers if item.state != "not_asked"}
    return candidates - asked


def refuse_overwriting(
    survey: str, answered: Sequence[tuple[str, int, int]], elsewhere: Elsewhere
) -> None:
    """See to it that nobody's answers to another survey would be overwritten.

    Parameters
    ----------
    answered
        What the file answers: (question ref, respondent, question).

    Raises
    ------
    SharedQuestion
        When somebody has answered one of the questions in another survey.
    """
    people: Counter[str] = Counter()
    names: dict[str, str] = {}
    for ref, person, asked in answered:
        other = elsewhere.get((person, asked))
        if other is not None:
            people[ref] += 1
            names.setdefault(ref, other)
    if not people:
        return
    ref, n_people = people.most_common(1)[0]
    n_more = len(people) - 1
    others = f" So {'is' if n_more == 1 else 'are'} {count(n_more, 'more question')} of this file."
    prefix = prefix_of(survey)
    who = "1 respondent" if n_people == 1 else f"{n_people:,} respondents"
    raise SharedQuestion(
        f"the question {ref} is answered by {who} of this file in the survey {names[ref]!r} "
        f"already; {survey!r} would overwrite those answers.{others if n_more else ''}",
        refs=list(people),
        prefix=prefix,
        hint=f"Give it a short name of its own in this survey, such as {prefix}{ref}.",
    )

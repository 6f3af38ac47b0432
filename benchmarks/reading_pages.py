"""Pages for reading on a large study: respondents, the answers to one question, lost places.

In: a study of 160 respondents and one of 100,000, written straight into the tables. Out: times of
the services behind the pages Respondents, Questions and Place again, side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import update

from benchmarks.measure import Section, median, repeat, shown
from benchmarks.studies import Bench
from benchmarks.summarise import Size, large_study
from workbench.domain.codings import Actor, DocumentFilter
from workbench.services import study
from workbench.services.coding import place_again
from workbench.services.opening import Database
from workbench.services.surveys import questions, respondents
from workbench.services.surveys.respondents import RespondentFilter
from workbench.store.tables import anchor

TIMES = 15
SMALL, LARGE = Size(160), Size(100_000)
FLAGGED_EVERY = 400
"""One coding in so many must be placed again."""

Place = tuple[Actor, Database, int]
Act = Callable[[Place, int, int], object]
"""Called with who and where, a respondent in the middle, and a question."""


def _find(place: Place, person: int, question: int) -> object:
    where = RespondentFilter(search=str(person))
    return respondents.list_respondents(*place, where)


def _respondent(place: Place, person: int, question: int) -> object:
    return respondents.open_respondent(*place, person, RespondentFilter())


def _answers(place: Place, person: int, question: int) -> object:
    where = DocumentFilter(question_id=question)
    page = questions.list_answers(*place, where, order="longest")
    return page, questions.count_answers(*place, where)


def _words(place: Place, person: int, question: int) -> object:
    where = DocumentFilter(question_id=question, search="mosque")
    page = questions.list_answers(*place, where)
    return page, questions.count_answers(*place, where)


def _standings(place: Place, person: int, question: int) -> object:
    return questions.answer_counts(*place, question)


def _flagged(place: Place, person: int, question: int) -> object:
    page, _ = place_again.list_flagged(*place)
    return place_again.open_flagged(*place, page[-1].guid)


def _sidebar(place: Place, person: int, question: int) -> object:
    return place_again.count_flagged(*place)


ACTS: dict[str, Act] = {
    "find respondents by a part of their ref": _find,
    "open a respondent in the middle": _respondent,
    "the longest 20 answers to a question, and how many there are": _answers,
    "the first 20 answers with a word, and how many there are": _words,
    "count who answered a question, and the lengths": _standings,
    "list codings to be placed again, and open one": _flagged,
    "count them, for the sidebar of every page": _sidebar,
}


def _study(folder: Path, size: Size) -> Bench:
    bench = large_study(folder / str(size.n_respondents), size)
    with bench.database.write() as connection:
        connection.execute(
            update(anchor)
            .where(anchor.c.id % FLAGGED_EVERY == 0)
            .values(state="flagged", reason="its words are no longer there.")
        )
    return bench


def run(folder: Path) -> Section:
    """Measure both sizes and describe."""
    times: dict[tuple[str, Size], float] = {}
    for size in (SMALL, LARGE):
        bench = _study(folder, size)
        place = (bench.actor, bench.database, bench.study_id)
        middle, question = size.n_respondents // 2, study.list_questions(*place)[0].id
        for name, act in ACTS.items():
            again = repeat(TIMES, partial(act, place, middle, question))
            times[name, size] = median(again)
        bench.database.close()
    rows = tuple((name, shown(times[name, SMALL]), shown(times[name, LARGE])) for name in ACTS)
    return Section(
        "Reading pages on a large study",
        (
            "what",
            f"{SMALL.n_respondents} respondents, ms",
            f"{LARGE.n_respondents:,} respondents, ms",
        ),
        rows,
        f"Medians of {TIMES} calls of the services behind the pages Respondents, Questions and "
        "Place again, on SQLite, in this process. Two answers a respondent; one coding in "
        f"{FLAGGED_EVERY} waits to be placed again. Looking for a word reads every answer to the "
        "question: there is no index of words.",
    )

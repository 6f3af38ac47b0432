"""Agree: how far coders coded the same documents alike.

In: coders, codes or themes, and a unit. Out: figures with their intervals and what they mean in
plain words; which codes are taken for each other; agreement week by week; and where coders differ.
Nothing is changed: everything rests on what each coder had coded when they first were done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from workbench.domain.agreement import By, Unit, main_figure
from workbench.domain.codings import Actor
from workbench.domain.words import agree as agreeing
from workbench.errors import InputError
from workbench.services.team.agree_readings import Readings, code_name, read_first
from workbench.services.team.agree_results import (
    Agreement,
    Confusion,
    Disagreement,
    Mixup,
    Reading,
    Week,
)
from workbench.store.documents import documents
from workbench.store.engine import Database
from workbench.store.team import agreement as store
from workbench.store.team import people
from workbench.store.team.agreement import SharedWork

__all__ = ["NOTHING", "N_BOOTSTRAP", "SEED", "SharedWork", "compare", "confusion", "disagreements",
           "drift", "find_coders", "pairings", "views"]  # fmt: skip

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

N_BOOTSTRAP = 1000
SEED = 20_041
"""Where resampling starts: the same data give the same intervals."""
WEEK = 7
"""Days."""
N_SHOWN = 10
"""Disagreements that are listed at once."""

NOTHING = "no code"


def pairings(actor: Actor, database: Database, study_id: int) -> list[SharedWork]:
    """Count the documents that every two coders have both done, most first."""
    with database.read() as connection:
        return store.shared_work(connection, study_id, actor.id)


def find_coders(actor: Actor, database: Database, study_id: int, names: Sequence[str]) -> list[int]:
    """Find coders of a study by their names.

    Raises
    ------
    InputError
        When the study has no coder of that name.
    """
    with database.read() as connection:
        known = {
            people.name_key(item.name): item for item in people.list_coders(connection, study_id)
        }
    found = []
    for name in names:
        if people.name_key(name) not in known:
            listed = ", ".join(item.name for item in known.values())
            raise InputError(f"nobody called {name!r} codes here.", hint=f"Coders: {listed}.")
        found.append(known[people.name_key(name)].id)
    return found


def compare(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    by: By = "code",
    unit: Unit = "document",
    reference: int | None = None,
    n_bootstrap: int = N_BOOTSTRAP,
    seed: int = SEED,
    *,
    between: tuple[str, str] | None = None,
) -> Agreement:
    """Work out how far coders agree.

    Parameters
    ----------
    coders
        Two or more, by key; None takes the two who have done most documents in common.
    reference
        The coder whom the others are held against (precision, recall, F1).
    n_bootstrap
        How many resamples of documents give the intervals; 0 gives none.
    between
        Only documents that all have first done by then: from the one time on, before the other.

    Raises
    ------
    InputError
        When the coders are not two or more of this study's, or the reference is none of them.
    """
    readings = read_first(actor, database, study_id, coders, by=by, unit=unit, between=between)
    return _compared(readings, reference, n_bootstrap, seed)


def views(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    by: By = "code",
    unit: Unit = "document",
    reference: int | None = None,
) -> tuple[Agreement, Confusion, tuple[Week, ...]]:
    """Give what `compare`, `confusion` and `drift` give, from reading once."""
    readings = read_first(actor, database, study_id, coders, by=by, unit=unit)
    return (
        _compared(readings, reference, N_BOOTSTRAP, SEED),
        _confused(readings),
        _weeks(readings, N_BOOTSTRAP, SEED),
    )


def _compared(readings: Readings, reference: int | None, n_bootstrap: int, seed: int) -> Agreement:
    from pipelines.summarise.agreement_figures import Asked, figures_of
    from pipelines.summarise.agreement_units import squared_lengths

    keys = tuple(coder.id for coder in readings.coders)
    if reference is not None and reference not in keys:
        raise InputError("the reference coder is not one of those who are compared.")
    place = None if reference is None else keys.index(reference)
    codes = [(code.id, code_name(code)) for code in readings.codes]
    squares = None
    if readings.unit == "character":
        squares = squared_lengths(readings.codings, readings.texts, len(codes))
    overall, rows = figures_of(
        readings.ratings,
        Asked(readings.names, codes, place, squares, n_bootstrap, seed),
    )
    return Agreement(
        readings.study,
        readings.names,
        keys,
        readings.by,
        readings.unit,
        readings.unit_word,
        None if place is None else readings.names[place],
        len(readings.document_ids),
        round(readings.ratings.weight.sum()),
        overall,
        rows,
        tuple(_left_out(readings)),
        n_bootstrap,
        seed,
    )


def _left_out(readings: Readings) -> list[str]:
    word, left = readings.document_word, readings.left
    lines = []
    if left.n_blind:
        lines.append(agreeing(
            f"{{n}} {{{word} is|{word}s are}} still coded blindly and left out for everybody.",
            left.n_blind,
        ))  # fmt: skip
    if left.n_unplaced:
        lines.append(agreeing(
            f"{{n}} {{{word} is|{word}s are}} left out, since a coding has no sure place in the "
            "text as it is now.", left.n_unplaced,
        ))  # fmt: skip
    return lines


def confusion(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    by: By = "code",
    unit: Unit = "sentence",
) -> Confusion:
    """Count which codes coders take for each other; raises as `compare`."""
    return _confused(read_first(actor, database, study_id, coders, by=by, unit=unit))


def _confused(readings: Readings) -> Confusion:
    from pipelines.summarise import confusion as matrix

    counts = matrix.confusion(readings.ratings)
    n_codes = len(readings.codes)
    used = [place for place in range(n_codes) if counts[place].any() or counts[:, place].any()]
    kept = [*used, n_codes]
    names = [*(code_name(code) for code in readings.codes), NOTHING]
    mixed = counts + counts.T if len(readings.coders) == 2 else counts
    pairs = [(a, b) for at, a in enumerate(used) for b in used[at + 1 :] if mixed[a, b]]
    pairs.sort(key=lambda pair: -mixed[pair])
    return Confusion(
        readings.names,
        readings.unit_word,
        tuple(names[place] for place in kept),
        tuple(tuple(round(counts[a, b]) for b in kept) for a in kept),
        tuple(Mixup(names[a], names[b], round(mixed[a, b])) for a, b in pairs),
    )


def drift(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    by: By = "code",
    unit: Unit = "document",
    n_bootstrap: int = N_BOOTSTRAP,
    seed: int = SEED,
) -> tuple[Week, ...]:
    """Work out agreement over all codes week by week, in order; raises as `compare`.

    A document belongs to the week in which the last of its coders first marked it done.
    """
    readings = read_first(actor, database, study_id, coders, by=by, unit=unit)
    return _weeks(readings, n_bootstrap, seed)


def _weeks(readings: Readings, n_bootstrap: int, seed: int) -> tuple[Week, ...]:
    import numpy as np

    from pipelines.summarise.agreement_figures import Asked, figures_of
    from pipelines.summarise.confusion import only

    weeks = np.array([_week_of(max(held.values())).toordinal() for held in readings.done_at])
    codes = [(code.id, code_name(code)) for code in readings.codes]
    asked = Asked(readings.names, codes, n_resamples=n_bootstrap, seed=seed)
    found = []
    for week in sorted(set(weeks.tolist())):
        chosen: npt.NDArray[np.bool_] = weeks == week
        overall, _ = figures_of(only(readings.ratings, chosen), asked)
        figures = overall.figures
        found.append(Week(
            date.fromordinal(week), int(chosen.sum()), figures["percent"],
            figures[main_figure(readings.names)],
        ))  # fmt: skip
    return tuple(found)


def _week_of(done_at: str) -> date:
    day = date.fromisoformat(done_at[:10])
    return day - timedelta(days=day.weekday() % WEEK)


def disagreements(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    code_id: int | None = None,
    by: By = "code",
    unit: Unit = "document",
    limit: int = N_SHOWN,
    offset: int = 0,
) -> tuple[list[Disagreement], int]:
    """List where coders differ, the most units first, and how many places there are in all.

    Parameters
    ----------
    code_id
        A code, or a theme where `by` is "theme"; None takes all.
    """
    import numpy as np

    from pipelines.summarise.confusion import differing

    readings = read_first(actor, database, study_id, coders, by=by, unit=unit)
    apart = differing(readings.ratings)
    if code_id is not None:
        wanted = np.array([code.id == code_id for code in readings.codes], dtype=bool)
        if not wanted.any():
            raise InputError("there is no such code to compare.")
        apart = apart * wanted
    places = np.argwhere(apart > 0)
    order = np.lexsort((places[:, 1], places[:, 0], -apart[places[:, 0], places[:, 1]]))
    shown = [(int(d), int(c)) for d, c in places[order][offset : offset + limit]]
    with database.read() as connection:
        opened = {
            d: documents.open_document(
                connection, study_id, actor.id, readings.document_ids[d], text_only=True
            )
            for d, _ in shown
        }
    listed = [
        Disagreement(
            readings.document_ids[d],
            opened[d].label,
            opened[d].question or opened[d].question_ref,
            opened[d].text,
            readings.codes[c].id,
            code_name(readings.codes[c]),
            round(apart[d, c]),
            tuple(_readings_of(readings, d, c)),
        )
        for d, c in shown
    ]
    return listed, len(places)


def _readings_of(readings: Readings, document: int, code: int) -> list[Reading]:
    found = []
    for place, coder in enumerate(readings.coders):
        if coder.id not in readings.done_at[document]:
            continue
        own = [item for item in readings.codings if item[:3] == (document, place, code)]
        spans = sorted(
            (item.start, item.end) for item in own
            if item.is_placed and item.start is not None and item.end is not None
        )  # fmt: skip
        whole = any(item.is_placed and item.start is None for item in own)
        n_lost = sum(not item.is_placed for item in own)
        found.append(Reading(coder.name, tuple(spans), whole, n_lost))
    return found

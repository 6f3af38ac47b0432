"""First readings of chosen coders, ready to be compared.

In: a study, coders, codes or themes, and a unit. Out: `Readings`, which `agree` and the files and
lists of disagreements are worked out from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.domain.agreement import By, Unit
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor, Code
from workbench.errors import InputError
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.engine import Connection, Database
from workbench.store.team import agreement as store
from workbench.store.team import people

if TYPE_CHECKING:
    from pipelines.summarise.agreement_sums import Ratings
    from pipelines.summarise.agreement_units import Placed

BYS: tuple[By, ...] = ("code", "theme")
UNITS: tuple[Unit, ...] = ("document", "sentence", "character")
ANSWERS = frozenset({"answer", "voice_note"})


@dataclass(frozen=True, slots=True)
class Left:
    """What was left out of a comparison.

    Documents that are still coded blindly; and, for sentences and characters, those with a coding
    that has no sure place in the current text.
    """

    n_blind: int = 0
    n_unplaced: int = 0


@dataclass(frozen=True)
class Readings:
    """Documents that two or more coders have done, and what each had coded at first "done"."""

    study: str
    coders: tuple[Actor, ...]
    by: By
    unit: Unit
    codes: tuple[Code, ...]
    document_ids: tuple[int, ...]
    done_at: tuple[dict[int, str], ...]
    codings: tuple[Placed, ...]
    texts: tuple[str, ...]
    left: Left = field(default_factory=Left)
    only_answers: bool = True

    @property
    def document_word(self) -> str:
        """What a document is called, in the singular."""
        return "answer" if self.only_answers else "document"

    @property
    def unit_word(self) -> str:
        """What a unit is called, in the singular."""
        return self.document_word if self.unit == "document" else self.unit

    @property
    def names(self) -> tuple[str, ...]:
        """The coders' names."""
        return tuple(coder.name for coder in self.coders)

    @cached_property
    def ratings(self) -> Ratings:
        """Cut the documents into units and say what was applied to them."""
        import numpy as np

        from pipelines.summarise.agreement_units import make_ratings

        done = [[coder.id in held for coder in self.coders] for held in self.done_at]
        return make_ratings(
            self.codings,
            np.array(done, dtype=bool).reshape(-1, len(self.coders)),
            len(self.codes),
            unit=self.unit,
            texts=self.texts,
        )


def read_first(
    actor: Actor,
    database: Database,
    study_id: int,
    coders: Sequence[int] | None = None,
    *,
    by: By = "code",
    unit: Unit = "document",
    with_texts: bool = False,
    between: tuple[str, str] | None = None,
) -> Readings:
    """Read the first readings of some coders, or of the two who share most documents.

    Parameters
    ----------
    between
        Only documents that the last of them has first done from the one time on, and before the
        other (as the store writes times).

    Raises
    ------
    InputError
        When fewer than two coders are named, one twice, one who is not in the study, or `by` or
        `unit` is none that there is.
    """
    _refuse_unknown(by, unit)
    with database.read() as connection:
        chosen = _chosen(connection, study_id, actor.id, coders)
        keys = [coder.id for coder in chosen]
        found = store.done_by(connection, study_id, actor.id, keys)
        first = store.first_codings(connection, study_id, actor.id, keys)
        wants_texts = with_texts or unit != "document"
        texts = store.texts_of(connection, study_id, actor.id, keys) if wants_texts else {}
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        n_blind = store.count_hidden(connection, study_id, keys)
        name = studies.get_study(connection, study_id).name
    lost = {item.document_id for item in first if not item.is_placed}
    unplaced = lost if unit != "document" else set()
    done: dict[int, dict[int, str]] = {}
    for item in found:
        if item.document_id not in unplaced:
            done.setdefault(item.document_id, {})[item.coder_id] = item.first_done_at
    if between is not None:
        done = {
            key: held for key, held in done.items() if between[0] <= max(held.values()) < between[1]
        }
    rows = tuple(codes if by == "code" else (code for code in codes if code.depth == 0))
    return Readings(
        name, tuple(chosen), by, unit, rows, tuple(done), tuple(done.values()),
        _placed(first, done, keys, codes, rows, by),
        tuple(texts.get(key, "") for key in done),
        Left(n_blind, len(unplaced)),
        all(item.kind in ANSWERS for item in found),
    )  # fmt: skip


def _placed(
    first: Sequence[store.FirstCoding],
    done: Mapping[int, Mapping[int, str]],
    coder_ids: Sequence[int],
    codes: Sequence[Code],
    rows: Sequence[Code],
    by: By,
) -> tuple[Placed, ...]:
    from pipelines.summarise.agreement_units import Placed

    documents = {key: place for place, key in enumerate(done)}
    coders = {key: place for place, key in enumerate(coder_ids)}
    places = {code.id: place for place, code in enumerate(rows)}
    row_of = {code.id: places[code.theme_id if by == "theme" else code.id] for code in codes}
    return tuple(
        Placed(
            documents[item.document_id], coders[item.coder_id], row_of[item.code_id],
            item.start, item.end, item.is_placed,
        )
        for item in first
        # Codes whose making was undone, or that the actor does not know of yet, are no codes here;
        # nor is what somebody coded without having done the document.
        if item.code_id in row_of and item.coder_id in done.get(item.document_id, ())
    )  # fmt: skip


def _refuse_unknown(by: str, unit: str) -> None:
    for what, value, known in (("by", by, BYS), ("unit", unit, UNITS)):
        if value not in known:
            raise InputError(
                f"{value!r} is nothing to compare {what}.", hint=f"Choose from: {', '.join(known)}."
            )


def _chosen(
    connection: Connection, study_id: int, actor_id: int, coders: Sequence[int] | None
) -> list[Actor]:
    known = {item.id: item for item in people.list_coders(connection, study_id)}
    if coders is None:
        shared = store.shared_work(connection, study_id, actor_id)
        coders = shared[0].coder_ids if shared else list(known)[:2]
    if len(set(coders)) != len(coders):
        raise InputError("a coder is named twice.", hint="Name different coders.")
    if len(coders) < 2:
        raise InputError("agreement is between two coders or more.", hint="Name at least two.")
    for key in coders:
        if key not in known:
            raise InputError(f"the study has no coder number {key}.")
    return [known[key] for key in coders]


def code_name(code: Code) -> str:
    """Write a code with what stands above it."""
    return format_path(code.path)

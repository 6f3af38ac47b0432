"""Preview: what a change of the codebook would touch, before it is done.

In: the kind of change and the codes. Out: numbers of codings, coders and answers that the person
may see, and whether there is more that is coded blind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.domain.codings import Actor
from workbench.domain.merging import plan_merge
from workbench.domain.words import count
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks.code_tree import family_of
from workbench.services.codebooks.refine import chosen, refuse_below
from workbench.store import studies
from workbench.store.codebooks import codebook
from workbench.store.codebooks import refine as store
from workbench.store.engine import Database

Change = Literal["merge", "move", "retire", "split", "redefine"]

WITH_ALL_BELOW = frozenset({"move", "retire"})
"""What takes the codes below along."""


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches. `codes` are other codes that go along: below the named ones.

    `collapsing` codings would be the same as another one of the same coder, and are taken away.
    `blind` says that some documents show this person nobody's codings but their own.
    """

    codings: int
    coders: int
    documents: int
    codes: int = 0
    collapsing: int = 0
    blind: bool = False

    @property
    def words(self) -> str:
        """Say it in words, to go after "moves" or "touches"."""
        words = (
            f"{count(self.codings, 'coding')} by {count(self.coders, 'coder')} in "
            f"{count(self.documents, 'answer')}"
            if self.codings
            else "no codings"
        )
        return words + (", and what is coded blind" if self.blind else "")


def preview(
    actor: Actor,
    database: Database,
    study_id: int,
    operation: Change,
    code_ids: Sequence[int],
    *,
    into_id: int | None = None,
) -> Touched:
    """Count what a change would touch, as far as the person may see it.

    Parameters
    ----------
    operation
        "merge" needs `into_id`; "redefine" and "split" leave the codes below as they are.

    Raises
    ------
    CodebookError
        When these codes cannot be merged.
    NotFound
        When the study has no such code.
    """
    with database.read() as connection:
        studies.get_study(connection, study_id)
        items = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        seen = {item.id for item in items}
        if not set(code_ids) <= seen:
            raise NotFound("one of these codes is not in the codebook any more.")
        touched, n_collapsing = set(code_ids), 0
        if operation == "merge":
            if into_id is None:
                raise CodebookError("no code to merge into is named.", hint="Choose one.")
            tree = store.nodes(connection, study_id)
            target, sources = chosen(items, code_ids, into_id)
            refuse_below(tree, target, sources)
            plan = plan_merge(tree, [item.id for item in sources], target.id)
            touched = {*plan.merged, *plan.moved}
            doomed = store.fallen_together(connection, {k: plan.final(k) for k in plan.merged})
            n_collapsing = store.count_seen(connection, study_id, actor.id, list(doomed))
            code_ids = [item.id for item in sources]
        below = operation in WITH_ALL_BELOW or operation == "merge"
        if operation in WITH_ALL_BELOW:
            touched = set().union(*(family_of(items, code_id) for code_id in code_ids))
        n_codings, n_coders, n_documents = store.count_touched(
            connection, study_id, actor.id, touched, below=below
        )
        return Touched(
            n_codings,
            n_coders,
            n_documents,
            len((touched & seen) - set(code_ids)),
            n_collapsing,
            store.hides_some(connection, study_id, actor.id),
        )

"""The codebook of a study as REFI-QDA has it.

In: the codes that the actor may see. Out: a tree of codes with colours and descriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workbench.domain.codings import Code
from workbench.domain.refi import RefiCode
from workbench.domain.refi_descriptions import CodeWords, describe_code
from workbench.services.projects.refi_work import Identities

NotesOn = Callable[[int, str], tuple[str, ...]]
"""Gives the GUIDs of the notes on a code, by its key and GUID."""


def guids_of_codes(codes: Sequence[Code], ids: Identities) -> dict[int, str]:
    """Give each code its GUID."""
    return {item.id: ids.claim(ids.of("code", item.id, item.guid)) for item in codes}


def code_tree(
    codes: Sequence[Code], guids: dict[int, str], ids: Identities, notes: NotesOn
) -> tuple[RefiCode, ...]:
    """Make the tree of codes, in their order.

    Parameters
    ----------
    codes
        Parents before what is below them.
    """
    made: dict[int | None, list[RefiCode]] = {}
    for item in reversed(codes):  # children first
        code = RefiCode(
            guids[item.id],
            item.name,
            not ids.is_folder(item.id),
            item.colour,
            describe_code(_words(item)),
            notes(item.id, guids[item.id]),
            tuple(reversed(made.pop(item.id, []))),
        )
        parent = item.parent_id if item.parent_id in guids else None
        made.setdefault(parent, []).append(code)
    return tuple(reversed(made.get(None, [])))


def _words(item: Code) -> CodeWords:
    return CodeWords(
        item.definition,
        item.include,
        item.exclude,
        item.examples,
        item.cues,
        item.rests_on,
        item.status == "retired",
    )

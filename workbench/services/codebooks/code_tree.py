"""Code tree: what a screen asks of the codes that it has read already.

In: codes as `codebook.list_codes` gives them. Out: those that match a search, the size of a family,
and a refusal where a code has changed under a person's hands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from workbench.domain.codings import Code
from workbench.domain.palette import THEME_COLOURS
from workbench.domain.text import fold
from workbench.errors import CodebookError, ConflictError, NotFound

Step = Literal["up", "down", "in", "out"]
Where = Literal["before", "after", "below"]


def refuse_changed(item: Code, seen: Code | None, values: Mapping[str, object]) -> None:
    """Refuse to change a field that is not as it was seen any more; raises ConflictError."""
    for field in values if seen is not None else ():
        if getattr(item, field) != getattr(seen, field):
            raise ConflictError(
                f"the {field} of {item.name} has been changed in the meantime; nothing was saved. "
                "Look at it as it is now, and save again."
            )


def next_colour(items: Sequence[Code]) -> str:
    """Choose a colour for a new theme: one that no theme has, as long as there is one."""
    return free_colour([item.colour for item in items if item.parent_id is None])


def free_colour(used: Sequence[str]) -> str:
    """Choose a colour for a new theme beside those that themes have."""
    taken = [colour.upper() for colour in used]
    free = [colour for colour in THEME_COLOURS if colour.upper() not in taken]
    return free[0] if free else THEME_COLOURS[len(taken) % len(THEME_COLOURS)]


def tell_family(codes: Sequence[Code], counts: Mapping[int, int], code_id: int) -> tuple[int, int]:
    """Count the codes below a code, and the codings of it and of them.

    Parameters
    ----------
    codes
        As `list_codes` gives them.
    counts
        Codings by code, such as `usage` gives.
    """
    if all(item.id != code_id for item in codes):
        return 0, 0
    family = family_of(codes, code_id)
    return len(family) - 1, sum(counts.get(key, 0) for key in family)


def family_of(codes: Sequence[Code], code_id: int) -> set[int]:
    """Give the keys of a code and of all below it.

    By keys, not by names: two people may have made codes of one name while coding blind.

    Parameters
    ----------
    codes
        In tree order, parents first, as `list_codes` gives them.
    """
    found = {code_id}
    for item in codes:
        if item.parent_id in found:
            found.add(item.id)
    return found


def find_codes(codes: Sequence[Code], wanted: str) -> list[Code]:
    """Find codes by name, definition or cue, whatever capitals and accents; with those above them.

    Nothing wanted finds all.
    """
    needle = fold(wanted).strip()
    if not needle:
        return list(codes)
    found = [item.path for item in codes if needle in fold(_searched(item))]
    return [item for item in codes if any(path[: len(item.path)] == item.path for path in found)]


def first_hit(codes: Sequence[Code], wanted: str) -> int | None:
    """Give the first code that is found for itself, not for one below it."""
    needle = fold(wanted).strip()
    return next((item.id for item in codes if needle in fold(_searched(item))), None)


def _searched(item: Code) -> str:
    return "\n".join((item.name, item.definition, *item.cues))


def places(codes: Sequence[Code], code_id: int, parent_id: int | None) -> list[str]:
    """Name the places that a code can take below a parent; a place's index is its position.

    Parameters
    ----------
    codes
        All codes, retired ones too: positions count them.
    """
    others = [item for item in codes if item.parent_id == parent_id and item.id != code_id]
    return ["first", *(f"after {item.name}" for item in others)]


def place_of(codes: Sequence[Code], code_id: int) -> int:
    """Give the position of a code among its siblings."""
    item = _get(codes, code_id)
    return [other.id for other in codes if other.parent_id == item.parent_id].index(code_id)


def neighbour_place(
    codes: Sequence[Code], code_id: int, *, down: bool, with_retired: bool
) -> int | None:
    """Give the position one step up or down, past codes that are not shown; None at the end."""
    item = _get(codes, code_id)
    others = [o for o in codes if o.parent_id == item.parent_id and o.id != code_id]
    place = place_of(codes, code_id)
    beyond = others[place:] if down else others[:place][::-1]
    shown = [o for o in beyond if with_retired or o.status == "active"]
    if not shown:
        return None
    return others.index(shown[0]) + int(down)


def stepped(
    codes: Sequence[Code], code_id: int, step: Step, *, with_retired: bool
) -> tuple[int | None, int] | None:
    """Give the parent and place one step away; None where there is no such step.

    "in" leads below the code before it, "out" beside the one that it lies below, right after it.
    """
    item = _get(codes, code_id)
    siblings = [other for other in codes if other.parent_id == item.parent_id]
    if step in ("up", "down"):
        place = neighbour_place(codes, code_id, down=step == "down", with_retired=with_retired)
        return None if place is None else (item.parent_id, place)
    if step == "in":
        before = [o for o in siblings[: siblings.index(item)] if o.status == "active"]
        return (before[-1].id, len(places(codes, code_id, before[-1].id)) - 1) if before else None
    if item.parent_id is None:
        return None
    parent = _get(codes, item.parent_id)
    return parent.parent_id, place_of(codes, parent.id) + 1


def dropped(
    codes: Sequence[Code], code_id: int, target_id: int, where: Where
) -> tuple[int | None, int]:
    """Give the parent and place of a code that is dropped before, after or below another one.

    Raises
    ------
    CodebookError
        When it would come to lie below a retired code, or stand beside or below itself.
    NotFound
        When one of the codes is not there any more.
    """
    item, target = _get(codes, code_id), _get(codes, target_id)
    if target.id in family_of(codes, item.id):
        raise CodebookError(f"{item.name} cannot be put beside or below itself.")
    parent_id = target.id if where == "below" else target.parent_id
    if parent_id is not None and item.status == "active":
        parent = _get(codes, parent_id)
        if parent.status != "active":
            raise CodebookError(f"{parent.name} is {parent.status}.", hint="Bring it back first.")
    others = [other.id for other in codes if other.parent_id == parent_id and other.id != code_id]
    if where == "below":
        return parent_id, len(others)
    return parent_id, others.index(target_id) + int(where == "after")


def new_parents(codes: Sequence[Code], code_id: int) -> list[Code]:
    """List the codes that a code can be put below: active, and not itself or below itself."""
    family = family_of(codes, _get(codes, code_id).id)
    return [item for item in codes if item.status == "active" and item.id not in family]


def _get(codes: Sequence[Code], code_id: int) -> Code:
    for item in codes:
        if item.id == code_id:
            return item
    raise NotFound("this code is not in the codebook any more.")

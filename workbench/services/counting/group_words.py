"""Groups of respondents as people type them: `ATTRIBUTE=VALUE`.

In: a study and what was typed. Out: the groups of a filter, one for each attribute.
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.codings import Actor, Group
from workbench.errors import InputError, NotFound
from workbench.services.counting.summarise import GroupChoice, list_groups
from workbench.store.engine import Database

MOST_NAMED = 20
"""How many attributes or values a message lists."""


def read_groups(
    actor: Actor, database: Database, study_id: int, given: Sequence[str]
) -> tuple[Group, ...]:
    """Read groups: several values of one attribute mean any of them, attributes all of them.

    Attributes go by their names or labels; capitals make no difference, nor do they in values.

    Raises
    ------
    InputError
        When one is not written as `ATTRIBUTE=VALUE`.
    NotFound
        When the study groups by no such attribute, or it has no such value.
    """
    chosen: dict[int, list[str]] = {}
    known = list_groups(actor, database, study_id) if given else []
    for written in given:
        item, value = _split(known, written)
        values = chosen.setdefault(item.attribute_id, [])
        if value not in values:
            values.append(value)
    return tuple(
        (key, values[0] if len(values) == 1 else tuple(values)) for key, values in chosen.items()
    )


def _split(known: Sequence[GroupChoice], written: str) -> tuple[GroupChoice, str]:
    """Part attribute and value; the one and the other may hold `=` themselves."""
    parts = written.split("=")
    cuts = [("=".join(parts[:cut]), "=".join(parts[cut:])) for cut in range(1, len(parts))]
    if not cuts:
        raise InputError(
            f"{written!r} is not written as ATTRIBUTE=VALUE.",
            hint="For example: role=Young person.",
        )
    fitting = [(item, value) for name, value in cuts if (item := _named(known, name))]
    if not fitting:
        names = [item.name for item in known]
        name = cuts[0][0].strip()
        raise NotFound(f"the study does not group by {name!r}. {_listed('It groups by', names)}")
    for item, typed in fitting:
        value = _one_of(item.values, typed)
        if value is not None:
            return item, value
    item, typed = fitting[0]
    raise NotFound(
        f"{item.name!r} has no value {typed.strip()!r}. {_listed('Its values are', item.values)}"
    )


def _named(known: Sequence[GroupChoice], name: str) -> GroupChoice | None:
    for names in ([item.name for item in known], [item.title for item in known]):
        exact = _one_of(names, name)
        if exact is not None:
            return known[names.index(exact)]
    return None


def _one_of(names: Sequence[str], typed: str) -> str | None:
    """Find what was typed, as it is or else but for capitals."""
    typed = typed.strip()
    if typed in names:
        return typed
    alike = [name for name in names if name.casefold() == typed.casefold()]
    return alike[0] if len(alike) == 1 else None


def _listed(words: str, names: Sequence[str]) -> str:
    if not names:
        return f"{words} nothing."
    rest = len(names) - MOST_NAMED
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"{words}: {', '.join(names[:MOST_NAMED])}{more}."

"""Tags of Taguette, of which full stops tell the families.

In: the tags of a project, as flat names. Out: the path of each: one tag stands below another where
that other one exists, and nowhere else ("v. kind" is no child of "v").
"""

from __future__ import annotations

from collections.abc import Container

from workbench.domain.refi import MAX_CODE_DEPTH

SEPARATOR = "."
HEADER = ("tag", "description", "number of highlights")
"""The first columns of a codebook that Taguette exports."""


def tag_above(tag: str, tags: Container[str]) -> str:
    """Give the nearest tag above; empty where there is none.

    Examples
    --------
    >>> tag_above("access.phone.queue", {"access", "access.phone.queue"})
    'access'
    >>> tag_above("v. kind", {"v. kind"})
    ''
    """
    parts = tag.split(SEPARATOR)
    if len(parts) > MAX_CODE_DEPTH:
        return ""
    for cut in range(len(parts) - 1, 0, -1):
        above = SEPARATOR.join(parts[:cut])
        if above in tags:
            return above
    return ""


def tag_path(tag: str, tags: Container[str]) -> tuple[str, ...]:
    """Give the names from the top down to a tag.

    Examples
    --------
    >>> tag_path("access.phone.queue", {"access", "access.phone"})
    ('access', 'phone', 'queue')
    """
    found: list[str] = []
    while above := tag_above(tag, tags):
        found.append(tag.removeprefix(f"{above}{SEPARATOR}").strip() or tag)
        tag = above
    return (tag, *reversed(found))

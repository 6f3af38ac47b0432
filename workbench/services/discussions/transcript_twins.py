"""Is this file the group that it seems to be: the same file under another name, or another group.

In: a transcript on its way in. Out: a warning, or a refusal where nobody has given the name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.domain.speaker_names import kind_of
from workbench.domain.turns import Speaker
from workbench.errors import InputError
from workbench.store import studies
from workbench.store.discussions import focus_groups, speakers
from workbench.store.discussions.focus_groups import FocusGroup
from workbench.store.documents import documents
from workbench.store.engine import Connection

RUN = 3
"""Words in a row that two texts have in common."""
LITTLE = 0.1
"""A text that shares less than this with another one is no correction of it."""


def same_file_as(
    connection: Connection, study_id: int, sha256: str, name: str, *, sure: bool
) -> list[str]:
    """Warn where the file is in the study already, as a group that is called something else now.

    Raises
    ------
    InputError
        When nobody is sure of the name.
    """
    other = focus_groups.name_of_file(connection, study_id, sha256) if sha256 else None
    if other is None:
        return []
    if not sure:
        raise InputError(
            f"the study has this file already, as {other!r}.",
            hint=f"Bring it in alone: with --name {other!r} to correct that group, with another "
            "name to have it twice.",
        )
    return [f"the study has this file already, as {other!r}: {name!r} is a second group of it."]


def refuse_other_group(
    connection: Connection,
    study_id: int,
    found: FocusGroup,
    before: Sequence[Speaker],
    names: Iterable[str],
    text: str,
) -> None:
    """Refuse a text that has neither people nor words of the group whose name it has.

    Labels such as P1 tell nobody apart: only names of people count.

    Raises
    ------
    InputError
        When it seems to be another group.
    """
    secret = studies.digest_key(connection, study_id)
    known = {digest for item in before for digest in item.known_as}
    if any(kind_of(name) == "name" and speakers.digest_of(secret, name) in known for name in names):
        return
    old, new = _runs(documents.text_of(connection, found.revision_id)), _runs(text)
    if old and new and len(old & new) < LITTLE * min(len(old), len(new)):
        raise InputError(
            f"the study has another group called {found.name!r}, with other people and words.",
            hint="Bring it in alone, with --name and another name; or with this one, to replace "
            "that group.",
        )


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}

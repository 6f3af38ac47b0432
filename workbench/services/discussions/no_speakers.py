"""Names in a transcript that a person has said are none, known again in a corrected file.

In: the names of a file, and the group that it is of. Out: those that are no speakers'. What is kept
are keyed digests, as of the names of speakers.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.domain.codings import Actor
from workbench.store import studies
from workbench.store.discussions import focus_groups, speakers
from workbench.store.engine import Connection, Database
from workbench.store.team.people import one_line


def known_no_speakers(
    actor: Actor, database: Database, study_id: int, name: str, names: Iterable[str]
) -> frozenset[str]:
    """Give those of the names that were said to be none when the group's last file came in.

    Parameters
    ----------
    name
        What the group is called; there are none where the study has no group of this name.
    names
        Names as a file of the group has them.
    """
    with database.read() as connection:
        found = focus_groups.find_group(connection, study_id, one_line(name))
        known = speakers.no_speakers(connection, found.id) if found else None
        if not known:
            return frozenset()
        secret = studies.digest_key(connection, study_id)
        return frozenset(item for item in names if speakers.digest_of(secret, item) in known)


def to_keep(
    connection: Connection,
    study_id: int,
    document_id: int | None,
    said: Iterable[str],
    speaking: Iterable[str],
) -> list[str]:
    """Give the digests to keep: of what is no speaker now, and was none where it is not there.

    Parameters
    ----------
    said
        Names that a person has said are none.
    speaking
        Names of the file that are speakers'.
    """
    secret = studies.digest_key(connection, study_id)
    new = {speakers.digest_of(secret, item) for item in said}
    known = frozenset() if document_id is None else speakers.no_speakers(connection, document_id)
    heard = {speakers.digest_of(secret, item) for item in set(speaking)} if known else set()
    return sorted(new | (known - heard))

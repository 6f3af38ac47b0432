"""Study: make one, list them, see how far the work has come; and the people who do it.

In: names. Out: studies, actors, and how far they are.
"""

from __future__ import annotations

from workbench.domain.codings import Actor
from workbench.errors import NotFound
from workbench.services.counting.progress import of_study as progress
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.engine import Connection, Database
from workbench.store.studies import StoredAttribute, StoredQuestion, Study
from workbench.store.team import people

__all__ = [
    "StoredAttribute",
    "StoredQuestion",
    "Study",
    "create_study",
    "ensure_study",
    "find_or_create_study",
    "find_study",
    "get_study",
    "is_taken",
    "list_attributes",
    "list_people",
    "list_questions",
    "list_studies",
    "progress",
    "sign_in",
]


def sign_in(database: Database, name: str) -> Actor:
    """Find the person of this name, or welcome a new one.

    Raises
    ------
    InputError
        When the name is empty or too long.
    """
    with database.read() as connection:  # a reader need not wait for who writes
        found = people.find_coder(connection, name)
    if found is not None:
        return found
    with database.write() as connection:
        return people.ensure_coder(connection, name)


def list_people(database: Database) -> list[Actor]:
    """List everybody who has worked in this database."""
    with database.read() as connection:
        return people.list_coders(connection)


def create_study(actor: Actor, database: Database, name: str, description: str = "") -> Study:
    """Make a study; the actor becomes its owner.

    Raises
    ------
    InputError
        When the name is empty, too long or taken.
    """
    with database.write() as connection:
        study_id = studies.create_study(connection, name, description)
        people.add_member(connection, study_id, actor.id, "owner")
        trail.record(connection, actor, study_id, "create study", label=f"the study {name}")
        return studies.get_study(connection, study_id)


def ensure_study(connection: Connection, actor: Actor, name: str) -> tuple[int, bool]:
    """Find the study of this name or make it: (key, made)."""
    found = studies.find_study(connection, name)
    if found is not None:
        return found, False
    study_id = studies.create_study(connection, name)
    people.add_member(connection, study_id, actor.id, "owner")
    trail.record(connection, actor, study_id, "create study", label=f"the study {name}")
    return study_id, True


def find_or_create_study(actor: Actor, database: Database, name: str) -> tuple[Study, bool]:
    """Find the study of this name or make it; tell whether it was made."""
    with database.write() as connection:
        study_id, made = ensure_study(connection, actor, name)
        return studies.get_study(connection, study_id), made


def list_studies(actor: Actor, database: Database, *, with_sizes: bool = True) -> list[Study]:
    """List all studies; with their sizes, which takes a while where they are large."""
    with database.read() as connection:
        return studies.list_studies(connection, with_sizes=with_sizes)


def find_study(actor: Actor, database: Database, name: str) -> Study:
    """Find a study by name.

    Raises
    ------
    NotFound
        When there is none; the message lists those that there are.
    """
    with database.read() as connection:
        found = studies.find_study(connection, name)
        if found is None:
            names = ", ".join(item.name for item in studies.list_studies(connection))
            raise NotFound(f"there is no study named {name!r}. Studies: {names or 'none yet'}.")
        return studies.get_study(connection, found)


def is_taken(actor: Actor, database: Database, name: str) -> bool:
    """Tell whether there is a study of this name, whatever its capitals."""
    with database.read() as connection:
        return studies.find_study(connection, name) is not None


def free_name(actor: Actor, database: Database, name: str) -> str:
    """Give a name that no study has yet: this one, else with a number behind it."""
    found, n = name, 2
    with database.read() as connection:
        while studies.find_study(connection, found) is not None:
            found, n = f"{name[:180]} ({n})", n + 1
    return found


def get_study(actor: Actor, database: Database, study_id: int) -> Study:
    """Read one study; raises NotFound when there is none with this key."""
    with database.read() as connection:
        return studies.get_study(connection, study_id)


def list_attributes(actor: Actor, database: Database, study_id: int) -> list[StoredAttribute]:
    """List what is known of respondents; identifying attributes are left out."""
    with database.read() as connection:
        return [
            item for item in studies.list_attributes(connection, study_id) if not item.identifying
        ]


def list_questions(actor: Actor, database: Database, study_id: int) -> list[StoredQuestion]:
    """List a study's questions in their order."""
    with database.read() as connection:
        return studies.list_questions(connection, study_id)

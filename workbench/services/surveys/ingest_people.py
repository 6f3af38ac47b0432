"""Who in a file is whom in the study; and refs for people whose own id must not be kept.

In: the ids of a file. Out: respondents of the study, by ref; or, where the id is something like an
e-mail address, by a keyed digest of it, from which nobody can read the id back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from workbench.store.surveys.surveys import NewPerson, Person


class Roster:
    """The people of a study, found by what a file calls them.

    Parameters
    ----------
    generated
        The file's ids must not be kept: people are known by their digest and get refs P001, P002.
    key
        The study's secret, with which digests are made.
    """

    def __init__(self, people: Iterable[Person], *, generated: bool, key: str) -> None:
        self.generated = generated
        self._key = key.encode()
        self._taken: set[str] = set()
        self._known: dict[str, Person] = {}
        for person in people:
            self._taken.add(person.ref)
            name = person.digest if generated else person.ref
            if name is not None:
                self._known[name] = person
        self._number = 0

    def name_of(self, given: str) -> str:
        """Give what a person is known by: the ref as given, or the digest."""
        if not self.generated:
            return given
        same = given.strip().casefold().encode("utf-8", "surrogatepass")
        return hmac.new(self._key, same, hashlib.sha256).hexdigest()

    def find(self, name: str) -> Person | None:
        """Find who is known by this name."""
        return self._known.get(name)

    def remember(self, name: str, person: Person) -> None:
        """Know somebody from now on."""
        self._known[name] = person

    def introduce(
        self, name: str, submitted_at: str | None, may_be_quoted: bool | None
    ) -> NewPerson:
        """Make somebody new, with a ref that nobody has."""
        if not self.generated:
            return NewPerson(name, submitted_at, None, may_be_quoted)
        ref = self._next_ref()
        self._taken.add(ref)
        return NewPerson(ref, submitted_at, name, may_be_quoted)

    def _next_ref(self) -> str:
        while True:
            self._number += 1
            ref = f"P{self._number:03d}"
            if ref not in self._taken:
                return ref

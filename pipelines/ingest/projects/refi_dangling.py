"""References of REFI-QDA that lead nowhere: what they were, how often, and to whom.

In: references as elements are read, and in the end the GUIDs of all elements. Out: a line in the
report for each kind. Whatever reads the project leaves these references out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeVar

from workbench.domain.refi import clean_guid
from workbench.domain.refi_reasons import Reasons

T = TypeVar("T")

LOST = {
    "SourceRef": "Texts of cases that the file does not hold",
    "SelectionRef": "Passages of cases that the file does not hold",
    "NoteRef": "Memos that the file does not hold",
    "VariableRef": "Values of variables that the file does not hold",
    "MemberCode": "Codes of sets that the file does not hold",
    "MemberSource": "Texts of sets that the file does not hold",
    "MemberNote": "Memos of sets that the file does not hold",
    "Link": "Ends of links that the file does not hold",
}
"""What is said of references, by their elements; codings say themselves that they lack a code."""

LOST_USER = "Coders whom the file names but does not hold were taken for nobody known"


class Dangling:
    """Collects references while a file is read."""

    def __init__(self) -> None:
        self._asked: dict[str, Counter[str]] = {}
        self._users: Counter[str] = Counter()

    def watch(self, tag: str, target: Callable[[T], str | None]) -> Callable[[T], str | None]:
        """Return a builder that notes the references of elements of this name."""
        if tag not in LOST:
            return target

        def build(element: T) -> str | None:
            guid = target(element)
            if guid is not None:
                self.ask(tag, guid)
            return guid

        return build

    def ask(self, tag: str, guid: str) -> str:
        """Note a reference, and give it back."""
        self._asked.setdefault(tag, Counter())[guid] += 1
        return guid

    def user(self, guid: str) -> str:
        """Note who is said to have made something; give the GUID, cleaned."""
        cleaned = clean_guid(guid) if guid else ""
        if cleaned:
            self._users[cleaned] += 1
        return cleaned

    def tell(self, given: Iterable[set[str]], left_out: Reasons, remarks: Reasons) -> None:
        """Say which references lead to nothing.

        Parameters
        ----------
        given
            The GUIDs of all elements, in as many sets as there are.
        """
        sets = tuple(given)
        for tag, reason in LOST.items():
            _tell(self._asked.get(tag, Counter()), sets, left_out, reason)
        _tell(self._users, sets, remarks, LOST_USER)


def _tell(asked: Counter[str], given: tuple[set[str], ...], told: Reasons, reason: str) -> None:
    for guid, n in asked.items():
        if not any(guid in some for some in given):
            for _ in range(n):
                told.add(reason, guid)

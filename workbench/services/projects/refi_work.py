"""What all parts of a REFI-QDA export share: who asks for what, identities, what was left out.

In: a study and choices. Out: GUIDs for everything that goes into a file, each given once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbench import __version__
from workbench.domain.codings import Actor
from workbench.domain.refi import PRODUCT, Profile, RefiUser, derived_guid
from workbench.domain.refi_reasons import Reasons
from workbench.domain.refi_terms import guid_of
from workbench.store.engine import Connection
from workbench.store.projects import exchanged
from workbench.store.projects.exchanged import Exchanged
from workbench.store.projects.refi_rows import CoderRow
from workbench.store.visibility import Sight

ORIGIN = f"{PRODUCT} {__version__}"
"""What files say of the program that wrote them."""
Progress = Callable[[int, int], None]
"""Told how many documents are done, of how many."""


@dataclass(frozen=True, slots=True)
class RefiChoice:
    """What goes into a file, and how.

    `profile` "utf16" counts places as NVivo for Windows does; `crlf` ends lines in texts by CRLF.
    `audio` takes recordings along, `turns` marks each turn of a discussion, `consensus` writes what
    was adjudicated under a user of that name. `by_respondent` joins the typed answers of each
    respondent to one text.
    """

    profile: Profile = "standard"
    crlf: bool = False
    audio: bool = True
    turns: bool = True
    consensus: bool = True
    by_respondent: bool = False


class Identities:
    """GUIDs of what goes into one file: one that a file has kept, its own, or a derived one."""

    def __init__(self, study_guid: str, kept: list[Exchanged]) -> None:
        self._study_guid = study_guid
        self._taken: set[str] = set()
        self._known: dict[tuple[str, int], str] = {}
        self._options: dict[tuple[int, str], str] = {}
        self._named: dict[tuple[str, str], str] = {}
        self._speakers: dict[tuple[int, str], str] = {}
        self.content: dict[tuple[str, int], Mapping[str, object]] = {}
        self.kept: list[Exchanged] = []
        self.selections: dict[int, list[Exchanged]] = {}
        self.also: dict[str, list[int]] = {}
        for row in kept:
            self._keep(row)

    def _keep(self, row: Exchanged) -> None:
        content = row.content or {}
        if row.target_id is None:
            if row.kind in ("set", "variable"):
                self._named.setdefault((row.kind, str(content.get("name", ""))), row.guid)
            else:
                self.kept.append(row)
        elif row.kind == "speaker":
            self._speakers.setdefault((row.target_id, str(content.get("name", ""))), row.guid)
        elif row.kind == "selection":
            self.selections.setdefault(row.target_id, []).append(row)
        elif row.kind == "variable" and "option" in content:
            self._options.setdefault((row.target_id, str(content["option"])), row.guid)
        else:
            self._known.setdefault((row.kind, row.target_id), row.guid)
            if content:
                self.content.setdefault((row.kind, row.target_id), content)
            if row.kind == "note":
                for guid in strings(content.get("also")):
                    self.also.setdefault(guid, []).append(row.target_id)

    def is_folder(self, code_id: int) -> bool:
        """Tell whether another program has a code as a folder, which nothing is coded with."""
        return self.content.get(("code", code_id), {}).get("is_codable") is False

    def claim(self, guid: str) -> str:
        """Give a GUID to one thing; a second thing with the same one gets another."""
        while guid in self._taken:
            guid = derived_guid("again", guid)
        self._taken.add(guid)
        return guid

    def is_given(self, guid: str) -> bool:
        """Tell whether something in the file has this GUID."""
        return guid in self._taken

    def of(self, kind: str, key: int, own: str) -> str:
        """Return the GUID of a thing that has one of its own, without giving it to anything."""
        return self._known.get((kind, key), own)

    def derived(self, kind: str, *what: str | int) -> str:
        """Return the GUID of a thing that has none of its own."""
        return guid_of(self._study_guid, kind, *what)

    def of_option(self, attribute_id: int, option: str, derived: str) -> str:
        """Return the GUID of the variable of one option of an attribute."""
        return self._options.get((attribute_id, option), derived)

    def of_named(self, kind: str, name: str, *more: str) -> str:
        """Return the GUID of a set, or of a variable of no attribute, of our own by its name."""
        return self._named.get((kind, name)) or self.derived(kind, name, *more)

    def of_speaker(self, document_id: int, name: str, derived: str) -> str:
        """Return the GUID of the case of somebody who speaks and is no respondent."""
        return self._speakers.get((document_id, name), derived)

    def coder_of(self, guid: str) -> int | None:
        """Return the coder whom a file has known by this GUID."""
        for (kind, key), known in self._known.items():
            if kind == "user" and known == guid:
                return key
        return None


class Users:
    """The people whose work goes into one file."""

    def __init__(self, coders: list[CoderRow], ids: Identities) -> None:
        self._coders = {coder.id: coder for coder in coders}
        self._ids = ids
        self._used: dict[int, str] = {}

    def guid(self, coder_id: int) -> str:
        """Return somebody's GUID; they are in the file from now on."""
        if coder_id not in self._used:
            own = self._coders[coder_id].guid
            self._used[coder_id] = self._ids.claim(self._ids.of("user", coder_id, own))
        return self._used[coder_id]

    def name(self, coder_id: int) -> str:
        """Return somebody's name."""
        return self._coders[coder_id].name

    def guid_in_file(self, guid: str) -> str:
        """Return the GUID of whom a file knew by this one, or nothing."""
        known = self._ids.coder_of(guid)
        own = next((key for key, item in self._coders.items() if item.guid == guid), None)
        key = own if known is None else known
        return "" if key is None or key not in self._coders else self.guid(key)

    def listed(self) -> tuple[RefiUser, ...]:
        """List who is in the file, in order of name."""
        return tuple(
            RefiUser(self._used[key], self.name(key), initials(self.name(key)))
            for key in self._coders
            if key in self._used
        )


@dataclass(frozen=True, slots=True)
class Work:
    """One export in progress."""

    connection: Connection
    actor: Actor
    study_id: int
    choice: RefiChoice
    ids: Identities
    users: Users
    sight: Sight
    progress: Progress | None = None
    left_out: Reasons = field(default_factory=Reasons)
    remarks: Reasons = field(default_factory=Reasons)


def initials(name: str) -> str:
    """Return the first letters of a name's words."""
    return "".join(word[0] for word in name.split())[:5].upper()


def read_identities(connection: Connection, study_id: int, study_guid: str) -> Identities:
    """Read what other programs know things by."""
    return Identities(study_guid, exchanged.list_exchanged(connection, study_id))


def strings(value: object) -> list[str]:
    """Read a list of texts that was kept as JSON."""
    return [str(item) for item in value] if isinstance(value, list) else []

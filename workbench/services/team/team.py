"""Team: who belongs to a study, in which role, how far each has come, and in which colour.

In: people by name. Out: members and roles, changed by the study's owners, each change as one event.
A change of role is taken back by another one: it is no step of undo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbench.domain.codings import Actor, DocumentFilter, Role
from workbench.domain.palette import THEME_COLOURS, CodeLook, code_look
from workbench.errors import InputError, NotFound
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.counting import progress as counted
from workbench.store.engine import Connection, Database
from workbench.store.team import people, team
from workbench.store.team.team import Load, StoredMember

ROLES: tuple[Role, ...] = ("owner", "coder", "viewer")

MAY: dict[Role, str] = {
    "owner": "codes, and says who belongs to the study and who codes what",
    "coder": "codes, writes memos, refines the codebook and imports",
    "viewer": "reads, and changes nothing",
}
"""What each role may do, in words."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works in a study, or did: `role` is None for who was removed."""

    id: int
    name: str
    role: Role | None
    joined_at: str
    load: Load
    n_done: int
    n_begun: int
    n_codings: int
    """Those that the reader may see."""
    look: CodeLook


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, and how many documents both have done: what their agreement is measured on."""

    one: str
    other: str
    n: int


@dataclass(frozen=True, slots=True)
class Given:
    """How many documents there are, how many somebody has, and how many several people have.

    `n_hidden` of them are coded blind and hide people's work from each other for now.
    """

    n_documents: int
    n_given: int
    n_several: int
    n_hidden: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in a study. `role` is None for who has not joined, or was removed."""

    role: Role | None
    may_join: bool

    @property
    def writes(self) -> bool:
        """Tell whether they may change anything."""
        return self.role in ("owner", "coder") or (self.role is None and self.may_join)

    @property
    def owns(self) -> bool:
        """Tell whether they own the study."""
        return self.role == "owner"

    @property
    def why_not(self) -> str:
        """Say why somebody may change nothing; empty where they may."""
        if self.writes:
            return ""
        if self.role == "viewer":
            return (
                "You are a viewer in this study: you may read everything and change nothing. "
                "Its owners can make you a coder on the page Team."
            )
        return (
            "You do not belong to this study, so you may read it and change nothing. "
            "Its owners can add you on the page Team."
        )


def standing(actor: Actor, database: Database, study_id: int) -> Standing:
    """Tell what the actor may do in a study."""
    with database.read() as connection:
        role = people.role_of(connection, study_id, actor.id)
        return Standing(role, people.joining_of(connection, study_id).admits(actor.id))


def is_open(actor: Actor, database: Database, study_id: int) -> bool:
    """Tell whether people join a study by beginning to work in it."""
    with database.read() as connection:
        return people.joining_of(connection, study_id).open


def list_members(actor: Actor, database: Database, study_id: int) -> list[Member]:
    """List the members in the order in which they joined, then those who were removed."""
    with database.read() as connection:
        members = team.list_members(connection, study_id)
        gone = _left(connection, study_id)
        loads = team.loads(connection, study_id)
        looks = _looks(connection, study_id)
        readings = {
            item.coder_id: item for item in counted.by_coder(connection, study_id, actor.id)
        }
        found = []
        for item in (*members, *gone):
            reached = readings.get(item.coder_id)
            found.append(
                Member(
                    item.coder_id,
                    item.name,
                    item.role if item in members else None,
                    item.joined_at,
                    loads.get(item.coder_id, Load()),
                    reached.reading.done if reached else 0,
                    reached.reading.begun if reached else 0,
                    reached.n_codings if reached else 0,
                    looks[item.coder_id],
                )
            )
        return found


def pairs(actor: Actor, database: Database, study_id: int) -> list[Pair]:
    """Count for every two people what both have done and may see of each other."""
    with database.read() as connection:
        names = {item.id: item.name for item in people.list_coders(connection)}
        ready = team.pairs_ready(connection, study_id)
        return [Pair(names[one], names[other], n) for (one, other), n in sorted(ready.items())]


def given(actor: Actor, database: Database, study_id: int) -> Given:
    """Count what is given out, of all documents that can be coded."""
    with database.read() as connection:
        n_documents = len(team.documents_in(connection, study_id, actor.id, DocumentFilter()))
        n_given, n_several = team.count_assigned(connection, study_id)
        n_hidden = counted.count_still_blind(connection, study_id)
        return Given(n_documents, n_given, n_several, n_hidden)


def coder_looks(actor: Actor, database: Database, study_id: int) -> dict[int, CodeLook]:
    """Give everybody's colour and line style, by key: the same on every page and every day.

    Colours go round in the order in which people joined; after the last, line styles change. Who
    was removed keeps theirs.
    """
    with database.read() as connection:
        return _looks(connection, study_id)


def add_member(
    actor: Actor, database: Database, study_id: int, name: str, role: Role = "coder"
) -> int:
    """Let somebody join a study, also somebody who was removed; give their key.

    Raises
    ------
    InputError
        When the name is no name, or there is no such role.
    NotAllowed
        When the actor does not own the study.
    """
    _check(role)
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        who = people.ensure_coder(connection, name)
        if people.role_of(connection, study_id, who.id) is not None:
            raise InputError(f"{who.name} belongs to this study already.")
        joining = people.joining_of(connection, study_id)
        before = next((item for item in joining.left if item.coder_id == who.id), None)
        people.add_member(connection, study_id, who.id, role)
        if before is not None:
            still = tuple(item for item in joining.left if item != before)
            team.keep_joining(connection, study_id, replace(joining, left=still))
            team.set_joined(connection, study_id, who.id, before.joined_at)
        _record(connection, actor, study_id, "add member", who, f"adding {who.name} as {role}",
                role=role)  # fmt: skip
        return who.id


def set_role(actor: Actor, database: Database, study_id: int, coder_id: int, role: Role) -> None:
    """Give a member another role.

    Raises
    ------
    InputError
        When there is no such role, or the study would be left without an owner.
    NotFound
        When they are no member of the study.
    NotAllowed
        When the actor does not own the study.
    """
    _check(role)
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        member = _member(connection, study_id, coder_id)
        if member.role == role:
            return
        _refuse_last_owner(connection, study_id, member)
        team.set_role(connection, study_id, coder_id, role)
        label = f"making {member.name} {_a(role)}, before {_a(member.role)}"
        _record(connection, actor, study_id, "set role", Actor(coder_id, member.name), label,
                role=role, before=member.role)  # fmt: skip


def remove_member(actor: Actor, database: Database, study_id: int, coder_id: int) -> None:
    """Take somebody out of a study: what they coded stays, and they may not write any more.

    What was given to them to code stays given to them; it can be given to others by hand.

    Raises
    ------
    InputError
        When the study would be left without an owner.
    NotFound
        When they are no member of the study.
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        member = _member(connection, study_id, coder_id)
        _refuse_last_owner(connection, study_id, member)
        team.drop_member(connection, study_id, coder_id)
        joining = people.joining_of(connection, study_id)
        left = (*joining.left, people.Left(coder_id, member.joined_at, now()))
        team.keep_joining(connection, study_id, replace(joining, left=left))
        _record(connection, actor, study_id, "remove member", Actor(coder_id, member.name),
                f"removing {member.name}", before=member.role)  # fmt: skip


def set_open(actor: Actor, database: Database, study_id: int, is_open: bool) -> None:
    """Say whether people join by beginning to work, or only where an owner adds them.

    Raises
    ------
    NotAllowed
        When the actor does not own the study.
    """
    with database.write() as connection:
        trail.require(connection, actor, study_id, "owner")
        joining = people.joining_of(connection, study_id)
        if joining.open == is_open:
            return
        team.keep_joining(connection, study_id, replace(joining, open=is_open))
        words = "everybody may join" if is_open else "only people who are added may join"
        trail.record(
            connection, actor, study_id, "set joining", label=words, details={"open": is_open}
        )


def find_member(
    actor: Actor, database: Database, study_id: int, name: str, *, with_left: bool = False
) -> Actor:
    """Find a member by name.

    Parameters
    ----------
    with_left
        Find those too who were removed.

    Raises
    ------
    NotFound
        When nobody of this name belongs to the study; the message lists who does.
    """
    with database.read() as connection:
        studies.get_study(connection, study_id)
        members = team.list_members(connection, study_id)
        if with_left:
            members += _left(connection, study_id)
    wanted = people.name_key(name)
    for item in members:
        if people.name_key(item.name) == wanted:
            return Actor(item.coder_id, item.name)
    names = ", ".join(item.name for item in members)
    raise NotFound(f"nobody named {name!r} belongs to this study. Members: {names or 'nobody'}.")


def _left(connection: Connection, study_id: int) -> list[StoredMember]:
    names = {item.id: item.name for item in people.list_coders(connection, study_id)}
    return [
        StoredMember(item.coder_id, names[item.coder_id], "viewer", item.joined_at)
        for item in people.joining_of(connection, study_id).left
    ]


def _looks(connection: Connection, study_id: int) -> dict[int, CodeLook]:
    everybody: Iterable[StoredMember] = (
        *team.list_members(connection, study_id),
        *_left(connection, study_id),
    )
    joined = sorted(everybody, key=lambda item: (item.joined_at, item.coder_id))
    n = len(THEME_COLOURS)
    return {
        item.coder_id: code_look(THEME_COLOURS[place % n], place // n)
        for place, item in enumerate(joined)
    }


def _member(connection: Connection, study_id: int, coder_id: int) -> StoredMember:
    for item in team.list_members(connection, study_id):
        if item.coder_id == coder_id:
            return item
    raise NotFound("this person does not belong to the study (any more).")


def _refuse_last_owner(connection: Connection, study_id: int, member: StoredMember) -> None:
    owners = [item for item in team.list_members(connection, study_id) if item.role == "owner"]
    if [item.coder_id for item in owners] == [member.coder_id]:
        raise InputError(
            f"{member.name} is the only owner of this study.",
            hint="Make somebody else an owner first.",
        )


def _check(role: str) -> None:
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}.", hint=f"It is one of {', '.join(ROLES)}.")


def _a(role: str) -> str:
    return f"an {role}" if role == "owner" else f"a {role}"


def _record(
    connection: Connection, actor: Actor, study_id: int, verb: str, who: Actor, label: str,
    **details: object,
) -> None:  # fmt: skip
    trail.record(
        connection,
        actor,
        study_id,
        verb,
        label=label,
        targets=[("coder", who.id)],
        details={"coder": who.id, **details},
    )

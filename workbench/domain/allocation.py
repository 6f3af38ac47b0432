"""Allocation: who codes which documents, dealt out evenly, the same for the same seed.

In: documents with the group that each belongs to, the coders, and what was given out before. Out:
the coders of each document that is newly given out.

How it is done, so that anybody can do it again:

1. Each document's place in line is the SHA-256 of `seed:document`, as hexadecimal text. It depends
   on nothing else, so that a study which grows keeps its order.
2. Groups are taken by name. Of a group, what was given out before stays as it is.
3. The first documents of a group's line are coded by several people, so many that the share of all
   documents is met: the running total over the groups is `floor(share * documents + 1/2)`.
4. Each document goes to whoever has the fewest in its group, then the fewest in all; between
   equals, to the one with the smaller SHA-256 of `seed:document:coder`.

Nothing here draws by chance: the digests stand in for it, and are the same on every machine.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.errors import InputError

Plan = dict[int, tuple[int, ...]]
"""For each document that is newly given out, the keys of those who are to code it."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """A document that may be given out.

    `stratum` is the group that it is dealt out in; `held` the coders who have it already.
    """

    document_id: int
    stratum: str = ""
    held: tuple[int, ...] = ()


def split(
    documents: Sequence[Dealt],
    coders: Sequence[int],
    *,
    share: float,
    readers: int = 2,
    seed: int = 1,
) -> Plan:
    """Share documents out among coders, some of them to several, evenly in every group.

    Parameters
    ----------
    documents
        All that are meant, also those that were given out before: these keep whom they have and
        are not in the plan, but count for the shares and the loads.
    coders
        Keys of those who are to code; one or more, each once.
    share
        Of each group's documents, how many are coded by `readers` people, from 0 to 1. It is met
        within one document in each group, and within half a document over all.
    readers
        How many people code such a document, 2 or more.
    seed
        The same seed gives the same plan.

    Returns
    -------
    Plan
        Within a group, and over all groups, nobody has more than one document more than anybody
        else, unless what was given out before was less even.

    Raises
    ------
    InputError
        When there are no coders, fewer of them than a document needs, or a share that is none.
    """
    _check(coders, share, readers)
    groups: dict[str, list[Dealt]] = {}
    for item in documents:
        groups.setdefault(item.stratum, []).append(item)
    in_all = Counter({key: 0 for key in coders})
    for item in documents:
        in_all.update(key for key in item.held if key in in_all)
    plan: Plan = {}
    n_so_far, several_so_far = 0, 0
    for stratum in sorted(groups):
        members = groups[stratum]
        n_so_far += len(members)
        target = math.floor(share * n_so_far + 0.5)
        wanted, several_so_far = target - several_so_far, target
        new = sorted((item for item in members if not item.held),
                     key=lambda item: _place(seed, item.document_id))  # fmt: skip
        wanted -= sum(len(item.held) > 1 for item in members)
        here = Counter({key: 0 for key in coders})
        for item in members:
            here.update(key for key in item.held if key in here)
        for at, item in enumerate(new):
            n = readers if at < wanted else 1
            chosen = _fewest(coders, n, here, in_all, seed, item.document_id)
            here.update(chosen)
            in_all.update(chosen)
            plan[item.document_id] = chosen
    return plan


def everyone(documents: Iterable[Dealt], coders: Sequence[int]) -> Plan:
    """Give every document to every coder; those who have it already are left out of the plan.

    Raises
    ------
    InputError
        When there are no coders.
    """
    _check(coders, 0.0, 1)
    missing = {
        item.document_id: tuple(key for key in coders if key not in item.held) for item in documents
    }
    return {key: new for key, new in missing.items() if new}


def _check(coders: Sequence[int], share: float, readers: int) -> None:
    if not coders:
        raise InputError("nobody is chosen to code.", hint="Choose one person or more.")
    if len(set(coders)) < len(coders):
        raise InputError("somebody is chosen twice.")
    if not 0 <= share <= 1:
        raise InputError(
            f"the share coded by several people is from 0 to 100 %, not {100 * share:g} %."
        )
    if share and not 2 <= readers <= len(coders):
        raise InputError(
            f"{readers} people are to code the same document, and {len(coders)} are chosen.",
            hint="It takes two at least, and so many must be chosen.",
        )


def _place(seed: int, document_id: int) -> str:
    return hashlib.sha256(f"{seed}:{document_id}".encode()).hexdigest()


def _fewest(
    coders: Collection[int], n: int, here: Mapping[int, int], in_all: Mapping[int, int],
    seed: int, document_id: int,
) -> tuple[int, ...]:  # fmt: skip
    def load(coder: int) -> tuple[int, int, str]:
        drawn = hashlib.sha256(f"{seed}:{document_id}:{coder}".encode()).hexdigest()
        return here[coder], in_all[coder], drawn

    return tuple(sorted(sorted(coders, key=load)[:n]))

"""An old codebook brought back: what every code becomes, and where codings go.

In: the codebook as it is, and as it was. Out: the values that each code gets. Codings whose code
the old codebook does not know go back to the code that they had, or to the one that theirs was
split from; where there is neither, they stay and their code is kept, retired: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.codebook import MAX_NAME
from workbench.domain.codebook_version import CodeThen, Snapshot, counts_as


@dataclass(frozen=True, slots=True)
class RestoredCodes:
    """What becomes of the codes: all that are there afterwards, those kept, and those taken out."""

    codes: Snapshot
    kept: frozenset[int]
    removed: frozenset[int]


def lacking(now: Snapshot, then: Snapshot) -> frozenset[int]:
    """Give the codes of now that the old codebook does not know."""
    return frozenset(key for key, item in now.items() if item.known and not _knows(then, key))


def home(now: Snapshot, then: Snapshot, code_id: int, had: Sequence[int]) -> int | None:
    """Find the code that a coding goes back to; None where it stays with the one that it has.

    Parameters
    ----------
    code_id
        The code that it has, which the old codebook does not know.
    had
        The codes that it had since the old codebook, the first one first.

    Examples
    --------
    >>> then = {1: CodeThen(1, "A")}
    >>> now = {**then, 2: CodeThen(2, "B", split_from=1), 3: CodeThen(3, "C")}
    >>> home(now, then, 2, []), home(now, then, 3, [1]), home(now, then, 3, [])
    (1, 1, None)
    """
    for key in had:
        if _knows(then, key):
            return key
    seen = {code_id}
    source = now[code_id].split_from
    while source is not None and source not in seen:
        if _knows(then, source):
            return source
        seen.add(source)
        source = now[source].split_from if source in now else None
    return None


def restore(
    now: Snapshot, then: Snapshot, still_used: Collection[int], *, untouched: Collection[int] = ()
) -> RestoredCodes:
    """Work out every code's values under the old codebook.

    Parameters
    ----------
    still_used
        Codes that the old codebook does not know, and on which codings stay.
    untouched
        Codes that it does not know, and that stay as they are.

    Returns
    -------
    RestoredCodes
        Codes that are known get the values that they had; what the old version does not tell stays.
        Codes that are not known are taken out; those still used are kept as retired, with all above
        them, and with what they were merged into.
    """
    unknown = lacking(now, then)
    kept = _with_support(now, unknown, [*still_used, *untouched])
    codes = {key: _back(now[key], item) for key, item in then.items() if item.known and key in now}
    for key in sorted(kept):
        item = now[key]
        stays = item.status == "merged" or key in untouched
        codes[key] = item if stays else replace(item, status="retired")
    for key in kept:
        codes[key] = _above_merged(codes, codes[key])
    return RestoredCodes(_apart(codes, kept - set(untouched)), kept, unknown - kept)


def _knows(then: Snapshot, key: int) -> bool:
    return key in then and then[key].known


def _with_support(now: Snapshot, unknown: Collection[int], used: Collection[int]) -> frozenset[int]:
    kept: set[int] = set()
    pending = [key for key in used if key in unknown]
    while pending:
        key = pending.pop()
        if key in kept:
            continue
        kept.add(key)
        item = now[key]
        into = item.merged_into if item.status == "merged" else None
        pending += [
            other for other in (item.parent_id, into) if other is not None and other in unknown
        ]
    return frozenset(kept)


def _back(now: CodeThen, then: CodeThen) -> CodeThen:
    """Give a code its old values; what was not written down of it stays as it is."""
    told = {
        name: getattr(now, name) if getattr(then, name) is None else getattr(then, name)
        for name in ("colour", "examples", "cues", "rests_on", "position")
    }
    return replace(then, **told, split_from=now.split_from, deleted=False)


def _above_merged(codes: Mapping[int, CodeThen], item: CodeThen) -> CodeThen:
    """Put a kept code below what the code above it was merged into."""
    above = item.parent_id
    if not item.stands or above is None or codes[above].stands:
        return item
    return replace(item, parent_id=counts_as(codes, above))


def _apart(codes: Mapping[int, CodeThen], kept: Collection[int]) -> Snapshot:
    """Give kept codes another name where a code that comes back has theirs."""
    found = dict(codes)
    taken = {_place(item) for key, item in codes.items() if key not in kept and item.stands}
    for key in sorted(kept):
        item = found[key]
        if not item.stands:
            continue
        n = 1
        while _place(item) in taken:
            mark = " (kept)" if n == 1 else f" (kept {n})"
            item = replace(item, name=f"{codes[key].name[: MAX_NAME - len(mark)]}{mark}")
            n += 1
        taken.add(_place(item))
        found[key] = item
    return found


def _place(item: CodeThen) -> tuple[int | None, str]:
    return (item.parent_id, item.name.casefold())

"""Names that a person has replaced, such as a real name by a pseudonym: taken out of what is kept.

In: names that nobody has any more. Out: what stands in their place in the trail, and texts without
them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from workbench.domain.speaker_names import MAX_NAME, free_name, kind_of, new_ref, without_doubt
from workbench.domain.turns import Speaker

NEUTRAL = "Speaker"


def looks_real(name: str) -> bool:
    """Tell whether a name may be a real one, and not a label; a question mark after it is none.

    Examples
    --------
    >>> [looks_real(name) for name in ("Amina K", "Amina?", "P1", "Participant 2", "Speaker ?")]
    [True, True, False, False, False]
    """
    bare = without_doubt(name)[0]
    return bool(bare) and kind_of(bare) == "name"


def replaced_names(renamed: Mapping[str, str], after: Iterable[Speaker]) -> dict[str, str]:
    """Give the names that may be real and that nobody has from now on, each with the new one.

    Examples
    --------
    >>> replaced_names({"Amina K": "P1", "P7": "P2", "Bo": "Bo"}, [Speaker("P1"), Speaker("Bo")])
    {'Amina K': 'P1'}
    """
    held = {item.name for item in after}
    return {old: new for old, new in renamed.items() if old not in held and looks_real(old)}


def neutral_names(
    gone: Iterable[str], order: Sequence[str], taken: Collection[str]
) -> dict[str, str]:
    """Give a name that tells nothing to each of those that are not kept.

    Parameters
    ----------
    order
        Who speaks, as they stood: somebody's number is their place among them.
    taken
        Names that others have or had there.

    Examples
    --------
    >>> neutral_names(["Bea"], ["Lin", "Bea"], {"P1"})
    {'Bea': 'Speaker 2'}
    >>> neutral_names(["Bea"], ["Bea"], {"Speaker 1"})
    {'Bea': 'Speaker 1 (2)'}
    """
    found: dict[str, str] = {}
    for old in gone:
        number = order.index(old) + 1 if old in order else len(order) + 1
        found[old] = free_name(f"{NEUTRAL} {number}", {*taken, *found.values()})
    return found


def without_names(text: str, instead: Mapping[str, str]) -> str:
    """Give a text with other names in place of these, where they stand as whole words.

    Examples
    --------
    >>> without_names("Ann and Anna are one.", {"Ann": "Speaker 1"})
    'Speaker 1 and Anna are one.'
    """
    if not instead:
        return text
    longest = sorted(map(re.escape, instead), key=len, reverse=True)
    return re.sub(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", lambda m: instead[m[0]], text)


def ref_without(ref: str, group: str, old: str, new: str) -> str:
    """Give the ref of a respondent who was made for a speaker under the name that they have now.

    Examples
    --------
    >>> [ref_without(ref, "FG1", "Amina K", "P1") for ref in ("FG1 Amina K", "Amina K", "R7")]
    ['FG1 P1', 'FG1 P1', 'R7']
    """
    return new_ref(group, new) if ref == old else without_names(ref, {old: new})[:MAX_NAME]

"""The broad ethnic groups of the 2021 census of England and Wales, with their specific groups.

In: the values of an attribute. Out: a merge of them into the five broad groups, where they are
ethnic groups at all. The specific groups stay the attribute to report by wherever numbers allow:
broad groups hide how differently people are treated.

Source: Office for National Statistics, Ethnic group classifications: Census 2021 (19 groups).
Short forms and the spellings of survey tools are added here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.domain.groupings import Merge, Rest, merge_of

BROAD_GROUPS: dict[str, tuple[str, ...]] = {
    "Asian": (
        "bangladeshi", "chinese", "indian", "pakistani", "other asian", "asian other",
        "any other asian background", "any other asian", "asian or asian british bangladeshi",
        "asian or asian british chinese", "asian or asian british indian",
        "asian or asian british pakistani", "asian or asian british other",
        "asian or asian british any other asian background",
    ),
    "Black": (
        "african", "black african", "caribbean", "black caribbean", "other black", "black other",
        "any other black background", "any other black", "black or black british african",
        "black or black british caribbean", "black or black british other",
        "any other black african or caribbean background", "any other black black british or "
        "caribbean background",
    ),
    "Mixed": (
        "white and asian", "white and black african", "white and black caribbean", "other mixed",
        "mixed other", "any other mixed background", "any other mixed",
        "any other mixed or multiple background", "any other mixed or multiple ethnic background",
        "mixed white and asian", "mixed white and black african", "mixed white and black caribbean",
        "other mixed or multiple",
    ),
    "White": (
        "english welsh scottish northern irish or british", "british", "white british", "english",
        "welsh", "scottish", "northern irish", "white english", "irish", "white irish",
        "gypsy or irish traveller", "white gypsy or irish traveller", "roma", "white roma",
        "other white", "white other", "any other white background", "any other white",
    ),
    "Other ethnic group": (
        "arab", "other ethnic group", "any other ethnic group", "other ethnic group arab",
        "other ethnic group any other ethnic group",
    ),
}  # fmt: skip

MIN_MATCHES = 3
"""With fewer ethnic groups among its values an attribute is probably something else."""

_HOME = {value: group for group, values in BROAD_GROUPS.items() for value in values}
_ORDER = {group: at for at, group in enumerate(BROAD_GROUPS)}


def broad_ethnic_group(value: str) -> str | None:
    """Give the broad group of a specific one; None for what is no ethnic group of the census.

    Examples
    --------
    >>> broad_ethnic_group("White and Black Caribbean"), broad_ethnic_group("Asian / Indian")
    ('Mixed', None)
    >>> broad_ethnic_group("Any other Asian background"), broad_ethnic_group("Urdu")
    ('Asian', None)
    """
    return _HOME.get(_key(value))


def merge_broad(values: Sequence[str], *, rest: Rest = "keep") -> Merge | None:
    """Propose the broad groups for an attribute's values; None where few are ethnic groups.

    At least three values, and at least half of them, must be specific ethnic groups.
    """
    homes = {value: broad_ethnic_group(value) for value in values}
    found = [(value, home) for value, home in homes.items() if home is not None]
    if len(found) < MIN_MATCHES or 2 * len(found) < len(homes):
        return None
    found.sort(key=lambda pair: _ORDER[pair[1]])
    return merge_of(found, rest=rest)


def _key(value: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", value.casefold()).split())

"""What a person may choose on the Themes page, in words, and how its address writes it.

In: the study's groups. Out: the lists of the page, and what stands in its address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.services.coding import filter_links
from workbench.services.coding.saved_filters import list_filters
from workbench.services.counting import figures
from workbench.services.counting.session_groups import BY_SERIES, BY_SESSION
from workbench.services.counting.summarise import Base, GroupChoice, GroupOrder, Level, Order
from workbench.ui import state
from workbench.ui.components.counting.two_groups import SAVED
from workbench.ui.components.in_address import Arranged
from workbench.ui.components.theme_table import Show

LEVELS: dict[Level, str] = {"theme": "Themes", "code": "All codes"}
SHOWN: dict[Show, str] = {"respondents": "Respondents", "mentions": "Mentions"}
BASES: dict[Base, str] = {
    "answered": "Respondents who answered",
    "asked": "Respondents who were asked",
    "everybody": "All respondents",
}
ORDERS: dict[Order, str] = {
    "codebook": "As in the codebook",
    "mentioned": "Most mentioned first",
    "alphabetical": "Alphabetical",
}
GROUP_ORDERS: dict[GroupOrder, str] = {
    "own": "Their own order",
    "size": "Largest first",
    "name": "By name",
}
PICTURES: dict[figures.Kind, str] = {
    "heat_map": "Heat map",
    "bars": "Bars, the chosen one",
    "all_bars": "Bars, all",
}
NOTHING = "@nothing"
"""Stands in an address for no attribute."""


def themes_in_address(groups: Iterable[GroupChoice]) -> Arranged:
    """Say which choices of the page stand in its address beside the filter, and how.

    Attributes stand there by their keys, their values and names of saved filters as digests.
    """
    known = list(groups)
    named: dict[str, Any] = {str(item.attribute_id): item.name for item in known}
    sessions = {BY_SERIES: BY_SERIES, BY_SESSION: BY_SESSION}
    values = {value for item in known for value in item.values}
    saved = {item.name for item in list_filters(*state.context().in_study(), "themes")}
    written = filter_links.digests(*state.context().in_study(), sorted(values | saved))
    digests = {"": None} | {digest: word for word, digest in written.items()}
    return {
        "view": ("themes_view", {"groups": False, "two": True}),
        "rows": ("themes_level", _as_they_are(LEVELS)),
        "by": ("themes_by", named | sessions | {NOTHING: ""}),
        "and": ("themes_and", {NOTHING: ""} | named),
        "compare": ("themes_compare", named | {"@saved": SAVED}),
        "first": ("themes_first", digests),
        "second": ("themes_second", digests),
        "cells": ("themes_show", _as_they_are(SHOWN)),
        "base": ("themes_base", _as_they_are(BASES)),
        "order": ("themes_order", _as_they_are(ORDERS)),
        "columns": ("themes_group_order", _as_they_are(GROUP_ORDERS)),
        "hide": ("themes_hide_empty", {"0": False, "1": True}),
        "unit": ("themes_unit", {NOTHING: ""} | named),
        "drawn": ("themes_picture_of", {"groups": False, "series": True}),
        "picture": ("themes_picture", _as_they_are(PICTURES)),
    }


def _as_they_are(choices: Iterable[str]) -> dict[str, str]:
    return {name: name for name in choices}

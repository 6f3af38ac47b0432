"""What the sorting pane is told, and what it tells, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.domain.palette import CodeLook
from workbench.services.codebooks.refine_split import SplitQueue
from workbench.services.coding.extracts import CodedExtract
from workbench.ui.components.coding.extract_list import MAX_SHOWN

MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that a person did in the pane, in the order of `number`."""

    number: int
    name: Literal["sort", "undo", "more"]
    coding: str = ""
    to: int = 0
    copy: bool = False


def sorting_message(
    found: SplitQueue,
    looks: Mapping[int, CodeLook],
    *,
    session: str,
    answered: int,
    said: str,
    lost: Sequence[int] = (),
) -> dict[str, Any]:
    """Write everything that the pane shows.

    Parameters
    ----------
    session
        Names one sitting: another one begins with an empty pane.
    answered
        The number of the last deed that was done or refused.
    said
        What became of the last deeds, where it is worth a word.
    lost
        The numbers of those that were refused.
    """
    return {
        "code": found.code.id,
        "session": session,
        "answered": answered,
        "total": found.total,
        "parts": [
            {
                "id": part.id,
                "name": part.name,
                "definition": part.definition,
                "colour": [looks[part.id].light, looks[part.id].dark],
                "line": looks[part.id].style,
            }
            for part in found.parts
        ],
        "items": [_item(item) for item in found.items],
        "said": said,
        "lost": list(lost),
    }


def _item(item: CodedExtract) -> dict[str, Any]:
    extract = item.extract
    told = extract.told_on
    more = len(told) - MAX_SHOWN
    facts = (
        extract.document,
        extract.speaker if extract.speaker != extract.respondent else "",
        extract.question or extract.question_ref,
        f"coded by {extract.coder}",
        *extract.marks,
    )
    return {
        "guid": item.coding_guid,
        "before": extract.before,
        "quote": told[:MAX_SHOWN],
        "after": extract.after if more <= 0 else f" ... {more:,} more characters",
        "facts": " · ".join(filter(None, facts)),
    }


def read_deeds(sent: Mapping[str, object] | None, answered: int) -> list[Deed]:
    """Read what the browser sent; what was answered for and what makes no sense are left out."""
    listed = (sent or {}).get("deeds")
    found = []
    for row in listed if isinstance(listed, list) else []:
        deed = _deed(row) if isinstance(row, Mapping) else None
        if deed is not None and deed.number > answered:
            found.append(deed)
    return sorted(found, key=lambda deed: deed.number)


def _deed(row: Mapping[str, object]) -> Deed | None:
    number, name, to = row.get("number"), row.get("name"), row.get("to", 0)
    if not isinstance(number, int) or not 0 < number <= MAX_NUMBER:
        return None
    if name == "sort" and isinstance(to, int) and 0 < to <= MAX_NUMBER:
        return Deed(number, "sort", str(row.get("coding", ""))[:36], to, row.get("copy") is True)
    if name == "undo":
        return Deed(number, "undo")
    return Deed(number, "more") if name == "more" else None

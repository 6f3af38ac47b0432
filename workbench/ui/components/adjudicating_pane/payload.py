"""What the adjudicating pane is told, as plain data. Offsets stay code points."""

from __future__ import annotations

from typing import Any

from workbench.domain.adjudication import Item
from workbench.domain.codebook import format_path
from workbench.services.team.adjudicate import ToSettle
from workbench.ui.components.coding_pane.turns import text_message


def adjudicating_message(
    opened: ToSettle,
    *,
    title: str,
    may: bool,
    undo: str,
    said: str,
    refused: bool,
    decided_now: bool,
    has_previous: bool,
    has_next: bool,
) -> dict[str, Any]:
    """Write everything that the pane shows of a document.

    Parameters
    ----------
    may
        Whether the person may decide, not only look on.
    undo
        What undo would take back; empty when there is nothing.
    said, refused
        What became of the last deed, and whether it was refused.
    decided_now
        Whether a difference has just been decided: the pane goes on to the next one.
    """
    document = opened.document
    return {
        "document": document.id,
        "sha": document.sha256,
        "title": title,
        "language": document.language,
        **text_message(document),
        "coders": [[coder.id, coder.name] for coder in opened.coders],
        "items": [_item(opened, item) for item in opened.differences],
        "may": may,
        "undo": undo or None,
        "said": said,
        "refused": refused,
        "decided_now": decided_now,
        "has_previous": has_previous,
        "has_next": has_next,
    }


def _item(opened: ToSettle, item: Item) -> dict[str, Any]:
    code = opened.codes.get(item.code_id)
    return {
        "place": list(item.place),
        "code": format_path(code.path) if code else "a code that is hidden",
        "decided": _decision(opened, item),
        "parts": [
            [coder.id, [None if c.start is None else [c.start, c.end] for c in item.of(coder.id)]]
            for coder in opened.coders
        ],
    }


def _decision(opened: ToSettle, item: Item) -> str | None:
    if item.decided is None:
        return None
    row = next(row for row in opened.decisions if row.id == item.decided.id)
    names = {coder.id: coder.name for coder in opened.coders}
    taken = " and ".join(names.get(key, "somebody") for key in row.taken_from)
    said = {"neither": "neither", "edited": "other words"}.get(row.choice, f"as {taken}")
    return f"{said}, by {row.decided_by}"

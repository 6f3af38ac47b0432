"""What the placing pane is told, as plain data. Offsets stay code points."""

from __future__ import annotations

from typing import Any

from workbench.domain.text import blocks
from workbench.services.coding.place_again import OpenFlagged
from workbench.ui.components.coding_pane.turns import text_message

NOBODYS = "Only {coder} or the study's owner can place it or let it go."
NO_GUESS = "There is no guess. Select the words in the new text, or let it go."
EMPTY = "The new text is empty: it can only be let go."


def placing_message(
    opened: OpenFlagged,
    *,
    total: int,
    undo: str,
    said: str,
    refused: bool,
    old_title: str,
    new_title: str,
) -> dict[str, Any]:
    """Write everything that the pane shows of a flagged coding.

    Parameters
    ----------
    total
        How many are listed; tells whether there is a next one.
    undo
        What undo would take back; empty when there is nothing.
    said, refused
        What became of the last deed, and whether it was refused.
    """
    before, document = opened.before, opened.document
    coded = None
    if before is not None and before.start is not None:
        coded = [before.start, before.end]
    return {
        "coding": opened.coding.guid,
        "may": opened.may_settle,
        "language": document.language,
        "old": {
            "title": old_title,
            "blocks": [[item.start, item.text] for item in blocks(before.text)]
            if before else [],
            "coded": coded,
            "gone": [[span.start, span.end] for span in opened.differences.gone],
        },
        "new": {
            "title": new_title,
            "sha": document.sha256,
            **text_message(document),
            "come": [[span.start, span.end] for span in opened.differences.come],
        },
        "guess": [opened.guess.start, opened.guess.end] if opened.guess else None,
        "no_guess": _no_guess(opened),
        "undo": undo or None,
        "said": said,
        "refused": refused,
        "has_previous": opened.position > 0,
        "has_next": opened.position < total - 1,
    }  # fmt: skip


def _no_guess(opened: OpenFlagged) -> str:
    if not opened.may_settle:
        return NOBODYS.format(coder=opened.coding.coder)
    return NO_GUESS if opened.document.text.strip() else EMPTY

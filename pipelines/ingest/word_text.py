"""The words of a Word document as a reader sees them, with insertions not accepted yet.

In: paragraphs and cells of python-docx. Out: their text. What is struck out or moved away
is left out; python-docx by itself leaves out what was inserted.
"""

from __future__ import annotations

from typing import Any

from workbench.domain.words import agree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TWICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Words of a text box stand in the file once more, for older programs."""
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def text_of(paragraph: Any) -> str:
    """Give the words of a paragraph, line breaks and tabs included."""
    return "".join(
        _SIGNS.get(node.tag, node.text or "")
        for node in paragraph._p.iter(f"{_W}t", *_SIGNS)
        if node.getparent().tag == f"{_W}r"
        and next(node.iterancestors(f"{_W}moveFrom", _TWICE), None) is None
    )


def text_of_cell(cell: Any) -> str:
    """Give the words of a cell of a table, a line for each paragraph; tables in it included."""
    return "\n".join(
        text_of(block) if hasattr(block, "runs") else _text_of_table(block)
        for block in cell.iter_inner_content()
    )


def _text_of_table(table: Any) -> str:
    from docx.table import _Cell

    # Not `row.cells`, which gives a cell as often as it says that it is wide.
    return "\n".join(
        "\t".join(text_of_cell(_Cell(cell, table)) for cell in row._tr.tc_lst) for row in table.rows
    )


def unwrap(body: Any) -> None:
    """Take content controls away from around paragraphs, rows and cells: python-docx skips them."""
    for box in list(body.iter(f"{_W}sdt")):
        parent, inner = box.getparent(), box.find(f"{_W}sdtContent")
        if parent is None or inner is None:
            continue
        at = parent.index(box)
        parent[at : at + 1] = list(inner)


def notes_of(document: Any) -> tuple[str, ...]:
    """Tell of changes that nobody has accepted, and of comments, in words for a person."""
    body = document.element.body
    changed = next(body.iter(f"{_W}ins", f"{_W}del", f"{_W}moveFrom"), None) is not None
    n_comments = len(list(body.iter(f"{_W}commentReference")))
    told = []
    if changed:
        told.append(
            "The document has changes that nobody has accepted: what was put in is read, what was "
            "struck out is not."
        )
    if n_comments:
        told.append(agree("{n} {comment is|comments are} left out.", n_comments))
    return tuple(told)

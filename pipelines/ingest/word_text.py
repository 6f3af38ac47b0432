"""The words of a Word document as a reader sees them, with insertions not accepted yet.

In: paragraphs and cells of python-docx. Out: their text. What is struck out or moved away
is left out; python-docx by itself leaves out what was inserted.
"""

from __future__ import annotations

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def text_of(paragraph: Any) -> str:
    """Give the words of a paragraph, line breaks and tabs included."""
    return "".join(
        _SIGNS.get(node.tag, node.text or "")
        for node in paragraph._p.iter(f"{_W}t", *_SIGNS)
        if node.getparent().tag == f"{_W}r"
        and next(node.iterancestors(f"{_W}moveFrom"), None) is None
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

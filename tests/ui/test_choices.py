"""Choices in a row: one of them is chosen at any time."""

from __future__ import annotations

import ast
from pathlib import Path

UI = Path(__file__).parents[2] / "workbench" / "ui"


def choices_in_a_row() -> dict[str, set[str | None]]:
    """Find each segmented control, with the names of what it is told."""
    return {
        f"{path.relative_to(UI)}:{node.lineno}": {keyword.arg for keyword in node.keywords}
        for path in UI.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "segmented_control"
    }


def test_a_second_press_lets_go_of_nothing() -> None:
    """Streamlit lets go of what is pressed again, and the page below went with it."""
    found = choices_in_a_row()
    assert len(found) > 3
    assert [place for place, told in found.items() if "required" not in told] == []

"""Where the pages lie. Pages are known by their file, so that tests can open them too."""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent / "pages"


def page_path(name: str) -> Path:
    """Give the file of a page: `page_path("coding")`."""
    return PAGES / f"{name}.py"

"""A headless Chromium in front of the app.

In: Debian's Chromium, or another one on the path. Out: browser windows of 1280 x 720.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.measure import Skipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def find() -> str | None:
    """Find a Chromium on the path."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """Run Chromium while the block lasts.

    Raises
    ------
    Skipped
        When Chromium or Playwright is not installed.
    """
    path = find()
    if path is None:
        raise Skipped("Chromium is not installed: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Skipped("Playwright is not installed: pip install -e '.[dev]'") from error
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@contextmanager
def window(launched: Browser) -> Iterator[Page]:
    """Open a fresh window without cookies or cache while the block lasts."""
    context = launched.new_context(viewport={"width": 1280, "height": 720})
    yield context.new_page()
    context.close()

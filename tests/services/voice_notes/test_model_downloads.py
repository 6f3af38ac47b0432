"""Fetching a model beside everything else: watched, cancelled, taken up again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import ModelError
from workbench.services.voice_notes import model_downloads, models


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Stand in for the network: gives a byte more whenever it is let."""
    model_downloads._fetches.clear()
    let = threading.Semaphore(0)
    begun: list[str] = []

    def download(
        name: str, *, on_bytes: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> Path:
        begun.append(name)
        for have in range(1, 11):
            let.acquire()
            on_bytes(have, 10)
            if cancelled():
                raise ModelError("fetching was cancelled.", hint="It can be taken up again.")
            if name == "unlucky":
                raise OSError("no room")
        return Path(name)

    monkeypatch.setattr(models, "download", download)
    yield let, begun
    let.release(100)
    model_downloads._fetches.clear()


def ended(name: str) -> model_downloads.Fetching:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = model_downloads.watch(name)
        assert found is not None
        if not found.running:
            return found
        time.sleep(0.01)
    raise AssertionError("it does not end")


def test_a_fetch_tells_how_far_it_is_and_ends(server: Any) -> None:
    let, begun = server
    assert model_downloads.watch("small") is None
    model_downloads.start("small")
    model_downloads.start("small")
    let.release(5)
    while (found := model_downloads.watch("small")) is not None and found.have < 5:
        time.sleep(0.01)
    assert found is not None
    assert (found.running, found.have, found.total, found.share) == (True, 5, 10, 0.5)
    model_downloads.forget("small")
    assert model_downloads.watch("small") is not None, "one that runs is not forgotten"
    let.release(5)
    assert ended("small") == model_downloads.Fetching("small", 10, 10, running=False)
    assert begun == ["small"], "begun once"
    model_downloads.forget("small")
    assert model_downloads.watch("small") is None


def test_a_fetch_can_be_cancelled_and_taken_up_again(server: Any) -> None:
    let, begun = server
    model_downloads.start("small")
    model_downloads.cancel("small")
    let.release()
    found = ended("small")
    assert found.cancelled
    assert found.error == "fetching was cancelled. It can be taken up again."
    model_downloads.start("small")
    let.release(10)
    assert ended("small") == model_downloads.Fetching("small", 10, 10, running=False)
    assert len(begun) == 2


def test_whatever_goes_wrong_is_told(server: Any) -> None:
    let, _ = server
    model_downloads.start("unlucky")
    let.release()
    assert ended("unlucky").error == "the model unlucky could not be fetched: no room"


def test_what_was_not_begun_is_left_alone() -> None:
    model_downloads.cancel("never")
    model_downloads.forget("never")
    assert model_downloads.watch("never") is None
    assert model_downloads.Fetching("x").share == 0.0

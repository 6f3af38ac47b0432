"""A worker whose machines cannot be reached says so, and leaves the queue as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.transcribe.transcriber import ModelFile, Transcriber
from tests import voice_notes
from tests.builders import Bench
from workbench.errors import ClusterError
from workbench.services.voice_notes import models, transcribe, transcribing


def test_what_waits_goes_on_waiting(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    place = bench.actor, bench.database, bench.study_id
    model = ModelFile("small", Path("small.pt"), "0" * 64, 1, "whisper", True, True)
    monkeypatch.setattr(models, "find", lambda *_, **__: model)
    run = voice_notes.add_run(place, "open")
    voice_notes.queue(place, voice_notes.record(place, "one", "R1"), run=run)

    def load(model: ModelFile, *, engine: str) -> Transcriber:
        raise ClusterError("no scheduler answers at tcp://node:8786.")

    with pytest.raises(ClusterError, match="no scheduler answers at tcp://node:8786"):
        transcribing.work_queue(bench.actor, bench.database, load=load)
    (found,) = transcribe.progress(*place)
    assert (found.state, found.n_queued, found.n_failed, found.worker_alive) == (
        "open", 1, 0, False,
    )  # fmt: skip

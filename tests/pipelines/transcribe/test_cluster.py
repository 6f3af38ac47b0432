"""Transcribing on several machines: a real cluster of processes, some of them killed."""

from __future__ import annotations

import builtins
import csv
import gc
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import get_ident
from typing import Any

import pytest

from pipelines.transcribe import cluster, cluster_link, cluster_worker
from pipelines.transcribe.cluster import ClusterTranscriber
from pipelines.transcribe.engines import load_transcriber
from pipelines.transcribe.models import find_model
from pipelines.transcribe.sample_model import PACKED, SAMPLE_MODEL
from pipelines.transcribe.transcriber import ModelFile, Note, NoteFailure
from tests.conftest import PATIENCE_S
from workbench.domain.transcripts import TranscribeOptions, Transcript
from workbench.errors import ClusterError, MissingExtra, ModelError
from workbench.settings import bundled

LOADER = "tests.pipelines.transcribe.pretend_engine:load"
OPTIONS = TranscribeOptions(batch_size=4)
pytestmark = pytest.mark.filterwarnings(
    "ignore:Creating scratch directories is taking a surprisingly long time:UserWarning",
    "ignore:Port .* is already in use:UserWarning",
    # whisper leaves the file of its vocabulary open.
    r"ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning",
    r"ignore:unclosed file .*tiktoken:ResourceWarning",
    # A client that looks for its lost scheduler leaves the socket of the last attempt behind.
    r"ignore:Exception ignored in. <socket\.socket:pytest.PytestUnraisableExceptionWarning",
)


@dataclass
class Told:
    """What a caller is told."""

    outcomes: dict[str, Transcript | NoteFailure] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)
    progress: dict[str, int] = field(default_factory=dict)
    threads: set[int] = field(default_factory=set)

    def done(self, key: str, outcome: Transcript | NoteFailure) -> None:
        self.outcomes[key] = outcome
        self.times[key] += 1
        self.threads.add(get_ident())

    def progressed(self, key: str, done_ms: int) -> None:
        self.progress[key] = done_ms
        self.threads.add(get_ident())

    def text(self, key: str) -> str:
        found = self.outcomes[key]
        assert isinstance(found, Transcript), found
        return found.text

    def spans(self, key: str) -> list[tuple[int, int, int | None, int | None]]:
        """Words and times: probabilities differ in the fifth digit by what runs beside a note."""
        found = self.outcomes[key]
        assert isinstance(found, Transcript), found
        parts = [part for segment in found.segments for part in (segment, *segment.words)]
        return [(part.start, part.end, part.start_ms, part.end_ms) for part in parts]

    def failure(self, key: str) -> NoteFailure:
        found = self.outcomes[key]
        assert isinstance(found, NoteFailure), found
        return found


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the pretended engine writes what it does, in all processes."""
    path = tmp_path_factory.mktemp("cluster") / "log.txt"
    path.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRETEND_LOG", str(path))
        patch.setenv("WORKBENCH_MODEL_FOLDER", str(path.with_name("models")))
        yield path


@contextmanager
def two_workers() -> Iterator[Any]:
    """A cluster of two worker processes, brought back when one is lost."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        silence_logs=50,
    ) as made:  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def local(log: Path) -> Iterator[Any]:
    """Two workers that no test ends."""
    with two_workers() as made:
        yield made


@pytest.fixture
def to_lose(log: Path) -> Iterator[Any]:
    """Two workers that may be ended: Dask gives one up that is slow to come back."""
    with two_workers() as made:
        yield made


@pytest.fixture
def joined_to_lose(to_lose: Any, log: Path, model: ModelFile) -> Iterator[ClusterTranscriber]:
    """Such a cluster as a transcriber, with its log emptied."""
    log.write_text("")
    made = cluster.connect(model, to_lose.scheduler_address, engine="pretend", loader=LOADER)
    yield made
    made.close()


@pytest.fixture
def model(tmp_path: Path) -> ModelFile:
    return made_model(tmp_path / "pretend.pt", os.urandom(32))


def made_model(path: Path, content: bytes) -> ModelFile:
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return ModelFile("pretend", path, digest, len(content), "own", True, True)


@pytest.fixture
def joined(local: Any, log: Path, model: ModelFile) -> Iterator[ClusterTranscriber]:
    """The cluster as a transcriber, with its log emptied."""
    wait_for_workers(local, 2)
    log.write_text("")
    made = cluster.connect(model, local.scheduler_address, engine="pretend", loader=LOADER)
    yield made
    made.close()


def wait_for_workers(local: Any, n: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while len(local.scheduler.workers) < n:
        assert time.monotonic() < until, "the workers do not come back"
        time.sleep(0.1)


def notes(*names: str) -> list[Note]:
    return [
        Note(f"n{at}", f"{at}.opus", "", name, duration_ms=1_000) for at, name in enumerate(names)
    ]


def transcribe(made: ClusterTranscriber, wanted: list[Note], **more: Any) -> Told:
    told = Told()
    options = more.pop("options", OPTIONS)
    made.transcribe(wanted, options, on_done=told.done, on_progress=told.progressed, **more)
    assert told.times == Counter(note.key for note in wanted), "each note is told once"
    assert told.threads <= {get_ident()}, "told in the caller's thread"
    return told


def batches(log: Path) -> list[tuple[str, list[str]]]:
    lines = [line.split() for line in log.read_text().splitlines()]
    return [(words[1], words[2].split(",")) for words in lines if words[0] == "batch"]


def loads(log: Path) -> list[str]:
    return [line.split()[1] for line in log.read_text().splitlines() if line.startswith("load")]


def test_all_workers_share_the_notes_and_load_the_model_once(
    joined: ClusterTranscriber, log: Path
) -> None:
    wanted = notes(*(f"file {at}" for at in range(40)))
    told = transcribe(joined, wanted)
    assert [told.text(note.key) for note in wanted] == [f"heard file {at}" for at in range(40)]
    transcribe(joined, wanted)
    assert len(loads(log)) == len(set(loads(log))) == 2, "once in each process"
    share = Counter(pid for pid, _ in batches(log))
    assert len(share) == 2, "no worker starves"
    assert max(len(keys) for _, keys in batches(log)) == 4
    assert set(told.progress.values()) == {1_000}
    assert (joined.engine, joined.versions, joined.n_workers) == ("pretend", "pretend 1", 2)
    assert joined.model.name == "pretend"


def test_language_options_and_refusals_come_through(joined: ClusterTranscriber) -> None:
    wanted = notes("one", "refuse", "three", "missing")
    wanted[2] = replace(wanted[2], language="ur")
    told = transcribe(joined, wanted, options=replace(OPTIONS, language="fr"))
    heard = [told.outcomes[key] for key in ("n0", "n2")]
    assert [item.language for item in heard if isinstance(item, Transcript)] == ["fr", "ur"]
    assert told.failure("n1") == NoteFailure("corrupt", "the recording is damaged.")
    missing = told.failure("n3").message
    assert missing.startswith("3.opus is not there. It was looked for on ")
    assert missing.endswith("a shared folder with the same path, or s3://.")


def test_nothing_to_do_is_done_at_once(joined: ClusterTranscriber) -> None:
    assert transcribe(joined, []).outcomes == {}


def test_an_engine_that_breaks_off_costs_one_note(joined: ClusterTranscriber) -> None:
    told = transcribe(joined, notes("one", "break", "three", "four"))
    failure = told.failure("n1")
    assert (failure.code, failure.retryable) == ("engine", True)
    assert failure.message == "the engine broke off: out of tune"
    assert [told.text(f"n{at}") for at in (0, 2, 3)] == ["heard one", "heard three", "heard four"]


def test_what_the_model_cannot_do_ends_it_all(joined: ClusterTranscriber) -> None:
    told = Told()
    with pytest.raises(ModelError, match="the model cannot translate"):
        joined.transcribe(notes("cannot", "cannot"), OPTIONS, on_done=told.done)
    assert {key: told.failure(key).code for key in ("n0", "n1")} == {
        "n0": "stopped",
        "n1": "stopped",
    }


def test_a_note_that_kills_its_workers_fails_alone(
    joined_to_lose: ClusterTranscriber, log: Path
) -> None:
    told = transcribe(joined_to_lose, notes(*(["fine"] * 5), "kill", *(["fine"] * 6)))
    failure = told.failure("n5")
    assert (failure.code, failure.retryable) == ("worker_lost", True)
    assert failure.message == "3 workers were lost while they had this recording."
    assert sum(isinstance(item, Transcript) for item in told.outcomes.values()) == 11
    tries = [keys for _, keys in batches(log) if "n5" in keys]
    assert 3 <= len(tries) <= 4, "the first time, the batch before it may be held for the reason"
    assert tries[-2:] == [["n5"], ["n5"]], "split"


def test_a_worker_killed_in_the_middle_loses_no_note(
    joined_to_lose: ClusterTranscriber, log: Path
) -> None:
    wanted = notes(*(f"slow {at}" if at in (1, 9) else f"file {at}" for at in range(24)))
    killed: list[int] = []

    def kill_the_first() -> bool:
        busy = [int(pid) for pid, _ in batches(log)]
        if busy and not killed:
            killed.append(busy[0])
            os.kill(busy[0], signal.SIGKILL)
        return False

    told = transcribe(joined_to_lose, wanted, should_stop=kill_the_first)
    assert killed
    assert [told.text(note.key) for note in wanted] == [
        f"heard {note.file_name}" for note in wanted
    ]


def test_both_workers_killed_come_back(joined_to_lose: ClusterTranscriber, log: Path) -> None:
    wanted = notes("kill once a", "two", "three", "four", "kill once b", "six", "seven", "eight")
    told = transcribe(joined_to_lose, wanted)
    assert all(isinstance(item, Transcript) for item in told.outcomes.values())
    assert len(loads(log)) >= 3, "a worker that comes back loads the model"


def test_stop_ends_what_is_under_way(joined: ClusterTranscriber, log: Path) -> None:
    told = Told()
    wanted = notes("quick", *(["held"] * 30))
    go = log.with_name("go")
    joined.transcribe(
        iter(wanted), replace(OPTIONS, batch_size=1), on_done=told.done,
        should_stop=lambda: "n0" in told.outcomes,
    )  # fmt: skip
    go.touch()
    heard = [key for key, item in told.outcomes.items() if isinstance(item, Transcript)]
    assert heard == ["n0"], "it does not wait for what is under way"
    assert told.text("n0") == "heard quick"
    stopped = [item for item in told.outcomes.values() if isinstance(item, NoteFailure)]
    assert 1 <= len(stopped) <= 8, "what was not taken from the source is not told"
    assert {(item.code, item.retryable) for item in stopped} == {("stopped", True)}
    assert max(told.times.values()) == 1
    assert transcribe(joined, notes("after")).text("n0") == "heard after"


def test_an_error_of_the_caller_ends_the_round(joined: ClusterTranscriber) -> None:
    told = Told()

    def refuse(key: str, outcome: Transcript | NoteFailure) -> None:
        told.done(key, outcome)
        if isinstance(outcome, Transcript):
            raise KeyError("the database is gone")

    with pytest.raises(KeyError, match="the database is gone"):
        joined.transcribe(notes(*(["slow"] * 4)), OPTIONS, on_done=refuse)
    assert transcribe(joined, notes("after")).text("n0") == "heard after"


def test_a_model_that_is_not_there_is_sent_once_and_checked(
    local: Any, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(local, 2)
    monkeypatch.setattr(cluster_link, "PIECE", 1_000)
    sent = made_model(tmp_path / "large.pt", os.urandom(2_500))
    there = replace(sent, path=tmp_path / "large.pt")
    from distributed import Client

    real = cluster_worker.find_model
    with Client(local.scheduler_address, set_as_default=False) as client:
        assert set(client.run(real, replace(there, path=Path("/nowhere.pt"))).values()) == {False}
    link = cluster_link.open_link(
        local.scheduler_address, cluster.Task(there, "pretend", "cpu", LOADER)
    )
    try:
        (worker, _) = sorted(link.workers())
        elsewhere = replace(there, path=Path("/nowhere/large.pt"))
        link._send(worker, there)
        assert link.on_worker(worker, cluster_worker.find_model, elsewhere)
        damaged = replace(there, sha256="0" * 64)
        with pytest.raises(ModelError, match=r"pretend: the model arrived damaged on .*: its chec"):
            link._send(worker, damaged)
        assert not link.on_worker(worker, cluster_worker.find_model, damaged)
    finally:
        link.client.close()
    received = list((log.with_name("models") / "received").glob("*.p*t"))
    assert [path.name for path in received] == [f"{sent.sha256}.pt"]
    assert received[0].read_bytes() == sent.path.read_bytes()


def test_a_model_that_cannot_be_loaded_is_told(local: Any, tmp_path: Path) -> None:
    wait_for_workers(local, 2)
    bad = made_model(tmp_path / "bad.pt", b"unreadable")
    with pytest.raises(ClusterError, match=r"cannot transcribe: pretend: this is no model\."):
        cluster.connect(bad, local.scheduler_address, engine="pretend", loader=LOADER)


def test_other_versions_are_told(
    local: Any, model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_workers(local, 2)
    here = cluster_worker.facts()
    real = cluster_link.Link.on_worker

    def on_worker(link: Any, worker: str, function: Callable[..., Any], *args: Any) -> Any:
        if function is cluster_worker.facts:
            return here | {"av": "1.0"}
        return real(link, worker, function, *args)

    monkeypatch.setattr(cluster_link.Link, "on_worker", on_worker)
    with pytest.raises(ClusterError, match=rf"other words\. av: 1\.0 there, {here['av']} here\."):
        cluster.connect(model, local.scheduler_address, engine="pretend", loader=LOADER)


def test_facts_name_what_must_agree() -> None:
    found = cluster_worker.facts()
    assert found["Python"].startswith("3.")
    assert set(found) >= {"SpeakOut Workbench", "openai-whisper", "av", "torch"}
    assert "+" not in found["torch"]


def test_an_unreachable_scheduler_is_told(
    model: ModelFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_link, "ANSWER_S", 0.5)
    port = free_port()
    with pytest.raises(
        ClusterError, match=rf"^no scheduler answers at tcp://127\.0\.0\.1:{port}\. Look at the"
    ):
        cluster.connect(model, f"127.0.0.1:{port}")
    with pytest.raises(ClusterError, match="no scheduler answers at odd://place:1"):
        cluster.connect(model, "odd://place:1")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("node", "tcp://node:8786"),
        (" node:99 ", "tcp://node:99"),
        ("tls://node", "tls://node:8786"),
        ("tcp://10.0.0.1:5", "tcp://10.0.0.1:5"),
    ],
)
def test_addresses_may_be_short(given: str, meant: str) -> None:
    assert cluster_link._full(given) == meant


def test_without_the_package_it_is_named(model: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *args: Any, **more: Any) -> Any:
        if name == "distributed":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match=r"pip install 'speakout-workbench\[cluster\]'"):
        cluster.connect(model, "node")


def test_a_scheduler_lost_in_the_middle_is_told(log: Path, model: ModelFile) -> None:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=0, dashboard_address=None, silence_logs=50, processes=True
    ) as empty:
        with pytest.raises(ClusterError, match=r"the scheduler at tcp://.* has no workers\. Start"):
            cluster.connect(model, empty.scheduler_address, engine="pretend", loader=LOADER)
        empty.scale(1)
        wait_for_workers(empty, 1)
        made = cluster.connect(
            model, empty.scheduler_address, engine="pretend", loader=LOADER, patience_s=1
        )
        told = Told()

        def leave() -> bool:
            if "n0" in told.outcomes:
                empty.scale(0)
            return False

        wanted = notes("quick", *(["slow"] * 4))
        with pytest.raises(ClusterError, match=r"no worker is left at tcp://"):
            made.transcribe(
                wanted, replace(OPTIONS, batch_size=1), on_done=told.done, should_stop=leave
            )
        assert told.text("n0") == "heard quick"
        assert told.failure("n1").code == "stopped"
        assert "n4" not in told.outcomes, "not taken from the source"
    with pytest.raises(ClusterError, match=r"the scheduler at tcp://.* does not answer any more\."):
        made.transcribe(notes("late"), OPTIONS, on_done=told.done)
    made.close()
    gc.collect()  # so that what the client leaves behind is told here


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def commands(log: Path, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A scheduler and a worker, started as the guide says; gives the address and the scheduler."""
    address = f"127.0.0.1:{free_port()}"
    host, port = address.split(":")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    dask = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*dask, "scheduler", "--no-dashboard", "--host", host, "--port", port],
        env=environment, **quiet,
    )  # fmt: skip
    worker = subprocess.Popen(
        [*dask, "worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"],
        env=environment, **quiet,
    )  # fmt: skip
    yield address, scheduler
    for process in (worker, scheduler):
        process.kill()
        process.wait()


def connected(model: ModelFile, address: str) -> ClusterTranscriber:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return cluster.connect(model, address, engine="pretend", loader=LOADER)
        except ClusterError:
            assert time.monotonic() < until, "the commands do not start"
            time.sleep(0.2)


def test_a_scheduler_that_is_killed_is_told_and_what_is_under_way_goes_back(
    commands: tuple[str, subprocess.Popen[bytes]], model: ModelFile
) -> None:
    address, scheduler = commands
    made = connected(model, address)
    told = Told()

    def kill() -> bool:
        if "n0" in told.outcomes:
            scheduler.kill()
        return False

    wanted = notes("quick", *(["slow"] * 4))
    with pytest.raises(ClusterError, match=r"the scheduler at tcp://.* does not answer any more\."):
        made.transcribe(wanted, replace(OPTIONS, batch_size=1), on_done=told.done, should_stop=kill)
    assert told.text("n0") == "heard quick"
    assert told.failure("n1").code == "stopped"
    made.close()
    gc.collect()


VOICE_NOTES = bundled("data_samples") / "speakout" / "voice_notes"


def test_the_sample_model_hears_the_same_on_a_cluster(to_lose: Any, tmp_path: Path) -> None:
    packed = bundled("data_samples") / PACKED
    model = find_model(SAMPLE_MODEL, tmp_path, sample_allowed=True, bundled=packed)
    with (VOICE_NOTES / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["file"]: row["words"] for row in csv.DictReader(file)}
    wanted = [
        Note(name, str(VOICE_NOTES / name), hashlib.sha256(name.encode()).hexdigest(), name)
        for name in sorted(truth)[:12]
    ]
    made = cluster.connect(model, to_lose.scheduler_address, device="cpu")
    killed: list[int] = []
    pids = [worker.process.pid for worker in to_lose.workers.values()]

    def kill_one() -> bool:
        if told.outcomes and not killed:
            killed.append(pids[0])
            os.kill(pids[0], signal.SIGKILL)
        return False

    told = Told()
    made.transcribe(
        wanted, replace(OPTIONS, batch_size=2), on_done=told.done, on_progress=told.progressed,
        should_stop=kill_one,
    )  # fmt: skip
    keys = [note.key for note in wanted]
    versions = made.versions
    made.close()
    assert killed, "in the middle"
    assert told.times == Counter(note.key for note in wanted), "one transcript each"
    alone = Told()
    engine = load_transcriber(model, device="cpu")
    engine.transcribe(wanted, OPTIONS, on_done=alone.done)
    assert versions == engine.versions
    assert {key: told.spans(key) for key in keys} == {key: alone.spans(key) for key in keys}
    assert [told.text(note.key) for note in wanted] == [truth[note.key] for note in wanted]

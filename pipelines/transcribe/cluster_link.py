"""The connection to a Dask cluster: who is there, and whether they are fit to transcribe.

In: a scheduler's address. Out: workers that run the same versions and have the model loaded.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from pipelines.transcribe import cluster_worker
from pipelines.transcribe.cluster_worker import Task
from pipelines.transcribe.transcriber import ModelFile
from workbench.errors import ClusterError, MissingExtra

if TYPE_CHECKING:
    from distributed import Client, Future

PORT = 8786
"""Where a Dask scheduler listens unless it is told otherwise."""

PIECE = 16 << 20
"""Bytes of a model's file that are sent at a time."""

WATCH_S = 0.5
"""How often it is looked which workers are there."""

ANSWER_S = 10.0
"""How long a scheduler may take to answer."""

START = (
    "Start a scheduler with 'dask scheduler --no-dashboard' and workers with "
    "'dask worker ADDRESS --nthreads 1 --no-dashboard'."
)

T = TypeVar("T")


class WorkerLost(Exception):
    """A worker is not part of the cluster any more."""


class Link:
    """A client of a scheduler, with the workers that are ready.

    `ready` and `refused` are written by threads that bring workers in, under one lock.
    """

    def __init__(self, client: Client, address: str, task: Task) -> None:
        self.client = client
        self.address = address
        self.task = task
        self.versions = ""
        self.refused: dict[str, ClusterError] = {}
        self._ready: set[str] = set()
        self._lock = threading.Lock()

    def workers(self) -> set[str]:
        """Give the addresses of all workers that are there now.

        Raises
        ------
        ClusterError
            When the scheduler does not answer any more.
        """
        try:
            if self.client.status == "running":
                return set(self.client.nthreads())
        except lost_errors() as error:
            raise self.gone() from error
        raise self.gone()

    def gone(self) -> ClusterError:
        """Say that the scheduler is lost."""
        return ClusterError(
            f"the scheduler at {self.address} does not answer any more. What is transcribed is "
            "kept. Start it and its workers again, and go on."
        )

    def ready(self) -> set[str]:
        """Give the workers that have the model loaded, whether they are still there or not."""
        with self._lock:
            return set(self._ready)

    def forget(self, worker: str) -> None:
        """Count a worker as ready no more."""
        with self._lock:
            self._ready.discard(worker)

    def bring_in(self, worker: str) -> None:
        """Make a worker ready: same versions, the model there and loaded; or note why it is not."""
        try:
            self._compare(worker)
            self._provide_model(worker)
            versions = self.on_worker(worker, cluster_worker.open_model, self.task)
            with self._lock:
                self.versions = self.versions or versions
                self._ready.add(worker)
        except WorkerLost:
            return
        except ClusterError as error:
            self.refused[worker] = error
        except Exception as error:  # noqa: BLE001 - whatever a machine of its own runs into
            self.refused[worker] = ClusterError(f"the worker {worker} cannot transcribe: {error}")

    def submit(self, worker: str, function: Callable[..., T], *args: object) -> Future[T]:
        """Let one worker do something, and no other."""
        try:
            return self.client.submit(
                function, *args, workers=[worker], allow_other_workers=False, pure=False
            )
        except lost_errors() as error:
            raise self.gone() from error

    def call_off(self, round_name: str, futures: list[Future[Any]]) -> None:
        """Let workers stop what nobody waits for any more, as far as they can be reached."""
        if self.client.status != "running":
            return
        with suppress(*lost_errors()):
            self.client.run(cluster_worker.stop_round, round_name, on_error="ignore", wait=False)
            for future in futures:
                future.cancel()

    def on_worker(self, worker: str, function: Callable[..., T], *args: object) -> T:
        """Let one worker do something, and wait for what it gives.

        Raises
        ------
        WorkerLost
            When the worker goes away meanwhile.
        """
        return self.result(self.submit(worker, function, *args), worker)

    def result(self, future: Future[T], worker: str) -> T:
        """Wait for what a worker gives.

        Raises
        ------
        WorkerLost
            When the worker goes away meanwhile, or has killed itself with it.
        """
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        while True:
            try:
                return future.result(timeout=WATCH_S)
            except TimeoutError:
                if worker not in self.workers():
                    future.cancel()
                    raise WorkerLost(worker) from None
            except (KilledWorker, CancelledError) as error:
                self.workers()  # says so, when it is the scheduler that is lost
                raise WorkerLost(worker) from error

    @contextmanager
    def listening(self, topic: str, heard: Callable[[Any], None]) -> Iterator[None]:
        """Hear what workers tell on a topic; it is told in a thread of the client's."""
        self.client.subscribe_topic(topic, lambda event: heard(event[1]))
        try:
            yield
        finally:
            with suppress(*lost_errors()):
                self.client.unsubscribe_topic(topic)

    def _compare(self, worker: str) -> None:
        here = cluster_worker.facts()
        try:
            there = self.on_worker(worker, cluster_worker.facts)
        except (ImportError, AttributeError) as error:
            raise ClusterError(
                f"the worker {worker} has no SpeakOut Workbench, or another version "
                f"({error}). Install version {here['SpeakOut Workbench']} there."
            ) from error
        differing = [
            f"{name}: {there.get(name, 'not installed')} there, {version} here"
            for name, version in here.items()
            if there.get(name, "not installed") != version
        ]
        if differing:
            raise ClusterError(
                f"the worker {worker} runs other versions, and would hear other words. "
                f"{'; '.join(differing)}. Install the same versions on all machines."
            )

    def _provide_model(self, worker: str) -> None:
        model = self.task.model
        if self.on_worker(worker, cluster_worker.find_model, model):
            return
        if not model.path.is_file():
            raise ClusterError(
                f"the worker {worker} does not have the model {model.name}, and a folder cannot be "
                f"sent. Copy {model.path} to the same path there."
            )
        self._send(worker, model)

    def _send(self, worker: str, model: ModelFile) -> None:
        offset = 0
        with model.path.open("rb") as source:
            while piece := source.read(PIECE):
                self.on_worker(worker, cluster_worker.take_piece, model, offset, piece)
                offset += len(piece)
        self.on_worker(worker, cluster_worker.finish_model, model)


def lost_errors() -> tuple[type[Exception], ...]:
    """Give what a client raises when its scheduler is gone: closed connections, closed clients."""
    from distributed.client import ClosedClientError

    return (OSError, RuntimeError, ValueError, ClosedClientError)


def open_link(address: str, task: Task) -> Link:
    """Connect to a scheduler.

    Raises
    ------
    MissingExtra
        When Dask distributed is not installed.
    ClusterError
        When no scheduler answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtra(
            "several machines need one more package: pip install 'speakout-workbench[cluster]'"
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told here
    full = _full(address)
    try:
        client = Client(full, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no scheduler answers at {full}. Look at the address and the network between the "
            f"machines. {START}"
        ) from error
    return Link(client, full, task)


def _full(address: str) -> str:
    place = address.strip()
    protocol, found, rest = place.partition("://")
    if not found:
        protocol, rest = "tcp", place
    return f"{protocol}://{rest}" if ":" in rest else f"{protocol}://{rest}:{PORT}"

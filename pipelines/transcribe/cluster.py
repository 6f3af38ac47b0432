"""Transcribe on several machines: batches of notes go to the workers of a Dask cluster.

In: notes, and the address of a scheduler. Out: what `Transcriber` promises, told in the one process
that asked, which alone writes to the database. A lost worker's notes are tried on others. Needs the
extra `cluster`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from pipelines.transcribe import cluster_worker
from pipelines.transcribe.cluster_batches import MAX_LOSSES, Batch, Dealer
from pipelines.transcribe.cluster_link import START, WATCH_S, Link, WorkerLost, open_link
from pipelines.transcribe.cluster_worker import Order, Outcome, Task
from pipelines.transcribe.transcriber import ModelFile, Note, NoteFailure, OnDone, OnProgress
from workbench.domain.transcripts import TranscribeOptions
from workbench.errors import ClusterError, ModelError

if TYPE_CHECKING:
    from distributed import Future

LOADER = "pipelines.transcribe.engines:load_transcriber"

AHEAD = 2
"""Batches that a worker has at most: one under way, and one so that it need not wait."""

PATIENCE_S = 60.0
"""How long it is waited while there is no worker; a lost one comes back in seconds."""

TICK_S = 0.1

STOPPED = NoteFailure("stopped", "stopped before it was transcribed.", retryable=True)

Outcomes = tuple[tuple[str, Outcome], ...]


def connect(
    model: ModelFile,
    address: str,
    *,
    engine: str = "openai-whisper",
    device: str = "auto",
    max_seconds: float | None = None,
    loader: str = LOADER,
    patience_s: float = PATIENCE_S,
) -> ClusterTranscriber:
    """Connect to a cluster, and have the model loaded by every worker that is there.

    Parameters
    ----------
    address
        Of the scheduler, such as "192.168.1.10:8786" or "tls://host:8786".
    max_seconds
        Longest recording that is taken, in seconds.
    loader
        "module:function" that loads an engine on a worker.
    patience_s
        How long, in seconds, it is waited while there is no worker.

    Raises
    ------
    MissingExtra
        When Dask distributed is not installed.
    ClusterError
        When no scheduler answers, no worker is there, or one does not fit.
    """
    link = open_link(address, Task(model, engine, device, loader, max_seconds))
    made = ClusterTranscriber(link, patience_s=patience_s)
    try:
        made.gather()
    except BaseException:
        made.close()
        raise
    return made


class ClusterTranscriber:
    """The machines of a cluster as one `Transcriber`."""

    def __init__(self, link: Link, *, patience_s: float) -> None:
        self._link = link
        self._patience_s = patience_s

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self._link.task.engine

    @property
    def versions(self) -> str:
        """What decodes and transcribes, the same on all machines."""
        return self._link.versions

    @property
    def model(self) -> ModelFile:
        """The model that the workers have loaded."""
        return self._link.task.model

    @property
    def n_workers(self) -> int:
        """How many workers are ready."""
        return len(self._link.ready() & self._link.workers())

    def gather(self) -> None:
        """Make all workers ready that are there; say what is wrong with one that does not fit."""
        workers = self._link.workers()
        if not workers:
            raise ClusterError(f"the scheduler at {self._link.address} has no workers. {START}")
        with ThreadPoolExecutor(max_workers=min(32, len(workers))) as pool:
            list(pool.map(self._link.bring_in, sorted(workers)))
        for error in self._link.refused.values():
            raise error
        if not self._link.ready():
            raise ClusterError("every worker was lost while it loaded the model. Has it room?")

    def transcribe(
        self,
        notes: Iterable[Note],
        options: TranscribeOptions,
        *,
        on_done: OnDone,
        on_progress: OnProgress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """Transcribe notes on the workers; see `Transcriber.transcribe`.

        Raises
        ------
        ClusterError
            When the scheduler is lost, or no worker comes back. What is transcribed has been told;
            what is under way has ended with the code "stopped".
        """
        dealer = Dealer(notes, options.batch_size)
        work = _Round(self._link, dealer, options, on_done, on_progress, self._patience_s)
        try:
            with self._link.listening(work.name, work.heard):
                while work.step():
                    if should_stop is not None and should_stop():
                        break
        finally:
            work.end()

    def close(self) -> None:
        """Let the cluster go; its workers keep the model."""
        self._link.client.close(timeout=WATCH_S)


@dataclass(frozen=True, slots=True, eq=False)
class _Flight:
    """A batch on its way to a worker."""

    batch: Batch
    worker: str
    future: Future[Outcomes]


class _Round:
    """One call of `transcribe`: its notes, and which worker has which of them."""

    def __init__(
        self,
        link: Link,
        dealer: Dealer,
        options: TranscribeOptions,
        on_done: OnDone,
        on_progress: OnProgress | None,
        patience_s: float,
    ) -> None:
        self.name = f"speakout-{uuid4()}"
        self._link, self._dealer, self._options = link, dealer, options
        self._on_done, self._on_progress = on_done, on_progress
        self._patience_s = patience_s
        self._flights: dict[str, list[_Flight]] = {}  # by worker, in the order of sending
        self._workers: set[str] = set()
        self._coming: set[str] = set()
        self._news: SimpleQueue[Any] = SimpleQueue()
        self._pool = ThreadPoolExecutor(max_workers=4)
        self._watched = self._seen = monotonic()
        self._watch()

    def heard(self, news: tuple[str, int]) -> None:
        """Keep how far a note is until the caller's thread tells it."""
        self._news.put(news)

    def step(self) -> bool:
        """Do what there is to do; False when all is done."""
        if monotonic() - self._watched >= WATCH_S:
            self._watch()
        self._deal()
        self._wait()
        return self._in_flight() > 0 or self._dealer.has_more()

    def end(self) -> None:
        """Call back what is under way, and tell that it was stopped."""
        flights = [flight for listed in self._flights.values() for flight in listed]
        notes = [note for flight in flights for note in flight.batch.notes] + self._dealer.left()
        self._flights.clear()
        if flights:
            self._link.call_off(self.name, [flight.future for flight in flights])
        self._pool.shutdown(wait=False, cancel_futures=True)
        for note in notes:
            self._on_done(note.key, STOPPED)

    def _watch(self) -> None:
        """See who has gone and who has come."""
        self._watched = monotonic()
        present = self._link.workers()
        for worker in set(self._flights) - present:
            self._lose(worker)
        ready = self._link.ready()
        for worker in ready - present:
            self._link.forget(worker)
        self._workers = ready & present
        self._coming &= present - ready - set(self._link.refused)
        for worker in present - ready - self._coming - set(self._link.refused):
            self._coming.add(worker)
            self._pool.submit(self._link.bring_in, worker)
        if self._workers or self._coming:
            self._seen = monotonic()
        elif monotonic() - self._seen > self._patience_s:
            self._give_up()

    def _give_up(self) -> None:
        for error in self._link.refused.values():
            raise error
        raise ClusterError(
            f"no worker is left at {self._link.address}, and none came back. What is transcribed "
            f"is kept. {START}"
        )

    def _deal(self) -> None:
        """Give every worker something to do, the idle ones first."""
        n_workers = len(self._workers)
        for depth in range(AHEAD):
            for worker in sorted(self._workers):
                flights = self._flights.get(worker, [])
                if len(flights) > depth or any(flight.batch.alone for flight in flights):
                    continue
                batch = self._dealer.next_batch(n_workers, ahead=depth > 0)
                batch = batch or self._taken_over(depth)
                if batch is None:
                    return
                self._send(worker, batch)

    def _taken_over(self, depth: int) -> Batch | None:
        """For an idle worker, take a batch that another one has not begun."""
        for listed in self._flights.values() if depth == 0 else ():
            if len(listed) > 1 and not listed[-1].future.done():
                flight = listed.pop()
                flight.future.cancel()
                return flight.batch
        return None

    def _send(self, worker: str, batch: Batch) -> None:
        topic = self.name if self._on_progress is not None else ""
        order = Order(self._link.task, batch.notes, self._options, self.name, topic)
        future = self._link.submit(worker, cluster_worker.transcribe_batch, order)
        flight = _Flight(batch, worker, future)
        self._flights.setdefault(worker, []).append(flight)
        future.add_done_callback(lambda _: self._news.put(flight))

    def _wait(self) -> None:
        """Take what has come, or wait a moment for it."""
        timeout = TICK_S
        while True:
            try:
                news = self._news.get(timeout=timeout)
            except Empty:
                return
            timeout = 0
            if isinstance(news, _Flight):
                if news in self._flights.get(news.worker, ()):
                    self._land(news)
            elif self._on_progress is not None:
                self._on_progress(*news)

    def _land(self, flight: _Flight) -> None:
        try:
            outcomes = self._link.result(flight.future, flight.worker)
        except WorkerLost:
            self._lose(flight.worker)
            return
        except (ClusterError, ModelError):  # the model cannot do what is asked, on any machine
            raise
        except Exception as error:  # noqa: BLE001 - whatever an engine runs into
            self._remove(flight)
            self._try_again(flight.batch, f"the engine broke off: {error}", "engine")
            return
        self._remove(flight)
        for key, outcome in outcomes:
            self._on_done(key, outcome)

    def _remove(self, flight: _Flight) -> None:
        self._flights[flight.worker].remove(flight)
        if not self._flights[flight.worker]:
            del self._flights[flight.worker]

    def _lose(self, worker: str) -> None:
        """Send a lost worker's notes to others; only what it had begun may be the reason."""
        self._link.forget(worker)
        self._workers.discard(worker)
        listed = self._flights.pop(worker, [])
        for flight in listed:
            flight.future.cancel()
        for flight in reversed(listed[1:]):
            self._dealer.give_back(flight.batch)
        if listed:
            reason = f"{MAX_LOSSES} workers were lost while they had this recording."
            self._try_again(listed[0].batch, reason, "worker_lost")

    def _try_again(self, batch: Batch, reason: str, code: str) -> None:
        for note in self._dealer.lost(batch):
            self._on_done(note.key, NoteFailure(code, reason, retryable=True))

    def _in_flight(self) -> int:
        return sum(len(listed) for listed in self._flights.values())

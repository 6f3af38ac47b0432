"""Notes: whisper's own `transcribe`, run for many notes in turns, with their windows together.

In: notes with a way to load their sound. Out: for each note the dictionary that
`whisper.transcribe` gives, or the error that it ended with.

Every note runs the unmodified `whisper.transcribe` in a thread that moves only while it holds the
baton; where it asks the model for a window's words or language, it waits. The scheduler collects
what up to `batch_size` notes wait for, does it in one go (`ragged`), and hands the baton round
again. So seeking, prompts, fallback, thresholds and word times stay whisper's own code. The baton
is needed: whisper's hooks for word times are not safe among threads.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from whisper.decoding import DecodingOptions, DecodingResult
from whisper.transcribe import transcribe

from pipelines.transcribe.ragged import Window, can_share, decode_windows, shared_rules
from workbench.errors import WorkbenchError

ENCODER_BATCH = 4
"""Windows in one pass of the encoder: more gain nothing on a CPU and cost memory."""

WINDOW_MS = 30_000

SURE = 0.5
"""Probability from which a window's language counts as known."""


class Stopped(WorkbenchError):
    """Transcribing was told to stop before the note was at its end."""


class TookTooLong(WorkbenchError):
    """A note took longer than it may."""


@dataclass(frozen=True, slots=True)
class NoteJob:
    """A note to run: `load` gives its samples, `options` go to `whisper.transcribe`.

    `seed` makes the random numbers of sampled decoding the note's own, whatever runs beside it.
    """

    key: str
    load: Callable[[], Any]
    options: dict[str, Any]
    seed: int


@dataclass(slots=True)
class NoteResult:
    """How a note ended: with whisper's dictionary or with an error.

    `languages` maps the languages of its windows, as far as they are sure, to how many they are.
    """

    key: str
    result: dict[str, Any] | None = None
    error: BaseException | None = None
    language_probability: float | None = None
    languages: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Request:
    kind: str  # "decode" or "language"
    mel: Tensor
    options: DecodingOptions | None = None


class _ModelForNote:
    """Looks like the model to `whisper.transcribe`; what is heavy waits for its turn."""

    def __init__(self, model: Any, note: _RunningNote) -> None:
        self._model, self._note = model, note
        self._mel: Tensor | None = None
        self._features: Tensor | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def decode(self, mel: Tensor, options: DecodingOptions) -> Any:
        return self._note.wait_for(_Request("decode", mel, options))

    def detect_language(self, mel: Tensor, tokenizer: object = None) -> Any:
        return self._note.wait_for(_Request("language", mel))

    def __call__(self, mel: Tensor, tokens: Tensor) -> Any:
        # Word times only: the window has just been encoded.
        if self._mel is not None and self._mel.data_ptr() == mel.data_ptr():
            assert self._features is not None
            return self._model.decoder(tokens, self._features[None])
        return self._model(mel, tokens)


class _RunningNote(threading.Thread):
    """One note under way. It moves in `resume`, until it waits or ends."""

    def __init__(self, job: NoteJob, model: Any) -> None:
        super().__init__(daemon=True, name=f"note {job.key}")
        self.job, self.proxy = job, _ModelForNote(model, self)
        self.outcome = NoteResult(job.key)
        self.generator = torch.Generator(device=model.device).manual_seed(job.seed)
        self.request: _Request | None = None
        self.reply: Any = None
        self.ended = False
        self.windows = 0
        self.seconds = 0.0
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self.start()

    def run(self) -> None:
        self._go.acquire()
        try:
            with torch.no_grad():
                self.outcome.result = transcribe(self.proxy, self.job.load(), **self.job.options)
        except BaseException as error:  # noqa: BLE001 - told as the note's own end
            self.outcome.error = error
        self.request, self.ended = None, True
        self._back.release()

    def wait_for(self, request: _Request) -> Any:
        """Ask for something, in the note's own thread, and wait until it is there."""
        self.request = request
        self._back.release()
        self._go.acquire()
        reply, self.reply = self.reply, None
        if isinstance(reply, BaseException):
            raise reply
        return reply

    def resume(self) -> None:
        """Give the note the baton until it waits or ends; called by the scheduler."""
        begun = time.monotonic()
        self.request = None
        self._go.release()
        self._back.acquire()
        self.seconds += time.monotonic() - begun


class Scheduler:
    """Runs notes, some side by side.

    Parameters
    ----------
    model
        A `whisper.model.Whisper`.
    batch_size
        How many notes are under way at once. It is halved when memory runs out.
    max_note_seconds
        How long one note may take.
    """

    def __init__(
        self, model: Any, *, batch_size: int = 4, max_note_seconds: float = math.inf
    ) -> None:
        self.model, self.batch_size = model, max(1, batch_size)
        self.max_note_seconds = max_note_seconds
        self.n_batches = self.n_rows = 0

    def run(
        self,
        jobs: Iterator[NoteJob],
        *,
        on_done: Callable[[NoteResult], None],
        on_window: Callable[[str, int], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        """Run notes until there are none; tell the end of each as it comes.

        `on_window` is told a note's key and how many windows of it are behind.
        """
        stop = should_stop or (lambda: False)
        active: list[_RunningNote] = []
        try:
            while True:
                self._take_in(jobs, active, on_done, stop)
                if not active:
                    return
                self._turn(active, on_window)
                for note in [note for note in active if note.ended]:
                    active.remove(note)
                    on_done(note.outcome)
                if active and stop():
                    return
        finally:
            for note in active:
                note.reply = Stopped("stopped before the end.")
                while not note.ended:
                    note.resume()
                    note.reply = Stopped("stopped before the end.")
                on_done(note.outcome)

    def _take_in(
        self,
        jobs: Iterator[NoteJob],
        active: list[_RunningNote],
        on_done: Callable[[NoteResult], None],
        stop: Callable[[], bool],
    ) -> None:
        while len(active) < self.batch_size and not stop():
            job = next(jobs, None)
            if job is None:
                return
            note = _RunningNote(job, self.model)
            note.resume()
            if note.ended:
                on_done(note.outcome)
            else:
                active.append(note)

    def _turn(
        self, active: list[_RunningNote], on_window: Callable[[str, int], None] | None
    ) -> None:
        """Answer what all notes wait for, and let each go on to its next question."""
        begun = time.monotonic()
        self._answer(active)
        share = (time.monotonic() - begun) / len(active)
        for note in active:
            note.seconds += share
            if note.seconds > self.max_note_seconds:
                note.reply = TookTooLong(f"gave up after {note.seconds:.0f} seconds.")
            before = note.windows
            note.resume()
            if on_window and not note.ended and before:
                on_window(note.job.key, before - 1)

    def _answer(self, notes: list[_RunningNote]) -> None:
        """Answer; what fails together is tried in halves, so that a bad note fails alone."""
        try:
            self._answer_together(notes)
        except Exception as error:  # noqa: BLE001 - engines raise anything; told to the note
            if len(notes) == 1:
                notes[0].reply = error
                return
            if is_out_of_memory(error):
                self.batch_size = max(1, self.batch_size // 2)
                release_memory()
            half = len(notes) // 2
            self._answer(notes[:half])
            self._answer(notes[half:])

    @torch.no_grad()
    def _answer_together(self, notes: list[_RunningNote]) -> None:
        self._encode(notes)
        for note in notes:
            if note.request is not None and note.request.kind == "language":
                note.reply = self._language(note)
        groups: dict[tuple[object, ...], list[_RunningNote]] = {}
        for note in notes:
            request = note.request
            if request is None or request.options is None:
                continue
            if can_share(request.options):
                groups.setdefault(shared_rules(request.options), []).append(note)
            else:  # beams and several tries: one by one
                note.reply = self.model.decode(note.proxy._features, request.options)
        for group in groups.values():
            self._decode(group)
        self._note_languages(notes)

    def _decode(self, group: list[_RunningNote]) -> None:
        windows = []
        for note in group:
            assert note.request is not None and note.request.options is not None
            assert note.proxy._features is not None
            windows.append(Window(note.proxy._features, note.request.options, note.generator))
        self.n_batches += 1
        self.n_rows += len(windows)
        for note, result in zip(group, decode_windows(self.model, windows), strict=True):
            note.reply = result

    def _encode(self, notes: list[_RunningNote]) -> None:
        """Encode the windows that are new; a note in fallback asks for the same one again."""
        fresh = [
            (note, note.request)
            for note in notes
            if note.request is not None and note.request.mel is not note.proxy._mel
        ]
        for start in range(0, len(fresh), ENCODER_BATCH):
            part = fresh[start : start + ENCODER_BATCH]
            encoded = self.model.encoder(torch.stack([request.mel for _, request in part]))
            for (note, request), features in zip(part, encoded, strict=True):
                note.proxy._mel, note.proxy._features = request.mel, features
                note.windows += request.kind == "decode"

    def _language(self, note: _RunningNote) -> Any:
        assert note.proxy._features is not None
        token, chances = self.model.detect_language(note.proxy._features)
        language = max(chances, key=chances.get)
        note.outcome.language_probability = float(chances[language])
        note.outcome.languages = {language: 1}
        return token, chances

    def _note_languages(self, notes: list[_RunningNote]) -> None:
        """Note the language of each later window in which somebody speaks, where it is detected."""
        if not self.model.is_multilingual:
            return
        for note in notes:
            if note.job.options.get("language") is not None or note.windows < 2:
                continue
            reply = note.reply
            if not isinstance(reply, DecodingResult) or reply.temperature > 0:
                continue
            if not reply.text or reply.no_speech_prob > 0.6:
                continue
            _, chances = self.model.detect_language(note.proxy._features)
            language = max(chances, key=chances.get)
            if chances[language] >= SURE:
                found = note.outcome.languages
                found[language] = found.get(language, 0) + 1


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether memory ran out, on the processor's side or the accelerator's."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    told = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "out of memory" in told or "can't allocate memory" in told
    )


def release_memory() -> None:
    """Give cached memory of the accelerator back."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()

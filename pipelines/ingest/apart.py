"""Reading in a process of its own: for libraries that some damaged files bring down.

In: an open file and the name of a worker module. Out: the worker's lines, each a JSON value: first
a description of the file, then the cells of each record, and at the end how many there were.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TextIO

from pipelines.ingest.tables.records import SourceFile
from workbench.errors import SurveyError

NUL = b"\\u0000"
"""A NUL character as JSON writes it."""
PATIENCE_S = 300
MAX_MEMORY_BYTES = 1024**3

Description = dict[str, Any]


@contextmanager
def lines_of(worker: str, file: SourceFile, *arguments: str) -> Iterator[Iterator[bytes]]:
    """Give a worker the file and the arguments, and read its lines.

    The copy that the worker reads and the worker itself are gone when the reading ends, however it
    ends.
    """
    with _as_path(file) as path:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", worker, str(path), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        out: IO[bytes] = process.stdout  # type: ignore[assignment]
        watch = threading.Timer(PATIENCE_S, process.kill)
        watch.daemon = True
        watch.start()
        try:
            yield iter(out)
        finally:
            watch.cancel()
            process.kill()
            out.close()
            process.wait()


@contextmanager
def _as_path(file: SourceFile) -> Iterator[Path]:
    handle, name = tempfile.mkstemp()
    path = Path(name)
    try:
        file.stream.seek(0)
        with os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(file.stream, copy, 1024 * 1024)
        yield path
    finally:
        path.unlink(missing_ok=True)


def description(lines: Iterator[bytes], damaged: SurveyError) -> Description:
    """Read the first line.

    Raises
    ------
    SurveyError
        `damaged`, when the worker came to its end before.
    """
    line = next(lines, None)
    if line is None or not line.endswith(b"\n"):
        raise damaged
    about: Description = json.loads(line)
    return about


def cells_of(lines: Iterator[bytes], damaged: SurveyError) -> Iterator[Sequence[str]]:
    """Yield the cells of each record.

    Raises
    ------
    SurveyError
        `damaged`, when the worker did not come to the end of the file.
    """
    for line in lines:
        if not line.endswith(b"\n"):
            break
        cells = json.loads(line)
        if isinstance(cells, dict):
            return
        # old programs pad texts with NUL characters, which no text holds
        yield [cell.replace("\0", "") for cell in cells] if NUL in line else cells
    raise damaged


def limit_memory() -> None:
    """Let a file fail that asks for more memory than any survey needs; not on Windows."""
    with suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def write(out: TextIO, about: Description, records: Iterator[list[str]]) -> None:
    """Write a worker's lines."""
    out.write(json.dumps(about) + "\n")
    n_records = 0
    for cells in records:
        out.write(json.dumps(cells) + "\n")
        n_records += 1
    out.write(json.dumps({"n_records": n_records}) + "\n")

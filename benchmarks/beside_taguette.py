"""Beside Taguette, the nearest neighbour: the same answers imported, the same words highlighted.

In: 200 answers, 1,000 spans. Out: times of both in the same run, on the same machine, in turns.

Both sides cross the same boundary: one client, one connection that stays open, a server process
of its own, SQLite in a file. Taguette's door is its public HTTP interface. The workbench has no
such door, so a bare one stands before its services (`http_door`).
"""

from __future__ import annotations

import html
import random
import sys
from pathlib import Path

from benchmarks import corpus, studies, taguette_server
from benchmarks.http_client import Client
from benchmarks.measure import Section, Stopwatch, median, percentile, repeat, shown, verdict
from benchmarks.processes import running, wait_for_port
from benchmarks.taguette_server import Taguette

N_ANSWERS, N_HIGHLIGHTS, N_EMPTY, ROUNDS = 200, 1_000, 200, 3
AIM_IMPORT, AIM_HIGHLIGHTS = 10, 3
"""How many times as fast."""


def as_html(answer: corpus.Answer) -> str:
    """Write an answer as Taguette imports it without further programs."""
    body = "".join(f"<p>{html.escape(part)}</p>" for part in answer.paragraphs)
    return f"<!DOCTYPE html><html><body>{body}</body></html>"


def import_theirs(server: Taguette, made: list[corpus.Answer]) -> tuple[Stopwatch, list[int]]:
    """Import the answers into Taguette, a document each: it knows no surveys."""
    watch, keys = Stopwatch(), []
    for answer in made:
        with watch.lap():
            keys.append(server.add_document(answer.ref, as_html(answer)))
    return watch, keys


def highlight_theirs(
    server: Taguette, keys: list[int], texts: list[str], tags: list[int]
) -> Stopwatch:
    """Highlight one span after another in Taguette."""
    generator = random.Random(17)
    watch = Stopwatch()
    for which, start, end in corpus.spans(N_HIGHLIGHTS, texts):
        first = len(texts[which][:start].encode())
        last = first + len(texts[which][start:end].encode())
        tag = generator.choice(tags)
        with watch.lap():
            server.add_highlight(keys[which], first, last, tag)
    found = sum(server.n_highlights(key) for key in keys)
    if found != N_HIGHLIGHTS:
        raise RuntimeError(f"Taguette holds {found} highlights, not {N_HIGHLIGHTS}")
    return watch


def theirs(installed: Path, folder: Path, made: list[corpus.Answer]) -> dict[str, list[float]]:
    """Time Taguette."""
    with taguette_server.taguette(installed, folder) as server:
        watch, keys = import_theirs(server, made)
        tags = [server.add_tag(f"theme{number // 5}.code{number % 5}") for number in range(30)]
        texts = ["".join(answer.paragraphs) for answer in made]
        highlights = highlight_theirs(server, keys, texts, tags)
        empty = repeat(N_EMPTY, lambda: server.client.get("/no-such-page"))
    return {
        "import": [watch.total_s * 1000],
        "highlight": highlights.times_ms,
        "empty": empty,
    }


def ours_through_http(folder: Path, made: list[corpus.Answer]) -> dict[str, list[float]]:
    """Time the workbench through the bare door: the CSV in one request, a coding in each."""
    folder.mkdir(parents=True)
    log = folder / "door.log"
    command = [sys.executable, "-m", "benchmarks.http_door", str(folder)]
    table = corpus.as_csv(made)
    imported, watch = Stopwatch(), Stopwatch()
    with running(command, log, environment={"PYTHONUNBUFFERED": "1"}) as process:
        client = Client(wait_for_port(process, log))
        with imported.lap():
            answer = client.post_bytes("/import", table)
        if answer.json() != {"answers": len(made)}:
            raise RuntimeError(f"the import went wrong: {answer.body!r}")
        bench = studies.reopen(folder)
        for operation in studies.operations(bench, N_HIGHLIGHTS):
            with watch.lap():
                answer = client.post_json("/code", operation)
            if answer.json()["refused"]:
                raise RuntimeError(f"a coding was refused: {answer.body!r}")
        if bench.n_codings() != N_HIGHLIGHTS:
            raise RuntimeError(f"{bench.n_codings()} codings are stored, not {N_HIGHLIGHTS}")
        bench.database.close()
        empty = repeat(N_EMPTY, lambda: client.get("/"))
        client.close()
    return {"import": imported.times_ms, "highlight": watch.times_ms, "empty": empty}


def ours_in_process(folder: Path, made: list[corpus.Answer]) -> dict[str, list[float]]:
    """Time the services alone: what the app itself calls, without any door."""
    bench = studies.new_study(folder)
    path = folder / "survey.csv"
    path.write_bytes(corpus.as_csv(made))
    imported, watch = Stopwatch(), Stopwatch()
    with imported.lap():
        studies.import_csv(bench, path)
    for operation in studies.operations(bench, N_HIGHLIGHTS):
        with watch.lap():
            studies.apply(bench, [operation])
    bench.database.close()
    return {"import": imported.times_ms, "highlight": watch.times_ms, "empty": []}


def run(folder: Path) -> Section:
    """Measure all in turns and describe.

    Raises
    ------
    Skipped
        When Taguette cannot be installed.
    """
    installed = taguette_server.environment()
    made = corpus.answers(N_ANSWERS)
    found: dict[str, dict[str, list[float]]] = {}
    for number in range(ROUNDS):
        place = folder / str(number)
        for name, times in (
            ("taguette", theirs(installed, place / "taguette", made)),
            ("door", ours_through_http(place / "door", made)),
            ("process", ours_in_process(place / "process", made)),
        ):
            side = found.setdefault(name, {})
            for what, values in times.items():
                side.setdefault(what, []).extend(values)
    version = taguette_server.version(installed)
    label = f"{version} with SQLAlchemy, Tornado and SQLite as it installs itself"
    return Section(
        f"Beside Taguette {version}",
        ("what", "Taguette", "workbench, the same way", "times as fast", "aim", "",
         "workbench's service alone", "times as fast"),
        (
            _row(f"importing {N_ANSWERS} answers, ms (median of {ROUNDS})", "import", found,
                 AIM_IMPORT),
            _row(f"one highlight, ms (median of {ROUNDS * N_HIGHLIGHTS:,})", "highlight", found,
                 AIM_HIGHLIGHTS),
            _row("one highlight, ms (95th percentile)", "highlight", found, None, percent=95),
            _row("a request that does nothing, ms (median)", "empty", found, None),
        ),
        f"Taguette {label}, single-user. {ROUNDS} rounds in turns, each with a fresh server and "
        "database. *Taguette*: its public HTTP interface, one document a request as HTML (it "
        "reads no surveys; the workbench reads the same answers as one CSV, with two attributes a "
        "respondent), then one highlight with one tag a request. *The same way*: the same client "
        "and one kept connection to a process of its own with SQLite in a file, the services "
        "behind a bare HTTP door of the standard library (the product has no such door; its own "
        "is the browser, timed above). *Service alone*: the calls that the app makes, without "
        "any door.",
        (
            "The two do not do the same for one highlight. Taguette stores the highlight, its tag "
            "and a log entry, and tells other browsers. The workbench checks quote and text hash, "
            "stores coding, anchor, respondent covered, an operation that can be undone, and a "
            "hash-chained event.",
            "Most of an import in Taguette is one request, one cleaning of HTML and one commit "
            "for each document; the workbench writes all answers in one transaction.",
        ),
    )  # fmt: skip


def _row(
    what: str, key: str, found: dict[str, dict[str, list[float]]], aim: int | None,
    *, percent: float = 50,
) -> tuple[str, ...]:  # fmt: skip
    def boil(name: str) -> float:
        values = found[name][key]
        return median(values) if percent == 50 else percentile(values, percent)

    them, door = boil("taguette"), boil("door")
    alone = boil("process") if found["process"][key] else None
    return (
        what, shown(them), shown(door), shown(them / door),
        f"{aim}" if aim else "", verdict(them / door >= aim) if aim else "",
        shown(alone) if alone else "", shown(them / alone) if alone else "",
    )  # fmt: skip

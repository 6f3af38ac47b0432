"""Themes by group where a large survey has focus groups beside it.

In: the study of `summarise` with 1,000,000 codings of answers; then 180 focus groups with 50,000
codings more, whose speakers are respondents of the survey, partly. Out: times of the same tables
before and after, and of the tables by focus group and by series.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import corpus, studies
from benchmarks.measure import Section, median, repeat, shown
from benchmarks.summarise import Keys, Size, _guid, _prepare, _write, large_study
from workbench.domain.text import fold, sha
from workbench.domain.turns import Turn, lay_out
from workbench.services.counting.summarise import summarise
from workbench.store import tables
from workbench.store.clock import now
from workbench.store.coding.anchors import sync_coding_respondents

TIMES = 5
GROUPS, TURNS, SPEAKERS, CODINGS = 180, 300, 8, 50_000
UNLINKED = 10  # of the groups: nobody is linked there yet
TABLES = (("ethnic_group",), ("ethnic_group", "age_band"))
HELD = (("series",), ("series", "ethnic_group"), ("session",))


def add_groups(bench: studies.Bench, size: Size) -> None:
    """Write focus groups into the study, with codings over one turn or a few."""
    generator = random.Random(31)
    texts = [answer.text for answer in corpus.answers(100, words=25)]
    first, last = size.n_respondents * 2 + 1, size.n_codings + 1
    with bench.database.write() as connection:
        keys = _prepare(connection, bench)
        groups = [_group(generator, texts, first + at, at) for at in range(GROUPS)]
        _write(connection, tables.document, (_document(keys, *item[:2]) for item in groups))
        _write(connection, tables.revision, (_revision(keys, *item[:3]) for item in groups))
        _write(connection, tables.segment, _segments(groups))
        coded = list(_places(generator, groups, last))
        _write(connection, tables.coding, _codings(generator, keys, coded))
        _write(connection, tables.anchor, iter(
            {"coding_id": key, "revision_id": document, "start": start, "end": end,
             "state": "placed"} for key, document, start, end in coded
        ))  # fmt: skip
        sync_coding_respondents(connection, [item[0] for item in coded], fresh=True)


def _group(generator: random.Random, texts: list[str], key: int, at: int) -> tuple[Any, ...]:
    """Give (document, number, text, turns, whose each is)."""
    text, turns = lay_out(Turn("", generator.choice(texts)) for _ in range(TURNS))
    people = [at * SPEAKERS + place + 1 for place in range(SPEAKERS)]
    whose = [generator.choice([*people, None]) if at >= UNLINKED else None for _ in turns]
    return key, at, text, turns, whose


def _document(keys: Keys, key: int, at: int) -> dict[str, Any]:
    return {
        "id": key, "study_id": keys.study, "guid": _guid(1, key), "kind": "focus_group",
        "ref": f"FG{at:03}", "series": f"Round {at % 2 + 1}", "current_revision_id": key,
        "codable": True, "n_words": TURNS * 25, "created_at": now(),
    }  # fmt: skip


def _revision(keys: Keys, key: int, at: int, text: str) -> dict[str, Any]:
    return {
        "id": key, "document_id": key, "number": 1, "text": text, "search_text": fold(text),
        "sha256": sha(text), "why": "made for a benchmark", "created_by": keys.coders[0],
        "created_at": now(),
    }  # fmt: skip


def _segments(groups: list[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    for key, _, _, turns, whose in groups:
        for position, (turn, person) in enumerate(zip(turns, whose, strict=True)):
            yield {
                "revision_id": key, "position": position, "start": turn.start, "end": turn.end,
                "speaker": f"P{person or 0}", "respondent_id": person,
            }  # fmt: skip


def _places(
    generator: random.Random, groups: list[tuple[Any, ...]], first: int
) -> Iterator[tuple[int, int, int, int]]:
    """Give (coding, document, start, end); one in ten goes over several turns."""
    for number in range(CODINGS):
        key, _, text, turns, _ = groups[number % GROUPS]
        turn = generator.randrange(TURNS)
        start = turns[turn].start
        end = turns[min(TURNS - 1, turn + 2)].end if number % 10 == 0 else turns[turn].end
        yield first + number, key, start, min(end, len(text))


def _codings(
    generator: random.Random, keys: Keys, coded: list[tuple[int, int, int, int]]
) -> Iterator[dict[str, Any]]:
    at = now()
    for key, document, _, _ in coded:
        yield {
            "id": key, "guid": _guid(2, key), "document_id": document, "scope": "span",
            "code_id": generator.choice(keys.codes), "coder_id": generator.choice(keys.coders),
            "origin": "person", "created_at": at,
        }  # fmt: skip


def _times(bench: studies.Bench, by: tuple[str, ...]) -> list[float]:
    return repeat(TIMES, lambda: summarise(
        bench.actor, bench.database, bench.study_id, by=by, with_totals=True
    ))  # fmt: skip


def run(folder: Path, size: Size | None = None) -> Section:
    """Measure and describe."""
    size = size or Size(100_000)
    bench = large_study(folder / "discussions", size)
    before = {by: median(_times(bench, by)) for by in TABLES}
    add_groups(bench, size)
    rows = []
    for by in (*TABLES, *HELD):
        times = _times(bench, by)
        base = before.get(by)
        rows.append((
            " x ".join(by), str(TIMES), "" if base is None else shown(base),
            shown(median(times)), shown(max(times)),
            "" if base is None else f"{median(times) / base:.2f}",
        ))  # fmt: skip
    bench.database.close()
    return Section(
        "Themes with focus groups beside a survey",
        ("by", "n", "survey alone, ms", "with groups, ms", "slowest, ms", "factor"),
        tuple(rows),
        f"The tables of *Themes by group* with {size.n_codings:,} codings of answers, then with "
        f"{GROUPS} focus groups of {TURNS} turns and {CODINGS:,} codings more, a tenth of them on "
        f"several turns; {UNLINKED} groups are linked to nobody yet, so that their mentions are "
        "joined when a table is made.",
    )

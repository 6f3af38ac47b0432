"""Themes by group: how long a table takes on a large study.

In: 10,000 and 100,000 respondents with two answers each and 100,000 and 1,000,000 codings, written
straight into the tables. Out: times of the service behind the Themes page, beside a bare count.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert, select

from benchmarks import corpus, studies
from benchmarks.measure import Section, median, repeat, shown
from workbench.domain.documents import Attribute, Question
from workbench.domain.text import fold, sha
from workbench.services.counting.summarise import ThemeTable, summarise
from workbench.store import tables
from workbench.store.clock import now
from workbench.store.counting.mentions import mark_codes
from workbench.store.studies import ensure_attributes, ensure_questions
from workbench.store.team import people

TIMES = 5
AIM_MS = 1_500
N_TEXTS, WORDS = 100, 60  # different texts, repeated: what is counted is codings
CODINGS_PER_ANSWER, QUESTIONS = 5, ("q1", "q2")
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """How large a study is."""

    n_respondents: int

    @property
    def n_codings(self) -> int:
        """Codings in all."""
        return self.n_respondents * len(QUESTIONS) * CODINGS_PER_ANSWER


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of what the rows refer to."""

    study: int
    attributes: dict[str, int]
    questions: dict[str, int]
    codes: list[int]
    coders: list[int]


def large_study(folder: Path, size: Size) -> studies.Bench:
    """Write a study of this size."""
    bench = studies.new_study(folder)
    with bench.database.write() as connection:
        keys = _prepare(connection, bench)
        _write(connection, tables.respondent, _respondents(keys, size))
        _write(connection, tables.respondent_attribute, _values(keys, size))
        texts = _texts()
        _write(connection, tables.document, _documents(keys, size))
        _write(connection, tables.revision, _revisions(keys, size, texts))
        _write(connection, tables.document_state, _states(keys, size))
        _write(connection, tables.coding, _codings(keys, size))
        _write(connection, tables.anchor, _anchors(size, texts))
        _write(connection, tables.coding_respondent, _covered(keys, size))
        mark_codes(connection, keys.codes)
    return bench


def _prepare(connection: Connection, bench: studies.Bench) -> Keys:
    attributes, _ = ensure_attributes(
        connection,
        bench.study_id,
        [
            Attribute("ethnic_group", "category", grouping=True, values=corpus.ETHNIC_GROUPS),
            Attribute("age_band", "ordered", grouping=True, values=corpus.AGE_BANDS),
        ],
    )
    questions, _ = ensure_questions(
        connection, bench.study_id, [Question(ref, f"Question {ref}") for ref in QUESTIONS]
    )
    codes = connection.execute(
        select(tables.code.c.id).where(tables.code.c.study_id == bench.study_id)
    ).scalars()
    second = people.ensure_coder(connection, "Bea")
    people.add_member(connection, bench.study_id, second.id, "coder")
    return Keys(bench.study_id, dict(attributes), dict(questions), list(codes),
                [bench.actor.id, second.id])  # fmt: skip


def _write(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    statement = insert(table)
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            connection.execute(statement, batch)
            batch.clear()
    if batch:
        connection.execute(statement, batch)


def _respondents(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    at = now()
    for person in range(1, size.n_respondents + 1):
        yield {"id": person, "study_id": keys.study, "ref": f"R{person:06d}", "created_at": at}


def _values(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    generator = random.Random(21)
    for person in range(1, size.n_respondents + 1):
        for name, values in (
            ("ethnic_group", corpus.ETHNIC_GROUPS),
            ("age_band", corpus.AGE_BANDS),
        ):
            if generator.random() < 0.95:
                yield {
                    "respondent_id": person,
                    "attribute_id": keys.attributes[name],
                    "value": generator.choice(values),
                }


def _texts() -> list[str]:
    return [answer.text for answer in corpus.answers(N_TEXTS, words=WORDS)]


def _every_document(size: Size) -> Iterator[tuple[int, int, str]]:
    """Give (document, respondent, question) in the order of the respondents."""
    document = 0
    for person in range(1, size.n_respondents + 1):
        for question in QUESTIONS:
            document += 1
            yield document, person, question


def _documents(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    at = now()
    for document, person, question in _every_document(size):
        yield {
            "id": document, "study_id": keys.study, "guid": _guid(1, document), "kind": "answer",
            "respondent_id": person, "question_id": keys.questions[question],
            "answer_kind": "typed", "current_revision_id": document, "codable": True,
            "n_words": WORDS, "created_at": at,
        }  # fmt: skip


def _revisions(keys: Keys, size: Size, texts: list[str]) -> Iterator[dict[str, Any]]:
    at = now()
    ready = [(text, fold(text), sha(text)) for text in texts]
    for document, _, _ in _every_document(size):
        text, search_text, digest = ready[document % len(ready)]
        yield {
            "id": document, "document_id": document, "number": 1, "text": text,
            "search_text": search_text, "sha256": digest, "why": "made for a benchmark",
            "created_by": keys.coders[0], "created_at": at,
        }  # fmt: skip


def _states(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    at = now()
    for document, _, _ in _every_document(size):
        yield {
            "document_id": document, "coder_id": keys.coders[document % 2],
            "state": "done" if document % 5 else "in_progress",
            "done_at": at if document % 5 else None,
        }  # fmt: skip


def _every_coding(keys: Keys, size: Size) -> Iterator[tuple[int, int, int, int, int]]:
    """Give (coding, document, respondent, code, coder); a few codes are much more common."""
    generator = random.Random(22)
    weights = [1 / (rank + 1) for rank in range(len(keys.codes))]
    coding = 0
    for document, person, _ in _every_document(size):
        for code in generator.choices(keys.codes, weights, k=CODINGS_PER_ANSWER):
            coding += 1
            yield coding, document, person, code, keys.coders[document % 2]


def _codings(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    at = now()
    for coding, document, _, code, coder in _every_coding(keys, size):
        yield {
            "id": coding, "guid": _guid(2, coding), "document_id": document, "scope": "span",
            "code_id": code, "coder_id": coder, "origin": "person", "created_at": at,
        }  # fmt: skip


def _anchors(size: Size, texts: list[str]) -> Iterator[dict[str, Any]]:
    generator = random.Random(23)
    for coding in range(1, size.n_codings + 1):
        document = (coding - 1) // CODINGS_PER_ANSWER + 1
        start = generator.randrange(len(texts[document % len(texts)]) - 60)
        yield {
            "coding_id": coding, "revision_id": document, "start": start,
            "end": start + generator.randint(10, 60), "state": "placed",
        }  # fmt: skip


def _covered(keys: Keys, size: Size) -> Iterator[dict[str, Any]]:
    for coding, document, person, code, coder in _every_coding(keys, size):
        yield {
            "coding_id": coding, "respondent_id": person, "document_id": document,
            "code_id": code, "coder_id": coder,
        }  # fmt: skip


def _guid(kind: int, number: int) -> str:
    return str(UUID(int=(kind << 64) | number))


def table(bench: studies.Bench, by: tuple[str, ...]) -> ThemeTable:
    """Make one table, as the Themes page does."""
    return summarise(
        bench.actor, bench.database, bench.study_id, by=by, level="theme", with_totals=True
    )


BARE = """
SELECT theme, count(*) FROM (
  SELECT c.respondent_id, a.ancestor_id AS theme
  FROM coding_respondent c JOIN code_ancestor a ON a.code_id = c.code_id
  JOIN code k ON k.id = a.ancestor_id AND k.parent_id IS NULL
  GROUP BY c.respondent_id, a.ancestor_id
) GROUP BY theme
"""


def bare_count(bench: studies.Bench) -> list[float]:
    """Time the simplest statement that counts people by theme."""
    assert bench.database.path is not None
    with closing(sqlite3.connect(bench.database.path)) as plain:
        plain.execute("PRAGMA cache_size=-65536")
        plain.execute("PRAGMA temp_store=MEMORY")
        return repeat(TIMES, lambda: plain.execute(BARE).fetchall())


def measure(folder: Path, size: Size) -> list[tuple[str, ...]]:
    """Make the study and time its tables."""
    bench = large_study(folder, size)
    bare = median(bare_count(bench))
    rows: list[tuple[str, ...]] = []
    for by in (("ethnic_group",), ("ethnic_group", "age_band")):
        found = table(bench, by)
        if not any(row.respondents for row in found.rows):
            raise RuntimeError("the table is empty: the study was not written as it should be")
        times = repeat(TIMES, lambda by=by: table(bench, by))  # type: ignore[misc]
        aim = AIM_MS if size.n_codings == 1_000_000 and len(by) == 1 else None
        rows.append(
            (
                f"{size.n_codings:,}", f"{size.n_respondents:,}", " x ".join(by),
                f"{len(found.rows):,}", str(TIMES), shown(median(times)), shown(max(times)),
                shown(bare), f"{aim:,}" if aim else "",
                "" if aim is None else "met" if median(times) <= aim else "missed",
            )
        )  # fmt: skip
    bench.database.close()
    return rows


def run(folder: Path) -> Section:
    """Measure and describe."""
    rows = measure(folder / "hundred_thousand", Size(10_000))
    rows += measure(folder / "million", Size(100_000))
    return Section(
        "Themes by group",
        ("codings", "respondents", "by", "cells", "n", "median, ms", "slowest, ms",
         "bare count, ms", "aim, ms", ""),
        tuple(rows),
        "`services.summarise.summarise` on SQLite: bases, respondents with the theme or any code "
        "under it, mentions and documents not done, for every theme and group, and for all "
        "respondents together, with Wilson intervals; the layer is everybody's codings. Two "
        "answers a respondent, five codings an answer, a twentieth of the attribute values not "
        "stated. *Bare count*: the least that any count of people by theme has to do, in the same "
        "run and on the same file: one statement that groups the codings by respondent and theme, "
        "without groups of people, mentions, or what is not read.",
    )  # fmt: skip

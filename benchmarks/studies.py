"""Studies to measure on, made through the services as a person would make them.

In: a fresh folder. Out: an open database with a survey, a codebook and, where asked, codings.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks import corpus
from pipelines.ingest.discussions.speech import SpeechFile
from workbench.domain.codings import Actor, DocumentFilter, OpenDocument
from workbench.domain.turns import Turn
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, reading
from workbench.services.counting import progress
from workbench.services.discussions import focus_groups
from workbench.services.discussions.focus_groups import SpeakerPlan
from workbench.services.opening import Database, open_database
from workbench.services.surveys import ingest
from workbench.settings import bundled
from workbench.store.documents import documents

CODER = "Ana"
PAGE = 200
BURST = 200


@dataclass(frozen=True, slots=True)
class Bench:
    """An open database with one study, and who works in it."""

    database: Database
    actor: Actor
    study_id: int

    @property
    def url(self) -> str:
        """The database's address, as the app takes it."""
        return self.database.url

    def codes(self) -> list[str]:
        """Give the identities of the codes that can be applied."""
        listed = codebook.list_codes(self.actor, self.database, self.study_id)
        return [item.guid for item in listed if item.status == "active"]

    def document_ids(self) -> list[int]:
        """Give the study's documents in their order."""
        found: list[int] = []
        while True:
            page, total = reading.list_documents(
                self.actor, self.database, self.study_id, DocumentFilter(),
                offset=len(found), limit=PAGE,
            )  # fmt: skip
            found += [item.id for item in page]
            if len(found) >= total:
                return found

    def open(self, document_id: int) -> OpenDocument:
        """Read one document."""
        with self.database.read() as connection:
            return documents.open_document(connection, self.study_id, self.actor.id, document_id)

    def n_codings(self) -> int:
        """Count the study's codings."""
        found = progress.by_coder(self.actor, self.database, self.study_id).people
        return next(item.n_codings for item in found if item.coder_id == self.actor.id)


def new_study(folder: Path, name: str = "Benchmark") -> Bench:
    """Make a database with an empty study and the bundled codebook."""
    folder.mkdir(parents=True, exist_ok=True)
    return new_study_in(open_database(f"sqlite:///{folder / 'study.sqlite3'}"), name)


def new_study_in(database: Database, name: str = "Benchmark") -> Bench:
    """Make an empty study with the bundled codebook in a database."""
    actor = study.sign_in(database, CODER)
    study_id = study.create_study(actor, database, name).id
    path = bundled("codebooks") / "speakout.yaml"
    book = files.read_codebook(path.read_text(encoding="utf-8"), path.name)
    codebook.load_codebook(actor, database, study_id, book)
    return Bench(database, actor, study_id)


def reopen(folder: Path) -> Bench:
    """Open a study that `new_study` has made, perhaps in another process."""
    database = open_database(f"sqlite:///{folder / 'study.sqlite3'}")
    actor = study.sign_in(database, CODER)
    return Bench(database, actor, study.list_studies(actor, database)[0].id)


def import_csv(bench: Bench, source: Path | bytes, name: str = "Benchmark") -> int:
    """Import a survey that fits `corpus.MAPPING`; give the number of new answers."""
    table = files.read_table(source, "survey.csv")
    survey = files.read_survey(table, files.read_mapping(corpus.MAPPING, "mapping.yaml"))
    report = ingest.ingest_survey(bench.actor, bench.database, name, survey, mapping=corpus.MAPPING)
    return report.answers_new


def add_transcript(bench: Bench, text: str) -> int:
    """Put a focus group into the study; give the document's key."""
    with bench.database.write() as connection:
        return documents.add_document(
            connection, study_id=bench.study_id, kind="focus_group", text=text,
            why="made for a benchmark", actor_id=bench.actor.id, ref="Focus group",
        )  # fmt: skip


def add_discussion(bench: Bench, said: list[str], *, n_speakers: int = 8) -> int:
    """Bring a focus group in, whose speakers take turns; the first is a facilitator."""
    generator = random.Random(15)
    names = [f"Speaker {number}" for number in range(n_speakers)]
    turns = tuple(
        Turn(generator.choice(names), words, place * 6_000) for place, words in enumerate(said)
    )
    plans = [SpeakerPlan(names[0], (names[0],), "facilitator")]
    plans += [SpeakerPlan(name, (name,), respondent=name) for name in names[1:]]
    report = focus_groups.ingest_transcript(
        bench.actor, bench.database, bench.study_id, SpeechFile("group.vtt", turns, "voices"),
        plans, name="Focus group",
    )  # fmt: skip
    return report.document_id


def add_operation(document: OpenDocument, start: int, end: int, code_guid: str) -> dict[str, Any]:
    """Make the operation that the coding pane sends when a code is given to words."""
    return {
        "id": str(uuid4()), "kind": "add", "document": document.id, "sha": document.sha256,
        "coding": str(uuid4()), "code": code_guid, "start": start, "end": end,
        "quote": document.text[start:end],
    }  # fmt: skip


def operations(bench: Bench, count: int, *, document_ids: list[int] | None = None,
               seed: int = 14) -> list[Mapping[str, Any]]:  # fmt: skip
    """Make operations that code words spread evenly over documents, in turn."""
    generator = random.Random(seed)
    opened = [bench.open(key) for key in document_ids or bench.document_ids()]
    codes = bench.codes()
    return [
        add_operation(opened[which], start, end, generator.choice(codes))
        for which, start, end in corpus.spans(count, [item.text for item in opened], seed=seed)
    ]


def apply(bench: Bench, sent: list[Mapping[str, Any]]) -> None:
    """Send operations as the browser does, and see to it that none is refused.

    Raises
    ------
    RuntimeError
        When one is refused: then the benchmark measures something else than it says.
    """
    for start in range(0, len(sent), BURST):
        outcome = code.apply_operations(
            bench.actor, bench.database, bench.study_id, sent[start : start + BURST]
        )
        if outcome.rejected:
            raise RuntimeError(f"a coding was refused: {outcome.rejected[0].why}")

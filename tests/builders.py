"""Studies made for tests, through the services that people use.

In: CSV and YAML as text. Out: studies with respondents, answers, codes and codings.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from workbench.domain.codings import Actor, Code, DocumentFilter, ListedDocument
from workbench.services import files, study
from workbench.services.codebooks import codebook
from workbench.services.coding import code, exchange, reading
from workbench.services.coding.code import Outcome
from workbench.services.opening import Database
from workbench.services.surveys import ingest

MAPPING = """
respondent_id: id
attributes:
  - {column: group, grouping: true}
  - {column: age, kind: ordered, values: [young, middle, old]}
  - {column: needs, kind: multi, delimiter: "|"}
  - {column: email, grouping: false}
questions:
  - {column: q1, ref: q1, text: "What happened?"}
  - {column: q2, ref: q2, text: "What would help?"}
identifying: [email]
"""

SURVEY = """id,group,age,needs,email,q1,q2
R1,Roma,young,money|sleep,r1@secret.example,She listened to me. Then she left.,More time
R2,Roma,old,money,r2@secret.example,Nobody rang back 😀 at all,
R3,Irish,old,sleep,r3@secret.example,میں نے تین بار فون کیا,Respect
R4,,young,,r4@secret.example,The school was kind,A map
"""

CODEBOOK = """
format: speakout-codebook/1
name: Small
codes:
  - name: Access
    colour: "#882255"
    children:
      - name: Waiting
      - name: Phone
  - name: School
    colour: "#332288"
  - name: Schooling
    colour: "#44AA99"
"""


def new_id() -> str:
    """Give a fresh identity, as a browser makes it."""
    return str(uuid.uuid4())


def read_survey(text: str = SURVEY, mapping: str = MAPPING, name: str = "survey.csv") -> Any:
    """Read a survey from CSV text through a mapping."""
    table = files.read_table(text.encode(), name)
    return files.read_survey(table, files.read_mapping(mapping, "mapping.yaml"))


@dataclass
class Bench:
    """A study to test on: one person at work in one database."""

    database: Database
    actor: Actor
    study_id: int
    name: str = "Test"

    def person(self, name: str) -> Actor:
        """Sign somebody in."""
        return study.sign_in(self.database, name)

    def ingest(self, text: str = SURVEY, mapping: str = MAPPING, **options: Any) -> Any:
        """Import a survey."""
        return ingest.ingest_survey(
            self.actor, self.database, self.name, read_survey(text, mapping), **options
        )

    def load(self, text: str = CODEBOOK) -> Any:
        """Load a codebook."""
        book = files.read_codebook(text, "codes.yaml")
        return codebook.load_codebook(self.actor, self.database, self.study_id, book)

    def codes(self) -> dict[str, Code]:
        """Give all codes by name."""
        found = codebook.list_codes(self.actor, self.database, self.study_id, with_retired=True)
        return {item.name: item for item in found}

    def documents(self, actor: Actor | None = None, **where: Any) -> list[ListedDocument]:
        """List documents."""
        return reading.list_documents(
            actor or self.actor, self.database, self.study_id, DocumentFilter(**where), limit=10_000
        )[0]

    def document(self, label: str, question: str = "q1") -> int:
        """Find a document by its respondent and question."""
        return next(
            item.id
            for item in self.documents()
            if (item.label, item.question_ref) == (label, question)
        )

    def open(self, document_id: int, actor: Actor | None = None) -> reading.Workspace:
        """Open a document as the coding page does."""
        return reading.open_workspace(
            actor or self.actor,
            self.database,
            self.study_id,
            DocumentFilter(),
            document_id=document_id,
        )

    def send(self, *sent: dict[str, Any], actor: Actor | None = None) -> Outcome:
        """Send a burst of operations; identities are filled in."""
        filled = [{"id": new_id(), **item} for item in sent]
        return code.apply_operations(actor or self.actor, self.database, self.study_id, filled)

    def adding(self, document_id: int, name: str, quote: str | None) -> dict[str, Any]:
        """Make the operation that codes a quote, or the whole document."""
        sent: dict[str, Any] = {
            "id": new_id(),
            "kind": "add",
            "document": document_id,
            "code": self.codes()[name].guid,
            "coding": new_id(),
        }
        if quote is None:
            return {**sent, "start": None, "end": None}
        opened = self.open(document_id).document
        assert opened is not None
        start = opened.text.index(quote)
        return {
            **sent,
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "sha": opened.sha256,
        }

    def code(
        self, document_id: int, name: str, quote: str | None = None, actor: Actor | None = None
    ) -> str:
        """Code a quote, or a whole document; give the coding's identity."""
        sent = self.adding(document_id, name, quote)
        outcome = self.send(sent, actor=actor)
        assert not outcome.rejected, outcome.rejected
        return str(sent["coding"])

    def done(self, document_id: int, actor: Actor | None = None, *, done: bool = True) -> None:
        """Mark a document done."""
        outcome = self.send({"kind": "done", "document": document_id, "done": done}, actor=actor)
        assert not outcome.rejected, outcome.rejected

    def export(self, actor: Actor | None = None) -> list[dict[str, str]]:
        """Give all codings as rows."""
        return exchange.export_codings(actor or self.actor, self.database, self.study_id)

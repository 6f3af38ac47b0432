"""Methods appendix: how a study was coded, in sentences and tables, from what the trail keeps.

In: a study. Out: an appendix as a value, as Word or as Markdown. What others do on documents that
are coded blind is not counted, and the appendix says so.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pipelines.export.files import replacing
from workbench.domain.agreement import TITLES
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor
from workbench.domain.methods import (
    Appendix,
    Definition,
    Facts,
    NamedVersion,
    Section,
    Table,
    Trail,
)
from workbench.domain.methods_words import EXPORTS, appendix, listed
from workbench.domain.trail import KINDS, PHRASES
from workbench.errors import InputError
from workbench.services.team import agree
from workbench.services.team.agree_results import Agreement
from workbench.services.trail import trail
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import rereview
from workbench.store.engine import Connection, Database
from workbench.store.trail import events
from workbench.store.trail import methods as store
from workbench.store.trail.trail_sight import TrailSight, trail_sight

MethodsFormat = Literal["docx", "md"]
FORMATS: tuple[MethodsFormat, ...] = ("docx", "md")

FIGURES = ("percent", "cohen_kappa", "alpha", "ac1")
"""Of agreement, those that reports ask for."""

LATER = "9999"
"""After any time that the store writes."""

MAX_PAIRS = 10
"""Pairs of coders that are told apart, those with most documents in common."""

DEFINING = ("name", "definition", "include", "exclude", "parent_id")
"""What makes a code another one than before."""


def methods_appendix(actor: Actor, database: Database, study_id: int) -> Appendix:
    """Write the appendix of a study, as far as the actor may see what was done."""
    with database.read() as connection:
        sight = trail_sight(connection, study_id, actor.id)
        facts = _facts(connection, actor, study_id, sight)
    agreement = _agreement_sections(actor, database, study_id, facts.named)
    return appendix(replace(facts, agreement=agreement))


def _agreement_sections(
    actor: Actor, database: Database, study_id: int, named: Sequence[NamedVersion]
) -> tuple[Section, ...]:
    """Say how far coders agree, overall and by version of the codebook.

    Nothing where no two have done the same document; one section where no version has a name.
    """
    shared = agree.pairings(actor, database, study_id)
    if not shared:
        return ()
    groups: list[tuple[int, ...]] = [item.coder_ids for item in shared[:MAX_PAIRS]]
    everybody = tuple(dict.fromkeys(key for item in shared for key in item.coder_ids))
    if len(everybody) > 2:
        groups.append(everybody)
    results = [agree.compare(actor, database, study_id, group) for group in groups]
    rows = tuple((listed(result.coders), *_figures(result)) for result in results)
    said = ["Agreement of coders over all codes, with 95 % intervals:"]
    if len(shared) > MAX_PAIRS:
        said.append(
            f"Of {len(shared):,} pairs of coders, the {MAX_PAIRS} with most documents in common."
        )
    header = ("Coders", "Documents", *(TITLES[name] for name in FIGURES))
    overall = Section("Agreement", (*said, *results[0].notes), Table(header, rows))
    return (overall, *_by_version((actor, database, study_id), groups[-1], named))


def _figures(result: Agreement) -> tuple[str, ...]:
    """Write the number of documents, and the figures over all codes."""
    figures = result.overall.figures
    return (
        f"{result.n_documents:,}",
        *(figures[name].text() if name in figures else "\u2013" for name in FIGURES),
    )


def _by_version(
    place: tuple[Actor, Database, int], coders: tuple[int, ...], named: Sequence[NamedVersion]
) -> tuple[Section, ...]:
    """Say how far coders agree on what they finished under each version that has a name."""
    if not named:
        return ()
    periods = [("before the first version with a name", "", named[0].at)]
    for item, after in zip(named, [*(later.at for later in named[1:]), LATER], strict=True):
        periods.append((f"version {item.number}, {item.name}", item.at, after))
    results = [
        (words, agree.compare(*place, coders, between=(since, until)))
        for words, since, until in periods
    ]
    rows = tuple((words, *_figures(result)) for words, result in results if result.n_documents)
    said = (
        f"Agreement of {listed(results[0][1].coders)} over all codes, by the version of the "
        "codebook that was in force when the last of them first marked a document done:"
    )
    header = ("Version", "Documents", *(TITLES[name] for name in FIGURES))
    return (Section("Agreement by version of the codebook", (said,), Table(header, rows)),)


def export_methods(
    actor: Actor, database: Database, study_id: int, path: Path,
    *, format: MethodsFormat | None = None,
) -> int:  # fmt: skip
    """Write the appendix to a file; give the number of its sections.

    Raises
    ------
    InputError
        When the format is unknown.
    ExportError
        When the file cannot be written.
    """
    kind = format or path.suffix.lower().removeprefix(".")
    made, content = _written(actor, database, study_id, kind)
    with replacing(path) as stream:
        stream.write(content)
    _note(actor, database, study_id, kind)
    return len(made.sections)


def methods_file(
    actor: Actor, database: Database, study_id: int, *, format: MethodsFormat
) -> bytes:
    """Give the appendix as the bytes of a file; raises as `export_methods` does."""
    _, content = _written(actor, database, study_id, format)
    _note(actor, database, study_id, format)
    return content


def _written(actor: Actor, database: Database, study_id: int, kind: str) -> tuple[Appendix, bytes]:
    if kind not in FORMATS:
        raise InputError(f"{kind!r} is no format of a methods appendix.", hint="Formats: docx, md.")
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
    made = methods_appendix(actor, database, study_id)
    if kind == "md":
        from pipelines.export.methods_markdown import methods_markdown

        return made, methods_markdown(made).encode("utf-8")
    from pipelines.export.methods_docx import write_methods_docx

    stream = io.BytesIO()
    write_methods_docx(stream, made)
    return made, stream.getvalue()


def _note(actor: Actor, database: Database, study_id: int, kind: str) -> None:
    with database.write() as connection:
        trail.require(connection, actor, study_id, "viewer")
        trail.record(connection, actor, study_id, "export methods", label=f"as {kind.upper()}")


def _facts(connection: Connection, actor: Actor, study_id: int, sight: TrailSight) -> Facts:
    participants, facilitators, withdrawn = store.count_people(connection, study_id)
    unreviewed = rereview.count_unreviewed(connection, study_id, actor.id)
    changes = store.count_verbs(connection, study_id, sight, KINDS["Codebook"])
    return Facts(
        study=studies.get_study(connection, study_id).name,
        written_at=now(),
        respondents=participants,
        facilitators=facilitators,
        withdrawn=withdrawn,
        surveys=store.list_surveys(connection, study_id),
        questions=store.count_questions(connection, study_id),
        documents=store.count_documents(connection, study_id),
        coders=tuple(store.list_coders(connection, study_id, sight)),
        doubles=store.count_doubles(connection, study_id, sight),
        settled=store.read_settled(connection, study_id),
        versions=store.count_versions(connection, study_id),
        named=_named(store.list_named(connection, study_id)),
        changes={PHRASES.get(verb, verb).casefold(): n for verb, n, _ in changes},
        redefined=store.count_redefined(connection, study_id, sight),
        outdated=sum(unreviewed.values()),
        definitions=_definitions(connection, actor, study_id),
        machine=store.read_machine(connection, study_id),
        exports=tuple(store.count_verbs(connection, study_id, sight, tuple(EXPORTS))),
        trail=_trail(connection, study_id, sight),
        discussions=store.count_discussions(connection, study_id),
    )


def _definitions(connection: Connection, actor: Actor, study_id: int) -> tuple[Definition, ...]:
    """List codes in use; their examples may be words of participants, and stay out."""
    return tuple(
        Definition(format_path(item.path), item.definition, item.include, item.exclude)
        for item in codebook.list_codes(connection, study_id, actor.id)
    )


def _named(rows: Sequence[Any]) -> tuple[NamedVersion, ...]:
    made: list[NamedVersion] = []
    before: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        codes = {str(item["guid"]): item for item in row.snapshot
                 if item.get("status") == "active" and not item.get("deleted_at")}  # fmt: skip
        kept = before.keys() & codes.keys()
        changed = [
            key for key in kept
            if any(codes[key].get(name) != before[key].get(name) for name in DEFINING)
        ]  # fmt: skip
        made.append(
            NamedVersion(
                row.number, row.name, row.note, row.created_at, row.by, len(codes),
                len(codes.keys() - kept), len(before.keys() - kept), len(changed),
            )
        )  # fmt: skip
        before = codes
    return tuple(made)


def _trail(connection: Connection, study_id: int, sight: TrailSight) -> Trail:
    n = store.count_taken_back(connection, study_id, sight)
    if sight.anything_closed:
        return Trail(n)
    number, head = events.head_of(connection, study_id)
    return Trail(n, number, head)

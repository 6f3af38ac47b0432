"""Decision files: how each difference between coders was settled, as CSV and XLSX.

In: a study. Out: one row for each decision that stands, without participants' words.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.export.files import replacing
from pipelines.export.flat_file import flat_file, flat_format
from pipelines.export.table import FlatTable, TableCell
from workbench.domain.codebook import format_path
from workbench.domain.codings import Actor
from workbench.services.coding.extracts import readable_date
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding.codings import names_of
from workbench.store.engine import Database
from workbench.store.team.decisions import ListedDecision, list_decisions

COLUMNS = (
    "document", "question", "code", "start", "end", "decision", "taken from", "codings", "note",
    "decided by", "decided at", "settled",
)  # fmt: skip


def decisions_table(actor: Actor, database: Database, study_id: int) -> FlatTable:
    """Give all decisions in documents that the actor sees others' work on.

    `decision` is agreed, taken, neither or edited; `codings` is how many entered the consensus by
    it; `start` and `end` are code points, both empty for the whole document. Notes on answers that
    may not be quoted are left out: they may quote them.
    """
    with database.read() as connection:
        studies.get_study(connection, study_id)
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        found = list_decisions(connection, study_id, actor.id)
        names = names_of(connection, {key for item in found for key in item.taken_from})
    paths = {item.id: format_path(item.path) for item in codes}
    rows = [_row(item, paths, names) for item in found if item.code_id in paths]
    return FlatTable("Decisions", COLUMNS, tuple(rows))


def write_decisions(table: FlatTable, path: Path) -> None:
    """Write such a table to a file ending in .csv or .xlsx, whole or not at all.

    Raises
    ------
    ExportError
        When the name ends otherwise, or the file cannot be written.
    """
    format = flat_format(path)
    with replacing(path) as stream:
        about = [("Written", readable_date(now()))]
        stream.write(flat_file([table], about, format=format))


def _row(
    item: ListedDecision, paths: dict[int, str], names: dict[int, str]
) -> tuple[TableCell, ...]:
    return (
        item.document, item.question_ref, paths[item.code_id], item.start, item.end, item.choice,
        ", ".join(names.get(key, "") for key in item.taken_from), item.n_codings,
        item.note if item.quotable else "", item.decided_by, item.decided_at,
        "yes" if item.settled else "no",
    )  # fmt: skip

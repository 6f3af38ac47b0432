"""Codebook files: a study's codebook in any format, and what a file would bring into it.

In: a format, or the bytes of a file. Out: bytes; or a codebook that `codebook.load_codebook` takes,
with the rows that cannot be used, and a preview. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.export.codebooks import codebook_formats
from pipelines.export.codebooks.codebook_formats import CodebookFormat
from pipelines.export.files import replacing
from pipelines.export.neutralise import restore
from pipelines.export.options import CodebookOptions
from pipelines.ingest.codebooks import codebook_files
from workbench.domain import codebook as rules
from workbench.domain.codebook import Codebook, format_path
from workbench.domain.codebook_file import LABELS, CodebookFile
from workbench.domain.codings import Actor
from workbench.errors import CodebookError, NotFound
from workbench.services.codebooks.codebook import export_codebook, list_codes, usage
from workbench.services.codebooks.codebook_plan import plan
from workbench.services.coding.extracts import readable_date
from workbench.services.projects.refi_work import ORIGIN, read_identities
from workbench.store.clock import now
from workbench.store.codebooks import codebook as store
from workbench.store.engine import Database
from workbench.store.projects import refi_rows

__all__ = ["CodebookFile", "CodebookFormat", "LoadPreview", "export_codebook_file", "formats"]

SUFFIXES = codebook_files.SUFFIXES
"""Endings of the files that can be read, without the dot."""


@dataclass(frozen=True, slots=True)
class LoadPreview:
    """What loading a file would do, by the paths of its codes.

    `changed` has with each path the labels of the fields that would change. `retired` are codes of
    the file that the study has taken out of use, and that stay so.
    """

    added: tuple[str, ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    n_same: int
    retired: tuple[str, ...] = ()


def formats() -> tuple[CodebookFormat, ...]:
    """List the formats that a codebook can be written in."""
    return (
        *codebook_formats.FORMATS.values(),
        codebook_formats.REFI,
        codebook_formats.TAGUETTE,
    )


def export_codebook_file(
    actor: Actor, database: Database, study_id: int, format: str, with_counts: bool = False
) -> bytes:
    """Write a study's codebook, without its retired codes, as a file of that format.

    Parameters
    ----------
    with_counts
        Write beside each code how many live codings it has, by everybody whose codings the actor
        may see; those of the codes below it are not among them. YAML and REFI-QDA have no room for
        that.

    Raises
    ------
    CodebookError
        When the study has no codes.
    ExportError
        When the format is not known, or cannot hold the codebook.
    """
    kind = codebook_formats.format_of(format)
    book = export_codebook(actor, database, study_id)
    if not book.themes:
        raise CodebookError("the study has no codes yet.", hint="Load a codebook or add a code.")
    items = list_codes(actor, database, study_id, with_counts=False)
    # Both are in tree order; the book's names tell namesakes apart.
    by_path = {path: item for (path, _), item in zip(book.walk(), items, strict=True)}
    counts: dict[tuple[str, ...], int] | None = None
    if with_counts and kind.counts:
        used = usage(actor, database, study_id)
        counts = {path: used.get(item.id, 0) for path, item in by_path.items()}
    with database.read() as connection:
        study = refi_rows.read_study(connection, study_id)
        ids = read_identities(connection, study_id, study.guid)
    options = CodebookOptions(
        study=study.name,
        counts=counts,
        generated_at=readable_date(now()),
        origin=ORIGIN,
        guids={path: ids.claim(ids.of("code", item.id, item.guid))
               for path, item in by_path.items()},
        folders=frozenset(path for path, item in by_path.items() if ids.is_folder(item.id)),
    )  # fmt: skip
    return codebook_formats.codebook_bytes(book, kind.name, options)


def format_for(path: Path, wanted: str | None = None) -> str:
    """Name the format of a file: the one that is wanted, or the one of its suffix.

    Raises
    ------
    ExportError
        When there is none of that name.
    """
    suffix = path.suffix.removeprefix(".")
    return codebook_formats.format_of(wanted if wanted is not None else suffix).name


def save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; raises ExportError."""
    with replacing(path) as stream:
        stream.write(content)


def read_codebook_file(data: bytes, name: str) -> CodebookFile:
    """Read a codebook from the bytes of a file, whatever its format, and its bad rows.

    Raises
    ------
    CodebookError
        When the file cannot be read at all, or the codebook breaks a rule.
    """
    found = codebook_files.read_codebook_file(data, name, restore)
    rules.check(found.book, name)
    return found


def read_codebook_path(path: Path) -> CodebookFile:
    """Read a codebook from a file on the disk; raises NotFound where there is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror or error}.") from error
    return read_codebook_file(data, str(path))


def preview(actor: Actor, database: Database, study_id: int, file: CodebookFile) -> LoadPreview:
    """Tell which codes of a file are new, which would change and how, and which are the same."""
    with database.read() as connection:
        items = store.list_codes(connection, study_id, actor.id, with_retired=True)
    added, changed, retired, n_same = [], [], [], 0
    for step in plan(items, file.book, file.given):
        path = format_path(step.path)
        if step.old is not None and step.old.status == "retired":
            retired.append(path)
        if step.old is None:
            added.append(path)
        elif step.changes:
            changed.append((path, tuple(LABELS.get(name, name) for name in step.changes)))
        else:
            n_same += 1
    return LoadPreview(tuple(added), tuple(changed), n_same, tuple(retired))


def size_of(book: Codebook) -> tuple[int, int]:
    """Count the themes of a codebook and all its codes."""
    return len(book.themes), sum(1 for _ in book.walk())

"""Exchange: codings in and out as a table, one row each.

In: rows with respondent, question, start, end, quote, code, coder, memo. Out: codings; whatever
does not fit its text or its codebook is listed with its row, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.export.neutralise import restore
from workbench.domain.codebook import PATH_SEPARATOR, format_path
from workbench.domain.codings import Actor, Code, OpenDocument, Role
from workbench.domain.documents import BadRow
from workbench.domain.extracts import NOT_TO_BE_QUOTED
from workbench.domain.spans import check_span, find_quote
from workbench.domain.text import normalise
from workbench.domain.words import count
from workbench.errors import CodingError, InputError, WorkbenchError
from workbench.services.trail import trail
from workbench.services.voice_notes import drafts
from workbench.store import studies
from workbench.store.clock import now
from workbench.store.codebooks import codebook
from workbench.store.coding import codings, flagged
from workbench.store.coding import extracts as extract_store
from workbench.store.coding.extracts import ExtractFilter
from workbench.store.documents import documents, reading_states
from workbench.store.documents.lookup import find_answer, find_document, names_beside_answers
from workbench.store.engine import Connection, Database
from workbench.store.memos import memos
from workbench.store.team import people
from workbench.store.visibility import hides_document

COLUMNS = ("respondent", "question", "start", "end", "quote", "code", "coder", "memo", "document")


@dataclass(slots=True)
class CodingsReport:
    """What importing codings did: how many were new, were there already, or did not fit."""

    codings_new: int = 0
    codings_unchanged: int = 0
    coders_new: list[str] = field(default_factory=list)
    bad_rows: list[BadRow] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain values, for JSON."""
        return {
            "codings_new": self.codings_new,
            "codings_unchanged": self.codings_unchanged,
            "coders_new": self.coders_new,
            "bad_rows": [
                {"row": bad.row, "column": bad.column, "message": bad.message}
                for bad in self.bad_rows
            ],
        }


class _Misfit(CodingError):
    """A row that does not fit, with the column at fault."""

    def __init__(self, column: str | None, message: str) -> None:
        self.column = column
        super().__init__(message)


@dataclass(slots=True)
class _Context:
    """What every row needs: the codes by path, and the coders met so far."""

    connection: Connection
    actor: Actor
    study_id: int
    codes: Mapping[tuple[str, ...], Code]
    version_id: int | None
    accept_drafts: bool
    report: CodingsReport
    coders: dict[str, Actor] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    codable: set[int] = field(default_factory=set)
    last: tuple[tuple[str, ...], OpenDocument] | None = None
    """The document of the row before, and how it was named: rows on one text stand together."""


def import_codings(
    actor: Actor,
    database: Database,
    study_id: int,
    rows: Sequence[tuple[int, Mapping[str, str]]],
    *,
    source: str = "codings",
    accept_drafts: bool = False,
) -> CodingsReport:
    """Import codings; rows that fit go in, the others are listed.

    Parameters
    ----------
    rows
        (row number as a spreadsheet shows it, cells by column name). `code` is a path such as
        `Theme / Sub-theme`; `start` and `end` are code points; a `quote` alone is looked up and
        must occur once; all three empty code the whole answer. An empty `coder` is the actor.
    accept_drafts
        Whoever imports has been warned of machine drafts, and brings in codings on them too. A
        study that forbids drafts refuses them all the same.

    Raises
    ------
    InputError
        When a needed column is missing.
    """
    if rows:
        missing = {"code"} - set(rows[0][1])
        if "respondent" not in rows[0][1] and "document" not in rows[0][1]:
            missing.add("respondent")
        if missing:
            raise InputError(
                f"no column {', '.join(sorted(missing))}.",
                source=source,
                line=1,
                hint=f"Columns: {', '.join(COLUMNS)}.",
            )
    report = CodingsReport()
    with database.write() as connection:
        trail.require(connection, actor, study_id)
        known = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        version = codebook.current_version(connection, study_id)
        context = _Context(
            connection,
            actor,
            study_id,
            {_path_key(item.path): item for item in known},
            version[0] if version else None,
            accept_drafts,
            report,
        )
        for number, cells in rows:
            try:
                _import_row(context, _restored(cells))
            except _Misfit as misfit:
                report.bad_rows.append(BadRow(number, misfit.column, misfit.message))
            except WorkbenchError as error:
                report.bad_rows.append(BadRow(number, None, str(error)))
        if context.states:
            trail.record(
                connection,
                actor,
                study_id,
                "import codings",
                label=f"importing {count(len(context.states), 'coding')} from {source}",
                forward={"coding": context.states},
                inverse={"coding": [{**state, "deleted_at": now()} for state in context.states]},
            )
    return report


def _restored(cells: Mapping[str, str]) -> dict[str, str]:
    """Take off what an export puts before cells that a spreadsheet would run.

    Quotes keep theirs for now: a participant may have written it, and the text will tell.
    """
    return {
        name: normalise(cell if name == "quote" else restore(cell)) for name, cell in cells.items()
    }


def _import_row(context: _Context, cells: Mapping[str, str]) -> None:
    connection = context.connection
    written = cells.get("code") or ""
    item = context.codes.get(_path_key(written.split(PATH_SEPARATOR))) or context.codes.get(
        _path_key(written.split("/"))
    )
    if item is None:
        raise _Misfit("code", f"there is no code {cells.get('code')!r} in the codebook.")
    if item.status != "active":
        raise _Misfit("code", f"the code {format_path(item.path)} is {item.status}.")
    opened = _opened(context, cells)
    document_id = opened.id
    start, end = _span(opened.text, cells)
    coder = _coder(context, cells.get("coder") or "")
    if coder.id != context.actor.id and hides_document(
        connection, context.study_id, context.actor.id, document_id
    ):  # "there already" would tell what they have coded
        raise _Misfit("coder", f"this answer is coded blind for now: {coder.name} can bring it in.")
    same = codings.same_coding(
        connection,
        document_id=document_id,
        code_id=item.id,
        coder_id=coder.id,
        start=start,
        end=end,
    )
    if same is not None:
        context.report.codings_unchanged += 1
        return
    if document_id not in context.codable:
        if context.accept_drafts:
            drafts.accept_in(connection, context.actor, context.study_id, [document_id])
        drafts.require_codable_in(connection, context.actor, context.study_id, [document_id])
        context.codable.add(document_id)
    key = codings.add_coding(
        connection,
        codings.NewCoding(
            document_id, opened.revision_id, item.id, coder.id, start, end, origin="import"
        ),
        context.version_id,
    )
    reading_states.touch(connection, document_id, coder.id)
    memo = (cells.get("memo") or "").strip()
    if memo:
        memos.add_memo(
            connection,
            study_id=context.study_id,
            target_kind="coding",
            target_id=key,
            author_id=coder.id,
            text=memo,
        )
    context.states.append({"id": key, "deleted_at": None})
    context.report.codings_new += 1


def _opened(context: _Context, cells: Mapping[str, str]) -> OpenDocument:
    said = (cells.get(name) for name in ("document", "respondent", "question"))
    named = tuple((cell or "").strip() for cell in said)
    if context.last is None or context.last[0] != named:
        opened = documents.open_document(
            context.connection,
            context.study_id,
            context.actor.id,
            _document(context, cells),
            text_only=True,
        )
        context.last = (named, opened)
    return context.last[1]


def _document(context: _Context, cells: Mapping[str, str]) -> int:
    ref = (cells.get("document") or "").strip()
    if ref:
        found = find_document(context.connection, context.study_id, ref)
        if found is None:
            raise _Misfit("document", f"there is no document {ref!r} in the study.")
        return found
    respondent = (cells.get("respondent") or "").strip()
    question = (cells.get("question") or "").strip()
    answers = find_answer(context.connection, context.study_id, respondent, question)
    if not answers:
        raise _Misfit(
            "respondent", f"there is no answer of {respondent!r} to {question!r} in the study."
        )
    if len(answers) > 1:
        raise _Misfit(
            "question",
            f"{respondent!r} answered {question!r} in writing and by voice note. "
            f"Name one in the column document: {', '.join(answers)}.",
        )
    return next(iter(answers.values()))


def _span(text: str, cells: Mapping[str, str]) -> tuple[int | None, int | None]:
    start, end = (cells.get("start") or "").strip(), (cells.get("end") or "").strip()
    given = cells.get("quote") or ""
    quote = given if given in text else restore(given)
    if not start and not end:
        if not quote:
            return None, None
        try:
            span = find_quote(text, quote)
        except CodingError as error:
            raise _Misfit("quote", error.message) from error
        return span.start, span.end
    if not all(cell.isascii() and cell.isdigit() and len(cell) <= 9 for cell in (start, end)):
        raise _Misfit("start", f"start {start!r} and end {end!r} are not both whole numbers.")
    if given != text[int(start) : int(end)]:
        quote = restore(given)
    try:
        span = check_span(text, int(start), int(end), quote or None)
    except CodingError as error:
        raise _Misfit("quote" if quote else "start", error.message) from error
    return span.start, span.end


def _coder(context: _Context, name: str) -> Actor:
    shown = name.strip()
    if not shown:
        return context.actor
    key = people.name_key(shown)
    if key not in context.coders:
        found = people.find_coder(context.connection, shown)
        if found is None:
            found = people.ensure_coder(context.connection, shown)
            context.report.coders_new.append(found.name)
        take_in(context.connection, context.study_id, found)
        context.coders[key] = found
    return context.coders[key]


def take_in(connection: Connection, study_id: int, coder: Actor) -> Role | None:
    """Make whose codings come in a member, so that they have a layer; nobody joins a closed study.

    Who was removed stays removed, and has a layer all the same. Give the role of who has joined
    now, None for everybody else.
    """
    if people.role_of(connection, study_id, coder.id) is not None:
        return None
    joining = people.joining_of(connection, study_id)
    if any(item.coder_id == coder.id for item in joining.left):
        return None
    role: Role = "coder" if joining.open else "viewer"
    people.add_member(connection, study_id, coder.id, role)
    return role


def export_codings(
    actor: Actor, database: Database, study_id: int, *, layer: str = "any"
) -> list[dict[str, str]]:
    """Give every coding that the actor may see, in the columns that an import takes.

    Codings that must be placed again are left out; see `count_left_out`. Words that may not be
    quoted are left out too, and the memo on them: their span says where they stand.
    """
    from workbench.services.counting.summarise import layer_key

    with database.read() as connection:
        studies.get_study(connection, study_id)
        codes = codebook.list_codes(connection, study_id, actor.id, with_retired=True)
        where = ExtractFilter(layer=layer_key(connection, study_id, layer))
        return list(_rows(connection, actor, study_id, where, codes))


def count_left_out(actor: Actor, database: Database, study_id: int) -> int:
    """Count the codings that an export leaves out, because they must be placed again."""
    with database.read() as connection:
        return flagged.count_flagged(connection, study_id, actor.id)


def _rows(
    connection: Connection, actor: Actor, study_id: int, where: ExtractFilter, codes: Sequence[Code]
) -> Iterator[dict[str, str]]:
    named = names_beside_answers(connection, study_id)
    stream = extract_store.stream_extracts(connection, study_id, actor.id, where, codes, width=0)
    for item in stream:
        if extract_store.PLACE_AGAIN in item.marks:
            continue  # its place is a guess, which an import would take for certain
        whole, quotable = item.start is None, NOT_TO_BE_QUOTED not in item.marks
        yield {
            "respondent": item.respondent,
            "question": item.question_ref,
            "start": "" if whole else str(item.start),
            "end": "" if whole else str(item.end),
            "quote": item.quote if quotable and not whole else "",
            "code": format_path(item.code_path),
            "coder": item.coder,
            "memo": item.memo if quotable else "",
            "document": named.get(item.document_id, ""),
            "transcript": item.transcript,
        }


def _path_key(path: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(part.split()).casefold() for part in path)

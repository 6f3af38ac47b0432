"""What the coding pane is told, as plain data.

In: values of the reading service. Out: the messages that `coding_pane.workspace` and `.delta` send
to the browser. Offsets stay code points; the browser converts them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from workbench.domain.codebook import format_path
from workbench.domain.codings import Code, Coding, ListedDocument, OpenDocument
from workbench.domain.extracts import MACHINE_DRAFT
from workbench.domain.palette import CodeLook, code_look
from workbench.services.coding.extracts import readable_date
from workbench.services.coding.reading import PAGE, Changes, Workspace
from workbench.services.voice_notes.drafts import Standing
from workbench.ui.components.coding_pane.turns import text_message

Message = dict[str, Any]

PLAIN_COLOUR = "#52606D"
"""For a theme without a colour of its own."""

FOCUS_GROUPS = "Focus groups"
"""Stands over them in the list."""


def workspace_message(
    workspace: Workspace,
    *,
    actor_id: int,
    actor_name: str,
    study: str,
    order: str,
    facts: Sequence[str],
    empty: str,
    answered: str | None,
    live: Message | None = None,
    shown: int | None = None,
    looks: Mapping[int, CodeLook] | None = None,
) -> Message:
    """Write everything that changes when a document is opened.

    Parameters
    ----------
    facts
        Names of the attributes that stand beside a respondent's ref.
    empty
        What the list says when no document fits.
    answered
        The mark of the wish that this answers.
    live
        Where the pane asks whether something was done: `url`, and the answer as of now, `token`.
    shown
        The coder whose codings are shown beside the person's own; None shows everybody's.
    looks
        The colours of coders, by key.
    """
    document = workspace.document
    guids = _guids(workspace.codes)
    seen = (item for item in workspace.codings if _shows(item, shown, actor_id))
    return {
        "role": "workspace",
        "coder": {"id": actor_id, "name": actor_name},
        "heading": f"{study} · coding as {actor_name}",
        "answered": answered,
        "progress": {"done": workspace.done, "total": workspace.total},
        "document": _document(document, _facts(workspace.attributes, facts), workspace.standing)
        if document
        else None,
        "list": {
            "mode": order,
            "items": _items(workspace.listed, order, facts),
            "total": workspace.total,
            "offset": workspace.offset,
            "limit": PAGE,
            "empty": empty,
        },
        "codebook": codebook_message(workspace.codes, workspace.version),
        "codings": {
            "rev": base_revision(workspace.as_of, shown),
            "rows": [_row(coding, guids) for coding in seen],
        },
        "coders": {str(key): name for key, name in workspace.coders.items()},
        "coder_looks": {str(key): [look.light, look.dark] for key, look in (looks or {}).items()},
        "live": live,
        "undo": workspace.undo or None,
        "redo": workspace.redo or None,
    }


def base_revision(as_of: int, shown: int | None) -> int | str:
    """Name the rows that deltas are told against: other rows are shown when another coder's are."""
    return as_of if shown is None else f"{as_of}/{shown}"


def _shows(coding: Coding, shown: int | None, actor_id: int) -> bool:
    return shown is None or coding.coder_id in (shown, actor_id)


def delta_message(
    changes: Changes,
    *,
    document_id: int,
    actor_id: int,
    base_rev: int,
    codes: Mapping[int, str],
    acked: Sequence[str],
    rejected: Sequence[Mapping[str, str]],
    message: Mapping[str, object] | None,
    live: Message | None = None,
    shown: int | None = None,
) -> Message:
    """Write what has changed around the open document since it was opened.

    Parameters
    ----------
    base_rev
        The newest operation that the workspace contained.
    codes
        Identities of codes by key, as of the codebook that the browser has.
    live, shown
        As in the workspace.
    """
    guids = {**codes, **(_guids(changes.codes) if changes.codes else {})}
    return {
        "role": "delta",
        "document": document_id,
        "base_rev": base_revision(base_rev, shown),
        "rows": [
            [guid, _row(coding, guids) if coding else None]
            for guid, coding in changes.codings
            if coding is None or _shows(coding, shown, actor_id)
        ],
        "coders": {str(key): name for key, name in changes.coders.items()},
        "live": live,
        "acked": list(acked),
        "rejected": [dict(item) for item in rejected],
        "progress": None
        if changes.total is None
        else {"done": changes.done, "total": changes.total},
        "states": {str(document_id): changes.state},
        "codings_n": {str(document_id): changes.n_codings},
        "n": {guid: changes.counts.get(key, 0) for key, guid in guids.items()},
        "undo": changes.undo or None,
        "redo": changes.redo or None,
        "message": dict(message) if message else None,
        "memo": changes.memo,
        "codebook": codebook_message(changes.codes, changes.version) if changes.codes else None,
    }


def codebook_message(codes: Sequence[Code], version: int) -> Message:
    """Write the code tree with what the panel shows of each code."""
    places: dict[int, list[int]] = {}
    for item in codes:
        places.setdefault(item.theme_id, []).append(item.id)
    guids = _guids(codes)
    colours = {item.id: item.colour or PLAIN_COLOUR for item in codes if item.depth == 0}
    return {
        "version": version,
        "codes": [
            {
                "id": item.guid,
                "parent": guids.get(item.parent_id or 0),
                "name": item.name,
                "path": format_path(item.path),
                "depth": item.depth,
                **_look(item, places[item.theme_id], colours.get(item.theme_id, PLAIN_COLOUR)),
                "definition": item.definition,
                "include": item.include,
                "exclude": item.exclude,
                "examples": list(item.examples),
                "n": item.n_codings,
            }
            for item in codes
            if item.status == "active"
        ],
        "retired": [
            {"id": item.guid, "name": item.name, "path": format_path(item.path),
             **_look(item, places[item.theme_id], colours.get(item.theme_id, PLAIN_COLOUR))}
            for item in codes
            if item.status != "active"
        ],
    }  # fmt: skip


def _look(item: Code, family: Sequence[int], theme_colour: str) -> Message:
    place = family.index(item.id)
    look = _cached_look(item.colour or theme_colour, place, 0 if item.colour else len(family))
    return {"colour": look.light, "dark": look.dark, "style": look.style}


@lru_cache(maxsize=2_000)
def _cached_look(colour: str, place: int, of: int) -> CodeLook:
    return code_look(colour, place, of)


def _document(document: OpenDocument, facts: list[str], standing: Standing) -> Message:
    question = {"ref": document.question_ref, "text": document.question}
    return {
        "id": document.id,
        "sha": document.sha256,
        "kind": document.kind,
        "label": document.label,
        "facts": [*facts, *_session(document.series, document.held_on)],
        "question": question if document.question_ref else None,
        "language": document.language,
        **text_message(document),
        "length": len(document.text),
        "state": document.state,
        "memo": document.memo,
        "marks": [MACHINE_DRAFT] if standing.words == "draft" else [],
        "draft": standing.policy if standing.blocks else None,
    }


def _items(listed: Sequence[ListedDocument], order: str, facts: Sequence[str]) -> list[Message]:
    items, last = [], None
    for document in listed:
        by_question = order == "question"
        group = document.question or document.question_ref if by_question else document.label
        label = document.label if by_question else document.question_ref or document.label
        beside = _facts(document.attributes, facts) if by_question else [document.question]
        if document.kind == "focus_group":
            group, label = FOCUS_GROUPS, document.label
            beside = _session(document.series, document.held_on)
        items.append(
            {
                "id": document.id,
                "label": label,
                "facts": " · ".join(beside),
                "heading": group if group != last else "",
                "snippet": document.snippet,
                "state": document.state,
                "codings": document.n_codings,
            }
        )
        last = group
    return items


def _session(series: str, held_on: str) -> list[str]:
    """Say of which series a focus group is, and when it was held."""
    return [part for part in (series, readable_date(held_on)) if part]


def _facts(attributes: Mapping[str, str], wanted: Sequence[str]) -> list[str]:
    return [readable_date(attributes[name]) for name in wanted if attributes.get(name)]


def _guids(codes: Sequence[Code]) -> dict[int, str]:
    return {item.id: item.guid for item in codes}


def _row(coding: Coding, codes: Mapping[int, str]) -> list[Any]:
    return [
        coding.guid,
        coding.start,
        coding.end,
        codes.get(coding.code_id, ""),
        coding.coder_id,
        coding.memo,
        coding.flagged,
    ]

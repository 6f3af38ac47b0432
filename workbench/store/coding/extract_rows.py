"""Read extracts by their keys: the words, and what a reader needs to place them.

In: keys of codings, a page at a time. Out: `CodedExtract` values in the order of the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, func, literal, select

from workbench.domain.codings import Code
from workbench.domain.documents import document_label
from workbench.domain.extracts import MACHINE_DRAFT, NOT_TO_BE_QUOTED, Extract, withhold
from workbench.domain.paired import words_for
from workbench.domain.text import context
from workbench.store.coding.anchors import lost_words
from workbench.store.coding.codings import current_anchor, own_memos
from workbench.store.coding.quoting import Heard, Listener
from workbench.store.coding.stars import stars_of
from workbench.store.surveys.respondents import attributes_of
from workbench.store.tables import (
    anchor,
    code_ancestor,
    coder,
    coding,
    document,
    memo,
    question,
    respondent,
    revision,
    segment,
    star,
)
from workbench.store.voice_notes import translations

KNOWN_RESPONDENTS = 20_000
"""Respondents whose attributes are kept: each comes again under many codes."""

PLACE_AGAIN = "to be placed again"
"""The mark of an extract whose words must be found again by a person."""


@dataclass(frozen=True, slots=True)
class CodedExtract:
    """An extract with the keys that a screen needs to open or recode it."""

    extract: Extract
    coding_guid: str
    document_id: int
    coder_id: int
    code_id: int
    starred: bool = False
    """Whether the person who asks has starred it."""


class Reader:
    """Reads page after page of one list, and keeps what comes again on the next."""

    def __init__(
        self, connection: Connection, actor_id: int, codes: Sequence[Code], width: int
    ) -> None:
        self._connection = connection
        self._actor_id = actor_id
        self._codes = {item.id: item for item in codes}
        self._colours = {item.id: self._codes.get(item.theme_id, item).colour for item in codes}
        self._width = width
        self._attributes: dict[int, dict[str, str]] = {}
        self._listener = Listener(connection)

        self._any_stars = self._any_of(star)
        self._any_translations = translations.any_translations(connection)
        self._memos = self._any_of(memo, memo.c.target_kind == "coding")
        self._statement = _statement(memos=self._memos, speakers=self._any_of(segment))
        self._n_pages = 0

    def _any_of(self, table: Any, *conditions: Any) -> bool:
        found = select(exists(select(table).where(*conditions)))
        return bool(self._connection.execute(found).scalar())

    def read(self, keys: Sequence[int]) -> list[CodedExtract]:
        """Read codings with their words, in the order of their keys."""
        self._n_pages += 1
        if self._n_pages == 2:
            # Looking through all segments for a speaker takes longer than one page, and spares a
            # look-up for each coding of a long list where nobody is named, as in voice notes.
            named = self._any_of(segment, segment.c.speaker.isnot(None))
            self._statement = _statement(memos=self._memos, speakers=named)
        found = self._connection.execute(self._statement, {"keys": list(keys)})
        by_key = {row.id: row for row in found if row.code_id in self._codes}
        rows = [by_key[key] for key in keys if key in by_key]
        heard = self._hear(rows)
        alone = [item.only_respondent for item in heard.values()]
        self._learn([key for key in (*(row.respondent_id for row in rows), *alone) if key])
        flagged = [row.id for row in rows if row.anchor_state == "flagged"]
        lost = lost_words(self._connection, flagged) if flagged else {}
        stars = stars_of(self._connection, list(keys)) if self._any_stars else {}
        coded = [self._coded(row, lost, stars.get(row.id, ()), heard.get(row.id)) for row in rows]
        return self._translated(coded) if self._any_translations else coded

    def _hear(self, rows: Sequence[Any]) -> dict[int, Heard]:
        """Tell who speaks in the words of each coding of a discussion.

        Of a flagged one that is not known: it is taken for everybody's.
        """
        spoken = [row for row in rows if row.respondent_id is None]
        self._listener.prepare({row.revision_id for row in spoken})
        return {
            row.id: self._listener.hear(row.revision_id, row.start, row.end)
            if row.anchor_state == "placed"
            else self._listener.hear(row.revision_id)
            for row in spoken
        }

    def _translated(self, coded: list[CodedExtract]) -> list[CodedExtract]:
        """Put the translation of the words beside those that have one."""
        found = translations.translations_of(self._connection, {item.document_id for item in coded})
        segments = {
            key: translations.segments_of(self._connection, item) for key, item in found.items()
        }
        result = []
        for item in coded:
            known, extract = found.get(item.document_id), item.extract
            if known is not None and PLACE_AGAIN not in extract.marks:
                words = words_for(
                    *segments[item.document_id], known.text, extract.start, extract.end
                )
                extract = replace(
                    extract, translation=words, translation_status=known.status if words else ""
                )
                item = replace(item, extract=extract)
            result.append(item)
        return result

    def _learn(self, respondent_ids: Sequence[int]) -> None:
        if len(self._attributes) > KNOWN_RESPONDENTS:
            self._attributes.clear()
        new = [key for key in dict.fromkeys(respondent_ids) if key not in self._attributes]
        found = attributes_of(self._connection, new)
        self._attributes.update((key, found.get(key, {})) for key in new)

    def _coded(
        self,
        row: Any,
        lost: dict[int, str],
        stars: Sequence[tuple[int, str]],
        heard: Heard | None,
    ) -> CodedExtract:
        extract = self._extract(row, lost, tuple([name for _, name in stars]) if stars else ())
        return CodedExtract(
            extract if heard is None else self._spoken(extract, heard),
            row.guid,
            row.document_id,
            row.coder_id,
            row.code_id,
            bool(stars) and any(key == self._actor_id for key, _ in stars),
        )

    def _spoken(self, extract: Extract, heard: Heard) -> Extract:
        """Add who speaks, and take out what may not be shown."""
        flagged = PLACE_AGAIN in extract.marks
        start = extract.start or 0
        end = extract.end or start
        around = heard.around(extract.before, extract.after, start, end)
        found = replace(
            extract,
            before=around.before,
            after=around.after,
            begun=around.begun and not flagged,
            speaker="" if flagged else ", ".join(heard.names),
            people=() if flagged else heard.refs,
            start_ms=None if flagged or not heard.turns else heard.turns[0].start_ms,
            turns=() if flagged else heard.places(start),
            attributes={}
            if flagged or heard.withdrawn
            else self._attributes.get(heard.only_respondent or 0, extract.attributes),
        )
        if heard.may_be_quoted:
            return found
        found = replace(found, marks=(*found.marks, NOT_TO_BE_QUOTED))
        return withhold(found) if heard.withdrawn else found

    def _extract(self, row: Any, lost: dict[int, str], starred_by: tuple[str, ...]) -> Extract:
        # Taken apart at once: by name, twenty values a row take as long as the query itself.
        (
            key, guid, document_id, _, created_at, code_id, coder_name, start, end, state, ref,
            respondent_id, respondent_ref, may_be_quoted, question_ref, question_text, text, note,
            speaker, standing, _,
        ) = row  # fmt: skip
        before, after, marks = "", "", []
        if state != "placed":  # the words as they were coded; the guess is nobody's coding
            quote, start, end = lost.get(key, ""), None, None
            marks.append(PLACE_AGAIN)
        elif start is None:
            quote = text
        else:
            quote = text[start:end]
            if self._width:
                before, after = context(text, start, end, self._width)
        if standing == "draft":
            marks.append(MACHINE_DRAFT)
        if may_be_quoted is False:
            marks.append(NOT_TO_BE_QUOTED)
        return Extract(
            guid,
            self._codes[code_id].path,
            quote,
            document_id,
            document_label(document_id, respondent_ref, ref),
            coder_name,
            created_at,
            respondent_ref or "",
            question_ref or "",
            question_text or "",
            speaker,
            start,
            end,
            before,
            after,
            note,
            self._colours[code_id],
            self._attributes.get(respondent_id, {}),
            tuple(marks),
            starred_by,
            MACHINE_DRAFT if standing == "draft" else standing or "",
        )


def _speaker() -> Any:
    """Select who speaks where a coding begins."""
    return (
        select(segment.c.speaker)
        .where(
            segment.c.revision_id == revision.c.id,
            segment.c.start <= func.coalesce(anchor.c.start, 0),
            segment.c.end > func.coalesce(anchor.c.start, 0),
            segment.c.speaker.isnot(None),
        )
        .order_by(segment.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


def _statement(*, memos: bool, speakers: bool) -> Select[Any]:
    """Select codings with all around them; what the study has nothing of is not looked for."""
    return (
        select(
            coding.c.id,
            coding.c.guid,
            coding.c.document_id,
            coding.c.coder_id,
            coding.c.created_at,
            code_ancestor.c.ancestor_id.label("code_id"),
            coder.c.name.label("coder_name"),
            anchor.c.start,
            anchor.c.end,
            anchor.c.state.label("anchor_state"),
            document.c.ref,
            document.c.respondent_id,
            respondent.c.ref.label("respondent_ref"),
            respondent.c.may_be_quoted,
            question.c.ref.label("question_ref"),
            question.c.text.label("question_text"),
            revision.c.text,
            (func.coalesce(own_memos(), "") if memos else literal("")).label("memo"),
            (func.coalesce(_speaker(), "") if speakers else literal("")).label("speaker"),
            document.c.transcript,
            revision.c.id.label("revision_id"),
        )
        .select_from(
            coding.join(document, document.c.id == coding.c.document_id)
            .join(revision, revision.c.id == document.c.current_revision_id)
            .join(anchor, current_anchor())
            .join(coder, coder.c.id == coding.c.coder_id)
            .join(
                code_ancestor,
                and_(code_ancestor.c.code_id == coding.c.code_id, code_ancestor.c.depth == 0),
            )
            .outerjoin(respondent, respondent.c.id == document.c.respondent_id)
            .outerjoin(question, question.c.id == document.c.question_id)
        )
        .where(coding.c.id.in_(bindparam("keys", expanding=True)))
    )

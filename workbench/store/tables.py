"""All tables, in the order in which a study fills them.

In: nothing. Out: SQLAlchemy Core tables that every other store module reads and writes.

Times are ISO 8601 in UTC with milliseconds, as text: they sort, and read the same everywhere.
Offsets are half-open code points over `revision.text`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TIME = String(24)
NO_KEY = 2_000_000_000
"""Beyond any key."""
GUID = String(36)
CONSENSUS = 0
"""The key of the coder who holds what was adjudicated: nobody, and on no layer but consensus."""
CONSENSUS_GUID = "5b3d0d3e-7b5c-4c67-9a2e-3f0c6f1f0c05"


def _table(name: str, *parts: Any, keyed: bool = True) -> Table:
    """Make a table; a keyed one has an integer key that SQLite never gives out twice."""
    if keyed:
        return Table(name, metadata, Column("id", Integer, primary_key=True), *parts,
                     sqlite_autoincrement=True)  # fmt: skip
    return Table(name, metadata, *parts)


def _ref(target: str, name: str | None = None, **options: Any) -> Column[int]:
    """Make a column that refers to another table's key; required unless said otherwise."""
    options.setdefault("nullable", False)
    return Column(name or f"{target}_id", Integer, ForeignKey(f"{target}.id"), **options)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


# ---------------------------------------------------------------- who and what

study = _table(
    "study",
    Column("guid", GUID, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),  # case-folded
    Column("description", Text, nullable=False, server_default=""),
    Column("settings", JSON, nullable=False),
    Column("digest_key", String(64), nullable=False),  # for keyed digests in events
    Column("created_at", TIME, nullable=False),
)

coder = _table(
    "coder",
    Column("guid", GUID, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False, unique=True),
    Column("preferences", JSON, nullable=False, server_default="{}"),
    Column("created_at", TIME, nullable=False),
)

membership = _table(
    "membership",
    _ref("study", primary_key=True),
    _ref("coder", primary_key=True),
    Column("role", String(10), nullable=False),
    Column("created_at", TIME, nullable=False),
    _one_of("role", "owner", "coder", "viewer"),
    keyed=False,
)

survey = _table(
    "survey",
    _ref("study"),
    Column("name", String(200), nullable=False),  # a wave, or the version for one kind of people
    Column("position", Integer, nullable=False),
    Column("created_at", TIME, nullable=False),
    UniqueConstraint("study_id", "name"),
)

import_batch = _table(
    "import_batch",
    _ref("study", index=True),
    _ref("survey", nullable=True),
    Column("kind", String(20), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("mapping", Text, nullable=False),
    Column("report", JSON, nullable=False),
    # What stood there before, as far as the import changed it: for undo. It holds values of
    # attributes and states of absent answers; texts are in `revision`.
    Column("before", JSON(none_as_null=True)),
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    Column("undone_at", TIME),
)

attribute = _table(
    "attribute",
    _ref("study"),
    Column("name", String(200), nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("kind", String(10), nullable=False),
    Column("position", Integer, nullable=False),
    Column("grouping", Boolean, nullable=False),
    Column("identifying", Boolean, nullable=False),
    Column("ordered_values", JSON, nullable=False),
    _ref("attribute", "derived_from", nullable=True),
    Column("value_map", JSON(none_as_null=True)),
    # Which of label, grouping and ordered_values a person has set: an import leaves them alone.
    Column("edited", JSON(none_as_null=True)),
    UniqueConstraint("study_id", "name"),
    _one_of("kind", "category", "ordered", "number", "date", "multi"),
)

respondent = _table(
    "respondent",
    _ref("study"),
    Column("ref", String(200), nullable=False),
    Column("kind", String(20), nullable=False, server_default="participant"),
    Column("submitted_at", String(32)),
    Column("source_digest", String(64)),  # of an id that must not be kept, such as an e-mail
    Column("may_be_quoted", Boolean),  # null: not asked
    _ref("import_batch", nullable=True),
    Column("created_at", TIME, nullable=False),
    Column("withdrawn_at", TIME),
    UniqueConstraint("study_id", "ref"),
    UniqueConstraint("study_id", "source_digest"),
    Index(
        "ix_respondent_withdrawn",
        "study_id",
        "id",
        sqlite_where=text("withdrawn_at IS NOT NULL"),
        postgresql_where=text("withdrawn_at IS NOT NULL"),
    ),
    _one_of("kind", "participant", "facilitator"),
)

respondent_attribute = _table(
    "respondent_attribute",
    _ref("respondent", primary_key=True),
    _ref("attribute", primary_key=True),
    Column("value", String(500), primary_key=True),
    Index("ix_respondent_attribute_group", "attribute_id", "value", "respondent_id"),
    keyed=False,
)

attribute_edit = _table(
    "attribute_edit",  # values that a person has set by hand: an import leaves them alone
    _ref("respondent", primary_key=True),
    _ref("attribute", primary_key=True),
    _ref("coder"),
    Column("changed_at", TIME, nullable=False),
    keyed=False,
)

respondent_survey = _table(
    "respondent_survey",  # who is in which survey's file
    _ref("survey", primary_key=True),
    _ref("respondent", primary_key=True),
    Column("submitted_at", String(32)),
    _ref("import_batch", nullable=True),
    Index("ix_respondent_survey_respondent", "respondent_id"),
    keyed=False,
)

question = _table(
    "question",
    _ref("study"),
    Column("ref", String(100), nullable=False),
    Column("text", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("asked_if", JSON(none_as_null=True)),
    UniqueConstraint("study_id", "ref"),
)

survey_question = _table(
    "survey_question",  # one question may be asked in several surveys, of different people
    _ref("survey", primary_key=True),
    _ref("question", primary_key=True),
    keyed=False,
)

# ---------------------------------------------------------------- what was said

absent_answer = _table(
    "absent_answer",
    _ref("respondent", primary_key=True),
    _ref("question", primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("state", String(20), nullable=False),
    Column("file_name", Text),
    Index("ix_absent_answer_question", "question_id", "state"),
    _one_of("kind", "typed", "spoken"),
    _one_of("state", "blank", "not_asked", "awaiting_transcript"),
    keyed=False,
)

recording = _table(
    "recording",
    _ref("study"),
    Column("sha256", String(64), nullable=False),
    Column("uri", Text, nullable=False),  # below the media folder
    Column("file_name", Text, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("duration_ms", BigInteger),
    Column("purpose", String(10), nullable=False),
    _ref("respondent", nullable=True, index=True),
    _ref("question", nullable=True),
    Column("matching", String(10), nullable=False),
    Column("matched_by", String(20), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),  # why in doubt, or damaged
    _ref("memo", nullable=True),  # of a researcher's voice memo: where its words went
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    UniqueConstraint("study_id", "sha256"),
    Index("ix_recording_matching", "study_id", "matching", "id"),
    _one_of("purpose", "voice_note", "memo"),
    _one_of("matching", "matched", "doubtful", "unmatched", "set_aside"),
)

worker = _table(
    "worker",  # a process that works the queue of transcriptions
    Column("guid", GUID, nullable=False, unique=True),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", TIME, nullable=False),
    Column("seen_at", TIME, nullable=False),
    Column("ended_at", TIME),
)

transcription_run = _table(
    "transcription_run",  # what a person asked for at once
    _ref("study", index=True),
    Column("model", String(200), nullable=False),
    Column("model_sha256", String(64), nullable=False),
    Column("engine", String(50), nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    Column("finished_at", TIME),
    _one_of("state", "open", "paused", "cancelled", "finished"),
)

transcription = _table(
    "transcription",  # one recording in the queue, and what became of it
    _ref("transcription_run", index=True),
    _ref("recording"),
    Column("task", String(10), nullable=False),
    Column("result_key", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("strikes", Integer, nullable=False, server_default="0"),  # workers lost with it
    _ref("worker", nullable=True),
    Column("asked_language", String(20)),  # null: to be detected
    Column("language", String(20)),
    Column("language_probability", Float),
    Column("audio_ms", BigInteger),
    Column("done_ms", BigInteger, nullable=False, server_default="0"),
    Column("wall_ms", BigInteger),
    Column("engine_version", String(100)),
    Column("result", JSON(none_as_null=True)),  # text, segments and words, as the machine gave them
    Column("error_code", String(40)),
    Column("error", Text),
    Column("retryable", Boolean),
    Column("created_at", TIME, nullable=False),
    Column("started_at", TIME),
    Column("finished_at", TIME),
    UniqueConstraint("recording_id", "result_key"),
    Index("ix_transcription_queue", "state", "id"),
    _one_of("task", "transcribe", "translate"),
    _one_of("state", "queued", "decoding", "transcribing", "done", "failed", "cancelled"),
)

document = _table(
    "document",
    _ref("study"),
    Column("guid", GUID, nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("ref", String(200)),
    _ref("respondent", nullable=True, index=True),
    _ref("question", nullable=True),
    Column("answer_kind", String(10)),
    _ref("recording", nullable=True, index=True),
    Column("language", String(20)),
    # Of a transcript: as the machine left it, or checked by a person. Null: no machine made it.
    Column("transcript", String(10)),
    Column("checked_at", TIME),
    _ref("coder", "checked_by", nullable=True),
    _ref("document", "translation_of", nullable=True),
    # No foreign key: it would close a circle with `revision`, which SQLite cannot alter later.
    Column("current_revision_id", Integer, index=True),
    # Its current text holds more than white space, and it is not the translation of another one.
    Column("codable", Boolean, nullable=False),
    Column("n_words", Integer, nullable=False, server_default="0"),  # of its current text
    # The keys of question and respondent once more, with a number beyond all keys where there is
    # none: lists are sorted by them, which an index can only do without gaps.
    Column("sort_question", Integer, nullable=False, server_default=str(NO_KEY)),
    Column("sort_respondent", Integer, nullable=False, server_default=str(NO_KEY)),
    Column("adjudicated_at", TIME),
    _ref("coder", "adjudicated_by", nullable=True),
    Column("created_at", TIME, nullable=False),
    # Of a discussion: the round or kind of groups that it belongs to, and the day (YYYY-MM-DD).
    Column("series", String(200)),
    Column("held_on", String(10)),
    UniqueConstraint("study_id", "respondent_id", "question_id", "answer_kind", name="answer"),
    UniqueConstraint("study_id", "ref"),
    Index("ix_document_order", "study_id", "question_id", "respondent_id"),
    Index(
        "ix_document_by_question",
        "study_id",
        "sort_question",
        "sort_respondent",
        "id",
        sqlite_where=text("codable = 1"),
        postgresql_where=text("codable"),
    ),
    Index(
        "ix_document_by_respondent",
        "study_id",
        "sort_respondent",
        "sort_question",
        "id",
        sqlite_where=text("codable = 1"),
        postgresql_where=text("codable"),
    ),
    Index("ix_document_length", "question_id", "n_words", "respondent_id"),
    # Taking a document away looks for its translations: without an index, through all documents.
    Index(
        "ix_document_translation_of",
        "translation_of",
        sqlite_where=text("translation_of IS NOT NULL"),
        postgresql_where=text("translation_of IS NOT NULL"),
    ),
    Index(
        "ix_document_draft",
        "study_id",
        "id",
        sqlite_where=text("transcript = 'draft'"),
        postgresql_where=text("transcript = 'draft'"),
    ),
    _one_of("kind", "answer", "voice_note", "focus_group", "note"),
    _one_of("transcript", "draft", "checked"),
)

revision = _table(
    "revision",
    _ref("document"),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("search_text", Text, nullable=False),  # folded: lower case, no accents
    Column("sha256", String(64), nullable=False),
    Column("why", Text, nullable=False),
    _ref("import_batch", nullable=True),
    _ref("transcription", nullable=True),  # of a machine's own text: where it came from
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    UniqueConstraint("document_id", "number"),
    Index("ix_revision_import", "import_batch_id", "number", "document_id"),
)

segment = _table(
    "segment",
    _ref("revision"),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("start_ms", Integer),
    Column("end_ms", Integer),
    Column("speaker", String(200)),
    _ref("respondent", nullable=True, index=True),
    Column("confidence", Float),
    # [start, end, start_ms, end_ms, probability] for each word; offsets as in the segment.
    Column("words", JSON(none_as_null=True)),
    Column("quality", JSON(none_as_null=True)),  # the engine's own figures
    Column("flags", JSON(none_as_null=True)),  # why it should be heard again
    Column("reviewed_at", TIME),
    UniqueConstraint("revision_id", "position"),
    CheckConstraint('"start" >= 0 AND "end" >= "start"', name="span"),
)

speaker = _table(
    "speaker",  # who speaks in a discussion; `segment.speaker` has the name of each turn's
    _ref("document"),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),  # as shown: often not the name in the file
    Column("role", String(12), nullable=False),
    _ref("respondent", nullable=True, index=True),  # a facilitator's turns count for nobody
    # Keyed digests of the names that files give them, so that a corrected file finds them again.
    Column("known_as", JSON, nullable=False),
    UniqueConstraint("document_id", "name"),
    _one_of("role", "participant", "facilitator"),
)

# ---------------------------------------------------------------- who reads it

assignment = _table(
    "assignment",
    _ref("document", primary_key=True),
    _ref("coder", primary_key=True),
    Column("blind", Boolean, nullable=False),
    Column("created_at", TIME, nullable=False),
    keyed=False,
)

document_state = _table(
    "document_state",
    _ref("document", primary_key=True),
    _ref("coder", primary_key=True),
    Column("state", String(12), nullable=False),
    Column("done_at", TIME),
    Column("first_done_at", TIME),
    Index("ix_document_state_coder", "coder_id", "state", "document_id"),
    _one_of("state", "untouched", "in_progress", "done"),
    keyed=False,
)

done_coding = _table(
    "done_coding",  # what a coder had coded when they first marked a document done: for agreement
    _ref("document", primary_key=True),
    _ref("coder", primary_key=True),
    _ref("coding", primary_key=True),
    _ref("code"),
    _ref("revision"),
    Column("start", Integer),
    Column("end", Integer),
    Index("ix_done_coding_coder", "coder_id", "document_id"),
    # Taking a coding or a text away looks here: without an index, through all rows each time.
    Index("ix_done_coding_coding", "coding_id"),
    Index("ix_done_coding_revision", "revision_id"),
    keyed=False,
)

draft_acceptance = _table(
    "draft_acceptance",  # who codes a machine's draft although they were warned
    _ref("document", primary_key=True),
    _ref("coder", primary_key=True),
    Column("accepted_at", TIME, nullable=False),
    keyed=False,
)

# ---------------------------------------------------------------- the codebook

code = _table(
    "code",
    _ref("study", index=True),
    Column("guid", GUID, nullable=False, unique=True),
    _ref("code", "parent_id", nullable=True),
    Column("name", String(200), nullable=False),
    Column("colour", String(7), nullable=False, server_default=""),
    Column("definition", Text, nullable=False, server_default=""),
    Column("include", Text, nullable=False, server_default=""),
    Column("exclude", Text, nullable=False, server_default=""),
    Column("examples", JSON, nullable=False),
    Column("cues", JSON, nullable=False),
    Column("rests_on", JSON, nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    _ref("code", "merged_into", nullable=True),
    # The version of the codebook in which its definition, include or exclude changed last: codings
    # made under an older one are to be looked at again. Null: never changed since it was made.
    _ref("codebook_version", "defined_in", nullable=True),
    _ref("code", "split_from", nullable=True),
    # Made while coding a document blind: shown to nobody but its maker until the document opens.
    # The maker stays noted then: such a code may have a namesake beside it.
    _ref("document", "made_in", nullable=True),
    _ref("coder", "made_by", nullable=True),
    Column("created_at", TIME, nullable=False),
    Column("deleted_at", TIME),  # its making was undone
    _one_of("status", "active", "retired", "merged"),
)

code_ancestor = _table(
    "code_ancestor",
    _ref("code", primary_key=True),
    _ref("code", "ancestor_id", primary_key=True),
    Column("depth", Integer, nullable=False),  # 0: the code itself, or what it was merged into
    Index("ix_code_ancestor_ancestor", "ancestor_id", "code_id"),
    keyed=False,
)

codebook_version = _table(
    "codebook_version",
    _ref("study"),
    Column("number", Integer, nullable=False),
    Column("name", String(200)),
    Column("note", Text, nullable=False, server_default=""),
    Column("snapshot", JSON, nullable=False),
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    UniqueConstraint("study_id", "number"),
)

# ---------------------------------------------------------------- coding

coding = _table(
    "coding",
    Column("guid", GUID, nullable=False, unique=True),
    _ref("document"),
    Column("scope", String(10), nullable=False),
    _ref("code"),
    _ref("coder"),
    _ref("codebook_version", nullable=True),
    Column("origin", String(15), nullable=False),
    Column("created_at", TIME, nullable=False),
    Column("deleted_at", TIME),
    Index("ix_coding_document", "document_id", "coder_id", "code_id"),
    Index("ix_coding_code", "code_id", "document_id"),
    Index(
        "ix_coding_live",
        "coder_id",
        "code_id",
        "document_id",
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
    _one_of("scope", "span", "document"),
    _one_of("origin", "person", "import", "suggestion", "adjudication"),
)

anchor = _table(
    "anchor",
    _ref("coding"),
    _ref("revision"),
    Column("start", Integer),
    Column("end", Integer),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    UniqueConstraint("coding_id", "revision_id"),
    Index("ix_anchor_revision", "revision_id", "start"),
    Index(
        "ix_anchor_flagged",  # few: found without a look at the others
        "revision_id",
        "coding_id",
        sqlite_where=text("state = 'flagged'"),
        postgresql_where=text("state = 'flagged'"),
    ),
    CheckConstraint('"start" IS NULL OR ("start" >= 0 AND "end" > "start")', name="span"),
    _one_of("state", "placed", "flagged"),
)

coding_respondent = _table(
    "coding_respondent",
    _ref("coding", primary_key=True),
    _ref("respondent", primary_key=True),
    _ref("document"),
    _ref("code"),
    _ref("coder"),
    # Whether it is the first of the codings that make one mention: with the same code, in the same
    # answer or of the same speaker's words, by anybody or by the same coder.
    Column("opens_any", Integer),
    Column("opens_own", Integer),
    Index(
        "ix_coding_respondent_count",
        "respondent_id",
        "code_id",
        "coder_id",
        "document_id",
        "opens_any",
        "opens_own",
    ),
    Index("ix_coding_respondent_document", "document_id", "code_id", "coder_id"),
    keyed=False,
)

adjudication = _table(
    "adjudication",  # one difference between coders, and how it was settled
    _ref("document", index=True),
    _ref("code"),
    _ref("revision"),
    Column("start", Integer),
    Column("end", Integer),
    Column("choice", String(10), nullable=False),
    Column("taken_from", JSON, nullable=False),  # the coders whose codings were taken over
    Column("codings", JSON, nullable=False),  # what was put into the consensus
    Column("note", Text, nullable=False, server_default=""),
    _ref("coder", "decided_by"),
    Column("decided_at", TIME, nullable=False),
    Column("deleted_at", TIME),
    Index("ix_adjudication_revision", "revision_id"),
    CheckConstraint('"start" IS NULL OR ("start" >= 0 AND "end" > "start")', name="span"),
    _one_of("choice", "agreed", "taken", "neither", "edited"),
)

suggestion = _table(
    "suggestion",
    _ref("document"),
    _ref("revision"),
    _ref("code"),
    Column("start", Integer),
    Column("end", Integer),
    Column("score", Float),
    Column("source", String(50), nullable=False),
    Column("state", String(10), nullable=False),
    _ref("coder", "decided_by", nullable=True),
    Column("decided_at", TIME),
    _ref("coding", nullable=True),
    Column("created_at", TIME, nullable=False),
    Index("ix_suggestion_document", "document_id", "state"),
    _one_of("state", "offered", "accepted", "dismissed"),
)

memo = _table(
    "memo",
    Column("guid", GUID, nullable=False, unique=True),
    _ref("study"),
    Column("target_kind", String(20), nullable=False),
    Column("target_id", Integer, nullable=False),
    _ref("memo", "reply_to", nullable=True),
    Column("purpose", String(15)),  # what a study asks its researchers to write down
    Column("text", Text, nullable=False),
    _ref("coder", "author_id"),
    Column("created_at", TIME, nullable=False),
    Column("changed_at", TIME, nullable=False),
    Column("deleted_at", TIME),
    Index("ix_memo_target", "target_kind", "target_id", "author_id"),
    Index("ix_memo_study", "study_id", "id"),
    Index(
        "ix_memo_reply_to",
        "reply_to",
        sqlite_where=text("reply_to IS NOT NULL"),
        postgresql_where=text("reply_to IS NOT NULL"),
    ),
    _one_of("purpose", "positionality", "reflexivity"),
    _one_of("target_kind", "study", "code", "document", "coding", "respondent", "codebook_version"),
)

star = _table(
    "star",  # a quote that somebody wants to find again
    _ref("coding", primary_key=True),
    _ref("coder", primary_key=True),
    Column("created_at", TIME, nullable=False),
    keyed=False,
)

saved_filter = _table(
    "saved_filter",
    _ref("study", index=True),
    Column("page", String(20), nullable=False),
    Column("name", String(200), nullable=False),
    Column("settings", JSON, nullable=False),
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    Column("changed_at", TIME, nullable=False),
    UniqueConstraint("study_id", "page", "name"),
)

matrix_cell = _table(
    "matrix_cell",
    _ref("study"),
    _ref("respondent"),
    _ref("code"),
    _ref("coder", "author_id"),
    Column("text", Text, nullable=False),
    Column("changed_at", TIME, nullable=False),
    UniqueConstraint("respondent_id", "code_id"),
)

redaction = _table(
    "redaction",
    _ref("revision"),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("replacement", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    _ref("coder", "created_by"),
    Column("created_at", TIME, nullable=False),
    Column("deleted_at", TIME),
    Index("ix_redaction_revision", "revision_id", "start"),
)

exchanged = _table(
    # What other programs know a thing by, where it has no GUID of its own; and, with `content`,
    # what a project of theirs holds that is kept for them and not understood here.
    "exchanged",
    _ref("study"),
    Column("kind", String(20), nullable=False),
    Column("guid", GUID, nullable=False),
    Column("target_id", Integer),
    Column("content", JSON(none_as_null=True)),
    UniqueConstraint("study_id", "guid"),
    Index("ix_exchanged_target", "study_id", "kind", "target_id"),
)

# ---------------------------------------------------------------- the trail

operation = _table(
    "operation",
    Column("uuid", GUID, nullable=False, unique=True),
    _ref("study"),
    _ref("coder", "actor_id"),
    Column("verb", String(30), nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    _ref("document", nullable=True),
    Column("forward", JSON, nullable=False),
    Column("inverse", JSON(none_as_null=True)),  # null: cannot be undone
    _ref("operation", "undoes", nullable=True),
    _ref("operation", "undone_by", nullable=True),
    # Undo was refused once, since somebody else had changed the same thing: offered no more.
    Column("passed_over", Boolean, nullable=False, server_default=false()),
    Column("created_at", TIME, nullable=False),
    Index("ix_operation_actor", "study_id", "actor_id", "id"),
    Index(
        "ix_operation_document",
        "document_id",
        sqlite_where=text("document_id IS NOT NULL"),
        postgresql_where=text("document_id IS NOT NULL"),
    ),
    Index(
        "ix_operation_undoable",
        "study_id",
        "actor_id",
        "id",
        sqlite_where=text("inverse IS NOT NULL AND undoes IS NULL AND undone_by IS NULL"),
        postgresql_where=text("inverse IS NOT NULL AND undoes IS NULL AND undone_by IS NULL"),
    ),
)

operation_target = _table(
    "operation_target",
    _ref("operation", primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("target_id", Integer, primary_key=True),
    Index("ix_operation_target_target", "kind", "target_id", "operation_id"),
    keyed=False,
)

event = _table(
    "event",
    _ref("study"),
    Column("number", Integer, nullable=False),
    Column("operation_uuid", GUID, nullable=False),
    _ref("coder", "actor_id"),
    Column("verb", String(30), nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON: ids and keyed digests, no words
    Column("created_at", TIME, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("study_id", "number"),
    Index("ix_event_actor", "study_id", "actor_id", "number"),
)

event_head = _table(
    "event_head",
    _ref("study", primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    keyed=False,
)

"""recordings, the queue of transcriptions, machine drafts and words with times."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEVER_TWICE = {"sqlite_autoincrement": True}
"""For tables that SQLite can only change by making them anew: it gives out no key twice."""


def upgrade() -> None:
    """Apply this change."""
    _recordings()
    _queue()
    _documents()
    _drafts()


def _recordings() -> None:
    # No release filled this table: it is given its new shape without looking at rows.
    with op.batch_alter_table("recording", table_kwargs=NEVER_TWICE) as table:
        table.drop_constraint(op.f("ck_recording_state"), type_="check")
        table.drop_index(op.f("ix_recording_study_id"))
        for name in ("state", "engine", "model", "options"):
            table.drop_column(name)
        table.alter_column("duration_ms", type_=sa.BigInteger())
        table.add_column(sa.Column("media_type", sa.String(100), nullable=False))
        table.add_column(sa.Column("size_bytes", sa.BigInteger(), nullable=False))
        table.add_column(sa.Column("purpose", sa.String(10), nullable=False))
        table.add_column(sa.Column("respondent_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("question_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("matching", sa.String(10), nullable=False))
        table.add_column(sa.Column("matched_by", sa.String(20), nullable=False, server_default=""))
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("memo_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("created_by", sa.Integer(), nullable=False))
        for column, target in (
            ("respondent_id", "respondent"),
            ("question_id", "question"),
            ("memo_id", "memo"),
            ("created_by", "coder"),
        ):
            table.create_foreign_key(
                op.f(f"fk_recording_{column}_{target}"), target, [column], ["id"]
            )
        table.create_check_constraint(
            op.f("ck_recording_purpose"), "purpose IN ('voice_note', 'memo')"
        )
        table.create_check_constraint(
            op.f("ck_recording_matching"),
            "matching IN ('matched', 'doubtful', 'unmatched', 'set_aside')",
        )
    op.create_index("ix_recording_respondent_id", "recording", ["respondent_id"])
    op.create_index("ix_recording_matching", "recording", ["study_id", "matching", "id"])


def _queue() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(36), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(24), nullable=False),
        sa.Column("seen_at", sa.String(24), nullable=False),
        sa.Column("ended_at", sa.String(24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("guid", name=op.f("uq_worker_guid")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "transcription_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("model_sha256", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(50), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(24), nullable=False),
        sa.Column("finished_at", sa.String(24), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'paused', 'cancelled', 'finished')",
            name=op.f("ck_transcription_run_state"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["coder.id"], name=op.f("fk_transcription_run_created_by_coder")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_transcription_run_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcription_run")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_transcription_run_study_id", "transcription_run", ["study_id"])
    _transcriptions()


def _transcriptions() -> None:
    op.create_table(
        "transcription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transcription_run_id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(10), nullable=False),
        sa.Column("result_key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("strikes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("asked_language", sa.String(20), nullable=True),
        sa.Column("language", sa.String(20), nullable=True),
        sa.Column("language_probability", sa.Float(), nullable=True),
        sa.Column("audio_ms", sa.BigInteger(), nullable=True),
        sa.Column("done_ms", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("wall_ms", sa.BigInteger(), nullable=True),
        sa.Column("engine_version", sa.String(100), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("error_code", sa.String(40), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("retryable", sa.Boolean(), nullable=True),
        sa.Column("created_at", sa.String(24), nullable=False),
        sa.Column("started_at", sa.String(24), nullable=True),
        sa.Column("finished_at", sa.String(24), nullable=True),
        sa.CheckConstraint(
            "task IN ('transcribe', 'translate')", name=op.f("ck_transcription_task")
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'decoding', 'transcribing', 'done', 'failed', 'cancelled')",
            name=op.f("ck_transcription_state"),
        ),
        sa.ForeignKeyConstraint(
            ["transcription_run_id"],
            ["transcription_run.id"],
            name=op.f("fk_transcription_transcription_run_id_transcription_run"),
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_transcription_recording_id_recording")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["worker.id"], name=op.f("fk_transcription_worker_id_worker")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcription")),
        sa.UniqueConstraint(
            "recording_id", "result_key", name=op.f("uq_transcription_recording_id_result_key")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_transcription_transcription_run_id", "transcription", ["transcription_run_id"]
    )
    op.create_index("ix_transcription_queue", "transcription", ["state", "id"])


def _documents() -> None:
    with op.batch_alter_table("document", table_kwargs=NEVER_TWICE) as table:
        table.add_column(sa.Column("transcript", sa.String(10), nullable=True))
        table.add_column(sa.Column("checked_at", sa.String(24), nullable=True))
        table.add_column(sa.Column("checked_by", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_document_checked_by_coder"), "coder", ["checked_by"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_document_transcript"), "transcript IN ('draft', 'checked')"
        )
    op.create_index("ix_document_recording_id", "document", ["recording_id"])
    op.create_index(
        "ix_document_draft",
        "document",
        ["study_id", "id"],
        sqlite_where=sa.text("transcript = 'draft'"),
        postgresql_where=sa.text("transcript = 'draft'"),
    )
    with op.batch_alter_table("revision", table_kwargs=NEVER_TWICE) as table:
        table.add_column(sa.Column("transcription_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_revision_transcription_id_transcription"),
            "transcription",
            ["transcription_id"],
            ["id"],
        )
    for name in ("words", "quality", "flags"):
        op.add_column("segment", sa.Column(name, sa.JSON(none_as_null=True), nullable=True))
    op.add_column("segment", sa.Column("reviewed_at", sa.String(24), nullable=True))


def _drafts() -> None:
    op.create_table(
        "draft_acceptance",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sa.String(24), nullable=False),
        sa.ForeignKeyConstraint(
            ["coder_id"], ["coder.id"], name=op.f("fk_draft_acceptance_coder_id_coder")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_draft_acceptance_document_id_document")
        ),
        sa.PrimaryKeyConstraint("document_id", "coder_id", name=op.f("pk_draft_acceptance")),
    )

"""refined definitions, codes made blind, first readings, adjudication, memos with a purpose."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEVER_TWICE = {"sqlite_autoincrement": True}
"""For tables that SQLite can only change by making them anew: it gives out no key twice."""

CONSENSUS = "5b3d0d3e-7b5c-4c67-9a2e-3f0c6f1f0c05"


def upgrade() -> None:
    """Apply this change."""
    _codes()
    _memos()
    _first_readings()
    _adjudication()
    op.create_index("ix_event_actor", "event", ["study_id", "actor_id", "number"])


def _codes() -> None:
    with op.batch_alter_table("code", table_kwargs=NEVER_TWICE) as table:
        for column, target in (
            ("defined_in", "codebook_version"),
            ("split_from", "code"),
            ("made_in", "document"),
            ("made_by", "coder"),
        ):
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_code_{column}_{target}"), target, [column], ["id"])


def _memos() -> None:
    with op.batch_alter_table("memo", table_kwargs=NEVER_TWICE) as table:
        table.add_column(sa.Column("purpose", sa.String(15), nullable=True))
        table.create_check_constraint(
            op.f("ck_memo_purpose"), "purpose IN ('positionality', 'reflexivity')"
        )
    op.create_index("ix_memo_study", "memo", ["study_id", "id"])


def _first_readings() -> None:
    op.create_table(
        "done_coding",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("coding_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_done_coding_{name}_id_{name}")
            )
            for name in ("document", "coder", "coding", "code", "revision")
        ),
        sa.PrimaryKeyConstraint(
            "document_id", "coder_id", "coding_id", name=op.f("pk_done_coding")
        ),
    )
    op.create_index("ix_done_coding_coder", "done_coding", ["coder_id", "document_id"])
    # What stood there at the time was not kept: what stands there now is the nearest to it.
    op.execute(
        """
        INSERT INTO done_coding
            (document_id, coder_id, coding_id, code_id, revision_id, "start", "end")
        SELECT c.document_id, c.coder_id, c.id, c.code_id, a.revision_id, a."start", a."end"
        FROM document_state s
        JOIN document d ON d.id = s.document_id
        JOIN coding c ON c.document_id = s.document_id AND c.coder_id = s.coder_id
        JOIN anchor a ON a.coding_id = c.id AND a.revision_id = d.current_revision_id
        WHERE s.first_done_at IS NOT NULL AND c.deleted_at IS NULL AND a.state = 'placed'
        """
    )


def _adjudication() -> None:
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("taken_from", sa.JSON(), nullable=False),
        sa.Column("codings", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.String(24), nullable=False),
        sa.Column("deleted_at", sa.String(24), nullable=True),
        sa.CheckConstraint(
            '"start" IS NULL OR ("start" >= 0 AND "end" > "start")',
            name=op.f("ck_adjudication_span"),
        ),
        sa.CheckConstraint(
            "choice IN ('agreed', 'taken', 'neither', 'edited')",
            name=op.f("ck_adjudication_choice"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_adjudication_{column}_{target}")
            )
            for column, target in (
                ("document_id", "document"),
                ("code_id", "code"),
                ("revision_id", "revision"),
                ("decided_by", "coder"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudication")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_adjudication_document_id", "adjudication", ["document_id"])
    op.execute(
        sa.text(
            "INSERT INTO coder (id, guid, name, name_key, preferences, created_at) "
            "VALUES (0, :guid, 'Consensus', :guid, '{}', '2026-11-26T00:00:00.000Z')"
        ).bindparams(guid=CONSENSUS)
    )

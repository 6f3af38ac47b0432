"""speakers of a discussion, when and in which series it was held, what is kept for exchange."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.add_column("document", sa.Column("series", sa.String(200), nullable=True))
    op.add_column("document", sa.Column("held_on", sa.String(10), nullable=True))
    _speakers()
    _exchanged()


def _speakers() -> None:
    op.create_table(
        "speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=True),
        sa.Column("known_as", sa.JSON(), nullable=False),
        sa.CheckConstraint("role IN ('participant', 'facilitator')", name=op.f("ck_speaker_role")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_speaker_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"], ["respondent.id"], name=op.f("fk_speaker_respondent_id_respondent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_speaker_document_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_speaker_respondent_id", "speaker", ["respondent_id"])


def _exchanged() -> None:
    op.create_table(
        "exchanged",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("guid", sa.String(36), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_exchanged_study_id_study")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanged")),
        sa.UniqueConstraint("study_id", "guid", name=op.f("uq_exchanged_study_id_guid")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_exchanged_target", "exchanged", ["study_id", "kind", "target_id"])

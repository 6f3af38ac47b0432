"""indexes by which a coding, a text or a memo that goes is looked for where it may stand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this change."""
    op.create_index("ix_done_coding_coding", "done_coding", ["coding_id"])
    op.create_index("ix_done_coding_revision", "done_coding", ["revision_id"])
    op.create_index("ix_adjudication_revision", "adjudication", ["revision_id"])
    op.create_index(
        "ix_memo_reply_to",
        "memo",
        ["reply_to"],
        sqlite_where=sa.text("reply_to IS NOT NULL"),
        postgresql_where=sa.text("reply_to IS NOT NULL"),
    )

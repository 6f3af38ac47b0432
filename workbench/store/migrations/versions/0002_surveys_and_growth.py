"""several surveys in a study, imports that can be taken back, stars, saved filters, mentions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NO_KEY = 2_000_000_000

FIRST_SURVEY = "Survey"
"""What the survey of an older study is called: there was only one."""


NEVER_TWICE = {"sqlite_autoincrement": True}
"""For tables that SQLite can only change by making them anew: it gives out no key twice."""


def upgrade() -> None:
    """Apply this change."""
    _surveys()
    _columns()
    _tables()
    _first_surveys()
    _lists()
    _mentions()
    _lengths()
    _indexes_for_taking_away()


def _surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_survey_study_id_study")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("study_id", "name", name=op.f("uq_survey_study_id_name")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("import_batch", table_kwargs=NEVER_TWICE) as table:
        table.add_column(sa.Column("survey_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("before", sa.JSON(none_as_null=True), nullable=True))
        table.create_foreign_key(
            op.f("fk_import_batch_survey_id_survey"), "survey", ["survey_id"], ["id"]
        )


def _columns() -> None:
    op.add_column(
        "document", sa.Column("n_words", sa.Integer(), nullable=False, server_default="0")
    )
    for column in ("sort_question", "sort_respondent"):
        op.add_column(
            "document", sa.Column(column, sa.Integer(), nullable=False, server_default=str(NO_KEY))
        )
    op.create_index("ix_document_length", "document", ["question_id", "n_words", "respondent_id"])
    op.create_index(
        "ix_anchor_flagged",
        "anchor",
        ["revision_id", "coding_id"],
        sqlite_where=sa.text("state = 'flagged'"),
        postgresql_where=sa.text("state = 'flagged'"),
    )
    with op.batch_alter_table("coder") as table:
        table.add_column(sa.Column("preferences", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("attribute") as table:
        table.add_column(sa.Column("edited", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("respondent", table_kwargs=NEVER_TWICE) as table:
        table.add_column(sa.Column("source_digest", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("may_be_quoted", sa.Boolean(), nullable=True))
        table.create_unique_constraint(
            op.f("uq_respondent_study_id_source_digest"), ["study_id", "source_digest"]
        )
    with op.batch_alter_table("coding_respondent") as table:
        table.add_column(sa.Column("opens_any", sa.Integer(), nullable=True))
        table.add_column(sa.Column("opens_own", sa.Integer(), nullable=True))
        table.drop_index("ix_coding_respondent_document")
        table.create_index("ix_coding_respondent_document", ["document_id", "code_id", "coder_id"])
        table.drop_index("ix_coding_respondent_count")
        table.create_index(
            "ix_coding_respondent_count",
            ["respondent_id", "code_id", "coder_id", "document_id", "opens_any", "opens_own"],
        )


def _lists() -> None:
    """Let lists of documents be read in their order, and live codings be counted, by an index."""
    op.execute(
        f"UPDATE document SET sort_question = coalesce(question_id, {NO_KEY}), "
        f"sort_respondent = coalesce(respondent_id, {NO_KEY})"
    )
    for name, table, columns, condition in (
        (
            "ix_document_by_question",
            "document",
            ["study_id", "sort_question", "sort_respondent", "id"],
            "codable",
        ),
        (
            "ix_document_by_respondent",
            "document",
            ["study_id", "sort_respondent", "sort_question", "id"],
            "codable",
        ),
        (
            "ix_coding_live",
            "coding",
            ["coder_id", "code_id", "document_id"],
            "deleted_at IS NULL",
        ),
        ("ix_respondent_withdrawn", "respondent", ["study_id", "id"], "withdrawn_at IS NOT NULL"),
    ):
        on_sqlite = "codable = 1" if condition == "codable" else condition
        op.create_index(
            name,
            table,
            columns,
            sqlite_where=sa.text(on_sqlite),
            postgresql_where=sa.text(condition),
        )


def _tables() -> None:
    _pair("attribute_edit", "respondent", "attribute", "changed_at", by="coder")
    op.create_table(
        "respondent_survey",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("respondent_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.String(length=32), nullable=True),
        sa.Column("import_batch_id", sa.Integer(), nullable=True),
        _refers("respondent_survey", "survey"),
        _refers("respondent_survey", "respondent"),
        _refers("respondent_survey", "import_batch"),
        sa.PrimaryKeyConstraint("survey_id", "respondent_id", name=op.f("pk_respondent_survey")),
    )
    op.create_index(
        "ix_respondent_survey_respondent", "respondent_survey", ["respondent_id"], unique=False
    )
    _pair("survey_question", "survey", "question")
    _pair("star", "coding", "coder", "created_at")
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=24), nullable=False),
        sa.Column("changed_at", sa.String(length=24), nullable=False),
        _refers("saved_filter", "study"),
        _refers("saved_filter", "coder", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint(
            "study_id", "page", "name", name=op.f("uq_saved_filter_study_id_page_name")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_filter_study_id"), "saved_filter", ["study_id"], unique=False)


def _refers(table: str, target: str, column: str = "") -> sa.ForeignKeyConstraint:
    column = column or f"{target}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _pair(name: str, one: str, other: str, time: str = "", by: str = "") -> None:
    """Make a table whose key is a pair of others' keys."""
    op.create_table(
        name,
        sa.Column(f"{one}_id", sa.Integer(), nullable=False),
        sa.Column(f"{other}_id", sa.Integer(), nullable=False),
        *([sa.Column(f"{by}_id", sa.Integer(), nullable=False)] if by else []),
        *([sa.Column(time, sa.String(length=24), nullable=False)] if time else []),
        _refers(name, one),
        _refers(name, other),
        *([_refers(name, by)] if by else []),
        sa.PrimaryKeyConstraint(f"{one}_id", f"{other}_id", name=op.f(f"pk_{name}")),
    )


def _indexes_for_taking_away() -> None:
    """Let an import be taken back quickly: what it brought, and what refers to that."""
    op.create_index("ix_revision_import", "revision", ["import_batch_id", "number", "document_id"])
    for table, column, name in (
        ("document", "translation_of", "ix_document_translation_of"),
        ("operation", "document_id", "ix_operation_document"),
    ):
        present = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=present, postgresql_where=present)


def _first_surveys() -> None:
    """Give every study that has imported a survey its first one, with its questions and people."""
    imported = "SELECT 1 FROM import_batch b WHERE b.study_id = {} AND b.kind = 'survey'"
    op.execute(
        sa.text(
            "INSERT INTO survey (study_id, name, position, created_at) "
            "SELECT s.id, :name, 0, s.created_at FROM study s "
            f"WHERE EXISTS ({imported.format('s.id')})"
        ).bindparams(name=FIRST_SURVEY)
    )
    op.execute(
        "INSERT INTO survey_question (survey_id, question_id) "
        "SELECT v.id, q.id FROM survey v JOIN question q ON q.study_id = v.study_id"
    )
    op.execute(
        "INSERT INTO respondent_survey (survey_id, respondent_id, submitted_at, import_batch_id) "
        "SELECT v.id, r.id, r.submitted_at, r.import_batch_id "
        "FROM survey v JOIN respondent r ON r.study_id = v.study_id "
        "WHERE r.import_batch_id IS NOT NULL"
    )
    op.execute(
        "UPDATE import_batch SET survey_id = "
        "(SELECT v.id FROM survey v WHERE v.study_id = import_batch.study_id) "
        "WHERE kind = 'survey'"
    )


def _mentions() -> None:
    """Mark the codings that open a mention, in documents that are one person's."""
    op.execute(
        """
        UPDATE coding_respondent SET opens_any = m.opens_any, opens_own = m.opens_own
        FROM (
          SELECT p.coding_id,
                 CASE WHEN p."start" < max(p."end") OVER (
                   PARTITION BY p.document_id, p.resolved
                   ORDER BY p."start", p."end" DESC, p.coding_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                 ) THEN 0 ELSE 1 END AS opens_any,
                 CASE WHEN p."start" < max(p."end") OVER (
                   PARTITION BY p.document_id, p.resolved, p.coder_id
                   ORDER BY p."start", p."end" DESC, p.coding_id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                 ) THEN 0 ELSE 1 END AS opens_own
          FROM (
            SELECT c.coding_id, c.document_id, c.coder_id, a.ancestor_id AS resolved,
                   coalesce(n."start", 0) AS "start", coalesce(n."end", 2000000000) AS "end"
            FROM coding_respondent c
            JOIN code_ancestor a ON a.code_id = c.code_id AND a.depth = 0
            JOIN document d ON d.id = c.document_id AND d.respondent_id IS NOT NULL
            JOIN anchor n ON n.coding_id = c.coding_id AND n.revision_id = d.current_revision_id
          ) p
        ) m
        WHERE m.coding_id = coding_respondent.coding_id
        """
    )


def _lengths() -> None:
    """Count the words of every document's current text, a batch in memory at a time."""
    bind = op.get_bind()
    page = sa.text(
        "SELECT d.id, r.text FROM document d JOIN revision r ON r.id = d.current_revision_id "
        "WHERE d.id > :last ORDER BY d.id LIMIT 2000"
    )
    write = sa.text("UPDATE document SET n_words = :n WHERE id = :key")
    last = 0
    while rows := bind.execute(page, {"last": last}).all():
        bind.execute(write, [{"key": row.id, "n": len(row.text.split())} for row in rows])
        last = rows[-1].id

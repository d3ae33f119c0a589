"""QA notes on questions, ratings that a QA lead sets, and a round's share of second-level QA."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("opened", "remark", "reply", "resolved", "reopened")
RATINGS = (
    *("strength", "area_needing_improvement", "not_applicable"),
    *("substantially_achieved", "partially_achieved", "not_achieved"),
)


def upgrade() -> None:
    op.create_table(
        "qa_notes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by_id", BigInt, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["people.id"], name=op.f("fk_qa_notes_resolved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_qa_notes_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qa_notes")),
        sa.UniqueConstraint("public_id", name=op.f("uq_qa_notes_public_id")),
    )
    op.create_index(op.f("ix_qa_notes_review_id"), "qa_notes", ["review_id"], unique=False)
    op.create_table(
        "qa_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("note_id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="entrykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_qa_entries_by_id")),
        sa.ForeignKeyConstraint(["note_id"], ["qa_notes.id"], name=op.f("fk_qa_entries_note_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_qa_entries_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qa_entries")),
    )
    op.create_index(op.f("ix_qa_entries_note_id"), "qa_entries", ["note_id"], unique=False)
    op.create_index(op.f("ix_qa_entries_review_id"), "qa_entries", ["review_id"], unique=False)
    op.create_table(
        "overrides",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(*RATINGS, name="rating", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("computed", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_overrides_by_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["people.id"], name=op.f("fk_overrides_withdrawn_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_overrides_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sa.UniqueConstraint("public_id", name=op.f("uq_overrides_public_id")),
    )
    op.create_index(op.f("ix_overrides_review_id"), "overrides", ["review_id"], unique=False)
    op.add_column("ratings", sa.Column("overridden", sa.String(length=40), nullable=True))
    op.add_column(
        "rounds",
        sa.Column("second_level_share", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("rounds", sa.Column("second_level_seed", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("rounds", "second_level_seed")
    op.drop_column("rounds", "second_level_share")
    op.drop_column("ratings", "overridden")
    op.drop_table("overrides")
    op.drop_table("qa_entries")
    op.drop_table("qa_notes")

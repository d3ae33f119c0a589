"""Whom or what the repeated questions of an instrument are asked of, listed on the face sheet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "review_subjects",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_review_subjects_by_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_review_subjects_removed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_review_subjects_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_subjects")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_subjects_public_id")),
    )
    op.create_index(
        op.f("ix_review_subjects_review_id"), "review_subjects", ["review_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("review_subjects")

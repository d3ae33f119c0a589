"""Changes of a round's second-level QA, and what tells a QA entry that was sent twice."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "second_level_changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("share_before", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["people.id"], name=op.f("fk_second_level_changes_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_second_level_changes_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_level_changes")),
    )
    op.create_index(
        op.f("ix_second_level_changes_round_id"), "second_level_changes", ["round_id"], unique=False
    )
    op.add_column("qa_entries", sa.Column("client_key", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("qa_entries", "client_key")
    op.drop_table("second_level_changes")

"""The counts of rounds, kept, and the stamp of a round that says whether they still hold."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _counts(table: str, *own: sa.Column) -> None:
    op.create_table(
        table,
        sa.Column("id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("county_id", BigInt, nullable=False),
        sa.Column("case_type", sa.String(length=40), nullable=False),
        *own,
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f(f"fk_{table}_round_id")),
        sa.ForeignKeyConstraint(["county_id"], ["places.id"], name=op.f(f"fk_{table}_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.add_column("rounds", sa.Column("results_stamp", BigInt, server_default="0", nullable=False))
    op.create_table(
        "rollups",
        sa.Column("round_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("stamp", BigInt, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_rollups_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_rollups")),
    )
    _counts(
        "kept_ratings",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("rating", sa.String(length=40), nullable=True),
        sa.Column("overridden", sa.String(length=40), nullable=True),
    )
    op.create_index("ix_kept_ratings_round_code", "kept_ratings", ["round_id", "code"])
    _counts(
        "kept_reviews",
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
    )
    op.create_index(op.f("ix_kept_reviews_round_id"), "kept_reviews", ["round_id"])


def downgrade() -> None:
    op.drop_table("kept_reviews")
    op.drop_table("kept_ratings")
    op.drop_table("rollups")
    op.drop_column("rounds", "results_stamp")

"""Runs of a state: which regions' runs its figures were added up from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLE = "pooled_runs"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BigInt, nullable=False),
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("formula_version", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("runs", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f(f"fk_{TABLE}_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("run_id", name=op.f(f"uq_{TABLE}_run_id")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)

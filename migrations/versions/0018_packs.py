"""Packs: every county's report, drawn by a job for whoever asked."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    op.create_table(
        "packs",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", BigInt, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(400), nullable=True),
        _points("packs", "asked_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packs")),
        sa.UniqueConstraint("public_id", name=op.f("uq_packs_public_id")),
    )
    op.create_index(op.f("ix_packs_asked_by_id"), "packs", ["asked_by_id"])
    op.create_table(
        "pack_files",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("pack_id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("county_id", BigInt, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        _points("pack_files", "pack_id", "packs"),
        _points("pack_files", "round_id", "rounds"),
        _points("pack_files", "county_id", "places"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack_files")),
        sa.UniqueConstraint("pack_id", "county_id", name=op.f("uq_pack_files_pack_id_county_id")),
    )


def downgrade() -> None:
    op.drop_table("pack_files")
    op.drop_table("packs")

"""The roll-out of the practice model: each region's stages, and what was decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "region_rollouts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", BigInt, nullable=False),
        sa.Column("planning_from", sa.Date(), nullable=False),
        sa.Column("baseline_from", sa.Date(), nullable=False),
        sa.Column("baseline_to", sa.Date(), nullable=False),
        sa.Column("implementation_from", sa.Date(), nullable=False),
        sa.Column("implementation_to", sa.Date(), nullable=False),
        sa.Column("follow_up_from", sa.Date(), nullable=False),
        sa.Column("follow_up_to", sa.Date(), nullable=False),
        sa.Column("support_from", sa.Date(), nullable=False),
        sa.Column("planning_began_on", sa.Date(), nullable=True),
        sa.Column("implementation_began_on", sa.Date(), nullable=True),
        sa.Column("support_began_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "planning_from <= baseline_from and baseline_from <= baseline_to"
            " and baseline_to <= implementation_from and implementation_from <= implementation_to"
            " and implementation_from <= follow_up_from and follow_up_from <= follow_up_to"
            " and follow_up_to <= support_from",
            name=op.f("ck_region_rollouts_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["places.id"], name=op.f("fk_region_rollouts_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region_rollouts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_region_rollouts_public_id")),
        sa.UniqueConstraint("region_id", name=op.f("uq_region_rollouts_region_id")),
    )
    op.create_table(
        "rollout_decisions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "order",
                "dates",
                "began",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region_id", BigInt, nullable=True),
        sa.Column("content", Json, nullable=False),
        sa.Column("criteria", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_rollout_decisions_by_id")),
        sa.ForeignKeyConstraint(
            ["region_id"], ["places.id"], name=op.f("fk_rollout_decisions_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout_decisions")),
    )
    op.create_index(
        op.f("ix_rollout_decisions_region_id"), "rollout_decisions", ["region_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("rollout_decisions")
    op.drop_table("region_rollouts")

"""The roll-out of the practice model: each region's stages, what was decided, the planning
checklist, and how far components are put into practice."""

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
    op.create_table(
        "planning_items",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("region_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", BigInt, nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(done_on is null) = (done_by_id is null)", name=op.f("ck_planning_items_done")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["people.id"], name=op.f("fk_planning_items_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_planning_items_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["places.id"], name=op.f("fk_planning_items_region_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_items")),
        sa.UniqueConstraint("region_id", "item", name=op.f("uq_planning_items_region_id_item")),
    )
    op.create_index(
        op.f("ix_planning_items_owner_id"), "planning_items", ["owner_id"], unique=False
    )
    op.create_table(
        "benchmarks",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("region_id", BigInt, nullable=False),
        sa.Column("component", sa.String(length=20), nullable=False),
        sa.Column(
            "degree",
            sa.Enum(
                "not_started",
                "planning",
                "initial",
                "full",
                "sustained",
                name="degree",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_benchmarks_by_id")),
        sa.ForeignKeyConstraint(["region_id"], ["places.id"], name=op.f("fk_benchmarks_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmarks")),
    )
    op.create_index(op.f("ix_benchmarks_region_id"), "benchmarks", ["region_id"], unique=False)


def downgrade() -> None:
    op.drop_table("benchmarks")
    op.drop_table("planning_items")
    op.drop_table("rollout_decisions")
    op.drop_table("region_rollouts")

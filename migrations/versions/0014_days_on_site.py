"""Getting ready for the days on site: when interviews are planned, what counties were told, and
that the owner of a late item of the planning checklist was told so."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

ROLES = (
    "child",
    "mother",
    "father",
    "foster_caregiver",
    "relative",
    "caseworker",
    "supervisor",
    "service_provider",
    "other_interview",
)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "interview_plans",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("interview", sa.Uuid(), nullable=False),
        sa.Column("role", _one_of("interviewrole", *ROLES), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("how", _one_of("how", "in_person", "telephone", "video"), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_interview_plans_minutes")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_interview_plans_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_interview_plans_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_plans")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interview_plans_public_id")),
        sa.UniqueConstraint(
            "review_id", "interview", name=op.f("uq_interview_plans_review_id_interview")
        ),
    )
    op.create_index(
        op.f("ix_interview_plans_starts_at"), "interview_plans", ["starts_at"], unique=False
    )
    op.create_table(
        "county_notices",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("county_id", BigInt, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_county_notices_by_id")),
        sa.ForeignKeyConstraint(
            ["county_id"], ["places.id"], name=op.f("fk_county_notices_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_county_notices_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_county_notices_public_id")),
    )
    op.create_index(
        op.f("ix_county_notices_round_id"), "county_notices", ["round_id"], unique=False
    )
    op.add_column("planning_items", sa.Column("told_late_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("planning_items", "told_late_on")
    op.drop_table("county_notices")
    op.drop_table("interview_plans")

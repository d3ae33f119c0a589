"""Interviews, evidence that points to one, and rounds that ask for named items only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_ROLES = (
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
_NOT_HELD = (
    "nobody",
    "too_young",
    "not_found",
    "declined",
    "not_able",
    "safety",
    "legal_advice",
    "left",
)


def upgrade() -> None:
    op.create_table(
        "interviews",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("role", _one_of("interviewrole", _ROLES), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", _one_of("outcome", ("held", "not_held")), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("how", _one_of("how", ("in_person", "telephone", "video")), nullable=True),
        sa.Column("reason", _one_of("notheld", _NOT_HELD), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.Column("revisions", Json, nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_interviews_by_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_interviews_removed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_interviews_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interviews_public_id")),
    )
    op.create_index(op.f("ix_interviews_review_id"), "interviews", ["review_id"], unique=False)
    op.add_column("evidence", sa.Column("interview", sa.Uuid(), nullable=True))
    op.add_column("rounds", sa.Column("items", Json, nullable=True))


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_column("rounds", "items")
    op.drop_column("evidence", "interview")
    op.drop_table("interviews")

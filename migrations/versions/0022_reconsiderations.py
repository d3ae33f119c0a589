"""Requests to look at a rating again, and their steps."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RATINGS = (
    *("strength", "area_needing_improvement", "not_applicable"),
    *("substantially_achieved", "partially_achieved", "not_achieved"),
)
GROUNDS = ("new_evidence", "reason")
STATES = ("asked", "withdrawn", "upheld", "to_change")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _instant(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigInt, nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    table = "reconsiderations"
    op.create_table(
        table,
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        _id("release_id"),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("rating", _one_of("rating", *RATINGS), nullable=False),
        sa.Column("ground", _one_of("ground", *GROUNDS), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("state", _one_of("reconsiderationstate", *STATES), nullable=False),
        _id("asked_by_id"),
        _instant("asked_at"),
        _points(table, "review_id", "case_reviews"),
        _points(table, "release_id", "memo_releases"),
        _points(table, "asked_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )
    for column in ("review_id", "release_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    table = "reconsideration_steps"
    op.create_table(
        table,
        _id("id"),
        _id("reconsideration_id"),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("rating", _one_of("rating", *RATINGS), nullable=True),
        _id("by_id", nullable=True),
        _instant("at"),
        _points(table, "reconsideration_id", "reconsiderations"),
        _points(table, "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_reconsideration_id"), table, ["reconsideration_id"])


def downgrade() -> None:
    op.drop_table("reconsideration_steps")
    op.drop_table("reconsiderations")

"""Coaching notes of a supervisor and a caseworker; systemic needs and what was done about them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("training", "services", "policy", "information_system")
STATES = ("raised", "answered", "closed")
OWNERS = ("region", "state")
ENTRIES = ("added", "answered", "outcome")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigInt, nullable=nullable)


def _secret(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _ends(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _notes() -> None:
    table = "coaching_notes"
    op.create_table(
        table,
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        _id("supervisor_id"),
        _id("worker_id"),
        sa.Column("item", sa.String(20), nullable=False),
        _secret("trying"),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _instant("written_at"),
        _instant("shared_at", nullable=True),
        _points(table, "review_id", "case_reviews"),
        _points(table, "supervisor_id", "people"),
        _points(table, "worker_id", "people"),
        *_ends(table),
    )
    _indexes(table, "review_id", "supervisor_id", "worker_id")


def _entries() -> None:
    table = "coaching_entries"
    op.create_table(
        table,
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("note_id"),
        sa.Column("kind", _one_of("entrykind", *ENTRIES), nullable=False),
        _secret("words", nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        _id("by_id"),
        _instant("at"),
        _points(table, "note_id", "coaching_notes"),
        _points(table, "by_id", "people"),
        *_ends(table),
    )
    _indexes(table, "note_id")


def _needs() -> None:
    table = "systemic_needs"
    op.create_table(
        table,
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("kind", _one_of("needkind", *KINDS), nullable=False),
        _secret("words"),
        sa.Column("state", _one_of("needstate", *STATES), nullable=False),
        sa.Column("owner", _one_of("needowner", *OWNERS), nullable=False),
        _id("raised_by_id"),
        _instant("raised_at"),
        _instant("asked_at"),
        _points(table, "review_id", "case_reviews"),
        _points(table, "raised_by_id", "people"),
        *_ends(table),
    )
    _indexes(table, "review_id", "state", "raised_by_id")


def _need_steps() -> None:
    table = "systemic_need_steps"
    op.create_table(
        table,
        _id("id"),
        _id("need_id"),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("to_state", _one_of("needstate", *STATES), nullable=False),
        _secret("words", nullable=True),
        _id("by_id"),
        _instant("at"),
        _points(table, "need_id", "systemic_needs"),
        _points(table, "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    _indexes(table, "need_id")


def upgrade() -> None:
    _notes()
    _entries()
    _needs()
    _need_steps()


def downgrade() -> None:
    for table in ("systemic_need_steps", "systemic_needs", "coaching_entries", "coaching_notes"):
        op.drop_table(table)

"""The ledger of reviewers: who is trained, shadowed, led and is certified; what a round requires."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "trained",
                "shadowed",
                "led",
                "certified",
                name="ledgerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("instrument", sa.String(length=80), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("written_by_id", BigInt, nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'certified') = (until_on is not null)", name=op.f("ck_ledger_entries_until")
        ),
        sa.CheckConstraint(
            "until_on is null or until_on >= from_on", name=op.f("ck_ledger_entries_dates")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ledger_entries_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["people.id"], name=op.f("fk_ledger_entries_written_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("public_id", name=op.f("uq_ledger_entries_public_id")),
    )
    op.create_index(
        op.f("ix_ledger_entries_person_id"), "ledger_entries", ["person_id"], unique=False
    )
    op.create_table(
        "ledger_withdrawals",
        sa.Column("entry_id", BigInt, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_ledger_withdrawals_by_id")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_withdrawals_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_withdrawals")),
    )
    op.add_column("rounds", sa.Column("requires", Json, nullable=True))


def downgrade() -> None:
    op.drop_column("rounds", "requires")
    op.drop_table("ledger_withdrawals")
    op.drop_table("ledger_entries")

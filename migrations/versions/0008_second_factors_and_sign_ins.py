"""Second factors, recovery codes, and what ends a sign-in: activity, age, a fresh proof."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("people", sa.Column("totp_key", sa.LargeBinary(), nullable=True))
    op.add_column("people", sa.Column("totp_counter", BigInt, nullable=True))
    op.add_column("people", sa.Column("active_reason", sa.LargeBinary(), nullable=True))
    moment = sa.DateTime(timezone=True)
    for name in ("until_at", "idle_until_at", "fresh_at"):
        op.add_column("sign_in_sessions", sa.Column(name, moment, nullable=True))
    op.add_column(
        "sign_in_sessions", sa.Column("second_factor", sa.String(length=20), nullable=True)
    )
    op.add_column("sign_in_sessions", sa.Column("browser", sa.String(length=60), nullable=True))
    op.add_column(
        "sign_in_attempts", sa.Column("device_digest", sa.String(length=64), nullable=True)
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_column("sign_in_attempts", "device_digest")
    for name in ("browser", "second_factor", "fresh_at", "idle_until_at", "until_at"):
        op.drop_column("sign_in_sessions", name)
    op.drop_column("people", "active_reason")
    op.drop_column("people", "totp_counter")
    op.drop_column("people", "totp_key")

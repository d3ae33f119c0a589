"""Who was told of a late step on a rung of the ladder, so that whoever holds it later is told too."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "plan_reminder_people"


def _points(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", BigInt, nullable=False),
        sa.Column("reminder_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("stands_in", sa.Boolean(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _points("reminder_id", "plan_reminders"),
        _points("person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint(
            "reminder_id", "person_id", name=op.f(f"uq_{TABLE}_reminder_id_person_id")
        ),
    )


def downgrade() -> None:
    op.drop_table(TABLE)

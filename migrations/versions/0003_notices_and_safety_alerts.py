"""What people are told, on screen and by e-mail, and safety alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
STATES = ("raised", "acknowledged", "answered", "closed")
URGENCIES = ("now", "within_a_day", "within_days")


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("seen_at", Instant, nullable=True),
        sa.Column("send_at", Instant, nullable=True),
        sa.Column("sent_at", Instant, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.CheckConstraint("sent_at is null or send_at is null", name=op.f("ck_notices_sent_once")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notices_public_id")),
    )
    op.create_index(op.f("ix_notices_person_id"), "notices", ["person_id"], unique=False)
    op.create_index(op.f("ix_notices_send_at"), "notices", ["send_at"], unique=False)
    op.create_table(
        "safety_alerts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("state", _one_of("alertstate", *STATES), nullable=False),
        sa.Column("urgency", _one_of("urgency", *URGENCIES), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("child", sa.LargeBinary(), nullable=False),
        sa.Column("about_unit", sa.Boolean(), nullable=False),
        sa.Column("hotline_at", Instant, nullable=True),
        sa.Column("raised_by_id", BigInt, nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("acknowledge_due_at", Instant, nullable=False),
        sa.Column("answer_due_at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_safety_alerts_review_id")
        ),
        sa.ForeignKeyConstraint(
            ["raised_by_id"], ["people.id"], name=op.f("fk_safety_alerts_raised_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_alerts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_safety_alerts_public_id")),
    )
    op.create_index(
        op.f("ix_safety_alerts_review_id"), "safety_alerts", ["review_id"], unique=False
    )
    op.create_index(op.f("ix_safety_alerts_state"), "safety_alerts", ["state"], unique=False)
    op.create_table(
        "safety_alert_steps",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("alert_id", BigInt, nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["safety_alerts.id"], name=op.f("fk_safety_alert_steps_alert_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_safety_alert_steps_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_alert_steps")),
    )
    op.create_index(
        op.f("ix_safety_alert_steps_alert_id"), "safety_alert_steps", ["alert_id"], unique=False
    )


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    op.drop_table("safety_alert_steps")
    op.drop_table("safety_alerts")
    op.drop_table("notices")

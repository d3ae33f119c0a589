"""Each person's choice of e-mails, and which notices went into one daily e-mail."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHOICE = sa.Enum(
    "at_once", "daily", name="mailchoice", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    op.create_table(
        "mail_choices",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("choice", CHOICE, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mail_choices_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_choices")),
        sa.UniqueConstraint("person_id", name=op.f("uq_mail_choices_person_id")),
    )
    op.add_column("notices", sa.Column("digest_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_notices_digest_id"), "notices", ["digest_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_notices_digest_id"), table_name="notices")
    op.drop_column("notices", "digest_id")
    op.drop_table("mail_choices")

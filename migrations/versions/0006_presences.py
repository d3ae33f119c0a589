"""Who has a case review open, and where: one row a person, its newest sign of life."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_presences_person_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_presences_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presences")),
        sa.UniqueConstraint(
            "review_id", "person_id", name=op.f("uq_presences_review_id_person_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("presences")

"""Links to set a password, proposed administrators, grants that end at once, conflicts of interest,
legal bases and the register of disclosures."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "administrator_proposals",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", BigInt, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "confirmed",
                "declined",
                "withdrawn",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_administrator_proposals_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_administrator_proposals_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["people.id"],
            name=op.f("fk_administrator_proposals_proposed_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrator_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_administrator_proposals_public_id")),
    )
    op.create_index(
        op.f("ix_administrator_proposals_person_id"),
        "administrator_proposals",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "set_up_links",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", BigInt, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_set_up_links_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_set_up_links_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_set_up_links_digest")),
    )
    op.create_index(op.f("ix_set_up_links_person_id"), "set_up_links", ["person_id"], unique=False)
    op.add_column("grants", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("ended_by_id", BigInt, nullable=True))
    op.add_column("grants", sa.Column("end_reason", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("state_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "state_reason")
    op.drop_column("grants", "end_reason")
    op.drop_column("grants", "ended_by_id")
    op.drop_column("grants", "ended_at")
    op.drop_table("set_up_links")
    op.drop_table("administrator_proposals")

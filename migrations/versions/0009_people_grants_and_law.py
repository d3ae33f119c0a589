"""Links to set a password, proposed administrators, grants that end at once, conflicts of interest,
legal bases and the register of disclosures."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
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
        "conflicts_of_interest",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("family_id", sa.String(length=60), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "worked_case",
                "relative",
                "friend",
                "provider",
                "court",
                "money",
                "other",
                name="conflictkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("declared_by_id", BigInt, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", BigInt, nullable=True),
        sa.Column("withdrawal_reason", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["people.id"], name=op.f("fk_conflicts_of_interest_declared_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_conflicts_of_interest_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"],
            ["people.id"],
            name=op.f("fk_conflicts_of_interest_withdrawn_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts_of_interest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_conflicts_of_interest_public_id")),
    )
    op.create_index(
        op.f("ix_conflicts_of_interest_case_number"),
        "conflicts_of_interest",
        ["case_number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_conflicts_of_interest_family_id"),
        "conflicts_of_interest",
        ["family_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_conflicts_of_interest_person_id"),
        "conflicts_of_interest",
        ["person_id"],
        unique=False,
    )
    op.create_table(
        "disclosures",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "export",
                "by_hand",
                name="disclosurekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("persons", sa.LargeBinary(), nullable=False),
        sa.Column("extent", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.LargeBinary(), nullable=False),
        sa.Column("order_number", sa.String(length=100), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_disclosures_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disclosures_public_id")),
    )
    op.create_index(op.f("ix_disclosures_by_id"), "disclosures", ["by_id"], unique=False)
    op.create_index(op.f("ix_disclosures_subject_id"), "disclosures", ["subject_id"], unique=False)
    op.create_table(
        "legal_bases",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "court_order",
                "statute",
                "agreement",
                "consent",
                "research",
                name="basiskind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", BigInt, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BigInt, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("expires_on >= document_on", name=op.f("ck_legal_bases_dates")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_legal_bases_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_legal_bases_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_legal_bases_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_bases")),
        sa.UniqueConstraint("public_id", name=op.f("uq_legal_bases_public_id")),
    )
    op.create_index(op.f("ix_legal_bases_person_id"), "legal_bases", ["person_id"], unique=False)
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


def downgrade() -> None:
    op.drop_column("grants", "end_reason")
    op.drop_column("grants", "ended_by_id")
    op.drop_column("grants", "ended_at")
    op.drop_table("set_up_links")
    op.drop_table("legal_bases")
    op.drop_table("disclosures")
    op.drop_table("conflicts_of_interest")
    op.drop_table("administrator_proposals")

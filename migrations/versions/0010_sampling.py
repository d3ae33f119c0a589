"""Frames, draws and eliminations; the sampling period of a round."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "frames",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("sampling_from", sa.Date(), nullable=False),
        sa.Column("sampling_to", sa.Date(), nullable=False),
        sa.Column("with_holds", sa.Boolean(), nullable=False),
        sa.Column("rules", Json, nullable=False),
        sa.Column("not_applied", Json, nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["imported_by_id"], ["people.id"], name=op.f("fk_frames_imported_by_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_frames_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frames")),
        sa.UniqueConstraint("public_id", name=op.f("uq_frames_public_id")),
    )
    op.create_index(op.f("ix_frames_imported_by_id"), "frames", ["imported_by_id"], unique=False)
    op.create_index(op.f("ix_frames_round_id"), "frames", ["round_id"], unique=False)
    op.create_table(
        "draws",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("frame_id", BigInt, nullable=False),
        sa.Column("design", sa.Text(), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=False),
        sa.Column("seed_given", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("strata", Json, nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_draws_drawn_by_id")),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_draws_frame_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_draws_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("public_id", name=op.f("uq_draws_public_id")),
    )
    op.create_index(op.f("ix_draws_drawn_by_id"), "draws", ["drawn_by_id"], unique=False)
    op.create_index(op.f("ix_draws_frame_id"), "draws", ["frame_id"], unique=False)
    op.create_index(op.f("ix_draws_round_id"), "draws", ["round_id"], unique=False)
    op.create_table(
        "frame_cases",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("frame_id", BigInt, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("county_fips", sa.String(length=20), nullable=False),
        sa.Column(
            "case_type",
            sa.Enum(
                "foster_care",
                "in_home",
                "in_home_alternative_response",
                name="casetype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("left_out", sa.String(length=40), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["frame_id"], ["frames.id"], name=op.f("fk_frame_cases_frame_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_cases")),
        sa.UniqueConstraint(
            "frame_id", "case_number", name=op.f("uq_frame_cases_frame_id_case_number")
        ),
    )
    op.create_table(
        "drawn_cases",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("draw_id", BigInt, nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
        sa.Column("stratum", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_drawn_cases_draw_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drawn_cases")),
        sa.UniqueConstraint(
            "draw_id", "case_number", name=op.f("uq_drawn_cases_draw_id_case_number")
        ),
        sa.UniqueConstraint(
            "draw_id", "stratum", "position", name=op.f("uq_drawn_cases_draw_id_stratum_position")
        ),
    )
    op.create_index(
        op.f("ix_drawn_cases_case_number"), "drawn_cases", ["case_number"], unique=False
    )
    op.create_table(
        "eliminations",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("drawn_case_id", BigInt, nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "key_person_unavailable",
                "case_type_wrong",
                "out_of_area",
                "too_short",
                "closed_before_period",
                "family_in_sample",
                "reviewed_recently",
                "hold",
                "record_sealed",
                name="eliminationreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", BigInt, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.LargeBinary(), nullable=True),
        sa.Column("replacement_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_eliminations_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["drawn_case_id"], ["drawn_cases.id"], name=op.f("fk_eliminations_drawn_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_eliminations_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["replacement_id"], ["drawn_cases.id"], name=op.f("fk_eliminations_replacement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eliminations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_eliminations_public_id")),
        sa.UniqueConstraint("replacement_id", name=op.f("uq_eliminations_replacement_id")),
    )
    op.create_index(
        op.f("ix_eliminations_drawn_case_id"), "eliminations", ["drawn_case_id"], unique=False
    )
    op.add_column("rounds", sa.Column("sampling_from", sa.Date(), nullable=True))
    op.add_column("rounds", sa.Column("sampling_to", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("rounds", "sampling_to")
    op.drop_column("rounds", "sampling_from")
    for table in ("eliminations", "drawn_cases", "draws", "frame_cases", "frames"):
        op.drop_table(table)

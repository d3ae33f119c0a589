"""The first tables: the whole loop, from places to plans."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "event_heads",
        sa.Column("stream_kind", sa.String(length=40), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stream_kind", "stream_id", name=op.f("pk_event_heads")),
    )
    op.create_table(
        "event_seals",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("sealed_on", sa.Date(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_id", BigInt, nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("heads_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_seals")),
        sa.UniqueConstraint("sealed_on", name=op.f("uq_event_seals_sealed_on")),
    )
    op.create_table(
        "events",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("stream_kind", sa.String(length=40), nullable=False),
        sa.Column("stream_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("actor_id", BigInt, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint(
            "stream_kind",
            "stream_id",
            "sequence",
            name=op.f("uq_events_stream_kind_stream_id_sequence"),
        ),
    )
    op.create_index(op.f("ix_events_actor_id"), "events", ["actor_id"], unique=False)
    op.create_index(op.f("ix_events_kind"), "events", ["kind"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.Column("mf_recovery_codes", Json, nullable=True),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_people_fs_uniquifier")),
        sa.UniqueConstraint(
            "fs_webauthn_user_handle", name=op.f("uq_people_fs_webauthn_user_handle")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_public_id")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_people_staff_id")),
    )
    op.create_table(
        "places",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "state",
                "region",
                "county",
                "unit",
                name="placekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_places_kind_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_places_public_id")),
    )
    op.create_table(
        "security_roles",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_roles")),
        sa.UniqueConstraint("name", name=op.f("uq_security_roles_name")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("account_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_account_digest"),
        "sign_in_attempts",
        ["account_digest"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_attempts_address_digest"),
        "sign_in_attempts",
        ["address_digest"],
        unique=False,
    )
    op.create_index(op.f("ix_sign_in_attempts_at"), "sign_in_attempts", ["at"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.String(length=60), nullable=False),
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
        sa.Column("county_id", BigInt, nullable=False),
        sa.Column("unit_id", BigInt, nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("entered_care_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("child_initial", sa.LargeBinary(), nullable=True),
        sa.Column("child_birth_year", sa.LargeBinary(), nullable=True),
        sa.Column("family_id", sa.String(length=60), nullable=True),
        sa.Column(
            "hold",
            sa.Enum(
                "fatality",
                "litigation",
                name="hold",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["county_id"], ["places.id"], name=op.f("fk_cases_county_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["places.id"], name=op.f("fk_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("case_number", name=op.f("uq_cases_case_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cases_public_id")),
    )
    op.create_index(op.f("ix_cases_county_id"), "cases", ["county_id"], unique=False)
    op.create_index(op.f("ix_cases_family_id"), "cases", ["family_id"], unique=False)
    op.create_index(op.f("ix_cases_unit_id"), "cases", ["unit_id"], unique=False)
    op.create_table(
        "passkeys",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", Json, nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column("create_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lastuse_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.Column("user_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["people.id"], name=op.f("fk_passkeys_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"], unique=False)
    op.create_table(
        "person_security_roles",
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("role_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_security_roles_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["security_roles.id"], name=op.f("fk_person_security_roles_role_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "role_id", name=op.f("pk_person_security_roles")),
    )
    op.create_table(
        "place_memberships",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("place_id", BigInt, nullable=False),
        sa.Column("parent_id", BigInt, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "until_on is null or until_on > from_on", name=op.f("ck_place_memberships_dates")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["places.id"], name=op.f("fk_place_memberships_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name=op.f("fk_place_memberships_place_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_memberships")),
        sa.UniqueConstraint(
            "place_id", "from_on", name=op.f("uq_place_memberships_place_id_from_on")
        ),
    )
    op.create_index(
        op.f("ix_place_memberships_parent_id"), "place_memberships", ["parent_id"], unique=False
    )
    op.create_index(
        op.f("ix_place_memberships_place_id"), "place_memberships", ["place_id"], unique=False
    )
    op.create_table(
        "rounds",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "baseline",
                "follow_up",
                "ongoing",
                "interim_peer",
                "interim_county_team",
                name="roundkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("region_id", BigInt, nullable=True),
        sa.Column("instrument", sa.String(length=80), nullable=False),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("instrument_digest", sa.String(length=64), nullable=False),
        sa.Column("pur_from", sa.Date(), nullable=False),
        sa.Column("on_site_from", sa.Date(), nullable=False),
        sa.Column("on_site_to", sa.Date(), nullable=False),
        sa.Column("compares_with_id", BigInt, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BigInt, nullable=True),
        sa.CheckConstraint(
            "compares_with_id is null or compares_with_id <> id", name=op.f("ck_rounds_compares")
        ),
        sa.CheckConstraint("on_site_to >= on_site_from", name=op.f("ck_rounds_on_site")),
        sa.ForeignKeyConstraint(
            ["compares_with_id"], ["rounds.id"], name=op.f("fk_rounds_compares_with_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_rounds_created_by_id")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["places.id"], name=op.f("fk_rounds_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("name", name=op.f("uq_rounds_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rounds_public_id")),
    )
    op.create_index(
        op.f("ix_rounds_compares_with_id"), "rounds", ["compares_with_id"], unique=False
    )
    op.create_index(op.f("ix_rounds_created_by_id"), "rounds", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_rounds_region_id"), "rounds", ["region_id"], unique=False)
    op.create_table(
        "setting_values",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", BigInt, nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["people.id"], name=op.f("fk_setting_values_set_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_values")),
        sa.UniqueConstraint("public_id", name=op.f("uq_setting_values_public_id")),
    )
    op.create_index(
        "ix_setting_values_key_from_on", "setting_values", ["key", "from_on"], unique=False
    )
    op.create_index(
        op.f("ix_setting_values_set_by_id"), "setting_values", ["set_by_id"], unique=False
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_sessions_public_id")),
    )
    op.create_index(
        op.f("ix_sign_in_sessions_person_id"), "sign_in_sessions", ["person_id"], unique=False
    )
    op.create_table(
        "case_reviews",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "scored",
                "practice",
                "reliability",
                name="reviewpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "assigned",
                "in_progress",
                "submitted",
                "first_level_qa",
                "second_level_qa",
                "returned",
                "final",
                "reopened",
                "withdrawn",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pur_to", sa.Date(), nullable=True),
        sa.Column("instrument", sa.String(length=80), nullable=False),
        sa.Column("instrument_version", sa.String(length=20), nullable=False),
        sa.Column("instrument_digest", sa.String(length=64), nullable=False),
        sa.Column("first_submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported_digest", sa.String(length=64), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'final' or final_at is not null", name=op.f("ck_case_reviews_final_at")
        ),
        sa.CheckConstraint(
            "state not in ('submitted', 'first_level_qa', 'second_level_qa', 'returned', 'final', 'reopened') or pur_to is not null",
            name=op.f("ck_case_reviews_pur_to"),
        ),
        sa.CheckConstraint("reading in (1, 2)", name=op.f("ck_case_reviews_reading")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_reviews_case_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_case_reviews_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_reviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_case_reviews_public_id")),
        sa.UniqueConstraint(
            "round_id",
            "case_id",
            "purpose",
            "reading",
            name=op.f("uq_case_reviews_round_id_case_id_purpose_reading"),
        ),
    )
    op.create_index(op.f("ix_case_reviews_case_id"), "case_reviews", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_reviews_round_id"), "case_reviews", ["round_id"], unique=False)
    op.create_index(op.f("ix_case_reviews_state"), "case_reviews", ["state"], unique=False)
    op.create_table(
        "case_staff",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "caseworker",
                "supervisor",
                name="staffkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_staff_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_staff")),
        sa.UniqueConstraint(
            "case_id",
            "kind",
            "staff_id",
            "from_on",
            name=op.f("uq_case_staff_case_id_kind_staff_id_from_on"),
        ),
    )
    op.create_index(op.f("ix_case_staff_case_id"), "case_staff", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_staff_staff_id"), "case_staff", ["staff_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "cqi_director",
                "cqi_liaison",
                "site_leader",
                "qa_lead",
                "reviewer",
                "analyst",
                "regional_director",
                "supervisor",
                "caseworker",
                "state_office",
                "stakeholder",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("place_id", BigInt, nullable=True),
        sa.Column("round_id", BigInt, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by_id", BigInt, nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "place_id is null or round_id is null", name=op.f("ck_grants_one_reach")
        ),
        sa.CheckConstraint("until_on is null or until_on >= from_on", name=op.f("ck_grants_dates")),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["people.id"], name=op.f("fk_grants_granted_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_grants_person_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_grants_place_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_grants_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grants_public_id")),
    )
    op.create_index(op.f("ix_grants_granted_by_id"), "grants", ["granted_by_id"], unique=False)
    op.create_index(op.f("ix_grants_person_id"), "grants", ["person_id"], unique=False)
    op.create_index(op.f("ix_grants_place_id"), "grants", ["place_id"], unique=False)
    op.create_index(op.f("ix_grants_round_id"), "grants", ["round_id"], unique=False)
    op.create_table(
        "measure_runs",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("formula_version", sa.String(length=20), nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("compare_round_id", BigInt, nullable=True),
        sa.Column("frozen", Json, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["compare_round_id"], ["rounds.id"], name=op.f("fk_measure_runs_compare_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_measure_runs_created_by_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_measure_runs_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_runs")),
        sa.UniqueConstraint("run_id", name=op.f("uq_measure_runs_run_id")),
    )
    op.create_index(
        op.f("ix_measure_runs_compare_round_id"), "measure_runs", ["compare_round_id"], unique=False
    )
    op.create_index(
        op.f("ix_measure_runs_created_by_id"), "measure_runs", ["created_by_id"], unique=False
    )
    op.create_index(op.f("ix_measure_runs_round_id"), "measure_runs", ["round_id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("place_id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "active",
                "closed",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by_id", BigInt, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_plans_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_plans_created_by_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_plans_place_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_plans_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plans_public_id")),
    )
    op.create_index(op.f("ix_plans_approved_by_id"), "plans", ["approved_by_id"], unique=False)
    op.create_index(op.f("ix_plans_created_by_id"), "plans", ["created_by_id"], unique=False)
    op.create_index(op.f("ix_plans_place_id"), "plans", ["place_id"], unique=False)
    op.create_index(op.f("ix_plans_round_id"), "plans", ["round_id"], unique=False)
    op.create_table(
        "round_counties",
        sa.Column("round_id", BigInt, nullable=False),
        sa.Column("county_id", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["county_id"], ["places.id"], name=op.f("fk_round_counties_county_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_round_counties_round_id")
        ),
        sa.PrimaryKeyConstraint("round_id", "county_id", name=op.f("pk_round_counties")),
    )
    op.create_index(
        op.f("ix_round_counties_county_id"), "round_counties", ["county_id"], unique=False
    )
    op.create_index(
        op.f("ix_round_counties_round_id"), "round_counties", ["round_id"], unique=False
    )
    op.create_table(
        "acknowledgements",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_acknowledgements_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_acknowledgements_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
        sa.UniqueConstraint("public_id", name=op.f("uq_acknowledgements_public_id")),
        sa.UniqueConstraint(
            "review_id", "person_id", name=op.f("uq_acknowledgements_review_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_acknowledgements_person_id"), "acknowledgements", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_acknowledgements_review_id"), "acknowledgements", ["review_id"], unique=False
    )
    op.create_table(
        "answers",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("value", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_answers_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "record",
                "interview",
                name="evidencekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "case_narrative",
                "visit_log",
                "assessment",
                "case_plan",
                "meeting_notes",
                "court_record",
                "school_record",
                "health_record",
                "service_report",
                "other_record",
                "child",
                "mother",
                "father",
                "foster_caregiver",
                "relative",
                "caseworker",
                "supervisor",
                "service_provider",
                "other_interview",
                name="evidencesource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_evidence_by_id")),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["people.id"], name=op.f("fk_evidence_removed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_evidence_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evidence_public_id")),
    )
    op.create_index(op.f("ix_evidence_review_id"), "evidence", ["review_id"], unique=False)
    op.create_table(
        "fact_answers",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_fact_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_fact_answers_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_answers")),
        sa.UniqueConstraint("review_id", "name", name=op.f("uq_fact_answers_review_id_name")),
    )
    op.create_table(
        "goals",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("component", sa.String(length=20), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("baseline_achieved", sa.Integer(), nullable=False),
        sa.Column("baseline_applicable", sa.Integer(), nullable=False),
        sa.Column(
            "target_kind",
            sa.Enum(
                "pip_arithmetic",
                "negotiated",
                name="targetkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("negotiated_target", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(target_kind = 'negotiated') = (negotiated_target is not null)",
            name=op.f("ck_goals_target"),
        ),
        sa.CheckConstraint(
            "baseline_achieved <= baseline_applicable", name=op.f("ck_goals_baseline")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_goals_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
        sa.UniqueConstraint("plan_id", "position", name=op.f("uq_goals_plan_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_goals_public_id")),
    )
    op.create_index(op.f("ix_goals_plan_id"), "goals", ["plan_id"], unique=False)
    op.create_table(
        "narratives",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_narratives_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_narratives_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_narratives")),
        sa.UniqueConstraint("review_id", "item", name=op.f("uq_narratives_review_id_item")),
    )
    op.create_table(
        "ratings",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "item",
                "component",
                name="ratinglevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("component", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "rating",
            sa.Enum(
                "strength",
                "area_needing_improvement",
                "not_applicable",
                "substantially_achieved",
                "partially_achieved",
                "not_achieved",
                name="rating",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("applies", sa.Boolean(), nullable=True),
        sa.Column("because", Json, nullable=False),
        sa.Column("missing", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_ratings_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("review_id", "code", name=op.f("uq_ratings_review_id_code")),
    )
    op.create_index("ix_ratings_code_rating", "ratings", ["code", "rating"], unique=False)
    op.create_table(
        "review_people",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "reviewer",
                "first_level_qa",
                "second_level_qa",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_review_people_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_review_people_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_people")),
        sa.UniqueConstraint(
            "review_id",
            "person_id",
            "part",
            "from_at",
            name=op.f("uq_review_people_review_id_person_id_part_from_at"),
        ),
    )
    op.create_index(
        op.f("ix_review_people_person_id"), "review_people", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_review_people_review_id"), "review_people", ["review_id"], unique=False
    )
    op.create_table(
        "review_steps",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "assigned",
                "in_progress",
                "submitted",
                "first_level_qa",
                "second_level_qa",
                "returned",
                "final",
                "reopened",
                "withdrawn",
                name="reviewstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("to_state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", BigInt, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_review_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_review_steps_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_steps")),
    )
    op.create_index(op.f("ix_review_steps_by_id"), "review_steps", ["by_id"], unique=False)
    op.create_index(op.f("ix_review_steps_review_id"), "review_steps", ["review_id"], unique=False)
    op.create_table(
        "text_versions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("review_id", BigInt, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_text_versions_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_reviews.id"], name=op.f("fk_text_versions_review_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_versions")),
        sa.UniqueConstraint(
            "review_id", "place", "revision", name=op.f("uq_text_versions_review_id_place_revision")
        ),
    )
    op.create_table(
        "strategies",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("goal_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_strategies_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategies")),
        sa.UniqueConstraint("goal_id", "position", name=op.f("uq_strategies_goal_id_position")),
    )
    op.create_index(op.f("ix_strategies_goal_id"), "strategies", ["goal_id"], unique=False)
    op.create_table(
        "steps",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("strategy_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner_id", BigInt, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence_asked", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "claimed",
                "verified",
                name="stepstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("due_on >= starts_on", name=op.f("ck_steps_dates")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_steps_owner_id")),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategies.id"], name=op.f("fk_steps_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("public_id", name=op.f("uq_steps_public_id")),
        sa.UniqueConstraint("strategy_id", "position", name=op.f("uq_steps_strategy_id_position")),
    )
    op.create_index(op.f("ix_steps_due_on"), "steps", ["due_on"], unique=False)
    op.create_index(op.f("ix_steps_owner_id"), "steps", ["owner_id"], unique=False)
    op.create_index(op.f("ix_steps_strategy_id"), "steps", ["strategy_id"], unique=False)
    op.create_table(
        "step_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("step_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", BigInt, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_step_entries_by_id")),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name=op.f("fk_step_entries_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_entries")),
    )
    op.create_index(op.f("ix_step_entries_by_id"), "step_entries", ["by_id"], unique=False)
    op.create_index(op.f("ix_step_entries_step_id"), "step_entries", ["step_id"], unique=False)
    op.create_index(
        "uq_answers_place",
        "answers",
        ["review_id", "item", "question", sa.text("coalesce(subject, '')")],
        unique=True,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_step_entries_step_id"), table_name="step_entries")
    op.drop_index(op.f("ix_step_entries_by_id"), table_name="step_entries")
    op.drop_table("step_entries")
    op.drop_index(op.f("ix_steps_strategy_id"), table_name="steps")
    op.drop_index(op.f("ix_steps_owner_id"), table_name="steps")
    op.drop_index(op.f("ix_steps_due_on"), table_name="steps")
    op.drop_table("steps")
    op.drop_index(op.f("ix_strategies_goal_id"), table_name="strategies")
    op.drop_table("strategies")
    op.drop_table("text_versions")
    op.drop_index(op.f("ix_review_steps_review_id"), table_name="review_steps")
    op.drop_index(op.f("ix_review_steps_by_id"), table_name="review_steps")
    op.drop_table("review_steps")
    op.drop_index(op.f("ix_review_people_review_id"), table_name="review_people")
    op.drop_index(op.f("ix_review_people_person_id"), table_name="review_people")
    op.drop_table("review_people")
    op.drop_index("ix_ratings_code_rating", table_name="ratings")
    op.drop_table("ratings")
    op.drop_table("narratives")
    op.drop_index(op.f("ix_goals_plan_id"), table_name="goals")
    op.drop_table("goals")
    op.drop_table("fact_answers")
    op.drop_index(op.f("ix_evidence_review_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("answers")
    op.drop_index(op.f("ix_acknowledgements_review_id"), table_name="acknowledgements")
    op.drop_index(op.f("ix_acknowledgements_person_id"), table_name="acknowledgements")
    op.drop_table("acknowledgements")
    op.drop_index(op.f("ix_round_counties_round_id"), table_name="round_counties")
    op.drop_index(op.f("ix_round_counties_county_id"), table_name="round_counties")
    op.drop_table("round_counties")
    op.drop_index(op.f("ix_plans_round_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_place_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_created_by_id"), table_name="plans")
    op.drop_index(op.f("ix_plans_approved_by_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(op.f("ix_measure_runs_round_id"), table_name="measure_runs")
    op.drop_index(op.f("ix_measure_runs_created_by_id"), table_name="measure_runs")
    op.drop_index(op.f("ix_measure_runs_compare_round_id"), table_name="measure_runs")
    op.drop_table("measure_runs")
    op.drop_index(op.f("ix_grants_round_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_place_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_person_id"), table_name="grants")
    op.drop_index(op.f("ix_grants_granted_by_id"), table_name="grants")
    op.drop_table("grants")
    op.drop_index(op.f("ix_case_staff_staff_id"), table_name="case_staff")
    op.drop_index(op.f("ix_case_staff_case_id"), table_name="case_staff")
    op.drop_table("case_staff")
    op.drop_index(op.f("ix_case_reviews_state"), table_name="case_reviews")
    op.drop_index(op.f("ix_case_reviews_round_id"), table_name="case_reviews")
    op.drop_index(op.f("ix_case_reviews_case_id"), table_name="case_reviews")
    op.drop_table("case_reviews")
    op.drop_index(op.f("ix_sign_in_sessions_person_id"), table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index(op.f("ix_setting_values_set_by_id"), table_name="setting_values")
    op.drop_index("ix_setting_values_key_from_on", table_name="setting_values")
    op.drop_table("setting_values")
    op.drop_index(op.f("ix_rounds_region_id"), table_name="rounds")
    op.drop_index(op.f("ix_rounds_created_by_id"), table_name="rounds")
    op.drop_index(op.f("ix_rounds_compares_with_id"), table_name="rounds")
    op.drop_table("rounds")
    op.drop_index(op.f("ix_place_memberships_place_id"), table_name="place_memberships")
    op.drop_index(op.f("ix_place_memberships_parent_id"), table_name="place_memberships")
    op.drop_table("place_memberships")
    op.drop_table("person_security_roles")
    op.drop_index(op.f("ix_passkeys_user_id"), table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index(op.f("ix_cases_unit_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_family_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_county_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_sign_in_attempts_at"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_address_digest"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_account_digest"), table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("security_roles")
    op.drop_table("places")
    op.drop_table("people")
    op.drop_index(op.f("ix_events_kind"), table_name="events")
    op.drop_index(op.f("ix_events_actor_id"), table_name="events")
    op.drop_table("events")
    op.drop_table("event_seals")
    op.drop_table("event_heads")

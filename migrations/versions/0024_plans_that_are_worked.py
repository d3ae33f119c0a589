"""Plans that are submitted, worked, amended, reported on and answered for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OLD_PLANS = ("draft", "active", "closed")
OLD_STEPS = ("open", "claimed", "verified")
PLANS = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "active",
    "completed",
    "closed_unmet",
    "superseded",
)
STEPS = ("not_started", "on_schedule", "ahead", "behind", "claimed", "verified", "dropped")
FINDINGS = ("practice", "systemic", "strength")
FACTORS = (
    "training",
    "service_array",
    "information_system",
    "supervision_and_caseload",
    "policy",
    "foster_and_adoptive_homes",
    "courts_and_partners",
)
DECISIONS = ("proposed", "accepted", "merged", "declined")
AMENDMENTS = ("extension", "step", "target", "drop")
ASKED = ("asked", "granted", "refused", "withdrawn")
REMINDERS = (
    "days_14",
    "days_7",
    "days_1",
    "overdue",
    "regional_director",
    "cqi_director",
    "state_office",
)
REPORTS = ("monthly", "quarterly")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigInt, nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _secret(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _public() -> sa.Column:
    return sa.Column("public_id", sa.Uuid(), nullable=False)


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _add(table: str, column: sa.Column, target: str, *, index: bool = True) -> None:
    """A column that points somewhere: both engines take the reference along with it."""
    column.append_foreign_key(sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{column.name}")))
    op.add_column(table, column, inline_references=True)
    if index:
        _indexes(table, column.name)


def _states(table: str, kind: str, renamed: dict, values: tuple) -> None:
    """Let a state have these values. The embedded database knows no change of a check: its table is
    made anew, without the old one and then with the new one."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(kind, type_="check")
    for old, new in renamed.items():
        op.execute(f"update {table} set state = '{new}' where state = '{old}'")
    condition = "state IN ({})".format(", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table(table) as batch:
        batch.create_check_constraint(kind, condition)


def _plans() -> None:
    _states("plans", "planstate", {"closed": "closed_unmet"}, PLANS)
    epoch = sa.text("'2000-01-01 00:00:00+00:00'")
    op.add_column(
        "plans",
        sa.Column("state_since", sa.DateTime(timezone=True), server_default=epoch, nullable=False),
    )
    op.execute("update plans set state_since = created_at")
    op.add_column("plans", _instant("submitted_at", nullable=True))
    _add("plans", _id("publication_id", nullable=True), "publications")
    _add("plans", _id("supersedes_id", nullable=True), "plans")
    _add("plans", _id("submitted_by_id", nullable=True), "people", index=False)


def _entries() -> None:
    table = "plan_entries"
    op.create_table(
        table,
        _id("id"),
        _id("plan_id"),
        sa.Column("move", sa.String(40), nullable=False),
        _text("words"),
        _id("by_id", nullable=True),
        _instant("at"),
        _points(table, "plan_id", "plans"),
        _points(table, "by_id", "people"),
        _key(table),
    )
    _indexes(table, "plan_id")


def _findings() -> None:
    table = "plan_findings"
    op.create_table(
        table,
        _id("id"),
        _public(),
        _id("plan_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("findingkind", *FINDINGS), nullable=False),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("factor", _one_of("systemicfactor", *FACTORS), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        _text("words"),
        sa.Column("figures", Json, nullable=False),
        sa.Column("run", sa.String(64), nullable=True),
        sa.Column("decision", _one_of("findingdecision", *DECISIONS), nullable=False),
        _text("reason", nullable=True),
        _id("merged_into_id", nullable=True),
        _id("decided_by_id", nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _check(table, "merged_into", "(decision = 'merged') = (merged_into_id is not null)"),
        _check(table, "factor_of_systemic", "(kind = 'systemic') = (factor is not null)"),
        _points(table, "plan_id", "plans"),
        _points(table, "merged_into_id", "plan_findings"),
        _points(table, "decided_by_id", "people"),
        _key(table),
        _unique(table, "public_id"),
        _unique(table, "plan_id", "position"),
    )
    _indexes(table, "merged_into_id")


def _outline() -> None:
    for column in (
        sa.Column("baseline_run", sa.String(64), nullable=True),
        _day("measured_on", nullable=True),
        _text("sample", nullable=True),
        _text("target_reason", nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column("goals", column)
    _add("goals", _id("finding_id", nullable=True), "plan_findings")
    for name in ("why", "evidence"):
        op.add_column("strategies", _text(name, nullable=True))
    op.add_column(
        "strategies", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    _add("strategies", _id("lead_id", nullable=True), "people", index=False)
    _states("steps", "stepstate", {"open": "not_started"}, STEPS)
    op.execute(
        "update steps set state = 'on_schedule' where state = 'not_started'"
        " and exists (select 1 from step_entries e where e.step_id = steps.id)"
    )
    for column in (
        _day("recover_on", nullable=True),
        sa.Column("partner", sa.String(200), nullable=True),
        _secret("partner_contact", nullable=True),
        _text("help_needed", nullable=True),
    ):
        op.add_column("steps", column)
    _add("steps", _id("depends_on_id", nullable=True), "steps")


def _reminders() -> None:
    table = "plan_reminders"
    op.create_table(
        table,
        _id("id"),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        _id("step_id", nullable=True),
        sa.Column("kind", _one_of("reminderkind", *REMINDERS), nullable=False),
        _day("due_on"),
        sa.Column("told", sa.Boolean(), nullable=False),
        _day("on_day"),
        _instant("at"),
        _points(table, "step_id", "steps"),
        _key(table),
        _unique(table, "subject_id", "kind", "due_on"),
    )
    _indexes(table, "step_id")


def _evidence() -> None:
    op.add_column("step_entries", sa.Column("link", sa.String(500), nullable=True))
    op.add_column("step_entries", sa.Column("helped", sa.Boolean(), nullable=True))
    op.add_column("step_entries", _day("recover_on", nullable=True))
    _add("step_entries", _id("reminder_id", nullable=True), "plan_reminders")
    table = "step_files"
    op.create_table(
        table,
        _id("id"),
        _public(),
        _id("entry_id"),
        _secret("name"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _secret("content"),
        _points(table, "entry_id", "step_entries"),
        _key(table),
        _unique(table, "public_id"),
    )
    _indexes(table, "entry_id")


def _amendments() -> None:
    table = "amendments"
    op.create_table(
        table,
        _id("id"),
        _public(),
        _id("plan_id"),
        sa.Column("kind", _one_of("amendmentkind", *AMENDMENTS), nullable=False),
        _id("step_id", nullable=True),
        _id("goal_id", nullable=True),
        sa.Column("state", _one_of("amendmentstate", *ASKED), nullable=False),
        sa.Column("old", Json, nullable=False),
        sa.Column("new", Json, nullable=False),
        _text("reason"),
        _id("asked_by_id"),
        _instant("asked_at"),
        _text("answer", nullable=True),
        _id("decided_by_id", nullable=True),
        _instant("decided_at", nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _check(table, "of_step", "kind <> 'target' or step_id is null"),
        _check(table, "of_goal", "(kind = 'target') = (goal_id is not null)"),
        _check(table, "decided", "(state = 'asked') = (decided_at is null)"),
        _points(table, "plan_id", "plans"),
        _points(table, "step_id", "steps"),
        _points(table, "goal_id", "goals"),
        _points(table, "asked_by_id", "people"),
        _points(table, "decided_by_id", "people"),
        _key(table),
        _unique(table, "public_id"),
    )
    _indexes(table, "plan_id", "step_id", "goal_id", "asked_by_id")


def _reports() -> None:
    table = "progress_reports"
    op.create_table(
        table,
        _id("id"),
        _public(),
        _id("plan_id"),
        sa.Column("kind", _one_of("reportkind", *REPORTS), nullable=False),
        _day("period_from"),
        _day("period_to"),
        _text("narrative"),
        sa.Column("figures", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _id("by_id"),
        _instant("at"),
        _instant("sent_at", nullable=True),
        _id("sent_by_id", nullable=True),
        _points(table, "plan_id", "plans"),
        _points(table, "by_id", "people"),
        _points(table, "sent_by_id", "people"),
        _key(table),
        _unique(table, "public_id"),
        _unique(table, "plan_id", "kind", "period_from"),
    )
    table = "report_remarks"
    op.create_table(
        table,
        _id("id"),
        _public(),
        _id("report_id"),
        _id("answers_id", nullable=True),
        _text("words"),
        _id("by_id"),
        _instant("at"),
        _points(table, "report_id", "progress_reports"),
        _points(table, "answers_id", "report_remarks"),
        _points(table, "by_id", "people"),
        _key(table),
        _unique(table, "public_id"),
    )
    _indexes(table, "report_id", "answers_id")


def _calls_and_feeds() -> None:
    table = "plan_calls"
    op.create_table(
        table,
        _id("id"),
        _id("publication_id"),
        _id("county_id"),
        _text("reason"),
        _id("by_id"),
        _instant("at"),
        _points(table, "publication_id", "publications"),
        _points(table, "county_id", "places"),
        _points(table, "by_id", "people"),
        _key(table),
        _unique(table, "publication_id", "county_id"),
    )
    _indexes(table, "county_id")
    table = "calendar_feeds"
    op.create_table(
        table,
        _id("id"),
        _id("person_id"),
        sa.Column("digest", sa.String(64), nullable=False),
        _instant("made_at"),
        _points(table, "person_id", "people"),
        _key(table),
        _unique(table, "person_id"),
        _unique(table, "digest"),
    )


def upgrade() -> None:
    _plans()
    _entries()
    _findings()
    _outline()
    _reminders()
    _evidence()
    _amendments()
    _reports()
    _calls_and_feeds()


_BACK_PLANS = {
    "submitted": "draft",
    "returned": "draft",
    "approved": "active",
    "completed": "closed",
    "closed_unmet": "closed",
    "superseded": "closed",
}
_BACK_STEPS = {
    "not_started": "open",
    "on_schedule": "open",
    "ahead": "open",
    "behind": "open",
    "dropped": "verified",
}


def downgrade() -> None:
    for table in ("calendar_feeds", "plan_calls", "report_remarks", "progress_reports"):
        op.drop_table(table)
    for table in ("amendments", "step_files"):
        op.drop_table(table)
    _drop("step_entries", "link", "helped", "recover_on", "reminder_id")
    op.drop_table("plan_reminders")
    _drop("steps", "recover_on", "partner", "partner_contact", "help_needed", "depends_on_id")
    _states("steps", "stepstate", _BACK_STEPS, OLD_STEPS)
    _drop("strategies", "why", "evidence", "lead_id", "revision")
    _drop(
        "goals", "baseline_run", "measured_on", "sample", "finding_id", "target_reason", "revision"
    )
    op.drop_table("plan_findings")
    op.drop_table("plan_entries")
    _drop(
        "plans", "state_since", "submitted_at", "publication_id", "supersedes_id", "submitted_by_id"
    )
    _states("plans", "planstate", _BACK_PLANS, OLD_PLANS)


def _drop(table: str, *columns: str) -> None:
    """Without the keys first, which neither engine drops along with a column."""
    points = {one["name"] for one in sa.inspect(op.get_bind()).get_foreign_keys(table)}
    indexed = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes(table)}
    for column in columns:
        if f"ix_{table}_{column}" in indexed:
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    with op.batch_alter_table(table) as batch:
        for column in columns:
            if f"fk_{table}_{column}" in points:
                batch.drop_constraint(op.f(f"fk_{table}_{column}"), type_="foreignkey")
            batch.drop_column(column)

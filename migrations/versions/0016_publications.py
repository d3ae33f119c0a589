"""Reports with a life: drafts, narratives, comments, and what was published, with its files."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("draft", "in_review", "approved", "published", "superseded")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _ends(table: str, *unique: str) -> list[sa.schema.SchemaItem]:
    names = "_".join(unique)
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    if not unique:
        return [key]
    return [key, sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{names}"))]


def _register() -> None:
    op.create_table(
        "publications",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("place_id", BigInt, nullable=False),
        sa.Column("title", sa.String(400), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        _instant("approved_at"),
        sa.Column("approved_by_id", BigInt, nullable=False),
        _instant("published_at"),
        sa.Column("published_by_id", BigInt, nullable=False),
        _points("publications", "place_id", "places"),
        _points("publications", "approved_by_id", "people"),
        _points("publications", "published_by_id", "people"),
        *_ends("publications", "public_id"),
    )
    op.create_index(op.f("ix_publications_place_id"), "publications", ["place_id"])
    op.create_table(
        "publication_runs",
        sa.Column("publication_id", BigInt, nullable=False),
        sa.Column("run_id", BigInt, nullable=False),
        _points("publication_runs", "publication_id", "publications"),
        _points("publication_runs", "run_id", "measure_runs"),
        sa.PrimaryKeyConstraint("publication_id", "run_id", name=op.f("pk_publication_runs")),
    )
    op.create_index(op.f("ix_publication_runs_run_id"), "publication_runs", ["run_id"])
    op.create_table(
        "published_files",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("publication_id", BigInt, nullable=False),
        sa.Column("ending", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _points("published_files", "publication_id", "publications"),
        *_ends("published_files", "publication_id", "ending"),
    )


def _reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("level", _one_of("level", "state", "region", "county"), nullable=False),
        sa.Column("place_id", BigInt, nullable=False),
        sa.Column("round_id", BigInt, nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", _one_of("reportstate", *STATES), nullable=False),
        _instant("state_since"),
        sa.Column("approved_run", sa.String(64), nullable=True),
        _instant("approved_at", nullable=True),
        sa.Column("approved_by_id", BigInt, nullable=True),
        sa.Column("publication_id", BigInt, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        _instant("created_at"),
        sa.Column("created_by_id", BigInt, nullable=False),
        sa.CheckConstraint("(round_id is null) = (level = 'state')", name=op.f("ck_reports_about")),
        sa.CheckConstraint(
            "(approved_run is null) = (approved_at is null)", name=op.f("ck_reports_approved")
        ),
        sa.CheckConstraint(
            "(publication_id is not null) = (state in ('published', 'superseded'))",
            name=op.f("ck_reports_published"),
        ),
        _points("reports", "place_id", "places"),
        _points("reports", "round_id", "rounds"),
        _points("reports", "approved_by_id", "people"),
        _points("reports", "publication_id", "publications"),
        _points("reports", "created_by_id", "people"),
        *_ends("reports", "public_id"),
    )
    for column in ("place_id", "round_id", "publication_id"):
        op.create_index(op.f(f"ix_reports_{column}"), "reports", [column])


def _of_a_report(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", BigInt, nullable=False),
        sa.Column("report_id", BigInt, nullable=False),
        *columns,
        sa.Column("by_id", BigInt, nullable=False),
        _instant("at"),
        _points(table, "report_id", "reports"),
        _points(table, "by_id", "people"),
    )


def _section() -> sa.Column:
    return sa.Column("section", sa.String(40), nullable=False)


def upgrade() -> None:
    _register()
    _reports()
    secret = sa.LargeBinary()
    _of_a_report(
        "report_steps",
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("reason", secret, nullable=True),
        *_ends("report_steps"),
    )
    _of_a_report(
        "report_comments",
        _section(),
        sa.Column("text", secret, nullable=False),
        *_ends("report_comments"),
    )
    _of_a_report(
        "report_narratives",
        _section(),
        sa.Column("text", secret, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_ends("report_narratives", "report_id", "section"),
    )
    _of_a_report(
        "narrative_versions",
        _section(),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", secret, nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        *_ends("narrative_versions", "report_id", "section", "revision"),
    )
    for table in ("report_steps", "report_comments"):
        op.create_index(op.f(f"ix_{table}_report_id"), table, ["report_id"])


def downgrade() -> None:
    for table in (
        "narrative_versions",
        "report_narratives",
        "report_comments",
        "report_steps",
        "reports",
        "published_files",
        "publication_runs",
        "publications",
    ):
        op.drop_table(table)

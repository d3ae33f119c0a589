"""Plans that are withdrawn, goals and strategies that are dropped, counties that are named no more."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

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
_CALLED = "uq_plan_calls_publication_id_county_id"


def _states(values: tuple) -> None:
    """The embedded database knows no change of a check: its table is made anew."""
    condition = "state IN ({})".format(", ".join(f"'{value}'" for value in values))
    with op.batch_alter_table("plans") as batch:
        batch.drop_constraint("planstate", type_="check")
    with op.batch_alter_table("plans") as batch:
        batch.create_check_constraint("planstate", condition)


def upgrade() -> None:
    _states((*PLANS, "withdrawn"))
    for table in ("goals", "strategies"):
        op.add_column(table, sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("dropped_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("plan_calls") as batch:
        batch.drop_constraint(op.f(_CALLED), type_="unique")
        batch.add_column(sa.Column("named", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch.create_index(op.f("ix_plan_calls_publication_id"), ["publication_id"])


def downgrade() -> None:
    """What was withdrawn or dropped stands again; a county stays named where the newest word says
    so."""
    newer = "select max(id) from plan_calls group by publication_id, county_id"
    op.execute(f"delete from plan_calls where id not in ({newer}) or not named")
    with op.batch_alter_table("plan_calls") as batch:
        batch.drop_index(op.f("ix_plan_calls_publication_id"))
        batch.drop_column("named")
        batch.create_unique_constraint(op.f(_CALLED), ["publication_id", "county_id"])
    for table in ("strategies", "goals"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("dropped_reason")
            batch.drop_column("dropped_at")
    op.execute("delete from plan_entries where move = 'withdraw'")
    # what was taken back was never left out: nobody of before knows the way back
    later = "select max(id) from step_entries e where e.step_id = step_entries.step_id"
    again = f"id <= ({later} and e.kind = 'taken_up')"
    op.execute(f"delete from step_entries where kind in ('dropped', 'taken_up') and {again}")
    op.execute("update plans set state = 'draft' where state = 'withdrawn'")
    _states(PLANS)

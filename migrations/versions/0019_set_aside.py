"""A report that is not published may be set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("reports", column)


def downgrade() -> None:
    op.drop_column("reports", "set_aside_at")

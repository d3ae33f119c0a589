"""Which share of a round's cases is read twice, and which setting a change of a share is about."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "rounds",
        sa.Column("double_reading_share", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("rounds", sa.Column("double_reading_seed", sa.String(length=64), nullable=True))
    op.add_column(
        "second_level_changes",
        sa.Column("setting", sa.String(length=40), server_default="second_level", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("second_level_changes", "setting")
    op.drop_column("rounds", "double_reading_seed")
    op.drop_column("rounds", "double_reading_share")

"""How many calls each day has cost, so that a run that is killed leaves them on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision. The calls of the day on which that is done begin at 0."""
    op.create_table(
        "calls_of_day",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Text(), nullable=False, comment="a day of UTC"),
        sa.Column("calls", sa.Integer(), nullable=False, comment="calls of the platform, every try counted"),
        sa.PrimaryKeyConstraint("school_id", "day", name=op.f("pk_calls_of_day")),
    )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

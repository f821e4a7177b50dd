"""The book of carriers: what was added, written, checked, repaired and retired."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "carrier_event",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="added, moved, retired, written, checked, repaired"
        ),
        sa.Column("carrier", sa.Text(), nullable=False, comment="id of the carrier"),
        sa.Column("details", sa.Text(), nullable=False, comment="what happened (JSON)"),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_carrier_event")),
    )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

"""The book of retention: holds, acts of destruction, tombstones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite keeps no comments
        op.alter_column(
            "carrier_event",
            "kind",
            comment="added, moved, retired, written, checked, repaired, destroyed",
            existing_comment="added, moved, retired, written, checked, repaired",
        )
    op.create_table(
        "retention_event",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("account", sa.Text(), nullable=False, comment="account of the operating system"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="held, released, proposed, approved, destroyed, cleared, completed",
        ),
        sa.Column("details", sa.Text(), nullable=False, comment="what happened, no names of pupils (JSON)"),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_retention_event")),
    )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

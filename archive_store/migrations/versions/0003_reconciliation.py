"""What the comparisons with the platform have found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "reconciliation",
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False, comment="moment of its end, UTC"),
        sa.Column("study_year", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the record as of this run was compared"),
        sa.Column("checked", sa.Integer(), nullable=False, comment="values and records compared"),
        sa.Column("differing", sa.Integer(), nullable=False),
        sa.Column("unexplained", sa.Integer(), nullable=False, comment="of those that differ"),
        sa.Column(
            "not_offered", sa.Integer(), nullable=False, comment="values that the platform does not give"
        ),
        sa.Column("failed", sa.Integer(), nullable=False, comment="classes that could not be compared"),
        sa.Column("details", sa.Text(), nullable=False, comment="counts by class and cause, no names (JSON)"),
        sa.PrimaryKeyConstraint("reconciliation_id", name=op.f("pk_reconciliation")),
    )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

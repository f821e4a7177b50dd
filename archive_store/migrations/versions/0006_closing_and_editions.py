"""Closings of a year in two steps, editions of sealed years, and terms that the school has confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision. What was sealed before is the first edition, closed for good."""
    # Added in place: a batch would write the whole register anew.
    op.add_column("snapshot", sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "snapshot",
        sa.Column("group_id", sa.BigInteger(), comment="the class; NULL: the summary sheets"),
    )
    op.create_table(
        "closing",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("study_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edition", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("stage", sa.Text(), nullable=False, comment="preliminary, final or amendment"),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="sealed as of this run"),
        sa.Column("by", sa.Text(), nullable=False, comment="account of the operating system"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Text(), nullable=False, comment="stops passed over, with counts (JSON)"),
        sa.Column("checks", sa.Text(), nullable=False, comment="results of the checks, no names (JSON)"),
        sa.PrimaryKeyConstraint("school_id", "study_year", "edition", name=op.f("pk_closing")),
    )
    op.create_table(
        "terms_confirmation",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("by", sa.Text(), nullable=False, comment="post and name"),
        sa.Column("document", sa.Text(), nullable=False, comment="the school's list of files, its order"),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, comment="SHA-256 of the terms"),
        sa.Column("content", sa.Text(), nullable=False, comment="the terms (JSON)"),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_terms_confirmation")),
    )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

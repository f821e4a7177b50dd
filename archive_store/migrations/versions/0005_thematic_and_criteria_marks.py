"""Thematic marks and the criteria journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "criteria_mark",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the mark"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Id of the person"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, comment="Id of the subject"),
        sa.Column("period_id", sa.BigInteger(), nullable=False, comment="Id of the reporting period"),
        sa.Column(
            "section_id", sa.BigInteger(), nullable=True, comment="Id of the section of the criteria journal"
        ),
        sa.Column("value", sa.BigInteger(), nullable=True, comment="Points"),
        sa.Column("set_at", sa.Text(), nullable=True, comment="Moment when the mark was set, UTC"),
        sa.Column("set_at_sent", sa.Text(), nullable=True, comment="The same moment as the platform sent it"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "mark_id", "seen_from", name=op.f("pk_criteria_mark")),
    )
    with op.batch_alter_table("criteria_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_criteria_mark_school_id_group_id_period_id"),
            ["school_id", "group_id", "period_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_criteria_mark_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_criteria_mark_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "criteria_section",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column(
            "subject_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the subject"
        ),
        sa.Column(
            "period_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the reporting period",
        ),
        sa.Column(
            "contents", sa.Text(), nullable=False, comment="The sections as the platform sent them (JSON)"
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "group_id", "subject_id", "period_id", "seen_from", name=op.f("pk_criteria_section")
        ),
    )
    with op.batch_alter_table("criteria_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criteria_section_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_criteria_section_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "criteria_total",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column(
            "subject_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the subject"
        ),
        sa.Column(
            "period_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the reporting period; 0: the summary of the year",
        ),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column(
            "period_number",
            sa.BigInteger(),
            nullable=True,
            comment="Number of the period as the platform counts",
        ),
        sa.Column("value", sa.Text(), nullable=False, comment="Mark as the platform stores it"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id",
            "group_id",
            "subject_id",
            "period_id",
            "person_id",
            "seen_from",
            name=op.f("pk_criteria_total"),
        ),
    )
    with op.batch_alter_table("criteria_total", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criteria_total_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_criteria_total_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "thematic_mark",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the mark"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Id of the person"),
        sa.Column("work_id", sa.BigInteger(), nullable=False, comment="Id of the work"),
        sa.Column("lesson_id", sa.BigInteger(), nullable=True, comment="Id of the lesson"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, comment="Id of the subject"),
        sa.Column("value", sa.Text(), nullable=False, comment="Mark as the platform stores it"),
        sa.Column("text_value", sa.Text(), nullable=True, comment="Mark as the diary shows it"),
        sa.Column("type", sa.Text(), nullable=True, comment="Scale of the mark in the platform's words"),
        sa.Column("number", sa.BigInteger(), nullable=True, comment="Number of the mark within the work"),
        sa.Column("work_type_id", sa.BigInteger(), nullable=True, comment="Id of the type of work"),
        sa.Column("mood", sa.Text(), nullable=True, comment="Judgement of the mark in the platform's words"),
        sa.Column("in_average", sa.Boolean(), nullable=True, comment="Counted in the average"),
        sa.Column("set_at", sa.Text(), nullable=True, comment="Moment when the mark was set, UTC"),
        sa.Column("set_at_sent", sa.Text(), nullable=True, comment="The same moment as the platform sent it"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "mark_id", "seen_from", name=op.f("pk_thematic_mark")),
    )
    with op.batch_alter_table("thematic_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thematic_mark_school_id_group_id"), ["school_id", "group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_thematic_mark_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_thematic_mark_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

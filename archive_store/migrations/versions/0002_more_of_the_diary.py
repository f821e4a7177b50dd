"""More of the diary, cases in quarantine, and what was found out about the platform."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "former_member",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "group_id", "person_id", "seen_from", name=op.f("pk_former_member")
        ),
    )
    with op.batch_alter_table("former_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_member_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_former_member_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "homework_file",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("work_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the work"),
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the file"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("day", sa.Text(), nullable=False, comment="Day of the lesson in the school's zone"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the file"),
        sa.Column("type", sa.Text(), nullable=True, comment="Type of the file: its ending"),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="Size in bytes as the platform states it"),
        sa.Column("state", sa.Text(), nullable=False, comment="kept, too large, not there, not fetched"),
        sa.Column("contents", sa.Text(), nullable=True, comment="SHA-256 of the contents"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "work_id", "file_id", "seen_from", name=op.f("pk_homework_file")
        ),
    )
    with op.batch_alter_table("homework_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_homework_file_school_id_group_id_day"),
            ["school_id", "group_id", "day"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_homework_file_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_homework_file_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "homework_task",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the task"),
        sa.Column("work_id", sa.BigInteger(), nullable=False, comment="Id of the work"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Id of the person"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("day", sa.Text(), nullable=False, comment="Day of the lesson in the school's zone"),
        sa.Column("status", sa.Text(), nullable=True, comment="Status of the task in the platform's words"),
        sa.Column("target_day", sa.Text(), nullable=True, comment="Day for which the work is set"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "task_id", "seen_from", name=op.f("pk_homework_task")),
    )
    with op.batch_alter_table("homework_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_homework_task_school_id_group_id_day"),
            ["school_id", "group_id", "day"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_homework_task_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_homework_task_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "platform_average",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column("first_day", sa.Text(), autoincrement=False, nullable=False, comment="First day"),
        sa.Column("last_day", sa.Text(), autoincrement=False, nullable=False, comment="Last day"),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column(
            "subject_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the subject"
        ),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False, comment="simple or weighted"),
        sa.Column("value", sa.Text(), nullable=False, comment="The average as the platform sent it"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id",
            "group_id",
            "first_day",
            "last_day",
            "person_id",
            "subject_id",
            "kind",
            "seen_from",
            name=op.f("pk_platform_average"),
        ),
    )
    with op.batch_alter_table("platform_average", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_platform_average_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_platform_average_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "platform_trait",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="what was found out"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("found_at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.PrimaryKeyConstraint("school_id", "name", name=op.f("pk_platform_trait")),
    )
    op.create_table(
        "quarantine",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("entity", sa.Text(), nullable=False, comment="what the slice asks for"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="0: school"),
        sa.Column("first_day", sa.Text(), nullable=False, comment="empty: not by days"),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="name of the class"),
        sa.Column("withheld", sa.Text(), nullable=False, comment="withdrawals by entity (JSON)"),
        sa.Column("answer_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="the run that opened the case"),
        sa.Column(
            "decision", sa.Text(), nullable=True, comment="accepted, rejected, agrees again; NULL: waits"
        ),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "section",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False, comment="Name of the section"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="received, empty, refused, not offered, not asked, failed",
        ),
        sa.Column("detail", sa.Text(), nullable=True, comment="The platform's reason"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "name", "seen_from", name=op.f("pk_section")),
    )
    with op.batch_alter_table("section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_section_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "staff_member",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), autoincrement=False, nullable=False, comment="Staff or Admins"),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Surname"),
        sa.Column("first_name", sa.Text(), nullable=True, comment="Given name"),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Patronymic"),
        sa.Column("short_name", sa.Text(), nullable=True, comment="Short name as the platform shows it"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "kind", "person_id", "seen_from", name=op.f("pk_staff_member")),
    )
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_member_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_staff_member_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "value_list",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), autoincrement=False, nullable=False, comment="Which list"),
        sa.Column("entries", sa.Text(), nullable=False, comment="The values (JSON list)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "name", "seen_from", name=op.f("pk_value_list")),
    )
    with op.batch_alter_table("value_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_value_list_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_value_list_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

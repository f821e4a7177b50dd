"""The archive's first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "answer",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("call", sa.Text(), nullable=False, comment="path and query of the call"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "run_id", "call", name=op.f("pk_answer")),
    )
    op.create_table(
        "attendance",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "lesson_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the lesson"
        ),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Id of the subject"),
        sa.Column("day", sa.Text(), nullable=False, comment="Day of the lesson in the school's zone"),
        sa.Column("status", sa.Text(), nullable=True, comment="Attend, Absent, Ill, Late, Pass"),
        sa.Column("comment", sa.Text(), nullable=True, comment="Comment"),
        sa.Column(
            "recorded_at", sa.Text(), nullable=True, comment="Moment when attendance was recorded, UTC"
        ),
        sa.Column(
            "recorded_at_sent", sa.Text(), nullable=True, comment="The same moment as the platform sent it"
        ),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "lesson_id", "person_id", "seen_from", name=op.f("pk_attendance")
        ),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_school_id_group_id_day"), ["school_id", "group_id", "day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_attendance_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "bell",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "timetable", sa.Text(), autoincrement=False, nullable=False, comment="Name of the bell timetable"
        ),
        sa.Column(
            "bell_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the line of the bell timetable",
        ),
        sa.Column("lesson_number", sa.BigInteger(), nullable=True, comment="Number of the lesson in the day"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the line"),
        sa.Column("type", sa.Text(), nullable=True, comment="Kind of the line: lesson, break"),
        sa.Column("starts", sa.Text(), nullable=True, comment="Time of the beginning, HH:MM"),
        sa.Column("ends", sa.Text(), nullable=True, comment="Time of the end, HH:MM"),
        sa.Column("weekdays", sa.Text(), nullable=True, comment="Days of the week (JSON list)"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "timetable", "bell_id", "seen_from", name=op.f("pk_bell")),
    )
    with op.batch_alter_table("bell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bell_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bell_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "checkpoint",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entity", sa.Text(), nullable=False, comment="what the slice asks for"),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="0: school"),
        sa.Column("first_day", sa.Text(), nullable=False, comment="empty: not by days"),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column(
            "answer_digest",
            sa.LargeBinary(length=32),
            nullable=True,
            comment="NULL: parse the next answer anyway",
        ),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "school_id", "entity", "group_id", "first_day", "last_day", name=op.f("pk_checkpoint")
        ),
    )
    op.create_table(
        "class_teacher",
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
        sa.Column("last_name", sa.Text(), nullable=True, comment="Surname"),
        sa.Column("first_name", sa.Text(), nullable=True, comment="Given name"),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Patronymic"),
        sa.Column("short_name", sa.Text(), nullable=True, comment="Short name as the platform shows it"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "group_id", "person_id", "seen_from", name=op.f("pk_class_teacher")
        ),
    )
    with op.batch_alter_table("class_teacher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_teacher_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_class_teacher_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "disclosure",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False, comment="account of the operating system"),
        sa.Column("action", sa.Text(), nullable=False, comment="export or data"),
        sa.Column("scope", sa.Text(), nullable=False, comment="what was given out (JSON)"),
        sa.Column("target", sa.Text(), nullable=False, comment="folder, or stdout"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=True, comment="SHA-256 of the list of files"),
        sa.PrimaryKeyConstraint("school_id", "number", name=op.f("pk_disclosure")),
    )
    op.create_table(
        "edu_group",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the class or subgroup"),
        sa.Column("full_name", sa.Text(), nullable=True, comment="Full name of the class or subgroup"),
        sa.Column("type", sa.Text(), nullable=True, comment="Group (a class) or Subgroup"),
        sa.Column("parallel", sa.BigInteger(), nullable=True, comment="Year of study, 1 to 11"),
        sa.Column(
            "study_year",
            sa.BigInteger(),
            nullable=True,
            comment="Calendar year in which the academic year begins",
        ),
        sa.Column(
            "parent_ids",
            sa.Text(),
            nullable=True,
            comment="Ids of the classes of a subgroup (JSON list of texts)",
        ),
        sa.Column("status", sa.Text(), nullable=True, comment="Active or Archive"),
        sa.Column("timetable_id", sa.BigInteger(), nullable=True, comment="Id of the bell timetable"),
        sa.Column("education_type", sa.Text(), nullable=True, comment="Kind of education"),
        sa.Column("journal_type", sa.Text(), nullable=True, comment="Kind of journal"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "group_id", "seen_from", name=op.f("pk_edu_group")),
    )
    with op.batch_alter_table("edu_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edu_group_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_edu_group_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "final_mark",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the mark"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Id of the person"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False, comment="Id of the subject"),
        sa.Column("period_id", sa.BigInteger(), nullable=True, comment="Id of the reporting period"),
        sa.Column("kind", sa.Text(), nullable=False, comment="period, year, exam, final or unknown"),
        sa.Column("value", sa.Text(), nullable=False, comment="Mark as the platform stores it"),
        sa.Column("text_value", sa.Text(), nullable=True, comment="Mark as the diary shows it"),
        sa.Column("type", sa.Text(), nullable=True, comment="Scale of the mark in the platform's words"),
        sa.Column("work_id", sa.BigInteger(), nullable=False, comment="Id of the work"),
        sa.Column("set_at", sa.Text(), nullable=True, comment="Moment when the mark was set, UTC"),
        sa.Column("set_at_sent", sa.Text(), nullable=True, comment="The same moment as the platform sent it"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "mark_id", "seen_from", name=op.f("pk_final_mark")),
    )
    with op.batch_alter_table("final_mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_final_mark_school_id_group_id"), ["school_id", "group_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_final_mark_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_final_mark_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "ledger",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 ..."),
        sa.Column("kind", sa.Text(), nullable=False, comment="run, snapshot or disclosure"),
        sa.Column("at", sa.Text(), nullable=False, comment="moment, UTC"),
        sa.Column("about", sa.Text(), nullable=False, comment="what the entry vouches for (JSON)"),
        sa.Column("head", sa.LargeBinary(length=32), nullable=False, comment="chained to the entry before"),
        sa.PrimaryKeyConstraint("school_id", "entry", name=op.f("pk_ledger")),
    )
    op.create_table(
        "lesson",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "lesson_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the lesson"
        ),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Id of the subject"),
        sa.Column("day", sa.Text(), nullable=False, comment="Day of the lesson in the school's zone"),
        sa.Column("number", sa.BigInteger(), nullable=True, comment="Number of the lesson in the day"),
        sa.Column("topic", sa.Text(), nullable=True, comment="Topic of the lesson"),
        sa.Column("status", sa.Text(), nullable=True, comment="Status of the lesson in the platform's words"),
        sa.Column("teachers", sa.Text(), nullable=False, comment="Ids of the teachers (JSON list of texts)"),
        sa.Column("place_id", sa.BigInteger(), nullable=True, comment="Id of the room"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "lesson_id", "seen_from", name=op.f("pk_lesson")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lesson_school_id_group_id_day"), ["school_id", "group_id", "day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lesson_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_lesson_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "mark",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the mark"),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="Id of the person"),
        sa.Column("work_id", sa.BigInteger(), nullable=False, comment="Id of the work"),
        sa.Column("lesson_id", sa.BigInteger(), nullable=True, comment="Id of the lesson"),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Id of the subject"),
        sa.Column("day", sa.Text(), nullable=False, comment="Day of the lesson in the school's zone"),
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
        sa.PrimaryKeyConstraint("school_id", "mark_id", "seen_from", name=op.f("pk_mark")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mark_school_id_group_id_day"), ["school_id", "group_id", "day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mark_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mark_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "membership",
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
        sa.Column("status", sa.Text(), nullable=True, comment="Active or Archive"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "group_id", "person_id", "seen_from", name=op.f("pk_membership")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_membership_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "person",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Id of the person's account"),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Surname"),
        sa.Column("first_name", sa.Text(), nullable=True, comment="Given name"),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Patronymic"),
        sa.Column("short_name", sa.Text(), nullable=True, comment="Short name as the platform shows it"),
        sa.Column("sex", sa.Text(), nullable=True, comment="Sex: Male or Female"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "person_id", "seen_from", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "raw_answer",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the answer"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="the answer, zlib"),
        sa.PrimaryKeyConstraint("school_id", "digest", name=op.f("pk_raw_answer")),
    )
    op.create_table(
        "reporting_period",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the class or subgroup",
        ),
        sa.Column(
            "period_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the reporting period",
        ),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="Number of the period as the platform counts"
        ),
        sa.Column("type", sa.Text(), nullable=False, comment="Kind of period: Quarter, HalfYear and others"),
        sa.Column("name", sa.Text(), nullable=True, comment="Name of the period"),
        sa.Column("starts", sa.Text(), nullable=False, comment="First day"),
        sa.Column("ends", sa.Text(), nullable=False, comment="Last day"),
        sa.Column(
            "study_year",
            sa.BigInteger(),
            nullable=True,
            comment="Calendar year in which the academic year begins",
        ),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint(
            "school_id", "group_id", "period_id", "seen_from", name=op.f("pk_reporting_period")
        ),
    )
    with op.batch_alter_table("reporting_period", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_period_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reporting_period_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "run",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="sync or resync"),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False, comment="running, done, partial, interrupted"),
        sa.Column("summary", sa.Text(), nullable=True, comment="counts of the run (JSON)"),
        sa.Column("program", sa.Text(), nullable=False, comment="version of the program"),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run")),
    )
    op.create_table(
        "school",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="Short name of the school"),
        sa.Column("full_name", sa.Text(), nullable=True, comment="Full name of the school"),
        sa.Column("city", sa.Text(), nullable=True, comment="Town"),
        sa.Column("time_zone", sa.Text(), nullable=True, comment="Time zone as the platform gives it"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "seen_from", name=op.f("pk_school")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_school_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "snapshot",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("study_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bag", sa.Text(), nullable=False, comment="name of the bag, with its edition"),
        sa.Column("retention_years", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False, comment="SHA-256 of the tag manifest"),
        sa.Column("run_id", sa.Integer(), nullable=False, comment="sealed as of this run"),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "study_year", "bag", name=op.f("pk_snapshot")),
    )
    op.create_table(
        "subject",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "subject_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the subject"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the subject"),
        sa.Column("knowledge_area", sa.Text(), nullable=True, comment="Area of knowledge"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "subject_id", "seen_from", name=op.f("pk_subject")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subject_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subject_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "teacher",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "person_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the person"
        ),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Surname"),
        sa.Column("first_name", sa.Text(), nullable=True, comment="Given name"),
        sa.Column("middle_name", sa.Text(), nullable=True, comment="Patronymic"),
        sa.Column("short_name", sa.Text(), nullable=True, comment="Short name as the platform shows it"),
        sa.Column("position", sa.Text(), nullable=True, comment="Position"),
        sa.Column("subjects", sa.Text(), nullable=True, comment="Subjects taught, in one line"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "person_id", "seen_from", name=op.f("pk_teacher")),
    )
    with op.batch_alter_table("teacher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teacher_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_teacher_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "work",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("work_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="Id of the work"),
        sa.Column("lesson_id", sa.BigInteger(), nullable=True, comment="Id of the lesson"),
        sa.Column("group_id", sa.BigInteger(), nullable=True, comment="Id of the class or subgroup"),
        sa.Column("subject_id", sa.BigInteger(), nullable=True, comment="Id of the subject"),
        sa.Column("day", sa.Text(), nullable=True, comment="Day of the lesson in the school's zone"),
        sa.Column("type", sa.Text(), nullable=False, comment="Type of the work in the platform's words"),
        sa.Column("work_type_id", sa.BigInteger(), nullable=True, comment="Id of the type of work"),
        sa.Column("mark_type", sa.Text(), nullable=True, comment="Scale of the mark in the platform's words"),
        sa.Column("mark_count", sa.BigInteger(), nullable=True, comment="How many marks the work takes"),
        sa.Column("text", sa.Text(), nullable=True, comment="Text of the work or homework"),
        sa.Column(
            "period_number",
            sa.BigInteger(),
            nullable=True,
            comment="Number of the period as the platform counts",
        ),
        sa.Column(
            "period_type", sa.Text(), nullable=True, comment="Kind of period: Quarter, HalfYear and others"
        ),
        sa.Column("is_important", sa.Boolean(), nullable=True, comment="Marked as important"),
        sa.Column("in_journal", sa.Boolean(), nullable=True, comment="Shown in the journal"),
        sa.Column("status", sa.Text(), nullable=True, comment="Status of the work in the platform's words"),
        sa.Column("target_day", sa.Text(), nullable=True, comment="Day for which the work is set"),
        sa.Column("sent_at", sa.Text(), nullable=True, comment="Moment when the work was given out, UTC"),
        sa.Column(
            "sent_at_sent", sa.Text(), nullable=True, comment="The same moment as the platform sent it"
        ),
        sa.Column("created_by", sa.BigInteger(), nullable=True, comment="Id of the author of the work"),
        sa.Column(
            "files", sa.Text(), nullable=True, comment="Ids of the attached files (JSON list of texts)"
        ),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "work_id", "seen_from", name=op.f("pk_work")),
    )
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_work_school_id_group_id_day"), ["school_id", "group_id", "day"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_work_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_work_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )

    op.create_table(
        "work_type",
        sa.Column("school_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "work_type_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="Id of the type of work",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="Title of the type of work"),
        sa.Column("abbr", sa.Text(), nullable=True, comment="Abbreviation of the type of work"),
        sa.Column("weight", sa.BigInteger(), nullable=True, comment="Weight in the weighted average"),
        sa.Column("kind", sa.Text(), nullable=True, comment="Kind of work in the platform's words"),
        sa.Column("extra", sa.Text(), nullable=True, comment="Fields that this program does not know (JSON)"),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seen_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seen_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "work_type_id", "seen_from", name=op.f("pk_work_type")),
    )
    with op.batch_alter_table("work_type", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_type_seen_from"), ["seen_from"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_work_type_seen_to"),
            ["seen_to"],
            unique=False,
            sqlite_where=sa.text("seen_to IS NOT NULL"),
            postgresql_where=sa.text("seen_to IS NOT NULL"),
        )


def downgrade() -> None:
    """There is no way back: the archive never forgets."""
    raise NotImplementedError

"""A small invented year, 2024/2025, in three nights: two classes, a subgroup of one, a subgroup of both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa

from archive_store import runs, schema
from archive_store.history import Absence, Scope, write
from archive_store.records import (
    Attendance,
    Bell,
    ClassTeacher,
    EduGroup,
    FinalMark,
    Lesson,
    Mark,
    Membership,
    Person,
    ReportingPeriod,
    School,
    Subject,
    Teacher,
    Work,
    WorkType,
)

YEAR = 2024
SCHOOL = 1_000_000_000_901
AT = "2025-06-20T09:00:00Z"  # the moment of closing

# Ids are beyond 2^53: a program that takes them for floating-point numbers does not find them again.
CLASS_A, CLASS_B, ENGLISH_A, SHARED, NEXT_YEAR = (2_400_000_000_000_000_101 + n for n in range(5))
ALGEBRA, ENGLISH, SPORT = (630_000_000_000_000_001 + n for n in range(3))
PUPILS_A, PUPILS_B = [1_000_000_000_001 + n for n in range(4)], [1_000_000_000_005, 1_000_000_000_006]
STAYS, LEFT = 1_000_000_000_501, 1_000_000_000_502
LESSON, WORK, HOMEWORK, MARK, FINAL, FINAL_WORK = ((241 + n) * 10_000_000_000_000_000 for n in range(6))

TOPICS = ['Корни, "часть 1"', "Две\nстроки\r\nи третья", "=СУММ(A1)", "", None, "«Ёлка»; 100 %", " пробел "]
HOMEWORKS = ["п. 12", "", None, "№ 5,\n№ 6", '"']


class Slice(NamedTuple):
    """An answer as the archive receives it."""

    entity: schema.Entity[Any]
    records: list[Any]
    scope: Scope | None = None
    absence: Absence = Absence.UNKNOWN


def _group(group_id: int, name: str, parents: Iterable[int] = (), year: int = YEAR) -> EduGroup:
    ids = ", ".join(f'"{one}"' for one in parents)
    kind = "Subgroup" if ids else "Group"
    return EduGroup(
        group_id, name, None, kind, 9, year, f"[{ids}]" if ids else None, "Active", None, None, None, None
    )


def lesson(number: int, group: int, subject: int, day: str, **more: Any) -> Lesson:
    made = Lesson(
        LESSON + number,
        group,
        subject,
        day,
        1,
        TOPICS[number % len(TOPICS)],
        None,
        f'["{STAYS}"]',
        None,
        None,
    )
    return made._replace(**more)


def work(work_id: int, of: Lesson, kind: str = "DefaultNewLessonWork", text: str | None = None) -> Work:
    return Work(
        work_id, of.lesson_id, of.group_id, of.subject_id, of.day, kind, 1500001, "Mark5", 1, text, 1,
        "Quarter", False, True, "New", of.day, None, None, STAYS, None, None,
    )  # fmt: skip


def mark(number: int, of: Lesson, person: int, value: str = "4") -> Mark:
    return Mark(
        MARK + number, person, WORK + of.lesson_id - LESSON, of.lesson_id, of.group_id, of.subject_id, of.day,
        value, value, "Mark5", 1, 1500001, "Good", True, f"{of.day}T08:41:12.407Z", None, None,
    )  # fmt: skip


def final(number: int, group: int, person: int, kind: str, subject: int = ALGEBRA) -> FinalMark:
    period = 23 if kind == "period" else None
    return FinalMark(
        FINAL + number, person, group, subject, period, kind, "5", "5", "Mark5", FINAL_WORK + number, None,
        None, None,
    )  # fmt: skip


def _final_work(of: FinalMark) -> Work:
    return Work(
        of.work_id, None, of.group_id, of.subject_id, None, "PeriodFinalMark", None, "Mark5", 1, None, 1,
        "Quarter", False, True, "New", None, None, None, STAYS, None, None,
    )  # fmt: skip


LESSONS = [
    *(lesson(n, CLASS_A, ALGEBRA, f"2024-09-{9 + n:02}") for n in range(6)),
    *(lesson(n, ENGLISH_A, ENGLISH, f"2024-11-{9 + n:02}", teachers=f'["{LEFT}"]') for n in range(6, 9)),
    *(lesson(n, SHARED, SPORT, f"2025-02-{9 + n:02}") for n in range(9, 12)),
    *(lesson(n, CLASS_B, ALGEBRA, f"2025-05-{9 + n:02}") for n in range(12, 15)),
]
AFTER = lesson(99, NEXT_YEAR, ALGEBRA, "2025-09-10")
MARKS = [
    mark(1, LESSONS[0], PUPILS_A[0]), mark(2, LESSONS[1], PUPILS_A[1], "5"), mark(3, LESSONS[6], PUPILS_A[0]),
    mark(4, LESSONS[9], PUPILS_A[0]), mark(5, LESSONS[9], PUPILS_B[0]), mark(6, LESSONS[12], PUPILS_B[1]),
    mark(7, AFTER, PUPILS_A[0]),
]  # fmt: skip
FINALS = [
    *(final(n, CLASS_A, PUPILS_A[0], kind)
      for n, kind in enumerate(("period", "year", "exam", "final", "unknown"), start=1)),
    final(6, CLASS_B, PUPILS_B[0], "period"), final(7, CLASS_B, PUPILS_B[0], "year"),
]  # fmt: skip
ATTENDED = [
    Attendance(one.lesson_id, pupil, one.group_id, one.subject_id, one.day, status, *[None] * 4)
    for one, pupil, status in ((LESSONS[0], PUPILS_A[1], "Ill"), (LESSONS[9], PUPILS_B[0], "Late"),
                               (LESSONS[13], PUPILS_B[1], "Absent"))
]  # fmt: skip
TEACHERS = [
    Teacher(STAYS, "Ковалёва", "Мария", "Ивановна", "Мария К", "Учитель", None, None),
    Teacher(LEFT, "Ушедший", "Пётр", None, None, None, None, None),
]
MEMBERS = {
    CLASS_A: PUPILS_A, CLASS_B: PUPILS_B, ENGLISH_A: PUPILS_A[:2], SHARED: [PUPILS_A[0], PUPILS_B[0]],
}  # fmt: skip
CORRECTED, WITHDRAWN = MARKS[0]._replace(value="5", text_value="5"), MARKS[1]

FIRST_NIGHT = [
    Slice(schema.SCHOOL, [School("МБОУ «Школа № 901»", None, "Зареченск", None, None)]),
    Slice(schema.EDU_GROUP, [
        _group(CLASS_A, "9А"), _group(CLASS_B, "9Б"), _group(ENGLISH_A, "9А англ", [CLASS_A]),
        _group(SHARED, "9 спорт", [CLASS_A, CLASS_B]), _group(NEXT_YEAR, "9А", year=YEAR + 1),
    ]),
    Slice(schema.PERSON, [
        Person(one, None, f"Фамилия{one % 10}", "Имя", "" if one % 2 else None, None, None, '{"a": "б"}')
        for one in (*PUPILS_A, *PUPILS_B)
    ]),
    Slice(schema.MEMBERSHIP, [
        Membership(group, one, "Active", None) for group, ids in MEMBERS.items() for one in ids
    ]),
    Slice(schema.CLASS_TEACHER, [
        ClassTeacher(CLASS_A, STAYS, "Ковалёва", "Мария", "Ивановна", None, None),
    ]),
    Slice(schema.TEACHER, TEACHERS),
    Slice(schema.SUBJECT, [
        Subject(ALGEBRA, "Алгебра", None, None), Subject(ENGLISH, "Английский язык", "", None),
        Subject(SPORT, "Физкультура", None, None),
    ]),
    Slice(schema.REPORTING_PERIOD, [
        ReportingPeriod(g, 23, 0, "Quarter", "1 четверть", "2024-09-01", "2024-10-26", YEAR, None)
        for g in (CLASS_A, CLASS_B)
    ]),
    # Databases differ over the order of such names.
    Slice(schema.BELL, [
        Bell(name, 1, 1, "1 урок", "Lesson", "08:30", "09:15", None, None)
        for name in ("b", "B", "а", "Ё", "a")
    ]),
    Slice(schema.WORK_TYPE, [WorkType(1500001, "Работа на уроке", "РУ", 3, None, None)]),
    Slice(schema.LESSON, [*LESSONS, AFTER]),
    Slice(schema.WORK, [
        *(work(WORK + one.lesson_id - LESSON, one) for one in (*LESSONS, AFTER)),
        *(work(HOMEWORK + n, one, "Homework", text)
          for n, (one, text) in enumerate(zip(LESSONS[::3], HOMEWORKS, strict=True))),
        *map(_final_work, FINALS),
    ]),
    Slice(schema.MARK, MARKS),
    Slice(schema.ATTENDANCE, ATTENDED),
    Slice(schema.FINAL_MARK, FINALS),
]  # fmt: skip
SECOND_NIGHT = [  # a mark is corrected, a teacher leaves
    Slice(schema.MARK, [CORRECTED]),
    Slice(schema.TEACHER, TEACHERS[:1], None, Absence.WITHDRAWN),
]
THIRD_NIGHT = [  # a mark is withdrawn
    Slice(
        schema.MARK,
        [CORRECTED],
        Scope((("group_id", (CLASS_A,)),), "2024-09-01", "2024-09-30"),
        Absence.WITHDRAWN,
    )
]
NIGHTS = ((FIRST_NIGHT, "2025-06-01"), (SECOND_NIGHT, "2025-06-02"), (THIRD_NIGHT, "2025-06-03"))


def night(store: sa.Engine, slices: Iterable[Slice], day: str) -> None:
    """A run that brings slices."""
    at = f"{day}T20:00:00Z"
    with store.begin() as connection:
        run_id = runs.begin(connection, SCHOOL, "sync", at, "test")
        for one in slices:
            write(connection, one.entity, SCHOOL, run_id, one.records, one.scope, one.absence)
        runs.end(connection, SCHOOL, run_id, at, "done", {})


def fill(store: sa.Engine) -> sa.Engine:
    """All three nights."""
    for slices, day in NIGHTS:
        night(store, slices, day)
    return store


def fill_in_another_order(store: sa.Engine) -> sa.Engine:
    """The same three nights; within each, slices and records come the other way round."""
    for slices, day in NIGHTS:
        night(store, [one._replace(records=one.records[::-1]) for one in reversed(slices)], day)
    return store

"""The matrix of completeness: FORMS §13, with its hand example."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store.forms import completeness
from archive_store.forms.averages import written
from archive_store.forms.class_record import load
from archive_store.forms.completeness import Filled, SchoolCompleteness
from archive_store.forms.counts import per_cent
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _school(*classes: InventedClass) -> SchoolCompleteness:
    def one(of: InventedClass) -> completeness.ClassCompleteness:
        record = load(of.connection, of.at(), of.edu_group)
        groups = [group.group_id for group in record.groups]
        noted = completeness.lessons_with_attendance(of.connection, of.at(), groups)
        return completeness.of_class(record, noted)

    return completeness.of_school(map(one, classes))


def test_the_hand_example(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    answers = invented.work_type("Работа на уроке", "РУ", 1)
    for day in range(1, 17):
        lesson = invented.lesson(
            maths,
            f"2025-09-{day:02}",
            topic="Дроби",
            homework="§ 12" if day <= 14 else None,
            work_type=answers if day <= 9 else None,
        )
        if day <= 9:
            invented.mark(lesson, anna, "4")
        if day <= 7:
            invented.attendance(lesson, anna, "Attend")
    invented.write()
    total = _school(invented).total
    assert total == Filled(held=16, topics=16, due=16, homework=14, worked=9, described=9, attended=7)
    shares = [per_cent(part, 16) for part in (total.topics, total.homework, total.worked, total.attended)]
    assert [written(one, 2) for one in shares if one] == ["100,00", "87,50", "56,25", "43,75"]


def test_only_what_was_held_counts_and_by_month(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    for day in ("2025-09-30", "2025-10-01", "2025-10-02"):
        invented.lesson(maths, day, topic="Дроби" if day < "2025-10-02" else "  ")
    invented.lesson(maths, "2025-10-03", status="Cancelled", topic="Дроби")
    invented.lesson(maths, "2025-10-20", topic="Дроби")
    invented.write("2025-10-05T22:00:00Z")
    school = _school(invented)
    months = {month: (one.held, one.topics) for month, one in school.by_month.items()}
    assert months == {"2025-09": (1, 1), "2025-10": (2, 1)}
    assert school.total.held == sum(held for held, _topics in months.values())


def test_an_entry_that_says_nothing_is_no_attendance(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day, status in (("2025-09-01", "NotSet"), ("2025-09-02", ""), ("2025-09-03", "Attend")):
        invented.attendance(invented.lesson(maths, day), anna, status)
    invented.write()
    total = _school(invented).total
    assert (total.held, total.attended) == (3, 1)


def test_the_plain_work_of_every_lesson_and_a_promise_are_no_result(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.work(invented.lesson(maths, "2025-09-01"), "DefaultNewLessonWork")
    promised = invented.lesson(maths, "2025-09-02")
    invented.mark(promised, anna, ".")
    invented.write()
    assert _school(invented).total.worked == 0


def test_a_mark_for_a_work_without_a_type_or_text_is_not_described(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    bare, told = invented.lesson(maths, "2025-09-01"), invented.lesson(maths, "2025-09-02")
    for lesson in (bare, told):
        invented.mark(lesson, anna, "5")
    invented.work(told, "CommonWork", text="Проект «Мой город»")
    invented.write()
    total = _school(invented).total
    assert (total.worked, total.described) == (2, 1)
    record = load(invented.connection, invented.at(), invented.edu_group)
    found = {one.lesson.lesson_id: one for one in completeness.gaps(record)}
    assert (found[bare.lesson_id].not_described, found[told.lesson_id].not_described) == (True, False)


def test_a_first_grade_owes_no_marks_and_no_homework(connection: sa.Connection) -> None:
    first = InventedClass(connection, "1А", parallel=1)
    first.lesson(first.subject("Окружающий мир"), "2025-09-01", topic="Осень")
    first.write()
    total = _school(first).total
    assert (total.held, total.topics, total.due) == (1, 1, 0)
    assert per_cent(total.homework, total.due) is None


def test_a_subgroup_of_two_classes_is_in_both_and_once_in_the_school(invented: InventedClass) -> None:
    english = invented.subject("Английский язык")
    other = invented.group("7В")
    common = invented.group("7БВ англ.", (invented.class_id, other))
    invented.lesson(english, "2025-09-01", group=common, topic="My town")
    invented.lesson(english, "2025-09-01", group=other, topic="My street")
    invented.write()
    sibling = InventedClass.__new__(InventedClass)
    sibling.connection, sibling.name = invented.connection, "7В"
    school = _school(invented, sibling)
    assert [one.total.held for one in school.classes] == [1, 2]
    assert school.total.held == 2


def test_a_class_without_lessons_has_no_shares(invented: InventedClass) -> None:
    invented.write()
    total = _school(invented).total
    assert total == Filled()
    assert per_cent(total.topics, total.held) is None

"""The record for people who work with data: every record once, ids as text, names beside ids."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.asof import AsOf
from archive_store.catalogue import find_class, find_subject, folded, the_school
from archive_store.data import DATA_SETS, Row, Selection, rows
from archive_store.errors import UnknownGroup, UnknownSchool, UnknownSubject, UnknownYear
from archive_store.history import Absence, write
from archive_store.records import (
    Attendance,
    CriteriaMark,
    CriteriaSection,
    CriteriaTotal,
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
    ThematicMark,
    Work,
    WorkType,
)

SCHOOL = 1_000_000_000_901
CLASS, SUBGROUP, OTHER = (2_400_000_000_000_000_101 + n for n in range(3))
ALGEBRA, ENGLISH = 630_000_000_000_001, 630_000_000_000_002
PUPIL, TEACHER = 1_000_000_000_001, 1_000_000_000_501
DOCS = Path(__file__).parents[2] / "docs" / "data.md"


def _group(group_id: int, name: str, year: int, parents: str | None = None) -> EduGroup:
    return EduGroup(group_id, name, None, "Group", 9, year, parents, "Active", None, None, None, None)


def _lesson(lesson_id: int, group: int, subject: int, day: str) -> Lesson:
    return Lesson(lesson_id, group, subject, day, 1, "Topic", None, f'["{TEACHER}"]', None, None)


def _work(work_id: int, lesson: Lesson, kind: str, text: str | None) -> Work:
    return Work(
        work_id, lesson.lesson_id, lesson.group_id, lesson.subject_id, lesson.day, kind, 1500001, "Mark5", 1,
        text, 1, "Quarter", False, True, "New", lesson.day, None, None, TEACHER, None, None,
    )  # fmt: skip


@pytest.fixture
def archive(store: sa.Engine) -> sa.Engine:
    """A class with a subgroup in 2025, the same class name in 2024, one pupil, one teacher who left."""
    first = _lesson(2_410_000_000_000_000_001, CLASS, ALGEBRA, "2025-09-10")
    second = _lesson(2_410_000_000_000_000_002, SUBGROUP, ENGLISH, "2025-10-10")
    before = _lesson(2_410_000_000_000_000_003, OTHER, ALGEBRA, "2025-05-10")
    mark = Mark(
        2_430_000_000_000_000_001, PUPIL, 2_420_000_000_000_000_001, first.lesson_id, CLASS, ALGEBRA,
        first.day, "4-", "4-", "Mark5", 1, 1500001, "Good", True, "2025-09-10T08:41:12.407Z",
        "2025-09-10T08:41:12.407", None,
    )  # fmt: skip
    final = FinalMark(
        2_430_000_000_000_000_009,
        PUPIL,
        CLASS,
        ALGEBRA,
        23,
        "period",
        "4",
        "4",
        "Mark5",
        77,
        None,
        None,
        None,
    )
    with store.begin() as connection:
        for entity, records in (
            (schema.SCHOOL, [School("School", None, None, None, None)]),
            (schema.EDU_GROUP, [
                _group(CLASS, "9А", 2025), _group(SUBGROUP, "9А англ", 2025, f'["{CLASS}"]'),
                _group(OTHER, "9А", 2024),
            ]),
            (schema.PERSON, [Person(PUPIL, None, "Агапов", "Иван", "Саввич", "Иван А", "Male", None)]),
            (schema.MEMBERSHIP, [Membership(CLASS, PUPIL, "Active", None)]),
            (schema.SUBJECT, [
                Subject(ALGEBRA, "Алгебра", None, None), Subject(ENGLISH, "Английский язык", None, None),
            ]),
            (schema.WORK_TYPE, [WorkType(1500001, "Работа на уроке", "РУ", 3, None, None)]),
            (schema.REPORTING_PERIOD, [
                ReportingPeriod(CLASS, 23, 0, "Quarter", "1 четверть", "2025-09-01", "2025-10-26", 2025, None)
            ]),
            (schema.LESSON, [first, second, before]),
            (schema.WORK, [_work(2_420_000_000_000_000_001, first, "DefaultNewLessonWork", None),
                           _work(2_420_000_000_000_000_002, first, "Homework", "п. 12")]),
            (schema.MARK, [mark]),
            (schema.ATTENDANCE, [
                Attendance(first.lesson_id, PUPIL, CLASS, ALGEBRA, first.day, "Ill", None, None, None, None)
            ]),
            (schema.FINAL_MARK, [final]),
            (schema.THEMATIC_MARK, [ThematicMark(
                2_450_000_000_000_000_001, PUPIL, 78, None, CLASS, ALGEBRA, "4", "4", "Mark5", 1, 1500001,
                "Good", False, None, None, None,
            )]),
            (schema.CRITERIA_MARK, [
                CriteriaMark(2_470_000_000_000_000_001, PUPIL, CLASS, ALGEBRA, 23, 1, 14, None, None, None)
            ]),
            (schema.CRITERIA_TOTAL, [CriteriaTotal(CLASS, ALGEBRA, 23, PUPIL, 0, "4")]),
            (schema.CRITERIA_SECTION, [CriteriaSection(CLASS, ALGEBRA, 23, "[]")]),
            (schema.TEACHER, [
                Teacher(TEACHER, "Ковалёва", "Мария", "Ивановна", "Мария К", "Учитель", None, None),
            ]),
        ):  # fmt: skip
            write(connection, entity, SCHOOL, 1, records, absence=Absence.UNKNOWN)
        write(connection, schema.TEACHER, SCHOOL, 2, [])  # she has left the school
        write(connection, schema.MARK, SCHOOL, 2, [mark._replace(value="5")], absence=Absence.UNKNOWN)
    return store


def printed(
    archive: sa.Engine, name: str, selection: Selection | None = None, run: int | None = None
) -> list[Row]:
    at = AsOf(SCHOOL) if run is None else AsOf(SCHOOL, run)
    with archive.connect() as connection:
        return list(rows(connection, DATA_SETS[name], at, selection or Selection()))


def test_a_mark_with_the_names_that_its_ids_stand_for(archive: sa.Engine) -> None:
    (row,) = printed(archive, "marks")
    assert row["mark_id"] == "2430000000000000001"
    assert (row["value"], row["day"], row["set_at"]) == ("5", "2025-09-10", "2025-09-10T08:41:12.407Z")
    names = (row["person_name"], row["group_name"], row["subject_name"], row["work_type_weight"])
    assert names == ("Агапов Иван Саввич", "9А", "Алгебра", 3)


@pytest.mark.parametrize("name", DATA_SETS)
def test_a_row_has_exactly_the_documented_columns_and_no_number_is_an_id(
    archive: sa.Engine, name: str
) -> None:
    found = printed(archive, name)
    assert found
    for row in found:
        assert list(row) == list(DATA_SETS[name].columns())
        assert not any(isinstance(value, int) and abs(value) > 2**31 for value in row.values())


def test_the_record_as_it_was(archive: sa.Engine) -> None:
    assert [row["value"] for row in printed(archive, "marks", run=1)] == ["4-"]
    assert printed(archive, "marks", run=0) == []


def test_a_teacher_who_has_left_still_has_a_name(archive: sa.Engine) -> None:
    assert {row["teacher_names"] for row in printed(archive, "lessons")} == {"Ковалёва Мария Ивановна"}


@pytest.mark.parametrize(
    ("selection", "days"),
    [
        (Selection(), ["2025-05-10", "2025-09-10", "2025-10-10"]),
        (Selection(study_year=2025), ["2025-09-10", "2025-10-10"]),
        (Selection(study_year=2025, group="9a"), ["2025-09-10", "2025-10-10"]),
        (Selection(group="9А"), ["2025-05-10", "2025-09-10", "2025-10-10"]),
        (Selection(first_day="2025-09-10", last_day="2025-09-10"), ["2025-09-10"]),
        (Selection(study_year=2025, last_day="2025-09-30"), ["2025-09-10"]),
    ],
)
def test_lessons_are_chosen_by_year_class_and_days(
    archive: sa.Engine, selection: Selection, days: list[str]
) -> None:
    assert [row["day"] for row in printed(archive, "lessons", selection)] == days


def test_homework_is_the_works_of_that_type(archive: sa.Engine) -> None:
    assert [row["text"] for row in printed(archive, "homework")] == ["п. 12"]


def test_a_years_pupils_are_the_members_of_its_groups(archive: sa.Engine) -> None:
    assert len(printed(archive, "persons", Selection(study_year=2025))) == 1
    assert printed(archive, "persons", Selection(study_year=2024)) == []


def test_unknown_names_are_told_with_what_there_is(archive: sa.Engine) -> None:
    with pytest.raises(UnknownYear) as year:
        printed(archive, "marks", Selection(study_year=2019))
    assert year.value.known == [2024, 2025]
    with pytest.raises(UnknownGroup) as group:
        printed(archive, "marks", Selection(study_year=2025, group="9Я"))
    assert group.value.known == ["9А"]
    with archive.connect() as connection:
        at = AsOf(SCHOOL)
        assert find_class(connection, at, 2025, "9 «a»").group_id == CLASS
        assert find_subject(connection, at, "алгебра") == ALGEBRA
        with pytest.raises(UnknownSubject):
            find_subject(connection, at, "Химия")
        assert the_school(connection) == SCHOOL
        with pytest.raises(UnknownSchool):
            the_school(connection, 5)


def test_class_names_are_found_on_either_keyboard() -> None:
    assert folded("9A") == folded("9а") == folded("9 А") == folded("«9-А»")
    assert folded("9А") != folded("9Б")


@pytest.mark.parametrize("name", DATA_SETS)
def test_every_column_is_documented(name: str) -> None:
    section = DOCS.read_text(encoding="utf-8").split(f"## {name}\n")[1].split("\n## ")[0]
    documented = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert documented == list(DATA_SETS[name].columns())

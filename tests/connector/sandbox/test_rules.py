"""What holds in every invented school: the timetable, memberships, marks of each year of study."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from connector.sandbox import School, SchoolParameters
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.marking import mark_type, mood
from connector.sandbox.wire.groups import membership_status, shown_members

if TYPE_CHECKING:
    from connector.sandbox.journal import Journal

KINDS = {
    "DefaultNewLessonWork",
    "CommonWork",
    "LessonTestWork",
    "LessonExamination",
    "LessonComposition",
    "LessonByHeart",
    "LaboratoryWork",
    "Homework",
    "PeriodMark",
    "PeriodFinalMark",
    "Exam",
}


@pytest.fixture(params=[2024, 2025])
def journal(request: pytest.FixtureRequest, default_school: School) -> Journal:
    return default_school.journal(request.param)


def test_nobody_teaches_two_lessons_at_one_time(journal: Journal) -> None:
    at = Counter((le.day, le.number, le.teacher) for le in journal.lessons if le.number is not None)
    assert max(at.values()) == 1


def test_a_pupil_has_one_lesson_at_a_time(journal: Journal) -> None:
    groups = journal.groups
    by_group: dict[int, set[int]] = {}
    for group in groups:
        by_group[group.index] = {m.pupil.person.index for m in group.members if m.last is None}
    seen: Counter[tuple[int, int, int]] = Counter()
    week = [le for le in journal.lessons if le.number and le.day in _week(journal.year)]
    for lesson in week:
        seen.update((lesson.day, lesson.number, pupil) for pupil in by_group[lesson.group])
    assert max(seen.values()) == 1


def _week(year: int) -> range:
    monday = date(year, 12, 8).toordinal()
    return range(monday, monday + 7)


def test_subgroups_of_a_class_meet_at_one_number_with_different_teachers(journal: Journal) -> None:
    parts: dict[tuple[int, ...], list] = {}
    for lesson in journal.lessons:
        group = journal.groups[lesson.group]
        if len(group.parents) == 1 and lesson.number:
            key = (group.parents[0], lesson.subject, lesson.day, lesson.number)
            parts.setdefault(key, []).append(lesson)
    assert parts
    for lessons in parts.values():
        assert len(lessons) == 2
        assert lessons[0].teacher != lessons[1].teacher


def test_one_subgroup_unites_two_classes(journal: Journal) -> None:
    united = [group for group in journal.groups if len(group.parents) == 2]
    assert {group.grade for group in united} == {10, 11}
    for group in united:
        parents = {
            parent for m in group.members for parent in group.parents
            if m.pupil in [x.pupil for x in journal.groups[parent].members]
        }  # fmt: skip
        assert parents == set(group.parents)


def test_marks_and_attendance_stay_inside_the_membership(journal: Journal) -> None:
    days: dict[tuple[int, int], tuple[int, int]] = {}
    for group in journal.groups:
        for member in group.members:
            last = member.last.toordinal() if member.last else 10**9
            days[group.index, member.pupil.person.index] = (member.first.toordinal(), last)
    for mark in journal.marks:
        work = journal.works[mark.work]
        first, last = days[work.group, mark.person]
        assert first <= work.day
        assert work.lesson < 0 or work.day <= last
    for entries in journal.entries_of.values():
        for entry in entries:
            lesson = journal.lessons[entry.lesson]
            first, last = days[lesson.group, entry.person]
            assert first <= lesson.day <= last


def test_the_first_year_of_study_is_not_marked(journal: Journal) -> None:
    marked = Counter(journal.groups[journal.works[mark.work].group].grade for mark in journal.marks)
    assert set(marked) == set(range(2, 12))


def test_who_is_ill_gets_a_mark_only_to_make_up_for_written_work(journal: Journal) -> None:
    ill = {
        (entry.lesson, entry.person)
        for entries in journal.entries_of.values()
        for entry in entries
        if entry.status == "Ill"
    }
    marks = [m for m in journal.marks if (journal.works[m.work].lesson, m.person) in ill]
    assert 0 < len(marks) < len(ill) / 10
    assert {WORK_KINDS[journal.works[m.work].kind].kind for m in marks}.isdisjoint(
        {"DefaultNewLessonWork", "Homework"}
    )


def test_every_value_the_api_lists_occurs(journal: Journal) -> None:
    works, marks = journal.works, journal.marks
    assert {WORK_KINDS[work.kind].kind for work in works} == KINDS
    assert {work.period_type for work in works} == {"Quarter", "HalfYear", "Year"}
    assert {entry.status for own in journal.entries_of.values() for entry in own} == {
        "Attend", "Absent", "Ill", "Late", "Pass",
    }  # fmt: skip
    values = {mark.value for mark in marks}
    assert {mark_type(value) for value in values} == {
        "Mark5", "Test", "MarkNA", "MarkDismiss", "NotSet",
    }  # fmt: skip
    assert {mood(value) for value in values} == {"Good", "Average", "Bad", "NotSet"}
    assert {"5-", "4+", "зач", "незач", "н/а", "ОСВ", "."} <= values
    assert {mark.number for mark in marks} == {1, 2}


def test_the_awkward_lessons_occur(journal: Journal) -> None:
    lessons = journal.lessons
    titles = {lesson.title for lesson in lessons}
    assert None in titles
    texts = [title for title in titles if title]
    assert any(len(text) > 500 for text in texts)
    assert any(text.startswith("=") for text in texts)
    assert any("\n" in text for text in texts)
    assert any("<b>" in text and "&" in text for text in texts)
    assert len(texts) > 800
    assert any(lesson.number is None for lesson in lessons)
    assert any(lesson.cancelled for lesson in lessons)


def test_pupils_come_leave_and_change_class(default_school: School, journal: Journal) -> None:
    default_school_rows = [
        membership_status(default_school, member)
        for group in journal.groups
        for member in shown_members(default_school, group)
    ]
    assert set(default_school_rows) == {"Active", "Archive"}
    classes: dict[int, list] = {}
    for group in journal.classes():
        for member in group.members:
            classes.setdefault(member.pupil.person.index, []).append(member)
    changed = [rows for rows in classes.values() if len(rows) == 2]
    assert changed
    for rows in changed:
        old, new = sorted(rows, key=lambda member: member.first)
        assert old.last is not None
        assert old.last < new.first


def test_pupils_move_up_a_year(default_school: School) -> None:
    past, now = default_school.journal(2024), default_school.journal(2025)
    grade_then = {m.pupil.person.index: g.grade for g in past.classes() for m in g.members}
    moved = 0
    for group in now.classes():
        for member in group.members:
            then = grade_then.get(member.pupil.person.index)
            assert then in (None, group.grade - 1)
            moved += then is not None
    assert moved > 800


def test_two_pupils_have_equal_full_names_and_some_have_no_patronymic_or_account(
    default_school: School,
) -> None:
    people = [pupil.person for pupil in default_school.pupils]
    names = Counter((p.last, p.first, p.middle) for p in people)
    assert max(names.values()) >= 2
    assert any(p.middle is None for p in people)
    assert any(not p.account for p in people)


def test_a_default_year_has_the_marks_of_a_real_one(default_school: School) -> None:
    journal = default_school.journal(2024)
    assert 150_000 <= len(journal.marks) <= 250_000
    assert len(journal.classes()) == 40


@pytest.mark.parametrize("pupils", [12, 13, 30, 66, 100, 301])
def test_a_school_of_any_size_can_be_built(pupils: int) -> None:
    school = School(SchoolParameters(pupils=pupils, seed=9, years=(2024, 2025)))
    for year in (2024, 2025):
        journal = school.journal(year)
        assert journal.lessons
        assert any(journal.marks)
    today = date(2026, 5, 20)
    present = {m.pupil.person.index for g in journal.classes() for m in g.members if m.on(today)}
    assert abs(len(present) - pupils) <= 1


def test_a_school_may_be_too_small() -> None:
    with pytest.raises(ValueError, match="at least 12"):
        SchoolParameters(pupils=3)


def test_seniors_may_have_a_six_day_week() -> None:
    school = School(SchoolParameters(pupils=30, years=(2025,), six_day_seniors=True))
    journal = school.journal(2025)
    saturday = {
        journal.groups[le.group].grade
        for le in journal.lessons
        if date.fromordinal(le.day).weekday() == 5 and le.number
    }
    assert saturday
    assert saturday <= {10, 11}

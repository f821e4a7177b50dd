"""The class journal says what the record holds: every lesson, every mark, every absence, once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from archive_store import schema
from archive_store.forms import class_journal
from archive_store.forms.class_journal import ClassJournal
from archive_store.forms.spread import Section
from invented_class import InventedClass


@pytest.fixture
def invented(connection: sa.Connection) -> InventedClass:
    return InventedClass(connection)


def _journal(invented: InventedClass, **options: int) -> ClassJournal:
    return class_journal.build(invented.connection, invented.write(), invented.edu_group, **options)


def _only_section(invented: InventedClass, **options: int) -> Section:
    (section,) = _journal(invented, **options).sections
    return section


def _texts(section: Section) -> list[list[str]]:
    """Rows of the section's cells, its spreads side by side, finals where they stand."""
    rows: list[list[str]] = [[] for _ in section.pupils]
    for spread in section.spreads:
        for row, cells, finals in zip(rows, spread.cells, spread.final_cells, strict=True):
            row.extend(cell.text for cell in (*cells, *finals))
    return rows


def test_marks_and_absences_stand_in_the_cell_of_pupil_and_lesson(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    monday, tuesday = invented.lesson(maths, "2025-09-01"), invented.lesson(maths, "2025-09-02")
    invented.mark(monday, anna, "5-")
    invented.attendance(monday, boris, "Absent")
    invented.attendance(tuesday, anna, "Late")
    invented.mark(tuesday, anna, "4")
    invented.attendance(tuesday, boris, "Attend")
    section = _only_section(invented)
    assert [pupil.name for pupil in section.pupils] == ["Агапова Анна", "Бекетов Борис"]
    assert _texts(section) == [["5-", "О 4", ""], ["Н", "", ""]]


@pytest.mark.parametrize(("status", "letter"), [("Absent", "Н"), ("Ill", "Б"), ("Pass", "П"), ("Late", "О")])
def test_each_kind_of_absence_has_its_letter(invented: InventedClass, status: str, letter: str) -> None:
    lesson = invented.lesson(invented.subject("Музыка"), "2025-09-01")
    invented.attendance(lesson, invented.pupil("Агапова", "Анна"), status)
    assert _texts(_only_section(invented))[0][0] == letter


def test_several_marks_stand_in_the_order_of_time(invented: InventedClass) -> None:
    lesson = invented.lesson(invented.subject("Физика"), "2025-09-01")
    anna = invented.pupil("Агапова", "Анна")
    invented.mark(lesson, anna, "3", set_at="2025-09-09T08:00:00Z")
    invented.mark(lesson, anna, "5", set_at="2025-09-01T08:00:00Z", number=2)
    invented.mark(lesson, anna, "4", set_at="2025-09-01T08:00:00Z", number=1)
    assert _texts(_only_section(invented))[0][0] == "4/5/3"


def test_two_lessons_of_one_day_are_two_columns_in_the_order_of_the_day(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    invented.lesson(maths, "2025-09-01", number=None, topic="без номера")
    invented.lesson(maths, "2025-09-01", number=3, topic="третий")
    invented.lesson(maths, "2025-09-01", number=2, topic="второй")
    topics = [lesson.topic for lesson in _only_section(invented).lessons]
    assert topics == ["второй", "третий", "без номера"]


def test_counts_are_those_of_the_record(invented: InventedClass) -> None:
    invented.quarters()
    subjects = [invented.subject(name) for name in ("Алгебра", "Биология", "Химия")]
    pupils = [invented.pupil(name, "Анна") for name in ("Агапова", "Белова", "Ёлкина")]
    for day in range(1, 29):
        for subject in subjects:
            lesson = invented.lesson(subject, f"2025-09-{day:02}")
            for pupil in pupils[: day % 4]:
                invented.mark(lesson, pupil, "4")
            invented.attendance(lesson, pupils[day % 3], "Ill" if day % 2 else "Attend")
    sections = _journal(invented).sections
    held = invented.records
    assert sum(len(one.lessons) for one in sections) == len(held[schema.LESSON]) == 84
    assert sum(one.mark_count for one in sections) == len(held[schema.MARK])
    assert sum(one.absence_count for one in sections) == sum(
        one.status != "Attend" for one in held[schema.ATTENDANCE]
    )


def test_a_long_period_is_cut_in_even_spreads_with_the_final_on_the_last(invented: InventedClass) -> None:
    (first, *_) = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in range(1, 25):
        invented.lesson(maths, f"2025-09-{day:02}")
    invented.final(maths, anna, "5", first)
    spreads = _only_section(invented, lessons_per_spread=10).spreads
    assert [(len(one.lessons), len(one.finals)) for one in spreads] == [(9, 0), (9, 0), (6, 1)]
    assert [one.period.name for one in spreads if one.period] == ["1 четверть"] * 3


def test_finals_follow_the_last_lesson_of_their_period(invented: InventedClass) -> None:
    first, second, third, fourth = invented.quarters()
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in ("2025-09-10", "2025-11-10", "2026-02-10", "2026-04-10"):
        invented.mark(invented.lesson(maths, day), anna, "3")
    for period, value in ((first, "2"), (second, "3"), (third, "4"), (fourth, "5")):
        invented.final(maths, anna, value, period)
    invented.final(maths, anna, "4", kind="year")
    invented.final(maths, anna, "5", kind="exam")
    invented.final(maths, anna, "осв", kind="final")
    section = _only_section(invented)
    assert _texts(section) == [["3", "2", "3", "3", "3", "4", "3", "5", "4", "5", "осв"]]
    assert [column.name for column in section.spreads[-1].finals] == ["4 четверть", "Year", "Exam", "Final"]


def test_half_years_beside_quarters_add_columns_and_cut_nothing(invented: InventedClass) -> None:
    invented.quarters()
    half = invented.period("1 полугодие", "2025-09-01", "2025-12-30", "HalfYear")
    invented.period("Год", "2025-09-01", "2026-05-26", "Year")
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    for day in ("2025-09-10", "2025-11-10"):
        invented.lesson(maths, day)
    invented.final(maths, anna, "4", half)
    spreads = _only_section(invented).spreads
    assert [[column.name for column in one.finals] for one in spreads] == [
        ["1 четверть"],
        ["2 четверть", "1 полугодие"],
    ]


def test_a_mark_of_the_period_that_is_the_whole_year_is_a_mark_of_the_year(invented: InventedClass) -> None:
    invented.quarters()
    year = invented.period("Год", "2025-09-01", "2026-05-26", "Year")
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    invented.final(maths, anna, "5", year)
    (spread,) = _only_section(invented).spreads
    assert [column.name for column in spread.finals] == ["Year"]


def test_a_period_without_a_name_is_numbered_within_its_kind(invented: InventedClass) -> None:
    invented.period(None, "2025-09-01", "2025-12-30", "HalfYear")
    invented.period(None, "2026-01-10", "2026-05-26", "HalfYear")
    maths = invented.subject("Математика")
    invented.lesson(maths, "2026-02-02")
    (spread,) = _only_section(invented).spreads
    assert spread.period is not None
    assert spread.period.name == "half-year 2"


def test_lessons_between_and_after_the_periods_are_kept(invented: InventedClass) -> None:
    invented.quarters()
    maths = invented.subject("Математика")
    for day in ("2025-10-30", "2026-06-15"):
        invented.lesson(maths, day)
    spreads = _only_section(invented).spreads
    assert [(one.period.name if one.period else None, len(one.lessons)) for one in spreads] == [
        ("2 четверть", 1),
        (None, 1),
    ]


def test_the_class_comes_before_its_subgroups_and_each_has_its_own_pupils(invented: InventedClass) -> None:
    english = invented.subject("Английский язык")
    first, second = invented.subgroup("7Б/1"), invented.subgroup("7Б/2")
    anna = invented.pupil("Агапова", "Анна", groups=(invented.class_id, first))
    boris = invented.pupil("Бекетов", "Борис", groups=(invented.class_id, second))
    for group in (second, first, invented.class_id):
        invented.lesson(english, "2025-09-01", group=group)
    invented.final(english, anna, "5")
    sections = _journal(invented).sections
    assert [one.title for one in sections] == [
        "Английский язык",
        "Английский язык (7Б/1)",
        "Английский язык (7Б/2)",
    ]
    assert [[pupil.person_id for pupil in one.pupils] for one in sections] == [[anna, boris], [anna], [boris]]


def test_a_final_filed_under_the_class_stands_in_the_subgroup_that_teaches(invented: InventedClass) -> None:
    english = invented.subject("Английский язык")
    first, second = invented.subgroup("7Б/1"), invented.subgroup("7Б/2")
    anna = invented.pupil("Агапова", "Анна", groups=(invented.class_id, first))
    invented.member(second, anna, status="Archive")  # she changed over
    for group in (first, second):
        invented.lesson(english, "2025-09-01", group=group)
    invented.final(english, anna, "5")
    assert [one.final_count for one in _journal(invented).sections] == [1, 0]


def test_a_final_that_has_no_section_does_not_draw_others_to_itself(invented: InventedClass) -> None:
    english = invented.subject("Английский язык")
    group = invented.subgroup("7Б/1")
    stranger = invented.pupil("Бекетов", "Борис")  # in no subgroup
    anna = invented.pupil("Агапова", "Анна", groups=(invented.class_id, group))
    invented.lesson(english, "2025-09-01", group=group)
    invented.final(english, stranger, "4")
    invented.final(english, anna, "5")
    finals = {one.title: one.final_count for one in _journal(invented).sections}
    assert finals == {"Английский язык": 1, "Английский язык (7Б/1)": 1}


def test_a_final_of_a_subject_without_lessons_is_not_lost(invented: InventedClass) -> None:
    invented.final(invented.subject("Родной язык"), invented.pupil("Агапова", "Анна"), "5")
    assert _texts(_only_section(invented)) == [["5"]]


def test_a_pupil_of_another_class_in_a_common_subgroup_is_marked(invented: InventedClass) -> None:
    other_class = invented.group("7В")
    common = invented.group("7БВ/технология", (invented.class_id, other_class))
    invented.pupil("Агапова", "Анна", groups=(invented.class_id, common))
    invented.pupil("Власов", "Вадим", groups=(other_class, common))
    invented.lesson(invented.subject("Технология"), "2025-09-01", group=common)
    journal = _journal(invented)
    assert [one.class_name for one in journal.sections[0].pupils] == [None, "7В"]
    assert [line.pupil.name for line in journal.roster] == ["Агапова Анна"]


def test_who_has_left_keeps_marks_and_is_noted(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    lesson = invented.lesson(maths, "2025-09-01")
    invented.pupil("Агапова", "Анна")
    archived = invented.pupil("Бекетов", "Борис", status="Archive")
    gone = invented.pupil("Власов", "Вадим", groups=())
    for pupil in (archived, gone):
        invented.mark(lesson, pupil, "3")
    assert [(one.name, one.has_left) for one in _only_section(invented).pupils] == [
        ("Агапова Анна", False),
        ("Бекетов Борис", True),
        ("Власов Вадим", True),
    ]


def test_who_is_no_longer_on_any_roster_keeps_the_name(invented: InventedClass) -> None:
    anna = invented.pupil("Агапова", "Анна")
    invented.mark(invented.lesson(invented.subject("Математика"), "2025-09-01"), anna, "5")
    invented.write("2025-09-01T22:00:00Z")
    invented.withdraw_all(schema.PERSON, schema.MEMBERSHIP)
    journal = class_journal.build(invented.connection, invented.at(), invented.edu_group)
    assert [(one.name, one.has_left) for one in journal.sections[0].pupils] == [("Агапова Анна", True)]


def test_namesakes_are_told_apart_by_the_patronymic(invented: InventedClass) -> None:
    invented.lesson(invented.subject("Математика"), "2025-09-01")
    invented.pupil("Орлов", "Пётр", "Ильич")
    invented.pupil("Орлов", "Пётр", "Андреевич")
    invented.pupil("Орлов", "Иван", "Андреевич")
    assert [one.name for one in _only_section(invented).pupils] == [
        "Орлов Иван",
        "Орлов Пётр Андреевич",
        "Орлов Пётр Ильич",
    ]


def test_teachers_of_the_section_and_their_substitutes(invented: InventedClass) -> None:
    maths = invented.subject("Математика")
    own = invented.teacher("Иванова", "Мария", "Петровна")
    other = invented.teacher("Орлов", "Пётр", "Ильич")
    for day, teacher in (("2025-09-01", own), ("2025-09-02", other), ("2025-09-03", own)):
        invented.lesson(maths, day, teachers=[teacher])
    section = _only_section(invented)
    assert section.teachers == ("Иванова Мария Петровна",)
    assert [one.substitutes for one in section.lessons] == [(), ("Орлов П. И.",), ()]


def test_a_teacher_without_a_name_on_record_is_shown_by_id(invented: InventedClass) -> None:
    invented.lesson(invented.subject("Математика"), "2025-09-01", teachers=[1_000_000_099_999])
    assert _only_section(invented).teachers == ("1000000099999",)


def test_homework_topic_and_works_of_a_lesson(invented: InventedClass) -> None:
    test = invented.work_type("Контрольная работа", "КР", 3)
    lesson = invented.lesson(
        invented.subject("Математика"), "2025-09-01", topic=" Дроби ", homework="№ 5", work_type=test
    )
    invented.work(lesson, "Homework", text="№ 6")
    invented.work(lesson, "DefaultNewLessonWork")
    (line,) = _only_section(invented).lessons
    assert (line.topic, line.homework, line.hours) == (" Дроби ", "№ 5\n№ 6", 1)
    assert [(one.abbreviation, one.title, one.weight) for one in line.works] == [
        ("КР", "Контрольная работа", 3)
    ]


def test_a_cancelled_lesson_stands_with_no_hours(invented: InventedClass) -> None:
    invented.lesson(invented.subject("Математика"), "2025-09-01", status="Cancelled")
    (line,) = _only_section(invented).lessons
    assert (line.hours, line.status) == (0, "Cancelled")


def test_marks_of_a_lesson_that_is_gone_keep_a_column(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    lesson = invented.lesson(maths, "2025-09-01", homework="№ 5")
    invented.mark(lesson, anna, "5")
    invented.records[schema.LESSON].clear()
    section = _only_section(invented)
    assert _texts(section)[0][0] == "5"
    assert [(one.on_record, one.hours, one.homework) for one in section.lessons] == [(False, 0, "№ 5")]


def test_a_mark_without_a_lesson_keeps_a_column(invented: InventedClass) -> None:
    maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
    mark = invented.mark(invented.lesson(maths, "2025-09-01"), anna, "5")
    invented.records[schema.MARK] = [mark._replace(lesson_id=None)]
    assert _texts(_only_section(invented))[0][:2] == ["", "5"]


def test_the_first_year_of_study_has_no_columns_of_marks(connection: sa.Connection) -> None:
    invented = InventedClass(connection, "1А", parallel=1)
    invented.quarters()
    lesson = invented.lesson(invented.subject("Обучение грамоте"), "2025-09-01")
    invented.attendance(lesson, invented.pupil("Агапова", "Анна"), "Ill")
    journal = _journal(invented)
    assert journal.without_marks
    assert [one.finals for one in journal.sections[0].spreads] == [()]
    assert _texts(journal.sections[0]) == [["Б"]]


def test_values_of_no_known_meaning_are_shown_and_counted(invented: InventedClass) -> None:
    lesson = invented.lesson(invented.subject("Математика"), "2025-09-01")
    anna, boris = invented.pupil("Агапова", "Анна"), invented.pupil("Бекетов", "Борис")
    invented.mark(lesson, anna, "ПЛХ")
    invented.mark(lesson, anna, "OCB")  # typed on the Latin keyboard: this one is known
    invented.attendance(lesson, boris, "Quarantine")
    journal = _journal(invented)
    assert journal.unknown == (("Quarantine", 1), ("ПЛХ", 1))
    assert [row[0] for row in _texts(journal.sections[0])] == ["ПЛХ/OCB", "Quarantine"]


def test_a_class_without_anything_is_a_journal_without_sections(invented: InventedClass) -> None:
    journal = _journal(invented)
    assert (journal.sections, journal.roster, journal.class_name) == ((), (), "7Б")


def test_the_journal_as_of_an_earlier_run_has_the_earlier_marks(invented: InventedClass) -> None:
    lesson = invented.lesson(invented.subject("Математика"), "2025-09-01")
    anna = invented.pupil("Агапова", "Анна")
    mark = invented.mark(lesson, anna, "3")
    invented.write("2025-09-01T22:00:00Z")
    invented.records[schema.MARK] = [mark._replace(value="5", text_value="5")]
    invented.write("2025-09-02T22:00:00Z")
    now = class_journal.build(invented.connection, invented.at(), invented.edu_group)
    then = class_journal.build(invented.connection, invented.at(1), invented.edu_group)
    assert [_texts(one.sections[0])[0][0] for one in (then, now)] == ["3", "5"]


def test_the_journal_is_the_same_on_each_database(store: sa.Engine) -> None:
    with store.connect() as connection:
        invented = InventedClass(connection)
        first, *_ = invented.quarters()
        maths, anna = invented.subject("Математика"), invented.pupil("Агапова", "Анна")
        teacher = invented.teacher("Иванова", "Мария", "Петровна")
        lesson = invented.lesson(maths, "2025-09-01", homework="№ 5", teachers=[teacher])
        invented.mark(lesson, anna, "5-")
        invented.attendance(lesson, anna, "Late")
        invented.final(maths, anna, "5", first)
        section = _only_section(invented)
    assert _texts(section) == [["О 5-", "5"]]
    assert section.teachers == ("Иванова Мария Петровна",)


def test_a_class_is_read_with_as_many_queries_whatever_its_size(invented: InventedClass) -> None:
    def queries() -> int:
        seen: list[str] = []

        def count(*args: object) -> None:
            seen.append(str(args[2]))

        sa.event.listen(invented.connection, "before_cursor_execute", count)
        class_journal.build(invented.connection, at, group)
        sa.event.remove(invented.connection, "before_cursor_execute", count)
        return len(seen)

    maths = invented.subject("Математика")
    lesson = invented.lesson(maths, "2025-09-01")
    invented.mark(lesson, invented.pupil("Агапова", "Анна"), "5")
    at, group = invented.write(), invented.edu_group
    few = queries()
    for number in range(30):
        invented.mark(lesson, invented.pupil(f"Ученик{number}", "Анна"), "5")
    at = invented.write("2026-08-31T01:00:00Z")
    assert queries() == few

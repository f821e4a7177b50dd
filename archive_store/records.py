"""The record in the archive's own words: one named tuple per entity.

The fields are the columns of :mod:`archive_store.schema`, in this order, and the order is part of the
canonical form that the ledger digests: append, never reorder. Ids are the platform's 64-bit integers.
A *day* is ``YYYY-MM-DD`` in the school's zone. A *moment* is ISO 8601 in UTC with a ``Z``
(``2026-02-10T08:41:12.407Z``); beside it ``*_sent`` keeps the text that the platform sent, because its
zone is not documented. ``extra`` is a JSON object of fields that the platform sent and this version of
the program does not know, or None.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple, TypeAlias

from archive_store.texts import N_

Day: TypeAlias = str
Moment: TypeAlias = str


class School(NamedTuple):
    """A school (wire model ``School``)."""

    name: Annotated[str, N_("Short name of the school")]
    full_name: Annotated[str | None, N_("Full name of the school")]
    city: Annotated[str | None, N_("Town")]
    time_zone: Annotated[str | None, N_("Time zone as the platform gives it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Person(NamedTuple):
    """A human in the school register, as a roster shows them (wire model ``Person``)."""

    person_id: Annotated[int, N_("Id of the person")]
    user_id: Annotated[int | None, N_("Id of the person's account")]
    last_name: Annotated[str | None, N_("Surname")]
    first_name: Annotated[str | None, N_("Given name")]
    middle_name: Annotated[str | None, N_("Patronymic")]
    short_name: Annotated[str | None, N_("Short name as the platform shows it")]
    sex: Annotated[str | None, N_("Sex: Male or Female")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Teacher(NamedTuple):
    """A member of the staff (wire model ``Teacher``)."""

    person_id: Annotated[int, N_("Id of the person")]
    last_name: Annotated[str | None, N_("Surname")]
    first_name: Annotated[str | None, N_("Given name")]
    middle_name: Annotated[str | None, N_("Patronymic")]
    short_name: Annotated[str | None, N_("Short name as the platform shows it")]
    position: Annotated[str | None, N_("Position")]
    subjects: Annotated[str | None, N_("Subjects taught, in one line")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class EduGroup(NamedTuple):
    """A class or a subgroup of one academic year (wire model ``EduGroup``)."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    name: Annotated[str, N_("Name of the class or subgroup")]
    full_name: Annotated[str | None, N_("Full name of the class or subgroup")]
    type: Annotated[str | None, N_("Group (a class) or Subgroup")]
    parallel: Annotated[int | None, N_("Year of study, 1 to 11")]
    study_year: Annotated[int | None, N_("Calendar year in which the academic year begins")]
    parent_ids: Annotated[str | None, N_("Ids of the classes of a subgroup (JSON list of texts)")]
    status: Annotated[str | None, N_("Active or Archive")]
    timetable_id: Annotated[int | None, N_("Id of the bell timetable")]
    education_type: Annotated[str | None, N_("Kind of education")]
    journal_type: Annotated[str | None, N_("Kind of journal")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Membership(NamedTuple):
    """A pupil in a class or subgroup (wire model ``GroupWithStudents``). The API gives no dates."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    person_id: Annotated[int, N_("Id of the person")]
    status: Annotated[str | None, N_("Active or Archive")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class ClassTeacher(NamedTuple):
    """The class teacher of a class, with the name as it stood (wire model ``Person``)."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    person_id: Annotated[int, N_("Id of the person")]
    last_name: Annotated[str | None, N_("Surname")]
    first_name: Annotated[str | None, N_("Given name")]
    middle_name: Annotated[str | None, N_("Patronymic")]
    short_name: Annotated[str | None, N_("Short name as the platform shows it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Subject(NamedTuple):
    """A subject of the curriculum (wire model ``Subject``)."""

    subject_id: Annotated[int, N_("Id of the subject")]
    name: Annotated[str, N_("Name of the subject")]
    knowledge_area: Annotated[str | None, N_("Area of knowledge")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class ReportingPeriod(NamedTuple):
    """A quarter, half-year or other period of a class (wire model ``ReportingPeriod``)."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    period_id: Annotated[int, N_("Id of the reporting period")]
    number: Annotated[int, N_("Number of the period as the platform counts")]
    type: Annotated[str, N_("Kind of period: Quarter, HalfYear and others")]
    name: Annotated[str | None, N_("Name of the period")]
    starts: Annotated[Day, N_("First day")]
    ends: Annotated[Day, N_("Last day")]
    study_year: Annotated[int | None, N_("Calendar year in which the academic year begins")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Bell(NamedTuple):
    """One line of a bell timetable (wire model ``TimetableItem``)."""

    timetable: Annotated[str, N_("Name of the bell timetable")]
    bell_id: Annotated[int, N_("Id of the line of the bell timetable")]
    lesson_number: Annotated[int | None, N_("Number of the lesson in the day")]
    name: Annotated[str | None, N_("Name of the line")]
    type: Annotated[str | None, N_("Kind of the line: lesson, break")]
    starts: Annotated[str | None, N_("Time of the beginning, HH:MM")]
    ends: Annotated[str | None, N_("Time of the end, HH:MM")]
    weekdays: Annotated[str | None, N_("Days of the week (JSON list)")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class WorkType(NamedTuple):
    """A kind of work of the school, with its weight (wire model ``WorkType``)."""

    work_type_id: Annotated[int, N_("Id of the type of work")]
    title: Annotated[str, N_("Title of the type of work")]
    abbr: Annotated[str | None, N_("Abbreviation of the type of work")]
    weight: Annotated[int | None, N_("Weight in the weighted average")]
    kind: Annotated[str | None, N_("Kind of work in the platform's words")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Lesson(NamedTuple):
    """A lesson with its topic (wire model ``Lesson``)."""

    lesson_id: Annotated[int, N_("Id of the lesson")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int | None, N_("Id of the subject")]
    day: Annotated[Day, N_("Day of the lesson in the school's zone")]
    number: Annotated[int | None, N_("Number of the lesson in the day")]
    topic: Annotated[str | None, N_("Topic of the lesson")]
    status: Annotated[str | None, N_("Status of the lesson in the platform's words")]
    teachers: Annotated[str, N_("Ids of the teachers (JSON list of texts)")]
    place_id: Annotated[int | None, N_("Id of the room")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Work(NamedTuple):
    """A work of a lesson, a homework, or the work behind a final mark (wire model ``Work``)."""

    work_id: Annotated[int, N_("Id of the work")]
    lesson_id: Annotated[int | None, N_("Id of the lesson")]
    group_id: Annotated[int | None, N_("Id of the class or subgroup")]
    subject_id: Annotated[int | None, N_("Id of the subject")]
    day: Annotated[Day | None, N_("Day of the lesson in the school's zone")]
    type: Annotated[str, N_("Type of the work in the platform's words")]
    work_type_id: Annotated[int | None, N_("Id of the type of work")]
    mark_type: Annotated[str | None, N_("Scale of the mark in the platform's words")]
    mark_count: Annotated[int | None, N_("How many marks the work takes")]
    text: Annotated[str | None, N_("Text of the work or homework")]
    period_number: Annotated[int | None, N_("Number of the period as the platform counts")]
    period_type: Annotated[str | None, N_("Kind of period: Quarter, HalfYear and others")]
    is_important: Annotated[bool | None, N_("Marked as important")]
    in_journal: Annotated[bool | None, N_("Shown in the journal")]
    status: Annotated[str | None, N_("Status of the work in the platform's words")]
    target_day: Annotated[Day | None, N_("Day for which the work is set")]
    sent_at: Annotated[Moment | None, N_("Moment when the work was given out, UTC")]
    sent_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    created_by: Annotated[int | None, N_("Id of the author of the work")]
    files: Annotated[str | None, N_("Ids of the attached files (JSON list of texts)")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Mark(NamedTuple):
    """A mark for a work of a lesson, filed under the lesson's day (wire model ``Mark``)."""

    mark_id: Annotated[int, N_("Id of the mark")]
    person_id: Annotated[int, N_("Id of the person")]
    work_id: Annotated[int, N_("Id of the work")]
    lesson_id: Annotated[int | None, N_("Id of the lesson")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int | None, N_("Id of the subject")]
    day: Annotated[Day, N_("Day of the lesson in the school's zone")]
    value: Annotated[str, N_("Mark as the platform stores it")]
    text_value: Annotated[str | None, N_("Mark as the diary shows it")]
    type: Annotated[str | None, N_("Scale of the mark in the platform's words")]
    number: Annotated[int | None, N_("Number of the mark within the work")]
    work_type_id: Annotated[int | None, N_("Id of the type of work")]
    mood: Annotated[str | None, N_("Judgement of the mark in the platform's words")]
    in_average: Annotated[bool | None, N_("Counted in the average")]
    set_at: Annotated[Moment | None, N_("Moment when the mark was set, UTC")]
    set_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class Attendance(NamedTuple):
    """A pupil's attendance at a lesson (wire model ``LessonLogEntry``)."""

    lesson_id: Annotated[int, N_("Id of the lesson")]
    person_id: Annotated[int, N_("Id of the person")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int | None, N_("Id of the subject")]
    day: Annotated[Day, N_("Day of the lesson in the school's zone")]
    status: Annotated[str | None, N_("Attend, Absent, Ill, Late, Pass")]
    comment: Annotated[str | None, N_("Comment")]
    recorded_at: Annotated[Moment | None, N_("Moment when attendance was recorded, UTC")]
    recorded_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class FormerMember(NamedTuple):
    """Someone whom the platform lists as a member of a class, now or in the past (wire model ``Person``)."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    person_id: Annotated[int, N_("Id of the person")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class StaffMember(NamedTuple):
    """A member of the staff or an administrator, by name alone (wire model ``Person``)."""

    kind: Annotated[str, N_("Staff or Admins")]
    person_id: Annotated[int, N_("Id of the person")]
    last_name: Annotated[str | None, N_("Surname")]
    first_name: Annotated[str | None, N_("Given name")]
    middle_name: Annotated[str | None, N_("Patronymic")]
    short_name: Annotated[str | None, N_("Short name as the platform shows it")]


class ValueList(NamedTuple):
    """Values that the platform allows somewhere: a scale of marks, the statuses of attendance."""

    name: Annotated[str, N_("Which list")]
    entries: Annotated[str, N_("The values (JSON list)")]


class HomeworkFile(NamedTuple):
    """A file of a homework (wire model ``File``). Its contents lie beside the archive under their digest."""

    work_id: Annotated[int, N_("Id of the work")]
    file_id: Annotated[int, N_("Id of the file")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    day: Annotated[Day, N_("Day of the lesson in the school's zone")]
    name: Annotated[str | None, N_("Name of the file")]
    type: Annotated[str | None, N_("Type of the file: its ending")]
    size: Annotated[int | None, N_("Size in bytes as the platform states it")]
    state: Annotated[str, N_("kept, too large, not there, not fetched")]
    contents: Annotated[str | None, N_("SHA-256 of the contents")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class HomeworkTask(NamedTuple):
    """What became of a homework with one pupil (wire model ``Task``)."""

    task_id: Annotated[int, N_("Id of the task")]
    work_id: Annotated[int, N_("Id of the work")]
    person_id: Annotated[int, N_("Id of the person")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    day: Annotated[Day, N_("Day of the lesson in the school's zone")]
    status: Annotated[str | None, N_("Status of the task in the platform's words")]
    target_day: Annotated[Day | None, N_("Day for which the work is set")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class PlatformAverage(NamedTuple):
    """An average that the platform computes itself, at the end of a reporting period."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    first_day: Annotated[Day, N_("First day")]
    last_day: Annotated[Day, N_("Last day")]
    person_id: Annotated[int, N_("Id of the person")]
    subject_id: Annotated[int, N_("Id of the subject")]
    kind: Annotated[str, N_("simple or weighted")]
    value: Annotated[str, N_("The average as the platform sent it")]


class Section(NamedTuple):
    """A part of the journal and the diary, and whether the platform gives it."""

    name: Annotated[str, N_("Name of the section")]
    state: Annotated[str, N_("received, empty, refused, not offered, not asked, failed")]
    detail: Annotated[str | None, N_("The platform's reason")]


class FinalMark(NamedTuple):
    """A period, year, exam or final mark (wire models ``PersonFinalMarks``, ``Mark``, ``Work``)."""

    mark_id: Annotated[int, N_("Id of the mark")]
    person_id: Annotated[int, N_("Id of the person")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int, N_("Id of the subject")]
    period_id: Annotated[int | None, N_("Id of the reporting period")]
    kind: Annotated[str, N_("period, year, exam, final or unknown")]
    value: Annotated[str, N_("Mark as the platform stores it")]
    text_value: Annotated[str | None, N_("Mark as the diary shows it")]
    type: Annotated[str | None, N_("Scale of the mark in the platform's words")]
    work_id: Annotated[int, N_("Id of the work")]
    set_at: Annotated[Moment | None, N_("Moment when the mark was set, UTC")]
    set_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class ThematicMark(NamedTuple):
    """A mark for a theme: of a class and a subject, under no lesson (wire model ``Mark``)."""

    mark_id: Annotated[int, N_("Id of the mark")]
    person_id: Annotated[int, N_("Id of the person")]
    work_id: Annotated[int, N_("Id of the work")]
    lesson_id: Annotated[int | None, N_("Id of the lesson")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int, N_("Id of the subject")]
    value: Annotated[str, N_("Mark as the platform stores it")]
    text_value: Annotated[str | None, N_("Mark as the diary shows it")]
    type: Annotated[str | None, N_("Scale of the mark in the platform's words")]
    number: Annotated[int | None, N_("Number of the mark within the work")]
    work_type_id: Annotated[int | None, N_("Id of the type of work")]
    mood: Annotated[str | None, N_("Judgement of the mark in the platform's words")]
    in_average: Annotated[bool | None, N_("Counted in the average")]
    set_at: Annotated[Moment | None, N_("Moment when the mark was set, UTC")]
    set_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class CriteriaMark(NamedTuple):
    """A mark of the criteria journal, in points (wire model ``SubjectCriteriaMarks``)."""

    mark_id: Annotated[int, N_("Id of the mark")]
    person_id: Annotated[int, N_("Id of the person")]
    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int, N_("Id of the subject")]
    period_id: Annotated[int, N_("Id of the reporting period")]
    section_id: Annotated[int | None, N_("Id of the section of the criteria journal")]
    value: Annotated[int | None, N_("Points")]
    set_at: Annotated[Moment | None, N_("Moment when the mark was set, UTC")]
    set_at_sent: Annotated[str | None, N_("The same moment as the platform sent it")]
    extra: Annotated[str | None, N_("Fields that this program does not know (JSON)")]


class CriteriaTotal(NamedTuple):
    """The total of a pupil in the criteria journal, of a period or of the year (wire ``CriteriaTotals``)."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int, N_("Id of the subject")]
    period_id: Annotated[int, N_("Id of the reporting period; 0: the summary of the year")]
    person_id: Annotated[int, N_("Id of the person")]
    period_number: Annotated[int | None, N_("Number of the period as the platform counts")]
    value: Annotated[str, N_("Mark as the platform stores it")]


class CriteriaSection(NamedTuple):
    """The sections of the criteria journal of a subject and a period. Their shape is not documented."""

    group_id: Annotated[int, N_("Id of the class or subgroup")]
    subject_id: Annotated[int, N_("Id of the subject")]
    period_id: Annotated[int, N_("Id of the reporting period")]
    contents: Annotated[str, N_("The sections as the platform sent them (JSON)")]

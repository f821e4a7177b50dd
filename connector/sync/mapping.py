"""From the platform's words to the archive's: one function per model. Unknown fields go to ``extra``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

import orjson
from pydantic import BaseModel

from archive_store import records
from connector.api import models as wire
from connector.sync.moments import MomentReader, day_of, time_of
from connector.sync.slices import Filing

# Contacts, birthdays and careers of the staff: the archive has no use for them and does not keep them.
_STAFF_NOT_KEPT: Final = frozenset(
    {
        "UserId", "DateBirth", "Email", "HouseMaster", "Education", "ScientificDegree", "StartDate", "Sex",
        "PedagogicalActivityDate", "ManagingEmployee", "NameManagingPosition", "TeachingStaff",
        "TrainingAndSupportStaff", "ServicePersonnel", "MedicalWorker", "NameMedicalPosition",
        "ExternalPartTime",
    }
)  # fmt: skip
# Ids as texts beside the numbers: they say nothing new.
_TWINS: Final = frozenset(
    {
        "id_str", "person_str", "work_str", "lesson_str", "eduGroup_str", "group_str", "subject_str",
        "reportingPeriod_str", "timetable_str", "parentIds_str", "teachers_str", "personId_str",
        "userId_str", "IdStr", "UserIdStr",
    }
)  # fmt: skip
_FINAL_KINDS: Final = {"PeriodMark": "period", "PeriodFinalMark": "final", "Exam": "exam"}


def school(model: wire.School) -> records.School:
    """A school."""
    zone = None if model.time_zone is None else str(model.time_zone)
    return records.School(model.name, model.full_name, model.city, zone, None)


def person(model: wire.Person) -> records.Person:
    """A person of a roster."""
    return records.Person(
        model.id,
        model.user_id,
        model.last_name,
        model.first_name,
        model.middle_name,
        model.short_name,
        model.sex,
        extra(model),
    )


def teacher(model: wire.Teacher) -> records.Teacher:
    """A member of the staff."""
    return records.Teacher(
        model.id,
        model.last_name,
        model.first_name,
        model.middle_name,
        model.short_name,
        model.name_teacher_position,
        model.subjects,
        extra(model, _STAFF_NOT_KEPT),
    )


def edu_group(model: wire.EduGroup) -> records.EduGroup:
    """A class or subgroup."""
    return records.EduGroup(
        model.id,
        model.name,
        model.full_name or None,
        model.type,
        model.parallel,
        model.study_year,
        _ids(model.parent_ids) if model.parent_ids else None,
        model.status,
        model.timetable,
        model.education_type,
        model.journal_type,
        extra(model, frozenset({"subjects"})),
    )


def membership(group_id: int, model: wire.Student) -> records.Membership:
    """A pupil in a class or subgroup."""
    return records.Membership(group_id, model.person.id, model.membership_status, extra(model))


def former_member(group_id: int, model: wire.Person) -> records.FormerMember:
    """A member of a class, now or in the past."""
    return records.FormerMember(group_id, model.id, None)


def staff_member(kind: str, model: wire.Person) -> records.StaffMember:
    """A member of the staff: the name alone, for the archive keeps no contacts."""
    return records.StaffMember(
        kind, model.id, model.last_name, model.first_name, model.middle_name, model.short_name
    )


def value_list(name: str, values: Iterable[str]) -> records.ValueList:
    """Values that the platform allows."""
    return records.ValueList(name, orjson.dumps(list(values)).decode())


def homework_file(
    work_id: int, model: wire.AttachedFile, group_id: int, day: str, known: records.HomeworkFile | None
) -> records.HomeworkFile:
    """A file of a homework; what has been fetched of it stays fetched."""
    state, contents = (known.state, known.contents) if known else ("not fetched", None)
    not_kept = frozenset({"user", "downloadUrl", "pageUrl", "vote"})
    return records.HomeworkFile(
        work_id, model.id, group_id, day, model.name, model.type, model.size, state, contents,
        extra(model, not_kept),
    )  # fmt: skip


def homework_task(model: wire.Task, group_id: int, day: str) -> records.HomeworkTask:
    """What became of a homework with one pupil."""
    target = day_of(model.target_date) if model.target_date else None
    return records.HomeworkTask(
        model.id, model.work, model.person, group_id, day, model.status, target, extra(model)
    )


def class_teacher(group_id: int, model: wire.Person) -> records.ClassTeacher:
    """The class teacher."""
    return records.ClassTeacher(
        group_id,
        model.id,
        model.last_name,
        model.first_name,
        model.middle_name,
        model.short_name,
        None,
    )


def subject(model: wire.Subject) -> records.Subject:
    """A subject."""
    return records.Subject(model.id, model.name, model.knowledge_area, extra(model))


def reporting_period(group_id: int, model: wire.ReportingPeriod) -> records.ReportingPeriod:
    """A reporting period of a class."""
    return records.ReportingPeriod(
        group_id,
        model.id,
        model.number,
        model.type,
        model.name,
        day_of(model.start),
        day_of(model.finish),
        model.year,
        extra(model),
    )


def bells(model: wire.Timetable) -> list[records.Bell]:
    """The lines of a bell timetable."""
    return [
        records.Bell(
            model.name or "",
            item.id,
            item.lesson_number,
            item.name,
            item.type,
            time_of(item.start),
            time_of(item.finish),
            orjson.dumps(item.days_of_week).decode() if item.days_of_week else None,
            extra(item),
        )
        for item in model.items
    ]


def work_type(model: wire.WorkType) -> records.WorkType:
    """A type of work."""
    unused = frozenset({"schoolId", "kindId"})
    return records.WorkType(model.id, model.title, model.abbr, model.weight, model.kind, extra(model, unused))


def lesson(model: wire.Lesson) -> records.Lesson:
    """A lesson."""
    return records.Lesson(
        model.id,
        model.group,
        model.subject.id if model.subject else None,
        day_of(model.date),
        model.number,
        model.title,
        model.status,
        _ids(model.teachers or ()),
        model.result_place_id,
        extra(model),
    )


def filing(lesson: records.Lesson) -> Filing:
    """What the marks and attendance of a lesson are filed under."""
    return Filing(lesson.lesson_id, lesson.group_id, lesson.subject_id, lesson.day)


def work(model: wire.Work, moments: MomentReader, filed: records.Lesson | None = None) -> records.Work:
    """A work, filed under its lesson where it has one."""
    return records.Work(
        model.id,
        filed.lesson_id if filed else model.lesson,
        filed.group_id if filed else model.edu_group,
        filed.subject_id if filed else model.subject_id,
        filed.day if filed else None,
        model.type,
        model.work_type,
        model.mark_type,
        model.mark_count,
        model.text or None,
        model.period_number,
        model.period_type,
        model.is_important,
        model.display_in_journal,
        model.status,
        day_of(model.target_date) if model.target_date else None,
        moments.utc(model.sent_date),
        model.sent_date,
        model.created_by,
        _ids(model.files) if model.files else None,
        extra(model),
    )


def mark(model: wire.Mark, moments: MomentReader, filed: Filing) -> records.Mark:
    """A mark, filed under its lesson."""
    return records.Mark(
        model.id,
        model.person,
        model.work,
        filed.lesson_id,
        filed.group_id,
        filed.subject_id,
        filed.day,
        model.value,
        model.text_value,
        model.type,
        model.number,
        model.work_type,
        model.mood,
        model.in_average,
        moments.utc(model.date),
        model.date,
        extra(model),
    )


def thematic_mark(
    model: wire.Mark, group_id: int, subject_id: int, moments: MomentReader
) -> records.ThematicMark:
    """A thematic mark; the call that brought it says of which class and subject."""
    return records.ThematicMark(
        model.id,
        model.person,
        model.work,
        model.lesson,
        group_id,
        subject_id,
        model.value,
        model.text_value,
        model.type,
        model.number,
        model.work_type,
        model.mood,
        model.in_average,
        moments.utc(model.date),
        model.date,
        extra(model),
    )


def attendance(model: wire.LessonLogEntry, moments: MomentReader, filed: Filing) -> records.Attendance:
    """A pupil's attendance at a lesson."""
    return records.Attendance(
        filed.lesson_id,
        model.person,
        filed.group_id,
        filed.subject_id,
        filed.day,
        model.status,
        model.comment or None,
        moments.utc(model.created_date),
        model.created_date,
        extra(model),
    )


def final_mark(
    model: wire.Mark,
    group_id: int,
    subject_id: int,
    period_id: int | None,
    behind: wire.Work | None,
    moments: MomentReader,
) -> records.FinalMark:
    """A period, year, exam or final mark; the work behind it tells which."""
    return records.FinalMark(
        model.id,
        model.person,
        group_id,
        subject_id,
        period_id,
        final_kind(period_id, behind),
        model.value,
        model.text_value,
        model.type,
        model.work,
        moments.utc(model.date),
        model.date,
        extra(model),
    )


def final_kind(period_id: int | None, behind: wire.Work | None) -> str:
    """What a final mark is for: "period", "year", "exam", "final" or "unknown"."""
    if behind is None:
        return "period" if period_id is not None else "unknown"
    if behind.type == "PeriodMark" and behind.period_type == "Year":
        return "year"
    return _FINAL_KINDS.get(behind.type, "unknown")


def _ids(values: Iterable[int]) -> str:
    """Ids as a JSON list of texts: numbers beyond 2^53 do not survive every reader."""
    return orjson.dumps([str(value) for value in values]).decode()


def extra(model: BaseModel, not_kept: frozenset[str] = frozenset()) -> str | None:
    """Fields that we do not model, as sorted JSON; not the text twins of ids, nor empty ones."""
    fields = model.model_extra
    if not fields or fields.keys() <= _TWINS:
        return None
    kept = {
        name: value
        for name, value in fields.items()
        if value not in (None, [], "") and name not in _TWINS and name not in not_kept
    }
    # Python's own, slower, for it takes integers of any size: what is unknown must not be fatal.
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else None

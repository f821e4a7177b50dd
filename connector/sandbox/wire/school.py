"""The school, its subjects, periods, bells and work types as the API shows them."""

from __future__ import annotations

from typing import Any

from connector.sandbox.content.subjects import SUBJECTS
from connector.sandbox.content.work_types import WORK_KINDS
from connector.sandbox.ids import Kind
from connector.sandbox.school import FULL_NAME, NAME, School
from connector.sandbox.year_calendar import BELL_STARTS, LESSON_MINUTES, PER_CALENDAR, Period, YearCalendar

Json = dict[str, Any]
_WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def person_school_json(school: School) -> Json:
    """Return the school as a PersonSchool."""
    ident = school.ids.school()
    return {
        "id": ident,
        "id_str": str(ident),
        "name": NAME,
        "educationType": "Regular",
        "tsoCityId": 2566,
        "tsoRegionTreePath": "12.",
    }


def school_json(school: School) -> Json:
    """Return the School."""
    return {
        "fullName": FULL_NAME,
        "avatarSmall": None,
        "city": "Светлореченск",
        "municipality": "городской округ Светлореченск",
        "regionid": 12,
        "markType": "Mark5",
        "timeZone": 3,
        "uses_avg": True,
        "uses_weighted_avg": True,
    } | person_school_json(school)


def subject_json(school: School, index: int) -> Json:
    """Return a Subject."""
    plan = SUBJECTS[index]
    ident = school.ids.subject(index)
    return {
        "id": ident,
        "id_str": str(ident),
        "name": plan.name,
        "knowledgeArea": plan.area,
        "fgosSubjectId": None,
        "espSubjectName": None,
        "halfYear": False,
    }


def subject_short_json(school: School, index: int) -> Json:
    """Return a SubjectShort: no text twin of the id."""
    plan = SUBJECTS[index]
    return {
        "id": school.ids.subject(index),
        "name": plan.name,
        "knowledgeAreaId": plan.area_id,
    }


def work_type_json(school: School, index: int) -> Json:
    """Return a WorkType."""
    kind, ident = WORK_KINDS[index], school.ids.work_type(index)
    return {
        "id": ident,
        "id_str": str(ident),
        "schoolId": school.ids.school(),
        "kindId": kind.kind_id,
        "kind": kind.kind,
        "title": kind.title,
        "abbr": kind.abbreviation,
        "weight": kind.weight,
    }


def work_type_short_json(school: School, index: int) -> Json:
    """Return a WorkTypeShort."""
    kind = WORK_KINDS[index]
    return {
        "id": school.ids.work_type(index),
        "schoolId": school.ids.school(),
        "abbreviation": kind.abbreviation,
        "name": kind.title,
        "isFinal": kind.final,
        "isImportant": kind.important,
        "kindId": kind.kind_id,
        "kind": kind.kind,
    }


def period_id(school: School, year: int, calendar: YearCalendar, period: Period) -> int:
    """Return a period's id: classes of one calendar share their periods."""
    serial = calendar.code * PER_CALENDAR + period.number
    return school.ids.big(Kind.PERIOD, year, serial)


def period_json(school: School, year: int, calendar: YearCalendar, period: Period) -> Json:
    """Return a ReportingPeriod; `number` counts from zero."""
    ident = period_id(school, year, calendar, period)
    return {
        "id": ident,
        "id_str": str(ident),
        "start": period.first.isoformat() + "T00:00:00",
        "finish": period.last.isoformat() + "T00:00:00",
        "number": period.number,
        "type": period.kind,
        "name": period.name,
        "year": year,
    }


def period_group_json(school: School, year: int, calendar: YearCalendar) -> Json:
    """Return a ReportingPeriodGroup with its holidays."""
    ident = school.ids.big(Kind.PERIOD_GROUP, year, calendar.code)
    return {
        "id": ident,
        "reportingPeriods": [period_json(school, year, calendar, p) for p in calendar.periods],
        "holidays": [
            {
                "id": school.ids.big(Kind.HOLIDAY, year, calendar.code * PER_CALENDAR + number),
                "reportingPeriodGroupId": ident,
                "dateStart": rest.first.isoformat() + "T00:00:00",
                "dateFinish": rest.last.isoformat() + "T00:00:00",
                "name": rest.name,
                "description": None,
            }
            for number, rest in enumerate(calendar.holidays)
        ],
    }


def timetable_json(year: int) -> Json:
    """Return the Timetable of bells (PascalCase); breaks have lesson number zero."""
    items: list[Json] = []
    for position, start in enumerate(BELL_STARTS):
        number, finish = position + 1, start + LESSON_MINUTES
        items.append(_bell(len(items) + 1, start, finish, f"{number} урок", "Lesson", number))
        if number < len(BELL_STARTS):
            after = BELL_STARTS[number]
            items.append(_bell(len(items) + 1, finish, after, "Перемена", "Break", 0))
    return {
        "Name": "Основное",
        "Start": f"{year}-09-01T00:00:00",
        "FirstLessonNumber": 1,
        "Items": items,
    }


def _bell(ident: int, start: int, finish: int, name: str, kind: str, number: int) -> Json:
    return {
        "Id": ident,
        "Start": f"0001-01-01T{clock_text(start)}:00",
        "Finish": f"0001-01-01T{clock_text(finish)}:00",
        "Name": name,
        "Type": kind,
        "DaysOfWeek": _WEEK,
        "LessonNumber": number,
    }


def clock_text(minutes: int) -> str:
    """Return HH:MM of a minute of the day."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"

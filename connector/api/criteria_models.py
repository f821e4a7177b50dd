"""The answers of the API about the criteria journal, which few schools keep, as the platform sends them."""

from __future__ import annotations

from connector.api.models import Id, PascalWire, Wire


class CriteriaMark(Wire):
    """A mark in points."""

    id: Id
    section: Id | None = None
    value: int | None = None
    date: str | None = None


class PersonCriteriaMarks(Wire):
    """The marks of a pupil in a subject."""

    person: Id
    criteriamarks: list[CriteriaMark] | None = None


class SubjectCriteriaMarks(Wire):
    """The marks of a class in a subject."""

    subject: Id
    personmarks: list[PersonCriteriaMarks] | None = None


class Student(PascalWire):
    """Whose total it is; the names beside the id are not read."""

    person_id: Id


class Total(PascalWire):
    """A total: a number."""

    value: int | float | str | None = None


class StudentMark(PascalWire):
    """A pupil's total of a period."""

    student: Student
    mark: Total | None = None


class StudentTotal(PascalWire):
    """A pupil's total of the year."""

    student: Student
    total_mark: Total | None = None


class PeriodNumber(PascalWire):
    """The number of a period."""

    raw_number: int | None = None


class TotalsPeriod(PascalWire):
    """The period of totals; its dates are those of the reporting period."""

    id: Id
    period_number: PeriodNumber | None = None


class PeriodTotals(PascalWire):
    """The totals of a class in a subject and a period."""

    period: TotalsPeriod
    final_marks: list[StudentMark] | None = None


class CriteriaTotals(PascalWire):
    """The totals of a class in a subject: by periods, and of the year."""

    subject_id: Id
    final_marks: list[PeriodTotals] | None = None
    summaries: list[StudentTotal] | None = None

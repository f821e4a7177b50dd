"""The answers of the API that the archive uses, as the platform sends them (pydantic).

Strict on ids: a 64-bit id that arrives as a float has already lost digits. Tolerant of everything new:
unknown fields are kept in ``model_extra``. Fields that narrow rights make disappear are optional.
"""

from __future__ import annotations

from datetime import date as calendar_date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator
from pydantic.alias_generators import to_camel, to_pascal

Id = Annotated[int, Strict(), Field(ge=-(2**63), lt=2**63)]


def _begins_with_a_day(text: str) -> str:
    try:
        calendar_date.fromisoformat(text[:10])
    except ValueError:
        message = "no day"  # not the text itself, which the error would repeat
        raise ValueError(message) from None
    return text


DayText = Annotated[str, AfterValidator(_begins_with_a_day)]
"""A school-local date (``2026-02-10T00:00:00``): what is no day is wrong in its row alone."""


class Wire(BaseModel):
    """Base of the models: camelCase on the wire, unknown fields kept."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel, protected_namespaces=())


class PascalWire(BaseModel):
    """Base of the models that the platform writes in PascalCase."""

    model_config = ConfigDict(extra="allow", alias_generator=to_pascal, protected_namespaces=())


class ContextSchool(Wire):
    """A school in :class:`UserContext`."""

    id: Id
    name: str | None = None
    type: str | None = None


class UserContext(Wire):
    """Whose token it is."""

    person_id: Id
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    short_name: str | None = None
    roles: list[str] = []
    schools: list[ContextSchool] = []

    @property
    def name(self) -> str:
        """Surname, name and patronymic, as far as the rights show them."""
        parts = (self.last_name, self.first_name, self.middle_name)
        return " ".join(part for part in parts if part) or self.short_name or str(self.person_id)


class School(Wire):
    """A school."""

    id: Id
    name: str
    full_name: str | None = None
    city: str | None = None
    time_zone: int | str | None = None


class EduGroup(Wire):
    """A class or subgroup of one academic year."""

    id: Id
    name: str
    full_name: str | None = None
    type: str | None = None
    parallel: int | None = None
    study_year: int | None = Field(default=None, alias="studyyear")
    parent_ids: list[Id] | None = None
    status: str | None = None
    timetable: Id | None = None
    education_type: str | None = None
    journal_type: str | None = Field(default=None, alias="journaltype")


class Person(Wire):
    """A human in the school register; with narrow rights only the short name is there."""

    id: Id
    user_id: Id | None = None
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    short_name: str | None = None
    sex: str | None = None


class Student(Wire):
    """A pupil in a roster."""

    person: Person
    membership_status: str | None = Field(default=None, alias="membershipstatus")


class GroupWithStudents(Wire):
    """A group and its roster."""

    group: EduGroup
    students: list[Student]  # its absence would not mean that nobody is left


class Teacher(PascalWire):
    """A member of the staff."""

    id: Id
    first_name: str | None = None
    last_name: str | None = None
    middle_name: str | None = None
    short_name: str | None = None
    subjects: str | None = None
    name_teacher_position: str | None = None


class Subject(Wire):
    """A subject of the curriculum."""

    id: Id
    name: str
    knowledge_area: str | None = None


class ReportingPeriod(Wire):
    """A quarter, half-year or other period."""

    id: Id
    number: int
    type: str
    name: str | None = None
    start: DayText
    finish: DayText
    year: int | None = None


class TimetableItem(PascalWire):
    """A line of the bells."""

    id: Id
    name: str | None = None
    type: str | None = None
    start: str | None = None
    finish: str | None = None
    days_of_week: list[str] | None = None
    lesson_number: int | None = None


class Timetable(PascalWire):
    """The bells."""

    name: str | None = None
    items: list[TimetableItem]


class WorkType(Wire):
    """A type of work with its weight."""

    id: Id
    title: str
    abbr: str | None = None
    weight: int | None = None
    kind: str | None = None


class Work(Wire):
    """A work, a homework, or the work behind a final mark."""

    id: Id
    type: str
    work_type: Id | None = None
    mark_type: str | None = None
    mark_count: int | None = None
    lesson: Id | None = None
    display_in_journal: bool | None = None
    status: str | None = None
    edu_group: Id | None = None
    text: str | None = None
    period_number: int | None = None
    period_type: str | None = None
    subject_id: Id | None = None
    is_important: bool | None = None
    target_date: DayText | Literal[""] | None = None
    sent_date: str | None = None
    created_by: Id | None = None
    files: list[Id] | None = None


class Lesson(Wire):
    """A lesson with its works."""

    id: Id
    title: str | None = None
    date: DayText
    number: int | None = None
    subject: Subject | None = None
    group: Id
    status: str | None = None
    result_place_id: Id | None = None
    works: list[Work] | None = None
    teachers: list[Id] | None = None


class Mark(Wire):
    """A mark; ``lesson`` is null for period, year and exam marks."""

    id: Id
    type: str | None = None
    value: str
    text_value: str | None = None
    person: Id
    work: Id
    lesson: Id | None = None
    number: int | None = None
    date: str | None = None
    work_type: Id | None = None
    mood: str | None = None
    in_average: bool | None = Field(default=None, alias="use_avg_calc")


class LessonLogEntry(Wire):
    """A pupil's attendance at a lesson."""

    person: Id
    lesson: Id
    comment: str | None = None
    status: str | None = None
    created_date: str | None = None


class PersonLessonLog(Wire):
    """A pupil's attendance with the lessons; some platforms send the bare list of entries."""

    log_entries: list[LessonLogEntry] | None = None
    lessons: list[Lesson] | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_bare_list(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the platform sent
        return {"logEntries": value} if isinstance(value, list) else value


class Task(Wire):
    """What became of a homework with one pupil."""

    id: Id
    person: Id
    work: Id
    status: str | None = None
    target_date: str | None = None


class AttachedFile(Wire):
    """A file of a homework."""

    id: Id
    name: str | None = None
    type: str | None = None
    size: int | None = None
    download_url: str | None = None


class Homeworks(Wire):
    """Homeworks and the files that hang on them."""

    works: list[Work] = []
    files: list[AttachedFile] = []


class SubjectFinalMark(Wire):
    """A final mark of one subject; null where none is set."""

    subject: Id
    final_mark: Mark | None = Field(default=None, alias="final-mark")


class PersonFinalMarks(Wire):
    """A pupil's final marks of one period; ``reporting_period`` is null for year, exam and final."""

    person: Id
    group: Id
    reporting_period: Id | None = None
    marks: list[SubjectFinalMark] = Field(alias="per-subject-final-marks")


class AllFinalMarks(Wire):
    """A pupil's period, year, exam and final marks in a class, and the works that tell which is which."""

    marks: list[Mark] | None = None
    works: list[Work] | None = None


class SubjectAverage(Wire):
    """A pupil's average in a subject: a text with a decimal comma."""

    subject: Id
    value: str | int | float | None = Field(default=None, alias="avg-mark-value")


class PersonAverages(Wire):
    """A pupil's averages, of a range of days or of a reporting period."""

    person: Id
    averages: list[SubjectAverage] | None = Field(default=None, alias="per-subject-averages")


class WeightedAverage(Wire):
    """A pupil's weighted average: a number."""

    person: Id
    value: int | float | str | None = None


class SubjectWeightedAverages(Wire):
    """The weighted averages of a class in one subject."""

    subject: Id
    marks: list[WeightedAverage] | None = None


class WeightedAverages(Wire):
    """The weighted averages of a class."""

    subject_marks: list[SubjectWeightedAverages] | None = None

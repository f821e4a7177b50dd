"""An examination of one platform: what its questions share, and how they are answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.api.client import Client
from connector.api.errors import REFUSALS
from connector.api.parsing import parse
from connector.sync.grid import study_year_of
from connector.sync.limits import Limits, fetch_whole

CLASSES_ASKED: Final = 4
_TEACHERS_ASKED: Final = 12


class Answer(StrEnum):
    """How a question was answered. ``REFUSED`` and ``OTHERWISE`` are no faults: the connector adapts."""

    YES = "yes"
    OTHERWISE = "otherwise"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; ``detail`` is a number or name that goes with it."""

    question: str
    answer: Answer
    detail: str = ""


@dataclass(slots=True)
class Examination:
    """Asks one platform, for one school. ``traits`` are what a run can use of the answers."""

    client: Client
    school_id: int
    today: date
    zone: ZoneInfo
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    limits: Limits = field(default_factory=Limits)
    traits: dict[str, str] = field(default_factory=dict)
    _groups: list[wire.EduGroup] = field(default_factory=list)
    _sample: tuple[wire.EduGroup, list[wire.Lesson]] | None = None

    def read(self, call: Call, model: Any) -> Any:  # noqa: ANN401 - as the model says
        """The answer to one call as ``model``. Raises ApiError."""
        return parse(model, self.client.fetch(call), call.label)

    def groups(self) -> list[wire.EduGroup]:
        """The classes and subgroups that the platform lists."""
        if not self._groups:
            try:
                self._groups = self.read(calls.edu_groups(self.school_id), list[wire.EduGroup])
            except REFUSALS:
                self._groups = self._groups_of_teachers()
        return self._groups

    def _groups_of_teachers(self) -> list[wire.EduGroup]:
        teachers = self.read(calls.teachers(self.school_id), list[wire.Teacher])
        found: dict[int, wire.EduGroup] = {}
        for teacher in teachers[:_TEACHERS_ASKED]:
            listed = self.read(calls.groups_of_person(teacher.id), list[wire.EduGroup])
            found |= {group.id: group for group in listed}
        return list(found.values())

    def classes(self, study_year: int) -> list[wire.EduGroup]:
        """The classes of an academic year."""
        return [one for one in self.groups() if one.study_year == study_year and not one.parent_ids]

    def pupils(self) -> list[tuple[wire.EduGroup, list[int]]]:
        """Some classes of this year and the last, with the ids of their pupils."""
        year = study_year_of(self.today)
        asked = [one for past in (0, 1) for one in self.classes(year - past)[-2:]]
        call = calls.students([one.id for one in asked])
        rosters = self.read(call, list[wire.GroupWithStudents]) if asked else []
        of_group = {
            one.group.id: [pupil.person.id for pupil in one.students if pupil.membership_status != "Archive"]
            for one in rosters
        }
        return [(one, of_group.get(one.id, [])) for one in asked]

    def class_with_lessons(self) -> tuple[wire.EduGroup, list[wire.Lesson]] | None:
        """A class and its lessons of some weeks, of this year or the last."""
        if self._sample is None:
            for group, first, last in self.spans():
                lessons = self._lessons(group.id, first, last)
                if lessons:
                    self._sample = group, lessons
                    break
        return self._sample

    def spans(self) -> Iterator[tuple[wire.EduGroup, date, date]]:
        """Some classes and some weeks with lessons, of this year and the last."""
        year = study_year_of(self.today)
        for study_year, last in ((year, self.today), (year - 1, date(year, 5, 20))):
            classes = self.classes(study_year)
            for group in classes[-CLASSES_ASKED:]:  # the older ones have marks
                yield group, last - timedelta(days=20), last

    def _lessons(self, group_id: int, first: date, last: date) -> list[wire.Lesson]:
        call = calls.lessons(group_id, first.isoformat(), last.isoformat())
        parts = fetch_whole(self.client, call, self.limits)
        return [one for part, body in parts for one in parse(list[wire.Lesson], body, part.label)]

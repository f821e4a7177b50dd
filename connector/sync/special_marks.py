"""Whether a school has thematic marks and a criteria journal, which few have: found out by a few calls.

A school without either costs six calls in 28 days at most: four for thematic marks and two for criteria
marks. Where a class is listed with a criteria journal, none is made for those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from archive_store import schema
from archive_store.asof import AsOf, read
from connector.api import calls
from connector.api import models as wire
from connector.api.calls import Call
from connector.api.client import Client
from connector.api.criteria_models import SubjectCriteriaMarks
from connector.api.errors import ENDS_A_RUN, REFUSALS, ApiError
from connector.api.parsing import parse
from connector.sync.grid import JournalGroup
from connector.sync.limits import Limits, fetch_whole
from connector.sync.pupils import active_pupils
from connector.sync.sections import EMPTY, RECEIVED, state_of
from connector.sync.slices import Reading

THEMATIC: Final = "thematic_marks"
CRITERIA: Final = "criteria_marks"
_PUPILS_ASKED: Final = 4
_PERIODS_ASKED: Final = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A call whose answer is a list: whether it is empty tells whether the school has such marks."""

    call: Call
    model: Any

    def has_any(self, client: Client, limits: Limits) -> bool:
        """Ask. Raises ApiError."""
        parts = fetch_whole(client, self.call, limits)
        return any(parse(self.model, body, call.label) for call, body in parts)


def about_thematic_marks(reading: Reading, groups: Sequence[JournalGroup], today: date) -> list[Question]:
    """A pupil of each of some classes, for all subjects at once."""
    questions = []
    for one in _spread(_begun(groups, today), _PUPILS_ASKED):
        pupils = active_pupils(reading, one.group.group_id)
        first, last = one.periods[0][0].isoformat(), one.periods[-1][1].isoformat()
        call = calls.thematic_marks_of_pupil
        questions += [
            Question(call(person, one.group.group_id, first, last), list[wire.Mark]) for person in pupils[:1]
        ]
    return questions


def about_criteria_marks(reading: Reading, groups: Sequence[JournalGroup], today: date) -> list[Question]:
    """The last period that has begun of some classes."""
    at, table = AsOf(reading.school_id), schema.REPORTING_PERIOD.table
    questions = []
    for one in _spread(_begun(groups, today), _PERIODS_ASKED):
        found = read(
            reading.connection,
            schema.REPORTING_PERIOD,
            at,
            table.c.group_id == one.group.group_id,
            table.c.starts <= today.isoformat(),
        )
        latest = max(found, key=lambda period: period.starts)
        call = calls.criteria_marks(one.group.group_id, latest.period_id)
        questions.append(Question(call, list[SubjectCriteriaMarks]))
    return questions


def state(client: Client, questions: Iterable[Question], limits: Limits) -> str | None:
    """RECEIVED at the first answer that holds any; EMPTY, or what the refusals mean; None without an answer.

    Raises what ends a run.
    """
    found: str | None = None
    for question in questions:
        try:
            if question.has_any(client, limits):
                return RECEIVED
            found = EMPTY
        except ENDS_A_RUN:
            raise
        except REFUSALS as error:
            found = found or state_of(error)
        except ApiError:
            continue  # it is asked again by the next run
    return found


def _begun(groups: Sequence[JournalGroup], today: date) -> list[JournalGroup]:
    """Classes that have had lessons: this year's before those of the years before, the oldest first."""
    begun = [one for one in groups if one.is_class and one.periods and one.periods[0][0] <= today]
    return sorted(begun, key=lambda one: (-(one.group.study_year or 0), -(one.group.parallel or 0)))


def _spread(groups: Sequence[JournalGroup], count: int) -> Sequence[JournalGroup]:
    """So many of these, from the first on and far apart."""
    return groups[:: max(1, -(-len(groups) // count))]

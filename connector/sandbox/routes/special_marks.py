"""Calls about thematic marks and the criteria journal, which few schools have."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.content.subjects import SUBJECTS
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import no_resource
from connector.sandbox.wire.special_marks import SpecialMarksView
from connector.sandbox.year_calendar import Period, calendar_of

SPECIAL_MARKS = Endpoints()


def _view(call: Call) -> SpecialMarksView | None:
    """Return the marks of the path's group; None where its year is closed and shows nothing."""
    journal, group = call.open_group()
    if journal.year not in call.school.open_years():
        return None
    return SpecialMarksView(call.school, journal, group)


def _period(call: Call) -> Period:
    journal, group = call.open_group()
    return call.period(calendar_of(journal.year, group.grade), journal.year)


def _demand_criteria(call: Call) -> None:
    if not call.variant.criteria_journal:
        raise no_resource()


@SPECIAL_MARKS.get("edu-groups/{group}/subjects/{subject}/thematic-marks")
def thematic_marks(call: Call) -> object:
    """Return a class's thematic Marks of one subject: one for each finished period, if the school has any."""
    view, subject = _view(call), call.subject()
    if not call.variant.thematic_marks or not 0 <= subject < len(SUBJECTS):
        return []
    return view.thematic(subject) if view else []


@SPECIAL_MARKS.get("persons/{person}/edu-groups/{group}/thematic-marks/{start}/{end}")
def person_thematic_marks(call: Call) -> object:
    """Return a pupil's thematic Marks in a class, of all subjects."""
    view, person, span = _view(call), call.person(), call.span("start", "end")
    return view.thematic_of_person(person, *span) if view and call.variant.thematic_marks else []


@SPECIAL_MARKS.get("edu-group/{group}/period/{period}/criteria-marks")
def criteria_marks(call: Call) -> object:
    """Return a class's SubjectCriteriaMarks of a period; apiResourceUnavailable without such a journal."""
    _demand_criteria(call)
    view, period = _view(call), _period(call)
    return view.criteria(period) if view else []


@SPECIAL_MARKS.get("edu-group/{group}/criteria-marks-totals")
def criteria_totals(call: Call) -> object:
    """Return a class's CriteriaTotals."""
    _demand_criteria(call)
    view = _view(call)
    return view.totals() if view else []


@SPECIAL_MARKS.get("edu-group/{group}/subject/{subject}/period/{period}/criteria-marks-sections")
def criteria_sections(call: Call) -> object:
    """Return the sections of a class's criteria journal."""
    _demand_criteria(call)
    view, period = _view(call), _period(call)
    return view.sections(call.subject(), period) if view else []

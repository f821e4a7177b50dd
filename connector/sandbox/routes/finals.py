"""Calls about final marks."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import forbidden
from connector.sandbox.wire.finals import FinalMarksView

FINALS = Endpoints()


def _finals(call: Call) -> FinalMarksView | None:
    """Return the final marks of the path's group; None where its year is closed and shows nothing."""
    journal, group = call.open_group()
    if journal.year not in call.school.open_years():
        return None
    return FinalMarksView(call.school, journal, group)


def _demand_open(call: Call) -> None:
    if call.variant.finals_closed:
        raise forbidden()


@FINALS.get("edu-groups/{group}/final-marks")
def group_finals(call: Call) -> object:
    """Return a class's PersonFinalMarks; year, exam and final marks stand in the null period."""
    _demand_open(call)
    finals = _finals(call)
    return finals.rows() if finals else []


@FINALS.get("edu-groups/{group}/subjects/{subject}/final-marks")
def subject_finals(call: Call) -> object:
    """Return a class's final Marks of one subject."""
    _demand_open(call)
    finals = _finals(call)
    return finals.of_subject(call.subject()) if finals else []


@FINALS.get("persons/{person}/edu-groups/{group}/final-marks")
def person_finals(call: Call) -> object:
    """Return a pupil's SubjectFinalMarks in a class."""
    finals = _finals(call)
    return finals.of_person(call.person()) if finals else []


@FINALS.get("persons/{person}/edu-groups/{group}/allfinalmarks")
def person_all_finals(call: Call) -> object:
    """Return a pupil's AllFinalMarks in a class."""
    finals = _finals(call)
    nothing: dict[str, list[object]] = {"marks": [], "works": [], "subjects": [], "workTypes": []}
    return finals.all_of_person(call.person()) if finals else nothing

"""Calls about final marks."""

from __future__ import annotations

from connector.sandbox.call import Call
from connector.sandbox.endpoint import Endpoints
from connector.sandbox.errors import forbidden
from connector.sandbox.wire.finals import FinalMarksView

FINALS = Endpoints()


def _finals(call: Call) -> FinalMarksView:
    return FinalMarksView(call.school, *call.open_group())


def _demand_open(call: Call) -> None:
    if call.variant.finals_closed:
        raise forbidden()


@FINALS.get("edu-groups/{group}/final-marks")
def group_finals(call: Call) -> object:
    """Return a class's PersonFinalMarks; year, exam and final marks stand in the null period."""
    _demand_open(call)
    return _finals(call).rows()


@FINALS.get("edu-groups/{group}/subjects/{subject}/final-marks")
def subject_finals(call: Call) -> object:
    """Return a class's final Marks of one subject."""
    _demand_open(call)
    return _finals(call).of_subject(call.subject())


@FINALS.get("persons/{person}/edu-groups/{group}/final-marks")
def person_finals(call: Call) -> object:
    """Return a pupil's SubjectFinalMarks in a class."""
    return _finals(call).of_person(call.person())


@FINALS.get("persons/{person}/edu-groups/{group}/allfinalmarks")
def person_all_finals(call: Call) -> object:
    """Return a pupil's AllFinalMarks in a class."""
    return _finals(call).all_of_person(call.person())

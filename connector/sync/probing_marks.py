"""The doctor's questions about final, thematic and criteria marks."""

from __future__ import annotations

from collections.abc import Sequence

from connector.api import calls
from connector.api import models as wire
from connector.api.criteria_models import SubjectCriteriaMarks
from connector.api.errors import REFUSALS
from connector.sync.examination import Answer, Examination, Finding
from connector.sync.grid import study_year_of
from connector.sync.moments import day_of
from connector.sync.sections import EMPTY, NOT_OFFERED, RECEIVED
from connector.sync.special_marks import CRITERIA, THEMATIC, Question, state
from connector.sync.subgroups import APART, TOGETHER, YEAR_MARKS
from connector.sync.year_marks import class_marks, compare_pupil


def final_marks(exam: Examination) -> Finding:
    """Whether the call for a class holds its year and exam marks; a pupil is asked for, too."""
    year = study_year_of(exam.today) - 1
    classes = exam.classes(year) or exam.classes(year + 1)
    rows = class_marks(exam.client, classes[-1].id) if classes else []
    marked = [row.person for row in rows if row.marks]
    if not marked:
        return Finding("final_marks", Answer.UNKNOWN)
    beyond_periods = any(row.reporting_period is None and row.marks for row in rows)
    try:
        found = compare_pupil(exam.client, rows, classes[-1].id, marked[-1])
    except REFUSALS:
        found = TOGETHER if beyond_periods else None
    if found is None:
        return Finding("final_marks", Answer.UNKNOWN)
    exam.traits[YEAR_MARKS] = found
    return Finding("final_marks", Answer.OTHERWISE if found == APART else Answer.YES)


def thematic_marks(exam: Examination) -> Finding:
    """Whether the school has thematic marks."""
    asked = [(group, rows[0]) for group, rows in exam.pupils() if rows]
    questions = [
        Question(
            calls.thematic_marks_of_pupil(
                person, group.id, f"{group.study_year}-09-01", f"{(group.study_year or 0) + 1}-05-31"
            ),
            list[wire.Mark],
        )
        for group, person in asked
    ]
    return _of_special_marks(exam, THEMATIC, questions)


def criteria_marks(exam: Examination) -> Finding:
    """Whether the school keeps a criteria journal."""
    questions = []
    for group, _ in exam.pupils()[:2]:
        periods = exam.read(calls.reporting_periods(group.id), list[wire.ReportingPeriod])
        begun = [one for one in periods if day_of(one.start) <= exam.today.isoformat()]
        latest = max(begun, key=lambda one: one.start, default=None)
        call = calls.criteria_marks(group.id, latest.id) if latest else None
        questions += [Question(call, list[SubjectCriteriaMarks])] if call else []
    return _of_special_marks(exam, CRITERIA, questions)


def _of_special_marks(exam: Examination, trait: str, questions: Sequence[Question]) -> Finding:
    found = state(exam.client, questions, exam.limits)
    if found is None:
        return Finding(trait, Answer.UNKNOWN)
    exam.traits[trait] = found
    answer = {RECEIVED: Answer.YES, EMPTY: Answer.OTHERWISE, NOT_OFFERED: Answer.OTHERWISE}
    return Finding(trait, answer.get(found, Answer.REFUSED))

"""What is not documented of the platform, found out by a few harmless reads (``doctor``).

Each probe asks one question. The answers that a run can use are remembered as traits of the platform.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from connector.api import calls
from connector.api import models as wire
from connector.api.errors import REFUSALS
from connector.sync.examination import CLASSES_ASKED, Answer, Examination, Finding
from connector.sync.grid import study_year_of
from connector.sync.limits import fetch_whole
from connector.sync.moments import day_of
from connector.sync.probing_marks import criteria_marks, final_marks, thematic_marks
from connector.sync.subgroups import APART, SUBGROUPS, compare

_BATCH: Final = 100
_SUBGROUPS_ASKED: Final = 4
_SCHOOL_HOURS: Final = range(8, 17)
_CLEARLY: Final = 0.05
_STAFF_ROLES: Final = {"EduSchoolAdministrator", "EduStaff", "OrganizationStaff"}


def findings(exam: Examination) -> Iterator[Finding]:
    """The answers, one after the other. Raises what ends a run: a refused token, an outage."""
    for probe in _PROBES:
        try:
            yield probe(exam)
        except REFUSALS as error:
            yield Finding(probe.__name__.lstrip("_"), Answer.REFUSED, error.reason)
    exam.traits |= {f"limit:{name}": str(size) for name, size in exam.limits.learned.items()}


def _owner(exam: Examination) -> Finding:
    context: wire.UserContext = exam.read(calls.context(), wire.UserContext)
    is_staff = bool(_STAFF_ROLES & {*context.roles})
    return Finding("owner", Answer.YES if is_staff else Answer.OTHERWISE, ", ".join(context.roles))


def _class_list(exam: Examination) -> Finding:
    listed = exam.read(calls.edu_groups(exam.school_id), list[wire.EduGroup])
    return Finding("class_list", Answer.YES, str(len(listed)))


def _past_years(exam: Examination) -> Finding:
    years = sorted({one.study_year for one in exam.groups() if one.study_year is not None})
    past = [year for year in years if year < study_year_of(exam.today)]
    listed = ", ".join(f"{year}/{year + 1}" for year in past)
    return Finding("past_years", Answer.YES if past else Answer.OTHERWISE, listed)


def _past_marks(exam: Examination) -> Finding:
    year = study_year_of(exam.today) - 1
    for group in exam.classes(year)[-CLASSES_ASKED:]:
        call = calls.marks(group.id, f"{year + 1}-04-10", f"{year + 1}-04-20")
        if exam.read(call, list[wire.Mark]):
            return Finding("past_marks", Answer.YES)
    return Finding("past_marks", Answer.UNKNOWN)


def _range_end(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    if sample is None:
        return Finding("range_end", Answer.UNKNOWN)
    group, lessons = sample
    day = day_of(lessons[0].date)
    same_day = exam.read(calls.lessons(group.id, day, day), list[wire.Lesson])
    return Finding("range_end", Answer.YES if same_day else Answer.OTHERWISE)


def _long_ranges(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    if sample is None:
        return Finding("long_ranges", Answer.UNKNOWN)
    group, _ = sample
    first = f"{group.study_year or study_year_of(exam.today)}-09-01"
    call = calls.marks(group.id, first, exam.today.isoformat())
    fetch_whole(exam.client, call, exam.limits)
    size = exam.limits.learned.get(call.endpoint)
    return Finding("long_ranges", Answer.OTHERWISE if size else Answer.YES, str(size or call.size))


def _subgroups(exam: Examination) -> Finding:
    pairs = [
        (one.parent_ids[0], one.id, first, last)
        for _, first, last in exam.spans()
        for one in exam.groups()
        if one.parent_ids and len(one.parent_ids) == 1
    ]
    found = compare(exam.client, pairs[:: max(1, len(pairs) // _SUBGROUPS_ASKED)], exam.limits)
    if found is None:
        return Finding("subgroups", Answer.UNKNOWN)
    exam.traits[SUBGROUPS] = found
    return Finding("subgroups", Answer.OTHERWISE if found == APART else Answer.YES)


def _attendance(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    if sample is None:
        return Finding("attendance", Answer.UNKNOWN)
    group, lessons = sample
    days = sorted(day_of(one.date) for one in lessons)
    found = exam.read(calls.attendance(group.id, days[0], days[-1]), list[wire.LessonLogEntry])
    return Finding("attendance", Answer.YES, str(len(found)))


def _batches(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    works = [work.id for one in sample[1] for work in one.works or ()] if sample else []
    if len(works) < 2:
        return Finding("batches", Answer.UNKNOWN)
    call = calls.works(works[:_BATCH])
    fetch_whole(exam.client, call, exam.limits)
    size = exam.limits.learned.get(call.endpoint)
    return Finding("batches", Answer.OTHERWISE if size else Answer.YES, str(size or call.size))


def _moments(exam: Examination) -> Finding:
    """In which time the platform writes moments: the one in which more marks were set in school hours.

    A mark that, read as UTC, was set in a time that has not come yet decides it.
    """
    texts = list(_mark_moments(exam))
    as_utc = [moment for moment in (_moment(text, UTC) for text in texts) if moment]
    as_local = [moment for moment in (_moment(text, exam.zone) for text in texts) if moment]
    if any(moment > exam.now() + timedelta(minutes=10) for moment in as_utc):
        return Finding("moments", Answer.OTHERWISE)
    if not as_utc:
        return Finding("moments", Answer.UNKNOWN)
    difference = _share_by_day(as_utc, exam.zone) - _share_by_day(as_local, exam.zone)
    if abs(difference) < _CLEARLY:
        return Finding("moments", Answer.UNKNOWN)
    return Finding("moments", Answer.YES if difference > 0 else Answer.OTHERWISE)


def _moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _share_by_day(moments: Sequence[datetime], zone: ZoneInfo) -> float:
    return sum(moment.astimezone(zone).hour in _SCHOOL_HOURS for moment in moments) / len(moments)


def _mark_moments(exam: Examination) -> Iterator[str]:
    for group, _, _ in exam.spans():
        first = (exam.today - timedelta(days=20)).isoformat()
        marks = exam.read(calls.marks(group.id, first, exam.today.isoformat()), list[wire.Mark])
        yield from (one.date for one in marks if one.date)


def _former_members(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    if sample is None:
        return Finding("former_members", Answer.UNKNOWN)
    found = exam.read(calls.members(sample[0].id), list[wire.Person])
    return Finding("former_members", Answer.YES, str(len(found)))


def _averages(exam: Examination) -> Finding:
    sample = exam.class_with_lessons()
    if sample is None:
        return Finding("averages", Answer.UNKNOWN)
    group, lessons = sample
    days = sorted(day_of(one.date) for one in lessons)
    exam.client.fetch(calls.averages(group.id, days[0], days[-1]))
    return Finding("averages", Answer.YES)


def _messages(_exam: Examination) -> Finding:
    return Finding("messages", Answer.OTHERWISE)  # the documentation lists no call that reads them


_PROBES: Final[Sequence[Callable[[Examination], Finding]]] = (
    _owner,
    _class_list,
    _past_years,
    _past_marks,
    _range_end,
    _long_ranges,
    _batches,
    _subgroups,
    _attendance,
    _moments,
    _former_members,
    final_marks,
    thematic_marks,
    criteria_marks,
    _averages,
    _messages,
)

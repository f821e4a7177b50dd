"""Days of an academic year: reporting periods, holidays, days off, bells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_WEEKEND = 5
BELL_STARTS = (510, 565, 625, 685, 745, 800, 855, 910)  # minutes since midnight; 08:30 first
LESSON_MINUTES = 45
AFTER_LESSONS = 960
PER_CALENDAR = 10  # serials of periods and holidays of one calendar


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period: first and last school day; `number` counts from zero as the API's."""

    number: int
    kind: str
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Holiday:
    """A holiday between lessons, both ends included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class YearCalendar:
    """What a kind of classes lives by: its periods and holidays in one academic year."""

    code: int
    periods: tuple[Period, ...]
    holidays: tuple[Holiday, ...]

    def period_at(self, ordinal: int) -> int:
        """Return the number of the period a school day belongs to."""
        for period in self.periods:
            if ordinal <= period.last.toordinal():
                return period.number
        return self.periods[-1].number

    def school_days(self, saturdays: bool = False) -> list[date]:
        """Return the days with lessons, ascending."""
        off = public_holidays(self.periods[0].first.year)
        free = {day for rest in self.holidays for day in _days(rest.first, rest.last)}
        week = _WEEKEND + 1 if saturdays else _WEEKEND
        return [
            day
            for period in self.periods
            for day in _days(period.first, period.last)
            if day.weekday() < week and day not in off and day not in free
        ]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _weekday_from(day: date) -> date:
    while day.weekday() >= _WEEKEND:
        day += timedelta(days=1)
    return day


def _weekday_until(day: date) -> date:
    while day.weekday() >= _WEEKEND:
        day -= timedelta(days=1)
    return day


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def public_holidays(year: int) -> frozenset[date]:
    """Return public days off within an academic year; one on a weekend moves to Monday."""
    fixed = [date(year, 11, 4), *(date(year + 1, m, d) for m, d in ((2, 23), (3, 8), (5, 1), (5, 9)))]
    return frozenset(_weekday_from(day) for day in fixed)


def quarters(year: int, *, first_grade: bool) -> YearCalendar:
    """Return the calendar of quarters; the first year of study also rests in February."""
    week = timedelta(days=7)
    autumn = _monday_from(date(year, 10, 26))
    spring = _monday_from(date(year + 1, 3, 24))
    starts = (
        _weekday_from(date(year, 9, 1)),
        _weekday_from(max(autumn + week, date(year, 11, 5))),
        _weekday_from(date(year + 1, 1, 9)),
        spring + week,
    )
    ends = (
        autumn - timedelta(days=3),
        _weekday_until(date(year, 12, 29)),
        spring - timedelta(days=3),
        _weekday_until(date(year + 1, 5, 26)),
    )
    periods = tuple(
        Period(number, "Quarter", f"{number + 1} четверть", first, last)
        for number, (first, last) in enumerate(zip(starts, ends, strict=True))
    )
    holidays = list(_gaps(periods, ("Осенние каникулы", "Зимние каникулы", "Весенние каникулы")))
    if first_grade:
        monday = _monday_from(date(year + 1, 2, 15))
        extra = Holiday("Дополнительные каникулы", monday, monday + timedelta(days=6))
        holidays.insert(2, extra)
    return YearCalendar(0 if first_grade else 1, periods, tuple(holidays))


def _gaps(periods: tuple[Period, ...], names: tuple[str, ...]) -> tuple[Holiday, ...]:
    one = timedelta(days=1)
    pairs = zip(names, periods[:-1], periods[1:], strict=True)
    return tuple(Holiday(name, left.last + one, right.first - one) for name, left, right in pairs)


def half_years(year: int) -> YearCalendar:
    """Return the calendar of half-years; holidays fall as in the quarters."""
    base = quarters(year, first_grade=False)
    first, second, third, last = base.periods
    periods = (
        Period(0, "HalfYear", "1 полугодие", first.first, second.last),
        Period(1, "HalfYear", "2 полугодие", third.first, last.last),
    )
    return YearCalendar(2, periods, base.holidays)


@lru_cache(maxsize=64)
def calendars(year: int) -> tuple[YearCalendar, YearCalendar, YearCalendar]:
    """Return the calendars of a year: first year of study, quarters, half-years."""
    return quarters(year, first_grade=True), quarters(year, first_grade=False), half_years(year)


def calendar_of(year: int, grade: int) -> YearCalendar:
    """Return the calendar a year of study lives by."""
    first, middle, senior = calendars(year)
    if grade == 1:
        return first
    return senior if grade >= 10 else middle


def bell_start(number: int | None) -> int:
    """Return the minute of the day a lesson starts; one without a number is after lessons."""
    return BELL_STARTS[number - 1] if number is not None else AFTER_LESSONS
